"""Recommendations: what they say holds, and sensitivities obey the units."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.calculator import evaluate, rank
from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError
from bounds.methods import METHODS
from bounds.problem import Problem
from bounds.recommendation import elasticities, recommend
from bounds.theorem import Kind

PROBLEM = Problem.of(L0=1, L1=1, Delta=5, epsilon="0.01")
NOISY = Problem.of(L0=1, L1=1, Delta=5, epsilon="0.01", sigma=1)
UNITLESS = [
    t
    for t in THEOREMS
    if t.kind is Kind.UPPER and not t.order_only and not any(s.name.startswith("unit") for s in t.symbols)
]
quick = settings(max_examples=15, deadline=None)
constants = st.fractions(min_value=Fraction(1, 10), max_value=10, max_denominator=50)


@pytest.mark.parametrize("theorem", UNITLESS, ids=lambda t: t.key)
def test_sensitivities_obey_the_units_of_F_and_x(theorem, case_of):
    """T is invariant under F -> aF and x -> bx, so d ln T/d ln a = d ln T/d ln b = 0."""
    case = case_of(theorem)
    if case.parameters:  # chosen parameters would have to be scaled too
        return
    slope = elasticities(theorem, case.problem, None, case.start)
    get = lambda name: slope.get(name, 0.0)  # noqa: E731
    values = get("L0") + get("Delta") + get("epsilon") + get("sigma")
    points = -2 * get("L0") - get("L1") - get("epsilon") - get("sigma") + get("R")
    if theorem.criterion.value in ("mean", "min", "mean-squared"):
        assert values == pytest.approx(0, abs=1e-3)
        assert points == pytest.approx(0, abs=1e-3)


@quick
@given(constants, constants, constants)
def test_sensitivities_by_hand(L0, L1, Delta):
    """T = Delta (2 L0/eps^2 + (8/3) L1/eps): the two shares are the elasticities of L0 and L1."""
    problem = Problem.of(L0=L0, L1=L1, Delta=Delta, epsilon="0.01")
    found = elasticities(theorem_named("best-step-gd"), problem)
    share = float(20000 * L0 / (20000 * L0 + Fraction(800, 3) * L1))
    expected = {"L0": share, "L1": 1 - share, "Delta": 1, "epsilon": -1 - share}
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("problem", [PROBLEM, NOISY], ids=["exact", "noisy"])
def test_without_a_method_the_best_bound_is_recommended(problem):
    found = recommend(THEOREMS, problem)
    assert found.bound is found.ranking.upper[0]
    assert found.method in found.bound.methods


@pytest.mark.parametrize(
    "method",
    [
        "gd",
        "clipped-gd",
        "momentum-clipping",
        "mixed-clipping",
        "normalized-momentum",
        "log-step-gd",
        "soft-clipped-gd",
    ],
)
def test_the_method_asked_for_is_recommended_with_its_own_bound(method):
    found = recommend(THEOREMS, PROBLEM, method)
    assert found.method.key == method
    assert found.method in found.bound.methods
    chosen = {str(s): found.bound.parameter(s) for s, _ in found.bound.theorem.parameters}
    exact = {k: Fraction(int(v.p), int(v.q)) for k, v in chosen.items() if v.is_Rational}
    assert evaluate(found.bound.theorem, PROBLEM, exact).iterations == found.bound.iterations
    assert found.json()["method"] == method


COVERED = sorted({m.key for b in rank(THEOREMS, PROBLEM).upper for m in b.theorem.methods} & {m.key for m in METHODS})


@pytest.mark.parametrize("method", [key for key in COVERED if key not in ("gd", "clipped-gd")])
def test_the_lines_for_pytorch_name_every_parameter(method):
    found = recommend(THEOREMS, PROBLEM, method)
    lines = found.pytorch.splitlines()
    assert lines[-1].startswith("p -= ")
    names = {line.split(" = ")[0] for line in lines[:-1]}
    words = {"eta": "lr", "gamma": "max_step"}
    assert {words.get(p, p) for p in found.method.parameters} <= names
    compile(found.pytorch, "<recommended>", "exec")
    for name, key in (("lr", "step_size"), ("max_step", "max_step")):
        if name in names:
            shown = Fraction(next(line.split(" = ")[1] for line in lines if line.startswith(f"{name} = ")))
            assert shown <= Fraction(found.bound.parameters[key])


def test_built_in_pieces_are_preferred():
    assert recommend(THEOREMS, PROBLEM, "clipped-gd").pytorch.startswith("torch.optim.SGD(lr=")
    assert "clip_grad_norm_" in recommend(THEOREMS, PROBLEM, "clipped-gd").pytorch


def test_a_problem_without_a_theorem_names_the_nearest_refusals():
    squared = dataclasses.replace(PROBLEM, criterion=theorem_named("sgd").criterion)
    with pytest.raises(InputError, match=r"no upper bound about normalized-gd covers this problem \(.+: .+\)"):
        recommend(THEOREMS, squared, "normalized-gd")
    with pytest.raises(InputError, match="unknown method 'clipped-dg'"):
        recommend(THEOREMS, PROBLEM, "clipped-dg")
