"""Every oracle is unbiased, stays in its noise class, and gives a run the same noise in any batch."""

from __future__ import annotations

import numpy as np
import pytest

from bounds.errors import InputError
from bounds.methods import HARD
from synthetic.oracles import EXACT, GAUSSIAN, ORACLES, SPHERE, TWO_POINT, oracle_named
from synthetic.randomness import Streams
from synthetic.step import norms, radial_step

BATCH = 20_000
RUNS = np.arange(BATCH)

each_oracle = pytest.mark.parametrize("oracle", ORACLES, ids=lambda o: o.key)
each_dimension = pytest.mark.parametrize("dimension", [1, 2, 5])


def gradients(dimension, batch=BATCH):
    """The same gradient in every row, so that averages over rows are averages over the noise."""
    return np.tile(np.random.default_rng(5).normal(size=dimension), (batch, 1))


@each_oracle
@each_dimension
def test_noise_is_unbiased_and_its_second_moment_is_at_most_sigma_squared(oracle, dimension):
    g, sigma = gradients(dimension), 0.7
    noise = oracle.sample(g, 0.0 if oracle is EXACT else sigma, 1, RUNS, 3) - g
    assert np.abs(noise.mean(axis=0)).max() <= 5 * sigma / np.sqrt(BATCH)
    second = (noise**2).sum(axis=1)
    # Var ||xi||^2 <= 2 sigma^4 for all laws here.
    assert second.mean() <= sigma**2 * (1 + 5 * np.sqrt(2 / BATCH))


@each_oracle
@each_dimension
def test_noise_class_is_what_the_record_says(oracle, dimension):
    g, sigma = gradients(dimension), np.linspace(0, 3, BATCH)
    length = norms(oracle.sample(g, sigma, 1, RUNS, 3) - g)
    if oracle.noise == "exact":
        np.testing.assert_array_equal(length, 0)
    elif oracle.noise == "bounded":
        np.testing.assert_allclose(length, sigma, rtol=1e-12, atol=1e-14)
    else:
        assert oracle.noise == "variance"
        assert (length > sigma * 1.5).any()


@each_oracle
@each_dimension
def test_a_run_sees_the_same_noise_in_every_batch(oracle, dimension):
    g = np.random.default_rng(6).normal(size=(50, dimension))
    sigma, runs = np.linspace(0, 2, 50), np.arange(100, 150)
    whole = oracle.sample(g, sigma, 9, runs, 65)
    np.testing.assert_array_equal(whole, oracle.draw(g, sigma, Streams(9, runs), 65))
    for b in range(50):
        one = slice(b, b + 1)
        np.testing.assert_array_equal(oracle.sample(g[one], sigma[one], 9, runs[one], 65), whole[one])


@each_oracle
def test_no_noise_at_level_zero(oracle):
    g = np.random.default_rng(6).normal(size=(50, 3))
    np.testing.assert_array_equal(oracle.sample(g, 0.0, 9, np.arange(50), 1), g)


def test_exact_oracle_is_the_gradient():
    g = gradients(3, 4)
    assert EXACT.sample(g, 0.0, 0, RUNS[:4], 0) is g


@each_dimension
def test_two_point_noise_points_along_the_gradient_or_the_first_axis(dimension):
    g = np.random.default_rng(6).normal(size=(200, dimension))
    g[:20] = 0
    noise = TWO_POINT.sample(g, 0.5, 0, np.arange(200), 0) - g
    direction = np.where(norms(g)[:, None] > 0, g, np.eye(dimension)[0])
    along = (noise * direction).sum(axis=1)
    np.testing.assert_allclose(np.abs(along), 0.5 * norms(direction), rtol=1e-12)
    assert (along > 0).any()
    assert (along < 0).any()


@each_dimension
def test_two_point_noise_attains_the_sharp_bias_of_clipping(dimension):
    eta, tau, sigma = 0.25, 2.0, 1.0
    g = gradients(dimension, 64)
    g *= tau / norms(g)[:, None]
    noisy = TWO_POINT.sample(g, sigma, 0, RUNS[:64], 0)
    h = (radial_step(HARD, noisy, {"eta": eta, "gamma": eta * tau}) * g).sum(axis=1)
    # E h gives either sign weight one half; the two values of <g, h> are at hand.
    expected = (h.max() + h.min()) / 2
    psi = tau * eta * tau
    assert expected == pytest.approx((1 - sigma / (2 * tau)) * psi, rel=1e-12)


@pytest.mark.parametrize("oracle", [SPHERE, GAUSSIAN], ids=lambda o: o.key)
def test_isotropic_noise_has_covariance_sigma_squared_over_d(oracle):
    dimension, sigma = 4, 2.0
    g = gradients(dimension)
    noise = oracle.sample(g, sigma, 2, RUNS, 0) - g
    covariance = noise.T @ noise / BATCH
    np.testing.assert_allclose(covariance, np.eye(dimension) * sigma**2 / dimension, atol=6 * sigma**2 / np.sqrt(BATCH))


def test_names():
    assert [oracle_named(o.key) for o in ORACLES] == list(ORACLES)
    with pytest.raises(InputError, match="did you mean gaussian"):
        oracle_named("gausian")
