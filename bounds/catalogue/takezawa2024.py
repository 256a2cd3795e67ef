r"""Polyak's step on convex functions that are (L0, L1)-smooth and L-smooth.

Setting: F convex, (L0, L1)-smooth (first-order form) and L-smooth, with a minimizer at distance R.
Metric: min of F(x_t) - inf F over t = 0..T-1.
Algorithm: x' = x - (F(x) - inf F)/||g||^2 g.
Guarantee: min <= 8 L0 R^2/T + 64 L L1^2 R^4/T^2; a parameter-free variant pays sqrt(T).
References: Y. Takezawa, H. Bao, R. Sato, K. Niwa, M. Yamada, "Parameter-free clipped gradient descent meets Polyak",
NeurIPS 2024, arXiv 2405.15010, Theorems 4 and 5.

Example
-------
>>> from bounds import Criterion, Problem, evaluate, theorem_named
>>> from bounds.smoothness import FIRST_ORDER
>>> problem = Problem.of(
...     L0=1, L1=1, Delta=5, epsilon="0.1", R=2, smoothness=FIRST_ORDER, criterion=Criterion.VALUE, convex=True
... )
>>> evaluate(theorem_named("polyak-gd-takezawa"), problem, {"L": 10}).iterations
518
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import outside
from bounds.smoothness import FIRST_ORDER
from bounds.symbols import L0, L1, L, R, epsilon_F
from bounds.theorem import Criterion, Kind, Limit, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Takezawa, Bao, Sato, Niwa, Yamada",
        year=2024,
        title="Parameter-free clipped gradient descent meets Polyak",
        venue="NeurIPS 2024",
        locator=locator,
        arxiv="2405.15010",
    )


# The root T of 8 L0 R^2/T + 64 L L1^2 R^4/T^2 = eps_F.
_LINEAR = 8 * L0 * R**2

_POLYAK = Theorem(
    key="polyak-gd-takezawa",
    title="Polyak's step on convex functions, with L-smoothness",
    kind=Kind.UPPER,
    criterion=Criterion.VALUE,
    methods=outside("polyak-gd"),
    smoothness=FIRST_ORDER,
    convex=True,
    guarantee=epsilon_F,
    iterations=(_LINEAR + sp.sqrt(_LINEAR**2 + 256 * L * L1**2 * R**4 * epsilon_F)) / (2 * epsilon_F),
    assumes=("F is L-smooth too",),
    source=_source("Theorem 4"),
    provenance=Provenance.QUOTED,
    note="8 L0 R^2/T + 64 L L1^2 R^4/T^2, solved for T.",
    limits=(Limit(symbol=L1, to=0, value=8 * L0 * R**2 / epsilon_F, meaning="the L0-smooth rate 8 L0 R^2/eps_F"),),
)

_INEXACT = Theorem(
    key="inexact-polyak-order",
    title="Inexact Polyak step, parameter-free, order",
    kind=Kind.UPPER,
    criterion=Criterion.VALUE,
    methods=outside("polyak-gd"),
    smoothness=FIRST_ORDER,
    convex=True,
    guarantee=epsilon_F,
    order_only=True,
    iterations=(L0 * R**2) ** 2 / epsilon_F**2 + L * L1**2 * R**4 / epsilon_F,
    assumes=("F is L-smooth too", "the lower estimate used in the step is inf F up to L0 R^2"),
    source=_source("Theorem 5"),
    provenance=Provenance.QUOTED,
    note="With a lower estimate l of inf F and s = inf F - l the bound has L0 R^2 + s in place of L0 R^2 and a term "
    "L1^2 L s^2/(L0^2 T).",
)

THEOREMS: tuple[Theorem, ...] = (_POLYAK, _INEXACT)
