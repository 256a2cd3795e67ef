"""How the cost of a run-iteration depends on the size of the work and on the number of threads and processes."""

from __future__ import annotations

import functools
import os
from concurrent.futures import Executor

import numpy as np

from benchmarks.line_rivals import installed
from benchmarks.report import Contender, Report, measure
from bounds.methods import method_named
from synthetic.landscape import Landscape
from synthetic.landscapes import quartic, regularized_logistic
from synthetic.solve import Backend, solve
from synthetic.workers import processes

__all__ = ["reports"]

_KERNELS = installed("numba", "threadpoolctl")


def reports(quick: bool) -> tuple[Report, ...]:
    """One table for each of: runs, iterations, dimension, threads and processes."""
    rounds, few = (2, 100) if quick else (3, 500)
    runs = (32, 1024) if quick else (32, 512, 8192, 65_536)
    horizons = (10, 1000) if quick else (10, 100, 1000, 10_000)
    dimensions = (10, 50) if quick else (10, 50, 200)
    line = quartic()
    return (
        _report(
            "scaling with the runs",
            f"Clipped gradient descent on x^4, {few} iterations.",
            {f"{count} runs": (line, count, few) for count in runs},
            rounds,
        ),
        _report(
            "scaling with the iterations",
            "256 runs of clipped gradient descent on x^4.",
            {f"{horizon} iterations": (line, 256, horizon) for horizon in horizons},
            rounds,
        ),
        _report(
            "scaling with the dimension",
            "64 runs of 100 iterations on logistic regression with 4 samples for each coordinate.",
            {f"{d} coordinates": (regularized_logistic(samples=4 * d, dimension=d), 64, 100) for d in dimensions},
            rounds,
        ),
        _workers(4000 if quick else 20_000, few, rounds),
    )


def work(landscape: Landscape, count: int, iterations: int, backend: Backend, threads: int | None = None) -> float:
    """Clipped gradient descent without a stop; returns the number of run-iterations."""
    start = np.array(landscape.start) * np.linspace(0.1, 1.0, count)[:, None]
    done = solve(
        landscape,
        method_named("clipped-gd"),
        start,
        epsilon=1e-300,
        max_iterations=iterations,
        parameters={"eta": 0.01, "gamma": 0.1},
        backend=backend,
        threads=threads,
    )
    return float(done.iterations.sum())


def _report(key: str, workload: str, sizes: dict[str, tuple[Landscape, int, int]], rounds: int) -> Report:
    backends: tuple[tuple[str, Backend], ...] = (("kernels", "numba"), ("numpy driver", "numpy"))
    contenders = [
        Contender(
            name=f"{name}, {title}",
            work=functools.partial(work, *size, backend) if backend == "numpy" or _KERNELS else None,
        )
        for title, backend in backends
        for name, size in sizes.items()
    ]
    return measure(key=key, workload=workload, unit="run-iteration", contenders=contenders, rounds=rounds)


def _workers(count: int, iterations: int, rounds: int) -> Report:
    cpus, line = len(os.sched_getaffinity(0)), quartic()
    with processes(cpus).open() as pool:
        contenders = [
            Contender(
                name=f"kernels, {threads} thread{'s' * (threads > 1)}",
                work=functools.partial(work, line, count, iterations, "numba", threads) if _KERNELS else None,
            )
            for threads in range(1, cpus + 1)
        ]
        contenders += [
            Contender(
                name=f"numpy driver, {share} process{'es' * (share > 1)}",
                work=functools.partial(_shared, pool, share, count, iterations),
            )
            for share in range(1, cpus + 1)
        ]
        return measure(
            key="scaling with threads and processes",
            workload=f"{count} runs of {iterations} iterations on x^4; the processes are running already.",
            unit="run-iteration",
            contenders=contenders,
            rounds=rounds,
        )


def _shared(pool: Executor, share: int, count: int, iterations: int) -> float:
    parts = [pool.submit(work, quartic(), count // share, iterations, "numpy") for _ in range(share)]
    return sum(part.result() for part in parts)
