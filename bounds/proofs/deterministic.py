"""The scalar steps of the deterministic theory, docs/theory/deterministic.md, in the order in which they are used."""

from __future__ import annotations

from bounds.proofs import (
    deterministic_chain,
    deterministic_clipping,
    deterministic_corollaries,
    deterministic_energy,
    deterministic_fixed,
    deterministic_gap,
    deterministic_growth,
    deterministic_line,
    deterministic_lyapunov,
    deterministic_momentum,
    deterministic_normalized,
    deterministic_plain,
    deterministic_sharp,
    deterministic_soft,
    deterministic_tables,
)
from bounds.proofs.step import Clause

__all__ = ["CLAUSES"]

CLAUSES: tuple[Clause, ...] = (
    *deterministic_growth.CLAUSES,
    *deterministic_gap.CLAUSES,
    *deterministic_clipping.CLAUSES,
    *deterministic_energy.CLAUSES,
    *deterministic_momentum.CLAUSES,
    *deterministic_lyapunov.CLAUSES,
    *deterministic_corollaries.CLAUSES,
    *deterministic_sharp.CLAUSES,
    *deterministic_plain.CLAUSES,
    *deterministic_soft.CLAUSES,
    *deterministic_normalized.CLAUSES,
    *deterministic_fixed.CLAUSES,
    *deterministic_line.CLAUSES,
    *deterministic_tables.CLAUSES,
    *deterministic_chain.CLAUSES,
)
