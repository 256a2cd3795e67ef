r"""Parameter-agnostic methods: backtracking, and normalized SGD with momentum and decreasing parameters.

Setting: F twice differentiable with ||Hess F|| <= L0 + L1 ||grad F||, F(x0) - inf F <= Delta; noise of bounded variance
for the second method.
Metric: mean of ||grad F(x_t)||^2; mean of E ||grad F(x_t)||.
Algorithm: gradient descent with Armijo backtracking (factor 1/2, slope 1/2, steps never grow); normalized SGD with
momentum 1 - t^(-1/2) and step length t^(-3/4)/(12 L1).
Guarantee: (4 L0 Delta + 14 L1^2 Delta^2)/(b c (1-c) eps^2) for factor b and slope c; order
(L1 Delta + sigma + L0/L1)^4/eps^4. Without knowing L1 the second method pays a factor exponential in L1, and schemes of
that kind must.
References: F. Huebler, J. Yang, X. Li, N. He, "Parameter-agnostic optimization under relaxed smoothness", AISTATS 2024,
arXiv 2311.03252; restated in course notes, the second order in Khirirat et al. too.

Example
-------
>>> from bounds import HESSIAN, Criterion, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=1, Delta=5, epsilon="0.1", smoothness=HESSIAN, criterion=Criterion.MIN)
>>> evaluate(theorem_named("backtracking-gd"), problem).iterations
296000
"""

from __future__ import annotations

from bounds.catalogue.writing import at_least, methods, outside
from bounds.smoothness import HESSIAN, Noise
from bounds.symbols import L0, L1, Delta, epsilon, sigma, unit_gradient, unit_length
from bounds.theorem import Criterion, Kind, Limit, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Huebler, Yang, Li, He",
        year=2024,
        title="Parameter-agnostic optimization under relaxed smoothness",
        venue="AISTATS 2024",
        locator=locator,
        arxiv="2311.03252",
    )


_CURVATURE = 4 * L0 + 14 * L1**2 * Delta

_BACKTRACKING = Theorem(
    key="backtracking-gd",
    title="Gradient descent with backtracking, no constant known",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN_SQUARED,
    methods=outside("backtracking-gd"),
    smoothness=HESSIAN,
    requires=(
        at_least(
            4 * _CURVATURE * unit_length / unit_gradient,
            1,
            "the first step tried, 1 in a hidden unit, is too short (condition added here)",
        ),
    ),
    iterations=8 * _CURVATURE * Delta / epsilon**2,
    source=_source("rate of gradient descent with backtracking"),
    provenance=Provenance.RESTATED,
    note="With factor 1/2 and slope 1/2; line-search evaluations are not counted. L1^2 Delta^2/eps^2 is the price of "
    "steps that never grow.",
    limits=(Limit(symbol=L1, to=0, value=32 * L0 * Delta / epsilon**2, meaning="16 times the textbook rate"),),
)

_MOMENTUM_ORDER = Theorem(
    key="normalized-sgd-momentum-agnostic-order",
    title="Normalized SGD with momentum and decreasing parameters, order",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    methods=methods("normalized-momentum"),
    smoothness=HESSIAN,
    noise=Noise.VARIANCE,
    order_only=True,
    iterations=(L1 * Delta + sigma + L0 / L1) ** 4 / epsilon**4,
    source=_source("rate with step length t^(-3/4)/(12 L1)"),
    provenance=Provenance.RESTATED,
    note="Logarithms dropped. When L1 is unknown the order carries a factor exponential in L1^2, and that cannot be "
    "avoided by such schemes (abstract).",
)

THEOREMS: tuple[Theorem, ...] = (_BACKTRACKING, _MOMENTUM_ORDER)
