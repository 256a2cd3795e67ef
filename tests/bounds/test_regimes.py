"""Maps of the best theorem, checked point by point against the ranking."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from bounds.calculator import rank
from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError, NoStepNeeded
from bounds.methods import METHODS
from bounds.problem import Problem
from bounds.regimes import log_grid, regimes
from bounds.theorem import Kind

PROBLEM = Problem.of(L0=1, L1=1, Delta=5, epsilon="0.01")
NOISY = Problem.of(L0=1, L1=1, Delta=5, epsilon="0.01", sigma=1)


@pytest.mark.parametrize(
    ("problem", "x", "y"),
    [
        (PROBLEM, ("L1", [0.0, 0.5, 300.0]), ("epsilon", [0.01, 0.5, 20.0])),
        (NOISY, ("sigma", [0.0, 0.05, 2.0]), ("L0", [0.1, 10.0])),
    ],
)
def test_the_map_is_the_ranking_at_every_point(problem, x, y):
    found = regimes(THEOREMS, x, y, problem)
    assert found["best"].dims == (y[0], x[0])
    general = [t for t in THEOREMS if t.kind is Kind.UPPER or len(t.methods) >= len(METHODS)]
    for row, b in enumerate(y[1]):
        for column, a in enumerate(x[1]):
            moved = {x[0]: Fraction(repr(a)), y[0]: Fraction(repr(b))}
            sigma = moved.get("sigma", problem.sigma)
            here = dataclasses.replace(problem, **moved, noise=(NOISY if sigma else PROBLEM).noise)
            best = int(found["best"][row, column])
            try:
                ranking = rank(general, here)
            except NoStepNeeded:
                assert best == -1
                continue
            counts = {u.theorem.key: pytest.approx(u.iterations, rel=1e-10) for u in ranking.upper}
            assert ranking.upper[0].iterations == counts[str(found["theorem"].values[best])]
            point = found["iterations"][:, row, column].values
            assert {str(k): n for k, n in zip(found["theorem"].values, point, strict=True) if not np.isnan(n)} == counts
            assert float(found["lower"][row, column]) == max(low.iterations for low in ranking.lower)


def test_method_parameters_can_span_the_map():
    theorems = (theorem_named("gd-gradient-bound"), theorem_named("best-step-gd"))
    found = regimes(theorems, ("M", [1e-3, 1e6]), ("L1", [1e-3, 10.0]), PROBLEM)
    assert found["best"].values.tolist()[0] == [0, 1]
    assert found.attrs["L0"] == 1
    assert found["M"].attrs["units"] == "F X^-1"


def test_order_records_take_part_but_never_win():
    order = theorem_named("clipped-sgd-2019-order")
    min_goal = dataclasses.replace(NOISY, criterion=order.criterion, smoothness=order.smoothness)
    found = regimes((order,), ("L1", [1.0, 2.0]), ("epsilon", [0.01]), min_goal)
    assert found["best"].values.tolist() == [[-1, -1]]
    assert np.all(np.isfinite(found["log10_order"].values))
    assert found["order"].values.tolist() == [order.key]


def test_a_map_survives_constants_beyond_doubles():
    found = regimes(THEOREMS, ("L1", [1e-300, 1e300]), ("epsilon", [1e-300, 1.0]), PROBLEM)
    assert np.all(found["best"].values >= 0)
    assert float(found["log10_lower"].max()) > 308


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        (("L1", [1.0]), ("L1", [1.0]), "two different constants"),
        (("L7", [1.0]), ("L1", [1.0]), "unknown constant 'L7'"),
        (("L0", [-1.0]), ("L1", [1.0]), "L0 = -1"),
    ],
)
def test_bad_grids_are_refused(x, y, reason):
    with pytest.raises(InputError, match=reason):
        regimes(THEOREMS, x, y, PROBLEM)


@pytest.mark.parametrize(("low", "high", "points"), [(0, 1, 5), (2, 1, 5), (1, 2, 1), (1, float("inf"), 5)])
def test_bad_ranges_are_refused(low, high, points):
    with pytest.raises(InputError, match=r"range|points"):
        log_grid("L1", low, high, points)


def test_a_log_grid_has_equal_ratios_and_both_ends():
    grid = log_grid("L1", 1e-3, 1e3, 7)
    assert grid[0] == 1e-3
    assert grid[-1] == 1e3
    assert grid[1:] / grid[:-1] == pytest.approx(10)
