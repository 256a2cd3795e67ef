"""Commands that turn the question round: invert, rank, regimes, recommend."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from bounds.errors import InputError
from clipbounds.commands.shared import Json
from clipbounds.options import PROBLEM
from clipbounds.setting import Setting, with_setting

__all__ = ["invert", "rank", "recommend", "regimes"]


class Question(enum.StrEnum):
    """What to solve for."""

    eps = "eps"
    step = "step"
    batch = "batch"


class StepName(enum.StrEnum):
    """Which step parameter the question 'step' is about."""

    eta = "step-size"
    gamma = "max-step"
    clip_threshold = "clip-threshold"


@with_setting(required=("L0", "L1", "Delta"))
def invert(
    setting: Setting,
    *,
    for_: Annotated[Question, typer.Option("--for", help="eps after T steps, the largest step, the smallest batch")],
    steps: Annotated[str | None, typer.Option("--steps", help="T, number of iterations", metavar="NUMBER")] = None,
    which: Annotated[StepName, typer.Option("--which", help="for 'step': which parameter")] = StepName.eta,
    json: Json = False,
) -> None:
    """Solve for the accuracy after T iterations, the largest step, or the smallest batch."""
    from clipbounds import questions

    if for_ is not Question.eps and "epsilon" not in setting.constants:
        raise InputError(f"--for {for_.value} needs a target accuracy --eps.")
    if for_ is Question.eps and "epsilon" in setting.constants:
        raise InputError("--for eps solves for the accuracy, so --eps cannot be given: leave it out.")
    questions.invert(
        setting.theorems,
        setting.problem(epsilon="1"),
        for_.value,
        steps=steps,
        step_name=which.name,
        parameters=setting.parameters,
        momentum_start=setting.start,
        as_json=json,
    )


@with_setting()
def rank(setting: Setting, *, json: Json = False) -> None:
    """All applicable theorems, best first, with their dominant terms and the gap to the best lower bound."""
    from clipbounds import questions

    questions.rank(setting.theorems, setting.problem(), setting.parameters, setting.start, as_json=json)


@with_setting()
def recommend(
    setting: Setting,
    *,
    method: Annotated[str | None, typer.Option("--method", help="name of a method (see 'methods')")] = None,
    json: Json = False,
) -> None:
    """Step size, threshold, momentum and T for given constants, and how sensitive T is to each constant."""
    from clipbounds import questions

    questions.recommend(setting.theorems, setting.problem(), method, setting.parameters, setting.start, as_json=json)


@with_setting(required=())
def regimes(
    setting: Setting,
    *,
    x: Annotated[str, typer.Option("--x", help="first constant and its range", metavar="NAME,LOW,HIGH")],
    y: Annotated[str, typer.Option("--y", help="second constant and its range", metavar="NAME,LOW,HIGH")],
    points: Annotated[int, typer.Option("--points", help="grid points along each axis")] = 24,
    out: Annotated[Path | None, typer.Option("--out", help="file for the labelled data (NetCDF)")] = None,
    json: Json = False,
) -> None:
    """Which theorem is best over a grid of any two constants; the other constants are fixed."""
    from clipbounds import questions

    axes = tuple(_axis(text) for text in (x, y))
    moving = {name for name, _, _ in axes}
    if doubled := [name for name in moving if name in setting.constants]:
        raise InputError(f"{doubled[0]} is given both as an axis and as a constant: leave one of them out.")
    if missing := [name for name in PROBLEM if name not in setting.constants and name not in moving]:
        raise InputError(f"--{ {'Delta': 'delta', 'epsilon': 'eps'}.get(missing[0], missing[0]) } is missing.")
    questions.regimes(
        setting.theorems,
        setting.problem(**{name: low for name, low, _ in axes if name in (*PROBLEM, "sigma", "R")}),
        axes[0],
        axes[1],
        points=points,
        parameters=setting.parameters,
        momentum_start=setting.start,
        out=out,
        as_json=json,
    )


def _axis(text: str) -> tuple[str, str, str]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 3 or not all(parts):
        raise InputError(f"{text!r} is not an axis: give a constant and its range, as in L1,0.1,100.")
    names = {"delta": "Delta", "eps": "epsilon"}
    return names.get(parts[0], parts[0]), parts[1], parts[2]
