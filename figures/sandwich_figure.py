r"""Pictures and tables of the sandwich, and the headline: upper over lower bound as a function of lambda.

For large gaps every bound of the deterministic theory is Delta times a rate, so the quotient of two of them tends to
the quotient of rates, an exact function of lambda = L1 epsilon/L0. Against the lower bound for all gradient-only
methods, rate 1/(2 D(epsilon)), the best step has

    rho(lambda) = (2 + (8/3) lambda) 2 (lambda - ln(1 + lambda))/lambda^2,    2 <= rho <= 16/3.

Source: docs/theory/lower.md, Corollary 9.1.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from bounds.catalogue import theorem_named
from bounds.functions import NamedFunction
from bounds.symbols import L0, L1, Delta, epsilon
from bounds.theorem import Theorem
from figures.sandwich import Sandwich
from figures.style import COLORS, DASHES, legend_below, new_figure, styled

__all__ = [
    "HEADLINE",
    "draw_sandwich",
    "headline_figure",
    "quotient",
    "sandwich_figure",
    "sandwich_row",
    "sandwich_table",
    "save_sandwiches",
]

Float = npt.NDArray[np.float64]

HEADLINE: tuple[tuple[str, str], ...] = (
    ("best-step-gd", "best step, no knowledge of $\\varepsilon$"),
    ("normalized-gd", "normalized, best length for $\\varepsilon$"),
    ("reciprocal-gd", "step $1/(L_0+L_1\\|\\nabla F\\|)$"),
    ("clipped-gd", "clipped, $\\eta=0.4/L_0$, $\\gamma=0.4/L_1$"),
)
"""Theorems of the headline figure, all divided by the lower bound for every gradient-only method."""
_LOWER = "gradient-only-lower"
_AXES = {
    "steepness": r"$\lambda=L_1\varepsilon/L_0$  [dimensionless]",
    "epsilon": r"target $\varepsilon$  [F/X]",
}
_LAYERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("upper", "upper bound", {"color": COLORS[0]}),
    ("worst", "worst case found", {"color": COLORS[1], "linestyle": "none", "marker": "s", "markersize": 4}),
    (
        "hard",
        "hard instance of the method",
        {"color": COLORS[2], "linestyle": "none", "marker": "o", "markersize": 7, "markerfacecolor": "none"},
    ),
    ("lower", "lower bound", {"color": COLORS[6], "linestyle": "--"}),
)


def quotient(theorem: Theorem) -> Callable[[Float], Float]:
    """The limit of (count of ``theorem``)/(general lower bound) as Delta -> infinity, as a function of lambda > 0."""
    rates = [sp.diff(t.complexity, Delta) for t in (theorem, theorem_named(_LOWER))]
    ratio = (rates[0] / rates[1]).xreplace({L0: sp.Integer(1), epsilon: sp.Integer(1)})
    while ratio.has(NamedFunction):
        ratio = ratio.replace(lambda e: isinstance(e, NamedFunction), lambda e: e.explicit())
    # lambda - ln(1 + lambda) cancels for small lambda: thirty digits leave enough.
    exact = sp.lambdify(L1, ratio, "mpmath")

    def evaluate(steepness: Float) -> Float:
        import mpmath

        with mpmath.workdps(30):
            return np.array([float(exact(mpmath.mpf(float(s)))) for s in steepness])

    return evaluate


def headline_figure(steepness: Float, quotients: Sequence[Float]) -> Figure:
    """Upper over lower bound against lambda; one curve for each theorem of ``HEADLINE``."""
    with styled():
        figure = new_figure(5.2, 4.0)
        axes = figure.subplots()
        for k, ((_, label), values) in enumerate(zip(HEADLINE, quotients, strict=True)):
            axes.plot(steepness, values, color=COLORS[k], linestyle=DASHES[k], label=label)
        axes.axhline(1.0, color="black", linewidth=1.0)
        below = "lower bound for every gradient-only method"
        axes.annotate(below, (steepness[0], 1), (4, 4), textcoords="offset points", fontsize=8)
        axes.set(xscale="log", yscale="log", xlim=(steepness[0], steepness[-1]), ylim=(0.9, 30))
        for level, text in ((2.0, "2"), (16 / 3, "16/3")):
            axes.axhline(level, color="0.5", linewidth=0.8, linestyle=":")
            axes.annotate(text, (1, level), (3, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=8)
        axes.set_yticks([1, 2, 3, 5, 10, 20], ["1", "2", "3", "5", "10", "20"])
        axes.minorticks_off()
        axes.set_xlabel(_AXES["steepness"])
        axes.set_ylabel("upper bound / lower bound  [dimensionless]")
        axes.set_title(r"Iterations promised over iterations needed, $\Delta\to\infty$")
        legend_below(figure, columns=2)
    return figure


def draw_sandwich(axes: Any, rows: Sequence[Sandwich], axis: str = "steepness") -> None:
    """Four counts against lambda (``axis="steepness"``) or the target (``axis="epsilon"``)."""
    x = [getattr(r, axis) for r in rows]
    for name, label, look in _LAYERS:
        axes.plot(x, [getattr(r, name) for r in rows], label=label, **look)
    if len(rows) == 1:
        # One problem has no line to show.
        for name, _, look in (_LAYERS[0], _LAYERS[-1]):
            axes.plot(x, [getattr(r, name) for r in rows], color=look["color"], marker="_", markersize=18)
    axes.fill_between(x, [r.lower for r in rows], [r.upper for r in rows], color="0.92", zorder=0)
    low, high = min(r.lower for r in rows), max(r.upper for r in rows)
    axes.set(yscale="log", ylim=(low / 1.6, high * 1.6))
    _plain_ticks(axes, high / low)
    if len(set(x)) > 1:
        axes.set(xscale="log")
    axes.set_xlabel(_AXES[axis])


def _plain_ticks(axes: Any, spread: float) -> None:
    """1, 2, 5, 10, ... over less than two decades, else powers of ten."""
    subs = (1.0, 2.0, 5.0) if spread < 100 else (1.0,)
    axes.yaxis.set_major_locator(LogLocator(subs=subs))
    if spread < 100:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def sandwich_figure(rows: Sequence[Sandwich], targets: Sequence[Sandwich]) -> Figure:
    """One theorem: counts against lambda and against the target."""
    first = rows[0]
    with styled():
        figure = new_figure(5.4, 3.3)
        left, right = figure.subplots(1, 2)
        draw_sandwich(left, rows)
        draw_sandwich(right, targets, "epsilon")
        left.set_ylabel("points  [dimensionless]")
        right.set_ylabel("points  [dimensionless]")
        left.set_title(f"$\\Delta$ = {first.gaps:g} D($\\varepsilon$)")
        smooth = all(r.steepness == 0 for r in targets)
        right.set_title(f"$L_0$ = 1, $L_1$ = {0 if smooth else 1}")
        for axes, many in ((left, rows), (right, targets)):
            if len(many) == 1:
                axes.set_xticks([many[0].steepness])
        right.set_xticks([r.epsilon for r in targets], [f"{r.epsilon:g}" for r in targets])
        right.minorticks_off()
        legend_below(figure, columns=2)
    return figure


def sandwich_table(rows: Sequence[Sandwich]) -> list[dict[str, str]]:
    """One row per problem, with the gaps, for Markdown and the terminal."""
    return [
        {
            "lambda": f"{r.steepness:.3g}",
            "eps": f"{r.epsilon:g}",
            "Delta/D(eps)": f"{r.gaps:.4g}",
            "lower bound": f"{r.lower:,} ({r.lower_key})",
            "hard instance": f"{r.hard:,}",
            "worst found": f"{r.worst:,} ({r.source})",
            "upper bound": f"{r.upper:,}",
            "upper/lower": f"{r.gap:.2f}",
            "worst/upper": f"{r.found:.2f}",
            "runs": f"{r.runs:,}",
        }
        for r in rows
    ]


def sandwich_row(rows: Sequence[Sandwich]) -> dict[str, str]:
    """All problems of one theorem in one row."""
    gaps, found = [r.gap for r in rows], [r.found for r in rows]
    return {
        "theorem": rows[0].theorem,
        "method": rows[0].method,
        "lower bound": ", ".join(dict.fromkeys(r.lower_key for r in rows)),
        "problems": str(len(rows)),
        "upper/lower": f"{min(gaps):.2f} .. {max(gaps):.2f}",
        "worst/upper": f"{min(found):.2f} .. {max(found):.2f}",
        "runs": f"{sum(r.runs for r in rows):,}",
        "verdict": "in order" if all(r.ordered for r in rows) else "OUT OF ORDER",
    }


def save_sandwiches(rows: Sequence[Sandwich], path: Path) -> None:
    """The rows as CSV, with the two quotients."""
    names = [f.name for f in dataclasses.fields(Sandwich)]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow([*names, "upper_over_lower", "worst_over_upper"])
        cells: list[list[Any]] = [[*(getattr(r, n) for n in names), r.gap, r.found] for r in rows]
        table.writerows(cells)
