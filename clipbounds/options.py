"""Command-line options generated from the declared quantities.

Only declarations are imported here, so that ``--help`` does not wait for sympy.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from bounds.errors import InputError
from bounds.quantities import Quantity, quantity

__all__ = ["METHOD_PARAMETERS", "PROBLEM", "chosen_parameters", "numbers", "with_quantities"]

PROBLEM = ("L0", "L1", "Delta", "epsilon")
METHOD_PARAMETERS = ("beta", "nu", "kappa", "M", "L", "eta", "gamma")


def _option(q: Quantity, required: bool) -> inspect.Parameter:
    names = (
        [f"--{q.option}"] if q.option == q.name or q.name in ("Delta", "epsilon") else [f"--{q.option}", f"--{q.name}"]
    )
    help_text = f"{q.meaning} [{q.dimension}]; {q.domain}"
    info = typer.Option(*names, help=help_text, metavar="NUMBER", show_default=False)
    return inspect.Parameter(
        q.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if required else None,
        annotation=Annotated[str if required else str | None, info],
    )


def with_quantities(required: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    """Give a command one option per quantity; it receives them as a dict of strings in ``constants``."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(function, eval_str=True)
        added = [_option(quantity(n), True) for n in required] + [_option(quantity(n), False) for n in optional]
        names = {p.name for p in added}

        def command(**everything: Any) -> None:
            constants = {k: v for k, v in everything.items() if k in names and v is not None}
            function(constants=constants, **{k: v for k, v in everything.items() if k not in names})

        parameters = [p for p in own.parameters.values() if p.name != "constants"]
        first = [p for p in parameters if p.kind is not inspect.Parameter.KEYWORD_ONLY]
        rest = [p for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY]
        ordered = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*first, *added, *rest)]
        command.__signature__ = inspect.Signature(ordered)  # type: ignore[attr-defined]
        command.__annotations__ = {p.name: p.annotation for p in ordered}
        command.__name__, command.__doc__ = function.__name__, function.__doc__
        return command

    return decorate


def chosen_parameters(constants: dict[str, str], clip_threshold: str | None = None) -> dict[str, str]:
    """The method parameters among the constants, and the clip threshold when it was given."""
    chosen = {k: v for k, v in constants.items() if k in METHOD_PARAMETERS}
    return chosen | ({"clip_threshold": clip_threshold} if clip_threshold is not None else {})


def numbers(name: str, text: str) -> tuple[str, ...]:
    """A comma-separated list of numbers, each validated against the quantity of this name.

    Raises
    ------
    InputError : an empty list or a bad number.
    """
    parts = tuple(p.strip() for p in text.split(",") if p.strip())
    if not parts:
        raise InputError(f"{quantity(name).option} = {text!r} is empty; give one or more numbers such as 0.1,0.03.")
    for part in parts:
        quantity(name).validate(part)
    return parts
