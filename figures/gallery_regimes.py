"""Regime maps: which certified theorem needs the fewest iterations, over two constants."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.colors import ListedColormap, to_rgb

from bounds.catalogue import THEOREMS
from bounds.problem import Problem
from bounds.regimes import log_grid, regimes
from bounds.smoothness import Noise
from bounds.theorem import Theorem
from figures.exhibit import Drawn, drawn
from figures.style import COLORS, legend_below, new_figure, styled

__all__ = ["draw_regimes_L1", "draw_regimes_sigma"]


def draw_regimes_L1(quick: bool) -> Drawn:
    """Exact gradients, over the target accuracy and L1: gradient descent and clipping without momentum."""
    n = 12 if quick else 60
    # Normalization wins everywhere here: the question is when clipping beats a fixed step.
    records = [t for t in THEOREMS if t.noise is Noise.EXACT and {m.key for m in t.methods} & {"gd", "clipped-gd"}]
    grid = _map(("epsilon", log_grid("epsilon", 1e-3, 1, n)), ("L1", log_grid("L1", 1e-3, 100, n)), 0, records)
    return _draw(grid, "L1", r"$L_1$  [1/X]", r"exact gradients, $L_0=1$, $\Delta=5$")


def draw_regimes_sigma(quick: bool) -> Drawn:
    """Noise bounded by sigma, over the target accuracy and sigma."""
    n = 12 if quick else 60
    grid = _map(("epsilon", log_grid("epsilon", 1e-3, 1, n)), ("sigma", log_grid("sigma", 1e-3, 10, n)), 1, THEOREMS)
    return _draw(grid, "sigma", r"noise $\sigma$  [F/X]", r"bounded noise, $L_0=L_1=1$, $\Delta=5$")


def _map(x: tuple[str, Any], y: tuple[str, Any], sigma: int, records: Iterable[Theorem]) -> xr.Dataset:
    return regimes(records, x, y, Problem.of(L0=1, L1=1, Delta=5, epsilon="0.1", sigma=sigma))


def _draw(grid: xr.Dataset, vertical: str, label: str, title: str) -> Drawn:
    best = grid["best"].to_numpy()
    used = [int(k) for k in np.unique(best) if k >= 0]
    names = [str(grid["theorem"].to_numpy()[k]) for k in used]
    place = np.full(best.shape, np.nan)
    for j, k in enumerate(used):
        place[best == k] = j
    counts = np.take_along_axis(grid["log10_iterations"].to_numpy(), np.maximum(best, 0)[None], axis=0)[0]
    counts = np.where(best >= 0, counts, np.nan)
    x, y = grid["epsilon"].to_numpy(), grid[vertical].to_numpy()
    with styled():
        figure = new_figure(4.6, 4.3 + 0.22 * math.ceil(len(used)))
        axes = figure.subplots()
        axes.grid(visible=False)
        # Labels of contours are placed by the scales that the axes have at that moment.
        axes.set(xscale="log", yscale="log", title=title, ylabel=label, xlim=x[[0, -1]], ylim=y[[0, -1]])
        colors = [_tint(COLORS[j % len(COLORS)]) for j in range(len(used))]
        axes.pcolormesh(x, y, place, cmap=ListedColormap(colors), vmin=-0.5, vmax=len(used) - 0.5, rasterized=True)
        lines = axes.contour(x, y, counts, levels=np.arange(0, 20, 2), colors="black", linewidths=0.8)
        axes.clabel(lines, fmt=lambda v: rf"$10^{{{v:.0f}}}$", fontsize=8)
        axes.set_xlabel(r"target mean gradient norm $\varepsilon$  [F/X]")
        for color, name in zip(colors, names, strict=True):
            axes.fill_between([], [], facecolor=color, edgecolor="0.4", linewidth=0.5, label=name)
        axes.plot([], [], color="black", linewidth=0.8, label="iterations  [dimensionless]")
        legend_below(figure)
    rows, columns = np.meshgrid(y, x, indexing="ij")
    chosen = np.array([*grid["theorem"].to_numpy(), "none"])[best.ravel()]
    data = {"epsilon": columns.ravel(), vertical: rows.ravel(), "best": chosen, "log10_iterations": counts.ravel()}
    return drawn(figure, data, {"epsilon": "F/X", vertical: "1/X" if vertical == "L1" else "F/X"})


def _tint(color: str) -> tuple[float, ...]:
    """A light version, on which contour lines and their labels can be read."""
    return tuple(0.45 + 0.55 * c for c in to_rgb(color))
