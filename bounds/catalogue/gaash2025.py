r"""Clipped SGD on convex (L0, L1)-smooth functions with light-tailed noise.

Setting: F convex and (L0, L1)-smooth with a minimizer at distance R; noise bounded by sigma, or sub-Gaussian.
Metric: F - inf F at the average of the unclipped iterates, with high probability.
Algorithm: x' = Proj(x - eta min{1, c/||g'||} g) with a second, independent sample g' in the clip factor. Table 1: eta
= (1/16) min{1/(11 L0), 1/(L0 + sigma sqrt(T)/R)}, c = max{10 L0, sigma sqrt(T)/R}/L1.
Guarantee: with probability 1 - 2 delta, order log(T/delta) L0 R^2/T + log^2(T/delta) sigma R/sqrt(T) once T >= (2 +
log(T/delta)) (64 L1 R)^2.
References: O. Gaash, K. Levy, Y. Carmon, "Convergence of clipped SGD on convex (L0, L1)-smooth functions", NeurIPS
2025, arXiv 2502.16492, Theorem 1 and Table 1.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("clipped-sgd-convex-order").complexity
L0*R**2/epsilon_F + L1**2*R**2 + R**2*sigma**2/epsilon_F**2
"""

from __future__ import annotations

from bounds.catalogue.writing import outside
from bounds.smoothness import Noise
from bounds.symbols import L0, L1, R, epsilon_F, sigma
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="clipped-sgd-convex-order",
        title="Clipped SGD on convex functions, order",
        kind=Kind.UPPER,
        criterion=Criterion.VALUE,
        methods=outside("double-sampling-clipped-sgd"),
        noise=Noise.BOUNDED,
        convex=True,
        guarantee=epsilon_F,
        order_only=True,
        iterations=L0 * R**2 / epsilon_F + sigma**2 * R**2 / epsilon_F**2 + (L1 * R) ** 2,
        source=Source(
            authors="Gaash, Levy, Carmon",
            year=2025,
            title="Convergence of clipped SGD on convex (L0, L1)-smooth functions",
            venue="NeurIPS 2025",
            locator="Theorem 1",
            arxiv="2502.16492",
        ),
        provenance=Provenance.QUOTED,
        note="Logarithms in T and in the failure probability are dropped.",
    ),
)
