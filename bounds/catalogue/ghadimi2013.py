r"""SGD on L-smooth functions.

Setting: F L-smooth, F(x0) - inf F <= Delta, unbiased gradients with variance at most sigma^2.
Metric: mean of E ||grad F(x_t)||^2 over t = 0..T-1.
Algorithm: x' = x - eta g, eta <= 1/L.
Guarantee: mean <= 2 Delta/(eta T) + eta L sigma^2.
References: S. Ghadimi, G. Lan, "Stochastic first- and zeroth-order methods for nonconvex stochastic programming", SIAM
Journal on Optimization 2013, arXiv 1309.5549, Theorem 2.1; recalled. Our Theorem F (key ``sgd``) has a better constant.

Example
-------
>>> from bounds import Noise, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=0, Delta=1, epsilon="0.1", sigma=1, noise=Noise.VARIANCE)
>>> evaluate(theorem_named("sgd-ghadimi-lan"), problem).iterations
80000
"""

from __future__ import annotations

from bounds.catalogue.writing import at_most, below, methods, smallest
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import L0, Delta, epsilon, eta, sigma
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="sgd-ghadimi-lan",
        title="SGD on L-smooth functions, first non-asymptotic bound",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN_SQUARED,
        methods=methods("gd"),
        smoothness=LIPSCHITZ,
        noise=Noise.VARIANCE,
        parameters=((eta, smallest(1 / L0, epsilon**2 / (2 * L0 * sigma**2))),),
        requires=(
            at_most(eta * L0, 1, "the step size is above 1/L"),
            below(eta * L0 * sigma**2, epsilon**2, "the step size is too large for this noise"),
        ),
        iterations=2 * Delta / (eta * (epsilon**2 - eta * L0 * sigma**2)),
        source=Source(
            authors="Ghadimi, Lan",
            year=2013,
            title="Stochastic first- and zeroth-order methods for nonconvex stochastic programming",
            venue="SIAM Journal on Optimization",
            locator="Theorem 2.1",
            arxiv="1309.5549",
        ),
        provenance=Provenance.RECALLED,
        note="The inequality is recalled; the step size that makes its noise term eps^2/2 is chosen here.",
    ),
)
