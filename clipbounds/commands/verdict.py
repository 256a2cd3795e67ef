"""Commands about theory and practice together: refute-theorem, sandwich, ladder, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bounds.errors import InputError
from clipbounds.commands.shared import Json

__all__ = ["ladder", "refute_theorem", "report", "sandwich"]

_Seed = Annotated[int, typer.Option("--seed", help="seed of every random choice", min=0)]


def refute_theorem(
    key: Annotated[str | None, typer.Argument(help="key of an upper bound (see 'theorems')")] = None,
    *,
    table: Annotated[
        bool, typer.Option("--table", help="every theorem proved here without each hypothesis, as Markdown (minutes)")
    ] = False,
    seconds: Annotated[float, typer.Option("--seconds", help="time of one search")] = 10.0,
    drop: Annotated[
        str | None, typer.Option("--drop", help="hypothesis to break, such as smoothness or step-size")
    ] = None,
    seed: _Seed = 0,
    out: Annotated[Path | None, typer.Option("--out", help="folder for the closest instance (JSON)")] = None,
    json: Json = False,
) -> None:
    """Search for a violation of a theorem's conclusion; with --drop, after one hypothesis is taken away.

    Exit code 1: a violation with all hypotheses in force.
    """
    from clipbounds.verdict import print_refutations, refute

    if (key is None) != table:
        raise InputError("give either a theorem to refute, or --table for all of them.")
    if key is None:
        print_refutations(seconds=seconds, seed=seed)
    elif refute(key, seconds=seconds, drop=drop, seed=seed, out=out, as_json=json):
        raise typer.Exit(1)


def sandwich(
    key: Annotated[str | None, typer.Argument(help="one theorem (default: all with a matching lower bound)")] = None,
    *,
    out: Annotated[Path | None, typer.Option("--out", help="folder for figures and tables")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="few problems, no search")] = False,
    seed: _Seed = 0,
    json: Json = False,
) -> None:
    """Lower bound, hard instance, worst case found and upper bound side by side, over lambda and eps.

    Exit code 1: they are out of order.
    """
    from clipbounds.verdict import sandwich_all

    if sandwich_all(key, out=out, quick=quick, seed=seed, as_json=json):
        raise typer.Exit(1)


def ladder(
    key: Annotated[str | None, typer.Argument(help="one theorem (default: all that are proved here)")] = None,
    *,
    seconds: Annotated[
        float,
        typer.Option("--seconds", help="time of the search for each theorem (ten times that for a dropped hypothesis)"),
    ] = 2.0,
    seed: _Seed = 0,
    full: Annotated[
        bool, typer.Option("--full", help="all landscapes, two accuracies, and the long computations of the proofs")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="the whole catalogue")] = False,
    json: Json = False,
) -> None:
    """How theory and practice stand for every theorem: dimensions, proof, runs, search, exponents, dropped hypotheses.

    Exit code 1: a rung fails.
    """
    from clipbounds.verdict import ladder as climb

    if climb(key, seconds=seconds, seed=seed, full=full, every=every, as_json=json):
        raise typer.Exit(1)


def report(
    *,
    out: Annotated[Path, typer.Option("--out", help="the page; a Markdown file is written beside it")] = Path(
        "report.html"
    ),
    quick: Annotated[bool, typer.Option("--quick", help="few theorems and short searches")] = False,
    seed: _Seed = 0,
    date: Annotated[str | None, typer.Option("--date", help="date on the report (default: today)")] = None,
) -> None:
    """One self-contained page with the ladder, the tables and the figures, dated with versions and seeds."""
    from clipbounds.verdict import write_report

    write_report(out, quick=quick, seed=seed, day=date)
