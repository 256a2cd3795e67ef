"""One look for every figure: colour-blind-safe, readable in print, deterministic bytes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.figure import Figure

__all__ = ["COLORS", "MARKERS", "fitted_slope", "new_figure", "styled"]

# Okabe and Ito's palette, without yellow, which is too light for lines.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

_RC = {
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.labelsize": 9.5,
    "legend.fontsize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "lines.linewidth": 1.6,
    "svg.hashsalt": "clipbounds",
    "savefig.dpi": 160,
}


@contextmanager
def styled() -> Iterator[None]:
    """The style for the duration of a block; matplotlib's global settings are left as they were."""
    with mpl.rc_context(_RC):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of this size in inches, with constrained layout."""
    return Figure(figsize=(width, height), layout="constrained")


def fitted_slope(x: list[float], y: list[float]) -> float:
    """Least-squares slope of log y against log x over the finite positive points; NaN with fewer than two."""
    points = [(math.log(a), math.log(b)) for a, b in zip(x, y, strict=True) if a > 0 and b > 0 and math.isfinite(b)]
    if len({a for a, _ in points}) < 2:
        return math.nan
    mean_x, mean_y = (sum(c) / len(points) for c in zip(*points, strict=True))
    slope: float = sum((a - mean_x) * (b - mean_y) for a, b in points) / sum((a - mean_x) ** 2 for a, _ in points)
    return slope
