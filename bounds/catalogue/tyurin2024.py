r"""One step-size rule for every growth function of the Hessian.

Setting: ||Hess F|| <= l(||grad F||), here l(u) = L0 + L1 u; F(x0) - inf F <= Delta.
Metric: min of ||grad F(x_t)||.
Algorithm: x' = x - eta_t g with eta_t = int_0^1 dv/l(||g|| + ||g|| v), which for this l is the logarithmic step.
Guarantee: 4 l(2 eps) Delta/eps^2.
References: A. Tyurin, "Toward a unified theory of gradient descent under generalized smoothness", ICML 2025, arXiv
2412.11773. The step is quoted (abstract), the rate recalled.

Example
-------
>>> from bounds import HESSIAN, Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01", smoothness=HESSIAN, criterion=Criterion.MIN)
>>> evaluate(theorem_named("best-step-gd-tyurin"), problem).iterations
240000
"""

from __future__ import annotations

from bounds.catalogue.writing import methods
from bounds.smoothness import HESSIAN
from bounds.symbols import L0, L1, Delta, epsilon
from bounds.theorem import Criterion, Kind, Limit, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="best-step-gd-tyurin",
        title="Gradient descent with the integral step",
        kind=Kind.UPPER,
        criterion=Criterion.MIN,
        methods=methods("log-step-gd"),
        smoothness=HESSIAN,
        iterations=4 * (L0 + 2 * L1 * epsilon) * Delta / epsilon**2,
        source=Source(
            authors="Tyurin",
            year=2025,
            title="Toward a unified theory of gradient descent under generalized smoothness",
            venue="ICML 2025",
            locator="non-convex rate",
            arxiv="2412.11773",
        ),
        provenance=Provenance.RECALLED,
        note="The step is quoted, the rate 4 l(2 eps) Delta/eps^2 recalled; best-step-gd has a smaller count.",
        limits=(Limit(symbol=L1, to=0, value=4 * L0 * Delta / epsilon**2, meaning="twice the textbook rate"),),
    ),
)
