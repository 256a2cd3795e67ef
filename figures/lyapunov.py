"""The per-step Lyapunov function along a run: what it is made of, and its decrease beside the proved one."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from bounds.methods import method_named
from figures.exhibit import Drawn
from figures.save import Writer, save_columns
from figures.style import COLORS, new_figure, styled
from synthetic.estimate import trajectory
from synthetic.landscapes import cosh_sum
from synthetic.lyapunov import LyapunovRun, lyapunov_for

__all__ = ["draw_lyapunov", "lyapunov_figure", "save_lyapunov"]

# More points than this cannot be told apart, and make vector files large.
_DRAWN: Final = 3000
# With fewer steps than this every point is marked.
_MARKED: Final = 40
# Ratios above this are drawn at this height.
_TOP: Final = 2.0


def lyapunov_figure(run: LyapunovRun, *, infimum: float, title: str | None = None) -> Figure:
    """Lambda_t - inf F and its terms; the decrease of every step beside the proved one; and their ratio.

    Steps that decrease by less than the proved amount, beyond rounding, are marked. The ratio is shown where the proved
    amount exceeds the rounding tolerance; logarithmic axes leave out values <= 0.

    Parameters
    ----------
    infimum : inf F or a lower bound of it, units F.
    """
    count = len(run.promised)
    steps = _thinned(count, run.worst_step)
    points = np.append(steps, count)
    look = {"marker": "o", "markersize": 3} if count <= _MARKED else {}
    with styled():
        figure = new_figure(5.2, 6.6)
        terms, decreases, ratios = figure.subplots(3, 1, sharex=True, height_ratios=(5, 4, 3))
        for values, label, color, dash, width in (
            (run.total - infimum, r"$\Lambda_t-\inf F$", "black", "-", 2.2),
            (run.value - infimum, r"$F(x_t)-\inf F$", COLORS[0], "--", 1.6),
            (run.momentum, r"buffer $\nu\frac{\beta}{1-\beta}H(m_t)$", COLORS[1], "-.", 1.6),
            (run.memory, "memory of past steps", COLORS[2], ":", 1.6),
        ):
            if (values > 0).any():
                shown = _positive(values)[points]
                terms.plot(points, shown, color=color, linestyle=dash, linewidth=width, label=label, **look)
        terms.set(yscale="log", ylabel="terms  [F]", title=title or "Per-step Lyapunov function")
        floor = _floor(run)
        decreases.fill_between(
            steps, floor, run.tolerance[steps], color="0.85", linewidth=0, label="rounding tolerance"
        )
        actual, proved = _positive(run.decrease)[steps], _positive(run.promised)[steps]
        decreases.plot(steps, actual, color=COLORS[4], linewidth=3, label=r"decrease $\Lambda_t-\Lambda_{t+1}$", **look)
        decreases.plot(steps, proved, color="black", linestyle="--", linewidth=1.2, label="proved decrease", **look)
        decreases.set(yscale="log", ylabel="decrease per step  [F]")
        decreases.set_ylim(bottom=floor)
        _draw_ratios(ratios, run, steps, look)
        ratios.set_xlabel("iteration t  [dimensionless]")
        ratios.xaxis.get_major_locator().set_params(integer=True)
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def _draw_ratios(axes: Any, run: LyapunovRun, steps: npt.NDArray[np.int64], look: dict[str, Any]) -> None:
    told = (run.promised[steps] > run.tolerance[steps]) & (run.decrease[steps] > 0)
    ratio = np.divide(run.promised[steps], run.decrease[steps], where=told, out=np.full(len(steps), np.nan))
    axes.axhline(1, color="black", linewidth=0.8)
    axes.plot(steps, ratio, color=COLORS[3], **look)
    broken = np.flatnonzero(run.excess > run.tolerance)
    # An increase has no ratio: its mark sits at the top.
    height = np.full(len(broken), _TOP)
    np.divide(run.promised[broken], run.decrease[broken], where=run.decrease[broken] > 0, out=height)
    if len(broken):
        axes.scatter(
            broken, np.minimum(height, _TOP), color=COLORS[1], marker="x", s=14, linewidths=0.8, label="too little"
        )
    axes.set(ylabel="proved/actual\n[dimensionless]", ylim=(0, _TOP * 1.05 if len(broken) else 1.08))
    steps_taken = f"{len(run.promised):,} step" + ("s" if len(run.promised) > 1 else "")
    verdict = f"too little decrease at {len(broken):,} of {steps_taken}" if len(broken) else f"holds at {steps_taken}"
    ratio_told = f"; largest ratio {run.tightest:.3f}" if told.any() else ", all of them below the rounding tolerance"
    axes.set_title(verdict + ratio_told, fontsize=8.5)


def _thinned(count: int, worst: int) -> npt.NDArray[np.int64]:
    """Evenly spaced steps, the first, last and worst among them."""
    chosen = np.linspace(0, count - 1, min(count, _DRAWN)).astype(np.int64)
    return np.union1d(chosen, np.array([worst]))


def _positive(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(values > 0, values, np.nan)


def _floor(run: LyapunovRun) -> float:
    """The bottom of the axis of decreases: what lies far below the tolerance says nothing."""
    promised = run.promised[run.promised > 0]
    least = float(promised.min()) if len(promised) else 0.0
    return max(least, float(run.tolerance.min()) / 100) / 3


def save_lyapunov(run: LyapunovRun, stem: str) -> dict[str, Writer]:
    """Writers for CSV and NetCDF, one row for each point; the last point has no step, hence NaN there."""
    last = np.array([np.nan])
    columns = {
        "iteration": np.arange(len(run.value)),
        "value": run.value,
        "momentum": run.momentum,
        "memory": run.memory,
        "lyapunov": run.total,
        "decrease": np.append(run.decrease, last),
        "promised": np.append(run.promised, last),
        "tolerance": np.append(run.tolerance, last),
    }
    return save_columns(columns, stem, units=dict.fromkeys([n for n in columns if n != "iteration"], "F"))


def draw_lyapunov(quick: bool) -> Drawn:
    """The figure of the gallery: momentum clipping on a sum of hyperbolic cosines."""
    place, method = cosh_sum(), method_named("momentum-clipping")
    parameters = {"eta": 0.04, "gamma": 0.04, "beta": 0.9}
    certificate = lyapunov_for(method, parameters, L0=1, L1=1)
    steps = 100 if quick else 450
    run = certificate.along(place, trajectory(place, method, place.start, steps=steps, parameters=parameters))
    title = r"momentum clipping, $\beta=0.9$, ten hyperbolic cosines"
    figure = lyapunov_figure(run, infimum=float(place.infimum), title=title)
    return Drawn(figure=figure, data=lambda stem: save_lyapunov(run, stem))
