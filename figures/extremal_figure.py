"""A worst case in dimension one: the landscape that the game found, and the iterates of the method on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from bounds.catalogue import theorem_named
from bounds.errors import InputError
from figures.exhibit import Drawn
from figures.save import Writer, save_columns
from figures.style import COLORS, new_figure, styled
from synthetic.estimate import Trajectory
from synthetic.extremal import ExtremalLandscape
from synthetic.game import WorstCase, worst_case
from synthetic.promises import promise_of

__all__ = ["draw_worst_case", "extremal_figure", "save_extremal", "worst_case_figure"]

Float = npt.NDArray[np.float64]


def worst_case_figure(found: WorstCase, title: str | None = None) -> Figure:
    """The landscape of the game with what was measured and what was promised."""
    levels = {"criterion, measured": found.measured, f"promised (ratio {found.ratio:.3f})": found.promised}
    return extremal_figure(found.landscape, levels=levels, title=title)


def extremal_figure(
    landscape: ExtremalLandscape,
    run: Trajectory | None = None,
    *,
    levels: Mapping[str, float] | None = None,
    title: str | None = None,
) -> Figure:
    """f - inf f above |f'|, with the iterates coloured by iteration.

    Parameters
    ----------
    run : the iterates to mark; by default the points at which the landscape stores the slopes that were answered.
    levels : horizontal lines over |f'|, by name, units F/X.
    """
    points, slopes = _iterates(landscape, run)
    x = _grid(landscape, points)
    with styled():
        figure = new_figure(4.4, 4.8)
        upper, lower = figure.subplots(2, 1, sharex=True)
        for panel, curve, marks in (
            (upper, landscape.value(x[:, None]), landscape.value(points[:, None])),
            (lower, np.abs(landscape.gradient(x[:, None])[:, 0]), np.abs(slopes)),
        ):
            panel.plot(x, curve, color=COLORS[0], linewidth=1.2, zorder=1)
            dots = panel.scatter(
                points,
                marks,
                c=np.arange(len(points)),
                cmap="cividis",
                s=20,
                edgecolors="black",
                linewidths=0.4,
                zorder=3,
            )
        for k, (name, level) in enumerate((levels or {}).items()):
            lower.axhline(level, color=COLORS[1 + k % 6], linestyle=("--", ":", "-.")[k % 3], zorder=2, label=name)
        lower.locator_params(axis="x", nbins=5)
        upper.set_ylabel(r"$f-\inf f$  [F]")
        lower.set(ylabel=r"$|f'|$  [F/X]", xlabel="x  [X]", ylim=(0, None))
        default = rf"Extremal landscape, $L_0={float(landscape.L0):g}$, $L_1={float(landscape.L1):g}$"
        upper.set_title(title or default)
        figure.colorbar(dots, ax=(upper, lower), label="iteration  [dimensionless]", aspect=40)
        if levels:
            figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def _iterates(landscape: ExtremalLandscape, run: Trajectory | None) -> tuple[Float, Float]:
    if run is None:
        return np.array(landscape.points), np.array(landscape.slopes)
    if run.points.shape[1] != 1:
        raise InputError(f"the run has dimension {run.points.shape[1]}: an extremal landscape has dimension 1.")
    return run.points[:, 0], run.gradients[:, 0]


def _grid(landscape: ExtremalLandscape, points: Float) -> Float:
    """The range of the iterates with a margin, and with the minimum beyond them unless it is far away."""
    low, high = min(points.min(), min(landscape.points)), max(points.max(), max(landscape.points))
    # A single point has no range: the length over which the class lets a slope change sets the scale.
    reach = high - low or float(1 / (landscape.L1 or 1))
    # Beyond the data the transformed slope moves to 0 at unit rate, so it is the distance to the minimum.
    ends = landscape.transformed(np.array([low, high]))
    low, high = low - np.clip(ends[0], 0, reach), high + np.clip(-ends[1], 0, reach)
    return np.union1d(np.linspace(low - 0.08 * reach, high + 0.08 * reach, 2000), landscape.points)


def save_extremal(landscape: ExtremalLandscape, stem: str, run: Trajectory | None = None) -> dict[str, Writer]:
    """Writers for the iterates as CSV and NetCDF, and for the landscape as JSON that can be loaded and run again."""
    points, slopes = _iterates(landscape, run)
    columns = {
        "iteration": np.arange(len(points)),
        "x": points,
        "gap": landscape.value(points[:, None]),
        "slope": slopes,
    }
    tables = save_columns(columns, stem, units={"x": "X", "gap": "F", "slope": "F/X"})
    return tables | {f"{stem}.json": lambda path: _write(path, landscape)}


def _write(path: Path, landscape: ExtremalLandscape) -> None:
    path.write_text(landscape.to_json(), encoding="utf-8")


def draw_worst_case(quick: bool) -> Drawn:
    """The figure of the gallery: the worst landscape found for clipping, L0 = L1 = 1."""
    steps, effort = (20, 10) if quick else (50, 200)
    promise = promise_of(theorem_named("clipped-gd"), L0=1, L1=1, steps=steps)
    found = worst_case(
        promise.method, promise.parameters, L0=1, L1=1, steps=steps, promise=promise, seed=0, batch=32, rounds=effort
    )
    figure = worst_case_figure(found, f"clipping, worst landscape found, {steps} steps")
    return Drawn(figure=figure, data=lambda stem: save_extremal(found.landscape, stem))
