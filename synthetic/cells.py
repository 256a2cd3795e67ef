r"""A grid cut into cells: the pieces that are computed, stored and, when lost, computed again.

A cell holds consecutive runs of one landscape and one scheme, so it is one batch for the solver. Its size follows from
the grid alone, never from clocks or the number of workers: a sample of every batch, cut short, gives an idea of the
mean number n of points that a run inspects, and a cell gets the power of two nearest to w/(n d) for a fixed work w.
At w = 2e7 it takes a fraction of a second with array operations and ten milliseconds with compiled kernels, against a
fraction of a millisecond for passing it around and storing it.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from synthetic.forms import FiniteSum
from synthetic.grid import Grid, Place
from synthetic.landscape import Landscape
from synthetic.schemes import Scheme
from synthetic.solve import Runs, solve

__all__ = ["QUANTITIES", "Cell", "Columns", "Estimate", "Plan", "compute", "estimate", "plan"]

Columns = Mapping[str, npt.NDArray[Any]]

QUANTITIES: Final[dict[str, type[np.generic]]] = {
    "status": np.int8,
    "iterations": np.int32,
    "mean_gradient_norm": np.float64,
    "mean_squared": np.float64,
    "min_gradient_norm": np.float64,
    "last_gradient_norm": np.float64,
    "value": np.float64,
}
"""What is kept of a run: the fields of :class:`synthetic.solve.Runs`, and F at the last iterate."""

_WORK: Final = 2.0e7
_LEAST_RUNS: Final = 256
_MOST_RUNS: Final = 65_536
# 128 MiB of doubles.
_MOST_NUMBERS: Final = 2**24
_SAMPLE: Final = 256
_SAMPLE_POINTS: Final = 1_000
# Arrays of the solver and temporaries of gradients, in numbers per run: measured, rounded up.
_NUMBERS_PER_RUN: Final = 56
_NUMBERS_PER_COORDINATE: Final = 12
# What the solver keeps of many iterations of few runs, and its temporaries.
_NUMBERS_OF_A_BLOCK: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Runs ``low`` <= i < ``high`` of the batch of one landscape and one scheme, both given by position."""

    index: int
    place: int
    scheme: int
    low: int
    high: int

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.high - self.low


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A grid and the cells it is cut into.

    Attributes
    ----------
    sizes : most runs in a cell, for each landscape and, within it, each scheme.
    """

    grid: Grid
    sizes: tuple[int, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells in the order of their runs."""
        found: list[Cell] = []
        sizes = iter(self.sizes)
        for place in range(len(self.grid.places)):
            for scheme, each in enumerate(self.grid.schemes):
                runs, size = _batch_runs(self.grid, each), next(sizes)
                for low in range(0, runs, size):
                    high = min(low + size, runs)
                    found.append(Cell(index=len(found), place=place, scheme=scheme, low=low, high=high))
        return tuple(found)

    @property
    def bytes_per_worker(self) -> int:
        """Memory that the arrays of the largest cell take, besides the libraries."""
        return 8 * _NUMBERS_OF_A_BLOCK + max(
            8 * min(size, _batch_runs(self.grid, scheme)) * _numbers_per_run(place.landscape)
            for (place, scheme), size in zip(_batches(self.grid), self.sizes, strict=True)
        )

    @property
    def bytes_of_results(self) -> int:
        """Memory that all results take once, besides two copies of the largest column while they are written."""
        return self.grid.runs * sum(np.dtype(t).itemsize for t in QUANTITIES.values())


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


def compute(grid: Grid, cell: Cell) -> tuple[dict[str, npt.NDArray[Any]], float]:
    """The results of a cell, (runs,) for each of :data:`QUANTITIES`, and the seconds it took.

    A pure function of the grid and the cell, up to the seconds.
    """
    began = time.perf_counter()
    place, scheme = grid.places[cell.place], grid.schemes[cell.scheme]
    runs = _solve(grid, place, scheme, np.arange(cell.low, cell.high), grid.max_iterations)
    with np.errstate(all="ignore"):
        values = {"value": place.landscape.value(runs.x)}
    columns = {
        name: np.asarray(values.get(name, getattr(runs, name, None)), dtype=kind) for name, kind in QUANTITIES.items()
    }
    return columns, time.perf_counter() - began


def _solve(grid: Grid, place: Place, scheme: Scheme, positions: npt.NDArray[np.int64], cap: int) -> Runs:
    shape = (len(scheme.settings), *grid.shape[2:])
    setting, sigma, epsilon, repetition = np.unravel_index(positions, shape)
    method = scheme.settings[0].method
    tables = _tables(grid, place, scheme)
    return solve(
        place.landscape,
        method,
        place.landscape.start,
        epsilon=np.array(grid.epsilon_values)[epsilon],
        max_iterations=cap,
        parameters={name: tables[name][setting, sigma, epsilon] for name in method.parameters},
        criterion=grid.criterion,
        first=grid.first,
        momentum_start=scheme.momentum_start,
        oracle=grid.law,
        sigma=np.array(grid.sigma_values)[sigma],
        seed=grid.seed,
        run_ids=np.array(grid.seeds)[repetition],
        groups=positions // len(grid.seeds) if grid.stop == "together" else None,
    )


@functools.lru_cache(maxsize=4)
def _tables(grid: Grid, place: Place, scheme: Scheme) -> dict[str, npt.NDArray[np.float64]]:
    """Every parameter of a scheme on a landscape, (settings, sigmas, epsilons)."""
    rows = [grid.parameters(place, setting) for setting in scheme.settings]
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def _batches(grid: Grid) -> list[tuple[Place, Scheme]]:
    return [(place, scheme) for place in grid.places for scheme in grid.schemes]


def _batch_runs(grid: Grid, scheme: Scheme) -> int:
    return len(scheme.settings) * math.prod(grid.shape[2:])


def _numbers_per_run(landscape: Landscape) -> int:
    width = len(landscape.form.rows) if isinstance(landscape.form, FiniteSum) else 0
    return _NUMBERS_PER_RUN + _NUMBERS_PER_COORDINATE * max(landscape.dimension, width)


def _measure(grid: Grid) -> tuple[Plan, Estimate]:
    sizes: list[int] = []
    low = high = 0.0
    # Everything is checked first: a bad value in the last batch must not wait for samples of the others.
    for place, scheme in _batches(grid):
        _tables(grid, place, scheme)
    for place, scheme in _batches(grid):
        total, repetitions = _batch_runs(grid, scheme), len(grid.seeds)
        positions = _sample(total, repetitions if grid.stop == "together" else 1)
        cap = min(_SAMPLE_POINTS, grid.max_iterations)
        # The first run on a landscape also compiles its gradient.
        _solve(grid, place, scheme, positions[:repetitions], 1)
        began = time.perf_counter()
        runs = _solve(grid, place, scheme, positions, cap)
        seconds = time.perf_counter() - began
        open_ends = ~runs.converged & (runs.iterations == cap)
        # Nothing is known between the two caps: the geometric mean is off by the same factor both ways.
        inspected = float(np.where(open_ends, math.sqrt(cap * grid.max_iterations), runs.iterations).mean())
        size = _size(grid, place.landscape, inspected) if grid.cell_runs is None else grid.cell_runs
        if grid.stop == "together":
            size = max(1, round(size / repetitions)) * repetitions
        sizes.append(size)
        batches = total / len(positions)
        low += seconds * batches
        high += seconds * batches * (grid.max_iterations / cap if open_ends.any() else 1.0)
    return Plan(grid=grid, sizes=tuple(sizes)), Estimate(low=low, high=high)


def _sample(total: int, whole: int) -> npt.NDArray[np.int64]:
    """Evenly spread positions, in whole groups of ``whole`` neighbours."""
    groups = total // whole
    chosen = np.unique(np.linspace(0, groups - 1, max(1, min(groups, _SAMPLE // whole))).round().astype(np.int64))
    return (chosen[:, None] * whole + np.arange(whole)).ravel()


def _size(grid: Grid, landscape: Landscape, inspected: float) -> int:
    numbers = _numbers_per_run(landscape)
    most = max(1, min(_MOST_RUNS, 1 << int(math.log2(_MOST_NUMBERS / numbers))))
    wanted = 1 << max(0, round(math.log2(_WORK / (inspected * landscape.dimension))))
    return min(max(wanted, _LEAST_RUNS), most)
