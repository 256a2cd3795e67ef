"""The scalar steps of the deterministic theory: certified, not vacuous, tight, linked, and meeting the records."""

from __future__ import annotations

import collections
import dataclasses
import itertools

import pytest
import sympy as sp

from bounds.catalogue import THEOREMS, theorem_named
from bounds.functions import growth_factor
from bounds.proofs.certificate import check
from bounds.proofs.deciders import z3_opinion
from bounds.proofs.deterministic import CLAUSES
from bounds.proofs.deterministic_conclusions import ITERATIONS, REQUIRES
from bounds.proofs.deterministic_links import LINKS, citations, residue
from bounds.proofs.deterministic_map import STATEMENTS, STEPS, WRITTEN
from bounds.proofs.fractions_check import accepts
from bounds.proofs.step import Clause
from bounds.proofs.store import load, problems
from bounds.proofs.witness import mutants, settled
from bounds.symbols import T, epsilon
from bounds.theorem import Kind, Provenance, Theorem

ENTRIES = load("deterministic")
BY_ID = {clause.id: clause for clause in CLAUSES}
CERTIFICATES = {name: entry.certificate for name, entry in ENTRIES.items() if entry.certificate is not None}
TABLE = """
    S1a S1b S1c S1d S2 S2b S15 S3a S3b S3c S3d S4a S4b S4c S4d S5 S6a S6b S7 S8a S8b S8c S8d S9a S9b S9c
    S10a S10a-sharp S10b S10c S10d S11a S11b S11c S12 S13 S14 S16 S17a S17b S18 S19 S20 S21 S22 S23
    P1a P1b P1c P1d P1f P2 P3 P4-first P4-second-high P4-second-low
"""


def transcendental(clause: Clause) -> bool:
    return any(goal.has(sp.exp, sp.log) for goal in clause.goal)


def test_the_data_covers_exactly_the_clauses_of_the_document() -> None:
    assert list(ENTRIES) == list(BY_ID)
    assert set(TABLE.split()) <= set(BY_ID)
    assert all(clause.place.startswith("docs/theory/") for clause in CLAUSES)


def test_every_clause_is_certified_witnessed_and_every_mutation_is_settled() -> None:
    assert problems(CLAUSES, ENTRIES) == ()


def test_every_witness_is_interior_and_every_clause_has_a_refuted_mutation() -> None:
    assert [name for name, entry in ENTRIES.items() if entry.witness is None or not entry.witness.interior] == []
    for clause in CLAUSES:
        verdicts = (settled(clause, mutation) for mutation in ENTRIES[clause.id].mutations)
        assert "refuted" in verdicts, clause.id


def test_rivals_named_in_the_document_are_refuted() -> None:
    for clause in CLAUSES:
        found = {m.change: m for m in ENTRIES[clause.id].mutations}
        for change in clause.rivals:
            assert settled(clause, found[change]) == "refuted", (clause.id, change)


def test_the_second_checker_agrees() -> None:
    assert [c.id for c in CLAUSES if not accepts(c, CERTIFICATES[c.id])] == []


def test_z3_agrees_on_every_polynomial_clause() -> None:
    verdicts = {clause.id: z3_opinion(clause) for clause in CLAUSES if not transcendental(clause)}
    assert {name: verdict for name, verdict in verdicts.items() if verdict != "proved"} == {}


def test_a_hypothesis_named_after_a_clause_is_that_clause() -> None:
    cited = list(citations())
    assert {(clause, name) for clause, name, _ in cited} >= set(LINKS)
    position = {name: n for n, name in enumerate(BY_ID)}
    for clause, name, source in cited:
        assert position[source] < position[clause], (clause, name)
        assert residue(clause, name, source) == 0, (clause, name)


def test_links_multiply_by_positive_factors_except_in_equations() -> None:
    sources = {(clause, name): source for clause, name, source in citations()}
    for key, link in LINKS.items():
        value = sp.sympify(link.times)
        sample = value.subs(dict.fromkeys(value.free_symbols, sp.Rational(1, 2)))
        assert sample > 0 or BY_ID[sources[key]].relation == "=", key


def test_a_changed_link_does_not_fit() -> None:
    assert residue("T1-cross", "S4c", "S4b") != 0
    assert residue("S17a", "S9a", "S9b") != 0


def documented(theorem: Theorem) -> bool:
    if theorem.provenance is not Provenance.PROVED_HERE:
        return False
    return "deterministic.md" in str(theorem.proof) or theorem.key == "normalized-gd-one-dimension"


def test_the_map_covers_the_proved_deterministic_records_and_every_clause() -> None:
    assert set(STEPS) == {theorem.key for theorem in THEOREMS if documented(theorem)}
    assert set(ITERATIONS) == set(REQUIRES) == set(STEPS)
    used = set(itertools.chain.from_iterable([*STEPS.values(), *STATEMENTS.values()]))
    assert used == set(BY_ID) | set(WRITTEN)
    assert not set(BY_ID) & set(WRITTEN)


@pytest.mark.parametrize("key", STEPS)
def test_steps_come_once_and_after_the_clauses_they_cite(key: str) -> None:
    steps = STEPS[key]
    assert len(set(steps)) == len(steps)
    seen: set[str] = set()
    sources = collections.defaultdict(set)
    for clause, _, source in citations():
        sources[clause].add(source)
    for step in steps:
        assert sources[step] <= seen, step
        seen.add(step)


def difference(theorem: Theorem) -> sp.Expr:
    """The hypothesis that is the record's T, minus what the record says."""
    found = ITERATIONS[theorem.key].expression
    if theorem.key == "zero-chain-lower":
        return sp.floor(found.subs(sp.Symbol("chain"), 0)) + 1 - theorem.iterations
    wanted = theorem.iterations - sp.Symbol("t") if theorem.kind is Kind.LOWER else T - theorem.iterations
    return sp.simplify(found - wanted)


@pytest.mark.parametrize("key", ITERATIONS)
def test_the_proof_ends_in_the_record(key: str) -> None:
    theorem = theorem_named(key)
    assert ITERATIONS[key].clause in STEPS[key]
    assert difference(theorem) == 0
    changed = dataclasses.replace(theorem, iterations=theorem.iterations * sp.Rational(99, 100), limits=())
    assert difference(changed) != 0


def evidently_positive(product: sp.Expr) -> bool:
    """A product of positive numbers, signed symbols and conversion factors, without any sum."""
    return all(
        factor.is_nonnegative or isinstance(factor, growth_factor) for factor in sp.Mul.make_args(product)
    ) and not product.atoms(sp.Add) - {a for f in product.atoms(growth_factor) for a in f.atoms(sp.Add)}


@pytest.mark.parametrize("key", REQUIRES)
def test_every_requirement_is_a_hypothesis_of_the_proof(key: str) -> None:
    for requirement, meeting in zip(theorem_named(key).requires, REQUIRES[key], strict=True):
        if meeting is None:
            assert requirement.left == 0
            continue
        assert meeting.clause in STEPS[key]
        assert evidently_positive(sp.simplify(meeting.expression / (requirement.right - requirement.left)))
        wider = 2 * requirement.right - requirement.left
        assert not evidently_positive(sp.simplify(meeting.expression / wider))


@pytest.mark.parametrize(
    ("key", "clause"),
    [
        ("framework-deterministic-slides-first", "C12-mean"),
        ("framework-deterministic-slides-proved", "C12-shifted"),
    ],
)
def test_the_slides_records_promise_what_their_last_step_proves(key: str, clause: str) -> None:
    promised = BY_ID[clause].goal[0].coeff(sp.Symbol("e")) * epsilon
    assert theorem_named(key).guarantee == promised
    assert STEPS[key][-1] == clause


@pytest.mark.parametrize("name", ["S5", "S8b", "S17a", "S9a", "C11-step", "T1-cross", "T2-C", "S22", "S19", "T7-count"])
def test_editing_a_constant_of_a_step_is_noticed(name: str) -> None:
    clause, certificate = BY_ID[name], CERTIFICATES[name]
    changed = next(iter(mutants(clause).values()))
    result = check(changed, certificate)
    assert result.stale
    assert not result.ok
    assert name in result.reason
    # Even under the new statement's hash the old certificate proves nothing.
    forged = dataclasses.replace(certificate, statement=changed.hash)
    assert not check(changed, forged)
