"""The arrays of a batch while it runs, and where its runs are written down when they end."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from synthetic.randomness import Streams
from synthetic.runs import Runs, Trace
from synthetic.step import Stepper

__all__ = ["Active", "Recorder", "Results"]

Float = npt.NDArray[np.float64]
Integer = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Active:
    """The runs in the arrays: the unfinished ones, and finished ones that wait for the next compaction.

    A finished run has target -inf, so it can neither stop again nor be reported again.

    Attributes
    ----------
    x, m : (n, d) points and buffers.
    target, sigma, group, index : (n,), the last one being the place in the batch.
    sums : (2, n) sums of G and of G^2 over the inspected points.
    least : (n,) the least G among them.
    """

    def __init__(
        self, *, x: Float, target: Float, sigma: Float, group: Integer | None, stepper: Stepper, streams: Streams
    ) -> None:
        batch = len(x)
        self.x, self.m = x, np.zeros_like(x)
        self.target, self.sigma, self.group = target, sigma, group
        self.stepper, self.streams = stepper, streams
        self.index = np.arange(batch)
        self.sums, self.least = np.zeros((2, batch)), np.full(batch, np.inf)
        self.unfinished = batch

    @property
    def running(self) -> Mask:
        return self.target > -np.inf

    def inspect(self, size: Float, squares: Float, least: Float) -> None:
        """Add R points in turn, with G and G^2 in ``size`` and ``squares``, both (R, n), and least G (n,)."""
        self.sums = self.sums.copy()
        # Not one call for all rows: numpy may add the numbers of a column pairwise.
        for sums, rows in zip(self.sums, (size, squares), strict=True):
            for row in rows:
                sums += row
        self.least = np.minimum(self.least, least)

    def average(self, numbers: Float, columns: slice | Integer = slice(None)) -> Float:
        """Numbers of the runs ``columns``, which are whole groups, each replaced by the average over its group."""
        if self.group is None:
            return numbers
        group = self.group[columns]
        average: Float = np.bincount(group, weights=numbers) / np.maximum(np.bincount(group), 1)
        return average[group]

    def groups_of(self, selected: Mask) -> Mask:
        """The unfinished runs in a group with a selected one."""
        if self.group is not None:
            selected = np.bincount(self.group, weights=selected)[self.group] > 0
        return selected & self.running

    def finish(self, columns: Integer) -> None:
        """Mark runs as finished."""
        self.target[columns] = -np.inf
        self.unfinished -= len(columns)

    def compact(self) -> None:
        """Leave the finished runs out of the arrays."""
        keep = self.running
        for name in ("x", "m", "target", "sigma", "index", "least"):
            setattr(self, name, getattr(self, name)[keep])
        self.sums = np.compress(keep, self.sums, axis=1)
        if self.group is not None:
            self.group = np.unique(self.group[keep], return_inverse=True)[1]
        self.stepper, self.streams = self.stepper.keep(keep), self.streams.keep(keep)


class Results:
    """What is known of the runs that have ended; B in all."""

    def __init__(self, x: Float) -> None:
        batch = len(x)
        self.x = np.array(x)
        self.status, self.iterations = np.zeros(batch, np.int8), np.zeros(batch, np.int64)
        self.mean, self.squared, self.least, self.last = np.full((4, batch), np.inf)

    def write(
        self, where: Integer, *, status: Integer, iterations: Integer, x: Float, last: Float, sums: Float, least: Float
    ) -> None:
        """The ends of runs: ``x: (c, d)``, ``sums: (2, c)``, everything else (c,)."""
        self.status[where], self.iterations[where] = status, iterations
        self.x[where], self.last[where] = x, last
        counted = iterations > 0
        where, number = where[counted], iterations[counted]
        self.mean[where], self.squared[where] = sums[:, counted] / number
        self.least[where] = least[counted]

    def freeze(self, trace: Trace | None) -> Runs:
        return Runs(
            status=self.status,
            iterations=self.iterations,
            mean_gradient_norm=self.mean,
            mean_squared=self.squared,
            min_gradient_norm=self.least,
            last_gradient_norm=self.last,
            x=self.x,
            trace=trace,
        )


class Recorder:
    """Collects the rows of a trace."""

    def __init__(self, every: int, batch: int) -> None:
        self.every, self.batch = every, batch
        self.times: list[int] = []
        self.rows: list[Float] = []

    def due(self, t: int) -> int:
        """How many iterations from t on the next row is due; 0 is now."""
        return -t % self.every

    def record(self, t: int, runs: Active, *, inspected: int, length: Float, value: Float) -> None:
        """The runs that had not ended before t: G_t and F(x_t), both (n,)."""
        live = runs.running
        columns = np.full((3, self.batch), np.nan)
        columns[0, runs.index[live]] = length[live]
        columns[1, runs.index[live]] = value[live]
        if inspected:
            columns[2, runs.index[live]] = runs.sums[0, live] / inspected
        self.times.append(t)
        self.rows.append(columns)

    def trace(self) -> Trace | None:
        if self.every == 0:
            return None
        gradient_norm, value, mean = np.stack(self.rows, axis=1)
        return Trace(
            iterations=np.array(self.times, dtype=np.int64), gradient_norm=gradient_norm, value=value, mean=mean
        )
