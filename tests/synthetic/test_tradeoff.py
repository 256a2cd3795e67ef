"""Properties of the trade-off: monotone curves, and pairs at which no other examined pair does better."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest

from bounds.calculator import evaluate
from bounds.catalogue import theorem_named
from bounds.errors import InputError, NoStepNeeded
from bounds.problem import Problem
from bounds.theorem import Theorem
from synthetic import landscapes as factories
from synthetic.certify import certify
from synthetic.landscape import Landscape
from synthetic.landscapes import landscape_named
from synthetic.minimal import minimal_L0
from synthetic.tradeoff import BestConstants, best_constants, minimal_curve

SHARP = theorem_named("framework-deterministic-sharp")
CLIPPED = theorem_named("clipped-gd")
QUICK = theorem_named("best-step-gd")
EPSILON = Fraction(1, 100)


def count(theorem: Theorem, landscape: Landscape, L0: object, L1: object, Delta: object = None) -> int:
    """The theorem's count for a pair."""
    problem = Problem.of(
        L0=L0,
        L1=L1,
        Delta=landscape.initial_gap if Delta is None else Delta,
        epsilon=EPSILON,
        dimension=landscape.dimension,
        criterion=theorem.criterion,
    )
    return evaluate(theorem, problem).iterations


def check(found: BestConstants, landscape: Landscape) -> None:
    """The pair is valid and belongs to the bound."""
    assert certify(landscape, found.L0, found.L1).verdict == "proved"
    assert (found.bound.problem.L0, found.bound.problem.L1) == (found.L0, found.L1)
    assert found.bound.iterations == found.iterations


@pytest.mark.parametrize("key", ["quartic", "sextic", "norm-cubed", "cosh", "hard-exponential", "logistic"])
def test_the_smallest_l0_never_grows_with_l1(key: str) -> None:
    values = [Fraction(k, 5) for k in range(13)]
    curve = minimal_curve(landscape_named(key), values)
    assert [point.L1 for point in curve] == values
    for left, right in itertools.pairwise(curve):
        assert right.low <= left.high
        assert 0 <= left.low <= left.high


def test_the_curve_of_the_quartic() -> None:
    assert [point.high for point in minimal_curve(factories.quartic(), (4, "1/2", 2))] == [1, 64, 4]


@pytest.mark.parametrize("theorem", [SHARP, CLIPPED, QUICK], ids=lambda t: t.key)
def test_no_pair_of_a_grid_and_no_stated_pair_is_better_on_the_quartic(theorem: Theorem) -> None:
    quartic = factories.quartic()
    found = best_constants(quartic, theorem, epsilon=EPSILON)
    check(found, quartic)
    for L1 in (Fraction(10) ** Fraction(k, 7) for k in range(-14, 22)):
        exact = Fraction(L1).limit_denominator(10**6)
        assert found.iterations <= count(theorem, quartic, minimal_L0(quartic, exact).high, exact)
    stated = quartic.constants
    assert found.iterations < count(theorem, quartic, stated.L0, stated.L1) / 10


def test_the_best_l1_grows_as_eps_shrinks() -> None:
    # On the curve L0 = 16/L1^2 the parts L0 Delta/eps^2 and L1 Delta/eps balance at L1 of order eps^(-1/3).
    quartic = factories.quartic()
    far, near = (best_constants(quartic, QUICK, epsilon=e).L1 for e in ("1e-3", "1e-6"))
    assert float(near / far) == pytest.approx(10, rel=0.02)


def test_units_change_the_pair_and_not_the_count() -> None:
    quartic = factories.quartic()
    plain = best_constants(quartic, QUICK, 16, epsilon=EPSILON)
    scaled = best_constants(quartic.scaled(value=100, point="1/10"), QUICK, 1600, epsilon=1000 * EPSILON)
    assert scaled.iterations == plain.iterations
    assert float(scaled.L1 / plain.L1) == pytest.approx(10, rel=1e-3)


@pytest.mark.parametrize(
    ("landscape", "L0", "L1"),
    [
        (factories.cosh(L1=2), 1, 2),
        (factories.exponential(L1=3), 0, 3),
        (factories.huber(), 1, 0),
        (factories.hard_exponential(), 1, 1),
    ],
    ids=lambda p: p.key if isinstance(p, Landscape) else str(p),
)
def test_corners_of_the_curve_are_found_exactly(landscape: Landscape, L0: int, L1: int) -> None:
    found = best_constants(landscape, QUICK, epsilon=EPSILON)
    assert (found.L0, found.L1) == (L0, L1)


def test_a_corner_that_is_not_stated_is_found() -> None:
    # cosh(2x)/4 states only the pair at L1 = 2; a copy that states L1 = 5 must still find 2 from the curve.
    cosh = factories.cosh(L1=2)
    other = cosh.scaled()
    stated = other.smoothness[0]
    moved = Landscape(
        **{
            name: getattr(other, name)
            for name in ("key", "name", "form", "optimum", "infimum", "start", "summary", "source")
        },
        smoothness=(type(stated)(L0=stated.L0, L1=Fraction(5), source=stated.source),),
    )
    assert best_constants(moved, QUICK, epsilon=EPSILON).L1 == 2


def test_logistic_pairs_beat_both_ends() -> None:
    logistic = factories.logistic(dimension=1)
    found = best_constants(logistic, QUICK, epsilon=EPSILON, L1_range=("1/2", 1))
    check(found, logistic)
    assert 0 < found.L1 < 1
    for pair in logistic.smoothness:
        assert found.iterations < count(QUICK, logistic, pair.L0, pair.L1)


def test_the_range_is_respected_and_its_ends_count() -> None:
    quartic = factories.quartic()
    assert float(best_constants(quartic, QUICK, epsilon=EPSILON, L1_range=("1/3", "7/3")).L1) == 7 / 3
    assert best_constants(quartic, QUICK, epsilon=EPSILON, L1_range=(50, 60)).L1 == 50
    assert best_constants(factories.huber(), QUICK, epsilon=EPSILON, L1_range=(0, 1)).L1 == 0


def test_the_gap_and_the_parameters_are_passed_on() -> None:
    quartic = factories.quartic()
    found = best_constants(quartic, SHARP, 3, epsilon=EPSILON, parameters={"beta": "1/2", "nu": 1}, L1_range=(1, 30))
    assert found.bound.problem.Delta == 3
    assert found.bound.parameters["beta"] == 0.5
    default = best_constants(quartic, QUICK, epsilon=EPSILON, L1_range=(1, 30)).bound.problem.Delta
    assert 16 <= default <= 16 + Fraction(1, 10**12)


@pytest.mark.parametrize("key", ["rosenbrock", "anisotropic-quartic", "population-phase-retrieval"])
def test_landscapes_without_a_curve_are_refused_with_the_reason(key: str) -> None:
    with pytest.raises(InputError, match=r"not known exactly: \w"):
        best_constants(landscape_named(key), QUICK, epsilon=EPSILON)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"L1_range": (2, 1)}, "L1_range"),
        ({"L1_range": (-1, 1)}, "L1_range"),
        ({"L1_range": (1, 2, 3)}, "L1_range"),
        ({"Delta": -1}, "delta = -1"),
        ({"epsilon": 0}, "eps = 0"),
        ({"theorem": theorem_named("chain-lower")}, "lower bound"),
        ({"theorem": theorem_named("sgd-gradient-bound"), "L1_range": (1, 2)}, "gives no count"),
    ],
    ids=str,
)
def test_bad_input_is_refused_in_one_sentence(arguments: dict[str, object], part: str) -> None:
    with pytest.raises(InputError) as refusal:
        best_constants(factories.quartic(), **({"theorem": QUICK, "epsilon": EPSILON} | arguments))
    assert part in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_range_without_valid_pairs_is_refused() -> None:
    with pytest.raises(InputError, match="no L0 is valid"):
        best_constants(factories.cosh(L1=2), QUICK, epsilon=EPSILON, L1_range=(1, "19/10"))


def test_nothing_to_do_is_said() -> None:
    with pytest.raises(NoStepNeeded):
        best_constants(factories.quartic(), QUICK, "1e-9", epsilon=1)


def test_infinite_values_mark_the_empty_part_of_the_curve() -> None:
    (below,) = minimal_curve(factories.cosh(L1=2), (1,))
    assert below.high == math.inf
