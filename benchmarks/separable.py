"""Ten coordinates: 4,096 starts of clipped gradient descent on a sum of fourth powers, with an early stop."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from benchmarks.line_rivals import installed
from benchmarks.report import Contender, Report, measure
from bounds.methods import method_named
from synthetic.forms import Separable
from synthetic.landscape import Landscape
from synthetic.solve import Backend, solve

__all__ = ["reports"]

_DIMENSION, _CAP, _EPSILON = 10, 20_000, 0.05
Float = npt.NDArray[np.float64]


def reports(quick: bool) -> tuple[Report, ...]:
    """Kernels, numpy and compacted blocks of jax."""
    x = sp.Symbol("x", real=True)
    landscape = Landscape(
        key="fourth-powers",
        name="sum of fourth powers",
        form=Separable(profile=x**4, variable=x, dimension=_DIMENSION),
        smoothness=(),
        optimum=(0.0,) * _DIMENSION,
        infimum=Fraction(0),
        start=(1.0,) * _DIMENSION,
        summary="A workload.",
        source="benchmarks",
    )
    batch = 512 if quick else 4096
    rng = np.random.default_rng(4)
    start = rng.uniform(-1, 1, (batch, _DIMENSION))
    eta, gamma = 10 ** rng.uniform(-2, -1, batch), 10 ** rng.uniform(-2, -0.5, batch)
    cpus, numba, jax = len(os.sched_getaffinity(0)), installed("numba"), installed("jax")

    def ours(backend: Backend, threads: int | None = None) -> float:
        runs = solve(
            landscape,
            method_named("clipped-gd"),
            start,
            epsilon=_EPSILON,
            max_iterations=_CAP,
            parameters={"eta": eta, "gamma": gamma},
            backend=backend,
            threads=threads,
        )
        return float(runs.iterations.sum())

    return (
        measure(
            key="ten coordinates",
            workload=f"{batch} runs on a sum of fourth powers, {ours('numpy') / 1e6:.1f} million iterations in all.",
            unit="run-iteration",
            rounds=3,
            contenders=[
                Contender(
                    name=f"kernels, {cpus} threads", work=functools.partial(ours, "numba", cpus) if numba else None
                ),
                Contender(name="kernels, 1 thread", work=functools.partial(ours, "numba", 1) if numba else None),
                Contender(name="numpy driver", work=functools.partial(ours, "numpy")),
                Contender(name="jax blocks + compaction", work=_jax(start, eta, gamma) if jax else None),
            ],
        ),
    )


def _jax(start: Float, eta: Float, gamma: Float, block: int = 64) -> Callable[[], float]:
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    def step(state: Any, size: Any, largest: Any) -> Any:
        x, total, count, running = state
        g = 4 * x * x * x
        length = jnp.sqrt((g * g).sum(axis=1))
        total, count = jnp.where(running, total + length, total), jnp.where(running, count + 1, count)
        running = running & (total > _EPSILON * count) & (count < _CAP)
        moved = x - jnp.minimum(size, largest / length)[:, None] * g
        return jnp.where(running[:, None], moved, x), total, count, running

    @jax.jit
    def advance(state: Any, size: Any, largest: Any) -> Any:
        return jax.lax.fori_loop(0, block, lambda _, s: step(s, size, largest), state)

    def work() -> float:
        rows, batch, done = [eta, gamma], len(start), 0
        state = [start, np.zeros(batch), np.zeros(batch, np.int64), np.ones(batch, bool)]
        while len(state[0]):
            count = len(state[0])
            fill = (1 << (count - 1).bit_length()) - count
            padded = [np.concatenate([a, np.zeros((fill, *a.shape[1:]), a.dtype)]) for a in (*state, *rows)]
            state = [np.asarray(a)[:count] for a in advance(tuple(padded[:4]), *padded[4:])]
            keep = state[3]
            done += int(state[2][~keep].sum())
            state, rows = [a[keep] for a in state], [a[keep] for a in rows]
        return float(done)

    return work
