"""Logistic regression, 100 coordinates and 500 samples: 256 runs of clipped gradient descent on all data."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.line_rivals import installed
from benchmarks.report import Contender, Report, measure
from bounds.methods import method_named
from synthetic.forms import FiniteSum
from synthetic.kernels.sums import COLUMNS, SUMS
from synthetic.landscapes import regularized_logistic
from synthetic.solve import Backend, solve

__all__ = ["reports"]

Float = npt.NDArray[np.float64]
_DIMENSION, _SAMPLES, _PENALTY = 100, 500, 0.01
# Never reached.
_EPSILON = 1e-300


def reports(quick: bool) -> tuple[Report, ...]:
    """Kernels, rivals, and the matrix products alone."""
    landscape = regularized_logistic(samples=_SAMPLES, dimension=_DIMENSION, regularization="1/100")
    form = landscape.form
    assert isinstance(form, FiniteSum)
    rows, labels = np.array(form.rows), np.array(form.labels)
    batch, iterations = (128, 50) if quick else (256, 200)
    rng = np.random.default_rng(5)
    start = rng.uniform(-1, 1, (batch, _DIMENSION))
    eta, gamma = 10 ** rng.uniform(-1, 0, batch), 10 ** rng.uniform(-2, -1, batch)
    cpus, numba, jax = len(os.sched_getaffinity(0)), installed("numba", "threadpoolctl"), installed("jax")

    def ours(backend: Backend, threads: int | None = None) -> float:
        runs = solve(
            landscape,
            method_named("clipped-gd"),
            start,
            epsilon=_EPSILON,
            max_iterations=iterations,
            parameters={"eta": eta, "gamma": gamma},
            backend=backend,
            threads=threads,
        )
        return float(runs.iterations.sum())

    data = (rows, labels, start, eta, gamma, iterations)
    tiles = f"{COLUMNS} columns and blocks of rows on each of {cpus} threads"
    return (
        measure(
            key="finite sum",
            workload=f"{batch} runs of {iterations} iterations, d = {_DIMENSION}, n = {_SAMPLES}; "
            f"{4 * _DIMENSION * _SAMPLES} floating-point operations in the products of a run-iteration.",
            unit="run-iteration",
            rounds=3 if quick else 9,
            contenders=[
                Contender(
                    name=f"kernels, {cpus} threads", work=functools.partial(ours, "numba", cpus) if numba else None
                ),
                Contender(name="kernels, 1 thread", work=functools.partial(ours, "numba", 1) if numba else None),
                Contender(name="numpy driver", work=functools.partial(ours, "numpy"), note="a product for each point"),
                Contender(name="numpy, whole batch", work=functools.partial(_numpy, *data), note="all BLAS threads"),
                Contender(name="jax jit, while_loop", work=_jax(*data) if jax else None, note="all its threads"),
                Contender(name="numba, whole batch", work=_numba(*data) if numba else None, note="all BLAS threads"),
                Contender(name="dgemm only, as in the kernels", work=_tiles(form, cpus) if numba else None, note=tiles),
                Contender(name="dgemm only, whole batch", work=_products(rows, batch), note="all BLAS threads"),
                Contender(name="dgemm only, 1000^3", work=_cube, note="the same number of operations"),
            ],
        ),
    )


def _numpy(rows: Float, labels: Float, start: Float, eta: Float, gamma: Float, iterations: int) -> float:
    x, total, turned = start.T.copy(), np.zeros(len(start)), labels[:, None]
    for _ in range(iterations):
        e = np.exp(turned * (rows @ x))
        square = x * x + 1
        g = rows.T @ (-turned / (1 + e)) / len(rows) + 2 * _PENALTY * x / (square * square)
        size = np.sqrt((g * g).sum(axis=0))
        total += size
        x -= np.minimum(eta, gamma / size) * g
    return float(len(start) * iterations)


def _jax(rows: Float, labels: Float, start: Float, eta: Float, gamma: Float, iterations: int) -> Callable[[], float]:
    import jax

    settings: Any = jax.config
    settings.update("jax_enable_x64", True)
    import jax.numpy as jnp

    def move(state: Any) -> Any:
        x, total, count, running = state
        p = -turned * jax.nn.sigmoid(-turned * (rows @ x))
        square = x * x + 1
        g = rows.T @ p / len(rows) + 2 * _PENALTY * x / (square * square)
        size = jnp.sqrt((g * g).sum(axis=0))
        total, count = jnp.where(running, total + size, total), jnp.where(running, count + 1, count)
        running = running & (total > _EPSILON * count) & (count < iterations)
        return jnp.where(running, x - jnp.minimum(eta, gamma / size) * g, x), total, count, running

    turned, batch = labels[:, None], len(start)
    whole = jax.jit(lambda state: jax.lax.while_loop(lambda s: s[3].any(), move, state)[2])

    def work() -> float:
        state = (start.T.copy(), np.zeros(batch), np.zeros(batch, np.int64), np.ones(batch, bool))
        return float(np.asarray(whole(state)).sum())

    return work


def _numba(rows: Float, labels: Float, start: Float, eta: Float, gamma: Float, iterations: int) -> Callable[[], float]:
    from numba import njit

    columns, penalty = np.ascontiguousarray(rows.T), _PENALTY

    def runs(start: Any) -> Any:
        x, n = start.T.copy(), len(rows)
        z, g, total = np.zeros((n, x.shape[1])), np.zeros(x.shape), np.zeros(x.shape[1])
        size = np.zeros(x.shape[1])
        for _ in range(iterations):
            np.dot(rows, x, z)
            for i in range(n):
                for j in range(x.shape[1]):
                    z[i, j] = -labels[i] / (1 + np.exp(labels[i] * z[i, j]))
            np.dot(columns, z, g)
            size[:] = 0
            for c in range(len(x)):
                for j in range(x.shape[1]):
                    square = x[c, j] * x[c, j] + 1
                    g[c, j] = g[c, j] / n + 2 * penalty * x[c, j] / (square * square)
                    size[j] += g[c, j] * g[c, j]
            for j in range(x.shape[1]):
                size[j] = np.sqrt(size[j])
                total[j] += size[j]
                size[j] = min(eta[j], gamma[j] / size[j])
            for c in range(len(x)):
                for j in range(x.shape[1]):
                    x[c, j] -= size[j] * g[c, j]
        return total

    fast: Any = njit(error_model="numpy")(runs)

    def work() -> float:
        fast(start)
        return float(len(start) * iterations)

    return work


def _tiles(form: FiniteSum, threads: int, times: int = 200) -> Callable[[], float]:
    """The products of a tile, block after block, on threads that do nothing else."""
    from threadpoolctl import threadpool_limits

    rows, _, _, (most, columns) = SUMS.data(form)
    blocks = [rows[first : first + most] for first in range(0, len(rows), most)]

    def part(_: int) -> None:
        x = np.ones((form.dimension, columns))
        z, g = [np.empty((len(block), columns)) for block in blocks], np.empty_like(x)
        for _ in range(times):
            for block, image in zip(blocks, z, strict=True):
                np.matmul(block, x, out=image)
                np.matmul(block.T, image, out=g)

    def work() -> float:
        with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, range(threads)))
        return float(threads * times * COLUMNS)

    return work


def _products(rows: Float, batch: int, times: int = 30) -> Callable[[], float]:
    x, columns = np.ones((rows.shape[1], batch)), np.ascontiguousarray(rows.T)
    z, g = np.empty((len(rows), batch)), np.empty_like(x)

    def work() -> float:
        for _ in range(times):
            np.matmul(rows, x, out=z)
            np.matmul(columns, z, out=g)
        return float(times * batch)

    return work


def _cube() -> float:
    matrix = np.ones((1000, 1000))
    matrix @ matrix
    return 2 * 1000**3 / (4 * _DIMENSION * _SAMPLES)
