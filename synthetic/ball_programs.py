"""Rigorous evaluation of real expressions on boxes, in the ball arithmetic of Arb (python-flint).

A ball is a midpoint with a radius, and every operation returns a ball that contains the exact results for all points
of its arguments. What is undefined somewhere on the box gives a ball that is not finite, and no comparison with it is
true.

Source: F. Johansson (2017), Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, arXiv 1611.02831.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from synthetic.curves import Unknown

__all__ = ["BITS", "Program", "arithmetic", "ball", "constant", "hull"]

BITS = 96
_NAMES = ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan")
_Node = Callable[[Sequence[Any]], Any]


@contextlib.contextmanager
def arithmetic() -> Iterator[Any]:
    """The flint module at the working precision.

    Raises
    ------
    Unknown : the extra ``prove`` is not installed.
    """
    try:
        import flint
    except ImportError:
        raise Unknown('ball arithmetic needs python-flint: pip install "clipbounds[prove]"') from None
    with flint.ctx.workprec(BITS):
        yield flint


def ball(flint: Any, value: Fraction) -> Any:
    """A ball around an exact rational."""
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def hull(flint: Any, low: Fraction, high: Fraction) -> Any:
    """A ball that contains the interval [low, high]."""
    return ball(flint, low).union(ball(flint, high))


def constant(flint: Any, expression: Any) -> Any:
    """A ball that contains a constant expression."""
    return Program(flint, (expression,), ())(())[0]


class Program:
    """Expressions in ``variables``, compiled once, with common subexpressions shared; called with one ball for each.

    Raises
    ------
    Unknown : an operation is not on the list.
    """

    __slots__ = ("_columns", "_flint", "_outputs", "_steps")

    def __init__(self, flint: Any, expressions: Sequence[Any], variables: Sequence[Any]) -> None:
        shared, reduced = sp.cse(list(expressions), symbols=(sp.Dummy("shared") for _ in iter(int, 1)), order="none")
        self._flint = flint
        self._columns = {symbol: i for i, symbol in enumerate((*variables, *(name for name, _ in shared)))}
        self._steps = [self._node(expression) for _, expression in shared]
        self._outputs = [self._node(sp.sympify(expression, strict=True)) for expression in reduced]

    def __call__(self, point: Sequence[Any]) -> list[Any]:
        """Balls that contain the values of the expressions for all points of the given balls."""
        values = list(point)
        for step in self._steps:
            values.append(step(values))
        return [output(values) for output in self._outputs]

    def _node(self, expression: Any) -> _Node:
        if expression in self._columns:
            column = self._columns[expression]
            return lambda values: values[column]
        if expression.is_Rational:
            number = ball(self._flint, Fraction(int(expression.p), int(expression.q)))
            return lambda _: number
        if expression in (sp.pi, sp.E):
            number = self._flint.arb.pi() if expression is sp.pi else self._flint.arb.const_e()
            return lambda _: number
        if not isinstance(expression, sp.Add | sp.Mul | sp.Pow | sp.Function):
            raise Unknown(f"no ball arithmetic for {expression}")
        parts = [self._node(argument) for argument in expression.args]
        if expression.is_Add:
            return _folded(parts, lambda a, b: a + b)
        if expression.is_Mul:
            return _folded(parts, lambda a, b: a * b)
        if expression.is_Pow:
            return _power(expression, parts[0], parts[1])
        name = type(expression).__name__
        if name not in _NAMES or len(parts) != 1:
            raise Unknown(f"no ball arithmetic for {expression.func}")
        (part,) = parts
        return lambda values: getattr(part(values), name)()


def _folded(parts: Sequence[_Node], combine: Callable[[Any, Any], Any]) -> _Node:
    def node(values: Sequence[Any]) -> Any:
        total = parts[0](values)
        for part in parts[1:]:
            total = combine(total, part(values))
        return total

    return node


def _power(expression: Any, base: _Node, exponent: _Node) -> _Node:
    e = expression.exp
    if e.is_Integer:
        return lambda values: _integer_power(base(values), int(e))
    if e.is_Rational:
        return lambda values: _integer_power(_root(base(values), int(e.q)), int(e.p))
    if expression.base is sp.E:
        return lambda values: exponent(values).exp()
    return lambda values: (exponent(values) * base(values).log()).exp()


def _integer_power(x: Any, n: int) -> Any:
    """x^n from the ends of the ball, since powers of an interval are monotone on both sides of 0."""
    if n < 0:
        return 1 / _integer_power(x, -n)
    if not x.is_finite():
        return x**n
    low, high = (x.abs_lower(), x.abs_upper()) if n % 2 == 0 else (x.lower(), x.upper())
    return (low**n).union(high**n)


def _root(x: Any, n: int) -> Any:
    if n == 1 or not x.is_finite():
        return x if n == 1 else x.root(n)
    return x.lower().root(n).union(x.upper().root(n))
