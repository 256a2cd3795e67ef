r"""Where a bound goes when one constant becomes extreme, and where its regimes meet.

The leading term keeps the exact coefficient: the ratio of the bound to it tends to one. The terms of a bound are the
monomials that dominate it in the corners of parameter space, with their coefficients there; two neighbouring terms
balance at a boundary, which is an expression such as epsilon = (9/8) L0/L1.
"""

from __future__ import annotations

import functools
import itertools
import random
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bounds.applicability import substitute
from bounds.calculator import Bound
from bounds.errors import InputError
from bounds.leading import UnknownGrowthError, leading_term
from bounds.quantities import QUANTITIES
from bounds.symbols import L0, L1, Delta, epsilon
from bounds.theorem import Theorem

__all__ = ["LIMITS", "Asymptotics", "Boundary", "asymptotics", "corner_terms", "dominant_term"]

LIMITS: dict[str, int] = {"epsilon": -1, "sigma": -1, "L1": 1, "Delta": 1, "M": 1, "R": 1}
"""The limits that :func:`asymptotics` knows: each constant tends to 0 (-1) or to infinity (1)."""

_METHOD_PARAMETERS = {"beta", "nu", "kappa", "p", "T", "unit_gradient", "unit_length"}
_VARIABLES = tuple(q.symbol for q in QUANTITIES if q.name not in _METHOD_PARAMETERS)
_NOTHING, _BEYOND, _THOUSANDTHS = sp.Integer(-(10**6)), 1e6, sp.Rational(1, 1000)
_RAYS = 150
_POWERS = 97


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """The terms ``below`` and ``above`` of a bound are equal at ``symbol = at``; ``above`` wins for larger symbols."""

    symbol: Any
    below: Any
    above: Any
    at: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Asymptotics:
    """A bound as one constant becomes extreme.

    Attributes
    ----------
    leading : the bound divided by ``leading`` tends to 1 (exactly, with its coefficient).
    terms : the monomials that dominate the bound somewhere, with their coefficients.
    boundaries : where neighbouring terms balance, as values of the constant, in the order of growing powers.
    """

    theorem: Theorem
    symbol: Any
    to: Any
    leading: Any
    terms: tuple[Any, ...]
    boundaries: tuple[Boundary, ...]


def asymptotics(theorem: Theorem, limit: str) -> Asymptotics:
    """The leading term of ``theorem.complexity`` in a limit of :data:`LIMITS`, all other constants fixed.

    An own lower bound speaks about step sizes, which stay fixed too.

    Raises
    ------
    InputError : an unknown limit, or a bound without one in it (it does not contain the constant, or grows faster than
        every power).
    """
    if limit not in LIMITS:
        raise InputError(f"limit {limit!r} is unknown; known: {', '.join(LIMITS)}.")
    direction, expr = LIMITS[limit], theorem.complexity
    symbol = _target(theorem) if limit == "epsilon" else next((s for s in _VARIABLES if s.name == limit), None)
    if symbol not in expr.free_symbols:
        raise InputError(f"{theorem.key} does not depend on {limit}, so it has no limit in it.")
    try:
        found = leading_term(expr, {symbol: sp.Integer(direction)})
    except UnknownGrowthError as error:
        raise InputError(f"{theorem.key} has no leading power as {limit} becomes extreme: {error}.") from None
    terms = corner_terms(theorem)
    return Asymptotics(
        theorem=theorem,
        symbol=symbol,
        to=sp.oo if direction > 0 else sp.Integer(0),
        leading=_tidy(found.coefficient),  # it contains the constant already, to its power
        terms=terms,
        boundaries=_boundaries(terms, symbol),
    )


def _tidy(leading: Any) -> Any:
    monomial = _monomial(leading, sorted(leading.free_symbols, key=str))
    if monomial is not None:
        return monomial
    # Simplification of long expressions takes seconds and seldom shortens them.
    return sp.simplify(leading) if sp.count_ops(leading) < 40 else leading


def _target(theorem: Theorem) -> Any:
    """The symbol of what is made small."""
    (symbol,) = theorem.guarantee.free_symbols
    return symbol


@functools.cache
def corner_terms(theorem: Theorem) -> tuple[Any, ...]:
    """The monomials, with exact coefficients, that dominate the bound along generic rays of constants.

    Along a ray every constant is a power of t. Rays on which the initial gap is below the gap that any point of
    gradient norm epsilon has are left out: there is nothing to count.
    """
    expr = theorem.complexity
    variables = [v for v in _VARIABLES if v in expr.free_symbols]
    draw = random.Random(0)
    # In a fixed order, so that the rays are the same in every process.
    moving = tuple(dict.fromkeys((*variables, Delta, L0, L1, epsilon)))
    found: set[Any] = set()
    for _ in range(_RAYS):
        powers = {v: sp.Integer(draw.randint(-_POWERS, _POWERS)) for v in moving}
        least = min(2 * powers[epsilon] - powers[L0], powers[epsilon] - powers[L1])
        if _target(theorem) == epsilon and powers[Delta] <= least:
            continue
        try:
            term = leading_term(expr, {v: powers[v] for v in variables})
        except UnknownGrowthError:
            continue
        if term.power > 0 and (monomial := _monomial(term.coefficient, variables)) is not None:
            found.add(monomial)
    return tuple(sorted(found, key=str))


def dominant_term(bound: Bound) -> Any | None:
    """The part of a bound that dominates at its constants, judged by powers: numerical factors do not count.

    It is the leading term along the ray through the constants themselves. None when leading terms cancel on it.
    """
    values = bound.application.values
    powers = {
        symbol: _NOTHING if value.is_zero else _THOUSANDTHS * round(1000 * _log10(value))
        for symbol, value in values.items()
        if symbol.name not in _METHOD_PARAMETERS
    }
    expr = bound.theorem.iterations
    for symbol, recommended in reversed(bound.theorem.parameters):
        if substitute(recommended, values) == values[symbol]:
            expr = expr.xreplace({symbol: recommended})
    expr = expr.xreplace({s: v for s, v in values.items() if s.name in _METHOD_PARAMETERS})
    try:
        return _tidy(leading_term(expr, powers).coefficient)
    except UnknownGrowthError:
        return None


def _log10(value: Any) -> float:
    return float(sp.log(value, 10).evalf(15)) if not value.is_infinite else _BEYOND


def _monomial(term: Any, variables: list[Any]) -> Any | None:
    """The term as number times powers of the variables, or None when it is no positive monomial."""
    if term.has(sp.Max, sp.Min, sp.oo, sp.nan, sp.zoo):
        return None
    powers = sp.Integer(1)
    for variable in variables:
        exponent = variable * term.diff(variable) / term
        if not exponent.is_number and not (exponent := sp.simplify(exponent)).is_number:
            return None
        powers *= variable ** sp.nsimplify(exponent)
    coefficient = term.xreplace(dict.fromkeys(variables, sp.Integer(1)))
    return coefficient * powers if sp.N(coefficient) > 0 else None


def _boundaries(terms: tuple[Any, ...], symbol: Any) -> tuple[Boundary, ...]:
    groups: dict[Any, list[Any]] = {}
    for term in terms:
        groups.setdefault(term.as_powers_dict().get(symbol, sp.Integer(0)), []).append(term)
    ordered = [(power, sp.Add(*groups[power])) for power in sorted(groups)]
    found = []
    for (low, below), (high, above) in itertools.pairwise(ordered):
        ratio = sp.simplify((below / symbol**low) / (above / symbol**high))
        found.append(Boundary(symbol=symbol, below=below, above=above, at=ratio ** (1 / (high - low))))
    return tuple(found)
