r"""Gradient descent on convex L-smooth functions, exact rate.

Setting: F convex and L-smooth with a minimizer at distance R from x0.
Metric: F(x_N) - inf F after N steps, that is, T = N + 1 points.
Algorithm: x' = x - eta grad F(x), eta <= 1/L.
Guarantee: F(x_N) - inf F <= L R^2/(4 N L eta + 2), attained by a Huber function.
References: Y. Drori, M. Teboulle, "Performance of first-order methods for smooth convex minimization: a novel
approach", Mathematical Programming 2014, arXiv 1206.3209, Theorem 3.1; as restated in the PEPit library.

Example
-------
>>> from bounds import Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=0, Delta=5, epsilon="0.1", criterion=Criterion.VALUE, convex=True, R=4)
>>> evaluate(theorem_named("gd-convex-exact"), problem).iterations
41
"""

from __future__ import annotations

from bounds.catalogue.writing import at_most, methods
from bounds.smoothness import LIPSCHITZ
from bounds.symbols import L0, R, epsilon_F, eta
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="gd-convex-exact",
        title="Gradient descent on convex L-smooth functions, exact rate",
        kind=Kind.UPPER,
        criterion=Criterion.VALUE,
        methods=methods("gd"),
        smoothness=LIPSCHITZ,
        convex=True,
        guarantee=epsilon_F,
        parameters=((eta, 1 / L0),),
        requires=(at_most(eta * L0, 1, "the step size is above 1/L"),),
        iterations=R**2 / (4 * eta * epsilon_F) - 1 / (2 * L0 * eta) + 1,
        source=Source(
            authors="Drori, Teboulle",
            year=2014,
            title="Performance of first-order methods for smooth convex minimization: a novel approach",
            venue="Mathematical Programming",
            locator="Theorem 3.1",
            arxiv="1206.3209",
        ),
        provenance=Provenance.RESTATED,
        note="Holds for the last iterate; restated by the PEPit library, which reproduces it numerically.",
    ),
)
