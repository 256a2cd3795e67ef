r"""Our own analysis of the clipping framework with noisy gradients.

Setting: F pointwise (L0, L1)-smooth, F(x0) - inf F <= Delta; unbiased gradients with noise bounded by sigma almost
surely, or with variance at most sigma^2 where a record says so; q = 1 - beta, omega = nu beta, tau = gamma/eta.
Metric: mean of E ||grad F(x_t)|| over t = 0..T-1 (t = 1..T where a record says so).
Algorithm: m' = beta m + q g, x' = x - nu h(m') - (1-nu) h(g), with hard or soft clipping h.
Guarantee: upper bounds with leading term c Delta L0 sigma^2/eps^4, without L1, 1/(1-beta) or a gradient bound.
References: docs/theory/stochastic.md, Theorems A, B, B', R', D, D', E.

Example
-------
>>> from bounds import Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=1, Delta=1, epsilon="0.1", sigma=1)
>>> evaluate(theorem_named("clipped-sgd"), problem).iterations < 40000
True
"""

from __future__ import annotations

import functools

import sympy as sp

from bounds.catalogue.writing import (
    HARD_FAMILY,
    SOFT_FAMILY,
    at_least,
    at_most,
    below,
    equal,
    largest,
    methods,
    ours,
    q,
    smallest,
)
from bounds.functions import descent_factor
from bounds.methods import MomentumStart
from bounds.smoothness import Noise
from bounds.symbols import L0, L1, Delta, beta, epsilon, eta, gamma, nu, sigma
from bounds.theorem import Criterion, Kind, Provenance, Theorem

__all__ = ["THEOREMS"]

_FREE = ((beta, sp.Rational(9, 10)), (nu, sp.Rational(7, 10)))
_BOTH_STARTS = (MomentumStart.GRADIENT, MomentumStart.ZERO)
_upper = functools.partial(Theorem, kind=Kind.UPPER, criterion=Criterion.MEAN, provenance=Provenance.PROVED_HERE)


def _rational(p: int, r: int = 1) -> sp.Rational:
    return sp.Rational(p, r)


def _noise_term(l0: sp.Expr, l1: sp.Expr) -> sp.Expr:
    """(l0 + l1 eps) sigma^2/eps^2: the inverse step size that the noise forces."""
    return (l0 + l1 * epsilon) * sigma**2 / epsilon**2


def _clipped_sgd(*, small_threshold: bool) -> Theorem:
    # c = 3/4 covers every admissible step, and C(3/4) <= 4/3 makes the recommended step explicit; the count itself
    # uses the sharper C(gamma L1).
    l0, l1 = _rational(4, 3) * L0, _rational(4, 3) * L1
    descent = descent_factor(gamma * L1)
    tau = largest(sigma, 2 * epsilon) if small_threshold else largest(5 * sigma, _rational(5, 2) * epsilon)
    bias = sigma * eta / (2 * gamma) if small_threshold else sp.Integer(0)
    recommended_bias = 1 - sigma / (2 * tau) if small_threshold else sp.Integer(1)
    chi = 1 - descent * (L0 * eta + L1 * gamma) / 2 - bias
    cost = eta * sigma**2 / 2 * descent * (L0 + L1 * epsilon)
    reasons = "the clip threshold is below the noise level" if small_threshold else "the clip threshold is too small"
    factor = (1, 2) if small_threshold else (5, _rational(5, 2))
    return _upper(
        key="clipped-sgd-small-threshold" if small_threshold else "clipped-sgd",
        title="Clipped SGD, threshold at the noise level" if small_threshold else "Clipped SGD",
        methods=methods("clipped-gd"),
        noise=Noise.BOUNDED,
        parameters=(
            (eta, recommended_bias / (l0 + l1 * tau + _noise_term(l0, l1))),
            (gamma, tau * eta),
        ),
        requires=(
            at_least(gamma, factor[0] * sigma * eta, reasons),
            at_least(gamma, factor[1] * epsilon * eta, "the clip threshold is too small for this eps"),
            at_most(descent * (L0 * eta + L1 * gamma), 1, "the step size is too large"),
            below(cost, chi * epsilon**2, "the step size is too large for this noise"),
        ),
        iterations=Delta / (eta * (chi * epsilon**2 - cost)),
        source=ours("Theorem A"),
        proof="docs/theory/stochastic.md#Theorem A",
        note="A threshold of sigma is sharp: below it clipped SGD can stall for ever."
        if small_threshold
        else "As eps -> 0 the count is (32/15) Delta L0 sigma^2/eps^4 to leading order, without L1.",
    )


def _framework(start: MomentumStart) -> Theorem:
    l0, l1 = _rational(102, 100) * L0, _rational(102, 100) * L1
    zero = start is MomentumStart.ZERO
    multiple = 6 if zero else 5
    tau = largest(5 * sigma, multiple * epsilon)
    noise = (1 + nu * beta / 19) * _noise_term(l0, l1)
    return _upper(
        key="framework-stochastic-zero-start" if zero else "framework-stochastic",
        title="Clipping framework, stochastic" + (", buffer started at zero" if zero else ""),
        methods=HARD_FAMILY,
        noise=Noise.BOUNDED,
        momentum_start=(start,),
        parameters=(*_FREE, (eta, 1 / (40 * (l0 + l1 * tau) / q(beta) + noise)), (gamma, tau * eta)),
        requires=(
            at_least(gamma, 5 * sigma * eta, "the clip threshold is below 5 sigma"),
            at_least(gamma, multiple * epsilon * eta, "the clip threshold is too small for this eps"),
            at_most(40 * (l0 * eta + l1 * gamma) / q(beta) + noise * eta, 1, "the step size is too large"),
        ),
        iterations=2 * Delta / (eta * epsilon**2),
        source=ours("Theorem B'" if zero else "Theorem B, Corollary B1"),
        proof="docs/theory/stochastic.md#Theorem B'" if zero else "docs/theory/stochastic.md#Corollary B1",
        note="Valid for every beta and nu; 1/(1-beta) enters only the lower-order eps^-2 terms.",
    )


def _slides_clean(first: int, guarantee: sp.Rational) -> Theorem:
    A = _rational(101, 100)
    cap = epsilon / (2 * sigma) * smallest(epsilon / (A * L0), q(beta) * sigma / (A * L0), q(beta) / (25 * A * L1))
    return _upper(
        key="framework-stochastic-slides-proved" if first else "framework-stochastic-slides-first",
        title=f"The slides' stochastic statement in clean units, proved with {float(guarantee):g} eps",
        first=first,
        guarantee=guarantee * epsilon,
        methods=HARD_FAMILY,
        noise=Noise.BOUNDED,
        momentum_start=_BOTH_STARTS,
        parameters=(*_FREE, (gamma, cap), (eta, gamma / (5 * sigma))),
        requires=(
            at_most(4 * epsilon, sigma, "eps must be at most sigma/4"),
            at_most(gamma, cap, "the largest step is too long"),
            equal(gamma, 5 * sigma * eta, "the clip threshold gamma/eta must be 5 sigma"),
        ),
        iterations=3 * Delta / (epsilon**2 * eta),
        source=ours("Theorem R'"),
        proof="docs/theory/stochastic.md#Theorem R'",
        note="The printed statement with its hidden units made explicit, and a smaller conclusion.",
    )


def _soft_sgd() -> Theorem:
    l0, l1 = _rational(4, 3) * L0, _rational(4, 3) * L1
    tau = largest(12 * sigma**2 / epsilon, 4 * epsilon)
    noise = _rational(5, 3) * _noise_term(l0, l1)
    return _upper(
        key="soft-clipped-sgd",
        title="Softly clipped SGD",
        methods=methods("soft-clipped-gd"),
        noise=Noise.VARIANCE,
        parameters=((eta, 1 / (4 * (l0 + l1 * tau) + noise)), (gamma, tau * eta)),
        requires=(
            at_least(gamma * epsilon, 12 * sigma**2 * eta, "the clip threshold is below 12 sigma^2/eps"),
            at_least(gamma, 4 * epsilon * eta, "the clip threshold is below 4 eps"),
            at_most(4 * (l0 * eta + l1 * gamma) + noise * eta, 1, "the step size is too large"),
        ),
        iterations=_rational(7, 4) * Delta / (eta * epsilon**2),
        source=ours("Theorem D"),
        proof="docs/theory/stochastic.md#Theorem D",
        note="Bounded variance is enough. A soft threshold proportional to sigma stalls.",
    )


def _soft_framework() -> Theorem:
    l0, l1 = _rational(102, 100) * L0, _rational(102, 100) * L1
    tau = largest(40 * sigma**2 / epsilon, 24 * epsilon)
    noise = _rational(5, 2) * _noise_term(l0, l1)
    return _upper(
        key="soft-framework-stochastic",
        title="Soft clipping framework, stochastic",
        methods=SOFT_FAMILY,
        noise=Noise.BOUNDED,
        parameters=(*_FREE, (eta, 1 / (40 * (l0 + l1 * tau) / q(beta) + noise)), (gamma, tau * eta)),
        requires=(
            at_least(gamma * epsilon, 40 * sigma**2 * eta, "the clip threshold is below 40 sigma^2/eps"),
            at_least(gamma, 24 * epsilon * eta, "the clip threshold is below 24 eps"),
            at_most(40 * (l0 * eta + l1 * gamma) / q(beta) + noise * eta, 1, "the step size is too large"),
        ),
        iterations=2 * Delta / (eta * epsilon**2),
        source=ours("Theorem D'"),
        proof="docs/theory/stochastic.md#Theorem D'",
        note="Every beta and nu; the threshold grows like sigma^2/eps.",
    )


def _normalized_sgd() -> Theorem:
    l0, l1 = _rational(107, 100) * L0, _rational(107, 100) * L1
    x = epsilon**2 / largest(epsilon**2, 16 * sigma**2)
    drift = 2 * gamma / q(beta) * (l0 + l1 * epsilon)
    noise = 2 * sigma * sp.sqrt(q(beta) / (1 + beta))
    return _upper(
        key="normalized-sgd-momentum",
        title="Normalized SGD with momentum",
        methods=methods("normalized-momentum"),
        noise=Noise.VARIANCE,
        parameters=(
            (beta, (1 - x) / (1 + x)),
            (gamma, epsilon * q(beta) / (8 * (l0 + l1 * epsilon))),
        ),
        requires=(
            at_most(8 * L1 * gamma, 1, "the step length is too long"),
            below(drift + noise, epsilon, "momentum or step length do not fit this eps and sigma"),
        ),
        iterations=Delta / (gamma * (epsilon - drift - noise)),
        source=ours("Theorem E"),
        proof="docs/theory/stochastic.md#Theorem E",
        note="Bounded variance is enough; 1 - beta of order (eps/sigma)^2 averages the noise.",
    )


THEOREMS: tuple[Theorem, ...] = (
    _clipped_sgd(small_threshold=False),
    _clipped_sgd(small_threshold=True),
    _framework(MomentumStart.GRADIENT),
    _framework(MomentumStart.ZERO),
    _slides_clean(0, _rational(67, 100)),
    _slides_clean(1, _rational(102, 100)),
    _soft_sgd(),
    _soft_framework(),
    _normalized_sgd(),
)
