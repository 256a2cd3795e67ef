"""Momentum, gradient and mixed clipping over nu and beta: the theorem's steps, and the best steps of a grid."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from bounds.methods import Method, method_named
from bounds.quantities import Number
from bounds.theorem import Criterion
from figures.comparer import compare
from figures.exhibit import Drawn, drawn
from figures.steps import Entry
from figures.style import COLORS, MARKERS, legend_below, new_figure, styled
from figures.sweep import over_epsilon
from synthetic.landscapes import exponential_bowl
from synthetic.oracles import TWO_POINT
from synthetic.solve import solve

__all__ = ["draw_mixing"]

_EPSILON, _SIGMA = "0.1", 0.5
_NOISY_EPSILON = 0.3
_NUS = ("0", "0.5", "0.7", "1")


def draw_mixing(quick: bool) -> Drawn:
    """Iterations until a gradient norm (with noise: their mean) is at most eps, against 1/(1 - beta), for each nu."""
    betas = ("0", "0.9") if quick else ("0", "0.5", "0.8", "0.9", "0.95", "0.98", "0.99")
    place = exponential_bowl()
    cells = list(itertools.product(_NUS, betas))
    entries = [_entry(nu, beta) for nu, beta in cells]
    rows = compare((over_epsilon(place, (_EPSILON,)),), entries, criterion=Criterion.MIN)
    steps, seeds, cap = (3, 4, 1_500) if quick else (12, 20, 6_000)
    best = [_best(entry, steps, seeds, cap) for entry in entries]
    x = np.array([1 / (1 - float(beta)) for _, beta in cells])
    measured, bound = (np.array([getattr(r, name) for r in rows]) for name in ("measured", "bound"))
    with styled():
        figure = new_figure(4.6, 6.2)
        upper, lower = figure.subplots(2, 1, sharex=True)
        for k, nu in enumerate(_NUS):
            mine = np.array([cell[0] == nu for cell in cells])
            look = {"color": COLORS[k], "marker": MARKERS[k], "markersize": 5}
            kind = {"0": "gradient clipping", "1": "momentum clipping"}.get(nu, "mixed clipping")
            upper.plot(x[mine], measured[mine], linestyle="none", **look)
            upper.plot(x[mine], bound[mine], color=COLORS[k])
            lower.plot(x[mine], np.array(best)[mine], linestyle="--", label=rf"$\nu={nu}$, {kind}", **look)
        for axes in (upper, lower):
            axes.set(xscale="log", yscale="log", ylabel="iterations  [dimensionless]")
        lower.set_xlabel(r"$1/(1-\beta)$  [dimensionless]")
        upper.set_title(
            rf"exact gradients, $\min\leq{_EPSILON}$, steps of the theorem:"
            "\nmeasured (markers), proved (lines)"
        )
        lower.set_title(rf"noise $\sigma={_SIGMA}$, mean $\leq{_NOISY_EPSILON}$: best steps of a grid")
        legend_below(figure, 2)
    columns = {
        "nu": [float(nu) for nu, _ in cells],
        "beta": [float(beta) for _, beta in cells],
        "measured": measured,
        "bound": bound,
        "noisy_best": best,
    }
    return drawn(figure, columns, {})


def _entry(nu: str, beta: str) -> Entry:
    # Without the buffer beta is no parameter of the method: the theorem is asked at beta = 0, for the whole line.
    parameters: dict[str, Number] = {"beta": "0" if nu == "0" else beta}
    if nu not in ("0", "1"):
        parameters["nu"] = nu
    key = {"0": "clipped-gd", "1": "momentum-clipping"}.get(nu, "mixed-clipping")
    return Entry(method=method_named(key), theorem="framework-deterministic-sharp", parameters=parameters)


def _best(entry: Entry, steps: int, seeds: int, cap: int) -> float:
    """The fewest iterations over a grid of step sizes; NaN when none reaches the target."""
    eta, gamma = np.meshgrid(np.geomspace(0.003, 1, steps), np.geomspace(0.01, 1, steps))
    cells = eta.size
    columns: dict[str, npt.ArrayLike] = {
        "eta": np.repeat(eta.ravel(), seeds),
        "gamma": np.repeat(gamma.ravel(), seeds),
        **{name: float(value) for name, value in entry.parameters.items()},
    }
    method: Method = entry.method
    runs = solve(
        exponential_bowl(),
        method,
        np.full((cells * seeds, 1), exponential_bowl().start),
        epsilon=_NOISY_EPSILON,
        max_iterations=cap,
        parameters={name: columns[name] for name in method.parameters},
        oracle=TWO_POINT,
        sigma=_SIGMA,
        run_ids=np.tile(np.arange(seeds), cells),
        groups=np.repeat(np.arange(cells), seeds),
    )
    found = runs.iterations[runs.converged]
    return float(found.min()) if found.size else float("nan")
