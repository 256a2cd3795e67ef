"""Hard and soft clipping: the length of a step, and iterations against the target accuracy beside the bounds."""

from __future__ import annotations

import numpy as np

from bounds.methods import CONSTANT, HARD, NORMALIZED, SOFT, method_named
from bounds.theorem import Criterion
from figures.comparer import compare
from figures.exhibit import Drawn
from figures.save import save_rows
from figures.steps import Entry
from figures.style import COLORS, DASHES, MARKERS, legend_below, new_figure, styled
from figures.sweep import over_epsilon
from synthetic.landscapes import exponential_bowl
from synthetic.step import radial_step

__all__ = ["draw_steps"]

_RULES = (("hard clipping", HARD), ("soft clipping", SOFT), ("normalized", NORMALIZED), ("fixed step", CONSTANT))
_ENTRIES = (
    Entry(method=method_named("clipped-gd"), theorem="framework-deterministic-sharp", label="hard clipping"),
    Entry(method=method_named("soft-clipped-gd"), theorem="soft-clipping-deterministic", label="soft clipping"),
    Entry(method=method_named("normalized-gd"), theorem="normalized-gd", label="normalized"),
)


def draw_steps(quick: bool) -> Drawn:
    """Above: ||h(g)|| in units of gamma against ||g|| in units of tau = gamma/eta. Below: counts and bounds."""
    epsilons = ("0.3", "0.03") if quick else ("1", "0.3", "0.1", "0.03", "0.01")
    rows = compare((over_epsilon(exponential_bowl(), epsilons),), _ENTRIES, criterion=Criterion.MIN, cap=10**5)
    u = np.geomspace(1e-2, 1e2, 200)
    with styled():
        figure = new_figure(4.6, 6.2)
        length, count = figure.subplots(2, 1)
        for k, (name, rule) in enumerate(_RULES):
            ones = {str(p): 1.0 for p in rule.parameters}
            step = np.abs(radial_step(rule, u[:, None], ones)[:, 0])
            length.plot(u, step, color=COLORS[k], linestyle=DASHES[k], label=name)
        length.set(xscale="log", yscale="log", ylim=(5e-3, 2e1))
        length.set_xlabel(r"gradient norm over threshold $\|g\|/\tau$  [dimensionless]")
        length.set_ylabel("step length over $\\gamma$\n[dimensionless]")
        for k, entry in enumerate(_ENTRIES):
            mine = [r for r in rows if r.method == entry.name]
            x = [r.epsilon for r in mine]
            count.plot(x, [r.bound for r in mine], color=COLORS[k], linestyle=DASHES[k])
            count.plot(
                x,
                [r.measured for r in mine],
                color=COLORS[k],
                marker=MARKERS[k],
                markersize=7 - k,
                fillstyle="none",
                linestyle="none",
            )
        count.set(xscale="log", yscale="log", ylabel="iterations  [dimensionless]")
        count.set_xlabel(r"target gradient norm $\varepsilon$  [F/X]")
        count.set_title("bowl: measured (markers), proved (lines)")
        legend_below(figure, 2)
    return Drawn(figure=figure, data=lambda stem: save_rows(rows, stem))
