"""Rounding is outward, ceilings are exact, comparisons are decided."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bounds.enclosure import (
    UndecidedError,
    ceiling_above,
    ceiling_below,
    compare,
    enclose,
    float_below,
    float_near,
)

quick = settings(max_examples=60, deadline=None)
rationals = st.builds(sp.Rational, st.integers(1, 60), st.integers(1, 60))


def _grow(children):
    """Positive expressions of moderate size."""
    return st.one_of(
        st.builds(lambda a, b: a + b, children, children),
        st.builds(lambda a, b: a * b, children, children),
        st.builds(lambda a, b: a / b, children, children),
        st.builds(sp.Max, children, children),
        st.builds(sp.Min, children, children),
        st.builds(sp.sqrt, children),
        st.builds(lambda a: sp.log(1 + a), children),
        st.builds(lambda a: sp.exp(-a / (1 + a)), children),
        st.builds(lambda a: a ** sp.Rational(-3, 2), children),
        st.builds(lambda a: a ** sp.Rational(1, 3), children),
    )


expressions = st.recursive(rationals, _grow, max_leaves=6)


def _digits(expr, dps=50):
    """An independent value: a plain walk in mpmath's point arithmetic."""
    with mpmath.workdps(dps):
        return _point(expr)


def _point(expr):
    if expr.is_Rational:
        return mpmath.mpf(int(expr.p)) / int(expr.q)
    if expr is sp.E:
        return +mpmath.e
    args = [_point(a) for a in expr.args]
    rules = {sp.Add: mpmath.fsum, sp.Mul: mpmath.fprod, sp.Max: max, sp.Min: min}
    if expr.func in rules:
        return rules[expr.func](args)
    return {sp.Pow: mpmath.power, sp.exp: mpmath.exp, sp.log: mpmath.log}[expr.func](*args)


def _exact_fraction(x):
    sign, mantissa, exponent, _ = x._mpf_
    return (-1) ** sign * mantissa * Fraction(2) ** exponent


def _ends(interval):
    return tuple(_exact_fraction(mpmath.make_mpf(end)) for end in interval._mpi_)


@quick
@given(expressions, st.sampled_from([80, 120]))
def test_an_enclosure_contains_the_value(expr, bits):
    low, high = _ends(enclose(expr, bits))
    value = _exact_fraction(_digits(expr))
    slack = value / 10**45
    assert low - slack <= value <= high + slack
    assert high - low <= value * Fraction(2) ** (20 - bits)


@pytest.mark.parametrize("bits", [80, 160, 640])
def test_enclosures_of_irrational_numbers_have_positive_width_and_shrink(bits):
    interval = enclose(sp.sqrt(2), bits)
    assert 0 < float(interval.delta.b) < 2.0 ** (3 - bits)


@quick
@given(st.fractions(min_value=-1000, max_value=1000))
def test_ceilings_of_rationals_are_exact(x):
    expr = sp.Rational(x.numerator, x.denominator)
    assert ceiling_above(expr) == ceiling_below(expr) == math.ceil(x)


@pytest.mark.parametrize("n", [1, 7, 10**40])
def test_ceilings_next_to_an_integer(n):
    tiny = sp.exp(-300)
    assert ceiling_above(sp.Integer(n)) == ceiling_below(sp.Integer(n)) == n
    assert ceiling_above(n + tiny) == ceiling_below(n + tiny) == n + 1
    assert ceiling_above(n - tiny) == ceiling_below(n - tiny) == n


def test_ceilings_of_a_hidden_integer_are_on_the_safe_side():
    """(sqrt 2 + sqrt 3)^2 - 2 sqrt 6 is 5, but no enclosure can tell."""
    hidden = (sp.sqrt(2) + sp.sqrt(3)) ** 2 - 2 * sp.sqrt(6)
    assert not hidden.is_Rational
    assert ceiling_above(hidden) in (5, 6)
    assert ceiling_below(hidden) == 5
    assert ceiling_below(hidden) <= ceiling_above(hidden)


@quick
@given(expressions)
def test_ceilings_bracket_the_value(expr):
    value = _digits(expr)
    assert ceiling_below(expr) - 1 <= value * (1 + mpmath.mpf(10) ** -40)
    assert ceiling_above(expr) >= value * (1 - mpmath.mpf(10) ** -40)
    assert 0 <= ceiling_above(expr) - ceiling_below(expr) <= 1


@quick
@given(expressions, expressions)
def test_comparison_agrees_with_digits_and_is_antisymmetric(a, b):
    left, right = _digits(a), _digits(b)
    if abs(left - right) > abs(left) * mpmath.mpf(10) ** -40:
        assert compare(a, b) == (1 if left > right else -1)
        assert compare(b, a) == -compare(a, b)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sp.Rational(1, 3), sp.Rational(2, 6)),
        (sp.sqrt(8), 2 * sp.sqrt(2)),
        ((sp.sqrt(2) + sp.sqrt(3)) ** 2, 5 + 2 * sp.sqrt(6)),
        (sp.log(4), 2 * sp.log(2)),
        (sp.exp(sp.log(3) + 1), 3 * sp.E),
        (sp.oo, sp.oo),
    ],
)
def test_comparison_detects_equality(left, right):
    assert compare(left, right) == 0


def test_comparison_sees_tiny_differences_and_infinity():
    assert compare(sp.sqrt(2) + sp.exp(-500), sp.sqrt(2)) == 1
    assert compare(sp.Integer(10) ** 300, sp.oo) == -1
    assert compare(sp.oo, sp.E) == 1


@quick
@given(expressions)
def test_float_below_is_below_and_close(expr):
    value, low = _digits(expr), mpmath.mpf(float_below(expr))
    assert low <= value * (1 + mpmath.mpf(10) ** -40)
    assert low >= value * (1 - mpmath.mpf(2) ** -51)
    assert float_near(expr) == pytest.approx(float(value), rel=1e-15)


@pytest.mark.parametrize("bits", [1, 5, 24, 53])
@quick
@given(st.fractions(min_value=Fraction(1, 10**6), max_value=10**6))
@example(Fraction(1, 5))
@example(Fraction(11, 10))
def test_float_below_is_the_largest_with_its_bits(bits, x):
    low = Fraction(float_below(sp.Rational(x.numerator, x.denominator), bits))
    assert low <= x < low + low / 2 ** (bits - 1)
    assert low.numerator.bit_length() <= bits or low.denominator == 1


@quick
@given(st.floats(1e-300, 1e300))
def test_float_below_keeps_doubles(x):
    exact = Fraction(x)
    assert float_below(sp.Rational(exact.numerator, exact.denominator)) == x


@pytest.mark.parametrize("text", ["3e-320", "1e-400", "1e308", "1e400"])
def test_float_below_at_the_ends_of_the_range(text):
    low = float_below(sp.Rational(Fraction(text).numerator, Fraction(text).denominator))
    assert math.isfinite(low)
    assert 0 <= Fraction(low) <= Fraction(text)


def test_display_of_huge_numbers():
    assert float_near(sp.oo) == float_below(sp.oo) == math.inf
    assert float_near(sp.Integer(10) ** 400) == math.inf
    assert float_near(-(sp.Integer(10) ** 400)) == -math.inf


def test_what_is_not_a_real_constant_is_refused():
    with pytest.raises(ValueError, match="not a real constant"):
        enclose(sp.Symbol("x") + 1, 80)
    with pytest.raises(UndecidedError):
        ceiling_above(sp.oo)
