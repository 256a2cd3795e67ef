r"""SGD itself needs eps^-4 on L-smooth functions.

Setting: F L-smooth, F(x0) - inf F <= Delta, unbiased gradients with variance at most sigma^2.
Metric: min of E ||grad F(x_t)||.
Algorithm: SGD.
Guarantee: lower bound Omega(L Delta sigma^2/eps^4).
References: Y. Drori, O. Shamir, "The complexity of finding stationary points with stochastic gradient descent", ICML
2020, arXiv 1910.01845; recalled.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("sgd-lower-order").complexity
Delta*L0*sigma**2/epsilon**4
"""

from __future__ import annotations

from bounds.catalogue.writing import methods
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import L0, Delta, epsilon, sigma
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="sgd-lower-order",
        title="SGD itself on L-smooth functions, order",
        kind=Kind.LOWER,
        criterion=Criterion.MIN,
        methods=methods("gd"),
        smoothness=LIPSCHITZ,
        noise=Noise.VARIANCE,
        order_only=True,
        scope="SGD",
        iterations=Delta * L0 * sigma**2 / epsilon**4,
        source=Source(
            authors="Drori, Shamir",
            year=2020,
            title="The complexity of finding stationary points with stochastic gradient descent",
            venue="ICML 2020",
            locator="main theorem",
            arxiv="1910.01845",
        ),
        provenance=Provenance.RECALLED,
        note="Order only.",
    ),
)
