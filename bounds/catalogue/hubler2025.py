r"""Normalization instead of clipping under heavy-tailed noise.

Setting: F L-smooth, F(x0) - inf F <= Delta; E ||g - grad F||^p <= sigma^p for some p in (1, 2].
Metric: mean of E ||grad F(x_t)||.
Algorithm: normalized SGD with minibatches or momentum.
Guarantee: order eps^(-(3p-2)/(p-1)), which is eps^-4 at p = 2.
References: F. Huebler, I. Fatkhullin, N. He, "From gradient clipping to normalization for heavy tailed SGD", AISTATS
2025, arXiv 2410.13849; the power of eps as restated by Armacki et al., the dependence on the constants recalled.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("normalized-sgd-heavy-order").complexity
Delta*L0*((sigma/epsilon)**(p/(p - 1)) + 1)/epsilon**2
"""

from __future__ import annotations

from bounds.catalogue.writing import methods
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import L0, Delta, epsilon, p, sigma
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="normalized-sgd-heavy-order",
        title="Normalized SGD under heavy tails, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=methods("normalized-gd", "normalized-momentum"),
        smoothness=LIPSCHITZ,
        noise=Noise.HEAVY,
        order_only=True,
        iterations=Delta * L0 / epsilon**2 * (1 + (sigma / epsilon) ** (p / (p - 1))),
        source=Source(
            authors="Huebler, Fatkhullin, He",
            year=2025,
            title="From gradient clipping to normalization for heavy tailed SGD",
            venue="AISTATS 2025",
            locator="rate of normalized SGD",
            arxiv="2410.13849",
        ),
        provenance=Provenance.RECALLED,
        note="The power of eps is restated, the dependence on Delta, L and sigma recalled.",
    ),
)
