"""Whether a record of the catalogue says exactly what its proof ends in."""

from __future__ import annotations

from typing import Any

import sympy as sp

from bounds.functions import NamedFunction
from bounds.proofs.proof import End, Proof
from bounds.theorem import Kind, Relation, Requirement, Theorem

__all__ = ["iterations_differ", "promise_differs", "requirement_differs"]


def iterations_differ(proof: Proof, theorem: Theorem) -> str:
    """A sentence when the record's count is not the one that is proved, else an empty one."""
    count = proof.iterations
    if _spellings(count.expression) != _spellings(theorem.iterations):
        return f"the record {theorem.key} counts {theorem.iterations}, proved is {count.expression}."
    # "Every N < x survives" makes T >= x necessary, but neither T > x necessary nor T >= x sufficient.
    if count.strict and (theorem.kind is Kind.UPPER or theorem.iterations.has(sp.floor)):
        return f"the record {theorem.key} counts {theorem.iterations}, proved for T > {count.expression} only."
    return ""


def requirement_differs(ends: tuple[End, ...], requirement: Requirement) -> str:
    """A sentence when a requirement is not what the proof uses up to positive factors, else an empty one."""
    if not ends:
        positive = requirement.left == 0 and requirement.relation is Relation.LESS and requirement.right.is_Symbol
        return "" if positive else f"{requirement} is not used in the proof."
    at_least = requirement.relation is Relation.AT_LEAST
    margin = requirement.left - requirement.right if at_least else requirement.right - requirement.left
    signs = (1, -1) if requirement.relation is Relation.EQUAL else (1,)
    margins = [margin] if len(ends) == 1 else _arguments(margin)
    for end in ends:
        fitting = (m for m in margins if any(_positive_multiple(sign * end.expression, m) for sign in signs))
        fit = next(fitting, None)
        if fit is None:
            return f"required is {requirement}, the proof uses {end.expression} >= 0 ({end.step}, {end.hypothesis})."
        if end.strict and requirement.relation is not Relation.LESS:
            return f"{requirement} has to be strict ({end.step}, {end.hypothesis})."
        margins.remove(fit)
    return f"{requirement}: the proof does not use {margins[0]} >= 0." if margins else ""


def _arguments(margin: Any) -> list[Any]:
    """The margins to the single arguments of the one minimum in a margin; its factor must be positive."""
    minima = margin.atoms(sp.Min)
    if len(minima) != 1:
        return [margin]
    (least,) = minima
    factor = sp.expand(margin.xreplace({least: sp.Integer(1)}) - margin.xreplace({least: sp.Integer(0)}))
    return [margin.xreplace({least: a}) for a in least.args] if _evidently_positive(factor) else [margin]


def _positive_multiple(found: Any, wanted: Any) -> bool:
    found, wanted = _rational(found), _rational(wanted)
    return bool(wanted != 0) and _evidently_positive(sp.cancel(found / wanted))


def promise_differs(proof: Proof, theorem: Theorem) -> str:
    """A sentence on the first field of the record that is not what the proof gives, else an empty one."""
    for field, value in proof.promise.items():
        found = getattr(theorem, field)
        if field == "methods":
            found = frozenset(method.key for method in found)
        if found != value and not _same_number(found, value):
            return f"the record {theorem.key} says {field} = {_shown(found)}, proved is {_shown(value)}."
    return ""


def _same_number(found: Any, value: Any) -> bool:
    numbers = isinstance(found, sp.Expr) and isinstance(value, sp.Expr)
    return numbers and _spellings(found) == _spellings(value)


def _spellings(expr: Any) -> frozenset[Any]:
    """Canonical forms of expressions whose largest is the given one; equal sets mean equal expressions."""
    return frozenset(sp.cancel(_rational(a)) for a in _alternatives(expr))


def _alternatives(expr: Any) -> list[Any]:
    """Expressions whose largest is the given one: nonnegative factors and summands are moved into a maximum."""
    if isinstance(expr, sp.Max):
        return [b for a in expr.args for b in _alternatives(a)]
    inner = [a for a in expr.args if a.has(sp.Max)] if expr.is_Mul or expr.is_Add else []
    if len(inner) != 1:
        return [expr]
    rest = expr.func(*(a for a in expr.args if a is not inner[0]))
    if expr.is_Mul and not rest.is_nonnegative:
        return [expr]
    return [expr.func(rest, a) for a in _alternatives(inner[0])]


def _rational(expr: Any) -> Any:
    """The expression with everything that is not a rational function replaced by symbols named after it."""
    if expr.is_Atom and (expr.is_Symbol or expr.is_Rational):
        return expr
    if expr.is_Add or expr.is_Mul or (expr.is_Pow and expr.exp.is_Integer):
        return expr.func(*map(_rational, expr.args))
    if isinstance(expr, sp.floor):
        inner = sorted(map(str, _spellings(expr.args[0])))
        return sp.Symbol(f"floor({'; '.join(inner)})", nonnegative=True)
    return sp.Symbol(str(expr), positive=expr.is_positive or isinstance(expr, NamedFunction) or None)


def _evidently_positive(product: Any) -> bool:
    """A product of positive numbers, signed symbols and their powers, without any sum."""
    factors = (f.base if isinstance(f, sp.Pow) else f for f in sp.Mul.make_args(product))
    return product != 0 and not product.has(sp.Add) and all(f.is_nonnegative for f in factors)


def _shown(value: Any) -> str:
    if isinstance(value, tuple | frozenset):
        value = sorted(value) if isinstance(value, frozenset) else value
        return "(" + ", ".join(map(_shown, value)) + ")"
    return str(getattr(value, "key", None) or getattr(value, "value", None) or value)
