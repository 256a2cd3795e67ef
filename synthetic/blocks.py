r"""The driver in numpy, in optimistic blocks.

A block takes R iterations of all runs as if none of them ended: gradients, norms G and steps only, which is what a
naive loop does. Afterwards the R rows of norms are reviewed at once: sums, minima, the criterion at every inspected
count, and the first row at which a run ends. There the run is written down, and what it computed later is dropped.

The results are those of one iteration at a time, bit for bit: sums are added in the order of the iterations, and the
rows of a batch do not influence each other. What a run computes after its end must be harmless:

- no gradient is asked for at a point that is not finite: the block ends before it;
- a landscape may refuse a point that is reached after the end only: the block ends before it, ended runs leave, and
  the point is asked for again only if its run is still there.

R grows with the iteration t, so that at most a small share of the work is wasted; while the arrays are so short that
calls cost more than numbers do, it grows as t itself. A recorded iteration takes R = 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from bounds.methods import MomentumStart
from synthetic.active import Active, Recorder, Results
from synthetic.oracles import Oracle
from synthetic.rows import Space, all_finite, first_column, running
from synthetic.runs import Criterion, Runs, Status
from synthetic.step import norms

__all__ = ["Descent"]

Float = npt.NDArray[np.float64]
Integer = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Function = Callable[[Float], Float]

# A block is at most this share of the iterations so far (1/_SHARE), and at most so many iterations.
_SHARE: Final = 8
_LONGEST: Final = 128
# Numbers in a row up to which a call costs more than its numbers, and numbers in a block that stay in the cache.
_SHORT: Final = 2**11
_CACHED: Final = 2**17
# Compacting copies every array once; below this share of unfinished runs it pays for itself within a block.
_COMPACT_BELOW: Final = 0.9
# Sums of _LONGEST numbers are rounded by much less than this.
_ROUNDED: Final = 1.0 - 2.0**-40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    """Iterations t .. t + R - 1 of n runs.

    Attributes
    ----------
    points : (R, n, d) the iterates.
    size : (R, n) G; infinite where it is not a finite number.
    broken : whether the block ended before its time, so that finished runs must leave.
    """

    points: Float
    size: Float
    broken: bool


class Descent:
    """Runs a batch to its end; the parameters are those of :func:`synthetic.solve.solve`.

    Parameters
    ----------
    value, gradient : the landscape.
    """

    def __init__(
        self,
        *,
        value: Function,
        gradient: Function,
        runs: Active,
        oracle: Oracle,
        criterion: Criterion,
        first: Literal[0, 1],
        momentum_start: MomentumStart,
        max_iterations: int,
        record_every: int,
    ) -> None:
        self.value, self.gradient, self.runs, self.oracle = value, gradient, runs, oracle
        self.criterion, self.first, self.momentum_start = criterion, first, momentum_start
        self.max_iterations = max_iterations
        self.results, self.recorder = Results(runs.x), Recorder(record_every, len(runs.x))
        self.space, self.finite = Space(), True

    def run(self) -> Runs:
        t = 0
        # Overflow ends in a status, so a warning would be no news.
        with np.errstate(all="ignore"):
            while self.runs.unfinished:
                block = self._advance(t, self._length(t))
                healthy = self._review(t, block)
                t += len(block.points)
                # Runs that blew up leave at once: a landscape need not cope with infinities.
                crowded = self.runs.unfinished < _COMPACT_BELOW * len(self.runs.x)
                if crowded or block.broken or not healthy:
                    self.runs.compact()
                self.finite = not block.broken or bool(np.isfinite(self.runs.x).all())
        return self.results.freeze(self.recorder.trace())

    def _length(self, t: int) -> int:
        numbers = self.runs.x.size
        length = min(max(t // _SHARE, min(t, _SHORT // numbers)), _LONGEST, _CACHED // numbers)
        if self.recorder.every:
            length = min(length, self.recorder.due(t))
        return max(1, min(length, self.max_iterations + self.first - t))

    def _advance(self, t: int, length: int) -> _Block:
        """Take the steps of a block: the runs' points and buffers are then those of its end."""
        runs = self.runs
        points = self.space.array("points", length + 1, *runs.x.shape)
        size = self.space.array("size", length, len(runs.x))
        flat = points.reshape(length + 1, -1)
        points[0] = runs.x
        draw, advance = self.oracle.draw, runs.stepper.advance
        from_gradient = self.momentum_start is MomentumStart.GRADIENT
        x, m, done, broken = points[0], runs.m, 0, False
        while done < length and not broken:
            try:
                gradient = self._gradient(x) if self.finite or done else self._gradient_where_finite(x)
            except Exception:
                if done == 0:
                    raise
                broken = True
                break
            known = norms(gradient, size[done])
            if from_gradient and t + done == 0:
                # A copy: it may be a view of the points.
                m = gradient.copy()
            noisy = draw(gradient, runs.sigma, runs.streams, t + done)
            done += 1
            x, m = advance(x, m, noisy, length=known if noisy is gradient else None, out=points[done])
            broken = not all_finite(flat[done])
        runs.x, runs.m = x, m
        return _Block(points=points[:done], size=size[:done], broken=broken)

    def _gradient(self, x: Float) -> Float:
        gradient = self.gradient(x)
        if gradient.shape != x.shape:
            raise InputError(f"the landscape's gradient has shape {gradient.shape}: it must be {x.shape}.")
        return gradient

    def _gradient_where_finite(self, x: Float) -> Float:
        gradient, finite = np.full_like(x, np.inf), np.isfinite(x).all(axis=1)
        if finite.any():
            gradient[finite] = self._gradient(x[finite])
        return gradient

    def _review(self, t: int, block: _Block) -> bool:
        """Count the points of a block and write down the runs that ended in it; whether all norms were finite."""
        runs, size = self.runs, block.size
        counts = np.arange(len(size)) + (t + 1 - self.first)
        bad = None
        if not all_finite(size):
            bad = ~np.isfinite(size)
            size[bad] = np.inf
        before, least = (runs.sums, runs.least), np.minimum.reduce(size, axis=0)
        if counts[0]:
            squares = self.space.array("squares", *size.shape)
            runs.inspect(size, np.multiply(size, size, out=squares), least)
        if self.recorder.every and self.recorder.due(t) == 0:
            value = self.value(block.points[0])
            self.recorder.record(t, runs, inspected=int(counts[0]), length=size[0], value=value)
        columns = np.flatnonzero(self._candidates(least, bad, counts, before[0]))
        if len(columns):
            self._settle(columns, block, bad, counts, *before)
        return bad is None

    def _candidates(self, least: Float, bad: Mask | None, counts: Integer, sums: Float) -> Mask:
        """The unfinished runs that may end in a block; ``least: (n,)`` is from the block, ``sums`` from before."""
        runs = self.runs
        if counts[-1] == self.max_iterations:
            return runs.running
        if counts[0] == 0:
            found = np.zeros(len(runs.x), dtype=np.bool_)
        elif self.criterion == "min":
            found = runs.average(least) <= runs.target
        else:
            bound = sums[self._row]
            if runs.group is None:
                # Every point adds at least this much, so that a sum above the line through epsilon T at both ends of
                # the block is above it throughout; the factor is for rounding.
                smallest = least * least if self.criterion == "mean-squared" else least
                bound = (bound + len(counts) * smallest) * _ROUNDED
            # Sums do not decrease in floating-point numbers either, and averages of larger sums are not smaller.
            found = runs.average(bound) <= runs.target * counts[-1]
        return found if bad is None else found | runs.groups_of(np.any(bad, axis=0))

    def _settle(
        self, columns: Integer, block: _Block, bad: Mask | None, counts: Integer, sums: Float, least: Float
    ) -> None:
        """Find the rows at which candidates end, and write them down; ``sums`` and ``least`` are from before."""
        runs, rows = self.runs, len(counts)
        ends, status = np.full(len(columns), rows), np.full(len(columns), Status.CONVERGED)
        if counts[0]:
            ends = first_column(self._held(columns, block.size, counts, sums))
        if bad is not None:
            failed = bad if runs.group is None else np.stack([runs.groups_of(row) for row in bad])
            fails = first_column(failed.T[columns])
            status[fails <= ends] = Status.DIVERGED
            ends = np.minimum(ends, fails)
        if counts[-1] == self.max_iterations:
            status[ends == rows] = Status.CAPPED
            ends = np.minimum(ends, rows - 1)
        ended = np.flatnonzero(ends < rows)
        columns, ends, run = columns[ended], ends[ended], np.arange(len(ended))
        size = block.size.T[columns]
        self.results.write(
            runs.index[columns],
            status=status[ended],
            iterations=counts[ends],
            x=block.points[ends, columns],
            last=size[run, ends],
            sums=np.stack(
                [running(np.add, sums[i, columns], numbers)[run, ends] for i, numbers in enumerate((size, size * size))]
            ),
            least=running(np.minimum, least[columns], size)[run, ends],
        )
        runs.finish(columns)

    def _held(self, columns: Integer, size: Float, counts: Integer, sums: Float) -> Mask:
        """(c, R) where the criterion held."""
        target, level = self.runs.target[columns, None], size.T[columns]
        if self.criterion != "min":
            if self.criterion == "mean-squared":
                level *= level
            level, target = running(np.add, sums[self._row, columns], level), target * counts
        if self.runs.group is not None:
            level = np.stack([self.runs.average(row, columns) for row in level.T], axis=1)
        held: Mask = level <= target
        return held

    @property
    def _row(self) -> int:
        """Which sums the criterion compares."""
        return 1 if self.criterion == "mean-squared" else 0
