r"""Normalized SGD with momentum on L-smooth functions.

Setting: F L-smooth, F(x0) - inf F <= Delta, unbiased gradients with variance at most sigma^2.
Metric: mean of E ||grad F(x_t)|| over t = 0..T-1.
Algorithm: m' = beta m + (1 - beta) g, x' = x - gamma m'/||m'|| with 1 - beta = min{sqrt(L Delta)/(sigma sqrt T), 1} and
gamma = sqrt(Delta (1 - beta)/(L T)); no large batch.
Guarantee: 29 sqrt(L Delta/T) + 21 sqrt(sigma) (L Delta)^(1/4)/T^(1/4) + 8 sigma^2/sqrt(L Delta T), which is solved
here for T.
References: A. Cutkosky, H. Mehta, "Momentum improves normalized SGD", ICML 2020, arXiv 2002.03305; all three constants
are recalled.

Example
-------
>>> from bounds import Noise, Problem, evaluate, theorem_named
>>> problem = Problem.of(L0=1, L1=0, Delta=1, epsilon="0.1", sigma=1, noise=Noise.VARIANCE)
>>> evaluate(theorem_named("normalized-sgd-momentum-cutkosky"), problem).iterations
2010351791
"""

from __future__ import annotations

import sympy as sp

from bounds.catalogue.writing import equal, methods, smallest
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import L0, Delta, beta, epsilon, gamma, sigma
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]

# The root y = T^(-1/4) of (a + c) y^2 + b y = eps for the three printed terms a/T^(1/2), b/T^(1/4), c/T^(1/2).
_SCALE = sp.sqrt(L0 * Delta)
_SQUARE = 29 * _SCALE + 8 * sigma**2 / _SCALE
_LINEAR = 21 * sp.sqrt(sigma * _SCALE)
_COUNT = ((_LINEAR + sp.sqrt(_LINEAR**2 + 4 * _SQUARE * epsilon)) / (2 * epsilon)) ** 4
_FRESH = smallest(_SCALE / (sigma * sp.sqrt(_COUNT)), 1)
_LENGTH = sp.sqrt(Delta * _FRESH / (L0 * _COUNT))

THEOREMS: tuple[Theorem, ...] = (
    Theorem(
        key="normalized-sgd-momentum-cutkosky",
        title="Normalized SGD with momentum on L-smooth functions",
        kind=Kind.UPPER,
        criterion=Criterion.MEAN,
        methods=methods("normalized-momentum"),
        smoothness=LIPSCHITZ,
        noise=Noise.VARIANCE,
        parameters=((beta, 1 - _FRESH), (gamma, _LENGTH)),
        requires=(
            equal(beta, 1 - _FRESH, "the published momentum depends on T"),
            equal(gamma, _LENGTH, "the published step length depends on T"),
        ),
        iterations=_COUNT,
        source=Source(
            authors="Cutkosky, Mehta",
            year=2020,
            title="Momentum improves normalized SGD",
            venue="ICML 2020",
            locator="Theorem 1",
            arxiv="2002.03305",
        ),
        provenance=Provenance.RECALLED,
        note="The constants 29, 21, 8 are recalled; our normalized-sgd-momentum has a smaller count and covers L1.",
    ),
)
