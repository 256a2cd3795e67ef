r"""Landscapes written as text, such as ``"x**4/4 + cosh(2*y)"``.

The text is read by :mod:`synthetic.parsing`, which runs none of it. What a landscape needs is then shown, not assumed:
the domain is all of R^d (arguments of log and roots, and denominators, have the right sign by :mod:`synthetic.ranges`),
the gradient is continuous, and F has a lower bound (:mod:`synthetic.infimum`, or a number the user states).

At the surface h = 0 of an absolute value |h| the gradient of F = G(|h|) jumps by 2 G'(0) grad h, so F is
continuously differentiable there when G'(0) = 0: |x|^3 is, |x| is not. A root g^q of a function that reaches 0 is when
q > 1, since g has its minimum there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from bounds.errors import InputError
from bounds.quantities import Number, as_fraction, quantity
from synthetic.extrema import degree_bound
from synthetic.forms import Explicit, Form
from synthetic.infimum import Least, least, line_of_descent
from synthetic.landscape import Landscape, StatedSmoothness
from synthetic.landscapes import landscape_named
from synthetic.parsing import ParsedExpression, parse, shortened
from synthetic.ranges import range_of

__all__ = ["form_of", "is_name", "landscape_from_text", "subject"]

_MAX_VARIABLES = 20
_MAX_BITS = 256
_MAX_RATE = 256
_STARTS = (2.0, 1.0, 3.0, 0.5, 0.125, 2.0**-6, 2.0**-12)
_FAR = tuple(s * 10.0**k for k in range(7) for s in (1, -1))
_SIGNS = {"positive": "> 0", "nonnegative": ">= 0", "nonzero": "nonzero"}


def subject(
    name_or_expression: str,
    *,
    L0: Number | None = None,
    L1: Number | None = None,
    infimum: Number | None = None,
    start: Sequence[float] | None = None,
) -> Landscape:
    """The shipped landscape of this name, or the one that this expression defines.

    Words of lower-case letters with hyphens are a name: ``"cosh"``, but ``"cosh(x)"``. The other
    arguments are those of :func:`landscape_from_text`; the infimum of a shipped landscape is known and not an argument.

    Raises
    ------
    InputError : an unknown name (with the nearest ones), or a refusal of :func:`landscape_from_text`.
    """
    if not is_name(name_or_expression):
        return landscape_from_text(name_or_expression, L0=L0, L1=L1, infimum=infimum, start=start)
    landscape = landscape_named(name_or_expression)
    if infimum is not None:
        raise InputError(
            f"infimum = {infimum} is not allowed: the one of {landscape.key} is known, {landscape.infimum}."
        )
    return dataclasses.replace(
        landscape,
        smoothness=_stated(L0, L1) or landscape.smoothness,
        start=landscape.start if start is None else _point(start, landscape.dimension),
    )


def landscape_from_text(
    text: str,
    *,
    L0: Number | None = None,
    L1: Number | None = None,
    infimum: Number | None = None,
    start: Sequence[float] | None = None,
) -> Landscape:
    """The landscape F given by ``text`` on the whole space (see :func:`synthetic.parsing.parse`).

    Parameters
    ----------
    L0, L1 : a pair (units F/X^2 and 1/X) stated by the user, both or neither; it is not checked here.
    infimum : a lower bound of F, units F. When absent, one is proved, as large as the rules of
        :mod:`synthetic.infimum` give; ``infimum_is_bound`` tells whether it may lie below inf F.
    start : starting point; when absent, the first of (2, ..., 2), (1, ..., 1) and a few others with a
        finite value above the infimum and a finite gradient that is not 0.

    Raises
    ------
    InputError : no or too many variables; not shown to be defined and continuously differentiable on the whole space;
        unbounded below; no lower bound found and none given; a lower bound that is too large; half a pair; a start
        where F or its derivatives are not finite.
    """
    parsed, form = _read(text)
    shown = shortened(parsed.text)
    claims = _stated(L0, L1)
    bound = _lower_bound(parsed, form, infimum, shown)
    low = Fraction(0) if bound.low is None else bound.low
    point = _start(form, low, start, shown)
    # A start at the minimum may come out below it by rounding; a lower bound may be lowered.
    first = Fraction(float(form.value(np.array([point]))[0]))
    rounding = 0 < low - first <= max(Fraction(1), abs(low)) / 10**12
    return Landscape(
        key=parsed.text,
        name=parsed.text,
        form=form,
        smoothness=claims,
        optimum=None if bound.point is None else tuple(map(float, bound.point)),
        infimum=first if rounding else low,
        infimum_is_bound=rounding or not bound.exact,
        start=point,
        summary="A function given as text.",
        source="given by the user",
    )


def form_of(name_or_expression: str) -> Form:
    """The function alone, for questions that need no infimum and no start; else as :func:`subject`."""
    if is_name(name_or_expression):
        return landscape_named(name_or_expression).form
    return _read(name_or_expression)[1]


def is_name(text: str) -> bool:
    """Whether the text is meant as the name of a landscape: words of lower-case letters with hyphens, not x or x-y."""
    return isinstance(text, str) and re.fullmatch(r"[a-z-]*[a-z]{2}[a-z-]*", text) is not None


def _read(text: str) -> tuple[ParsedExpression, Explicit]:
    parsed = parse(text)
    _check(parsed, shortened(parsed.text))
    return parsed, Explicit(formula=_with_branches(parsed.formula), variables=parsed.variables)


def _check(parsed: ParsedExpression, shown: str) -> None:
    formula, xs = parsed.formula, parsed.variables
    if not formula.free_symbols:
        raise InputError(f"{shown} does not depend on any variable; a landscape needs at least one, for example x.")
    if len(xs) > _MAX_VARIABLES:
        raise InputError(f"{shown} has {len(xs)} variables; at most {_MAX_VARIABLES} are allowed.")
    for needed in parsed.conditions:
        if not range_of(needed.argument).has_sign(needed.sign):
            raise InputError(
                f"{needed.role} in {shown} must be {_SIGNS[needed.sign]} everywhere, which is not so or was not shown "
                f"for {shortened(str(needed.argument))}."
            )
    for power in formula.atoms(sp.Pow):
        if not power.exp.is_Integer and power.exp < 1 and not range_of(power.base).has_sign("positive"):
            raise InputError(
                f"{shown} was not shown to be differentiable where {shortened(str(power.base))} = 0; "
                "a smooth choice is sqrt(1 + x**2)."
            )
    for corner in formula.atoms(sp.Abs):
        if not _is_smoothed(formula, corner):
            raise InputError(
                f"{shown} is not differentiable, or not shown to be, where {shortened(str(corner.args[0]))} = 0; "
                "smooth choices are abs(x)**3 and sqrt(1 + x**2)."
            )
    if any(max(int(n.p).bit_length(), int(n.q).bit_length()) > _MAX_BITS for n in formula.atoms(sp.Rational)):
        raise InputError(f"{shown} has numbers of more than {_MAX_BITS} bits, too large for its derivatives.")
    # Compiling exp(1000 x) takes it for the thousandth power of exp(x).
    rates = [n for f in formula.atoms(sp.exp) for n in f.args[0].atoms(sp.Rational)]
    if any(abs(n.p) > _MAX_RATE for n in rates):
        raise InputError(f"{shown} has a number above {_MAX_RATE} in an exponent of e; measure x in another unit.")


def _is_smoothed(formula: Any, corner: Any) -> bool:
    """Whether the derivative of F with respect to |h| was shown to vanish where h = 0."""
    size = sp.Dummy("s", nonnegative=True)
    inside = corner.args[0]
    # sympy writes |h|^3 as h^2 |h|.
    slope = sp.diff(formula.xreplace({corner: size}), size).subs(size, 0).subs(inside, 0)
    for x in sorted(inside.free_symbols, key=str):
        if degree_bound(inside) == 1 and sp.diff(inside, x).is_Rational:
            slope = slope.subs(x, -inside.subs(x, 0) / sp.diff(inside, x))
            break
    return bool(sp.expand(slope) == 0)


def _with_branches(formula: Any) -> Any:
    """The formula with |h| written as h or -h, whose derivatives have numbers for values everywhere."""
    return formula.replace(
        lambda e: isinstance(e, sp.Abs), lambda e: sp.Piecewise((e.args[0], e.args[0] >= 0), (-e.args[0], True))
    )


def _lower_bound(parsed: ParsedExpression, form: Explicit, stated: Number | None, shown: str) -> Least:
    found = least(parsed.formula, parsed.variables)
    if found.low is None:
        line = line_of_descent(parsed.formula, parsed.variables)
        if line:
            raise InputError(f"{shown} is unbounded below along {line}; a landscape must be bounded below.")
    if stated is None:
        if found.low is None:
            raise InputError(f"no lower bound of {shown} was found; state one as infimum, for example infimum = 0.")
        return found
    given = _any_sign(stated)
    if found.low is not None and given <= found.low:
        return dataclasses.replace(found, low=given, exact=found.exact and given == found.low)
    if found.low is not None and found.exact:
        raise InputError(f"infimum = {stated} is not allowed: {shown} comes down to {found.low}.")
    for value, far in _values_far_out(form):
        if value < given - max(Fraction(1), abs(given)) / 10**9:
            raise InputError(f"infimum = {stated} is not allowed: {shown} is {value} at {far}.")
    return Least(low=given, exact=False, point=None)


def _values_far_out(form: Explicit) -> Iterator[tuple[float, tuple[float, ...]]]:
    """Finite values on the axes and the diagonal."""
    lines = np.vstack([np.eye(form.dimension), np.ones((1, form.dimension))])
    points = np.vstack([size * lines for size in (0.0, *_FAR)])
    for value, point in zip(_evaluated(form, points)[0], points, strict=True):
        if np.isfinite(value):
            yield float(value), tuple(map(float, point))


def _start(form: Explicit, low: Fraction, start: Sequence[float] | None, shown: str) -> tuple[float, ...]:
    choices = [(s,) * form.dimension for s in _STARTS] if start is None else [_point(start, form.dimension)]
    for choice in choices:
        value, gradient, hessian = _evaluated(form, np.array([choice]))
        finite = np.isfinite(value).all() and np.isfinite(gradient).all() and np.isfinite(hessian).all()
        if finite and (start is not None or (value[0] > low and gradient.any())):
            return choice
    if start is None:
        raise InputError(f"no start with a finite value and a gradient that is not 0 was found for {shown}; give one.")
    raise InputError(f"{shown} has no finite value and derivatives at start = {choices[0]}; choose another start.")


def _evaluated(form: Explicit, points: Any) -> tuple[Any, Any, Any]:
    try:
        return form.value(points), form.gradient(points), form.hessian(points)
    except OverflowError:
        raise InputError("the derivatives have constants too large for floating point; rescale the function.") from None


def _point(start: Sequence[float], dimension: int) -> tuple[float, ...]:
    try:
        point = tuple(float(c) for c in start)
    except (TypeError, ValueError, OverflowError):
        point = ()
    if len(point) != dimension or not np.isfinite(point).all():
        raise InputError(f"start = {start!r} is not allowed: it must be {dimension} finite numbers.")
    return point


def _any_sign(value: Number) -> Fraction:
    try:
        return as_fraction("infimum", value)
    except InputError:
        raise InputError(f"infimum = {value!r} is not allowed: it must be a finite number.") from None


def _stated(L0: Number | None, L1: Number | None) -> tuple[StatedSmoothness, ...]:
    if L0 is None and L1 is None:
        return ()
    if L0 is None or L1 is None:
        raise InputError(f"L0 = {L0} and L1 = {L1} are given; state both or neither.")
    pair = (quantity("L0").validate(L0), quantity("L1").validate(L1))
    return (StatedSmoothness(L0=pair[0], L1=pair[1], source="given by the user"),)
