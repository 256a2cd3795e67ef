r"""Lower bounds for stochastic first-order methods.

Setting: F L-smooth, F(x0) - inf F <= Delta, unbiased gradients with variance at most sigma^2; or mean-squared smooth
oracles.
Metric: min of E ||grad F(x_t)||.
Algorithm: zero-respecting methods (randomized ones in high dimension).
Guarantee: Omega(L Delta sigma^2/eps^4), and Omega(L Delta sigma/eps^3 + sigma^2/eps^2) for mean-squared smoothness.
References: Y. Arjevani, Y. Carmon, J. Duchi, D. Foster, N. Srebro, B. Woodworth, "Lower bounds for non-convex
stochastic optimization", Mathematical Programming 2023, arXiv 1912.02365. Orders are quoted from the abstract. The
count uses the structure of the construction as repeated in "Second-order information in non-convex stochastic
optimization" (COLT 2020, Appendix H.1) with the constants 152 (smoothness), 23 (largest coordinate) and 12 (gap)
re-derived.

Example
-------
>>> from bounds import LIPSCHITZ, Noise, Problem, evaluate, theorem_named
>>> problem = Problem.of(
...     L0=1, L1=0, Delta=5, epsilon="0.001", sigma=1, noise=Noise.VARIANCE, smoothness=LIPSCHITZ
... )
>>> evaluate(theorem_named("arjevani-lower"), problem).iterations
161390
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import EVERY_METHOD, largest, outside
from bounds.smoothness import LIPSCHITZ, MEAN_SQUARED, Noise
from bounds.symbols import L0, Delta, epsilon, sigma
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Arjevani, Carmon, Duchi, Foster, Srebro, Woodworth",
        year=2023,
        title="Lower bounds for non-convex stochastic optimization",
        venue="Mathematical Programming",
        locator=locator,
        arxiv="1912.02365",
    )


_LINKS = sp.floor(Delta * L0 / (4 * 12 * 152 * epsilon**2))

_COUNT = Theorem(
    key="arjevani-lower",
    title="Stochastic first-order methods, bounded variance",
    kind=Kind.LOWER,
    criterion=Criterion.MIN,
    methods=EVERY_METHOD,
    smoothness=LIPSCHITZ,
    noise=Noise.VARIANCE,
    scope="zero-respecting stochastic methods from x0 = 0, in high dimension",
    least_dimension=_LINKS,
    iterations=(_LINKS - 2) / 2 * largest(1, sigma**2 / (4 * 23**2 * epsilon**2)),
    source=_source("Theorem 3, with the constants of the construction"),
    provenance=Provenance.RESTATED,
    note="The structure is restated, the constants are re-derived; one link is given away because the buffer may start "
    "at the exact gradient. stochastic-chain-lower has a better constant and covers L1.",
)

_MEAN_SQUARED = Theorem(
    key="mean-squared-lower-order",
    title="Stochastic first-order methods, mean-squared smooth oracle, order",
    kind=Kind.LOWER,
    criterion=Criterion.MIN,
    methods=(*EVERY_METHOD, *outside("spider")),
    smoothness=MEAN_SQUARED,
    noise=Noise.VARIANCE,
    order_only=True,
    scope="all randomized methods with mean-squared smooth oracles, in high dimension",
    iterations=Delta * L0 * sigma / epsilon**3 + sigma**2 / epsilon**2,
    source=_source("abstract"),
    provenance=Provenance.QUOTED,
    note="Order only; recursive variance reduction attains it.",
)

THEOREMS: tuple[Theorem, ...] = (_COUNT, _MEAN_SQUARED)
