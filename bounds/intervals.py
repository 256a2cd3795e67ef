r"""Interval arithmetic on arrays: every element of a result contains the exact value.

An :class:`Interval` holds two arrays, the lower and the upper ends. Operations round to nearest and then move each end
outward by two units in the last place, which covers the rounding of all operations used here (at most one unit each;
functions of libm get sixteen). Ends are NaN where nothing is known, for example behind a division by an interval that
contains zero. Work under ``numpy.errstate(all="raise")``: leaving the range of the number type is then an exception and
never a wrong number. Any floating type serves; extended precision has a range of 10^-4932 .. 10^4932.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "Array",
    "Interval",
    "best_step",
    "descent_factor",
    "drop",
    "exponential",
    "from_numbers",
    "gap",
    "growth_factor",
    "logarithm",
    "maximum",
    "minimum",
    "power",
    "product",
    "rounded",
    "total",
    "turn_length",
]

Array = npt.NDArray[Any]
_ULPS, _LIBM_ULPS = 2, 16
_STEEP = 600.0
"""exp(600) is still a double; beyond, only the side that stays finite is computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Elementwise enclosures; ``positive`` says that no element is negative, which makes products cheap."""

    low: Array
    high: Array
    positive: bool


def _outward(low: Array, high: Array, positive: bool, ulps: int = _ULPS) -> Interval:
    slack = ulps * np.finfo(low.dtype).eps
    if positive:
        return Interval(low=low * (1 - slack), high=high * (1 + slack), positive=True)
    return Interval(low=low - np.abs(low) * slack, high=high + np.abs(high) * slack, positive=False)


def from_numbers(values: Array) -> Interval:
    """Nonnegative numbers, each with the decimals that print it: 0.1 encloses 1/10 and the double nearest to it."""
    slack = _ULPS * np.finfo(np.float64).eps  # whatever the type of the array, the numbers came as doubles
    return Interval(low=values * (1 - slack), high=values * (1 + slack), positive=True)


def total(parts: list[Interval]) -> Interval:
    """The sum."""
    result = parts[0]
    for part in parts[1:]:
        result = _outward(result.low + part.low, result.high + part.high, result.positive and part.positive)
    return result


def product(parts: list[Interval]) -> Interval:
    """The product."""
    result = parts[0]
    for part in parts[1:]:
        if result.positive and part.positive:
            result = _outward(result.low * part.low, result.high * part.high, positive=True)
        else:
            corners = [a * b for a in (result.low, result.high) for b in (part.low, part.high)]
            low, high = np.minimum.reduce(corners), np.maximum.reduce(corners)
            result = _outward(low, high, positive=False)
    return result


def power(base: Interval, exponent: Fraction) -> Interval:
    """base^exponent; unknown (NaN) where a negative or fractional power meets a number that may be <= 0."""
    if exponent < 0:
        known = base.low > 0
        inverse = _outward(_inverse(base.high, known), _inverse(base.low, known), positive=True)
        return inverse if exponent == -1 else power(inverse, -exponent)
    whole = int(exponent)
    if exponent.denominator == 2:
        root = _increasing(base, np.sqrt, base.low >= 0)
        return root if whole == 0 else product([root] * int(exponent * 2))
    if exponent.denominator != 1:
        # The rounding of the exponent is multiplied by ln x, which may reach 11,000 in extended precision.
        return _increasing(base, lambda x: np.power(x, _ratio(exponent, x)), base.low > 0, 20_000)
    return product([base] * whole)


def _ratio(exponent: Fraction, like: Array) -> Any:
    return like.dtype.type(exponent.numerator) / like.dtype.type(exponent.denominator)


def _inverse(x: Array, known: Array) -> Array:
    return np.asarray(np.where(known, 1 / np.where(known, x, 1), np.nan))


def _increasing(x: Interval, function: Callable[[Array], Array], known: Array, ulps: int = _LIBM_ULPS) -> Interval:
    """An increasing function with nonnegative values at both ends, unknown outside its domain."""
    low, high = (np.where(known, function(np.where(known, end, 1)), np.nan) for end in (x.low, x.high))
    return _outward(low, high, positive=True, ulps=ulps)


def maximum(parts: list[Interval]) -> Interval:
    """The largest."""
    positive = any(p.positive for p in parts)
    low, high = (np.maximum.reduce([getattr(p, end) for p in _same(parts)]) for end in ("low", "high"))
    return Interval(low=low, high=high, positive=positive)


def minimum(parts: list[Interval]) -> Interval:
    """The smallest."""
    low, high = (np.minimum.reduce([getattr(p, end) for p in _same(parts)]) for end in ("low", "high"))
    return Interval(low=low, high=high, positive=all(p.positive for p in parts))


def _same(parts: list[Interval]) -> list[Interval]:
    shape = np.broadcast_shapes(*(p.low.shape for p in parts))
    return [
        Interval(low=np.broadcast_to(p.low, shape), high=np.broadcast_to(p.high, shape), positive=p.positive)
        for p in parts
    ]


def logarithm(x: Interval) -> Interval:
    """ln x."""
    known = x.low > 0
    low, high = (np.where(known, np.log(np.where(known, end, 1)), np.nan) for end in (x.low, x.high))
    return _outward(low, high, positive=False, ulps=_LIBM_ULPS)


def exponential(x: Interval) -> Interval:
    """e^x."""
    return _outward(np.exp(x.low), np.exp(x.high), positive=True, ulps=_LIBM_ULPS)


def rounded(x: Interval, function: Any) -> Interval:
    """floor or ceiling."""
    return Interval(low=function(x.low), high=function(x.high), positive=x.positive)


def _steep(c: Interval, function: Callable[[Array], Array]) -> Interval:
    """An increasing function that may leave the range of doubles: the upper end becomes unknown there."""
    high = np.where(c.high < _STEEP, function(np.minimum(c.high, _STEEP)), np.nan)
    return _outward(function(np.minimum(c.low, _STEEP)), high, positive=True, ulps=_LIBM_ULPS)


def growth_factor(c: Interval) -> Interval:
    """B(c) = (e^c - 1)/c."""
    return _steep(c, lambda x: np.where(x > 0, np.expm1(x) / np.where(x > 0, x, 1), 1.0))


def descent_factor(c: Interval) -> Interval:
    """C(c) = 2 (e^c - 1 - c)/c^2: a series below 1/2, where the closed form would cancel."""

    def at(x: Array) -> Array:
        small = np.minimum(x, 0.5)
        series = np.zeros_like(x)
        for k in range(18, 1, -1):
            series = 1 + small / (k + 1) * series
        large = np.maximum(x, 0.5)
        return np.where(x < 0.5, series, 2 * (np.expm1(large) - large) / large**2)

    return _steep(c, at)


def _shortfall(s: Array) -> Array:
    """s - ln(1 + s), by the series of artanh below 1/2, where the closed form would cancel."""
    small = np.minimum(s, 0.5)
    r = small / (2 + small)
    square = r * r
    series = np.zeros_like(s)
    for k in range(25, 1, -2):
        series = s.dtype.type(1) / k + square * series
    large = np.maximum(s, 0.5)
    return np.asarray(np.where(s < 0.5, r * (small - 2 * square * series), large - np.log1p(large)))


def _monotone(L0: Interval, L1: Interval, rest: list[Interval], at: Callable[..., Array]) -> Interval:
    """A nonnegative function that falls in L0 and L1 and grows in its other arguments."""
    low = at(L0.high, L1.high, *(r.low for r in rest))
    high = at(L0.low, L1.low, *(r.high for r in rest))
    return _outward(low, high, positive=True, ulps=4 * _LIBM_ULPS)


def gap(L0: Interval, L1: Interval, G: Interval) -> Interval:
    """(L0/L1^2)(s - ln(1 + s)), s = L1 G/L0."""
    return _monotone(L0, L1, [G], lambda a, b, g: a / b / b * _shortfall(b * g / a))


def turn_length(L0: Interval, L1: Interval, G: Interval) -> Interval:
    """ln(1 + L1 G/L0)/L1."""
    return _monotone(L0, L1, [G], lambda a, b, g: np.log1p(b * g / a) / b)


def best_step(L0: Interval, L1: Interval, G: Interval) -> Interval:
    """ln(1 + L1 G/(L0 + L1 G))/L1."""
    return _monotone(L0, L1, [G], lambda a, b, g: np.log1p(b * g / (a + b * g)) / b)


def drop(L0: Interval, L1: Interval, G: Interval, length: Interval) -> Interval:
    """Twice the integral of the solution of g' = -(L0 + L1 g), g(0) = G, up to min(length/2, its zero)."""

    def at(a: Array, b: Array, g: Array, way: Array) -> Array:
        s = b * g / a
        y = np.minimum(b * way / 2, np.log1p(s))
        lost = -np.expm1(-np.minimum(y, _STEEP))
        return np.asarray(2 * a / b / b * (s * lost - np.where(y < 0.5, _late(np.minimum(y, 0.5)), y - lost)))

    return _monotone(L0, L1, [G, length], at)


def _late(y: Array) -> Array:
    """y - (1 - e^-y) for small y."""
    series = np.ones_like(y)
    for k in range(18, 2, -1):
        series = 1 - y / k * series
    return y * y / 2 * series
