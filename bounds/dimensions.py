"""Units of a sympy expression, inferred from the declared quantities.

A bound that is not invariant under F -> aF, x -> bx hides a constant with units. The inference walks the tree
once (microseconds), so every record is checked on construction, and a failure names the guilty sub-expression.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.functions import NamedFunction
from bounds.quantities import DIMENSIONLESS, QUANTITIES, Dimension, quantity

__all__ = ["DimensionError", "dimension_of"]

_DIMENSIONS: dict[str, Dimension] = {q.name: q.dimension for q in QUANTITIES} | {"u": quantity("epsilon").dimension}


class DimensionError(ValueError):
    """Two things with different units are added, compared or fed to a function."""


def dimension_of(expr: Any) -> Dimension | None:
    """The units of ``expr``; None for zero and infinity, which fit everywhere.

    Raises
    ------
    DimensionError : the expression mixes units, or contains an undeclared symbol or function.
    """
    if expr.is_Symbol:
        try:
            return _DIMENSIONS[expr.name]
        except KeyError:
            raise DimensionError(f"undeclared symbol {expr.name}") from None
    # Only literal numbers are asked for zero: sympy's assumptions would dominate the start of every command.
    if expr.is_Number:
        return None if expr.is_zero or expr.is_infinite else DIMENSIONLESS
    if expr.is_NumberSymbol:
        return DIMENSIONLESS
    if expr.is_Add or isinstance(expr, sp.Max | sp.Min):
        return _common(expr)
    if expr.is_Mul:
        parts = [dimension_of(a) or DIMENSIONLESS for a in expr.args]
        return Dimension(sum((p.value for p in parts), Fraction(0)), sum((p.point for p in parts), Fraction(0)))
    if expr.is_Pow and expr.exp.is_Rational:
        base, power = dimension_of(expr.base) or DIMENSIONLESS, Fraction(int(expr.exp.p), int(expr.exp.q))
        return Dimension(base.value * power, base.point * power)
    if isinstance(expr, NamedFunction):
        for argument, wanted in zip(expr.args, expr.argument_dimensions, strict=True):
            _expect(argument, wanted, expr)
        return expr.dimension
    if isinstance(expr, sp.exp | sp.log | sp.floor | sp.ceiling) or expr.is_Pow:
        for argument in expr.args:
            _expect(argument, DIMENSIONLESS, expr)
        return DIMENSIONLESS
    raise DimensionError(f"no rule for the units of {expr}")


def _expect(argument: Any, wanted: Dimension, inside: Any) -> None:
    found = dimension_of(argument)
    if found is not None and found != wanted:
        raise DimensionError(f"in {inside}: {argument} has units {found}, expected {wanted}")


def _common(expr: Any) -> Dimension | None:
    common: Dimension | None = None
    for part in expr.args:
        found = dimension_of(part)
        if found is None:
            continue
        if common is not None and found != common:
            raise DimensionError(f"in {expr}: {part} has units {found}, other terms have {common}")
        common = found
    return common
