r"""The optimized gradient method on convex L-smooth functions.

Setting: F convex and L-smooth with a minimizer at distance R from x0.
Metric: F(x_N) - inf F after N steps, that is, T = N + 1 points.
Algorithm: optimized gradient method (OGM).
Guarantee: F(x_N) - inf F <= L R^2/(2 theta_N^2), and theta_N^2 >= (N+1)(N+1+sqrt 2)/2.
References: D. Kim, J. A. Fessler, "Optimized first-order methods for smooth convex minimization", Mathematical
Programming 2016, arXiv 1406.5468; the rate in theta_N as restated in the PEPit library. The bound on theta_N follows
from theta_i >= (i+2)/2 and theta_N^2 - theta_N = 2 theta_{N-1}^2. Y. Drori, "The exact information-based complexity of
smooth convex minimization", Journal of Complexity 2017, shows that no first-order method does better.

Example
-------
>>> from bounds import Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=0, Delta=5, epsilon="0.001", criterion=Criterion.VALUE, convex=True, R=3)
>>> evaluate(theorem_named("ogm"), problem).iterations
95
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import outside
from bounds.smoothness import LIPSCHITZ
from bounds.symbols import L0, R, epsilon_F
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="ogm",
        title="Optimized gradient method, the best first-order method on convex L-smooth functions",
        kind=Kind.UPPER,
        criterion=Criterion.VALUE,
        methods=outside("ogm"),
        smoothness=LIPSCHITZ,
        convex=True,
        guarantee=epsilon_F,
        iterations=(sp.sqrt(2 + 4 * L0 * R**2 / epsilon_F) - sp.sqrt(2)) / 2,
        source=Source(
            authors="Kim, Fessler",
            year=2016,
            title="Optimized first-order methods for smooth convex minimization",
            venue="Mathematical Programming",
            locator="Theorem 2",
            arxiv="1406.5468",
        ),
        provenance=Provenance.RESTATED,
        note="The rate L R^2/(2 theta_N^2) is restated by the PEPit library; theta_N is bounded below here.",
    ),
)
