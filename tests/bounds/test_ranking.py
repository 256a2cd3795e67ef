"""All theorems side by side, and rounding checked against independent high-precision arithmetic."""

from __future__ import annotations

import json
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.applicability import NotCovered
from bounds.calculator import evaluate, lower_bound_for, rank
from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import NoStepNeeded
from bounds.problem import Problem
from bounds.quantities import quantity
from bounds.smoothness import Noise
from bounds.symbols import eta, gamma
from bounds.theorem import Criterion, Kind

STANDARD = {"L0": 1, "L1": 10, "Delta": 5, "epsilon": "0.01"}
quick = settings(max_examples=25, deadline=None)
constants = st.fractions(min_value=Fraction(1, 10), max_value=10, max_denominator=50)
tight = st.fractions(min_value=Fraction(1, 1000), max_value=Fraction(1, 20), max_denominator=1000)


def _mp(x):
    return mpmath.mpf(x.numerator) / x.denominator


def _gap(L0, L1, G):
    s = L1 * G / L0
    return L0 / L1**2 * (s - mpmath.log(1 + s))


@quick
@given(constants, constants, constants, tight)
def test_an_upper_bound_is_never_below_its_value(L0, L1, Delta, epsilon):
    """Normalized descent with the best step length, written out independently with 60 digits."""
    bound = evaluate(theorem_named("normalized-gd"), Problem.of(L0=L0, L1=L1, Delta=Delta, epsilon=epsilon))
    with mpmath.workdps(60):
        a, b, d, e = map(_mp, (L0, L1, Delta, epsilon))
        step = mpmath.log(1 + b * e / (a + b * e)) / b
        c = b * step
        decrease = step * e - (a + b * e) * step**2 * (mpmath.exp(c) - 1 - c) / c**2
        assert 0 <= bound.iterations - d / decrease < 1


@quick
@given(constants, constants, constants, tight)
def test_a_lower_bound_is_never_more_than_its_ceiling(L0, L1, Delta, epsilon):
    problem = Problem.of(L0=L0, L1=L1, Delta=Delta, epsilon=epsilon)
    bound = evaluate(theorem_named("gradient-only-lower"), problem)
    with mpmath.workdps(60):
        a, b, d, e = map(_mp, (L0, L1, Delta, epsilon))
        assert 0 <= bound.iterations - (d / _gap(a, b, e) + 1) / 2 < 1


@pytest.mark.parametrize("L1", ["0", "1/3", "10"])
@quick
@given(constants, constants, tight)
def test_the_gap_in_dimension_one_is_exactly_one(L1, L0, Delta, epsilon):
    problem = Problem.of(L0=L0, L1=L1, Delta=Delta, epsilon=epsilon, criterion=Criterion.MIN, dimension=1)
    upper = evaluate(theorem_named("normalized-gd-one-dimension"), problem)
    lower = evaluate(theorem_named("gradient-only-lower"), problem)
    assert upper.iterations == lower.iterations


def test_the_ranking_in_dimension_one_is_closed():
    ranking = rank(THEOREMS, Problem.of(**STANDARD, criterion=Criterion.MIN, dimension=1))
    assert ranking.upper[0].theorem.key == "normalized-gd-one-dimension"
    assert ranking.gap == 1
    assert ranking.own_gap == 1


@pytest.mark.parametrize("changes", [{}, {"sigma": 1}, {"L1": 0}, {"L1": 0, "sigma": 1, "noise": Noise.VARIANCE}])
def test_a_ranking_is_sorted_and_complete(changes):
    problem = Problem.of(**(STANDARD | changes))
    ranking = rank(THEOREMS, problem)
    upper, lower = [b.iterations for b in ranking.upper], [b.iterations for b in ranking.lower]
    assert upper == sorted(upper)
    assert lower == sorted(lower, reverse=True)
    named = [b.theorem.key for b in (*ranking.upper, *ranking.lower)] + [r.theorem.key for r in ranking.refused]
    assert sorted(named) == sorted(t.key for t in THEOREMS)
    assert all(b.theorem.kind is Kind.UPPER for b in ranking.upper)
    assert ranking.gap >= 1
    assert ranking.own_gap >= 1
    assert ranking.own_lower.iterations >= ranking.best_lower.iterations
    for bound in (*ranking.upper, *ranking.lower):
        assert json.loads(json.dumps(bound.json(), allow_nan=False))["iterations"] == bound.iterations


def test_an_empty_ranking_has_no_gap():
    ranking = rank((theorem_named("sgd"),), Problem.of(**STANDARD))
    assert ranking.upper == ranking.lower == ()
    assert ranking.gap is ranking.own_gap is ranking.own_lower is ranking.best_lower is None
    assert len(ranking.refused) == 1


def test_the_own_lower_bound_uses_the_very_parameters():
    """Steps ten times shorter need about ten times more iterations, in the lower bound too."""
    clipped, problem = theorem_named("clipped-gd"), Problem.of(**STANDARD)
    long = evaluate(clipped, problem, {"eta": "1/10", "gamma": "1/100"})
    short = evaluate(clipped, problem, {"eta": "1/100", "gamma": "1/1000"})
    ratio = lower_bound_for(short, THEOREMS).iterations / lower_bound_for(long, THEOREMS).iterations
    assert 8 < ratio < 12


@pytest.mark.parametrize("text", ["1e-300", "1e-30", "1e30", "1e300"])
@pytest.mark.parametrize("name", ["L0", "L1", "Delta", "epsilon", "sigma"])
def test_huge_and_tiny_constants_are_exact(name, text):
    problem = Problem.of(**(STANDARD | {name: text}))
    try:
        ranking = rank(THEOREMS, problem)
    except NoStepNeeded:
        assert name in {"Delta", "epsilon", "L0"}
        return
    assert ranking.upper
    for bound in (*ranking.upper, *ranking.lower):
        assert isinstance(bound.iterations, int)
        assert bound.iterations >= 1
        json.dumps(bound.json(), allow_nan=False)


def test_all_constants_at_the_extremes():
    bound = evaluate(
        theorem_named("best-step-gd"), Problem.of(L0="1e300", L1="1e-300", Delta="1e300", epsilon="1e-300")
    )
    assert bound.iterations == 2 * 10**1200 + -(-8 * 10**300 // 3)


def test_no_step_is_needed_when_the_gap_is_too_small():
    problem = Problem.of(L0=1, L1=0, Delta=1, epsilon=2)
    for theorem in THEOREMS:
        with pytest.raises(NoStepNeeded, match="needs zero steps"):
            evaluate(theorem, problem)
    with pytest.raises(NoStepNeeded):
        rank(THEOREMS, problem)


@pytest.mark.parametrize("theorem", [t for t in THEOREMS if t.kind is Kind.UPPER], ids=lambda t: t.key)
def test_reported_step_sizes_are_on_the_safe_side(theorem):
    """The doubles that a user copies never exceed the exact steps, so they still satisfy the caps."""
    setting = {"noise": theorem.noise, "criterion": theorem.criterion, "smoothness": theorem.smoothness}
    constants = STANDARD | {"sigma": int(theorem.noise is not Noise.EXACT), "L1": 0, "L0": 3} | setting
    if theorem.dimension:
        constants["dimension"] = theorem.dimension
    if theorem.convex:
        constants |= {"convex": True, "R": 3}
    parameters = {name: 20 for name in ("M", "L") if quantity(name).symbol in theorem.symbols}
    try:
        bound = evaluate(theorem, Problem.of(**constants), parameters, theorem.momentum_start[0])
    except NotCovered:
        assert theorem.order_only
        return
    for symbol, name in ((eta, "step_size"), (gamma, "max_step")):
        exact = bound.parameter(symbol)
        assert (exact is None) == (name not in bound.parameters)
        if exact is not None and exact.is_Rational:
            assert Fraction(bound.parameters[name]) <= Fraction(int(exact.p), int(exact.q))
