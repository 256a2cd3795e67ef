"""Small operations on rows of numbers, as the driver needs them: cheap tests, running sums, memory that is kept."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["Space", "all_finite", "first_column", "running"]

Float = npt.NDArray[np.float64]
Integer = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Longer products may be computed by several threads, and waking those costs more than all the rest.
_ONE_THREAD: Final = 2**11


class Space:
    """Memory that the blocks use again and again: fresh pages cost more than the numbers in them."""

    def __init__(self) -> None:
        self.flat: dict[str, Float] = {}

    def array(self, name: str, *shape: int) -> Float:
        """An array with this name and shape, contents arbitrary; it is overwritten through the next one of its name."""
        count = math.prod(shape)
        if name not in self.flat or self.flat[name].size < count:
            self.flat[name] = np.empty(count)
        return self.flat[name][:count].reshape(shape)


def all_finite(numbers: Float) -> bool:
    """Whether all numbers are finite."""
    # A sum is cheaper than a test of every number, a product cheaper still; one that overflows asks for the test.
    short = numbers.ndim == 1 and numbers.size <= _ONE_THREAD
    total = numbers.dot(numbers) if short else np.add.reduce(numbers, axis=None)
    return math.isfinite(total) or bool(np.isfinite(numbers).all())


def first_column(holds: Mask) -> Integer:
    """(c,) the first column of ``holds: (c, R)`` that is true, or R."""
    found: Integer = np.where(holds.any(axis=1), holds.argmax(axis=1), holds.shape[1])
    return found


def running(operation: np.ufunc, start: Float, rows: Float) -> Float:
    """(c, R) what is left of ``rows: (c, R)`` up to each of its columns, ``start: (c,)`` included."""
    table = np.column_stack([start, rows])
    result: Float = operation.accumulate(table, axis=1)[:, 1:]
    return result
