"""Conversions between definitions of smoothness carry their price."""

from __future__ import annotations

import itertools

import pytest
import sympy as sp

from bounds.errors import InputError
from bounds.smoothness import (
    CONVERSIONS,
    FIRST_ORDER,
    HESSIAN,
    LIPSCHITZ,
    POINTWISE,
    SMOOTHNESS_CLASSES,
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
    # Only the Hessian form asks for more than a Lipschitz gradient: two derivatives.
    assert (found is None) == (pair[1] == HESSIAN and pair[0] != HESSIAN)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p[0].key}-{p[1].key}")
def test_chains_are_no_better_than_the_best_path(pair):
    """The factor of a chain is the least product over all simple paths, enumerated here by brute force."""
    middles = [c for c in SMOOTHNESS_CLASSES if c not in pair]
    edges = {(c.source.key, c.target.key): c.factor for c in CONVERSIONS if not c.only_at_L1_zero}
    products = [sp.Integer(1)] if pair[0] == pair[1] else []
    for length in range(len(middles) + 1):
        for inner in itertools.permutations(middles, length):
            path = [c.key for c in (pair[0], *inner, pair[1])]
            steps = list(itertools.pairwise(path))
            if all(s in edges for s in steps):
                products.append(sp.prod(edges[s] for s in steps))
    found = conversion(*pair, L1_is_zero=False)
    assert (found is None) == (not products)
    assert found is None or found.factor == min(products)


def test_an_unknown_definition_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean pointwise"):
        smoothness_named("pointwize")


def test_noise_models_are_ordered():
    order = [Noise.EXACT, Noise.BOUNDED, Noise.VARIANCE]
    for i, a in enumerate(order):
        for j, b in enumerate(order):
            assert a.implies(b) == (i <= j)
    assert len({n.phrase for n in Noise}) == len(order)
