"""certify, minimal, worst-case, and expressions in run and compare, as a user meets them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest

from clipbounds.cli import main
from synthetic.extremal import ExtremalLandscape


@dataclass(frozen=True, kw_only=True)
class Answer:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def call(capsys, monkeypatch):
    """The command line in this process, which is what makes many calls affordable."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["clipbounds", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capsys.readouterr()
        return Answer(returncode=stop.value.code, stdout=out, stderr=err)

    return run


@pytest.mark.parametrize(
    ("arguments", "verdict", "code"),
    [
        (("x**4", "--L0", "4", "--L1", "3"), "proved", 0),
        (("x**4", "--L0", "16/9", "--L1", "3"), "proved", 0),
        (("x**4", "--L0", "1.776", "--L1", "3"), "refuted", 1),
        (("exp(x) + exp(-x)", "--L0", "0", "--L1", "10"), "refuted", 1),
        (("rosenbrock", "--L0", "1000", "--L1", "10"), "refuted", 1),
        (("x**4", "--L0", "2", "--L1", "0", "--region", "-1/4,1/4"), "proved", 0),
        (("x**2 + y**4", "--L0", "12", "--L1", "0", "--region", "-1,1;-1,1"), "proved", 0),
        (("sqrt(1+x**2)+exp(-x)", "--L0", "5", "--L1", "1"), "undecided", 3),
    ],
)
def test_certify_answers_with_one_object_and_the_exit_code(call, arguments, verdict, code):
    result = call("certify", *arguments, "--json")
    assert (result.returncode, result.stderr) == (code, "")
    answer = json.loads(result.stdout)
    assert set(answer) == {"verdict", "L0", "L1", "region", "witness", "method", "seconds"}
    assert answer["verdict"] == verdict
    assert (answer["witness"] is not None) == (verdict == "refuted")


def test_certify_without_constants_goes_through_the_stated_pairs(call):
    result = call("certify", "logistic", "--json")
    assert result.returncode == 0
    assert [p["verdict"] for p in json.loads(result.stdout)["landscapes"]] == ["proved"] * 3
    assert "| logistic | 1/16 | 1/2 | R^d | proved |" in call("certify", "logistic", "--markdown").stdout


@pytest.mark.parametrize(
    ("arguments", "exact"),
    [(("x**4", "--L1", "3"), "16/9"), (("quartic", "--L1", "1"), "16"), (("exp(x)", "--L1", "1/2"), "oo")],
)
def test_minimal_prints_the_closed_form(call, arguments, exact):
    assert json.loads(call("minimal", *arguments, "--json").stdout)["exact"] == exact


def test_worst_case_writes_a_landscape_that_runs_again(call, tmp_path):
    result = call("worst-case", "clipped-gd", "--steps", "20", "--rounds", "20", "--out", str(tmp_path), "--json")
    assert result.returncode == 0
    answer = json.loads(result.stdout)
    assert 0.3 < answer["ratio"] <= 1
    assert answer["replayed"] == pytest.approx(answer["measured"], rel=1e-12)
    text = (tmp_path / "worst-case-clipped-gd.json").read_text()
    assert ExtremalLandscape.from_json(text).gap_at_most(answer["gap"] * (1 + 1e-12))
    assert {f.suffix for f in tmp_path.iterdir()} == {".json", ".csv", ".nc", ".png", ".svg", ".pdf"}


def test_run_finds_a_pair_for_an_expression_and_says_which(call):
    result = call("run", "x**4/4 + cosh(2*y)", "--method", "clipped-gd", "--eps", "0.1", "--json")
    assert result.returncode == 0
    assert "using the valid pair L0 = 4, L1 = 2" in result.stderr
    (run,) = json.loads(result.stdout)["runs"]
    assert run["status"] == "converged"
    assert run["iterations"] <= run["bound"]["iterations"]


def test_the_pair_that_is_printed_is_valid(call):
    found = call("run", "x**4", "--method", "gd", "--eps", "0.3", "--json")
    pair = re.search(r"L0 = (\S+), L1 = (\S+)\n", found.stderr)
    assert call("certify", "x**4", "--L0", pair[1], "--L1", pair[2], "--json").returncode == 0


def test_run_and_compare_give_the_same_answer(call, tmp_path):
    arguments = ("cosh", "--eps", "0.3", "--json")
    (run,) = json.loads(call("run", *arguments, "--method", "clipped-gd").stdout)["runs"]
    (row,) = json.loads(call("compare", *arguments, "--methods", "clipped-gd", "--out", str(tmp_path)).stdout)["rows"]
    assert (run["iterations"], run["bound"]["iterations"]) == (row["measured"], row["bound"])
    assert run["bound"]["theorem"] == row["theorem"]


def test_compare_refuses_a_false_claim_and_accepts_a_true_one(call, tmp_path):
    arguments = ("--L1", "1", "--methods", "clipped-gd", "--eps", "0.3", "--out", str(tmp_path / "out"))
    false = call("compare", "x**2 + cosh(x) - 1", "--L0", "2", *arguments)
    assert (false.returncode, false.stdout) == (1, "")
    assert "is false for x**2 + cosh(x) - 1" in false.stderr
    assert not (tmp_path / "out").exists()
    true = call("compare", "x**2 + cosh(x) - 1", "--L0", "3", *arguments, "--json")
    assert true.returncode == 0
    (row,) = json.loads(true.stdout)["rows"]
    assert row["measured"] <= row["bound"]


@pytest.mark.parametrize(
    ("arguments", "wording"),
    [
        (("certify", "abs(x)", "--L0", "1", "--L1", "1"), "not differentiable"),
        (("certify", "x**4", "--L0", "1"), "L1 is missing"),
        (("certify", "x**4", "--L0", "-1", "--L1", "1"), "must be"),
        (("certify", "x**4", "--L0", "1", "--L1", "1", "--region", "2,1"), "below its high end"),
        (("certify", "x**4", "--L0", "1", "--L1", "1", "--region", "2"), "upper end"),
        (("certify", "x**2+y**4", "--L0", "1", "--L1", "1", "--region", "0,1"), "2 pairs"),
        (("certify", "x**4", "--L0", "1", "--L1", "1", "--region", "inf,-inf"), "upper end"),
        (("certify", "x^4", "--L0", "1", "--L1", "1"), "x**2"),
        (("certify", "2x", "--L0", "1", "--L1", "1"), "2*x"),
        (("run", "x**2", "--method", "gd", "--eps", "10"), "gradient norm of x**2 at its start is 4"),
        (("run", "-x**2", "--method", "gd", "--eps", "1"), "after --"),
        (("certify", "qartic"), "quartic"),
        (("certify", "__import__('os')", "--L0", "1", "--L1", "1"), "not"),
        (("minimal", "x**65", "--L1", "1"), "64"),
        (("run", "x**3", "--method", "gd", "--eps", "1"), "below"),
        (("run", "x**4", "--method", "gd", "--eps", "1", "--L0", "3"), "without L1"),
        (("run", "exp(x)", "--method", "gd", "--eps", "1", "--L1", "1/2"), "no L0 is valid"),
        (("run", "cosh", "--method", "gd", "--eps", "1", "--infimum", "0"), "infimum"),
        (("run", "cosh", "--method", "gd", "--eps", "1", "--beta", "0.9"), "gd has no beta"),
        (("compare", "cosh", "quartic", "--L0", "1", "--L1", "1"), "belongs to one landscape"),
        (("worst-case", "normalized-gd"), "one target accuracy"),
        (("worst-case", "gradient-only-lower"), "not an upper bound"),
        (("worst-case", "clipped-gd", "--steps", "0"), "steps = 0"),
    ],
)
def test_bad_input_is_one_sentence(call, arguments, wording):
    result = call(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("clipbounds: ")
    assert wording in result.stderr
    assert "Traceback" not in result.stderr


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -m clipbounds theorems --json | head -1; exit ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (result.stdout, result.stderr) == ("{\n", "")
    assert result.returncode in (0, 141)
