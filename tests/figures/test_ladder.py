"""The ladder and the report."""

from __future__ import annotations

import base64
import dataclasses
import re

import numpy as np
import pytest

from bounds import theorem_named
from bounds.symbols import L0, Delta, epsilon
from bounds.theorem import Limit
from figures.exponents import FITS, fit
from figures.ladder import RUNGS, climb, ladder_table, verdict_table
from figures.page import Fold, Report, Section
from figures.report import exponent_table, versions
from figures.sandwich_figure import headline_figure

UPPER = climb(theorem_named("normalized-gd"), seconds=0.5)


def test_the_ladder_has_all_rungs_and_counts_its_runs():
    assert tuple(r.key for r in UPPER.rungs) == RUNGS
    assert UPPER.ok
    assert UPPER.verdict == "stands"
    verdicts = {r.key: r.verdict for r in UPPER.rungs}
    assert set(verdicts.values()) == {"holds"}
    assert [f.dropped for f in UPPER.dropped] == ["smoothness", "exact-gradients"]
    assert all(f.violated for f in UPPER.dropped)
    assert UPPER.runs == sum(r.runs for r in UPPER.rungs[2:]) > 10


@pytest.mark.parametrize("key", ["gradient-only-lower", "gd-fixed-step-lower", "clipped-sgd-own-lower", "chain-lower"])
def test_lower_bounds_are_held_against_their_hard_instances(key):
    found = climb(theorem_named(key), seconds=0.2)
    rung = found.rungs[2]
    assert rung.verdict == "holds", rung
    assert rung.runs >= 1


def test_a_false_theorem_falls():
    theorem = theorem_named("normalized-gd")
    found = climb(dataclasses.replace(theorem, iterations=theorem.iterations / 3), seconds=3)
    assert "search" in found.verdict
    assert not found.ok


def test_a_wrong_limit_is_seen():
    theorem = theorem_named("normalized-gd")
    (limit,) = theorem.limits
    wrong = Limit(symbol=limit.symbol, to=limit.to, value=3 * Delta * L0 / epsilon**2, meaning="wrong")
    found = climb(dataclasses.replace(theorem, limits=(wrong,)), seconds=0.2)
    assert found.rungs[0].verdict == "fails"


def test_the_table_has_a_cell_for_every_rung():
    (row,) = ladder_table([UPPER])
    assert set(RUNGS) < set(row)
    assert row["verdict"] == "stands"
    assert f"({UPPER.rungs[2].runs} runs)" in row["runs"]


def test_all_theorems_together():
    rows = verdict_table([UPPER, dataclasses.replace(UPPER, rungs=(*UPPER.rungs[:2], _failed(), *UPPER.rungs[3:]))])
    assert [r["rung"] for r in rows] == list(RUNGS)
    assert [r["fails"] for r in rows] == ["0", "0", "1", "0", "0", "0"]
    assert rows[2]["behind it"] == f"{UPPER.rungs[2].runs + 7} runs"


def _failed():
    return dataclasses.replace(UPPER.rungs[2], verdict="fails", runs=7)


def _picture():
    return headline_figure(np.array([0.1, 1.0]), [np.array([2.0, 3.0])] * 4)


def _report():
    line = next(x for x in FITS if x.theorem == "normalized-gd" and x.axis == "L1")
    return Report(
        title="A <test>",
        day="2026-01-01",
        facts=versions() | {"seed": "0"},
        sections=(
            Section(title="Ladder & more", text=("a < b",), tables=(("", ladder_table([UPPER])),)),
            Section(title="Exponents", tables=(("slopes", exponent_table([fit(line)])),)),
            Section(
                title="Pictures by `a command`",
                folds=(Fold(title="a fold", rows=[{"x": "1,200", "y": "a"}], picture=_picture()),),
                pictures=(("upper over lower", _picture()),),
            ),
        ),
    )


def test_the_page_is_complete_and_needs_no_network():
    page = _report().html()
    assert "2026-01-01" in page
    assert "sympy" in page
    assert "<h1>A &lt;test&gt;</h1>" in page
    assert "a &lt; b" in page
    # Links lead into the page, pictures are inside it.
    assert set(re.findall(r'(?:href|src)="([^"]{1,5})', page)) == {"#s0", "#s1", "#s2", "data:"}
    pictures = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)
    assert len(pictures) == 2
    assert all(b"<svg" in base64.b64decode(p) for p in pictures)
    assert "<code>a command</code>" in page
    assert "<summary>a fold</summary>" in page
    assert '<td class="number">1,200</td><td>a</td>' in page
    assert "http" not in re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)
    assert page == _report().html()


def test_markdown_has_the_same_tables():
    words = _report().markdown()
    assert "| normalized-gd | upper | holds: units, 1 limit (" in words
    assert "## Exponents" in words
    assert "upper over lower" in words
    assert "### a fold" in words
    assert "\n\n\n" not in words
