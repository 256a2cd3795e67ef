"""Commands about smoothness constants and the class they define: certify, minimal, worst-case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clipbounds.commands.shared import SUBJECT, Json
from clipbounds.options import chosen_parameters, with_quantities

__all__ = ["certify", "minimal", "worst_case"]

_Region = Annotated[
    str | None,
    typer.Option(
        "--region",
        help="interval, inf for an infinite end; one for each coordinate, between semicolons; default: everywhere",
        metavar="LO,HI",
    ),
]


@with_quantities(optional=("L0", "L1"))
def certify(
    subject: Annotated[str | None, typer.Argument(help=SUBJECT)] = None,
    *,
    constants: dict[str, str],
    region: _Region = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="print a Markdown table")] = False,
    json: Json = False,
) -> None:
    """Prove or refute ||Hess F|| <= L0 + L1 ||grad F||; without constants, the stated pairs of one or all landscapes.

    Exit code 0: proved; 1: refuted, with a witness; 3: undecided.
    """
    from clipbounds.claims import certify_all, certify_one

    if subject is None or not constants:
        code = certify_all(subject, constants, region, markdown=markdown, as_json=json)
    else:
        code = certify_one(subject, constants, region, as_json=json)
    raise typer.Exit(code)


@with_quantities(required=("L1",))
def minimal(
    subject: Annotated[str, typer.Argument(help=SUBJECT)],
    constants: dict[str, str],
    *,
    region: _Region = None,
    json: Json = False,
) -> None:
    """The smallest L0 that is valid together with a given L1, exactly where a closed form is found."""
    from clipbounds.claims import smallest_l0

    smallest_l0(subject, constants["L1"], region, as_json=json)


@with_quantities(optional=("L0", "L1", "epsilon", "beta", "nu", "kappa", "eta", "gamma"))
def worst_case(
    theorem: Annotated[str, typer.Argument(help="key of an upper bound with exact gradients (see 'theorems')")],
    constants: dict[str, str],
    *,
    steps: Annotated[int, typer.Option("--steps", help="T, the number of inspected points")] = 100,
    method: Annotated[str | None, typer.Option("--method", help="one of the theorem's methods")] = None,
    rounds: Annotated[int, typer.Option("--rounds", help="generations of the search")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="seed of the search")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="folder for the landscape (JSON) and its picture")] = None,
    json: Json = False,
) -> None:
    """The worst landscape of the one-dimensional class that a search finds, against what the theorem promises.

    L0 and L1 default to 1. Exit code 1 when the promise is broken.
    """
    from clipbounds.claims import play

    broken = play(
        theorem,
        L0=constants.pop("L0", "1"),
        L1=constants.pop("L1", "1"),
        epsilon=constants.pop("epsilon", None),
        parameters=chosen_parameters(constants),
        steps=steps,
        method=method,
        rounds=rounds,
        seed=seed,
        out=out,
        as_json=json,
    )
    if broken:
        raise typer.Exit(1)
