r"""Our own analysis of the clipping framework with exact gradients, for every beta in [0, 1) and nu in [0, 1].

Setting: F pointwise (L0, L1)-smooth, F(x0) - inf F <= Delta, m_0 = grad F(x_0); q = 1 - beta.
Metric: mean of ||grad F(x_t)|| over t = 0..T-1.
Algorithm: m' = beta m + q grad F(x), x' = x - nu h(m') - (1-nu) h(grad F(x)), h(v) = min(eta, gamma/||v||) v.
Guarantee: upper bounds of the shape Delta max{c/(eta eps^2), c'/(gamma eps)}; the L1-dependence is L1/eps and the
parameters need not know eps.
References: docs/theory/deterministic.md, Theorem 1 and its corollaries. The framework is due to Zhang, Jin, Fang,
Wang (NeurIPS 2020, arXiv 2010.02519).

Example
-------
>>> from bounds import Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01")
>>> evaluate(theorem_named("framework-deterministic"), problem, {"beta": 0}).iterations
932800
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import HARD_FAMILY, SOFT_FAMILY, at_most, below, largest, methods, ours, q
from bounds.functions import descent_factor, growth_factor
from bounds.symbols import L0, L1, Delta, beta, epsilon, eta, gamma, kappa, nu
from bounds.theorem import Criterion, Kind, Limit, Provenance, Theorem

__all__ = ["THEOREMS"]

_A = sp.Rational(106, 100)
_FREE = ((beta, sp.Rational(9, 10)), (nu, sp.Rational(7, 10)))
_CAPS = (
    at_most(eta, q(beta) / (10 * _A * L0), "the step size is too large"),
    at_most(gamma, q(beta) / (10 * _A * L1), "the largest step is too long"),
)
_STEPS = (*_FREE, (eta, q(beta) / (10 * _A * L0)), (gamma, q(beta) / (10 * _A * L1)))

_MAIN = Theorem(
    key="framework-deterministic",
    title="Clipping framework, deterministic",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    methods=HARD_FAMILY,
    parameters=_STEPS,
    requires=_CAPS,
    iterations=Delta * largest(sp.Rational(44, 25) / (eta * epsilon**2), sp.Rational(72, 25) / (gamma * epsilon)),
    source=ours("Corollary 1.1"),
    provenance=Provenance.PROVED_HERE,
    proof="docs/theory/deterministic.md#Corollary 1.1",
    note="The constants hold for every beta and nu; step sizes need no knowledge of eps or Delta.",
    limits=(
        Limit(
            symbol=L1,
            to=0,
            value=sp.Rational(44, 25) * sp.Rational(106, 10) * Delta * L0 / (q(sp.Rational(9, 10)) * epsilon**2),
            meaning="L1 -> 0 leaves the L0-smooth rate Delta L0/eps^2",
        ),
    ),
)


def _factor_R(k: sp.Expr) -> sp.Expr:
    return (1 + k * nu * beta) / (1 - k * nu * beta)


def _sharp() -> Theorem:
    growth, descent = growth_factor(kappa * q(beta)), descent_factor(kappa * q(beta))
    loss = descent * kappa * q(beta) / (1 - growth * kappa * beta)
    K = (1 + sp.Rational(429, 250) * kappa * nu * beta) / (1 - loss)
    R = _factor_R(growth * kappa)
    return Theorem(
        key="framework-deterministic-sharp",
        title="Clipping framework, deterministic, sharp constants",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=HARD_FAMILY,
        parameters=(
            *_FREE,
            (kappa, sp.Rational(2, 5) / (1 + sp.Rational(11, 10) * beta)),
            (eta, kappa * q(beta) / L0),
            (gamma, kappa * q(beta) / L1),
        ),
        requires=(
            below(growth * kappa * beta, 1, "kappa is too large"),
            below(descent * kappa * q(beta), 1 - growth * kappa * beta, "kappa is too large"),
            at_most(eta, kappa * q(beta) / L0, "the step size is too large"),
            at_most(gamma, kappa * q(beta) / L1, "the largest step is too long"),
        ),
        iterations=K * Delta * largest(R**2 / (eta * epsilon**2), 2 * R / (gamma * epsilon)),
        source=ours("Theorem 1'"),
        provenance=Provenance.PROVED_HERE,
        proof="docs/theory/deterministic.md#Theorem 1'",
        note="kappa trades longer steps against a larger constant; the recommended value is close to the best for "
        "each beta (nu = 1), any value that satisfies the requirements is valid.",
    )


def _slides(first: int, guarantee: sp.Rational, key: str) -> Theorem:
    return Theorem(
        key=key,
        title=f"The slides' deterministic statement, proved with {float(guarantee):g} eps in place of 2 eps",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        first=first,
        guarantee=guarantee * epsilon,
        methods=HARD_FAMILY,
        parameters=_STEPS,
        requires=_CAPS,
        iterations=3 * Delta * largest(1 / (epsilon**2 * eta), 25 * eta / gamma**2),
        source=ours("Corollary 1.2"),
        provenance=Provenance.PROVED_HERE,
        proof="docs/theory/deterministic.md#Corollary 1.2",
        note="Same hypotheses and T as the printed statement, smaller conclusion.",
    )


def _soft() -> Theorem:
    theta = growth_factor(kappa * q(beta))
    K = (1 + kappa * nu * beta) * (1 - kappa * beta) / (1 - kappa)
    R = _factor_R(kappa)
    return Theorem(
        key="soft-clipping-deterministic",
        title="Soft clipping framework, deterministic",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=SOFT_FAMILY,
        parameters=(
            *_FREE,
            (kappa, sp.Rational(1, 5)),
            (eta, kappa * q(beta) / (theta * L0)),
            (gamma, kappa * q(beta) / (theta * L1)),
        ),
        requires=(
            at_most(eta, kappa * q(beta) / (theta * L0), "the step size is too large"),
            at_most(gamma, kappa * q(beta) / (theta * L1), "the largest step is too long"),
        ),
        iterations=K * Delta * (R**2 / (eta * epsilon**2) + R / (gamma * epsilon)),
        source=ours("Theorem 4"),
        provenance=Provenance.PROVED_HERE,
        proof="docs/theory/deterministic.md#Theorem 4",
        note="Soft clipping x' = x - eta m/(1 + eta ||m||/gamma) has a smooth potential, so its constant is smaller.",
    )


def _normalized() -> Theorem:
    y = nu * beta / q(beta)
    l0, l1 = L0 / sp.log(2), L1 / sp.log(2)
    start = sp.sqrt(2 * L0 * Delta) + sp.Rational(4, 3) * L1 * Delta
    weight = (sp.Rational(1, 2) + y) * gamma * (l0 + l1 * epsilon)
    return Theorem(
        key="normalized-momentum-deterministic",
        title="Normalized momentum, deterministic",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=methods("normalized-gd", "normalized-momentum", "normalized-mixed"),
        parameters=(*_FREE, (gamma, epsilon / ((1 + 2 * y) * (l0 + l1 * epsilon)))),
        requires=(
            at_most(L1 * gamma, sp.log(2), "the step length is too long"),
            below(weight, epsilon, "the step length is too long for this eps"),
        ),
        iterations=(Delta / gamma + y * start) / (epsilon - weight),
        source=ours("Theorem 5"),
        provenance=Provenance.PROVED_HERE,
        proof="docs/theory/deterministic.md#Theorem 5",
        note="A normalized method must know eps in its step length; clipping need not.",
    )


THEOREMS: tuple[Theorem, ...] = (
    _MAIN,
    _sharp(),
    _slides(0, sp.Rational(766, 1000), "framework-deterministic-slides-first"),
    _slides(1, sp.Rational(1084, 1000), "framework-deterministic-slides-proved"),
    _soft(),
    _normalized(),
)
