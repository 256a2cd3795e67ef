"""The scalar steps of the stochastic theory: certified, not vacuous, tight, linked, and meeting the records."""

from __future__ import annotations

import collections
import dataclasses
import itertools
from pathlib import Path

import pytest
import sympy as sp

from bounds.catalogue import THEOREMS, theorem_named
from bounds.proofs.certificate import check
from bounds.proofs.citations import Citation, cited, residue
from bounds.proofs.deciders import z3_opinion
from bounds.proofs.fractions_check import accepts
from bounds.proofs.step import Clause
from bounds.proofs.stochastic import CLAUSES
from bounds.proofs.stochastic_conclusions import GUARANTEES, ITERATIONS, REQUIRES
from bounds.proofs.stochastic_links import LINKS
from bounds.proofs.stochastic_map import STATEMENTS, STEPS, WRITTEN
from bounds.proofs.store import load, problems
from bounds.proofs.witness import mutants, settled
from bounds.symbols import L0, L1, T, beta, epsilon, gamma, sigma
from bounds.theorem import Provenance, Relation, Requirement, Theorem

ENTRIES = load("stochastic")
BY_ID = {clause.id: clause for clause in CLAUSES}
TABLE = """
    C1 C1b C2 C2b C3 C3b C4 A1 A2 A3 A4 A5 A6 D1 D2 D3 D4 E1a E1b E1c E2 E3P E3 B1 B2 B3 B4 B5 B6 B7 B7b B8 B9
    B10 B11 B12 I1 L1 R1 K1 K2 K3 K5 K6 K7 K8 N1 N2 N3 N4 S1-soft S2-soft S3-soft T1-soft T2-soft T3-soft T4-soft
    T5 T6 T7 T8 T9 T10 T11 G1
"""
DOCUMENT = Path(__file__).parents[3] / "docs/theory/stochastic.md"


def transcendental(clause: Clause) -> bool:
    return any(goal.has(sp.exp, sp.log) for goal in clause.goal)


def test_the_data_covers_exactly_the_clauses_and_every_place_is_in_the_document() -> None:
    assert list(ENTRIES) == list(BY_ID)
    assert set(TABLE.split()) <= set(BY_ID)
    headings = [line.lstrip("# ") for line in DOCUMENT.read_text().splitlines() if line.startswith("#")]
    for clause in CLAUSES:
        file, section = clause.place.split(", ", maxsplit=1)
        assert file == "docs/theory/stochastic.md"
        name = section.split(",", maxsplit=1)[0].split(":", maxsplit=1)[0]
        start = f"{name.removeprefix('Section ')}. " if name.startswith("Section ") else f"{name} ("
        assert any(heading.startswith(start) for heading in headings), clause.place


def test_every_clause_is_certified_witnessed_and_every_mutation_is_settled() -> None:
    assert problems(CLAUSES, ENTRIES) == ()


def test_every_witness_is_interior_and_every_clause_has_a_refuted_mutation() -> None:
    assert [c.id for c in CLAUSES if not ENTRIES[c.id].witness.interior] == []
    for clause in CLAUSES:
        verdicts = (settled(clause, mutation) for mutation in ENTRIES[clause.id].mutations)
        assert "refuted" in verdicts, clause.id


def test_rivals_named_in_the_theory_are_refuted() -> None:
    for clause in CLAUSES:
        found = {m.change: m for m in ENTRIES[clause.id].mutations}
        for change in clause.rivals:
            assert settled(clause, found[change]) == "refuted", (clause.id, change)


def test_the_second_checker_agrees() -> None:
    assert [c.id for c in CLAUSES if not accepts(c, ENTRIES[c.id].certificate)] == []


def test_z3_agrees_on_every_polynomial_clause() -> None:
    verdicts = {clause.id: z3_opinion(clause) for clause in CLAUSES if not transcendental(clause)}
    assert {name: verdict for name, verdict in verdicts.items() if verdict != "proved"} == {}


def left_over(clause: str, name: str) -> sp.Expr:
    citation = LINKS.get((clause, name), Citation())
    return residue(BY_ID[name].goal[0], BY_ID[clause].hypotheses()[name], citation)


def test_a_hypothesis_named_after_a_clause_is_that_clause() -> None:
    pairs = list(cited(BY_ID))
    assert set(LINKS) <= set(pairs)
    position = {name: n for n, name in enumerate(BY_ID)}
    for clause, name in pairs:
        assert position[name] < position[clause], (clause, name)
        assert left_over(clause, name) == 0, (clause, name)


def test_citations_multiply_by_positive_factors() -> None:
    for key, citation in LINKS.items():
        value = sp.sympify(citation.times)
        # G = 2 and sigma = 1/2 keep every difference that occurs (such as G - R) positive.
        large = {s: sp.Integer(2) if s.name == "G" else sp.Rational(1, 2) for s in value.free_symbols}
        assert value.subs(large) > 0, key


@pytest.mark.parametrize(
    "key", [("B-far", "B7-shift"), ("L1-room", "L1-rho"), ("T4-b2-noise", "T4-b2"), ("N4", "N-average")]
)
def test_a_changed_citation_does_not_fit(key: tuple[str, str]) -> None:
    clause, name = key
    weaker = BY_ID[clause].hypotheses()[name] + sp.Rational(1, 100)
    assert residue(BY_ID[name].goal[0], weaker, LINKS[key]) != 0


def documented(theorem: Theorem) -> bool:
    return theorem.provenance is Provenance.PROVED_HERE and "stochastic.md" in str(theorem.proof)


def test_the_map_covers_the_proved_stochastic_records_and_every_clause() -> None:
    assert set(STEPS) == {theorem.key for theorem in THEOREMS if documented(theorem)}
    assert set(ITERATIONS) == set(REQUIRES) == set(STEPS)
    used = set(itertools.chain.from_iterable([*STEPS.values(), *STATEMENTS.values()]))
    assert used == set(BY_ID) | set(WRITTEN)
    assert not set(BY_ID) & set(WRITTEN)


@pytest.mark.parametrize("key", STEPS)
def test_steps_come_once_and_after_the_clauses_they_use(key: str) -> None:
    steps = STEPS[key]
    assert len(set(steps)) == len(steps)
    sources = collections.defaultdict(set)
    for clause, source in cited(BY_ID):
        sources[clause].add(source)
    for clause in CLAUSES:
        sources[clause.id] |= {lemma.clause.id for lemma in clause.lemmas}
    seen: set[str] = set()
    for step in steps:
        assert sources[step] <= seen, step
        seen.add(step)


@pytest.mark.parametrize("key", ITERATIONS)
def test_the_proof_ends_in_the_record(key: str) -> None:
    theorem = theorem_named(key)
    assert ITERATIONS[key].clause in STEPS[key]
    assert sp.simplify(ITERATIONS[key].expression - (T - theorem.iterations)) == 0
    assert sp.simplify(ITERATIONS[key].expression - (T - theorem.iterations * sp.Rational(99, 100))) != 0


def slack(requirement: Requirement) -> sp.Expr:
    difference = requirement.right - requirement.left
    return -difference if requirement.relation is Relation.AT_LEAST else difference


@pytest.mark.parametrize("key", REQUIRES)
def test_every_requirement_is_a_hypothesis_of_the_proof(key: str) -> None:
    for requirement, parts in zip(theorem_named(key).requires, REQUIRES[key], strict=True):
        assert all(part.clause in STEPS[key] for part in parts)
        if not parts:
            assert requirement.relation is Relation.EQUAL
        elif len(parts) == 1:
            factor = sp.simplify(parts[0].expression / slack(requirement))
            assert factor.is_positive, (key, requirement)
            assert not factor.has(sp.Add)
        else:
            least = sp.Min(*(part.expression for part in parts))
            for values in itertools.product((sp.Rational(1, 7), sp.Integer(3)), repeat=5):
                point = dict(zip((L0, L1, epsilon, sigma, gamma), values, strict=True)) | {beta: sp.Rational(3, 5)}
                assert least.subs(point) == slack(requirement).subs(point)


@pytest.mark.parametrize("key", GUARANTEES)
def test_the_slides_records_promise_what_their_last_step_proves(key: str) -> None:
    promised = BY_ID[GUARANTEES[key]].goal[0].coeff(sp.Symbol("eps")) * epsilon
    assert theorem_named(key).guarantee == promised
    assert STEPS[key][-1] == GUARANTEES[key]


@pytest.mark.parametrize(
    "name", ["C2b", "A4", "D2", "E3", "B5", "B7", "L1", "R1", "S3-soft", "T3-soft", "T7", "N4", "G1"]
)
def test_editing_a_constant_of_a_step_is_noticed(name: str) -> None:
    clause, entry = BY_ID[name], ENTRIES[name]
    change = next(m.change for m in entry.mutations if settled(clause, m) == "refuted")
    changed = mutants(clause)[change]
    result = check(changed, entry.certificate)
    assert result.stale
    assert not result.ok
    assert name in result.reason
    # Even under the new statement's hash the old certificate proves nothing.
    forged = dataclasses.replace(entry.certificate, statement=changed.hash)
    assert not check(changed, forged)
