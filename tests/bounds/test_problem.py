"""A problem holds exact constants, and says so when there is nothing to do."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError, NoStepNeeded
from bounds.problem import Problem
from bounds.quantities import quantity
from bounds.smoothness import LIPSCHITZ, Noise

GOOD = {"L0": 1, "L1": 10, "Delta": 5, "epsilon": "1e-2"}


@pytest.mark.parametrize("name", ["L0", "L1", "Delta", "epsilon", "sigma"])
@pytest.mark.parametrize("value", ["abc", math.nan, math.inf, -1, True, None, "1e999999999"])
def test_bad_constants_are_refused_by_name(name, value):
    with pytest.raises(InputError) as caught:
        Problem.of(**{**GOOD, name: value})
    assert quantity(name).option in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Delta": 0}, "delta = 0"),
        ({"epsilon": 0}, "eps = 0"),
        ({"L0": 0, "L1": 0}, "at least one of them"),
        ({"smoothness": LIPSCHITZ}, "must be 0"),
        ({"noise": Noise.BOUNDED}, "does not fit noise 'bounded'"),
        ({"noise": Noise.EXACT, "sigma": 1}, "does not fit noise 'exact'"),
        ({"dimension": 0}, "integer >= 1"),
    ],
)
def test_inconsistent_problems_are_refused(change, reason):
    with pytest.raises(InputError, match=reason):
        Problem.of(**(GOOD | change))


def test_constants_are_read_exactly():
    problem = Problem.of(L0=0.1, L1="3/7", Delta=Fraction(1, 3), epsilon=1e-3)
    assert (problem.L0, problem.L1, problem.Delta) == (Fraction(1, 10), Fraction(3, 7), Fraction(1, 3))
    assert problem.epsilon == Fraction(1, 1000)
    assert {str(s): v for s, v in problem.constants.items()}["epsilon"] == Fraction(1, 1000)


def test_noise_is_bounded_unless_said_otherwise():
    assert Problem.of(**GOOD).noise is Noise.EXACT
    assert Problem.of(**GOOD, sigma=1).noise is Noise.BOUNDED
    assert Problem.of(**GOOD, sigma=1, noise=Noise.VARIANCE).noise is Noise.VARIANCE


@pytest.mark.parametrize(
    ("L0", "L1", "Delta", "epsilon", "idle"),
    [
        # L1 = 0: gap(eps) = eps^2/(2 L0), with equality idle and anything above it not.
        (2, 0, 4, 4, True),
        (2, 0, "4.0000001", 4, False),
        # L0 = 0: gap(eps) = eps/L1.
        (0, 2, 3, 6, True),
        (0, 2, 3, "5.999999", False),
        # gap(1) = 1 - ln 2 = 0.30685...
        (1, 1, "0.3068", 1, True),
        (1, 1, "0.3069", 1, False),
    ],
)
def test_no_step_is_needed_exactly_when_the_gap_is_too_small(L0, L1, Delta, epsilon, idle):
    problem = Problem.of(L0=L0, L1=L1, Delta=Delta, epsilon=epsilon)
    if idle:
        with pytest.raises(NoStepNeeded, match="needs zero steps"):
            problem.require_work()
    else:
        problem.require_work()


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 10), st.floats(0.1, 10), st.floats(0.1, 10))
def test_the_least_gap_matches_floating_point(L0, L1, epsilon):
    s = L1 * epsilon / L0
    least = L0 / L1**2 * (s - math.log1p(s))
    Problem.of(L0=L0, L1=L1, Delta=least * (1 + 1e-6), epsilon=epsilon).require_work()
    with pytest.raises(NoStepNeeded):
        Problem.of(L0=L0, L1=L1, Delta=least * (1 - 1e-6), epsilon=epsilon).require_work()
