r"""Where a lower bound meets its proof: the hypotheses of clauses that *are* its number and its requirements.

A junction for a number reads "number - (what the adversary survives)"; the record is the number itself, or for the
chain the number of links rounded down, plus one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from bounds.functions import drop, gap
from bounds.proofs.chain_data import CHAINS
from bounds.proofs.citations import Junction
from bounds.proofs.lower import CLAUSES
from bounds.symbols import L0, L1, Delta, epsilon, eta, gamma, sigma

__all__ = ["ITERATIONS", "REQUIRES"]

_BY_ID = {clause.id: clause for clause in CLAUSES}
_D = gap(L0, L1, epsilon)


def _meets(clause: str, hypothesis: str, **at: Any) -> Junction:
    return Junction(source=_BY_ID[clause], hypothesis=hypothesis, at=at)


def _own(length: Any) -> Junction:
    """Corollary 9.2 for a method whose longest step under the answer eps is ``length``."""
    return _meets("A2-count", "count", Delta=Delta, D=_D, d=drop(L0, L1, epsilon, length))


def _links(target: Any) -> tuple[Any, ...]:
    """Links that a unit of gap pays for, in the three chains."""
    orders = (L0 / target**2, L1 / target, (L0 + L1 * target) / target**2)
    return tuple(order / chain.cost for order, chain in zip(orders, CHAINS, strict=True))


def _largest(numbers: Iterable[Any], **at: Any) -> Junction:
    return _meets("TL-instance", "floor", **dict(zip("abx", numbers, strict=True)), **at)


def _noisy(power: int) -> Junction:
    """The largest of the three counts: links at 2 eps, one given away, times the rarity of an answer."""
    counts = []
    for links, chain in zip(_links(2 * epsilon), CHAINS, strict=True):
        rarity = 1 + (sp.sqrt(chain.level) * sigma / (2 * epsilon)) ** power
        count = _meets("NO-queries", "queries", N=sp.floor(Delta * links) - 1, x=rarity, n=0)
        counts.append(count.expression)
    return _largest(counts, Delta=1)


ITERATIONS: dict[str, Junction] = {
    "gradient-only-lower": _meets("A-choice", "count", Delta=Delta, D=_D),
    "clipping-own-lower": _own(sp.Min(eta * epsilon, gamma)),
    "soft-clipping-own-lower": _own(eta * epsilon / (1 + eta * epsilon / gamma)),
    "normalized-own-lower": _own(gamma),
    "gd-own-lower": _own(eta * epsilon),
    "chain-lower": _largest(_links(epsilon), Delta=Delta),
    "stochastic-chain-lower": _noisy(2),
    "stochastic-chain-lower-bounded": _noisy(1),
}
"""Record key -> where its number enters, as "number - N". The record of the chain counts floor(number) + 1."""

REQUIRES: dict[str, tuple[Junction, ...]] = {
    **dict.fromkeys(ITERATIONS, ()),
    "stochastic-chain-lower-bounded": (_meets("SB-threshold", "record", sigma=sigma, eps=epsilon),),
}
"""Record key -> where each of its requirements is used, in the record's order."""
