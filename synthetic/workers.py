"""Where the cells of a sweep are computed: any ``concurrent.futures`` executor, with a way to open it anew."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

from bounds.errors import InputError
from synthetic.kernels import usable_cpus

__all__ = ["Workers", "here", "lent", "processes"]

# What the libraries of linear algebra read when they are loaded.
_LIBRARY_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_SECONDS_BETWEEN_LOOKS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """An executor that can be opened, and opened again when it broke.

    Attributes
    ----------
    count : how many cells it computes at the same time.
    threads : of compiled kernels in each worker; None for one on each usable CPU.
    in_flight : how many cells are handed out at most; a few more than ``count`` keep the workers busy.
    open : a context manager around an executor.
    """

    count: int
    threads: int | None
    in_flight: int
    open: Callable[[], AbstractContextManager[Executor]]


def here(*, threads: int | None = None) -> Workers:
    """The calling thread, and for compiled kernels threads beside it."""
    return Workers(count=1, threads=threads, in_flight=1, open=lambda: contextlib.nullcontext(_Immediate()))


def lent(executor: Executor, *, count: int, threads: int = 1) -> Workers:
    """An executor that someone else opens and closes, with ``count`` workers: threads, dask, mpi4py, ..."""
    return Workers(count=count, threads=threads, in_flight=2 * count, open=lambda: contextlib.nullcontext(executor))


def processes(count: int, *, threads: int | None = None) -> Workers:
    """New processes on this machine, which leave as soon as this one closes them or dies, even in mid-cell.

    Parameters
    ----------
    threads : in each process, of kernels and of linear algebra (there OMP_NUM_THREADS and its like go first); by
        default the usable CPUs are divided up.

    Raises
    ------
    InputError : a count that is not allowed.
    """
    most = 8 * usable_cpus()
    if not 1 <= count <= most:
        raise InputError(f"{count} processes are not allowed: it must be an integer in [1, {most}].")
    each = threads or max(1, usable_cpus() // count)
    return Workers(count=count, threads=each, in_flight=2 * count, open=lambda: _pool(count, each))


class _Immediate(Executor):
    """Computes on submission."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments, **options))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def _pool(count: int, threads: int) -> Iterator[Executor]:
    # Forking a process that has threads (BLAS) can deadlock, so workers start afresh.
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_attach, initargs=(theirs, os.getpid()))
    try:
        with _inheritance(threads):
            for _ in range(count):
                # A call that finds no idle process starts one.
                pool.submit(int)
        yield pool
    except BaseException:
        # Nobody wants what is being computed now.
        ours.close()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        ours.close()
        theirs.close()


@contextlib.contextmanager
def _inheritance(threads: int) -> Iterator[None]:
    """What processes find that are started meanwhile: the number of threads, and no ears for the interrupt key.

    Both matter before a line of ours runs there: while the libraries are loaded. The signal is blocked instead of
    ignored, so that one that comes meanwhile is only late here.
    """
    added = [name for name in _LIBRARY_THREADS if name not in os.environ]
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        os.environ |= dict.fromkeys(added, str(threads))
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _attach(lifeline: Connection, parent: int) -> None:
    """Make a worker leave when the other end of ``lifeline`` closes or ``parent`` is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(lifeline, parent), daemon=True).start()


def _leave_with(lifeline: Connection, parent: int) -> None:
    # A process forked from the parent may hold the other end open after it, so that is not all that is looked at.
    while not lifeline.poll(_SECONDS_BETWEEN_LOOKS) and os.getppid() == parent:
        pass
    os._exit(0)
