"""Does a theorem cover a problem: yes, with which constants and parameters; or no, and which hypothesis fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bounds.enclosure import UndecidedError, compare, extreme, float_near
from bounds.errors import InputError
from bounds.goals import GoalChange, NotCovered, goal_change
from bounds.methods import MomentumStart
from bounds.problem import Problem
from bounds.quantities import POSITIVE, Number, as_fraction, quantity
from bounds.smoothness import LIPSCHITZ, Conversion, conversion
from bounds.symbols import L0, L1, L, R, eta, gamma
from bounds.theorem import Kind, Requirement, Theorem

__all__ = ["Application", "NotCovered", "apply", "read_parameters", "substitute"]

_HIDDEN_UNITS = tuple(quantity(name).symbol for name in ("unit_gradient", "unit_length"))
_STEP_SYMBOLS = (eta, gamma)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A theorem together with values for all of its symbols that satisfy its hypotheses."""

    theorem: Theorem
    problem: Problem
    values: Mapping[Any, Any]
    conversion: Conversion
    goal: GoalChange

    @property
    def note(self) -> str:
        """What was converted, definitions and goals, in words; empty when nothing was."""
        return "; ".join(filter(None, (self.conversion.note, self.goal.note)))

    def __getitem__(self, symbol: Any) -> Any:
        return self.values[symbol]


def read_parameters(parameters: Mapping[str, Number]) -> dict[Any, Any]:
    """Exact values of user-chosen parameters by name; ``clip_threshold`` = gamma/eta is understood too.

    Raises
    ------
    InputError : an unknown name, a value out of its domain, or a clip threshold without a step size.
    """
    known = ("eta", "gamma", "beta", "nu", "kappa", "M", "L", "unit_gradient", "unit_length")
    given = dict(parameters)
    threshold = given.pop("clip_threshold", None)
    for name in given:
        if name not in known:
            raise InputError(f"unknown parameter {name!r}; known: {', '.join((*known, 'clip_threshold'))}.")
    exact = {
        quantity(name).symbol: sp.Rational(x.numerator, x.denominator)
        for name, x in ((name, quantity(name).validate(value)) for name, value in given.items())
    }
    if threshold is not None:
        if eta not in exact or gamma in exact:
            raise InputError(
                f"clip_threshold = {threshold} needs a step size and excludes max-step: the largest step is "
                "step size times clip threshold."
            )
        tau = as_fraction("clip-threshold", threshold, POSITIVE)
        if tau not in POSITIVE:
            raise InputError(f"clip-threshold = {threshold} is not allowed: it must be {POSITIVE}.")
        exact[gamma] = exact[eta] * sp.Rational(tau.numerator, tau.denominator)
    return exact


def apply(
    theorem: Theorem,
    problem: Problem,
    parameters: Mapping[Any, Any],
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
    *,
    target_factor: Any = sp.S.One,
) -> Application:
    """Check every hypothesis of ``theorem`` and fix the values of its symbols.

    Parameters
    ----------
    parameters : exact values by symbol (see :func:`read_parameters`); missing ones take the recommended values.
    target_factor : a further multiple of the problem's target to use.

    Raises
    ------
    NotCovered : a hypothesis fails; the message shows both sides.
    """
    _check_setting(theorem, problem, momentum_start)
    _check_restrictions(theorem, problem, parameters)
    goal = goal_change(theorem, problem)
    change = _convert(theorem, problem)
    values = dict(problem.constants)
    factor = change.factor if theorem.kind is Kind.UPPER else 1 / change.factor
    values[L0], values[L1] = values[L0] * factor, values[L1] * factor
    target = theorem.criterion.target
    values[target] = values[target] * goal.factor * target_factor * target / theorem.guarantee
    values |= {symbol: parameters.get(symbol, sp.Integer(1)) for symbol in _HIDDEN_UNITS}
    _fix_parameters(theorem, parameters, values)
    application = Application(theorem=theorem, problem=problem, values=values, conversion=change, goal=goal)
    for condition in theorem.requires:
        _check_requirement(condition, application)
    _check_dimension(application)
    return application


def _check_setting(theorem: Theorem, problem: Problem, momentum_start: MomentumStart) -> None:
    if theorem.dimension is not None and theorem.dimension != problem.dimension:
        raise NotCovered(f"it holds in dimension {theorem.dimension} only")
    upper = theorem.kind is Kind.UPPER
    weaker, stronger = (theorem.noise, problem.noise) if upper else (problem.noise, theorem.noise)
    if not stronger.implies(weaker):
        given = f"{problem.noise.phrase}, sigma = {float(problem.sigma):g}"
        verb = "it needs" if upper else "its hard instance has"
        raise NotCovered(f"{verb} {theorem.noise.phrase}; the problem has {given}")
    if upper and theorem.convex and not problem.convex:
        raise NotCovered("it needs a convex function; the problem's class is not convex")
    if not upper and problem.convex and not theorem.convex:
        raise NotCovered("its hard instance is not convex; the problem's class is")
    if upper and any(m.momentum for m in theorem.methods) and momentum_start not in theorem.momentum_start:
        allowed = " or ".join(s.value for s in theorem.momentum_start)
        raise NotCovered(
            f"it needs the momentum buffer to start at {allowed}; here it starts at {momentum_start.value}"
        )


def _check_restrictions(theorem: Theorem, problem: Problem, parameters: Mapping[Any, Any]) -> None:
    """What is known besides the class makes it smaller: a hard instance counts only when it is known to be inside."""
    if theorem.kind is not Kind.LOWER:
        return
    for symbol, value in ((R, problem.R), (L, parameters.get(L))):
        if value is not None and symbol not in theorem.symbols:
            meaning = quantity(symbol.name).meaning
            raise NotCovered(f"its hard instance is not known to have {symbol} = {float(value):g} ({meaning})")


def _convert(theorem: Theorem, problem: Problem) -> Conversion:
    ends = (problem.smoothness, theorem.smoothness)
    source, target = ends if theorem.kind is Kind.UPPER else ends[::-1]
    # A hard instance that is L-smooth lies in every class with L0 = L, whatever the class's L1 is.
    free = problem.L1 == 0 or (theorem.kind is Kind.LOWER and theorem.smoothness == LIPSCHITZ)
    found = conversion(source, target, L1_is_zero=free)
    if found is None:
        extra = f" and L1 = {float(problem.L1):g} > 0" if problem.L1 else ""
        raise NotCovered(
            f"it is about {theorem.smoothness.name} functions; the problem's class is {problem.smoothness.key}{extra}"
        )
    return found


def _fix_parameters(theorem: Theorem, given: Mapping[Any, Any], values: dict[Any, Any]) -> None:
    own = {symbol for symbol, _ in theorem.parameters} | (set(theorem.symbols) - set(values))
    if theorem.kind is Kind.UPPER and (alien := [s for s in _STEP_SYMBOLS if s in given and s not in own]):
        raise NotCovered(f"its method has no {quantity(alien[0].name).meaning} to choose")
    # Constants without a recommended value come first: recommended step sizes may use them.
    for symbol in sorted(own - {s for s, _ in theorem.parameters}, key=str):
        if symbol not in given:
            raise NotCovered(f"it needs {symbol} ({quantity(symbol.name).meaning}), which was not given")
        values[symbol] = given[symbol]
    for symbol, recommended in theorem.parameters:
        values[symbol] = given[symbol] if symbol in given else _defined(substitute(recommended, values))


def substitute(expr: Any, values: Mapping[Any, Any]) -> Any:
    """Insert values: zeros first and infinities last, so that L1 gamma is 0, not 0/0, when L1 = 0 lifts the clip."""
    zeros = {s: v for s, v in values.items() if v.is_zero}
    finite = {s: v for s, v in values.items() if not v.is_zero and not v.is_infinite}
    infinite = {s: v for s, v in values.items() if v.is_infinite}
    try:
        return _insert_numbers(_insert(expr, zeros), finite).xreplace(infinite)
    except (ValueError, ZeroDivisionError):  # sympy's Max and Min refuse, or stumble over, an argument like 0/0
        return sp.nan


def _insert(expr: Any, zeros: Mapping[Any, Any]) -> Any:
    """Insert zeros; 1/0 is +infinity, since every denominator of a record is a nonnegative quantity."""
    if expr in zeros:
        return zeros[expr]
    if not expr.free_symbols & zeros.keys():
        return expr
    args = [_insert(a, zeros) for a in expr.args]
    if expr.is_Pow and args[0].is_zero and args[1].is_negative:
        return sp.oo
    return expr.func(*args)


def _insert_numbers(expr: Any, values: Mapping[Any, Any]) -> Any:
    """``xreplace`` that compares constants rigorously where a maximum or minimum decides."""
    if expr in values:
        return values[expr]
    if not expr.free_symbols & values.keys():
        return expr
    args = [_insert_numbers(a, values) for a in expr.args]
    return extreme(expr.func, args) if isinstance(expr, sp.Max | sp.Min) else expr.func(*args)


def _defined(value: Any) -> Any:
    if value.has(sp.zoo, sp.nan):
        raise NotCovered("it is undefined at these constants (0/0)")
    return value


def _check_dimension(application: Application) -> None:
    """A hard instance with many coordinates says nothing about a space with fewer."""
    theorem, dimension = application.theorem, application.problem.dimension
    if theorem.least_dimension is None or dimension is None:
        return
    needed = _defined(substitute(theorem.least_dimension, application.values))
    if compare(needed, sp.Integer(dimension)) > 0:
        raise NotCovered(f"its hard instance needs dimension {float_near(needed):.6g}; the problem has {dimension}")


def _check_requirement(condition: Requirement, application: Application) -> None:
    left, right = (_defined(substitute(side, application.values)) for side in (condition.left, condition.right))
    try:
        order = 0 if left == right else compare(left, right)
    except UndecidedError:
        raise NotCovered(f"{condition} cannot be decided at these constants") from None
    if not condition.relation.holds(order):
        sides = ((condition.left, left), (condition.right, right))
        # Two sides that differ must not look alike.
        numbers = [float_near(value) for _, value in sides]
        digits = next((n for n in (6, 9, 12) if f"{numbers[0]:.{n}g}" != f"{numbers[1]:.{n}g}"), 17)
        text = ", ".join(f"{side} = {float_near(value):.{digits}g}" for side, value in sides if not side.is_number)
        raise NotCovered(f"{condition.why}: it needs {condition}, but {text}")
