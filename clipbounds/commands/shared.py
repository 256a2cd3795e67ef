"""Options that several commands have."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

__all__ = [
    "SUBJECT",
    "Criterion",
    "CriterionName",
    "Infimum",
    "Json",
    "NoiseName",
    "OracleName",
    "Start",
    "StartName",
    "Threshold",
]

SUBJECT = "name of a landscape (see 'landscapes') or an expression such as 'x**4/4 + cosh(2*y)'"
Infimum = Annotated[
    str | None,
    typer.Option("--infimum", help="a lower bound of an expression for which none is found [F]", metavar="NUMBER"),
]
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
