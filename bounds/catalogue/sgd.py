r"""Plain SGD: L-smooth, or with a bound M on every gradient it meets.

Setting: unbiased gradients; variance at most sigma^2 (L-smooth) or noise bounded by sigma (gradient bound M).
Metric: mean of E ||grad F(x_t)||^2 over t = 0..T-1, at most eps^2.
Algorithm: x' = x - eta g.
Guarantee: upper bounds.
References: docs/theory/stochastic.md, Theorems F and F'.

Example
-------
>>> from bounds import Problem, evaluate, theorem_named
>>> evaluate(theorem_named("sgd"), Problem.of(L0=1, L1=0, Delta=1, epsilon="0.1", sigma=1)).iterations
20200
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import at_most, methods, ours
from bounds.functions import descent_factor
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import L0, L1, Delta, M, epsilon, eta, sigma
from bounds.theorem import Criterion, Kind, Provenance, Theorem

__all__ = ["THEOREMS"]

_ENERGY = epsilon**2 + sigma**2
_SMOOTH = L0 + L1 * M

_SGD = Theorem(
    key="sgd",
    title="SGD on L-smooth functions",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN_SQUARED,
    methods=methods("gd"),
    smoothness=LIPSCHITZ,
    noise=Noise.VARIANCE,
    parameters=((eta, epsilon**2 / (L0 * _ENERGY)),),
    requires=(at_most(eta * L0 * _ENERGY, epsilon**2, "the step size is too large"),),
    iterations=2 * Delta / (eta * epsilon**2),
    source=ours("Theorem F"),
    provenance=Provenance.PROVED_HERE,
    proof="docs/theory/stochastic.md#Theorem F",
    note="Needs L1 = 0: with L1 > 0 and unbounded noise no bound of this kind exists for plain SGD.",
)

_SGD_BOUNDED = Theorem(
    key="sgd-gradient-bound",
    title="SGD with a gradient bound M",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN_SQUARED,
    methods=methods("gd"),
    noise=Noise.BOUNDED,
    parameters=((eta, sp.Rational(2, 3) * epsilon**2 / (_SMOOTH * _ENERGY)),),
    requires=(
        at_most(epsilon, M, "eps must not exceed M"),
        at_most(
            descent_factor(L1 * eta * (M + sigma)) * eta * _SMOOTH * _ENERGY, epsilon**2, "the step size is too large"
        ),
    ),
    iterations=2 * Delta / (eta * epsilon**2),
    assumes=("M bounds ||grad F|| at every point that the noisy run can reach, not only on {F <= F(x0)}",),
    source=ours("Theorem F'"),
    provenance=Provenance.PROVED_HERE,
    proof="docs/theory/stochastic.md#Theorem F'",
    note="The gradient bound is an assumption about the run, not a consequence of the setting.",
)

THEOREMS: tuple[Theorem, ...] = (_SGD, _SGD_BOUNDED)
