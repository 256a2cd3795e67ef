"""Trajectories on a landscape in the plane, with the region shaded in which clipping acts."""

from __future__ import annotations

from typing import Any

import numpy as np

from bounds.methods import method_named
from figures.exhibit import Drawn, drawn
from figures.style import COLORS, MARKERS, legend_below, new_figure, styled
from synthetic.estimate import Trajectory, trajectory
from synthetic.expressions import subject
from synthetic.landscape import Landscape
from synthetic.step import norms

__all__ = ["draw_plane"]

_FORMULA, _L0, _L1 = "x**4/4 + cosh(2*y)", 4.0, 2.0
_START = (-3.2, 2.2)
_ETA, _GAMMA, _BETA = 0.4 / _L0, 0.4 / _L1, 0.8


def draw_plane(quick: bool) -> Drawn:
    """Level sets of F, and 60 steps of clipping, momentum clipping and gradient descent with the longest safe step."""
    place = subject(_FORMULA, L0=4, L1=2, start=_START)
    first = float(norms(place.gradient(np.array([_START])))[0])
    clip = {"eta": _ETA, "gamma": _GAMMA}
    steps = 25 if quick else 60
    runs = {
        "clipped gradient descent": _run(place, "clipped-gd", steps, clip),
        rf"momentum clipping, $\beta={_BETA}$": _run(place, "momentum-clipping", steps, clip | {"beta": _BETA}),
        r"gradient descent, $\eta=1/(L_0+L_1\|\nabla F(x_0)\|)$": _run(
            place, "gd", steps, {"eta": 1 / (_L0 + _L1 * first)}
        ),
    }
    with styled():
        figure = new_figure(4.6, 4.6)
        axes = figure.subplots()
        _background(axes, place, 60 if quick else 240)
        for k, (name, run) in enumerate(runs.items()):
            # The first colour is close to the shades of the background.
            look: dict[str, Any] = {"color": COLORS[1 + k] if k else "black", "marker": MARKERS[k], "markersize": 3.5}
            axes.plot(*run.points.T, linewidth=1, label=name, **look)
        axes.plot(0, 0, "*", color="white", markeredgecolor="black", markersize=11, linestyle="none", label="minimizer")
        axes.fill_between([], [], color="0.8", label=r"clipped: $\|\nabla F\|>\gamma/\eta$")
        axes.set(xlabel="x  [X]", ylabel="y  [X]", title=rf"$x^4/4+\cosh(2y)$, {steps} steps each", aspect="equal")
        axes.grid(visible=False)
        legend_below(figure)
    return drawn(figure, _columns(runs), {"x": "X", "y": "X", "gradient_norm": "F/X"})


def _run(place: Landscape, method: str, steps: int, parameters: dict[str, float]) -> Trajectory:
    return trajectory(place, method_named(method), _START, steps=steps, parameters=parameters)


def _background(axes: Any, place: Landscape, points: int) -> None:
    x, y = np.meshgrid(np.linspace(-3.6, 2.0, points), np.linspace(-1.4, 2.5, points))
    grid = np.column_stack([x.ravel(), y.ravel()])
    value, slope = place.value(grid).reshape(x.shape), norms(place.gradient(grid)).reshape(x.shape)
    axes.contourf(x, y, slope, levels=[_GAMMA / _ETA, np.inf], colors=["0.87"])
    axes.contour(x, y, value, levels=np.geomspace(1.1, 80, 11), colors="0.6", linewidths=0.6)


def _columns(runs: dict[str, Trajectory]) -> dict[str, Any]:
    counts = [len(r.points) for r in runs.values()]
    points = np.concatenate([r.points for r in runs.values()])
    return {
        "method": np.repeat(["clipped-gd", "momentum-clipping", "gd"], counts),
        "iteration": np.concatenate([np.arange(n) for n in counts]),
        "x": points[:, 0],
        "y": points[:, 1],
        "gradient_norm": norms(np.concatenate([r.gradients for r in runs.values()])),
    }
