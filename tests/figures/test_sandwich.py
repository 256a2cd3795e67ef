"""Lower bound <= hard instance <= worst case found <= upper bound; the headline quotient."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from bounds import InputError, theorem_named
from bounds.catalogue import THEOREMS
from bounds.smoothness import LIPSCHITZ
from figures.sandwich import CASES, Case, over_epsilon, problem_at, sandwich, sandwiches
from figures.sandwich_figure import headline_figure, quotient, sandwich_figure, sandwich_table, save_sandwiches


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.theorem)
@pytest.mark.parametrize("steepness", [0.01, 100])
def test_every_sandwich_is_ordered(case, steepness):
    row = sandwich(case, steepness, rounds=3)
    assert row.lower <= row.hard <= row.worst <= row.upper, row
    assert row.ordered
    assert row.runs >= 1


@pytest.mark.parametrize("steepness", [0.01, 1, 100])
def test_the_exact_theorem_leaves_no_gap(steepness):
    row = sandwich(CASES[0], steepness, rounds=0)
    assert row.theorem == "normalized-gd-one-dimension"
    assert row.lower == row.hard == row.worst == row.upper


def test_the_search_finds_more_than_the_hard_instance():
    row = sandwich(CASES[1], 1.0, rounds=0)
    assert row.worst > row.hard


def test_units_do_not_matter():
    one, other = (sandwich(CASES[1], 4.0, epsilon=eps, rounds=0) for eps in ("1", "1/8"))
    assert (one.lower, one.hard, one.upper) == (other.lower, other.hard, other.upper)
    assert other.epsilon == 1 / 8


def test_smaller_targets_need_more_iterations_of_every_kind():
    rows = over_epsilon(CASES[2], ("1", "0.5", "0.25"))
    for name in ("lower", "hard", "worst", "upper"):
        counts = [getattr(r, name) for r in rows]
        assert counts == sorted(set(counts)), name
    assert all(r.ordered for r in rows)


def test_a_bound_that_is_too_small_is_seen():
    row = sandwich(CASES[1], 1.0, rounds=0)
    lie = type(row)(**{n: getattr(row, n) for n in row.__slots__} | {"upper": row.worst - 1, "broken": True})
    assert not lie.ordered


def test_smooth_theorems_have_one_problem_with_L1_zero():
    (case,) = [c for c in CASES if theorem_named(c.theorem).smoothness == LIPSCHITZ]
    rows = sandwiches(case, steepnesses=(0.1, 10), rounds=0)
    assert [r.steepness for r in rows] == [0.0]
    assert problem_at(10, 20, case=case).L1 == 0


def test_a_method_without_a_lower_bound_is_refused(monkeypatch):
    import figures.sandwich as module

    monkeypatch.setattr(module, "THEOREMS", tuple(t for t in THEOREMS if t.kind.value == "upper"))
    with pytest.raises(InputError, match="no lower bound"):
        sandwich(Case(theorem="best-step-gd", method="log-step-gd"), 1.0)


def test_the_headline_quotient_is_the_closed_form_between_two_and_sixteen_thirds():
    steepness = np.geomspace(1e-3, 1e4, 30)
    found = quotient(theorem_named("best-step-gd"))(steepness)
    log = np.array([math.log1p(s) for s in steepness])
    closed = (2 + 8 / 3 * steepness) * 2 * (steepness - log) / steepness**2
    assert found == pytest.approx(closed, rel=1e-6)
    assert (found >= 2).all()
    assert (found <= 16 / 3).all()
    assert (np.diff(found) > 0).all()
    better = quotient(theorem_named("normalized-gd"))(steepness)
    assert (better <= found * (1 + 1e-12)).all()
    assert better[-1] == pytest.approx(2 / (2 * math.log(2) - 1), rel=1e-3)


def test_figures_and_tables_show_every_row(tmp_path):
    rows = sandwiches(CASES[1], steepnesses=(0.1, 10), rounds=0)
    axes = sandwich_figure(rows).axes[0]
    assert "dimensionless" in axes.get_xlabel()
    assert "dimensionless" in axes.get_ylabel()
    assert [len(line.get_xdata()) for line in axes.lines] == [2] * 4
    assert "F/X" in sandwich_figure(rows, "epsilon").axes[0].get_xlabel()
    assert len(sandwich_table(rows)) == 2
    save_sandwiches(rows, tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert [int(r["upper"]) for r in read] == [r.upper for r in rows]
    assert float(read[0]["upper_over_lower"]) == pytest.approx(rows[0].gap)
    assert len(headline_figure(10).axes[0].lines) >= 4
