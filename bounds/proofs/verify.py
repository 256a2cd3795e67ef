r"""Checking proofs: every certificate twice, every citation, and the record at the end.

Checking needs the core install only. A *computation* (the exact branch and bound of the zero-chains, extra ``prove``)
runs on demand and is otherwise reported as not run, never as proved.

Example
-------
>>> from bounds.proofs.verify import verify
>>> report = verify(["best-step-gd"])
>>> report.ok, report.theorems[0].status
(True, 'proved')
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bounds.catalogue import THEOREMS
from bounds.errors import InputError, unknown_name
from bounds.proofs.certificate import check
from bounds.proofs.collected import PROOFS
from bounds.proofs.fractions_check import accepts
from bounds.proofs.proof import Proof, Step, residue
from bounds.proofs.record_match import iterations_differ, promise_differs, requirement_differs
from bounds.proofs.step import Clause
from bounds.proofs.store import Entry, load
from bounds.theorem import Provenance, Theorem

__all__ = ["Outcome", "Report", "Row", "verify"]

Entries = Mapping[str, Mapping[str, Entry]]
Progress = Callable[[int, int, str], None]

# Relations of a proved goal that give a hypothesis of each kind.
_ENOUGH = {"weak": (">=", ">", "="), "strict": (">",), "eq": ("=",)}
PROVED, WRITTEN, FAILED, NOT_RUN = "proved", "written", "failed", "not run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The verdict on one step.

    Attributes
    ----------
    kind : ``certificate``, ``identity``, ``written`` or ``computation``.
    verdict : ``proved``, ``written`` (proved in words, nothing to run), ``failed`` or ``not run``.
    seconds : time of the check; a step that several proofs share is checked once.
    reason : one sentence when failed, else empty.
    """

    name: str
    kind: str
    verdict: str
    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The verdict on one theorem.

    Attributes
    ----------
    rows : one per step, per citation ("S7 <- T1-linear") and per part of the record ("record: iterations").
    """

    key: str
    rows: tuple[Row, ...]

    @property
    def status(self) -> str:
        """``proved``, ``proved except the deep step``, ``failed`` or ``not proved by machine`` (there is no proof)."""
        verdicts = {row.verdict for row in self.rows}
        if not self.rows:
            return "not proved by machine"
        if FAILED in verdicts:
            return "failed"
        return "proved except the deep step" if NOT_RUN in verdicts else "proved"

    @property
    def ok(self) -> bool:
        """Every step that was run stands, and there is a proof."""
        return self.status.startswith("proved")

    @property
    def failures(self) -> tuple[Row, ...]:
        """The rows that failed."""
        return tuple(row for row in self.rows if row.verdict == FAILED)

    @property
    def seconds(self) -> float:
        """Time of all its checks."""
        return sum(row.seconds for row in self.rows)

    def count(self, kind: str) -> int:
        """The number of rows of a kind."""
        return sum(row.kind == kind for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Verdicts on theorems; ``seconds`` is the wall time of all of them together."""

    theorems: tuple[Outcome, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Every theorem is."""
        return all(outcome.ok for outcome in self.theorems)

    @property
    def data(self) -> dict[str, Any]:
        """JSON: {"theorems": [{"key", "ok", "status", "steps": [...]}], "ok"}; a failed step has a "reason"."""
        theorems = [
            {"key": o.key, "ok": o.ok, "status": o.status, "steps": [_row_data(row) for row in o.rows]}
            for o in self.theorems
        ]
        return {"theorems": theorems, "ok": self.ok}


def _row_data(row: Row) -> dict[str, Any]:
    data = {"name": row.name, "kind": row.kind, "verdict": row.verdict, "seconds": round(row.seconds, 6)}
    return data | ({"reason": row.reason} if row.reason else {})


def verify(
    keys: Iterable[str] | None = None,
    *,
    deep: bool = False,
    progress: Progress | None = None,
    theorems: Sequence[Theorem] = THEOREMS,
    proofs: Sequence[Proof] = PROOFS,
    entries: Entries | None = None,
) -> Report:
    """Check the proofs of the records that are proved here, or of those with the given keys.

    Parameters
    ----------
    deep : also run the computations, and check that every mutation of every clause is settled (minutes).
    progress : called before each step with (steps done, all steps, name).
    theorems, proofs, entries : other records, proofs and stored certificates (data name -> clause -> entry).

    Raises
    ------
    InputError : a key that is unknown or whose record is not proved here; with ``deep``, python-flint is missing.
    """
    started = time.perf_counter()
    chosen = _chosen(keys, theorems)
    by_key = {proof.key: proof for proof in proofs}
    checker = _Checker(deep=deep, entries=entries or {}, progress=progress)
    checker.total = sum(len(by_key[t.key].steps) for t in chosen if t.key in by_key)
    outcomes = tuple(Outcome(key=t.key, rows=checker.rows(by_key[t.key], t) if t.key in by_key else ()) for t in chosen)
    return Report(theorems=outcomes, seconds=time.perf_counter() - started)


def _chosen(keys: Iterable[str] | None, theorems: Sequence[Theorem]) -> list[Theorem]:
    proved = {t.key: t for t in theorems if t.provenance is Provenance.PROVED_HERE}
    if keys is None:
        return list(proved.values())
    for key in (keys := list(keys)):
        if key not in proved:
            other = next((t for t in theorems if t.key == key), None)
            if other is None:
                raise unknown_name("theorem", key, proved)
            raise InputError(f"theorem {key} is {other.provenance.value}; only theorems proved here can be verified.")
    return [proved[key] for key in keys]


class _Checker:
    """Checks steps once, however many proofs share them."""

    def __init__(self, *, deep: bool, entries: Entries, progress: Progress | None) -> None:
        self._deep, self._entries, self._progress = deep, dict(entries), progress
        self._known: dict[Any, Row] = {}
        self._done = 0
        self.total = 0

    def rows(self, proof: Proof, theorem: Theorem) -> tuple[Row, ...]:
        found: list[Row] = []
        steps = {step.name: step for step in proof.steps}
        for step in proof.steps:
            if self._progress is not None:
                self._progress(self._done, self.total, f"{proof.key}: {step.name}")
            self._done += 1
            found.append(self._step(step, steps))
            for cited in step.cites:
                name, earlier = f"{step.name} <- {cited.step}", steps[cited.step]
                key = ("cites", cited.hypothesis, step.clause, earlier.clause)
                found.append(self._once(key, name, "identity", functools.partial(_citation, step, cited, earlier)))
        ends: list[tuple[str, Callable[[], str]]] = [
            ("iterations", functools.partial(iterations_differ, proof, theorem)),
            ("promise", functools.partial(promise_differs, proof, theorem)),
        ]
        if len(proof.requires) == len(theorem.requires):
            pairs = enumerate(zip(proof.requires, theorem.requires, strict=True), start=1)
            ends += [(f"requires {n}", functools.partial(requirement_differs, *pair)) for n, pair in pairs]
        else:
            sentence = f"the record {theorem.key} has {len(theorem.requires)} requirements, {len(proof.requires)} used."
            ends.append(("requires", lambda: sentence))
        return (*found, *(_timed(f"record: {name}", "identity", run) for name, run in ends))

    def _once(self, key: Any, name: str, kind: str, run: Callable[[], str]) -> Row:
        if key not in self._known:
            self._known[key] = _timed(name, kind, run)
        return self._known[key]

    def _step(self, step: Step, steps: Mapping[str, Step]) -> Row:
        if step.kind == "written":
            return Row(name=step.name, kind=step.kind, verdict=WRITTEN, seconds=0.0)
        if step.compute is not None:
            if not self._deep:
                return Row(name=step.name, kind=step.kind, verdict=NOT_RUN, seconds=0.0)
            return self._once(step.compute, step.name, step.kind, step.compute)
        lemmas = tuple(steps[lemma.clause.id].clause for lemma in step.clause.lemmas) if step.clause else ()
        key = (step.clause, step.data, lemmas)
        return self._once(key, step.name, step.kind, functools.partial(self._clause, step, lemmas))

    def _clause(self, step: Step, lemmas: Sequence[Clause | None]) -> str:
        if step.data not in self._entries:
            self._entries[step.data] = load(step.data)
        clause, entry = step.clause, self._entries[step.data].get(step.name)
        if clause is None or entry is None or entry.certificate is None:
            return f"{step.name}: there is no certificate."
        for lemma, earlier in zip(clause.lemmas, lemmas, strict=True):
            if earlier is None or earlier.hash != lemma.clause.hash:
                return f"{step.name}: its lemma {lemma.clause.id} is not the earlier step of this name."
        result = check(clause, entry.certificate)
        if not result.ok:
            return result.reason
        if not accepts(clause, entry.certificate):
            return f"{step.name}: the two checkers disagree."
        if entry.witness is None or not entry.witness.confirms(clause):
            return f"{step.name}: no stored point satisfies its hypotheses."
        return "; ".join(entry.problems(clause)) if self._deep else ""


def _citation(step: Step, cited: Any, earlier: Step) -> str:
    if step.clause is None or earlier.clause is None or len(earlier.clause.goal) != 1:
        return f"{step.name} cites {earlier.name}, which is not a clause with one goal."
    stated = step.clause.hypotheses().get(cited.hypothesis)
    if stated is None:
        return f"{step.name} has no hypothesis {cited.hypothesis}."
    kind = next(kind for kind in _ENOUGH if cited.hypothesis in getattr(step.clause, kind))
    if earlier.clause.relation not in _ENOUGH[kind]:
        return f"{step.name}: its hypothesis {cited.hypothesis} is {kind}, {earlier.name} proves a weaker relation."
    if residue(earlier.clause.goal[0], stated, cited) == 0:
        return ""
    return f"{step.name}: its hypothesis {cited.hypothesis} is not what {earlier.name} proves."


def _timed(name: str, kind: str, run: Callable[[], str]) -> Row:
    started = time.perf_counter()
    try:
        reason = run()
    except InputError as error:
        if "pip install" in str(error):
            raise
        reason = str(error)
    seconds = time.perf_counter() - started
    return Row(name=name, kind=kind, verdict=FAILED if reason else PROVED, seconds=seconds, reason=reason)
