"""The pair of landscapes on which every fixed step fails: too long for one, too short for the other."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bounds.methods import method_named
from figures.exhibit import Drawn, drawn
from figures.style import COLORS, MARKERS, legend_below, new_figure, styled
from synthetic.hard import fixed_step_failure
from synthetic.landscape import Landscape
from synthetic.landscapes import hard_exponential, huber
from synthetic.solve import solve

__all__ = ["draw_fixed_step"]

_EPSILON = "0.1"
# Slopes above eps, so that no point of an arm meets the target.
_ABOVE = 1 + 1e-9


def draw_fixed_step(quick: bool) -> Drawn:
    """Iterations of gradient descent with every step size on both members, and those of clipping."""
    delta = 3 if quick else 10
    bowl, arm, critical = _pair(delta)
    shares = np.union1d(np.geomspace(0.1 if quick else 0.03, 4, 9 if quick else 31), [1.0])
    # A run on the bowl ends soon or never.
    caps = {"bowl": 2_000, "arm": 6_000 if quick else 100_000}
    places = (("bowl", bowl), ("arm", arm))
    counts = {name: _iterations(place, "gd", {"eta": shares * critical}, caps[name]) for name, place in places}
    clip = {"eta": [0.4], "gamma": [0.4]}
    clipped = {name: float(_iterations(place, "clipped-gd", clip, caps[name])[0]) for name, place in places}
    with styled():
        figure = new_figure(4.6, 4.4)
        axes = figure.subplots()
        axes.axvspan(1, shares.max() * 1.15, color="0.9", linewidth=0, label=r"bowl: jumps between its arms for ever")
        for k, (name, label) in enumerate((("bowl", "truncated exponential bowl"), ("arm", "Huber slope"))):
            axes.plot(shares, counts[name], color=COLORS[k], marker=MARKERS[k], markersize=4, label=f"GD, {label}")
            line: dict[str, Any] = {"color": COLORS[k], "linestyle": ("--", ":")[k]}
            axes.axhline(clipped[name], label=rf"clipped GD, same {label}", **line)
        axes.set(xscale="log", yscale="log", ylabel=r"iterations until $|F'|\leq\varepsilon$  [dimensionless]")
        axes.set_xlim(shares.min() / 1.15, shares.max() * 1.15)
        axes.set_xlabel(r"step size $h/h^\ast$  [dimensionless]")
        axes.set_title(rf"$L_0=L_1=1$, $\Delta={delta}$, $\varepsilon={_EPSILON}$: $h^\ast={critical:.3g}$")
        legend_below(figure)
    columns = {
        "step_size": shares * critical,
        "share_of_critical": shares,
        "iterations_bowl": counts["bowl"],
        "iterations_arm": counts["arm"],
        "clipped_bowl": np.full(len(shares), clipped["bowl"]),
        "clipped_arm": np.full(len(shares), clipped["arm"]),
    }
    return drawn(figure, columns, {"step_size": "X^2/F"})


def _pair(delta: int) -> tuple[Landscape, Landscape, float]:
    """The bowl, the slope, and h* = 2 z(M)/M with z(M) = ln(1 + L1 M/L0)/L1 for the largest M that the gap allows."""
    steepest = fixed_step_failure(L0=1, L1=1, delta=delta, epsilon=_EPSILON, step_size=1)
    slope = float(_EPSILON) * _ABOVE
    arm = huber(L0=1, slope=slope)
    # F(x) = slope (x - slope/(2 L0)) on the arm.
    arm = _moved(arm, delta / slope + slope / 2)
    bowl = hard_exponential(L0=1, L1=1, M=steepest.slope)
    largest = float(steepest.slope)
    # A double just beyond the edge keeps the cycle of h* on the arms.
    return _moved(bowl, bowl.start[0] * (1 + 1e-12)), arm, 2 * math.log1p(largest) / largest * (1 + 1e-11)


def _moved(place: Landscape, start: float) -> Landscape:
    return dataclasses.replace(place, start=(start,))


def _iterations(
    place: Landscape, method: str, parameters: Mapping[str, npt.ArrayLike], cap: int
) -> npt.NDArray[np.float64]:
    """Iterations of each run; infinite when the cap is reached."""
    runs = solve(
        place,
        method_named(method),
        place.start,
        epsilon=float(_EPSILON),
        max_iterations=cap,
        parameters=parameters,
        criterion="min",
    )
    return np.where(runs.converged, runs.iterations, np.inf)
