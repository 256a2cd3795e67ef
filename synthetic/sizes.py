"""Sizes of polynomials predicted without expanding them."""

from __future__ import annotations

import math
from typing import Any

import sympy as sp

from synthetic.brackets import Unknown

__all__ = ["MAX_TERMS", "expanded", "terms_bound"]

MAX_TERMS = 20_000


def terms_bound(formula: Any) -> int:
    """An upper bound of the number of terms after expansion."""
    if formula.is_Add:
        return sum(map(terms_bound, formula.args))
    if formula.is_Mul:
        return math.prod(map(terms_bound, formula.args))
    if formula.is_Pow and formula.exp.is_Integer and formula.exp > 0:
        terms = terms_bound(formula.base)
        # Above this many binomials are not worth computing.
        return math.comb(terms + int(formula.exp) - 1, int(formula.exp)) if terms <= MAX_TERMS else terms
    return max(map(terms_bound, formula.args), default=1)


def expanded(formula: Any, limit: int = MAX_TERMS) -> Any:
    """The formula expanded.

    Raises
    ------
    Unknown : it may have more than ``limit`` terms.
    """
    terms = terms_bound(formula)
    if terms > limit:
        raise Unknown(f"an expression of up to {terms:.3g} terms is too long to expand")
    return sp.expand(formula)
