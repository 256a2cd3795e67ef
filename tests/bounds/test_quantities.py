"""Input is read exactly or refused in one sentence."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError, NoStepNeeded, unknown_name
from bounds.quantities import QUANTITIES, Domain, as_fraction, quantity

BY_NAME = {q.name: q for q in QUANTITIES}


def _refusal(name, value):
    with pytest.raises(InputError) as caught:
        quantity(name).validate(value)
    return str(caught.value)


@pytest.mark.parametrize("q", QUANTITIES, ids=lambda q: q.name)
@pytest.mark.parametrize(
    "value",
    ["abc", "", "1/0", "1e999999999", "1" * 500, "nan", "inf", math.nan, math.inf, -math.inf, True, None, -1, "-1e-3"],
)
def test_bad_input_is_refused_in_one_sentence(q, value):
    message = _refusal(q.name, value)
    assert q.option in message
    assert "must be" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("beta", 1, "[0, 1)"),
        ("beta", "1.0", "[0, 1)"),
        ("nu", 1.5, "[0, 1]"),
        ("kappa", 0, "(0, 1)"),
        ("T", "3/2", "an integer >= 1"),
        ("T", 0, "an integer >= 1"),
        ("L0", -1, ">= 0"),
    ],
)
def test_a_refusal_says_what_is_allowed(name, value, allowed):
    message = _refusal(name, value)
    assert allowed in message
    assert str(value) in message


@pytest.mark.parametrize("q", QUANTITIES, ids=lambda q: q.name)
def test_zero_is_allowed_exactly_where_declared(q):
    if q.domain.low_open or q.domain.low > 0:
        assert "must be" in _refusal(q.name, 0)
    else:
        assert q.validate(0) == 0


@pytest.mark.parametrize("q", QUANTITIES, ids=lambda q: q.name)
def test_declarations_are_complete(q):
    assert quantity(q.name) is q
    assert all(Fraction(t) in q.domain for t in q.typical)
    assert q.symbol is quantity(q.name).symbol
    assert q.symbol.name == q.name
    assert q.meaning
    assert q.latex


def test_names_and_options_are_unique():
    assert len({q.name for q in QUANTITIES}) == len({q.option for q in QUANTITIES}) == len(QUANTITIES)


def test_a_float_is_the_decimal_that_prints_it():
    assert quantity("epsilon").validate(0.1) == quantity("epsilon").validate("0.1") == Fraction(1, 10)


@given(st.fractions(min_value=0))
def test_fractions_round_trip(x):
    assert as_fraction("x", x) == x
    assert as_fraction("x", f"{x.numerator}/{x.denominator}") == x


@given(st.integers(min_value=0, max_value=10**30))
def test_integers_round_trip(n):
    assert as_fraction("x", n) == as_fraction("x", str(n)) == n


@given(st.floats(min_value=0, allow_infinity=False, allow_nan=False))
def test_floats_round_trip(x):
    exact = as_fraction("x", x)
    assert float(exact) == x
    assert exact == as_fraction("x", repr(x))


@settings(max_examples=60)
@given(st.data())
def test_membership_agrees_with_validation(data):
    q = data.draw(st.sampled_from(QUANTITIES))
    value = data.draw(st.fractions(min_value=-2, max_value=3, max_denominator=6))
    if value in q.domain:
        assert q.validate(value) == value
    else:
        assert "must be" in _refusal(q.name, value)


def test_a_declaration_must_be_consistent():
    import dataclasses

    with pytest.raises(ValueError, match="leaves its domain"):
        dataclasses.replace(quantity("beta"), typical=(0, 2))
    with pytest.raises(ValueError, match="not an identifier"):
        dataclasses.replace(quantity("beta"), name="max step")


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        (Domain(high=1), (0, Fraction(99, 100)), (-1, 1, 2)),
        (Domain(high=1, high_open=False, low_open=True), (Fraction(1, 9), 1), (0, 2)),
        (Domain(low=1, integer=True), (1, 10**40), (0, Fraction(3, 2))),
    ],
)
def test_domains(domain, inside, outside):
    assert all(Fraction(x) in domain for x in inside)
    assert not any(Fraction(x) in domain for x in outside)


def test_unknown_names_suggest_the_nearest():
    assert "did you mean clipped-gd" in str(unknown_name("method", "cliped-gd", ["gd", "clipped-gd"]))
    assert "known: a, b" in str(unknown_name("method", "zzzzzz", ["b", "a"]))
    assert issubclass(NoStepNeeded, InputError)
