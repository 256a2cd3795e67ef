"""Proven ranges of expressions over the whole space: where every value lies, by exact rational arithmetic.

The range of a compound is put together from the ranges of its parts: monotone functions end by end, sums and products
as intervals. Parts whose extrema are known exactly (:mod:`synthetic.extrema`) are taken as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from synthetic.curves import Unknown, bracket, hyperbolic_to_exp
from synthetic.extrema import Range, degree_bound, quadratic_range, rational_range

__all__ = ["groups", "range_of", "rational_ends"]

_MAX_ARGUMENT = 4096
_BITS = 200
_INCREASING = (sp.exp, sp.log, sp.sinh, sp.tanh, sp.atan)


_LINE = Range(low=-sp.oo, high=sp.oo, exact=True)
_ANYWHERE = Range(low=-sp.oo, high=sp.oo)


def range_of(expression: Any) -> Range:
    """A proven range of an expression in real variables, wherever it is defined; never fails."""
    if expression.is_Rational:
        return Range(low=expression, high=expression, exact=True)
    if expression.is_Symbol:
        return _LINE
    if not expression.free_symbols:
        return _constant(expression)
    if expression.is_Add:
        return _total([_of_group(part) for part in groups(expression)], disjoint=True)
    if expression.is_Mul and len(expression.free_symbols) == 1:
        return rational_range(expression) or _product(expression)
    return _structural(expression)


def groups(expression: Any) -> list[Any]:
    """The sum cut into parts that share no variables; the rational constant goes with the first part."""
    constant, rest = expression.as_coeff_Add()
    parts: list[Any] = []
    for term in sp.Add.make_args(rest):
        joined = [p for p in parts if p.free_symbols & term.free_symbols]
        parts = [p for p in parts if p not in joined]
        parts.append(sp.Add(term, *joined))
    return [parts[0] + constant, *parts[1:]]


def _of_group(part: Any) -> Range:
    if not part.free_symbols:
        return range_of(part)
    if len(part.free_symbols) > 1:
        return quadratic_range(part) or _sum_of_terms(part)
    whole = rational_range(part)
    if whole is not None or not part.is_Add:
        return whole or _structural(part)
    # x^2 - x + exp(x): the polynomial terms belong together.
    polynomial = [term for term in part.args if degree_bound(term) < sp.oo]
    other = [term for term in part.args if degree_bound(term) == sp.oo]
    if not polynomial or not any(term.free_symbols for term in polynomial):
        return _sum_of_terms(part)
    return _total([range_of(sp.Add(*terms)) for terms in (polynomial, other)], disjoint=False)


def _sum_of_terms(part: Any) -> Range:
    moving = [term for term in sp.Add.make_args(part) if term.free_symbols]
    return _total([range_of(term) for term in sp.Add.make_args(part)], disjoint=len(moving) <= 1)


def _total(ranges: list[Range], *, disjoint: bool) -> Range:
    low, high = (sp.Add(*ends) for ends in ((r.low for r in ranges), (r.high for r in ranges)))
    return Range(
        low=low, high=high, open_low=any(r.open_low for r in ranges), exact=disjoint and all(r.exact for r in ranges)
    )


def _structural(expression: Any) -> Range:
    if expression.is_Mul:
        return _product(expression)
    if expression.is_Pow:
        return _power(range_of(expression.base), expression.exp)
    if not isinstance(expression, sp.Function) or len(expression.args) != 1:
        return _ANYWHERE
    inner = range_of(expression.args[0])
    kind = expression.func
    if kind in (sp.sin, sp.cos):
        return Range(low=sp.S.NegativeOne, high=sp.S.One, exact=inner.exact and inner.low == -sp.oo)
    if kind in (sp.Abs, sp.cosh):
        return _through(sp.cosh if kind is sp.cosh else _same, _magnitude(inner))
    if kind in _INCREASING:
        if kind is sp.log and inner.low < 0:
            inner = Range(low=sp.S.Zero, high=max(inner.high, sp.S.Zero))
        return _through(_logarithm if kind is sp.log else kind, inner)
    return _ANYWHERE


def _product(expression: Any) -> Range:
    coefficient, factors = expression.as_coeff_mul()
    parts = [range_of(sp.S(factor)) for factor in factors]
    if len(parts) == 1:
        return _scaled(parts[0], coefficient)
    total = Range(low=coefficient, high=coefficient)
    for part in parts:
        ends = [_times(a, b) for a in (total.low, total.high) for b in (part.low, part.high)]
        positive = total.has_sign("positive") and part.has_sign("positive")
        total = Range(low=min(ends), high=max(ends), open_low=positive and min(ends) == 0)
    return total


def _scaled(inner: Range, factor: Any) -> Range:
    if factor > 0:
        return Range(low=factor * inner.low, high=factor * inner.high, open_low=inner.open_low, exact=inner.exact)
    return Range(low=factor * inner.high, high=factor * inner.low, exact=inner.exact)


def _times(a: Any, b: Any) -> Any:
    return sp.S.Zero if a == 0 or b == 0 else a * b


def _magnitude(inner: Range) -> Range:
    if inner.low >= 0:
        return inner
    if inner.high <= 0:
        return Range(low=-inner.high, high=-inner.low, exact=inner.exact)
    return Range(low=sp.S.Zero, high=max(-inner.low, inner.high), exact=inner.exact)


def _power(base: Range, exponent: Any) -> Range:
    if exponent.is_Integer and exponent % 2 and base.low < 0:
        if exponent > 0:
            return _through(lambda v: v**exponent, base)
        return _scaled(_power(_scaled(base, sp.S.NegativeOne), exponent), -1) if base.high < 0 else _ANYWHERE
    if exponent.is_Integer and exponent % 2 == 0:
        base = _magnitude(base)
    elif base.low < 0:
        base = Range(low=sp.S.Zero, high=max(base.high, sp.S.Zero))
    if exponent > 0:
        return _through(lambda v: v**exponent, base)
    inverted = _through(lambda v: v**-exponent, base)
    low = 1 / inverted.high if inverted.high.is_finite else sp.S.Zero
    high = 1 / inverted.low if inverted.low > 0 else sp.oo
    # 1/v is positive even where v has no upper bound.
    return Range(low=low, high=high, open_low=low == 0, exact=inverted.exact)


def _same(value: Any) -> Any:
    return value


def _through(increasing: Callable[[Any], Any], inner: Range) -> Range:
    start, stop = _shorter(inner.low, sp.floor), _shorter(inner.high, sp.ceiling)
    ends = [sp.S(increasing(end)) for end in (start, stop)]
    low = ends[0] if ends[0].is_infinite else rational_ends(ends[0])[0]
    high = ends[1] if ends[1].is_infinite else rational_ends(ends[1])[1]
    unrounded = (start, stop) == (inner.low, inner.high)
    # An end at infinity is a limit that no point reaches.
    limit = ends[0].is_Rational and (inner.open_low or inner.low == -sp.oo)
    return Range(
        low=low,
        high=high,
        open_low=bool(limit),
        exact=inner.exact and unrounded and all(end.is_Rational or end.is_infinite for end in ends),
    )


def _shorter(end: Any, rounding: Callable[[Any], Any]) -> Any:
    """A long rational rounded to a few hundred bits: roots and powers of thousands of digits are slow."""
    size = int(end.p).bit_length() - int(end.q).bit_length() if end.is_Rational else 0
    if end.is_infinite or max(int(end.p).bit_length(), int(end.q).bit_length()) <= 2 * _BITS:
        return end
    unit = sp.Integer(2) ** (size - _BITS)
    return rounding(end / unit) * unit


def _logarithm(value: Any) -> Any:
    return -sp.oo if value == 0 else sp.log(value)


def rational_ends(constant: Any) -> tuple[Any, Any]:
    """Rationals below and above, or infinities when no enclosure is known."""
    if isinstance(constant, sp.atan | sp.tanh) and constant.args[0].is_Rational:
        return _bounded_ends(constant)
    try:
        for inner in sorted(constant.atoms(sp.exp, sp.cosh, sp.sinh, sp.tanh), key=sp.count_ops):
            ends = bracket(hyperbolic_to_exp(inner.args[0]))
            if max(map(abs, ends)) > _MAX_ARGUMENT:
                # The rational ends would have more digits than there is memory.
                return (sp.S.Zero if isinstance(constant, sp.exp | sp.cosh) else -sp.oo), sp.oo
        return bracket(hyperbolic_to_exp(constant))
    except Unknown:
        return -sp.oo, sp.oo


def _bounded_ends(constant: Any) -> tuple[Any, Any]:
    top = sp.S.One if isinstance(constant, sp.tanh) else sp.S(2)
    argument = constant.args[0]
    # |tanh v| and |atan v| are at most |v|.
    most = min(top, abs(argument))
    return (sp.S.Zero, most) if argument >= 0 else (-most, sp.S.Zero)


def _constant(expression: Any) -> Range:
    low, high = rational_ends(expression)
    if low.is_finite:
        return Range(low=low, high=high)
    if expression.is_Add:
        return _total([range_of(term) for term in expression.args], disjoint=False)
    return _structural(expression)
