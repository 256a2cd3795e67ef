"""The report: one self-contained page with the ladder, the tables and the figures; no network is needed to read it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from datetime import date
from importlib import metadata

from bounds.catalogue import theorem_named
from figures.exhibit import mark_quick
from figures.exponents import CROSSINGS, FITS, Crossing, Fit, crossing, fit
from figures.gallery import GALLERY
from figures.ladder import Climb, climb_all, ladder_table, verdict_table
from figures.page import Fold, Report, Section
from figures.refutation_table import refutation_rows
from figures.sandwich import both_sweeps
from figures.sandwich_cases import CASES
from figures.sandwich_figure import sandwich_figure, sandwich_row, sandwich_table

__all__ = ["build_report", "exponent_table", "versions"]

Progress = Callable[[str], None]
_LIBRARIES = ("numpy", "scipy", "sympy", "matplotlib", "xarray")


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
    quick : fewer theorems in each part, short searches and quick figures; the report says so.
    day : date of the report, by default today's.
    progress : called with what is being done.
    """
    tell = progress or (lambda _: None)
    note = ("This is a quick report: few theorems, short searches, quick figures.",) if quick else ()
    first = Section(
        title="What this is",
        text=(
            "Every count is a number of inspected points; the criterion is that of the theorem. Upper bounds are "
            "promises for every function of the class, lower bounds hold for some function of it.",
            *note,
        ),
    )
    climbs = climb_all(
        [theorem_named(k) for k in ("clipped-gd", "gradient-only-lower")] if quick else None,
        seconds=1.0 if quick else 3.0,
        seed=seed,
        quick=quick,
        progress=lambda k, n, key: tell(f"ladder {k + 1}/{n}: {key}"),
    )
    return Report(
        title="clipbounds: theory and practice",
        day=day or date.today().isoformat(),
        facts=versions() | {"seed": str(seed)},
        sections=(
            first,
            _ladder_section(climbs),
            _refutation_section(climbs),
            _sandwich_section(quick, seed, tell),
            _exponent_section(quick, seed, tell),
            _gallery_section(quick, tell),
        ),
    )


def versions() -> dict[str, str]:
    """Versions of this package, Python and the numerical libraries."""
    found = {"clipbounds": _version("clipbounds"), "Python": platform.python_version()}
    return found | {name: _version(name) for name in _LIBRARIES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "(not installed as a package)"


def _ladder_section(climbs: Sequence[Climb]) -> Section:
    broken = [c.theorem for c in climbs if not c.ok]
    runs = sum(c.runs for c in climbs)
    verdict = f"{len(climbs)} theorems, {runs:,} runs behind the verdicts: " + (
        f"rungs fail for {', '.join(broken)}." if broken else "no rung fails."
    )
    return Section(
        title="Verification ladder",
        text=(verdict,),
        tables=(("All theorems together", verdict_table(climbs)), ("Theorem by theorem", ladder_table(climbs))),
    )


def _refutation_section(climbs: Sequence[Climb]) -> Section:
    found = [f for c in climbs for f in c.dropped]
    hits = sum(f.violated for f in found)
    text = (
        f"With one hypothesis taken away at a time, a violation is found for {hits} of {len(found)} pairs of a theorem "
        "and a hypothesis; the search ends soon after the first one. `clipbounds refute-theorem KEY --drop HYPOTHESIS` "
        "repeats a search."
    )
    return Section(title="Without a hypothesis", text=(text,), tables=(("", refutation_rows(found)),))


def _sandwich_section(quick: bool, seed: int, tell: Progress) -> Section:
    rows, folds = [], []
    for case in CASES[1:3] if quick else CASES:
        tell(f"sandwich: {case.theorem}")
        sweep, targets = both_sweeps(case, quick=quick, seed=seed)
        every = (*sweep, *targets)
        summary = sandwich_row(every)
        rows.append(summary)
        figure = sandwich_figure(sweep, targets)
        title = f"{case.theorem} ({sweep[0].method}): upper/lower {summary['upper/lower']}"
        folds.append(
            Fold(title=title, rows=sandwich_table(every), picture=mark_quick(figure) if quick else figure),
        )
    text = (
        "Lower bound <= hard instance of the method <= worst case found <= upper bound, over lambda = L1 eps/L0 at a "
        "fixed quotient of Delta and D(eps), and over eps at fixed Delta, L0 and L1."
    )
    return Section(title="Sandwich", text=(text,), tables=(("", rows),), folds=tuple(folds))


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


def _gallery_section(quick: bool, tell: Progress) -> Section:
    pictures = []
    for exhibit in GALLERY:
        tell(f"gallery: {exhibit.key}")
        caption = f"{exhibit.title}. {exhibit.caption} `{exhibit.command}`"
        pictures.append((caption, exhibit.build(quick=quick).figure))
    text = "Each figure is made by the command below it, with its data."
    return Section(title="Gallery", text=(text,), pictures=tuple(pictures))
