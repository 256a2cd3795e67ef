"""Sums and norms of the vector of one lane. The text of these functions is copied into every generated kernel."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["norm", "square_sum"]

# Placeholders, replaced by the numbers of a kernel: lanes, dimension, and a row of the buffer.
W = D = PARTIAL = 0


def square_sum(b: Any, row: Any, count: Any, unit: Any, j: Any) -> Any:
    """sum (v_c/unit)^2 of the vector v in a row of the buffer, in the order of numpy's pairwise summation."""
    whole = count - count % 8
    # Eight partial sums, in rows of the buffer.
    for k in range(8):
        b[PARTIAL + k * W + j] = 0.0
    for c in range(whole):
        part = b[row + c * W + j] / unit
        b[PARTIAL + (c % 8) * W + j] += part * part
    for step in (1, 2, 4):
        for k in range(0, 8, 2 * step):
            b[PARTIAL + k * W + j] += b[PARTIAL + (k + step) * W + j]
    total = b[PARTIAL + j]
    for c in range(whole, count):
        part = b[row + c * W + j] / unit
        total += part * part
    return total


def norm(b: Any, row: Any, j: Any) -> Any:
    """The length of a vector, also where squares would overflow or underflow, as in :mod:`synthetic.step`."""
    size = np.sqrt(square_sum(b, row, D, 1.0, j))
    if size < 2.0**-480 or size == np.inf:
        peak = 0.0
        for c in range(D):
            peak = max(peak, abs(b[row + c * W + j]))
        unit = peak if 0.0 < peak < np.inf else 1.0
        size = unit * np.sqrt(square_sum(b, row, D, unit, j))
    return size
