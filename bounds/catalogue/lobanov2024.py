r"""Linear convergence of gradient descent on convex functions while the gradient is large; throughout when L0 = 0.

Setting: F convex and (L0, L1)-smooth with a minimizer at distance R. With L0 = 0 there is none; then R is the distance
to any point z, and gaps are measured from F(z) instead of inf F.
Metric: F(x_t) - inf F.
Algorithm: x' = x - g/(L0 + L1 ||g||), clipped and normalized variants.
Guarantee: F(x_t) - inf F shrinks by a constant factor per step while ||g|| >= L0/L1, in particular always when L0 = 0;
order L1 R log(Delta/eps_F) plus the sublinear phase.
References: A. Lobanov, A. Gasnikov, E. Gorbunov, M. Takac, "Linear convergence rate in convex setup is possible!
Gradient descent method variants under (L0, L1)-smoothness", arXiv 2412.17050 (abstract). The record with constants is
our own, docs/theory/literature.md, Theorem 12.

Example
-------
>>> from bounds import Criterion, Problem, evaluate, theorem_named
>>> from bounds.smoothness import FIRST_ORDER
>>> problem = Problem.of(
...     L0=0, L1=1, Delta=5, epsilon="1e-9", R=2, smoothness=FIRST_ORDER, criterion=Criterion.VALUE, convex=True
... )
>>> evaluate(theorem_named("reciprocal-gd-convex"), problem).iterations
91
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import methods, ours
from bounds.smoothness import FIRST_ORDER
from bounds.symbols import L0, L1, Delta, R, epsilon_F
from bounds.theorem import Criterion, Kind, Limit, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

_RECIPROCAL = Theorem(
    key="reciprocal-gd-convex",
    title="Gradient descent with step 1/(L0 + L1 ||grad F||) on convex functions",
    kind=Kind.UPPER,
    criterion=Criterion.VALUE,
    methods=methods("reciprocal-gd"),
    smoothness=FIRST_ORDER,
    convex=True,
    guarantee=epsilon_F,
    assumes=("without a minimizer, R is the distance to a point z and gaps are measured from F(z)",),
    iterations=2 * L0 * R**2 * (1 / epsilon_F - 1 / Delta) + 2 * L1 * R * sp.log(Delta / epsilon_F) + 1,
    source=ours("Theorem 12"),
    provenance=Provenance.PROVED_HERE,
    proof="docs/theory/literature.md#Theorem 12",
    note="Linear convergence, 2 L1 R ln(Delta/eps_F) steps, when L0 = 0; no L-smoothness, nothing exponential in L1 R.",
    limits=(
        Limit(
            symbol=L0,
            to=0,
            value=2 * L1 * R * sp.log(Delta / epsilon_F) + 1,
            meaning="linear convergence without L0",
        ),
        Limit(
            symbol=L1,
            to=0,
            value=2 * L0 * R**2 * (1 / epsilon_F - 1 / Delta) + 1,
            meaning="the L0-smooth rate 2 L0 R^2/eps_F",
        ),
    ),
)

_LINEAR_ORDER = Theorem(
    key="linear-convex-order",
    title="Linear convergence on convex functions when L0 = 0, order",
    kind=Kind.UPPER,
    criterion=Criterion.VALUE,
    methods=methods("reciprocal-gd", "clipped-gd", "normalized-gd"),
    smoothness=FIRST_ORDER,
    convex=True,
    guarantee=epsilon_F,
    order_only=True,
    iterations=L1 * R * sp.log(Delta / epsilon_F),
    assumes=("L0 = 0",),
    source=Source(
        authors="Lobanov, Gasnikov, Gorbunov, Takac",
        year=2024,
        title="Linear convergence rate in convex setup is possible! Gradient descent method variants under "
        "(L0, L1)-smoothness",
        venue="arXiv preprint",
        locator="abstract",
        arxiv="2412.17050",
    ),
    provenance=Provenance.QUOTED,
    note="That convergence is linear is quoted; the factor L1 R is derived.",
)

THEOREMS: tuple[Theorem, ...] = (_RECIPROCAL, _LINEAR_ORDER)
