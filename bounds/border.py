"""The border between accepted and rejected numbers, with exact rationals of few digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction

__all__ = ["HAIR", "SIXTEEN_DIGITS", "TOLERANCE", "TWELVE_DIGITS", "border", "decimal", "float_beside", "shortened"]

TOLERANCE = Fraction(1, 10**6)
"""Relative tolerance of every answer, always on the safe side."""

HAIR = 1 + TOLERANCE / 100
"""An accepted and a rejected number closer than this ratio are the two sides of the border."""

TWELVE_DIGITS = Context(prec=12)
SIXTEEN_DIGITS = Context(prec=16)
_GUESSES, _BISECTIONS = 10, 2000


def decimal(x: Fraction, context: Context = TWELVE_DIGITS) -> Decimal:
    """x as a decimal number with the digits of the context."""
    return context.divide(Decimal(x.numerator), Decimal(x.denominator))


def shortened(x: Fraction) -> Fraction:
    """A number of twelve digits next to x."""
    return Fraction(decimal(x))


def float_beside(x: Fraction, *, above: bool) -> float:
    """The double next to x whose shortest decimal, which is what a double means here, lies on the given side of x."""
    near = float(x)
    while (Fraction(repr(near)) < x) if above else (Fraction(repr(near)) > x):
        near = math.nextafter(near, math.inf if above else -math.inf)
    return near


def _geometric_mean(a: Fraction, b: Fraction) -> Fraction:
    return Fraction(TWELVE_DIGITS.sqrt(decimal(a * b)))


def border(
    good: Fraction,
    bad: Fraction,
    accepts: Callable[[Fraction], bool],
    guess: Callable[[Fraction, Fraction], Fraction | None] = lambda good, bad: None,
) -> tuple[Fraction, Fraction]:
    """An accepted and a rejected number less than a hair apart, between an accepted and a rejected one.

    ``guess`` may name the border. Guesses are tried a little on the one and on the other side in turn; bisection on a
    log scale takes over when they do not settle it.
    """
    nudge = Fraction(good < bad) * 2 - 1
    for attempt in range(_GUESSES + _BISECTIONS):
        if max(good, bad) <= min(good, bad) * HAIR:
            break
        middle = guess(good, bad) if attempt < _GUESSES else None
        if middle is not None:
            middle = shortened(middle * (1 - nudge * (HAIR - 1) * Fraction(2, 5) * (-1) ** attempt))
        if middle is None or not min(good, bad) < middle < max(good, bad):
            middle = _geometric_mean(good, bad)
        if accepts(middle):
            good = middle
        else:
            bad = middle
    return good, bad
