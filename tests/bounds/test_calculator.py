"""Counts: exact by hand, rounded the safe way, and refused with both sides."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import settings
from hypothesis import strategies as st

from bounds.applicability import NotCovered, read_parameters
from bounds.calculator import evaluate
from bounds.catalogue import theorem_named
from bounds.errors import InputError
from bounds.methods import MomentumStart
from bounds.problem import Problem
from bounds.smoothness import FIRST_ORDER, HESSIAN, LIPSCHITZ, POINTWISE, Noise
from bounds.symbols import L0, L1, eta, gamma
from bounds.theorem import Criterion

STANDARD = {"L0": 1, "L1": 10, "Delta": 5, "epsilon": "0.01"}
NOISY = {"L0": 1, "L1": 0, "Delta": 1, "epsilon": "0.1", "sigma": 1}
quick = settings(max_examples=25, deadline=None)
constants = st.fractions(min_value=Fraction(1, 10), max_value=10, max_denominator=50)
tight = st.fractions(min_value=Fraction(1, 1000), max_value=Fraction(1, 20), max_denominator=1000)


def _bound(key, parameters=None, **changes):
    start = changes.pop("momentum_start", MomentumStart.GRADIENT)
    return evaluate(theorem_named(key), Problem.of(**(STANDARD | changes)), parameters, start)


def _refusal(key, parameters=None, **changes):
    with pytest.raises(NotCovered) as caught:
        _bound(key, parameters, **changes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("key", "parameters", "changes", "by_hand"),
    [
        # Delta * 1.76 * 10.6 L0/(q eps^2); the gamma term 2.88 * 106 * 5/0.01 = 152640 is smaller.
        ("framework-deterministic", {"beta": 0}, {}, 932800),
        ("framework-deterministic", {"beta": "1/2"}, {}, 1865600),
        # eps = 1/2: 1.76 * 10.6 * 4 * 5 = 373.12 against 2.88 * 106 * 2 * 5 = 3052.8.
        ("framework-deterministic", {"beta": 0}, {"epsilon": "1/2"}, 3053),
        # 5 (2/0.0001 + (8/3) * 10/0.01) = 113333.3
        ("best-step-gd", {}, {}, 113334),
        # 2 Delta (L0 + L1 M)/eps^2 with M = 20
        ("gd-gradient-bound", {"M": 20}, {}, 20100000),
        # 2 * 1 * (0.01 + 1)/0.01^2
        ("sgd", {}, NOISY | {"noise": Noise.VARIANCE}, 20200),
        # 5/(32 * 0.0001) - 1 = 1561.5
        ("gradient-only-lower-chewi", {}, {}, 1562),
        # floor(5/(1824 * 0.0001)) + 1
        ("zero-chain-lower", {}, {}, 28),
        # floor(5 * 10^4/3.5) + 1
        ("chain-lower", {}, {"L1": 0}, 14286),
        # (5 * 10^4 + 1)/2 + 1/2 exactly, an integer: 2 L0/eps^2 * 5/2 + 1/2 = 50000.5
        ("gradient-only-lower", {}, {"L1": 0}, 50001),
        ("clipped-gd-2019", {}, {"criterion": Criterion.MIN, "smoothness": HESSIAN}, 1010000),
    ],
)
def test_counts_by_hand(key, parameters, changes, by_hand):
    assert _bound(key, parameters, **changes).iterations == by_hand


def test_a_statement_about_2_eps_is_used_at_half_the_target():
    """Printed: 3 Delta/(eta e^2) = 3 * 5 * 10.6 * 40000, at e = eps/2."""
    assert _bound("framework-deterministic-slides", {"beta": 0}).iterations == 6360000


def test_exact_integers_are_not_rounded_up():
    bound = _bound("best-step-gd", L1=0)
    assert bound.value == 100000
    assert bound.iterations == 100000


def test_a_float_means_its_decimal():
    assert _bound("best-step-gd", L1=0, epsilon=0.01).iterations == 100000
    assert _bound("best-step-gd", L1=0, epsilon=0.01).value == _bound("best-step-gd", L1=0, epsilon="1/100").value


def test_own_step_sizes_inside_the_hypotheses_are_used():
    inside = _bound("framework-deterministic", {"beta": 0, "eta": "1/20", "gamma": "1/200"})
    assert inside.iterations == 5 * 20 * 17600
    assert inside.parameter(eta) == sp.Rational(1, 20)
    assert inside.parameter(gamma) == sp.Rational(1, 200)


def test_own_step_sizes_outside_the_hypotheses_are_refused_with_both_sides():
    message = _refusal("framework-deterministic", {"beta": 0, "eta": "1/5"})
    assert "the step size is too large" in message
    assert "eta = 0.2" in message
    assert "0.0943396" in message
    message = _refusal("framework-deterministic", {"beta": 0, "gamma": 1})
    assert "the largest step is too long" in message
    assert "gamma = 1," in message


def test_the_border_of_a_hypothesis_is_allowed_exactly():
    border = Fraction(10, 106)
    assert _bound("framework-deterministic", {"beta": 0, "eta": border}).iterations == 932800
    assert "too large" in _refusal("framework-deterministic", {"beta": 0, "eta": border + Fraction(1, 10**60)})


def test_a_strict_hypothesis_excludes_its_border():
    assert "decrease" in _refusal("clipped-gd", {"eta": 2, "gamma": "1/10"}, L1=0)
    assert _bound("clipped-gd", {"eta": "1.999", "gamma": "1/10"}, L1=0).iterations > 0


def test_a_clip_threshold_is_the_largest_step_over_the_step_size():
    by_threshold = _bound("framework-deterministic", {"beta": 0, "eta": "1/20", "clip_threshold": "1/10"})
    by_length = _bound("framework-deterministic", {"beta": 0, "eta": "1/20", "gamma": "1/200"})
    assert by_threshold.iterations == by_length.iterations
    assert by_threshold.parameters["clip_threshold"] == pytest.approx(0.1, rel=1e-15)


@pytest.mark.parametrize("parameters", [{"clip_threshold": 1}, {"clip_threshold": 1, "eta": 1, "gamma": 1}])
def test_a_clip_threshold_needs_a_step_size_and_no_length(parameters):
    with pytest.raises(InputError, match="needs a step size"):
        read_parameters(parameters)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"betta": 0}, "unknown parameter 'betta'"),
        ({"beta": 1}, r"beta = 1 is not allowed"),
        ({"nu": "1.5"}, r"nu = 1.5 is not allowed"),
        ({"eta": 0}, "step-size = 0"),
        ({"eta": "nan"}, "step-size = 'nan'"),
        ({"eta": 1, "clip_threshold": 0}, "eps = 0|clip"),
    ],
)
def test_bad_parameters_are_refused(parameters, reason):
    with pytest.raises(InputError, match=reason):
        evaluate(theorem_named("framework-deterministic"), Problem.of(**STANDARD), parameters)


def test_refusals_name_the_failed_part_of_the_setting():
    assert "the problem has noise bounded by sigma" in _refusal("framework-deterministic", sigma=1)
    assert "it needs noise bounded" in _refusal("clipped-sgd", sigma=1, noise=Noise.VARIANCE)
    assert "the goal is the mean one" in _refusal("clipped-gd-min")
    assert "holds in dimension 1 only" in _refusal("normalized-gd-one-dimension", criterion=Criterion.MIN)
    assert "L1 = 10 > 0" in _refusal("sgd", sigma=1)
    assert "which was not given" in _refusal("gd-gradient-bound-2019", criterion=Criterion.MIN, smoothness=HESSIAN)
    assert "order of growth" in _refusal("lower-deterministic-order")
    assert "no largest step length after clipping to choose" in _refusal("best-step-gd", {"gamma": 1})


def test_a_momentum_buffer_started_at_zero_needs_a_theorem_that_says_so():
    zero = {"momentum_start": MomentumStart.ZERO}
    assert "must start" in _refusal("framework-deterministic", **zero) or "start at gradient" in _refusal(
        "framework-deterministic", **zero
    )
    assert _bound("framework-stochastic-zero-start", sigma=1, **zero).iterations > 0
    assert "start at zero" in _refusal("framework-stochastic-zero-start", sigma=1)
    # Without momentum there is no buffer to start.
    assert _bound("clipped-gd", **zero).iterations == _bound("clipped-gd").iterations


def test_a_stronger_theorem_serves_a_weaker_goal():
    squared = _bound("gd-gradient-bound", {"M": 20}).iterations
    assert _bound("gd-gradient-bound", {"M": 20}, criterion=Criterion.MIN).iterations == squared
    assert "mean-squared" in _refusal("best-step-gd", criterion=Criterion.MEAN_SQUARED)


def test_first_order_constants_are_converted_for_lower_bounds_and_free_for_upper_bounds():
    """A lower bound's instance is first-order smooth with (e-1) times its constants; an upper bound loses nothing."""
    upper = _bound("best-step-gd", smoothness=FIRST_ORDER)
    assert upper.application.conversion.factor == 1
    assert upper.iterations == 113334
    lower = _bound("gradient-only-lower", smoothness=FIRST_ORDER)
    assert lower.application.conversion.factor == sp.E - 1
    assert lower.application[L0] == 1 / (sp.E - 1)
    assert lower.application[L1] == 10 / (sp.E - 1)
    assert lower.iterations < _bound("gradient-only-lower").iterations


def test_an_upper_bound_stated_for_first_order_smoothness_pays_the_factor():
    import dataclasses

    stated = dataclasses.replace(theorem_named("best-step-gd"), smoothness=FIRST_ORDER)
    bound = evaluate(stated, Problem.of(**STANDARD, smoothness=POINTWISE))
    with mpmath.workdps(40):
        exact = (mpmath.e - 1) * 5 * (2 * 10**4 + mpmath.mpf(8) / 3 * 1000)
    assert bound.iterations == int(mpmath.ceil(exact))
    assert "factor 1.71828" in bound.application.conversion.note


def test_a_lipschitz_instance_lowers_every_class_at_no_price():
    for smoothness in (POINTWISE, HESSIAN, FIRST_ORDER):
        if smoothness != HESSIAN:
            assert _bound("zero-chain-lower", smoothness=smoothness).iterations == 28
    assert _bound("zero-chain-lower", L1=0, smoothness=LIPSCHITZ).iterations == 28
