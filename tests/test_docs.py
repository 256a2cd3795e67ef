"""The generated parts of the documentation say what the code says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bounds import THEOREMS
from bounds.export import catalogue_markdown
from bounds.report import markdown_table
from synthetic import LANDSCAPES
from synthetic.certified import certificate_rows, certified_pairs

DOCS = Path(__file__).parents[1] / "docs"
PAIRS = certified_pairs(LANDSCAPES)


def _block(page, name):
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.search(rf"<!-- {name}: begin[^>]*-->\n(.*?)<!-- {name}: end -->", text, re.DOTALL).group(1).strip()


def _without_time(table):
    return [line.rsplit("|", 2)[0] for line in table.strip().splitlines()]


def test_certificate_table_is_current():
    assert _without_time(_block("landscapes.md", "certificates")) == _without_time(
        markdown_table(certificate_rows(PAIRS))
    )


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p.landscape.key}-{p.stated.L1}")
def test_every_stated_pair_is_proved(pair):
    assert pair.certificate.verdict == "proved", pair.certificate.method


def test_catalogue_page_is_current():
    assert _block("theorems.md", "catalogue") == catalogue_markdown(THEOREMS).strip()


def test_the_page_on_adding_a_theorem_works_to_the_letter(tmp_path):
    page = (DOCS / "adding_a_theorem.md").read_text(encoding="utf-8")
    (record,), (line,) = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL) for kind in ("python", "text"))
    name = re.search(r"`bounds/catalogue/(\w+)\.py`", page)[1]
    commands, _ = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    for room in ("bounds", "clipbounds"):
        shutil.copytree(DOCS.parent / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "bounds" / "catalogue" / f"{name}.py").write_text(record, encoding="utf-8")
    registry = tmp_path / "bounds" / "catalogue" / "__init__.py"
    text = registry.read_text(encoding="utf-8")
    text = text.replace("    fang2018,\n", f"    {name},\n    fang2018,\n", 1)
    registry.write_text(
        text.replace("    *fang2018.THEOREMS,\n", line + "    *fang2018.THEOREMS,\n", 1), encoding="utf-8"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-m", *command.split()],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout
        for command in commands.strip().splitlines()
    ]
    assert "1,600" in answers[0]
    assert "half step" in answers[1]
    assert re.search(r"prints ([\d,]+) iterations", page)[1] == "1,600"
