r"""Where the sandwich looks for long runs: hard instances, simple members of the class, and the worst-case game."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

import numpy as np

from bounds.calculator import Bound
from bounds.errors import InputError
from bounds.methods import Method
from bounds.problem import Problem
from bounds.theorem import Criterion
from synthetic.extremal import ExtremalLandscape
from synthetic.game import worst_case
from synthetic.landscape import Landscape
from synthetic.landscapes import exponential_bowl, huber
from synthetic.oracles import EXACT, Oracle
from synthetic.resisting import resist
from synthetic.solve import Status, solve

__all__ = ["count", "longest_failure", "places", "run_values"]

_NORMS: dict[Criterion, Literal["mean", "min", "mean-squared"]] = {
    Criterion.MEAN: "mean",
    Criterion.MIN: "min",
    Criterion.MEAN_SQUARED: "mean-squared",
}
# Slopes of the resisting landscape over the target, and the longest run that the game plays.
_SLOPES = (1.0, 1.1, 1.3, 1.6, 2.0, 3.0)
_LONGEST_GAME = 90


def run_values(bound: Bound, method: Method) -> dict[str, float]:
    """The parameters of a run as doubles; exact for the step sizes of a runnable bound."""
    values = {str(s): v for s, v in bound.application.values.items()}
    return {
        name: math.inf if values[name].is_infinite else float(Fraction(int(values[name].p), int(values[name].q)))
        for name in method.parameters
    }


def places(
    problem: Problem, method: Method, parameters: dict[str, float]
) -> Iterator[tuple[Landscape | ExtremalLandscape, str]]:
    """The method's own hard instance first, then the other candidates, all with gap at most Delta."""
    for slope in _SLOPES:
        try:
            made = resist(
                method,
                parameters,
                L0=problem.L0,
                L1=problem.L1,
                delta=problem.Delta,
                epsilon=problem.epsilon * Fraction(str(slope)),
            )
        except InputError:
            # So steep a slope leaves no room below Delta.
            break
        yield made.landscape, f"resisting landscape, slope {slope:g} eps"
    for slope in (1.001, 1.5, 3.0):
        level = problem.epsilon * Fraction(str(slope))
        if level**2 <= 2 * problem.L0 * problem.Delta:
            start = math.nextafter(float(problem.Delta / level + level / problem.L0 / 2), 0.0)
            yield _started(huber(L0=problem.L0, slope=level), start), f"Huber slope {slope:g} eps"
    if problem.L1:
        bowl = exponential_bowl(L0=problem.L0, L1=problem.L1)
        yield _started(bowl, _at_gap(bowl, float(problem.Delta))), "exponential bowl"


def _started(landscape: Landscape, start: float) -> Landscape:
    return dataclasses.replace(landscape, start=(start,))


def _at_gap(landscape: Landscape, delta: float) -> float:
    """The right-hand point whose gap is just below ``delta``, by bisection."""
    low, high = 0.0, float(landscape.start[0])
    with np.errstate(over="ignore"):
        while landscape.gap(np.array([[high]]))[0] < delta:
            high *= 2
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if landscape.gap(np.array([[middle]]))[0] < delta else (low, middle)
    return low


def count(
    place: Landscape | ExtremalLandscape, bound: Bound, method: Method, oracle: Oracle, *, runs: int, seed: int
) -> int:
    """Points until the criterion holds; one more than the upper bound when it does not hold in time."""
    result = solve(
        place,
        method,
        np.tile(np.array([place.start]), (runs, 1)),
        epsilon=float(bound.problem.epsilon),
        max_iterations=bound.iterations,
        parameters=run_values(bound, method),
        criterion=_NORMS[bound.theorem.criterion],
        first=1 if bound.theorem.first else 0,
        oracle=oracle,
        sigma=0.0 if oracle is EXACT else float(bound.problem.sigma),
        seed=seed,
        groups=np.zeros(runs, dtype=np.int64),
    )
    converged = Status(int(result.status[0])) is Status.CONVERGED
    return int(result.iterations[0]) if converged else bound.iterations + 1


def longest_failure(bound: Bound, method: Method, known: int, *, rounds: int, seed: int) -> tuple[int, int]:
    """One more than the largest T at which the game makes the criterion fail, and the games played."""
    delta, epsilon = float(bound.problem.Delta), float(bound.problem.epsilon)
    best, steps, games = 0, max(known, 2), 0
    while steps <= min(bound.iterations, _LONGEST_GAME):
        games += 1
        try:
            found = worst_case(
                method,
                run_values(bound, method),
                L0=bound.problem.L0,
                L1=bound.problem.L1,
                steps=steps,
                # Beyond the allowed gap the target is raised steeply, which guides the search back inside.
                promise=lambda value: epsilon * np.maximum(1.0, (value / delta) ** 4),
                criterion="min" if bound.theorem.criterion is Criterion.MIN else "mean",
                first=1 if bound.theorem.first else 0,
                seed=seed,
                batch=24,
                rounds=rounds,
            )
        except InputError:
            # No candidate is a member of the class: everything overflowed, or rounding gave one point two slopes.
            break
        if found.gap > delta or not _fails(found.measured, found.landscape, bound, epsilon):
            break
        best, steps = steps + 1, steps + max(1, steps // 16)
    return best, games


def _fails(measured: float, landscape: ExtremalLandscape, bound: Bound, epsilon: float) -> bool:
    if bound.theorem.criterion is not Criterion.MEAN_SQUARED:
        return measured > epsilon
    slopes = np.array(landscape.slopes)[bound.theorem.first :]
    return bool((slopes**2).mean() > epsilon**2)
