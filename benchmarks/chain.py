"""The classical zero-chain with 1,000 links: 64 runs of clipped gradient descent that reveal it from the front."""

from __future__ import annotations

import dataclasses
import functools
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.line_rivals import installed
from benchmarks.report import Contender, Report, measure
from bounds.methods import method_named
from synthetic.chain_profiles import Chain
from synthetic.chains import ChainInstance, chain, progress
from synthetic.forms import Scaled
from synthetic.solve import Backend, solve

__all__ = ["reports"]

Float = npt.NDArray[np.float64]
# The step size is far above 1/L0, which the worst case asks for: links open after five iterations.
_RUNS, _LINKS, _STEP = 64, 1000, 10.0


def reports(quick: bool) -> tuple[Report, ...]:
    """A short and a long horizon."""
    return tuple(_report(iterations, 3 if quick else 5) for iterations in ((100,) if quick else (400, 4000)))


def _report(iterations: int, rounds: int) -> Report:
    instance = chain("classical", L0=1, L1=1, delta=456 * _LINKS, epsilon="1/2")
    step = float(instance.point_unit) * np.linspace(0.3, 1.0, _RUNS)
    cpus, numba, jax = len(os.sched_getaffinity(0)), installed("numba"), installed("jax")

    def ours(backend: Backend, threads: int | None = None) -> Any:
        return solve(
            instance.landscape,
            method_named("clipped-gd"),
            np.zeros(_LINKS),
            epsilon=1e-300,
            max_iterations=iterations,
            parameters={"eta": _STEP, "gamma": step},
            backend=backend,
            threads=threads,
        )

    def units(backend: Backend, threads: int | None = None) -> float:
        return float(ours(backend, threads).iterations.sum())

    seen = progress(ours("numba" if numba else "numpy").x)
    full = iterations <= 400
    return measure(
        key=f"chain, {iterations} iterations",
        workload=f"{_RUNS} runs of {iterations} iterations from 0 on {_LINKS} links, of which {seen.mean():.0f} are "
        f"revealed in the end, {seen.max()} at most.",
        unit="run-iteration",
        rounds=rounds,
        contenders=[
            Contender(name=f"kernels, {cpus} threads", work=functools.partial(units, "numba", cpus) if numba else None),
            Contender(name="kernels, 1 thread", work=functools.partial(units, "numba", 1) if numba else None),
            Contender(
                name="numpy, revealed coordinates",
                work=functools.partial(_revealed, instance, step, iterations),
                note="those of the fastest run",
            ),
            *(
                [
                    Contender(name="numpy driver", work=functools.partial(units, "numpy"), note="all coordinates"),
                    Contender(
                        name="jax jit, fori_loop",
                        work=_jax(instance, step, iterations) if jax else None,
                        note="all coordinates",
                    ),
                ]
                if full
                else []
            ),
        ],
    )


def _revealed(instance: ChainInstance, step: Float, iterations: int) -> float:
    outer = instance.landscape.form
    assert isinstance(outer, Scaled)
    assert isinstance(outer.form, Chain)
    point, unit = float(outer.point_unit), float(outer.value_unit / outer.point_unit)
    x, total, active = np.zeros((len(step), _LINKS)), np.zeros(len(step)), 1
    for _ in range(iterations):
        seen = x[:, :active]
        g = dataclasses.replace(outer.form, links=active).gradient(seen / point) * unit
        size = np.sqrt((g * g).sum(axis=1))
        total += size
        seen -= np.minimum(_STEP, step / size)[:, None] * g
        if active < _LINKS and g[:, -1].any():
            active += 1
    return float(len(step) * iterations)


def _jax(instance: ChainInstance, step: Float, iterations: int) -> Callable[[], float]:
    import jax

    settings: Any = jax.config
    settings.update("jax_enable_x64", True)
    import jax.numpy as jnp

    point = float(instance.point_unit)
    unit = float(instance.value_unit / instance.point_unit)

    def gradient(y: Any) -> Any:
        # By hand, with the exponential of the gate shared by its value and its slope.
        before = jnp.concatenate([jnp.ones((len(y), 1)), y[:, :-1]], axis=1)
        y_turned = jnp.where(before < 0, -y, y)
        w = 1 / jnp.maximum(2 * jnp.abs(y) - 1, 0.03)
        gate = jnp.where(jnp.abs(y) > 0.5, jnp.exp(1 - w * w), 0.0)
        slope = 4 * w * w * w * gate
        value = jnp.sqrt(2 * jnp.pi * jnp.e) * jax.scipy.special.ndtr(y_turned)
        outer = jnp.exp((1 - y * y) / 2)
        gate_before = jnp.concatenate([jnp.ones((len(y), 1)), gate[:, :-1]], axis=1)
        value_after = jnp.concatenate([value[:, 1:], jnp.zeros((len(y), 1))], axis=1)
        return -(gate_before * outer + slope * value_after)

    def move(_: Any, state: Any) -> Any:
        x, total = state
        g = gradient(x / point) * unit
        size = jnp.sqrt((g * g).sum(axis=1))
        return x - jnp.minimum(_STEP, step / size)[:, None] * g, total + size

    whole = jax.jit(lambda x: jax.lax.fori_loop(0, iterations, move, (x, jnp.zeros(len(step)))))

    def work() -> float:
        np.asarray(whole(np.zeros((len(step), _LINKS)))[1])
        return float(len(step) * iterations)

    return work
