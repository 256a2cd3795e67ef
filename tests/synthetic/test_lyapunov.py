"""The per-step Lyapunov function: exact where the run is exact, and able to say no."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.applicability import NotCovered
from bounds.errors import InputError
from bounds.methods import METHODS, MomentumStart, method_named
from synthetic.estimate import Trajectory, trajectory
from synthetic.landscapes import landscape_named, quartic
from synthetic.lyapunov import lyapunov_for
from synthetic.oracles import TWO_POINT

MIXED, MOMENTUM, CLIPPED = (method_named(k) for k in ("mixed-clipping", "momentum-clipping", "clipped-gd"))
STEPS = {"eta": 0.01, "gamma": 0.01, "beta": 0.5, "nu": 0.5}


def evaluated(key, method, parameters, *, steps, start=None, L0=None, L1=None):
    landscape = landscape_named(key)
    pair = landscape.constants
    found = lyapunov_for(method, parameters, L0=pair.L0 if L0 is None else L0, L1=pair.L1 if L1 is None else L1)
    path = trajectory(landscape, method, start or landscape.start, steps=steps, parameters=parameters)
    return found, found.along(landscape, path)


def exact_terms(found, start, steps):
    """F, buffer energy, memory and promised decrease on F = x^4 in dimension one, in rational arithmetic.

    The memory is the double sum itself: V_t = sum_{s<t} beta^(t-s) S_s and W_t = sum_{s<t} beta^(t-s) G_s S_s.
    """
    eta, gamma, beta, nu, l0, l1 = (
        Fraction(getattr(found, name)) for name in ("eta", "gamma", "beta", "nu", "l0", "l1")
    )
    q = 1 - beta
    kappa = max(eta * l0, gamma * l1) / q
    x, m, moves, slopes, terms = Fraction(start), 4 * Fraction(start) ** 3, [], [], []

    def h(v):
        return max(-gamma, min(gamma, eta * v))

    def huber(v):
        return eta * v * v / 2 if eta * abs(v) <= gamma else gamma * abs(v) - gamma**2 / (2 * eta)

    for t in range(steps + 1):
        g = 4 * x**3
        V = sum(beta ** (t - s) * moves[s] for s in range(t))
        W = sum(beta ** (t - s) * slopes[s] * moves[s] for s in range(t))
        memory = l0 * V**2 / (2 * beta) + l1 * gamma * W / q
        after = beta * m + q * g
        promised = (1 - kappa) / (1 - kappa * beta) * (nu * after * h(after) + (1 - nu) * g * h(g))
        terms.append((x**4, nu * beta / q * huber(m), kappa * q / (2 * (1 - beta * kappa)) * memory, promised))
        moves.append(nu * abs(h(after)) + (1 - nu) * abs(h(g)))
        slopes.append(abs(g))
        x, m = x - nu * h(after) - (1 - nu) * h(g), after
    return terms


@pytest.mark.parametrize("nu", [0.25, 1.0])
@pytest.mark.parametrize("beta", [0.25, 0.875])
@pytest.mark.parametrize("start", [0.25, 2.0])
def test_rational_arithmetic_agrees_and_decreases_exactly(start, beta, nu):
    """On both branches of the clipping map, against the unrolled sums."""
    landscape, steps = quartic(), 6
    size = 2.0**-6 * (1 - beta)
    parameters = {"eta": size, "gamma": 8 * size, "beta": beta, "nu": nu}
    found = lyapunov_for(MIXED, parameters, L0=16, L1=1)
    path = trajectory(landscape, MIXED, (start,), steps=steps, parameters=parameters)
    run = found.along(landscape, path)
    terms = exact_terms(found, start, steps)
    value, momentum, memory, promised = np.array(terms, dtype=float).T
    np.testing.assert_allclose(run.value, value, rtol=1e-13)
    np.testing.assert_allclose(run.momentum, momentum, rtol=1e-13)
    np.testing.assert_allclose(run.memory, memory, rtol=1e-13)
    np.testing.assert_allclose(run.promised, promised[:-1], rtol=1e-13)
    for now, later in pairwise(terms):
        assert sum(later[:3]) <= sum(now[:3]) - now[3]
    assert run.holds


@settings(max_examples=40, deadline=None)
@given(
    key=st.sampled_from(["cosh", "quartic", "exponential-bowl", "huber", "logistic"]),
    beta=st.sampled_from([0.0, 0.3, 0.9, 0.99]),
    nu=st.sampled_from([0.0, 0.4, 1.0]),
    kappa=st.floats(0.01, 0.6),
    ratio=st.floats(0.05, 1.0),
    distance=st.floats(0.01, 1.5),
)
def test_no_step_decreases_too_little(key, beta, nu, kappa, ratio, distance):
    """Any admissible steps and any start: also far away, near the minimum and with unequal step sizes."""
    landscape = landscape_named(key)
    L0, L1 = float(landscape.constants.L0), float(landscape.constants.L1)
    q = 1 - beta if nu else 1.0
    parameters = {"eta": kappa * q / L0, "gamma": ratio * kappa * q / max(L1, 1e-3 * L0), "beta": beta, "nu": nu}
    start = tuple(distance * c for c in landscape.start)
    found, run = evaluated(key, MIXED, parameters, steps=60, start=start)
    assert found.kappa >= kappa * (1 - 1e-12)
    assert run.holds, (run.worst, run.worst_step)
    assert np.all(run.total >= float(landscape.infimum) - run.tolerance.max())
    assert run.memory[0] == 0
    assert run.promised.sum() <= run.total[0] - run.total[-1] + run.tolerance.sum()


@pytest.mark.parametrize("beta", [0.0, 0.9])
def test_without_a_buffer_in_use_it_is_the_function_itself(beta):
    """nu = 0 or beta = 0: Lambda = F, and the certificate does not pay for an idle buffer."""
    plain, base = evaluated("cosh", CLIPPED, {"eta": 0.3, "gamma": 0.3}, steps=20)
    idle = {"eta": 0.3, "gamma": 0.3, "beta": beta, "nu": 0.0 if beta else 0.5}
    mixed, run = evaluated("cosh", MIXED, idle, steps=20)
    assert mixed.kappa == plain.kappa
    np.testing.assert_allclose(run.total, base.value, rtol=1e-12)
    assert not run.momentum.any()
    assert not run.memory.any()


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_limits_of_the_step_sizes(beta):
    """gamma = inf where L1 = 0, and eta = inf where L0 = 0."""
    flat = {"eta": 0.3 * (1 - beta), "gamma": float("inf"), "beta": beta}
    assert evaluated("huber", MOMENTUM, flat, steps=40)[1].holds
    landscape = landscape_named("exponential")
    assert landscape.constants.L0 == 0
    normalized = {"eta": float("inf"), "gamma": 0.3 * (1 - beta) / float(landscape.constants.L1), "beta": beta}
    assert evaluated("exponential", MOMENTUM, normalized, steps=40)[1].holds


def test_scaling_the_problem_scales_every_term():
    """F -> a F(x/b) with powers of two changes no digit."""
    base = landscape_named("cosh")
    a, b = 8, 4
    scaled = base.scaled(value=a, point=b)
    found = []
    for landscape, parameters in (
        (base, {"eta": 0.02, "gamma": 0.02, "beta": 0.9}),
        (scaled, {"eta": 0.02 * b * b / a, "gamma": 0.02 * b, "beta": 0.9}),
    ):
        pair = landscape.constants
        path = trajectory(landscape, MOMENTUM, landscape.start, steps=30, parameters=parameters)
        found.append(lyapunov_for(MOMENTUM, parameters, L0=pair.L0, L1=pair.L1).along(landscape, path))
    for name in ("total", "promised", "decrease"):
        np.testing.assert_allclose(getattr(found[1], name), a * getattr(found[0], name), rtol=1e-11)


def test_constants_that_are_too_small_are_caught():
    """The run of Proposition 1.4 under a claim (L0, L1) twenty-five times too small."""
    parameters = {"eta": 0.1, "gamma": 0.1, "beta": 0.99}
    _, run = evaluated(
        "exponential-bowl", MOMENTUM, parameters, steps=60, start=(0.374,), L0=Fraction(1, 25), L1=Fraction(1, 25)
    )
    assert not run.holds
    assert run.worst > 1e6
    assert run.excess[run.worst_step] > run.tolerance[run.worst_step]
    assert run.tightest > 1


def test_a_slightly_better_certificate_is_refuted():
    """The full D_t in place of its share is not met, nor is the certificate without the energy of the buffer."""
    found, run = evaluated("cosh", MOMENTUM, {"eta": 0.02, "gamma": 0.02, "beta": 0.9}, steps=100)
    assert run.holds
    assert 0.98 < run.tightest <= 1
    assert not dataclasses.replace(run, promised=run.promised / found.share).holds
    assert not dataclasses.replace(run, momentum=0 * run.momentum).holds


@pytest.mark.parametrize("method", [m for m in METHODS if m.rule.key != "hard"], ids=lambda m: m.key)
def test_other_step_rules_are_refused(method):
    with pytest.raises(NotCovered, match="proved for hard clipping"):
        lyapunov_for(method, {}, L0=1, L1=1)


@pytest.mark.parametrize(
    ("changes", "options", "words"),
    [
        ({}, {"oracle": TWO_POINT}, "exact gradients"),
        ({}, {"momentum_start": MomentumStart.ZERO}, "m_0 = grad F"),
        ({"eta": 0.5}, {}, "kappa = 1.0"),
        ({"gamma": 1.0}, {}, "kappa = 3.4"),
        ({"gamma": float("inf")}, {}, "kappa = inf"),
        ({"eta": float("inf")}, {}, "kappa = inf"),
    ],
)
def test_runs_without_the_certificate_are_refused(changes, options, words):
    with pytest.raises(NotCovered, match=words) as caught:
        lyapunov_for(MIXED, STEPS | changes, L0=1, L1=1, **options)
    assert "\n" not in str(caught.value)


def test_the_start_of_an_idle_buffer_is_irrelevant():
    assert lyapunov_for(MIXED, STEPS | {"nu": 0.0}, L0=1, L1=1, momentum_start=MomentumStart.ZERO).beta == 0


def test_bad_input():
    found = lyapunov_for(MIXED, STEPS, L0=1, L1=1)
    with pytest.raises(InputError, match="missing nu"):
        lyapunov_for(MIXED, {k: v for k, v in STEPS.items() if k != "nu"}, L0=1, L1=1)
    with pytest.raises(InputError, match="L0 = -1"):
        lyapunov_for(MIXED, STEPS, L0=-1, L1=1)
    one = np.ones((1, 1))
    with pytest.raises(InputError, match="1 point"):
        found.along(quartic(), Trajectory(points=one, gradients=one))
    far = np.full((2, 1), 1e200)
    with np.errstate(over="ignore"), pytest.raises(InputError, match="F = inf"):
        found.along(quartic(), Trajectory(points=far, gradients=far))
