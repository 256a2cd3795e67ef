"""The comparison table of the field as a figure: the order of each bound, and its size for one set of constants."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import sympy as sp

from bounds.calculator import evaluate
from bounds.catalogue import theorem_named
from bounds.orders import order_terms
from bounds.problem import Problem
from bounds.report import method_label, plain, to_latex
from bounds.smoothness import Noise
from bounds.theorem import Criterion, Kind, Theorem
from figures.exhibit import Drawn, drawn
from figures.style import COLORS, legend_below, new_figure, styled

__all__ = ["draw_table"]

_CONSTANTS: dict[str, Any] = {"L0": 1, "L1": 10, "Delta": 5, "epsilon": "0.01"}
_SIGMA = 1
_EXACT = (
    ("gd-gradient-bound", "gradient descent"),
    ("clipped-gd-2019", "clipping (2019)"),
    ("framework-deterministic-slides", "clipping framework (2020), printed"),
    ("framework-deterministic-sharp", "clipping framework, proved here"),
    ("clipped-gd", "clipping, proved here"),
    ("normalized-gd", "normalized, proved here"),
    ("chain-lower", "every first-order method (lower)"),
)
_NOISY = (
    ("clipped-sgd-2019-order", "clipped SGD (2019)"),
    ("framework-stochastic-slides", "clipping framework (2020), printed"),
    ("framework-stochastic", "clipping framework, proved here"),
    ("clipped-sgd", "clipped SGD, proved here"),
    ("normalized-sgd-momentum", "normalized momentum, proved here"),
    ("stochastic-chain-lower-bounded", "every first-order method (lower)"),
)


def draw_table(quick: bool) -> Drawn:
    """One line for each record; filled: a certified count, hollow: an order, drawn with constant 1."""
    exact, noisy = (_EXACT[:3], _NOISY[:2]) if quick else (_EXACT, _NOISY)
    groups = (("exact gradients", exact), ("noisy gradients", noisy))
    tables = [[(key, label, *_count(theorem_named(key))) for key, label in group] for _, group in groups]
    with styled():
        figure = new_figure(5.4, 1.6 + 0.47 * sum(map(len, tables)))
        panels = figure.subplots(2, 1, sharex=True, height_ratios=[len(t) + 0.5 for t in tables])
        for axes, (title, _), table in zip(panels, groups, tables, strict=True):
            _draw(axes, title, table)
        panels[-1].set_xlabel("iterations  [dimensionless]")
        for k, (marker, name) in enumerate((("o", "upper bound"), ("^", "lower bound"))):
            panels[0].plot([], [], marker, color=COLORS[k], label=name)
        panels[0].plot([], [], "o", color="0.3", fillstyle="none", label="order only, constant 1")
        constants = r"$L_0=1$ F/X$^2$, $L_1=10$ /X, $\Delta=5$ F, $\varepsilon=0.01$ F/X, $\sigma=1$ F/X"
        panels[0].plot([], [], " ", label=constants)
        legend_below(figure, 2)
    cells = [cell for table in tables for cell in table]
    columns = {
        "theorem": [c[0] for c in cells],
        "methods": [method_label(theorem_named(c[0])) for c in cells],
        "order": [" + ".join(map(plain, order_terms(theorem_named(c[0])))) for c in cells],
        "iterations": [c[2] for c in cells],
        "order_only": [int(c[3]) for c in cells],
        "provenance": [theorem_named(c[0]).provenance.value for c in cells],
    }
    return drawn(figure, columns, {})


def _draw(axes: Any, title: str, table: Sequence[tuple[str, str, float, bool]]) -> None:
    for y, (key, _, count, order_only) in enumerate(table):
        lower = theorem_named(key).kind is Kind.LOWER
        look = {"color": COLORS[int(lower)], "fillstyle": "none" if order_only else "full", "markersize": 6}
        axes.plot([count], [y], "^" if lower else "o", **look)
    labels = [f"{label}\n${_order(theorem_named(key))}$" for key, label, _, _ in table]
    axes.set_yticks(range(len(table)), labels, fontsize=8, linespacing=1.5)
    axes.set(xscale="log", title=title, ylim=(len(table) - 0.5, -0.5))


def _order(theorem: Theorem) -> str:
    """The order as a sum of monomials."""
    growth = r"\Omega" if theorem.kind is Kind.LOWER else "O"
    return rf"{growth}({' + '.join(map(_on_one_line, order_terms(theorem)))})"


def _on_one_line(term: Any) -> str:
    """A monomial with its denominator after a slash, which stays readable at this size."""
    above, below = sp.fraction(sp.together(term))
    if below == 1:
        return to_latex(above)
    under = to_latex(below)
    return f"{to_latex(above)}/{under if below.is_Pow or below.is_Symbol else f'({under})'}"


def _count(theorem: Theorem) -> tuple[float, bool]:
    """Iterations for the constants of the figure on the class of the record, and whether only the order is known."""
    problem = Problem.of(
        **_CONSTANTS,
        sigma=0 if theorem.noise is Noise.EXACT else _SIGMA,
        noise=theorem.noise,
        smoothness=theorem.smoothness,
        criterion=_criterion(theorem),
    )
    known = dataclasses.replace(theorem, order_only=False)
    return float(evaluate(known, problem).iterations), theorem.order_only


def _criterion(theorem: Theorem) -> Criterion:
    return Criterion.MIN if theorem.criterion is Criterion.MIN else Criterion.MEAN
