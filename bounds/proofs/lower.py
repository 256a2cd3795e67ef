"""The scalar steps of the lower bounds, docs/theory/lower.md, in the order in which they are used."""

from __future__ import annotations

from bounds.proofs import (
    lower_chain,
    lower_gradient_only,
    lower_method,
    lower_noise,
    lower_profiles,
    lower_rows,
)
from bounds.proofs.step import Clause

__all__ = ["CLAUSES"]

CLAUSES: tuple[Clause, ...] = (
    *lower_gradient_only.CLAUSES,
    *lower_method.CLAUSES,
    *lower_chain.CLAUSES,
    *lower_profiles.CLAUSES,
    *lower_rows.CLAUSES,
    *lower_noise.CLAUSES,
)
