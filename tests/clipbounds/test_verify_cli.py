"""The commands verify, proof and prove as a user meets them."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bounds.proofs.verify
from bounds.catalogue import THEOREMS
from bounds.errors import InputError
from bounds.proofs.collected import PROOFS
from bounds.theorem import Provenance
from clipbounds import proving
from clipbounds.cli import app

PAGES = Path(__file__).parents[2] / "docs" / "proofs"
DATA = Path(bounds.proofs.verify.__file__).parent / "data"
RUNNER = CliRunner()
CORE_ONLY = """
import sys
sys.modules.update(dict.fromkeys(("flint", "z3", "cvc5")))  # importing any of them fails
sys.argv = ["clipbounds", "verify", "--json"]
from clipbounds.cli import main
main()
"""


def run(*arguments: str, code: int = 0) -> str:
    result = RUNNER.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_the_whole_catalogue_with_the_core_install_from_a_cold_start_in_ten_seconds_of_work() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", CORE_ONLY],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["ok"]
    assert [t["key"] for t in answer["theorems"]] == [t.key for t in THEOREMS if t.provenance is Provenance.PROVED_HERE]
    for theorem in answer["theorems"]:
        assert theorem["ok"]
        assert theorem["steps"]
        for step in theorem["steps"]:
            assert set(step) == {"name", "kind", "verdict", "seconds"}
            assert step["kind"] in ("certificate", "identity", "written", "computation")
            assert (step["verdict"] == "not run") == (step["kind"] == "computation")
    # Processor time, because other processes may share the machine; half as much again for slower ones.
    assert after.ru_utime - before.ru_utime < 15


def test_one_theorem_is_shown_as_a_tree() -> None:
    text = run("verify", "best-step-gd")
    for words in ("best-step-gd", "S22", "certificate", "telescoping", "written", "record: iterations", "All stand"):
        assert words in text
    assert "T3-decrease <- T3-log" in text


def test_a_deep_step_is_said_not_to_be_run() -> None:
    text = run("verify", "chain-lower")
    assert "proved except the deep step" in text
    assert "not run" in text
    assert "--deep" in text


def test_a_failing_step_gives_exit_code_one_and_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds.proofs.verify, "accepts", lambda clause, certificate: clause.id != "F-mean")
    text = run("verify", "sgd", code=1)
    assert "NOT PROVED" in text
    assert "F-mean" in text
    assert "disagree" in text
    answer = json.loads(run("verify", "sgd", "--json", code=1))
    (theorem,) = answer["theorems"]
    assert not answer["ok"]
    assert theorem["status"] == "failed"
    assert [s["name"] for s in theorem["steps"] if "reason" in s] == ["F-mean"]


def test_the_table_of_proofs_is_current() -> None:
    """After a change of steps or records: clipbounds proof --out docs/proofs."""

    def without_time(page: str) -> list[str]:
        return [line.rsplit("|", 2)[0] for line in page.splitlines()]

    stored = (PAGES / "README.md").read_text(encoding="utf-8")
    assert without_time(stored) == without_time(proving.proof_index({}))
    assert {path.stem for path in PAGES.glob("*.md")} == {*(proof.key for proof in PROOFS), "README"}


def test_proofs_are_printed_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = run("proof", "sgd")
    assert text == run("proof", "sgd", "--markdown")
    assert text.startswith("# SGD")
    assert "This ends the proof." in text
    assert run("proof", "sgd", "--latex").startswith(r"\documentclass")
    few = tuple(proof for proof in PROOFS if proof.key in ("sgd", "best-step-gd"))
    monkeypatch.setattr(proving, "PROOFS", few)
    run("proof", "--out", str(tmp_path / "proofs"))
    assert {path.name for path in (tmp_path / "proofs").iterdir()} == {"sgd.md", "best-step-gd.md", "README.md"}
    assert (tmp_path / "proofs" / "sgd.md").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("proof", "sgd", "--latex", "--markdown"), "exclude each other"),
        (("proof",), "either a theorem"),
        (("proof", "sdg"), "did you mean sgd"),
        (("proof", "clipped-gd-2019"), "has no proof here"),
        (("verify", "sdg"), "did you mean sgd"),
        (("prove", "S55"), "did you mean S5"),
        (("prove", "telescoping"), "without a certificate"),
        (("prove", "exp-one", "--out", "nowhere"), "no proof data"),
    ],
)
def test_bad_input_is_refused(arguments: tuple[str, ...], words: str) -> None:
    result = RUNNER.invoke(app, list(arguments))
    assert isinstance(result.exception, InputError)
    assert words in str(result.exception)


def test_a_step_is_shown_with_its_identity() -> None:
    text = run("prove", "S5")
    assert "[step] k q - eta l0 >= 0" in text
    assert "D (k q - eta l0)" in text
    assert run("prove", "deterministic:S5") == text


def test_a_certificate_is_found_and_written(tmp_path: Path) -> None:
    shutil.copy(DATA / "deterministic.json", tmp_path)
    path = tmp_path / "deterministic.json"
    stored = json.loads(path.read_text())
    stored["S5"]["certificate"] = None
    path.write_text(json.dumps(stored))
    assert "there is no certificate" in run("prove", "S5", "--out", str(tmp_path), code=1)
    run("prove", "S5", "--find", "--out", str(tmp_path))
    found = json.loads(path.read_text())
    assert found["S5"]["certificate"] is not None
    assert {k: v for k, v in found.items() if k != "S5"} == {k: v for k, v in stored.items() if k != "S5"}
    assert "D (k q - eta l0)" in run("prove", "S5", "--out", str(tmp_path))
