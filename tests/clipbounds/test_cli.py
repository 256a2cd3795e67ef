"""The command line as a user meets it: a fresh process, its streams and its exit code."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def call(*arguments, timeout=120):
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "clipbounds", *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


CONSTANTS = ("--L0", "1", "--L1", "10", "--delta", "5", "--eps", "1e-2")


def test_bound_json_is_one_object_with_the_promised_shape():
    result = call("bound", *CONSTANTS, "--M", "50", "--json")
    assert result.returncode == 0
    assert result.stderr == ""
    answer = json.loads(result.stdout)
    assert set(answer) >= {"problem", "upper", "lower", "refused", "gap"}
    counts = [b["iterations"] for b in answer["upper"]]
    assert counts == sorted(counts)
    assert all(isinstance(c, int) for c in counts)
    assert set(answer["upper"][0]) >= {
        "key",
        "method",
        "iterations",
        "criterion",
        "parameters",
        "smoothness",
        "provenance",
        "source",
    }
    clipped = next(b for b in answer["upper"] if b["key"] == "clipped-gd")
    assert set(clipped["parameters"]) >= {"step_size", "clip_threshold"}
    assert all(r["reason"] for r in answer["refused"])
    assert answer["gap"] >= 1


def test_bound_text_names_the_best_theorem_the_gap_and_the_refusals():
    text = call("bound", *CONSTANTS, "--sigma", "1", "--beta", "0.9", "--nu", "0.7").stdout
    for words in ("Upper bounds", "Lower bounds", "Gap", "Not applicable", "clip_grad_norm_", "proved here"):
        assert words in text


def test_bound_answers_about_function_values_of_convex_functions():
    result = call(
        "bound",
        "--L0",
        "1",
        "--L1",
        "1",
        "--delta",
        "5",
        "--eps",
        "0.01",
        "--R",
        "3",
        "--convex",
        "--criterion",
        "value",
        "--json",
    )
    answer = json.loads(result.stdout)
    assert answer["problem"]["convex"] is True
    assert "reciprocal-gd-convex" in {b["key"] for b in answer["upper"]}
    assert {b["key"] for b in answer["lower"]} == {"convex-lower"}
    assert answer["gap"] >= 1


def test_bound_names_every_conversion():
    result = call("bound", *CONSTANTS, "--sigma", "1", "--failure", "0.1", "--first", "1", "--json")
    notes = [b["conversion"] for b in json.loads(result.stdout)["upper"]]
    assert notes
    assert all("by Markov" in n for n in notes)
    assert any("used for t = 1..T" in n for n in notes)


def test_bound_latex():
    text = call("bound", *CONSTANTS, "--theorem", "framework-deterministic", "--latex").stdout
    assert r"\begin{equation*}" in text
    assert r"\varepsilon" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bound", "--L0", "-1", "--L1", "1", "--delta", "1", "--eps", "1"), "L0 = -1"),
        (("bound", "--L0", "0", "--L1", "0", "--delta", "1", "--eps", "1"), "at least one"),
        (("bound", "--L0", "nan", "--L1", "1", "--delta", "1", "--eps", "1"), "nan"),
        (("bound", "--L0", "inf", "--L1", "1", "--delta", "1", "--eps", "1"), "inf"),
        (("bound", "--L0", "one", "--L1", "1", "--delta", "1", "--eps", "1"), "'one'"),
        (("bound", "--L0", "1", "--L1", "1", "--delta", "0", "--eps", "1"), "delta = 0"),
        (("bound", "--L0", "1", "--L1", "1", "--delta", "1", "--eps", "1e6"), "zero steps"),
        (("bound", *CONSTANTS, "--beta", "1"), "beta = 1"),
        (("bound", *CONSTANTS, "--nu", "1.5"), "nu = 1.5"),
        (("bound", *CONSTANTS, "--theorem", "clipped-dg"), "did you mean"),
        (("bound", *CONSTANTS, "--theorem", "framework-deterministic", "--step-size", "1", "--max-step", "1"), "too"),
        (("bound", *CONSTANTS, "--clip-threshold", "1"), "needs a step size"),
        (("bound", *CONSTANTS, "--first", "2"), "first = 2"),
        (("bound", *CONSTANTS, "--failure", "0.1"), "gradients must be noisy"),
        (("bound", *CONSTANTS, "--theorem", "adam-order"), "order of growth"),
        (("bound", *CONSTANTS, "--theorem", "ogm", "--criterion", "value"), "convex"),
        (("bound", *CONSTANTS, "--smoothness", "hessan"), "did you mean hessian"),
        (("bound", "--L0", "1"), "--L1"),
        (("bound", *CONSTANTS, "--nonsense", "1"), "nonsense"),
        (("theorems", "zero-chan-lower"), "did you mean"),
        (("run", "quartc", "--method", "gd", "--eps", "0.1"), "did you mean quartic"),
        (("run", "quartic", "--method", "clippedgd", "--eps", "0.1"), "did you mean clipped-gd"),
        (("run", "quartic", "--method", "gd", "--eps", "0.1", "--step-size", "10"), "diverged"),
        (("run", "quartic", "--method", "gd", "--eps", "abc"), "'abc'"),
        (("run", "quartic", "--method", "gd", "--eps", "0.1", "--start", "1,2"), "coordinates"),
        (("run", "quartic", "--method", "gd", "--eps", "0.1", "--start", "abc"), "'abc'"),
        (("compare", "quartic", "--methods", ",", "--eps", "1"), "one or more methods"),
        (("compare", "quartic", "--methods", "gd", "--eps", "1", "--cap", "0"), "cap = 0"),
        (("run", "rosenbrock", "--method", "gd", "--eps", "0.1"), "step-size"),
        (("compare", "quartic", "--methods", "gd,nope", "--eps", "1"), "unknown method"),
        (("compare", "quartic", "--methods", "gd", "--eps", "1", "--out", "/proc/nowhere/out"), "output folder"),
        (("compare", "rosenbrock", "--methods", "gd", "--eps", "1"), "no pair"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(arguments, words, tmp_path):
    result = call(*arguments)
    assert result.returncode == 2
    assert words in result.stderr
    assert result.stdout == ""
    assert result.stderr.startswith("clipbounds: ")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


def test_run_reports_the_count_beside_the_bound():
    result = call("run", "cosh", "--method", "clipped-gd", "--eps", "0.3,0.1", "--json")
    assert result.returncode == 0
    runs = json.loads(result.stdout)["runs"]
    assert [r["status"] for r in runs] == ["converged", "converged"]
    for r in runs:
        assert r["iterations"] <= r["bound"]["iterations"]
        assert r["mean_gradient_norm"] <= r["epsilon"]


def test_compare_writes_five_files(tmp_path):
    result = call(
        "compare",
        "cosh",
        "--methods",
        "clipped-gd,mixed-clipping",
        "--beta",
        "0.5",
        "--nu",
        "0.5",
        "--eps",
        "1,0.5",
        "--cap",
        "5000",
        "--out",
        str(tmp_path / "out"),
        "--json",
    )
    assert result.returncode == 0
    answer = json.loads(result.stdout)
    assert {r["verdict"] for r in answer["rows"]} <= {"within", "censored"}
    assert sorted(p.suffix for p in (tmp_path / "out").iterdir()) == [".csv", ".nc", ".pdf", ".png", ".svg"]
    assert set(answer["rows"][0]) >= {
        "landscape",
        "method",
        "theorem",
        "epsilon",
        "measured",
        "bound",
        "lower",
        "ratio",
        "verdict",
    }


def test_stochastic_compare(tmp_path):
    result = call(
        "compare",
        "huber",
        "--methods",
        "clipped-gd",
        "--sigma",
        "1",
        "--oracle",
        "sphere",
        "--eps",
        "0.5",
        "--seeds",
        "10",
        "--cap",
        "5000",
        "--out",
        str(tmp_path),
        "--json",
    )
    assert result.returncode in (0, 2), result.stderr
    if result.returncode == 0:
        assert json.loads(result.stdout)["rows"][0]["verdict"] in ("within", "censored")
    else:
        assert "zero steps" in result.stderr


@pytest.mark.parametrize("command", ["theorems", "landscapes", "methods"])
def test_lists(command):
    as_json = json.loads(call(command, "--json").stdout)
    assert len(as_json[command]) > 10
    first = as_json[command][0]["key"]
    assert first in call(command).stdout


def test_one_theorem_in_full():
    text = call("theorems", "framework-stochastic-slides").stdout
    for words in ("requires", "provenance", "author's slides", "unit_gradient", "2010.02519"):
        assert words in text
    assert json.loads(call("theorems", "best-step-gd", "--json").stdout)["provenance"] == "PROVED_HERE"


def test_the_comparison_table_is_generated():
    table = call("theorems", "--table", "markdown").stdout
    row = next(line for line in table.splitlines() if "gd-gradient-bound-2019 " in line)
    assert "delta*L1*M/eps^2" in row
    assert "| yes | yes |" in row
    row = next(line for line in table.splitlines() if "| framework-deterministic |" in line)
    assert "| no | no |" in row


def test_help_does_not_import_the_algebra():
    code = "import sys; import clipbounds.cli; print('sympy' in sys.modules, 'matplotlib' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "False"]
    assert call("--help").returncode == 0
