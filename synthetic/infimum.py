r"""Lower bounds of a function given by an expression, proved in exact arithmetic.

The terms are sorted into groups without common variables, and the infima of the groups add up. Each group is bounded
by its proven range (:mod:`synthetic.ranges`). Where that gives nothing exact and f'' >= 0 in one variable, take
a < b with f'(a) < 0 < f'(b): convexity gives f >= f(a) + f'(a) (b - a) on [a, b], and f >= min(f(a), f(b)) elsewhere.
A bound becomes the infimum itself once a point takes that value exactly.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from synthetic.extrema import degree_bound
from synthetic.forms import rational
from synthetic.ranges import groups, range_of, rational_ends

__all__ = ["Least", "least", "line_of_descent"]

_GROWING = (sp.exp, sp.sinh, sp.cosh)
_MAX_CANDIDATES = 12
_MAX_LINES = 6
_HALVINGS = 60
_FAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """A lower bound.

    Attributes
    ----------
    low : a rational <= inf F, or None when no bound was found.
    exact : whether it is inf F.
    point : a rational minimizer in coordinate order, when one is known.
    """

    low: Fraction | None
    exact: bool
    point: tuple[Fraction, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """The same for one group, with sympy numbers."""

    low: Any
    exact: bool
    point: dict[Any, Any] | None = None


def least(formula: Any, variables: tuple[Any, ...]) -> Least:
    """A proven lower bound of ``formula`` on the whole space, as large as the rules of this module give."""
    bounds = [_of_group(part) for part in groups(formula)]
    low = sp.Add(*(b.low for b in bounds))
    if low.is_infinite:
        return Least(low=None, exact=False, point=None)
    point = dict.fromkeys(variables, sp.S.Zero)
    for bound in bounds:
        point |= bound.point or {}
    known = all(b.point is not None for b in bounds)
    return Least(
        low=_fraction(low),
        exact=all(b.exact for b in bounds),
        point=tuple(_fraction(point[x]) for x in variables) if known else None,
    )


def line_of_descent(formula: Any, variables: tuple[Any, ...]) -> str:
    """A line through the origin along which ``formula`` was shown to be unbounded below, in words, or ""."""
    t = sp.Dummy("t", real=True)
    lines = [({x: t}, f"{x}") for x in variables]
    for x, y in itertools.combinations(variables[:_MAX_LINES], 2):
        lines += [({x: t, y: t}, f"{x} = {y}"), ({x: t, y: -t}, f"{x} = -{y}")]
    if _is_nested(formula):
        return ""
    for line, words in lines:
        along = formula.xreplace({x: line.get(x, sp.S.Zero) for x in variables})
        if along.free_symbols and _falls_forever(along, t):
            return words
    return ""


def _falls_forever(along: Any, t: Any) -> bool:
    values = range_of(along)
    if values.low == -sp.oo and values.exact:
        return True
    if values.low.is_finite or along.has(sp.Abs):
        return False
    slope = range_of(sp.diff(along, t))
    return bool(slope.low > 0 or slope.high < 0)


def _of_group(part: Any) -> _Bound:
    values = range_of(part)
    bound = _Bound(low=values.low, exact=values.exact and values.low.is_finite)
    if _is_nested(part):
        return _short(bound)
    if len(part.free_symbols) == 1 and not bound.exact and not part.has(sp.Abs):
        (t,) = part.free_symbols
        bound = max(bound, _by_convexity(part, t), key=lambda b: b.low)
    if bound.low.is_finite and bound.point is None and not values.open_low:
        for point in itertools.islice(_candidates(part), _MAX_CANDIDATES):
            if part.subs(point) == bound.low:
                return _Bound(low=bound.low, exact=True, point=point)
    return _short(bound)


def _candidates(part: Any) -> Iterator[dict[Any, Any]]:
    """Points at which simple functions have their minimum."""
    xs = sorted(part.free_symbols, key=str)
    yield dict.fromkeys(xs, sp.S.Zero)
    yield dict.fromkeys(xs, sp.S.One)
    if degree_bound(part) <= 2:
        solution = sp.solve([sp.diff(part, x) for x in xs], xs, dict=True)
        yield from (s for s in solution if len(s) == len(xs) and all(v.is_Rational for v in s.values()))
    elif len(xs) == 1 and degree_bound(part) < sp.oo:
        roots = sp.Poly(sp.diff(part, xs[0]), xs[0]).ground_roots()
        yield from ({xs[0]: root} for root in sorted(roots))
    elif len(xs) == 1:
        for line in sorted(part.atoms(sp.Add), key=str):
            if degree_bound(line) == 1 and sp.diff(line, xs[0]).is_Rational:
                root = -line.subs(xs[0], 0) / sp.diff(line, xs[0])
                yield from [{xs[0]: root}] if root.is_Rational else []


def _by_convexity(part: Any, t: Any) -> _Bound:
    nothing = _Bound(low=-sp.oo, exact=False)
    slope = sp.diff(part, t)
    if range_of(sp.diff(slope, t)).low < 0:
        return nothing
    a, b = (_with_slope(slope, t, sign) for sign in (-1, 1))
    if a is None or b is None:
        return nothing
    for _ in range(_HALVINGS):
        middle = (a + b) / 2
        low, high = rational_ends(slope.subs(t, middle))
        if low == high == 0:
            value = part.subs(t, middle)
            return _Bound(low=rational_ends(value)[0], exact=value.is_Rational, point={t: middle})
        if high < 0:
            a = middle
        elif low > 0:
            b = middle
        else:
            break
    left, right = (rational_ends(part.subs(t, end))[0] for end in (a, b))
    steepest = rational_ends(slope.subs(t, a))[0]
    return _Bound(low=min(left + steepest * (b - a), right), exact=False)


def _with_slope(slope: Any, t: Any, sign: int) -> Any:
    """A rational where the slope has this sign, on that side of the origin if there, or None."""
    for k in range(_FAR):
        at = sign * sp.Integer(2) ** k
        low, high = rational_ends(slope.subs(t, at))
        if low.is_finite and high.is_finite and (high < 0 if sign < 0 else low > 0):
            return at
    return None


def _is_nested(formula: Any) -> bool:
    """Whether exponentials of exponentials occur, whose values at numbers are too large to handle."""
    return any(f.args[0].has(*_GROWING) for f in formula.atoms(*_GROWING))


def _short(bound: _Bound) -> _Bound:
    """A bound that is not exact, rounded down to 15 decimals."""
    if bound.exact or not bound.low.is_finite or bound.low.q < 10**6:
        return bound
    unit = rational(Fraction(1, 10**15))
    return _Bound(low=sp.floor(bound.low / unit) * unit, exact=False)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
