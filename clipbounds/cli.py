"""The command line. Each command is thin: read options, ask the rooms, print.

Results go to standard output, everything else to standard error. Exit codes: 0 fine, 1 something claimed was found
false, 2 bad input (one sentence, no traceback).
"""

from __future__ import annotations

import enum
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bounds.errors import InputError
from clipbounds.options import METHOD_PARAMETERS, PROBLEM, chosen_parameters, numbers, with_quantities

__all__ = ["app", "main"]

app = typer.Typer(
    name="clipbounds",
    help="How many steps does clipped (momentum) gradient descent need here, is that provable, and does it happen?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="print one JSON object")]
Threshold = Annotated[
    str | None,
    typer.Option("--clip-threshold", help="threshold on the gradient norm, gamma/eta [F X^-1]", metavar="NUMBER"),
]


class NoiseName(enum.StrEnum):
    """What is known about the gradient noise."""

    exact = "exact"
    bounded = "bounded"
    variance = "variance"
    heavy_tailed = "heavy-tailed"


class CriterionName(enum.StrEnum):
    """Which gradient norm must be small."""

    mean = "mean"
    min = "min"


class StartName(enum.StrEnum):
    """How the momentum buffer begins."""

    gradient = "gradient"
    zero = "zero"


class OracleName(enum.StrEnum):
    """The noise law of a run."""

    exact = "exact"
    two_point = "two-point"
    sphere = "sphere"
    gaussian = "gaussian"


class GoalName(enum.StrEnum):
    """What must be small: a gradient norm, or the gap F(x) - inf F."""

    mean_squared = "mean-squared"
    mean = "mean"
    min = "min"
    value = "value"


Criterion = Annotated[CriterionName, typer.Option("--criterion", help="gradient norm to make small over the iterates")]
Start = Annotated[StartName, typer.Option("--momentum-start", help="initial momentum buffer")]


@app.command()
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


@app.command()
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


@app.command()
def landscapes(*, json: Json = False) -> None:
    """List the landscapes with their stated constants."""
    from clipbounds import show
    from synthetic import LANDSCAPES

    show.landscapes(LANDSCAPES, as_json=json)


@app.command()
def methods(*, json: Json = False) -> None:
    """List the methods with their step rules."""
    from bounds import METHODS
    from clipbounds import show

    show.methods(METHODS, as_json=json)


@app.command()
@with_quantities(optional=("sigma", "beta", "nu", "M", "eta", "gamma"))
def run(
    landscape: Annotated[str, typer.Argument(help="name of a landscape (see 'landscapes')")],
    constants: dict[str, str],
    *,
    method: Annotated[str, typer.Option("--method", help="name of a method (see 'methods')")],
    eps: Annotated[str, typer.Option("--eps", help="target gradient norms, comma-separated [F X^-1]")],
    clip_threshold: Threshold = None,
    start: Annotated[str | None, typer.Option("--start", help="starting point, comma-separated")] = None,
    max_iterations: Annotated[int, typer.Option("--max-iterations", help="most iterations of a run")] = 1_000_000,
    criterion: Criterion = CriterionName.mean,
    momentum_start: Start = StartName.gradient,
    oracle: Annotated[OracleName | None, typer.Option("--oracle", help="default: two-point when sigma > 0")] = None,
    seed: Annotated[int, typer.Option("--seed", help="seed of the noise")] = 0,
    json: Json = False,
) -> None:
    """Run one method on one landscape; step sizes not given come from the best theorem."""
    from clipbounds.runs import run_once

    run_once(
        landscape=landscape,
        method=method,
        epsilons=numbers("epsilon", eps),
        constants=constants,
        clip_threshold=clip_threshold,
        start=start,
        max_iterations=max_iterations,
        criterion=criterion.value,
        momentum_start=momentum_start.value,
        oracle=oracle.value if oracle else None,
        seed=seed,
        as_json=json,
    )


@app.command()
@with_quantities(optional=("sigma", "beta", "nu", "M"))
def compare(
    landscape: Annotated[list[str], typer.Argument(help="names of landscapes")],
    constants: dict[str, str],
    *,
    methods: Annotated[
        str, typer.Option("--methods", help="methods, comma-separated")
    ] = "gd,clipped-gd,momentum-clipping",
    eps: Annotated[str, typer.Option("--eps", help="target gradient norms, comma-separated")] = "0.3,0.1,0.03,0.01",
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


@app.command()
def demo(
    *, out: Annotated[Path, typer.Option("--out", help="folder for the figures and tables")] = Path("demo")
) -> None:
    """The two-minute tour: bounds for one set of constants, two landscapes, and why clipping wins."""
    from clipbounds.runs import tour

    if tour(out):
        raise typer.Exit(1)


@app.command()
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


def main() -> None:
    """Entry point of ``clipbounds``: bad input becomes one sentence on standard error and exit code 2."""
    command: Any = typer.main.get_command(app)
    try:
        code = command.main(standalone_mode=False)
    except InputError as error:
        _refuse(str(error))
    except KeyboardInterrupt:
        _refuse("interrupted.", 130)
    except Exception as error:
        # typer raises its own usage errors; they carry a ready sentence.
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        _refuse(message() or "nothing to do; see --help.", int(getattr(error, "exit_code", 2)))
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _refuse(message: str, code: int = 2) -> None:
    sys.stderr.write(f"clipbounds: {message}\n")
    sys.exit(code)
