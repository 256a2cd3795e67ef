"""Enclosures contain the exact values, checked against independent high-precision arithmetic."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds import functions, intervals
from bounds.functions import NamedFunction
from bounds.intervals import from_numbers
from bounds.programs import _FUNCTIONS

quick = settings(max_examples=60, deadline=None)
positive = st.floats(min_value=1e-12, max_value=1e12)
small = st.floats(min_value=1e-12, max_value=50)
NAMED = {
    functions.gap: 3,
    functions.turn_length: 3,
    functions.best_step: 3,
    functions.drop: 4,
    functions.growth_factor: 1,
    functions.descent_factor: 1,
}


def _exact(function, values):
    """The definitions, written out independently with 200 digits: sympy's own maxima of constants are not trusted."""
    with mpmath.workdps(200):
        a, *rest = (mpmath.mpf(repr(v)) for v in values)
        log, exp = mpmath.log, mpmath.exp
        if function in (functions.growth_factor, functions.descent_factor):
            found = (exp(a) - 1) / a if function is functions.growth_factor else 2 * (exp(a) - 1 - a) / a**2
        else:
            b, g, *length = rest
            s = b * g / a
            turn = log(1 + s) / b
            h = min(length[0] / 2, turn) if length else turn
            found = {
                functions.gap: lambda: a / b**2 * (s - log(1 + s)),
                functions.turn_length: lambda: turn,
                functions.best_step: lambda: log(1 + s / (1 + s)) / b,
                functions.drop: lambda: 2 * ((a + b * g) * (1 - exp(-b * h)) / b**2 - a * h / b),
            }[function]()
        return sp.Float(str(found), 60)


def _contains(interval, exact, width):
    low, high = (sp.Float(str(x[0]), 40) for x in (interval.low, interval.high))
    assert low <= exact <= high
    assert abs(high - low) <= width * abs(exact)


def test_every_named_function_has_an_enclosure():
    assert set(NAMED) == set(NamedFunction.__subclasses__()) & set(_FUNCTIONS)
    assert set(NAMED) <= set(_FUNCTIONS)


@pytest.mark.parametrize("function", [f for f, arity in NAMED.items() if arity > 1], ids=lambda f: f.__name__)
@quick
@given(st.lists(positive, min_size=4, max_size=4))
def test_functions_of_the_class_are_enclosed(function, values):
    args = values[: NAMED[function]]
    with np.errstate(all="ignore"):
        found = _FUNCTIONS[function](*(from_numbers(np.array([v])) for v in args))
    _contains(found, _exact(function, args), 1e-9)


@pytest.mark.parametrize("function", [f for f, arity in NAMED.items() if arity == 1], ids=lambda f: f.__name__)
@quick
@given(small)
def test_factors_are_enclosed(function, c):
    _contains(_FUNCTIONS[function](from_numbers(np.array([c]))), _exact(function, [c]), 1e-11)


@quick
@given(positive, positive, positive)
def test_arithmetic_is_enclosed(a, b, c):
    x, y, z = (from_numbers(np.array([v])) for v in (a, b, c))
    p, q, r = (Fraction(repr(v)) for v in (a, b, c))
    minus = intervals.product([intervals.Interval(low=np.array(-1.0), high=np.array(-1.0), positive=False), y])
    difference = intervals.total([intervals.product([x, z]), minus])
    exact = p * r - q
    assert Fraction(difference.low[0]) <= exact <= Fraction(difference.high[0])
    for exponent in (Fraction(3), Fraction(-2), Fraction(1, 2), Fraction(-3, 2), Fraction(2, 3)):
        found = intervals.power(x, exponent)
        with mpmath.workdps(50):
            value = (mpmath.mpf(p.numerator) / p.denominator) ** (mpmath.mpf(exponent.numerator) / exponent.denominator)
            assert mpmath.mpf(found.low[0]) <= value <= mpmath.mpf(found.high[0])
    largest, smallest = intervals.maximum([x, y, z]), intervals.minimum([x, y, z])
    assert largest.low[0] <= max(a, b, c) <= largest.high[0]
    assert smallest.low[0] <= min(a, b, c) <= smallest.high[0]


def test_a_division_by_something_that_may_be_zero_is_unknown():
    x = intervals.Interval(low=np.array([-1.0, 1.0]), high=np.array([1.0, 2.0]), positive=False)
    found = intervals.power(x, Fraction(-1))
    assert np.isnan(found.low).tolist() == [True, False]
    assert found.low[1] <= 0.5
    assert found.high[1] >= 1
    assert np.isnan(intervals.logarithm(x).low).tolist() == [True, False]


def test_extended_precision_keeps_the_declared_width():
    x = from_numbers(np.array([0.3], dtype=np.longdouble))
    found = intervals.gap(x, x, x)
    assert found.low.dtype == np.longdouble
    # s = 3/10 exactly, up to the width of the inputs.
    exact = _exact(functions.gap, [0.3, 0.3, 0.3])
    assert sp.Float(repr(float(found.low[0]))) <= exact * (1 + sp.Float("1e-15"))
    assert sp.Float(repr(float(found.high[0]))) >= exact * (1 - sp.Float("1e-15"))
