"""A second opinion on certificates from the solver z3 (extra ``prove``), which shares no decision procedure with them.

The negated claim is stated over the reals and given to z3: it is satisfiable exactly when the claim fails. Covered are
functions whose derivatives are quotients of polynomials with rational coefficients: of one variable, radial ones
f(||x||), and sums of one such function over the coordinates. For a radial function both |f''| and |f'|/r are stated, so
the argument that the bound of the first implies that of the second is checked as well. For a sum, the solver is also
asked for a point (u, v, ..., v) at which the claim fails with the full gradient.

Source: D. Jovanovic and L. de Moura (2012), Solving non-linear arithmetic (the decision procedure).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import sympy as sp
from sympy.polys.polyerrors import BasePolynomialError

from bounds.errors import InputError
from bounds.quantities import Number
from synthetic.certify import Certificate, Verdict, certify
from synthetic.curves import Unknown, smooth_parts
from synthetic.forms import Form, Radial, Separable, rational
from synthetic.landscape import Landscape
from synthetic.reductions import line_formula, nonnegative, unscaled

__all__ = ["Disagreement", "Opinion", "second_opinion"]

Opinion = Literal["agrees", "unknown"]
_MAX_SECONDS = 60


class Disagreement(ArithmeticError):
    """Two independent deciders gave opposite answers, so that one of them is wrong."""


def second_opinion(
    subject: Landscape | Form, L0: Number, L1: Number, *, seconds: float = 5, certificate: Certificate | None = None
) -> Opinion:
    """Whether z3 agrees with a certificate of ||Hess F|| <= L0 + L1 ||grad F|| on the whole space.

    Parameters
    ----------
    subject : the function F.
    L0, L1 : constants >= 0, units F/X^2 and 1/X, read exactly.
    seconds : time limit for each question to z3, in (0, 60].
    certificate : the answer to be checked, by default that of :func:`~synthetic.certify.certify` for the whole space.

    Returns
    -------
    "agrees", or "unknown" when either of them does not decide or F is not covered.

    Raises
    ------
    Disagreement : one calls the claim proved and the other one refuted.
    InputError : a constant or the time limit is not allowed, the certificate is about another claim, or z3 is missing.
    """
    if not 0 < seconds <= _MAX_SECONDS:
        raise InputError(f"seconds = {seconds} is not allowed: it must lie in (0, {_MAX_SECONDS}].")
    claim = (nonnegative("L0", L0), nonnegative("L1", L1))
    first = certify(subject, *claim) if certificate is None else certificate
    if claim != (first.L0, first.L1):
        raise InputError(f"certificate is not allowed: it is about ({first.L0}, {first.L1}), not about ({L0}, {L1}).")
    if first.region is not None:
        raise InputError(f"region = {first.region} is not allowed: second opinions are about the whole space.")
    form = subject.form if isinstance(subject, Landscape) else subject
    second = _verdict(form, first.L0, first.L1, seconds)
    if "undecided" in (first.verdict, second):
        return "unknown"
    if first.verdict != second:
        raise Disagreement(f"the certificate says {first.verdict} for ({first.L0}, {first.L1}), and z3 says {second}.")
    return "agrees"


class _Line(NamedTuple):
    """f' = slope[0]/slope[1] and a bend to be bounded, quotients of polynomials in ``t``, for low < t < high."""

    slope: tuple[Any, Any]
    bend: tuple[Any, Any]
    low: Any
    high: Any


def _verdict(form: Form, l0: Fraction, l1: Fraction, seconds: float) -> Verdict:
    """What z3 says about the claim."""
    try:
        import z3
    except ImportError:
        raise InputError('second opinions need z3: pip install "clipbounds[prove]".') from None
    form, value, point = unscaled(form)
    a, b = l0 * point**2 / value, l1 * point
    try:
        lines = list(_lines(form))
    except (Unknown, BasePolynomialError):
        return "undecided"
    # A context of its own leaves the global one of the library alone.
    context = z3.Context()
    alone = [_ask(z3, context, line, a, b, 0, seconds) for line in lines]
    if all(answer == z3.unsat for answer in alone):
        return "proved"
    if not isinstance(form, Separable) or form.dimension == 1:
        return "refuted" if z3.sat in alone else "undecided"
    others = form.dimension - 1
    together = (
        _ask(z3, context, line, a, b, others, seconds) for line, x in zip(lines, alone, strict=True) if x == z3.sat
    )
    return "refuted" if z3.sat in together else "undecided"


def _lines(form: Form) -> Iterator[_Line]:
    if isinstance(form, Radial) and form.matrix is None and form.dimension > 1:
        formula, t, low, radial = form.profile, form.variable, sp.S.Zero, True
    elif isinstance(form, Separable):
        formula, t, low, radial = form.profile, form.variable, -sp.oo, False
    elif form.dimension == 1:
        (formula, t), low, radial = line_formula(form), -sp.oo, False
    else:
        raise Unknown("not covered")
    real = sp.Dummy("t", real=True)
    for part, left, right in smooth_parts(formula.subs(t, real), real, low, sp.oo):
        if not all(end.is_Rational or end.is_infinite for end in (left, right)):
            raise Unknown("not covered")
        slope = sp.diff(part, real)
        for bend in (sp.diff(slope, real), slope / real)[: 1 + radial]:
            yield _Line(slope=_quotient(slope, real), bend=_quotient(bend, real), low=left, high=right)


def _quotient(expression: Any, t: Any) -> tuple[Any, Any]:
    if expression.has(sp.Float):
        raise Unknown("floats are not exact reals")
    top, bottom = sp.fraction(sp.together(expression))
    return sp.Poly(top, t, domain="QQ"), sp.Poly(bottom, t, domain="QQ")


def _ask(z3: Any, context: Any, line: _Line, l0: Fraction, l1: Fraction, others: int, seconds: float) -> Any:
    """Is there a point with |bend| > L0 + L1 w, where w^2 = f'(u)^2 + others f'(v)^2?"""
    solver = z3.Solver(ctx=context)
    solver.set("timeout", max(1, int(1000 * seconds)))
    u = z3.Real("u", context)
    for poly in (line.slope[1], line.bend[1]):
        solver.add(_horner(z3, context, poly, u) != 0)
    for end, sign in ((line.low, 1), (line.high, -1)):
        if end.is_finite:
            solver.add(sign * (u - _number(z3, context, end)) > 0)
    bend = _magnitude(z3, context, line.bend, u)
    slope = _magnitude(z3, context, line.slope, u)
    a, b = (_number(z3, context, rational(c)) for c in (l0, l1))
    if others == 0:
        # Multiplied by both denominators, which avoids divisions.
        solver.add(bend[0] * slope[1] > a * bend[1] * slope[1] + b * slope[0] * bend[1])
        return solver.check()
    v, w = z3.Real("v", context), z3.Real("w", context)
    other = _magnitude(z3, context, line.slope, v)
    solver.add(w >= 0, other[1] > 0, bend[0] > (a + b * w) * bend[1])
    own = slope[0] * slope[0] * other[1] * other[1]
    rest = others * other[0] * other[0] * slope[1] * slope[1]
    solver.add(w * w * slope[1] * slope[1] * other[1] * other[1] == own + rest)
    return solver.check()


def _magnitude(z3: Any, context: Any, quotient: tuple[Any, Any], u: Any) -> tuple[Any, Any]:
    """|top| and |bottom| at u."""
    top, bottom = (_horner(z3, context, poly, u) for poly in quotient)
    return z3.If(top >= 0, top, -top), z3.If(bottom >= 0, bottom, -bottom)


def _horner(z3: Any, context: Any, poly: Any, u: Any) -> Any:
    total = _number(z3, context, sp.S.Zero)
    for coefficient in poly.all_coeffs():
        total = total * u + _number(z3, context, coefficient)
    return total


def _number(z3: Any, context: Any, value: Any) -> Any:
    return z3.RealVal(f"{int(value.p)}/{int(value.q)}", context)
