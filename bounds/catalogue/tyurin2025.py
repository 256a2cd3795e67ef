r"""Acceleration on convex functions under generalized smoothness.

Setting: F convex with ||Hess F|| <= L0 + L1 ||grad F|| and a minimizer at distance R; small eps_F.
Metric: F(x_T) - inf F.
Algorithm: an accelerated gradient method with steps adapted to l(u) = L0 + L1 u.
Guarantee: order sqrt(L0 R^2/eps_F) for small eps_F, which is optimal there; no factor exponential in L1 R.
References: A. Tyurin, "Near-optimal convergence of accelerated gradient methods under generalized and
(L0, L1)-smoothness", 2025, arXiv 2508.06884 (abstract).

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("accelerated-convex-order").complexity
sqrt(L0)*R/sqrt(epsilon_F)
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import outside
from bounds.smoothness import HESSIAN
from bounds.symbols import L0, R, epsilon_F
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="accelerated-convex-order",
        title="Accelerated gradient method on convex (L0, L1)-smooth functions, order",
        kind=Kind.UPPER,
        criterion=Criterion.VALUE,
        methods=outside("nesterov"),
        smoothness=HESSIAN,
        convex=True,
        guarantee=epsilon_F,
        order_only=True,
        iterations=sp.sqrt(L0 * R**2 / epsilon_F),
        source=Source(
            authors="Tyurin",
            year=2025,
            title="Near-optimal convergence of accelerated gradient methods under generalized and (L0, L1)-smoothness",
            venue="arXiv preprint",
            locator="abstract",
            arxiv="2508.06884",
        ),
        provenance=Provenance.QUOTED,
        note="Order for small eps_F; the phase before it is not in the abstract.",
    ),
)
