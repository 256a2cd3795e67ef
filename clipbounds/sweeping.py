"""The command sweep: opening store and workers, progress on standard error, and a summary at the end."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, Self

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from bounds.errors import InputError
from clipbounds import show
from synthetic.cells import Plan
from synthetic.grid_text import read_grid
from synthetic.kernels import usable_cpus
from synthetic.planning import Estimate, estimate
from synthetic.solve import Status
from synthetic.store import Store, locked
from synthetic.sweep import Progress, sweep
from synthetic.workers import Workers, here, lent, processes

__all__ = ["rehearse", "run_sweep", "workers_for"]

_SECONDS_BETWEEN_LINES: Final = 10.0
_SECONDS_TO_CONNECT: Final = 10
# Of solver time, below which new processes take longer to start than they save.
_SHORT: Final = 5.0


def rehearse(config: Path, *, local: int | None, as_json: bool) -> None:
    """Print what a sweep would be, without writing anything.

    Raises
    ------
    InputError : the file is not a grid.
    """
    if local is not None:
        processes(local)
    planned, time_ = estimate(read_grid(config))
    count = _enough(planned, time_) if local is None else local
    runs, cells = planned.grid.runs, len(planned.cells)
    memory = {"per_worker": planned.bytes_per_worker, "results": planned.bytes_of_results}
    if as_json:
        seconds = {"low": time_.low, "high": time_.high}
        show.json({"runs": runs, "cells": cells, "core_seconds": seconds, "workers": count, "memory_bytes": memory})
        return
    show.text(f"{_size(planned)}; {_time(planned, time_, count)}.")
    show.text(_memory(planned))


def run_sweep(
    config: Path, out: Path | None, *, resume: bool, local: int | None, scheduler: str | None, as_json: bool
) -> bool:
    """Run a sweep and print its summary; False when it was interrupted.

    Raises
    ------
    InputError : a bad file, folder or option, another sweep in the folder, a full disk, no cluster.
    """
    if out is None:
        raise InputError("--out is missing: give a folder for the results of this sweep, or --dry-run.")
    if local is not None and scheduler is not None:
        raise InputError("--local and --scheduler exclude each other: give one.")
    if local is not None:
        processes(local)
    grid = read_grid(config)
    with locked(out) as folder:
        store, time_ = Store.reopen(folder, grid) if resume else None, None
        if store is None:
            Store.refuse_another(folder)
            planned, time_ = estimate(grid)
            store = Store.create(folder, planned)
        if local is None and scheduler is None:
            local = _enough(store.plan, time_)
        expected = "" if time_ is None or local is None else f"; {_time(store.plan, time_, local)}"
        reporter = _Reporter(store.plan)
        try:
            show.note(f"{_size(store.plan)}{expected}. {_memory(store.plan)}")
            with _remembered_interrupt() as interrupted, workers_for(local, scheduler) as workers, reporter:
                path = sweep(store, workers, progress=reporter, interrupted=interrupted)
        except KeyboardInterrupt:
            _interrupted(reporter.last, config, out)
            return False
        _summary(store, path, reporter.last, workers.count, as_json=as_json)
    return True


@contextlib.contextmanager
def _remembered_interrupt() -> Iterator[Callable[[], bool]]:
    """Raise on the interrupt key as ever, and remember that it was pressed."""
    pressed = threading.Event()

    def press(signum: int, frame: FrameType | None) -> None:
        pressed.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def workers_for(local: int | None, scheduler: str | None) -> Iterator[Workers]:
    """The workers that the options ask for: this process, several processes, or a dask cluster.

    Raises
    ------
    InputError : a bad number, a missing package, a scheduler that does not answer or has no workers.
    """
    if scheduler is None:
        yield here() if local == 1 else processes(usable_cpus() if local is None else local)
        return
    try:
        import distributed
    except ImportError:
        raise InputError('--scheduler needs dask.distributed: pip install "clipbounds[cluster]".') from None
    connect: Any = distributed.Client
    try:
        client = connect(scheduler, timeout=_SECONDS_TO_CONNECT)
    except (OSError, ValueError) as error:
        raise InputError(f"no dask scheduler answers at {scheduler!r}: {error}") from None
    with client:
        count = sum(client.nthreads().values())
        if count == 0:
            raise InputError(f"the dask scheduler at {scheduler!r} has no workers: start some first.")
        try:
            yield lent(client.get_executor(), count=count)
        except distributed.KilledWorker as error:
            raise InputError(f"the cluster gave up on a cell; finished cells are kept: {error}") from None


class _Reporter:
    """Shows progress: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, planned: Plan) -> None:
        self.last = Progress(
            cells=len(planned.cells),
            runs=planned.grid.runs,
            cells_done=0,
            runs_done=0,
            runs_now=0,
            seconds=0.0,
            solver_seconds=0.0,
        )
        self._line_at = time.monotonic() + _SECONDS_BETWEEN_LINES
        self._bar = Bar(BarColumn(), TextColumn("{task.description}"), console=Console(file=sys.stderr), transient=True)
        self._task = self._bar.add_task("", total=None)
        self._live = sys.stderr.isatty()

    def __enter__(self) -> Self:
        if self._live:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        if not self.last.damaged:
            for path in progress.damaged:
                self._bar.console.print(
                    f"damaged, computed again: {path}", markup=False, highlight=False, soft_wrap=True
                )
        self.last = progress
        if self._live:
            self._bar.update(
                self._task, total=progress.runs, completed=progress.runs_done, description=_position(progress)
            )
        elif time.monotonic() >= self._line_at:
            self._line_at = time.monotonic() + _SECONDS_BETWEEN_LINES
            show.note(_position(progress))


def _summary(store: Store, path: Path, now: Progress, workers: int, *, as_json: bool) -> None:
    import xarray as xr

    with xr.open_dataset(path, engine="scipy") as found:
        counts = np.bincount(found["status"].to_numpy().ravel(), minlength=len(Status))
    status = {s.name.lower(): int(counts[s]) for s in Status}
    busy = now.solver_seconds / (workers * now.seconds) if now.runs_now else None
    if as_json:
        report: dict[str, Any] = {
            "runs": now.runs,
            "runs_now": now.runs_now,
            "cells": now.cells,
            "damaged": [str(p) for p in now.damaged],
            "seconds": now.seconds,
            "runs_per_second": now.rate,
            "solver_share": busy,
            "status": status,
            "dataset": str(path),
        }
        show.json(report)
        return
    share = "" if busy is None else f" ({now.rate:,.0f} runs/s, workers {busy:.0%} in the solver)"
    show.text(
        f"{now.runs:,} runs, {now.runs - now.runs_now:,} of them from before, in {_duration(now.seconds)}{share}: "
        + ", ".join(f"{n:,} {name}" for name, n in status.items())
        + f"\nwritten: {path}"
    )


def _interrupted(now: Progress, config: Path, out: Path) -> None:
    show.note(
        f"interrupted after {_duration(now.seconds)}: {now.cells_done:,} of {now.cells:,} cells "
        f"({now.runs_done:,} of {now.runs:,} runs, {now.runs_now:,} of them new) are kept; continue with: "
        f"clipbounds sweep {config} --out {out} --resume"
    )


def _enough(planned: Plan, time_: Estimate | None) -> int:
    """How many processes pay for themselves."""
    short = time_ is not None and time_.high < _SHORT
    return 1 if short else min(usable_cpus(), len(planned.cells))


def _position(progress: Progress) -> str:
    left = "" if progress.rate == 0 else f", {progress.rate:,.0f} runs/s, {_duration(progress.seconds_left)} left"
    return f"{progress.runs_done:,} of {progress.runs:,} runs{left}"


def _size(planned: Plan) -> str:
    kernels = planned.backends.count("numba")
    with_kernels = f", {kernels} of {len(planned.backends)} batches with compiled kernels" if kernels else ""
    return f"{planned.grid.runs:,} runs in {len(planned.cells):,} cells{with_kernels}"


def _time(planned: Plan, time_: Estimate, count: int) -> str:
    low, high = (seconds / min(count, len(planned.cells)) for seconds in (time_.low, time_.high))
    span = _duration(low) if high < 1.5 * low else f"{_duration(low)} to {_duration(high)}"
    return f"estimated time: {span} with {count} {'process' if count == 1 else 'processes'} on this machine"


def _memory(planned: Plan) -> str:
    each, results = planned.bytes_per_worker / 1e6, planned.bytes_of_results / 1e6
    return (
        f"Memory: at most {each:,.1f} MB of arrays in each worker, and 3 x {results:,.1f} MB here at the end, "
        "besides the libraries."
    )


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min" if hours else f"{minutes} min {rest} s"
