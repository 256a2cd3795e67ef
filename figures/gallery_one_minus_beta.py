r"""Steps without the factor 1 - beta: heavy momentum overshoots, and the printed conclusion fails.

On F(x) = e^{|x|} - 1 - |x| from x_0 = 0.374 with beta = 0.99, nu = 1, eta = gamma = 0.1 the bound would promise a mean
gradient norm of 0.4 after 60 steps, and the mean is 0.953 (docs/theory/deterministic.md, section 15).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bounds.methods import method_named
from figures.exhibit import Drawn, drawn
from figures.style import COLORS, DASHES, MARKERS, legend_below, new_figure, styled
from synthetic.estimate import trajectory
from synthetic.game import SlidesPromise, worst_case
from synthetic.landscapes import exponential_bowl

__all__ = ["draw_one_minus_beta"]

_START, _STEPS, _SIZE, _BETA = (0.374,), 60, 0.1, 0.99


def draw_one_minus_beta(quick: bool) -> Drawn:
    """Above: the counterexample. Below: measured over promised, worst of a search over all landscapes of the line."""
    betas = (0.0, 0.9, 0.99) if quick else (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
    effort = {"batch": 16, "rounds": 8} if quick else {"batch": 64, "rounds": 150}
    kinds = ((r"steps $0.1/L_0$, $0.1/L_1$", False), (r"steps $0.1(1-\beta)/L_0$, $0.1(1-\beta)/L_1$", True))
    x = [1 / (1 - beta) for beta in betas]
    ratios = {factor: [_ratio(beta, factor, effort) for beta in betas] for _, factor in kinds}
    with styled():
        figure = new_figure(4.6, 6.0)
        upper, lower = figure.subplots(2, 1)
        for k, (name, factor) in enumerate(kinds):
            look = {"color": COLORS[1 - k], "label": name}
            upper.plot(_slopes(factor), linestyle=DASHES[k], **look)
            lower.plot(x, ratios[factor], linestyle=DASHES[k], marker=MARKERS[k], **look)
        level = 2 * math.sqrt(3 * float(exponential_bowl().gap(np.array([_START]))[0]) / (_SIZE * _STEPS))
        upper.axhline(level, color="0.4", linestyle=":", label=r"promised mean for steps $0.1/L_0$, $0.1/L_1$")
        lower.axhline(1, color="black", linewidth=0.8)
        upper.set(xlabel="iteration t  [dimensionless]", ylabel=r"$|F'(x_t)|$  [F/X]")
        upper.set_title(rf"exponential bowl, $\beta={_BETA}$, $\nu=1$, $L_0=L_1=1$")
        lower.set(xscale="log", yscale="log", xlabel=r"$1/(1-\beta)$  [dimensionless]")
        lower.set_ylabel("measured/promised\n[dimensionless]")
        lower.set_title(f"worst landscape found, {_STEPS} steps")
        legend_below(figure)
    columns = {"beta": betas, "ratio_without_factor": ratios[False], "ratio_with_factor": ratios[True]}
    return drawn(figure, columns, {})


def _size(beta: float, factor: bool) -> float:
    return _SIZE * (1 - beta) if factor else _SIZE


def _slopes(factor: bool) -> npt.NDArray[np.float64]:
    size = _size(_BETA, factor)
    parameters = {"eta": size, "gamma": size, "beta": _BETA}
    method = method_named("momentum-clipping")
    run = trajectory(exponential_bowl(), method, _START, steps=_STEPS, parameters=parameters)
    return np.abs(run.gradients[:, 0])


def _ratio(beta: float, factor: bool, effort: dict[str, int]) -> float:
    size = _size(beta, factor)
    return worst_case(
        method_named("momentum-clipping"),
        {"eta": size, "gamma": size, "beta": beta},
        L0=1,
        L1=1,
        steps=_STEPS,
        promise=SlidesPromise(eta=size, gamma=size, steps=_STEPS),
        first=1,
        seed=0,
        batch=effort["batch"],
        rounds=effort["rounds"],
    ).ratio
