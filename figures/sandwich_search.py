r"""Where the sandwich looks for long runs: hard instances, simple members of the class, and the worst-case game.

A candidate is a landscape of one of three families whose constants are shares of the problem's, so that it belongs to
the class and its gap is at most Delta:

resisting   every query of the method sees the slope ``slope`` epsilon (:mod:`synthetic.resisting`)
huber       arms of slope ``slope`` epsilon around a parabola
bowl        exponential arms around a parabola, started at the right gap

The search tries a fixed list, the method's own hard instance first, and then draws: new candidates and, closer and
closer, neighbours of the best one so far.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
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

__all__ = ["CANDIDATES", "OWN", "Candidate", "Place", "built", "count", "longest_failure", "neighbour", "run_values"]

_NORMS: dict[Criterion, Literal["mean", "min", "mean-squared"]] = {
    Criterion.MEAN: "mean",
    Criterion.MIN: "min",
    Criterion.MEAN_SQUARED: "mean-squared",
}
Place = Landscape | ExtremalLandscape
_LONGEST_GAME = 90
_STEEPEST = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A member of the class by numbers of order one.

    Attributes
    ----------
    slope : slope of the answers or of the arms, over epsilon; at least 1.
    flatness, steepness : its L0 and L1 over those of the problem, in (0, 1].
    share : its gap over Delta, in (0, 1].
    """

    family: Literal["resisting", "huber", "bowl"]
    slope: float = 1.0
    flatness: float = 1.0
    steepness: float = 1.0
    share: float = 1.0

    @property
    def name(self) -> str:
        """Its family and the numbers that differ from the plain ones."""
        kind = {"resisting": "resisting landscape", "huber": "Huber", "bowl": "exponential bowl"}[self.family]
        slope = "" if self.family == "bowl" else f", slope {self.slope:g} eps"
        pairs = (("L0", self.flatness), ("L1", self.steepness), ("Delta", self.share))
        return kind + slope + "".join(f", {value:g} {name}" for name, value in pairs if value != 1)


OWN = Candidate(family="resisting")
"""The hard instance of a method."""

CANDIDATES: tuple[Candidate, ...] = (
    *(Candidate(family="resisting", slope=s) for s in (1.1, 1.3, 1.6, 2.0, 3.0)),
    *(Candidate(family="huber", slope=s) for s in (1.001, 1.5, 3.0)),
    Candidate(family="bowl"),
)
"""What is tried after the hard instance and before any draw."""


def neighbour(near: Candidate | None, width: float, rng: np.random.Generator) -> Candidate:
    """A candidate drawn at large (``near`` is None), or with all numbers moved by factors of order exp(``width``)."""
    if near is None:
        family: Literal["resisting", "huber", "bowl"] = rng.choice(["resisting", "huber", "bowl"]).item()
        # The hard instance lives on the whole class: smaller constants only lower its count.
        smallest = 1.0 if family == "resisting" else 0.1
        slope, flatness, steepness = np.array([_STEEPEST, smallest, smallest]) ** rng.random(3)
        return Candidate(
            family=family, slope=_rounded(slope), flatness=_rounded(flatness), steepness=_rounded(steepness)
        )
    slope, flatness, steepness, share = np.exp(width * rng.standard_normal(4))
    if near.family == "resisting":
        flatness = steepness = share = 1.0
    return dataclasses.replace(
        near,
        slope=_rounded(min(max(near.slope * slope, 1.0), _STEEPEST)),
        flatness=_rounded(min(near.flatness * flatness, 1.0)),
        steepness=_rounded(min(near.steepness * steepness, 1.0)),
        share=_rounded(min(near.share * share, 1.0)),
    )


def _rounded(value: float) -> float:
    """Four digits: short exact arithmetic, and names that can be read."""
    return float(f"{value:.4g}")


def run_values(bound: Bound, method: Method) -> dict[str, float]:
    """The parameters of a run as doubles; exact for the step sizes of a runnable bound."""
    values = {str(s): v for s, v in bound.application.values.items()}
    return {
        name: math.inf if values[name].is_infinite else float(Fraction(int(values[name].p), int(values[name].q)))
        for name in method.parameters
    }


def built(candidate: Candidate, problem: Problem, method: Method, parameters: dict[str, float]) -> Place:
    """The landscape of a candidate.

    Raises
    ------
    InputError : it leaves no room below Delta, or the problem has none of its kind.
    """
    L0, L1 = problem.L0 * Fraction(str(candidate.flatness)), problem.L1 * Fraction(str(candidate.steepness))
    delta, level = problem.Delta * Fraction(str(candidate.share)), problem.epsilon * Fraction(str(candidate.slope))
    if candidate.family == "resisting":
        return resist(method, parameters, L0=L0, L1=L1, delta=delta, epsilon=level).landscape
    if candidate.family == "huber":
        if level**2 > 2 * L0 * delta:
            raise InputError(f"slope {level} is not allowed: from the arm the gap is more than {delta}.")
        start = math.nextafter(float(delta / level + level / L0 / 2), 0.0)
        return dataclasses.replace(huber(L0=L0, slope=level), start=(start,))
    if not L1:
        raise InputError("L1 = 0 is not allowed: an exponential bowl needs L1 > 0.")
    bowl = exponential_bowl(L0=L0, L1=L1)
    return dataclasses.replace(bowl, start=(_at_gap(bowl, float(delta)),))


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


def count(place: Place, bound: Bound, method: Method, oracle: Oracle, *, runs: int, seed: int) -> int:
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
