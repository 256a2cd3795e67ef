r"""Clipped normalized momentum under heavy-tailed noise, with high probability.

Setting: F L-smooth, F(x0) - inf F <= Delta; E ||g - grad F||^p <= sigma^p for some p in (1, 2].
Metric: mean of ||grad F(x_t)||, with high probability.
Algorithm: normalized momentum of clipped gradients.
Guarantee: order eps^(-(3p-2)/(p-1)), which is eps^-4 at p = 2.
References: A. Cutkosky, H. Mehta, "High-probability bounds for non-convex stochastic optimization with heavy tails",
NeurIPS 2021, arXiv 2106.14343; restated by Armacki et al.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("clipped-normalized-momentum-heavy-order").complexity
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
        key="clipped-normalized-momentum-heavy-order",
        title="Normalized momentum of clipped gradients under heavy tails, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=methods("normalized-momentum"),
        smoothness=LIPSCHITZ,
        noise=Noise.HEAVY,
        order_only=True,
        iterations=(unit_gradient / epsilon) ** ((3 * p - 2) / (p - 1)),
        source=Source(
            authors="Cutkosky, Mehta",
            year=2021,
            title="High-probability bounds for non-convex stochastic optimization with heavy tails",
            venue="NeurIPS 2021",
            locator="main theorem",
            arxiv="2106.14343",
        ),
        provenance=Provenance.RESTATED,
        note="With high probability, logarithms dropped. Only the power of eps is known here; other constants are the"
        " hidden unit u_G.",
    ),
)
