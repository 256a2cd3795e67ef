r"""Clipped stochastic gradient methods for convex functions, with an independent sample in the clip factor.

    x' = x - eta_t alpha_t g,        alpha_t = min{1, c/||g'||},

with independent samples g, g' at x, averaged over the iterates at which nothing was clipped. The rules are those of the
published synthetic experiment: with S = sigma sqrt(T)/R, c = max{10 L0, S}/L1, and a tuned factor k of each rule,

=========  ===================================================  =======================
rule       eta_t                                                clip factor sees
=========  ===================================================  =======================
standard   k min{1/(11 L0), 1/(L0 + S)}                         g' (double), g (single)
implicit   k/(L0 + L1 ||g'|| + S), alpha = 1                    -
adaptive   k R/sqrt(1e-3 + sum_s alpha_s^2 ||g_s||^2)           g'
=========  ===================================================  =======================

and the first and the last with alpha = 1. A rule that uses g' spends two gradients for each step. With implicit
clipping an iterate counts as clipped when ||g'|| > c.

References
----------
Gaash, Levy, Carmon, "Convergence of clipped SGD on convex (L0, L1)-smooth functions", NeurIPS 2025, arXiv 2502.16492,
Section 4 and Appendix H, and the authors' code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from synthetic.landscape import Landscape
from synthetic.randomness import Streams
from synthetic.step import norms

__all__ = ["RULES", "Averages", "DoubleSamplingRule", "averages"]

Float = npt.NDArray[np.float64]
_FLOOR: Final = 1e-3
_FARTHEST: Final = 1e40


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleSamplingRule:
    """A step rule with its tuned factor k; ``samples`` is the number of gradients per step."""

    key: str
    name: str
    step: Literal["standard", "implicit", "adaptive"]
    clip: Literal["double", "single", "none"]
    factor: float

    @property
    def samples(self) -> int:
        """Stochastic gradients spent in each step."""
        return 2 if self.clip == "double" else 1


RULES: tuple[DoubleSamplingRule, ...] = (
    DoubleSamplingRule(key="standard", name="standard clipping", step="standard", clip="double", factor=10),
    DoubleSamplingRule(key="implicit", name="implicit clipping", step="implicit", clip="double", factor=20),
    DoubleSamplingRule(key="adaptive", name="adaptive clipping", step="adaptive", clip="double", factor=10),
    DoubleSamplingRule(key="single", name="clipping, one sample", step="standard", clip="single", factor=10),
    DoubleSamplingRule(key="sgd", name="SGD", step="standard", clip="none", factor=2),
    DoubleSamplingRule(key="adaptive-sgd", name="adaptive SGD", step="adaptive", clip="none", factor=1),
)
"""The six rules with the factors of the published synthetic experiment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Averages:
    """F at the averaged iterate minus inf F.

    Attributes
    ----------
    gradients : (n,) stochastic gradients spent before the point was recorded.
    gap : (n, B) units F. Coordinates stay within 1e40, so that a run that diverges has a huge gap and no NaN.
    """

    gradients: npt.NDArray[np.int64]
    gap: Float


def averages(
    landscape: Landscape,
    rule: DoubleSamplingRule,
    *,
    L0: float,
    L1: float,
    deviation: float,
    sigma: float,
    budget: int,
    seeds: int,
    seed: int = 0,
    every: int = 10,
) -> Averages:
    """Run one rule from the start of the landscape until ``budget`` gradients are spent.

    Parameters
    ----------
    L0, L1, sigma : what the step sizes are made for, units F/X^2, 1/X and F/X.
    deviation : standard deviation of the Gaussian noise of each coordinate, units F/X.
    seeds : B, the number of runs; equal seeds see the same noise whichever rule runs.
    every : record every this many steps.

    Raises
    ------
    InputError : a landscape without minimizer, or a count below 1.
    """
    if landscape.optimum is None:
        raise InputError(f"{landscape.key} has no minimizer that is attained: the rules need the distance to one.")
    if min(budget, seeds, every) < 1:
        raise InputError(f"budget = {budget}, seeds = {seeds}, every = {every} is not allowed: all must be >= 1.")
    start = np.array(landscape.start)
    reach = float(np.linalg.norm(start - np.array(landscape.optimum)))
    noise = sigma * np.sqrt(budget) / reach
    state = _State(rule, L0=L0, L1=L1, noise=noise, reach=reach, runs=seeds)
    x = np.tile(start, (seeds, 1))
    total, counted = np.zeros_like(x), np.zeros((seeds, 1))
    streams = Streams(seed, np.arange(seeds))
    times: list[int] = []
    gaps: list[Float] = []
    for t in range(-(-budget // rule.samples)):
        exact = landscape.gradient(x)
        drawn = deviation * streams.normals(t, 2 * x.shape[1])
        g, second = exact + drawn[:, : x.shape[1]], exact + drawn[:, x.shape[1] :]
        step, kept = state.step(norms(g), norms(second))
        total, counted = total + kept * x, counted + kept
        if t % every == 0:
            middle = np.where(counted > 0, total / np.maximum(counted, 1), start)
            times.append(t * rule.samples)
            gaps.append(landscape.gap(middle))
        x = np.clip(x - step * g, -_FARTHEST, _FARTHEST)
    return Averages(gradients=np.array(times), gap=np.array(gaps))


class _State:
    """Step sizes of a batch: the adaptive rule remembers the gradients that it has seen."""

    def __init__(
        self, rule: DoubleSamplingRule, *, L0: float, L1: float, noise: float, reach: float, runs: int
    ) -> None:
        self.rule, self.L0, self.L1, self.noise, self.reach = rule, L0, L1, noise, reach
        self.threshold = max(10 * L0, noise) / L1
        self.seen = np.full(runs, _FLOOR)

    def step(self, g: Float, second: Float) -> tuple[Any, Float]:
        """Step sizes eta alpha (B, 1), and 1 where the iterate counts for the average, from the norms (B,)."""
        judged = g if self.rule.clip == "single" else second
        clips = self.rule.clip != "none" and self.rule.step != "implicit"
        alpha = np.minimum(1.0, self.threshold / judged) if clips else np.ones_like(g)
        if self.rule.step == "implicit":
            eta = 1 / (self.L0 + self.L1 * second + self.noise)
        elif self.rule.step == "adaptive":
            self.seen = self.seen + (alpha * g) ** 2
            eta = self.reach / np.sqrt(self.seen)
        else:
            eta = np.full_like(g, min(1 / (11 * self.L0), 1 / (self.L0 + self.noise)))
        kept = judged <= self.threshold if self.rule.clip != "none" else np.ones(len(g), dtype=np.bool_)
        return (self.rule.factor * eta * alpha)[:, None], kept[:, None].astype(np.float64)
