"""Sums and norms of the vector of one lane. The text of these functions is copied into every generated kernel."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["norm", "square_sum"]

# Placeholders, replaced by the numbers of a kernel: lanes, dimension, and a row of the buffer.
W = D = PARTIAL = 0


def largest(a: Any, b: Any) -> Any:
    """The larger number, from :mod:`synthetic.kernels.elementary`."""


def square_sum(b: Any, first: Any, count: Any, unit: Any) -> Any:
    """sum (v_c/unit)^2 of the vector with v_c = b[first + c W], in the order of numpy's pairwise summation."""
    whole = count - count % 8
    # Eight partial sums, in the buffer.
    for k in range(PARTIAL, PARTIAL + 8):
        b[k] = 0.0
    for c in range(whole):
        part = b[first + c * W] / unit
        b[PARTIAL + c % 8] += part * part
    for half in (1, 2, 4):
        for k in range(PARTIAL, PARTIAL + 8, 2 * half):
            b[k] += b[k + half]
    total = b[PARTIAL]
    for c in range(whole, count):
        part = b[first + c * W] / unit
        total += part * part
    return total


def norm(b: Any, first: Any) -> Any:
    """The length of a vector, also where squares would overflow or underflow, as in :mod:`synthetic.step`."""
    unit, size = 1.0, 0.0
    for again in range(2):
        size = unit * np.sqrt(square_sum(b, first, D, unit))
        if again or not (size < 2.0**-480 or size == np.inf):
            break
        peak = 0.0
        for c in range(D):
            peak = largest(peak, abs(b[first + c * W]))
        unit = peak if 0.0 < peak < np.inf else 1.0
    return size
