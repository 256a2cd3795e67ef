"""A zero-chain shows one new coordinate per query, and fewer when the oracle hides the next link."""

from __future__ import annotations

import numpy as np

from bounds.methods import method_named
from figures.exhibit import Drawn, drawn
from figures.style import COLORS, DASHES, legend_below, new_figure, styled
from synthetic.chains import ChainInstance, chain, progress
from synthetic.estimate import Trajectory, trajectory
from synthetic.hard import hidden_link
from synthetic.step import norms

__all__ = ["draw_chain"]

_EPSILON, _BETA, _SEED = 0.1, 0.9, 0
# Chance with which the hidden-link oracle shows a new link.
_SHOWN = 0.25


def draw_chain(quick: bool) -> Drawn:
    """Largest coordinate reached, and gradient norm over eps, against the number of queries."""
    made = chain("L0", L0=1, L1=0, delta="0.35" if quick else "1.4", epsilon="0.1")
    steps = 4 * made.queries + made.queries // 2
    runs = {
        "clipped gradient descent": _run(made, "clipped-gd", steps, {}),
        rf"momentum clipping, $\beta={_BETA}$": _run(made, "momentum-clipping", steps, {"beta": _BETA}),
        rf"clipped SGD, links shown with probability {_SHOWN:g}": _run(made, "clipped-gd", steps, {}, hidden=True),
    }
    t = np.arange(steps + 1)
    with styled():
        figure = new_figure(4.6, 6.0)
        upper, lower = figure.subplots(2, 1, sharex=True)
        upper.plot(t, np.minimum(t, made.queries), color="0.5", linewidth=4, alpha=0.5, label="one link per query")
        for k, (name, run) in enumerate(runs.items()):
            look = {"color": COLORS[k], "linestyle": DASHES[k]}
            upper.plot(t, progress(run.points), label=name, **look)
            lower.plot(t, norms(run.gradients) / _EPSILON, **look)
        lower.axhline(1, color="black", linewidth=0.8)
        lower.axvline(made.queries - 1, color="black", linestyle=":", linewidth=1, label="last query of the bound")
        upper.axvline(made.queries - 1, color="black", linestyle=":", linewidth=1)
        upper.set(ylabel="coordinates reached\n[dimensionless]", title=f"zero-chain with {made.queries} links")
        lower.set(xlabel="queries t  [dimensionless]")
        lower.set_ylabel("$\\|\\nabla F(x_t)\\|/\\varepsilon$\n[dimensionless]")
        legend_below(figure)
    columns = {
        "method": np.repeat(["clipped-gd", "momentum-clipping", "clipped-sgd-hidden-link"], steps + 1),
        "query": np.tile(t, len(runs)),
        "progress": np.concatenate([progress(r.points) for r in runs.values()]),
        "gradient_norm": np.concatenate([norms(r.gradients) for r in runs.values()]),
    }
    return drawn(figure, columns, {"gradient_norm": "F/X"})


def _run(
    made: ChainInstance, method: str, steps: int, parameters: dict[str, float], *, hidden: bool = False
) -> Trajectory:
    law = hidden_link(made)
    # The law shows a link with probability 1/(1 + (sigma/opening)^2).
    noise = {"oracle": law.oracle, "sigma": law.opening * np.sqrt(1 / _SHOWN - 1), "seed": _SEED} if hidden else {}
    clip = {"eta": 1.5, "gamma": 10.0 * _EPSILON}
    place = made.landscape
    return trajectory(place, method_named(method), place.start, steps=steps, parameters=clip | parameters, **noise)
