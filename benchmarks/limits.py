"""What the machine itself can do: the rates that bound the other benchmarks, measured where they run."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.line_rivals import installed
from benchmarks.report import Contender, Report, measure

__all__ = ["bare_step", "reports"]


def reports(quick: bool) -> tuple[Report, ...]:
    """Elementwise rates in the first-level cache, memory bandwidth, and matrix products."""
    rounds = 3 if quick else 9
    x, y = np.random.default_rng(0).uniform(0.5, 1.5, (2, 1024))
    out, long = np.empty_like(x), np.ones(4_000_000)
    far, matrix = np.empty_like(long), np.ones((600, 600))
    elementwise = measure(
        key="limits, per value",
        workload="One thread; arrays of 8 kB, but for the copy (32 MB).",
        unit="double",
        rounds=rounds,
        contenders=[
            Contender(
                name="bare step of the quartic",
                work=bare_step() if installed("numba") else None,
                note="gradient, clamp, step, sum and stop test; nothing is written down",
            ),
            Contender(name="numpy division", work=_repeat(functools.partial(np.divide, x, y, out), 1024)),
            Contender(name="numpy exp", work=_repeat(functools.partial(np.exp, x, out), 1024)),
            Contender(name="numpy sqrt", work=_repeat(functools.partial(np.sqrt, x, out), 1024)),
            Contender(
                name="copy", work=_repeat(functools.partial(np.copyto, far, long), len(long), 3), note="16 bytes"
            ),
        ],
    )
    product = measure(
        key="limits, matrix product",
        workload="Products of two 600 x 600 matrices, on all threads of the BLAS.",
        unit="floating-point operation",
        rounds=rounds,
        contenders=[Contender(name="dgemm", work=_repeat(lambda: matrix @ matrix, 2 * 600**3, 3))],
    )
    return elementwise, product


def _repeat(call: Callable[[], Any], units: int, times: int = 3000) -> Callable[[], float]:
    def work() -> float:
        for _ in range(times):
            call()
        return float(times * units)

    return work


def bare_step(lanes: int = 32, iterations: int = 100_000) -> Callable[[], float]:
    """Lanes of clipped gradient descent on x^4 that never end, one thread."""
    from numba import njit

    @njit(error_model="numpy")
    def steps(b: Any, count: Any) -> Any:
        for _ in range(count):
            for j in range(lanes):
                x = b[j]
                g = 4.0 * (x * x * x)
                total = b[lanes + j] + abs(g)
                n = b[2 * lanes + j] + 1.0
                largest = b[4 * lanes + j]
                h = b[3 * lanes + j] * g
                h = h if h < largest else largest
                h = h if h > -largest else -largest
                b[j] = x - h if total > 1e-300 * n else x
                b[lanes + j], b[2 * lanes + j] = total, n

    def work() -> float:
        b = np.full(5 * lanes, 0.01)
        steps(b, iterations)
        return float(lanes * iterations)

    return work
