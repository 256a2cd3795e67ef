"""Promises read off the catalogue: the same levels as the calculator, and never broken by the worst-case game."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bounds import THEOREMS, evaluate, theorem_named
from bounds.errors import InputError
from bounds.methods import Method
from bounds.problem import Problem
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import Delta, M
from bounds.theorem import Criterion, Kind
from synthetic.game import worst_case
from synthetic.promises import promise_of

FREE = ("framework-deterministic", "framework-deterministic-sharp", "soft-clipping-deterministic", "clipped-gd")
PLAYABLE = [
    t
    for t in THEOREMS
    if t.kind is Kind.UPPER
    and t.noise is Noise.EXACT
    and not (t.order_only or t.convex)
    and any(isinstance(m, Method) for m in t.methods)
    and not any(Delta in v.free_symbols for _, v in t.parameters)
    and M not in t.symbols
]
SMOOTH = [t for t in PLAYABLE if t.smoothness == LIPSCHITZ]


@pytest.mark.parametrize("key", FREE)
@pytest.mark.parametrize(("L0", "L1"), [(1, 1), ("1/8", 9)])
def test_the_promised_level_needs_exactly_the_steps(key, L0, L1):
    theorem, steps = theorem_named(key), 2500
    level = promise_of(theorem, L0=L0, L1=L1, steps=steps)(np.array([0.75]))[0]
    for factor, enough in ((1 + 1e-9, True), (1 - 1e-9, False)):
        problem = Problem.of(L0=L0, L1=L1, Delta="3/4", epsilon=level * factor)
        assert (evaluate(theorem, problem).iterations <= steps) is enough


@pytest.mark.parametrize("theorem", [t for t in PLAYABLE if t not in SMOOTH], ids=lambda t: t.key)
@pytest.mark.parametrize(("L0", "L1"), [(1, 1), ("1/4", 6)])
def test_no_landscape_breaks_a_theorem(theorem, L0, L1):
    promise = promise_of(theorem, L0=L0, L1=L1, steps=24, epsilon="1/10")
    found = worst_case(
        promise.method,
        promise.parameters,
        L0=L0,
        L1=L1,
        steps=24,
        promise=promise,
        criterion="min" if theorem.criterion is Criterion.MIN else "mean",
        first=theorem.first,
        seed=3,
        batch=96,
        rounds=30,
    )
    assert 0.05 < found.ratio <= 1
    assert found.landscape.in_class()


@pytest.mark.parametrize("theorem", SMOOTH, ids=lambda t: t.key)
def test_no_smooth_landscape_breaks_a_theorem(theorem):
    """With L1 = 0 the game is over all L-smooth functions of one variable; the exact rate is met there."""
    promise = promise_of(theorem, L0=1, L1=0, steps=6, epsilon="1/10")
    criterion = "min" if theorem.criterion is Criterion.MIN else "mean"
    settings = {"steps": 6, "promise": promise, "criterion": criterion, "seed": 3, "batch": 96, "rounds": 60}
    found = worst_case(promise.method, promise.parameters, L0=1, L1=0, **settings)
    assert (0.999 if theorem.key == "gd-exact" else 0.5) < found.ratio <= 1


def test_fixed_target_promises_that_target_or_nothing():
    promise = promise_of(theorem_named("normalized-gd"), L0=1, L1=1, steps=50, epsilon="1/10")
    levels = promise(np.geomspace(1e-4, 10, 40))
    assert set(levels.tolist()) == {0.1, math.inf}
    assert (np.diff(np.isinf(levels).astype(int)) >= 0).all()


@pytest.mark.parametrize(
    ("key", "wording"),
    [
        ("normalized-gd", "one target accuracy"),
        ("gd-gradient-bound", "depends on the gap"),
        ("gradient-only-lower", "not an upper bound"),
        ("reciprocal-gd-convex", "convex functions"),
        ("backtracking-gd", "outside the family"),
    ],
)
def test_what_cannot_be_promised_is_refused(key, wording):
    with pytest.raises(InputError, match=wording):
        promise_of(theorem_named(key), L0=1, L1=1, steps=10)


def test_foreign_method_is_refused_with_the_choices():
    with pytest.raises(InputError, match="clipped-gd"):
        promise_of(theorem_named("clipped-gd"), L0=1, L1=1, steps=10, method="soft-clipped-gd")
