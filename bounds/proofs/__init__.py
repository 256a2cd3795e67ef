"""Proofs that a machine checks: scalar steps as clauses, with exact certificates stored beside them.

Stating: :mod:`~bounds.proofs.step`. Checking (sympy alone): :mod:`~bounds.proofs.certificate`,
:mod:`~bounds.proofs.calculus`, and a second time in :mod:`~bounds.proofs.fractions_check`. Points:
:mod:`~bounds.proofs.witness`. Storing: :mod:`~bounds.proofs.store`. Reading: :mod:`~bounds.proofs.render`.
Finding (never needed to check, extra ``prove``): :mod:`~bounds.proofs.search`.
"""

from __future__ import annotations

from bounds.proofs.certificate import Certificate as Certificate
from bounds.proofs.certificate import CheckResult as CheckResult
from bounds.proofs.certificate import check as check
from bounds.proofs.step import Clause as Clause
from bounds.proofs.step import Lemma as Lemma
from bounds.proofs.step import signs as signs
from bounds.proofs.witness import Mutation as Mutation
from bounds.proofs.witness import Witness as Witness
from bounds.proofs.witness import holds_at as holds_at

__all__ = ["Certificate", "CheckResult", "Clause", "Lemma", "Mutation", "Witness", "check", "holds_at", "signs"]
