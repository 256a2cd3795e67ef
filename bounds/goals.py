r"""From the goal that a theorem states to the goal of a problem; every change is reported in words.

============================================  ==================================================================
stated for                                    used for
============================================  ==================================================================
mean of squares <= eps^2                      mean <= eps (Jensen), and mean <= eps for min <= eps
E X <= eps                                    X <= eps with probability 1 - f, at the target f eps (Markov)
E mean of squares <= eps^2                    the same in probability, at the target sqrt(f) eps (Markov)
mean over t = 0..T-1                          mean over t = 1..T: drop the first term of T + 1 terms, at the target
                                              eps n/(n+1), n the count for eps
min over t = 1..T                             min over t = 0..T: one more point
============================================  ==================================================================

Nothing else is converted: a small minimum over t = 0..T-1 may be attained at t = 0 only, and a bound on an expectation
from below says nothing about probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bounds.errors import InputError
from bounds.problem import Problem
from bounds.smoothness import Noise
from bounds.theorem import Criterion, Kind, Theorem

__all__ = ["GoalChange", "NotCovered", "goal_change"]


class NotCovered(InputError):
    """A theorem was asked about a problem outside its hypotheses; the message names the hypothesis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalChange:
    """How a theorem's goal becomes the problem's.

    Attributes
    ----------
    factor : the theorem is used at this multiple of the problem's target.
    extra_points : points to add to the theorem's count (a lower bound may lose one).
    drops_first : the first term of the mean must be dropped (see the table).
    note : what was changed, in words; empty when nothing was.
    """

    factor: Any
    extra_points: int
    drops_first: bool
    note: str


def goal_change(theorem: Theorem, problem: Problem) -> GoalChange:
    """The change from the theorem's goal to the problem's.

    Raises
    ------
    NotCovered : the theorem's goal does not give the problem's.
    """
    notes: list[str] = []
    _check_criterion(theorem, problem, notes)
    factor = _probability(theorem, problem, notes)
    extra, drops = _counted_points(theorem, problem, notes)
    return GoalChange(factor=factor, extra_points=extra, drops_first=drops, note="; ".join(notes))


def _check_criterion(theorem: Theorem, problem: Problem, notes: list[str]) -> None:
    stated, asked = theorem.criterion, problem.criterion
    strong, weak = (stated, asked) if theorem.kind is Kind.UPPER else (asked, stated)
    if not strong.implies(weak):
        other = asked.phrase if Criterion.VALUE in (stated, asked) else f"{asked.value} one"
        raise NotCovered(f"it is about the {stated.phrase}; the goal is the {other}")
    if stated is not asked:
        notes.append(f"stated for the {stated.phrase}, used for the {asked.phrase}")


def _probability(theorem: Theorem, problem: Problem, notes: list[str]) -> Any:
    if problem.failure is None or theorem.noise is Noise.EXACT:
        return sp.S.One
    if theorem.kind is Kind.LOWER:
        raise NotCovered("it bounds an expectation from below; the goal is a probability")
    f = sp.Rational(problem.failure.numerator, problem.failure.denominator)
    factor = sp.sqrt(f) if theorem.criterion is Criterion.MEAN_SQUARED else f
    notes.append(
        f"stated in expectation, used with probability 1 - {f} by Markov at {sp.N(factor, 6)} times the target"
    )
    return factor


def _counted_points(theorem: Theorem, problem: Problem, notes: list[str]) -> tuple[int, bool]:
    if problem.first is None or problem.first == theorem.first:
        return 0, False
    stated, asked = ("t = 0..T-1", "t = 1..T")[:: 1 - 2 * theorem.first]
    if theorem.kind is Kind.LOWER:
        notes.append(f"stated for {stated}, used for {asked}")
        return 1 - 2 * problem.first, False
    averages = theorem.criterion in (Criterion.MEAN, Criterion.MEAN_SQUARED)
    if theorem.first == 0 and not averages:
        raise NotCovered("its best iterate may be x_0, which the goal does not count")
    if theorem.first == 1 and problem.criterion in (Criterion.MEAN, Criterion.MEAN_SQUARED):
        raise NotCovered("it says nothing about x_0, which the goal counts")
    notes.append(f"stated for {stated}, used for {asked}")
    return theorem.first, theorem.first == 0
