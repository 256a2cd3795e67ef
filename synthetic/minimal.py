r"""The smallest L0 for a given L1: the supremum of ||Hess F(x)|| - L1 ||grad F(x)||, when it is positive.

After the reductions of :mod:`synthetic.certify` this is the supremum of m = (|h| - L1 |g|)/q over an interval of one
unknown u, with polynomials g, h and q > 0. It is attained at a root of g or h, at a critical point of (h - L1 g)/q or
(h + L1 g)/q, or approached at an end of the interval. Roots are isolated exactly; m is enclosed around each of
them in rational interval arithmetic, refined until the enclosure is short, and its limits at the ends follow from the
leading terms. Where the largest value comes from roots of linear or quadratic factors it is also given in closed form.

Closed forms reproduced this way: p ((p-2)/L1)^(p-2) for ||x||^p, c b^2 for c cosh(b x) when L1 >= b, and
(||a|| - L1)^2/4 for log(1 + e^<a,x>) when L1 <= ||a||. For a rational function times e^g (:mod:`synthetic.damped`) the
candidates are those of e^g (h - L1 g)/q and e^g (h + L1 g)/q.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.enclosure import UndecidedError
from bounds.errors import InputError
from bounds.quantities import Number
from synthetic.brackets import interval_value, rounded
from synthetic.curves import Pair, Piece, Unknown, bracket, leading, ratio_limit
from synthetic.damped import Damped
from synthetic.forms import Form, rational
from synthetic.landscape import Landscape
from synthetic.reductions import as_interval, nonnegative, reduce_to_lines, unscaled

__all__ = ["MinimalL0", "minimal_L0"]

_WIDTH = sp.Rational(1, 10**12)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimalL0:
    """The smallest L0 that is valid together with L1.

    Attributes
    ----------
    L1 : units 1/X.
    exact : a closed form, a sympy number, units F/X^2; ``oo`` when no L0 is valid, None when no closed form was found.
    low, high : rationals with low <= L0 <= high (infinite when no L0 is valid), equal when L0 is rational, and
        otherwise at most 1e-12 apart; (high, L1) is always a valid pair.
    """

    L1: Fraction
    exact: Any | None
    low: Fraction | float
    high: Fraction | float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """A value of m: an enclosure and, when known, the number itself."""

    low: Any
    high: Any
    exact: Any = None


def minimal_L0(
    subject: Landscape | Form, L1: Number, region: tuple[Number | None, Number | None] | None = None
) -> MinimalL0:
    """The smallest L0 with ||Hess F(x)|| <= L0 + L1 ||grad F(x)|| at every point.

    Parameters
    ----------
    subject : the function F.
    L1 : constant >= 0, units 1/X, read exactly.
    region : in one dimension, an interval (low, high) with None for an infinite end; default: everywhere.

    Raises
    ------
    InputError : L1 or the region is not allowed, or no exact rule covers F.
    """
    exact_l1 = nonnegative("L1", L1)
    form = subject.form if isinstance(subject, Landscape) else subject
    interval = as_interval(region, form)
    inner, value, point = unscaled(form)
    if interval is not None:
        low, high = interval
        interval = (None if low is None else low / point, None if high is None else high / point)
    try:
        reduction = reduce_to_lines(inner, interval, slopes=exact_l1 != 0)
        if reduction.gap:
            raise Unknown(reduction.gap)
        if not reduction.necessary:
            raise Unknown("the slopes of the other terms were not shown to come close to 0")
        unit = rational(value / point**2)
        pieces = [piece for claim in reduction.claims for piece in claim.pieces]
        values = [v for piece in pieces for v in _values(piece, rational(exact_l1 * point), _WIDTH / unit)]
        return _largest(values, exact_l1, unit)
    except (Unknown, UndecidedError) as reason:
        raise InputError(f"the smallest L0 for L1 = {exact_l1} is not known exactly: {reason}.") from None


def _largest(values: list[_Value], l1: Fraction, unit: Any) -> MinimalL0:
    values = [*values, _number(sp.S.Zero)]
    low, high = max(v.low for v in values), max(v.high for v in values)
    if high == sp.oo:
        if low != sp.oo:
            raise Unknown("whether it is finite depends on an irrational constant")
        return MinimalL0(L1=l1, exact=sp.oo, low=math.inf, high=math.inf)
    top = [v.exact for v in values if v.high >= low]
    exact = top[0] * unit if None not in top and all(sp.simplify(e - top[0]) == 0 for e in top[1:]) else None
    return MinimalL0(L1=l1, exact=exact, low=_fraction(low * unit), high=_fraction(high * unit))


def _values(piece: Piece | Damped, L1: Any, width: Any) -> Iterator[_Value]:
    """Values of m whose maximum is its supremum, all enclosures of roots shorter than ``width``."""
    least, most = (L1 * factor for factor in piece.stretch)
    if least == most:
        yield from _values_for(piece, least, width)
        return
    # A larger L1 gives a smaller supremum: each end of the enclosure bounds from one side only.
    for value in _values_for(piece, most, width / 4):
        yield _Value(low=rounded((value.low, value.high), width / 8)[0], high=-sp.oo)
    for value in _values_for(piece, least, width / 4):
        yield _Value(low=-sp.oo, high=rounded((value.low, value.high), width / 8)[1])


def _values_for(piece: Piece | Damped, reach: Any, width: Any) -> Iterator[_Value]:
    if isinstance(piece, Damped):
        yield from _damped_values(piece, reach, width)
        return
    for end, right in ((piece.low, True), (piece.high, False)):
        if end[0] == end[1]:
            yield _number(_limit(piece, reach, end[0], right))
        else:
            enclosure = _enclosure(piece, reach, *end)
            if enclosure is None:
                raise Unknown("a derivative may have a pole at an irrational end")
            short = rounded(enclosure, width / 4)
            yield _Value(low=short[0], high=short[1])
    for factor in _factors(piece, reach):
        rational_root = -factor.eval(0) / factor.LC() if factor.degree() == 1 else None
        roots = [root for root, _ in factor.intervals()] if rational_root is None else [(rational_root,) * 2]
        for index, (a, b) in enumerate(roots):
            a, b = _apart(factor, a, b, [e for e in (*piece.low, *piece.high) if e.is_finite])
            if b <= piece.low[0] or a >= piece.high[1]:
                continue
            value = _at_root(piece, reach, factor, a, b, width)
            exact = _closed_form(piece, reach, factor, index) if len(roots) == factor.degree() <= 2 else None
            inside = piece.low[1] <= a and b <= piece.high[0]
            yield _Value(low=value[0] if inside else -sp.oo, high=value[1], exact=exact if inside else None)


def _damped_values(piece: Damped, reach: Any, width: Any) -> Iterator[_Value]:
    constants = [*piece.limits(reach), *(piece.exactly(reach, a) for _, a, b in piece.peaks(reach) if a == b)]
    for constant in constants:
        low, high = rounded(bracket(constant), width / 4) if not constant.is_Rational else (constant, constant)
        yield _Value(low=low, high=high, exact=constant)
    for factor, a, b in piece.peaks(reach):
        if a < b:
            bits, enclosure = 100, (-sp.oo, sp.oo)
            while enclosure[1] - enclosure[0] > width / 2:
                a, b = piece.refined(factor, a, b)
                bits += 50
                enclosure = piece.size(reach, a, b, bits)
            low, high = rounded(enclosure, width / 4)
            yield _Value(low=low, high=high)


def _factors(piece: Piece, reach: Any) -> list[Any]:
    """Irreducible polynomials among whose roots are all interior extrema of m."""
    found: dict[Any, None] = {}
    for top in (piece.bend - piece.slope.mul_ground(reach), piece.bend + piece.slope.mul_ground(reach)):
        for p in (piece.slope, piece.bend, top.diff() * piece.scale - top * piece.scale.diff()):
            if p.degree() > 0:
                found |= dict.fromkeys(factor for factor, _ in p.factor_list()[1])
    return list(found)


def _apart(factor: Any, a: Any, b: Any, ends: list[Any]) -> Pair:
    """The isolating interval shrunk until no end lies inside; it can be, as ends are rational and the root is not."""
    while any(a < e < b for e in ends):
        a, b = _shorter(factor, a, b, 1)
    return a, b


def _shorter(factor: Any, a: Any, b: Any, times: int) -> Pair:
    """The isolating interval halved repeatedly; an irreducible factor changes sign at its root and at no rational."""
    if a == b:
        return a, b
    rising = factor.eval(b) > 0
    for _ in range(times):
        middle = (a + b) / 2
        a, b = (a, middle) if (factor.eval(middle) > 0) == rising else (middle, b)
    return a, b


def _at_root(piece: Piece, reach: Any, factor: Any, a: Any, b: Any, width: Any) -> Pair:
    enclosure = _enclosure(piece, reach, a, b)
    if enclosure is not None and a == b:
        return enclosure
    while enclosure is None or enclosure[1] - enclosure[0] > width / 2:
        a, b = _shorter(factor, a, b, 10)
        enclosure = _enclosure(piece, reach, a, b)
    return rounded(enclosure, width / 4)


def _closed_form(piece: Piece, reach: Any, factor: Any, index: int) -> Any:
    """m at the root number ``index``, counted upwards, of a linear or quadratic factor."""
    if factor.degree() == 1:
        u = -factor.eval(0) / factor.LC()
    else:
        a, b, c = factor.all_coeffs()
        u = -b / (2 * a) + (2 * index - 1) * sp.sqrt(b**2 - 4 * a * c) / (2 * sp.Abs(a))
    slope, bend, scale = (sp.expand(p.as_expr().subs(p.gen, u)) for p in (piece.slope, piece.bend, piece.scale))
    return sp.radsimp((sp.Abs(bend) - reach * sp.Abs(slope)) / scale)


def _limit(piece: Piece, reach: Any, end: Any, right: bool) -> Any:
    """The limit of m at an end of the interval, approached from the right or the left."""
    signs = [sp.sign(leading(p, end, right)[1]) for p in (piece.bend, piece.slope)]
    return ratio_limit(piece.bend * signs[0] - piece.slope * signs[1] * reach, piece.scale, end, right)


def _enclosure(piece: Piece, reach: Any, a: Any, b: Any) -> Pair | None:
    """Bounds of m on [a, b]; None when the enclosure of the denominator contains 0."""
    bottom = interval_value(piece.scale, a, b)
    if bottom[0] <= 0:
        return None
    slope, bend = (_magnitude(interval_value(p, a, b)) for p in (piece.slope, piece.bend))
    top = (bend[0] - reach * slope[1], bend[1] - reach * slope[0])
    quotients = [t / q for t in top for q in bottom]
    return min(quotients), max(quotients)


def _magnitude(interval: Pair) -> Pair:
    low, high = interval
    return (max(low, -high, sp.S.Zero), max(-low, high))


def _number(exact: Any) -> _Value:
    return _Value(low=exact, high=exact, exact=exact)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
