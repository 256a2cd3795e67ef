r"""Iterations against L1: fixed-step gradient descent grows, clipping does not.

The landscape is the extremal one-dimensional function W(x) = (L0/L1^2)(e^{L1|x|} - 1 - L1|x|), for which
|W''| = L0 + L1|W'| exactly, started where the gap is Delta. Gradient descent must choose its step for the largest
curvature L0 + L1 M of the sublevel set and then crawls through the bottom, where the curvature is L0; clipped gradient
descent uses eta = 0.4/L0 and gamma = 0.4/L1 throughout. The polynomial family is L0 (x^2/4 + L1^2 x^4/72).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Literal

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import brentq

from bounds.methods import method_named
from bounds.quantities import Number, as_fraction
from bounds.theorem import Criterion
from figures.comparer import compare
from figures.exhibit import Drawn
from figures.rows import Row
from figures.save import save_rows
from figures.steps import Entry
from figures.style import COLORS, MARKERS, fitted_slope, legend_below, new_figure, styled
from figures.sweep import over_L1
from synthetic.landscape import Landscape
from synthetic.landscapes import exponential_bowl, quartic_bowl

__all__ = ["ENTRIES", "growth_exhibit", "growth_figure", "growth_rows"]

_NAMES = {"exponential-bowl": "exponential bowl", "quartic-bowl": "quartic bowl"}

ENTRIES = (
    Entry(method=method_named("gd"), theorem="gd-gradient-bound", label="gradient descent, fixed step"),
    Entry(method=method_named("clipped-gd"), theorem="clipped-gd", label="clipped gradient descent"),
    Entry(
        method=method_named("momentum-clipping"),
        theorem="framework-deterministic-sharp",
        parameters={"beta": "0.9"},
        label="momentum clipping, beta = 0.9",
    ),
)


def _bowl(L1: Number, delta: float) -> tuple[Landscape, tuple[float, ...]]:
    landscape = exponential_bowl(L0=1, L1=L1)
    slope = float(as_fraction("L1", L1))
    # W(x) >= x^2/2 for L0 = 1, so the start lies below sqrt(2 delta); it also lies below ln(2 + L1^2 delta)/L1 + 2/L1.
    reach = min(math.sqrt(2 * delta), (math.log(2 + slope**2 * delta) + 2) / slope)
    return landscape, _start(landscape, reach, delta)


def _polynomial(L1: Number, delta: float) -> tuple[Landscape, tuple[float, ...]]:
    landscape = quartic_bowl(L0=1, L1=L1)
    # F(x) >= x^2/4 for L0 = 1.
    return landscape, _start(landscape, 2 * math.sqrt(delta), delta)


def _start(landscape: Landscape, reach: float, delta: float) -> tuple[float, ...]:
    """The point in [0, reach] where the gap is ``delta``."""

    def excess(x: float) -> float:
        return float(landscape.gap(np.array([[x]]))[0]) - delta

    return (float(brentq(excess, 0.0, reach + 1e-9, xtol=1e-14)),)


def growth_rows(
    values: Sequence[Number],
    *,
    family: Literal["exponential", "polynomial"] = "exponential",
    delta: float = 1.0,
    epsilon: Number = Fraction(1, 100),
    cap: int = 10**6,
) -> tuple[Row, ...]:
    """The measured rows: iterations until some gradient norm is at most ``epsilon``, for each L1."""
    place = {"exponential": _bowl, "polynomial": _polynomial}[family]
    sweep = over_L1(lambda L1: place(L1, delta), values, epsilon)
    return compare((sweep,), ENTRIES, criterion=Criterion.MIN, cap=cap)


def growth_figure(rows: Sequence[Row]) -> Figure:
    """Log-log figure of :func:`growth_rows`: markers measured, solid lines the bounds for the steps that were run."""
    with styled():
        figure = new_figure(4.8, 4.4)
        axes = figure.subplots()
        for k, method in enumerate(dict.fromkeys(r.method for r in rows)):
            mine = [r for r in rows if r.method == method]
            x = [r.value for r in mine]
            slope = fitted_slope(x[len(x) // 2 :], [r.measured for r in mine][len(x) // 2 :])
            axes.plot(x, [r.bound for r in mine], color=COLORS[k], label="_")
            axes.plot(
                x,
                [r.measured for r in mine],
                color=COLORS[k],
                marker=MARKERS[k],
                linestyle="--",
                linewidth=0.9,
                label=f"{method}: slope {slope:+.2f} at large L1",
            )
        axes.set(xscale="log", yscale="log", xlabel=r"$L_1$  [1/X]", ylabel="iterations  [dimensionless]")
        axes.set_title(
            rf"until $\|\nabla F(x_t)\|\leq{rows[0].epsilon:g}$ on the {_NAMES[rows[0].landscape]}, $L_0=\Delta=1$"
            "\nmeasured (markers) and certified bound (solid)"
        )
        legend_below(figure)
    return figure


def growth_exhibit(quick: bool, *, family: Literal["exponential", "polynomial"]) -> Drawn:
    """The figure of the gallery for one family."""
    rows = growth_rows((1, 8, 64) if quick else tuple(2**k for k in range(8)), family=family)
    return Drawn(figure=growth_figure(rows), data=partial(save_rows, rows))
