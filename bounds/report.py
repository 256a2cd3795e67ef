"""Records and answers as JSON, LaTeX, Markdown and plain text, all generated from the records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sympy as sp

from bounds.calculator import Bound, Ranking
from bounds.functions import NamedFunction
from bounds.orders import leading_terms, order_terms
from bounds.problem import Problem
from bounds.quantities import QUANTITIES
from bounds.smoothness import Noise
from bounds.symbols import L1, M, eta, gamma
from bounds.theorem import Kind, Theorem

__all__ = [
    "bound_latex",
    "comparison_rows",
    "markdown_table",
    "method_label",
    "plain",
    "problem_json",
    "pytorch",
    "ranking_json",
    "theorem_json",
    "theorem_table",
    "to_latex",
]


def plain(expr: Any) -> str:
    """An expression in the words of the command line."""
    return str(expr).replace("epsilon", "eps").replace("Delta", "delta").replace("**", "^")


def to_latex(expr: Any) -> str:
    """An expression in the field's symbols; named functions are written out."""
    while expr.atoms(NamedFunction):
        expr = expr.replace(lambda e: isinstance(e, NamedFunction), lambda e: e.explicit())
    return str(sp.latex(expr, symbol_names={q.symbol: q.latex for q in QUANTITIES}))


def method_label(theorem: Theorem) -> str:
    """The methods a record covers, in words."""
    if theorem.kind is Kind.LOWER:
        return theorem.scope
    return ", ".join(m.key for m in theorem.methods)


def theorem_json(theorem: Theorem) -> dict[str, Any]:
    """One record, complete."""
    return {
        "key": theorem.key,
        "title": theorem.title,
        "kind": theorem.kind.value,
        "statement": theorem.statement,
        "criterion": theorem.criterion.value,
        "first": theorem.first,
        "iterations": plain(theorem.iterations),
        "iterations_latex": to_latex(theorem.iterations),
        "order_only": theorem.order_only,
        "methods": [m.key for m in theorem.methods],
        "scope": theorem.scope or None,
        "smoothness": theorem.smoothness.key,
        "noise": theorem.noise.value,
        "convex": theorem.convex,
        "dimension": theorem.dimension,
        "least_dimension": None if theorem.least_dimension is None else plain(theorem.least_dimension),
        "parameters": {str(s): plain(v) for s, v in theorem.parameters},
        "requires": [{"condition": plain(r), "why": r.why} for r in theorem.requires],
        "assumes": list(theorem.assumes),
        "momentum_start": [m.value for m in theorem.momentum_start],
        "provenance": theorem.provenance.name,
        "provenance_meaning": theorem.provenance.phrase,
        "source": str(theorem.source),
        "proof": theorem.proof,
        "note": theorem.note,
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    """The constants of a problem, as numbers and exactly."""
    names = ("L0", "L1", "Delta", "epsilon", "sigma")
    return {
        **{name: float(getattr(problem, name)) for name in names},
        "exact": {name: str(getattr(problem, name)) for name in names},
        "noise": problem.noise.value,
        "smoothness": problem.smoothness.key,
        "criterion": problem.criterion.value,
        "convex": problem.convex,
        "R": None if problem.R is None else float(problem.R),
        "dimension": problem.dimension,
        "first": problem.first,
        "failure": None if problem.failure is None else float(problem.failure),
    }


def ranking_json(ranking: Ranking) -> dict[str, Any]:
    """The answer object of ``clipbounds bound --json``."""
    return {
        "problem": problem_json(ranking.problem),
        "upper": [b.json() for b in ranking.upper],
        "lower": [b.json() for b in ranking.lower],
        "refused": [{"key": r.theorem.key, "reason": r.reason} for r in ranking.refused],
        "gap": ranking.gap,
        "own_lower": ranking.own_lower.json() if ranking.own_lower else None,
        "own_gap": ranking.own_gap,
    }


def bound_latex(bound: Bound) -> str:
    """One answer as a displayed LaTeX equation (plain amsmath)."""
    theorem = bound.theorem
    relation = r"\ge" if theorem.kind is Kind.UPPER else r"\ge\text{ (necessary)}\quad"
    steps = ",\\quad ".join(f"{to_latex(s)}={to_latex(v)}" for s, v in theorem.parameters if s in (eta, gamma))
    lines = [
        rf"% {theorem.key}: {theorem.source}; {theorem.provenance.value}",
        r"\begin{equation*}",
        r"\begin{aligned}",
    ]
    lines.append(rf"T &{relation} {to_latex(theorem.iterations)} \;\to\; {bound.iterations}")
    if steps:
        lines.append(rf"\\ & {steps}")
    return "\n".join([*lines, r"\end{aligned}", r"\end{equation*}"])


def pytorch(bound: Bound) -> str | None:
    """The parameters in PyTorch's words, or None where its two built-in pieces do not give the method."""
    parameters, methods = bound.parameters, {m.key for m in bound.methods}
    if methods == {"gd"}:
        return f"torch.optim.SGD(lr={parameters['step_size']:.6g})"
    if "clipped-gd" in methods and "clip_threshold" in parameters:
        return (
            f"torch.optim.SGD(lr={parameters['step_size']:.6g}) after "
            f"clip_grad_norm_(max_norm={parameters['clip_threshold']:.6g})"
        )
    return None


def theorem_table(theorems: Iterable[Theorem]) -> list[dict[str, str]]:
    """Rows of the README's table: one theorem each."""
    rows = []
    for theorem in theorems:
        order = " + ".join(plain(t) for t in order_terms(theorem)) or "-"
        rows.append(
            {
                "theorem": f"`{theorem.key}`",
                "kind": theorem.kind.value + (", convex" if theorem.convex else ""),
                "method": theorem.scope if theorem.covers_every_method else method_label(theorem),
                "oracle": theorem.noise.value,
                "order": f"`{order}`",
                "provenance": theorem.provenance.value,
            }
        )
    return rows


def comparison_rows(theorems: Iterable[Theorem]) -> list[dict[str, str]]:
    """The comparison table of the field: method x setting -> complexity and what the leading term depends on."""
    rows = []
    for theorem in theorems:
        terms = order_terms(theorem)
        if not terms:
            continue
        lead = sum(leading_terms(theorem))
        rows.append(
            {
                "method": method_label(theorem),
                "setting": ("deterministic" if theorem.noise is Noise.EXACT else f"stochastic ({theorem.noise.value})")
                + (", convex" if theorem.convex else ""),
                "bound": theorem.kind.value,
                "order": ("O" if theorem.kind is Kind.UPPER else "Omega") + f"({' + '.join(map(plain, terms))})",
                "leading term": plain(lead),
                "L1 in leading term": "yes" if L1 in lead.free_symbols else "no",
                "M in leading term": "yes" if M in lead.free_symbols else "no",
                "theorem": theorem.key,
                "provenance": theorem.provenance.value,
            }
        )
    return rows


def markdown_table(rows: Sequence[dict[str, str]]) -> str:
    """Rows with equal keys as a Markdown table."""
    if not rows:
        return ""
    columns = list(rows[0])
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(row[c].replace("|", "\\|") for c in columns) + " |" for row in rows]
    return "\n".join(lines) + "\n"
