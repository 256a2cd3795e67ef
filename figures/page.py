"""A self-contained page: sections with tables and pictures as one HTML file, and as Markdown without the pictures."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from bounds.report import markdown_table
from figures.style import styled

__all__ = ["Fold", "Report", "Section"]

_NUMBER = re.compile(r"[-+]?[\d,.]+(e[-+]?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A table with its picture, folded away on the screen and open on paper."""

    title: str
    rows: Sequence[dict[str, str]]
    picture: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with paragraphs, then tables, then folds, then pictures.

    Attributes
    ----------
    text : paragraphs; words in backticks are code.
    pictures : figures with their captions.
    """

    title: str
    text: tuple[str, ...] = ()
    tables: tuple[tuple[str, Sequence[dict[str, str]]], ...] = ()
    folds: tuple[Fold, ...] = ()
    pictures: tuple[tuple[str, Figure], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A dated document.

    Attributes
    ----------
    facts : what the numbers depend on: versions and seeds.
    """

    title: str
    day: str
    facts: dict[str, str]
    sections: tuple[Section, ...]

    def html(self) -> str:
        """One page; pictures are SVG inside it."""
        body = [f"<h1>{_text(self.title)}</h1>", f"<p>{_text(self._stamp())}</p>", "<nav><ul>"]
        body += [f'<li><a href="#s{k}">{_text(s.title)}</a></li>' for k, s in enumerate(self.sections)]
        body.append("</ul></nav>")
        for k, section in enumerate(self.sections):
            body.append(f'<section id="s{k}"><h2>{_text(section.title)}</h2>')
            body += [f"<p>{_text(t)}</p>" for t in section.text]
            for caption, rows in section.tables:
                body += [f"<h3>{_text(caption)}</h3>" if caption else "", _table(rows)]
            for fold in section.folds:
                body.append(f"<details><summary>{_text(fold.title)}</summary>")
                body += [_picture(fold.title, fold.picture), _table(fold.rows), "</details>"]
            body.append('<div class="pictures">')
            body += [_picture(caption, figure) for caption, figure in section.pictures]
            body.append("</div></section>")
        return _PAGE.format(title=_text(self.title), body="\n".join(body))

    def markdown(self) -> str:
        """The same without pictures, whose captions stay."""
        parts = [f"# {self.title}\n", self._stamp() + "\n"]
        for section in self.sections:
            parts.append(f"## {section.title}\n")
            parts += [t + "\n" for t in section.text]
            tables = (*section.tables, *((fold.title, fold.rows) for fold in section.folds))
            for caption, rows in tables:
                parts += [f"### {caption}\n" if caption else "", markdown_table(rows)]
            parts += [f"- Figure (in the HTML report): {caption}" for caption, _ in section.pictures]
            parts.append("")
        return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip() + "\n"

    def _stamp(self) -> str:
        return f"Made on {self.day} with " + ", ".join(f"{k} {v}" for k, v in self.facts.items()) + "."


def _text(value: str) -> str:
    return re.sub("`([^`]*)`", r"<code>\1</code>", html.escape(value))


def _table(rows: Sequence[dict[str, str]]) -> str:
    head = "".join(f"<th>{_text(c)}</th>" for c in (rows[0] if rows else ()))
    lines = "".join("<tr>" + "".join(_cell(v) for v in row.values()) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'


def _cell(value: str) -> str:
    return f'<td class="number">{value}</td>' if _NUMBER.fullmatch(value) else f"<td>{_text(value)}</td>"


def _picture(caption: str, figure: Figure) -> str:
    file = io.BytesIO()
    with styled():
        figure.savefig(file, format="svg", metadata={"Date": None})
    data = base64.b64encode(file.getvalue()).decode("ascii")
    words = html.escape(caption)
    return (
        f'<figure><img alt="{words}" src="data:image/svg+xml;base64,{data}">'
        f"<figcaption>{_text(caption)}</figcaption></figure>"
    )


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }}
h2 {{ border-bottom: 1px solid #ccc; padding-bottom: .2rem; margin-top: 2.5rem; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 13px; margin: .5rem 0 1rem; }}
th, td {{ border: 1px solid #ddd; padding: .25rem .5rem; text-align: left; vertical-align: top; }}
th {{ background: #f3f3f3; }}
td.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
th:first-child, td:first-child {{ position: sticky; left: 0; background: #f8f8f8; }}
details {{ border-top: 1px solid #ddd; padding: .4rem 0; }}
summary {{ cursor: pointer; }}
.pictures {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); gap: 1.5rem; }}
figure {{ margin: .5rem 0; max-width: 36rem; break-inside: avoid; }}
img {{ width: 100%; height: auto; }}
figcaption {{ font-size: 13px; color: #444; }}
@page {{ size: A4; margin: 12mm; }}
@media print {{
  body {{ margin: 0; padding: 0; font-size: 11px; }}
  table {{ font-size: 8px; }}
  .wide {{ overflow: visible; }}
  .pictures {{ grid-template-columns: 1fr 1fr; }}
  figure {{ max-width: 120mm; }}
  tr {{ break-inside: avoid; }}
  h2, h3, summary {{ break-after: avoid; }}
  th, td {{ position: static !important; padding: .1rem .25rem; }}
  details::details-content {{ content-visibility: visible; block-size: auto; }}
}}
</style>
</head>
<body>
{body}
</body>
</html>
"""
