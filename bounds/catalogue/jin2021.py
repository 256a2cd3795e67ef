r"""Normalized SGD with momentum under (L0, L1)-smoothness.

Setting: F (L0, L1)-smooth, F(x0) - inf F <= Delta; noise of bounded variance sigma^2.
Metric: mean of E ||grad F(x_t)||.
Algorithm: m' = beta m + (1 - beta) g, x' = x - gamma m'/||m'||, gamma of order 1/L1 at most.
Guarantee: order Delta L0 sigma^2/eps^4.
References: J. Jin, B. Zhang, H. Wang, L. Wang, "Non-convex distributionally robust optimization: non-asymptotic
analysis", NeurIPS 2021, arXiv 2110.12459, Lemma 3.8 and Theorem 3.5.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("normalized-sgd-momentum-jin-order").complexity
Delta*L0*sigma**2/epsilon**4
"""

from __future__ import annotations

from bounds.catalogue.writing import methods
from bounds.smoothness import FIRST_ORDER, Noise
from bounds.symbols import L0, Delta, epsilon, sigma
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="normalized-sgd-momentum-jin-order",
        title="Normalized SGD with momentum under (L0, L1)-smoothness, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=methods("normalized-momentum"),
        smoothness=FIRST_ORDER,
        noise=Noise.VARIANCE,
        order_only=True,
        iterations=Delta * L0 * sigma**2 / epsilon**4,
        source=Source(
            authors="Jin, Zhang, Wang, Wang",
            year=2021,
            title="Non-convex distributionally robust optimization: non-asymptotic analysis",
            venue="NeurIPS 2021",
            locator="Theorem 3.5",
            arxiv="2110.12459",
        ),
        provenance=Provenance.QUOTED,
        note="Order for small eps; normalized-sgd-momentum has constants.",
    ),
)
