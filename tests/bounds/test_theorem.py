"""A record that is not a well-formed statement does not come into being."""

from __future__ import annotations

import dataclasses

import pytest
import sympy as sp

from bounds.catalogue import THEOREMS, theorem_named
from bounds.catalogue.writing import at_least, at_most, below, equal
from bounds.symbols import L0, L1, Delta, beta, epsilon, eta, gamma
from bounds.theorem import Criterion, Provenance, Relation, Source

UPPER = theorem_named("clipped-gd")
LOWER = theorem_named("gradient-only-lower")
ZETA = sp.Symbol("zeta", positive=True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"iterations": ZETA * Delta * L0 / epsilon**2}, "undeclared symbol zeta"),
        ({"iterations": Delta * (L0 + L1) / epsilon**2}, "L1 has units"),
        ({"iterations": Delta * L1 / epsilon**2}, "iterations have units"),
        ({"iterations": Delta * L0 / epsilon**2 + Delta}, "has units .*other terms have"),
        ({"requires": (at_most(eta, 1 / L1, "x"),)}, "compares units"),
        ({"requires": (below(L0 + L1, 1, "x"),)}, "L1 has units"),
        ({"parameters": ((eta, 1 / L1), (gamma, 1 / L1))}, "parameter eta = 1/L1 has units"),
        ({"parameters": ((eta, gamma * L1 / L0), (gamma, 1 / L1))}, r"eta is recommended in terms of \['gamma'\]"),
        ({"parameters": ((eta, eta), (gamma, 1 / L1))}, r"eta is recommended in terms of \['eta'\]"),
        ({"parameters": ((gamma, 1 / L1),)}, r"no recommended value for \['eta'\]"),
        ({"iterations": UPPER.iterations / (1 - beta)}, r"no recommended value for \['beta'\]"),
        ({"scope": "all methods"}, "exactly the lower bounds name the scope"),
        ({"proof": None}, "exactly the statements proved here point to a proof"),
        ({"provenance": Provenance.QUOTED}, "exactly the statements proved here point to a proof"),
        ({"guarantee": epsilon**2 * L1 / L0}, "multiple of epsilon"),
        ({"guarantee": epsilon**2}, "is not a gradient norm"),
        ({"guarantee": epsilon + L0 / L1}, "multiple of epsilon"),
        ({"guarantee": sp.sqrt(2 * L0 * Delta)}, "multiple of epsilon"),
        ({"first": 2}, "first counted iterate is 0 or 1"),
    ],
)
def test_ill_formed_records_are_refused(change, reason):
    with pytest.raises(ValueError, match=reason):
        dataclasses.replace(UPPER, **change)


def test_a_lower_bound_needs_a_scope():
    with pytest.raises(ValueError, match="name the scope"):
        dataclasses.replace(LOWER, scope="")


def test_an_undeclared_symbol_with_a_declared_name_is_refused():
    """A symbol of the right name but other assumptions would never be given a value."""
    impostor = sp.Symbol("Delta")
    with pytest.raises(ValueError, match="undeclared symbols"):
        dataclasses.replace(UPPER, iterations=impostor * L0 / epsilon**2)


def test_records_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        UPPER.key = "other"


@pytest.mark.parametrize("multiple", [2, sp.Rational(766, 1000), sp.E - 1])
def test_multiples_of_epsilon_are_guarantees(multiple):
    assert dataclasses.replace(UPPER, guarantee=multiple * epsilon).guarantee == multiple * epsilon


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda t: t.key)
def test_the_complexity_has_no_parameter_left_that_is_recommended(theorem):
    assert not theorem.complexity.free_symbols & {s for s, _ in theorem.parameters}
    assert theorem.iterations.free_symbols <= theorem.symbols


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda t: t.key)
def test_the_statement_is_in_words(theorem):
    assert "epsilon" not in theorem.statement
    assert theorem.criterion.value.partition("-")[0] in theorem.statement
    assert theorem.points in theorem.statement


def test_criteria_are_ordered_by_strength():
    strong_first = [Criterion.MEAN_SQUARED, Criterion.MEAN, Criterion.MIN]
    for i, a in enumerate(strong_first):
        for j, b in enumerate(strong_first):
            assert a.implies(b) == (i <= j)


@pytest.mark.parametrize(
    ("relation", "signs"),
    [
        (Relation.AT_MOST, {-1, 0}),
        (Relation.LESS, {-1}),
        (Relation.AT_LEAST, {0, 1}),
        (Relation.EQUAL, {0}),
    ],
)
def test_relations(relation, signs):
    assert {s for s in (-1, 0, 1) if relation.holds(s)} == signs


def test_requirements_show_both_sides():
    assert str(at_least(eta, 2 / L0, "x")) == "eta >= 2/L0"
    assert str(equal(gamma, 1 / L1, "x")) == "gamma = 1/L1"


def test_sources_and_provenance_print():
    source = Source(authors="A", year=2000, title="t", venue="v", locator="Theorem 1", arxiv="1234.5678")
    assert str(source) == "A (2000), Theorem 1, arXiv 1234.5678"
    assert "arXiv" not in str(dataclasses.replace(source, arxiv=None))
    assert len({p.phrase for p in Provenance}) == len(Provenance)
