"""The scalar steps of the lower bounds: certified, not vacuous, tight, linked, and meeting the records."""

from __future__ import annotations

import dataclasses
import itertools
import re
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError
from bounds.proofs.certificate import check
from bounds.proofs.chain_data import CHAINS, at, chain_named
from bounds.proofs.citations import Citation, cited, residue
from bounds.proofs.deciders import z3_opinion
from bounds.proofs.deterministic_map import STEPS as DETERMINISTIC_STEPS
from bounds.proofs.fractions_check import accepts
from bounds.proofs.lower import CLAUSES
from bounds.proofs.lower_conclusions import ITERATIONS, REQUIRES
from bounds.proofs.lower_links import LINKS
from bounds.proofs.lower_map import COMPUTATIONS, STATEMENTS, STEPS, WRITTEN
from bounds.proofs.lower_rows import TABLE
from bounds.proofs.store import load, problems
from bounds.proofs.witness import mutants
from bounds.theorem import Kind, Provenance
from synthetic.chains import DESIGNS

ENTRIES = load("lower")
BY_ID = {clause.id: clause for clause in CLAUSES}
CERTIFICATES = {name: entry.certificate for name, entry in ENTRIES.items() if entry.certificate is not None}


def transcendental(clause):
    return any(goal.has(sp.exp, sp.log) for goal in clause.goal)


def test_the_data_covers_exactly_the_clauses_of_the_document():
    assert list(ENTRIES) == list(BY_ID)
    assert len(BY_ID) == len(CLAUSES)
    assert all(clause.place.startswith("docs/theory/lower.md, ") for clause in CLAUSES)


def test_every_clause_is_certified_witnessed_and_every_mutation_is_settled():
    assert problems(CLAUSES, ENTRIES) == ()


def test_every_witness_is_interior():
    assert [name for name, entry in ENTRIES.items() if entry.witness is None or not entry.witness.interior] == []


def test_every_clause_has_a_refuted_mutation_and_all_rivals_are_refuted():
    for clause in CLAUSES:
        # A stored point refutes, or the mutation would be open and the test above would fail.
        refuted = {m.change for m in ENTRIES[clause.id].mutations if m.point is not None}
        assert refuted, clause.id
        assert set(clause.rivals) <= refuted, clause.id


def test_the_second_checker_agrees():
    assert [c.id for c in CLAUSES if not accepts(c, CERTIFICATES[c.id])] == []


def test_z3_agrees_on_every_polynomial_clause():
    verdicts = {clause.id: z3_opinion(clause) for clause in CLAUSES if not transcendental(clause)}
    assert {name: verdict for name, verdict in verdicts.items() if verdict != "proved"} == {}


def test_a_hypothesis_named_after_a_clause_is_that_clause():
    pairs = list(cited(BY_ID))
    position = {name: n for n, name in enumerate(BY_ID)}
    assert set(LINKS) <= set(pairs)
    for clause, name in pairs:
        stated = BY_ID[clause].hypotheses()[name]
        assert position[name] < position[clause]
        assert residue(BY_ID[name].goal[0], stated, LINKS.get((clause, name), Citation())) == 0, (clause, name)


def test_links_multiply_by_positive_factors_except_in_equations():
    for (clause, name), link in LINKS.items():
        value = sp.sympify(link.times)
        sample = value.subs(dict.fromkeys(value.free_symbols, sp.Rational(1, 2)))
        assert sample > 0 or BY_ID[name].relation == "=", (clause, name)


def test_the_map_covers_the_proved_lower_bounds_and_every_clause():
    proved = {
        t.key
        for t in THEOREMS
        if t.provenance is Provenance.PROVED_HERE and t.kind is Kind.LOWER and "lower.md" in str(t.proof)
    }
    assert set(STEPS) == set(ITERATIONS) == set(REQUIRES) == proved
    assert not set(STEPS) & set(DETERMINISTIC_STEPS)
    used = set(itertools.chain.from_iterable([*STEPS.values(), *STATEMENTS.values()]))
    assert used == set(BY_ID) | set(WRITTEN) | set(COMPUTATIONS)
    assert len(BY_ID) + len(WRITTEN) + len(COMPUTATIONS) == len(used)


@pytest.mark.parametrize("key", STEPS)
def test_steps_come_once_and_after_the_clauses_they_cite(key):
    steps = STEPS[key]
    assert len(set(steps)) == len(steps)
    for step in set(steps) & set(BY_ID):
        earlier = {name for clause, name in cited(BY_ID) if clause == step}
        earlier |= {lemma.clause.id for lemma in BY_ID[step].lemmas}
        assert earlier <= set(steps[: steps.index(step)]), step


def number(key):
    """The record's number as the last step of its proof has it."""
    found = ITERATIONS[key].expression.subs(sp.Symbol("N"), 0)
    return sp.floor(found) + 1 if key == "chain-lower" else found


@pytest.mark.parametrize("key", ITERATIONS)
def test_the_proof_ends_in_the_record(key):
    theorem = theorem_named(key)
    assert ITERATIONS[key].clause in STEPS[key]
    proved = number(key)
    assert proved == theorem.iterations or sp.simplify(proved - theorem.iterations) == 0
    sample = {s: sp.Rational(3 + n, 7 * 10**n) for n, s in enumerate(sorted(proved.free_symbols, key=str))}
    changed = dataclasses.replace(theorem, iterations=theorem.iterations * sp.Rational(101, 100), limits=())
    assert proved.subs(sample) != changed.iterations.subs(sample)


def test_every_requirement_is_a_hypothesis_of_the_proof():
    for key, junctions in REQUIRES.items():
        for requirement, junction in zip(theorem_named(key).requires, junctions, strict=True):
            assert junction.clause in STEPS[key]
            assert sp.expand(junction.expression - (requirement.left - requirement.right)) == 0


@pytest.mark.parametrize(
    "name",
    [
        "A-gap",
        "A-choice",
        "A2-count",
        "A1-most",
        "LB-T2",
        "LD-L01",
        "I0-C1-3",
        "I1-C2-1",
        "I01-C2-tail-end",
        "I1-cost",
        "I0-row1-high+-sum",
        "S-T10",
        "SP-T14",
    ],
)
def test_editing_a_constant_of_a_step_is_noticed(name):
    clause, certificate = BY_ID[name], CERTIFICATES[name]
    refuted = {m.change for m in ENTRIES[name].mutations if m.point is not None}
    for change, changed in mutants(clause).items():
        if change not in refuted:
            continue
        assert check(changed, certificate).stale
        # Even under the new statement's hash the old certificate proves nothing.
        assert not check(changed, dataclasses.replace(certificate, statement=changed.hash))


def largest(bracket, symbol, pieces):
    """The exact maximum of a piecewise quadratic, from the ends of its pieces and the vertices inside them."""
    found = []
    for piece in pieces:
        polynomial = sp.sympify(bracket(piece))
        slope = sp.diff(polynomial, symbol)
        vertices = sp.solve(slope, symbol) if slope.has(symbol) else []
        points = [piece.low, piece.high, *(x for x in vertices if piece.low <= x <= piece.high)]
        found += [polynomial.subs(symbol, x) for x in points]
    return max(found)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_the_table_of_the_first_chain_has_the_exact_maxima(row):
    chain, x = chain_named("I0"), sp.Symbol("x")
    here = chain.pieces[row.piece - 1]
    bend, fall, turn, rise = (at(c, row.u) for c in (here.phi2, here.phi1, here.psi2, here.psi1))

    def over_p(piece):
        return row.sign * bend * at(piece.psi, x) + chain.weight * fall * at(piece.psi1, x)

    def over_v(piece):
        return row.sign * turn * at(piece.phi, x) + rise * at(piece.phi1, x) / chain.weight

    assert largest(over_p, x, chain.pieces) == row.over_p
    assert largest(over_v, x, (chain.left, *chain.pieces)) == row.over_v


def test_the_bound_of_the_first_chain_is_the_largest_row():
    assert max(row.over_p + row.over_v for row in TABLE) == chain_named("I0").curvature


def test_both_ends_of_every_piece_are_in_the_table_with_both_signs():
    pieces = chain_named("I0").pieces
    wanted = {(n, end, sign) for n, p in enumerate(pieces, start=1) for end in (p.low, p.high) for sign in (1, -1)}
    assert {(row.piece, row.u, row.sign) for row in TABLE} == wanted


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.key)
def test_the_profiles_are_monotone_and_join_continuously(chain):
    pieces = (chain.left, *chain.pieces)
    for before, after in itertools.pairwise(pieces):
        assert before.high == after.low
        for name in ("psi", "psi1", "phi", "phi1"):
            assert at(getattr(before, name), before.high) == at(getattr(after, name), after.low)
    if chain.outer is not None:
        for name in ("psi", "psi1", "phi", "phi1"):
            assert at(getattr(pieces[-1], name), pieces[-1].high) == at(getattr(chain.outer, name), Fraction(1))
    for piece in pieces:
        steps = [piece.low + (piece.high - piece.low) * Fraction(n, 10) for n in range(11)]
        for name in ("psi", "phi"):
            values = [at(getattr(piece, name), x) for x in steps]
            assert values == sorted(values)
        assert all(0 <= at(piece.phi1, x) <= 1 and at(piece.psi1, x) >= 0 for x in steps)
    assert 0 < chain.level < chain.level_plus <= 1


def test_the_chains_of_the_runs_are_the_chains_of_the_proofs():
    designs = {design.key: design for design in DESIGNS}
    for chain, key in zip(CHAINS, ("L0", "L1", "combined"), strict=True):
        design = designs[key]
        assert (design.gate.knots, design.reward.knots[1:]) == (chain.gate, chain.reward)
        assert (design.penalty.width, design.curvature) == (chain.width, chain.curvature)
        assert (design.depth, design.cost) == (chain.total, chain.cost)
        assert chain.level <= design.level**2 <= chain.level_plus


def test_an_unknown_chain_is_refused_with_the_nearest_key():
    with pytest.raises(InputError, match="I01"):
        chain_named("I02")


def test_places_name_statements_that_the_document_has():
    text = (Path(__file__).parents[3] / "docs" / "theory" / "lower.md").read_text(encoding="utf-8")
    pattern = "(Part A|Theorem [A-Z0-9]+'?(-bounded)?|Corollary 9.[12]|Lemma [A-D]|Proposition E|Noisy oracles)"
    for clause in CLAUSES:
        head = re.match(f"docs/theory/lower.md, {pattern}", clause.place)
        assert head, clause.place
        assert f"# {head.group(1)}" in text, clause.place
