"""Commands about proofs: verify, proof, prove."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bounds.errors import InputError
from clipbounds.commands.shared import Json

__all__ = ["proof", "prove", "verify"]


def verify(
    key: Annotated[str | None, typer.Argument(help="one theorem, step by step (default: all that are proved)")] = None,
    *,
    deep: Annotated[
        bool, typer.Option("--deep", help="also run the exact branch and bound and the mutations (minutes)")
    ] = False,
    ladder: Annotated[
        bool,
        typer.Option("--ladder", help="the whole ladder: units, proof, runs, search, exponents, dropped hypotheses"),
    ] = False,
    json: Json = False,
) -> None:
    """Check the machine-checked proofs: every certificate twice, every citation, and the record at the end.

    Exit code 1 when a step fails or a theorem that is said to be proved has no proof.
    """
    if ladder:
        from clipbounds.verdict import ladder as climb

        if climb(key, seconds=2.0, seed=0, full=deep, every=False, as_json=json):
            raise typer.Exit(1)
        return
    from clipbounds.proving import verify_all

    if not verify_all(key, deep=deep, as_json=json):
        raise typer.Exit(1)


def proof(
    key: Annotated[
        str | None, typer.Argument(help="key of a theorem that is proved here (see 'theorems'); default: all")
    ] = None,
    *,
    latex: Annotated[bool, typer.Option("--latex", help="a LaTeX document (plain amsmath)")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown (default)")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="folder for the proofs of all theorems and their table")
    ] = None,
) -> None:
    """Print the readable proof of a theorem, generated from the steps that 'verify' checks."""
    from clipbounds.proving import print_proof, write_proofs

    if latex and markdown:
        raise InputError("--latex and --markdown exclude each other: choose one output format.")
    if (key is None) == (out is None):
        raise InputError("give either a theorem to print, or --out FOLDER to write the proofs of all theorems.")
    form = "latex" if latex else "markdown"
    if key is not None:
        print_proof(key, form=form)
    elif out is not None:
        write_proofs(out, form=form)


def prove(
    step: Annotated[str, typer.Argument(help="name of a step, e.g. S5, or THEORY:STEP when the name is not unique")],
    *,
    find: Annotated[bool, typer.Option("--find", help="search a certificate and write it")] = False,
    effort: Annotated[int, typer.Option("--effort", help="1 small dictionaries, 2 large ones", min=1, max=2)] = 1,
    out: Annotated[Path | None, typer.Option("--out", help="folder of the data (default: that of the package)")] = None,
) -> None:
    """Show one step with its certificate; with --find, search certificate, witness and mutations anew.

    Exit code 1 when the step is not proved.
    """
    from clipbounds.proving import prove_step

    if not prove_step(step, find=find, effort=effort, folder=out):
        raise typer.Exit(1)
