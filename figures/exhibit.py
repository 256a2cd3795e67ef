"""One figure of the gallery: what it shows, how it is drawn, and the data behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.figure import Figure

from figures.save import Writer, save_columns, save_figure
from figures.style import styled

__all__ = ["QUICK", "Drawn", "Exhibit", "drawn", "mark_quick"]

QUICK = "quick version: coarse grids, short runs, few seeds"
"""What a quick figure says above its panels."""


def mark_quick(figure: Figure) -> Figure:
    """Say above the panels that the figure is a quick one."""
    with styled():
        figure.suptitle(QUICK, fontsize=8, color="0.35")
    return figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure and the writers of its data, which take the stem of the file names."""

    figure: Figure
    data: Callable[[str], dict[str, Writer]]


def drawn(figure: Figure, columns: Mapping[str, Any], units: Mapping[str, str]) -> Drawn:
    """A figure whose data are columns of one length; columns without units are dimensionless."""
    return Drawn(figure=figure, data=partial(save_columns, columns, units=units))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One figure of the gallery.

    Attributes
    ----------
    key : name on the command line and stem of the files.
    caption : what there is to see, in one or two sentences.
    draw : from whether to be quick to the figure and its data; equal arguments give equal results.
    """

    key: str
    title: str
    caption: str
    draw: Callable[[bool], Drawn]

    @property
    def command(self) -> str:
        """The command that makes it."""
        return f"clipbounds figures {self.key} --out out"

    def build(self, *, quick: bool = False) -> Drawn:
        """Draw it; a quick figure says so."""
        made = self.draw(quick)
        if quick:
            mark_quick(made.figure)
        return made

    def files(self, *, quick: bool = False) -> dict[str, Writer]:
        """Writers for SVG, PDF, PNG and the data beside them, by file name."""
        made = self.build(quick=quick)
        return made.data(self.key) | save_figure(made.figure, self.key)
