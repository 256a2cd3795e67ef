"""The picture of a worst case: its landscape, its iterates, the levels, and files from which it can be run again."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from bounds.errors import InputError
from bounds.methods import method_named
from figures.extremal_figure import extremal_figure, save_extremal, worst_case_figure
from figures.save import write_all
from synthetic.estimate import Trajectory, trajectory
from synthetic.extremal import ExtremalLandscape
from synthetic.game import FrameworkPromise, worst_case

MOMENTUM = method_named("momentum-clipping")


@pytest.fixture(scope="module")
def promise():
    return FrameworkPromise.longest_steps(L0=2, L1=1, kappa=0.1, beta=0.5, nu=1, steps=25)


@pytest.fixture(scope="module")
def found(promise):
    parameters = {"eta": promise.eta, "gamma": promise.gamma, "beta": 0.5}
    return worst_case(MOMENTUM, parameters, L0=2, L1=1, steps=25, promise=promise, seed=0, batch=8, rounds=10)


def test_iterates_lie_on_both_curves_in_order(found):
    upper, lower = worst_case_figure(found).axes[:2]
    points = np.array(found.landscape.points)
    for panel, heights in (
        (upper, found.landscape.value(points[:, None])),
        (lower, np.abs(found.landscape.slopes)),
    ):
        dots = panel.collections[0]
        np.testing.assert_array_equal(dots.get_offsets(), np.column_stack([points, heights]))
        np.testing.assert_array_equal(dots.get_array(), np.arange(len(points)))
        x, y = panel.lines[0].get_data()
        np.testing.assert_allclose(np.interp(points, x, y), heights, rtol=1e-9, atol=1e-12)


def test_the_default_iterates_are_those_of_the_method(found, promise):
    parameters = {"eta": promise.eta, "gamma": promise.gamma, "beta": 0.5}
    run = trajectory(found.landscape, MOMENTUM, found.landscape.start, steps=24, parameters=parameters)
    for one, other in zip(
        extremal_figure(found.landscape).axes[:2], extremal_figure(found.landscape, run).axes[:2], strict=True
    ):
        np.testing.assert_array_equal(one.collections[0].get_offsets(), other.collections[0].get_offsets())


def test_measured_and_promised_are_levels_with_their_ratio(found):
    figure = worst_case_figure(found)
    levels = {line.get_label(): line.get_ydata()[0] for line in figure.axes[1].lines[1:]}
    assert list(levels.values()) == [found.measured, found.promised]
    assert f"{found.ratio:.3f}" in list(levels)[1]
    assert [t.get_text() for t in figure.legends[0].get_texts()] == list(levels)
    assert figure.axes[0].get_ylabel().endswith("[F]")
    assert figure.axes[1].get_ylabel().endswith("[F/X]")
    assert figure.axes[1].get_xlabel().endswith("[X]")
    figure.draw_without_rendering()
    assert figure.legends[0].get_window_extent().y1 < figure.axes[1].get_window_extent().y0
    assert extremal_figure(found.landscape).legends == []


@pytest.mark.parametrize("slopes", [(0.5, 0.45), (-0.5, -0.45)])
def test_a_minimum_close_to_the_iterates_is_in_view(slopes):
    landscape = ExtremalLandscape(points=(0.0, -np.sign(slopes[0]) * 0.6), slopes=slopes, L0=1, L1=1)
    value = extremal_figure(landscape).axes[0].lines[0].get_ydata()
    assert value.min() == pytest.approx(0, abs=1e-6)
    assert value.argmin() not in (0, len(value) - 1)


def test_a_minimum_far_away_does_not_squeeze_the_iterates():
    landscape = ExtremalLandscape(points=(0.0, -0.01), slopes=(5.0, 5.0), L0=1, L1=1)
    x = extremal_figure(landscape).axes[0].lines[0].get_xdata()
    assert np.ptp(x) < 0.03


def test_a_single_point_has_a_picture():
    x = extremal_figure(ExtremalLandscape(points=(1.0,), slopes=(2.0,), L0=1, L1=4)).axes[0].lines[0].get_xdata()
    assert x.min() < 1 < x.max()


def test_the_saved_landscape_runs_again(found, tmp_path):
    write_all(tmp_path, save_extremal(found.landscape, "w"))
    assert {f.suffix for f in tmp_path.iterdir()} == {".csv", ".nc", ".json"}
    assert ExtremalLandscape.from_json((tmp_path / "w.json").read_text()) == found.landscape
    with (tmp_path / "w.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert tuple(float(r["slope"]) for r in rows) == found.landscape.slopes
    assert tuple(float(r["x"]) for r in rows) == found.landscape.points


def test_a_run_in_the_plane_is_refused(found):
    run = Trajectory(points=np.zeros((2, 2)), gradients=np.ones((2, 2)))
    with pytest.raises(InputError, match="dimension 2"):
        extremal_figure(found.landscape, run)
