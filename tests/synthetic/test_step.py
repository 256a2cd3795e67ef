"""One step of every method, against plain scalar formulas and the identities of the family."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bounds.errors import InputError
from bounds.methods import (
    CONSTANT,
    HARD,
    LOGARITHMIC,
    METHODS,
    NORMALIZED,
    RECIPROCAL,
    RULES,
    SOFT,
    method_named,
)
from synthetic.step import norms, radial_step, step

RNG_SEED = 20201


def scalar_factor(key, u, p):
    """s(u) written out by hand, one rule at a time."""
    match key:
        case "constant":
            return p["eta"]
        case "hard":
            return p["eta"] if p["eta"] * u <= p["gamma"] else p["gamma"] / u
        case "soft":
            return p["eta"] * p["gamma"] / (p["gamma"] + p["eta"] * u)
        case "normalized":
            return p["gamma"] / u
        case "reciprocal":
            return 1 / (p["L0"] + p["L1"] * u)
        case "simplified":
            return 2 / (2 * p["L0"] + 3 * p["L1"] * u)
        case "logarithmic":
            return math.log((p["L0"] + 2 * p["L1"] * u) / (p["L0"] + p["L1"] * u)) / (p["L1"] * u)
    raise AssertionError(f"no scalar formula for {key}")


def scalar_step(method, x, m, g, p):
    """(x', m') of one run by loops over coordinates."""

    def h(v):
        u = math.sqrt(sum(c * c for c in v))
        return [0.0 if u == 0 else scalar_factor(method.rule.key, u, p) * c for c in v]

    beta, nu = p.get("beta", 0.0), p.get("nu", method.nu)
    buffer = [beta * a + (1 - beta) * b for a, b in zip(m, g, strict=True)] if method.momentum else m
    moves = zip(x, h(buffer), h(g), strict=True)
    return [a - nu * b - (1 - nu) * c for a, b, c in moves], buffer


def random_parameters(names, batch, rng):
    unit = {"beta", "nu"}
    return {n: rng.uniform(0, 0.99, batch) if n in unit else 10 ** rng.uniform(-2, 1, batch) for n in names}


@pytest.mark.parametrize("dimension", [1, 3])
@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_step_equals_the_scalar_formula(method, dimension):
    rng = np.random.default_rng(RNG_SEED)
    x, m, g = rng.normal(size=(3, 60, dimension)) * 10 ** rng.uniform(-2, 2, (3, 60, 1))
    g[0] = 0
    parameters = random_parameters(method.parameters, 60, rng)
    new_x, new_m = step(method, x, m, g, parameters)
    for b in range(60):
        run = {name: values[b] for name, values in parameters.items()}
        want_x, want_m = scalar_step(method, x[b].tolist(), m[b].tolist(), g[b].tolist(), run)
        np.testing.assert_allclose(new_x[b], want_x, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(new_m[b], want_m, rtol=1e-13)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_step_leaves_its_inputs_alone_and_treats_rows_independently(method):
    rng = np.random.default_rng(RNG_SEED)
    x, m, g = rng.normal(size=(3, 20, 2))
    copies = x.copy(), m.copy(), g.copy()
    parameters = random_parameters(method.parameters, 20, rng)
    together = step(method, x, m, g, parameters)
    for before, after in zip(copies, (x, m, g), strict=True):
        np.testing.assert_array_equal(before, after)
    for b in range(20):
        run = {name: values[b] for name, values in parameters.items()}
        alone = step(method, x[b : b + 1], m[b : b + 1], g[b : b + 1], run)
        for whole, part in zip(together, alone, strict=True):
            np.testing.assert_array_equal(whole[b : b + 1], part)


@pytest.mark.parametrize("dimension", [1, 2, 7])
def test_huge_threshold_is_the_plain_step_and_tiny_threshold_fixes_the_length(dimension):
    v = np.random.default_rng(RNG_SEED).normal(size=(50, dimension))
    plain = radial_step(CONSTANT, v, {"eta": 0.3})
    for huge in (1e12, math.inf):
        np.testing.assert_array_equal(radial_step(HARD, v, {"eta": 0.3, "gamma": huge}), plain)
    np.testing.assert_array_equal(radial_step(SOFT, v, {"eta": 0.3, "gamma": math.inf}), plain)
    tiny = radial_step(HARD, v, {"eta": 0.3, "gamma": 1e-9})
    np.testing.assert_allclose(norms(tiny), 1e-9, rtol=1e-14)


@pytest.mark.parametrize("dimension", [1, 4])
def test_clipping_twice_is_clipping_once(dimension):
    v = np.random.default_rng(RNG_SEED).normal(size=(200, dimension))
    once = radial_step(HARD, v, {"eta": 1.0, "gamma": 0.7})
    twice = radial_step(HARD, once, {"eta": 1.0, "gamma": 0.7})
    np.testing.assert_allclose(twice, once, rtol=1e-15)


@pytest.mark.parametrize("dimension", [1, 4])
def test_soft_and_hard_clipping_differ_by_a_factor_of_at_most_two(dimension):
    rng = np.random.default_rng(RNG_SEED)
    v = rng.normal(size=(500, dimension)) * 10 ** rng.uniform(-4, 4, (500, 1))
    hard, soft = (norms(radial_step(rule, v, {"eta": 0.5, "gamma": 0.2})) for rule in (HARD, SOFT))
    assert np.all(soft <= hard * (1 + 1e-14))
    assert np.all(hard <= 2 * soft * (1 + 1e-14))
    assert (hard / soft).max() > 1.9  # at eta ||v|| = gamma the factor 2 is attained


def test_clipping_on_the_line_is_clipping_in_the_plane():
    rng = np.random.default_rng(RNG_SEED)
    line = rng.normal(size=(100, 1)) * 10 ** rng.uniform(-3, 3, (100, 1))
    line[0] = 0
    eta = np.where(np.arange(100) % 3 == 0, math.inf, 0.4)
    plane = np.hstack([line, np.zeros_like(line)])
    parameters = {"eta": eta, "gamma": 0.3}
    on_line, in_plane = (radial_step(HARD, v, parameters) for v in (line, plane))
    np.testing.assert_allclose(on_line[:, 0], in_plane[:, 0], rtol=1e-15)


@pytest.mark.parametrize("dimension", [1, 3])
@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.key)
def test_zero_stays_zero_and_steps_vanish_or_stay_bounded_next_to_it(rule, dimension):
    v = np.zeros((5, dimension))
    v[:, 0] = [0.0, 5e-324, -1e-310, 1e-295, -1e-200]
    choices = {
        "eta": [0.5, math.inf] if "gamma" in map(str, rule.parameters) else [0.5],
        "gamma": [3.0],
        "L0": [2.0, 0.0],
        "L1": [2.0],
    }
    for which in (0, -1):
        h = radial_step(rule, v, {str(p): choices[str(p)][which] for p in rule.parameters})
        np.testing.assert_array_equal(h[0], 0.0)
        assert np.all(np.isfinite(h))
        assert np.all(h * v >= 0)
        assert norms(h).max() <= 3.0


@pytest.mark.parametrize("dimension", [1, 3])
def test_infinite_step_size_normalizes(dimension):
    v = np.random.default_rng(RNG_SEED).normal(size=(30, dimension))
    want = radial_step(NORMALIZED, v, {"gamma": 0.2})
    for rule in (HARD, SOFT):
        np.testing.assert_allclose(radial_step(rule, v, {"eta": math.inf, "gamma": 0.2}), want, rtol=1e-15)


def test_vanishing_l1_gives_the_step_one_over_l0_run_by_run():
    v = np.random.default_rng(RNG_SEED).normal(size=(6, 2))
    l1 = np.array([0.0, 1e-13, 1.0, 0.0, 1e-13, 1.0])
    for rule in RULES[4:]:
        h = radial_step(rule, v, {"L0": 4.0, "L1": l1})
        np.testing.assert_array_equal(h[l1 == 0], v[l1 == 0] / 4)
        np.testing.assert_allclose(h[l1 == 1e-13], v[l1 == 1e-13] / 4, rtol=1e-12)
        assert np.all(np.abs(h[l1 == 1]) < np.abs(v[l1 == 1]) / 4)


def test_logarithmic_step_keeps_its_digits_near_a_stationary_point():
    for c in (1e-8, 1e-12, 1e-15):
        h = radial_step(LOGARITHMIC, np.array([[c]]), {"L0": 1.0, "L1": 1.0})
        # log(1 + c/(1+c))/c = 1 - 3c/2 + O(c^2)
        assert h[0, 0] / c == pytest.approx(1 - 1.5 * c, rel=4e-16 + 3 * c * c)


def test_reciprocal_step_without_l0_is_normalized():
    v = np.random.default_rng(RNG_SEED).normal(size=(9, 3))
    got = radial_step(RECIPROCAL, v, {"L0": 0.0, "L1": 5.0})
    np.testing.assert_allclose(got, radial_step(NORMALIZED, v, {"gamma": 0.2}), rtol=1e-15)


@pytest.mark.parametrize("dimension", [1, 3])
@pytest.mark.parametrize("prefix", ["", "soft-"])
def test_corners_of_the_family_coincide_exactly(prefix, dimension):
    x, m, g = np.random.default_rng(RNG_SEED).normal(size=(3, 40, dimension))
    p = {"eta": 0.4, "gamma": 0.3}
    clipped = step(method_named(f"{prefix}clipped-gd"), x, m, g, p)[0]
    momentum = method_named(f"{prefix}momentum-clipping")
    mixed = method_named(f"{prefix}mixed-clipping")
    np.testing.assert_array_equal(step(momentum, x, m, g, p | {"beta": 0})[0], clipped)
    np.testing.assert_array_equal(step(mixed, x, m, g, p | {"beta": 0.9, "nu": 0})[0], clipped)
    both = [step(momentum, x, m, g, p | {"beta": 0.9}), step(mixed, x, m, g, p | {"beta": 0.9, "nu": 1})]
    np.testing.assert_array_equal(*(x_new for x_new, _ in both))
    np.testing.assert_array_equal(*(m_new for _, m_new in both))


def test_norms_survive_squares_that_overflow_or_underflow():
    v = np.array([[3e200, 4e200], [3.0, 4.0], [3e-200, 4e-200], [math.inf, 0.0], [0.0, 0.0], [math.inf, math.nan]])
    np.testing.assert_allclose(norms(v)[:5], [5e200, 5, 5e-200, math.inf, 0], rtol=1e-15)
    assert not np.isfinite(norms(v)[5])


def test_norms_do_not_depend_on_memory_layout_or_batch():
    v = np.random.default_rng(RNG_SEED).normal(size=(33, 19))
    whole = norms(v)
    np.testing.assert_array_equal(norms(np.asfortranarray(v)), whole)
    np.testing.assert_array_equal([norms(r[None])[0] for r in v], whole)


@pytest.mark.parametrize(
    ("key", "parameters", "message"),
    [
        ("clipped-gd", {"eta": 1}, "missing gamma"),
        ("clipped-gd", {"eta": 1, "gamma": 1, "beta": 0}, "superfluous beta"),
        ("clipped-gd", {"eta": 0, "gamma": 1}, "eta = 0 is not allowed"),
        ("clipped-gd", {"eta": math.nan, "gamma": 1}, "eta = nan is not allowed"),
        ("clipped-gd", {"eta": 1, "gamma": [1, -2]}, "gamma = -2 is not allowed"),
        ("clipped-gd", {"eta": 1, "gamma": [1, 2, 3]}, "one number or 2"),
        ("clipped-gd", {"eta": "fast", "gamma": 1}, "must be a number"),
        ("clipped-gd", {"eta": [math.inf, 1], "gamma": math.inf}, "unbounded"),
        ("gd", {"eta": math.inf}, "unbounded"),
        ("normalized-gd", {"gamma": math.inf}, "unbounded"),
        ("log-step-gd", {"L0": 0, "L1": 0}, "at least one must be positive"),
        ("log-step-gd", {"L0": 1, "L1": math.inf}, "L1 = inf is not allowed"),
        ("mixed-clipping", {"eta": 1, "gamma": 1, "beta": 1, "nu": 0.5}, "beta = 1 is not allowed"),
        ("mixed-clipping", {"eta": 1, "gamma": 1, "beta": 0, "nu": 1.5}, "nu = 1.5 is not allowed"),
    ],
)
def test_bad_parameters_are_refused_in_one_sentence(key, parameters, message):
    zero = np.zeros((2, 1))
    with pytest.raises(InputError, match=message) as refusal:
        step(method_named(key), zero, zero, zero, parameters)
    assert "\n" not in str(refusal.value)
