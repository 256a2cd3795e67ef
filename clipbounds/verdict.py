"""What the commands refute-theorem, sandwich, ladder and report do."""

from __future__ import annotations

import dataclasses
import json
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError
from bounds.theorem import Provenance
from clipbounds import show
from figures.exhibit import mark_quick
from figures.hypotheses import removable
from figures.instances import Instance
from figures.ladder import Climb, climb_all, ladder_table, verdict_table
from figures.refutation import Refutation, refute_theorem
from figures.refutation_table import find_all, refutations_markdown
from figures.report import build_report
from figures.sandwich import Sandwich, both_sweeps
from figures.sandwich_cases import CASES, case_of
from figures.sandwich_figure import sandwich_figure, sandwich_table, save_sandwiches
from figures.save import prepare_folder, save_figure, write_all

__all__ = ["ladder", "print_refutations", "refute", "sandwich_all", "write_report"]


def refute(key: str, *, seconds: float, drop: str | None, seed: int, out: Path | None, as_json: bool) -> bool:
    """Search for a violation and report the closest instance; True when all hypotheses held and it was violated."""
    theorem = theorem_named(key)
    folder = prepare_folder(out) if out is not None else None
    found = refute_theorem(theorem, seconds, drop, seed)
    file = None
    if folder is not None and found.instance is not None:
        name = f"refutation-{key}" + (f"-without-{drop}" if drop else "") + ".json"
        text = found.instance.to_json() + "\n"
        (file,) = write_all(folder, {name: lambda path: _write(path, text)})
    if as_json:
        show.json(_refutation_json(found, file))
    else:
        _say(found, file, [h.key for h in removable(theorem)])
    return found.violated and drop is None


def print_refutations(*, seconds: float, seed: int) -> None:
    """The table of docs/refutations.md."""
    found = find_all(seconds=seconds, seed=seed, progress=lambda k, n, pair: show.note(f"{k + 1}/{n} {pair}"))
    show.text(refutations_markdown(found).rstrip("\n"))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _say(found: Refutation, file: Path | None, droppable: list[str]) -> None:
    what = "all hypotheses in force" if found.dropped is None else f"without the hypothesis {found.dropped!r}"
    show.text(f"{found.theorem}, {what}: {found.trials} trials in {found.seconds:.1f} s, seed {found.seed}")
    if found.instance is None:
        show.text("  no trial fits: the theorem's counts are too long to be run, or nothing it covers was drawn")
        return
    spread = f" (standard error {found.error:.2g})" if found.error else ""
    show.text(f"  closest criterion/promise   {found.ratio:.4g}{spread}")
    show.text(f"  verdict                     {'VIOLATED' if found.violated else 'no violation found'}")
    for name, value in _facts(found.instance).items():
        show.text(f"  {name:27} {value}")
    if file is not None:
        show.text(f"written: {file}")
    if found.dropped is None:
        show.text(f"  hypotheses that --drop knows: {', '.join(droppable)}")


def _facts(instance: Instance) -> dict[str, str]:
    law = instance.law
    return {
        "landscape": instance.landscape["family"],
        "start": f"{instance.start:.6g}",
        "method": instance.method,
        "parameters": ", ".join(f"{k} = {v:.6g}" for k, v in instance.parameters.items()),
        "momentum buffer at first": f"{instance.buffer}",
        "noise along the gradient": f"{law.high:.3g} with probability {law.share:g}, else {law.low:.3g}",
        "points, runs": f"{instance.steps}, {instance.runs}",
    }


def _refutation_json(found: Refutation, file: Path | None) -> dict[str, Any]:
    record = {f.name: getattr(found, f.name) for f in dataclasses.fields(Refutation) if f.name != "instance"}
    record["ratio"] = found.ratio if found.instance is not None else None
    record["instance"] = None if found.instance is None else json.loads(found.instance.to_json())
    return record | {"files": [str(file)] if file else []}


def sandwich_all(key: str | None, *, out: Path | None, quick: bool, seed: int, as_json: bool) -> bool:
    """Sandwiches of one or all theorems; True when some order was broken."""
    cases = CASES if key is None else (case_of(key),)
    folder = prepare_folder(out) if out is not None else None
    every: list[Sandwich] = []
    files: list[Path] = []
    for case in cases:
        show.note(f"{case.theorem} ...")
        rows, targets = both_sweeps(case, quick=quick, seed=seed)
        every += [*rows, *targets]
        if folder is not None:
            stem = f"sandwich-{case.theorem}"
            figure = sandwich_figure(rows, targets)
            writers = save_figure(mark_quick(figure) if quick else figure, stem)
            files += write_all(folder, writers | {f"{stem}.csv": partial(save_sandwiches, (*rows, *targets))})
        if not as_json:
            show.table(sandwich_table((*rows, *targets)), f"{case.theorem} ({rows[0].method})")
    broken = [row for row in every if not row.ordered]
    if as_json:
        show.json({"rows": [_sandwich_json(r) for r in every], "ok": not broken, "files": [str(f) for f in files]})
    else:
        for row in broken:
            show.text(f"NOT ORDERED: {row}")
        show.text(f"{len(every)} sandwiches, {len(broken)} out of order; {sum(r.runs for r in every):,} runs")
        for file in files:
            show.text(f"written: {file}")
    return bool(broken)


def _sandwich_json(row: Sandwich) -> dict[str, Any]:
    return dataclasses.asdict(row) | {
        "upper_over_lower": row.gap,
        "worst_over_upper": row.found,
        "ordered": row.ordered,
    }


def ladder(key: str | None, *, seconds: float, seed: int, full: bool, every: bool, as_json: bool) -> bool:
    """The ladder of one theorem, of all that are proved here, or of the whole catalogue; True when a rung fails."""
    if key is not None and every:
        raise InputError(f"--all excludes one theorem ({key}): give either.")
    if key is not None:
        chosen = [theorem_named(key)]
    else:
        chosen = [t for t in THEOREMS if every or t.provenance is Provenance.PROVED_HERE]
    console = Console(stderr=True)

    def progress(done: int, total: int, name: str) -> None:
        console.print(f"[dim]{done + 1}/{total} {escape(name)}[/dim]")

    climbs = climb_all(chosen, seconds=seconds, seed=seed, quick=not full, deep=full, progress=progress)
    ok = all(c.ok for c in climbs)
    if as_json:
        total = sum(c.runs for c in climbs)
        theorems = [_climb_json(c) for c in climbs]
        show.json({"theorems": theorems, "rungs": verdict_table(climbs), "runs": total, "seed": seed, "ok": ok})
    else:
        show.table(ladder_table(climbs), "Verification ladder")
        show.table(verdict_table(climbs), "All theorems together")
        show.text(
            f"{len(climbs)} theorems, {sum(c.runs for c in climbs):,} runs: "
            + ("no rung fails" if ok else "RUNGS FAIL: " + ", ".join(c.theorem for c in climbs if not c.ok))
        )
    return not ok


def _climb_json(climb: Climb) -> dict[str, Any]:
    record = {"theorem": climb.theorem, "kind": climb.kind, "provenance": climb.provenance}
    rungs = [dataclasses.asdict(r) for r in climb.rungs]
    dropped = [_refutation_json(f, None) for f in climb.dropped]
    return record | {"rungs": rungs, "dropped": dropped, "runs": climb.runs, "verdict": climb.verdict, "ok": climb.ok}


def write_report(out: Path, *, quick: bool, seed: int, day: str | None) -> None:
    """The page and the same as Markdown beside it."""
    if out.suffix != ".html":
        raise InputError(f"out = {str(out)!r} is not allowed: the report is a file that ends in .html.")
    folder = prepare_folder(out.parent)
    made = build_report(quick=quick, seed=seed, day=day, progress=show.note)
    page, words = made.html(), made.markdown()
    files = write_all(
        folder,
        {out.name: lambda path: _write(path, page), f"{out.stem}.md": lambda path: _write(path, words)},
    )
    for file in files:
        show.text(f"written: {file}")
