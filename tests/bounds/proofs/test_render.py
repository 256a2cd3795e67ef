"""Rendered identities are short, cite the hypotheses and are true as printed."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
import sympy as sp

from bounds.errors import InputError
from bounds.proofs.render import render, statement
from bounds.proofs.store import load

HERE = Path(__file__).parent
EXAMPLES = runpy.run_path(str(HERE / "examples.py"))
CLAUSES = EXAMPLES["CLAUSES"]
STORED = load("examples", HERE)
BY_ID = {c.id: (c, STORED[c.id].certificate) for c in CLAUSES}
IDENTITIES = [(c, k) for c, k in BY_ID.values() if k.rule == "identity"]
SYMBOLS = {v: sp.Symbol(v) for c in CLAUSES for v in c.variables} | {f"h_{n}": sp.Symbol(f"h_{n}") for n in range(1, 5)}


def parsed(text):
    """A printed side of an identity as an expression: blanks are products."""
    text = re.sub(r"\[([^]=]*) = 0\]", r"(\1)", text).replace("^", "**")
    text = re.sub(r"(?<=[\w)]) (?=[\w(])", "*", text)
    return sp.parse_expr(text, local_dict=SYMBOLS)


@pytest.mark.parametrize(("stated", "certificate"), IDENTITIES, ids=lambda v: getattr(v, "id", ""))
def test_every_printed_identity_is_true(stated, certificate):
    lines = render(stated, certificate).splitlines()
    assert len(lines) == len(certificate.cases)
    for line in lines:
        left, _, right = line.rpartition(": ")[2].partition(" = ")
        assert sp.expand(parsed(left) - parsed(right)) == 0


def test_the_energy_step_reads_like_the_paper():
    assert render(*BY_ID["step"]) == (
        "k q (D + G u) - u^2 (G l1 + l0) = "
        "D (k q - eta l0) + l0 (D eta - u^2) + G u (k q - gamma l1) + l1 G u (gamma - u)"
    )
    assert r"\eta" in render(*BY_ID["step"], form="latex")


def test_statements_name_their_hypotheses():
    text = statement(BY_ID["step"][0])
    assert text.startswith("if [step] k q - eta l0 >= 0, [clip] k q - gamma l1 >= 0")
    assert text.endswith("then k q (D + G u) - u^2 (G l1 + l0) >= 0")
    assert " or " in statement(BY_ID["either"][0])
    assert "[drift-sign] y >= 0" in statement(BY_ID["drift-bound"][0])
    assert statement(BY_ID["drift"][0]).endswith("= 0")


@pytest.mark.parametrize("stated", CLAUSES, ids=lambda c: c.id)
def test_latex_has_balanced_braces(stated):
    for text in (render(stated, BY_ID[stated.id][1], form="latex"), statement(stated, form="latex")):
        assert text.count("{") == text.count("}")
        assert text.count(r"\left") == text.count(r"\right")
        assert "**" not in text


def test_the_other_rules_say_what_was_done():
    assert "Sturm" in render(*BY_ID["touching"])
    assert "at s = 0 the goal is not negative, and derivative 1 is" in render(*BY_ID["logarithm"])
    assert "least at w = 3/2" in render(*BY_ID["least"])


def test_unknown_forms_are_refused():
    with pytest.raises(InputError, match="text, latex"):
        render(*BY_ID["step"], form="html")
