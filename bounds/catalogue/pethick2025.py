r"""Clipping in any norm, normalized steps, and clipped momentum.

Setting: ||grad F(y) - grad F(x)||* <= (L0 + L1 ||grad F(x)||*) ||y - x|| on a ball, in any norm || || with dual norm
|| ||*; F(x0) - inf F <= Delta.
Metric: min of ||grad F(x_t)||*.
Algorithm: x' = x - eta min{1, tau/||g||*} g#, gamma = eta tau the largest step; normalized steps of length gamma.
Guarantee: see the records. The printed bound of the clipped method is sqrt(Delta/(eta n)) + 2 Delta/(eta tau n), and
for tau = L0/L1 the step is printed as 1/L0. Two corrections: (i) the mean of the squares over unclipped iterates is at
most 2 Delta/(eta n), so the first term is sqrt(2 Delta/(eta n)); the printed one fails for F(x) = L0 x^2/2 with L1 ->
0, n = 1, where g^2 = 2 L0 Delta. (ii) eta <= 1/(L0 + tau L1) is 1/(2 L0) at tau = L0/L1, not 1/L0.
References: T. Pethick et al., "Generalized gradient norm clipping and non-Euclidean (L0, L1)-smoothness", NeurIPS
2025, arXiv 2506.01913 (version 3), Proposition 4.1, Theorems 4.3, 4.5, 4.9; the corrected bound is proved in
docs/theory/literature.md, Theorem 11.

Example
-------
>>> from bounds import Criterion, Problem, evaluate, theorem_named
>>> from bounds.smoothness import FIRST_ORDER
>>> problem = Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01", smoothness=FIRST_ORDER, criterion=Criterion.MIN)
>>> evaluate(theorem_named("any-norm-clipping"), problem).iterations
238322
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import at_most, below, methods, ours, outside, smallest
from bounds.smoothness import FIRST_ORDER, HALF_BALL, LIPSCHITZ, Noise
from bounds.symbols import L0, L1, Delta, L, epsilon, eta, gamma, sigma
from bounds.theorem import Criterion, Kind, Limit, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Pethick, Xie, Erdogan, Antonakopoulos, Silveti-Falls, Cevher",
        year=2025,
        title="Generalized gradient norm clipping and non-Euclidean (L0, L1)-smoothness",
        venue="NeurIPS 2025",
        locator=locator,
        arxiv="2506.01913",
    )


# The largest root n of sqrt(2 Delta/(eta n)) + 2 Delta/(gamma n) = eps.
_ROOT = sp.sqrt(2 * Delta / eta)
_CLIPPED_COUNT = (_ROOT + sp.sqrt(_ROOT**2 + 8 * Delta * epsilon / gamma)) ** 2 / (4 * epsilon**2)

_ANY_NORM = Theorem(
    key="any-norm-clipping",
    title="Clipped gradient descent in any norm, corrected constants",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=(*methods("clipped-gd"), *outside("any-norm-clipped-gd")),
    smoothness=FIRST_ORDER,
    parameters=((eta, 1 / (2 * L0)), (gamma, 1 / (2 * L1))),
    requires=(at_most(eta * L0 + gamma * L1, 1, "the steps exceed eta <= 1/(L0 + tau L1)"),),
    iterations=_CLIPPED_COUNT,
    source=ours("Theorem 11"),
    provenance=Provenance.PROVED_HERE,
    proof="docs/theory/literature.md#Theorem 11",
    note="Corrects Theorem 4.3 of Pethick et al. (arXiv 2506.01913): sqrt(2 Delta/(eta n)) where sqrt(Delta/(eta n)) "
    "is printed (F = L0 x^2/2, n = 1, L1 -> 0 refutes it), and eta = 1/(2 L0) where 1/L0 is printed for tau = L0/L1.",
    limits=(Limit(symbol=L1, to=0, value=4 * L0 * Delta / epsilon**2, meaning="the L0-smooth rate at eta = 1/(2 L0)"),),
)

_NORMALIZED_SMOOTH = Theorem(
    key="normalized-gd-pethick",
    title="Normalized steps on L-smooth functions",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=methods("normalized-gd"),
    smoothness=LIPSCHITZ,
    parameters=((gamma, epsilon / L0),),
    requires=(below(L0 * gamma, 2 * epsilon, "the step length is too long for this eps"),),
    iterations=Delta / (gamma * (epsilon - L0 * gamma / 2)),
    source=_source("Proposition 4.1"),
    provenance=Provenance.QUOTED,
    note="min ||grad F||* <= Delta/(gamma n) + L gamma/2 in any norm; the step length is optimised here.",
)

_NORMALIZED = Theorem(
    key="normalized-gd-half-ball",
    title="Normalized steps on (L0, L1)-smooth functions",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=methods("normalized-gd"),
    smoothness=HALF_BALL,
    parameters=((gamma, smallest(epsilon / (4 * L0), 2 / (5 * L1))),),
    requires=(
        below(2 * L1 * gamma, 1, "the step length is not below 1/(2 L1)"),
        below(2 * L0 * gamma, epsilon, "the step length is too long for this eps"),
    ),
    iterations=2 * Delta / (gamma * (epsilon - 2 * L0 * gamma)),
    source=_source("Theorem 4.5"),
    provenance=Provenance.QUOTED,
    note="min ||grad F||* <= 2 Delta/(gamma n) + 2 L0 gamma in any norm; the step length is chosen here.",
    limits=(Limit(symbol=L1, to=0, value=16 * L0 * Delta / epsilon**2, meaning="8 times the textbook rate"),),
)

_MOMENTUM_ORDER = Theorem(
    key="clipped-momentum-pethick-order",
    title="Clipped momentum with bounded variance, order",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    methods=methods("momentum-clipping"),
    smoothness=FIRST_ORDER,
    noise=Noise.VARIANCE,
    order_only=True,
    iterations=(sp.sqrt(Delta * L0) + L1 * Delta + sigma + L / L1 + sp.sqrt((sigma + L / L1) * L0 / L1)) ** 4
    / epsilon**4,
    assumes=("F is L-smooth too",),
    source=_source("Theorem 4.9"),
    provenance=Provenance.QUOTED,
    note="Parameters alpha = n^(-1/2), gamma = n^(-1/2)/L0, threshold L0 n^(-1/4)/(2 L1) and the rate n^(-1/4) are "
    "quoted; the dependence on the constants is read off the printed bound.",
)

THEOREMS: tuple[Theorem, ...] = (_ANY_NORM, _NORMALIZED_SMOOTH, _NORMALIZED, _MOMENTUM_ORDER)
