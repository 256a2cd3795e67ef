"""LaTeX, Markdown, BibTeX and Python: complete, well formed, and the same numbers."""

from __future__ import annotations

import inspect
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.applicability import NotCovered
from bounds.calculator import evaluate
from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError, NoStepNeeded
from bounds.export import bibtex, cite_key, latex_document, record_latex, record_markdown, table_latex
from bounds.problem import Problem
from bounds.python_source import python_function_name, python_source
from bounds.theorem import Kind, Source

by_key = pytest.mark.parametrize("theorem", THEOREMS, ids=lambda t: t.key)
counted = pytest.mark.parametrize("theorem", [t for t in THEOREMS if not t.order_only], ids=lambda t: t.key)
# Every command of LaTeX's kernel and of amsmath that the exports may use.
COMMANDS = set(
    re.findall(
        r"\\(?:[A-Za-z]+|.)",
        r"""\documentclass\usepackage\begin\end\paragraph\emph\text\mathrm\nabla\inf\le\ge\frac\sum\min\max\log\ln\sqrt
        \left\right\lfloor\rfloor\lceil\rceil\varepsilon\Delta\sigma\eta\gamma\beta\nu\kappa\limsup\to\qquad\quad\cite
        \hline\Omega\ensuremath\textbackslash\textasciicircum\textasciitilde\cdot\operatorname\in\langle\rangle\xi
        \|\[\]\\\%\_\#\&\$\{\}\,\;\!\ """,
    )
)


def check_latex(source):
    """Balanced braces, environments, \\left/\\right and math shifts; only commands that amsmath has."""
    source = re.sub(r"(?m)(?<!\\)%.*$", "", source)
    found = set(re.findall(r"\\(?:[A-Za-z]+|.)", source))
    assert found <= COMMANDS, found - COMMANDS
    bare = re.sub(r"\\[{}$\\%&_#]", "", source)
    depth = 0
    for character in bare:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert bare.count("$") % 2 == 0
    assert source.count(r"\left") == source.count(r"\right")
    opened = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", source):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []
    assert source.count(r"\[") == source.count(r"\]")
    outside = re.sub(r"(?s)\\\[.*?\\\]|\$.*?\$|\\begin\{align\*\}.*?\\end\{align\*\}|\\ensuremath\{.\}", "", bare)
    assert not re.search(r"[_^<>|]", outside), "mathematics outside of math mode"


@by_key
def test_latex_is_well_formed(theorem):
    source = record_latex(theorem)
    check_latex(latex_document(source))
    assert theorem.provenance.value in source
    assert (r"\ge" in source) or theorem.order_only


def test_the_comparison_table_is_well_formed_and_cites():
    source = table_latex(THEOREMS[::4])
    check_latex(source)
    entries = bibtex(t.source for t in THEOREMS)
    cited = set(re.findall(r"\\cite\{(\w+)\}", source))
    assert cited
    assert cited <= set(re.findall(r"@misc\{(\w+),", entries))
    rows = [line for line in source.splitlines() if r"\cite" in line]
    assert all(len(re.findall(r"(?<!\\)&", row)) == 3 for row in rows)


@pytest.mark.parametrize("flaw", [r"\mathbb{E}", "{", r"\[ x", "$x", r"\begin{align*}", "a_b", r"\left("])
def test_the_latex_check_sees_flaws(flaw):
    with pytest.raises((AssertionError, IndexError)):
        check_latex(record_latex(THEOREMS[0]) + "\n" + flaw)


@by_key
def test_markdown_names_everything(theorem):
    text = record_markdown(theorem)
    assert text.startswith(f"### `{theorem.key}`")
    for words in (theorem.title, theorem.note, str(theorem.source), theorem.provenance.phrase, theorem.statement):
        assert words in text
    assert all(a in text for a in theorem.assumes)
    assert text.count("$") % 2 == 0
    assert len(re.findall(r"^- Requires", text, flags=re.MULTILINE)) == len(theorem.requires)
    assert len(re.findall(r"^- Recommended", text, flags=re.MULTILINE)) == len(theorem.parameters)


def test_every_paper_is_cited_once():
    sources = [t.source for t in THEOREMS]
    papers = {(s.authors, s.year, s.title) for s in sources}
    entries = bibtex(sources)
    keys = re.findall(r"@misc\{([a-z0-9]+),", entries)
    assert len(keys) == len(set(keys)) == len(papers)
    assert all(s.arxiv in entries for s in sources if s.arxiv)
    assert "author = {Zhang and Jin and Fang and Wang}" in entries
    assert entries.count("{") == entries.count("}")
    assert bibtex([]) == ""


def test_keys_of_different_papers_differ_and_special_characters_are_plain():
    def source(title, authors="Hübler, Yang, Li and He"):
        return Source(authors=authors, year=2024, title=title, venue="V & W", locator="Thm 1", arxiv="1")

    entries = bibtex([source("Parameter-agnostic 100%"), source("Parameter_free"), source("Parameter-agnostic 100%")])
    assert re.findall(r"@misc\{(\w+),", entries) == ["hubler2024parameter", "hubler2024parameterfree"] or (
        len(set(re.findall(r"@misc\{(\w+),", entries))) == 2
    )
    assert cite_key(source("Über alles")).isascii()
    assert "and He}" in entries
    assert r"V \& W" in entries
    assert r"100\%" in entries
    clash = bibtex([source("Parameter one"), source("Parameter two")])
    assert re.findall(r"@misc\{(\w+),", clash) == ["hubler2024parameter", "hubler2024parameterb"]


def _compiled(theorem):
    scope = {}
    exec(python_source(theorem), scope)
    return scope[python_function_name(theorem)]


def _arguments(function, values):
    return {name: value for name, value in values.items() if name in inspect.signature(function).parameters}


@counted
def test_the_python_function_gives_the_same_count(theorem, case_of):
    case = case_of(theorem)
    problem = case.problem
    if problem.L1 == 0 or problem.L0 == 0:  # exported functions are for positive constants
        assert theorem.smoothness.key in ("lipschitz", "mean-squared") or problem.L0 == 0
    values = {n: str(getattr(problem, n)) for n in ("L0", "L1", "Delta", "epsilon", "sigma")} | case.parameters
    values |= {"epsilon_F": values["epsilon"], "R": str(getattr(problem, "R", None))}
    function = _compiled(theorem)
    count, exact = function(**_arguments(function, values)), case.evaluate().iterations
    assert count - exact in ((0, 1) if theorem.kind is Kind.UPPER else (0, -1))


MAIN, LOWER = theorem_named("normalized-gd"), theorem_named("gradient-only-lower")
FUNCTIONS = {t.key: _compiled(t) for t in (MAIN, LOWER)}
constants = st.floats(min_value=1e-3, max_value=1e3)


@pytest.mark.parametrize("theorem", [MAIN, LOWER], ids=lambda t: t.key)
@settings(max_examples=25, deadline=None)
@given(constants, constants, constants, st.floats(min_value=1e-4, max_value=1e-1))
def test_the_python_function_for_random_floats(theorem, L0, L1, Delta, epsilon):
    values = {"L0": L0, "L1": L1, "Delta": Delta, "epsilon": epsilon}
    try:
        exact = evaluate(theorem, Problem.of(**values)).iterations
    except NoStepNeeded:
        return
    count = FUNCTIONS[theorem.key](**values)
    assert count - exact in ((0, 1) if theorem.kind is Kind.UPPER else (0, -1))


def test_the_python_function_checks_its_hypotheses():
    function = _compiled(theorem_named("framework-deterministic"))
    values = {"L0": 1, "L1": 10, "Delta": 5, "epsilon": "0.01", "beta": 0}
    assert function(**values, eta=Fraction(10, 106)) in (932800, 932801)
    with pytest.raises(ValueError, match="step size is too large"):
        function(**values, eta="0.0944")
    with pytest.raises(ValueError, match="positive"):
        function(**values | {"L1": 0})
    with pytest.raises(NotCovered):
        evaluate(theorem_named("framework-deterministic"), Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01"), {"eta": 1})


def test_an_order_record_has_no_function():
    with pytest.raises(InputError, match="order of growth"):
        python_source(theorem_named("lower-deterministic-order"))
