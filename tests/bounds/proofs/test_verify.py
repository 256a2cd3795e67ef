"""Everything said to be proved is proved, and no constant of a record, a step or a certificate can be changed."""

from __future__ import annotations

import dataclasses
import sys
from fractions import Fraction

import pytest
import sympy as sp

from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError
from bounds.proofs.collected import PROOFS, THEORIES, proof_named
from bounds.proofs.proof import Proof
from bounds.proofs.store import load
from bounds.proofs.verify import Outcome, Report, verify
from bounds.proofs.witness import settled
from bounds.smoothness import HESSIAN, LIPSCHITZ, Noise
from bounds.symbols import L0, L1, beta, epsilon, eta, sigma
from bounds.theorem import Criterion, MomentumStart, Provenance, Relation

ENTRIES = {theory.name: load(theory.name) for theory in THEORIES}
PROVED = tuple(t.key for t in THEOREMS if t.provenance is Provenance.PROVED_HERE)


@pytest.fixture(scope="module")
def report() -> Report:
    return verify(entries=ENTRIES)


def test_everything_said_to_be_proved_here_stands(report: Report) -> None:
    assert [o.key for o in report.theorems] == list(PROVED)
    assert [(o.key, row.name, row.reason) for o in report.theorems for row in o.failures] == []
    assert report.ok


def test_only_steps_that_wait_for_the_deep_run_are_not_proved(report: Report) -> None:
    waiting = {o.key for o in report.theorems if o.status != "proved"}
    assert waiting == {proof.key for proof in PROOFS if any(step.kind == "computation" for step in proof.steps)}
    for outcome in report.theorems:
        for row in outcome.rows:
            assert row.verdict == {"written": "written", "computation": "not run"}.get(row.kind, "proved")


def test_there_are_many_certified_clauses_and_each_has_its_witness() -> None:
    rows = [(theory, clause, ENTRIES[theory.name][clause.id]) for theory in THEORIES for clause in theory.clauses]
    certified = [clause for _, clause, entry in rows if entry.certificate is not None]
    assert len(certified) == len(rows) >= 160
    assert [clause.id for _, clause, entry in rows if not (entry.witness and entry.witness.confirms(clause))] == []
    # The suites of the documents recompute every mutation; here every clause has to have settled ones at all.
    for theory in THEORIES:
        for clause in theory.clauses[:: max(1, len(theory.clauses) // 5)]:
            mutations = ENTRIES[theory.name][clause.id].mutations
            assert {settled(clause, mutation) for mutation in mutations} <= {"refuted", "true"}


def part(proof: Proof, *names: str) -> Proof:
    """The steps of a proof that matter for an edit: the named ones, their users, the ends, and all that these need."""
    wanted = {end.step for end in proof.ends} | {s.name for s in proof.steps if {s.name, *s.needs} & set(names)}
    for step in reversed(proof.steps):
        wanted |= set(step.needs) if step.name in wanted else set()
    return dataclasses.replace(proof, steps=tuple(s for s in proof.steps if s.name in wanted))


def only(key: str, *names: str, **changes: object) -> Outcome:
    """The verdict on the part of a proof around the named steps, after a change of theorems, proofs or entries."""
    proof = part(changes.pop("proof", proof_named(key)), *names)
    return verify([key], **{"entries": ENTRIES, "proofs": [proof], **changes}).theorems[0]


def with_record(key: str, **fields: object) -> Outcome:
    return only(key, theorems=[dataclasses.replace(theorem_named(key), limits=(), **fields)])


def numbers(expr: sp.Expr, old: object, new: object) -> sp.Expr:
    changed = expr.xreplace({sp.sympify(old): sp.sympify(new)})
    assert changed != expr
    return changed


def right(key: str, n: int, side: sp.Expr) -> tuple[object, ...]:
    """The requirements of a record with the right side of one replaced."""
    requires = list(theorem_named(key).requires)
    requires[n] = dataclasses.replace(requires[n], right=side)
    return tuple(requires)


_R = sp.Rational
_CAP = theorem_named("framework-stochastic-slides-first").requires[1].right


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("framework-deterministic", _R(44, 25), _R(43, 25)),
        ("framework-deterministic", _R(72, 25), _R(71, 25)),
        ("framework-deterministic-slides-proved", 3, _R(29, 10)),
        ("framework-deterministic-slides-proved", 25, 24),
        ("framework-deterministic-sharp", _R(429, 250), _R(428, 250)),
        ("best-step-gd", _R(8, 3), _R(5, 2)),
        ("gd-gradient-bound", 2, _R(19, 10)),
        ("framework-stochastic-slides-proved", 3, _R(29, 10)),
        ("soft-clipped-sgd", _R(7, 4), _R(17, 10)),
        ("soft-framework-stochastic", 2, _R(19, 10)),
        ("zero-chain-lower", _R(1, 1824), _R(1, 1800)),
        ("chain-lower", _R(2, 7), _R(1, 3)),
        ("stochastic-chain-lower", _R(89, 400), _R(9, 40)),
        ("gradient-only-lower", _R(1, 2), _R(3, 5)),
        ("clipped-sgd-own-lower", _R(1, 8), _R(1, 7)),
        ("gd-exact", _R(4, 3), _R(13, 10)),
    ],
)
def test_a_constant_of_a_count_cannot_change(key: str, old: object, new: object) -> None:
    outcome = with_record(key, iterations=numbers(theorem_named(key).iterations, old, new))
    assert [row.name for row in outcome.failures] == ["record: iterations"]
    assert key in outcome.failures[0].reason


@pytest.mark.parametrize(
    ("key", "n", "side"),
    [
        ("framework-deterministic", 0, (1 - beta) / (10 * L0)),
        ("framework-deterministic", 1, _R(10, 106) / L1),
        ("framework-deterministic-slides-proved", 1, (1 - beta) / (9 * L1)),
        ("clipped-gd", 0, sp.Integer(3)),
        ("framework-stochastic", 0, 4 * sigma * eta),
        ("framework-stochastic-slides-first", 1, numbers(_CAP, _R(4, 101), _R(5, 101))),
        ("framework-stochastic-slides-first", 1, 2 * _CAP),
        ("framework-stochastic-slides-first", 2, 4 * sigma * eta),
        ("soft-framework-stochastic", 0, 39 * sigma**2 * eta),
        ("stochastic-chain-lower-bounded", 0, epsilon),
        ("gd-exact", 0, 2 / L0),
    ],
)
def test_a_constant_of_a_requirement_cannot_change(key: str, n: int, side: sp.Expr) -> None:
    outcome = with_record(key, requires=right(key, n, side))
    assert [row.name for row in outcome.failures] == [f"record: requires {n + 1}"]


def test_a_requirement_cannot_be_turned_dropped_or_added() -> None:
    requires = theorem_named("framework-stochastic").requires
    turned = dataclasses.replace(requires[0], relation=Relation.AT_MOST)
    assert [r.name for r in with_record("framework-stochastic", requires=(turned, *requires[1:])).failures] == [
        "record: requires 1"
    ]
    (strict,) = theorem_named("clipped-gd").requires
    weak = dataclasses.replace(strict, relation=Relation.AT_MOST)
    assert [r.name for r in with_record("clipped-gd", requires=(weak,)).failures] == ["record: requires 1"]
    for changed in (requires[1:], (*requires, requires[0])):
        assert [r.name for r in with_record("framework-stochastic", requires=changed).failures] == ["record: requires"]


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("clipped-gd-min", {"criterion": Criterion.MEAN}),
        ("clipped-sgd", {"noise": Noise.VARIANCE}),
        ("sgd", {"smoothness": HESSIAN}),
        ("gradient-only-lower", {"smoothness": LIPSCHITZ}),
        ("framework-deterministic-slides-proved", {"guarantee": _R(108, 100) * epsilon}),
        ("framework-deterministic-slides-first", {"first": 1}),
        ("framework-stochastic", {"momentum_start": (MomentumStart.GRADIENT, MomentumStart.ZERO)}),
        ("normalized-gd-one-dimension", {"dimension": None}),
        ("gd-gradient-bound", {"methods": theorem_named("normalized-gd").methods}),
        ("reciprocal-gd-convex", {"convex": False}),
        ("chain-lower", {"least_dimension": sp.Integer(1)}),
        ("gradient-only-lower", {"least_dimension": sp.Integer(1)}),
    ],
)
def test_the_rest_of_a_claim_cannot_change(key: str, fields: dict[str, object]) -> None:
    outcome = with_record(key, **fields)
    assert [row.name for row in outcome.failures] == ["record: promise"]
    assert next(iter(fields)) in outcome.failures[0].reason


EDITS = [
    ("framework-deterministic", "S9a", "goal", 0, _R(53, 45), _R(52, 45)),
    ("framework-deterministic", "S17a", "goal", 0, _R(44, 25), _R(87, 50)),
    ("framework-deterministic", "S8b", "goal", 0, _R(16, 3), 5),
    ("framework-deterministic", "S5", "weak", "clip", -1, -_R(1, 2)),
    ("framework-deterministic-slides-first", "S10b", "goal", 0, None, None),
    ("best-step-gd", "S22", "goal", 0, None, None),
    ("framework-stochastic", "B5", "goal", 0, None, None),
    ("soft-clipped-sgd", "S3-soft", "goal", 0, None, None),
    ("soft-framework-stochastic", "T10", "goal", 0, None, None),
    ("zero-chain-lower", "T8-norm", "goal", 0, None, None),
    ("chain-lower", "LD-gap-L0", "goal", 0, None, None),
    ("gd-exact", "E-sum", "goal", 0, 2, 3),
]


@pytest.mark.parametrize(("key", "name", "field", "row", "old", "new"), EDITS, ids=lambda x: str(x)[:24])
@pytest.mark.parametrize("forged", [False, True])
def test_a_constant_of_a_step_cannot_change(
    key: str, name: str, field: str, row: object, old: object, new: object, forged: bool
) -> None:
    """Neither with the stored certificate, which is stale, nor when that is relabelled for the new statement."""
    proof = proof_named(key)
    step = proof.step(name)
    expr = getattr(step.clause, field)[row]
    changed = expr - _R(1, 1000) if old is None else numbers(expr, old, new)
    rows = (changed, *step.clause.goal[1:]) if field == "goal" else {row: changed}
    clause = step.clause.changed({field: rows})
    entries = ENTRIES
    if forged:
        entry = ENTRIES[step.data][name]
        certificate = dataclasses.replace(entry.certificate, statement=clause.hash)
        entries = {
            **ENTRIES,
            step.data: {**ENTRIES[step.data], name: dataclasses.replace(entry, certificate=certificate)},
        }
    outcome = only(key, name, proof=proof.replaced(dataclasses.replace(step, clause=clause)), entries=entries)
    assert name in {r.name for r in outcome.failures}
    assert all(r.reason for r in outcome.failures)


@pytest.mark.parametrize("name", ["S5", "S7", "T1-cross", "S17b", "C11-T", "T1-jensen"])
def test_a_coefficient_of_a_certificate_cannot_change(name: str) -> None:
    entry = ENTRIES["deterministic"][name]
    case = entry.certificate.cases[0]
    term = dataclasses.replace(case.terms[-1], coefficient=case.terms[-1].coefficient + Fraction(1, 7))
    certificate = dataclasses.replace(
        entry.certificate,
        cases=(dataclasses.replace(case, terms=(*case.terms[:-1], term)), *entry.certificate.cases[1:]),
    )
    changed = {**ENTRIES["deterministic"], name: dataclasses.replace(entry, certificate=certificate)}
    outcome = only("framework-deterministic", name, entries={**ENTRIES, "deterministic": changed})
    assert [row.name for row in outcome.failures] == [name]


@pytest.mark.parametrize(
    ("name", "earlier", "fields"),
    [
        ("S7", "T1-linear", {"times": 2}),
        ("S17a", "S9a", {"user": {}}),
        ("T1-huber", "S8a", {"step": "S8b"}),
        ("S5", "S4b", {"hypothesis": "clip"}),
        ("S5", "S4b", {"hypothesis": "nowhere"}),
    ],
)
def test_a_citation_cannot_change(name: str, earlier: str, fields: dict[str, object]) -> None:
    proof = proof_named("framework-deterministic")
    step = proof.step(name)
    cites = tuple(dataclasses.replace(c, **fields) if c.step == earlier else c for c in step.cites)
    changed = proof.replaced(dataclasses.replace(step, cites=cites))
    outcome = only(proof.key, name, proof=changed)
    assert [row.name for row in outcome.failures] == [f"{name} <- {fields.get('step', earlier)}"]


def test_a_missing_certificate_witness_or_lemma_is_named() -> None:
    stored = ENTRIES["deterministic"]
    for field, words in (("certificate", "no certificate"), ("witness", "no stored point")):
        changed = {**stored, "S5": dataclasses.replace(stored["S5"], **{field: None})}
        (failure,) = only("framework-deterministic", "S5", entries={**ENTRIES, "deterministic": changed}).failures
        assert failure.name == "S5"
        assert words in failure.reason
    proof = proof_named("framework-deterministic")
    lemma = proof.step("S8b")
    weaker = lemma.clause.changed({"goal": lemma.clause.goal[0] + 1})
    outcome = only(proof.key, "S8b", proof=proof.replaced(dataclasses.replace(lemma, clause=weaker)))
    assert {"S8b", "T1-huber"} <= {row.name for row in outcome.failures}


def test_a_record_without_a_proof_is_not_proved() -> None:
    outcome = verify(["sgd"], proofs=[proof for proof in PROOFS if proof.key != "sgd"]).theorems[0]
    assert not outcome.ok
    assert outcome.status == "not proved by machine"


def test_changed_variables_are_stale_and_no_error() -> None:
    clause = proof_named("framework-deterministic").step("S5").clause
    wider = dataclasses.replace(clause, variables={**clause.variables, "extra": "pos"}, rivals={})
    sentences = ENTRIES["deterministic"]["S5"].problems(wider)
    assert any("is for statement" in sentence for sentence in sentences)


@pytest.mark.parametrize(("key", "words"), [("sdg", "did you mean sgd"), ("clipped-gd-2019", "recalled")])
def test_only_theorems_proved_here_can_be_verified(key: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        verify([key])


def test_progress_counts_every_step_once() -> None:
    seen: list[tuple[int, int]] = []
    verify(["sgd", "best-step-gd"], progress=lambda done, total, _: seen.append((done, total)), entries=ENTRIES)
    total = sum(len(proof_named(key).steps) for key in ("sgd", "best-step-gd"))
    assert seen == [(n, total) for n in range(total)]


def test_a_failed_computation_fails_and_a_passed_one_counts() -> None:
    proof = proof_named("chain-lower")
    step = proof.step("I01-rows")
    for sentence, verdict in (("a box is open", "failed"), ("", "proved")):
        changed = proof.replaced(dataclasses.replace(step, compute=lambda sentence=sentence: sentence))
        outcome = only(proof.key, step.name, proof=changed, deep=True)
        assert {row.name: row.verdict for row in outcome.rows}[step.name] == verdict


def test_the_deep_run_names_the_extra_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(InputError, match=r"pip install \"clipbounds\[prove\]\""):
        only("chain-lower", "I01-rows", deep=True)
