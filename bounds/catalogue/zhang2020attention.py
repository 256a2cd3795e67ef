r"""Clipped SGD under heavy-tailed noise, upper and lower order.

Setting: F L-smooth, F(x0) - inf F <= Delta; E ||g - grad F||^p <= sigma^p for some p in (1, 2].
Metric: mean of E ||grad F(x_t)||.
Algorithm: clipped SGD; all stochastic first-order methods for the lower bound.
Guarantee: order eps^(-(3p-2)/(p-1)), which is eps^-4 at p = 2.
References: J. Zhang, S. Karimireddy, A. Veit, S. Kim, S. Reddi, S. Kumar, S. Sra, "Why are adaptive methods good for
attention models?", NeurIPS 2020, arXiv 1912.03194; restated by Armacki et al.

Example
-------
>>> from bounds import theorem_named
>>> theorem_named("clipped-sgd-heavy-order").complexity
(unit_gradient/epsilon)**((3*p - 2)/(p - 1))
"""

from __future__ import annotations

from bounds.catalogue.writing import EVERY_METHOD, methods
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import epsilon, p, unit_gradient
from bounds.theorem import Criterion, Kind, Provenance, Source, Theorem

__all__ = ["THEOREMS"]


def _source(locator: str) -> Source:
    return Source(
        authors="Zhang, Karimireddy, Veit, Kim, Reddi, Kumar, Sra",
        year=2020,
        title="Why are adaptive methods good for attention models?",
        venue="NeurIPS 2020",
        locator=locator,
        arxiv="1912.03194",
    )


_ORDER = (unit_gradient / epsilon) ** ((3 * p - 2) / (p - 1))
_NOTE = "Only the power of eps is known here; other constants are the hidden unit u_G."

_UPPER = Theorem(
    key="clipped-sgd-heavy-order",
    title="Clipped SGD under heavy-tailed noise, order",
    kind=Kind.UPPER,
    criterion=Criterion.MEAN,
    methods=methods("clipped-gd"),
    smoothness=LIPSCHITZ,
    noise=Noise.HEAVY,
    order_only=True,
    iterations=_ORDER,
    source=_source("rate of clipped SGD"),
    provenance=Provenance.RESTATED,
    note=_NOTE,
)

_LOWER = Theorem(
    key="heavy-lower-order",
    title="Stochastic first-order methods under heavy-tailed noise, order",
    kind=Kind.LOWER,
    criterion=Criterion.MIN,
    methods=EVERY_METHOD,
    smoothness=LIPSCHITZ,
    noise=Noise.HEAVY,
    order_only=True,
    scope="stochastic first-order methods, in high dimension",
    iterations=_ORDER,
    source=_source("lower bound"),
    provenance=Provenance.RESTATED,
    note=_NOTE,
)

THEOREMS: tuple[Theorem, ...] = (_UPPER, _LOWER)
