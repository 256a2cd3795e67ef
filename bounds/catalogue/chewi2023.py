r"""The lower bound for gradient-only methods on L-smooth functions of Chewi, Bubeck and Salim.

Setting: F L-smooth, F(x0) - inf F <= Delta, every dimension.
Metric: min of ||grad F(x_t)||.
Algorithm: any deterministic method that uses gradients only.
Guarantee: lower bound; N >= L Delta/(32 eps^2) - 1 queries.
References: S. Chewi, S. Bubeck, A. Salim, "On the complexity of finding stationary points of smooth functions in one
dimension", ALT 2023, arXiv 2209.07513, Theorem 4.

Example
-------
>>> from bounds import Problem, evaluate, theorem_named
>>> evaluate(theorem_named("gradient-only-lower-chewi"), Problem.of(L0=1, L1=0, Delta=32, epsilon="0.1")).iterations
99
"""

from __future__ import annotations

from bounds.catalogue.writing import GRADIENT_METHODS
from bounds.smoothness import LIPSCHITZ
from bounds.symbols import L0, Delta, epsilon
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="gradient-only-lower-chewi",
        title="Gradient-only methods on L-smooth functions",
        kind=Kind.LOWER,
        criterion=Criterion.MIN,
        methods=GRADIENT_METHODS,
        smoothness=LIPSCHITZ,
        scope="all deterministic methods that see gradients only, in every dimension",
        iterations=L0 * Delta / (32 * epsilon**2) - 1,
        source=Source(
            authors="Chewi, Bubeck, Salim",
            year=2023,
            title="On the complexity of finding stationary points of smooth functions in one dimension",
            venue="ALT 2023",
            locator="Theorem 4",
            arxiv="2209.07513",
        ),
        provenance=Provenance.QUOTED,
        note="Dominated by gradient-only-lower, which has constant 1 in place of 1/32 and covers L1.",
    ),
)
