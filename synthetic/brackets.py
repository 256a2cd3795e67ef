"""Rational enclosures of real constants, and :class:`Unknown`, the honest answer when no exact rule applies."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.enclosure import enclose
from synthetic.forms import rational

__all__ = ["Pair", "Unknown", "between", "bracket", "interval_value", "raw_pair", "rounded"]

_BITS = 200
_MAX_BINARY = 100_000
Pair = tuple[Any, Any]
"""Rationals (or infinities) below and above a number."""


class Unknown(Exception):
    """No exact rule applies; the message says what stands in the way."""


def bracket(constant: Any, bits: int = _BITS) -> Pair:
    """Rationals below and above a real constant, equal when it is rational or infinite."""
    if constant.is_Rational or constant.is_infinite:
        return constant, constant
    try:
        return raw_pair(enclose(constant, bits))
    except ValueError:
        raise Unknown(f"no enclosure of the constant {constant}") from None


def raw_pair(interval: Any) -> Pair:
    """The exact ends of a bounded mpmath interval."""
    low, high = interval._mpi_
    if any(not mantissa and exponent for _, mantissa, exponent, _ in (low, high)):
        raise Unknown("an enclosure of a constant is unbounded")
    # The number is not built when it is too long.
    if any(abs(exponent) > _MAX_BINARY for _, _, exponent, _ in (low, high)):
        raise Unknown("a constant is too large or too small to be written down")
    return tuple(sp.Rational(-m if sign else m) * sp.Integer(2) ** e for sign, m, e, _ in (low, high))


def between(low: Any, high: Any) -> Any:
    """A short rational strictly between two constants."""
    if low == -sp.oo:
        return sp.S.Zero if high == sp.oo else sp.floor(high) - 1
    if high == sp.oo:
        return sp.floor(low) + 1
    below, above = bracket(low)[1], bracket(high)[0]
    if below >= above:
        raise Unknown(f"{low} and {high} are too close to be told apart")
    middle = Fraction(int((below + above).p), int((below + above).q)) / 2
    digits = 0
    while not below < (short := rational(middle.limit_denominator(10**digits))) < above:
        digits += 1
    return short


def rounded(interval: Pair, step: Any) -> Pair:
    """The interval widened to multiples of ``step``, since exact ends can have thousands of digits."""
    low, high = (end / step for end in interval)
    return (sp.floor(low) if low.is_finite else low) * step, (sp.ceiling(high) if high.is_finite else high) * step


def interval_value(p: Any, a: Any, b: Any) -> Pair:
    """Bounds of a polynomial with rational coefficients on [a, b], by Horner's scheme in interval arithmetic."""
    low = high = sp.S.Zero
    for c in p.all_coeffs():
        products = (low * a, low * b, high * a, high * b)
        low, high = min(products) + c, max(products) + c
    return low, high
