r"""Clipped SGD under heavy-tailed noise, with high probability.

Setting: F L-smooth, F(x0) - inf F <= Delta; E ||g - grad F||^p <= sigma^p for some p in (1, 2].
Metric: mean of ||grad F(x_t)||^2, with high probability.
Algorithm: clipped SGD.
Guarantee: order eps^(-(3p-2)/(p-1)), which is eps^-4 at p = 2.
References: T. D. Nguyen, T. H. Nguyen, A. Ene, H. Nguyen, "Improved convergence in high probability of clipped
gradient methods with heavy tailed noise", NeurIPS 2023, arXiv 2304.01119; restated by Armacki et al.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("clipped-sgd-heavy-probability-order").complexity
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
        key="clipped-sgd-heavy-probability-order",
        title="Clipped SGD under heavy tails with high probability, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN_SQUARED,
        methods=methods("clipped-gd"),
        smoothness=LIPSCHITZ,
        noise=Noise.HEAVY,
        order_only=True,
        iterations=(unit_gradient / epsilon) ** ((3 * p - 2) / (p - 1)),
        source=Source(
            authors="Nguyen, Nguyen, Ene, Nguyen",
            year=2023,
            title="Improved convergence in high probability of clipped gradient methods with heavy tailed noise",
            venue="NeurIPS 2023",
            locator="non-convex rate",
            arxiv="2304.01119",
        ),
        provenance=Provenance.RESTATED,
        note="With high probability, optimal in eps. Only the power of eps is known here; other constants are the "
        "hidden unit u_G.",
    ),
)
