"""The command that reproduces the figures: figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipbounds.commands.shared import Json

__all__ = ["figures"]


def figures(
    keys: Annotated[
        list[str] | None, typer.Argument(help="figures (see --list); default: all", metavar="[KEY]...")
    ] = None,
    *,
    out: Annotated[Path | None, typer.Option("--out", help="folder for SVG, PDF, PNG, CSV and NetCDF")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="coarse and marked as such, under a minute in all")] = False,
    only_list: Annotated[bool, typer.Option("--list", help="say what there is, draw nothing")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="with --list: as a Markdown page")] = False,
    json: Json = False,
) -> None:
    """Reproduce the gallery, or some of its figures, each with its data beside it."""
    from clipbounds.exhibits import list_exhibits, write_exhibits

    if only_list or markdown:
        list_exhibits(keys or (), markdown=markdown, as_json=json)
    else:
        write_exhibits(keys or (), out=out, quick=quick, as_json=json)
