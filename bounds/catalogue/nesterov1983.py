r"""Nesterov's accelerated gradient method on convex L-smooth functions.

Setting: F convex and L-smooth with a minimizer at distance R from x0.
Metric: F(y_N) - inf F after N steps, that is, T = N + 1 points.
Algorithm: accelerated gradient method with step 1/L.
Guarantee: F(y_N) - inf F <= 2 L R^2/(N+1)^2.
References: Y. Nesterov, "A method for solving the convex programming problem with convergence rate O(1/k^2)", Doklady
Akademii Nauk SSSR 1983; the constant 2 is recalled (the PEPit library restates L R^2/(2 lambda_N^2) with lambda_N ~
N/2).

Example
-------
>>> from bounds import Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=0, Delta=5, epsilon="0.001", criterion=Criterion.VALUE, convex=True, R=3)
>>> evaluate(theorem_named("nesterov"), problem).iterations
135
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
        key="nesterov",
        title="Nesterov's accelerated gradient method on convex L-smooth functions",
        kind=Kind.UPPER,
        criterion=Criterion.VALUE,
        methods=outside("nesterov"),
        smoothness=LIPSCHITZ,
        convex=True,
        guarantee=epsilon_F,
        iterations=sp.sqrt(2 * L0 * R**2 / epsilon_F),
        source=Source(
            authors="Nesterov",
            year=1983,
            title="A method for solving the convex programming problem with convergence rate O(1/k^2)",
            venue="Doklady Akademii Nauk SSSR",
            locator="main theorem",
        ),
        provenance=Provenance.RECALLED,
        note="The order is common knowledge, the constant 2 is recalled.",
    ),
)
