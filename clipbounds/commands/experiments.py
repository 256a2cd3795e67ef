"""Commands that run methods on landscapes: landscapes, methods, run, compare, demo, verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipbounds.commands.shared import (
    SUBJECT,
    Criterion,
    CriterionName,
    Infimum,
    Json,
    OracleName,
    Start,
    StartName,
    Threshold,
)
from clipbounds.options import numbers, with_quantities

__all__ = ["compare", "demo", "landscapes", "methods", "run", "verdicts"]


def landscapes(*, json: Json = False) -> None:
    """List the landscapes with their constants, certified on the spot."""
    from clipbounds import show
    from synthetic import LANDSCAPES
    from synthetic.certified import certified

    show.landscapes([certified(item) for item in LANDSCAPES], as_json=json)


def methods(*, json: Json = False) -> None:
    """List the methods with their step rules."""
    from bounds import METHODS
    from clipbounds import show

    show.methods(METHODS, as_json=json)


@with_quantities(optional=("L0", "L1", "sigma", "beta", "nu", "M", "eta", "gamma"))
def run(
    landscape: Annotated[str, typer.Argument(help=SUBJECT)],
    constants: dict[str, str],
    *,
    method: Annotated[str, typer.Option("--method", help="name of a method (see 'methods')")],
    eps: Annotated[str, typer.Option("--eps", help="target gradient norms, comma-separated [F X^-1]")],
    clip_threshold: Threshold = None,
    infimum: Infimum = None,
    start: Annotated[str | None, typer.Option("--start", help="starting point, comma-separated")] = None,
    max_iterations: Annotated[int, typer.Option("--max-iterations", help="most iterations of a run")] = 1_000_000,
    criterion: Criterion = CriterionName.mean,
    momentum_start: Start = StartName.gradient,
    oracle: Annotated[OracleName | None, typer.Option("--oracle", help="default: two-point when sigma > 0")] = None,
    seed: Annotated[int, typer.Option("--seed", help="seed of the noise")] = 0,
    lyapunov: Annotated[
        Path | None, typer.Option("--lyapunov", help="folder for the decrease of the Lyapunov function at every step")
    ] = None,
    json: Json = False,
) -> None:
    """Run one method on one landscape; constants and step sizes not given come from the best theorem.

    Exit code 1: some step broke the Lyapunov certificate.
    """
    from clipbounds.runs import run_once

    broken = run_once(
        landscape=landscape,
        method=method,
        epsilons=numbers("epsilon", eps),
        constants=constants,
        infimum=infimum,
        clip_threshold=clip_threshold,
        start=start,
        max_iterations=max_iterations,
        criterion=criterion.value,
        momentum_start=momentum_start.value,
        oracle=oracle.value if oracle else None,
        seed=seed,
        lyapunov=lyapunov,
        as_json=json,
    )
    if broken:
        raise typer.Exit(1)


@with_quantities(optional=("L0", "L1", "sigma", "beta", "nu", "M"))
def compare(
    landscape: Annotated[list[str], typer.Argument(help=f"one or more: {SUBJECT}")],
    constants: dict[str, str],
    *,
    methods: Annotated[
        str, typer.Option("--methods", help="methods, comma-separated")
    ] = "gd,clipped-gd,momentum-clipping",
    eps: Annotated[str, typer.Option("--eps", help="target gradient norms, comma-separated")] = "0.3,0.1,0.03,0.01",
    infimum: Infimum = None,
    out: Annotated[Path, typer.Option("--out", help="folder for CSV, NetCDF, PNG, SVG, PDF")] = Path("out"),
    criterion: Criterion = CriterionName.mean,
    oracle: Annotated[OracleName | None, typer.Option("--oracle", help="default: two-point when sigma > 0")] = None,
    seeds: Annotated[int, typer.Option("--seeds", help="runs per setting when there is noise")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="seed of the noise")] = 0,
    cap: Annotated[int, typer.Option("--cap", help="most iterations of a run")] = 200_000,
    json: Json = False,
) -> None:
    """Measured iterations beside the bounds for the very step sizes that are run."""
    from clipbounds.runs import compare_many

    broken = compare_many(
        landscapes=landscape,
        methods=[m.strip() for m in methods.split(",") if m.strip()],
        epsilons=numbers("epsilon", eps),
        constants=constants,
        infimum=infimum,
        out=out,
        criterion=criterion.value,
        oracle=oracle.value if oracle else None,
        seeds=seeds,
        seed=seed,
        cap=cap,
        as_json=json,
    )
    if broken:
        raise typer.Exit(1)


def demo(
    *, out: Annotated[Path, typer.Option("--out", help="folder for the figures and tables")] = Path("demo")
) -> None:
    """The two-minute tour: bounds for one set of constants, two landscapes, and why clipping wins."""
    from clipbounds.runs import tour

    if tour(out):
        raise typer.Exit(1)


def verdicts(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="a small grid, under a minute")] = False,
    cap: Annotated[int, typer.Option("--cap", help="most iterations of a run")] = 20_000,
    json: Json = False,
) -> None:
    """Every method on every landscape, exact and noisy, against its theorem: rows, violations, worst ratio."""
    from clipbounds.runs import judge_all

    if judge_all(quick=quick, cap=cap, as_json=json):
        raise typer.Exit(1)
