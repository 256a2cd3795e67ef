r"""Adam under generalized smoothness.

Setting: ||Hess F|| <= L0 + L_rho ||grad F||^rho with rho < 2, here rho = 1; noise bounded by sigma.
Metric: mean of ||grad F(x_t)||^2, with high probability.
Algorithm: Adam with step size and 1 - beta of order eps^2, and a positive lambda.
Guarantee: order eps^-4, with a dependence lambda^-2.
References: H. Li, A. Rakhlin, A. Jadbabaie, "Convergence of Adam under relaxed assumptions", NeurIPS 2023, arXiv
2304.13972, Theorem 4.1.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("adam-order").complexity
unit_gradient**4/epsilon**4
"""

from __future__ import annotations

from bounds.catalogue.writing import outside
from bounds.smoothness import HESSIAN, Noise
from bounds.symbols import epsilon, unit_gradient
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="adam-order",
        title="Adam under generalized smoothness, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN_SQUARED,
        methods=outside("adam"),
        smoothness=HESSIAN,
        noise=Noise.BOUNDED,
        order_only=True,
        iterations=unit_gradient**4 / epsilon**4,
        source=Source(
            authors="Li, Rakhlin, Jadbabaie",
            year=2023,
            title="Convergence of Adam under relaxed assumptions",
            venue="NeurIPS 2023",
            locator="Theorem 4.1",
            arxiv="2304.13972",
        ),
        provenance=Provenance.QUOTED,
        note="Only the power of eps is known here; other constants are the hidden unit u_G.",
    ),
)
