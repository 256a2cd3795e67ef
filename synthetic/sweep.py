"""A grid of runs, computed cell by cell on any executor and stored as it goes.

    with locked(Path("out")) as folder:
        store = Store.create(folder, plan(grid))
        sweep(store, processes(4))

What is computed does not depend on the executor, on the order in which cells finish, or on how often the sweep was
stopped and taken up again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bounds.errors import InputError
from synthetic.cells import QUANTITIES, Cell, compute, prepare
from synthetic.runs import Status
from synthetic.store import Store
from synthetic.workers import Workers

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Progress", "dataset", "sweep"]

_MOST_FAILURES: Final = 3
_SECONDS_BETWEEN_LOOKS: Final = 1.0
_DIMS: Final = ("landscape", "setting", "sigma", "epsilon", "seed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a sweep has come.

    Attributes
    ----------
    cells, runs : in all.
    cells_done, runs_done : stored, now or earlier.
    runs_now : stored since this call began.
    seconds : since this call began.
    solver_seconds : spent in the solver since, summed over the workers.
    damaged : files of cells that were found damaged when this call began, and are computed again.
    """

    cells: int
    runs: int
    cells_done: int
    runs_done: int
    runs_now: int
    seconds: float
    solver_seconds: float
    damaged: tuple[Path, ...] = ()

    @property
    def rate(self) -> float:
        """Runs per second since this call began."""
        return self.runs_now / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float:
        """Time left at this rate; infinite before the first cell."""
        return (self.runs - self.runs_done) / self.rate if self.rate > 0 else float("inf")


def sweep(
    store: Store,
    workers: Workers,
    *,
    progress: Callable[[Progress], None] | None = None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Path:
    """Compute the cells that are missing, then write the labelled dataset.

    Parameters
    ----------
    workers : where; a worker that dies costs the cells it had, which are handed out again.
    progress : called at the beginning and after every cell.
    interrupted : asked about once a second while cells are computed; True stops the sweep as an interrupt does. Python
        drops an interrupt that lands in a callback or a finalizer, and a handler that remembers it is the remedy.

    Returns
    -------
    Path : the NetCDF file; see :func:`dataset` for its contents.

    Raises
    ------
    InputError : the disk is full, or workers keep dying. Finished cells are kept.
    KeyboardInterrupt : passed on, after every cell that had come in was stored.
    """
    finished, damaged = store.finished()
    todo = [cell for cell in store.plan.cells if cell.index not in finished]
    count = _Count(store, todo, tuple(damaged), progress)
    prepare(store.plan.grid, todo)
    failures = 0
    while todo:
        before = len(todo)
        try:
            with workers.open() as executor:
                for cell in _stored(store, executor, todo, workers, count, interrupted):
                    todo.remove(cell)
        except (BrokenExecutor, CancelledError):
            failures = 1 if len(todo) < before else failures + 1
            if failures == _MOST_FAILURES:
                raise InputError(
                    f"workers died {failures} times without finishing a cell, perhaps for lack of memory; "
                    f"{count.cells_done} of {count.cells} cells are kept: use fewer workers, and --resume."
                ) from None
    return store.write_dataset(dataset(store).to_netcdf(engine="scipy"))


def dataset(store: Store) -> xr.Dataset:
    """All results with dimensions (landscape, setting, sigma, epsilon, seed).

    Variables: :data:`synthetic.cells.QUANTITIES` of every run; the parameters of every setting as (landscape, setting,
    sigma, epsilon), NaN for one that the method does not have; infimum of every landscape; backend of the solver.

    Raises
    ------
    InputError : a cell is missing or damaged.
    """
    import xarray as xr

    grid = store.plan.grid
    columns: dict[str, Any] = {name: np.empty(grid.runs, dtype=kind) for name, kind in QUANTITIES.items()}
    filled = 0
    for cell in store.plan.cells:
        found = store.read(cell)
        if found is None:
            raise InputError(f"{store.path(cell)} is missing or damaged; compute it again with --resume.")
        for name, values in found.items():
            columns[name][filled : filled + cell.runs] = values
        filled += cell.runs
    names = tuple(dict.fromkeys(n for s in grid.settings for n in s.method.parameters))
    parameters = {name: np.full(grid.shape[:4], np.nan) for name in names}
    for i, place in enumerate(grid.places):
        for j, setting in enumerate(grid.settings):
            for name, table in grid.parameters(place, setting).items():
                parameters[name][i, j] = table
    backends = np.array(store.plan.backends).reshape(len(grid.places), len(grid.schemes))
    backends = np.repeat(backends, [len(s.settings) for s in grid.schemes], axis=1)
    infima = [float(p.landscape.infimum) for p in grid.places]
    return xr.Dataset(
        {name: (_DIMS, values.reshape(grid.shape)) for name, values in columns.items()}
        | {name: (_DIMS[:4], table) for name, table in parameters.items()}
        | {"infimum": ("landscape", infima), "backend": (_DIMS[:2], backends)},
        coords={
            "landscape": [p.label for p in grid.places],
            "setting": [s.label for s in grid.settings],
            "method": ("setting", [s.method.key for s in grid.settings]),
            "sigma": list(grid.sigma_values),
            "epsilon": list(grid.epsilon_values),
            # NetCDF 3 has no 64-bit integers; these are exact up to 2^53 and compare as numbers.
            "seed": np.array(grid.seeds, dtype=np.float64),
        },
        attrs={
            "description": "runs until a criterion on the gradient norm holds",
            "status": ", ".join(f"{s.value} {s.name.lower()}" for s in Status),
            "grid": json.dumps(grid.data),
        },
    )


class _Count:
    """Adds up what has been stored, and tells whoever wants to know."""

    def __init__(
        self,
        store: Store,
        todo: list[Cell],
        damaged: tuple[Path, ...],
        listener: Callable[[Progress], None] | None,
    ) -> None:
        cells, self._damaged = store.plan.cells, damaged
        self.cells, self.runs = len(cells), store.plan.grid.runs
        self.cells_done, self.runs_done = self.cells - len(todo), self.runs - sum(c.runs for c in todo)
        self._runs_before, self._solver_seconds = self.runs_done, 0.0
        self._began, self._listener = time.perf_counter(), listener
        self._tell()

    def add(self, cell: Cell, seconds: float) -> None:
        self.cells_done += 1
        self.runs_done += cell.runs
        self._solver_seconds += seconds
        self._tell()

    def _tell(self) -> None:
        if self._listener is not None:
            self._listener(
                Progress(
                    cells=self.cells,
                    runs=self.runs,
                    cells_done=self.cells_done,
                    runs_done=self.runs_done,
                    runs_now=self.runs_done - self._runs_before,
                    seconds=time.perf_counter() - self._began,
                    solver_seconds=self._solver_seconds,
                    damaged=self._damaged,
                )
            )


def _stored(
    store: Store,
    executor: Executor,
    todo: list[Cell],
    workers: Workers,
    count: _Count,
    interrupted: Callable[[], bool],
) -> Iterator[Cell]:
    """Hand out cells, a few at a time so that memory stays bounded, and store what comes back."""
    waiting = iter(list(todo))
    running: dict[Future[Any], Cell] = {}
    try:
        while True:
            while len(running) < workers.in_flight and (cell := next(waiting, None)) is not None:
                running[executor.submit(compute, store.plan.grid, cell, workers.threads)] = cell
            if not running:
                return
            done = wait(running, timeout=_SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED).done
            if interrupted():
                raise KeyboardInterrupt
            for future in done:
                yield _keep(store, running.pop(future), future, count)
    except BaseException:
        for future, cell in running.items():
            if not future.cancel() and future.done() and future.exception() is None:
                _keep(store, cell, future, count)
        raise


def _keep(store: Store, cell: Cell, future: Future[Any], count: _Count) -> Cell:
    columns, seconds = future.result()
    store.write(cell, columns)
    count.add(cell, seconds)
    return cell
