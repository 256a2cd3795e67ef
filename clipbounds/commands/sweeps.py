"""The command sweep: a grid of runs from a file, on all cores or a cluster, that survives being stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipbounds.commands.shared import Json

__all__ = ["sweep"]


def sweep(
    config: Annotated[
        Path, typer.Argument(help="TOML file: landscapes, methods, epsilons, seeds (see docs/sweeps.md)")
    ],
    *,
    out: Annotated[Path | None, typer.Option("--out", help="folder of this sweep's results")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="continue what the folder holds, if it holds any")] = False,
    local: Annotated[
        int | None,
        typer.Option(
            "--local", help="number of processes on this machine (default: one for each core, fewer for a short sweep)"
        ),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="address of a dask scheduler, such as tcp://host:8786")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="only count the runs and estimate time and memory")
    ] = False,
    json: Json = False,
) -> None:
    """Run a whole grid and write one labelled NetCDF file; finished cells survive a kill at any moment.

    Exit code 130 when interrupted; --resume then continues.
    """
    from clipbounds.sweeping import rehearse, run_sweep

    if dry_run:
        rehearse(config, local=local, as_json=json)
    elif not run_sweep(config, out, resume=resume, local=local, scheduler=scheduler, as_json=json):
        raise typer.Exit(130)
