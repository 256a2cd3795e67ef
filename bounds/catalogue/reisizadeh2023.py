r"""Variance-reduced clipping.

Setting: (L0, L1)-smooth, stochastic gradients of bounded variance.
Metric: mean of E ||grad F(x_t)||.
Algorithm: clipped steps along the SPIDER estimate.
Guarantee: order eps^-3 stochastic gradients; sqrt(n) eps^-2 + n for a finite sum of n functions.
References: A. Reisizadeh, H. Li, S. Das, A. Jadbabaie, "Variance-reduced clipping for non-convex optimization", 2023,
arXiv 2303.00883 (abstract).

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("clipped-spider-order").complexity
unit_gradient**3/epsilon**3
"""

from __future__ import annotations

from bounds.catalogue.writing import outside
from bounds.smoothness import Noise
from bounds.symbols import epsilon, unit_gradient
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="clipped-spider-order",
        title="Variance-reduced clipping, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=outside("clipped-spider"),
        noise=Noise.VARIANCE,
        order_only=True,
        iterations=unit_gradient**3 / epsilon**3,
        source=Source(
            authors="Reisizadeh, Li, Das, Jadbabaie",
            year=2023,
            title="Variance-reduced clipping for non-convex optimization",
            venue="arXiv preprint",
            locator="abstract",
            arxiv="2303.00883",
        ),
        provenance=Provenance.QUOTED,
        note="Only the power of eps is known here; other constants are the hidden unit u_G.",
    ),
)
