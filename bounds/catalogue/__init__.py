"""Every theorem of the toolkit: one file per paper or topic, one explicit tuple."""

from __future__ import annotations

from bounds.catalogue import (
    chewi2023,
    framework_deterministic,
    framework_stochastic,
    gradient_methods,
    lower_bounds,
    sgd,
    zhang2019,
    zhang2020,
)
from bounds.errors import unknown_name
from bounds.theorem import Theorem

__all__ = ["THEOREMS", "theorem_named"]

THEOREMS: tuple[Theorem, ...] = (
    *framework_deterministic.THEOREMS,
    *gradient_methods.THEOREMS,
    *framework_stochastic.THEOREMS,
    *sgd.THEOREMS,
    *lower_bounds.THEOREMS,
    *zhang2020.THEOREMS,
    *zhang2019.THEOREMS,
    *chewi2023.THEOREMS,
)


def theorem_named(key: str) -> Theorem:
    """The theorem with this key, or an error that suggests the nearest ones."""
    for theorem in THEOREMS:
        if theorem.key == key:
            return theorem
    raise unknown_name("theorem", key, (t.key for t in THEOREMS))
