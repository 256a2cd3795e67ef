r"""Gradient methods without momentum, exact gradients: clipped, normalized, best-step and plain gradient descent.

Setting: F pointwise (L0, L1)-smooth, F(x0) - inf F <= Delta.
Metric: mean or min of ||grad F(x_t)|| over t = 0..T-1.
Algorithm: x' = x - s(||g||) g with g = grad F(x) and one of the radial factors of :mod:`bounds.methods`.
Guarantee: upper bounds with explicit constants, and the matching failure of fixed-step gradient descent.
References: docs/theory/deterministic.md, Theorems 2, 3, 6, 7.

Example
-------
>>> from bounds import Problem, evaluate, theorem_named
>>> evaluate(theorem_named("best-step-gd"), Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01")).iterations
113334
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import at_most, below, largest, methods, ours
from bounds.functions import best_step, descent_factor, gap, turn_length
from bounds.symbols import L0, L1, Delta, M, epsilon, eta, gamma
from bounds.theorem import Criterion, Kind, Limit, Provenance, Theorem

__all__ = ["THEOREMS"]

_LOSS = descent_factor(gamma * L1) * (eta * L0 + gamma * L1)
_PROGRESS = 1 - _LOSS / 2
_CLIPPING_REQUIRES = (below(_LOSS, 2, "the steps are too long for a decrease"),)
_PROVED = Provenance.PROVED_HERE

_CLIPPED_MEAN = Theorem(
    key="clipped-gd",
    title="Clipped gradient descent, steps without eps",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    methods=methods("clipped-gd"),
    parameters=((eta, sp.Rational(2, 5) / L0), (gamma, sp.Rational(2, 5) / L1)),
    requires=_CLIPPING_REQUIRES,
    iterations=Delta / _PROGRESS * largest(1 / (eta * epsilon**2), 2 / (gamma * epsilon)),
    source=ours("Theorem 2"),
    provenance=_PROVED,
    proof="docs/theory/deterministic.md#Theorem 2",
    note="Steps eta = 0.4/L0, gamma = 0.4/L1 serve every eps.",
)

_CLIPPED_MIN = Theorem(
    key="clipped-gd-min",
    title="Clipped gradient descent, best parameters for eps",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    methods=methods("clipped-gd"),
    parameters=((gamma, best_step(L0, L1, epsilon)), (eta, gamma / epsilon)),
    requires=_CLIPPING_REQUIRES,
    iterations=Delta / _PROGRESS * largest(1 / (eta * epsilon**2), 1 / (gamma * epsilon)),
    source=ours("Theorem 2"),
    provenance=_PROVED,
    proof="docs/theory/deterministic.md#Theorem 2",
    note="The recommended steps minimise this bound; the clip threshold is eps.",
    limits=(Limit(symbol=L1, to=0, value=2 * L0 * Delta / epsilon**2, meaning="the L0-smooth rate 2 L0 Delta/eps^2"),),
)

_NORMALIZED = Theorem(
    key="normalized-gd",
    title="Normalized gradient descent, best step length",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    methods=methods("normalized-gd"),
    parameters=((gamma, best_step(L0, L1, epsilon)),),
    requires=(
        below(
            (L0 + L1 * epsilon) * gamma * descent_factor(gamma * L1) / 2,
            epsilon,
            "the step length is too long for this eps",
        ),
    ),
    iterations=Delta / (gamma * epsilon - (L0 + L1 * epsilon) * gamma**2 * descent_factor(gamma * L1) / 2),
    source=ours("Theorem 3"),
    provenance=_PROVED,
    proof="docs/theory/deterministic.md#Theorem 3",
    note="The decrease is linear in the gradient norm, so the mean costs no more than the min.",
    limits=(Limit(symbol=L1, to=0, value=2 * L0 * Delta / epsilon**2, meaning="the L0-smooth rate 2 L0 Delta/eps^2"),),
)

_BEST_STEP = Theorem(
    key="best-step-gd",
    title="Gradient descent with the best step",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    methods=methods("log-step-gd"),
    iterations=Delta * (2 * L0 / epsilon**2 + sp.Rational(8, 3) * L1 / epsilon),
    source=ours("Theorem 3"),
    provenance=_PROVED,
    proof="docs/theory/deterministic.md#Theorem 3",
    note="No parameter besides L0 and L1; within a factor 16/3 (up to rounding) of every gradient-only method.",
    limits=(Limit(symbol=L1, to=0, value=2 * L0 * Delta / epsilon**2, meaning="the L0-smooth rate 2 L0 Delta/eps^2"),),
)

_RECIPROCAL = Theorem(
    key="reciprocal-gd",
    title="Gradient descent with step 1/(L0 + L1 ||grad F||)",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    methods=methods("reciprocal-gd"),
    iterations=Delta / (3 - sp.E) * (L0 / epsilon**2 + L1 / epsilon),
    source=ours("Theorem 4, last remark"),
    provenance=_PROVED,
    proof="docs/theory/deterministic.md#Theorem 4",
    note="The decrease is at least (3 - e) G^2/(L0 + L1 G), convex and increasing in G.",
)

_LEMMA_3 = sp.sqrt(2 * L0 * Delta) + sp.Rational(4, 3) * L1 * Delta

_PLAIN = Theorem(
    key="gd-gradient-bound",
    title="Gradient descent with a gradient bound M",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN_SQUARED,
    methods=methods("gd"),
    parameters=((M, _LEMMA_3), (eta, 1 / (L0 + L1 * M))),
    requires=(at_most(eta * (L0 + L1 * M), 1, "the step size is too large"),),
    iterations=2 * Delta / (eta * epsilon**2),
    assumes=("M bounds ||grad F|| on the sublevel set {F <= F(x0)}; without M the bound of Lemma 3 is used",),
    source=ours("Theorem 6"),
    provenance=_PROVED,
    proof="docs/theory/deterministic.md#Theorem 6",
    note="The step must resolve the worst curvature L0 + L1 M of the sublevel set, however small eps is.",
    limits=(Limit(symbol=L1, to=0, value=2 * L0 * Delta / epsilon**2, meaning="the L0-smooth rate 2 L0 Delta/eps^2"),),
)

_PLAIN_LOWER = Theorem(
    key="gd-fixed-step-lower",
    title="Fixed-step gradient descent pays for M",
    kind=Kind.LOWER,
    criterion=Criterion.MIN,
    methods=methods("gd"),
    scope="gradient descent with any fixed step size",
    requires=(
        at_most(gap(L0, L1, M), Delta, "no function of the class reaches the gradient norm M"),
        below(epsilon, M, "eps must lie below M"),
        below(epsilon**2, 2 * L0 * Delta, "the gap is too small for this eps"),
    ),
    iterations=M * (Delta - epsilon**2 / (2 * L0)) / (2 * epsilon**2 * turn_length(L0, L1, M)),
    source=ours("Theorem 7"),
    provenance=_PROVED,
    proof="docs/theory/deterministic.md#Theorem 7",
    note="For every fixed step some (L0, L1)-smooth function with gap <= Delta and gradient <= M on its sublevel set "
    "needs this many iterations; clipping does not.",
)

THEOREMS: tuple[Theorem, ...] = (
    _CLIPPED_MEAN,
    _CLIPPED_MIN,
    _NORMALIZED,
    _BEST_STEP,
    _RECIPROCAL,
    _PLAIN,
    _PLAIN_LOWER,
)
