"""The commands refute-theorem, sandwich, ladder and report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import figures.page as page_module
from bounds.errors import InputError
from clipbounds.cli import app
from figures.instances import Instance, measure
from figures.ladder import RUNGS


def _run(*words):
    return CliRunner().invoke(app, list(words))


def test_refute_theorem_writes_an_instance_that_runs_again(tmp_path):
    answer = _run(
        "refute-theorem",
        "gd-gradient-bound",
        "--drop",
        "smoothness",
        "--seconds",
        "20",
        "--out",
        str(tmp_path),
        "--json",
    )
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert found["violated"]
    (file,) = found["files"]
    instance = Instance.from_json(Path(file).read_text(encoding="utf-8"))
    assert measure(instance) == (found["ratio"], found["error"])


def test_refute_theorem_in_words():
    answer = _run("refute-theorem", "reciprocal-gd", "--seconds", "0.5", "--seed", "3")
    assert answer.exit_code == 0, answer.output
    assert "no violation found" in answer.stdout
    assert "smoothness, exact-gradients" in answer.stdout


def test_a_violation_with_all_hypotheses_is_an_error(monkeypatch):
    import dataclasses

    import clipbounds.verdict as module
    from bounds import theorem_named

    true = theorem_named("normalized-gd")
    false = dataclasses.replace(true, iterations=true.iterations / 4)
    monkeypatch.setattr(module, "theorem_named", lambda key: false)
    answer = _run("refute-theorem", "normalized-gd", "--seconds", "10")
    assert answer.exit_code == 1, answer.output
    assert "VIOLATED" in answer.stdout


def test_sandwich_writes_figures_and_tables(tmp_path):
    answer = _run("sandwich", "best-step-gd", "--quick", "--out", str(tmp_path), "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert found["ok"]
    assert all(row["lower"] <= row["hard"] <= row["worst"] <= row["upper"] for row in found["rows"])
    assert {p.suffix for p in tmp_path.iterdir()} == {".svg", ".pdf", ".png", ".csv"}


def test_ladder_as_json():
    answer = _run("ladder", "gradient-only-lower", "--seconds", "0.2", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert found["ok"]
    assert [r["key"] for r in found["theorems"][0]["rungs"]] == list(RUNGS)


def test_report_writes_page_and_markdown(tmp_path, monkeypatch):
    page = page_module.Report(title="T", day="2026-01-01", facts={"seed": "0"}, sections=())
    monkeypatch.setattr("clipbounds.verdict.build_report", lambda **_: page)
    answer = _run("report", "--out", str(tmp_path / "r.html"))
    assert answer.exit_code == 0, answer.output
    assert (tmp_path / "r.html").read_text(encoding="utf-8") == page.html()
    assert (tmp_path / "r.md").read_text(encoding="utf-8") == page.markdown()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("report", "--out", "report.pdf"), "ends in .html"),
        (("sandwich", "sgd-typo"), "unknown sandwich"),
        (("ladder", "sgd", "--all"), "excludes one theorem"),
        (("refute-theorem",), "give either"),
        (("refute-theorem", "sgd", "--table"), "give either"),
        (("refute-theorem", "chain-lower"), "not a counted upper bound"),
    ],
)
def test_bad_requests_are_refused(words, part):
    answer = _run(*words)
    assert isinstance(answer.exception, InputError)
    assert part in str(answer.exception)
