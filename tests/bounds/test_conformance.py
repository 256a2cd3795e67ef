"""Lower bounds stay below upper bounds on ten thousand random constants; exact values are not beaten."""

from __future__ import annotations

import functools
import zlib
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from bounds.applicability import NotCovered, substitute
from bounds.calculator import evaluate
from bounds.catalogue import THEOREMS, theorem_named
from bounds.functions import NamedFunction
from bounds.methods import METHODS, method_named
from bounds.problem import Problem
from bounds.smoothness import LIPSCHITZ, POINTWISE, Noise, conversion
from bounds.symbols import L0, L1, Delta, L, M, R, epsilon, epsilon_F, eta, gamma, sigma, unit_gradient, unit_length
from bounds.theorem import Criterion, Kind, Provenance, Relation

DRAWS = 10_000
VARIABLES = (L0, L1, Delta, epsilon, epsilon_F, sigma, R, M, L, unit_gradient, unit_length)
COUNTED = tuple(t for t in THEOREMS if not t.order_only)
UPPER = tuple(t for t in COUNTED if t.kind is Kind.UPPER)
LOWER = tuple(t for t in COUNTED if t.kind is Kind.LOWER)
DETERMINISTIC = tuple(t for t in UPPER if t.noise is Noise.EXACT and t.dimension is None and not t.convex)


# -- the named functions without cancellation, for arrays --------------------------------------------------------


def _gap(L0, L1, G):
    s = L1 * G / L0
    series = s**2 * (1 / 2 - s * (1 / 3 - s * (1 / 4 - s / 5)))
    return L0 / L1**2 * np.where(s < 1e-3, series, s - np.log1p(s))


def _turn_length(L0, L1, G):
    return np.log1p(L1 * G / L0) / L1


def _drop(L0, L1, G, length):
    x = L1 * np.minimum(length / 2, _turn_length(L0, L1, G))
    bent = np.where(x < 1e-3, x**2 * (1 / 2 - x * (1 / 6 - x / 24)), x + np.expm1(-x))
    return 2 * (-G * np.expm1(-x) / L1 - L0 * bent / L1**2)


def _descent_factor(c):
    series = 1 + c * (1 / 3 + c * (1 / 12 + c / 60))
    return np.where(c < 1e-3, series, 2 * (np.expm1(c) - c) / np.maximum(c, 1e-300) ** 2)


FUNCTIONS = {
    "gap": _gap,
    "turn_length": _turn_length,
    "drop": _drop,
    "descent_factor": _descent_factor,
    "growth_factor": lambda c: np.expm1(c) / c,
    "best_step": lambda L0, L1, G: np.log1p(L1 * G / (L0 + L1 * G)) / L1,
}


def _vectorized(expression):
    return sp.lambdify(VARIABLES, expression, modules=[FUNCTIONS, "numpy"])


# -- records as functions of the constants -----------------------------------------------------------------------


def _factor(theorem, problem_class, smooth):
    """The factor on (L0, L1) when the theorem is used for the problem's class, or None."""
    free = smooth or (theorem.kind is Kind.LOWER and theorem.smoothness == LIPSCHITZ)
    ends = (problem_class, theorem.smoothness)
    found = conversion(*(ends if theorem.kind is Kind.UPPER else ends[::-1]), L1_is_zero=free)
    return None if found is None else (found.factor if theorem.kind is Kind.UPPER else 1 / found.factor)


def _constants(theorem, factor, smooth):
    target = theorem.criterion.target
    return {
        L0: factor * L0,
        L1: sp.S.Zero if smooth else factor * L1,
        target: target**2 / theorem.guarantee,
        unit_gradient: sp.S.One,
        unit_length: sp.S.One,
    }


def _in_constants(theorem, factor, smooth, given):
    """Parameters, count and requirements in terms of the problem's constants; None when a parameter is missing."""
    values = _constants(theorem, factor, smooth)
    chosen = dict(given)
    for symbol, recommended in theorem.parameters:
        if symbol not in chosen:
            chosen[symbol] = substitute(recommended.xreplace(chosen), values)
    if theorem.symbols - set(VARIABLES) - set(chosen):
        return None
    fill = {**values, **chosen}
    count = substitute(theorem.iterations, fill)
    conditions = [(substitute(c.left, fill), c.relation, substitute(c.right, fill)) for c in theorem.requires]
    return chosen, count, conditions


@functools.cache
def _draw(key, smooth):
    rng = np.random.default_rng(zlib.crc32(key.encode()))
    ranges = {L0: (-2, 2), L1: (-2, 2), Delta: (-1, 3), epsilon: (-3, 0), epsilon_F: (-3, 0), sigma: (-1, 1)}
    ranges |= {R: (-1, 2), M: (0, 3), L: (0, 3)}
    point = {v: 10 ** rng.uniform(*ranges.get(v, (0, 0)), DRAWS) for v in VARIABLES}
    if smooth:
        point[L1] = np.full(DRAWS, 1e-12)
    return tuple(point.values())


def _holds(conditions, point):
    mask = np.ones(DRAWS, dtype=bool)
    for left, relation, right in conditions:
        if left == right:
            mask &= relation is not Relation.LESS
            continue
        a, b = (np.broadcast_to(_vectorized(side)(*point), DRAWS) for side in (left, right))
        mask &= {
            Relation.AT_MOST: a <= b,
            Relation.LESS: a < b,
            Relation.AT_LEAST: a >= b,
            Relation.EQUAL: np.isclose(a, b, rtol=1e-12),
        }[relation]
    return mask


def _lower_bounds_for(theorem, problem_class, smooth):
    covered = set(theorem.methods)
    for lower in LOWER:
        strong = theorem.criterion.implies(lower.criterion) and lower.noise.implies(theorem.noise)
        if covered <= set(lower.methods) and strong and lower.convex >= theorem.convex and lower.dimension is None:
            factor = _factor(lower, problem_class, smooth)
            if factor is not None:
                yield lower, factor


@pytest.mark.parametrize("smooth", [False, True], ids=["L1>0", "L1=0"])
@pytest.mark.parametrize("theorem", UPPER, ids=lambda t: t.key)
def test_no_lower_bound_exceeds_an_upper_bound_on_many_constants(theorem, smooth):
    """On its own class and on the pointwise one, for every lower bound for its method with its very parameters."""
    if theorem.smoothness == LIPSCHITZ and not smooth:
        smooth = True
    point = _draw(theorem.key, smooth)
    by_symbol = dict(zip(VARIABLES, point, strict=True))
    classes = [LIPSCHITZ] if smooth else list(dict.fromkeys((theorem.smoothness, POINTWISE)))
    compared = 0
    with np.errstate(all="ignore"):
        for problem_class in classes:
            factor = _factor(theorem, problem_class, smooth)
            if factor is None:
                continue
            parameters, count, conditions = _in_constants(theorem, factor, smooth, {})
            upper = np.broadcast_to(_vectorized(count)(*point), DRAWS)
            mask = _holds(conditions, point) & np.isfinite(upper)
            if theorem.criterion is Criterion.VALUE:
                mask &= by_symbol[epsilon_F] < by_symbol[Delta]
            else:
                mask &= _gap(by_symbol[L0], by_symbol[L1], by_symbol[epsilon]) < by_symbol[Delta]
            for lower, lower_factor in _lower_bounds_for(theorem, problem_class, smooth):
                stated = _in_constants(lower, lower_factor, smooth, parameters)
                if stated is None:
                    continue
                needed = np.broadcast_to(_vectorized(stated[1])(*point), DRAWS)
                both = mask & _holds(stated[2], point) & np.isfinite(needed)
                most, least = np.maximum(np.ceil(upper * (1 + 1e-9)), 1), np.maximum(np.ceil(needed * (1 - 1e-6)), 1)
                assert (least[both] <= most[both]).all(), (problem_class.key, lower.key)
                compared += int(both.sum())
    methods_outside = not set(theorem.methods) <= set(METHODS)
    assert compared > 0 or smooth or methods_outside or theorem.convex


# -- exact values ------------------------------------------------------------------------------------------------


def _exact_gradient_descent(problem, step):
    """Points that gradient descent with this step needs in the worst case (Abbaszadehpeivasti et al.)."""
    lipschitz, gap, target = problem.L0, problem.Delta, problem.epsilon
    length = min(4 * step - lipschitz * step**2, 4 * step - lipschitz**2 * step**3)
    return (4 * gap / target**2 - 2 / lipschitz) / length + 1


@pytest.mark.parametrize("theorem", DETERMINISTIC, ids=lambda t: t.key)
def test_with_L1_zero_no_bound_beats_the_exact_rate_of_gradient_descent(theorem):
    """min ||grad F||^2 = 4 L Delta/(3N + 2) after N steps 1/L in the worst case; other steps by their own formula."""
    rng = np.random.default_rng(1)
    compared = 0
    for _ in range(6):
        draw = [Fraction(round(1000 * 10**x), 1000) for x in rng.uniform([-1, 0, -2], [1, 2, -1])]
        constants = dict(zip(("L0", "Delta", "epsilon"), draw, strict=True))
        problem = Problem.of(**constants, L1=0, smoothness=theorem.smoothness, criterion=theorem.criterion)
        parameters = {"M": 2} if M in theorem.symbols else {}
        try:
            bound = evaluate(theorem, problem, parameters)
        except NotCovered:
            continue
        step = bound.parameter(eta)
        plain = set(theorem.methods) == {method_named("gd")}
        used = Fraction(int(step.p), int(step.q)) if plain and step.is_Rational else 1 / problem.L0
        assert bound.iterations >= _exact_gradient_descent(problem, used)
        compared += 1
    assert compared >= 4


def test_the_exact_record_is_the_exact_rate():
    """After N = T - 1 steps the guarantee 4 L Delta/(3N + 2) is at most eps^2, and after one step less it is not."""
    bound = evaluate(theorem_named("gd-exact"), Problem.of(L0=2, L1=0, Delta=7, epsilon="1/9", criterion=Criterion.MIN))
    for points, enough in ((bound.iterations, True), (bound.iterations - 1, False)):
        assert (Fraction(4 * 2 * 7, 3 * (points - 1) + 2) <= Fraction(1, 81)) == enough


# -- the catalogue as a whole ------------------------------------------------------------------------------------


def test_the_catalogue_covers_the_field():
    papers = {t.source.title for t in THEOREMS if t.provenance is not Provenance.PROVED_HERE}
    assert len(papers) >= 30
    assert len(THEOREMS) >= 90
    kinds = {(t.kind, t.noise is Noise.EXACT, t.convex) for t in THEOREMS}
    assert {(k, e, False) for k in Kind for e in (True, False)} <= kinds
    assert {(k, True, True) for k in Kind} <= kinds
    assert {t.noise for t in THEOREMS} == set(Noise)
    assert {t.criterion for t in THEOREMS} == set(Criterion)


@pytest.mark.parametrize("theorem", [t for t in THEOREMS if t.order_only], ids=lambda t: t.key)
def test_an_order_record_refuses_a_count(theorem):
    constants = {"L0": 1, "L1": 0, "Delta": 5, "epsilon": "0.01", "R": 1}
    with pytest.raises(NotCovered, match="order of growth"):
        evaluate(theorem, Problem.of(**constants, criterion=theorem.criterion, convex=theorem.convex))


def test_named_functions_for_arrays_agree_with_the_exact_ones():
    """The array versions used above are the theory's functions."""
    numbers = [sp.Rational(3, 2), sp.Rational(1, 3), sp.Rational(5, 7), sp.Rational(2, 9)]
    for function in NamedFunction.__subclasses__():
        arguments = numbers[: len(function.argument_dimensions)]
        exact = float(sp.N(function(*arguments), 30))
        assert FUNCTIONS[function.__name__](*map(float, arguments)) == pytest.approx(exact, rel=1e-12)
    assert gamma not in VARIABLES
