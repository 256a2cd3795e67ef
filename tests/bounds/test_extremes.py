"""Maxima and minima of constants are decided rigorously, where sympy's two digits go wrong."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.calculator import evaluate
from bounds.catalogue import theorem_named
from bounds.enclosure import extreme
from bounds.problem import Problem
from bounds.symbols import L0, L1
from bounds.theorem import Criterion

HALF = 10**12 * sp.log(1 + sp.Rational(1, 2 * 10**12))
"""1/2 - 1/8 10^-12 + ..."""


@pytest.mark.parametrize("other", [sp.Rational(1, 4), sp.Rational(3, 4), sp.Rational(1, 2)])
def test_a_number_that_needs_many_digits_is_ordered(other):
    larger = HALF if other == sp.Rational(1, 4) else other
    smaller = other if larger == HALF else HALF
    for args in ((other, HALF), (HALF, other)):
        assert extreme(sp.Max, args) == larger
        assert extreme(sp.Min, args) == smaller


def test_symbols_and_infinity_keep_their_place():
    assert extreme(sp.Max, (L0, sp.Integer(1), L1, sp.Integer(3))) == sp.Max(L0, L1, 3)
    assert extreme(sp.Min, (sp.oo, sp.Integer(3))) == 3
    assert extreme(sp.Max, (sp.oo, sp.Integer(3))) == sp.oo


def test_equal_constants_that_look_different_stay_side_by_side():
    same = (sp.log(10**20 + 1) + sp.log(2), sp.log(2 * 10**20 + 2))
    found = extreme(sp.Max, same)
    assert found in same or set(found.args) == set(same)


@settings(max_examples=15, deadline=None)
@given(st.floats(min_value=1e-300, max_value=1e-6), st.floats(min_value=0.05, max_value=1))
def test_a_nearly_smooth_class_counts_like_the_smooth_one(L1, eta):
    """Delta/(1 - ...) max{1/(eta eps^2), 1/(gamma eps)} with gamma close to eps, for every size of L1."""
    theorem, parameters = theorem_named("clipped-gd-min"), {"eta": eta}

    def count(L1):
        problem = Problem.of(L0=1, L1=L1, Delta=50, epsilon="0.5", criterion=Criterion.MIN)
        return evaluate(theorem, problem, parameters).iterations

    assert count(0) <= count(L1) <= count(0) * 1.0001 + 1
