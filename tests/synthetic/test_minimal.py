"""Properties of the smallest L0: closed forms, agreement with certificates on both sides, monotonicity."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from synthetic import landscapes as factories
from synthetic.certify import certify
from synthetic.forms import Explicit, Radial, coordinates
from synthetic.landscape import Landscape
from synthetic.landscapes import landscape_named
from synthetic.minimal import minimal_L0

(X,) = coordinates(1)
PAIR = coordinates(2)

CLOSED_FORMS = (
    (factories.quartic(), Fraction(3), Fraction(16, 9)),
    (factories.quartic(), Fraction(1, 7), Fraction(16 * 49)),
    (factories.even_power(power=6), Fraction(5, 2), 6 * Fraction(8, 5) ** 4),
    (factories.even_power(power=12), Fraction(10), Fraction(12)),
    (factories.norm_power(power=3, dimension=5), Fraction(7), Fraction(3, 7)),
    (factories.norm_power(power=5, dimension=2), Fraction(2), 5 * Fraction(3, 2) ** 3),
    (factories.norm_power(power=5, dimension=1), Fraction(2), 5 * Fraction(3, 2) ** 3),
    (factories.cosh(L0="1/5", L1=3), Fraction(3), Fraction(1, 5)),
    (factories.cosh(L0=2, L1=3), Fraction(50), Fraction(2)),
    (factories.cosh_sum(dimension=4, L0=7, L1="1/2"), Fraction(1, 2), Fraction(7)),
    (factories.exponential_bowl(L0=3, L1="1/4"), Fraction(1, 4), Fraction(3)),
    # Below its own L1 the truncated bowl is worst at the kink: (L0 + L1 M) - l M.
    (factories.hard_exponential(L0=1, L1=2, M=10), Fraction(1, 2), Fraction(16)),
    (factories.quadratic_exponential(L0=5, L1=2), Fraction(2), Fraction(5)),
    (factories.huber(L0=4, slope="1/3"), Fraction(0), Fraction(4)),
    (factories.logistic(norm=1), Fraction(1, 3), Fraction(1, 9)),
    (factories.logistic(norm=3, L1=1, dimension=1), Fraction(1), Fraction(1)),
    (factories.logistic(norm="5/2"), Fraction(0), Fraction(25, 16)),
    (factories.quartic().scaled(value=3, point=7), Fraction(1, 7), Fraction(48, 49)),
)


def label(parameter: object) -> str:
    """A short name in the test report."""
    return parameter.key if isinstance(parameter, Landscape) else str(parameter)


def line(formula: object) -> Explicit:
    """A function of one variable."""
    return Explicit(formula=formula, variables=(X,))


@pytest.mark.parametrize(("landscape", "L1", "expected"), CLOSED_FORMS, ids=label)
def test_closed_forms_are_found_and_tight(landscape: Landscape, L1: Fraction, expected: Fraction) -> None:
    smallest = minimal_L0(landscape, L1)
    assert smallest.low == smallest.high == expected
    assert smallest.exact == sp.Rational(expected.numerator, expected.denominator)
    assert certify(landscape, expected, L1).verdict == "proved"
    assert certify(landscape, expected * Fraction(1001, 1000), L1).verdict == "proved"
    refuted = certify(landscape, expected * Fraction(999, 1000), L1)
    assert refuted.verdict == "refuted"
    assert refuted.witness is not None


@pytest.mark.parametrize(
    ("landscape", "L1"),
    [
        (factories.cosh(L1=2), "19/10"),
        (factories.exponential(L1=1), "99/100"),
        (landscape_named("exponential-bowl"), 0),
        (landscape_named("quartic"), 0),
    ],
    ids=label,
)
def test_too_small_an_l1_leaves_no_l0(landscape: Landscape, L1: object) -> None:
    smallest = minimal_L0(landscape, L1)
    assert smallest.exact is sp.oo
    assert smallest.low == smallest.high == math.inf
    assert certify(landscape, 10**9, L1).verdict == "refuted"


def test_zero_is_enough_where_the_gradient_alone_bounds_the_curvature() -> None:
    assert minimal_L0(factories.exponential(L1=2), 2).exact == 0
    assert minimal_L0(factories.logistic(norm=3), 4).exact == 0


def test_quadratic_irrationals_are_found_in_closed_form() -> None:
    # For x > sqrt(6), m = (x^2 - 2) - (x^3/3 - 2 x) has its maximum where x^2 - 2 x - 2 = 0: at 1 + sqrt(3).
    smallest = minimal_L0(line(X**4 / 12 - X**2), 1)
    x = 1 + sp.sqrt(3)
    assert sp.simplify(smallest.exact - ((x**2 - 2) - (x**3 / 3 - 2 * x))) == 0
    assert smallest.low <= sp.N(smallest.exact, 40) <= smallest.high


def test_other_algebraic_numbers_are_enclosed() -> None:
    form = line(X**6 / 30 - X**2 + X)
    smallest = minimal_L0(form, 1)
    assert smallest.exact is None
    assert 0 < smallest.high - smallest.low <= Fraction(1, 10**12)
    assert certify(form, smallest.high, 1).verdict == "proved"
    assert certify(form, smallest.low - Fraction(1, 10**12), 1).verdict == "refuted"


def test_irrational_norms_are_enclosed() -> None:
    # (||a|| - L1)^2 / 4 with ||a|| = sqrt(2).
    form = Explicit(formula=sp.log(1 + sp.exp(PAIR[0] + PAIR[1])), variables=PAIR)
    smallest = minimal_L0(form, 1)
    expected = sp.N((sp.sqrt(2) - 1) ** 2 / 4, 100)
    assert smallest.low <= expected <= smallest.high
    assert smallest.high - smallest.low <= Fraction(1, 10**12)


@settings(max_examples=25, deadline=None)
@given(coefficients=st.lists(st.integers(-4, 4), min_size=2, max_size=5), L1=st.fractions("1/4", 4, max_denominator=4))
def test_the_curvature_across_the_rays_of_a_radial_function_is_covered(coefficients: list[int], L1: Fraction) -> None:
    """|f'(r)|/r, the other eigenvalue of the Hessian, obeys the inequality for the L0 of the profile."""
    assume(any(coefficients[1:]))
    powers = list(enumerate(coefficients, start=2))
    r = sp.Symbol("r", nonnegative=True)
    form = Radial(profile=sp.Add(*(c * r**k for k, c in powers)), variable=r, dimension=3)
    smallest = minimal_L0(form, L1)
    for radius in (Fraction(n, 8) for n in range(1, 81)):
        slope = abs(sum(k * c * radius ** (k - 1) for k, c in powers))
        assert slope / radius <= smallest.high + L1 * slope
    below = smallest.low * Fraction(999, 1000)
    assert certify(form, below, L1).verdict == ("refuted" if smallest.low > 0 else "proved")


def test_the_region_counts() -> None:
    quartic = landscape_named("quartic")
    assert minimal_L0(quartic, 1, region=("-1/2", "1/2")).exact == sp.Rational(12, 4) - sp.Rational(4, 8)
    assert minimal_L0(quartic, 1, region=(3, None)).exact == 0
    cosh = minimal_L0(landscape_named("cosh"), 0, region=(0, 1))
    assert float(cosh.high) == pytest.approx(math.cosh(1), rel=1e-14)


coefficients = st.lists(st.integers(-4, 4), min_size=4, max_size=6)


@settings(max_examples=25, deadline=None)
@given(coefficients=coefficients, L1=st.fractions(min_value="1/4", max_value=4, max_denominator=4))
def test_both_sides_agree_with_certificates(coefficients: list[int], L1: Fraction) -> None:
    assume(any(coefficients[3:]))
    form = line(sp.Add(*(c * X**k for k, c in enumerate(coefficients))))
    smallest = minimal_L0(form, L1)
    assert smallest.high - smallest.low <= Fraction(1, 10**12)
    assert certify(form, smallest.high, L1).verdict == "proved"
    below = smallest.low - Fraction(1, 10**10)
    if below >= 0:
        assert certify(form, below, L1).verdict == "refuted"
    if smallest.exact is not None:
        assert smallest.low <= sp.N(smallest.exact, 40) + sp.Rational(1, 10**30)
        assert smallest.high >= sp.N(smallest.exact, 40) - sp.Rational(1, 10**30)


@settings(max_examples=20, deadline=None)
@given(coefficients=coefficients, L1=st.fractions(min_value="1/4", max_value=2, max_denominator=4))
def test_l0_does_not_grow_with_l1_and_is_convex(coefficients: list[int], L1: Fraction) -> None:
    """A supremum of functions that are affine and nonincreasing in L1."""
    assume(any(coefficients[3:]))
    form = line(sp.Add(*(c * X**k for k, c in enumerate(coefficients))))
    first, middle, last = (minimal_L0(form, k * L1) for k in (1, 2, 3))
    assert first.high >= middle.low
    assert middle.high >= last.low
    assert middle.low <= (first.high + last.high) / 2


@pytest.mark.parametrize("key", ["rosenbrock", "phase-retrieval", "anisotropic-quartic"])
def test_what_no_rule_covers_is_refused(key: str) -> None:
    with pytest.raises(InputError, match="not known exactly"):
        minimal_L0(landscape_named(key), 1)


def test_terms_without_stationary_point_are_refused() -> None:
    with pytest.raises(InputError, match="slopes of the other terms"):
        minimal_L0(Explicit(formula=PAIR[0] ** 4 + 2 * PAIR[1], variables=PAIR), 1)


def test_bad_constants_are_refused() -> None:
    with pytest.raises(InputError, match="L1 = -1"):
        minimal_L0(landscape_named("quartic"), -1)
