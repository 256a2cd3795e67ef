"""The options that describe a problem and a method: declared once, shared by every command that asks the theory."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clipbounds.commands.shared import GoalName, NoiseName, Start, StartName, Threshold
from clipbounds.options import METHOD_PARAMETERS, PROBLEM, chosen_parameters, with_quantities

if TYPE_CHECKING:
    # "--help" must not wait for sympy.
    from bounds.methods import MomentumStart
    from bounds.problem import Problem
    from bounds.theorem import Theorem

__all__ = ["Setting", "with_setting"]


def _choices(
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
) -> None:
    """The signature is the declaration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What was given: constants by quantity name, and the choices of ``_choices`` by name."""

    constants: Mapping[str, str]
    choices: Mapping[str, Any]

    def problem(self, **defaults: str) -> Problem:
        """The problem; ``defaults`` stand in for constants that a question does not use."""
        from bounds import Criterion, Noise, Problem
        from bounds.smoothness import smoothness_named

        given = self.choices
        return Problem.of(
            **defaults | {k: v for k, v in self.constants.items() if k in (*PROBLEM, "sigma", "R")},
            noise=Noise(given["noise"].value) if given["noise"] else None,
            smoothness=smoothness_named(given["smoothness"]),
            criterion=Criterion(given["criterion"].value),
            convex=given["convex"],
            dimension=given["dimension"],
            first=given["first"],
            failure=given["failure"],
        )

    @property
    def parameters(self) -> dict[str, str]:
        """Parameters of the method, as given."""
        return chosen_parameters(dict(self.constants), self.choices["clip_threshold"])

    @property
    def start(self) -> MomentumStart:
        """How the momentum buffer begins."""
        from bounds import MomentumStart

        return MomentumStart(self.choices["momentum_start"].value)

    @property
    def theorems(self) -> tuple[Theorem, ...]:
        """The one theorem asked for, or all."""
        from bounds import THEOREMS, theorem_named

        key = self.choices["theorem"]
        return THEOREMS if key is None else (theorem_named(key),)


def with_setting(required: tuple[str, ...] = PROBLEM) -> Callable[[Any], Any]:
    """Give a command the options of a setting; it receives them as one ``setting``.

    Constants of the problem that are not ``required`` may be left out.
    """
    optional = tuple(name for name in PROBLEM if name not in required)
    declared = inspect.signature(_choices, eval_str=True).parameters

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(function, eval_str=True).parameters

        def command(constants: dict[str, str], **everything: Any) -> None:
            choices = {name: everything.pop(name) for name in declared}
            function(setting=Setting(constants=constants, choices=choices), **everything)

        kept = [p for p in own.values() if p.name != "setting"]
        first = [p for p in kept if p.kind is not inspect.Parameter.KEYWORD_ONLY]
        rest = [p for p in kept if p.kind is inspect.Parameter.KEYWORD_ONLY]
        constants = inspect.Parameter("constants", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        command.__signature__ = inspect.Signature([*first, constants, *declared.values(), *rest])  # type: ignore[attr-defined]
        command.__name__, command.__doc__ = function.__name__, function.__doc__
        complete: Callable[..., None] = with_quantities(
            required=required, optional=(*optional, "sigma", "R", *METHOD_PARAMETERS)
        )(command)
        return complete

    return decorate
