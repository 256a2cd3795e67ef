"""Two-point noise on the line: 2,000 runs of 20,000 iterations with running means."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any, Literal

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
Float = npt.NDArray[np.float64]
Noise = Literal["library", "word", "block"]
# Where the noise comes from, and whether all results of the solver are computed.
_JAX: tuple[tuple[str, Noise, bool, str], ...] = (
    ("as it is usually written", "library", False, "jax.random.bernoulli; sum of |f'| only"),
    ("our noise, a word each", "word", False, "sum of |f'| only"),
    ("our noise, a word for 64", "block", False, "sum of |f'| only"),
    ("our noise, our results", "block", True, "sums of |f'| and f'^2 and the minimum, as solve has"),
)


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

    def jax_work(noise: Noise, statistics: bool) -> Callable[[], float]:
        return _jax((start, eta, gamma), iterations, noise, statistics)

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
                *(
                    Contender(
                        name=f"jax scan + vmap, {name}", work=jax_work(noise, statistics) if jax else None, note=note
                    )
                    for name, noise, statistics, note in _JAX
                ),
            ],
        ),
    )


def _jax(rows: tuple[Float, Float, Float], iterations: int, noise: Noise, statistics: bool) -> Callable[[], float]:
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    start, eta, gamma = rows
    keys = Streams(0, np.arange(len(start))).keys
    library = jax.vmap(jax.random.key)(np.arange(len(start)))
    blocks = -(-iterations // 64)

    def mix(z: Any) -> Any:
        z = (z ^ (z >> 30)) * jnp.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> 27)) * jnp.uint64(0x94D049BB133111EB)
        return z ^ (z >> 31)

    def word_of(key: Any, number: Any) -> Any:
        return mix(key + (number + jnp.uint64(1)) * jnp.uint64(0x9E3779B97F4A7C15))

    def one(x: Any, key: Any, size: Any, largest: Any) -> Any:
        def step(state: Any, sign: Any) -> Any:
            x, total, squares, least = state
            g = 4 * x * x * x
            length = jnp.abs(g)
            if statistics:
                squares, least = squares + length * length, jnp.minimum(least, length)
            noisy = g + jnp.where(sign, _SIGMA, -_SIGMA)
            return x - jnp.clip(size * noisy, -largest, largest), total + length, squares, least

        def block(state: Any, number: Any) -> Any:
            word = word_of(key, number) if noise == "block" else None

            def inner(state: Any, bit: Any) -> Any:
                t = number * jnp.uint64(64) + bit
                if noise == "library":
                    return step(state, jax.random.bernoulli(jax.random.fold_in(key, t))), None
                bits = word >> bit if noise == "block" else word_of(key, t)
                return step(state, bits & 1 != 0), None

            return jax.lax.scan(inner, state, jnp.arange(64, dtype=jnp.uint64))[0], None

        return jax.lax.scan(block, (x, 0.0, 0.0, jnp.inf), jnp.arange(blocks, dtype=jnp.uint64))[0]

    whole = jax.jit(jax.vmap(one))
    streams = library if noise == "library" else keys

    def work() -> float:
        for result in whole(start, streams, eta, gamma):
            np.asarray(result)
        return float(blocks * 64 * len(start))

    return work
