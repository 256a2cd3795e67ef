"""Finding exact points: witnesses, counterexamples, and points where a goal is tight. All are confirmed exactly."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.errors import InputError
from bounds.proofs.deciders import model
from bounds.proofs.step import Clause
from bounds.proofs.system import branches
from bounds.proofs.witness import Point, Witness, holds_at, rational_at

__all__ = ["find_counterexample", "find_witness", "tight_points"]

_SEED = 2010_02519
_SIMPLE = (
    *(Fraction(n, d) for n, d in ((1, 20), (1, 10), (1, 5), (1, 4), (1, 3), (2, 5), (1, 2), (3, 5), (2, 3), (3, 4))),
    *(Fraction(n, d) for n, d in ((9, 10), (5, 4), (3, 2), (5, 2), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (10, 1))),
)


def find_witness(clause: Clause, *, samples: int = 2000, seconds: float = 5) -> Witness | None:
    """A point that satisfies hypotheses and goal, strictly interior when one is found, or None."""
    fallback = None
    for point in _candidates(clause, lambda margins, _: margins, samples):
        truth = holds_at(clause, point)
        if truth.hypotheses and truth.goal:
            if truth.interior:
                return Witness(point=point, interior=True)
            fallback = fallback or Witness(point=point, interior=False)
    for interior in (True, False) if fallback is None else (True,):
        found = _from_solver(clause, refute=False, interior=interior, seconds=seconds)
        if found is not None and (truth := holds_at(clause, found)).hypotheses and truth.goal:
            return Witness(point=found, interior=truth.interior)
    return fallback


def find_counterexample(clause: Clause, *, samples: int = 2000, seconds: float = 2) -> Point | None:
    """A point where the hypotheses hold and every goal fails, or None (which proves nothing)."""
    for point in _candidates(clause, lambda margins, goals: margins and not goals, samples):
        if not holds_at(clause, point):
            return point
    for interior in (True, False):
        found = _from_solver(clause, refute=True, interior=interior, seconds=seconds)
        if found is not None and not holds_at(clause, found):
            return found
    return None


def _candidates(clause: Clause, wanted: Callable[[bool, bool], bool], samples: int) -> Iterator[Point]:
    """Random small rational points that look right in floating point."""
    generator = random.Random(_SEED)
    solved = _solvable(clause)
    rows = [*clause.weak.values(), *clause.strict.values()]
    fast = _compiled(clause, [*rows, *clause.goal])
    for n in range(samples):
        point = {v: _draw(sign, generator, n < samples // 2) for v, sign in clause.variables.items()}
        if solved and not _complete(point, solved):
            continue
        if any(point[v] < 0 for v, sign in clause.variables.items() if sign != "free"):
            continue
        try:
            values = fast(*(float(x) for x in point.values()))
        except (ZeroDivisionError, ValueError, OverflowError):
            continue
        # The slack lets tight hypotheses pass to the exact test.
        margins = all(v >= -1e-12 for v in values[: len(rows)])
        tolerance = 0 if clause.relation == ">=" else 1e-12
        goals = any(v >= -1e-12 if tolerance == 0 else v > tolerance for v in values[len(rows) :])
        if clause.relation == "=":
            goals = abs(values[-1]) <= 1e-12
        if wanted(margins, goals):
            yield point


def _draw(sign: str, generator: random.Random, simple: bool) -> Fraction:
    value = generator.choice(_SIMPLE)
    if not simple and generator.random() < 0.4:
        value = Fraction(generator.randint(1, 40), generator.randint(1, 40))
    if sign == "free" and generator.random() < 0.5:
        return -value
    return Fraction(0) if sign != "pos" and generator.random() < 0.08 else value


def _solvable(clause: Clause) -> list[tuple[str, Any, Any]]:
    """Equalities solved for a variable in which they are affine: (variable, numerator, denominator)."""
    solved: list[tuple[str, Any, Any]] = []
    used: set[str] = set()
    for expr in clause.eq.values():
        if expr.has(sp.Min, sp.Max):
            continue
        numerator = sp.fraction(sp.together(expr))[0]
        for symbol in sorted(numerator.free_symbols, key=lambda s: (s.name in used, s.name)):
            p = sp.Poly(numerator, symbol)
            if symbol.name not in used and p.degree() == 1:
                solved.append((symbol.name, -p.nth(0), p.nth(1)))
                used |= {s.name for s in numerator.free_symbols}
                break
    return solved


def _complete(point: dict[str, Fraction], solved: Sequence[tuple[str, Any, Any]]) -> bool:
    for name, numerator, denominator in solved:
        values = {sp.Symbol(v): sp.Rational(x.numerator, x.denominator) for v, x in point.items()}
        divisor = rational_at(denominator, values)
        if divisor == 0:
            return False
        point[name] = rational_at(numerator, values) / divisor
    return True


def _compiled(clause: Clause, exprs: Sequence[Any]) -> Callable[..., list[float]]:
    names = {"Min": min, "Max": max, "exp": math.exp, "log": math.log}
    function: Callable[..., list[float]] = sp.lambdify(
        [sp.Symbol(v) for v in clause.variables], list(exprs), modules=[names, "math"]
    )
    return function


def _from_solver(clause: Clause, *, refute: bool, interior: bool, seconds: float) -> Point | None:
    """A model found by z3 in one of the branches, or None."""
    try:
        parts = branches(clause)
    except InputError:
        return None
    for branch in parts:
        point = model(branch, refute=refute, interior=interior, seconds=seconds)
        if point is not None:
            return {v: point[v] for v in clause.variables}
    return None


Dense = Mapping[tuple[int, ...], Fraction]


def tight_points(
    goal: Dense, hypotheses: Sequence[Dense], equalities: Sequence[Dense], signed: Sequence[int]
) -> list[tuple[Fraction, ...]]:
    """Rational points of the region where a nonnegative polynomial vanishes, by local minimisation and rounding."""
    import scipy.optimize

    # Untyped on purpose: the stubs ask for numpy arrays, and this package otherwise does without numpy.
    minimize: Any = scipy.optimize.minimize
    width = len(next(iter(goal)))
    generator = random.Random(_SEED)
    objective = _Smooth(goal)
    constraints = [
        {"type": kind, "fun": smooth.value, "jac": smooth.gradient}
        for kind, rows in (("ineq", hypotheses), ("eq", equalities))
        for smooth in map(_Smooth, rows)
    ]
    bounds = [(0, 4) if n in signed else (-4, 4) for n in range(width)]
    found: list[tuple[Fraction, ...]] = []
    for largest_start in (0.5, 0.5, 0.5, 1, 1, 2, 2):
        start = [generator.uniform(0.1, largest_start) for _ in range(width)]
        result = minimize(
            objective.value,
            start,
            jac=objective.gradient,
            method="SLSQP",
            bounds=bounds,
            constraints=constraints,
            options={"maxiter": 50},
        )
        for largest in (4, 12):
            point = tuple(Fraction(float(v)).limit_denominator(largest) for v in result.x)
            inside = all(_at(p, point) >= 0 for p in hypotheses) and all(_at(p, point) == 0 for p in equalities)
            if inside and any(point) and _at(goal, point) == 0 and point not in found:
                found.append(point)
    return found


def _at(p: Dense, x: Sequence[Fraction]) -> Fraction:
    return sum((c * math.prod(v**e for v, e in zip(x, m, strict=True)) for m, c in p.items()), Fraction(0))


class _Smooth:
    """A polynomial in floating point, with its gradient."""

    def __init__(self, p: Dense) -> None:
        import numpy as np

        self._exponents = np.array(list(p))
        self._coefficients = np.array([float(c) for c in p.values()])

    def value(self, x: Any) -> Any:
        return self._coefficients @ (x**self._exponents).prod(axis=1)

    def gradient(self, x: Any) -> list[Any]:
        parts = []
        for n in range(len(x)):
            lower = self._exponents.copy()
            lower[:, n] = (lower[:, n] - 1).clip(0)
            parts.append((self._coefficients * self._exponents[:, n]) @ (x**lower).prod(axis=1))
        return parts
