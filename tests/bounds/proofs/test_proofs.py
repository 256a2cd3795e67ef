"""Proofs are graphs that end in their theorem, complete in words, and the generated pages say what the steps say."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest

from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError
from bounds.proofs.collected import PROOFS, THEORIES, proof_named
from bounds.proofs.deciders import z3_opinion
from bounds.proofs.markup import FORMS
from bounds.proofs.promises import PROMISES
from bounds.proofs.proof import KINDS, Cited, Proof, Step
from bounds.proofs.readable import readable
from bounds.proofs.store import load
from bounds.proofs.witness import settled
from bounds.proofs.written import argument
from bounds.theorem import Provenance

PAGES = Path(__file__).parents[3] / "docs" / "proofs"
MAIN = proof_named("framework-deterministic")
BY_KEY = {proof.key: proof for proof in PROOFS}


def test_every_record_proved_here_has_exactly_one_proof() -> None:
    proved = {t.key for t in THEOREMS if t.provenance is Provenance.PROVED_HERE}
    assert len(BY_KEY) == len(PROOFS)
    assert set(BY_KEY) == proved == set(PROMISES)


@pytest.mark.parametrize("key", BY_KEY)
def test_the_graph_has_no_circle_and_ends_in_the_theorem(key: str) -> None:
    graph = BY_KEY[key].graph
    assert list(graph)[-1] == key
    position = {name: n for n, name in enumerate(graph)}
    assert all(position[need] < position[name] for name, needs in graph.items() for need in needs)
    reached, todo = set(), [key]
    while todo:
        node = todo.pop()
        if node not in reached:
            reached.add(node)
            todo += graph[node]
    assert reached == set(graph)


@pytest.mark.parametrize("key", BY_KEY)
def test_the_record_enters_at_clauses_of_the_proof(key: str) -> None:
    proof = BY_KEY[key]
    for end in proof.ends:
        clause = proof.step(end.step).clause
        assert end.hypothesis == "goal" or end.hypothesis in clause.hypotheses()
    assert len(proof.requires) == len(theorem_named(key).requires)


def test_every_kind_of_step_occurs_and_says_something() -> None:
    steps = {id(step): step for proof in PROOFS for step in proof.steps}.values()
    assert {step.kind for step in steps} == set(KINDS)
    assert all(step.place.startswith("docs/theory/") for step in steps)
    for step in steps:
        if step.kind == "written":
            assert step.text
            assert len(step.argument) > 40
    assert not any(phrase in step.argument for step in steps for phrase in ("easy to see", "clearly", "obvious"))


def test_a_lemma_without_words_is_refused() -> None:
    with pytest.raises(InputError, match="has no proof"):
        argument("deterministic", "handwaving")


def test_citations_multiply_by_positive_factors_unless_both_sides_are_equations() -> None:
    for proof, step in itertools.chain.from_iterable(((p, s) for s in p.steps) for p in PROOFS):
        for cited in step.cites:
            if proof.step(cited.step).clause.relation == "=":
                continue
            # Letters at one half, and gradient norms and buffers, which exceed noise and threshold there, at two.
            times = cited.times
            if not isinstance(times, int):
                large = ("G", "n", "N", "T", "H", "Hb")
                times = times.subs({s: 2 if s.name in large else 0.5 for s in times.free_symbols})
            assert times > 0, (step.name, cited.step)


def clauses() -> tuple[Step, Step]:
    found = [step for step in MAIN.steps if step.clause is not None and not step.needs]
    return found[0], found[1]


def rebuilt(*steps: Step) -> Proof:
    return dataclasses.replace(MAIN, steps=steps)


def test_circles_repetitions_and_missing_steps_are_refused() -> None:
    first, second = clauses()
    with pytest.raises(InputError, match="occurs twice"):
        rebuilt(*MAIN.steps, first)
    late = dataclasses.replace(first, cites=(Cited(hypothesis="range", step=second.name),))
    with pytest.raises(InputError, match="not an earlier step"):
        MAIN.replaced(late)
    with pytest.raises(InputError, match="which is not a clause of it"):
        rebuilt(first, second)
    with pytest.raises(InputError, match="no step 'S99'"):
        MAIN.step("S99")


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "guess"},
        {"kind": "written"},
        {"argument": "because"},
        {"compute": str},
        {"clause": None},
    ],
)
def test_a_step_contains_what_its_kind_says(fields: dict[str, object]) -> None:
    with pytest.raises(InputError):
        dataclasses.replace(clauses()[0], **fields)


def test_an_unknown_proof_or_form_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean sgd"):
        proof_named("sdg")
    with pytest.raises(InputError, match="markdown, latex"):
        readable(MAIN, theorem_named(MAIN.key), form="html")
    entries = {name: entry for name, entry in load("deterministic").items() if name != "S5"}
    with pytest.raises(InputError, match="S5 has no certificate"):
        readable(MAIN, theorem_named(MAIN.key), entries=entries)


@pytest.mark.parametrize("key", BY_KEY)
def test_the_page_of_a_proof_is_current(key: str) -> None:
    """After a change of steps or records: clipbounds proof --out docs/proofs."""
    text = (PAGES / f"{key}.md").read_text(encoding="utf-8")
    assert text == readable(BY_KEY[key], theorem_named(key))
    position = -1
    for n, step in enumerate(BY_KEY[key].steps, start=1):
        found = text.find(f"**{n}. {step.name}**")
        assert found > position
        position = found


@pytest.mark.parametrize("key", ["framework-deterministic", "framework-stochastic", "chain-lower", "gd-exact"])
def test_latex_is_balanced_and_leaves_no_special_character_open(key: str) -> None:
    text = readable(BY_KEY[key], theorem_named(key), form="latex")
    assert text.count(r"\begin{") == text.count(r"\end{")
    assert all(line.count("$") % 2 == 0 for line in text.splitlines())
    outside = "".join(text.replace(r"\$", "").split("$")[::2])
    for mark in ("_", "^", "#", "&", "%"):
        assert mark not in outside.replace(f"\\{mark}", "").replace(r"\textasciicircum", "")
    depth = 0
    for before, mark in itertools.pairwise(text):
        depth += (mark == "{") - (mark == "}") if before != "\\" else 0
        assert depth >= 0
    assert depth == 0


def test_prose_is_protected_in_both_forms() -> None:
    assert FORMS["markdown"].prose("<v, w> * `a*b`") == r"\<v, w> \* `a*b`"
    assert FORMS["latex"].prose("e^x_1 & `a_b`") == r"e\textasciicircum{}x\_1 \& \texttt{a\_b}"


def test_the_restated_results_of_the_literature_have_settled_mutations() -> None:
    theory = next(t for t in THEORIES if t.name == "literature")
    entries = load("literature")
    assert list(entries) == [clause.id for clause in theory.clauses]
    assert [clause.id for clause in theory.clauses if z3_opinion(clause) != "proved"] == []
    for clause in theory.clauses:
        assert entries[clause.id].problems(clause) == ()
        assert entries[clause.id].witness.interior
        verdicts = {m.change: settled(clause, m) for m in entries[clause.id].mutations}
        assert all(verdicts[change] == "refuted" for change in clause.rivals)
