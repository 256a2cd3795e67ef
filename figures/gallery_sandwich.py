"""The sandwich in the gallery: the headline quotient, and four theorems each with and without noise."""

from __future__ import annotations

import numpy as np

from bounds.catalogue import theorem_named
from figures.exhibit import Drawn, drawn
from figures.sandwich import QUICK_EFFORT, Sandwich, sandwiches
from figures.sandwich_cases import LAMBDAS, case_of
from figures.sandwich_figure import HEADLINE, draw_sandwich, headline_figure, quotient
from figures.style import legend_below, new_figure, styled

__all__ = ["draw_exact_sandwich", "draw_headline", "draw_noisy_sandwich"]

_EXACT = (
    ("normalized-gd-one-dimension", "normalized, dimension one"),
    ("best-step-gd", "best step, any dimension"),
    ("clipped-gd", "clipped"),
    ("framework-deterministic-sharp", r"momentum, $\beta$ = 1/2"),
)
_NOISY = (
    ("clipped-sgd", "clipped"),
    ("soft-clipped-sgd", "softly clipped"),
    ("framework-stochastic", r"momentum, $\beta$ = 1/2"),
    ("normalized-sgd-momentum", "normalized momentum"),
)


def draw_headline(quick: bool) -> Drawn:
    """Upper over lower bound against lambda, from the exact expressions of the records."""
    steepness = np.geomspace(0.01, 1000, 21 if quick else 101)
    quotients = [quotient(theorem_named(key))(steepness) for key, _ in HEADLINE]
    columns = {"lambda": steepness} | {key: values for (key, _), values in zip(HEADLINE, quotients, strict=True)}
    return drawn(headline_figure(steepness, quotients), columns, {})


def draw_exact_sandwich(quick: bool) -> Drawn:
    """Four counts against lambda for four theorems with exact gradients."""
    return _draw(_EXACT, quick)


def draw_noisy_sandwich(quick: bool) -> Drawn:
    """The same with noise bounded by sigma = 2 epsilon."""
    return _draw(_NOISY, quick)


def _draw(chosen: tuple[tuple[str, str], ...], quick: bool) -> Drawn:
    steepnesses = LAMBDAS[:5:2] if quick else LAMBDAS
    effort = QUICK_EFFORT if quick else None
    rows = {key: sandwiches(case_of(key), steepnesses=steepnesses, effort=effort) for key, _ in chosen}
    with styled():
        figure = new_figure(5.4, 5.6)
        grid = figure.subplots(2, 2, sharex=True)
        for axes, (key, title) in zip(grid.flat, chosen, strict=True):
            draw_sandwich(axes, rows[key])
            axes.set_title(title)
        for axes in grid[0]:
            axes.set_xlabel("")
        for axes in grid.flat:
            axes.set_ylabel("points  [dimensionless]")
        legend_below(figure, columns=2)
    every: list[Sandwich] = [row for found in rows.values() for row in found]
    names = ("theorem", "steepness", "gaps", "lower", "lower_key", "hard", "worst", "source", "upper", "runs")
    return drawn(figure, {name: [getattr(row, name) for row in every] for name in names}, {})
