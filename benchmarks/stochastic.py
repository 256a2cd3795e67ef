"""Two-point noise on the line: 2,000 runs of 20,000 iterations with running means."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.line_rivals import installed
from benchmarks.report import Contender, Report, measure
from bounds.methods import method_named
from synthetic.landscapes import quartic
from synthetic.oracles import TWO_POINT
from synthetic.randomness import Streams
from synthetic.solve import Backend, solve

__all__ = ["reports"]

_SIGMA = 0.5


def reports(quick: bool) -> tuple[Report, ...]:
    """Clipped stochastic gradient descent on the quartic."""
    batch, iterations = (500, 2000) if quick else (2000, 20_000)
    rng = np.random.default_rng(3)
    eta, gamma = 10 ** rng.uniform(-2, -1, (2, batch))
    start, cpus = rng.uniform(-2, 2, batch), len(os.sched_getaffinity(0))
    numba, jax = installed("numba"), installed("jax")

    def ours(backend: Backend, threads: int | None = None) -> float:
        runs = solve(
            quartic(),
            method_named("clipped-gd"),
            start[:, None],
            epsilon=1e-300,
            max_iterations=iterations,
            parameters={"eta": eta, "gamma": gamma},
            oracle=TWO_POINT,
            sigma=_SIGMA,
            backend=backend,
            threads=threads,
        )
        return float(runs.iterations.sum())

    return (
        measure(
            key="stochastic",
            workload=f"{batch} runs of {iterations} iterations of clipped SGD on x^4, means of |f'| kept.",
            unit="run-iteration",
            rounds=3 if quick else 5,
            contenders=[
                Contender(
                    name=f"kernels, {cpus} threads", work=functools.partial(ours, "numba", cpus) if numba else None
                ),
                Contender(name="kernels, 1 thread", work=functools.partial(ours, "numba", 1) if numba else None),
                Contender(name="numpy driver", work=functools.partial(ours, "numpy")),
                Contender(
                    name="jax scan + vmap",
                    work=_jax(start, eta, gamma, iterations) if jax else None,
                    note="the same bits, one word for 64 iterations",
                ),
            ],
        ),
    )


def _jax(
    start: npt.NDArray[np.float64], eta: npt.NDArray[np.float64], gamma: npt.NDArray[np.float64], iterations: int
) -> Callable[[], float]:
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    keys = Streams(0, np.arange(len(start))).keys
    blocks = -(-iterations // 64)

    def mix(z: Any) -> Any:
        z = (z ^ (z >> 30)) * jnp.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> 27)) * jnp.uint64(0x94D049BB133111EB)
        return z ^ (z >> 31)

    def one(x: Any, key: Any, size: Any, largest: Any) -> Any:
        def step(state: Any, bit: Any) -> Any:
            x, total, word = state
            g = 4 * x * x * x
            noisy = g + jnp.where((word >> bit) & 1 != 0, _SIGMA, -_SIGMA)
            return (x - jnp.clip(size * noisy, -largest, largest), total + jnp.abs(g), word), None

        def block(state: Any, number: Any) -> Any:
            word = mix(key + (number + jnp.uint64(1)) * jnp.uint64(0x9E3779B97F4A7C15))
            (x, total, _), _ = jax.lax.scan(step, (*state, word), jnp.arange(64, dtype=jnp.uint64))
            return (x, total), None

        return jax.lax.scan(block, (x, 0.0), jnp.arange(blocks, dtype=jnp.uint64))[0]

    whole = jax.jit(jax.vmap(one))

    def work() -> float:
        np.asarray(whole(start, keys, eta, gamma)[1])
        return float(blocks * 64 * len(start))

    return work
