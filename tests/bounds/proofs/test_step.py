"""Clauses check themselves; the hash is of the statement and of nothing else."""

from __future__ import annotations

import dataclasses
import runpy
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from bounds.errors import InputError
from bounds.proofs.step import Clause, Lemma, canonical, signs
from bounds.proofs.system import branches
from bounds.symbols import L0, beta, eta

EXAMPLES = runpy.run_path(str(Path(__file__).with_name("examples.py")))
CLAUSES = EXAMPLES["CLAUSES"]
x, y, z = sp.symbols("x y z")


def clause(**fields):
    given = {"id": "T", "place": "somewhere", "variables": signs(nonneg="x y"), "goal": x + y}
    return Clause(**{**given, **fields})


def test_signs_lists_variables_in_order():
    assert signs(pos="a b", nonneg="c", free="d e") == {"a": "pos", "b": "pos", "c": "nonneg", "d": "free", "e": "free"}


@pytest.mark.parametrize(
    ("fields", "mentioned"),
    [
        ({"id": "two words"}, "two words"),
        ({"place": ""}, "place|where"),
        ({"variables": {"x": "positive", "y": "free"}}, "positive"),
        ({"variables": {"x": "pos"}}, "symbol y"),
        ({"goal": x + z}, "symbol z"),
        ({"goal": 0.5 * x}, "0.5"),
        ({"goal": "x + y"}, "x \\+ y"),
        ({"goal": sp.sqrt(x)}, "sqrt"),
        ({"goal": sp.Abs(x)}, "Abs"),
        ({"goal": x > 0}, "x > 0"),
        ({"goal": True}, "True"),
        ({"goal": ()}, "0 goals"),
        ({"goal": x * sp.I}, "I"),
        ({"relation": "<="}, "<="),
        ({"relation": "=", "goal": (x, y)}, "2 goals"),
        ({"weak": {"h": sp.Integer(1)}}, "constant"),
        ({"weak": {"h": x}, "strict": {"h": y}}, "distinct"),
        ({"weak": {"a hypothesis": x}}, "distinct|letters"),
        ({"goal": sp.Symbol("x", positive=True) + y}, "assumes more"),
        ({"goal": sp.Symbol("x", integer=True) + y}, "integer"),
    ],
)
def test_a_wrong_clause_is_refused_in_one_sentence(fields, mentioned):
    with pytest.raises(InputError, match=mentioned) as caught:
        clause(**fields)
    assert "\n" not in str(caught.value)


def test_symbols_of_the_theory_are_accepted_where_their_assumptions_are_declared():
    stated = clause(variables=signs(pos="eta", nonneg="L0 beta"), goal=eta * L0 + beta)
    assert stated.goal[0].free_symbols == set(sp.symbols("eta L0 beta"))
    with pytest.raises(InputError, match="assumes more"):
        clause(variables=signs(nonneg="eta L0 beta"), goal=eta * L0 + beta)


def test_exact_numbers_and_single_goals_are_convenient():
    assert clause(goal=Fraction(1, 3)).goal == (sp.Rational(1, 3),)
    assert clause(goal=7).goal == (sp.Integer(7),)


def test_clauses_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        clause().goal = (x,)
    with pytest.raises(TypeError):
        clause().variables["x"] = "pos"


def test_the_hash_ignores_names_of_places_and_the_order_of_writing():
    first = clause(goal=x * y + x, weak={"a": 1 - x, "b": 2 - y})
    second = clause(
        id="other", place="elsewhere", goal=x + y * x, weak={"b": 2 - y, "a": 1 - x}, rivals={"r": {"goal": x}}
    )
    assert first.hash == second.hash


@pytest.mark.parametrize(
    "fields",
    [
        {"goal": x + 2 * y},
        {"goal": (x, y)},
        {"relation": ">"},
        {"variables": signs(pos="x", nonneg="y")},
        {"variables": signs(nonneg="x y z")},
        {"weak": {"h": 1 - x}},
        {"strict": {"h": 1 - x}},
        {"eq": {"h": 1 - x}},
        {"lemmas": (clause(id="lemma", goal=x),)},
    ],
)
def test_the_hash_sees_every_part_of_the_statement(fields):
    assert clause(**fields).hash != clause().hash


def test_all_examples_have_different_hashes():
    assert len({c.hash for c in CLAUSES}) == len(CLAUSES)


def test_canonical_spelling_does_not_depend_on_the_order_of_arguments():
    assert canonical(sp.Min(x, y + 1)) == canonical(sp.Min(1 + y, x)) == "(Min (+ 1 y) x)"
    assert canonical(x - y) != canonical(y - x)
    assert canonical(sp.Symbol("E")) != canonical(sp.E)


def test_changes_merge_hypotheses_by_name():
    stated = clause(weak={"a": 1 - x, "b": 2 - y})
    changed = stated.changed({"weak": {"a": None, "b": 3 - y}, "goal": x})
    assert dict(changed.weak) == {"b": 3 - y}
    assert changed.goal == (x,)
    with pytest.raises(InputError, match="variables"):
        stated.changed({"variables": {}})


LEMMA = Clause(
    id="lemma", place="x", variables=signs(nonneg="a b"), weak={"h": 1 - sp.Symbol("a")}, goal=sp.Symbol("b") - 1
)


def test_a_lemma_adds_its_goal_at_the_substituted_variables():
    user = clause(weak={"k": 1 - x}, lemmas=(Lemma(clause=LEMMA, at={"a": x, "b": x + y}),), goal=x + y - 1)
    assert branches(user)[0].factors["lemma:lemma"].expr == x + y - 1


@pytest.mark.parametrize(
    ("at", "weak", "needs"),
    [
        ({"a": x, "b": y}, {}, "h"),
        ({"a": x, "b": y - x}, {"k": 1 - x}, "sign of b"),
        ({"a": x - y, "b": y}, {"k": 1 - x + y}, "sign of a"),
    ],
)
def test_a_lemma_whose_hypotheses_are_not_stated_is_refused(at, weak, needs):
    user = clause(weak=weak, lemmas=(Lemma(clause=LEMMA, at=at),))
    with pytest.raises(InputError, match=f"needs .*{needs}"):
        branches(user)


def test_lemmas_must_be_single_goals_in_known_variables():
    with pytest.raises(InputError, match="variables of this clause"):
        clause(lemmas=(LEMMA,))
    with pytest.raises(InputError, match="one goal"):
        clause(lemmas=(clause(id="either", goal=(x, y)),))
    with pytest.raises(InputError, match="distinct and earlier"):
        clause(lemmas=(clause(),))
