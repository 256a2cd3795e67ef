r"""Where a stochastic record meets its proof: the hypotheses of clauses that *are* the record's T and its requirements.

An entry of :data:`ITERATIONS`, placed in the record's symbols, is T - iterations; one of :data:`REQUIRES` is a positive
multiple of right - left of a requirement, or several of them whose least is such a multiple. So neither record nor
proof can change alone.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from bounds.functions import descent_factor
from bounds.proofs.citations import Junction
from bounds.proofs.stochastic import CLAUSES
from bounds.symbols import L0, L1, Delta, M, T, beta, epsilon, eta, gamma, nu, sigma

__all__ = ["GUARANTEES", "ITERATIONS", "REQUIRES"]

_BY_ID = {clause.id: clause for clause in CLAUSES}
_COMMON: dict[str, Any] = {str(s): s for s in (L0, L1, Delta, M, T, eta, gamma, nu, sigma)} | {
    "eps": epsilon,
    "q": 1 - beta,
    "om": nu * beta,
    "v": sigma**2,
    "tau": gamma / eta,
}


def _meets(clause: str, hypothesis: str, **at: Any) -> Junction:
    return Junction(source=_BY_ID[clause], hypothesis=hypothesis, at={**_COMMON, **at})


def _scaled(factor: Any) -> dict[str, Any]:
    return {"l0": factor * L0, "l1": factor * L1}


_SHARP = _scaled(descent_factor(gamma * L1))
_RELAXED, _SLIDES = _scaled(sp.Rational(102, 100)), _scaled(sp.Rational(101, 100))
_SOFT, _NORMALIZED = _scaled(sp.Rational(4, 3)), _scaled(sp.Rational(107, 100))
_BIAS = sigma * eta / (2 * gamma)
_CHI = 1 - (_SHARP["l0"] * eta + _SHARP["l1"] * gamma) / 2
_BOUNDED = descent_factor(L1 * eta * (M + sigma)) * (L0 + L1 * M)


def _room(chi: Any) -> Any:
    """What A-mean asks of Delta/(eta T)."""
    placed = _meets("A-mean", "A-count", a=chi, Delta=sp.Integer(0), **_SHARP)
    return placed.expression


def _ratio(l: dict[str, Any]) -> Any:
    return (l["l0"] * eta + l["l1"] * gamma) / (1 - beta)


def _noise(l: dict[str, Any]) -> Any:
    return (l["l0"] + l["l1"] * epsilon) * eta * sigma**2 / epsilon**2


_ROOMS = {"clipped-sgd": _room(_CHI), "clipped-sgd-small-threshold": _room(_CHI - _BIAS)}
_DRIFT = {
    "k": gamma / (1 - beta),
    "x": 2 * sigma * sp.sqrt((1 - beta) / (1 + beta)),
    **_NORMALIZED,
}
_NORMALIZED_ROOM = _meets("N-mean", "N-count", **_DRIFT, Lam=sp.Integer(0)).expression

ITERATIONS: dict[str, Junction] = {
    "clipped-sgd": _meets("A-count", "T", room=_ROOMS["clipped-sgd"]),
    "clipped-sgd-small-threshold": _meets("A-count", "T", room=_ROOMS["clipped-sgd-small-threshold"]),
    "framework-stochastic": _meets("L1-count", "T"),
    "framework-stochastic-zero-start": _meets("L1-count", "T"),
    "framework-stochastic-slides-first": _meets("R-T", "T"),
    "framework-stochastic-slides-proved": _meets("R-T", "T"),
    "soft-clipped-sgd": _meets("S3-count", "T"),
    "soft-framework-stochastic": _meets("T10-T", "T"),
    "normalized-sgd-momentum": _meets("N-count", "T", z=_NORMALIZED_ROOM),
    "sgd": _meets("F-count", "T"),
    "sgd-gradient-bound": _meets("F-count", "T"),
    "clipped-sgd-own-lower": _meets("H-count", "goal"),
}
"""Record key -> where its T enters (for the lower bound: what the last step proves about T)."""

_NOISE_5 = (_meets("B1", "noise"),)
_CONDITION = (_meets("L1-room", "condition", s=40 * _ratio(_RELAXED), **_RELAXED),)
_CAP = (
    _meets("R-noise0", "entry", **_SLIDES),
    _meets("R-step", "entry", **_SLIDES),
    _meets("R-clip", "entry", **_SLIDES),
)
_SLIDES_REQUIRES = ((_meets("R-H0", "accuracy"),), _CAP, ())

REQUIRES: dict[str, tuple[tuple[Junction, ...], ...]] = {
    "clipped-sgd": (
        (_meets("A4", "noise"),),
        (_meets("A4", "accuracy"),),
        (_meets("A-chi", "step", **_SHARP),),
        (_meets("A-count", "room", room=_ROOMS["clipped-sgd"]),),
    ),
    "clipped-sgd-small-threshold": (
        (_meets("A-threshold", "threshold"),),
        (_meets("A-bias-small", "threshold"),),
        (_meets("A-chi", "step", **_SHARP),),
        (_meets("A-count", "room", room=_ROOMS["clipped-sgd-small-threshold"]),),
    ),
    "framework-stochastic": (_NOISE_5, (_meets("B9", "accuracy"),), _CONDITION),
    "framework-stochastic-zero-start": (_NOISE_5, (_meets("B12", "accuracy"),), _CONDITION),
    "framework-stochastic-slides-first": _SLIDES_REQUIRES,
    "framework-stochastic-slides-proved": _SLIDES_REQUIRES,
    "soft-clipped-sgd": (
        (_meets("S3-b", "noise"),),
        (_meets("S3-share", "accuracy"),),
        (_meets("S3-soft", "condition", s=4 * _ratio(_SOFT) * (1 - beta), n=sp.Rational(5, 3) * _noise(_SOFT)),),
    ),
    "soft-framework-stochastic": (
        (_meets("T11", "noise"),),
        (_meets("T11", "accuracy"),),
        (_meets("T10", "condition", s=40 * _ratio(_RELAXED), n=sp.Rational(5, 2) * _noise(_RELAXED)),),
    ),
    "normalized-sgd-momentum": (
        (_meets("N-range", "range"),),
        (_meets("N-count", "room", z=_NORMALIZED_ROOM),),
    ),
    "sgd": ((_meets("F-mean", "step", L=L0),),),
    "sgd-gradient-bound": ((_meets("FB-c", "accuracy"),), (_meets("F-mean", "step", L=_BOUNDED),)),
    "clipped-sgd-own-lower": (
        (_meets("H-stay", "short", al=L0 * eta),),
        (_meets("H-unclipped", "threshold"),),
        (_meets("H-count", "gap"),),
    ),
}
"""Record key -> where each requirement is used, in the record's order; () where gamma = 5 sigma eta is built in."""

GUARANTEES: dict[str, str] = {
    "framework-stochastic-slides-first": "R1",
    "framework-stochastic-slides-proved": "R2",
}
"""Record key -> the clause that proves its guarantee, where this is not eps itself."""
