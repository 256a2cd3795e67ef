"""The large check: every method on every landscape, with and without noise, against its theorem.

Starts are moved towards the optimum and accuracies are fractions of the first gradient norm, so that most bounds can
be reached within the cap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bounds.errors import NoStepNeeded
from bounds.methods import METHODS, Method
from bounds.quantities import Number
from figures.comparer import compare
from figures.rows import Row
from figures.steps import Entry, problem_of
from figures.sweep import Setting, Sweep
from synthetic.landscape import Landscape
from synthetic.landscapes import LANDSCAPES
from synthetic.oracles import EXACT, GAUSSIAN, SPHERE, TWO_POINT, Oracle

__all__ = ["Summary", "settings_of", "summarize", "verdict_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a grid of comparisons ended."""

    rows: int
    judged: int
    within: int
    violated: int
    censored: int
    refused: int
    worst_ratio: float
    worst: Row | None


def summarize(rows: Sequence[Row]) -> Summary:
    """Count verdicts and find the largest measured/bound."""
    counts = Counter(r.verdict for r in rows)
    judged = [r for r in rows if r.verdict in ("within", "violated")]
    worst = max((r for r in judged if r.ratio == r.ratio), key=lambda r: r.ratio, default=None)
    return Summary(
        rows=len(rows),
        judged=len(judged),
        within=counts["within"],
        violated=counts["violated"],
        censored=counts["censored"],
        refused=counts["refused"],
        worst_ratio=worst.ratio if worst else float("nan"),
        worst=worst,
    )


def verdict_rows(
    *,
    landscapes: Sequence[Landscape] = LANDSCAPES,
    methods: Sequence[Method] = METHODS,
    betas: Sequence[Number] = ("0", "0.5", "0.9"),
    nus: Sequence[Number] = ("0.3", "0.7"),
    fractions: Sequence[float] = (0.5, 0.2),
    oracles: Sequence[Oracle] = (EXACT, TWO_POINT, SPHERE, GAUSSIAN),
    noise_over_epsilon: float = 2.0,
    seeds: int = 30,
    cap: int = 20_000,
) -> tuple[Row, ...]:
    """Compare everything with everything.

    Parameters
    ----------
    fractions : target gradient norms over the gradient norm at the start.
    noise_over_epsilon : sigma/epsilon of the noisy runs.
    seeds : runs per noisy setting.
    cap : most iterations of a run.
    """
    entries = [e for method in methods for e in _entries(method, betas, nus)]
    rows: list[Row] = []
    for landscape in landscapes:
        if not landscape.smoothness:
            continue
        for oracle in oracles:
            for setting in settings_of(landscape, fractions):
                sigma = noise_over_epsilon * float(setting.epsilon) if oracle is not EXACT else 0
                sweep = Sweep(name=landscape.key, axis="epsilon", settings=(setting,))
                rows += compare([sweep], entries, oracle=oracle, sigma=sigma, seeds=seeds if sigma else 1, cap=cap)
    return tuple(rows)


def _entries(method: Method, betas: Sequence[Number], nus: Sequence[Number]) -> list[Entry]:
    if not method.momentum:
        return [Entry(method=method)]
    weights: list[dict[str, Number]] = [{"nu": nu} for nu in nus] if method.nu is None else [{}]
    return [Entry(method=method, parameters={"beta": beta, **weight}) for beta in betas for weight in weights]


def settings_of(landscape: Landscape, fractions: Sequence[float]) -> list[Setting]:
    start = np.array(landscape.start)
    if landscape.optimum is not None:
        optimum = np.array(landscape.optimum)
        start = optimum + 0.5 * (start - optimum)
    first = float(np.linalg.norm(landscape.gradient(start[None])[0]))
    point = tuple(float(c) for c in start)
    settings = []
    for fraction in fractions:
        # Three digits are enough, and keep the exact arithmetic short.
        epsilon = float(f"{fraction * first:.3g}")
        try:
            problem_of(landscape, point, epsilon).require_work()
        except NoStepNeeded:
            continue
        settings.append(Setting(landscape=landscape, start=point, epsilon=epsilon, value=epsilon))
    return settings
