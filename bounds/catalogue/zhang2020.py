r"""The general clipping framework as its first author's slides print it.

Setting: min F(x), F (L0, L1)-smooth, F(x0) - inf F <= Delta; exact gradients, or noise bounded by sigma.
Metric: mean of the gradient norm over t = 1..T.
Algorithm: m' = beta m + (1-beta) g, x' = x - nu min(eta, gamma/||m'||) m' - (1-nu) min(eta, gamma/||g||) g.
Guarantee: upper bounds; the printed conclusions are 2 eps (deterministic) and 3 eps (stochastic).
References: B. Zhang, J. Jin, C. Fang, L. Wang, "Improved Analysis of Clipping Algorithms for Non-convex
Optimization", NeurIPS 2020, arXiv 2010.02519; read in the first author's talk slides (2021), not in the paper.

Two things on the slides hide units. They are written here with explicit unit quantities u_G (a gradient norm, value
1 in the user's units): "eps <= 0.1" and the middle entry (1-beta)/(A L0) of the stochastic step condition. As printed
the stochastic statement needs a normalisation such as sigma >= 1; sigma^2 >= 4 eps (same units) suffices and is
required here (docs/theory/stochastic.md, Theorem R').

Example
-------
>>> from bounds import Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01")
>>> evaluate(theorem_named("framework-deterministic-slides"), problem, {"beta": 0}).iterations
6360000
"""

from __future__ import annotations

import functools

import sympy as sp

from bounds.catalogue.writing import EVERY_METHOD, HARD_FAMILY, at_least, at_most, equal, largest, q, smallest
from bounds.methods import MomentumStart
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import L0, L1, Delta, beta, epsilon, eta, gamma, nu, sigma, unit_gradient
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Zhang, Jin, Fang, Wang",
        year=2020,
        title="Improved Analysis of Clipping Algorithms for Non-convex Optimization",
        venue="NeurIPS 2020",
        locator=locator,
        arxiv="2010.02519",
    )


_A = sp.Rational(106, 100)
_S = sp.Rational(101, 100)
_FREE = ((beta, sp.Rational(9, 10)), (nu, sp.Rational(7, 10)))

_DETERMINISTIC = Theorem(
    key="framework-deterministic-slides",
    title="General clipping framework, deterministic, as printed",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    first=1,
    guarantee=2 * epsilon,
    methods=HARD_FAMILY,
    parameters=(*_FREE, (eta, q(beta) / (10 * _A * L0)), (gamma, q(beta) / (10 * _A * L1))),
    requires=(
        at_most(gamma, q(beta) / (10 * _A * L1), "the largest step is too long"),
        at_most(eta, q(beta) / (10 * _A * L0), "the step size is too large"),
    ),
    iterations=3 * Delta * largest(1 / (epsilon**2 * eta), 25 * eta / gamma**2),
    source=_source("deterministic theorem (slides of the first author)"),
    provenance=Provenance.AUTHOR,
    note="Printed with m_0 arbitrary; m_0 = grad F(x_0) is required here, as in our proof. The conclusion is 2 eps, so "
    "the count for a target eps is the printed one at eps/2.",
)

_STOCHASTIC = Theorem(
    key="framework-stochastic-slides",
    title="General clipping framework, stochastic, as printed",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    first=1,
    guarantee=3 * epsilon,
    methods=HARD_FAMILY,
    noise=Noise.BOUNDED,
    momentum_start=(MomentumStart.GRADIENT, MomentumStart.ZERO),
    parameters=(
        *_FREE,
        (
            gamma,
            epsilon
            / (2 * sigma)
            * smallest(epsilon / (_S * L0), q(beta) * unit_gradient / (_S * L0), q(beta) / (25 * _S * L1)),
        ),
        (eta, gamma / (5 * sigma)),
    ),
    requires=(
        at_most(epsilon, unit_gradient / 10, "printed condition eps <= 0.1, in a hidden unit of the gradient norm"),
        at_least(sigma**2, 4 * epsilon * unit_gradient, "normalisation added here; the printed form hides it"),
        at_most(
            gamma,
            epsilon
            / (2 * sigma)
            * smallest(epsilon / (_S * L0), q(beta) * unit_gradient / (_S * L0), q(beta) / (25 * _S * L1)),
            "the largest step is too long",
        ),
        equal(gamma, 5 * sigma * eta, "the clip threshold gamma/eta must be 5 sigma"),
        at_most(L1 * gamma, sp.Rational(197, 10000), "A = B = 1.01 needs a short largest step"),
    ),
    iterations=3 * Delta / (epsilon**2 * eta),
    source=_source("stochastic theorem (slides of the first author)"),
    provenance=Provenance.AUTHOR,
    note="Two printed conditions hide a unit of the gradient norm (u_G = 1 in the user's units). The requirement "
    "sigma^2 >= 4 eps u_G is our addition: the statement as printed on the slides needs a normalisation.",
)

_order = functools.partial(
    Theorem,
    kind=Kind.LOWER,
    criterion=Criterion.MIN,
    methods=EVERY_METHOD,
    smoothness=LIPSCHITZ,
    order_only=True,
    provenance=Provenance.AUTHOR,
)

_LOWER = _order(
    key="lower-deterministic-order",
    title="Lower bound of the comparison table, deterministic",
    iterations=Delta * L0 / epsilon**2,
    scope="first-order methods (as printed)",
    source=_source("comparison table (slides of the first author)"),
    note="Order only.",
)

_LOWER_STOCHASTIC = _order(
    key="lower-stochastic-order",
    title="Lower bound of the comparison table, stochastic",
    iterations=Delta * L0 * sigma**2 / epsilon**4,
    noise=Noise.VARIANCE,
    scope="stochastic first-order methods, variance-bounded oracle",
    source=_source("comparison table (slides of the first author)"),
    note="Order only. The construction behind it has bounded variance; its noise is not bounded by sigma.",
)

THEOREMS: tuple[Theorem, ...] = (_DETERMINISTIC, _STOCHASTIC, _LOWER, _LOWER_STOCHASTIC)
