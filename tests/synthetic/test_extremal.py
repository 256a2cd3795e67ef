"""The one-dimensional class: interpolation, the extreme members and the smallest gap."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.enclosure import float_near
from bounds.errors import InputError
from bounds.functions import gap as least_gap
from bounds.methods import method_named
from synthetic.extremal import ExtremalLandscape, interpolants, potential, slope_of, smallest_gap, transform
from synthetic.solve import solve

CONSTANTS = [(1.0, 1.0), (2.0, 0.5), (0.3, 2.0), (1.5, 0.0)]
POSITIONS = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.02, 0.98)), min_size=1, max_size=7)


def feasible(positions, first):
    """Points and transforms that respect the interpolation condition, with room to spare."""
    x, z = [positions[0][0]], [first]
    for point, share in positions[1:]:
        if min(abs(point - p) for p in x) > 1e-3:
            low, up = interpolants(np.array([point]), np.array(x), np.array(z))
            x.append(point)
            z.append(float(low[0] + share * (up[0] - low[0])))
    return np.array(x), np.array(z)


def member(positions, first, L0, L1):
    x, z = feasible(positions, first)
    slopes = slope_of(z, L0, L1)
    return ExtremalLandscape(points=tuple(x.tolist()), slopes=tuple(slopes.tolist()), L0=L0, L1=L1)


@pytest.mark.parametrize(("L0", "L1"), CONSTANTS)
def test_transform_and_slope_are_inverse_and_w_is_the_integral(L0, L1):
    z = np.concatenate([-np.geomspace(1e-9, 4, 50), np.geomspace(1e-9, 4, 50)])
    assert transform(slope_of(z, L0, L1), L0, L1) == pytest.approx(z, rel=1e-13)
    step = 1e-5 * np.abs(z)
    slope = (potential(z + step, L0, L1) - potential(z - step, L0, L1)) / (2 * step)
    assert slope == pytest.approx(slope_of(z, L0, L1), rel=1e-8)


@pytest.mark.parametrize("a", [1e-6, 0.01, 0.2499, 0.2501, 1.0])
def test_potential_has_full_relative_accuracy(a):
    exact = sp.exp(sp.Rational(a)) - 1 - sp.Rational(a)
    assert float(potential(a, 1.0, 1.0)) == pytest.approx(float(sp.N(exact, 40)), rel=4e-15)


@pytest.mark.parametrize(("L0", "L1"), CONSTANTS)
def test_one_slope_alone_needs_the_gap_of_lemma_3(L0, L1):
    f = ExtremalLandscape(points=(0.0,), slopes=(1.7,), L0=L0, L1=L1)
    exact = float_near(least_gap(sp.Rational(str(L0)), sp.Rational(str(L1)), sp.Rational(17, 10)))
    assert f.gap == pytest.approx(exact, rel=1e-13)
    assert f.gap <= f.gap_above() <= f.gap * (1 + 1e-13)
    assert f.gap_at_most(exact * (1 + 1e-12))
    assert not f.gap_at_most(exact * (1 - 1e-12))


@settings(max_examples=60, deadline=None)
@given(POSITIONS, st.floats(-1.5, 1.5), st.sampled_from(CONSTANTS))
def test_extremal_member_is_in_the_class_and_keeps_its_promises(positions, first, constants):
    f = member(positions, first, *constants)
    assert f.in_class()
    points, slopes = np.array(f.points), np.array(f.slopes)
    assert (f.gradient(points[:, None])[:, 0] == slopes).all()
    grid = np.sort(np.concatenate([np.linspace(-6, 6, 2001), points]))
    z = f.transformed(grid)
    assert (np.abs(np.diff(z)) <= np.diff(grid) + 1e-12).all()
    low, up = interpolants(grid, points, transform(slopes, *constants))
    assert z == pytest.approx(np.where(grid < points[0], low, up), abs=1e-12)
    value = f.value(grid[:, None])
    scale = 1 + f.gap
    assert value.min() >= -1e-12 * scale
    assert f.value(points[:1, None])[0] == pytest.approx(f.gap, abs=1e-12 * scale)


@settings(max_examples=40, deadline=None)
@given(POSITIONS, st.floats(-1.5, 1.5), st.sampled_from(CONSTANTS))
def test_value_integrates_the_gradient(positions, first, constants):
    f = member(positions, first, *constants)
    x = np.linspace(-3.5, 3.5, 701)[:, None]
    d = 1e-5
    secant = (f.value(x + d) - f.value(x - d)) / (2 * d)
    slope = f.gradient(x)[:, 0]
    L0, L1 = constants
    rounding = 1e-9 * (1 + f.gap + np.abs(f.value(x)))
    assert (np.abs(secant - slope) <= 2 * d * (L0 + L1 * np.abs(slope)) + rounding).all()


@settings(max_examples=40, deadline=None)
@given(POSITIONS, st.floats(-1.5, 1.5), st.floats(0, 1), st.sampled_from(CONSTANTS))
def test_no_other_member_has_a_smaller_gap(positions, first, share, constants):
    f = member(positions, first, *constants)
    x = np.linspace(-9, 9, 9001) + f.points[0]
    low, up = interpolants(x, np.array(f.points), transform(np.array(f.slopes), *constants))
    slope = slope_of(share * low + (1 - share) * up, *constants)
    area = np.concatenate([[0.0], np.cumsum((slope[1:] + slope[:-1]) / 2 * np.diff(x))])
    drop = area[len(x) // 2] - area.min()
    # The trapezoid rule's error near the minimum, where slopes are no larger than the ones in question.
    L0, L1 = constants
    error = 18 * 2e-3 * 2e-3 * (L0 + L1 * np.abs(slope[np.abs(x) < 4]).max())
    assert drop >= f.gap - error


@settings(max_examples=40, deadline=None)
@given(POSITIONS, st.floats(-1.5, 1.5), st.sampled_from(CONSTANTS))
def test_gap_of_a_batch_equals_the_gap_of_the_landscape_and_its_enclosure(positions, first, constants):
    x, z = feasible(positions, first)
    f = member(positions, first, *constants)
    batch = smallest_gap(np.stack([x, -x]), np.stack([z, -z]), *constants)
    tolerance = 1e-12 * (1 + f.gap)
    assert batch == pytest.approx([f.gap, f.gap], abs=tolerance)  # a mirror changes nothing
    assert f.gap_above() == pytest.approx(f.gap, abs=tolerance)


def test_slopes_too_different_are_outside_the_class():
    edge = float(slope_of(0.5, 1, 1))
    inside, outside = edge * (1 - 1e-12), edge * (1 + 1e-12)
    assert ExtremalLandscape(points=(0.0, 0.5), slopes=(0.0, inside), L0=1, L1=1).in_class()
    assert not ExtremalLandscape(points=(0.0, 0.5), slopes=(0.0, outside), L0=1, L1=1).in_class()


def test_scaling_by_powers_of_two_scales_the_gap_exactly():
    x, v = (0.0, 0.3, -0.4, 1.7), (-0.8, -0.7, -0.9, 0.1)
    f = ExtremalLandscape(points=x, slopes=v, L0=1, L1=2)
    a, b = 8.0, 0.25
    scaled = ExtremalLandscape(
        points=tuple(b * p for p in x), slopes=tuple(a / b * s for s in v), L0=a / b**2, L1=2 / b
    )
    assert f.in_class()
    assert scaled.gap == a * f.gap


def test_the_bowl_is_extremal_and_breaks_momentum_without_the_factor_one_minus_beta():
    # e^|x| - 1 - |x|: the closed-form counterexample of docs/theory/deterministic.md, section 15.
    bowl = ExtremalLandscape(points=(0.374,), slopes=(math.expm1(0.374),), L0=1, L1=1)
    x = np.linspace(-2, 2, 401)[:, None]
    assert bowl.value(x) == pytest.approx(np.expm1(np.abs(x[:, 0])) - np.abs(x[:, 0]), abs=1e-14)
    assert bowl.gap == pytest.approx(0.0795371504, abs=1e-10)
    runs = solve(
        bowl,
        method_named("momentum-clipping"),
        bowl.start,
        epsilon=1e-9,
        max_iterations=60,
        parameters={"eta": 0.1, "gamma": 0.1, "beta": 0.99},
        first=1,
    )
    assert runs.mean_gradient_norm[0] == pytest.approx(0.953378, abs=1e-6)


def test_json_round_trip_is_exact():
    f = ExtremalLandscape(points=(0.1, 0.7), slopes=(-1 / 3, -0.2), L0="1/3", L1="0.1", descending=True)
    assert ExtremalLandscape.from_json(f.to_json()) == f


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"points": ()}, "0 points"),
        ({"slopes": (1.0, 2.0)}, "1 points, 2 slopes"),
        ({"slopes": (math.nan,)}, "finite"),
        ({"points": (0.0, 0.0), "slopes": (1.0, 2.0)}, "contradictory"),
        ({"L0": 0}, "L0 = 0"),
        ({"L0": "1e300"}, "between 1e-100 and 1e100"),
        ({"L1": -1}, "L1 = -1"),
        ({"descending": True}, "negative slopes"),
    ],
)
def test_bad_data_is_refused_in_one_sentence(data, part):
    good = {"points": (0.0,), "slopes": (1.0,), "L0": 1, "L1": 1}
    with pytest.raises(InputError, match=part):
        ExtremalLandscape(**{**good, **data})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"points": [1], "slopes": ["a"]}', "null", "1e"])
def test_text_that_is_no_landscape_is_refused(text):
    with pytest.raises(InputError, match="not a saved extremal landscape"):
        ExtremalLandscape.from_json(text)
