r"""A record for papers, pages and programs: LaTeX, Markdown and BibTeX.

LaTeX needs nothing but amsmath. See :mod:`bounds.codec` for JSON and :mod:`bounds.python_source` for Python.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable

from bounds.orders import order_terms
from bounds.quantities import QUANTITIES
from bounds.report import method_label, to_latex
from bounds.smoothness import Noise
from bounds.theorem import Kind, Relation, Source, Theorem

__all__ = [
    "bibtex",
    "catalogue_markdown",
    "cite_key",
    "latex_document",
    "record_latex",
    "record_markdown",
    "table_latex",
]

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\ensuremath{<}",
    ">": r"\ensuremath{>}",
    "|": r"\ensuremath{|}",
}
_RELATIONS = {Relation.AT_MOST: r"\le", Relation.LESS: "<", Relation.AT_LEAST: r"\ge", Relation.EQUAL: "="}
_NOISE = {
    Noise.EXACT: "exact gradients",
    Noise.BOUNDED: r"unbiased gradients with noise at most $\sigma$ almost surely",
    Noise.VARIANCE: r"unbiased gradients with variance at most $\sigma^2$",
}


def _text(words: str) -> str:
    return "".join(_ESCAPES.get(c, c) for c in words)


def _goal(theorem: Theorem) -> str:
    """The criterion as a formula, or its statement in words where it is no norm of gradients."""
    norm = r"\|\nabla F(x_t)\|"
    expected = norm if theorem.noise is Noise.EXACT else rf"\mathrm{{E}}{norm}"
    last = "T" if theorem.first else "T-1"
    mean = rf"\frac{{1}}{{T}}\sum_{{t={theorem.first}}}^{{{last}}}"
    found = {
        "mean-squared": (rf"{mean}{expected}^2", to_latex(theorem.guarantee**2)),
        "mean": (rf"{mean}{expected}", to_latex(theorem.guarantee)),
        "min": (rf"\min_{{{theorem.first}\le t\le {last}}}{expected}", to_latex(theorem.guarantee)),
    }.get(theorem.criterion.value)
    return rf"\text{{{_text(theorem.statement)}}}" if found is None else rf"{found[0]}\le {found[1]}"


def record_latex(theorem: Theorem) -> str:
    """One record as a LaTeX paragraph with displayed formulas."""
    upper = theorem.kind is Kind.UPPER
    lines = [
        f"% {theorem.key}: {theorem.source}; {theorem.provenance.value}",
        rf"\paragraph{{{_text(theorem.title)}.}}",
        rf"Let $F$ be {_text(theorem.smoothness.name)},",
        rf"\[ {_class_statement(theorem)}, \qquad F(x_0)-\inf F\le\Delta, \]",
        f"with {_NOISE.get(theorem.noise, _text(theorem.noise.phrase))}"
        + (f" in dimension {theorem.dimension}." if theorem.dimension else "."),
    ]
    label = _text(method_label(theorem))
    if theorem.order_only:
        lines.append("Only the order of growth is known.")
    count = f"T {_count(theorem)}"
    if upper:
        lines += [f"Then {label} reaches", rf"\[ {_goal(theorem)} \]", "whenever", rf"\[ {count} . \]"]
    else:
        lines += [f"Then for {label},", rf"\[ {_goal(theorem)} \]", "needs, for some such $F$,", rf"\[ {count} . \]"]
    if theorem.requires:
        sides = [rf"{to_latex(r.left)} &{_RELATIONS[r.relation]} {to_latex(r.right)}" for r in theorem.requires]
        lines += ["This needs", r"\begin{align*}", " \\\\\n".join(sides), r"\end{align*}"]
    if theorem.parameters:
        values = [rf"{to_latex(s)} &= {to_latex(v)}" for s, v in theorem.parameters]
        lines += ["Recommended:", r"\begin{align*}", " \\\\\n".join(values), r"\end{align*}"]
    lines += [f"Assumes: {_text(a)}." for a in theorem.assumes]
    lines.append(rf"\emph{{{_text(str(theorem.source))}; {_text(theorem.provenance.value)}.}} {_text(theorem.note)}")
    return "\n".join(lines)


def _count(theorem: Theorem) -> str:
    """The right-hand side of a bound on T."""
    body = to_latex(theorem.iterations)
    if not theorem.order_only:
        return rf"\ge {body}"
    return rf"={'O' if theorem.kind is Kind.UPPER else chr(92) + 'Omega'}\left({body}\right)"


def _class_statement(theorem: Theorem) -> str:
    # The blackboard E of expectations is not in amsmath.
    return theorem.smoothness.statement.replace(r"\mathbb E", r"\mathrm{E}")


def latex_document(body: str) -> str:
    """A complete document around exported pieces."""
    return "\n".join(
        [r"\documentclass{article}", r"\usepackage{amsmath}", r"\begin{document}", body, r"\end{document}", ""]
    )


def table_latex(theorems: Iterable[Theorem]) -> str:
    """The comparison table of the field for a paper: method, setting, order and citation (see :func:`bibtex`)."""
    lines = [r"\begin{tabular}{llll}", r"\hline", r"Method & Gradients & Iterations & Source \\", r"\hline"]
    for theorem in theorems:
        terms = order_terms(theorem)
        if not terms:
            continue
        growth = "O" if theorem.kind is Kind.UPPER else r"\Omega"
        order = " + ".join(to_latex(t) for t in terms)
        lines.append(
            rf"{_text(method_label(theorem))} & {_text(theorem.noise.value)} & ${growth}\left({order}\right)$ & "
            rf"\cite{{{cite_key(theorem.source)}}}, {_text(theorem.provenance.value)} \\"
        )
    return "\n".join([*lines, r"\hline", r"\end{tabular}"])


def record_markdown(theorem: Theorem) -> str:
    """One record as a Markdown section, formulas between dollar signs."""
    used = {str(s) for s in theorem.symbols | theorem.guarantee.free_symbols}
    lines = [
        f"### `{theorem.key}`",
        "",
        f"**{theorem.title}** ({theorem.kind.value} bound; {theorem.provenance.value})",
        "",
        f"- Class: {theorem.smoothness.name}, ${_class_statement(theorem)}$; {theorem.noise.phrase}"
        + (f"; dimension {theorem.dimension}" if theorem.dimension else ""),
        f"- Methods: {method_label(theorem)}",
        f"- Goal: {theorem.statement}",
        "",
        f"$$T {_count(theorem)}$$",
        "",
    ]
    lines += [f"- Recommended ${to_latex(s)} = {to_latex(v)}$" for s, v in theorem.parameters]
    lines += [
        f"- Requires ${to_latex(r.left)} {_RELATIONS[r.relation]} {to_latex(r.right)}$ (otherwise: {r.why})"
        for r in theorem.requires
    ]
    lines += [f"- Assumes {a}" for a in theorem.assumes]
    lines += [
        f"- Source: {theorem.source}. {theorem.provenance.phrase}",
        *([f"- Proof: {theorem.proof}"] if theorem.proof else []),
        f"- Note: {theorem.note}",
        "",
        "| symbol | meaning | units |",
        "| --- | --- | --- |",
    ]
    lines += [f"| ${q.latex}$ | {q.meaning} | {q.dimension} |" for q in QUANTITIES if q.name in used]
    return "\n".join(lines) + "\n"


def catalogue_markdown(theorems: Iterable[Theorem]) -> str:
    """All records as one Markdown page, in catalogue order, with a heading for each source."""
    chosen = tuple(theorems)
    lines: list[str] = []
    for source, group in itertools.groupby(chosen, key=lambda t: (t.source.authors, t.source.year, t.source.title)):
        authors, year, title = source
        lines += [f"## {authors} ({year})", "", f"*{title}*", ""]
        lines += [record_markdown(theorem) + "\n" for theorem in group]
    return "\n".join(lines)


def cite_key(source: Source) -> str:
    """Author, year and first long word of the title, in plain ASCII letters: ``zhang2020improved``."""
    first = source.authors.split(",")[0].split(" ")[-1]
    word = next((w for w in source.title.replace("-", " ").split() if len(w) > 3), source.title)
    return _ascii(first) + str(source.year) + _ascii(word)


def _ascii(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word)
    return "".join(c for c in folded if c.isascii() and c.isalnum()).lower()


def bibtex(sources: Iterable[Source]) -> str:
    """One BibTeX entry per paper, each once, in the order of first use.

    Two different papers with one key are told apart by a letter.
    """
    entries: dict[str, tuple[tuple[str, int, str], Source]] = {}
    for source in sources:
        identity = (source.authors, source.year, source.title)
        key, letters = cite_key(source), iter("bcdefghijklmnopqrstuvwxyz")
        while key in entries and entries[key][0] != identity:
            key = cite_key(source) + next(letters)
        entries.setdefault(key, (identity, source))
    return "\n\n".join(_entry(key, source) for key, (_, source) in entries.items()) + ("\n" if entries else "")


def _entry(key: str, source: Source) -> str:
    fields = {
        "author": _text(source.authors.replace(" and ", ", ").replace(", ", " and ")),
        "title": "{" + _text(source.title) + "}",
        "year": str(source.year),
        "howpublished": _text(source.venue),
    }
    if source.arxiv is not None:
        fields |= {"eprint": source.arxiv, "archiveprefix": "arXiv"}
    return "\n".join([f"@misc{{{key},", *(f"  {name} = {{{value}}}," for name, value in fields.items()), "}"])
