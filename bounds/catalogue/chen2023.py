r"""Recursive variance reduction under alpha-symmetric generalized smoothness.

Setting: ||grad F(y) - grad F(x)|| <= (L0 + L1 max ||grad F||^alpha on [x, y]) ||y - x||, here alpha = 1; bounded
variance.
Metric: mean of E ||grad F(x_t)||.
Algorithm: SPIDER with normalized steps.
Guarantee: order eps^-3 stochastic gradients. The class contains polynomials and exponentials.
References: Z. Chen, Y. Zhou, Y. Liang, Z. Lu, "Generalized-smooth nonconvex optimization is as efficient as smooth
nonconvex optimization", ICML 2023, arXiv 2303.02854 (abstract).

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("spider-symmetric-order").complexity
unit_gradient**3/epsilon**3
"""

from __future__ import annotations

from bounds.catalogue.writing import outside
from bounds.smoothness import SYMMETRIC, Noise
from bounds.symbols import epsilon, unit_gradient
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="spider-symmetric-order",
        title="Recursive variance reduction under symmetric smoothness, order",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=outside("spider"),
        smoothness=SYMMETRIC,
        noise=Noise.VARIANCE,
        order_only=True,
        iterations=unit_gradient**3 / epsilon**3,
        source=Source(
            authors="Chen, Zhou, Liang, Lu",
            year=2023,
            title="Generalized-smooth nonconvex optimization is as efficient as smooth nonconvex optimization",
            venue="ICML 2023",
            locator="abstract",
            arxiv="2303.02854",
        ),
        provenance=Provenance.QUOTED,
        note="Only the power of eps is known here; other constants are the hidden unit u_G.",
    ),
)
