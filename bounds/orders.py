r"""The order of a bound, read off its exact expression.

In the corners of parameter space, where every constant is far larger or smaller than every other one, a bound is a
single monomial up to a factor. Its exponents are logarithmic derivatives there. Collecting the monomials of many
corners gives the sum inside the O(.), without anyone typing it.
"""

from __future__ import annotations

import functools
import random
from collections import Counter
from typing import Any

import mpmath
import sympy as sp

from bounds.functions import NamedFunction
from bounds.symbols import (
    L0,
    L1,
    Delta,
    L,
    M,
    R,
    beta,
    epsilon,
    epsilon_F,
    kappa,
    nu,
    p,
    sigma,
    unit_gradient,
    unit_length,
)
from bounds.theorem import Theorem

__all__ = ["leading_terms", "order_terms"]

_VARIABLES = (Delta, R, L0, L1, L, M, sigma, epsilon, epsilon_F)
_CORNERS = 150
_RANGE = 25
_DIGITS = 160


@functools.cache
def order_terms(theorem: Theorem) -> tuple[Any, ...]:
    """The monomials whose sum is the order of ``theorem.iterations`` with recommended parameters.

    Method parameters and hidden units count as constants; logarithmic factors and floors are dropped. An exponent
    that is itself a constant (the moment p of heavy-tailed noise) leaves the expression as it stands.
    """
    if p in theorem.complexity.free_symbols:
        return (theorem.complexity,)
    expr = _smooth(theorem.complexity)
    if expr.free_symbols - set(_VARIABLES):
        return ()  # it speaks about step sizes that only the user can name
    variables = [v for v in _VARIABLES if v in expr.free_symbols]
    function = sp.lambdify(variables, expr, modules="mpmath")
    parts = sorted({int(e.exp.q) for e in expr.atoms(sp.Pow) if e.exp.is_Rational})
    found: Counter[Any] = Counter()
    draw = random.Random(0)
    with mpmath.workdps(_DIGITS):
        for _ in range(_CORNERS):
            point = {v: mpmath.mpf(10) ** draw.uniform(-_RANGE, _RANGE) for v in (*variables, Delta, L0, L1, epsilon)}
            if epsilon_F in variables and point[epsilon_F] >= point[Delta]:
                continue
            # gap(eps) <= min{eps^2/(2 L0), eps/L1} must lie below Delta, else there is nothing to count.
            if point[Delta] < min(point[epsilon] ** 2 / point[L0], point[epsilon] / point[L1]):
                continue
            point = {v: point[v] for v in variables}
            if (term := _monomial(function, variables, point, parts)) is not None:
                found[term] += 1
    found.pop(sp.Integer(1), None)
    return tuple(sorted(found, key=lambda t: (_power_of_epsilon(t), str(t))))


def _power_of_epsilon(term: Any) -> Any:
    powers = term.as_powers_dict()
    return powers.get(epsilon, 0) + powers.get(epsilon_F, 0)


def _smooth(expr: Any) -> Any:
    """Named functions in closed form, method parameters and hidden units as numbers, floors dropped."""
    expr = expr.replace(lambda e: isinstance(e, NamedFunction), lambda e: e.explicit())
    expr = expr.replace(lambda e: isinstance(e, NamedFunction), lambda e: e.explicit())
    expr = expr.replace(lambda e: isinstance(e, sp.floor | sp.ceiling), lambda e: e.args[0])
    numbers = {beta: sp.Rational(1, 2), nu: sp.Rational(1, 2), kappa: sp.Rational(1, 5)}
    return expr.xreplace(numbers | {unit_gradient: sp.Integer(1), unit_length: sp.Integer(1)})


def _monomial(function: Any, variables: list[Any], point: dict[Any, Any], parts: list[int]) -> Any | None:
    """The monomial that agrees with the function near ``point``, or None when the point is not in a corner."""
    here = function(*point.values())
    # Below one iteration there is no growth to read off.
    if not (mpmath.isfinite(here) and mpmath.im(here) == 0 and here >= 1):
        return None
    term: Any = sp.Integer(1)
    for variable in variables:
        moved = point | {variable: 2 * point[variable]}
        there = function(*moved.values())
        if not there > 0:
            return None
        exponent = _exponent(mpmath.log(there / here, 2), parts)
        if exponent is None:
            return None
        term *= variable**exponent
    return term


def _exponent(slope: Any, parts: list[int]) -> Any | None:
    """The exponent that a slope shows: an integer, or a fraction with a denominator that the bound's roots have."""
    for part in (1, *parts):
        nearest = int(mpmath.nint(part * slope))
        # Logarithms bend integer slopes a little; between two corners a slope passes every fraction.
        tolerance = 0.1 if part == 1 else 0.005
        # A huge slope is cancellation beyond the working precision, not an exponent.
        if abs(slope - mpmath.mpf(nearest) / part) <= tolerance and abs(nearest) <= 8 * part:
            return sp.Rational(nearest, part)
    return None


def leading_terms(theorem: Theorem) -> tuple[Any, ...]:
    """The monomials of :func:`order_terms` with the highest power of 1/epsilon: what counts as epsilon -> 0."""
    terms = order_terms(theorem)
    return tuple(t for t in terms if _power_of_epsilon(t) == _power_of_epsilon(terms[0]))
