"""Measured iterations under their bounds, one panel for each landscape, both slopes in the legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from figures.rows import Row
from figures.style import COLORS, MARKERS, fitted_slope, new_figure, styled

__all__ = ["comparison_figure"]

_AXIS_LABEL = {
    "epsilon": r"target gradient norm $\varepsilon$  [F/X]",
    "L1": r"$L_1$  [1/X]",
    "Delta": r"initial gap $\Delta$  [F]",
}


def comparison_figure(rows: Sequence[Row], title: str | None = None) -> Figure:
    """Log-log figure: markers are measured, solid lines the bounds for the same step sizes, dots the lower bounds.

    The lower bound is a worst case over the class: an easy landscape may lie below it.
    """
    landscapes = list(dict.fromkeys(r.landscape for r in rows))
    methods = list(dict.fromkeys(r.method for r in rows))
    with styled():
        figure = new_figure(4.7 * len(landscapes) + 0.4, 4.9)
        panels = figure.subplots(1, len(landscapes), squeeze=False)[0]
        for panel, landscape in zip(panels, landscapes, strict=True):
            for k, method in enumerate(methods):
                mine = [r for r in rows if r.landscape == landscape and r.method == method]
                _draw(panel, mine, method, COLORS[k % len(COLORS)], MARKERS[k % len(MARKERS)])
            panel.set(xscale="log", yscale="log", title=landscape)
            panel.set_xlabel(_AXIS_LABEL[rows[0].axis])
            panel.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=1, frameon=False)
        panels[0].set_ylabel("iterations  [dimensionless]")
        figure.suptitle(title or "Measured iterations (markers), upper bounds (solid), class lower bounds (dotted)")
    return figure


def _draw(panel: Any, rows: list[Row], method: str, color: str, marker: str) -> None:
    covered = sorted((r for r in rows if r.verdict != "refused"), key=lambda r: r.value)
    if not covered:
        return
    x = [r.value for r in covered]
    bound = [r.bound for r in covered]
    measured = [r.measured for r in covered]
    slopes = _words(fitted_slope(x, measured)), _words(fitted_slope(x, bound))
    panel.plot(x, bound, color=color)
    panel.plot([], [], color=color, marker=marker, label=f"{method}: slope {slopes[0]} measured, {slopes[1]} bound")
    panel.plot(x, [r.lower for r in covered], color=color, linestyle=":", linewidth=1.2)
    panel.plot(x, measured, color=color, marker=marker, markersize=5, linestyle="none")
    broken = [r for r in covered if r.verdict == "violated"]
    panel.plot([r.value for r in broken], [r.bound for r in broken], "x", color="red", markersize=11, mew=2.5)


def _words(slope: float) -> str:
    return "n/a" if math.isnan(slope) else f"{slope:+.2f}"
