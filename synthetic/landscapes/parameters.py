"""What the landscape factories share: checked parameters, rounding up, reproducible data."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from bounds.errors import InputError
from bounds.quantities import Domain, Number, as_fraction

__all__ = ["count", "gaussian_rows", "positive", "round_up"]


def positive(name: str, value: Number) -> Fraction:
    """``value`` as an exact positive rational, or :class:`InputError`."""
    domain = Domain(low_open=True)
    exact = as_fraction(name, value, domain)
    if exact not in domain:
        raise InputError(f"{name} = {value} is not allowed: it must be {domain}.")
    return exact


def count(name: str, value: int, *, low: int) -> int:
    """``value`` when it is an integer >= ``low``, or :class:`InputError`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise InputError(f"{name} = {value!r} is not allowed: it must be an integer >= {low}.")
    return value


def round_up(value: float) -> Fraction:
    """A short rational above ``value`` >= 0, with a margin of 1e-6 that swallows rounding errors of its computation."""
    return Fraction(math.ceil(value * (1 + 1e-6) * 10**6) + 1, 10**6)


def gaussian_rows(*, rows: int, dimension: int, seed: int) -> tuple[tuple[float, ...], ...]:
    """Standard Gaussian rows rounded to multiples of 1/64, so that they are short exact rationals."""
    draws = np.random.default_rng(seed).standard_normal((rows, dimension))
    return tuple(tuple(float(v) for v in row) for row in np.round(draws * 64) / 64)
