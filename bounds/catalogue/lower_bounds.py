r"""Lower bounds of our own, with the L1 term.

Setting: the classes of the upper bounds; a lower bound for a smaller class or a weaker criterion holds for the
larger or stronger one too.
Metric: min over t of ||grad F(x_t)||; T counts the inspected points x_0, ..., x_{T-1}.
Algorithm: all deterministic methods that see gradients only; or zero-respecting methods; or one given method.
Guarantee: lower bounds, the first of them exact in dimension one.
References: docs/theory/lower.md, Theorems 9, 10, L, S, S-bounded; docs/theory/deterministic.md, Theorem 8;
docs/theory/stochastic.md, Theorem H. The zero-chain idea is due to Carmon, Duchi, Hinder, Sidford (2017,
arXiv 1710.11606), the probabilistic oracle to Arjevani et al. (2019, arXiv 1912.02365).

Example
-------
>>> from bounds import Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01")
>>> evaluate(theorem_named("gradient-only-lower"), problem).iterations
53308
"""

from __future__ import annotations

import functools

import sympy as sp

from bounds.catalogue.writing import (
    EVERY_METHOD,
    FIRST_ORDER_METHODS,
    GRADIENT_METHODS,
    HARD_FAMILY,
    SOFT_FAMILY,
    at_least,
    at_most,
    below,
    largest,
    methods,
    ours,
    smallest,
)
from bounds.functions import drop, gap, turn_length
from bounds.methods import Method
from bounds.smoothness import HESSIAN, LIPSCHITZ, Noise
from bounds.symbols import L0, L1, Delta, epsilon, eta, gamma, sigma
from bounds.theorem import Criterion, Kind, Limit, Provenance, Theorem

__all__ = ["THEOREMS"]

_PROVED = Provenance.PROVED_HERE
_lower = functools.partial(Theorem, kind=Kind.LOWER, criterion=Criterion.MIN, provenance=_PROVED)
_ZERO_RESPECTING = (
    "zero-respecting methods from x0 = 0 in dimension >= T; all deterministic first-order methods in dimension >= 2T"
)

_GRADIENT_ONLY = _lower(
    key="gradient-only-lower",
    title="Every deterministic gradient-only method",
    methods=GRADIENT_METHODS,
    smoothness=HESSIAN,
    scope="all deterministic methods that see gradients only, in every dimension",
    iterations=(Delta / gap(L0, L1, epsilon) + 1) / 2,
    source=ours("Theorem 9"),
    proof="docs/theory/lower.md#Theorem 9",
    note="At least max{L0 Delta/eps^2, L1 Delta/(2 eps)}; exact in dimension one.",
    limits=(
        Limit(
            symbol=L1,
            to=0,
            value=Delta * L0 / epsilon**2 + sp.Rational(1, 2),
            meaning="the L0-smooth bound L0 Delta/eps^2",
        ),
    ),
)

_ONE_DIMENSION = Theorem(
    key="normalized-gd-one-dimension",
    title="Normalized gradient descent in dimension one, exact",
    kind=Kind.UPPER,
    criterion=Criterion.MIN,
    dimension=1,
    methods=methods("normalized-gd"),
    parameters=((gamma, 2 * turn_length(L0, L1, epsilon)),),
    requires=(
        below(0, L0, "with L0 = 0 there may be no stationary point to find"),
        at_most(gamma, 2 * turn_length(L0, L1, epsilon), "the step may jump over a stationary point"),
    ),
    iterations=(Delta - gap(L0, L1, epsilon)) / drop(L0, L1, epsilon, gamma) + 1,
    source=ours("Theorem 10"),
    provenance=_PROVED,
    proof="docs/theory/lower.md#Theorem 10",
    note="With the recommended step it meets the lower bound for all gradient-only methods exactly.",
)


def _own(key: str, title: str, covered: tuple[Method, ...], length: sp.Expr, scope: str) -> Theorem:
    """Corollary 9.2 for one step rule: ``length`` is the longest step under the constant answer eps."""
    return _lower(
        key=key,
        title=title,
        methods=covered,
        smoothness=HESSIAN,
        scope=scope,
        iterations=(Delta - gap(L0, L1, epsilon)) / drop(L0, L1, epsilon, length) + 1,
        source=ours("Corollary 9.2"),
        proof="docs/theory/lower.md#Corollary 9.2",
        note="Depends on the method's own steps; for every beta and nu when the buffer starts at the gradient.",
    )


_OWN_LOWER = (
    _own(
        "clipping-own-lower",
        "The clipping framework itself",
        HARD_FAMILY,
        smallest(eta * epsilon, gamma),
        "hard clipping with the given steps",
    ),
    _own(
        "soft-clipping-own-lower",
        "The soft clipping framework itself",
        SOFT_FAMILY,
        eta * epsilon / (1 + eta * epsilon / gamma),
        "soft clipping with the given steps",
    ),
    _own(
        "normalized-own-lower",
        "Normalized methods themselves",
        methods("normalized-gd", "normalized-momentum", "normalized-mixed"),
        gamma,
        "normalized methods with the given step length",
    ),
    _own(
        "gd-own-lower",
        "Gradient descent itself",
        methods("gd", "momentum-gd"),
        eta * epsilon,
        "gradient descent with the given step size, with or without momentum",
    ),
)

_CARMON_CHAIN = _lower(
    key="zero-chain-lower",
    title="The classical zero-chain, with its constant",
    methods=FIRST_ORDER_METHODS,
    smoothness=LIPSCHITZ,
    scope="zero-respecting methods from x0 = 0, in dimension >= T",
    least_dimension=sp.floor(Delta * L0 / (1824 * epsilon**2)),
    iterations=sp.floor(Delta * L0 / (1824 * epsilon**2)) + 1,
    source=ours("Theorem 8"),
    proof="docs/theory/deterministic.md#Theorem 8",
    note="The chain of Carmon et al. with re-derived constants 12 and 152.",
)

_COMPUTED = "One step of the proof is a finite exact computation on boxes, which verify --deep repeats."

_CHAIN_TERMS = (
    # (link cost, squared gradient level gamma^2 of the chain): instances for L0, L1 and both together.
    (L0 / (sp.Rational(7, 2) * epsilon**2), sp.Rational(89, 100)),
    (L1 / (sp.Rational(35, 8) * epsilon), sp.Rational(989, 1000) ** 2),
    ((L0 + L1 * epsilon) / (sp.Rational(13, 2) * epsilon**2), sp.Rational(483, 500) ** 2),
)

_CHAIN = _lower(
    key="chain-lower",
    title="Zero-chains with an L1 term",
    methods=FIRST_ORDER_METHODS,
    scope=_ZERO_RESPECTING,
    least_dimension=sp.floor(Delta * largest(*(cost for cost, _ in _CHAIN_TERMS))),
    iterations=sp.floor(Delta * largest(*(cost for cost, _ in _CHAIN_TERMS))) + 1,
    source=ours("Theorem L and Theorem R"),
    proof="docs/theory/lower.md#Theorem L",
    note=f"Function values do not help. {_COMPUTED}",
)


def _noisy_chain(power: int) -> sp.Expr:
    """Queries for E||grad|| <= eps: a chain built for 2 eps whose next link shows itself with probability p.

    power 2: variance sigma^2 allows 1/p = 1 + (gamma sigma/(2 eps))^2; power 1: noise bounded by sigma allows
    1/p = 1 + gamma sigma/(2 eps). One link is given away because the buffer may start at the exact gradient.
    """
    counts = []
    for cost, level in _CHAIN_TERMS:
        links = sp.floor(Delta * cost.xreplace({epsilon: 2 * epsilon})) - 1
        rarity = 1 + (sp.sqrt(level) * sigma / (2 * epsilon)) ** power
        counts.append(largest(links / 2, links - 1) * rarity)
    return largest(*counts)


_NOISY_LINKS = sp.floor(Delta * largest(*(cost.xreplace({epsilon: 2 * epsilon}) for cost, _ in _CHAIN_TERMS)))

_STOCHASTIC = _lower(
    key="stochastic-chain-lower",
    title="Stochastic zero-chains, bounded variance",
    methods=EVERY_METHOD,
    noise=Noise.VARIANCE,
    scope="zero-respecting stochastic methods from x0 = 0, in high dimension",
    least_dimension=_NOISY_LINKS,
    iterations=_noisy_chain(2),
    source=ours("Theorem S"),
    proof="docs/theory/lower.md#Theorem S",
    note="Order Delta L0 sigma^2/eps^4 and Delta L1 sigma^2/eps^3; the hard noise is not bounded by sigma. "
    + _COMPUTED,
)

_STOCHASTIC_BOUNDED = _lower(
    key="stochastic-chain-lower-bounded",
    title="Stochastic zero-chains, bounded noise",
    methods=EVERY_METHOD,
    noise=Noise.BOUNDED,
    scope="zero-respecting stochastic methods from x0 = 0, in high dimension",
    least_dimension=_NOISY_LINKS,
    requires=(at_least(sp.Rational(943, 1000) * sigma, 2 * epsilon, "the construction needs noise above the target"),),
    iterations=_noisy_chain(1),
    source=ours("Theorem S-bounded"),
    proof="docs/theory/lower.md#Theorem S-bounded",
    note="Order Delta L0 sigma/eps^3 only: whether eps^-4 is necessary for all methods under bounded noise is open. "
    + _COMPUTED,
)

_CLIPPED_SGD = _lower(
    key="clipped-sgd-own-lower",
    title="Clipped SGD itself, bounded noise",
    methods=methods("clipped-gd"),
    smoothness=LIPSCHITZ,
    noise=Noise.BOUNDED,
    scope="clipped SGD with eta <= 1/L0 and clip threshold >= 2 (sigma + eps)",
    requires=(
        at_most(eta * L0, 1, "the step size is above 1/L0"),
        at_least(gamma, 2 * (sigma + epsilon) * eta, "the clip threshold is below 2 (sigma + eps)"),
        at_least(Delta, 2 * epsilon**2 / L0, "the gap is too small for this eps"),
    ),
    iterations=(Delta - epsilon**2 / (2 * L0)) * L0 * sigma**2 / (8 * epsilon**4),
    source=ours("Theorem H"),
    proof="docs/theory/stochastic.md#Theorem H",
    note="Within a factor 16 of Theorem A with its best step, as eps -> 0.",
)

THEOREMS: tuple[Theorem, ...] = (
    _GRADIENT_ONLY,
    _ONE_DIMENSION,
    *_OWN_LOWER,
    _CARMON_CHAIN,
    _CHAIN,
    _STOCHASTIC,
    _STOCHASTIC_BOUNDED,
    _CLIPPED_SGD,
)
