r"""What clipping does when the threshold lies below the noise: it stalls, at a level that no step size cures.

Two-point noise along the gradient, tau < sigma: both answers g + sigma and g - sigma are clipped, so nothing moves
while |g| < sigma - tau. Rare large noise (size sigma sqrt((1-p)/p) with probability p, small otherwise) is cut on one
side only, which leaves a bias of order min{sigma, sigma^2/tau} (Koloskova, Hendrikx, Stich, 2023, arXiv 2305.01588).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bounds.methods import method_named
from figures.exhibit import Drawn, drawn
from figures.style import COLORS, MARKERS, legend_below, new_figure, styled
from synthetic.landscapes import exponential_bowl
from synthetic.oracles import GAUSSIAN, TWO_POINT, Oracle
from synthetic.randomness import Streams
from synthetic.solve import solve

__all__ = ["draw_bias"]

Float = npt.NDArray[np.float64]
_SIGMA, _RARE = 1.0, 0.02
_ETA = 0.01
_START = (2.0,)


def _rare(gradient: Float, sigma: Float, streams: Streams, iteration: int) -> Float:
    large = np.sqrt((1 - _RARE) / _RARE)
    kicked = streams.uniforms(iteration, 1) < _RARE
    return np.asarray(gradient + sigma[:, None] * np.where(kicked, large, -1 / large))


_LAWS = (
    ("two-point noise", TWO_POINT),
    ("Gaussian noise", GAUSSIAN),
    (f"rare large noise, p = {_RARE:g}", Oracle(key="rare", name="rare large noise", noise="variance", draw=_rare)),
)


def draw_bias(quick: bool) -> Drawn:
    """Mean |F'| over the second half of long runs of clipped SGD, against tau/sigma, on the exponential bowl."""
    shares = np.geomspace(0.2, 20, 6 if quick else 17)
    seeds, steps = (8, 1_500) if quick else (50, 8_000)
    levels = {name: _levels(law, shares, seeds, steps) for name, law in _LAWS}
    with styled():
        figure = new_figure(4.6, 4.6)
        axes = figure.subplots()
        axes.axvspan(shares.min() / 1.2, 1, color="0.92", linewidth=0, label="threshold below the noise")
        axes.plot(
            shares,
            np.minimum(1, 1 / shares),
            color="black",
            linestyle=":",
            label=r"order $\min\{\sigma,\sigma^2/\tau\}$",
        )
        for k, (name, level) in enumerate(levels.items()):
            axes.plot(shares, level, color=COLORS[k], marker=MARKERS[k], label=name)
        axes.set(xscale="log", yscale="log", xlim=(shares.min() / 1.2, shares.max() * 1.2))
        axes.set_xlabel(r"threshold over noise $\tau/\sigma$  [dimensionless]")
        axes.set_ylabel(r"mean $|F'|/\sigma$ at the end  [dimensionless]")
        axes.set_title(rf"clipped SGD, $\eta={_ETA:g}/L_0$, {steps:,} steps, {seeds} seeds")
        legend_below(figure)
    columns = {
        "law": np.repeat([law.key for _, law in _LAWS], len(shares)),
        "threshold_over_sigma": np.tile(shares, len(_LAWS)),
        "mean_gradient_over_sigma": np.concatenate(list(levels.values())),
    }
    return drawn(figure, columns, {})


def _levels(law: Oracle, shares: Float, seeds: int, steps: int) -> Float:
    place = exponential_bowl()
    runs = len(shares) * seeds
    trace = solve(
        place,
        method_named("clipped-gd"),
        np.full((runs, 1), _START),
        # No run meets this: all of them last as long as the figure.
        epsilon=1e-300,
        max_iterations=steps,
        parameters={"eta": _ETA, "gamma": np.repeat(shares * _SIGMA * _ETA, seeds)},
        oracle=law,
        sigma=_SIGMA,
        run_ids=np.tile(np.arange(seeds), len(shares)),
        record_every=5,
    ).trace
    assert trace is not None
    late = trace.gradient_norm[len(trace.iterations) // 2 :]
    return np.asarray(late.mean(axis=0).reshape(len(shares), seeds).mean(axis=1) / _SIGMA)
