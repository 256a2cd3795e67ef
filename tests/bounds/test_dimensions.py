"""Units are inferred from the declarations, and a mixture is named."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from bounds.dimensions import DimensionError, dimension_of
from bounds.functions import best_step, descent_factor, drop, gap, growth_factor, turn_length
from bounds.quantities import DIMENSIONLESS, QUANTITIES, Dimension
from bounds.symbols import L0, L1, Delta, beta, epsilon, eta, gamma, sigma, u

GRADIENT = Dimension(Fraction(1), Fraction(-1))
LENGTH = Dimension(Fraction(0), Fraction(1))
VALUE = Dimension(Fraction(1), Fraction(0))


@pytest.mark.parametrize("q", QUANTITIES, ids=lambda q: q.name)
def test_symbols_have_their_declared_units(q):
    assert dimension_of(q.symbol) == q.dimension


@pytest.mark.parametrize(
    ("expr", "wanted"),
    [
        (L0 * Delta / epsilon**2, DIMENSIONLESS),
        (L0 + L1 * epsilon, Dimension(Fraction(1), Fraction(-2))),
        (sp.sqrt(2 * L0 * Delta) + L1 * Delta, GRADIENT),
        (sp.Max(sigma, 5 * epsilon), GRADIENT),
        (sp.Min(eta * u, gamma), LENGTH),
        (sp.exp(-L1 * gamma), DIMENSIONLESS),
        (sp.log(1 + L1 * u / L0), DIMENSIONLESS),
        (2 ** (1 - beta), DIMENSIONLESS),
        (gap(L0, L1, epsilon), VALUE),
        (turn_length(L0, L1, sigma) + best_step(L0, L1, epsilon), LENGTH),
        (drop(L0, L1, epsilon, gamma) / Delta, DIMENSIONLESS),
        (growth_factor(L1 * gamma) * descent_factor(beta), DIMENSIONLESS),
        (sp.floor(Delta * L0 / epsilon**2) + 1, DIMENSIONLESS),
        (sp.Integer(0), None),
        (sp.oo, None),
        (sp.Integer(7), DIMENSIONLESS),
    ],
)
def test_inference(expr, wanted):
    assert dimension_of(expr) == wanted


@pytest.mark.parametrize(
    ("expr", "guilty"),
    [
        (L0 + L1, "L1"),
        (1 + epsilon, "epsilon"),
        (sp.Max(eta, gamma), "other terms"),
        (sp.log(1 + epsilon / L0), "other terms"),
        (sp.exp(gamma), "expected dimensionless"),
        (2**epsilon, "expected dimensionless"),
        (sp.floor(Delta), "expected dimensionless"),
        (gap(L0, L1, Delta), "Delta has units F"),
        (descent_factor(gamma), "expected dimensionless"),
        (sp.Symbol("zeta") * L0, "undeclared symbol zeta"),
        (sp.sin(beta), "no rule"),
    ],
)
def test_a_mixture_is_named(expr, guilty):
    with pytest.raises(DimensionError, match=guilty):
        dimension_of(expr)


def test_dimensions_print_in_words():
    assert str(DIMENSIONLESS) == "dimensionless"
    assert str(VALUE) == "F"
    assert str(dimension_of(L0)) == "F X^-2"


def test_an_argument_mutation_changes_the_units():
    """The same three symbols in the wrong order do not pass, so the check reads argument positions."""
    with pytest.raises(DimensionError):
        dimension_of(turn_length(L1, L0, epsilon))
