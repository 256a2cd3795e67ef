"""One look for every figure: colour-blind-safe, readable in print, deterministic bytes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

__all__ = ["COLORS", "DASHES", "MARKERS", "draw_band", "fitted_slope", "legend_below", "new_figure", "styled"]

# Okabe and Ito's palette, without yellow, which is too light for lines.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))

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


def legend_below(figure: Figure, columns: int = 1) -> None:
    """One legend for all panels, below them, where it hides nothing; equal labels appear once."""
    entries: dict[str, Any] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=columns, frameon=False)


def draw_band(axes: Any, x: npt.ArrayLike, quantiles: npt.NDArray[np.float64], k: int, label: str) -> None:
    """A median with the band between two quantiles, in the k-th colour and dash; ``quantiles``: (3, n), rising."""
    low, middle, high = quantiles
    look = {"color": COLORS[k % len(COLORS)], "linewidth": 0}
    axes.fill_between(x, low, high, alpha=0.2, **look)
    axes.plot(x, middle, color=look["color"], linestyle=DASHES[k % len(DASHES)], label=label)
