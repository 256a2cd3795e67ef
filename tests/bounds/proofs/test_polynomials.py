"""Dictionary arithmetic agrees with sympy's, and the notation has one reading."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from bounds.proofs.polynomials import (
    expanded,
    minus,
    monomial_from,
    monomial_text,
    plus,
    polynomial_from,
    polynomial_text,
    power,
    rational_from,
    times,
)

x, y, z = sp.symbols("x y z")
leaves = st.one_of(st.sampled_from([x, y, z]), st.builds(sp.Rational, st.integers(-9, 9), st.integers(1, 9)))
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a, n: a**n, inner, st.integers(0, 3)),
    ),
    max_leaves=8,
)


def reference(expr):
    p = sp.Poly(expr, x, y, z, domain="QQ")
    return {
        tuple((v, e) for v, e in zip("xyz", m, strict=True) if e): Fraction(int(c.p), int(c.q))
        for m, c in p.terms()
        if c
    }


@settings(max_examples=80, deadline=None)
@given(a=trees, b=trees)
def test_expansion_and_arithmetic_agree_with_sympy(a, b):
    p, q = expanded(a), expanded(b)
    assert p == reference(a)
    assert plus(p, q, Fraction(2, 3)) == reference(a + sp.Rational(2, 3) * b)
    assert times(p, q) == reference(a * b)
    assert minus(p) == reference(-a)
    assert power(p, 2) == times(p, p)
    assert polynomial_from(polynomial_text(p)) == p


@pytest.mark.parametrize("expr", [1 / x, sp.sqrt(x), sp.Min(x, y), sp.I, x**y, sp.exp(x), sp.Float(0.5) * x, sp.pi])
def test_what_is_no_rational_polynomial_is_refused(expr):
    with pytest.raises(InputError, match="not a polynomial"):
        expanded(expr)


@pytest.mark.parametrize("text", ["x", "x^2*y", "1", "m:1", "m:1^3*x"])
def test_monomials_have_one_spelling(text):
    assert monomial_text(monomial_from(text)) == text


@pytest.mark.parametrize("text", ["", "x*x", "x^0", "x^-1", "2", "x+y", "x**2", " x", "x^1000", "1/x", "()", 3, None])
def test_other_texts_are_no_monomials(text):
    with pytest.raises(InputError, match="not a monomial"):
        monomial_from(text)


@pytest.mark.parametrize("text", ["", "0.5", "1e3", "1/0", "--1", "1/-2", "I", 1, None, "9" * 401])
def test_other_texts_are_no_rationals(text):
    with pytest.raises(InputError, match="not a rational"):
        rational_from(text)


@pytest.mark.parametrize("data", [[], "x", {"x": "0"}, {"x*y": "1", "y*x": "1"}, {"x": 1}])
def test_other_data_are_no_polynomials(data):
    with pytest.raises(InputError):
        polynomial_from(data)
