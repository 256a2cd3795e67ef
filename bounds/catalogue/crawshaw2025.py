r"""A lower bound for AdaGrad-type methods under (L0, L1)-smoothness.

Setting: F (L0, L1)-smooth, F(x0) - inf F <= Delta; stochastic gradients with noise level sigma.
Metric: min of E ||grad F(x_t)||.
Algorithm: decorrelated AdaGrad-Norm.
Guarantee: lower bound Omega(Delta^2 L1^2 sigma^2/eps^4): quadratic in Delta and L1, where clipping is linear in Delta
and free of L1 in the leading term.
References: M. Crawshaw, M. Liu, "Complexity lower bounds of adaptive gradient algorithms for non-convex stochastic
optimization under relaxed smoothness", ICLR 2025, arXiv 2505.04599 (abstract).

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("adagrad-norm-lower-order").complexity
Delta**2*L1**2*sigma**2/epsilon**4
"""

from __future__ import annotations

from bounds.catalogue.writing import outside
from bounds.smoothness import Noise
from bounds.symbols import L1, Delta, epsilon, sigma
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="adagrad-norm-lower-order",
        title="AdaGrad-Norm under (L0, L1)-smoothness, order",
        kind=Kind.LOWER,
        criterion=Criterion.MIN,
        methods=outside("adagrad-norm"),
        noise=Noise.BOUNDED,
        order_only=True,
        scope="decorrelated AdaGrad-Norm",
        iterations=Delta**2 * L1**2 * sigma**2 / epsilon**4,
        source=Source(
            authors="Crawshaw, Liu",
            year=2025,
            title="Complexity lower bounds of adaptive gradient algorithms for non-convex stochastic optimization "
            "under relaxed smoothness",
            venue="ICLR 2025",
            locator="abstract",
            arxiv="2505.04599",
        ),
        provenance=Provenance.QUOTED,
        note="Order only; the noise model is that of the paper. Three variants of AdaGrad are at least quadratic in "
        "Delta, L0, L1.",
    ),
)
