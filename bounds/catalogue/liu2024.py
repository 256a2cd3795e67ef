r"""Normalized momentum without clipping under heavy-tailed noise.

Setting: F L-smooth, F(x0) - inf F <= Delta; E ||g - grad F||^p <= sigma^p for some p in (1, 2].
Metric: mean of E ||grad F(x_t)||.
Algorithm: normalized SGD with momentum.
Guarantee: order eps^(-(3p-2)/(p-1)), which is eps^-4 at p = 2.
References: Z. Liu, Z. Zhou, "Nonconvex stochastic optimization under heavy-tailed noises: optimal convergence without
gradient clipping", ICLR 2025, arXiv 2412.19529; restated by Armacki et al.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("normalized-momentum-heavy-order").complexity
(unit_gradient/epsilon)**((3*p - 2)/(p - 1))
"""

from __future__ import annotations

from bounds.catalogue.writing import methods
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import epsilon, p, unit_gradient
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="normalized-momentum-heavy-order",
        title="Normalized momentum under heavy tails, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=methods("normalized-momentum"),
        smoothness=LIPSCHITZ,
        noise=Noise.HEAVY,
        order_only=True,
        iterations=(unit_gradient / epsilon) ** ((3 * p - 2) / (p - 1)),
        source=Source(
            authors="Liu, Zhou",
            year=2025,
            title="Nonconvex stochastic optimization under heavy-tailed noises: optimal convergence without gradient "
            "clipping",
            venue="ICLR 2025",
            locator="main theorem",
            arxiv="2412.19529",
        ),
        provenance=Provenance.RESTATED,
        note="Only the power of eps is known here; other constants are the hidden unit u_G.",
    ),
)
