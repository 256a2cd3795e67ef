"""Local smoothness against gradient norm, coloured by iteration, with the fitted line.

The picture of Zhang, He, Sra and Jadbabaie (ICLR 2020, arXiv 1905.11881, Figure 1), from the samples of
:mod:`synthetic.estimate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from bounds.errors import InputError
from bounds.methods import method_named
from figures.exhibit import Drawn
from figures.save import Writer, save_columns
from figures.style import COLORS, new_figure, styled
from synthetic.estimate import Samples, SmoothnessFit, at_points, fit_smoothness, trajectory
from synthetic.landscape import StatedSmoothness
from synthetic.landscapes import phase_retrieval

__all__ = ["draw_scatter", "save_columns", "save_samples", "scatter_figure"]

_DASHES = ("-", "--", "-.", ":")


def scatter_figure(
    samples: Samples,
    fits: Sequence[SmoothnessFit] = (),
    *,
    stated: StatedSmoothness | None = None,
    title: str | None = None,
) -> Figure:
    """Log-log scatter of the samples under the fitted lines and, in black, the line of a stated pair.

    Logarithmic axes have no place for zeros: samples with one are left out, and the figure says how many.

    Raises
    ------
    InputError : no sample has both numbers positive.
    """
    g, s = samples.gradient_norms, samples.smoothness
    shown = (g > 0) & (s > 0)
    if not shown.any():
        raise InputError("no sample has a positive gradient norm and a positive smoothness: nothing can be drawn.")
    with styled():
        figure = new_figure(4.4, 4.3)
        axes = figure.subplots()
        dots = axes.scatter(
            g[shown], s[shown], c=samples.iterations[shown], cmap="cividis", s=16, linewidths=0, zorder=2
        )
        span = np.geomspace(g[shown].min(), g[shown].max(), 200)
        for k, fit in enumerate(fits):
            name = "envelope" if fit.quantile == 1 else f"quantile {fit.quantile:g}"
            label = rf"{name}: $L_0={fit.L0:.3g}$, $L_1={fit.L1:.3g}$, held out: {fit.held_out_rate:.1%} above"
            # The first colour is that of early iterations in the map, so lines start with the second.
            color, dash = COLORS[1 + k % (len(COLORS) - 2)], _DASHES[k % len(_DASHES)]
            _line(axes, span, fit.line(span), color=color, linestyle=dash, label=label)
        if stated is not None:
            label = rf"{stated.status.value}: $L_0={float(stated.L0):.3g}$, $L_1={float(stated.L1):.3g}$"
            line = float(stated.L0) + float(stated.L1) * span
            _line(axes, span, line, color="black", linestyle=":", label=label)
        hidden = int((~shown).sum())
        left_out = f"  ({hidden} samples at 0 left out)" if hidden else ""
        axes.set(xscale="log", yscale="log", ylabel=r"local smoothness  [F/X$^2$]")
        axes.set_xlabel(rf"gradient norm $\|\nabla F\|$  [F/X]{left_out}")
        axes.set_title(title or "Samples and estimated lines")
        figure.colorbar(dots, ax=axes, label="iteration  [dimensionless]", aspect=30)
        if fits or stated is not None:
            figure.legend(loc="outside lower center", frameon=False)
    return figure


def _line(axes: Any, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], **look: Any) -> None:
    # A line through the origin of a sample set at gradient norm 0 would otherwise stretch the axis to nothing.
    axes.plot(x, np.where(y > 0, y, np.nan), zorder=3, **look)


def save_samples(samples: Samples, stem: str) -> dict[str, Writer]:
    """Writers for the samples as CSV and NetCDF."""
    columns = {
        "iteration": samples.iterations,
        "gradient_norm": samples.gradient_norms,
        "smoothness": samples.smoothness,
    }
    return save_columns(columns, stem, units={"gradient_norm": "F/X", "smoothness": "F/X^2"})


def draw_scatter(quick: bool) -> Drawn:
    """The figure of the gallery: exact smoothness along a run of clipping on phase retrieval."""
    place = phase_retrieval()
    clip = {"eta": 0.01, "gamma": 0.02}
    steps = 80 if quick else 600
    run = trajectory(place, method_named("clipped-gd"), place.start, steps=steps, parameters=clip)
    samples = at_points(place, run.points)
    fits = [fit_smoothness(samples.gradient_norms, samples.smoothness, quantile=q) for q in (1, "0.9")]
    figure = scatter_figure(samples, fits, title="phase retrieval, along a run of clipping")
    return Drawn(figure=figure, data=lambda stem: save_samples(samples, stem))
