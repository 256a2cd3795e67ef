r"""(L0, L1)-gradient descent on convex functions without L-smoothness.

Setting: F convex and symmetrically (L0, L1)-smooth with a minimizer at distance R.
Metric: min of F(x_t) - inf F over t = 0..N, that is, T = N + 1 points.
Algorithm: x' = x - (nu/2)/(L0 + L1 ||g||) g, nu = exp(-nu) = 0.567...
Guarantee: R decreases by (nu/2)(F(x_t) - inf F)/(L0 + L1 ||g||) in the square, hence N > 4 L0 R^2/(nu eps_F) +
16 L1^2 R^2/nu^2 suffices. No factor exponential in L1 R, no L-smoothness.
References: E. Gorbunov, N. Tupitsa, S. Choudhury, A. Aliev, P. Richtarik, S. Horvath, M. Takac, "Methods for convex
(L0, L1)-smooth optimization: clipping, acceleration, and adaptivity", ICLR 2025, arXiv 2409.14989. The one-step
inequalities are on the authors' poster; their sum is derived here; nu is rounded down to 0.5671.

Example
-------
>>> from bounds import Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=1, Delta=5, epsilon="0.1", R=2, criterion=Criterion.VALUE, convex=True)
>>> evaluate(theorem_named("short-reciprocal-gd-convex"), problem).iterations
484
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import outside
from bounds.smoothness import SYMMETRIC
from bounds.symbols import L0, L1, R, epsilon_F
from bounds.theorem import Criterion, Kind, Limit, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

_NU = sp.Rational(5671, 10000)

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="short-reciprocal-gd-convex",
        title="(L0, L1)-gradient descent on convex functions",
        kind=Kind.UPPER,
        criterion=Criterion.VALUE,
        methods=outside("short-reciprocal-gd"),
        smoothness=SYMMETRIC,
        convex=True,
        guarantee=epsilon_F,
        iterations=4 * L0 * R**2 / (_NU * epsilon_F) + 16 * L1**2 * R**2 / _NU**2 + 2,
        source=Source(
            authors="Gorbunov, Tupitsa, Choudhury, Aliev, Richtarik, Horvath, Takac",
            year=2025,
            title="Methods for convex (L0, L1)-smooth optimization: clipping, acceleration, and adaptivity",
            venue="ICLR 2025",
            locator="poster of the authors",
            arxiv="2409.14989",
        ),
        provenance=Provenance.AUTHOR,
        note="The one-step decrease is the authors', the sum over steps is derived here.",
        limits=(
            Limit(
                symbol=L1,
                to=0,
                value=4 * L0 * R**2 / (_NU * epsilon_F) + 2,
                meaning="the L0-smooth rate, 14 times the best constant of gradient descent",
            ),
        ),
    ),
)
