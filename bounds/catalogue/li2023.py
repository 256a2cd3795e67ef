r"""Gradient descent under generalized smoothness ||Hess F|| <= l(||grad F||).

Setting: l non-decreasing and sub-quadratic, here l(u) = L0 + L1 u; F(x0) - inf F <= Delta, or F convex with a minimizer
at distance R.
Metric: mean of ||grad F(x_t)||^2; F(x_T) - inf F.
Algorithm: x' = x - eta grad F(x) with one constant step for the whole run.
Guarantee: gradients stay below G = 2 L1 Delta + sqrt(4 L1^2 Delta^2 + 2 L0 Delta), so that L = l(2G) serves as a
Lipschitz constant: 2 L Delta/eps^2. Convex: the gradient norm decreases, and L = l(2 ||grad F(x0)||) serves.
References: H. Li, J. Qian, Y. Tian, A. Rakhlin, A. Jadbabaie, "Convex and non-convex optimization under generalized
smoothness", NeurIPS 2023, arXiv 2306.01264, Theorems 4.2 and 5.2. Parameters are quoted, the displayed rates recalled;
G for l(u) = L0 + L1 u is derived from Corollary 3.6.

Example
-------
>>> from bounds import HESSIAN, Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=1, Delta=5, epsilon="0.1", smoothness=HESSIAN, criterion=Criterion.MIN)
>>> evaluate(theorem_named("gd-generalized-smoothness"), problem).iterations
41977
"""

from __future__ import annotations

from bounds.catalogue.writing import at_most, methods
from bounds.growth import gradient_bound
from bounds.smoothness import HESSIAN
from bounds.symbols import L0, L1, Delta, M, R, epsilon, epsilon_F, eta
from bounds.theorem import Criterion, Kind, Limit, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Li, Qian, Tian, Rakhlin, Jadbabaie",
        year=2023,
        title="Convex and non-convex optimization under generalized smoothness",
        venue="NeurIPS 2023",
        locator=locator,
        arxiv="2306.01264",
    )


_CURVATURE = L0 + 2 * L1 * gradient_bound(L0=L0, L1=L1, Delta=Delta)

_NONCONVEX = Theorem(
    key="gd-generalized-smoothness",
    title="Gradient descent with one constant step under generalized smoothness",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN_SQUARED,
    methods=methods("gd"),
    smoothness=HESSIAN,
    parameters=((eta, 1 / _CURVATURE),),
    requires=(at_most(eta * _CURVATURE, 1, "the step size is above 1/l(2G)"),),
    iterations=2 * Delta / (eta * epsilon**2),
    source=_source("Theorem 5.2"),
    provenance=Provenance.RECALLED,
    note="Step condition quoted, rate recalled. No gradient bound M is assumed; gd-gradient-bound has a smaller count.",
    limits=(Limit(symbol=L1, to=0, value=2 * L0 * Delta / epsilon**2, meaning="the L0-smooth rate 2 L0 Delta/eps^2"),),
)

_CONVEX = Theorem(
    key="gd-generalized-smoothness-convex",
    title="Gradient descent with one constant step on convex functions under generalized smoothness",
    kind=Kind.UPPER,
    criterion=Criterion.VALUE,
    methods=methods("gd"),
    smoothness=HESSIAN,
    convex=True,
    guarantee=epsilon_F,
    first=1,
    parameters=((eta, 1 / (2 * (L0 + 2 * L1 * M))),),
    requires=(at_most(eta * 2 * (L0 + 2 * L1 * M), 1, "the step size is above 1/(2 l(2G))"),),
    iterations=R**2 / (2 * eta * epsilon_F),
    assumes=("M bounds ||grad F(x0)||",),
    source=_source("Theorem 4.2"),
    provenance=Provenance.RECALLED,
    note="Step condition quoted, rate R^2/(2 eta T) recalled. Depends on the first gradient; adaptive steps do not.",
    limits=(Limit(symbol=L1, to=0, value=L0 * R**2 / epsilon_F, meaning="the L0-smooth rate at eta = 1/(2 L0)"),),
)

THEOREMS: tuple[Theorem, ...] = (_NONCONVEX, _CONVEX)
