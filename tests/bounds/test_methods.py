"""Methods are rows of one family."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
import sympy as sp

from bounds.dimensions import dimension_of
from bounds.errors import InputError
from bounds.methods import CATALOGUE_METHODS, METHODS, RULES, Method, StepRule, catalogue_method, method_named
from bounds.symbols import L0, L1, Delta, eta, gamma, u

RULE = {r.key: r for r in RULES}
STEP_UNITS = dimension_of(eta)


def test_keys_are_unique():
    assert len({m.key for m in METHODS}) == len(METHODS)
    assert len({r.key for r in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.key)
def test_a_radial_factor_is_a_step_size(rule):
    assert dimension_of(rule.factor) == STEP_UNITS
    assert rule.factor.free_symbols <= {u, *rule.parameters}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.key)
def test_step_lengths_grow_with_the_gradient_and_clipping_rules_stay_below_gamma(rule):
    values = {eta: sp.Rational(1, 3), gamma: sp.Rational(1, 7), L0: 2, L1: 3}
    lengths = [(rule.factor * u).xreplace(values).subs(u, sp.Integer(2) ** k) for k in range(-6, 12)]
    assert all(a <= b for a, b in itertools.pairwise(lengths))
    assert all(length <= values[gamma] for length in lengths) == rule.clips or rule.key in {"logarithmic"}


@pytest.mark.parametrize("key", ["hard", "soft"])
def test_a_huge_threshold_is_a_constant_step_and_a_huge_step_size_is_normalized(key):
    factor, huge = RULE[key].factor, sp.Integer(10) ** 40
    unclipped = factor.xreplace({u: sp.Integer(2), eta: sp.Rational(1, 3), gamma: huge})
    normalized = factor.xreplace({u: sp.Integer(2), eta: huge, gamma: sp.Integer(5)})
    assert abs(unclipped - sp.Rational(1, 3)) < sp.Rational(1, 10**30)
    assert abs(normalized - sp.Rational(5, 2)) < sp.Rational(1, 10**30)


def test_the_adaptive_rules_agree_with_1_over_L0_as_the_gradient_vanishes():
    for key in ("reciprocal", "simplified", "logarithmic"):
        factor = RULE[key].factor.xreplace({L0: sp.Integer(2), L1: sp.Integer(3)})
        assert sp.limit(factor, u, 0) == sp.Rational(1, 2)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_parameters_match_the_row(method):
    assert ("beta" in method.parameters) == method.momentum
    assert ("nu" in method.parameters) == (method.nu is None)
    assert method_named(method.key) is method


def test_bad_rows_are_refused():
    row = method_named("clipped-gd")
    with pytest.raises(ValueError, match="must be free"):
        dataclasses.replace(row, nu=2)
    with pytest.raises(ValueError, match="buffer is unused"):
        dataclasses.replace(row, momentum=True)
    with pytest.raises(ValueError, match="buffer is unused"):
        Method(key="x", name="x", rule=RULE["hard"], nu=1, momentum=False)
    with pytest.raises(ValueError, match="undeclared symbols"):
        StepRule(key="x", name="x", factor=eta * Delta / L0, parameters=(eta, L0))


def test_an_unknown_method_suggests_the_nearest():
    with pytest.raises(InputError, match=r"did you mean .*clipped-gd"):
        method_named("cliped-gd")


def test_catalogue_methods_are_named_but_not_run():
    """They appear in theorems only: no list of methods to run contains them."""
    keys = {m.key for m in CATALOGUE_METHODS}
    assert len(keys) == len(CATALOGUE_METHODS)
    assert not keys & {m.key for m in METHODS}
    for method in CATALOGUE_METHODS:
        assert catalogue_method(method.key) is method
        assert method.step
        assert not isinstance(method, Method)
        assert (method.nu, method.momentum, method.parameters) == (None, False, ())
        with pytest.raises(InputError, match="unknown method"):
            method_named(method.key)
    with pytest.raises(InputError, match="did you mean"):
        catalogue_method("polyak-dg")
