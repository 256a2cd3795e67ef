r"""Recursive variance reduction.

Setting: mean-squared L-smooth oracle, F(x0) - inf F <= Delta, variance at most sigma^2.
Metric: mean of E ||grad F(x_t)||.
Algorithm: SPIDER: gradient differences at the same sample, restarted with large batches, normalized steps.
Guarantee: order Delta L sigma/eps^3 stochastic gradients, which is optimal for this oracle.
References: C. Fang, C. Li, Z. Lin, T. Zhang, "SPIDER: near-optimal non-convex optimization via stochastic path
integrated differential estimator", NeurIPS 2018, arXiv 1807.01695; recalled.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("spider-order").complexity
Delta*L0*sigma/epsilon**3 + sigma**2/epsilon**2
"""

from __future__ import annotations

from bounds.catalogue.writing import outside
from bounds.smoothness import MEAN_SQUARED, Noise
from bounds.symbols import L0, Delta, epsilon, sigma
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="spider-order",
        title="Recursive variance reduction, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=outside("spider"),
        smoothness=MEAN_SQUARED,
        noise=Noise.VARIANCE,
        order_only=True,
        iterations=Delta * L0 * sigma / epsilon**3 + sigma**2 / epsilon**2,
        source=Source(
            authors="Fang, Li, Lin, Zhang",
            year=2018,
            title="SPIDER: near-optimal non-convex optimization via stochastic path integrated differential estimator",
            venue="NeurIPS 2018",
            locator="Theorem 1",
            arxiv="1807.01695",
        ),
        provenance=Provenance.RECALLED,
        note="Order only; counts stochastic gradients.",
    ),
)
