"""Small words for writing records."""

from __future__ import annotations

from typing import Any

import sympy as sp

from bounds.methods import CATALOGUE_METHODS, METHODS, CatalogueMethod, Method, catalogue_method, method_named
from bounds.theorem import Relation, Requirement, Source

__all__ = [
    "EVERY_METHOD",
    "FIRST_ORDER_METHODS",
    "GRADIENT_METHODS",
    "HARD_FAMILY",
    "SOFT_FAMILY",
    "at_least",
    "at_most",
    "below",
    "equal",
    "largest",
    "methods",
    "ours",
    "outside",
    "q",
    "smallest",
]


def _expression(side: Any) -> Any:
    return side if isinstance(side, sp.Basic) else sp.Integer(side)


def at_most(left: Any, right: Any, why: str) -> Requirement:
    """The requirement left <= right."""
    return Requirement(left=_expression(left), relation=Relation.AT_MOST, right=_expression(right), why=why)


def at_least(left: Any, right: Any, why: str) -> Requirement:
    """The requirement left >= right."""
    return Requirement(left=_expression(left), relation=Relation.AT_LEAST, right=_expression(right), why=why)


def below(left: Any, right: Any, why: str) -> Requirement:
    """The requirement left < right."""
    return Requirement(left=_expression(left), relation=Relation.LESS, right=_expression(right), why=why)


def equal(left: Any, right: Any, why: str) -> Requirement:
    """The requirement left = right."""
    return Requirement(left=_expression(left), relation=Relation.EQUAL, right=_expression(right), why=why)


def methods(*keys: str) -> tuple[Method, ...]:
    """The methods with these keys."""
    return tuple(method_named(key) for key in keys)


def outside(*keys: str) -> tuple[CatalogueMethod, ...]:
    """The methods outside the family with these keys."""
    return tuple(catalogue_method(key) for key in keys)


def ours(locator: str) -> Source:
    """The source of a statement proved in this repository."""
    return Source(
        authors="clipbounds",
        year=2026,
        title="clipbounds: executable convergence theory of clipped gradient methods",
        venue="documentation of this package",
        locator=locator,
    )


def largest(*expressions: Any) -> Any:
    """The maximum, not simplified: sympy would compare all pairs, which dominates the start of every command."""
    return sp.Max(*expressions, evaluate=False)


def smallest(*expressions: Any) -> Any:
    """The minimum, not simplified; see :func:`largest`."""
    return sp.Min(*expressions, evaluate=False)


HARD_FAMILY = methods("clipped-gd", "momentum-clipping", "mixed-clipping")
SOFT_FAMILY = methods("soft-clipped-gd", "soft-momentum-clipping", "soft-mixed-clipping")
EVERY_METHOD = METHODS
FIRST_ORDER_METHODS: tuple[Method | CatalogueMethod, ...] = (
    *METHODS,
    *(m for m in CATALOGUE_METHODS if m.deterministic),
)
"""Every deterministic method that sees function values and gradients only."""
GRADIENT_METHODS: tuple[Method | CatalogueMethod, ...] = (
    *METHODS,
    *outside("any-norm-clipped-gd", "short-reciprocal-gd", "nesterov", "ogm"),
)
"""Every deterministic method that sees gradients only."""


def q(beta: Any) -> Any:
    """1 - beta."""
    return 1 - beta
