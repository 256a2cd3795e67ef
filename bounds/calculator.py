"""Iteration counts: one theorem on one problem, or all of them side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bounds.applicability import Application, NotCovered, apply, read_parameters, substitute
from bounds.enclosure import ceiling_above, ceiling_below, float_below, float_near
from bounds.methods import CatalogueMethod, Method, MomentumStart
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.symbols import beta, eta, gamma, nu
from bounds.theorem import Kind, Theorem

__all__ = ["Bound", "Ranking", "Refusal", "evaluate", "lower_bound_for", "rank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A certified iteration count.

    Attributes
    ----------
    value : the exact expression whose ceiling is ``iterations``.
    iterations : number of iterations, rounded up for upper bounds and never up for lower bounds.
    """

    application: Application
    value: Any
    iterations: int

    @property
    def theorem(self) -> Theorem:
        """The theorem behind the count."""
        return self.application.theorem

    @property
    def problem(self) -> Problem:
        """The problem it answers."""
        return self.application.problem

    @property
    def methods(self) -> tuple[Method | CatalogueMethod, ...]:
        """The methods this very count is about: those whose nu is the value that was used."""
        weight = self.parameter(nu)
        return tuple(m for m in self.theorem.methods if weight is None or m.nu is None or m.nu == weight)

    def parameter(self, symbol: Any) -> Any:
        """The exact value of a parameter of the method, or None when it has no such parameter."""
        return self.application.values.get(symbol)

    @property
    def parameters(self) -> dict[str, float]:
        """Parameters as doubles: ``step_size`` and ``max_step`` are rounded down, which is the safe side."""
        found: dict[str, float] = {}
        step, longest = self.parameter(eta), self.parameter(gamma)
        if step is not None:
            found["step_size"] = float_below(step)
        if longest is not None:
            found["max_step"] = float_below(longest)
        if step is not None and longest is not None and not (step.is_infinite or longest.is_infinite):
            found["clip_threshold"] = float_near(longest / step)
        for symbol in (beta, nu):
            if (value := self.parameter(symbol)) is not None:
                found[str(symbol)] = float_near(value)
        return found

    def json(self) -> dict[str, Any]:
        """The machine-readable form."""
        theorem = self.theorem
        return {
            "key": theorem.key,
            "method": theorem.scope if theorem.covers_every_method else [m.key for m in self.methods],
            "iterations": self.iterations,
            "criterion": theorem.statement,
            "parameters": {k: (v if v != float("inf") else None) for k, v in self.parameters.items()},
            "smoothness": theorem.smoothness.key,
            "conversion": self.application.note or None,
            "provenance": theorem.provenance.name,
            "source": str(theorem.source),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A theorem that does not cover the problem, and why."""

    theorem: Theorem
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All theorems on one problem: upper bounds best first, lower bounds best first, and the refusals.

    ``own_lower`` is the best lower bound for the method and the parameters of the best upper bound.
    """

    problem: Problem
    upper: tuple[Bound, ...]
    lower: tuple[Bound, ...]
    refused: tuple[Refusal, ...]
    own_lower: Bound | None

    @property
    def best_lower(self) -> Bound | None:
        """The best lower bound that holds for every method of the toolkit."""
        return next((b for b in self.lower if b.theorem.covers_every_method), None)

    @property
    def gap(self) -> float | None:
        """Best upper bound over best general lower bound, or None when one of them is missing."""
        return _ratio(self.upper[0] if self.upper else None, self.best_lower)

    @property
    def own_gap(self) -> float | None:
        """Best upper bound over the best lower bound for the same method with the same parameters."""
        return _ratio(self.upper[0] if self.upper else None, self.own_lower)


def _ratio(upper: Bound | None, lower: Bound | None) -> float | None:
    return None if upper is None or lower is None else upper.iterations / lower.iterations


def evaluate(
    theorem: Theorem,
    problem: Problem,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> Bound:
    """The iteration count of one theorem.

    Parameters
    ----------
    parameters : method parameters by name (``eta``, ``gamma`` or ``clip_threshold``, ``beta``, ``nu``, ``kappa``,
        ``M``); those not given take the theorem's recommended values.

    Raises
    ------
    NotCovered : a hypothesis fails, or only the order of growth is known.
    NoStepNeeded : every admissible starting point is accurate enough.
    """
    problem.require_work()
    return _evaluate(theorem, problem, read_parameters(parameters or {}), momentum_start)


def _evaluate(
    theorem: Theorem, problem: Problem, parameters: Mapping[Any, Any], momentum_start: MomentumStart
) -> Bound:
    if theorem.order_only:
        raise NotCovered("only its order of growth is known, so it gives no count")
    plain = _count(apply(theorem, problem, parameters, momentum_start))
    if not plain.application.goal.drops_first:
        return plain
    # n >= k + 1 points at the target eps k/(k+1): dropping the first term multiplies the mean by at most n/(n-1).
    k = plain.iterations
    shorter = sp.Rational(k, k + 1)
    tight = _count(apply(theorem, problem, parameters, momentum_start, target_factor=shorter))
    return dataclasses.replace(tight, iterations=max(tight.iterations, k + 1) - 1)


def _count(application: Application) -> Bound:
    theorem = application.theorem
    value = substitute(theorem.iterations, application.values)
    if not value.is_number or value.has(sp.nan, sp.zoo, sp.oo):
        raise NotCovered("its count is not finite at these constants")
    rounded = ceiling_above(value) if theorem.kind is Kind.UPPER else ceiling_below(value)
    return Bound(application=application, value=value, iterations=max(rounded + application.goal.extra_points, 1))


def rank(
    theorems: Iterable[Theorem],
    problem: Problem,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> Ranking:
    """Every theorem on one problem; see :func:`evaluate` for the arguments.

    Raises
    ------
    InputError : a parameter is unknown or out of its domain.
    NoStepNeeded : every admissible starting point is accurate enough.
    """
    problem.require_work()
    exact = read_parameters(parameters or {})
    bounds: list[Bound] = []
    refused: list[Refusal] = []
    candidates = tuple(theorems)
    for theorem in candidates:
        try:
            bounds.append(_evaluate(theorem, problem, exact, momentum_start))
        except NotCovered as error:
            refused.append(Refusal(theorem=theorem, reason=str(error)))
    upper = tuple(sorted((b for b in bounds if b.theorem.kind is Kind.UPPER), key=lambda b: b.iterations))
    return Ranking(
        problem=problem,
        upper=upper,
        lower=tuple(sorted((b for b in bounds if b.theorem.kind is Kind.LOWER), key=lambda b: -b.iterations)),
        refused=tuple(refused),
        own_lower=lower_bound_for(upper[0], candidates, exact) if upper else None,
    )


def lower_bound_for(bound: Bound, theorems: Iterable[Theorem], given: Mapping[Any, Any] | None = None) -> Bound | None:
    """The best lower bound that covers the method of ``bound`` with its very parameters, or None.

    ``given`` are values by symbol that were given besides: what is known about the function restricts the instances.
    """
    covered = {m.key for m in bound.methods}
    own = {s: v for s, v in bound.application.values.items() if s not in bound.problem.constants}
    parameters = {**(given or {}), **own}
    best: Bound | None = None
    for theorem in theorems:
        if theorem.kind is Kind.UPPER or not covered <= {m.key for m in theorem.methods}:
            continue
        try:
            found = _evaluate(theorem, bound.problem, parameters, MomentumStart.GRADIENT)
        except NotCovered:
            continue
        if best is None or found.iterations > best.iterations:
            best = found
    return best
