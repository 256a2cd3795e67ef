r"""A theorem compiled for arrays: straight-line programs over enclosures, one per theorem and pattern of zeros.

Constants that are exactly zero are inserted first, symbolically, so that "L1 = 0 lifts the clip" holds as it does in
:func:`bounds.applicability.substitute`. Recommended parameters are inserted as expressions. Conditions that hold
identically for them (recommended step sizes often sit on the border of a hypothesis) are recognised exactly and
dropped; the others are left to be checked in numbers.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from bounds import functions, intervals
from bounds.applicability import NotCovered, substitute
from bounds.enclosure import float_below, float_near
from bounds.intervals import Interval
from bounds.quantities import quantity
from bounds.symbols import L0, L1
from bounds.theorem import Relation, Requirement, Theorem

__all__ = ["Compiled", "Program", "compiled"]

_HIDDEN_UNITS = tuple(quantity(name).symbol for name in ("unit_gradient", "unit_length"))
_FUNCTIONS: dict[Any, Any] = {
    sp.log: intervals.logarithm,
    sp.exp: intervals.exponential,
    functions.gap: intervals.gap,
    functions.turn_length: intervals.turn_length,
    functions.best_step: intervals.best_step,
    functions.drop: intervals.drop,
    functions.growth_factor: intervals.growth_factor,
    functions.descent_factor: intervals.descent_factor,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Expressions with shared sub-expressions computed once."""

    shared: tuple[tuple[Any, Any], ...]
    results: tuple[Any, ...]

    def run(self, values: Mapping[Any, Interval], dtype: Any) -> list[Interval]:
        """Enclosures of the results for enclosures of the symbols, all of one shape."""
        known = dict(values)
        for symbol, expr in self.shared:
            known[symbol] = _evaluate(expr, known, dtype)
        return [_evaluate(expr, known, dtype) for expr in self.results]


def _evaluate(expr: Any, known: Mapping[Any, Interval], dtype: Any) -> Interval:
    if (found := known.get(expr)) is not None:
        return found
    if expr.is_number:
        low, high = _ends(expr)
        return Interval(low=np.asarray(low, dtype=dtype), high=np.asarray(high, dtype=dtype), positive=low >= 0)
    if expr.is_Pow and expr.exp.is_Rational:
        return intervals.power(_evaluate(expr.base, known, dtype), Fraction(int(expr.exp.p), int(expr.exp.q)))
    parts = [_evaluate(a, known, dtype) for a in expr.args]
    if expr.is_Pow:  # base^exponent with an exponent that is a quantity of its own
        return intervals.exponential(intervals.product([parts[1], intervals.logarithm(parts[0])]))
    if expr.is_Add:
        return intervals.total(parts)
    if expr.is_Mul:
        return intervals.product(parts)
    if isinstance(expr, sp.Max):
        return intervals.maximum(parts)
    if isinstance(expr, sp.Min):
        return intervals.minimum(parts)
    if isinstance(expr, sp.floor | sp.ceiling):
        return intervals.rounded(parts[0], np.floor if isinstance(expr, sp.floor) else np.ceil)
    result: Interval = _FUNCTIONS[expr.func](*parts)
    return result


@functools.cache
def _ends(number: Any) -> tuple[float, float]:
    """Doubles on both sides of a constant."""
    near = float_near(number)
    if number.is_Rational and Fraction(near) == Fraction(int(number.p), int(number.q)):
        return near, near
    if near > 0:
        below = float_below(number)
        return below, float(np.nextafter(below, np.inf))
    return float(np.nextafter(near, -np.inf)), float(np.nextafter(near, np.inf))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """One theorem with one pattern of zeros.

    Attributes
    ----------
    conditions : its program yields the two sides of each entry of ``relations`` in turn.
    count : its program yields the expression whose ceiling is the number of iterations.
    """

    conditions: Program
    relations: tuple[Relation, ...]
    count: Program


def _program(expressions: list[Any]) -> Program:
    shared, results = sp.cse(expressions, symbols=sp.numbered_symbols("shared"), order="none")
    return Program(shared=tuple(shared), results=tuple(results))


@functools.lru_cache(maxsize=1024)
def compiled(
    theorem: Theorem, zeros: frozenset[Any], given: frozenset[Any], factor: Any, dimension: int | None
) -> Compiled:
    """Compile ``theorem``.

    Parameters
    ----------
    zeros : symbols that are exactly zero.
    given : parameters that the user chooses; the others are recommended ones, hidden units are 1.
    factor : the conversion factor that multiplies L0 and L1.
    dimension : dimension of the space, or None when it does not matter.

    Raises
    ------
    NotCovered : the theorem is undefined or has no finite count for this pattern of zeros.
    """
    (target,) = theorem.guarantee.free_symbols
    # What is not zero is positive, so that infinity times it is infinity.
    positive = {s: sp.Symbol(s.name, positive=True) for s in theorem.symbols | {target, L0, L1} if s not in zeros}
    values: dict[Any, Any] = {s: p for s, p in positive.items() if s in given or s not in dict(theorem.parameters)}
    values |= dict.fromkeys(zeros, sp.Integer(0))
    values |= {symbol: sp.Integer(1) for symbol in _HIDDEN_UNITS if symbol not in given}
    for symbol, recommended in theorem.parameters:
        if symbol not in given:
            values[symbol] = _defined(substitute(recommended, values))
    conditions = list(theorem.requires)
    if dimension is not None and theorem.least_dimension is not None:
        needed = theorem.least_dimension
        conditions.append(
            Requirement(left=needed, relation=Relation.AT_MOST, right=sp.Integer(dimension), why="too few dimensions")
        )
    count = _one_fraction(_defined(substitute(theorem.iterations, values)))
    if count.has(sp.oo):
        raise NotCovered("its count is not finite at these constants")
    sides: list[Any] = []
    relations: list[Relation] = []
    for condition in conditions:
        left, right = (_one_fraction(_defined(substitute(side, values))) for side in (condition.left, condition.right))
        if not _holds_identically(left, condition.relation, right):
            if left.has(sp.oo) or right.has(sp.oo):
                raise NotCovered(f"{condition.why}: it needs {condition}")
            sides += [left, right]
            relations.append(condition.relation)
    # Constants of the theorem in terms of those of the problem, as in bounds.applicability.apply.
    change: dict[Any, Any] = {p: s for s, p in positive.items()}
    change |= {positive[s]: factor * s for s in (L0, L1) if s not in zeros}
    change[positive[target]] = target * target / theorem.guarantee
    return Compiled(
        conditions=_program([side.xreplace(change) for side in sides]),
        relations=tuple(relations),
        count=_program([count.xreplace(change)]),
    )


def _one_fraction(expr: Any) -> Any:
    """Write 1 - a/b as (b - a)/b in lowest terms: with b - a expanded, nothing cancels in numbers."""
    return expr.replace(
        lambda e: e.is_Add and len(e.args) == 2 and e.args[0] == 1 and e.args[1].has(sp.Pow), _lowest_terms
    )


def _lowest_terms(expr: Any) -> Any:
    above, below = sp.fraction(sp.together(expr))
    return expr if below == 1 else sp.expand(above) / below


def _defined(value: Any) -> Any:
    if value.has(sp.zoo, sp.nan):
        raise NotCovered("it is undefined at these constants (0/0)")
    return value


def _holds_identically(left: Any, relation: Relation, right: Any) -> bool:
    """Whether a condition holds for all positive values of its symbols, as far as exact algebra sees."""
    if left == right:
        return relation is not Relation.LESS
    if right is sp.oo or left == 0:
        return relation in (Relation.AT_MOST, Relation.LESS) and not right.is_zero
    if left is sp.oo or right == 0:
        return relation is Relation.AT_LEAST
    ratio = _ratio(left, right)
    if ratio.is_Rational:
        return relation.holds(int(sp.sign(ratio - 1)))
    wanted = {Relation.AT_LEAST: sp.Max, Relation.AT_MOST: sp.Min}.get(relation)
    if wanted is None:
        return False
    # c Max(a, b) >= 1 as soon as c a >= 1; a minimum alike.
    for part in sp.Mul.make_args(ratio):
        if isinstance(part, wanted):
            rest = ratio / part
            candidates = [sp.cancel(rest * a) for a in part.args]
            if any(c.is_Rational and relation.holds(int(sp.sign(c - 1))) for c in candidates):
                return True
    return False


def _ratio(left: Any, right: Any) -> Any:
    """left/right in lowest terms; maxima, roots and functions count as new symbols."""
    atoms = left.atoms(sp.Max, sp.Min, sp.Function) | right.atoms(sp.Max, sp.Min, sp.Function)
    names = {a: sp.Dummy(positive=True) for a in sorted(atoms, key=sp.count_ops, reverse=True)}
    ratio = sp.cancel(sp.together(left.xreplace(names) / right.xreplace(names)))
    return ratio.xreplace({name: atom for atom, name in names.items()})
