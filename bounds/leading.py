r"""Exact leading terms: an expression of the theory along a ray of constants.

Along L0 = l0 t^a, epsilon = e t^b, ... every bound behaves like c t^p as t -> infinity, up to logarithms. The
coefficient c is found exactly, rule by rule on the expression tree, including the Max, Min, roots, logarithms and named
functions of the records; sympy does not expand Max. A logarithm that grows is kept whole, as ln of the leading term
of its argument, so that it stays free of units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from bounds.functions import best_step, descent_factor, drop, gap, growth_factor, turn_length

__all__ = ["Growth", "UnknownGrowthError", "leading_term"]


class UnknownGrowthError(ArithmeticError):
    """The leading terms cancel, or the expression grows like an exponential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """``coefficient * t^power`` to leading order; the coefficient is nonzero, or the power is -infinity."""

    coefficient: Any
    power: Any

    def times(self, other: Growth) -> Growth:
        """The leading term of a product."""
        return _of(self.coefficient * other.coefficient, self.power + other.power)

    def to_the(self, exponent: Any) -> Growth:
        """The leading term of a power."""
        return _of(self.coefficient**exponent, self.power * exponent)


def _of(coefficient: Any, power: Any) -> Growth:
    return Growth(coefficient=coefficient, power=power if coefficient != 0 else -sp.oo)


_ONE = _of(sp.Integer(1), sp.Integer(0))
_ZERO = _of(sp.Integer(0), -sp.oo)


def leading_term(expr: Any, powers: Mapping[Any, Any]) -> Growth:
    """The leading term of ``expr`` when each symbol s of ``powers`` is s t^power with t -> infinity.

    Raises
    ------
    UnknownGrowthError : cancellation of leading terms, or exponential growth.
    """
    ray = _Ray(powers=powers)
    return _leading(expr.replace(lambda e: isinstance(e, sp.Max | sp.Min), lambda e: _winner(e, ray)), ray)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ray:
    """The powers of the symbols, and the leading terms found so far: sub-expressions repeat many times."""

    powers: Mapping[Any, Any]
    known: dict[Any, Growth] = field(default_factory=dict)


def _winner(expr: Any, ray: _Ray) -> Any:
    """The argument that a maximum or minimum ends at, if there is only one: terms may cancel once it is known."""
    try:
        ranks = [_leading(a, ray).power for a in expr.args]
    except UnknownGrowthError:
        return expr
    best = max(ranks) if isinstance(expr, sp.Max) else min(ranks)
    winners = [a for a, rank in zip(expr.args, ranks, strict=True) if rank == best]
    return expr.func(*winners)


def _leading(expr: Any, ray: _Ray) -> Growth:
    found = ray.known.get(expr)
    if found is None:
        found = ray.known[expr] = _find_leading(expr, ray)
    return found


def _find_leading(expr: Any, ray: _Ray) -> Growth:
    if expr.is_Symbol:
        return _of(expr, sp.sympify(ray.powers.get(expr, 0), strict=True))
    if not expr.free_symbols & ray.powers.keys():
        return _of(expr, sp.Integer(0)) if expr != 0 else _ZERO
    if expr.is_Mul:
        product = _ONE
        for part in expr.args:
            product = product.times(_leading(part, ray))
        return product
    if expr.is_Pow and expr.exp.is_Rational:
        return _leading(expr.base, ray).to_the(expr.exp)
    rule = _RULES.get(expr.func)
    if rule is None:
        raise UnknownGrowthError(f"no rule for the growth of {expr}")
    found: Growth = rule(expr, ray, tuple(_leading(a, ray) for a in expr.args))
    return found


def _sum(expr: Any, ray: _Ray, parts: tuple[Growth, ...]) -> Growth:
    power = max((p.power for p in parts), default=-sp.oo)
    total = sp.Add(*(p.coefficient for p in parts if p.power == power))
    if not total.is_positive and (total == 0 or sp.simplify(total) == 0):
        return _common_denominator(expr, ray)
    return _of(total, power)


def _common_denominator(expr: Any, ray: _Ray) -> Growth:
    """1 - (1 - x)/(1 + x) is 2 x/(1 + x): one fraction may cancel what its parts do not."""
    above, below = sp.together(expr).as_numer_denom()
    above = sp.expand(above)
    if below == 1 or above == 0 or above == expr:
        raise UnknownGrowthError("the leading terms of a sum cancel")
    return _leading(above, ray).times(_leading(below, ray).to_the(-1))


def _maximum(_expr: Any, _ray: Any, parts: tuple[Growth, ...]) -> Growth:
    positive = [p for p in parts if not p.coefficient.is_negative and p.coefficient != 0]
    power = max((p.power for p in positive), default=-sp.oo)
    return _of(sp.Max(*(p.coefficient for p in positive if p.power == power)), power)


def _minimum(_expr: Any, _ray: Any, parts: tuple[Growth, ...]) -> Growth:
    if any(p.coefficient.is_negative for p in parts):
        raise UnknownGrowthError("a minimum of negative terms")
    power = min(p.power for p in parts)
    return _of(sp.Min(*(p.coefficient for p in parts if p.power == power)), power)


def _logarithm(expr: Any, ray: _Ray, parts: tuple[Growth, ...]) -> Growth:
    (inner,) = parts
    if inner.power == 0 and inner.coefficient == 1:
        return _leading(sp.expand(expr.args[0] - 1), ray)
    return _of(sp.log(inner.coefficient), sp.Integer(0))


def _exponential(_expr: Any, _ray: Any, parts: tuple[Growth, ...]) -> Growth:
    (inner,) = parts
    if inner.power > 0:
        raise UnknownGrowthError("exponential growth")
    return _ONE if inner.power < 0 else _of(sp.exp(inner.coefficient), sp.Integer(0))


def _floor(_expr: Any, _ray: Any, parts: tuple[Growth, ...]) -> Growth:
    (inner,) = parts
    if inner.power < 0:
        return _ZERO
    return inner if inner.power > 0 else _of(sp.floor(inner.coefficient), sp.Integer(0))


def _near_one(expr: Any, _ray: Any, parts: tuple[Growth, ...]) -> Growth:
    """B(c) and C(c), which are 1 at c = 0."""
    (inner,) = parts
    if inner.power > 0:
        raise UnknownGrowthError("exponential growth")
    return _ONE if inner.power < 0 else _of(expr.func(inner.coefficient), sp.Integer(0))


def _steepness(parts: tuple[Growth, ...]) -> Growth:
    """s = L1 G/L0 of the arguments (L0, L1, G, ...)."""
    return parts[1].times(parts[2]).times(parts[0].to_the(-1)) if parts[0].coefficient != 0 else _of(sp.oo, sp.oo)


def _gap(_expr: Any, _ray: Any, parts: tuple[Growth, ...]) -> Growth:
    L0, L1, G = parts
    s = _steepness(parts).power
    if s < 0:
        return G.times(G).times(L0.to_the(-1)).times(_of(sp.Rational(1, 2), sp.Integer(0)))
    if s > 0:
        return G.times(L1.to_the(-1))
    return _of(gap(L0.coefficient, L1.coefficient, G.coefficient), G.power - L1.power)


def _turn_length(_expr: Any, _ray: Any, parts: tuple[Growth, ...]) -> Growth:
    L0, L1, G = parts
    s = _steepness(parts).power
    if s < 0:
        return G.times(L0.to_the(-1))
    if s > 0:
        return L1.to_the(-1).times(_of(sp.log(_steepness(parts).coefficient), sp.Integer(0)))
    return _of(turn_length(L0.coefficient, L1.coefficient, G.coefficient), -L1.power)


def _best_step(_expr: Any, _ray: Any, parts: tuple[Growth, ...]) -> Growth:
    L0, L1, G = parts
    s = _steepness(parts).power
    if s < 0:
        return G.times(L0.to_the(-1))
    if s > 0:
        return L1.to_the(-1).times(_of(sp.log(2), sp.Integer(0)))
    return _of(best_step(L0.coefficient, L1.coefficient, G.coefficient), -L1.power)


def _drop(expr: Any, ray: _Ray, parts: tuple[Growth, ...]) -> Growth:
    L0, L1, G, length = expr.args
    half = _leading(L1 * length / 2, ray)
    s = _steepness(parts).power
    if half.power < 0 or s < 0:  # the curvature hardly changes on the way
        reach = length / 2 if s > 0 else sp.Min(length / 2, G / L0 if s < 0 else turn_length(L0, L1, G))
        return _leading(2 * G * reach - (L0 + L1 * G) * reach**2, ray)
    if s > 0:  # exponential decay of the gradient from G towards zero
        far = half.power > 0 or any(f.free_symbols & ray.powers.keys() for f in half.coefficient.atoms(sp.log))
        decayed = sp.Integer(1) if far else 1 - sp.exp(-half.coefficient)
        return _leading(2 * G / L1, ray).times(_of(decayed, sp.Integer(0)))
    a, b, c = (p.coefficient for p in parts[:3])
    whole = 2 * turn_length(a, b, c)
    way = sp.Min(parts[3].coefficient, whole) if half.power == 0 else whole
    return _of(drop(a, b, c, way), parts[2].power - parts[1].power)


_RULES: dict[Any, Any] = {
    sp.Add: _sum,
    sp.Max: _maximum,
    sp.Min: _minimum,
    sp.log: _logarithm,
    sp.exp: _exponential,
    sp.floor: _floor,
    growth_factor: _near_one,
    descent_factor: _near_one,
    gap: _gap,
    turn_length: _turn_length,
    best_step: _best_step,
    drop: _drop,
}
