"""Piecewise functions of one variable, cut into smooth parts that were shown to join with their slopes."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import sympy as sp

from bounds.enclosure import compare
from synthetic.brackets import Unknown, between, bracket

__all__ = ["Part", "smooth_parts"]

Part = tuple[Any, Any, Any]
"""An expression with the left and the right end of the interval on which it is used."""


def smooth_parts(formula: Any, t: Any, low: Any, high: Any) -> list[Part]:
    """The triples (expression, left end, right end) of a C^1 function that is smooth between its breakpoints."""
    formula = formula.replace(lambda e: isinstance(e, sp.Abs), lambda e: _absolute(e.args[0]))
    ends = [low, *_breakpoints(formula, t, low, high), high]
    parts = [(_branch(formula, t, between(left, right)), left, right) for left, right in itertools.pairwise(ends)]
    for (left, _, edge), (right, _, _) in itertools.pairwise(parts):
        for order in (0, 1):
            jump = _at(left, t, order, edge) - _at(right, t, order, edge)
            if jump != 0 and sp.simplify(jump) != 0:
                raise Unknown(f"F or its gradient was not shown to be continuous at {edge}")
    return parts


def _at(formula: Any, t: Any, order: int, edge: Any) -> Any:
    """A derivative at the edge; quotients such as s^(5/2)/s are written as powers of s first, where they are finite."""
    derivative = sp.diff(formula, t, order)
    value = derivative.subs(t, edge)
    if value.is_finite:
        return value
    s = sp.Dummy("s", positive=True)
    # The power s is the distance from the edge, times a constant, on the side where the formula is used.
    bases = {p.base for p in derivative.atoms(sp.Pow) if p.exp.is_Rational and p.exp.q > 1 and p.base.has(t)}
    if len(bases) == 1 and (base := bases.pop()).is_polynomial(t) and sp.degree(base, t) == 1:
        image = sp.powsimp(sp.expand(derivative.subs(base, s).subs(t, sp.solve(base - s, t)[0])))
        return image.subs(s, base.subs(t, edge))
    return value


def _absolute(argument: Any) -> Any:
    return sp.Piecewise((argument, argument >= 0), (-argument, True))


def _breakpoints(formula: Any, t: Any, low: Any, high: Any) -> list[Any]:
    found: list[Any] = []
    for relation in formula.atoms(sp.core.relational.Relational):
        line = sp.Poly(relation.lhs - relation.rhs, t) if (relation.lhs - relation.rhs).is_polynomial(t) else None
        if line is None or line.degree() != 1:
            raise Unknown(f"no exact rule for the condition {relation}")
        slope, offset = line.all_coeffs()
        edge = -offset / slope
        bracket(edge)
        inside = all(e.is_infinite or compare(edge, e) == s for e, s in ((low, 1), (high, -1)))
        if inside and all(compare(edge, other) != 0 for other in found):
            found.append(edge)
    return sorted(found, key=functools.cmp_to_key(compare))


def _branch(formula: Any, t: Any, point: Any) -> Any:
    """The smooth expression that a piecewise formula equals around ``point``."""

    def chosen(pieces: Any) -> Any:
        for expression, condition in pieces.args:
            if condition.subs(t, point) == sp.true:
                return expression
        raise Unknown(f"F is not defined at {point}")

    return formula.replace(lambda e: isinstance(e, sp.Piecewise), chosen)
