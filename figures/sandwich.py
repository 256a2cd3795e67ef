r"""The sandwich: lower bound <= hard instance <= worst case found <= upper bound, as numbers of iterations.

For one theorem with its method and steps, and one problem (L0, L1, Delta, epsilon):

lower   the best lower bound that covers this method with these very steps: no T below it serves the whole class
hard    the number of points after which the theorem's criterion first holds on the method's own hard instance
worst   the largest such number found: hard instances with other slopes, bowls and slopes of the class, a search over
        the parameters of all these, and the worst-case game in dimension one; with noise, also in expectation over
        two-point noise
upper   the number of points that the theorem promises

All four count inspected points: a theorem about the average over t = 1..T has inspected T + 1 of them. The game fixes
T and asks whether the criterion can still fail after T points on a landscape of the class with gap at most Delta; when
it can, the count is at least T + 1, and the largest such T that the search finds enters ``worst``. So ``hard`` and
``worst`` are lower estimates of the true worst case, each with a landscape behind it, and ``lower`` and ``upper`` are
theorems about it.

By a change of units only lambda = L1 epsilon/L0 and Delta/D(epsilon) matter, D(G) being the least gap of a point with
gradient norm G: a problem is given by these two numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bounds.calculator import Bound, lower_bound_for
from bounds.catalogue import THEOREMS, theorem_named
from bounds.enclosure import float_near
from bounds.errors import InputError
from bounds.functions import gap
from bounds.methods import Method
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.theorem import Criterion
from figures.sandwich_cases import LAMBDAS, Case
from figures.sandwich_search import (
    CANDIDATES,
    OWN,
    Place,
    built,
    count,
    longest_failure,
    neighbour,
    run_values,
)
from figures.steps import runnable
from synthetic.forms import rational
from synthetic.oracles import EXACT, TWO_POINT

__all__ = [
    "BRISK",
    "FULL",
    "QUICK_EFFORT",
    "Effort",
    "Sandwich",
    "both_sweeps",
    "over_epsilon",
    "posed",
    "problem_at",
    "sandwich",
    "sandwiches",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How hard to look for long runs.

    Attributes
    ----------
    draws : landscapes drawn after the fixed list.
    points : no further one is drawn once the runs have inspected so many points.
    rounds : generations of each worst-case game; 0 plays none.
    seeds : runs behind each expectation of a noisy case.
    fresh : points over all runs in which the largest expectations are measured again.
    """

    draws: int = 24
    points: int = 20_000
    rounds: int = 30
    seeds: int = 32
    fresh: int = 500_000


FULL = Effort()
BRISK = Effort(draws=6, rounds=0, seeds=16)
"""For problems whose runs are long: noise, and small targets."""
QUICK_EFFORT = Effort(draws=0, rounds=0, seeds=8, fresh=20_000)


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


def posed(case: Case, steepness: float, *, gaps: Number | None = None, epsilon: Number = 1) -> tuple[Bound, Bound]:
    """The theorem at step sizes that can be run, and the best lower bound for these.

    Raises
    ------
    InputError : no lower bound covers the method.
    NotCovered : a hypothesis of the theorem fails at this problem.
    """
    problem = problem_at(steepness, case.gaps if gaps is None else gaps, epsilon=epsilon, case=case)
    bound = runnable(theorem_named(case.theorem), problem, case.entry)
    lower = lower_bound_for(bound, THEOREMS)
    if lower is None:
        raise InputError(f"{case.theorem}: no lower bound of the catalogue covers {case.method} with these steps.")
    return bound, lower


def sandwich(
    case: Case,
    steepness: float,
    *,
    gaps: Number | None = None,
    epsilon: Number = 1,
    seed: int = 0,
    effort: Effort = FULL,
) -> Sandwich:
    """Measure one theorem at one problem.

    Parameters
    ----------
    gaps : Delta/D(epsilon); by default that of the case.

    Raises
    ------
    InputError : no lower bound covers the method, or its hard instance is too long to be built.
    NotCovered : a hypothesis of the theorem fails at this problem.
    """
    gaps = case.gaps if gaps is None else gaps
    bound, lower = posed(case, steepness, gaps=gaps, epsilon=epsilon)
    theorem, problem, entry = bound.theorem, bound.problem, case.entry
    hard, worst, source, runs = _longest_run(bound, entry.method, effort, seed)
    if effort.rounds and not case.noise:
        played, games = longest_failure(bound, entry.method, worst, rounds=effort.rounds, seed=seed)
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
        hard=hard + theorem.first,
        worst=worst + theorem.first,
        source=source,
        upper=bound.iterations + theorem.first,
        broken=worst > bound.iterations,
        runs=runs,
    )


def _longest_run(bound: Bound, method: Method, effort: Effort, seed: int) -> tuple[int, int, str, int]:
    """Points on the hard instance, the most points on any candidate with its name, and the runs behind both."""
    noisy, runs, spent = bound.problem.noise is not Noise.EXACT, 0, 0
    values, rng = run_values(bound, method), np.random.default_rng(seed)
    near, longest, silent, expected = OWN, -1, list[tuple[int, str]](), list[tuple[int, str, Place]]()
    for k in range(-1, len(CANDIDATES) + effort.draws):
        drawn = k - len(CANDIDATES)
        if drawn >= 0 and spent > effort.points:
            break
        # Every third draw is a new one; the others come ever closer to the best so far.
        candidate = (
            (OWN, *CANDIDATES)[k + 1]
            if drawn < 0
            else neighbour(near if drawn % 3 else None, 0.3 * 0.01 ** (drawn / 24), rng)
        )
        try:
            place = built(candidate, bound.problem, method, values)
        except InputError:
            if candidate is OWN:
                raise
            # It leaves no room below Delta, or L1 = 0.
            continue
        # Silence is a noise that sigma bounds, so the hard instances of exact gradients serve noisy theorems too.
        found = count(place, bound, method, EXACT, runs=1, seed=seed)
        silent.append((found, candidate.name))
        runs, spent = runs + 1, spent + found
        if noisy:
            guess = count(place, bound, method, TWO_POINT, runs=effort.seeds, seed=seed)
            expected.append((guess, candidate.name, place))
            runs, spent, found = runs + effort.seeds, spent + guess, max(found, guess)
        if found > longest:
            near, longest = candidate, found
    # The largest of many means over few runs is too large: what was chosen is measured again, with other noise.
    fresh = min(max(effort.fresh // bound.iterations, 64), 4096)
    chosen = sorted(expected, key=lambda e: -e[0])[:2]
    again = [
        (count(place, bound, method, TWO_POINT, runs=fresh, seed=seed + 1), f"{name}, two-point noise")
        for _, name, place in chosen
    ]
    return silent[0][0], *max((*silent, *again), key=lambda c: c[0]), runs + fresh * len(again)


def sandwiches(
    case: Case, *, steepnesses: Sequence[float] = LAMBDAS, seed: int = 0, effort: Effort | None = None
) -> tuple[Sandwich, ...]:
    """One theorem over a range of lambda, with noise by default briskly.

    A theorem about L-smooth functions has one value of lambda, zero.
    """
    smooth = theorem_named(case.theorem).smoothness == LIPSCHITZ
    chosen = steepnesses[:1] if smooth else steepnesses
    effort = effort or (BRISK if case.noise else FULL)
    return tuple(sandwich(case, steepness, seed=seed, effort=effort) for steepness in chosen)


def over_epsilon(
    case: Case, epsilons: Sequence[Number] = (), *, steepness: float = 1.0, seed: int = 0, effort: Effort = BRISK
) -> tuple[Sandwich, ...]:
    """One class, L0 = 1 and L1 = ``steepness``, the gap of the case and a range of targets, by default its own."""
    slope = Fraction(0) if theorem_named(case.theorem).smoothness == LIPSCHITZ else Fraction(str(steepness))
    rows = []
    for text in epsilons or case.epsilons:
        epsilon = Fraction(str(text))
        least = float_near(gap(rational(Fraction(1)), rational(slope), rational(epsilon)))
        gaps = f"{case.delta / least:.9g}"
        rows.append(sandwich(case, float(slope * epsilon), gaps=gaps, epsilon=epsilon, seed=seed, effort=effort))
    return tuple(rows)


def both_sweeps(case: Case, *, quick: bool = False, seed: int = 0) -> tuple[tuple[Sandwich, ...], tuple[Sandwich, ...]]:
    """One theorem over lambda and over epsilon; a quick one has few problems and no search."""
    if not quick:
        return sandwiches(case, seed=seed), over_epsilon(case, seed=seed)
    return (
        sandwiches(case, steepnesses=LAMBDAS[::4], seed=seed, effort=QUICK_EFFORT),
        over_epsilon(case, case.epsilons[:2], seed=seed, effort=QUICK_EFFORT),
    )
