r"""Pictures and tables of the sandwich, and the headline: upper over lower bound as a function of lambda.

For large gaps every bound of the deterministic theory is Delta times a rate, so the quotient of two of them tends to
the quotient of rates, an exact function of lambda = L1 epsilon/L0. Against the lower bound for all gradient-only
methods, rate 1/(2 D(epsilon)), the best step has

    rho(lambda) = (2 + (8/3) lambda) 2 (lambda - ln(1 + lambda))/lambda^2,    2 <= rho <= 16/3.

Source: docs/theory/lower.md, Corollary 9.1.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp
from matplotlib.figure import Figure

from bounds.catalogue import theorem_named
from bounds.functions import NamedFunction
from bounds.symbols import L0, L1, Delta, epsilon
from bounds.theorem import Theorem
from figures.sandwich import Sandwich
from figures.style import COLORS, MARKERS, new_figure, styled

__all__ = ["HEADLINE", "headline_figure", "quotient", "sandwich_figure", "sandwich_table", "save_sandwiches"]

Float = npt.NDArray[np.float64]

HEADLINE: tuple[tuple[str, str], ...] = (
    ("best-step-gd", "best step, no knowledge of $\\varepsilon$"),
    ("normalized-gd", "normalized, best length for $\\varepsilon$"),
    ("reciprocal-gd", "step $1/(L_0+L_1\\|\\nabla F\\|)$"),
    ("clipped-gd", "clipped, $\\eta=0.4/L_0$, $\\gamma=0.4/L_1$"),
)
"""Theorems of the headline figure, all divided by the lower bound for every gradient-only method."""
_LOWER = "gradient-only-lower"


def quotient(theorem: Theorem) -> Callable[[Float], Float]:
    """The limit of (count of ``theorem``)/(general lower bound) as Delta -> infinity, as a function of lambda > 0."""
    rates = [sp.diff(t.complexity, Delta) for t in (theorem, theorem_named(_LOWER))]
    ratio = (rates[0] / rates[1]).xreplace({L0: sp.Integer(1), epsilon: sp.Integer(1)})
    while ratio.has(NamedFunction):
        ratio = ratio.replace(lambda e: isinstance(e, NamedFunction), lambda e: e.explicit())
    # lambda - ln(1 + lambda) cancels for small lambda: thirty digits leave enough.
    exact = sp.lambdify(L1, ratio, "mpmath")

    def evaluate(steepness: Float) -> Float:
        import mpmath

        with mpmath.workdps(30):
            return np.array([float(exact(mpmath.mpf(float(s)))) for s in steepness])

    return evaluate


def headline_figure(points: int = 80) -> Figure:
    """Upper over lower bound against lambda, from the exact expressions of the records."""
    with styled():
        figure = new_figure(6.2, 4.0)
        axes = figure.subplots()
        steepness = np.geomspace(0.01, 1000, points)
        for k, (key, label) in enumerate(HEADLINE):
            axes.plot(steepness, quotient(theorem_named(key))(steepness), color=COLORS[k], label=label)
        for level, text in ((2.0, "2"), (16 / 3, "16/3")):
            axes.axhline(level, color="0.5", linewidth=0.8, linestyle=":")
            axes.annotate(text, (1000, level), xytext=(3, 0), textcoords="offset points", va="center", fontsize=8)
        axes.axhline(1.0, color="black", linewidth=1.0)
        axes.annotate("lower bound", (0.011, 1.05), fontsize=8)
        axes.set(xscale="log", yscale="log", ylim=(0.9, 30))
        axes.set_yticks([1, 2, 3, 5, 10, 20], ["1", "2", "3", "5", "10", "20"])
        axes.minorticks_off()
        axes.set_xlabel(r"$\lambda=L_1\varepsilon/L_0$  [dimensionless]")
        axes.set_ylabel("upper bound / lower bound  [dimensionless]")
        axes.set_title("Iterations promised over iterations that every\ngradient-only method needs, large gap")
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def sandwich_figure(rows: Sequence[Sandwich], axis: str = "steepness") -> Figure:
    """Counts of one theorem against lambda (``axis="steepness"``) or the target (``axis="epsilon"``)."""
    labels = {
        "steepness": r"$\lambda=L_1\varepsilon/L_0$  [dimensionless]",
        "epsilon": r"target gradient norm $\varepsilon$  [F/X]",
    }
    with styled():
        figure = new_figure(5.4, 4.1)
        axes = figure.subplots()
        x = [getattr(r, axis) for r in rows]
        for k, (name, label, style) in enumerate(
            (
                ("upper", "upper bound (theorem)", "-"),
                ("worst", "worst case found", "none"),
                ("hard", "hard instance of the method", "none"),
                ("lower", f"lower bound ({', '.join(sorted({r.lower_key for r in rows}))})", "-"),
            )
        ):
            axes.plot(
                x,
                [getattr(r, name) for r in rows],
                color=COLORS[k],
                marker=MARKERS[k],
                markersize=8 if name == "hard" else 5,
                markerfacecolor="none" if name == "hard" else COLORS[k],
                linestyle=style,
                label=label,
            )
        low, high = min(r.lower for r in rows), max(r.upper for r in rows)
        axes.fill_between(x, [r.lower for r in rows], [r.upper for r in rows], color="0.9", zorder=0)
        axes.set(yscale="log", ylim=(low / 1.4, high * 1.4))
        if len(set(x)) > 1:
            axes.set(xscale="log")
        axes.set_xlabel(labels[axis])
        axes.set_ylabel("iterations  [dimensionless]")
        axes.set_title(f"{rows[0].theorem}: {rows[0].method}\nlower $\\leq$ measured $\\leq$ worst $\\leq$ upper")
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def sandwich_table(rows: Sequence[Sandwich]) -> list[dict[str, str]]:
    """One row per problem, with the gaps, for Markdown and the terminal."""
    return [
        {
            "lambda": f"{r.steepness:g}",
            "eps": f"{r.epsilon:g}",
            "Delta/D(eps)": f"{r.gaps:.6g}",
            "lower bound": f"{r.lower:,} ({r.lower_key})",
            "hard instance": f"{r.hard:,}",
            "worst found": f"{r.worst:,} ({r.source})",
            "upper bound": f"{r.upper:,}",
            "upper/lower": f"{r.gap:.2f}",
            "worst/upper": f"{r.found:.2f}",
            "runs": f"{r.runs:,}",
        }
        for r in rows
    ]


def save_sandwiches(rows: Sequence[Sandwich], path: Path) -> None:
    """The rows as CSV, with the two quotients."""
    names = [f.name for f in dataclasses.fields(Sandwich)]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow([*names, "upper_over_lower", "worst_over_upper"])
        cells: list[list[Any]] = [[*(getattr(r, n) for n in names), r.gap, r.found] for r in rows]
        table.writerows(cells)
