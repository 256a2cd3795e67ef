"""Printing: the only place, besides progress bars, where the toolkit writes to the terminal."""

from __future__ import annotations

import json as _json
import math
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp
from rich.console import Console
from rich.table import Table

from bounds.calculator import Bound, Ranking
from bounds.methods import Method
from bounds.report import method_label, plain, pytorch, theorem_json
from bounds.theorem import Provenance, Theorem

if TYPE_CHECKING:
    # "bound" must not wait for matplotlib and the landscapes.
    from figures.rows import Row
    from synthetic.landscape import Landscape

__all__ = [
    "json",
    "landscapes",
    "methods",
    "note",
    "number",
    "ranking",
    "row_json",
    "rows",
    "table",
    "text",
    "theorem",
    "theorems",
]


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # rich would exit with 1, the code for a claim that was found false.
        raise BrokenPipeError


def _console() -> Console:
    # Piped output keeps whole lines instead of being folded to 80 columns.
    return _Console(width=None if sys.stdout.isatty() else 150, highlight=False)


def text(message: str) -> None:
    """Plain text to standard output."""
    sys.stdout.write(message + "\n")


def note(message: str) -> None:
    """A remark to standard error."""
    sys.stderr.write(message + "\n")


def json(value: Any) -> None:
    """One JSON object to standard output."""
    text(_json.dumps(value, indent=2, allow_nan=False))


def number(x: float) -> str:
    """A count or a constant, readable."""
    if math.isnan(x):
        return "-"
    if math.isinf(x):
        return "inf"
    return f"{int(x):,}" if x == int(x) and abs(x) < 1e15 else f"{x:.4g}"


def _provenance(theorem: Theorem) -> str:
    warned = theorem.provenance in (Provenance.RECALLED, Provenance.RESTATED)
    return f"[yellow]{theorem.provenance.value}[/yellow]" if warned else theorem.provenance.value


def _warning(theorem: Theorem) -> str:
    """What to say of a number that rests on a statement we have not got verbatim."""
    warned = theorem.provenance in (Provenance.RECALLED, Provenance.RESTATED)
    return f" [yellow](the lower bound is {theorem.provenance.value})[/yellow]" if warned else ""


def _family(b: Bound) -> str:
    """The methods of a bound in few words."""
    keys = [m.key for m in b.methods]
    shown = keys[0] if len(keys) == 1 else f"{keys[-1].removesuffix('-clipping')} family"
    free = [f"{k}={v:g}" for k, v in b.parameters.items() if k in ("beta", "nu")]
    return shown + (f" ({', '.join(free)})" if free else "")


def _count(n: int) -> str:
    return f"{n:,}" if n < 10**18 else f"{sp.N(n, 5)}"


def _uppers(bounds: Sequence[Bound], first: int | None) -> Table:
    table = Table(title="Upper bounds: this many iterations suffice", title_justify="left", title_style="bold")
    table.add_column("iterations", justify="right", no_wrap=True)
    table.add_column("theorem", no_wrap=True)
    table.add_column("method")
    for name in ("step size", "max step", "clip threshold"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("small", no_wrap=True)
    table.add_column("provenance", no_wrap=True)
    for b in bounds:
        p = b.parameters
        steps = [number(p[k]) if k in p else "-" for k in ("step_size", "max_step", "clip_threshold")]
        counted = b.theorem.first if first is None else first
        goal = f"{b.theorem.criterion.value}, {'t=1..T' if counted else 't<T'}"
        table.add_row(_count(b.iterations), b.theorem.key, _family(b), *steps, goal, _provenance(b.theorem))
    return table


def _lowers(bounds: Sequence[Bound]) -> Table:
    table = Table(title="Lower bounds: some function needs this many", title_justify="left", title_style="bold")
    table.add_column("iterations", justify="right", no_wrap=True)
    table.add_column("theorem", no_wrap=True)
    table.add_column("holds for")
    table.add_column("provenance", no_wrap=True)
    for b in bounds:
        table.add_row(_count(b.iterations), b.theorem.key, b.theorem.scope, _provenance(b.theorem))
    return table


def ranking(answer: Ranking, given: Mapping[str, str] | None = None) -> None:
    """The answer of ``clipbounds bound``; ``given`` are further constants and parameters, as they were given."""
    console = _console()
    p = answer.problem
    console.print(
        f"L0 = {float(p.L0):g}, L1 = {float(p.L1):g}, delta = {float(p.Delta):g}, eps = {float(p.epsilon):g}, "
        f"sigma = {float(p.sigma):g}; {p.smoothness.name}{', convex' if p.convex else ''}; {p.noise.phrase}; "
        f"goal: {p.criterion.phrase}" + "".join(f"; {name} = {value}" for name, value in (given or {}).items())
    )
    if answer.upper:
        console.print(_uppers(answer.upper, p.first))
        _advice(console, answer)
    else:
        console.print("No upper bound applies.")
    if answer.lower:
        console.print(_lowers(answer.lower))
    if answer.gap is not None and answer.best_lower is not None:
        console.print(
            f"Gap: best upper / best lower bound for first-order methods = {answer.upper[0].iterations:,} / "
            f"{answer.best_lower.iterations:,} = [bold]{answer.gap:.3g}[/bold]{_warning(answer.best_lower.theorem)}"
        )
    if answer.own_gap is not None and answer.own_lower is not None:
        console.print(
            f"     for this method with these parameters: {answer.upper[0].iterations:,} / "
            f"{answer.own_lower.iterations:,} = {answer.own_gap:.3g} ({answer.own_lower.theorem.key})"
        )
    if answer.refused:
        table = Table(title="Not applicable", title_justify="left", title_style="bold")
        table.add_column("theorem")
        table.add_column("why")
        for refusal in answer.refused:
            table.add_row(refusal.theorem.key, plain(refusal.reason))
        console.print(table)


def _advice(console: Console, answer: Ranking) -> None:
    best = answer.upper[0]
    console.print(f"Best: [bold]{best.theorem.key}[/bold], {best.theorem.source}. {best.theorem.provenance.phrase}")
    console.print(f"      {best.theorem.note}")
    for assumption in best.theorem.assumes:
        console.print(f"      Assumes: {assumption}.")
    if best.application.note:
        console.print(f"      {best.application.note}.")
    for b in answer.upper:
        if (words := pytorch(b)) is not None:
            console.print(f"In PyTorch's words ({b.theorem.key}): {words}")
            break


def theorems(records: Sequence[Theorem]) -> None:
    """A table of records."""
    table = Table(title=f"{len(records)} theorems", title_justify="left")
    for column in ("key", "kind", "title", "methods", "oracle", "provenance"):
        table.add_column(column)
    for t in records:
        label = t.scope if t.covers_every_method else method_label(t)
        table.add_row(t.key, t.kind.value, t.title, label, t.noise.value, _provenance(t))
    _console().print(table)


def theorem(record: Theorem) -> None:
    """One record in full."""
    data = theorem_json(record)
    lines = [
        f"{record.title}  [{record.key}]",
        f"  {record.kind.value} bound: {record.statement}",
        f"  T >= {plain(record.iterations)}" + ("   (order only)" if record.order_only else ""),
        f"  method: {method_label(record)}",
        f"  class: {record.smoothness.name}; {record.noise.phrase}",
    ]
    lines += [f"  recommended: {k} = {v}" for k, v in data["parameters"].items()]
    lines += [f"  requires: {r['condition']}   ({r['why']} otherwise)" for r in data["requires"]]
    lines += [f"  assumes: {a}" for a in record.assumes]
    lines += [
        f"  source: {record.source}",
        f"  provenance: {record.provenance.value}. {record.provenance.phrase}",
        *([f"  proof: {record.proof}"] if record.proof else []),
        f"  note: {record.note}",
    ]
    text("\n".join(lines))


def landscapes(all_of_them: Sequence[Landscape], *, as_json: bool) -> None:
    """A table of landscapes."""
    if as_json:
        json({"landscapes": [_landscape_json(item) for item in all_of_them]})
        return
    table = Table(title=f"{len(all_of_them)} landscapes", title_justify="left")
    for column in ("key", "d", "L0", "L1", "status", "gap at start", "summary"):
        table.add_column(column)
    for item in all_of_them:
        pair = item.smoothness[0] if item.smoothness else None
        table.add_row(
            item.key,
            str(item.dimension),
            number(float(pair.L0)) if pair else "-",
            number(float(pair.L1)) if pair else "-",
            pair.status.value if pair else "none exists",
            number(item.initial_gap),
            item.summary,
        )
    _console().print(table)


def _landscape_json(item: Landscape) -> dict[str, Any]:
    return {
        "key": item.key,
        "name": item.name,
        "dimension": item.dimension,
        "smoothness": [
            {"L0": str(s.L0), "L1": str(s.L1), "region": s.region, "status": s.status.value, "source": s.source}
            for s in item.smoothness
        ],
        "start": list(item.start),
        "optimum": list(item.optimum) if item.optimum is not None else None,
        "initial_gap": item.initial_gap,
        "infimum": str(item.infimum),
        "summary": item.summary,
        "source": item.source,
    }


def methods(all_of_them: Sequence[Method], *, as_json: bool) -> None:
    """A table of methods."""
    data: list[dict[str, Any]] = [
        {"key": m.key, "name": m.name, "factor": plain(m.rule.factor), "parameters": list(m.parameters)}
        for m in all_of_them
    ]
    if as_json:
        json({"methods": data})
        return
    table = Table(title="x' = x - nu s(|m'|) m' - (1 - nu) s(|g|) g,  u = |.|", title_justify="left")
    for column in ("key", "name", "factor", "parameters"):
        table.add_column(column)
    for d in data:
        table.add_row(d["key"], d["name"], d["factor"], ", ".join(d["parameters"]))
    _console().print(table)


def row_json(row: Row) -> dict[str, Any]:
    """One row of a comparison as JSON; missing numbers are null."""

    def finite(x: float) -> float | None:
        return x if math.isfinite(x) else None

    return {
        "landscape": row.landscape,
        "method": row.method,
        "theorem": row.theorem or None,
        row.axis: row.value,
        "epsilon": row.epsilon,
        "measured": finite(row.measured),
        "bound": finite(row.bound),
        "lower": finite(row.lower),
        "ratio": finite(row.ratio),
        "verdict": row.verdict,
        "status": row.status,
        "step_size": finite(row.step_size),
        "max_step": finite(row.max_step),
        "reason": row.reason or None,
    }


def table(records: Sequence[dict[str, str]], title: str) -> None:
    """Records with equal keys as a table."""
    shown = Table(title=title, title_justify="left", title_style="bold")
    for column in records[0] if records else ():
        shown.add_column(column, overflow="fold")
    for record in records:
        shown.add_row(*record.values())
    _console().print(shown)


_VERDICT_STYLE = {"within": "green", "violated": "bold red", "censored": "yellow", "refused": "dim"}


def rows(table_rows: Sequence[Row], title: str) -> None:
    """A table of measured rows with verdicts."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in ("landscape", "method", "theorem"):
        table.add_column(column)
    for column in (table_rows[0].axis, "measured", "bound", "class needs", "measured/bound"):
        table.add_column(column, justify="right")
    table.add_column("verdict")
    for r in table_rows:
        style = _VERDICT_STYLE[r.verdict]
        table.add_row(
            r.landscape,
            r.method,
            r.theorem or "-",
            f"{r.value:g}",
            number(r.measured),
            number(r.bound),
            number(r.lower),
            "-" if math.isnan(r.ratio) else f"{r.ratio:.2g}",
            f"[{style}]{r.verdict}[/{style}]",
        )
    _console().print(table)
