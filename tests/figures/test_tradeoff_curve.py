"""The curve from L1 to the smallest L0: closed forms, refinement at its ends, and what is drawn."""

from __future__ import annotations

import csv
import math
from fractions import Fraction

import numpy as np
import pytest
from matplotlib.colors import to_hex

from bounds.errors import InputError
from figures.save import write_all
from figures.style import COLORS
from figures.tradeoff_curve import save_tradeoff, tradeoff_curve, tradeoff_figure
from synthetic.landscapes import landscape_named
from synthetic.minimal import minimal_L0

VALUES = ("0.2", "0.6", 2, 5)


@pytest.fixture(scope="module")
def curves():
    return [tradeoff_curve(landscape_named(k), VALUES) for k in ("quartic", "cosh", "logistic")]


def test_the_quartic_follows_its_closed_form(curves):
    assert curves[0].L1 == (0.2, 0.6, 1.0, 2.0, 5.0)
    np.testing.assert_allclose(curves[0].L0, 16 / np.array(curves[0].L1) ** 2, rtol=1e-12)


def test_curves_fall_and_end_at_infinity_and_zero(curves):
    for curve in curves:
        assert list(curve.L1) == sorted(set(curve.L1))
        assert all(a >= b for a, b in zip(curve.L0, curve.L0[1:], strict=False))
    cosh, logistic = curves[1:]
    assert {L1 < 1 for L1, L0 in zip(cosh.L1, cosh.L0, strict=True) if math.isinf(L0)} == {True}
    assert {L1 >= 1 for L1, L0 in zip(logistic.L1, logistic.L0, strict=True) if L0 == 0} == {True}


@pytest.mark.parametrize("halvings", [0, 3])
def test_the_end_of_the_valid_range_is_located_by_halving(halvings):
    curve = tradeoff_curve(landscape_named("cosh"), ("0.5", 2), halvings=halvings)
    invalid = [L1 for L1, L0 in zip(curve.L1, curve.L0, strict=True) if math.isinf(L0)]
    assert 1 - max(invalid) == 0.5 / 2**halvings


def test_stated_pairs_lie_on_or_above_the_curve(curves):
    for curve in curves:
        for stated, L1 in curve.stated:
            assert stated >= minimal_L0(landscape_named(curve.landscape), L1).low


def test_curves_and_stated_pairs_are_drawn_in_one_colour_each(curves):
    axes = tradeoff_figure(curves).axes[0]
    for k, curve in enumerate(curves):
        mine = [line for line in axes.lines if to_hex(line.get_color()).upper() == COLORS[k]]
        finite = [L1 for L1, L0 in zip(curve.L1, curve.L0, strict=True) if L1 > 0 and math.isfinite(L0)]
        assert any(len(line.get_xdata()) == len(finite) for line in mine)
        marked = [line for line in mine if line.get_marker() != "None" and len(line.get_xdata())]
        assert [len(line.get_xdata()) for line in marked] == [len(curve.stated)]
    (dotted,) = [line for line in axes.lines if line.get_linestyle() == ":"]
    assert list(dotted.get_xdata()) == [1, 1]


def test_stated_pairs_with_a_zero_lie_on_the_edge(curves):
    figure = tradeoff_figure(curves)
    axes = figure.axes[0]
    left, bottom = axes.get_xlim()[0], axes.get_ylim()[0]
    pairs = {(float(L0), float(L1)) for L0, L1 in curves[2].stated}
    assert {(1 / 16, 1 / 2), (1 / 4, 0), (0, 1)} <= pairs
    marked = next(line for line in axes.lines if line.get_marker() == "^" and len(line.get_xdata()))
    drawn = set(zip(marked.get_xdata(), marked.get_ydata(), strict=True))
    assert drawn == {(max(L1, left), max(L0, bottom)) for L0, L1 in pairs}


def test_labels_carry_units_and_the_legend_stays_off_the_axes(curves):
    figure = tradeoff_figure(curves)
    assert figure.axes[0].get_xlabel() == "$L_1$  [1/X]"
    assert "[F/X$^2$]" in figure.axes[0].get_ylabel()
    assert [t.get_text() for t in figure.legends[0].get_texts()] == [c.landscape for c in curves]
    figure.draw_without_rendering()
    assert figure.legends[0].get_window_extent().y1 < figure.axes[0].get_window_extent().y0


def test_the_table_holds_both_ends_of_every_enclosure(curves, tmp_path):
    write_all(tmp_path, save_tradeoff(curves, "t"))
    with (tmp_path / "t.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(c.minima) for c in curves)
    assert all(float(r["L0_low"]) <= float(r["L0_high"]) for r in rows)
    assert {r["landscape"] for r in rows} == {c.landscape for c in curves}
    assert {f.suffix for f in tmp_path.iterdir()} == {".csv", ".nc"}


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="at least one value"):
        tradeoff_curve(landscape_named("cosh"), ())
    with pytest.raises(InputError, match="not known exactly"):
        tradeoff_curve(landscape_named("phase-retrieval"), (1,))
    with pytest.raises(InputError, match="L1 = -1"):
        tradeoff_curve(landscape_named("cosh"), (-1,))
    for empty in ([], [tradeoff_curve(landscape_named("exponential"), (Fraction(1, 2), 2))]):
        with pytest.raises(InputError, match="nothing can be drawn"):
            tradeoff_figure(empty)
