"""Commands about theorems: bound, theorems."""

from __future__ import annotations

from typing import Annotated

import typer

from bounds.errors import InputError
from clipbounds.commands.shared import GoalName, Json, NoiseName, Start, StartName, Threshold
from clipbounds.options import METHOD_PARAMETERS, PROBLEM, chosen_parameters, with_quantities

__all__ = ["bound", "theorems"]


@with_quantities(required=PROBLEM, optional=("sigma", "R", *METHOD_PARAMETERS))
def bound(
    constants: dict[str, str],
    *,
    clip_threshold: Threshold = None,
    theorem: Annotated[str | None, typer.Option("--theorem", help="only this theorem (see 'theorems')")] = None,
    noise: Annotated[NoiseName | None, typer.Option("--noise", help="default: bounded when sigma > 0")] = None,
    smoothness: Annotated[
        str,
        typer.Option("--smoothness", help="pointwise, hessian, exponential, symmetric, first-order, lipschitz, ..."),
    ] = "pointwise",
    criterion: Annotated[
        GoalName, typer.Option("--criterion", help="what must be small; with 'value', --eps is a gap F(x) - inf F")
    ] = GoalName.mean,
    convex: Annotated[bool, typer.Option("--convex", help="the class of convex functions")] = False,
    first: Annotated[int | None, typer.Option("--first", help="count t = 0..T-1 (0) or t = 1..T (1)")] = None,
    failure: Annotated[
        str | None,
        typer.Option("--failure", help="probability of failure, instead of expectations", metavar="NUMBER"),
    ] = None,
    dimension: Annotated[int | None, typer.Option("--dimension", help="dimension of the space")] = None,
    momentum_start: Start = StartName.gradient,
    json: Json = False,
    latex: Annotated[bool, typer.Option("--latex", help="print the upper bounds as LaTeX")] = False,
) -> None:
    """Iteration counts of every applicable theorem for given constants."""
    from bounds import THEOREMS, MomentumStart, Noise, Problem, evaluate, rank, theorem_named
    from bounds import Criterion as Goal
    from bounds.report import bound_latex, ranking_json
    from bounds.smoothness import smoothness_named
    from clipbounds import show

    if json and latex:
        raise InputError("--json and --latex exclude each other: choose one output format.")
    problem = Problem.of(
        **{k: v for k, v in constants.items() if k in (*PROBLEM, "sigma", "R")},
        noise=Noise(noise.value) if noise else None,
        smoothness=smoothness_named(smoothness),
        criterion=Goal(criterion.value),
        convex=convex,
        dimension=dimension,
        first=first,
        failure=failure,
    )
    parameters = chosen_parameters(constants, clip_threshold)
    start = MomentumStart(momentum_start.value)
    theorems = THEOREMS
    if theorem is not None:
        record = theorem_named(theorem)
        evaluate(record, problem, parameters, start)  # refuses with the reason when it does not apply
        theorems = (record,)
    ranking = rank(theorems, problem, parameters, start)
    if json:
        show.json(ranking_json(ranking))
    elif latex:
        show.text("\n\n".join(bound_latex(b) for b in (*ranking.upper, *ranking.lower)))
    else:
        show.ranking(ranking)


def theorems(
    key: Annotated[str | None, typer.Argument(help="one theorem in full")] = None,
    *,
    json: Json = False,
    table: Annotated[bool, typer.Option("--table", help="the comparison table, as Markdown")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="one line per theorem, as Markdown")] = False,
) -> None:
    """List the theorems, or show one in full."""
    from bounds import THEOREMS, theorem_named
    from bounds.report import comparison_rows, markdown_table, theorem_json, theorem_table
    from clipbounds import show

    chosen = THEOREMS if key is None else (theorem_named(key),)
    if json:
        show.json({"theorems": [theorem_json(t) for t in chosen]} if key is None else theorem_json(chosen[0]))
    elif table:
        show.text(markdown_table(comparison_rows(chosen)))
    elif summary:
        show.text(markdown_table(theorem_table(chosen)))
    elif key is None:
        show.theorems(chosen)
    else:
        show.theorem(chosen[0])
