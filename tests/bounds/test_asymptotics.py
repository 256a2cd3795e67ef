"""Leading terms: the ratio to the bound tends to one; boundaries: the terms are equal there."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

from bounds.asymptotics import LIMITS, asymptotics, corner_terms, dominant_term
from bounds.calculator import evaluate, rank
from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError
from bounds.functions import NamedFunction, drop, gap, turn_length
from bounds.leading import UnknownGrowthError, leading_term
from bounds.orders import order_terms
from bounds.problem import Problem
from bounds.symbols import L0, L1, Delta, M, epsilon, eta, gamma, sigma

EXTREME, CLOSE = 10**60, 0.05


def _number(expr, values):
    """The expression at a point, with digits to spare for cancellation."""
    while expr.atoms(NamedFunction):
        expr = expr.replace(lambda e: isinstance(e, NamedFunction), lambda e: e.explicit())
    with mpmath.workdps(600):
        function = sp.lambdify(list(values), expr, modules="mpmath")
        return function(*(mpmath.mpf(v.p) / v.q for v in values.values()))


def _point(expr):
    """Constants in general position, inside the hypotheses of the records with hidden units."""
    drawn = {
        "L0": 3,
        "L1": 2,
        "Delta": 70,
        "epsilon": sp.Rational(1, 7),
        "sigma": 5,
        "M": 11,
        "eta": sp.Rational(1, 13),
    }
    return {s: sp.sympify(drawn.get(s.name, sp.Rational(3, 2) if s.name in "gammaR" else 1)) for s in expr.free_symbols}


PAIRS = [(t, limit) for t in THEOREMS for limit in ("epsilon", "L1", "sigma") if t.proof]


@pytest.mark.parametrize(("theorem", "limit"), PAIRS, ids=[f"{t.key}-{limit}" for t, limit in PAIRS])
def test_the_bound_tends_to_its_leading_term(theorem, limit):
    if limit != "epsilon" and limit not in {s.name for s in theorem.complexity.free_symbols}:
        with pytest.raises(InputError, match=f"does not depend on {limit}"):
            asymptotics(theorem, limit)
        return
    found = asymptotics(theorem, limit)
    point = _point(theorem.complexity)
    point[found.symbol] = sp.Integer(EXTREME) if LIMITS[limit] > 0 else sp.Rational(1, EXTREME)
    ratio = _number(theorem.complexity, point) / _number(found.leading, {s: point[s] for s in point})
    assert abs(ratio - 1) < CLOSE


@pytest.mark.parametrize(
    ("key", "limit", "leading"),
    [
        ("best-step-gd", "epsilon", 2 * Delta * L0 / epsilon**2),
        ("best-step-gd", "L1", sp.Rational(8, 3) * Delta * L1 / epsilon),
        ("normalized-gd", "L1", Delta * L1 / (epsilon * (2 * sp.log(2) - 1))),
        ("clipped-sgd", "epsilon", sp.Rational(32, 15) * Delta * L0 * sigma**2 / epsilon**4),
        ("sgd", "sigma", 2 * Delta * L0 / epsilon**2),
        ("gradient-only-lower", "epsilon", Delta * L0 / epsilon**2),
        ("gradient-only-lower", "L1", Delta * L1 / (2 * epsilon)),
    ],
)
def test_leading_terms_by_hand(key, limit, leading):
    assert sp.simplify(asymptotics(theorem_named(key), limit).leading - leading) == 0


def test_boundaries_are_where_neighbouring_terms_balance():
    found = asymptotics(theorem_named("best-step-gd"), "epsilon")
    assert [b.at for b in found.boundaries] == [sp.Rational(3, 4) * L0 / L1]
    for key in ("framework-stochastic", "soft-clipped-sgd", "clipping-own-lower"):
        for boundary in asymptotics(theorem_named(key), "epsilon").boundaries:
            difference = (boundary.below - boundary.above).xreplace({epsilon: boundary.at})
            assert sp.simplify(difference) == 0
            slope = sp.diff(sp.log(boundary.below / boundary.above), epsilon) * epsilon
            assert sp.simplify(slope) < 0


@pytest.mark.parametrize("key", ["framework-deterministic", "best-step-gd", "sgd-gradient-bound", "clipped-gd-2019"])
def test_corner_terms_are_the_order_with_constants(key):
    theorem = theorem_named(key)
    symbols = theorem.complexity.free_symbols

    def bare(term):
        ones = {s: sp.Integer(1) for s in symbols}
        return (term / term.xreplace(ones)).xreplace({s: sp.Integer(1) for s in symbols if s.name.startswith("unit")})

    assert {bare(t) for t in corner_terms(theorem)} == set(order_terms(theorem))


def test_the_dominant_term_is_the_largest_one():
    few = Problem.of(L0=1, L1="1e-3", Delta=5, epsilon="0.01")
    many = Problem.of(L0=1, L1="1e6", Delta=5, epsilon="0.01")
    for problem, symbol in ((few, L0), (many, L1)):
        ranking = rank((theorem_named("best-step-gd"), theorem_named("normalized-gd")), problem)
        assert all(symbol in dominant_term(b).free_symbols for b in ranking.upper)
    for b in rank(THEOREMS, many).upper:
        term = dominant_term(b)
        assert _number(term, {s: b.application[s] for s in term.free_symbols}) <= float(b.value) * 1.2


def test_a_chosen_step_size_stays_in_the_dominant_term():
    problem = Problem.of(L0=1, L1=1, Delta=5, epsilon="0.001")
    theorem = theorem_named("framework-deterministic")
    assert eta in dominant_term(evaluate(theorem, problem, {"beta": 0, "eta": "1/50"})).free_symbols
    assert eta not in dominant_term(evaluate(theorem, problem, {"beta": 0})).free_symbols


def test_without_L1_the_dominant_term_has_none():
    bound = evaluate(theorem_named("clipped-gd"), Problem.of(L0=1, L1=0, Delta=5, epsilon="0.01"))
    assert dominant_term(bound) == sp.Rational(5, 2) / (
        8 - 5 * sp.exp(sp.Rational(2, 5))
    ) * Delta * L0 / epsilon**2 or (L1 not in dominant_term(bound).free_symbols)


def test_unknown_limits_are_refused():
    with pytest.raises(InputError, match="unknown; known: epsilon"):
        asymptotics(theorem_named("sgd"), "L7")
    with pytest.raises(InputError, match="does not depend on M"):
        asymptotics(theorem_named("sgd"), "M")


@pytest.mark.parametrize(
    ("expr", "powers", "coefficient", "power"),
    [
        (gap(L0, L1, epsilon), {epsilon: -1}, epsilon**2 / (2 * L0), -2),
        (gap(L0, L1, epsilon), {L1: 1}, epsilon / L1, -1),
        (turn_length(L0, L1, M), {M: 1}, sp.log(L1 * M / L0) / L1, 0),
        (drop(L0, L1, epsilon, gamma), {gamma: -1}, epsilon * gamma, -1),
        (drop(L0, L1, epsilon, gamma), {gamma: 1}, 2 * gap(L0, L1, epsilon), 0),
        (1 - (1 - L1 / L0) / (1 + L1 / L0), {L0: 1}, 2 * L1 / L0, -1),
        (sp.Max(L0, L1) - L0, {L1: 1}, L1, 1),
        (sp.floor(L0 / L1), {L0: 1}, L0 / L1, 1),
        (sp.log(1 + L1 / L0), {L0: 1}, L1 / L0, -1),
    ],
)
def test_rules_of_growth(expr, powers, coefficient, power):
    found = leading_term(expr, {s: sp.Integer(p) for s, p in powers.items()})
    assert found.power == power
    ratio = found.coefficient / coefficient
    values = {s: sp.Rational(7, k + 3) for k, s in enumerate(sorted(ratio.free_symbols, key=str))}
    assert _number(ratio, values) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("expr", [sp.exp(L0), sp.sin(L0), sp.sqrt(L0**2 + 1) - L0])
def test_growth_without_a_rule_is_refused(expr):
    with pytest.raises(UnknownGrowthError):
        leading_term(expr, {L0: sp.Integer(1)})
