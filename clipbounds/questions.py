"""The questions besides "how many iterations": inverses, rankings, maps, recommendations and exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bounds.batches import smallest_batch
from bounds.calculator import Bound, Ranking
from bounds.calculator import rank as rank_theorems
from bounds.catalogue import theorem_named
from bounds.errors import InputError, unknown_name
from bounds.inversion import STEP_NAMES, TOLERANCE, Inverse, largest_step, smallest_target
from bounds.methods import MomentumStart
from bounds.problem import Problem
from bounds.quantities import QUANTITIES, Number, as_fraction, quantity
from bounds.report import plain
from bounds.theorem import Kind, Theorem
from clipbounds import show

if TYPE_CHECKING:
    # Only the map needs arrays.
    import xarray as xr

__all__ = ["EXPORTS", "QUESTIONS", "cite", "export", "invert", "rank", "recommend", "regimes"]

QUESTIONS = ("eps", "step", "batch")
"""What ``invert`` can be asked for."""

EXPORTS = ("latex", "markdown", "json", "python", "bibtex")
"""The forms of a single record."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def invert(
    theorems: Sequence[Theorem],
    problem: Problem,
    question: str,
    *,
    steps: Number | None = None,
    step_name: str = "eta",
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
    as_json: bool = False,
) -> None:
    """Answer an inverse question for every theorem that has an answer, best first.

    Parameters
    ----------
    theorems : one theorem (its refusal is an error), or many (refusals are listed).
    problem : for the question ``eps`` its epsilon is not used.
    question : ``eps`` (smallest accuracy after ``steps``), ``step`` (largest ``step_name``, with at most ``steps``
        iterations when given) or ``batch`` (smallest batch for ``steps``).

    Raises
    ------
    InputError : an unknown question, or ``steps`` is missing where it is needed.
    """
    if question not in QUESTIONS:
        raise unknown_name("question", question, QUESTIONS)
    if steps is None and question != "step":
        raise InputError(f"the question {question!r} needs a number of iterations T.")
    if steps is not None and as_fraction("T", steps) < 1:
        raise InputError(f"T = {steps} is not allowed: it must be an integer >= 1.")
    answers: list[Inverse] = []
    refused: list[tuple[str, str]] = []
    for theorem in theorems:
        try:
            answers.append(_answer(theorem, problem, question, steps, step_name, parameters, momentum_start))
        except InputError as error:
            if len(theorems) == 1:
                raise
            refused.append((theorem.key, str(error)))
    answers.sort(key=_merit)
    if as_json:
        show.json(
            {
                "question": question,
                "answers": [a.json() for a in answers],
                "refused": [{"key": key, "reason": reason} for key, reason in refused],
            }
        )
        return
    for answer in answers:
        show.text(_answer_line(answer, question))
    if not answers:
        show.text("No theorem answers this question.")
    for key, reason in refused:
        show.text(f"  not {key}: {plain(reason)}")


def _answer(
    theorem: Theorem,
    problem: Problem,
    question: str,
    steps: Number | None,
    step_name: str,
    parameters: Mapping[str, Number] | None,
    start: MomentumStart,
) -> Inverse:
    if question == "step":
        return largest_step(theorem, problem, step_name, steps, parameters, start)
    if steps is None:
        raise InputError(f"the question {question!r} needs a number of iterations T.")
    solve = smallest_target if question == "eps" else smallest_batch
    return solve(theorem, problem, steps, parameters, start)


def _merit(answer: Inverse) -> tuple[bool, float]:
    """Upper bounds first; small accuracies and batches, and long steps, are good."""
    value = float("inf") if answer.value is None else float(answer.value)
    lower = answer.bound.theorem.kind is Kind.LOWER
    return lower, -value if lower or answer.name in STEP_NAMES else value


def _answer_line(answer: Inverse, question: str) -> str:
    theorem = answer.bound.theorem
    name = "eps" if question == "eps" else answer.name
    value = f"{name} has no largest value" if answer.value is None else f"{name} = {float(answer.value):.9g}"
    count = f"{answer.bound.iterations:,} iterations"
    if theorem.kind is Kind.LOWER:
        return f"{value}  is out of reach for {theorem.scope}: it needs {count}  ({theorem.key})"
    tolerance = "" if answer.name == "batch" else f", within {float(TOLERANCE):g} on the safe side"
    return f"{value}  with {count}  ({theorem.key}; {theorem.provenance.value}{tolerance})"


def rank(
    theorems: Sequence[Theorem],
    problem: Problem,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
    *,
    as_json: bool = False,
) -> None:
    """All applicable theorems, best first, with the dominant term and the gap to the best general lower bound."""
    from bounds.asymptotics import dominant_term
    from bounds.report import problem_json

    ranking = rank_theorems(theorems, problem, parameters, momentum_start)
    floor = ranking.best_lower
    terms = {b.theorem.key: dominant_term(b) for b in (*ranking.upper, *ranking.lower)}

    def row(bound: Bound) -> dict[str, Any]:
        term = terms[bound.theorem.key]
        return bound.json() | {
            "kind": bound.theorem.kind.value,
            "dominant_term": None if term is None else plain(term),
            "gap": None if floor is None else bound.iterations / floor.iterations,
        }

    if as_json:
        show.json(
            {
                "problem": problem_json(problem),
                "upper": [row(b) for b in ranking.upper],
                "lower": [row(b) for b in ranking.lower],
                "refused": [{"key": r.theorem.key, "reason": r.reason} for r in ranking.refused],
            }
        )
        return
    for title, bounds in (("Upper bounds", ranking.upper), ("Lower bounds", ranking.lower)):
        show.text(f"{title}: iterations, gap to the best lower bound, theorem, provenance, dominant term")
        for bound in bounds:
            entry = row(bound)
            gap = "-" if entry["gap"] is None else f"{entry['gap']:.3g}"
            words = _shortened(entry["dominant_term"])
            known = bound.theorem.provenance.value
            show.text(f"  {bound.iterations:>18,}  {gap:>9}  {bound.theorem.key:<40}  {known:<15}  {words}")
    if not ranking.upper:
        _nearest(ranking)


def _shortened(term: str | None) -> str:
    if term is None:
        return "-"
    return term if len(term) <= 60 else term[:57] + "..."


def _nearest(ranking: Ranking) -> None:
    """No upper bound applies: say what each of them misses."""
    show.text("No upper bound covers this problem. What each of them needs:")
    for refusal in ranking.refused:
        if refusal.theorem.kind is Kind.UPPER:
            show.text(f"  {refusal.theorem.key}: {plain(refusal.reason)}")


def regimes(
    theorems: Sequence[Theorem],
    problem: Problem,
    x: tuple[str, str, str],
    y: tuple[str, str, str],
    *,
    points: int = 24,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
    out: Path | None = None,
    as_json: bool = False,
) -> None:
    """A map of the best theorem over two constants, each given as (name, low, high), on a logarithmic grid.

    ``out`` is a file for the labelled data (NetCDF).
    """
    from bounds.regimes import log_grid
    from bounds.regimes import regimes as regime_map

    grids = []
    known = [q.name for q in QUANTITIES]
    for name, low, high in (x, y):
        if name not in known:
            raise unknown_name("constant", name, known)
        ends = [float(quantity(name).validate(end)) for end in (low, high)]
        grids.append((name, log_grid(name, ends[0], ends[1], points)))
    fixed = {k: float(quantity(k).validate(v)) for k, v in (parameters or {}).items()}
    found = regime_map(theorems, grids[0], grids[1], problem, fixed, momentum_start)
    if out is not None:
        found.to_netcdf(out, engine="scipy")
        show.note(f"written: {out}")
    if as_json:
        show.json(_map_json(found, x[0], y[0]))
    else:
        show.text(_map_text(found, x[0], y[0]))


def _map_json(found: xr.Dataset, x: str, y: str) -> dict[str, Any]:
    best = found["best"].values
    keys = [str(k) for k in found["theorem"].values]
    used = sorted({int(k) for k in best.ravel() if k >= 0})
    log10 = found["log10_iterations"].values
    rows, columns = best.shape
    least = [[float(log10[best[j, i], j, i]) if best[j, i] >= 0 else None for i in range(columns)] for j in range(rows)]
    return {
        "x": {"name": x, "values": found[x].values.tolist()},
        "y": {"name": y, "values": found[y].values.tolist()},
        "fixed": dict(found.attrs),
        "theorems": [keys[k] for k in used],
        "best": [[used.index(int(k)) if k >= 0 else None for k in row] for row in best],
        "log10_iterations": least,
    }


def _map_text(found: xr.Dataset, x: str, y: str) -> str:
    best = found["best"].values
    used = sorted({int(k) for k in best.ravel() if k >= 0})
    letter = {k: _LETTERS[i % len(_LETTERS)] for i, k in enumerate(used)} | {-1: "."}
    lines = [f"best theorem; {y} upwards, {x} to the right, both logarithmic"]
    values = found[y].values
    lines += [f"{values[j]:>10.3g} " + "".join(letter[int(k)] for k in best[j]) for j in range(len(values) - 1, -1, -1)]
    low, high = found[x].values[[0, -1]]
    lines.append(f"{'':>11}{low:.3g} .. {high:.3g}")
    for k in used:
        key = str(found["theorem"].values[k])
        lines.append(f"  {letter[k]}  {key} ({theorem_named(key).provenance.value})")
    if -1 in best:
        lines.append("  .  no theorem applies, or no step is needed")
    return "\n".join(lines)


def recommend(
    theorems: Sequence[Theorem],
    problem: Problem,
    method: str | None = None,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
    *,
    as_json: bool = False,
) -> None:
    """What to run, how long, and how sensitive that is to each constant."""
    from bounds.recommendation import recommend as recommendation

    answer = recommendation(theorems, problem, method, parameters, momentum_start)
    if as_json:
        show.json(answer.json())
        return
    bound, theorem = answer.bound, answer.bound.theorem
    show.text(f"Run {answer.method.name} ({answer.method.key}) for T = {bound.iterations:,} iterations.")
    for name, value in bound.parameters.items():
        show.text(f"  {name.replace('_', ' ')}: {value:.6g}")
    show.text(f"  by {theorem.key}, {theorem.source}. {theorem.provenance.phrase}")
    for assumption in theorem.assumes:
        show.text(f"  assumes: {assumption}")
    if answer.ranking.gap is not None:
        show.text(f"  best upper bound / best lower bound for all methods: {answer.ranking.gap:.3g}")
    show.text("Sensitivity, d ln T / d ln constant:")
    for name, slope in answer.elasticities.items():
        show.text(f"  {quantity(name).option:>6}  {slope:+.3f}")
    if answer.pytorch:
        show.text("In PyTorch's words (p a parameter, g its gradient):")
        show.text("\n".join(f"  {line}" for line in answer.pytorch.splitlines()))


def export(theorem: Theorem, form: str) -> None:
    """One record in one of the forms of :data:`EXPORTS`.

    Raises
    ------
    InputError : an unknown form, or a Python function of an order record.
    """
    if form == "json":
        from bounds.codec import record_json

        show.json(record_json(theorem))
        return
    if form not in EXPORTS:
        raise unknown_name("form", form, EXPORTS)
    from bounds.export import bibtex, record_latex, record_markdown
    from bounds.python_source import python_source

    if form == "bibtex":
        text = bibtex([theorem.source])
    else:
        text = {"latex": record_latex, "markdown": record_markdown, "python": python_source}[form](theorem)
    show.text(text.rstrip("\n"))


def cite(bounds: Sequence[Bound]) -> None:
    """BibTeX of the sources behind an answer, each once."""
    from bounds.export import bibtex

    show.text(bibtex(b.theorem.source for b in bounds).rstrip("\n"))
