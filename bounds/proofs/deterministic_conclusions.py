r"""Where a record meets its proof: the hypotheses of clauses that *are* the record's T and its requirements.

A :class:`Meeting` names a hypothesis and replaces the variables of its clause by expressions in the record's symbols.
The result is T - iterations (upper bounds), iterations - t (lower bounds), or a positive multiple of right - left
of a requirement, so that neither record nor proof can change alone. K and R are read off the clauses that prove them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bounds.functions import descent_factor, drop, gap, growth_factor, turn_length
from bounds.proofs.deterministic import CLAUSES
from bounds.proofs.step import Clause
from bounds.symbols import L0, L1, Delta, M, T, beta, epsilon, eta, gamma, kappa, nu

__all__ = ["ITERATIONS", "REQUIRES", "Meeting"]

_BY_ID = {clause.id: clause for clause in CLAUSES}
_COMMON = {str(s): s for s in (L0, L1, Delta, M, T, eta, gamma, nu)} | {
    "eps": epsilon,
    "b": beta,
    "k": kappa,
    "q": 1 - beta,
}


def _placed(expr: Any, at: Mapping[str, Any]) -> Any:
    values = {**_COMMON, **at}
    return expr.subs({s: values[s.name] for s in expr.free_symbols if s.name in values}, simultaneous=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A hypothesis of a clause, in the symbols of a record.

    Attributes
    ----------
    clause, hypothesis : identifier of the clause and name of the hypothesis.
    at : variable name -> expression, beyond the common names (b is beta, k kappa, q 1 - beta, eps epsilon ...).
    """

    clause: str
    hypothesis: str
    at: Mapping[str, Any]

    @property
    def expression(self) -> Any:
        """The hypothesis (an expression compared with zero) in the record's symbols."""
        return _placed(_BY_ID[self.clause].hypotheses()[self.hypothesis], self.at)


def _meets(clause: str, hypothesis: str, **at: Any) -> Meeting:
    return Meeting(clause=clause, hypothesis=hypothesis, at=at)


def _factor(clause: Clause, of: str, bounded: str, **at: Any) -> Any:
    """The f for which the goal of the clause reads bounded <= f * of."""
    goal = clause.goal[0].subs({sp.Symbol(bounded): 0, sp.Symbol(of): 1})
    return _placed(goal, at)


def _ratio(clause: Clause, of: str, bounded: str) -> Any:
    """The f for which a goal linear in both reads bounded <= f * of, after division."""
    goal = sp.expand(clause.goal[0])
    return _placed(-goal.coeff(sp.Symbol(of)) / goal.coeff(sp.Symbol(bounded)), {})


_GROWTH, _DESCENT = growth_factor(kappa * (1 - beta)), descent_factor(kappa * (1 - beta))
_SHARP = {"B": _GROWTH, "C": _DESCENT}
_LOSS = descent_factor(gamma * L1)
_THETA = {"l0": _GROWTH * L0, "l1": _GROWTH * L1}
_TRUE = {"l0": L0, "l1": L1}
_y = nu * beta / (1 - beta)
_LN2 = {"l0": L0 / sp.log(2), "l1": L1 / sp.log(2)}
_START = sp.sqrt(2 * L0 * Delta) + sp.Rational(4, 3) * L1 * Delta
_NORMALIZED = {**_LN2, "v": (sp.Rational(1, 2) + _y) * gamma, "r": Delta / gamma + _y * _START}


def _solved(clause: str, name: str, **at: Any) -> Any:
    """The value of a variable that an equality hypothesis of the same name defines."""
    (value,) = sp.solve(_BY_ID[clause].eq[name], sp.Symbol(name))
    return _placed(value, at)


_K_SHARP = _factor(_BY_ID["T1p-budget"], "Delta", "DD", w=_solved("T1p-progress", "w", **_SHARP))
_R_SHARP = _factor(_BY_ID["T1p-ratio"], "PP", "GG", **_SHARP)
_K_SOFT = _factor(_BY_ID["T4-budget"], "Delta", "DD")
_R = _ratio(_BY_ID["S7"], "PP", "GG")
_PROGRESS = _solved("T2-progress", "w", C=_LOSS)

ITERATIONS: dict[str, Meeting] = {
    "framework-deterministic": _meets("C11-T", "T"),
    "framework-deterministic-sharp": _meets("T1-invert", "T", K=_K_SHARP, R=_R_SHARP),
    "framework-deterministic-slides-first": _meets("C12-eps", "T"),
    "framework-deterministic-slides-proved": _meets("C12-eps", "T"),
    "soft-clipping-deterministic": _meets("T4-T", "T", K=_K_SOFT, R=_R),
    "normalized-momentum-deterministic": _meets("T5-T", "T", **_NORMALIZED),
    "clipped-gd": _meets("T2-mean", "T", w=_PROGRESS),
    "clipped-gd-min": _meets("T2-min", "T", w=_PROGRESS),
    "normalized-gd": _meets("T3-normalized-T", "T", p=_solved("T3-normalized", "p", C=_LOSS)),
    "best-step-gd": _meets("T3-T", "T"),
    "reciprocal-gd": _meets("T4r-T", "T", y=Delta / (3 - sp.E)),
    "gd-gradient-bound": _meets("T6-T", "T", h=eta),
    "gd-fixed-step-lower": _meets("T7-count", "T", z=turn_length(L0, L1, M)),
    "normalized-gd-one-dimension": _meets(
        "T10-count", "T", N=T, D=gap(L0, L1, epsilon), d=drop(L0, L1, epsilon, gamma)
    ),
    "zero-chain-lower": _meets("T8-scaling", "length"),
}
"""Record key -> where its T enters. For the zero-chain the hypothesis is x - N, and the record counts floor(x) + 1."""

_CAPS = (_meets("C11-step", "step"), _meets("C11-clip", "clip"))
_STEPS_TRUE = (_meets("S5", "step", **_TRUE), _meets("S5", "clip", **_TRUE))
_LOSSES = (_meets("T2-progress", "loss", C=_LOSS),)

REQUIRES: dict[str, tuple[Meeting | None, ...]] = {
    "framework-deterministic": _CAPS,
    "framework-deterministic-sharp": (
        _meets("T1p-sum", "contraction", **_SHARP),
        _meets("T1p-progress", "decrease", **_SHARP),
        *_STEPS_TRUE,
    ),
    "framework-deterministic-slides-first": _CAPS,
    "framework-deterministic-slides-proved": _CAPS,
    "soft-clipping-deterministic": (_meets("S5", "step", **_THETA), _meets("S5", "clip", **_THETA)),
    "normalized-momentum-deterministic": (
        _meets("T5-reach", "ln2", lg=sp.log(2)),
        _meets("T5-T", "weight", **_NORMALIZED),
    ),
    "clipped-gd": _LOSSES,
    "clipped-gd-min": _LOSSES,
    "normalized-gd": (_meets("T3-normalized-T", "progress", p=_solved("T3-normalized", "p", C=_LOSS)),),
    "best-step-gd": (),
    "reciprocal-gd": (),
    "gd-gradient-bound": (_meets("S18", "step", h=eta, l=L0 + L1 * M),),
    "gd-fixed-step-lower": (
        _meets("T7-start", "reach", x=gap(L0, L1, M)),
        _meets("T7-room", "below"),
        _meets("T7-room", "small"),
    ),
    "normalized-gd-one-dimension": (None, _meets("T10-direction", "length", l=gamma, z=turn_length(L0, L1, epsilon))),
    "zero-chain-lower": (),
}
"""Record key -> where each of its requirements is used, in the record's order; None for a sign (0 < L0)."""
