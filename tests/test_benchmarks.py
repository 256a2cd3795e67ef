"""The benchmarks run, with whatever rivals are installed; their times are nobody's promise."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _reports(name, folder):
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", name, "--out", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert (folder / "benchmarks.md").read_text(encoding="utf-8").startswith("# Benchmarks")
    return json.loads((folder / "benchmarks.json").read_text(encoding="utf-8"))["reports"]


def _check(reports):
    assert reports
    for report in reports:
        rows = report["rows"]
        assert rows[0]["ratio"] == 1
        for row in rows:
            if row["nanoseconds"] is None:
                assert row["note"] == "not installed"
            else:
                assert row["nanoseconds"] > 0
                assert 0 < row["low"] <= row["ratio"] <= row["high"] < math.inf


def test_the_limits_of_the_machine(tmp_path):
    _check(_reports("limits", tmp_path))


@pytest.mark.parametrize("name", ["deterministic", "stochastic", "separable", "finite_sum", "chain", "scaling"])
def test_workloads(name, tmp_path):
    _check(_reports(name, tmp_path))
