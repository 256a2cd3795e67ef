"""Properties of the exact rules for sums over data and for polynomials: bounds hold, and tampered ones are refused."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic import landscapes as factories
from synthetic.certify import certify
from synthetic.curves import Unknown
from synthetic.definite import is_positive_semidefinite, largest_eigenvalue_bound, minus, weighted_gram
from synthetic.finite_sums import QuarticBounds, bounded_curvature, even_quartic, quartic_bounds
from synthetic.forms import Explicit, FiniteSum, Form, coordinates
from synthetic.landscapes import landscape_named
from synthetic.spheres import polynomial_bounds

Z = sp.Symbol("z", real=True)
PAIR = coordinates(2)
TRIPLE = coordinates(3)
ONES = (Fraction(1),) * 3

entries = st.integers(-6, 6).map(lambda n: Fraction(n, 2))
squares = st.lists(st.lists(entries, min_size=3, max_size=3), min_size=1, max_size=4)


def data(key: str) -> FiniteSum:
    """The sum of a shipped landscape."""
    form = landscape_named(key).form
    assert isinstance(form, FiniteSum)
    return form


def norms(form: Form, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """||x||, ||Hess F|| and ||grad F|| at random points of many scales."""
    draws = np.random.default_rng(seed)
    x = draws.standard_normal((400, form.dimension)) * 10.0 ** draws.uniform(-2, 2, (400, 1))
    bends = np.abs(np.linalg.eigvalsh(form.hessian(x))).max(axis=1)
    return np.linalg.norm(x, axis=1), bends, np.linalg.norm(form.gradient(x), axis=1)


@given(rows=squares, weights=st.lists(st.integers(-2, 3).map(Fraction), min_size=4, max_size=4))
def test_elimination_agrees_with_leading_minors_and_eigenvalues(rows: list[list[Fraction]], weights: list) -> None:
    matrix = weighted_gram(rows, weights[: len(rows)], 3)
    # M >= 0 exactly when all principal minors are >= 0 (Sylvester).
    minors = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]
    exact = sp.Matrix(3, 3, lambda i, j: sp.Rational(matrix[i][j].numerator, matrix[i][j].denominator))
    assert is_positive_semidefinite(matrix) == all(exact.extract(m, m).det() >= 0 for m in minors)
    bound = largest_eigenvalue_bound(matrix, ONES)
    assert is_positive_semidefinite(minus(bound, ONES, matrix))
    top = float(np.linalg.eigvalsh(np.array(matrix, dtype=float))[-1])
    assert math.isclose(bound, top, rel_tol=1e-5, abs_tol=1e-5)


def test_an_exact_eigenvalue_is_found_exactly() -> None:
    matrix = ((Fraction(2), Fraction(1)), (Fraction(1), Fraction(2)))
    assert largest_eigenvalue_bound(matrix, (Fraction(1),) * 2) == 3
    assert not is_positive_semidefinite(minus(Fraction(3) - Fraction(1, 10**30), (Fraction(1),) * 2, matrix))


@pytest.mark.parametrize("name", ["K", "m", "low", "high"])
def test_tampered_quartic_bounds_are_refused(name: str) -> None:
    form = data("phase-retrieval")
    pair = landscape_named("phase-retrieval").constants
    found = quartic_bounds(form)
    assert found.hold_for(form)
    assert even_quartic(form, pair.L0, pair.L1, found)
    # K and high are upper bounds, m and low are lower bounds.
    step = abs(getattr(found, name)) / 10**4
    better = dataclasses.replace(found, **{name: getattr(found, name) + (-step if name in ("K", "high") else step)})
    assert not better.hold_for(form)
    with pytest.raises(Unknown, match="do not hold"):
        even_quartic(form, pair.L0, pair.L1, better)


def test_loose_quartic_bounds_hold_and_prove_less() -> None:
    form = data("phase-retrieval")
    pair = landscape_named("phase-retrieval").constants
    found = quartic_bounds(form)
    loose = QuarticBounds(K=2 * found.K, m=found.m / 2, low=found.low - 1, high=found.high + 1)
    assert loose.hold_for(form)
    with pytest.raises(Unknown, match="not sharp enough"):
        even_quartic(form, pair.L0, pair.L1, loose)


@pytest.mark.parametrize(("dimension", "samples", "L1"), [(2, 9, 5), (3, 15, "1/2"), (4, 24, 20)])
def test_the_rule_covers_other_data(dimension: int, samples: int, L1: object) -> None:
    landscape = factories.phase_retrieval(dimension=dimension, samples=samples, L1=L1, seed=7)
    certificate = certify(landscape, landscape.constants.L0, L1)
    assert certificate.verdict == "proved"
    _, bends, slopes = norms(landscape.form)
    assert (bends <= float(landscape.constants.L0) + float(landscape.constants.L1) * slopes).all()


@pytest.mark.parametrize(("dimension", "samples", "penalty"), [(1, 8, "1/10"), (3, 20, 2), (8, 30, "1/100")])
def test_bounded_curvature_covers_other_data(dimension: int, samples: int, penalty: object) -> None:
    landscape = factories.regularized_logistic(dimension=dimension, samples=samples, regularization=penalty, seed=3)
    assert certify(landscape, landscape.constants.L0, 0).verdict == "proved"
    assert certify(landscape.scaled(value=3, point=7), landscape.constants.L0 * 3 / 49, 0).verdict == "proved"


def test_bounded_curvature_is_sharp_at_the_origin() -> None:
    form = data("regularized-logistic")
    sharp = Fraction(float(np.linalg.eigvalsh(form.hessian(np.zeros((1, 5))))[0, -1]))
    assert "exact elimination" in bounded_curvature(form, sharp * Fraction(10001, 10000))
    with pytest.raises(Unknown, match="exceeds L0"):
        bounded_curvature(form, sharp * Fraction(9999, 10000))


@pytest.mark.parametrize("key", ["regularized-logistic", "phase-retrieval", "population-phase-retrieval"])
def test_half_of_a_stated_pair_is_not_proved(key: str) -> None:
    pair = landscape_named(key).constants
    assert certify(landscape_named(key), pair.L0 / 2, pair.L1).verdict != "proved"
    assert certify(landscape_named(key), pair.L0 / 100, pair.L1 / 100).verdict != "proved"


def test_unbounded_and_odd_terms_are_refused_with_the_reason() -> None:
    rows = ((1.0, 2.0), (0.5, -1.0), (3.0, 0.25))
    cubic = FiniteSum(profile=Z**4 + Z**3 + sp.exp(Z), variable=Z, rows=rows, weight=Fraction(1, 3))
    with pytest.raises(Unknown, match="unbounded"):
        bounded_curvature(FiniteSum(profile=Z**4, variable=Z, rows=rows, weight=Fraction(1)), Fraction(10**9))
    for form, word in ((cubic, "degree 4"), (dataclasses.replace(cubic, profile=Z**4 + Z), "not even")):
        with pytest.raises(Unknown, match=word):
            quartic_bounds(form)
    with pytest.raises(Unknown, match="negative"):
        quartic_bounds(dataclasses.replace(cubic, profile=-(Z**4)))


def test_a_quartic_regularizer_counts_as_further_terms() -> None:
    rows = ((1.0, 2.0), (0.5, -1.0), (3.0, 0.25))
    form = FiniteSum(profile=Z**4 - Z**2, variable=Z, rows=rows, weight=Fraction(1, 3), regularizer=Z**4 / 5 + Z**2)
    radial = quartic_bounds(form).radial(Fraction(1) + Fraction(2, 5))
    r, bends, slopes = norms(form)
    at = [np.array([float(p.eval(sp.Float(v))) for v in r]) for p in (radial.upper, -radial.lower, radial.slope)]
    assert (bends <= np.maximum(at[0], at[1]) * (1 + 1e-9)).all()
    assert (slopes >= at[2] * (1 - 1e-9)).all()


small = st.integers(-4, 4)


@settings(max_examples=25, deadline=None)
@given(coefficients=st.lists(small, min_size=8, max_size=8), triple=st.booleans())
def test_radial_bounds_hold_for_random_polynomials(coefficients: list[int], triple: bool) -> None:
    x, y, z = TRIPLE
    shapes = (x**4 + y**4, x**2 * y**2, x**3 * y, x * y * (z if triple else y), x**2, x * y, y, (x + 2 * y) ** 3)
    formula = sp.Add(*(c * shape for c, shape in zip(coefficients, shapes, strict=True)))
    variables = TRIPLE if triple else TRIPLE[:2]
    form = Explicit(formula=formula + (z**4 if triple else 0), variables=variables)
    bounds = polynomial_bounds(form.formula, variables)
    draws = np.random.default_rng(1)
    x0 = draws.standard_normal((60, form.dimension)) * 10.0 ** draws.uniform(-1, 1, (60, 1))
    r, values = np.linalg.norm(x0, axis=1), np.linalg.eigvalsh(form.hessian(x0))
    slopes = np.linalg.norm(form.gradient(x0), axis=1)
    low, high, slope = (
        np.polyval([float(c) for c in p.all_coeffs()], r) for p in (bounds.lower, bounds.upper, bounds.slope)
    )
    slack = 1e-9 * (1 + np.abs(high) + np.abs(low))
    assert (low - slack <= values[:, 0]).all()
    assert (values[:, -1] <= high + slack).all()
    assert (slopes >= slope - 1e-9 * (1 + np.abs(slope))).all()


def test_radial_bounds_are_exact_for_powers_of_the_norm() -> None:
    square = PAIR[0] ** 2 + PAIR[1] ** 2
    bounds = polynomial_bounds(3 * square**3 - square, PAIR)
    assert [p.all_coeffs() for p in (bounds.upper, bounds.lower)] == [[90, 0, 0, 0, -2], [18, 0, 0, 0, -2]]
    assert bounds.slope.all_coeffs() == [18, 0, 0, 0, -2, 0]


def test_the_population_landscape_is_proved_by_radial_bounds() -> None:
    certificate = certify(landscape_named("population-phase-retrieval"), 8, 3)
    assert certificate.verdict == "proved"
    assert "Frobenius" in certificate.method
