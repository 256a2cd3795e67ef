"""Every quantity of the theory, declared once.

A :class:`Quantity` carries its name, symbol, dimension, domain, typical range and meaning. Validation of
input, command-line options, documentation and random test inputs are all generated from these declarations.

Dimensions are pairs (a, b) for units F^a X^b, where F is the unit of function values and X the unit of points.
A statement of the theory must be invariant under F -> aF, x -> bx, so every condition compares like with like.

sympy is imported only when a symbol is asked for: the command line needs the declarations, not the algebra.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from bounds.errors import InputError

__all__ = [
    "DIMENSIONLESS",
    "POSITIVE",
    "QUANTITIES",
    "Dimension",
    "Domain",
    "Number",
    "Quantity",
    "as_fraction",
    "quantity",
]

Number = int | float | str | Fraction


class Dimension(NamedTuple):
    """Units F^value X^point."""

    value: Fraction
    point: Fraction

    def __str__(self) -> str:
        parts = [_power("F", self.value), _power("X", self.point)]
        return " ".join(p for p in parts if p) or "dimensionless"


def _power(base: str, exponent: Fraction) -> str:
    return "" if exponent == 0 else base if exponent == 1 else f"{base}^{exponent}"


def _dim(value: int, point: int) -> Dimension:
    return Dimension(Fraction(value), Fraction(point))


DIMENSIONLESS = _dim(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """An interval of allowed values; infinity is never allowed."""

    low: int = 0
    high: int | None = None
    low_open: bool = False
    high_open: bool = True
    integer: bool = False

    def __contains__(self, x: Fraction) -> bool:
        above = x > self.low if self.low_open else x >= self.low
        below = self.high is None or (x < self.high if self.high_open else x <= self.high)
        return above and below and (not self.integer or x.denominator == 1)

    def __str__(self) -> str:
        kind = "an integer" if self.integer else "a finite number"
        if self.high is None:
            return f"{kind} {'>' if self.low_open else '>='} {self.low}"
        left, right = "(" if self.low_open else "[", ")" if self.high_open else "]"
        return f"{kind} in {left}{self.low}, {self.high}{right}"


POSITIVE = Domain(low_open=True)
NONNEGATIVE = Domain()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One constant or parameter of the theory.

    Attributes
    ----------
    name : Python and command-line name, e.g. ``"epsilon"``.
    option : command-line spelling, e.g. ``"eps"``.
    latex : symbol in print.
    dimension : units F^a X^b.
    domain : allowed values.
    typical : a range in which random test inputs are drawn.
    meaning : one line for documentation and ``--help``.
    """

    name: str
    option: str
    latex: str
    dimension: Dimension
    domain: Domain
    typical: tuple[float, float]
    meaning: str

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ValueError(f"quantity name {self.name!r} is not an identifier")
        low, high = (Fraction(t) for t in self.typical)
        if not (low in self.domain and high in self.domain and low <= high):
            raise ValueError(f"{self.name}: typical range {self.typical} leaves its domain ({self.domain})")

    @property
    def symbol(self) -> Any:
        """The sympy symbol, with the assumptions of the domain."""
        return _symbol(self.name, self.domain.low_open, self.domain.integer)

    def validate(self, value: Number) -> Fraction:
        """The exact value of ``value``, or :class:`InputError` naming what is allowed."""
        exact = as_fraction(self.option, value, self.domain)
        if exact not in self.domain:
            raise InputError(f"{self.option} = {value} is not allowed: it must be {self.domain} ({self.meaning}).")
        return exact


@functools.cache
def _symbol(name: str, positive: bool, integer: bool) -> Any:
    import sympy

    sign = {"positive": True} if positive else {"nonnegative": True}
    return sympy.Symbol(name, **sign, **({"integer": True} if integer else {}))


def as_fraction(name: str, value: Number, domain: Domain = NONNEGATIVE) -> Fraction:
    """Read a number exactly.

    Integers, fractions and strings ("1e-2", "3/7") are exact. A float is read as the shortest decimal that
    prints it, so 0.1 means 1/10 both in Python and on the command line.

    Raises
    ------
    InputError : text, NaN or infinity.
    """
    try:
        if isinstance(value, bool):
            raise ValueError
        if isinstance(value, str):
            return _parse(value)
        if isinstance(value, int | Fraction):
            return Fraction(value)
        number = float(value)
        if not math.isfinite(number):
            raise ValueError
        return Fraction(repr(number))
    except (ValueError, TypeError, ZeroDivisionError):
        raise InputError(f"{name} = {value!r} is not allowed: it must be {domain}.") from None


def _parse(text: str) -> Fraction:
    # Fraction("1e999999999") would build a number with a billion digits; no constant needs that.
    _, _, exponent = text.lower().partition("e")
    if len(text) > 400 or (exponent and not -400 <= int(exponent) <= 308):
        raise ValueError
    return Fraction(text.strip())


def _q(
    name: str,
    option: str,
    latex: str,
    dim: tuple[int, int],
    domain: Domain,
    typical: tuple[float, float],
    meaning: str,
) -> Quantity:
    return Quantity(
        name=name,
        option=option,
        latex=latex,
        dimension=_dim(*dim),
        domain=domain,
        typical=typical,
        meaning=meaning,
    )


_UNIT = Domain(high=1, high_open=False)

QUANTITIES: tuple[Quantity, ...] = (
    _q("L0", "L0", "L_0", (1, -2), NONNEGATIVE, (0.1, 10), "smoothness where the gradient vanishes"),
    _q("L1", "L1", "L_1", (0, -1), NONNEGATIVE, (0.1, 10), "growth of smoothness with the gradient norm"),
    _q("Delta", "delta", r"\Delta", (1, 0), POSITIVE, (0.5, 50), "initial gap F(x0) - inf F"),
    _q("epsilon", "eps", r"\varepsilon", (1, -1), POSITIVE, (0.001, 0.1), "target gradient norm"),
    _q("epsilon_F", "eps-value", r"\varepsilon_F", (1, 0), POSITIVE, (0.001, 0.1), "target gap F(x) - inf F"),
    _q("R", "R", "R", (0, 1), POSITIVE, (0.5, 50), "distance from x0 to a minimizer"),
    _q("L", "L", "L", (1, -2), POSITIVE, (10, 1000), "Lipschitz constant of the gradient, known besides (L0, L1)"),
    _q("sigma", "sigma", r"\sigma", (1, -1), NONNEGATIVE, (0.1, 10), "noise level of the gradient oracle"),
    _q("M", "M", "M", (1, -1), POSITIVE, (1, 100), "bound on the gradient norm along the way"),
    _q("eta", "step-size", r"\eta", (-1, 2), POSITIVE, (0.001, 1), "step size (before clipping)"),
    _q("gamma", "max-step", r"\gamma", (0, 1), POSITIVE, (0.001, 1), "largest step length after clipping"),
    _q("beta", "beta", r"\beta", (0, 0), Domain(high=1), (0, 0.95), "momentum parameter"),
    _q("nu", "nu", r"\nu", (0, 0), _UNIT, (0, 1), "mixing weight: 0 gradient clipping, 1 momentum clipping"),
    _q(
        "p",
        "moment",
        "p",
        (0, 0),
        Domain(low=1, high=2, low_open=True, high_open=False),
        (1.25, 2),
        "moment of the noise that is finite",
    ),
    _q(
        "kappa",
        "kappa",
        r"\kappa",
        (0, 0),
        Domain(high=1, low_open=True),
        (0.05, 0.5),
        "step-size safety factor",
    ),
    _q("T", "T", "T", (0, 0), Domain(low=1, integer=True), (1, 1000), "number of iterations"),
    _q(
        "unit_gradient",
        "unit-gradient",
        r"u_G",
        (1, -1),
        POSITIVE,
        (1, 1),
        "gradient-norm unit hidden in a printed statement",
    ),
    _q(
        "unit_length",
        "unit-length",
        r"u_X",
        (0, 1),
        POSITIVE,
        (1, 1),
        "length unit hidden in a printed statement",
    ),
)

_BY_NAME = {q.name: q for q in QUANTITIES}


def quantity(name: str) -> Quantity:
    """The declared quantity of this name."""
    return _BY_NAME[name]
