"""Every change of goal is reported, on the safe side, and nothing else is converted."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy as sp

from bounds.applicability import NotCovered
from bounds.calculator import evaluate
from bounds.catalogue import theorem_named
from bounds.errors import InputError, NoStepNeeded
from bounds.problem import Problem
from bounds.smoothness import FIRST_ORDER, Noise
from bounds.theorem import Criterion

CONSTANTS = {"L0": 1, "L1": 2, "Delta": 5, "epsilon": "1/20"}
CONVEX = {"L0": 1, "L1": 2, "Delta": 5, "epsilon": "1/20", "R": 3, "convex": True, "criterion": Criterion.VALUE}
NOISY = CONSTANTS | {"sigma": 1}


def _count(key, parameters=None, **constants):
    return evaluate(theorem_named(key), Problem.of(**constants), parameters)


def test_a_stronger_criterion_is_used_for_a_weaker_one_and_says_so():
    same = _count("clipped-gd", **CONSTANTS)
    weaker = _count("clipped-gd", **CONSTANTS, criterion=Criterion.MIN)
    assert same.application.note == ""
    assert same.json()["conversion"] is None
    assert weaker.iterations == same.iterations
    assert weaker.json()["conversion"] == "stated for the mean gradient norm, used for the min gradient norm"


def test_both_kinds_of_conversion_are_reported_together():
    bound = _count("any-norm-clipping", **CONSTANTS, criterion=Criterion.MIN, failure=None)
    assert bound.application.note == "stated for first-order, used under pointwise with factor 1.71828"
    bound = _count("gd-gradient-bound", **CONSTANTS, criterion=Criterion.MIN, smoothness=FIRST_ORDER)
    assert "mean-squared" in bound.application.note


@pytest.mark.parametrize("failure", ["1/10", "1/100"])
def test_markov_pays_the_probability_on_the_target(failure):
    risk = Fraction(failure)
    mean = _count("clipped-sgd", **NOISY, failure=failure)
    assert mean.iterations == _count("clipped-sgd", **(NOISY | {"epsilon": risk / 20})).iterations
    assert f"with probability 1 - {risk} by Markov" in mean.application.note


def test_markov_on_squares_pays_only_the_root():
    """E mean ||grad F||^2 <= f eps^2 makes mean ||grad F||^2 <= eps^2 fail with probability f at most."""
    setting = {"L0": 1, "L1": 0, "Delta": 5, "sigma": 1, "noise": Noise.VARIANCE, "criterion": Criterion.MEAN_SQUARED}
    square = _count("sgd", **setting, epsilon="1/20", failure="1/4")
    assert square.iterations == _count("sgd", **setting, epsilon="1/40").iterations


def test_exact_gradients_need_no_probability():
    with pytest.raises(InputError, match="gradients must be noisy"):
        Problem.of(**CONSTANTS, failure="1/10")
    for wrong in (0, 1, "3/2"):
        with pytest.raises(InputError, match="failure"):
            Problem.of(**NOISY, failure=wrong)


def test_a_lower_bound_on_an_expectation_says_nothing_about_probabilities():
    with pytest.raises(NotCovered, match="the goal is a probability"):
        _count("stochastic-chain-lower", **NOISY, noise=Noise.VARIANCE, failure="1/10")
    # A hard instance without noise is hard with probability one.
    assert _count("chain-lower", **NOISY, failure="1/10").iterations == _count("chain-lower", **NOISY).iterations


@pytest.mark.parametrize("key", ["clipped-gd", "framework-deterministic", "best-step-gd", "gd-gradient-bound"])
@pytest.mark.parametrize("epsilon", ["1/20", "1/2"])
def test_counting_from_one_costs_little_and_is_enough(key, epsilon):
    """n = T + 1 points with n - 1 >= k and a target of eps k/(k+1): then (n/(n-1)) k/(k+1) <= 1."""
    setting = CONSTANTS | {"epsilon": epsilon}
    plain = _count(key, **setting)
    shifted = _count(key, **setting, first=1)
    k, points = plain.iterations, shifted.iterations + 1
    assert Fraction(points, points - 1) * Fraction(k, k + 1) <= 1
    assert points >= _count(key, **(setting | {"epsilon": Fraction(epsilon) * Fraction(k, k + 1)})).iterations
    assert plain.iterations <= shifted.iterations <= 1.5 * plain.iterations + 10
    assert "used for t = 1..T" in shifted.application.note


def test_dropping_the_first_term_is_covered_on_random_sequences():
    rng = random.Random(0)
    for _ in range(200):
        k = rng.randint(1, 20)
        n = k + 1 + rng.randint(0, 5)
        terms = [Fraction(rng.randint(0, 9)) for _ in range(n)]
        terms[0] = Fraction(0) if rng.random() < 0.5 else terms[0]
        target = sum(terms) / n * Fraction(k + 1, k)
        assert sum(terms[1:]) / (n - 1) <= target


def test_a_minimum_is_not_counted_from_one():
    with pytest.raises(NotCovered, match="best iterate may be x_0"):
        _count("clipped-gd-min", **CONSTANTS, criterion=Criterion.MIN, first=1)
    with pytest.raises(NotCovered, match="says nothing about x_0"):
        _count("framework-deterministic-slides-proved", **CONSTANTS, first=0)
    wide = _count("framework-deterministic-slides-proved", **CONSTANTS, criterion=Criterion.MIN, first=0)
    narrow = _count("framework-deterministic-slides-proved", **CONSTANTS, criterion=Criterion.MIN, first=1)
    assert wide.iterations == narrow.iterations + 1
    with pytest.raises(InputError, match="first = 2"):
        Problem.of(**CONSTANTS, first=2)


def test_a_lower_bound_loses_the_point_that_is_not_counted():
    setting = CONSTANTS | {"criterion": Criterion.MIN}
    assert _count("chain-lower", **setting, first=1).iterations == _count("chain-lower", **setting).iterations - 1


def test_values_and_gradients_are_different_goals():
    with pytest.raises(NotCovered, match=r"about the gap F\(x\) - inf F; the goal is the mean gradient norm"):
        _count("reciprocal-gd-convex", **CONSTANTS, R=3, convex=True)
    with pytest.raises(NotCovered, match="the goal is the gap"):
        _count("reciprocal-gd", **CONVEX)


def test_convex_statements_need_convex_classes_and_lower_bounds_convex_instances():
    with pytest.raises(NotCovered, match="needs a convex function"):
        _count("reciprocal-gd-convex", **(CONVEX | {"convex": False}))
    with pytest.raises(NotCovered, match="hard instance is not convex"):
        _count("gradient-only-lower", **(CONSTANTS | {"convex": True}))
    # What holds for all functions holds for the convex ones.
    assert _count("clipped-gd", **CONSTANTS, convex=True).iterations == _count("clipped-gd", **CONSTANTS).iterations


def test_a_distance_that_was_not_given_is_named():
    with pytest.raises(NotCovered, match=r"needs R \(distance from x0 to a minimizer\)"):
        _count("reciprocal-gd-convex", **(CONVEX | {"R": None}))
    with pytest.raises(NotCovered, match="needs L"):
        _count("polyak-gd-takezawa", **CONVEX)
    assert _count("polyak-gd-takezawa", {"L": 50}, **CONVEX).iterations > 1
    with pytest.raises(InputError, match="R = 0"):
        Problem.of(**(CONVEX | {"R": 0}))


def test_a_gap_below_the_target_needs_no_step():
    with pytest.raises(NoStepNeeded, match="the gap at x0 is only delta = 5"):
        _count("reciprocal-gd-convex", **(CONVEX | {"epsilon": 5}))


def test_linear_convergence_without_L0():
    """With L0 = 0 every further digit costs the same number of steps, 2 L1 R ln 10."""
    setting = CONVEX | {"L0": 0, "smoothness": FIRST_ORDER}
    counts = [_count("reciprocal-gd-convex", **(setting | {"epsilon": f"1e-{k}"})).value for k in (3, 6, 9)]
    assert sp.simplify(counts[1] - counts[0] - 12 * sp.log(1000)) == 0
    assert sp.simplify(counts[2] - 2 * counts[1] + counts[0]) == 0
