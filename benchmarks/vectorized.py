"""A million constant sets at once against ``subs().evalf()`` for each set.

The main theorem is evaluated with rounding upwards and hypotheses checked; inserting numbers into the sympy expression
does neither.
"""

from __future__ import annotations

import numpy as np

from benchmarks.report import Contender, Report, measure
from bounds.catalogue import theorem_named
from bounds.vectorized import evaluate_many

__all__ = ["reports"]

_KEY = "framework-deterministic"
_RANGES = {"L0": (-1, 1), "L1": (-1, 1), "Delta": (0, 2), "epsilon": (-3, -1)}


def reports(quick: bool) -> tuple[Report, ...]:
    """One theorem; the two are compared on the sample before anything is timed."""
    sets, sample = (50_000, 50) if quick else (1_000_000, 100)
    theorem, draw = theorem_named(_KEY), np.random.default_rng(0)
    constants = {name: 10 ** draw.uniform(low, high, sets) for name, (low, high) in _RANGES.items()}
    expression = theorem.complexity
    symbols = sorted(expression.free_symbols, key=str)

    def one_by_one() -> list[float]:
        points = ({s: float(constants[s.name][k]) for s in symbols} for k in range(sample))
        return [float(expression.subs(point).evalf()) for point in points]

    def at_once() -> float:
        return float(len(evaluate_many(theorem, constants).iterations))

    few = {name: values[:sample] for name, values in constants.items()}
    for count, exact in zip(evaluate_many(theorem, few).iterations, one_by_one(), strict=True):
        if not 0 <= float(count) - exact < 1 + 1e-9 * exact:
            raise RuntimeError(f"the two disagree: {count} and {exact}")
    return (
        measure(
            key="bounds for many constants",
            workload=f"The bound of {_KEY} for {sets:,} sets of constants.",
            unit="set",
            rounds=3 if quick else 5,
            contenders=[
                Contender(name="evaluate_many", work=at_once, note="rounded upwards, hypotheses checked"),
                Contender(name="subs().evalf()", work=lambda: float(len(one_by_one())), note=f"{sample} sets"),
            ],
        ),
    )
