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

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bounds.calculator import lower_bound_for
from bounds.catalogue import THEOREMS, theorem_named
from bounds.enclosure import float_near
from bounds.errors import InputError
from bounds.functions import gap
from bounds.methods import method_named
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.theorem import Criterion
from figures.sandwich_search import count, longest_failure, places, run_values
from figures.steps import Entry, runnable
from synthetic.forms import rational
from synthetic.oracles import EXACT, TWO_POINT

__all__ = ["CASES", "LAMBDAS", "Case", "Sandwich", "over_epsilon", "problem_at", "sandwich", "sandwiches"]

LAMBDAS: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
"""The default range of lambda = L1 epsilon/L0."""


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
    for place, name in places(problem, entry.method, run_values(bound, entry.method)):
        # Silence is a noise that sigma bounds, so the hard instances of exact gradients serve noisy theorems too.
        counts.append((count(place, bound, entry.method, EXACT, runs=1, seed=seed), name))
        runs += 1
        if case.noise:
            noisy = count(place, bound, entry.method, TWO_POINT, runs=seeds, seed=seed)
            counts.append((noisy, f"{name}, two-point noise"))
            runs += seeds
    hard = counts[0][0]
    worst, source = max(counts, key=lambda c: c[0])
    if rounds and not case.noise:
        played, games = longest_failure(bound, entry.method, worst, rounds=rounds, seed=seed)
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
