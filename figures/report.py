"""The report: one self-contained page with the ladder, the tables and the figures; no network is needed to read it."""

from __future__ import annotations

import base64
import html
import io
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module, metadata
from typing import Any

from matplotlib.figure import Figure

from bounds.catalogue import theorem_named
from bounds.report import markdown_table
from figures.exponents import CROSSINGS, FITS, Crossing, Fit, crossing, fit
from figures.ladder import climb_all, ladder_table
from figures.refutation_table import PAIRS, find_all, refutation_rows
from figures.sandwich import CASES, LAMBDAS, over_epsilon, sandwiches
from figures.sandwich_figure import headline_figure, sandwich_figure, sandwich_table
from figures.style import styled

__all__ = ["Report", "Section", "build_report", "exponent_table", "versions"]

Progress = Callable[[str], None]
_LIBRARIES = ("numpy", "scipy", "sympy", "matplotlib", "xarray")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with paragraphs, then tables, then pictures.

    Attributes
    ----------
    pictures : figures with their captions.
    """

    title: str
    text: tuple[str, ...] = ()
    tables: tuple[tuple[str, Sequence[dict[str, str]]], ...] = ()
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
            body.append('<div class="pictures">')
            for caption, figure in section.pictures:
                body.append(
                    f'<figure><img alt="{_text(caption)}" src="data:image/svg+xml;base64,{_svg(figure)}">'
                    f"<figcaption>{_text(caption)}</figcaption></figure>"
                )
            body.append("</div></section>")
        return _PAGE.format(title=_text(self.title), body="\n".join(body))

    def markdown(self) -> str:
        """The same without pictures, whose captions stay."""
        parts = [f"# {self.title}\n", self._stamp() + "\n"]
        for section in self.sections:
            parts.append(f"## {section.title}\n")
            parts += [t + "\n" for t in section.text]
            for caption, rows in section.tables:
                parts += [f"### {caption}\n" if caption else "", markdown_table(rows)]
            parts += [f"- Figure (in the HTML report): {caption}" for caption, _ in section.pictures]
            parts.append("")
        return "\n".join(parts).rstrip() + "\n"

    def _stamp(self) -> str:
        return f"Made on {self.day} with " + ", ".join(f"{k} {v}" for k, v in self.facts.items()) + "."


def build_report(
    *,
    quick: bool = False,
    seed: int = 0,
    day: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Measure everything and compose the document.

    Parameters
    ----------
    quick : fewer theorems in each part and short searches; the report says so.
    day : date of the report, by default today's.
    progress : called with what is being done.
    """
    tell = progress or (lambda _: None)
    note = "This is a quick report: few problems and short searches." if quick else ""
    tell("ladder")
    sections = [_ladder_section(quick, seed, tell), _headline_section()]
    tell("sandwich")
    sections += [_sandwich_section(quick, tell), _exponent_section(quick, seed, tell)]
    tell("refutations")
    sections.append(_refutation_section(quick, seed, tell))
    sections += _gallery_section(tell)
    facts = versions() | {"seed": str(seed)}
    title = "clipbounds: theory and practice"
    first = Section(
        title="What this is",
        text=tuple(
            t
            for t in (
                "Every count is a number of inspected points; the criterion is that of the theorem. Upper bounds are "
                "promises for every function of the class, lower bounds hold for some function of it.",
                note,
            )
            if t
        ),
    )
    return Report(title=title, day=day or date.today().isoformat(), facts=facts, sections=(first, *sections))


def versions() -> dict[str, str]:
    """Versions of this package, Python and the numerical libraries."""
    found = {"clipbounds": _version("clipbounds"), "Python": platform.python_version()}
    return found | {name: _version(name) for name in _LIBRARIES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "(not installed as a package)"


def _ladder_section(quick: bool, seed: int, tell: Progress) -> Section:
    chosen = [theorem_named(k) for k in ("clipped-gd", "gradient-only-lower")] if quick else None
    climbs = climb_all(
        chosen,
        seconds=1.0 if quick else 3.0,
        seed=seed,
        quick=quick,
        progress=lambda k, n, key: tell(f"ladder {k + 1}/{n}: {key}"),
    )
    broken = [c.theorem for c in climbs if not c.ok]
    runs = sum(c.runs for c in climbs)
    verdict = f"{len(climbs)} theorems, {runs:,} runs behind the verdicts: " + (
        f"rungs fail for {', '.join(broken)}." if broken else "no rung fails."
    )
    return Section(title="Verification ladder", text=(verdict,), tables=(("", ladder_table(climbs)),))


def _headline_section() -> Section:
    caption = "Upper over lower bound as a function of lambda = L1 eps/L0, exact expressions, large gap"
    return Section(title="How far apart the bounds are", pictures=((caption, headline_figure()),))


def _sandwich_section(quick: bool, tell: Progress) -> Section:
    tables, pictures = [], []
    for case in CASES[1:3] if quick else CASES:
        tell(f"sandwich: {case.theorem}")
        rows = sandwiches(case, steepnesses=LAMBDAS[::4] if quick else LAMBDAS, rounds=5 if quick else 30)
        targets = over_epsilon(case, ("1", "0.5") if quick else ("1", "0.5", "0.25", "0.15"))
        tables.append((f"{case.theorem} ({rows[0].method})", sandwich_table((*rows, *targets))))
        pictures.append((f"{case.theorem} against lambda", sandwich_figure(rows)))
        pictures.append((f"{case.theorem} against eps, L0 = L1 = 1, Delta = 4", sandwich_figure(targets, "epsilon")))
    text = "lower bound <= hard instance <= worst case found <= upper bound; all four are numbers of inspected points."
    return Section(title="Sandwich", text=(text,), tables=tuple(tables), pictures=tuple(pictures))


def _exponent_section(quick: bool, seed: int, tell: Progress) -> Section:
    tell("exponents")
    fits = [fit(line, seed=seed) for line in (FITS[:2] if quick else FITS)]
    met = [crossing(*c) for c in (CROSSINGS[:1] if quick else CROSSINGS)]
    return Section(
        title="Exponents",
        text=(
            "Slopes of measured iterations on hard instances in log-log scale, with 95 % confidence intervals; they "
            "agree when the interval widened by 0.1 contains the theorem's exponent.",
        ),
        tables=(
            ("", exponent_table(fits)),
            ("Crossing points between the regimes of eps, L0 = L1 = 1", _crossings(met)),
        ),
    )


def exponent_table(fits: Sequence[Fit]) -> list[dict[str, str]]:
    """One row per sweep."""
    return [
        {
            "theorem": f.theorem,
            "axis": "1/(1 - beta)" if f.axis == "heaviness" else f.axis,
            "regime": f.regime,
            "measured slope": f"{f.slope:+.3f}",
            "95 % interval": f"[{f.low:+.3f}, {f.high:+.3f}]",
            "theorem's exponent": str(f.exponent),
            "verdict": "agrees" if f.agrees and f.within else "differs",
            "runs": f"{f.runs:,}",
        }
        for f in fits
    ]


def _crossings(met: Sequence[Crossing]) -> list[dict[str, str]]:
    return [
        {
            "theorem": c.theorem,
            "theorem's boundary": f"{c.predicted:.3g}",
            "measured crossing": f"{c.measured:.3g}",
            "quotient": f"{c.quotient:.2f}",
        }
        for c in met
    ]


def _refutation_section(quick: bool, seed: int, tell: Progress) -> Section:
    pairs = PAIRS[:2] if quick else PAIRS
    found = find_all(pairs, seconds=10.0, seed=seed, progress=lambda k, n, s: tell(f"refutation {k + 1}/{n}: {s}"))
    hits = sum(f.violated for f in found)
    text = f"A violation is found for {hits} of {len(found)} pairs of a theorem and a dropped hypothesis."
    return Section(title="Without a hypothesis", text=(text,), tables=(("", refutation_rows(found)),))


def _gallery_section(tell: Progress) -> list[Section]:
    try:
        gallery: Any = import_module("figures.gallery").GALLERY
    except ImportError:
        return []
    pictures = []
    for item in gallery:
        tell(f"gallery: {item.key}")
        pictures.append((f"{item.title}. {item.caption}", item.build(quick=True).figure))
    text = "Quick versions; `clipbounds figures` makes the full ones."
    return [Section(title="Gallery", text=(text,), pictures=tuple(pictures))]


def _text(value: str) -> str:
    return html.escape(value)


def _table(rows: Sequence[dict[str, str]]) -> str:
    head = "".join(f"<th>{_text(c)}</th>" for c in (rows[0] if rows else ()))
    lines = "".join("<tr>" + "".join(f"<td>{_text(v)}</td>" for v in row.values()) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'


def _svg(figure: Figure) -> str:
    file = io.BytesIO()
    with styled():
        figure.savefig(file, format="svg", metadata={"Date": None})
    return base64.b64encode(file.getvalue()).decode("ascii")


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
.pictures {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 1rem; }}
figure {{ margin: 0; }}
img {{ width: 100%; height: auto; }}
figcaption {{ font-size: 13px; color: #444; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""
