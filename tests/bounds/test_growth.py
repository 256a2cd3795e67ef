"""Constants from other growth functions hold where they say."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from bounds.functions import gap
from bounds.growth import gradient_bound, power_growth, region_growth

numbers = st.floats(0.01, 100)
fractions = st.fractions(Fraction(1, 100), 100, max_denominator=100)


@settings(max_examples=60, deadline=None)
@given(
    fractions,
    fractions,
    st.fractions(0, 1, max_denominator=12),
    fractions,
    st.lists(st.floats(0, 1000), min_size=5, max_size=5),
)
def test_the_tangent_lies_above_a_concave_growth(K0, K1, exponent, at, gradients):
    found = power_growth(K0=K0, K1=K1, exponent=exponent, at=at)
    assert found.where == "everywhere"
    for g in map(float, (at, *gradients)):
        assert float(found.L0) + float(found.L1) * g >= float(K0 + K1 * g**exponent) * (1 - 1e-9)
    assert float(found.L0 + found.L1 * at) == pytest.approx(float(K0 + K1 * float(at) ** exponent))


@settings(max_examples=60, deadline=None)
@given(fractions, fractions, st.fractions(Fraction(11, 10), 3, max_denominator=12), fractions, st.floats(0, 1))
def test_the_chord_lies_above_a_convex_growth(K0, K1, exponent, bound, share):
    found = power_growth(K0=K0, K1=K1, exponent=exponent, at=bound)
    assert "at most" in found.where
    g = share * float(bound)
    assert float(found.L0) + float(found.L1) * g >= float(K0 + K1 * g**exponent) * (1 - 1e-9)


def test_the_affine_growth_is_the_hessian_form_itself():
    found = power_growth(K0="2", K1="3/7", exponent=1, at=5)
    assert (2, sp.Rational(3, 7)) == (found.L0, found.L1)
    assert "used as (L0, L1) = (2, 3/7)" in found.note


def test_any_growth_is_lipschitz_on_a_region():
    u = sp.Symbol("u", nonnegative=True)
    found = region_growth(1 + u**2, u, bound=3)
    assert (found.L0, found.L1) == (10, 0)
    assert "L = l(3)" in found.note


@settings(max_examples=60, deadline=None)
@given(numbers, numbers, numbers)
def test_the_gradient_bound_solves_its_equation_and_covers_the_sharp_one(L0, L1, Delta):
    """G^2 = 2 l(2G) Delta; and no (L0, L1)-smooth function with this gap has a larger gradient."""
    G = float(gradient_bound(L0=sp.Float(L0), L1=sp.Float(L1), Delta=sp.Float(Delta)))
    assert pytest.approx(2 * (L0 + 2 * L1 * G) * Delta) == G**2
    assert math.sqrt(2 * L0 * Delta) <= G * (1 + 1e-12)
    assert float(gap(sp.Float(L0, 30), sp.Float(L1, 30), sp.Float(G, 30))) >= Delta * (1 - 1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"K0": -1}, "K0 = -1"),
        ({"exponent": -1}, "exponent = -1"),
        ({"exponent": 0.12345678}, "denominator"),
        ({"at": 0}, "gradient norm = 0"),
    ],
)
def test_bad_constants_are_refused(change, words):
    with pytest.raises(InputError, match=words):
        power_growth(**({"K0": 1, "K1": 1, "exponent": 1, "at": 1} | change))
