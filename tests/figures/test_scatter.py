"""The scatter of local smoothness shows every positive sample, every line, and its data beside it."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import xarray as xr

from bounds.errors import InputError
from bounds.methods import method_named
from figures.save import save_figure, write_all
from figures.scatter import save_columns, save_samples, scatter_figure
from synthetic.estimate import Samples, along_path, fit_smoothness, trajectory
from synthetic.landscapes import quartic


@pytest.fixture(scope="module")
def samples():
    parameters = {"eta": 0.03, "gamma": 0.05}
    run = trajectory(quartic(), method_named("clipped-gd"), quartic().start, steps=60, parameters=parameters)
    return along_path(run.points, run.gradients)


@pytest.fixture(scope="module")
def fits(samples):
    return [fit_smoothness(samples.gradient_norms, samples.smoothness, quantile=q) for q in (1, "0.9")]


def test_every_sample_and_its_iteration_is_drawn(samples, fits):
    axes = scatter_figure(samples, fits).axes[0]
    dots = axes.collections[0]
    np.testing.assert_array_equal(dots.get_offsets(), np.column_stack([samples.gradient_norms, samples.smoothness]))
    np.testing.assert_array_equal(dots.get_array(), samples.iterations)
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    low, high = axes.get_ylim()
    assert low < samples.smoothness.min() <= samples.smoothness.max() < high


def test_the_envelope_runs_above_the_samples(samples, fits):
    axes = scatter_figure(samples, fits).axes[0]
    x, y = axes.lines[0].get_data()
    assert x[0] == pytest.approx(samples.gradient_norms.min())
    assert x[-1] == pytest.approx(samples.gradient_norms.max())
    np.testing.assert_allclose(y, fits[0].L0 + fits[0].L1 * x, rtol=1e-12)
    heights = np.interp(samples.gradient_norms, x, y)
    assert (samples.smoothness <= heights * (1 + 1e-9)).all()


def test_the_legend_names_every_line_and_stays_off_the_axes(samples, fits):
    figure = scatter_figure(samples, fits, stated=quartic().constants)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert [label.partition(":")[0] for label in labels] == ["envelope", "quantile 0.9", "stated"]
    assert "L_0=16" in labels[2]
    figure.draw_without_rendering()
    assert figure.legends[0].get_window_extent().y1 < figure.axes[0].get_window_extent().y0
    assert "[F/X]" in figure.axes[0].get_xlabel()
    assert "[F/X" in figure.axes[0].get_ylabel()
    assert figure.axes[1].get_ylabel() == "iteration  [dimensionless]"


def test_samples_at_zero_are_counted_not_hidden():
    numbers = np.array([0.0, 1.0, 2.0, 3.0])
    found = Samples(iterations=np.arange(4), gradient_norms=numbers, smoothness=numbers[::-1])
    axes = scatter_figure(found).axes[0]
    assert len(axes.collections[0].get_offsets()) == 2
    assert "2 samples at 0 left out" in axes.get_xlabel()
    with pytest.raises(InputError, match="nothing can be drawn"):
        scatter_figure(Samples(iterations=np.arange(4), gradient_norms=numbers, smoothness=0 * numbers))


def test_data_and_figure_are_written_together_and_reproducibly(samples, fits, tmp_path):
    files = write_all(tmp_path, save_samples(samples, "s") | save_figure(scatter_figure(samples, fits), "s"))
    assert {f.suffix for f in files} == {".csv", ".nc", ".png", ".svg", ".pdf"}
    again = save_figure(scatter_figure(samples, fits), "again")
    for kind in ("png", "svg"):
        again[f"again.{kind}"](tmp_path / f"again.{kind}")
        assert (tmp_path / f"again.{kind}").read_bytes() == (tmp_path / f"s.{kind}").read_bytes()
    with (tmp_path / "s.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(r["smoothness"]) for r in rows] == samples.smoothness.tolist()
    with xr.open_dataset(tmp_path / "s.nc", engine="scipy") as loaded:
        np.testing.assert_array_equal(loaded.gradient_norm.values, samples.gradient_norms)
        assert loaded.gradient_norm.attrs["units"] == "F/X"
        assert loaded.iteration.attrs["units"] == "dimensionless"


def test_columns_of_different_lengths_are_never_cut():
    with pytest.raises(InputError, match="'a': 2, 'b': 1"):
        save_columns({"a": [1, 2], "b": [1]}, "x", units={})
