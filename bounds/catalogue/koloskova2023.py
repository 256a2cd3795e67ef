r"""Clipped gradient descent with any threshold.

Setting: F (L0, L1)-smooth (first-order form), F(x0) - inf F <= Delta; or convex and L-smooth as well.
Metric: mean of ||grad F(x_t)||; F(x_t) - inf F for convex F.
Algorithm: x' = x - eta min{1, c/||g||} g with eta <= 1/(9 (L0 + c L1)), any threshold c.
Guarantee: mean <= O(sqrt(Delta/(eta T)) + Delta/(eta c T)); convex: O(L0 R^2/T + L L1^2 R^4/T^2). With noise of bounded
variance clipped SGD does not converge for any small step: it stalls at Omega(min{sigma, sigma^2/c}).
References: A. Koloskova, H. Hendrikx, S. Stich, "Revisiting gradient clipping: stochastic bias and tight convergence
guarantees", ICML 2023, arXiv 2305.01588, Theorems 2.1 and 2.3; restated in lecture notes and in Takezawa et al. 2024.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("any-threshold-clipped-gd-order").complexity
Delta*L0/epsilon**2 + 2*Delta*L1/epsilon
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import methods
from bounds.smoothness import FIRST_ORDER
from bounds.symbols import L0, L1, Delta, L, R, epsilon, epsilon_F
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Koloskova, Hendrikx, Stich",
        year=2023,
        title="Revisiting gradient clipping: stochastic bias and tight convergence guarantees",
        venue="ICML 2023",
        locator=locator,
        arxiv="2305.01588",
    )


_ANY_THRESHOLD = Theorem(
    key="any-threshold-clipped-gd-order",
    title="Clipped gradient descent with threshold L0/L1, order",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    methods=methods("clipped-gd"),
    smoothness=FIRST_ORDER,
    order_only=True,
    iterations=Delta * L0 / epsilon**2 + 2 * Delta * L1 / epsilon,
    source=_source("Theorem 2.1"),
    provenance=Provenance.RESTATED,
    note="With any threshold c: eta = 1/(9 (L0 + c L1)) and Delta/(eta eps^2) + Delta/(eta c eps). Under noise of "
    "bounded variance clipping is biased: clipped SGD stalls at Omega(min{sigma, sigma^2/c}) (form recalled).",
)

_CONVEX = Theorem(
    key="clipped-gd-convex-order",
    title="Clipped gradient descent on convex functions, order",
    kind=Kind.UPPER,
    criterion=Criterion.VALUE,
    methods=methods("clipped-gd"),
    smoothness=FIRST_ORDER,
    convex=True,
    guarantee=epsilon_F,
    order_only=True,
    iterations=L0 * R**2 / epsilon_F + sp.sqrt(L * L1**2 * R**4 / epsilon_F),
    assumes=("F is L-smooth too",),
    source=_source("Theorem 2.3"),
    provenance=Provenance.RESTATED,
    note="Order only; later work removes the extra L-smoothness.",
)

THEOREMS: tuple[Theorem, ...] = (_ANY_THRESHOLD, _CONVEX)
