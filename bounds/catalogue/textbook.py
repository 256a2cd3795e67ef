r"""Gradient descent on L-smooth functions, as the textbooks have it.

Setting: F L-smooth; F(x0) - inf F <= Delta, or F convex with a minimizer at distance R.
Metric: mean of ||grad F(x_t)||^2; F(x_t) - inf F for the lower bound.
Algorithm: x' = x - eta grad F(x).
Guarantee: the upper bound 2 L Delta/eps^2, and Nesterov's lower bound for convex functions.
References: Y. Nesterov, "Lectures on Convex Optimization", Springer 2018, Sections 1.2.3 and 2.1.2. The order of both
is common knowledge, the constants are recalled; the first is also Theorem 6 of docs/theory/deterministic.md at L1 = 0.

Example
-------
>>> from bounds import Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=0, Delta=5, epsilon="0.1", criterion=Criterion.MIN)
>>> evaluate(theorem_named("gd-textbook"), problem).iterations
1000
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import FIRST_ORDER_METHODS, at_most, methods
from bounds.smoothness import LIPSCHITZ
from bounds.symbols import L0, Delta, R, epsilon, epsilon_F, eta
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Nesterov",
        year=2018,
        title="Lectures on Convex Optimization",
        venue="Springer, second edition",
        locator=locator,
    )


_GD = Theorem(
    key="gd-textbook",
    title="Gradient descent on L-smooth functions, textbook bound",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN_SQUARED,
    methods=methods("gd"),
    smoothness=LIPSCHITZ,
    parameters=((eta, 1 / L0),),
    requires=(at_most(eta * L0, 1, "the step size is above 1/L"),),
    iterations=2 * Delta / (eta * epsilon**2),
    source=_source("Section 1.2.3"),
    provenance=Provenance.RECALLED,
    note="One step decreases F by eta ||grad F||^2/2. gd-exact has the exact constant 4/3 for the min.",
)

_BALL = sp.sqrt(3 * L0 * R**2 / (32 * epsilon_F))

_CONVEX_LOWER = Theorem(
    key="convex-lower",
    title="First-order methods on convex L-smooth functions",
    kind=Kind.LOWER,
    criterion=Criterion.VALUE,
    methods=FIRST_ORDER_METHODS,
    smoothness=LIPSCHITZ,
    convex=True,
    guarantee=epsilon_F,
    scope="methods that stay in x0 plus the span of the gradients seen, in dimension >= 2T - 1",
    least_dimension=2 * _BALL - 1,
    requires=(
        at_most(
            sp.sqrt(sp.Rational(2, 3) * L0 * R**2 * epsilon_F), Delta, "the gap is too small for the hard quadratic"
        ),
    ),
    iterations=_BALL,
    source=_source("Theorem 2.1.7"),
    provenance=Provenance.RECALLED,
    note="F(x_k) - inf F >= 3 L R^2/(32 (k+1)^2) for k <= (d-1)/2. The gap of the hard quadratic is 3 L R^2/(4 (2d+1)) "
    "with d = 2k+1; the requirement on Delta keeps it in the class and is added here.",
)

THEOREMS: tuple[Theorem, ...] = (_GD, _CONVEX_LOWER)
