"""The figures command: what it lists, what it writes, what it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from clipbounds.cli import main
from figures.gallery import GALLERY, gallery_markdown


@pytest.fixture
def call(capsys, monkeypatch):
    def run(*arguments, code=0):
        monkeypatch.setattr(sys, "argv", ["clipbounds", "figures", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capsys.readouterr()
        assert stop.value.code == code, err
        return err if code else out

    return run


def test_every_figure_is_listed_with_its_command(call):
    shown = call("--list")
    listed = json.loads(call("--list", "--json"))["figures"]
    assert [f["key"] for f in listed] == [e.key for e in GALLERY]
    assert all(f["command"] == f"clipbounds figures {f['key']} --out out" for f in listed)
    assert all(e.key in shown for e in GALLERY)
    assert call("--list", "--markdown").strip() == gallery_markdown().strip()


def test_named_figures_are_written_with_their_data(call, tmp_path):
    answer = json.loads(call("plane", "zero-chain", "plane", "--quick", "--out", str(tmp_path), "--json"))
    assert answer["quick"] is True
    assert [f["key"] for f in answer["figures"]] == ["plane", "zero-chain"]
    for figure in answer["figures"]:
        assert {Path(f).suffix for f in figure["files"]} == {".csv", ".nc", ".svg", ".pdf", ".png"}
        assert all(Path(f).stat().st_size > 500 for f in figure["files"])
    assert len(list(tmp_path.iterdir())) == 10
    told = call("plane", "--quick", "--out", str(tmp_path))
    assert "plane.svg" in told
    assert "1 figure in" in told


@pytest.mark.parametrize(
    ("arguments", "wording"),
    [
        (["plane"], "add --out DIR"),
        (["plain", "--out", "unused"], "'plain'"),
        (["plane", "--out", "/dev/null/x"], "cannot be used"),
    ],
)
def test_refusals_are_one_sentence(call, arguments, wording):
    message = call(*arguments, code=2)
    assert wording in message
    assert message.count("\n") == 1
