"""Clipped gradient descent on the line: 10,000 runs with their own parameters and an early stop."""

from __future__ import annotations

import functools
import os
from typing import Literal

import numpy as np

from benchmarks import line_rivals as rivals
from benchmarks.report import Contender, Report, measure
from bounds.methods import method_named
from synthetic.landscapes import landscape_named
from synthetic.solve import Backend, solve

__all__ = ["reports", "workload"]


def reports(quick: bool) -> tuple[Report, ...]:
    """The quartic and the hyperbolic cosine."""
    return tuple(_report(function, quick) for function in ("quartic", "cosh"))


def workload(function: Literal["quartic", "cosh"], quick: bool) -> rivals.Line:
    """Starts and parameters; the stopping times spread over more than a factor of ten."""
    rng = np.random.default_rng(2)
    batch = 1000 if quick else 10_000
    return rivals.Line(
        function=function,
        x=rng.uniform(-2, 2, batch),
        epsilon=10 ** rng.uniform(-1.75, -0.5, batch),
        eta=10 ** rng.uniform(-2, -1, batch),
        gamma=10 ** rng.uniform(-2, -1, batch),
        cap=20_000,
    )


def _ours(line: rivals.Line, backend: Backend, threads: int | None = None) -> float:
    runs = solve(
        landscape_named(line.function),
        method_named("clipped-gd"),
        line.x[:, None],
        epsilon=line.epsilon,
        max_iterations=line.cap,
        parameters={"eta": line.eta, "gamma": line.gamma},
        backend=backend,
        threads=threads,
    )
    return float(runs.iterations.sum())


def _report(function: Literal["quartic", "cosh"], quick: bool) -> Report:
    line, cpus = workload(function, quick), len(os.sched_getaffinity(0))
    numba, jax = rivals.installed("numba"), rivals.installed("jax")
    few, steps = line.first(20), 100 if quick else 300
    contenders = [
        Contender(
            name=f"kernels, {cpus} threads", work=functools.partial(_ours, line, "numba", cpus) if numba else None
        ),
        Contender(name="kernels, 1 thread", work=functools.partial(_ours, line, "numba", 1) if numba else None),
        Contender(name="numpy driver", work=functools.partial(_ours, line, "numpy")),
        Contender(name="naive numpy", work=functools.partial(rivals.naive_numpy, line), note="whole batch to the end"),
        Contender(name=f"scalar numba, {cpus} threads", work=rivals.scalar_numba(line, cpus) if numba else None),
        Contender(name="jax vmap(while_loop)", work=rivals.jax_while(line) if jax else None),
        Contender(name="jax blocks + compaction", work=rivals.jax_blocks(line) if jax else None),
        Contender(
            name="optax chain, jit + vmap",
            work=rivals.optax_steps(line, steps) if jax and rivals.installed("optax") else None,
            note=f"{steps} steps of all runs, no stop",
        ),
        Contender(
            name="Python loop per run", work=functools.partial(rivals.python_loop, few), note="the first 20 runs"
        ),
        Contender(
            name="torch SGD + clip_grad_norm_ per run",
            work=rivals.torch_steps(line, steps) if rivals.installed("torch") else None,
            note=f"{steps} steps of one run",
        ),
    ]
    total = _ours(line, "numpy")
    return measure(
        key=function,
        workload=f"{len(line.x)} runs of clipped gradient descent, {total / 1e6:.1f} million iterations in all.",
        unit="run-iteration",
        contenders=contenders,
        rounds=3 if quick else 5,
    )
