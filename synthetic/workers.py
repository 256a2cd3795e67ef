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
from typing import Any

from bounds.errors import InputError

__all__ = ["Workers", "here", "lent", "processes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """An executor that can be opened, and opened again when it broke.

    Attributes
    ----------
    count : how many cells it computes at the same time.
    in_flight : how many cells are handed out at most; a few more than ``count`` keep the workers busy.
    open : a context manager around an executor.
    """

    count: int
    in_flight: int
    open: Callable[[], AbstractContextManager[Executor]]


def here() -> Workers:
    """The calling thread."""
    return Workers(count=1, in_flight=1, open=lambda: contextlib.nullcontext(_Immediate()))


def lent(executor: Executor, *, count: int) -> Workers:
    """An executor that someone else opens and closes, with ``count`` workers: threads, dask, mpi4py, ..."""
    return Workers(count=count, in_flight=2 * count, open=lambda: contextlib.nullcontext(executor))


def processes(count: int) -> Workers:
    """New processes on this machine, which leave as soon as this one closes them or dies, even in mid-cell.

    Raises
    ------
    InputError : a count that is not allowed.
    """
    most = 8 * (os.cpu_count() or 1)
    if not 1 <= count <= most:
        raise InputError(f"{count} processes are not allowed: it must be an integer in [1, {most}].")
    return Workers(count=count, in_flight=2 * count, open=lambda: _pool(count))


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
def _pool(count: int) -> Iterator[Executor]:
    # Forking a process that has threads (BLAS) can deadlock, so workers start afresh.
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_attach, initargs=(theirs,))
    try:
        yield pool
    except BaseException:
        # Nobody wants what is being computed now.
        ours.close()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        ours.close()
        theirs.close()


def _attach(lifeline: Connection) -> None:
    """Make a worker leave when the other end of ``lifeline`` closes, and ignore the interrupt key."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(lifeline,), daemon=True).start()


def _leave_with(lifeline: Connection) -> None:
    lifeline.poll(None)
    os._exit(0)
