"""The comparer and the figures: bounds beside measurements."""

from __future__ import annotations

from figures.comparer import compare as compare
from figures.comparison import comparison_figure as comparison_figure
from figures.growth import growth_figure as growth_figure
from figures.growth import growth_rows as growth_rows
from figures.rows import Row as Row
from figures.rows import dataset as dataset
from figures.steps import Entry as Entry
from figures.sweep import Setting as Setting
from figures.sweep import Sweep as Sweep
from figures.sweep import over_delta as over_delta
from figures.sweep import over_epsilon as over_epsilon
from figures.sweep import over_L1 as over_L1

__all__ = [
    "Entry",
    "Row",
    "Setting",
    "Sweep",
    "compare",
    "comparison_figure",
    "dataset",
    "growth_figure",
    "growth_rows",
    "over_L1",
    "over_delta",
    "over_epsilon",
]
