"""The three theorems of docs/theory/literature.md on small examples, and what the printed constants would claim."""

from __future__ import annotations

import math

import pytest

from bounds.applicability import NotCovered
from bounds.calculator import evaluate
from bounds.catalogue import theorem_named
from bounds.problem import Problem
from bounds.smoothness import FIRST_ORDER
from bounds.theorem import Criterion


def _quadratic(x):
    return x * x / 2, x


def _huber(x, slope=0.5):
    return (x * x / 2, x) if abs(x) <= slope else (slope * abs(x) - slope**2 / 2, math.copysign(slope, x))


def _wave(x):
    """Not convex, 1-Lipschitz gradient, infimum 0."""
    return 1 - math.cos(x), math.sin(x)


@pytest.mark.parametrize("function", [_quadratic, _huber, _wave])
@pytest.mark.parametrize("start", [0.3, 1.7, 3.0])
def test_gradient_descent_keeps_the_exact_rate(function, start):
    x, smallest = start, math.inf
    gap, _ = function(start)
    for n in range(40):
        _, g = function(x)
        smallest = min(smallest, g * g)
        assert smallest <= 4 * gap / (3 * n + 2) * (1 + 1e-12)
        x -= g


def test_the_exact_rate_is_attained_by_a_quadratic_before_the_first_step():
    value, g = _quadratic(1.3)
    assert g * g == pytest.approx(4 * value / 2)


def test_the_printed_constant_of_any_norm_clipping_is_refuted_by_a_quadratic():
    """F = L0 x^2/2, n = 1, eta = 1/L0, nothing clipped: the left side is sqrt(2 L0 Delta)."""
    value, g = _quadratic(1.0)
    printed, corrected = math.sqrt(value), math.sqrt(2 * value)
    assert abs(g) > 1.4 * printed
    assert abs(g) <= corrected * (1 + 1e-12)


def test_the_printed_step_of_any_norm_clipping_violates_its_own_condition():
    theorem = theorem_named("any-norm-clipping")
    problem = Problem.of(L0=1, L1=2, Delta=5, epsilon="1/20", smoothness=FIRST_ORDER, criterion=Criterion.MIN)
    with pytest.raises(NotCovered, match="eta <= 1"):
        evaluate(theorem, problem, {"eta": 1, "gamma": "1/2"})
    assert evaluate(theorem, problem, {"eta": "1/2", "gamma": "1/4"}).iterations > 1
    for word in ("Corrects", "2506.01913", "refutes"):
        assert word in theorem.note


@pytest.mark.parametrize("start", [0.5, 2.0, 4.0])
def test_any_norm_clipping_keeps_its_bound(start):
    """cosh has ||Hess F|| <= 1 + ||grad F||, hence the first-order form with e - 1."""
    factor = math.e - 1
    eta, gamma = 1 / (2 * factor), 1 / (2 * factor)
    gap, x, smallest = math.cosh(start) - 1, start, math.inf
    for n in range(1, 60):
        g = math.sinh(x)
        smallest = min(smallest, abs(g))
        assert smallest <= math.sqrt(2 * gap / (eta * n)) + 2 * gap / (gamma * n)
        x -= math.copysign(min(eta * abs(g), gamma), g)


@pytest.mark.parametrize("start", [0.5, 2.0, 4.0])
def test_the_reciprocal_step_on_convex_functions(start):
    """cosh with its minimizer, and e^x (L0 = 0) measured from a point z, where convergence is linear."""
    factor = math.e - 1
    for value, slope, L0, z in ((math.cosh, math.sinh, factor, 0.0), (math.exp, math.exp, 0.0, -3.0)):
        distance, gap, x = start - z, value(start) - value(z), start
        for n in range(400):
            left = value(x) - value(z)
            if left <= 1e-9:
                break
            cost = 2 * L0 * distance**2 * (1 / left - 1 / gap) + 2 * factor * distance * math.log(gap / left)
            assert n <= cost + 1e-9
            x -= slope(x) / (L0 + factor * abs(slope(x)))
        else:
            assert L0 > 0
