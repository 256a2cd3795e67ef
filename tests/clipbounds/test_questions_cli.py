"""invert, rank, recommend, regimes and the exports, from the command line."""

from __future__ import annotations

import json
import sys

import pytest
import xarray as xr

from clipbounds.cli import main

CONSTANTS = ("--L0", "1", "--L1", "2", "--delta", "3", "--eps", "0.1")


@pytest.fixture
def call(capsys, monkeypatch):
    def run(*arguments, code=0):
        monkeypatch.setattr(sys, "argv", ["clipbounds", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capsys.readouterr()
        assert stop.value.code == code, err
        return err if code else out

    return run


def test_invert_and_bound_agree(call):
    (answer,) = json.loads(
        call("invert", "--for", "eps", "--steps", "1000", *CONSTANTS[:6], "--theorem", "clipped-gd", "--json")
    )["answers"]
    eps = repr(float(answer["value"]))
    counts = json.loads(call("bound", *CONSTANTS[:6], "--eps", eps, "--theorem", "clipped-gd", "--json"))
    assert 990 <= counts["upper"][0]["iterations"] <= 1000


def test_rank_is_sorted_and_names_dominant_terms(call):
    upper = json.loads(call("rank", *CONSTANTS, "--json"))["upper"]
    counts = [row["iterations"] for row in upper]
    assert counts == sorted(counts)
    assert all(row["dominant_term"] for row in upper[:3])


def test_recommendation_scales_with_delta(call):
    answer = json.loads(call("recommend", *CONSTANTS, "--json"))
    assert answer["elasticities"]["Delta"] == pytest.approx(1, abs=0.05)


def test_regimes_writes_labelled_data(call, tmp_path):
    file = tmp_path / "map.nc"
    arguments = ("--L0", "1", "--delta", "10", "--x", "L1,0.1,10", "--y", "eps,0.01,0.5", "--points", "4")
    call("regimes", *arguments, "--out", str(file))
    with xr.open_dataset(file, engine="scipy") as data:
        assert data.sizes["L1"] == data.sizes["epsilon"] == 4


@pytest.mark.parametrize("form", ["latex", "markdown", "json", "python", "bibtex"])
def test_a_record_is_exported(call, form):
    assert "clipped" in call("theorems", "clipped-gd", "--export", form)


def test_tables(call):
    assert call("theorems", "--table", "markdown").startswith("| ")
    assert r"\begin{tabular}" in call("theorems", "--table", "latex")
    assert "@" in call("bound", *CONSTANTS, "--cite")


@pytest.mark.parametrize(
    ("arguments", "wording"),
    [
        (("invert", "--for", "step", *CONSTANTS[:6]), "target accuracy"),
        (("invert", "--for", "eps", *CONSTANTS[:6], "--theorem", "clipped-gd"), "number of iterations"),
        (("regimes", "--x", "L1,1", "--y", "eps,0.1,1"), "not an axis"),
        (("regimes", "--L0", "1", "--x", "L1,1,2", "--y", "eps,0.1,1"), "delta is missing"),
        (("theorems", "--export", "json"), "one theorem"),
        (("bound", *CONSTANTS, "--json", "--cite"), "exclude each other"),
        (("bound", *CONSTANTS, "--theorem", "lower-deterministic-order"), "order of growth"),
        (("theorems", "clipped-gd", "--table", "markdown", "--json"), "--json and --table exclude"),
        (("invert", "--for", "eps", "--steps", "1000", *CONSTANTS), "--eps cannot be given"),
        (("regimes", *CONSTANTS, "--x", "L1,1,2", "--y", "eps,0.1,1"), "both as an axis and as a constant"),
        (("prove", "vanishing-constant"), "without a certificate"),
        (("proof", "gd-textbook"), "gd-textbook has no proof here: it is recalled"),
    ],
)
def test_bad_questions_are_one_sentence(call, arguments, wording):
    message = call(*arguments, code=2)
    assert message.startswith("clipbounds: ")
    assert wording in message


def test_a_refusal_shows_the_digits_that_differ(call):
    message = call("bound", *CONSTANTS, "--eta", "0.009433963", "--theorem", "framework-deterministic", code=2)
    assert "eta = 0.009433963, " in message
    assert "= 0.00943396226" in message


def test_what_was_given_is_echoed(call):
    assert "; M = 7" in call("bound", *CONSTANTS, "--M", "7")
    assert json.loads(call("bound", *CONSTANTS, "--M", "7", "--R", "4", "--json"))["given"] == {"M": "7", "R": "4"}
    assert "t=1..T" in call("bound", *CONSTANTS, "--first", "1")
