"""Array counts against the exact calculator: never on the optimistic side, for every record."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bounds.applicability import NotCovered
from bounds.calculator import evaluate
from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError, NoStepNeeded
from bounds.problem import Problem
from bounds.quantities import as_fraction
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import L0, epsilon, eta, sigma
from bounds.theorem import Kind
from bounds.vectorized import evaluate_many

COUNTED = tuple(t for t in THEOREMS if not t.order_only)
NAMES = ("L0", "L1", "Delta", "epsilon", "sigma")
MAIN = theorem_named("framework-deterministic")
quick = settings(max_examples=25, deadline=None)
anything = st.floats(min_value=1e-300, max_value=1e300)
or_zero = st.one_of(st.just(0.0), anything)


def _exact(theorem, like, values, parameters, start):
    """The exact count; 0 where no step is needed, None where not covered."""
    exact = {n: as_fraction(n, v) for n, v in values.items()}
    noise = (Noise.BOUNDED if like.noise is Noise.EXACT else like.noise) if exact.get("sigma") else Noise.EXACT
    try:
        return evaluate(theorem, dataclasses.replace(like, **exact, noise=noise), parameters, start).iterations
    except (NoStepNeeded, OverflowError):
        return 0
    except NotCovered:
        return None


def _compare(theorem, count, log10, exact):
    """The safe side always; the same number up to one and a small relative width."""
    if exact is None:
        assert np.isnan(count)
        return
    assert not np.isnan(count)
    if exact == 0:  # on the border of needing no step, a bound may speak all the same
        assert count <= 1 or theorem.kind is Kind.UPPER
        return
    if theorem.kind is Kind.UPPER:
        assert math.isinf(count) or int(count) >= exact
        assert math.isinf(count) or int(count) <= exact + 1 + exact // 10**6
        assert math.isinf(count) == (exact > int(np.finfo(float).max))
    else:
        assert int(count) <= exact
        assert int(count) >= min(exact, int(np.finfo(float).max)) - 1 - exact // 10**6
    if exact < 10**10:
        assert count == exact
    if exact > 10**6:
        assert log10 == pytest.approx(math.log10(exact), abs=1e-5)


def _case_arrays(case, size, seed):
    """Constants near the standard problem of a record, some of them zero where the problem has zeros."""
    draw = np.random.default_rng(seed)
    values = {n: float(getattr(case.problem, n)) for n in NAMES}
    return {n: v * 10 ** draw.uniform(-0.5, 0.5, size) if v else np.zeros(size) for n, v in values.items()}


@pytest.mark.parametrize("theorem", COUNTED, ids=lambda t: t.key)
def test_every_record_agrees_with_the_exact_calculator(theorem, case_of):
    case = case_of(theorem)
    arrays = _case_arrays(case, 6, len(theorem.key))
    parameters = {n: float(v) for n, v in case.parameters.items()}
    extra = {} if getattr(case.problem, "R", None) is None else {"R": float(case.problem.R)}
    found = evaluate_many(theorem, arrays | extra, parameters, case.problem, case.start)
    for k in range(6):
        values = {n: float(arrays[n][k]) for n in NAMES} | extra
        exact = _exact(theorem, case.problem, values, parameters, case.start)
        _compare(theorem, found.iterations[k], found.log10[k], exact)
    assert np.any(found.covered)


@pytest.mark.parametrize(
    "key",
    ["framework-deterministic", "normalized-gd", "gradient-only-lower", "best-step-gd", "clipped-gd", "chain-lower"],
)
@quick
@given(or_zero, anything, anything, or_zero)
@example(1e300, 1e300, 1e-300, 1e300)
@example(1e-300, 1e300, 1e-300, 0.0)
@example(0.0, 1e-300, 1e-300, 1e300)
@example(1.080009069293752e168, 1.0, 1e-300, 1e-300)
@example(3.648142089936816e170, 1.0, 1e-300, 1e-300)
@example(1e300, 1.0, 1e-300, 1e-300)
def test_no_overflow_for_constants_of_any_size(key, L0, Delta, epsilon, L1):
    theorem = theorem_named(key)
    values = {"L0": L0, "L1": L1, "Delta": Delta, "epsilon": epsilon}
    if L0 == L1 == 0:
        with pytest.raises(InputError, match="at least one"):
            evaluate_many(theorem, values)
        return
    found = evaluate_many(theorem, values)
    exact = _exact(theorem, Problem.of(L0=1, L1=1, Delta=1, epsilon=1), values, {}, theorem.momentum_start[0])
    _compare(theorem, found.iterations, found.log10, exact)


@pytest.mark.parametrize("key", ["clipped-sgd", "framework-stochastic", "soft-clipped-sgd", "normalized-sgd-momentum"])
@quick
@given(*(st.floats(min_value=1e-3, max_value=1e3) for _ in range(3)), st.floats(min_value=1e-3, max_value=1))
def test_noisy_counts_for_random_floats(key, L0, L1, sigma, epsilon):
    theorem = theorem_named(key)
    values = {"L0": L0, "L1": L1, "Delta": 7.0, "epsilon": epsilon, "sigma": sigma}
    like = Problem.of(L0=1, L1=1, Delta=1, epsilon=1, sigma=1, noise=theorem.noise)
    found = evaluate_many(theorem, values, None, like)
    exact = _exact(theorem, like, values, {}, theorem.momentum_start[0])
    _compare(theorem, found.iterations, found.log10, exact)


@quick
@given(st.floats(min_value=1e-4, max_value=1), st.floats(min_value=1e-4, max_value=1))
def test_own_step_sizes_are_checked_like_in_the_exact_calculator(eta, gamma):
    values = {"L0": 1.0, "L1": 2.0, "Delta": 5.0, "epsilon": 0.01}
    chosen = {"beta": 0.5, "eta": eta, "gamma": gamma}
    found = evaluate_many(MAIN, values, chosen)
    exact = _exact(MAIN, Problem.of(L0=1, L1=1, Delta=1, epsilon=1), values, chosen, MAIN.momentum_start[0])
    _compare(MAIN, found.iterations, found.log10, exact)


def test_the_border_of_a_hypothesis_is_decided_exactly():
    """10.6 eta = 1/2 at eta = 5/106, which no double is; its two neighbours lie on either side."""
    border = 5 / 106
    steps = np.array([np.nextafter(border, 0), np.nextafter(border, 1)])
    found = evaluate_many(MAIN, {"L0": 1, "L1": 0, "Delta": 5, "epsilon": 0.01}, {"beta": 0.5, "eta": steps})
    assert found.covered.tolist() == [True, False]
    round_step = evaluate_many(MAIN, {"L0": 100, "L1": 0, "Delta": 106, "epsilon": 0.01}, {"beta": 0, "eta": 1 / 1060})
    assert round_step.covered == (as_fraction("eta", 1 / 1060) * 1060 <= 1)


def test_arrays_broadcast_and_zeros_may_be_mixed():
    L1, epsilon = np.array([0.0, 1.0, 0.0, 10.0]), np.array([[0.1], [100.0]])
    found = evaluate_many(theorem_named("best-step-gd"), {"L0": 1, "L1": L1, "Delta": 5, "epsilon": epsilon})
    assert found.iterations.shape == (2, 4)
    for row, e in enumerate((0.1, 100.0)):
        for column, b in enumerate((0, 1, 0, 10)):
            exact = _exact(
                theorem_named("best-step-gd"),
                Problem.of(L0=1, L1=1, Delta=1, epsilon=1),
                {"L0": 1.0, "L1": float(b), "Delta": 5.0, "epsilon": e},
                {},
                MAIN.momentum_start[0],
            )
            assert found.iterations[row, column] == exact


def test_a_minimum_with_an_infinite_entry_is_finite():
    """At sigma = 0 the step Min(1/L0, eps^2/(2 L0 sigma^2)) is 1/L0."""
    record = theorem_named("sgd")
    step = sp.Min(1 / L0, epsilon**2 / (2 * L0 * sigma**2))
    made = dataclasses.replace(record, parameters=((eta, step),), requires=())
    smooth = Problem.of(L0=1, L1=0, Delta=1, epsilon=1, smoothness=LIPSCHITZ)
    values = {"L0": 2.0, "L1": 0.0, "Delta": 1.0, "epsilon": 0.1}
    found = evaluate_many(made, values, None, smooth)
    assert found.iterations == _exact(made, smooth, values, {}, MAIN.momentum_start[0]) == 400


def test_blocks_do_not_show():
    draw = np.random.default_rng(1)
    constants = {n: 10 ** draw.uniform(-1, 1, 40_000) for n in NAMES[:4]}
    whole = evaluate_many(MAIN, constants).iterations
    part = evaluate_many(MAIN, {n: v[17_000:17_500] for n, v in constants.items()}).iterations
    assert np.array_equal(whole[17_000:17_500], part, equal_nan=True)


def test_a_class_outside_the_hypotheses_gives_the_reason_once():
    found = evaluate_many(theorem_named("sgd"), {"L0": 1, "L1": np.ones(5), "Delta": 1, "epsilon": 0.1})
    assert not np.any(found.covered)
    assert len(found.reasons) == 1
    assert "L-smooth" in found.reasons[0]
    smooth = Problem.of(L0=1, L1=0, Delta=1, epsilon=1, smoothness=LIPSCHITZ)
    assert evaluate_many(theorem_named("sgd"), {"L0": 1, "L1": 0, "Delta": 1, "epsilon": 0.1}, None, smooth).covered


@pytest.mark.parametrize(
    ("constants", "reason"),
    [
        ({"L0": -1}, "L0 = -1.0 is not allowed"),
        ({"L0": np.nan}, "L0 = nan is not allowed"),
        ({"epsilon": [0.1, 0.0]}, "eps = 0.0 is not allowed"),
        ({"Delta": np.inf}, "delta = inf is not allowed"),
        ({"L7": 1}, "unknown constants"),
        ({"L0": [1, 2], "L1": [1, 2, 3]}, "do not broadcast"),
    ],
)
def test_bad_arrays_are_refused(constants, reason):
    with pytest.raises(InputError, match=reason):
        evaluate_many(MAIN, {"L0": 1, "L1": 1, "Delta": 1, "epsilon": 0.1} | constants)


def test_missing_constants_unknown_parameters_and_order_records_are_refused():
    with pytest.raises(InputError, match="missing"):
        evaluate_many(MAIN, {"L0": 1})
    with pytest.raises(InputError, match="unknown parameter 'betta'"):
        evaluate_many(MAIN, {"L0": 1, "L1": 1, "Delta": 1, "epsilon": 0.1}, {"betta": 0})
    with pytest.raises(NotCovered, match="order of growth"):
        evaluate_many(theorem_named("lower-deterministic-order"), {"L0": 1, "L1": 1, "Delta": 1, "epsilon": 0.1})
