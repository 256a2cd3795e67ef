"""Every figure of the gallery builds, names its units, hides nothing, says when it is quick, and is reproducible."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from bounds.errors import InputError
from figures.exhibit import QUICK
from figures.gallery import GALLERY, exhibit_named, gallery_markdown
from figures.growth import growth_exhibit
from figures.save import save_figure, write_all
from synthetic.certify import certify
from synthetic.double_sampling import RULES, averages
from synthetic.landscapes import anisotropic_quartic, quartic_bowl

DOCS = Path(__file__).parents[2] / "docs"
UNIT = re.compile(r"\[(dimensionless|[1FX]?/?X?(\$\^2\$)?)\](  \(\d+ samples at 0 left out\))?$")


@pytest.fixture(scope="module")
def quick():
    """Each quick figure, built once."""
    return {e.key: e.build(quick=True) for e in GALLERY}


def _check_labels(figure):
    for axes in figure.axes:
        x, y = axes.get_xlabel(), axes.get_ylabel()
        # A panel above another one may share its axis; names of theorems need no unit.
        named = any(len(tick.get_text()) > 20 for tick in axes.get_yticklabels())
        assert UNIT.search(y) or (named and not y), y
        assert UNIT.search(x) or not x, x
    assert UNIT.search(next(axes.get_xlabel() for axes in reversed(figure.axes) if axes.get_xlabel()))


def _check_layout(figure):
    figure.draw_without_rendering()
    for axes in figure.axes:
        assert axes.get_legend() is None
        title = axes.title.get_window_extent()
        assert title.x0 >= -1
        assert title.x1 <= figure.bbox.x1 + 1
    for legend in figure.legends:
        box = legend.get_window_extent()
        assert box.y1 < min(axes.get_tightbbox().y0 for axes in figure.axes)
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1


def test_keys_are_file_stems_and_differ():
    keys = [e.key for e in GALLERY]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", key) for key in keys)
    assert all(e.command == f"clipbounds figures {e.key} --out out" for e in GALLERY)
    with pytest.raises(InputError, match=r"did you mean.*zero-chain"):
        exhibit_named("zero-chains")


@pytest.mark.parametrize("exhibit", GALLERY, ids=lambda e: e.key)
def test_a_quick_figure_is_labelled_and_reproducible(exhibit, quick, tmp_path):
    figure = quick[exhibit.key].figure
    write_all(tmp_path, quick[exhibit.key].data("one") | {"one.svg": save_figure(figure, "one")["one.svg"]})
    assert figure.get_suptitle() == QUICK
    # At half the width of a page the smallest letters still have 5 points.
    assert figure.get_figwidth() <= 5.4
    _check_labels(figure)
    _check_layout(figure)
    again = exhibit.build(quick=True).figure
    save_figure(again, "two")["two.svg"](tmp_path / "two.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    with (tmp_path / "one.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 2
    assert all(len(row) == len(rows[0]) for row in rows)
    with xr.open_dataset(tmp_path / "one.nc", engine="scipy") as loaded:
        assert loaded.sizes


def test_only_quick_figures_say_that_they_are_quick():
    assert exhibit_named("plane").build().figure.get_suptitle() == ""


def test_the_page_is_current_and_its_pictures_are_small():
    text = (DOCS / "gallery.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- gallery: begin[^>]*-->\n(.*?)<!-- gallery: end -->", text, re.DOTALL)
    assert block is not None
    assert block[1].strip() == gallery_markdown().strip()
    pictures = {p.stem: p.stat().st_size for p in (DOCS / "images" / "gallery").glob("*.png")}
    assert pictures.keys() == {e.key for e in GALLERY}
    assert max(pictures.values()) < 120_000


def test_the_fixed_step_fails_on_one_member_of_the_pair_whatever_it_is(tmp_path, quick):
    write_all(tmp_path, quick["fixed-step-pair"].data("pair"))
    with xr.open_dataset(tmp_path / "pair.nc", engine="scipy") as loaded:
        share, bowl, arm = (loaded[n].to_numpy() for n in ("share_of_critical", "iterations_bowl", "iterations_arm"))
        clipped = max(loaded["clipped_bowl"].to_numpy()[0], loaded["clipped_arm"].to_numpy()[0])
    np.testing.assert_array_equal(np.isinf(bowl), share >= 1)
    assert (np.diff(arm) < 0).all()
    assert clipped < 2 * np.maximum(bowl, arm).min()


def test_dropping_one_minus_beta_breaks_the_promise_and_keeping_it_does_not(tmp_path, quick):
    write_all(tmp_path, quick["one-minus-beta"].data("beta"))
    with xr.open_dataset(tmp_path / "beta.nc", engine="scipy") as loaded:
        assert loaded["ratio_without_factor"].to_numpy()[-1] > 1
        assert (loaded["ratio_with_factor"].to_numpy() < 1).all()


def test_progress_is_at_most_one_coordinate_per_query(tmp_path, quick):
    write_all(tmp_path, quick["zero-chain"].data("chain"))
    with xr.open_dataset(tmp_path / "chain.nc", engine="scipy") as loaded:
        query, progress, slope = (loaded[n].to_numpy() for n in ("query", "progress", "gradient_norm"))
    assert (progress <= query).all()
    assert (slope[progress < progress.max()] > 0.1).all()


def test_fixed_steps_fall_behind_on_polynomials_too(tmp_path):
    write_all(tmp_path, growth_exhibit(True, family="polynomial").data("rows"))
    with (tmp_path / "rows.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {r["verdict"] for r in rows} == {"within"}
    last = {r["method"]: float(r["measured"]) for r in rows if float(r["value"]) == 64}
    assert last["gradient descent, fixed step"] > 50 * last["clipped gradient descent"]


@pytest.mark.parametrize(("L0", "L1"), [(1, 1), ("2.5", 40)])
def test_the_quartic_bowl_has_its_constants(L0, L1):
    place = quartic_bowl(L0=L0, L1=L1)
    assert certify(place, place.constants.L0, place.constants.L1).verdict == "proved"


def _run(rule, seeds=3, **options):
    place = anisotropic_quartic()
    numbers = {"L0": 4.0, "L1": 3.0, "deviation": 3.0, "sigma": 20.0, "budget": 200, "seeds": seeds}
    return averages(place, rule, **(numbers | options))


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.key)
def test_double_sampling_spends_its_budget_and_descends(rule):
    run = _run(rule)
    assert run.gap.shape == (len(run.gradients), 3)
    assert np.all(np.diff(run.gradients) == 10 * rule.samples)
    assert run.gradients[-1] < 200
    np.testing.assert_allclose(run.gap[0], anisotropic_quartic().initial_gap)
    assert np.isfinite(run.gap).all()
    # Without clipping, steps made for so small a budget are too long.
    assert ((run.gap[-1] <= run.gap[0]) | (rule.clip == "none")).all()
    np.testing.assert_array_equal(run.gap[:, :2], _run(rule, seeds=2).gap)


def test_without_noise_the_second_sample_is_the_first():
    double, single = (next(r for r in RULES if r.key == key) for key in ("standard", "single"))
    one = _run(double, deviation=0.0, every=1).gap
    other = _run(single, deviation=0.0, every=1).gap
    np.testing.assert_array_equal(one, other[: len(one)])


def test_bad_input():
    with pytest.raises(InputError, match="seeds = 0"):
        _run(RULES[0], seeds=0)
