"""The scalar steps of the stochastic theory, docs/theory/stochastic.md, in the order in which they are used."""

from __future__ import annotations

from bounds.proofs import (
    stochastic_average,
    stochastic_bias,
    stochastic_clipped,
    stochastic_corollaries,
    stochastic_far,
    stochastic_lower,
    stochastic_momentum,
    stochastic_normalized,
    stochastic_sgd,
    stochastic_slides,
    stochastic_soft,
    stochastic_soft_end,
    stochastic_soft_far,
    stochastic_soft_momentum,
    stochastic_soft_tracking,
    stochastic_stalls,
    stochastic_zero_start,
)
from bounds.proofs.step import Clause

__all__ = ["CLAUSES"]

CLAUSES: tuple[Clause, ...] = (
    *stochastic_bias.CLAUSES,
    *stochastic_clipped.CLAUSES,
    *stochastic_momentum.CLAUSES,
    *stochastic_far.CLAUSES,
    *stochastic_average.CLAUSES,
    *stochastic_corollaries.CLAUSES,
    *stochastic_zero_start.CLAUSES,
    *stochastic_slides.CLAUSES,
    *stochastic_soft.CLAUSES,
    *stochastic_soft_tracking.CLAUSES,
    *stochastic_soft_momentum.CLAUSES,
    *stochastic_soft_far.CLAUSES,
    *stochastic_soft_end.CLAUSES,
    *stochastic_normalized.CLAUSES,
    *stochastic_sgd.CLAUSES,
    *stochastic_lower.CLAUSES,
    *stochastic_stalls.CLAUSES,
)
