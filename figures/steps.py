"""From a landscape and a method to a theorem at step sizes that a run can use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from bounds.applicability import NotCovered
from bounds.calculator import Bound, evaluate
from bounds.enclosure import float_below
from bounds.errors import InputError
from bounds.methods import Method, MomentumStart
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.smoothness import Noise
from bounds.symbols import eta, gamma
from bounds.theorem import Criterion, Kind, Theorem
from synthetic.landscape import Landscape
from synthetic.oracles import EXACT, Oracle

__all__ = ["Entry", "best_bound", "problem_of", "runnable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A method with the parameters that are the user's choice, and the theorem to hold it against.

    Attributes
    ----------
    theorem : key of a theorem, or None for the one with the smallest count.
    parameters : values by quantity name (``beta``, ``nu``, ``M``, ``eta``, ``gamma``).
    """

    method: Method
    theorem: str | None = None
    parameters: dict[str, Number] = field(default_factory=dict)
    momentum_start: MomentumStart = MomentumStart.GRADIENT
    label: str | None = None

    @property
    def name(self) -> str:
        """How tables and legends call it."""
        shown = ", ".join(f"{k}={v}" for k, v in self.parameters.items() if k in ("beta", "nu"))
        return self.label or (f"{self.method.key} ({shown})" if shown else self.method.key)


def problem_of(
    landscape: Landscape,
    start: Sequence[float],
    epsilon: Number,
    *,
    criterion: Criterion = Criterion.MEAN,
    sigma: Number = 0,
    oracle: Oracle = EXACT,
) -> Problem:
    """The problem that a landscape poses: its stated constants and its gap at the start, rounded up.

    Raises
    ------
    InputError : the landscape states no constants, or the gap is not positive and finite.
    """
    constants = landscape.constants
    gap = float(landscape.gap(np.array([start], dtype=float))[0])
    if not (math.isfinite(gap) and gap > 0):
        raise InputError(
            f"{landscape.key}: the gap F(x0) - inf F at {tuple(start)} is {gap}; it must be positive and finite."
        )
    # F is computed in doubles: sixteen units in the last place cover its rounding, and a larger gap is safe.
    safe = Fraction(gap) * (1 + Fraction(1, 2**48))
    noise = Noise(oracle.noise) if sigma else Noise.EXACT
    return Problem.of(
        L0=constants.L0,
        L1=constants.L1,
        Delta=safe,
        epsilon=epsilon,
        sigma=sigma,
        noise=noise,
        criterion=criterion,
        dimension=landscape.dimension,
    )


def runnable(theorem: Theorem, problem: Problem, entry: Entry) -> Bound:
    """The theorem at step sizes that are doubles.

    The step size is cut to 32 bits, which leaves room in every inequality for the rounding of the largest step.

    Raises
    ------
    NotCovered : the theorem does not cover the problem, or needs step sizes that no doubles satisfy.
    """
    chosen: dict[str, Number] = dict(entry.parameters)
    if entry.method.nu is not None and any(str(s) == "nu" for s, _ in theorem.parameters):
        chosen["nu"] = entry.method.nu
    ideal = evaluate(theorem, problem, chosen, entry.momentum_start)
    step, longest = ideal.parameter(eta), ideal.parameter(gamma)
    if step is not None and not step.is_infinite and "eta" not in chosen:
        chosen["eta"] = Fraction(float_below(step, 32))
    if longest is None or longest.is_infinite or "gamma" in chosen:
        return evaluate(theorem, problem, chosen, entry.momentum_start)
    if step is not None and not step.is_infinite:
        longest = longest / step * Fraction(chosen["eta"]).numerator / Fraction(chosen["eta"]).denominator
    below = float_below(longest)
    refusal: NotCovered | None = None
    for candidate in (below, math.nextafter(below, math.inf)):
        try:
            return evaluate(theorem, problem, chosen | {"gamma": Fraction(candidate)}, entry.momentum_start)
        except NotCovered as error:
            refusal = refusal or error
    raise refusal if refusal else NotCovered("no largest step to try")


def best_bound(problem: Problem, entry: Entry, theorems: Iterable[Theorem]) -> Bound:
    """The smallest bound for this method among the theorems that cover it, at step sizes that are doubles.

    Theorems made for more noise than there is also apply, but they recommend needlessly cautious steps: they are
    asked only when no theorem for the problem's own noise covers it.

    Raises
    ------
    NotCovered : no theorem covers the method on this problem; the message has every reason.
    """
    upper = [t for t in theorems if t.kind is Kind.UPPER and entry.method in t.methods]
    reasons: list[str] = []
    for candidates in (
        [t for t in upper if t.noise is problem.noise],
        [t for t in upper if t.noise is not problem.noise],
    ):
        found: list[Bound] = []
        for theorem in candidates:
            try:
                found.append(runnable(theorem, problem, entry))
            except NotCovered as error:
                reasons.append(f"{theorem.key}: {error}")
        if found:
            return min(found, key=lambda b: b.iterations)
    raise NotCovered("; ".join(reasons) or f"no theorem covers {entry.method.key}")
