"""Every proof, assembled from the maps of the documents of the theory: one explicit tuple."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from bounds.catalogue import THEOREMS
from bounds.errors import InputError, unknown_name
from bounds.proofs import (
    deterministic,
    deterministic_conclusions,
    deterministic_links,
    deterministic_map,
    literature,
    literature_map,
    lower,
    lower_conclusions,
    lower_links,
    lower_map,
    stochastic,
    stochastic_conclusions,
    stochastic_links,
    stochastic_map,
)
from bounds.proofs.branch_and_bound import zero_chain_bound
from bounds.proofs.chain_data import chain_named
from bounds.proofs.citations import Citation, cited
from bounds.proofs.letters import LETTERS
from bounds.proofs.promises import PROMISES
from bounds.proofs.proof import Cited, End, Proof, Step
from bounds.proofs.step import Clause
from bounds.proofs.written import argument
from bounds.symbols import T

__all__ = ["PROOFS", "THEORIES", "Theory", "proof_named"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Theory:
    """One document with its scalar steps.

    Attributes
    ----------
    name : of the document in docs/theory and of the file with the certificates.
    clauses : in the order of the document.
    steps : record -> names of its steps.
    written, computations : name -> (what it says, place).
    cites : clause -> the hypotheses of it that are goals of earlier clauses.
    iterations, requires : record -> where it meets the clauses.
    compute : name -> a finite exact computation.
    """

    name: str
    clauses: tuple[Clause, ...]
    steps: Mapping[str, tuple[str, ...]]
    written: Mapping[str, tuple[str, str]]
    cites: Mapping[str, tuple[Cited, ...]]
    iterations: Mapping[str, Any]
    requires: Mapping[str, tuple[Any, ...]]
    computations: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    compute: Mapping[str, Callable[[], str]] = field(default_factory=dict)


def _rows(name: str) -> Callable[[], str]:
    return functools.partial(_bounded, name.removesuffix("-rows"))


def _bounded(chain: str) -> str:
    result = zero_chain_bound(chain_named(chain))
    return "" if result.ok else f"{chain}-rows: {result.reason}"


def _cited(user: str, hypothesis: str, source: str, links: Mapping[tuple[str, str], Any]) -> Cited:
    link = links.get((user, hypothesis), Citation())
    return Cited(hypothesis=hypothesis, step=source, user=link.user, lemma=link.lemma, times=link.times)


def _cites(clauses: tuple[Clause, ...], links: Mapping[tuple[str, str], Citation]) -> dict[str, tuple[Cited, ...]]:
    found: dict[str, tuple[Cited, ...]] = {}
    for user, hypothesis in cited({clause.id: clause for clause in clauses}):
        found[user] = (*found.get(user, ()), _cited(user, hypothesis, hypothesis, links))
    return found


def _deterministic_cites() -> dict[str, tuple[Cited, ...]]:
    found: dict[str, tuple[Cited, ...]] = {}
    for user, hypothesis, source in deterministic_links.citations():
        found[user] = (*found.get(user, ()), _cited(user, hypothesis, source, deterministic_links.LINKS))
    return found


# Where the clauses already have gamma = 5 sigma eta inserted, the equation is the clip threshold of Theorem B at its
# least value.
_BUILT_IN = stochastic_conclusions.REQUIRES["framework-stochastic"][0]

THEORIES: tuple[Theory, ...] = (
    Theory(
        name="deterministic",
        clauses=deterministic.CLAUSES,
        steps=deterministic_map.STEPS,
        written=deterministic_map.WRITTEN,
        cites=_deterministic_cites(),
        iterations=deterministic_conclusions.ITERATIONS,
        requires=deterministic_conclusions.REQUIRES,
    ),
    Theory(
        name="stochastic",
        clauses=stochastic.CLAUSES,
        steps=stochastic_map.STEPS,
        written=stochastic_map.WRITTEN,
        cites=_cites(stochastic.CLAUSES, stochastic_links.LINKS),
        iterations=stochastic_conclusions.ITERATIONS,
        requires={
            key: tuple(group or _BUILT_IN for group in groups)
            for key, groups in stochastic_conclusions.REQUIRES.items()
        },
    ),
    Theory(
        name="lower",
        clauses=lower.CLAUSES,
        steps=lower_map.STEPS,
        written=lower_map.WRITTEN,
        cites=_cites(lower.CLAUSES, lower_links.LINKS),
        iterations=lower_conclusions.ITERATIONS,
        requires=lower_conclusions.REQUIRES,
        computations=lower_map.COMPUTATIONS,
        compute={name: _rows(name) for name in lower_map.COMPUTATIONS},
    ),
    Theory(
        name="literature",
        clauses=literature.CLAUSES,
        steps=literature_map.STEPS,
        written=literature_map.WRITTEN,
        cites=_cites(literature.CLAUSES, literature_map.LINKS),
        iterations=literature_map.ITERATIONS,
        requires=literature_map.REQUIRES,
    ),
)

# Hypotheses "number - N" with the record counting the whole links of the number, plus one inspected point.
_ROUNDED = ("zero-chain-lower", "chain-lower")
_COUNTS = frozenset(map(sp.Symbol, ("t", "N", "chain")))


def _count(key: str, expression: Any) -> Any:
    """The number that T is at least (upper bounds) or that is necessary (lower bounds)."""
    if T in expression.free_symbols:
        return T - expression
    (counter,) = expression.free_symbols & _COUNTS
    number = expression + counter
    return sp.floor(number) + 1 if key in _ROUNDED else number


def _step(theory: Theory, clauses: Mapping[str, Clause], name: str) -> Step:
    clause = clauses.get(name)
    if clause is not None:
        kind = "identity" if clause.relation == "=" else "certificate"
        cites = theory.cites.get(name, ())
        return Step(name=name, kind=kind, place=clause.place, clause=clause, data=theory.name, cites=cites)
    if name in theory.computations:
        text, place = theory.computations[name]
        return Step(name=name, kind="computation", place=place, text=text, compute=theory.compute[name])
    text, place = theory.written[name]
    return Step(name=name, kind="written", place=place, text=text, argument=argument(theory.name, name))


def _assembled(theory: Theory) -> tuple[Proof, ...]:
    """The proofs of a document. Steps are shared, so that a step of several proofs is checked once."""
    clauses = {clause.id: clause for clause in theory.clauses}
    names = dict.fromkeys(name for steps in theory.steps.values() for name in steps)
    known = {name: _step(theory, clauses, name) for name in names}
    return tuple(_proof(theory, known, key) for key in theory.steps)


def _proof(theory: Theory, known: Mapping[str, Step], key: str) -> Proof:
    count, steps = theory.iterations[key], tuple(known[name] for name in theory.steps[key])
    letters = {v for step in steps if step.clause for v in step.clause.variables}
    return Proof(
        key=key,
        steps=steps,
        iterations=_end(known, count, _count(key, count.expression)),
        requires=tuple(
            tuple(_end(known, meeting, meeting.expression) for meeting in _group(entry))
            for entry in theory.requires[key]
        ),
        promise=PROMISES[key],
        symbols={name: meaning for name, meaning in LETTERS[theory.name].items() if name in letters},
    )


def _group(entry: Any) -> tuple[Any, ...]:
    if entry is None:
        return ()
    return entry if isinstance(entry, tuple) else (entry,)


def _end(known: Mapping[str, Step], meeting: Any, expression: Any) -> End:
    clause = known[meeting.clause].clause
    strict = clause is not None and meeting.hypothesis in clause.strict
    return End(step=meeting.clause, hypothesis=meeting.hypothesis, expression=expression, strict=strict)


PROOFS: tuple[Proof, ...] = tuple(proof for theory in THEORIES for proof in _assembled(theory))


def proof_named(key: str) -> Proof:
    """The proof of the record with this key, or an error that suggests the nearest ones."""
    for proof in PROOFS:
        if proof.key == key:
            return proof
    theorem = next((t for t in THEOREMS if t.key == key), None)
    if theorem is not None:
        raise InputError(f"{key} has no proof here: it is {theorem.provenance.value}, from {theorem.source}.")
    raise unknown_name("proof", key, (p.key for p in PROOFS))
