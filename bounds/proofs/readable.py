"""The readable proof of a record, generated from the steps that the machine checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bounds.errors import InputError
from bounds.methods import MomentumStart
from bounds.proofs.markup import FORMS, Markup
from bounds.proofs.proof import Cited, End, Proof, Step
from bounds.proofs.store import Entry, load
from bounds.smoothness import Noise
from bounds.theorem import Kind, Theorem

__all__ = ["index_row", "readable"]

_PREFACE = (
    "Every step below is numbered. A `certificate` or an `identity` is a scalar statement about real numbers: the "
    "lines under it are exact identities that prove it, to be checked by multiplying out (what is in brackets and "
    "equal to zero is an equality hypothesis, all coefficients are positive rationals, and all factors are "
    "nonnegative by the hypotheses). A `written` step is a lemma of analysis with its proof in words. Names in "
    "square brackets are hypotheses of a step. Where a hypothesis is what an earlier step proves, the line after "
    "the claim says so, with the values at which that step is used (a letter for a sum over t is replaced by one "
    "summand: such hypotheses are linear in the sums); the other hypotheses are hypotheses of the theorem, "
    "definitions of the letters, or what the written lemma nearest before the step provides."
)
_DEEP = (
    "This is a finite computation in exact rational arithmetic (bounds.proofs.branch_and_bound), which "
    "`clipbounds verify --deep` runs. Where it has not been run, the step is not proved."
)
_STARTS = {MomentumStart.GRADIENT: "m_0 = grad F(x_0)", MomentumStart.ZERO: "m_0 = 0"}


def readable(
    proof: Proof, theorem: Theorem, *, form: str = "markdown", entries: Mapping[str, Entry] | None = None
) -> str:
    """The proof for a reader: statement, letters, steps in order with their certificates, conclusion.

    Parameters
    ----------
    form : ``markdown`` or ``latex``.
    entries : stored certificates of the proof's clauses; by default those of the package.

    Raises
    ------
    InputError : an unknown form, or a clause without a certificate.
    """
    if form not in FORMS:
        raise InputError(f"form {form!r} is not allowed; use one of {', '.join(FORMS)}.")
    markup = FORMS[form]
    files = {step.data for step in proof.steps if step.data}
    known = entries if entries is not None else {k: e for file in sorted(files) for k, e in load(file).items()}
    return markup.document(
        [*_opening(proof, theorem, markup), *_body(proof, known, markup), *_end(proof, theorem, markup)]
    )


def index_row(proof: Proof, theorem: Theorem) -> dict[str, str]:
    """A row of the table of proofs; the identities count equations, citations and the parts of the record."""
    kinds = [step.kind for step in proof.steps]
    cited = sum(len(step.cites) for step in proof.steps)
    return {
        "theorem": f"[`{proof.key}`]({proof.key}.md)",
        "statement": theorem.source.locator,
        "certified": str(kinds.count("certificate")),
        "identities": str(kinds.count("identity") + cited + 2 + len(theorem.requires)),
        "written": str(kinds.count("written")),
        "deep": str(kinds.count("computation")),
    }


def _opening(proof: Proof, theorem: Theorem, markup: Markup) -> Iterator[str]:
    yield markup.heading(1, f"{theorem.title}: proof of `{proof.key}`")
    yield markup.prose(
        f"Generated from the steps that `clipbounds verify {proof.key}` checks. The same proof in prose is "
        f"{str(theorem.proof).replace('#', ', ')}."
    )
    yield markup.heading(2, "Statement")
    yield from _statement(theorem, markup)
    if proof.symbols:
        yield markup.heading(2, "Letters")
        yield markup.listed(markup.prose(f"`{letter}`: {meaning}") for letter, meaning in proof.symbols.items())
        yield markup.prose("Other letters are local to a step and explained where it stands.")
    yield markup.heading(2, "Proof")
    yield markup.prose(_PREFACE)


def _statement(theorem: Theorem, markup: Markup) -> Iterator[str]:
    upper = theorem.kind is Kind.UPPER
    where = "" if theorem.dimension is None else f" in dimension {theorem.dimension}"
    kind = f"convex, {theorem.smoothness.name}" if theorem.convex else theorem.smoothness.name
    gap = f"F{where} is {kind} and bounded below, with F(x_0) - inf F <= "
    items = [
        markup.prose(gap) + markup.expression(_symbol(theorem, "Delta")) + ".",
        markup.prose(f"Oracle: {theorem.noise.phrase}."),
    ]
    named = not theorem.covers_every_method
    if named:
        items.append(markup.prose(f"Method: {', '.join(m.name for m in theorem.methods)}."))
    if named and any(m.momentum for m in theorem.methods):
        items.append(markup.prose(f"Buffer: {' or '.join(_STARTS[s] for s in theorem.momentum_start)}."))
    if theorem.scope:
        items.append(markup.prose(f"Scope: {theorem.scope}."))
    items += [f"{markup.expression(r.left)} {r.relation.value} {markup.expression(r.right)}" for r in theorem.requires]
    items += [markup.prose(f"{text}.") for text in theorem.assumes]
    yield markup.prose("Let the following hold." if upper else "The setting is as follows.")
    yield markup.listed(items)
    count = markup.expression(theorem.iterations)
    if upper:
        yield markup.prose("Then for every integer T >= ") + count + markup.prose(f": {theorem.statement}.")
        return
    what = "" if theorem.noise is Noise.EXACT else " and an oracle of this kind"
    yield (
        markup.prose(f"Then there are a function of the class{what} for which {theorem.statement} needs T >= ")
        + count
        + markup.prose(" inspected points.")
    )


def _symbol(theorem: Theorem, name: str) -> Any:
    return next(s for s in theorem.symbols if s.name == name)


def _body(proof: Proof, entries: Mapping[str, Entry], markup: Markup) -> Iterator[str]:
    numbers = _numbers(proof)
    section = ""
    for step in proof.steps:
        document, _, place = step.place.partition(", ")
        here = re.split(r"[,:] ", place, maxsplit=1)[0]
        detail = place[len(here) :].lstrip(",: ")
        if here != section:
            section = here
            yield markup.heading(3, f"{here} ({document})")
        yield from _step(step, detail, numbers, entries, markup)


def _numbers(proof: Proof) -> dict[str, int]:
    return {step.name: n for n, step in enumerate(proof.steps, start=1)}


def _step(
    step: Step, detail: str, numbers: Mapping[str, int], entries: Mapping[str, Entry], markup: Markup
) -> Iterator[str]:
    title = markup.strong(f"{numbers[step.name]}. {step.name}") + markup.prose(f" ({step.kind})")
    if step.clause is None:
        yield title + markup.prose(f": {step.text}.")
        yield markup.prose(f"Proof. {step.argument}" if step.argument else _DEEP)
        return
    entry = entries.get(step.name)
    if entry is None or entry.certificate is None:
        raise InputError(f"step {step.name} has no certificate.")
    yield title + markup.prose(f": {detail}." if detail else ".")
    yield markup.prose("Claim: ") + markup.claim(step.clause)
    lemmas = [Cited(hypothesis=x.clause.id, step=x.clause.id, lemma=x.at) for x in step.clause.lemmas]
    if by := [_by(step, cited, numbers) for cited in [*lemmas, *step.cites]]:
        yield markup.prose(f"Here {'; '.join(by)}.")
    yield markup.prose("Certificate:")
    yield markup.certificate(step.clause, entry.certificate)


def _by(step: Step, cited: Cited, numbers: Mapping[str, int]) -> str:
    """Which earlier step a hypothesis is, at which values; letters that do not occur in it are left out."""
    stated = step.clause.hypotheses().get(cited.hypothesis) if step.clause else None
    here = {str(s) for s in stated.free_symbols} if stated is not None else set()
    at = [_value(name, value) for name, value in cited.lemma.items() if str(name) != str(value)]
    where = [_value(name, value) for name, value in cited.user.items() if str(name) in here]
    text = f"[{cited.hypothesis}] is step {numbers[cited.step]}"
    text += f" at {', '.join(at)}" if at else ""
    text += f", divided by `{_plain(cited.times)}`" if cited.times != 1 else ""
    return text + (f", where {', '.join(where)}" if where else "")


def _value(name: Any, value: Any) -> str:
    return f"`{name} = {_plain(value)}`"


def _plain(value: Any) -> str:
    return str(value).replace("**", "^").replace("*", " ")


def _end(proof: Proof, theorem: Theorem, markup: Markup) -> Iterator[str]:
    yield markup.heading(2, "Conclusion")
    numbers = _numbers(proof)
    items = [
        markup.prose("The number ")
        + markup.expression(theorem.iterations)
        + _enters([proof.iterations], numbers, markup)
    ]
    for requirement, ends in zip(theorem.requires, proof.requires, strict=True):
        shown = (
            f"{markup.expression(requirement.left)} {requirement.relation.value} {markup.expression(requirement.right)}"
        )
        items.append(shown + (_enters(ends, numbers, markup) if ends else markup.prose(" is the sign of a constant.")))
    yield markup.listed(items)
    loose = _ranges(sorted(numbers[name] for name in proof.graph[proof.key]))
    yield markup.prose(f"Steps {loose}, with the steps they rest on, give the theorem. This ends the proof.")


def _enters(ends: Sequence[End], numbers: Mapping[str, int], markup: Markup) -> str:
    shown = [
        f"is what step {numbers[end.step]} ({end.step}) proves"
        if end.hypothesis == "goal"
        else f"enters as hypothesis [{end.hypothesis}] of step {numbers[end.step]} ({end.step})"
        for end in ends
    ]
    return markup.prose(f" {' and '.join(shown)}.")


def _ranges(numbers: Sequence[int]) -> str:
    """1-3, 5, 8-9: runs of consecutive numbers are joined."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
