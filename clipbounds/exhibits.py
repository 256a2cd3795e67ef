"""The figures command: build figures of the gallery, write them with their data, and say what was written."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bounds.errors import InputError
from clipbounds import show
from figures.exhibit import Exhibit
from figures.gallery import GALLERY, exhibit_named, gallery_markdown
from figures.save import prepare_folder, write_all

__all__ = ["list_exhibits", "write_exhibits"]


def list_exhibits(keys: Sequence[str], *, markdown: bool, as_json: bool) -> None:
    """Say what can be drawn, without drawing anything."""
    chosen = _chosen(keys)
    if as_json:
        show.json({"figures": [_record(e) for e in chosen]})
    elif markdown:
        show.text(gallery_markdown(chosen))
    else:
        show.table([{"figure": e.key, "title": e.title} for e in chosen], "Gallery")


def write_exhibits(keys: Sequence[str], *, out: Path | None, quick: bool, as_json: bool) -> None:
    """Draw the named figures (all of them without names) and write SVG, PDF, PNG, CSV and NetCDF of each.

    Every figure is written as soon as it is drawn: an interruption keeps those that are complete.

    Raises
    ------
    InputError : an unknown key, or no folder that can be written.
    """
    chosen = _chosen(keys)
    if out is None:
        raise InputError("no output folder is given: add --out DIR, or --list to see the figures.")
    folder = prepare_folder(out)
    made: list[dict[str, Any]] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=len(chosen))
        for exhibit in chosen:
            bar.update(task, description=exhibit.key)
            began = time.perf_counter()
            files = write_all(folder, exhibit.files(quick=quick))
            seconds = round(time.perf_counter() - began, 1)
            made.append(_record(exhibit) | {"seconds": seconds, "files": [str(f) for f in files]})
            bar.advance(task)
    if as_json:
        show.json({"quick": quick, "figures": made})
        return
    for record in made:
        show.text(f"{record['key']}: {', '.join(Path(f).name for f in record['files'])} ({record['seconds']} s)")
    total = sum(record["seconds"] for record in made)
    noun = "figure" if len(made) == 1 else "figures"
    show.text(f"{len(made)} {noun} in {folder}{' (quick)' if quick else ''}, {total:.0f} s")


def _chosen(keys: Sequence[str]) -> tuple[Exhibit, ...]:
    return tuple(exhibit_named(key) for key in dict.fromkeys(keys)) or GALLERY


def _record(exhibit: Exhibit) -> dict[str, Any]:
    return {"key": exhibit.key, "title": exhibit.title, "caption": exhibit.caption, "command": exhibit.command}
