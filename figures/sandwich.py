r"""The sandwich: lower bound <= hard instance <= worst case found <= upper bound, as numbers of iterations.

For one theorem with its method and steps, and one problem (L0, L1, Delta, epsilon):

lower   the best lower bound that covers this method with these very steps: no T below it serves the whole class
hard    the number of points after which the theorem's criterion first holds on the method's own hard instance
worst   the largest such number found: hard instances with other slopes, bowls and slopes of the class, and the
        worst-case game in dimension one
upper   the number of points that the theorem promises

All four count inspected points. The game fixes T and asks whether the criterion can still fail after T points on a
landscape of the class with gap at most Delta; when it can, the count is at least T + 1, and the largest such T that
the search finds enters ``worst``. So ``hard`` and ``worst`` are lower estimates of the true worst case, each with a
landscape behind it, and ``lower`` and ``upper`` are theorems about it.

By a change of units only lambda = L1 epsilon/L0 and Delta/D(epsilon) matter, D(G) being the least gap of a point with
gradient norm G: a problem is given by these two numbers.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np

from bounds.calculator import Bound, lower_bound_for
from bounds.catalogue import THEOREMS, theorem_named
from bounds.enclosure import float_near
from bounds.errors import InputError
from bounds.functions import gap
from bounds.methods import Method, method_named
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.theorem import Criterion
from figures.steps import Entry, runnable
from synthetic.extremal import ExtremalLandscape
from synthetic.forms import rational
from synthetic.game import worst_case
from synthetic.landscape import Landscape
from synthetic.landscapes import exponential_bowl, huber
from synthetic.oracles import EXACT, TWO_POINT, Oracle
from synthetic.resisting import resist
from synthetic.solve import Status, solve

__all__ = ["CASES", "LAMBDAS", "Case", "Sandwich", "over_epsilon", "problem_at", "run_values", "sandwich", "sandwiches"]

LAMBDAS: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
"""The default range of lambda = L1 epsilon/L0."""

_NORMS: dict[Criterion, Literal["mean", "min", "mean-squared"]] = {
    Criterion.MEAN: "mean",
    Criterion.MIN: "min",
    Criterion.MEAN_SQUARED: "mean-squared",
}
# Slopes of the resisting landscape over the target, and the longest run that the game plays.
_SLOPES = (1.0, 1.1, 1.3, 1.6, 2.0, 3.0)
_LONGEST_GAME = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A theorem with the method and the free parameters it is tested at.

    Attributes
    ----------
    noise : sigma/epsilon; 0 for exact gradients.
    """

    theorem: str
    method: str
    parameters: dict[str, Number] = field(default_factory=dict)
    noise: int = 0

    @property
    def entry(self) -> Entry:
        """The method as the comparer knows it."""
        return Entry(method=method_named(self.method), theorem=self.theorem, parameters=self.parameters)


CASES: tuple[Case, ...] = (
    Case(theorem="normalized-gd-one-dimension", method="normalized-gd"),
    Case(theorem="normalized-gd", method="normalized-gd"),
    Case(theorem="best-step-gd", method="log-step-gd"),
    Case(theorem="clipped-gd-min", method="clipped-gd"),
    Case(theorem="clipped-gd", method="clipped-gd"),
    Case(theorem="reciprocal-gd", method="reciprocal-gd"),
    Case(theorem="soft-clipping-deterministic", method="soft-momentum-clipping", parameters={"beta": "1/2"}),
    Case(theorem="framework-deterministic-sharp", method="momentum-clipping", parameters={"beta": "1/2"}),
    Case(theorem="framework-deterministic", method="mixed-clipping", parameters={"beta": "1/2", "nu": "1/2"}),
    Case(theorem="normalized-momentum-deterministic", method="normalized-momentum", parameters={"beta": "1/2"}),
    Case(theorem="gd-gradient-bound", method="gd"),
    Case(theorem="gd-exact", method="gd"),
    Case(theorem="clipped-sgd", method="clipped-gd", noise=2),
)
"""Every theorem with a lower bound for the same method, and the parameters of its sandwich."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandwich:
    """One problem; all counts are numbers of inspected points (module docstring).

    Attributes
    ----------
    steepness : lambda = L1 epsilon/L0, dimensionless.
    gaps : Delta/D(epsilon), dimensionless.
    lower_key : the lower bound.
    source : where ``worst`` was found.
    broken : a run did not satisfy the criterion within the upper bound.
    runs : runs and games behind ``hard`` and ``worst``.
    """

    theorem: str
    method: str
    steepness: float
    gaps: float
    epsilon: float
    lower: int
    lower_key: str
    hard: int
    worst: int
    source: str
    upper: int
    broken: bool
    runs: int

    @property
    def gap(self) -> float:
        """upper/lower."""
        return self.upper / self.lower

    @property
    def found(self) -> float:
        """worst/upper: the share of the promised iterations that some landscape needs."""
        return self.worst / self.upper

    @property
    def ordered(self) -> bool:
        """Whether lower <= hard <= worst <= upper."""
        return self.lower <= self.hard <= self.worst <= self.upper and not self.broken


def problem_at(steepness: float, gaps: Number, *, epsilon: Number = 1, case: Case) -> Problem:
    """The problem with L0 = 1, L1 = steepness/epsilon and Delta = ``gaps`` D(epsilon), rounded to six digits.

    A theorem about L-smooth functions is asked at L1 = 0.
    """
    smooth = theorem_named(case.theorem).smoothness == LIPSCHITZ
    eps = Fraction(str(epsilon))
    L1 = Fraction(0) if smooth else Fraction(str(steepness)) / eps
    least = float_near(gap(rational(Fraction(1)), rational(L1), rational(eps)))
    return Problem.of(
        L0=1,
        L1=L1,
        Delta=f"{least * float(Fraction(str(gaps))):.6g}",
        epsilon=eps,
        sigma=case.noise * eps,
        noise=Noise.BOUNDED if case.noise else None,
        dimension=1,
        smoothness=theorem_named(case.theorem).smoothness,
        criterion=Criterion.MIN if theorem_named(case.theorem).criterion is Criterion.MIN else Criterion.MEAN,
    )


def run_values(bound: Bound, method: Method) -> dict[str, float]:
    """The parameters of a run as doubles; exact for the step sizes of a runnable bound."""
    values = {str(s): v for s, v in bound.application.values.items()}
    return {
        name: math.inf if values[name].is_infinite else float(Fraction(int(values[name].p), int(values[name].q)))
        for name in method.parameters
    }


def sandwich(
    case: Case,
    steepness: float,
    *,
    gaps: Number = Fraction(47, 2),
    epsilon: Number = 1,
    seed: int = 0,
    rounds: int = 30,
    seeds: int = 64,
) -> Sandwich:
    """Measure one theorem at one problem.

    Parameters
    ----------
    gaps : Delta/D(epsilon); 2 N - 1/2 makes N points the general lower bound.
    rounds : generations of each game; 0 plays none.
    seeds : runs behind each expectation of a noisy case.

    Raises
    ------
    InputError : no lower bound covers the method.
    NotCovered : a hypothesis of the theorem fails at this problem.
    """
    theorem, entry = theorem_named(case.theorem), case.entry
    problem = problem_at(steepness, gaps, epsilon=epsilon, case=case)
    bound = runnable(theorem, problem, entry)
    lower = lower_bound_for(bound, THEOREMS)
    if lower is None:
        raise InputError(f"{case.theorem}: no lower bound of the catalogue covers {case.method} with these steps.")
    counts: list[tuple[int, str]] = []
    runs = 0
    for place, name in _places(problem, entry.method, run_values(bound, entry.method)):
        # Silence is a noise that sigma bounds, so the hard instances of exact gradients serve noisy theorems too.
        counts.append((_count(place, bound, entry.method, EXACT, runs=1, seed=seed), name))
        runs += 1
        if case.noise:
            noisy = _count(place, bound, entry.method, TWO_POINT, runs=seeds, seed=seed)
            counts.append((noisy, f"{name}, two-point noise"))
            runs += seeds
    hard = counts[0][0]
    worst, source = max(counts, key=lambda c: c[0])
    if rounds and not case.noise:
        played, games = _longest_failure(bound, entry.method, worst, rounds=rounds, seed=seed)
        runs += games
        if played > worst:
            worst, source = played, "worst-case game"
    return Sandwich(
        theorem=case.theorem,
        method=entry.name,
        steepness=0.0 if problem.L1 == 0 else steepness,
        gaps=float(Fraction(str(gaps))),
        epsilon=float(problem.epsilon),
        lower=lower.iterations,
        lower_key=lower.theorem.key,
        hard=hard,
        worst=worst,
        source=source,
        upper=bound.iterations,
        broken=worst > bound.iterations,
        runs=runs,
    )


def sandwiches(
    case: Case, *, steepnesses: Sequence[float] = LAMBDAS, gaps: Sequence[Number] = (Fraction(47, 2),), rounds: int = 30
) -> tuple[Sandwich, ...]:
    """The grid of one theorem; a theorem about L-smooth functions has one value of lambda, zero."""
    smooth = theorem_named(case.theorem).smoothness == LIPSCHITZ
    return tuple(
        sandwich(case, steepness, gaps=g, rounds=rounds)
        for g in gaps
        for steepness in (steepnesses[:1] if smooth else steepnesses)
    )


def over_epsilon(
    case: Case,
    epsilons: Sequence[Number] = ("1", "0.5", "0.25", "0.15"),
    *,
    delta: float = 4.0,
    steepness: float = 1.0,
    rounds: int = 0,
) -> tuple[Sandwich, ...]:
    """One class, L0 = 1 and L1 = ``steepness``, one gap and a range of targets."""
    rows = []
    for text in epsilons:
        epsilon = Fraction(str(text))
        smooth = theorem_named(case.theorem).smoothness == LIPSCHITZ
        slope = Fraction(0) if smooth else Fraction(str(steepness))
        least = float_near(gap(rational(Fraction(1)), rational(slope), rational(epsilon)))
        rows.append(
            sandwich(
                case,
                float(slope * epsilon),
                gaps=f"{delta / least:.9g}",
                epsilon=epsilon,
                rounds=rounds,
                seeds=32,
            )
        )
    return tuple(rows)


def _places(
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


def _count(
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


def _longest_failure(bound: Bound, method: Method, known: int, *, rounds: int, seed: int) -> tuple[int, int]:
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
