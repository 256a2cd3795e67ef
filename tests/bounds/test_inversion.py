"""Inverse questions: every answer is checked by exact evaluation on both sides of the border."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bounds.applicability import NotCovered
from bounds.batches import smallest_batch
from bounds.border import TOLERANCE, border, float_beside
from bounds.calculator import evaluate
from bounds.catalogue import THEOREMS, theorem_named
from bounds.catalogue.writing import equal
from bounds.errors import InputError, NoStepNeeded
from bounds.inversion import largest_step, smallest_target
from bounds.problem import Problem
from bounds.quantities import quantity
from bounds.smoothness import Noise
from bounds.symbols import gamma
from bounds.theorem import Kind, Relation

COUNTED = tuple(t for t in THEOREMS if not t.order_only)
STANDARD = Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01")
NOISY = Problem.of(L0=1, L1=0, Delta=5, epsilon="0.1", sigma=10, noise=Noise.VARIANCE)
quick = settings(max_examples=20, deadline=None)
constants = st.fractions(min_value=Fraction(1, 10), max_value=10, max_denominator=50)
steps = st.integers(min_value=10**4, max_value=10**9)


def granted(case, epsilon, wanted):
    """Whether the record says about ``epsilon`` what an inverse claims."""
    try:
        count = case.evaluate(epsilon=epsilon).iterations
    except (NotCovered, NoStepNeeded):
        return False
    return count <= wanted if case.theorem.kind is Kind.UPPER else count > wanted


@pytest.mark.parametrize("theorem", COUNTED, ids=lambda t: t.key)
def test_steps_to_accuracy_and_back(theorem, case_of):
    """T -> eps -> T: within the tolerance, on the safe side, and not a hair further."""
    case = case_of(theorem)
    upper = theorem.kind is Kind.UPPER
    wanted = case.evaluate().iterations - (0 if upper else 1)
    if wanted < 1:
        pytest.fail("the standard problem of this record is too easy to invert")
    answer = smallest_target(theorem, case.problem, wanted, case.parameters, case.start)
    assert granted(case, answer.value, wanted)
    assert not granted(case, answer.beyond, wanted)
    assert abs(answer.beyond / answer.value - 1) <= TOLERANCE
    # The standard accuracy itself is granted, so the answer is at least as good.
    assert answer.value <= case.problem.epsilon * (1 + TOLERANCE) if upper else True
    assert answer.value >= case.problem.epsilon * (1 - TOLERANCE) if not upper else True
    if not theorem.iterations.has(sp.floor):
        value = Fraction(str(sp.N(answer.bound.value, 30)))
        low, high = (1 - TOLERANCE, 1) if upper else (1, 1 + TOLERANCE)
        assert wanted * low <= value <= wanted * high or not _covered(case, answer.beyond)


def _covered(case, epsilon):
    try:
        case.evaluate(epsilon=epsilon)
    except (NotCovered, NoStepNeeded):
        return False
    return True


@quick
@given(constants, constants, constants, steps)
def test_accuracy_by_closed_form(L0, L1, Delta, T):
    """T = Delta (2 L0/eps^2 + (8/3) L1/eps) is a quadratic equation in 1/eps."""
    problem = Problem.of(L0=L0, L1=L1, Delta=Delta, epsilon=1)
    answer = smallest_target(theorem_named("best-step-gd"), problem, T)
    a, b = 2 * L0 * Delta, Fraction(8, 3) * L1 * Delta
    exact = (b + sp.sqrt(b**2 + 4 * a * T)) / (2 * T)
    assert 0 <= sp.N(sp.Rational(str(answer.value)) / exact - 1, 30) <= TOLERANCE


@quick
@given(
    st.floats(min_value=1e-300, max_value=1e300),
    st.floats(min_value=1e-300, max_value=1e300),
    st.floats(min_value=1e-300, max_value=1e300),
    st.integers(min_value=5, max_value=10**18),
)
def test_accuracy_for_floats_of_any_size(L0, L1, Delta, T):
    problem = Problem.of(L0=L0, L1=L1, Delta=Delta, epsilon=1)
    theorem = theorem_named("reciprocal-gd")
    try:
        answer = smallest_target(theorem, problem, T)
    except InputError as error:
        assume("too small" not in str(error))
        raise
    assert evaluate(theorem, dataclasses.replace(problem, epsilon=answer.value)).iterations <= T


def test_the_goal_of_the_problem_does_not_matter():
    easy = dataclasses.replace(STANDARD, epsilon=Fraction(1000))
    answers = [smallest_target(theorem_named("best-step-gd"), p, 10**5).value for p in (STANDARD, easy)]
    assert answers[0] == answers[1]


def test_too_few_steps_say_how_many_are_needed():
    with pytest.raises(InputError, match=r"T = 100000 is too small .* smallest count here is 3975000"):
        smallest_target(theorem_named("framework-deterministic-slides-first"), STANDARD, 10**5)


@pytest.mark.parametrize("bad", [0, -3, "1.5", "many", float("nan")])
def test_steps_are_positive_integers(bad):
    with pytest.raises(InputError, match="T = "):
        smallest_target(theorem_named("best-step-gd"), STANDARD, bad)


def test_order_records_have_no_inverse():
    with pytest.raises(NotCovered, match="order of growth"):
        smallest_target(theorem_named("lower-deterministic-order"), STANDARD, 100)


def test_a_setting_outside_the_hypotheses_is_refused():
    with pytest.raises(NotCovered, match="L-smooth"):
        smallest_target(theorem_named("sgd"), STANDARD, 100)


@pytest.mark.parametrize("theorem", [t for t in COUNTED if t.kind is Kind.UPPER], ids=lambda t: t.key)
@pytest.mark.parametrize("name", ["eta", "gamma"])
def test_the_largest_step_is_admissible_and_a_longer_one_is_not(theorem, name, case_of):
    case = case_of(theorem)
    if name not in {str(s) for s, _ in theorem.parameters}:
        with pytest.raises(InputError, match=r"has no .* to choose"):
            largest_step(theorem, case.problem, name, None, case.parameters, case.start)
        return
    allowed = 2 * case.evaluate().iterations
    if _fixed_at_an_irrational(case, name):
        with pytest.raises(InputError, match=r"admits only one .* irrational"):
            largest_step(theorem, case.problem, name, allowed, case.parameters, case.start)
        return
    answer = largest_step(theorem, case.problem, name, allowed, case.parameters, case.start)
    if answer.value is None:
        assert case.problem.L1 == 0
        return

    def count(value):
        chosen = case.parameters | {name: value}
        return evaluate(theorem, case.problem, chosen, case.start).iterations

    assert count(answer.value) == answer.bound.iterations <= allowed
    try:
        further = count(answer.beyond)
    except NotCovered:
        further = allowed + 1
    assert further > allowed
    assert abs(answer.beyond / answer.value - 1) <= TOLERANCE


def _fixed_at_an_irrational(case, name):
    """A hypothesis demands one value of the parameter, and it is no fraction."""
    symbol = quantity(name).symbol
    demands = [r for r in case.theorem.requires if r.relation is Relation.EQUAL and symbol in (r.left, r.right)]
    return bool(demands) and not case.evaluate().parameter(symbol).is_Rational


def test_an_irrational_step_that_is_demanded_has_no_largest_fraction():
    record = theorem_named("normalized-gd")
    demanded = equal(gamma, record.parameters[0][1], "the step length is the best one")
    fixed = dataclasses.replace(record, requires=(demanded,))
    with pytest.raises(InputError, match=r"admits only one .* irrational"):
        largest_step(fixed, STANDARD, "gamma")


def test_the_cap_of_the_framework_is_found_exactly():
    theorem = theorem_named("framework-deterministic")
    assert largest_step(theorem, STANDARD, "eta", None, {"beta": 0}).value == Fraction(10, 106)
    assert largest_step(theorem, STANDARD, "gamma", None, {"beta": 0}).value == Fraction(1, 106)
    assert largest_step(theorem, STANDARD, "clip_threshold", None, {"beta": 0}).value == Fraction(1, 10)


def test_without_L1_no_step_length_is_too_long():
    problem = dataclasses.replace(STANDARD, L1=Fraction(0))
    answer = largest_step(theorem_named("framework-deterministic"), problem, "gamma")
    assert answer.value is None
    assert answer.json()["value"] is None


@pytest.mark.parametrize(
    ("key", "arguments", "reason"),
    [
        ("best-step-gd", {}, "no step size"),
        ("gradient-only-lower", {}, "lower bound"),
        ("clipped-gd", {"name": "beta"}, "step 'beta' is unknown"),
        ("normalized-gd", {"name": "clip_threshold"}, "no clip threshold"),
        ("framework-deterministic", {"steps": 10}, "T = 10 is too small .* needs 9328000"),
    ],
)
def test_steps_that_do_not_exist_are_refused(key, arguments, reason):
    with pytest.raises(InputError, match=reason):
        largest_step(theorem_named(key), STANDARD, **arguments)


@quick
@given(st.integers(min_value=1200, max_value=10**6), constants)
def test_the_batch_of_sgd_by_hand(T, sigma):
    """T = 2 Delta L0 (eps^2 + sigma^2/b)/eps^4 with 2 Delta L0/eps^2 = 1000."""
    problem = dataclasses.replace(NOISY, sigma=sigma)
    answer = smallest_batch(theorem_named("sgd"), problem, T)
    exact = 1000 * sigma**2 / (problem.epsilon**2 * (T - 1000))
    # sigma/sqrt(b) is rounded up, so an exact fit may cost one gradient more.
    assert math.ceil(exact) <= answer.value <= math.ceil(exact * (1 + Fraction(1, 10**12)))
    assert answer.bound.iterations <= T


@pytest.mark.parametrize("key", ["soft-clipped-sgd", "normalized-sgd-momentum"])
def test_one_gradient_less_is_not_enough(key):
    theorem, allowed = theorem_named(key), 10**5
    answer = smallest_batch(theorem, NOISY, allowed)
    # 1/sqrt(b) is rounded here by far less than between b and b - 1.
    smaller = Fraction(str(sp.N(10 / sp.sqrt(int(answer.value) - 1), 20)))
    assert answer.bound.iterations <= allowed
    assert evaluate(theorem, dataclasses.replace(NOISY, sigma=smaller)).iterations > allowed


@pytest.mark.parametrize(
    ("key", "problem", "steps", "reason"),
    [
        ("clipped-sgd", NOISY, 10**6, "averaging shrinks the variance only"),
        ("sgd", NOISY, 999, "even without noise it needs 1000"),
        ("gradient-only-lower", NOISY, 999, "lower bound"),
        ("soft-clipped-sgd", STANDARD, 10**9, "sigma = 0 needs no batch"),
    ],
)
def test_batches_that_cannot_help_are_refused(key, problem, steps, reason):
    with pytest.raises(InputError, match=reason):
        smallest_batch(theorem_named(key), problem, steps)


@given(st.fractions(min_value=Fraction(1, 10**9), max_value=10**9), st.booleans())
def test_a_border_is_found_with_and_without_guesses(where, misled):
    accepted = lambda x: x >= where  # noqa: E731
    wrong = lambda good, bad: bad if misled else where  # noqa: E731
    for guess in (lambda good, bad: None, wrong):
        good, bad = border(Fraction(10**10), Fraction(1, 10**10), accepted, guess)
        assert accepted(good)
        assert not accepted(bad)
        assert good / bad <= 1 + TOLERANCE


@given(st.fractions(min_value=Fraction(1, 10**30), max_value=10**30), st.booleans())
def test_a_float_answer_means_a_number_on_the_safe_side(x, above):
    decimal = Fraction(repr(float_beside(x, above=above)))
    assert decimal >= x if above else decimal <= x
    assert abs(decimal / x - 1) < Fraction(1, 10**15)
