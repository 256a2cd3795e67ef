"""Estimates of (L0, L1): exact where the data are, above all samples always, and honest about what was not sampled."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from bounds.methods import method_named
from synthetic.estimate import along_path, at_points, fit_smoothness, local_smoothness, trajectory
from synthetic.landscapes import LANDSCAPES, cosh, landscape_named, quartic, rosenbrock
from synthetic.oracles import TWO_POINT
from synthetic.solve import solve

CLIPPED = method_named("clipped-gd")
QUANTILES = ("0.1", "0.5", "0.75", "0.9", "0.99", 1)

positive = st.floats(1e-6, 1e6)
sizes = st.just(0.0) | st.floats(1e-100, 1e100) | st.floats(1e-3, 1e3)
samples = st.lists(st.tuples(sizes, sizes), min_size=2, max_size=30).filter(lambda rows: len({g for g, _ in rows}) > 1)


def cloud(n, seed=0):
    """Samples scattered below the line 2 + 3 g."""
    rng = np.random.default_rng(seed)
    g = 10 ** rng.uniform(-2, 2, n)
    return g, (2 + 3 * g) * rng.beta(3, 2, n)


def walk(landscape, steps=150):
    L0, L1 = float(landscape.constants.L0), float(landscape.constants.L1)
    run = trajectory(
        landscape, CLIPPED, landscape.start, steps=steps, parameters={"eta": 0.1 / L0, "gamma": 0.1 / max(L1, 0.1)}
    )
    return run.points, run.gradients


def above(g, s, L0, L1):
    """Samples above the line in exact arithmetic."""
    return sum(Fraction(y) > Fraction(L0) + Fraction(L1) * Fraction(x) for x, y in zip(g, s, strict=True))


@pytest.mark.parametrize("quantile", QUANTILES)
@pytest.mark.parametrize(("L0", "L1"), [(1, 1), (0, 3), (3, 0), (1e-3, 50), (1e4, 1e-4)])
@pytest.mark.parametrize("n", [2, 7, 60])
def test_a_line_is_recovered(n, L0, L1, quantile):
    g = 10 ** np.random.default_rng(n).uniform(-3, 3, n)
    fit = fit_smoothness(g, L0 + L1 * g, quantile=quantile)
    np.testing.assert_allclose([fit.L0, fit.L1], [L0, L1], rtol=1e-9, atol=1e-9)
    assert fit.n == n


@settings(max_examples=60, deadline=None)
@given(samples)
def test_no_sample_lies_above_the_envelope(rows):
    g, s = np.array(rows).T
    fit = fit_smoothness(g, s, folds=2)
    assert fit.L0 >= 0
    assert fit.L1 >= 0
    assert fit.violations == above(g, s, fit.L0, fit.L1) == 0
    assert (s <= fit.line(g)).all()


@settings(max_examples=40, deadline=None)
@given(samples, st.sampled_from(QUANTILES[:-1]))
def test_at_most_the_allowed_share_lies_above_a_quantile_line(rows, quantile):
    g, s = np.array(rows).T
    fit = fit_smoothness(g, s, quantile=quantile, folds=2)
    assert above(g, s, fit.L0, fit.L1) <= fit.violations <= (1 - Fraction(quantile)) * len(g)


@pytest.mark.parametrize("seed", range(5))
def test_the_envelope_is_optimal(seed):
    """No line through two samples, or through one with L0 or L1 = 0, is above all samples and cheaper."""
    g, s = cloud(25, seed)
    fit = fit_smoothness(g, s)
    price = fit.L0 + fit.L1 * g.mean()
    slopes = np.subtract.outer(s, s)[~np.eye(25, dtype=bool)] / np.subtract.outer(g, g)[~np.eye(25, dtype=bool)]
    candidates = np.concatenate([slopes[slopes >= 0], [0.0, (s / g).max()]])
    rivals = [max(0.0, (s - L1 * g).max()) + L1 * g.mean() for L1 in candidates]
    assert price == pytest.approx(min(rivals), rel=1e-9)


@pytest.mark.parametrize("quantile", ["0.6", "0.9"])
def test_the_quantile_line_minimises_the_pinball_loss(quantile):
    g, s = cloud(40, 3)
    q = float(quantile)

    def loss(L0, L1):
        r = s - L0 - L1 * g
        return np.where(r > 0, q * r, (q - 1) * r).sum()

    fit = fit_smoothness(g, s, quantile=quantile)
    for change in (1e-3, -1e-3):
        for L0, L1 in ((fit.L0 + change, fit.L1), (fit.L0, fit.L1 + change), (fit.L0 + change, fit.L1 - change / 3)):
            if min(L0, L1) >= 0:
                assert loss(fit.L0, fit.L1) <= loss(L0, L1) + 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_the_line_at_the_weight_grows_with_the_quantile(seed):
    g, s = cloud(80, seed)
    for weight in (None, 0.5, 20.0):
        at = g.mean() if weight is None else weight
        fits = [fit_smoothness(g, s, quantile=q, weight=weight) for q in QUANTILES]
        heights = [f.L0 + f.L1 * at for f in fits]
        assert (np.diff(heights) >= -1e-9 * heights[-1]).all()
        assert heights[0] < heights[-1]
        counts = [f.violations for f in fits]
        assert counts == sorted(counts, reverse=True)


def test_a_large_weight_buys_a_small_slope():
    g, s = cloud(80)
    fits = [fit_smoothness(g, s, weight=w) for w in (0.0, 1.0, 10.0, 1e99)]
    assert (np.diff([f.L1 for f in fits]) <= 0).all()
    assert (np.diff([f.L0 for f in fits]) >= 0).all()
    np.testing.assert_array_equal([fits[-1].L0, fits[-1].L1], [s.max(), 0])


@settings(max_examples=25, deadline=None)
@given(a=positive, b=positive, quantile=st.sampled_from(QUANTILES), seed=st.integers(0, 50))
def test_units_change_the_estimate_as_they_change_the_constants(a, b, quantile, seed):
    """F -> a F(x/b) moves samples to (a g/b, a s/b^2) and estimates to (a L0/b^2, L1/b)."""
    g, s = cloud(20, seed)
    one = fit_smoothness(g, s, quantile=quantile)
    other = fit_smoothness(g * a / b, s * a / b**2, quantile=quantile)
    assert other.L0 * b**2 / a == pytest.approx(one.L0, rel=1e-9, abs=1e-9)
    assert other.L1 * b == pytest.approx(one.L1, rel=1e-9)


def test_leaving_one_out_is_violated_at_most_twice():
    """An envelope is held up by at most two samples in general position; without another it stays the same."""
    for seed in range(4):
        g, s = cloud(30, seed)
        assert 1 / 30 <= fit_smoothness(g, s, folds=30).held_out_rate <= 2 / 30


@pytest.mark.parametrize("seed", [None, 0, 1])
@pytest.mark.parametrize("quantile", ["0.5", "0.9", 1])
def test_the_held_out_rate_is_near_one_minus_the_quantile(quantile, seed):
    g, s = cloud(400)
    fit = fit_smoothness(g, s, quantile=quantile, seed=seed)
    assert fit.held_out_rate == pytest.approx(1 - float(Fraction(quantile)), abs=0.05)


def test_blocks_of_a_path_are_harder_to_predict_than_random_parts():
    """With s = g^2 a chord is safe between its ends and false beyond them, and only blocks ask about the beyond."""
    g = np.linspace(10, 0.1, 50)
    shuffled, blocks = (fit_smoothness(g, g**2, seed=k) for k in (0, None))
    assert (shuffled.L0, shuffled.L1) == (blocks.L0, blocks.L1)
    assert shuffled.held_out_rate < 0.1 < blocks.held_out_rate


@pytest.mark.parametrize("landscape", [cosh(), quartic()], ids=lambda each: each.key)
def test_fits_along_runs_are_valid_there_and_no_dearer_than_the_stated_pair(landscape):
    points, gradients = walk(landscape)
    for pairs in (along_path(points, gradients), at_points(landscape, points)):
        g, s = pairs.gradient_norms, pairs.smoothness
        fit = fit_smoothness(g, s)
        stated = landscape.constants
        assert above(g, s, fit.L0, fit.L1) == 0
        assert fit.L0 + fit.L1 * g.mean() <= float(stated.L0) + float(stated.L1) * g.mean()
        # Tight: the line touches samples, so a slightly lower one is violated.
        assert above(g, s, fit.L0 * (1 - 1e-9), fit.L1 * (1 - 1e-9)) >= 1
    assert "not a certificate" in fit.summary


def test_the_cosh_constants_come_back_from_exact_samples():
    """For cosh(x), s = sqrt(1 + g^2): the envelope over [0, M] has L0 = 1 and L1 = (sqrt(1 + M^2) - 1)/M."""
    x = np.linspace(0, 6, 500)[:, None]
    pairs = at_points(cosh(), x)
    fit = fit_smoothness(pairs.gradient_norms, pairs.smoothness)
    M = np.sinh(6.0)
    np.testing.assert_allclose([fit.L0, fit.L1], [1, (np.sqrt(1 + M**2) - 1) / M], rtol=1e-9)


@pytest.mark.parametrize("landscape", LANDSCAPES, ids=lambda each: each.key)
def test_local_smoothness_bounds_gradient_differences_nearby(landscape):
    rng = np.random.default_rng(5)
    x = np.array(landscape.start) + 0.05 * rng.normal(size=(6, landscape.dimension))
    d = rng.normal(size=x.shape)
    d *= 1e-5 / np.linalg.norm(d, axis=1, keepdims=True)
    quotient = np.linalg.norm(landscape.gradient(x + d) - landscape.gradient(x - d), axis=1) / 2e-5
    s = local_smoothness(landscape, x)
    assert (quotient <= s * (1 + 1e-6) + 1e-6).all()
    assert s.shape == (6,)


def test_local_smoothness_is_the_largest_eigenvalue_in_size():
    s = local_smoothness(rosenbrock(), [[0.0, 0.0], [0.0, 1.0]])
    H = rosenbrock().hessian(np.array([[0.0, 0.0], [0.0, 1.0]]))
    assert s == pytest.approx([np.linalg.norm(h, 2) for h in H], rel=1e-12)


@pytest.mark.parametrize("key", ["cosh", "quartic", "norm-cubed", "exponential-bowl"])
def test_pairs_with_the_larger_gradient_obey_the_stated_constants(key):
    landscape = landscape_named(key)
    points, gradients = walk(landscape)
    larger, smaller, first = (along_path(points, gradients, end=e) for e in ("larger", "smaller", "first"))
    bound = float(landscape.constants.L0) + float(landscape.constants.L1) * larger.gradient_norms
    assert (larger.smoothness <= bound * (1 + 1e-6)).all()
    assert (smaller.gradient_norms <= first.gradient_norms).all()
    assert (first.gradient_norms <= larger.gradient_norms).all()
    assert first.gradient_norms == pytest.approx(np.linalg.norm(gradients, axis=1)[:-1], rel=1e-15)


def test_the_trajectory_is_the_run_of_the_driver():
    landscape, parameters = quartic(), {"eta": 0.02, "gamma": 0.05, "beta": 0.8}
    method, options = method_named("momentum-clipping"), {"oracle": TWO_POINT, "sigma": 0.5, "seed": 7}
    run = trajectory(landscape, method, landscape.start, steps=40, parameters=parameters, **options)
    driver = solve(
        landscape,
        method,
        landscape.start,
        epsilon=1e-300,
        max_iterations=41,
        parameters=parameters,
        record_every=1,
        **options,
    )
    assert run.points.shape == (41, landscape.dimension)
    np.testing.assert_array_equal(run.points[-1], driver.x[0])
    np.testing.assert_allclose(np.linalg.norm(run.gradients, axis=1), driver.trace.gradient_norm[:, 0], rtol=1e-14)
    np.testing.assert_array_equal(run.gradients, landscape.gradient(run.points))


def test_a_diverging_run_keeps_its_finite_part():
    run = trajectory(quartic(), method_named("gd"), quartic().start, steps=50, parameters={"eta": 10.0})
    assert 2 <= len(run.points) < 51
    assert np.isfinite(run.points).all()
    assert np.isfinite(run.gradients).all()


def test_steps_that_stand_still_give_no_sample():
    pairs = along_path([[0.0], [1.0], [1.0], [3.0]], [[4.0], [2.0], [2.0], [1.0]])
    assert pairs.iterations.tolist() == [0, 2]
    assert pairs.smoothness.tolist() == [2.0, 0.5]
    assert pairs.gradient_norms.tolist() == [4.0, 2.0]


def test_flat_samples_need_no_smoothness():
    fit = fit_smoothness([1, 2, 3], [0, 0, 0])
    assert (fit.L0, fit.L1, fit.violations, fit.held_out_rate) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"gradient_norms": [1.0]}, "1 gradient norms, 3"),
        ({"gradient_norms": [1.0], "smoothness": [1.0]}, "number of samples is 1"),
        ({"gradient_norms": [], "smoothness": []}, "number of samples is 0"),
        ({"gradient_norms": [2.0, 2.0, 2.0]}, "every gradient norm is 2"),
        ({"gradient_norms": [1.0, float("nan"), 2.0]}, "gradient_norms holds nan at index 1"),
        ({"gradient_norms": [1.0, -1.0, 2.0]}, "gradient_norms holds -1.0 at index 1"),
        ({"gradient_norms": [1.0, 1e-300, 2.0]}, "gradient_norms holds 1e-300 at index 1"),
        ({"smoothness": [1.0, 2.0, float("inf")]}, "smoothness holds inf at index 2"),
        ({"smoothness": [[1.0, 2.0, 3.0]]}, "smoothness has shape"),
        ({"smoothness": ["a", "b", "c"]}, "numbers only"),
        ({"quantile": 0}, "quantile = 0"),
        ({"quantile": 1.5}, "quantile = 1.5"),
        ({"quantile": float("nan")}, "quantile = nan"),
        ({"weight": -1.0}, "weight = -1"),
        ({"weight": float("inf")}, "weight = inf"),
        ({"folds": 1}, "folds = 1"),
        ({"folds": 2.0}, "folds = 2.0"),
        ({"seed": -1}, "seed = -1"),
    ],
)
def test_bad_samples_and_options_are_refused(change, part):
    good = {"gradient_norms": [1.0, 2.0, 3.0], "smoothness": [1.0, 2.0, 3.0]}
    call = {**good, **change}
    with pytest.raises(InputError, match=part):
        fit_smoothness(call.pop("gradient_norms"), call.pop("smoothness"), **call)


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: along_path([[0.0]], [[1.0]]), "n >= 2"),
        (lambda: along_path([[0.0], [1.0]], [[1.0, 2.0], [1.0, 2.0]]), "points \\(2, 1\\) and gradients \\(2, 2\\)"),
        (lambda: along_path([[0.0], [np.nan]], [[1.0], [2.0]]), "finite"),
        (lambda: along_path([[0.0], [1.0]], [[1.0], [2.0]], end="last"), "end = 'last'"),
        (lambda: local_smoothness(cosh(), [[0.0, 0.0]]), "it must be \\(n, 1\\)"),
        (lambda: trajectory(cosh(), CLIPPED, [[1.0], [2.0]], steps=3, parameters={"eta": 1, "gamma": 1}), "one run"),
        (lambda: trajectory(cosh(), CLIPPED, [1.0], steps=0, parameters={"eta": 1, "gamma": 1}), "steps = 0"),
    ],
)
def test_bad_paths_are_refused(call, part):
    with pytest.raises(InputError, match=part):
        call()


def test_a_quantile_that_allows_no_sample_is_the_envelope():
    g, s = cloud(50)
    envelope, almost = fit_smoothness(g, s), fit_smoothness(g, s, quantile=Fraction(999_999_999_999, 10**12))
    assert (envelope.L0, envelope.L1, envelope.violations) == (almost.L0, almost.L1, almost.violations)
