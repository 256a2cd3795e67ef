"""Symbolic derivatives, compiled to numpy once and shared by every form with the same expression."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p
from sympy.codegen.rewriting import create_expand_pow_optimization

__all__ = ["Array", "compiled", "derivative", "gradient_entries", "hessian_entries", "prepared", "quiet"]
__all__ += ["unguarded"]

Array = npt.NDArray[np.float64]


def quiet() -> np.errstate:
    """Plain IEEE arithmetic: infinities and NaN instead of warnings."""
    return np.errstate(over="ignore", invalid="ignore", divide="ignore")


@functools.cache
def gradient_entries(formula: Any, variables: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first derivatives, in the order of the variables."""
    return tuple(sp.diff(formula, v) for v in variables)


@functools.cache
def hessian_entries(formula: Any, variables: tuple[Any, ...]) -> tuple[Any, ...]:
    """The second derivatives of the upper triangle, row by row."""
    slopes = gradient_entries(formula, variables)
    return tuple(sp.diff(g, v) for i, g in enumerate(slopes) for v in variables[i:])


@functools.cache
def derivative(profile: Any, variables: tuple[Any, ...], order: int) -> Callable[..., Array]:
    """The derivative of this order in the first variable, as a numpy function."""
    function = compiled((sp.diff(profile, variables[0], order),), variables)
    return lambda *arguments: function(*arguments)[0]


@functools.cache
def compiled(expressions: tuple[Any, ...], variables: tuple[Any, ...]) -> Callable[..., list[Array]]:
    """The expressions as one numpy function: arrays of a common shape in, one fresh array for each expression out.

    Trailing arguments may have a shape that broadcasts to that of the first one.
    """
    function = unguarded(expressions, variables)

    def evaluate(*arguments: Array) -> list[Array]:
        with quiet():
            return function(*arguments)

    return evaluate


@functools.cache
def unguarded(expressions: tuple[Any, ...], variables: tuple[Any, ...]) -> Callable[..., list[Array]]:
    """The function of :func:`compiled`, floating-point warnings left to the caller."""
    function = sp.lambdify(variables, expressions, modules="numpy", cse=prepared)
    branching, single = any(e.has(sp.Piecewise) for e in expressions), len(expressions) == 1

    def evaluate(*arguments: Array) -> list[Array]:
        values: list[Array] = function(*arguments)
        if single and not branching and _is_fresh(values[0], arguments):
            return values
        # A constant entry comes back as a scalar, and an entry like x as the argument itself.
        entries = [np.array(np.broadcast_to(v, arguments[0].shape), dtype=np.float64, order="C") for v in values]
        if branching:
            # NaN fails every comparison and would silently take the default branch.
            missing = functools.reduce(np.logical_or, map(np.isnan, arguments))
            entries = [np.where(missing, np.nan, e) for e in entries]
        return entries

    return evaluate


def _is_fresh(value: Any, arguments: tuple[Array, ...]) -> bool:
    # The shortcut for the common case, whose price a driver pays at every iteration.
    return (
        isinstance(value, np.ndarray)
        and value.base is None
        and value.dtype == np.float64
        and value.shape == arguments[0].shape
        and value.flags.c_contiguous
        and value is not arguments[0]
        and (len(arguments) == 1 or not any(value is a for a in arguments))
    )


# numpy's pow is an order of magnitude slower than products.
_expand_powers = create_expand_pow_optimization(8)


def prepared(expressions: Any) -> tuple[list[tuple[Any, Any]], list[Any]]:
    """Common subexpressions and what is left, in the form in which they are computed."""
    replacements, reduced = sp.cse([_accurate(e) for e in expressions], list=False)
    return [(s, _expand_powers(e)) for s, e in replacements], [_expand_powers(e) for e in reduced]


def _accurate(expression: Any) -> Any:
    """Write exp(z) - 1 as expm1(z) and log(1 + z) as log1p(z), which keep their digits for small z."""
    # sympy's own rewritings will not do: the one for log1p factors the argument first, turning log(1 + exp(-z)) into
    # an overflow, and the one for expm1 takes exp(k z) for a k-th power and expands it.
    return expression.replace(lambda e: e.is_Add, _with_expm1).replace(
        lambda e: isinstance(e, sp.log) and sp.S.One in sp.Add.make_args(e.args[0]),
        lambda e: log1p(e.args[0] - 1),
    )


def _with_expm1(*terms: Any) -> Any:
    """The sum of the terms, with c exp(z) - c written as c expm1(z)."""
    total = sp.Add(*terms)
    number, _ = total.as_coeff_Add()
    for term in total.args if number else ():
        factor, power = term.as_coeff_Mul()
        if factor == -number and isinstance(power, sp.exp):
            return total - number - term + factor * expm1(power.args[0], evaluate=False)
    return total
