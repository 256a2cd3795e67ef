r"""The named functions of the theory, as sympy functions that know their limits.

Writing them as functions keeps records short and lets L1 -> 0 and L0 -> 0 be taken exactly: a record that says
``gap(L0, L1, epsilon)`` has a value at L1 = 0, where the closed form would read 0/0.

Derivations: docs/theory/deterministic.md (Lemmas 1-3) and docs/theory/lower.md (Theorem 9).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from bounds.enclosure import extreme
from bounds.quantities import DIMENSIONLESS, Dimension, quantity

__all__ = ["NamedFunction", "best_step", "descent_factor", "drop", "gap", "growth_factor", "turn_length"]

_VALUE = quantity("Delta").dimension
_LENGTH = quantity("gamma").dimension
_GRADIENT = quantity("epsilon").dimension
_L0 = quantity("L0").dimension
_L1 = quantity("L1").dimension


class NamedFunction(sp.Function):  # type: ignore[misc]
    """A function of the theory: units of arguments and value, a closed form, and its value on numbers."""

    argument_dimensions: tuple[Dimension, ...]
    dimension: Dimension

    def explicit(self) -> sp.Expr:
        """The closed form in elementary functions (L0, L1 > 0)."""
        return self.closed_form(*self.args)

    @staticmethod
    def closed_form(*args: Any) -> sp.Expr:
        raise TypeError("a named function must define its closed form")

    def _latex(self, printer: Any, exp: Any = None) -> str:
        inner = ", ".join(printer.doprint(a) for a in self.args)
        body = rf"\operatorname{{{type(self).__name__.replace('_', ' ')}}}\left({inner}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


def _numeric(*args: Any) -> bool:
    return all(a.is_number for a in args)


class gap(NamedFunction):
    r"""D(G) = (L0/L1^2)(s - ln(1 + s)), s = L1 G/L0: the least gap F(x) - inf F at a point with gradient norm G.

    Arguments (L0, L1, G). At L1 = 0 it is G^2/(2 L0), at L0 = 0 it is G/L1.
    """

    argument_dimensions = (_L0, _L1, _GRADIENT)
    dimension = _VALUE

    @staticmethod
    def closed_form(*args: Any) -> sp.Expr:
        L0, L1, G = args
        return L0 / L1**2 * (L1 * G / L0 - sp.log(1 + L1 * G / L0))

    @classmethod
    def eval(cls, L0: Any, L1: Any, G: Any) -> Any:
        if L1.is_zero:
            return G**2 / (2 * L0)
        if L0.is_zero:
            return G / L1
        return cls.closed_form(L0, L1, G) if _numeric(L0, L1, G) else None


class turn_length(NamedFunction):
    r"""z(G) = ln(1 + L1 G/L0)/L1: the shortest distance from gradient norm G to a stationary point.

    Arguments (L0, L1, G). At L1 = 0 it is G/L0; at L0 = 0 it is infinite.
    """

    argument_dimensions = (_L0, _L1, _GRADIENT)
    dimension = _LENGTH

    @staticmethod
    def closed_form(*args: Any) -> sp.Expr:
        L0, L1, G = args
        return sp.log(1 + L1 * G / L0) / L1

    @classmethod
    def eval(cls, L0: Any, L1: Any, G: Any) -> Any:
        if L1.is_zero:
            return G / L0
        if L0.is_zero:
            return sp.oo
        return cls.closed_form(L0, L1, G) if _numeric(L0, L1, G) else None


class drop(NamedFunction):
    r"""The largest decrease between two points at distance l that both have gradient -G (in dimension one).

    With h = min(l/2, z(G)) it is 2 [ (L0 + L1 G)(1 - e^(-L1 h))/L1^2 - L0 h/L1 ]. Arguments (L0, L1, G, l).
    At L1 = 0 it is 2 G h - L0 h^2, at L0 = 0 it is 2 (G/L1)(1 - e^(-L1 l/2)).
    """

    argument_dimensions = (_L0, _L1, _GRADIENT, _LENGTH)
    dimension = _VALUE

    @staticmethod
    def closed_form(*args: Any) -> sp.Expr:
        L0, L1, G, length = args
        h = extreme(sp.Min, (length / 2, turn_length(L0, L1, G)))
        return 2 * ((L0 + L1 * G) * (1 - sp.exp(-L1 * h)) / L1**2 - L0 * h / L1)

    @classmethod
    def eval(cls, L0: Any, L1: Any, G: Any, length: Any) -> Any:
        if L1.is_zero:
            h = sp.Min(length / 2, G / L0)
            return 2 * G * h - L0 * h**2
        if L0.is_zero:
            return 2 * G / L1 * (1 - sp.exp(-L1 * length / 2))
        return cls.closed_form(L0, L1, G, length) if _numeric(L0, L1, G, length) else None


class growth_factor(NamedFunction):
    r"""B(c) = (e^c - 1)/c, B(0) = 1: ||grad F(y) - grad F(x)|| <= B(c) (L0 + L1 ||grad F(x)||) ||y - x||

    for ||y - x|| <= c/L1. It is sharp.
    """

    argument_dimensions = (DIMENSIONLESS,)
    dimension = DIMENSIONLESS

    @staticmethod
    def closed_form(*args: Any) -> sp.Expr:
        (c,) = args
        return (sp.exp(c) - 1) / c

    @classmethod
    def eval(cls, c: Any) -> Any:
        if c.is_zero:
            return sp.Integer(1)
        return cls.closed_form(c) if _numeric(c) else None


class descent_factor(NamedFunction):
    r"""C(c) = 2 (e^c - 1 - c)/c^2, C(0) = 1:

        F(y) <= F(x) + <grad F(x), y - x> + C(c)/2 (L0 + L1 ||grad F(x)||) ||y - x||^2

    for ||y - x|| <= c/L1. It is sharp over all directions.
    """

    argument_dimensions = (DIMENSIONLESS,)
    dimension = DIMENSIONLESS

    @staticmethod
    def closed_form(*args: Any) -> sp.Expr:
        (c,) = args
        return 2 * (sp.exp(c) - 1 - c) / c**2

    @classmethod
    def eval(cls, c: Any) -> Any:
        if c.is_zero:
            return sp.Integer(1)
        return cls.closed_form(c) if _numeric(c) else None


class best_step(NamedFunction):
    r"""S(G) = ln(1 + L1 G/(L0 + L1 G))/L1: the step length that minimises the descent inequality at gradient norm G.

    Arguments (L0, L1, G). At L1 = 0 it is G/L0; at L0 = 0 it is ln(2)/L1.
    """

    argument_dimensions = (_L0, _L1, _GRADIENT)
    dimension = _LENGTH

    @staticmethod
    def closed_form(*args: Any) -> sp.Expr:
        L0, L1, G = args
        return sp.log(1 + L1 * G / (L0 + L1 * G)) / L1

    @classmethod
    def eval(cls, L0: Any, L1: Any, G: Any) -> Any:
        if L1.is_zero:
            return G / L0
        return cls.closed_form(L0, L1, G) if _numeric(L0, L1, G) else None
