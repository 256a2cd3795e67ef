r"""Clipped gradient descent and SGD as first published.

Setting: F twice differentiable with ||Hess F|| <= L0 + L1 ||grad F||, F(x0) - inf F <= Delta.
Metric: min of ||grad F(x_t)||.
Algorithm: x' = x - min{eta, gamma/||g||} g; fixed-step gradient descent; clipped SGD with noise bounded by sigma.
Guarantee: upper bounds and the failure of fixed-step gradient descent.
References: J. Zhang, T. He, S. Sra, A. Jadbabaie, "Why gradient clipping accelerates training", ICLR 2020,
arXiv 1905.11881, Theorems 3, 4, 6, 7, 8. Orders are quoted; the constants 20 and 4 are recalled. Printed statements
hide units ("max{1, L1^2}", "log M", "5 eps/8"): they are written with explicit units u_X (length) and u_G (gradient).

Example
-------
>>> from bounds import HESSIAN, Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01", smoothness=HESSIAN, criterion=Criterion.MIN)
>>> evaluate(theorem_named("clipped-gd-2019"), problem).iterations
1010000
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import at_least, at_most, below, equal, largest, methods, smallest
from bounds.functions import gap
from bounds.smoothness import HESSIAN, Noise
from bounds.symbols import L0, L1, Delta, M, epsilon, eta, gamma, sigma, unit_gradient, unit_length
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Zhang, He, Sra, Jadbabaie",
        year=2020,
        title="Why gradient clipping accelerates training: a theoretical justification for adaptivity",
        venue="ICLR 2020",
        locator=locator,
        arxiv="1905.11881",
    )


_CLIPPED = Theorem(
    key="clipped-gd-2019",
    title="Clipped gradient descent, first published bound",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=methods("clipped-gd"),
    smoothness=HESSIAN,
    parameters=((eta, 1 / (10 * L0)), (gamma, smallest(unit_length, 1 / (10 * L1)))),
    requires=(
        equal(eta, 1 / (10 * L0), "the published step size is 1/(10 L0)"),
        equal(gamma, smallest(unit_length, 1 / (10 * L1)), "the published largest step is min{1, 1/(10 L1)}"),
    ),
    iterations=20 * L0 * Delta / epsilon**2 + 20 * largest(1 / unit_length**2, L1**2) * Delta / L0,
    source=_source("Theorem 3"),
    provenance=Provenance.RECALLED,
    note="The order L0 Delta/eps^2 + L1^2 Delta/L0 is quoted, both constants 20 are recalled.",
)

_PLAIN = Theorem(
    key="gd-gradient-bound-2019",
    title="Gradient descent with a gradient bound M, first published bound",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=methods("gd"),
    smoothness=HESSIAN,
    parameters=((eta, 1 / (2 * (L0 + L1 * M))),),
    requires=(equal(eta, 1 / (2 * (L0 + L1 * M)), "the published step size is 1/(2 (L0 + L1 M))"),),
    iterations=4 * (L0 + L1 * M) * Delta / epsilon**2,
    assumes=("M bounds ||grad F|| on the sublevel set {F <= F(x0)}",),
    source=_source("Theorem 6"),
    provenance=Provenance.RECALLED,
    note="The order is quoted, the constant 4 is recalled; Theorem 6 of our own has 2.",
)

_PLAIN_LOWER = Theorem(
    key="gd-fixed-step-lower-2019",
    title="Fixed-step gradient descent, first published lower bound",
    kind=Kind.LOWER,
    criterion=Criterion.MIN,
    methods=methods("gd"),
    smoothness=HESSIAN,
    scope="gradient descent with any fixed step size",
    requires=(
        below(unit_gradient, M, "printed condition M > 1, in a hidden unit of the gradient norm"),
        at_least(L1 * unit_length, 1, "printed condition L1 >= 1, in a hidden unit of length"),
        at_least(L0 * unit_length, unit_gradient, "printed condition L0 >= 1, in hidden units"),
        at_most(2 * epsilon, M, "the printed hard slope is 2 eps, which must not exceed M (condition added here)"),
        at_least(L0, L1 * unit_gradient, "the printed hard function has curvature L1 u_G (condition added here)"),
        at_most(gap(L0, L1, M), Delta, "no function of the class reaches the gradient norm M (condition added here)"),
    ),
    iterations=L1
    * M
    * (Delta - sp.Rational(5, 8) * epsilon * unit_length)
    / (8 * epsilon**2 * (sp.log(M / unit_gradient) + 1)),
    assumes=("M >= sup ||grad F|| on {F <= F(x0)}",),
    source=_source("Theorem 4"),
    provenance=Provenance.RESTATED,
    note="Hidden units made explicit; gd-fixed-step-lower is a unit-free version with proof.",
)

_CLIPPED_SGD_ORDER = Theorem(
    key="clipped-sgd-2019-order",
    title="Clipped SGD, first published order",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=methods("clipped-gd"),
    smoothness=HESSIAN,
    noise=Noise.BOUNDED,
    order_only=True,
    iterations=(Delta + ((L0 + L1 * sigma) * sigma**2 + sigma * L0**2 / L1) * (unit_length / unit_gradient) ** 2) ** 2
    / epsilon**4
    * (unit_gradient / unit_length) ** 2,
    source=_source("Theorem 7"),
    provenance=Provenance.RESTATED,
    note="Order only, with the hidden units made explicit.",
)

_SGD_ORDER = Theorem(
    key="sgd-gradient-bound-2019-order",
    title="SGD with a gradient bound M, first published order",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=methods("gd"),
    smoothness=HESSIAN,
    noise=Noise.BOUNDED,
    order_only=True,
    iterations=(Delta + (L0 + L1 * M) * (M + sigma) ** 2 * (unit_length / unit_gradient) ** 2) ** 2
    / epsilon**4
    * (unit_gradient / unit_length) ** 2,
    source=_source("Theorem 8"),
    provenance=Provenance.RECALLED,
    note="Order only, with the hidden units made explicit.",
)

THEOREMS: tuple[Theorem, ...] = (_CLIPPED, _PLAIN, _PLAIN_LOWER, _CLIPPED_SGD_ORDER, _SGD_ORDER)
