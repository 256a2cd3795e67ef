"""``clipbounds run --lyapunov``: figure and table of the certificate, or the reason why there is none."""

from __future__ import annotations

import csv
import json
import math

import pytest
from typer.testing import CliRunner

from clipbounds.cli import app
from clipbounds.descent import told

RUN = ("run", "cosh", "--method", "mixed-clipping", "--beta", "0.9", "--nu", "0.7")

HEAVY = ("--method", "momentum-clipping", "--beta", "0.5", "--step-size", "0.01", "--max-step", "0.01")


def call(*arguments):
    return CliRunner().invoke(app, arguments)


def test_figure_and_table_of_the_run(tmp_path):
    result = call(*RUN, "--eps", "20", "--lyapunov", str(tmp_path), "--json")
    assert result.exit_code == 0, result.output
    (run,) = json.loads(result.stdout)["runs"]
    report = run["lyapunov"]
    assert report["holds"] is True
    assert report["steps"] == max(1, run["iterations"] - 1)
    assert 0 < report["largest_ratio"] <= 1
    assert {f.name for f in tmp_path.iterdir()} == {f"lyapunov.{kind}" for kind in ("csv", "nc", "png", "svg", "pdf")}
    with (tmp_path / "lyapunov.csv").open() as file:
        table = list(csv.DictReader(file))
    assert len(table) == report["steps"] + 1
    total = [float(r["lyapunov"]) for r in table]
    assert total == sorted(total, reverse=True)


def test_one_figure_for_each_accuracy(tmp_path):
    steps = ("--step-size", "0.3", "--max-step", "0.3")
    result = call("run", "cosh", "--method", "clipped-gd", "--eps", "9,3", *steps, "--lyapunov", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert result.stdout.count("steps decreases by the proved amount") == 2
    assert {f.name for f in tmp_path.glob("*.png")} == {"lyapunov_eps_9.png", "lyapunov_eps_3.png"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--method", "gd"), "proved for hard clipping"),
        (("--method", "soft-clipped-gd"), "proved for hard clipping"),
        (("--method", "clipped-gd", "--sigma", "0.5"), "exact gradients"),
        (("--method", "clipped-gd", "--step-size", "0.9", "--max-step", "0.9"), "use shorter steps"),
        ((*HEAVY, "--momentum-start", "zero"), "m_0 = grad F"),
    ],
)
def test_without_a_certificate_nothing_is_written(options, words, tmp_path):
    result = call("run", "cosh", "--eps", "3", *options, "--lyapunov", str(tmp_path))
    assert result.exit_code != 0
    assert words in (result.stderr or str(result.exception))
    assert list(tmp_path.iterdir()) == []


def test_a_broken_certificate_is_told_and_fails(tmp_path, monkeypatch):
    """With constants understated behind the command's back it must say no and exit with 1."""
    from clipbounds import descent
    from synthetic.lyapunov import lyapunov_for

    def understated(method, parameters, *, L0, L1, **options):
        return lyapunov_for(method, parameters, L0=L0 / 25, L1=L1 / 25, **options)

    monkeypatch.setattr(descent, "lyapunov_for", understated)
    steps = ("--beta", "0.99", "--step-size", "0.1", "--max-step", "0.1", "--start", "0.374", "--max-iterations", "50")
    arguments = ("run", "exponential-bowl", "--method", "momentum-clipping", "--eps", "0.01", *steps)
    result = call(*arguments, "--lyapunov", str(tmp_path))
    assert result.exit_code == 1
    assert "BROKEN, at step" in result.stdout
    assert (tmp_path / "lyapunov.png").exists()


def test_a_run_below_the_rounding_tolerance_has_no_ratio():
    report = {"holds": True, "kappa": 0.5, "steps": 1, "worst_step": 0, "worst_over_tolerance": -math.inf}
    text = told(report | {"largest_ratio": None, "files": ["a.csv"]})
    assert "proved/actual" not in text
    assert "written: a.csv" in text
