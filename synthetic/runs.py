"""What a batch of runs returns: a status, counts and averages for each run, and the history when it was recorded."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["Backend", "Criterion", "Runs", "Status", "Trace"]

Float = npt.NDArray[np.float64]
Integer = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Criterion = Literal["mean", "min", "mean-squared"]
Backend = Literal["auto", "numpy", "numba"]


class Status(enum.IntEnum):
    """How a run ended."""

    CONVERGED = 0
    """The criterion held."""
    CAPPED = 1
    """``max_iterations`` points were inspected and the criterion never held."""
    DIVERGED = 2
    """An iterate or its gradient was not finite (in a group: of any member)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """Thinned history; rows are NaN for a run after it stopped.

    Attributes
    ----------
    iterations : (K,) the recorded t, multiples of ``record_every``.
    gradient_norm : (K, B) G_t.
    value : (K, B) F(x_t).
    mean : (K, B) mean of G over the points inspected up to t (NaN at t = 0 with ``first=1``).
    """

    iterations: Integer
    gradient_norm: Float
    value: Float
    mean: Float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """Results of a batch of B runs, each frozen at its own stopping time.

    Attributes
    ----------
    status : (B,) :class:`Status` values.
    iterations : (B,) T, the number of inspected points; for a diverged run the last of them is the bad one.
    mean_gradient_norm, mean_squared, min_gradient_norm : (B,) mean of G, mean of G^2 and least G over the
        inspected points. A run whose own gradient stopped being finite has infinite means.
    last_gradient_norm : (B,) G at ``x``, infinite if not finite.
    x : (B, d) the last iterate computed, x_{T-1} with ``first=0`` and x_T with ``first=1``.
    trace : the history, if it was recorded.
    """

    status: npt.NDArray[np.int8]
    iterations: Integer
    mean_gradient_norm: Float
    mean_squared: Float
    min_gradient_norm: Float
    last_gradient_norm: Float
    x: Float
    trace: Trace | None

    @property
    def converged(self) -> Mask:
        """(B,) whether the criterion held."""
        held: Mask = self.status == Status.CONVERGED
        return held
