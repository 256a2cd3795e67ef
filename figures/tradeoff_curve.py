"""The smallest valid L0 against L1: the pairs a user can choose from, with the stated ones marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from matplotlib.figure import Figure

from bounds.errors import InputError
from bounds.quantities import Number
from figures.exhibit import Drawn
from figures.save import Writer, save_columns
from figures.style import COLORS, MARKERS, new_figure, styled
from synthetic.landscape import Landscape
from synthetic.landscapes import landscape_named
from synthetic.minimal import MinimalL0, minimal_L0

__all__ = ["TradeoffCurve", "draw_tradeoff", "save_tradeoff", "tradeoff_curve", "tradeoff_figure"]

_DASHES = ("-", (0, (5, 2)))
# A curve that runs into L0 = 0 passes through every order of magnitude; six of them are shown.
_SPAN = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeoffCurve:
    """The smallest L0 of one landscape for increasing L1.

    Attributes
    ----------
    minima : one for each L1; infinite where no L0 is valid.
    stated : the pairs (L0, L1) that the landscape states.
    """

    landscape: str
    minima: tuple[MinimalL0, ...]
    stated: tuple[tuple[Fraction, Fraction], ...]

    @property
    def L1(self) -> tuple[float, ...]:
        """Units 1/X."""
        return tuple(float(m.L1) for m in self.minima)

    @property
    def L0(self) -> tuple[float, ...]:
        """Upper ends of the enclosures of the smallest L0, units F/X^2."""
        return tuple(float(m.high) for m in self.minima)


def tradeoff_curve(landscape: Landscape, values: Sequence[Number], *, halvings: int = 6) -> TradeoffCurve:
    """The curve through these L1 and the stated ones, denser where L0 becomes finite or 0.

    Parameters
    ----------
    halvings : how often an interval of L1 in which that happens is halved.

    Raises
    ------
    InputError : no value, a value that is not allowed, or a landscape whose smallest L0 is not known exactly.
    """
    if not values:
        raise InputError("the curve needs at least one value of L1.")
    minima = {m.L1: m for m in (minimal_L0(landscape, v) for v in (*values, *(s.L1 for s in landscape.smoothness)))}
    for _ in range(halvings):
        known = [minima[L1] for L1 in sorted(minima)]
        middles = [(a.L1 + b.L1) / 2 for a, b in pairwise(known) if _kind(a) != _kind(b)]
        minima |= {middle: minimal_L0(landscape, middle) for middle in middles}
    return TradeoffCurve(
        landscape=landscape.key,
        minima=tuple(minima[L1] for L1 in sorted(minima)),
        stated=tuple((s.L0, s.L1) for s in landscape.smoothness),
    )


def _kind(minimum: MinimalL0) -> tuple[bool, bool]:
    return minimum.high == 0, minimum.high == math.inf


def tradeoff_figure(curves: Sequence[TradeoffCurve], title: str | None = None) -> Figure:
    """Log-log curves; large markers are stated pairs, and lie on the lower or left edge where L0 or L1 is 0.

    A dotted line upwards starts at the first L1 for which some L0 is valid; a curve that leaves through the lower edge
    reaches L0 = 0.

    Raises
    ------
    InputError : no curve, or no curve with a pair that can be drawn.
    """
    drawn = [_positive(c) for c in curves]
    heights = [L0 for pairs in drawn for _, L0 in pairs]
    if not heights:
        raise InputError("no curve has a pair with L0 > 0 and L1 > 0: nothing can be drawn.")
    with styled():
        figure = new_figure(4.4, 4.4)
        axes = figure.subplots()
        axes.set(xscale="log", yscale="log", xlabel=r"$L_1$  [1/X]", ylabel=r"smallest valid $L_0$  [F/X$^2$]")
        widths = [L1 for c in curves for L1 in c.L1 if L1 > 0]
        axes.set_xlim(min(widths), max(widths))
        axes.set_ylim(max(min(heights), max(heights) / _SPAN) / 2, max(heights) * 2)
        for k, (curve, pairs) in enumerate(zip(curves, drawn, strict=True)):
            # Curves and pairs may coincide: dashes over a full line, small markers over large ones.
            look = {"color": COLORS[k % len(COLORS)], "linestyle": _DASHES[k % 2]}
            _draw(axes, curve, pairs, look, MARKERS[k % len(MARKERS)], max(5.0, 11.0 - 1.5 * k))
        axes.set_title(title or r"$L_0$ that each $L_1$ needs; markers: stated pairs")
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def _positive(curve: TradeoffCurve) -> list[tuple[float, float]]:
    return [(x, y) for x, y in zip(curve.L1, curve.L0, strict=True) if x > 0 and 0 < y < math.inf]


def _draw(
    axes: Any, curve: TradeoffCurve, pairs: list[tuple[float, float]], look: dict[str, Any], marker: str, size: float
) -> None:
    finite = [(x, y) for x, y in zip(curve.L1, curve.L0, strict=True) if x > 0 and y < math.inf]
    bottom, top = axes.get_ylim()
    left, _ = axes.get_xlim()
    # Zero lies below every logarithmic axis: a hundredth of its lower end makes the curve leave downwards.
    axes.plot([x for x, _ in finite], [y or bottom / 100 for _, y in finite], **look)
    if pairs and finite[0][0] > min(x for x in curve.L1 if x > 0):
        axes.plot([finite[0][0]] * 2, [finite[0][1] or bottom, top], color=look["color"], linestyle=":", linewidth=1.2)
    axes.plot(
        [max(float(L1), left) for _, L1 in curve.stated],
        [max(float(L0), bottom) for L0, _ in curve.stated],
        color=look["color"],
        marker=marker,
        markersize=size,
        markeredgecolor="black",
        markeredgewidth=0.8,
        linestyle="none",
        clip_on=False,
        zorder=3,
    )
    axes.plot([], [], **look, marker=marker, markeredgecolor="black", label=curve.landscape)


def save_tradeoff(curves: Sequence[TradeoffCurve], stem: str) -> dict[str, Writer]:
    """Writers for the curves as CSV and NetCDF: both ends of the enclosure of the smallest L0."""
    rows = [(c.landscape, float(m.L1), float(m.low), float(m.high)) for c in curves for m in c.minima]
    names = ("landscape", "L1", "L0_low", "L0_high")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return save_columns(columns, stem, units={"L1": "1/X", "L0_low": "F/X^2", "L0_high": "F/X^2"})


def draw_tradeoff(quick: bool) -> Drawn:
    """The figure of the gallery: smallest L0 of four landscapes."""
    names = ("quartic", "cosh") if quick else ("quartic", "cosh", "logistic", "huber")
    values = [Fraction(2) ** k for k in ((-4, 0, 4) if quick else range(-4, 5))]
    curves = [tradeoff_curve(landscape_named(name), values, halvings=1 if quick else 6) for name in names]
    return Drawn(figure=tradeoff_figure(curves), data=lambda stem: save_tradeoff(curves, stem))
