"""The certificate along the comparer's own runs, and the figure of it."""

from __future__ import annotations

import csv
import dataclasses

import numpy as np
import pytest
import xarray as xr

import figures.comparer
from bounds.methods import METHODS, MomentumStart, method_named
from figures.lyapunov import lyapunov_figure, save_lyapunov
from figures.save import save_figure, write_all
from figures.verdicts import verdict_rows
from synthetic.estimate import trajectory
from synthetic.landscapes import landscape_named
from synthetic.lyapunov import lyapunov_for
from synthetic.oracles import EXACT

# The landscapes, parameters and cap of the comparer's own check that the bounds hold.
GRID = ("cosh", "quartic", "exponential-bowl", "huber", "logistic", "cosh-sum", "population-phase-retrieval")
CHOICES = {"betas": ("0", "0.9"), "nus": ("0.7",), "fractions": (0.5,), "cap": 3000}
COVERED = [m for m in METHODS if m.rule.key == "hard"]


def certified_run(key, method, parameters, steps, start=None, **constants):
    landscape, row = landscape_named(key), method_named(method)
    pair = {"L0": landscape.constants.L0, "L1": landscape.constants.L1} | constants
    path = trajectory(landscape, row, start or landscape.start, steps=steps, parameters=parameters)
    return lyapunov_for(row, parameters, **pair).along(landscape, path)


@pytest.fixture(scope="module")
def run():
    parameters = {"eta": 0.02, "gamma": 0.02, "beta": 0.9, "nu": 0.7}
    return certified_run("cosh", "mixed-clipping", parameters, 300)


@pytest.fixture(scope="module")
def broken():
    """Constants claimed twenty-five times too small."""
    parameters = {"eta": 0.1, "gamma": 0.1, "beta": 0.99}
    return certified_run("exponential-bowl", "momentum-clipping", parameters, 60, (0.374,), L0="0.04", L1="0.04")


def test_along_every_deterministic_run_of_the_comparers_grid(monkeypatch):
    """The runs are those that the comparer makes: same points, same parameters, same number of steps."""
    solve, seen = figures.comparer.solve, []

    def watched(landscape, method, start, **options):
        outcome = solve(landscape, method, start, **options)
        assert options["oracle"] is EXACT
        assert options["momentum_start"] is MomentumStart.GRADIENT
        for i, begin in enumerate(start):
            parameters = {name: column[i] for name, column in options["parameters"].items()}
            seen.append((landscape, method, begin, parameters, int(outcome.iterations[i])))
        return outcome

    monkeypatch.setattr(figures.comparer, "solve", watched)
    rows = verdict_rows(landscapes=[landscape_named(k) for k in GRID], methods=COVERED, oracles=(EXACT,), **CHOICES)
    assert len(seen) == len(rows) == len(GRID) * 5
    closest = []
    for landscape, method, start, parameters, points in seen:
        pair = landscape.constants
        certificate = lyapunov_for(method, parameters, L0=pair.L0, L1=pair.L1)
        path = trajectory(landscape, method, start, steps=max(1, points - 1), parameters=parameters)
        found = certificate.along(landscape, path)
        assert found.holds, (landscape.key, method.key, parameters, found.worst_step, found.worst)
        closest.append(found.tightest)
    # The certificate is no empty statement: on some run almost all of the decrease is promised.
    assert 0.95 < max(closest) <= 1


def test_the_figure_shows_every_step(run):
    figure = lyapunov_figure(run, infimum=0, title="cosh")
    terms, decreases, ratios = figure.axes
    total = terms.lines[0]
    np.testing.assert_array_equal(total.get_xdata(), np.arange(301))
    np.testing.assert_array_equal(total.get_ydata(), run.total)
    actual, proved = (line.get_ydata() for line in decreases.lines)
    np.testing.assert_array_equal(actual, run.decrease)
    np.testing.assert_array_equal(proved, run.promised)
    assert (proved <= actual).all()
    assert "holds at 300 steps" in ratios.get_title()
    assert (terms.get_yscale(), decreases.get_yscale(), ratios.get_yscale()) == ("log", "log", "linear")
    assert all("[" in axes.get_ylabel() for axes in figure.axes)
    assert "[dimensionless]" in ratios.get_xlabel()


def test_the_legend_names_the_terms_and_stays_off_the_axes(run):
    figure = lyapunov_figure(run, infimum=0)
    figure.draw_without_rendering()
    assert len(figure.legends[0].get_texts()) == 7
    assert figure.legends[0].get_window_extent().y1 < figure.axes[-1].get_window_extent().y0


def test_terms_that_vanish_are_left_out():
    plain = certified_run("cosh", "clipped-gd", {"eta": 0.3, "gamma": 0.3}, 1)
    figure = lyapunov_figure(plain, infimum=0)
    assert len(figure.axes[0].lines) == 2
    assert "holds at 1 step;" in figure.axes[2].get_title()


def test_steps_that_decrease_too_little_are_marked(broken):
    figure = lyapunov_figure(broken, infimum=0)
    count = int((broken.excess > broken.tolerance).sum())
    assert count > 0
    (marks,) = figure.axes[2].collections
    assert len(marks.get_offsets()) == count
    assert f"too little decrease at {count} of 60 steps" in figure.axes[2].get_title()


def test_an_increase_is_marked_at_the_top(broken):
    rising = dataclasses.replace(broken, value=np.linspace(1.0, 100.0, 61))
    (marks,) = lyapunov_figure(rising, infimum=0).axes[2].collections
    assert len(marks.get_offsets()) == 60
    assert marks.get_offsets()[:, 1].max() <= 2


def test_long_runs_are_thinned_but_keep_both_ends():
    parameters = {"eta": 0.4, "gamma": float("inf")}
    long = certified_run("huber", "clipped-gd", parameters, 60)
    repeated = dataclasses.replace(
        long,
        value=np.linspace(9.0, 1.0, 20_001),
        momentum=np.zeros(20_001),
        memory=np.zeros(20_001),
        promised=np.full(20_000, 1e-4),
        tolerance=np.full(20_000, 1e-12),
    )
    line = lyapunov_figure(repeated, infimum=0).axes[0].lines[0]
    assert len(line.get_xdata()) <= 3002
    assert (line.get_xdata()[0], line.get_xdata()[-1]) == (0, 20_000)


def test_data_and_figure_are_written_together_and_reproducibly(run, tmp_path):
    files = write_all(tmp_path, save_lyapunov(run, "l") | save_figure(lyapunov_figure(run, infimum=0), "l"))
    assert {f.suffix for f in files} == {".csv", ".nc", ".png", ".svg", ".pdf"}
    again = save_figure(lyapunov_figure(run, infimum=0), "again")
    for kind in ("png", "svg"):
        again[f"again.{kind}"](tmp_path / f"again.{kind}")
        assert (tmp_path / f"again.{kind}").read_bytes() == (tmp_path / f"l.{kind}").read_bytes()
    with (tmp_path / "l.csv").open() as file:
        table = list(csv.DictReader(file))
    assert [float(r["lyapunov"]) for r in table] == run.total.tolist()
    assert [float(r["promised"]) for r in table[:-1]] == run.promised.tolist()
    assert table[-1]["decrease"] == "nan"
    with xr.open_dataset(tmp_path / "l.nc", engine="scipy") as loaded:
        assert loaded.tolerance.attrs["units"] == "F"
        np.testing.assert_array_equal(loaded.memory.values, run.memory)
