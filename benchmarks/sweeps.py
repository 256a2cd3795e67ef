"""What a sweep costs beyond its solver: cutting, handing out, passing back, storing and collecting."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from benchmarks.line_rivals import installed
from benchmarks.report import Contender, Report, measure
from synthetic.cells import Plan, compute
from synthetic.grid import Grid
from synthetic.grid_text import grid_from_data
from synthetic.planning import plan
from synthetic.runs import Backend
from synthetic.store import Store, locked
from synthetic.sweep import sweep
from synthetic.workers import Workers, here, lent, processes

__all__ = ["reports"]


def reports(quick: bool) -> tuple[Report, ...]:
    """Each backend, and what new processes cost before they do anything."""
    rounds = 2 if quick else 3
    found = [_report("numpy", 10_000 if quick else 40_000, 4_000, rounds)]
    if installed("numba"):
        found.append(_report("numba", 8_192 if quick else 32_768, 100_000, rounds))
    start = measure(
        key="start of workers",
        workload="A pool of new processes, opened, each used once, and closed.",
        unit="pool",
        rounds=rounds,
        contenders=[Contender(name=f"{n} processes", work=functools.partial(_opened, n)) for n in (1, 2)],
    )
    return (*found, start)


def _grid(backend: Backend, seeds: int, iterations: int) -> Grid:
    """Clipped stochastic descent without a stop, four settings: 4 x seeds x iterations run-iterations."""
    return grid_from_data(
        {
            "landscapes": ["quartic"],
            "methods": [{"method": "clipped-gd", "eta": [0.01, 0.02], "gamma": [0.05, 0.02]}],
            "epsilons": [1e-9],
            "sigmas": [0.3],
            "seeds": seeds,
            "oracle": "two-point",
            "max_iterations": iterations,
            "backend": backend,
        }
    )


def _report(backend: Backend, seeds: int, iterations: int, rounds: int) -> Report:
    once, twice = (plan(_grid(backend, s, iterations)) for s in (seeds, 2 * seeds))
    with processes(1, threads=1).open() as one, processes(2, threads=1).open() as two:
        single, double = lent(one, count=1), lent(two, count=2)
        contenders = [
            Contender(name="the same calls of the solver", work=functools.partial(_bare, once), note="nothing stored"),
            Contender(name="sweep, this process", work=functools.partial(_swept, once, here(threads=1))),
            Contender(name="sweep, 1 process", work=functools.partial(_swept, once, single)),
            Contender(name="sweep, 2 processes", work=functools.partial(_swept, once, double), note="at best 0.5"),
            Contender(
                name="the same, twice the runs", work=functools.partial(_swept, twice, double), note="at best 0.5"
            ),
        ]
        return measure(
            key=f"sweep, {backend}",
            workload=(
                f"{once.grid.runs:,} runs of {iterations:,} iterations in {len(once.cells)} cells, one thread each; "
                "the processes are running already."
            ),
            unit="run-iteration",
            rounds=rounds,
            contenders=contenders,
        )


def _units(planned: Plan) -> float:
    return float(planned.grid.runs * planned.grid.max_iterations)


def _bare(planned: Plan) -> float:
    for cell in planned.cells:
        compute(planned.grid, cell, threads=1)
    return _units(planned)


def _swept(planned: Plan, workers: Workers) -> float:
    with tempfile.TemporaryDirectory(prefix="clipbounds-benchmark-") as folder, locked(Path(folder)) as path:
        sweep(Store.create(path, planned), workers)
    return _units(planned)


def _opened(count: int) -> float:
    with processes(count).open() as pool:
        for future in [pool.submit(int) for _ in range(count)]:
            future.result()
    return 1.0
