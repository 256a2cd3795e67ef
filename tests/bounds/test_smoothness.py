"""Conversions between definitions of smoothness carry their price."""

from __future__ import annotations

import itertools

import pytest
import sympy as sp

from bounds.errors import InputError
from bounds.smoothness import (
    CONVERSIONS,
    EXPONENTIAL,
    FIRST_ORDER,
    HALF_BALL,
    HESSIAN,
    LIPSCHITZ,
    MEAN_SQUARED,
    POINTWISE,
    SMOOTHNESS_CLASSES,
    SYMMETRIC,
    TENTH_BALL,
    Noise,
    conversion,
    smoothness_named,
)

PAIRS = list(itertools.product(SMOOTHNESS_CLASSES, repeat=2))


@pytest.mark.parametrize("smoothness", SMOOTHNESS_CLASSES, ids=lambda s: s.key)
def test_a_class_implies_itself_for_free(smoothness):
    for L1_is_zero in (False, True):
        found = conversion(smoothness, smoothness, L1_is_zero=L1_is_zero)
        assert found is not None
        assert found.factor == 1
        assert found.note == ""
    assert smoothness_named(smoothness.key) is smoothness


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        (HESSIAN, POINTWISE, 1),
        (POINTWISE, FIRST_ORDER, sp.E - 1),
        (HESSIAN, FIRST_ORDER, sp.E - 1),
        (FIRST_ORDER, POINTWISE, 1),
        (POINTWISE, HALF_BALL, 2 * (sp.exp(sp.Rational(1, 2)) - 1)),
        (HESSIAN, TENTH_BALL, 10 * (sp.exp(sp.Rational(1, 10)) - 1)),
        (TENTH_BALL, FIRST_ORDER, sp.E - 1),
        (FIRST_ORDER, TENTH_BALL, 1),
        (HESSIAN, SYMMETRIC, 1),
        (EXPONENTIAL, SYMMETRIC, 1),
    ],
)
def test_factors(source, target, factor):
    found = conversion(source, target, L1_is_zero=False)
    assert found.factor == factor
    assert (found.note == "") == (factor == 1)


@pytest.mark.parametrize(
    ("source", "target"), [(POINTWISE, HESSIAN), (FIRST_ORDER, HESSIAN), (POINTWISE, LIPSCHITZ), (LIPSCHITZ, POINTWISE)]
)
def test_what_does_not_follow_is_not_converted(source, target):
    assert conversion(source, target, L1_is_zero=False) is None


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p[0].key}-{p[1].key}")
def test_at_L1_zero_conversions_are_free(pair):
    found = conversion(*pair, L1_is_zero=True)
    assert found is None or found.factor == 1
    # The Hessian form asks for two derivatives, mean-squared smoothness speaks about the oracle.
    assert (found is None) == (pair[1] in (HESSIAN, MEAN_SQUARED) and pair[0] != pair[1])


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p[0].key}-{p[1].key}")
def test_chains_are_no_better_than_the_best_path(pair):
    """The factor of a chain is the least product over all simple paths, enumerated here by brute force."""
    edges = {(c.source.key, c.target.key): c.factor for c in CONVERSIONS if not c.only_at_L1_zero}
    inner = {c.key for pair_ in edges for c in SMOOTHNESS_CLASSES if c.key in pair_} - {pair[0].key, pair[1].key}
    products = [sp.Integer(1)] if pair[0] == pair[1] else []
    for length in range(len(inner) + 1):
        for middle in itertools.permutations(sorted(inner), length):
            steps = list(itertools.pairwise((pair[0].key, *middle, pair[1].key)))
            if all(s in edges for s in steps):
                products.append(sp.prod(edges[s] for s in steps))
    found = conversion(*pair, L1_is_zero=False)
    assert (found is None) == (not products)
    assert found is None or found.factor == min(products)


def test_an_unknown_definition_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean pointwise"):
        smoothness_named("pointwize")


def test_noise_models_are_ordered():
    order = [Noise.EXACT, Noise.BOUNDED, Noise.VARIANCE, Noise.HEAVY]
    for i, a in enumerate(order):
        for j, b in enumerate(order):
            assert a.implies(b) == (i <= j)
    assert len({n.phrase for n in Noise}) == len(order)
