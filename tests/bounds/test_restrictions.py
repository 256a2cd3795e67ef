"""Knowledge besides the class makes it smaller, so a hard instance that may lie outside gives no lower bound."""

from __future__ import annotations

import pytest

from bounds import THEOREMS, NotCovered, Problem, evaluate, rank, theorem_named
from bounds.symbols import L, R
from bounds.theorem import Kind


@pytest.mark.parametrize("key", ["gradient-only-lower", "chain-lower", "zero-chain-lower"])
def test_a_given_lipschitz_constant_silences_lower_bounds_that_ignore_it(key):
    problem = Problem.of(L0=1, L1=50, Delta=1, epsilon="0.1")
    assert evaluate(theorem_named(key), problem).iterations >= 1
    with pytest.raises(NotCovered, match="not known to have L = 1"):
        evaluate(theorem_named(key), problem, {"L": 1})


def test_a_given_distance_silences_lower_bounds_that_ignore_it():
    problem = Problem.of(L0=1, L1=1, Delta=1, epsilon="0.1", R="0.001")
    assert all(R in b.theorem.symbols for b in rank(THEOREMS, problem).lower)
    assert any(b.theorem.kind is Kind.UPPER for b in rank(THEOREMS, problem).upper)


def test_lower_bounds_that_remain_use_the_constant():
    ranking = rank(THEOREMS, Problem.of(L0=1, L1=50, Delta=1, epsilon="0.1"), {"L": 1})
    assert all(L in b.theorem.symbols for b in ranking.lower)
