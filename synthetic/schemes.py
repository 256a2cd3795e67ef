r"""Methods with values for their parameters.

A setting is a method with one value for each of its parameters. A value is a number or a formula in the constants of
the problem at hand: L0 and L1 (of the landscape), Delta (the gap F(x_0) - inf F), epsilon and sigma. So
``eta = "1/(10*L0)"`` is one setting that has its own step size on every landscape.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import sympy as sp

from bounds.errors import InputError, unknown_name
from bounds.methods import Method, MomentumStart, method_named
from bounds.quantities import Number
from synthetic.parsing import parse

__all__ = ["Scheme", "Setting", "distinct", "value_of"]

Float = npt.NDArray[np.float64]

_CONSTANTS: Final = ("L0", "L1", "Delta", "epsilon", "sigma")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A method with values for its parameters; its settings are all combinations.

    Attributes
    ----------
    method : key of a method.
    parameters : pairs (name, values). L0 and L1 of a rule that needs them are those of the landscape when absent.
    """

    method: str
    parameters: tuple[tuple[str, tuple[Number, ...]], ...] = ()
    momentum_start: MomentumStart = MomentumStart.GRADIENT

    def __post_init__(self) -> None:
        needed = method_named(self.method).parameters
        given = [name for name, _ in self.parameters]
        if strange := [n for n in given if n not in needed]:
            raise unknown_name(f"parameter of {self.method}", strange[0], needed)
        if missing := [n for n in needed if n not in given and n not in ("L0", "L1")]:
            raise InputError(
                f"{self.method} needs {missing[0]}: give a number or a formula in {', '.join(_CONSTANTS)}."
            )
        for name, values in self.parameters:
            distinct(f"{name} of {self.method}", [str(v) for v in values])
            for value in values:
                _formula(name, str(value))

    @property
    def settings(self) -> tuple[Setting, ...]:
        """One setting for each combination of values, the last parameter varying fastest."""
        method = method_named(self.method)
        given = dict(self.parameters)
        columns = [[(name, str(value)) for value in given.get(name, (name,))] for name in method.parameters]
        return tuple(
            Setting(method=method, values=values, momentum_start=self.momentum_start)
            for values in itertools.product(*columns)
        )

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object that tells two schemes apart."""
        parameters = {name: [str(v) for v in values] for name, values in self.parameters}
        return {"method": self.method, "momentum_start": self.momentum_start.value, "parameters": parameters}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A method with one value (a number or a formula, as text) for each parameter."""

    method: Method
    values: tuple[tuple[str, str], ...]
    momentum_start: MomentumStart

    @property
    def label(self) -> str:
        """How the results call it, such as ``"clipped-gd (eta=1/(10*L0), gamma=0.1)"``."""
        shown = [f"{name}={value}" for name, value in self.values if name != value]
        if self.momentum_start is MomentumStart.ZERO and self.method.momentum:
            shown.append("m0=0")
        return f"{self.method.key} ({', '.join(shown)})" if shown else self.method.key


def distinct(name: str, values: Sequence[Any]) -> None:
    """Refuse an empty list, and one in which an entry occurs twice."""
    if not values:
        raise InputError(f"{name}: the list is empty; give at least one.")
    if len(set(values)) < len(values):
        twice = next(v for v in values if values.count(v) > 1)
        raise InputError(f"{name}: {twice} occurs twice; every entry must be different.")


def value_of(name: str, text: str, constants: Mapping[str, Float], owner: str) -> Float:
    """The parameter ``name`` as a function of arrays of constants, which broadcast against each other.

    Raises
    ------
    InputError : the formula needs a constant that ``owner`` does not have, or its numbers are too large.
    """
    used, function = _formula(name, text)
    if missing := sorted(used - constants.keys()):
        raise InputError(
            f"{name} = {text} needs {missing[0]}, which {owner} does not state: give L0 and L1 with the landscape."
        )
    try:
        # A limit such as 1/L1 at L1 = 0 is an infinite step length, which the methods allow.
        with np.errstate(all="ignore"):
            found = function(*(np.asarray(constants.get(c, np.nan), dtype=np.float64) for c in _CONSTANTS))
        return np.asarray(found, dtype=np.float64)
    except (OverflowError, ZeroDivisionError):
        raise InputError(f"{name} = {text} has no finite value on {owner}.") from None


@functools.lru_cache(maxsize=4096)
def _formula(name: str, text: str) -> tuple[frozenset[str], Callable[..., Any]]:
    """The constants that a value needs, and the value as a function of all constants in order."""
    if text == "inf":
        return frozenset(), lambda *_: np.inf
    try:
        parsed = parse(text, _CONSTANTS)
    except InputError as error:
        raise InputError(f"{name} = {text!r} is not a number or formula: {error}") from None
    used = frozenset(map(str, parsed.formula.free_symbols))
    return used, sp.lambdify(parsed.variables, parsed.formula, modules="numpy")
