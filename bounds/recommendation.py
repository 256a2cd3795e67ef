r"""What to run: step size, clip threshold, momentum and number of iterations, and how sensitive the number is.

The elasticity of T with respect to a constant c is d ln T/d ln c: 2 means that a constant twice as large costs about
four times the iterations. Since counts do not depend on the units of F and x, the elasticities of a bound with
recommended parameters satisfy two exact relations, one for each unit.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.applicability import NotCovered
from bounds.calculator import Bound, Ranking, evaluate, rank
from bounds.enclosure import float_below, float_near
from bounds.errors import InputError, NoStepNeeded, unknown_name
from bounds.methods import METHODS, Method, MomentumStart
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.report import problem_json, pytorch
from bounds.symbols import L0, L1, beta, eta, gamma, nu, u
from bounds.theorem import Theorem

__all__ = ["Recommendation", "elasticities", "pytorch_code", "recommend"]

_SHIFT = Fraction(1, 10**4)
_SIX_DIGITS = Context(prec=6, rounding=ROUND_DOWN)
_NAMES = {u: "v.norm()", eta: "lr", gamma: "max_step", beta: "beta", nu: "nu", L0: "L0", L1: "L1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The best covered method for a problem, ready to run.

    Attributes
    ----------
    bound : the best upper bound (for the method asked for); its ``iterations`` suffice with its ``parameters``.
    method : the method to run.
    ranking : all theorems on the problem.
    elasticities : d ln T/d ln c by name of the constant.
    pytorch : a few lines in PyTorch's words, or None when the method has no step rule of one vector.
    """

    bound: Bound
    method: Any
    ranking: Ranking
    elasticities: Mapping[str, float]
    pytorch: str | None

    def json(self) -> dict[str, Any]:
        """The machine-readable form."""
        return {
            "problem": problem_json(self.bound.problem),
            "method": self.method.key,
            "bound": self.bound.json(),
            "gap": self.ranking.gap,
            "elasticities": dict(self.elasticities),
            "pytorch": self.pytorch,
        }


def recommend(
    theorems: Iterable[Theorem],
    problem: Problem,
    method: str | None = None,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> Recommendation:
    """The best upper bound and how to run its method.

    Parameters
    ----------
    method : key of a method; without it the method with the smallest count is taken.
    parameters : method parameters that are fixed, by name; the others take recommended values.

    Raises
    ------
    InputError : an unknown method, or no theorem covers the problem (with the nearest refusal).
    NoStepNeeded : every admissible starting point is accurate enough.
    """
    chosen = dict(parameters or {})
    records = tuple(theorems)
    if method is not None:
        known = {m.key: m for t in records for m in t.methods} | {m.key: m for m in METHODS}
        if method not in known:
            raise unknown_name("method", method, known)
        weight = known[method].nu
        if weight is not None and known[method].momentum:
            chosen.setdefault("nu", weight)
    ranking = rank(records, problem, chosen, momentum_start)
    if method is not None and known[method].nu == 0 and "nu" not in chosen:
        # Without momentum the family's bounds apply with nu = 0; other theorems have no weight to set.
        plain = rank(records, problem, chosen | {"nu": 0}, momentum_start)
        ranking = plain if plain.upper else ranking
    best = next((b for b in ranking.upper if method is None or method in {m.key for m in b.methods}), None)
    if best is None:
        raise InputError(_refusal(ranking, method))
    found = next((m for m in best.methods if m.key == method), best.methods[0])
    return Recommendation(
        bound=best,
        method=found,
        ranking=ranking,
        elasticities=elasticities(best.theorem, problem, chosen, momentum_start),
        pytorch=(pytorch(best) if found.key in ("gd", "clipped-gd") else None) or pytorch_code(best, found),
    )


def _refusal(ranking: Ranking, method: str | None) -> str:
    about = "" if method is None else f" about {method}"
    reasons = [
        f"{r.theorem.key}: {r.reason}"
        for r in ranking.refused
        if method is None or method in {m.key for m in r.theorem.methods}
    ]
    shown = "; ".join(reasons[:3]) or "none exists"
    return f"no upper bound{about} covers this problem ({shown})."


def elasticities(
    theorem: Theorem,
    problem: Problem,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> dict[str, float]:
    """d ln T/d ln c for every positive constant c of the problem that can be moved, T before rounding.

    Central differences over one part in 10^4 of exactly evaluated counts, one-sided where a hypothesis fails on one
    side: an error of about 10^-8, except within 10^-4 of a kink of the bound, where it is an average of both slopes.

    Raises
    ------
    NotCovered : the theorem does not cover the problem.
    """
    here = evaluate(theorem, problem, parameters, momentum_start).value
    found = {}
    for name in ("L0", "L1", "Delta", "epsilon", "sigma", "R"):
        constant = getattr(problem, name, None)
        if not constant:
            continue
        ends = []
        for factor in (1 - _SHIFT, 1 + _SHIFT):
            moved = dataclasses.replace(problem, **{name: constant * factor})
            try:
                ends.append((factor, evaluate(theorem, moved, parameters, momentum_start).value))
            except (NotCovered, NoStepNeeded):
                ends.append((Fraction(1), here))
        (low, below), (high, above) = ends
        ratio = float_near(above / below)
        if low != high and 0 < ratio < math.inf:
            # Zero is a legitimate answer; "+ 0.0" turns -0.0 into it.
            found[name] = math.log(ratio) / math.log(high / low) + 0.0
    return found


def pytorch_code(bound: Bound, method: Any) -> str | None:
    """The method in PyTorch's words, for a parameter ``p`` with gradient ``g`` and one buffer ``m``."""
    if not isinstance(method, Method):
        return None
    inputs = {L0: bound.problem.L0, L1: bound.problem.L1} | {
        s: value for s in (eta, gamma, beta, nu) if (value := bound.parameter(s)) is not None
    }
    needed = [*method.rule.parameters, *([beta] if method.momentum else []), *([nu] if method.nu is None else [])]
    lines = [f"{_NAMES[s]} = {_literal(s, inputs[s])}" for s in needed if s in inputs]
    factor = sp.pycode(
        method.rule.factor.xreplace({s: sp.Symbol(name) for s, name in _NAMES.items()}), fully_qualified_modules=True
    )
    lines.append(f"step = lambda v: ({factor}) * v")
    if method.momentum:
        lines.append("m = g.clone() if first else m.lerp(g, 1 - beta)")
    moves = {1: "step(m)", 0: "step(g)", None: "nu * step(m) + (1 - nu) * step(g)"}[method.nu]
    return "\n".join([*lines, f"p -= {moves}"])


def _literal(symbol: Any, value: Any) -> str:
    """Six digits for step sizes, rounded down, which is the safe side; all digits for what is not a length."""
    if symbol not in (eta, gamma):
        return repr(float(value))
    if value.is_infinite:
        return 'float("inf")'
    return str(_SIX_DIGITS.create_decimal_from_float(float_below(value)))
