"""The published synthetic experiment of Gaash, Levy, Carmon (2025) on ||A x||^4 with Gaussian noise.

d = 20, A = diag(1/20, ..., 1), x_0 = 1.75 in every coordinate, sigma = 20 with noise N(0, sigma^2/(2d)) in each
coordinate, 1000 gradients, 100 seeds, the authors' factors. Their pair (L0, L1) = (4, 3) fits ||x||^4, not ||A x||^4.
"""

from __future__ import annotations

import numpy as np

from figures.exhibit import Drawn, drawn
from figures.style import draw_band, legend_below, new_figure, styled
from synthetic.double_sampling import RULES, Averages, averages
from synthetic.landscapes import anisotropic_quartic

__all__ = ["draw_double_sampling"]

_SIGMA, _DIMENSION, _BUDGET = 20.0, 20, 1000
_QUANTILES = (0.25, 0.5, 0.75)
_PANELS = (
    ("ways of clipping", ("standard", "implicit", "adaptive", "single")),
    ("clipped and not clipped", ("standard", "adaptive", "sgd", "adaptive-sgd")),
)


def draw_double_sampling(quick: bool) -> Drawn:
    """F at the averaged iterate: medians and 25-75 % bands against the stochastic gradients spent."""
    place = anisotropic_quartic(dimension=_DIMENSION)
    seeds = 10 if quick else 100
    found: dict[str, Averages] = {}
    for rule in RULES:
        found[rule.key] = averages(
            place,
            rule,
            L0=4.0,
            L1=3.0,
            deviation=_SIGMA / np.sqrt(2 * _DIMENSION),
            sigma=_SIGMA,
            budget=_BUDGET,
            seeds=seeds,
        )
    bands = {key: np.quantile(run.gap, _QUANTILES, axis=1) for key, run in found.items()}
    order = [rule.key for rule in RULES]
    with styled():
        figure = new_figure(4.6, 6.4)
        panels = figure.subplots(2, 1, sharex=True)
        for axes, (title, keys) in zip(panels, _PANELS, strict=True):
            for rule in (r for r in RULES if r.key in keys):
                draw_band(axes, found[rule.key].gradients, bands[rule.key], order.index(rule.key), rule.name)
            axes.set(yscale="log", title=title, ylabel=r"$F(\bar x)-\inf F$  [F]")
        panels[-1].set_xlabel("stochastic gradients  [dimensionless]")
        legend_below(figure, 2)
    columns = {
        "rule": np.repeat(order, [len(found[key].gradients) for key in order]),
        "gradients": np.concatenate([found[key].gradients for key in order]),
        **{f"quantile_{q:g}": np.concatenate([bands[key][j] for key in order]) for j, q in enumerate(_QUANTILES)},
    }
    return drawn(figure, columns, {f"quantile_{q:g}": "F" for q in _QUANTILES})
