"""Cells: the pieces of a grid that are computed, stored and, when lost, computed again.

A cell holds consecutive runs of one landscape and one scheme, so it is one batch for the solver.
"""

from __future__ import annotations

import functools
import itertools
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from synthetic.forms import FiniteSum
from synthetic.grid import Grid, Place
from synthetic.landscape import Landscape
from synthetic.runs import Runs
from synthetic.schemes import Scheme
from synthetic.solve import solve

__all__ = [
    "QUANTITIES",
    "Cell",
    "Chosen",
    "Columns",
    "Plan",
    "batch_runs",
    "batches",
    "compute",
    "numbers_per_run",
    "prepare",
    "solve_part",
    "tables",
]

Chosen = Literal["numpy", "numba"]
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
    backend: Chosen = "numpy"

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
    backends : what computes the cells, likewise.
    """

    grid: Grid
    sizes: tuple[int, ...]
    backends: tuple[Chosen, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells in the order of their runs."""
        found: list[Cell] = []
        batches = itertools.product(range(len(self.grid.places)), range(len(self.grid.schemes)))
        for (place, scheme), size, backend in zip(batches, self.sizes, self.backends, strict=True):
            runs = batch_runs(self.grid, self.grid.schemes[scheme])
            for low in range(0, runs, size):
                high = min(low + size, runs)
                found.append(Cell(index=len(found), place=place, scheme=scheme, low=low, high=high, backend=backend))
        return tuple(found)

    @property
    def bytes_per_worker(self) -> int:
        """Memory that the arrays of the largest cell take, besides the libraries."""
        return 8 * _NUMBERS_OF_A_BLOCK + max(
            8 * min(size, batch_runs(self.grid, scheme)) * numbers_per_run(place.landscape)
            for (place, scheme), size in zip(batches(self.grid), self.sizes, strict=True)
        )

    @property
    def bytes_of_results(self) -> int:
        """Memory that all results take once, besides two copies of the largest column while they are written."""
        return self.grid.runs * sum(np.dtype(t).itemsize for t in QUANTITIES.values())


def prepare(grid: Grid, cells: Iterable[Cell]) -> None:
    """Compile the kernels that the cells need, so that workers which begin at once find them in the cache.

    Raises
    ------
    InputError : kernels are not installed here, or the cache cannot be written.
    """
    for cell in {(c.place, c.scheme): c for c in cells if c.backend == "numba"}.values():
        place, scheme = grid.places[cell.place], grid.schemes[cell.scheme]
        solve_part(grid, place, scheme, np.arange(cell.low, cell.low + 1), 1, "numba")


def compute(grid: Grid, cell: Cell, threads: int | None = None) -> tuple[dict[str, npt.NDArray[Any]], float]:
    """The results of a cell, (runs,) for each of :data:`QUANTITIES`, and the seconds it took.

    A pure function of the grid and the cell, up to the seconds.
    """
    began = time.perf_counter()
    place, scheme = grid.places[cell.place], grid.schemes[cell.scheme]
    runs = solve_part(grid, place, scheme, np.arange(cell.low, cell.high), grid.max_iterations, cell.backend, threads)
    with np.errstate(all="ignore"):
        values = {"value": place.landscape.value(runs.x)}
    columns = {
        name: np.asarray(values.get(name, getattr(runs, name, None)), dtype=kind) for name, kind in QUANTITIES.items()
    }
    return columns, time.perf_counter() - began


def solve_part(
    grid: Grid,
    place: Place,
    scheme: Scheme,
    positions: npt.NDArray[np.int64],
    cap: int,
    backend: Chosen,
    threads: int | None = 1,
) -> Runs:
    """The runs at some positions of a batch, with at most ``cap`` points each."""
    shape = (len(scheme.settings), *grid.shape[2:])
    setting, sigma, epsilon, repetition = np.unravel_index(positions, shape)
    method = scheme.settings[0].method
    table = tables(grid, place, scheme)
    return solve(
        place.landscape,
        method,
        place.landscape.start,
        epsilon=np.array(grid.epsilon_values)[epsilon],
        max_iterations=cap,
        parameters={name: table[name][setting, sigma, epsilon] for name in method.parameters},
        criterion=grid.criterion,
        first=grid.first,
        momentum_start=scheme.momentum_start,
        oracle=grid.law,
        sigma=np.array(grid.sigma_values)[sigma],
        seed=grid.seed,
        run_ids=_seeds(grid.seeds)[repetition],
        groups=positions // len(grid.seeds) if grid.stop == "together" else None,
        backend=backend,
        threads=threads,
    )


@functools.lru_cache(maxsize=4)
def _seeds(seeds: tuple[int, ...] | range) -> npt.NDArray[np.int64]:
    return np.array(seeds, dtype=np.int64)


@functools.lru_cache(maxsize=4)
def tables(grid: Grid, place: Place, scheme: Scheme) -> dict[str, npt.NDArray[np.float64]]:
    """Every parameter of a scheme on a landscape, (settings, sigmas, epsilons)."""
    rows = [grid.parameters(place, setting) for setting in scheme.settings]
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def batches(grid: Grid) -> list[tuple[Place, Scheme]]:
    """All pairs of a landscape and a scheme in the order of the runs."""
    return [(place, scheme) for place in grid.places for scheme in grid.schemes]


def batch_runs(grid: Grid, scheme: Scheme) -> int:
    """How many runs a scheme has on each landscape."""
    return len(scheme.settings) * math.prod(grid.shape[2:])


def numbers_per_run(landscape: Landscape) -> int:
    """Doubles that a run takes while it is computed, at most."""
    width = len(landscape.form.rows) if isinstance(landscape.form, FiniteSum) else 0
    return _NUMBERS_PER_RUN + _NUMBERS_PER_COORDINATE * max(landscape.dimension, width)
