"""Constants and regions of claims about smoothness, read exactly: intervals of the line and boxes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bounds.errors import InputError
from bounds.quantities import Number, as_fraction
from synthetic.forms import Form

__all__ = ["Box", "Interval", "Point", "as_box", "as_interval", "nonnegative"]

Interval = tuple[Fraction | None, Fraction | None]
"""The ends of an interval of the line; None is an infinite end."""
Box = tuple[Interval, ...]
"""One interval for each coordinate."""
Point = tuple[Fraction, ...]


def nonnegative(name: str, value: Number) -> Fraction:
    """``value`` as an exact rational >= 0, or :class:`InputError`."""
    exact = as_fraction(name, value)
    if exact < 0:
        raise InputError(f"{name} = {value} is not allowed: it must be >= 0.")
    return exact


def as_interval(region: tuple[Number | None, Number | None] | None, form: Form) -> Interval | None:
    """The region with exact ends, or :class:`InputError` when it is not an interval for this form."""
    if region is None:
        return None
    if form.dimension != 1:
        raise InputError(f"region = {region} is not allowed: intervals are for 1 dimension, F has {form.dimension}.")
    if not isinstance(region, tuple | list) or len(region) != 2:
        raise InputError(f"region = {region!r} is not allowed: it must be a pair (low, high).")
    return _ordered(region)


def as_box(region: Any, form: Form) -> Box | None:
    """The region as one interval for each coordinate, or :class:`InputError` when it is not a box for this form.

    In one dimension the region is the interval (low, high) itself, otherwise a tuple of such pairs.
    """
    if form.dimension == 1:
        interval = as_interval(region, form)
        return None if interval is None else (interval,)
    if region is None:
        return None
    shape = f"{form.dimension} pairs (low, high), one for each coordinate"
    if not isinstance(region, tuple | list) or len(region) != form.dimension:
        raise InputError(f"region = {region!r} is not allowed: it must be {shape}.")
    if not all(isinstance(ends, tuple | list) and len(ends) == 2 for ends in region):
        raise InputError(f"region = {region!r} is not allowed: it must be {shape}.")
    return tuple(_ordered(ends) for ends in region)


def _any_sign(end: Number) -> Fraction:
    try:
        return as_fraction("region", end)
    except InputError:
        raise InputError(
            f"{end!r} is not allowed as an end of the region: it must be a finite number or None."
        ) from None


def _ordered(ends: Any) -> Interval:
    low, high = (None if end is None else _any_sign(end) for end in ends)
    if low is not None and high is not None and low >= high:
        raise InputError(f"region = ({low}, {high}) is not allowed: its low end must lie below its high end.")
    return low, high
