"""What the commands verify, proof and prove do."""

from __future__ import annotations

import importlib.resources
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.tree import Tree

from bounds.catalogue import theorem_named
from bounds.errors import InputError, unknown_name
from bounds.proofs.certificate import check
from bounds.proofs.collected import PROOFS, THEORIES, Theory, proof_named
from bounds.proofs.fractions_check import accepts
from bounds.proofs.readable import index_row, readable
from bounds.proofs.render import render, statement
from bounds.proofs.step import Clause
from bounds.proofs.store import load, save
from bounds.proofs.verify import Outcome, Report, Row, verify
from bounds.report import markdown_table
from clipbounds import show

__all__ = ["print_proof", "proof_index", "prove_step", "verify_all", "write_proofs"]

_INDEX = """# Proofs

Every theorem that is marked *proved here* has a proof that a machine checks: `clipbounds verify` checks all of them
with the core install, `clipbounds verify KEY` shows one step by step, and `clipbounds proof KEY` prints the text that
the table links to. These pages are written by `clipbounds proof --out docs/proofs`.

- *certified*: inequalities between numbers, each with an exact certificate that two independent checkers accept.
- *identities*: equations, citations of earlier steps, and the comparison of the end of the proof with the record.
- *written*: lemmas of analysis, proved in words.
- *deep*: finite exact computations that only `clipbounds verify --deep` runs (with the extra `prove`).
- *seconds*: time of all checks of the proof when the table was written; steps that proofs share count in each.
"""
_COLOURS = {"proved": "green", "written": "cyan", "failed": "bold red", "not run": "yellow"}


def verify_all(key: str | None, *, deep: bool, as_json: bool) -> bool:
    """Check one or all proofs, print the verdicts, and say whether every theorem stands."""
    report = _with_bar(key, deep=deep)
    if as_json:
        show.json(report.data)
    else:
        console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
        console.print(_tree(report.theorems[0]) if key is not None else _table(report))
        for outcome in report.theorems:
            for row in outcome.failures:
                console.print(f"[bold red]failed[/bold red] {outcome.key}: {escape(row.name)}: {escape(row.reason)}")
            if not outcome.rows:
                console.print(f"[bold red]{outcome.key}[/bold red]: {outcome.status}")
        if any(row.verdict == "not run" for outcome in report.theorems for row in outcome.rows):
            console.print("Steps that are not run are checked by --deep; until then they are not proved.")
        console.print(f"{'All stand' if report.ok else 'NOT PROVED'}; {report.seconds:.1f} s.")
    return report.ok


def _with_bar(key: str | None, *, deep: bool) -> Report:
    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def progress(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=escape(name))

        return verify(None if key is None else [key], deep=deep, progress=progress)


def _verdict(text: str) -> str:
    return f"[{_COLOURS.get(text, 'yellow')}]{text}[/]"


def _table(report: Report) -> Table:
    table = Table(title="Proofs", title_justify="left", title_style="bold")
    table.add_column("theorem", no_wrap=True)
    for name in ("certified", "identities", "written", "deep", "seconds"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for o in report.theorems:
        counts = [str(o.count(kind)) for kind in ("certificate", "identity", "written", "computation")]
        table.add_row(o.key, *counts, f"{o.seconds:.2f}", _verdict(o.status))
    return table


def _tree(outcome: Outcome) -> Tree:
    tree = Tree(f"[bold]{outcome.key}[/bold]: {_verdict(outcome.status)}, {outcome.seconds:.2f} s")
    parent = tree
    for row in outcome.rows:
        if " <- " in row.name:
            parent.add(_line(row))
        else:
            parent = tree.add(_line(row))
    return tree


def _line(row: Row) -> str:
    reason = f": {escape(row.reason)}" if row.reason else ""
    return f"{escape(row.name)}  [dim]{row.kind}[/dim]  {_verdict(row.verdict)}  {row.seconds:.3f} s{reason}"


def print_proof(key: str, *, form: str) -> None:
    """The readable proof of a theorem on standard output."""
    show.text(readable(proof_named(theorem_named(key).key), theorem_named(key), form=form).rstrip("\n"))


def write_proofs(folder: Path, *, form: str) -> None:
    """One file per proof and README.md with the table of all, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    report = verify([item.key for item in PROOFS])
    seconds = {outcome.key: outcome.seconds for outcome in report.theorems}
    for item in PROOFS:
        suffix = "tex" if form == "latex" else "md"
        text = readable(item, theorem_named(item.key), form=form)
        (folder / f"{item.key}.{suffix}").write_text(text, encoding="utf-8")
    (folder / "README.md").write_text(proof_index(seconds), encoding="utf-8")
    show.note(f"{len(PROOFS)} proofs and README.md written to {folder}")


def proof_index(seconds: Mapping[str, float]) -> str:
    """The page with the table of all proofs; the last column is the time of the checks."""
    rows = [
        index_row(item, theorem_named(item.key)) | {"seconds": f"{seconds.get(item.key, 0.0):.1f}"} for item in PROOFS
    ]
    return f"{_INDEX}\n{markdown_table(rows)}"


def _located(name: str) -> tuple[Theory, Clause]:
    theory_name, _, clause_id = name.rpartition(":")
    found = [
        (theory, clause)
        for theory in THEORIES
        if theory_name in ("", theory.name)
        for clause in theory.clauses
        if clause.id == clause_id
    ]
    if not found and any(name == clause_id for theory in THEORIES for name in (*theory.written, *theory.computations)):
        raise InputError(f"{clause_id!r} is a step without a certificate: see 'clipbounds proof'.")
    if not found:
        raise unknown_name("step", name, (clause.id for theory in THEORIES for clause in theory.clauses))
    if len(found) > 1:
        options = " or ".join(f"{theory.name}:{clause_id}" for theory, _ in found)
        raise InputError(f"step {name!r} is not unique; say {options}.")
    return found[0]


def prove_step(name: str, *, find: bool, effort: int, folder: Path | None) -> bool:
    """Print a step and its certificate, searched anew with ``find``; whether both checkers accept it."""
    theory, clause = _located(name)
    entries = load(theory.name, folder)
    if find:
        from bounds.proofs.search import settle

        found = settle(clause, effort=effort)
        if found.certificate is None:
            show.note("no certificate was found; the stored data stay as they are.")
            return False
        entries[clause.id] = found
        show.note(f"written to {save(theory.name, entries, folder or _package_data())}")
    entry = entries.get(clause.id)
    show.text(f"{clause.id} ({clause.place})\n{statement(clause)}")
    if entry is None or entry.certificate is None:
        show.text("there is no certificate")
        return False
    result = check(clause, entry.certificate)
    stands = result.ok and accepts(clause, entry.certificate)
    show.text(render(clause, entry.certificate) if stands else f"not proved: {result.reason}")
    for sentence in entry.problems(clause) if stands else ():
        show.note(sentence)
    return stands


def _package_data() -> Path:
    folder = importlib.resources.files("bounds.proofs").joinpath("data")
    if not isinstance(folder, Path):
        raise InputError("the package is not in a folder that can be written; name one with --out.")
    return folder
