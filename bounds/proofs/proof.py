r"""Proofs as directed graphs of steps that end in a record of the catalogue.

A step is a *certificate* (a clause g >= 0 or g > 0), an *identity* (a clause g = 0), a *written* lemma of analysis with
a complete proof in words, or a *computation* (a finite exact one that runs on demand). A hypothesis of a clause that is
the goal of an earlier clause is :class:`Cited`; the record is met in an :class:`End`: a hypothesis of a clause
that *is* its iteration count or a requirement. So neither a record nor a step can change alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bounds.errors import InputError
from bounds.proofs.citations import placed
from bounds.proofs.step import Clause

__all__ = ["KINDS", "Cited", "End", "Proof", "Step", "residue"]

KINDS = ("certificate", "identity", "written", "computation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A hypothesis that is the goal of an earlier clause: goal at ``lemma`` = times * hypothesis at ``user``.

    Attributes
    ----------
    hypothesis : its name in the citing clause.
    step : the name of the earlier step.
    user, lemma : variable -> expression, in the citing and in the earlier clause.
    times : a positive expression.
    """

    hypothesis: str
    step: str
    user: Mapping[Any, Any] = dataclasses.field(default_factory=dict)
    lemma: Mapping[Any, Any] = dataclasses.field(default_factory=dict)
    times: Any = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """One node of a proof.

    Attributes
    ----------
    name : unique within the proof.
    kind : one of ``KINDS``.
    place : where docs/theory has it.
    text : what a written lemma or a computation says; empty for clauses.
    argument : the proof of a written lemma in words.
    clause : the scalar statement of a certificate or an identity.
    data : the file of :mod:`bounds.proofs.store` that holds its certificate.
    cites : hypotheses of the clause that are goals of earlier steps.
    compute : runs a computation; it returns a sentence on what failed, or an empty one.
    """

    name: str
    kind: str
    place: str
    text: str = ""
    argument: str = ""
    clause: Clause | None = None
    data: str = ""
    cites: tuple[Cited, ...] = ()
    compute: Callable[[], str] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"step {self.name}: kind {self.kind!r} is not allowed; use one of {', '.join(KINDS)}.")
        content = (self.clause is not None, bool(self.argument), self.compute is not None)
        if content != (self.kind in KINDS[:2], self.kind == "written", self.kind == "computation"):
            raise InputError(f"step {self.name}: its content does not fit the kind {self.kind!r}.")

    @property
    def needs(self) -> tuple[str, ...]:
        """Earlier steps whose goals this one uses."""
        lemmas = [lemma.clause.id for lemma in self.clause.lemmas] if self.clause else []
        return tuple(dict.fromkeys([*lemmas, *(c.step for c in self.cites)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where a part of the record enters the proof.

    Attributes
    ----------
    step, hypothesis : the hypothesis (or ``goal``) of a clause.
    strict : the hypothesis is strict.
    expression : for a requirement that hypothesis, a comparison with zero, in the symbols of the record; for the
        iteration count the number it bounds T with.
    """

    step: str
    hypothesis: str
    expression: Any
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proof:
    """The proof of one record.

    Attributes
    ----------
    key : the key of the record.
    steps : in order; a step needs earlier ones only.
    iterations : where the iteration count enters.
    requires : where each requirement enters, in the record's order: in one hypothesis, in several of which each uses
        one argument of a minimum, or in none for a bare sign such as 0 < L0.
    promise : what the last step gives, field of the record -> value, compared with the record.
    symbols : letters of the clauses -> meaning.

    Raises
    ------
    InputError : two steps of one name, or a step that needs one that is not earlier (so the graph has no circle).
    """

    key: str
    steps: tuple[Step, ...]
    iterations: End
    requires: tuple[tuple[End, ...], ...]
    promise: Mapping[str, Any]
    symbols: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        seen: dict[str, Step] = {}
        for step in self.steps:
            if step.name in seen:
                raise InputError(f"proof of {self.key}: step {step.name} occurs twice.")
            if late := [name for name in step.needs if name not in seen]:
                raise InputError(
                    f"proof of {self.key}: step {step.name} needs {late[0]}, which is not an earlier step."
                )
            seen[step.name] = step
        for end in self.ends:
            if end.step not in seen or seen[end.step].clause is None:
                raise InputError(f"proof of {self.key}: the record enters in {end.step}, which is not a clause of it.")

    @property
    def ends(self) -> tuple[End, ...]:
        """Where the record enters: the iteration count, then the requirements."""
        return (self.iterations, *(end for group in self.requires for end in group))

    @property
    def graph(self) -> dict[str, tuple[str, ...]]:
        """Node -> the nodes it needs. The last node, named by the key, is the theorem: it needs every loose end."""
        edges = {step.name: step.needs for step in self.steps}
        used = {name for needs in edges.values() for name in needs}
        ends = [end.step for end in self.ends]
        loose = [name for name in edges if name not in used]
        return {**edges, self.key: tuple(dict.fromkeys([*ends, *loose]))}

    def step(self, name: str) -> Step:
        """The step of this name.

        Raises
        ------
        InputError : there is none.
        """
        for step in self.steps:
            if step.name == name:
                return step
        raise InputError(f"the proof of {self.key} has no step {name!r}.")

    def replaced(self, step: Step) -> Proof:
        """The proof with the step of the same name replaced."""
        self.step(step.name)
        return dataclasses.replace(self, steps=tuple(step if s.name == step.name else s for s in self.steps))


def residue(proved: Any, stated: Any, cited: Cited) -> Any:
    """goal of the cited clause - times * hypothesis, simplified; zero when the citation is right."""
    difference = sp.expand(placed(proved, cited.lemma) - cited.times * placed(stated, cited.user))
    if difference == 0 or difference.has(sp.Min, sp.Max):
        return difference
    numerator = sp.expand(sp.fraction(sp.together(difference))[0])
    return numerator if numerator == 0 else sp.simplify(sp.expand_log(difference, force=True))
