"""The generated parts of the documentation say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
