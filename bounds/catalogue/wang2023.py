r"""AdaGrad-Norm under (L0, L1)-smoothness.

Setting: F (L0, L1)-smooth; E ||g||^2 <= D0 + D1 ||grad F||^2.
Metric: mean of E ||grad F(x_t)||.
Algorithm: AdaGrad-Norm with step size eta < (1/L1) min{1/(64 D1), 1/(8 sqrt D1)}.
Guarantee: order eps^-4; for every eta > 9 sqrt(5)/(2 L1) it diverges on some function of the class.
References: B. Wang, H. Zhang, Z. Ma, W. Chen, "Convergence of AdaGrad for non-convex objectives: simple proofs and
relaxed assumptions", COLT 2023, arXiv 2305.18471.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("adagrad-norm-order").complexity
unit_gradient**4/epsilon**4
"""

from __future__ import annotations

from bounds.catalogue.writing import outside
from bounds.smoothness import Noise
from bounds.symbols import epsilon, unit_gradient
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="adagrad-norm-order",
        title="AdaGrad-Norm with a small step size, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=outside("adagrad-norm"),
        noise=Noise.VARIANCE,
        order_only=True,
        iterations=unit_gradient**4 / epsilon**4,
        assumes=("eta < (1/L1) min{1/(64 D1), 1/(8 sqrt D1)}",),
        source=Source(
            authors="Wang, Zhang, Ma, Chen",
            year=2023,
            title="Convergence of AdaGrad for non-convex objectives: simple proofs and relaxed assumptions",
            venue="COLT 2023",
            locator="theorem on (L0, L1)-smooth functions",
            arxiv="2305.18471",
        ),
        provenance=Provenance.QUOTED,
        note="The step condition is quoted; only the power of eps is known here, other constants are the hidden unit "
        "u_G.",
    ),
)
