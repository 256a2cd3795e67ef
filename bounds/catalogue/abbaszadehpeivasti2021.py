r"""The exact convergence rate of gradient descent on L-smooth functions.

Setting: F L-smooth (not necessarily convex), F(x0) - inf F <= Delta.
Metric: min of ||grad F(x_t)|| over t = 0..N after N steps, that is, T = N + 1 points.
Algorithm: x' = x - eta grad F(x).
Guarantee: min ||grad F||^2 <= 4 Delta/(N min{4 eta - L eta^2, 4 eta - L^2 eta^3} + 2/L) for eta < sqrt(3)/L; at eta =
1/L this is 4 L Delta/(3N + 2).
References: H. Abbaszadehpeivasti, E. de Klerk, M. Zamani, "The exact worst-case convergence rate of the gradient
method with fixed step lengths for L-smooth functions", Optimization Letters 2022, arXiv 2104.05468. The general
formula is recalled; the case eta = 1/L is proved in docs/theory/literature.md, Theorem 13. The PEPit library
restates it as (4/3)(L/N)(F(x0) - F(x_N)).

Example
-------
>>> from bounds import Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=0, Delta=5, epsilon="0.1", criterion=Criterion.MIN)
>>> evaluate(theorem_named("gd-exact"), problem).iterations
667
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import below, equal, methods, ours, smallest
from bounds.smoothness import LIPSCHITZ
from bounds.symbols import L0, Delta, epsilon, eta
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

_EXACT = Theorem(
    key="gd-exact",
    title="Gradient descent with step 1/L, exact rate",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=methods("gd"),
    smoothness=LIPSCHITZ,
    parameters=((eta, 1 / L0),),
    requires=(equal(eta, 1 / L0, "the rate is proved for the step 1/L"),),
    iterations=(4 * L0 * Delta / epsilon**2 - 2) / 3 + 1,
    source=ours("Theorem 13"),
    provenance=Provenance.PROVED_HERE,
    proof="docs/theory/literature.md#Theorem 13",
    note="min ||grad F||^2 <= 4 L Delta/(3N + 2) after N steps, due to Abbaszadehpeivasti, de Klerk and Zamani (arXiv "
    "2104.05468), who also show that it is attained.",
)

_LENGTH = smallest(4 * eta - L0 * eta**2, 4 * eta - L0**2 * eta**3)

_ANY_STEP = Theorem(
    key="gd-exact-any-step",
    title="Gradient descent with any step below sqrt(3)/L, exact rate",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=methods("gd"),
    smoothness=LIPSCHITZ,
    parameters=((eta, sp.Rational(115, 100) / L0),),
    requires=(below(L0**2 * eta**2, 3, "the step size is not below sqrt(3)/L"),),
    iterations=(4 * Delta / epsilon**2 - 2 / L0) / _LENGTH + 1,
    source=Source(
        authors="Abbaszadehpeivasti, de Klerk, Zamani",
        year=2022,
        title="The exact worst-case convergence rate of the gradient method with fixed step lengths for L-smooth "
        "functions",
        venue="Optimization Letters",
        locator="main theorem",
        arxiv="2104.05468",
    ),
    provenance=Provenance.RECALLED,
    note="The recommended 1.15/L is close to the best step sqrt(4/3)/L. At eta = 1/L the statement is proved here.",
)

THEOREMS: tuple[Theorem, ...] = (_EXACT, _ANY_STEP)
