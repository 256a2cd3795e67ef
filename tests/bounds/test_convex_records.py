"""The counts for function values of convex functions are kept by runs of the methods, some of them exactly."""

from __future__ import annotations

import math

import pytest

from bounds.calculator import evaluate
from bounds.catalogue import theorem_named
from bounds.problem import Problem
from bounds.smoothness import HESSIAN, LIPSCHITZ, SYMMETRIC
from bounds.theorem import Criterion

NU = 0.567143290409784


def _cosh(x):
    """||Hess F|| <= 1 + ||grad F||, minimum 0."""
    return math.cosh(x) - 1, math.sinh(x)


def _bowl(x):
    """e^|x| - 1 - |x|, for which |F''| = 1 + |F'| exactly."""
    return math.expm1(abs(x)) - abs(x), math.copysign(math.expm1(abs(x)), x)


STEPS = {
    "best-step-gd-convex-vankov": lambda f, g, length: math.log1p(abs(g) / (1 + abs(g))) / abs(g),
    "simplified-gd-convex-vankov": lambda f, g, length: 1 / (1 + 1.5 * abs(g)),
    "clipped-gd-convex-vankov": lambda f, g, length: min(1 / 2, 1 / (3 * abs(g))),
    "normalized-gd-convex-vankov": lambda f, g, length: length / abs(g),
    "polyak-gd-vankov": lambda f, g, length: f / g**2,
    "short-reciprocal-gd-convex": lambda f, g, length: NU / 2 / (1 + abs(g)),
}


@pytest.mark.parametrize("key", STEPS)
@pytest.mark.parametrize("function", [_cosh, _bowl])
@pytest.mark.parametrize(("start", "target"), [(1.0, "1/10"), (4.0, "1/10"), (4.0, "1/100"), (7.0, "1")])
def test_a_run_keeps_the_count(key, function, start, target):
    theorem = theorem_named(key)
    smoothness = SYMMETRIC if theorem.smoothness == SYMMETRIC else HESSIAN
    problem = Problem.of(
        L0=1,
        L1=1,
        Delta=function(start)[0],
        epsilon=target,
        R=start,
        convex=True,
        criterion=Criterion.VALUE,
        smoothness=smoothness,
    )
    bound = evaluate(theorem, problem)
    length, x, best = bound.parameters.get("max_step", math.nan), start, math.inf
    for _ in range(bound.iterations):
        f, g = function(x)
        best = min(best, f)
        if best <= float(problem.epsilon):
            break
        x -= STEPS[key](f, g, length) * g
    assert best <= float(problem.epsilon)


def _huber(slope):
    return lambda x: (x * x / 2, x) if abs(x) <= slope else (slope * abs(x) - slope**2 / 2, math.copysign(slope, x))


@pytest.mark.parametrize("steps", [1, 5, 40])
def test_gradient_descent_meets_its_exact_rate_on_a_huber_function(steps):
    """F(x_N) - inf F = R^2/(4N + 2) for slope 1/(2N + 1) and R = 1."""
    function, x = _huber(1 / (2 * steps + 1)), 1.0
    for _ in range(steps):
        x -= function(x)[1]
    left = function(x)[0]
    assert left == pytest.approx(1 / (4 * steps + 2))
    setting = {"L0": 1, "L1": 0, "Delta": 1, "R": 1, "convex": True, "smoothness": LIPSCHITZ}
    for target, enough in ((left * (1 + 1e-9), True), (left * (1 - 1e-9), False)):
        problem = Problem.of(**setting, epsilon=target, criterion=Criterion.VALUE)
        assert (evaluate(theorem_named("gd-convex-exact"), problem).iterations <= steps + 1) is enough


def _nesterov(function, x, steps):
    y, weight = x, 1.0
    for _ in range(steps):
        heavier = (1 + math.sqrt(1 + 4 * weight**2)) / 2
        new = x - function(x)[1]
        x, y, weight = new + (weight - 1) / heavier * (new - y), new, heavier
    return y


def _optimized(function, x, steps):
    y, weight = x, 1.0
    for k in range(steps):
        heavier = (1 + math.sqrt(1 + (8 if k == steps - 1 else 4) * weight**2)) / 2
        new = x - function(x)[1]
        x, y = new + (weight - 1) / heavier * (new - y) + weight / heavier * (new - x), new
        weight = heavier
    return x, weight


@pytest.mark.parametrize("steps", [1, 2, 7, 30])
@pytest.mark.parametrize("slope", [0.003, 0.02, 0.1, 0.3, 5])
def test_accelerated_methods_keep_their_rates(steps, slope):
    """R = L = 1: 2/(N+1)^2 for Nesterov, 1/(2 theta_N^2) <= 1/((N+1)(N+1+sqrt 2)) for the optimized method."""
    function = _huber(slope)
    assert function(_nesterov(function, 1.0, steps))[0] <= 2 / (steps + 1) ** 2
    x, weight = _optimized(function, 1.0, steps)
    assert function(x)[0] <= 1 / (2 * weight**2) * (1 + 1e-9)
    assert 2 * weight**2 >= (steps + 1) * (steps + 1 + math.sqrt(2))


def test_the_accelerated_counts_are_the_rates():
    for steps in (1, 9, 99):
        rates = {"nesterov": 2 / (steps + 1) ** 2, "ogm": 1 / ((steps + 1) * (steps + 1 + math.sqrt(2)))}
        for key, rate in rates.items():
            for target, points in ((rate * (1 + 1e-9), steps + 1), (rate * (1 - 1e-9), steps + 2)):
                problem = Problem.of(L0=1, L1=0, Delta=2, R=1, epsilon=target, convex=True, criterion=Criterion.VALUE)
                assert evaluate(theorem_named(key), problem).iterations == points
