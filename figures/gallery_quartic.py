"""The experiment of Gorbunov et al. (2024, arXiv 2409.14989, Figure 1): x^4 from 1, 10 and 100, (L0, L1) = (4, 3).

Gradient descent with 1/(12 x_0^2), (L0,L1)-gradient descent with (nu/2)/(L0 + L1 |g|), nu = exp(-nu), clipping,
Polyak's step (F(x) - inf F)/|g|^2, and the adaptive step of Malitsky and Mishchenko (2020, arXiv 1910.09529),
lambda_t = min{sqrt(1 + lambda_{t-1}/lambda_{t-2}) lambda_{t-1}, |x_t - x_{t-1}|/(2 |g_t - g_{t-1}|)}.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import lambertw

from bounds.methods import method_named
from figures.exhibit import Drawn, drawn
from figures.style import COLORS, DASHES, legend_below, new_figure, styled
from synthetic.estimate import trajectory
from synthetic.landscapes import quartic

__all__ = ["draw_quartic"]

Float = npt.NDArray[np.float64]
_L0, _L1 = 4.0, 3.0
_STARTS = (1.0, 10.0, 100.0)


def draw_quartic(quick: bool) -> Drawn:
    """F against the iteration, one panel for each start."""
    steps = 60 if quick else 1000
    gaps = {start: {name: run(start, steps) for name, run in _METHODS.items()} for start in _STARTS}
    with styled():
        figure = new_figure(4.6, 7.2)
        panels = figure.subplots(len(_STARTS), 1, sharex=True)
        for axes, (start, found) in zip(panels, gaps.items(), strict=True):
            for k, (name, gap) in enumerate(found.items()):
                # A run that reaches the minimum exactly has nothing left to show on a logarithmic axis.
                shown = np.where(gap > 1e-30, gap, np.nan)
                axes.plot(shown, color=COLORS[k], linestyle=DASHES[k], label=name)
            axes.set(yscale="log", ylabel="F  [F]", ylim=(1e-16, None), title=f"$F=x^4$ from $x_0={start:g}$")
        panels[-1].set(xlabel="iteration t  [dimensionless]")
        legend_below(figure, 2)
    cells = [(start, name, gap) for start, found in gaps.items() for name, gap in found.items()]
    columns = {
        "start": np.repeat([c[0] for c in cells], steps + 1),
        "method": np.repeat([c[1] for c in cells], steps + 1),
        "iteration": np.tile(np.arange(steps + 1), len(cells)),
        "gap": np.concatenate([c[2] for c in cells]),
    }
    return drawn(figure, columns, {"start": "X", "gap": "F"})


def _family(key: str, parameters: Callable[[float], dict[str, float]]) -> Callable[[float, int], Float]:
    def run(start: float, steps: int) -> Float:
        walked = trajectory(quartic(), method_named(key), (start,), steps=steps, parameters=parameters(start))
        return quartic().value(walked.points)

    return run


def _polyak(start: float, steps: int) -> Float:
    x = np.empty(steps + 1)
    x[0] = start
    for t in range(steps):
        # F/(F')^2 F' = x/4.
        x[t + 1] = x[t] - x[t] / 4
    return x**4


def _adaptive(start: float, steps: int) -> Float:
    x = np.empty(steps + 1)
    x[0] = start
    length, growth = 1e-6 / start**2, np.inf
    for t in range(steps):
        x[t + 1] = x[t] - length * 4 * x[t] ** 3
        turn = abs(4 * x[t + 1] ** 3 - 4 * x[t] ** 3)
        local = abs(x[t + 1] - x[t]) / (2 * turn) if turn > 0 else np.inf
        longer = min(np.sqrt(1 + growth) * length, local)
        length, growth = longer, longer / length
    return x**4


def _reciprocal(start: float) -> dict[str, float]:
    half = float(lambertw(1.0).real) / 2
    return {"L0": _L0 / half, "L1": _L1 / half}


_METHODS: dict[str, Callable[[float, int], Float]] = {
    "gradient descent": _family("gd", lambda start: {"eta": 1 / (12 * start**2)}),
    r"$(L_0,L_1)$-gradient descent": _family("reciprocal-gd", _reciprocal),
    "clipping": _family("clipped-gd", lambda start: {"eta": 0.4 / _L0, "gamma": 0.4 / _L1}),
    "Polyak's step": _polyak,
    "adaptive step": _adaptive,
}
