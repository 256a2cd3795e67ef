r"""The zero-chain lower bound for first-order methods.

Setting: F L-smooth, F(x0) - inf F <= Delta, high dimension.
Metric: min of ||grad F(x_t)||.
Algorithm: every deterministic or randomized first-order method.
Guarantee: lower bound Omega(L Delta/eps^2), sharp up to the constant.
References: Y. Carmon, J. Duchi, O. Hinder, A. Sidford, "Lower bounds for finding stationary points I", Mathematical
Programming 2020, arXiv 1710.11606 (abstract). zero-chain-lower has the constant, re-derived.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("carmon-order").complexity
Delta*L0/epsilon**2
"""

from __future__ import annotations

from bounds.catalogue.writing import FIRST_ORDER_METHODS
from bounds.smoothness import LIPSCHITZ
from bounds.symbols import L0, Delta, epsilon
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="carmon-order",
        title="First-order methods on L-smooth functions, order",
        kind=Kind.LOWER,
        criterion=Criterion.MIN,
        methods=FIRST_ORDER_METHODS,
        smoothness=LIPSCHITZ,
        order_only=True,
        scope="all first-order methods, deterministic or randomized, in high dimension",
        iterations=L0 * Delta / epsilon**2,
        source=Source(
            authors="Carmon, Duchi, Hinder, Sidford",
            year=2020,
            title="Lower bounds for finding stationary points I",
            venue="Mathematical Programming",
            locator="abstract",
            arxiv="1710.11606",
        ),
        provenance=Provenance.QUOTED,
        note="Order only; function values and randomness do not help in high dimension.",
    ),
)
