"""Points decide: witnesses against vacuity, refuted mutations, exact evaluation."""

from __future__ import annotations

import dataclasses
import runpy
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from bounds.errors import InputError
from bounds.proofs.step import Clause, signs
from bounds.proofs.store import load
from bounds.proofs.witness import Mutation, Witness, holds_at, mutants, settled

HERE = Path(__file__).parent
EXAMPLES = runpy.run_path(str(HERE / "examples.py"))
CLAUSES = EXAMPLES["CLAUSES"]
STORED = load("examples", HERE)
x, y = sp.symbols("x y")


def clause(goal, *, relation=">=", variables=None, **fields):
    return Clause(id="T", place="x", variables=variables or signs(nonneg="x y"), goal=goal, relation=relation, **fields)


def at(**values):
    return {v: Fraction(value) for v, value in values.items()}


@pytest.mark.parametrize("stated", CLAUSES, ids=lambda c: c.id)
def test_every_example_speaks_of_something(stated):
    witness = STORED[stated.id].witness
    assert witness.confirms(stated)
    assert witness.interior
    assert Witness.from_data(witness.data) == witness


@pytest.mark.parametrize("stated", CLAUSES, ids=lambda c: c.id)
def test_every_mutation_of_the_examples_is_settled(stated):
    stored = {m.change: m for m in STORED[stated.id].mutations}
    assert stored.keys() == mutants(stated).keys()
    for mutation in stored.values():
        assert settled(stated, mutation) == ("refuted" if mutation.point is not None else "true")
        assert Mutation.from_data(mutation.data) == mutation


def test_a_vacuous_clause_has_no_witness():
    vacuous = clause(-1 - x, weak={"a": x - 2, "b": 1 - x})
    for value in range(5):
        truth = holds_at(vacuous, at(x=value, y=0))
        assert truth
        assert not truth.hypotheses
        assert not Witness(point=at(x=value, y=0), interior=False).confirms(vacuous)


def test_a_boundary_point_is_not_called_interior():
    stated = clause(x, weak={"a": x - 2})
    assert holds_at(stated, at(x=2, y=1)) == (True, False, True)
    assert holds_at(stated, at(x=3, y=1)) == (True, True, True)
    assert holds_at(stated, at(x=3, y=0)).interior is False
    assert Witness(point=at(x=2, y=1), interior=False).confirms(stated)
    assert not Witness(point=at(x=2, y=1), interior=True).confirms(stated)


@pytest.mark.parametrize(
    ("stated", "point", "truth"),
    [
        (clause(x - 1), at(x=1, y=0), True),
        (clause(x - 1, relation=">"), at(x=1, y=0), False),
        (clause(x - 1, relation="="), at(x=2, y=0), False),
        (clause((x - 1, y - 1)), at(x=0, y=1), True),
        (clause((x - 1, y - 1)), at(x=0, y=0), False),
        (clause(x - 1, strict={"h": y}), at(x=0, y=0), True),
        (clause(x - 1, eq={"h": y - 1}), at(x=0, y="1/3"), True),
        (clause(x - 1, eq={"h": 3 * y - 1}), at(x=0, y="1/3"), False),
        (clause(x - 1, variables=signs(pos="x", free="y")), at(x=0, y=-1), True),
        (clause(x - 1, variables=signs(pos="x", free="y")), at(x="1/2", y=-1), False),
        (clause(sp.Min(x, y) - sp.Max(x, 1)), at(x=1, y=1), True),
        (clause(1 / x - 1, variables=signs(nonneg="x", free="y")), at(x=0, y=0), True),
        (clause(sp.log(1 + x) - x, variables=signs(nonneg="x y")), at(x=0, y=0), True),
        (clause(sp.log(1 + x) - x, variables=signs(nonneg="x y")), at(x="1/1000000", y=0), False),
        (clause(sp.exp(x) - 1 - x - x**2 / 2), at(x="1/1000000", y=0), True),
        (clause(sp.log(x - 1)), at(x="1/2", y=0), True),
    ],
)
def test_truth_at_a_point_is_exact(stated, point, truth):
    assert bool(holds_at(stated, point)) is truth


def test_a_point_gives_exactly_the_variables():
    with pytest.raises(InputError, match="variables are"):
        holds_at(clause(x), at(x=1))
    with pytest.raises(InputError, match="variables are"):
        holds_at(clause(x), at(x=1, y=1, z=1))


def test_mutations_drop_hypotheses_and_worsen_terms():
    stated = clause(3 * x - 2 * y + x * y, weak={"a": x - y}, strict={"b": 2 - x}, rivals={"2.9": {"goal": x}})
    changed = mutants(stated)
    assert changed.keys() == {
        "without a",
        "without b",
        "9/10 * (* 3 x)",
        "11/10 * (* -2 y)",
        "9/10 * (* x y)",
        "2.9",
    }
    assert changed["11/10 * (* -2 y)"].goal == (3 * x - sp.Rational(11, 5) * y + x * y,)
    assert not changed["without a"].weak


def test_changes_that_leave_no_meaning_are_no_mutations():
    lemma = clause(y, weak={"a": x - y})
    stated = clause(x, weak={"a": x - y}, lemmas=(dataclasses.replace(lemma, id="L"),))
    assert "without a" not in mutants(stated)


def test_a_mutation_is_open_unless_its_own_evidence_holds():
    stated = CLAUSES[0]
    mutation = STORED[stated.id].mutations[0]
    inside = STORED[stated.id].witness.point
    assert settled(stated, mutation) == "refuted"
    assert settled(stated, dataclasses.replace(mutation, point=inside)) == "open"
    assert settled(stated, dataclasses.replace(mutation, point=None)) == "open"
    assert settled(stated, dataclasses.replace(mutation, statement=stated.hash)) == "open"
    assert settled(stated, dataclasses.replace(mutation, change="without anything")) == "open"
    borrowed = dataclasses.replace(mutation, point=None, certificate=STORED[stated.id].certificate)
    assert settled(stated, borrowed) == "open"
