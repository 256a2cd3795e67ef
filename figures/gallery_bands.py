"""Stochastic runs over many seeds: medians and quantile bands of the gradient norm."""

from __future__ import annotations

import math

import numpy as np

from bounds.methods import method_named
from figures.exhibit import Drawn, drawn
from figures.style import draw_band, legend_below, new_figure, styled
from synthetic.landscapes import cosh_sum
from synthetic.oracles import GAUSSIAN
from synthetic.solve import Trace, solve

__all__ = ["draw_bands"]

_SIGMA = 2.0
_START = 0.8 * np.arange(1, 11)
_QUANTILES = (0.1, 0.5, 0.9)
_METHODS = (
    (r"gradient descent, $\eta=1/\max F''$", "gd", {"eta": 1 / math.cosh(8)}),
    ("clipping", "clipped-gd", {"eta": 0.1, "gamma": 0.2}),
    (r"momentum clipping, $\beta=0.9$", "momentum-clipping", {"eta": 0.1, "gamma": 0.2, "beta": 0.9}),
    (r"mixed clipping, $\nu=0.7$", "mixed-clipping", {"eta": 0.1, "gamma": 0.2, "beta": 0.9, "nu": 0.7}),
    (r"normalized momentum, $\beta=0.9$", "normalized-momentum", {"gamma": 0.05, "beta": 0.9}),
)


def draw_bands(quick: bool) -> Drawn:
    """||grad F(x_t)|| on a sum of 10 hyperbolic cosines with Gaussian noise."""
    seeds, steps, every = (10, 100, 5) if quick else (100, 400, 4)
    traces = {name: _trace(key, parameters, seeds, steps, every) for name, key, parameters in _METHODS}
    found = {name: np.quantile(trace.gradient_norm, _QUANTILES, axis=1) for name, trace in traces.items()}
    times = traces[_METHODS[0][0]].iterations
    with styled():
        figure = new_figure(4.6, 4.9)
        axes = figure.subplots()
        for k, (name, quantiles) in enumerate(found.items()):
            draw_band(axes, times, quantiles, k, name)
        axes.set(yscale="log", xlabel="iteration t  [dimensionless]", ylabel=r"$\|\nabla F(x_t)\|$  [F/X]")
        axes.set_title(rf"{seeds} seeds, $\sigma={_SIGMA:g}$: median and 10-90 % band")
        legend_below(figure)
    columns = {
        "method": np.repeat([key for _, key, _ in _METHODS], len(times)),
        "iteration": np.tile(times, len(_METHODS)),
        **{
            f"quantile_{q:g}": np.concatenate([quantiles[j] for quantiles in found.values()])
            for j, q in enumerate(_QUANTILES)
        },
    }
    return drawn(figure, columns, {f"quantile_{q:g}": "F/X" for q in _QUANTILES})


def _trace(key: str, parameters: dict[str, float], seeds: int, steps: int, every: int) -> Trace:
    place = cosh_sum()
    trace = solve(
        place,
        method_named(key),
        np.tile(_START, (seeds, 1)),
        # No run meets this: all of them last as long as the figure.
        epsilon=1e-300,
        max_iterations=steps,
        parameters=parameters,
        oracle=GAUSSIAN,
        sigma=_SIGMA,
        record_every=every,
    ).trace
    assert trace is not None
    return trace
