"""The README says what is true: its commands, its example, its table."""

from __future__ import annotations

import re
from pathlib import Path

from bounds import THEOREMS
from bounds.report import markdown_table, theorem_table
from clipbounds.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_python_example_runs(capsys):
    (example,) = _blocks("python")
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "normalized-gd 113285 2.13" in printed
    assert printed.count("within") == 2


def test_the_table_of_theorems_is_current():
    shown = re.search(r"<!-- theorems: begin .*? -->\n(.*?)<!-- theorems: end -->", README, flags=re.DOTALL)
    assert shown is not None
    assert shown[1].strip() == markdown_table(theorem_table(THEOREMS)).strip()
    assert f"{len(THEOREMS)} upper and lower" in README


def test_ci_calls_the_readme_test_command():
    command = next(line for block in _blocks("sh") for line in block.splitlines() if "pytest" in line)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_of_the_readme_exists():
    known = {c.name or c.callback.__name__ for c in app.registered_commands}
    used = set(re.findall(r"^clipbounds ([\w-]+)", "\n".join(_blocks("sh")), flags=re.MULTILINE))
    assert used <= known
    assert len(used) >= 5


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
