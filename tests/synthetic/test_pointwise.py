"""Properties of rigorous derivatives at a point: they contain the values found through the whole expression."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.enclosure import UndecidedError
from synthetic import landscapes as factories
from synthetic.forms import Explicit, Form, Radial, Separable, coordinates
from synthetic.pointwise import jet_at

(X,) = coordinates(1)
PAIR = coordinates(2)
R = sp.Symbol("r", nonnegative=True)

FORMS = (
    Explicit(formula=PAIR[0] ** 3 * PAIR[1] + sp.cosh(PAIR[0] - 2 * PAIR[1]), variables=PAIR),
    Explicit(formula=sp.sin(PAIR[0]) * PAIR[1] + sp.sqrt(1 + PAIR[1] ** 2), variables=PAIR),
    Separable(profile=X**4 - sp.exp(X), variable=X, dimension=3),
    Radial(profile=R**4 + R**2, variable=R, dimension=3),
    Radial(profile=R**3, variable=R, dimension=2, matrix=((1.0, 0.5), (0.25, 2.0), (0.0, 1.0))),
    factories.anisotropic_quartic(dimension=5).form,
    factories.phase_retrieval(samples=3, dimension=3).form,
    factories.regularized_logistic(samples=3, dimension=2).form,
    factories.cosh(L0=2).scaled(value=3, point="7/2").form,
)
rationals = st.fractions(min_value=-3, max_value=3, max_denominator=50).filter(bool)


def label(form: Form) -> str:
    """A short name in the test report."""
    return f"{type(form).__name__}-{form.dimension}"


def as_sympy(value: Fraction) -> sp.Rational:
    """The same number in sympy."""
    return sp.Rational(value.numerator, value.denominator)


@pytest.mark.parametrize("form", FORMS, ids=label)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_the_derivatives_of_the_expression_are_enclosed(form: Form, data: st.DataObject) -> None:
    x, u = (tuple(data.draw(rationals) for _ in range(form.dimension)) for _ in range(2))
    jet = jet_at(form, x, u, 120)
    formula, xs = form.expression()
    at = dict(zip(xs, map(as_sympy, x), strict=True))
    t = sp.Dummy("t", real=True)
    line = formula.subs({s: at[s] + t * as_sympy(c) for s, c in zip(xs, u, strict=True)}, simultaneous=True)
    expected = [sp.diff(formula, s).subs(at) for s in xs] + [sp.diff(line, t, 2).subs(t, 0)]
    for enclosure, value in zip((*jet.gradient, jet.bend), expected, strict=True):
        slack = sp.Rational(1, 10**25) * (1 + abs(as_sympy(enclosure.high)))
        assert as_sympy(enclosure.low) - slack <= sp.N(value, 50) <= as_sympy(enclosure.high) + slack
        assert enclosure.high - enclosure.low <= Fraction(1, 10**20)


def test_polynomials_are_exact() -> None:
    x = (Fraction(1, 3), Fraction(-7, 11), Fraction(2))
    for form in (FORMS[3], Separable(profile=X**6, variable=X, dimension=3), FORMS[6]):
        assert jet_at(form, x, x, 80).exact
    assert not jet_at(FORMS[2], x, x, 80).exact


def test_more_bits_give_tighter_enclosures_inside_the_first() -> None:
    x, u = (Fraction(1), Fraction(2), Fraction(3)), (Fraction(1),) * 3
    coarse, fine = (jet_at(FORMS[2], x, u, bits).bend for bits in (60, 400))
    assert coarse.low <= fine.low < fine.high <= coarse.high
    assert fine.high - fine.low < (coarse.high - coarse.low) / 2**300


def test_the_centre_of_a_radial_function() -> None:
    zero, u = (Fraction(0),) * 3, (Fraction(1), Fraction(2), Fraction(0))
    jet = jet_at(FORMS[3], zero, u, 80)
    assert all(g.low == g.high == 0 for g in jet.gradient)
    assert jet.bend.low == jet.bend.high == 2 * 5


@pytest.mark.parametrize(
    ("formula", "at"),
    [
        (sp.Piecewise((X**2, X < 1), (2 * X - 1, True)), 1),
        (sp.Abs(X - 2) * (X - 2), 2),
        (sp.Max(X, 0) ** 2, 0),
        (sp.log(X), 0),
        (sp.sqrt(X) * X, -1),
        (sp.Function("mystery")(X), 1),
    ],
    ids=str,
)
def test_kinks_and_undefined_points_are_refused(formula: object, at: int) -> None:
    with pytest.raises(UndecidedError):
        jet_at(Explicit(formula=formula, variables=(X,)), (Fraction(at),), (Fraction(1),), 80)


def test_the_branch_beside_a_kink_is_taken() -> None:
    form = Explicit(formula=sp.Piecewise((X**2, sp.log(2) > X), (X**3, True)), variables=(X,))
    below, above = (jet_at(form, (c,), (Fraction(1),), 80).bend for c in (Fraction(69, 100), Fraction(7, 10)))
    assert below.low == 2
    assert above.low == Fraction(42, 10)
