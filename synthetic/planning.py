r"""How a grid is cut into cells and what computes them.

The size of a cell follows from the grid alone, never from clocks or the number of workers: a sample of every batch, cut
short, gives an idea of the mean number n of points that a run inspects, and a cell gets the power of two nearest to
w/(n d) for a fixed work w, so that it takes a good fraction of a second, against milliseconds for passing it around and
storing it.

The backend of a batch follows from the grid and from whether kernels are installed. It is chosen once for the batch and
is part of the plan, so cells of one sweep never differ in how they round.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from bounds.errors import InputError
from synthetic.cells import Chosen, Plan, batch_runs, batches, numbers_per_run, solve_part, tables
from synthetic.grid import Grid, Place
from synthetic.kernels import available
from synthetic.landscape import Landscape
from synthetic.schemes import Scheme

__all__ = ["Estimate", "estimate", "plan"]

_WORK: Final[dict[Chosen, float]] = {"numpy": 2.0e7, "numba": 4.0e8}
_LEAST_RUNS: Final = 256
_MOST_RUNS: Final = 65_536
# 128 MiB of doubles.
_MOST_NUMBERS: Final = 2**24
# Runs in a sample, and the most points that they inspect: enough for a kernel to outlast the call.
_SAMPLE: Final[dict[Chosen, int]] = {"numpy": 256, "numba": 1_024}
_SAMPLE_POINTS: Final[dict[Chosen, int]] = {"numpy": 1_000, "numba": 16_000}
# Array operations take a second from here on, as compiling a kernel does. An operation on fewer rows is no faster.
_WORTH_COMPILING: Final = 1.0e8
_LEAST_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Solver time of a whole grid on one core, in seconds, from a sample cut short.

    Attributes
    ----------
    low : if no run needed more points than the sample was given.
    high : if every run that the sample did not see stop went on to the cap.
    """

    low: float
    high: float


def plan(grid: Grid) -> Plan:
    """Check everything that can be checked before running, and cut the grid into cells.

    Raises
    ------
    InputError : a landscape, a formula or a parameter that is not allowed.
    """
    return _measure(grid)[0]


def estimate(grid: Grid) -> tuple[Plan, Estimate]:
    """The cells, and how long they will take; errors as for :func:`plan`."""
    return _measure(grid)


def _measure(grid: Grid) -> tuple[Plan, Estimate]:
    sizes: list[int] = []
    backends: list[Chosen] = []
    low = high = 0.0
    # Everything is checked first: a bad value in the last batch must not wait for samples of the others.
    for place, scheme in batches(grid):
        tables(grid, place, scheme)
    for place, scheme in batches(grid):
        sample = _Sample.of(grid, place, scheme, "numpy")
        backend: Chosen = "numba" if _kernels_take(grid, place, scheme, sample.inspected) else "numpy"
        if backend == "numba":
            sample = _Sample.of(grid, place, scheme, backend)
        size = _size(grid, place.landscape, sample.inspected, backend) if grid.cell_runs is None else grid.cell_runs
        if grid.stop == "together":
            size = max(1, round(size / len(grid.seeds))) * len(grid.seeds)
        sizes.append(size)
        backends.append(backend)
        low += sample.low
        high += sample.high
    return Plan(grid=grid, sizes=tuple(sizes), backends=tuple(backends)), Estimate(low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """What a few runs of a batch, cut short, tell about it.

    Attributes
    ----------
    inspected : mean number of points that a run will inspect, at a guess.
    low, high : seconds that the batch will take on one core; see :class:`Estimate`.
    """

    inspected: float
    low: float
    high: float

    @classmethod
    def of(cls, grid: Grid, place: Place, scheme: Scheme, backend: Chosen) -> _Sample:
        total, repetitions = batch_runs(grid, scheme), len(grid.seeds)
        whole = repetitions if grid.stop == "together" else 1
        groups = total // whole
        # Evenly spread, in whole groups of neighbours.
        chosen = np.linspace(0, groups - 1, max(1, min(groups, _SAMPLE[backend] // whole))).round().astype(np.int64)
        positions = (np.unique(chosen)[:, None] * whole + np.arange(whole)).ravel()
        points = _SAMPLE_POINTS[backend]
        cap = min(max(points // place.landscape.dimension, _SAMPLE_POINTS["numpy"]), points, grid.max_iterations)
        # The first run on a landscape also compiles its gradient.
        solve_part(grid, place, scheme, positions[:whole], 1, backend)
        began = time.perf_counter()
        runs = solve_part(grid, place, scheme, positions, cap, backend)
        seconds = (time.perf_counter() - began) * total / len(positions)
        open_ends = ~runs.converged & (runs.iterations == cap)
        # Nothing is known between the two caps: the geometric mean is off by the same factor both ways.
        inspected = float(np.where(open_ends, math.sqrt(cap * grid.max_iterations), runs.iterations).mean())
        return cls(
            inspected=inspected,
            low=seconds,
            high=seconds * (grid.max_iterations / cap if open_ends.any() else 1.0),
        )


def _kernels_take(grid: Grid, place: Place, scheme: Scheme, inspected: float) -> bool:
    """Whether compiled kernels compute a batch; they compute all of it or nothing."""
    total, repetitions = batch_runs(grid, scheme), len(grid.seeds)
    work = max(total, _LEAST_ROWS) * inspected * place.landscape.dimension
    if grid.backend == "numpy" or (grid.backend == "auto" and not (available() and work >= _WORTH_COMPILING)):
        return False
    try:
        # What they cover may depend on the values of the parameters, and these do not depend on the repetition.
        for low in range(0, total, _MOST_RUNS * repetitions):
            positions = np.arange(low, min(low + _MOST_RUNS * repetitions, total), repetitions)
            solve_part(grid, place, scheme, positions, 1, "numba")
    except InputError as reason:
        if grid.backend == "numba":
            raise InputError(f"{scheme.method} on {place.label}: {reason}") from None
        return False
    return True


def _size(grid: Grid, landscape: Landscape, inspected: float, backend: Chosen) -> int:
    numbers = numbers_per_run(landscape)
    most = max(1, min(_MOST_RUNS, 1 << int(math.log2(_MOST_NUMBERS / numbers))))
    wanted = 1 << max(0, round(math.log2(_WORK[backend] / (inspected * landscape.dimension))))
    return min(max(wanted, _LEAST_RUNS), most)
