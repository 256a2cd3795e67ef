"""Zero-chains: one new coordinate per query, a large gradient until the last one, and the constants of the class."""

from __future__ import annotations

import dataclasses
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize

from bounds import Problem, evaluate, theorem_named
from bounds.errors import InputError
from bounds.methods import METHODS, method_named
from synthetic.chain_profiles import Chain, PiecewiseSlope
from synthetic.chains import DESIGNS, MOST_LINKS, chain, longest_chain, progress
from synthetic.derivatives import quiet
from synthetic.solve import solve

CONSTANTS = [("1", "2", "0.5"), ("4", "0.1", "1"), ("0.2", "6", "0.03")]
ONE_SIDED = [d for d in DESIGNS if d.penalty is not None]
by_key = pytest.mark.parametrize("design", DESIGNS, ids=lambda d: d.key)


def with_links(design, links, L0="1", L1="2", epsilon="0.5"):
    """The chain with this many links: the gap is chosen half a link above what it needs."""
    l0, l1 = design.constants(Fraction(L0), Fraction(L1))
    eps = Fraction(epsilon)
    delta = design.cost * eps**2 / (l0 + l1 * eps) * (links + Fraction(1, 2))
    made = chain(design, L0=L0, L1=L1, delta=delta, epsilon=epsilon)
    assert made.queries == links
    return made


def points(made, seed, batch=400):
    """Random points of several scales, half of them in the positive orthant."""
    rng = np.random.default_rng(seed)
    scales = rng.choice([0.1, 0.3, 1.0, 2.0, 4.0], size=(batch, 1)) * float(made.point_unit)
    x = rng.standard_normal((batch, made.queries)) * scales
    x[::2] = np.abs(x[::2])
    return x


def unscaled(design, links):
    return Chain(gate=design.gate, reward=design.reward, penalty=design.penalty, links=links)


PROFILES = [(f"{d.key}-{part}", getattr(d, part)) for d in DESIGNS for part in ("gate", "reward", "penalty")]
PROFILES = [(name, profile) for name, profile in PROFILES if profile is not None]
by_profile = pytest.mark.parametrize("profile", [p for _, p in PROFILES], ids=[n for n, _ in PROFILES])


@by_profile
def test_profiles_agree_with_their_formulas(profile):
    x = sp.Symbol("x", real=True)
    grid = np.random.default_rng(0).uniform(-3, 6, 60)
    for order, function in enumerate((profile.value, profile.slope, profile.curvature)):
        formula = sp.diff(profile.formula(x), x, order)
        expected = [float(formula.subs(x, sp.Float(float(t), 30))) for t in grid]
        np.testing.assert_allclose(function(grid), expected, rtol=1e-12, atol=1e-13)


@by_profile
def test_profiles_keep_nan_and_reach_their_limits(profile):
    for function in (profile.slope, profile.value):
        assert np.isnan(function(np.array([np.nan]))).all()
    if hasattr(profile, "supremum"):
        top = profile.value(np.array([-1e300, 200.0, 1e300]))
        assert top[0] == 0
        assert top[1:] == pytest.approx(float(profile.supremum), rel=1e-4)
        assert (top <= float(profile.supremum) * (1 + 1e-15)).all()
    with quiet():
        far = np.array([-1e300, 1e300])
        assert not profile.curvature(far).any()
        assert profile.slope(far).tolist() == ([-1, 0] if profile.value(far[:1])[0] > 0 else [0, 0])


@pytest.mark.parametrize("design", ONE_SIDED, ids=lambda d: d.key)
def test_gate_rises_to_one_and_reward_to_the_depth_of_a_link_exactly(design):
    assert design.gate.supremum == 1
    assert design.reward.supremum == design.depth
    half = np.array([0.0])
    assert design.reward.value(half)[0] == float(design.head) == float(design.penalty.width / 2)
    assert design.reward.slope(half)[0] == float(design.opening) == 1
    assert design.gate.value(half)[0] == design.gate.slope(half)[0] == 0


@pytest.mark.parametrize("design", ONE_SIDED, ids=lambda d: d.key)
def test_the_two_inequalities_behind_the_gradient_bound_hold_on_a_grid(design):
    u, y = np.meshgrid(np.linspace(0, 12, 3001), np.linspace(0, 1, 101))
    half = float(design.penalty.width) / 2
    gate, slope, reward = design.gate.value(u), design.gate.slope(u), design.reward.slope(u)
    least = float(design.reached) ** 2
    assert ((reward + half * slope) ** 2 >= least * (1 - gate**2) - 1e-12).all()
    assert ((reward + half * slope * (1 - y) ** 2) ** 2 + (gate * (1 - y) + y) ** 2 >= least).all()


@by_key
def test_gradient_and_hessian_are_those_of_the_expression(design):
    form = unscaled(design, 3)
    formula, variables = form.expression()
    gradient = [sp.diff(formula, v) for v in variables]
    hessian = [[sp.diff(g, v) for v in variables] for g in gradient]
    compiled = sp.lambdify(variables, (formula, gradient, hessian), modules=["scipy", "numpy"], cse=True)
    for x in np.random.default_rng(1).uniform(-2, 4, (60, 3)):
        expected = compiled(*x)
        for name, numbers in zip(("value", "gradient", "hessian"), expected, strict=True):
            np.testing.assert_allclose(getattr(form, name)(x[None])[0], numbers, rtol=1e-11, atol=1e-12)


@by_key
def test_scaled_landscape_is_the_chain_in_other_units_and_its_bands_are_the_hessian(design):
    made = with_links(design, 6)
    x = points(made, 2, 20)
    a, r = float(made.value_unit), float(made.point_unit)
    np.testing.assert_allclose(made.landscape.value(x), a * unscaled(design, 6).value(x / r), rtol=1e-13)
    diagonal, beside = made.bands(x)
    hessian = made.landscape.hessian(x)
    np.testing.assert_array_equal(hessian[:, np.arange(6), np.arange(6)], diagonal)
    np.testing.assert_array_equal(hessian[:, np.arange(5), np.arange(1, 6)], beside)
    assert not hessian[:, np.abs(np.subtract.outer(np.arange(6), np.arange(6))) > 1].any()


@by_key
@pytest.mark.parametrize("constants", CONSTANTS)
def test_random_points_respect_the_smoothness_and_the_gradient_bound(design, constants):
    made = with_links(design, 7, *constants)
    x = points(made, 3)
    stated = made.landscape.constants
    norm = np.abs(np.linalg.eigvalsh(made.landscape.hessian(x))).max(axis=1)
    allowed = float(stated.L0) + float(stated.L1) * np.linalg.norm(made.landscape.gradient(x), axis=1)
    assert (norm <= allowed * (1 + 1e-12)).all()
    assert design.constants(*map(Fraction, constants[:2])) == (stated.L0, stated.L1)
    x[:, -1] = 0
    level = float(made.design.reached / made.design.level * made.epsilon)
    assert (np.linalg.norm(made.landscape.gradient(x), axis=1) > level * (1 - 1e-12)).all()
    assert (np.linalg.norm(made.landscape.gradient(x), axis=1) > float(made.epsilon)).all()


@pytest.mark.parametrize("design", ONE_SIDED, ids=lambda d: d.key)
def test_search_for_a_small_gradient_before_the_end_stops_just_above_the_bound(design):
    form, free = unscaled(design, 4), 3

    def half_square(y):
        x = np.append(y, 0.0)[None]
        gradient = form.gradient(x)[0]
        return gradient @ gradient / 2, (form.hessian(x)[0] @ gradient)[:free]

    starts = np.random.default_rng(4).uniform(0, 2.5, (40, free))
    least = min(minimize(half_square, y, jac=True).fun for y in starts)
    assert float(design.reached) <= np.sqrt(2 * least) <= 1.01 * float(design.reached)


@by_key
def test_a_point_with_k_coordinates_shows_one_more_at_most_and_not_steeply(design):
    made = with_links(design, 9)
    x = points(made, 5)
    for k in range(9):
        x[:, k:] = 0
        gradient = made.landscape.gradient(x)
        assert not gradient[:, k + 1 :].any()
        assert (np.abs(gradient[:, k]) <= float(made.opening) * (1 + 1e-15)).all()
        assert (progress(x) <= k).all()
        x = points(made, 5)


@by_key
@pytest.mark.parametrize("constants", CONSTANTS)
def test_gap_stays_below_delta_exactly(design, constants):
    made = with_links(design, 11, *constants)
    assert made.gap <= made.Delta
    assert made.landscape.initial_gap <= float(made.gap) * (1 + 1e-12)
    if made.design.penalty is not None:
        assert made.landscape.initial_gap == pytest.approx(float(made.gap), rel=1e-12)
        far = np.full((1, 11), 200 * float(made.point_unit))
        assert made.landscape.value(far)[0] == pytest.approx(float(made.landscape.infimum), rel=1e-12)
    assert (made.landscape.gap(points(made, 6)) >= -1e-9 * float(made.gap)).all()


@by_key
def test_a_single_link_hides_the_target_at_the_start_only(design):
    made = with_links(design, 1)
    origin = np.zeros((1, 1))
    slope = made.landscape.gradient(origin)[0, 0]
    assert -slope > float(made.epsilon)
    assert made.landscape.hessian(origin).shape == (1, 1, 1)
    assert abs(made.landscape.gradient(np.full((1, 1), 40 * float(made.point_unit)))[0, 0]) < 1e-12


def test_minimizer_of_the_compact_chain_is_stationary():
    made = with_links(DESIGNS[0], 8)
    x = np.array([made.landscape.optimum])
    assert not made.landscape.gradient(x).any()
    assert made.landscape.gap(x)[0] == pytest.approx(0, abs=1e-12 * float(made.gap))


@pytest.mark.parametrize(("L0", "L1", "epsilon"), [("3", "0", "0.1"), ("0", "3", "0.1"), ("1", "1", "0.7"), *CONSTANTS])
def test_number_of_links_is_the_count_of_the_catalogue(L0, L1, epsilon):
    problem = Problem.of(L0=L0, L1=L1, Delta=25, epsilon=epsilon)
    made = longest_chain(L0=L0, L1=L1, delta=25, epsilon=epsilon)
    assert made.queries + 1 == evaluate(theorem_named("chain-lower"), problem).iterations


def test_number_of_links_of_the_classical_chain_is_the_count_of_the_catalogue():
    problem = Problem.of(L0=2, L1=0, Delta=8000, epsilon="0.3")
    made = chain("classical", L0=2, L1=0, delta=8000, epsilon="0.3")
    assert made.queries + 1 == evaluate(theorem_named("zero-chain-lower"), problem).iterations


def test_one_more_query_can_be_enough():
    # Normalized steps onto the minimizer: coordinate t is settled by step t, and x_N is stationary.
    made = with_links(DESIGNS[0], 25)
    length = {"gamma": made.landscape.optimum[0]}
    settings = {"epsilon": float(made.epsilon), "parameters": length, "criterion": "min"}
    runs = solve(
        made.landscape, method_named("normalized-gd"), made.landscape.start, max_iterations=made.queries + 1, **settings
    )
    assert runs.converged[0]
    assert runs.iterations[0] == made.queries + 1


@by_key
@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_progress_of_every_method_is_at_most_one_coordinate_per_step(design, method):
    made = with_links(design, 12)
    rows = {
        "L0": 0.3,
        "L1": 0.2,
        "eta": [0.1, 2.0, 30.0],
        "gamma": [0.3, 5.0, 80.0],
        "beta": [0.9, 0.5, 0.0],
        "nu": 0.7,
    }
    parameters = {name: rows[name] for name in method.parameters}
    for inspected in (1, 4, 12):
        runs = solve(
            made.landscape,
            method,
            np.zeros((3, 12)),
            epsilon=float(made.epsilon),
            max_iterations=inspected,
            parameters=parameters,
            criterion="min",
        )
        assert not runs.converged.any()
        assert (progress(runs.x) <= inspected - 1).all()


def test_progress_is_the_last_nonzero_coordinate():
    x = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 0.0, 5e-324], [1.0, 0.0, -0.0]])
    assert progress(x).tolist() == [0, 1, 2, 3, 1]


def test_long_chains_are_cheap_and_rows_do_not_depend_on_their_batch():
    made = with_links(DESIGNS[2], MOST_LINKS)
    x = points(made, 7, 4)
    gradient = made.landscape.gradient(x)
    np.testing.assert_array_equal(made.landscape.gradient(x[2:3]), gradient[2:3])
    np.testing.assert_array_equal(made.landscape.value(x[1:2]), made.landscape.value(x)[1:2])
    assert made.bands(x)[1].shape == (4, MOST_LINKS - 1)


@by_key
def test_instances_travel_between_processes(design):
    made = with_links(design, 3)
    copy = pickle.loads(pickle.dumps(made))
    assert copy == made
    x = points(made, 8, 5)
    np.testing.assert_array_equal(copy.landscape.gradient(x), made.landscape.gradient(x))


@by_key
def test_designs_refuse_better_constants_than_they_have(design):
    for change in ({"cost": design.cost * Fraction(9, 10)}, {"depth": design.depth / 2}, {"level": design.reached * 2}):
        with pytest.raises(ValueError, match=design.key):
            dataclasses.replace(design, **change)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"design": "L2"}, "unknown chain 'L2'"),
        ({"delta": "0.1"}, "would have 0 links"),
        ({"delta": 10**9}, f"must have 1 to {MOST_LINKS}"),
        ({"design": "L1", "L1": 0}, "would have 0 links"),
        ({"L0": 0, "L1": 0}, "L0 = L1 = 0"),
        ({"epsilon": 0}, "eps = 0"),
        ({"L0": "x"}, "L0 = 'x'"),
        ({"L0": "1e-150", "delta": "1e155"}, "is not allowed"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(change, part):
    with pytest.raises(InputError, match=part):
        chain(**{"design": "L0", "L0": 1, "L1": 1, "delta": 10, "epsilon": 1, **change})


@pytest.mark.parametrize(
    ("knots", "decay"), [(((1, 0), (0, 1)), 1), (((0, 1), (1, 2)), 1), (((0, 0), (1, 1)), None), (((0, 0), (1, 0)), 1)]
)
def test_profiles_refuse_a_broken_derivative(knots, decay):
    exact = tuple((Fraction(t), Fraction(v)) for t, v in knots)
    with pytest.raises(ValueError, match="derivative"):
        PiecewiseSlope(knots=exact, decay=None if decay is None else Fraction(decay))
