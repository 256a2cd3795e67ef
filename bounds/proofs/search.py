r"""Finding certificates of scalar steps by linear programming. Never needed to check one.

For each branch of the negated clause, products of factors (monomials in the signed variables, times a few
hypotheses and negated goals, times a square from a dictionary) are the columns of a linear program; a vanishing
combination with a strict product in it is a certificate. Two observations keep the programs small: an identity splits
along every grading ("unit") under which all factors are homogeneous, so only products of one grade enter; and a factor
that divides the negated goal is taken out first and multiplied back at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import sympy as sp

from bounds.errors import InputError
from bounds.proofs.certificate import Case, Certificate, check
from bounds.proofs.linear import combination, pruned
from bounds.proofs.monomials import Level, level
from bounds.proofs.points import find_counterexample, find_witness
from bounds.proofs.products import Problem
from bounds.proofs.rules_search import find_bernstein, find_derivative, find_sturm
from bounds.proofs.step import Clause
from bounds.proofs.store import Entry, load, save
from bounds.proofs.system import branches
from bounds.proofs.witness import Mutation, mutants

__all__ = [
    "find",
    "find_counterexample",
    "find_identity",
    "find_mutations",
    "find_witness",
    "settle",
    "settle_all",
]


# Few hypotheses before low degree: a monomial times one hypothesis reads better than a product of hypotheses.
_READABLE = 12
_LEVELS = (
    (
        level(1, 1, 0),
        level(2, 1, 1),
        level(2, 2, 1),
        level(2, 2, 1, squares=1, most=5000),
        level(4, 1, 2),
        level(2, 2, 1, squares=2, most=5000),
        level(1, 3, 1, most=1500),
        level(2, 4, 2, most=1500),
        level(3, 2, 2),
        level(3, 2, 2, squares=2, most=5000),
    ),
    (
        level(2, 5, 2, most=5000),
        level(6, 1, 3),
        level(3, 3, 2),
        level(4, 2, 3),
        level(4, 2, 2, squares=2),
        level(6, 2, 4),
        level(4, 3, 3),
    ),
)


def find(clause: Clause, *, effort: int = 1) -> Certificate | None:
    """A certificate of the clause that the checker accepts, or None.

    Parameters
    ----------
    effort : 1 tries small dictionaries, 2 large ones as well (seconds to minutes).

    Raises
    ------
    InputError : the clause is not of a form any rule covers.
    """
    if any(g.has(sp.exp, sp.log) for g in clause.goal):
        return find_derivative(clause, lambda last: find(last, effort=effort))
    attempts: tuple[Callable[[], Certificate | None], ...] = (
        lambda: find_identity(clause, effort=1),
        lambda: find_sturm(clause),
        lambda: find_bernstein(clause),
        lambda: find_identity(clause, effort=effort) if effort > 1 else None,
    )
    return next((found for attempt in attempts if (found := attempt()) is not None), None)


def find_identity(clause: Clause, *, effort: int = 1) -> Certificate | None:
    """A certificate by the rule ``identity``: the shorter of the two ways to remove Min and Max."""
    found: list[Certificate] = []
    for mode in ("split", "slack"):
        try:
            parts = branches(clause, mode)
        except InputError:
            if mode == "split" and branches(clause, "slack"):  # too many choices, but otherwise well formed
                continue
            raise
        if mode == "slack" and not parts[0].label:
            break
        levels = _LEVELS[0] + (_LEVELS[1] if effort > 1 else ())
        cases: list[Case] = []
        for branch in parts:
            # Slack mode is a matter of taste once split mode has succeeded, so it gets the small dictionaries only.
            case = _case(Problem(branch), levels[:3] if found else levels)
            if case is None:
                break
            cases.append(case)
        else:
            certificate = Certificate(statement=clause.hash, mode=mode, cases=tuple(cases))
            if check(clause, certificate):
                found.append(certificate)
    return min(found, key=_length, default=None)


def _length(certificate: Certificate) -> int:
    return sum(2 + len(case.terms) + len(case.equalities) for case in certificate.cases)


def _case(problem: Problem, levels: Sequence[Level]) -> Case | None:
    if problem.goal is not None:
        return problem.equality(4)
    best: Case | None = None
    for size in levels:
        for columns in problem.programs(size):
            kept = pruned(columns)
            exact = combination(kept, tries=10 if len(kept) < 300 else 3) if kept else None
            if exact is None:
                continue
            case = problem.case(exact)
            if best is None or len(case.terms) < len(best.terms):
                best = case
            # A long identity proves as well as a short one, but a larger dictionary may have one that can be read.
            if len(best.terms) <= _READABLE:
                return best
    return best


def find_mutations(clause: Clause, *, effort: int = 1) -> tuple[Mutation, ...]:
    """What becomes of every mutation of the clause: a refuting point, a certificate, or neither (open)."""
    return tuple(_mutation(change, changed, effort) for change, changed in mutants(clause).items())


def _mutation(change: str, changed: Clause, effort: int) -> Mutation:
    point = find_counterexample(changed)
    certificate = None
    if point is None:
        try:
            certificate = find(changed, effort=effort)
        except InputError:
            certificate = None
    return Mutation(change=change, statement=changed.hash, point=point, certificate=certificate)


def settle(clause: Clause, *, effort: int = 1) -> Entry:
    """Everything that is stored about a clause."""
    return Entry(
        statement=clause.hash,
        certificate=find(clause, effort=effort),
        witness=find_witness(clause),
        mutations=find_mutations(clause, effort=effort),
    )


def settle_all(clauses: Iterable[Clause], proof: str, folder: Path, *, effort: int = 1) -> dict[str, Entry]:
    """Search what is missing, stale or open in a proof's data and write the file; what stands is kept."""
    try:
        old = load(proof, folder)
    except InputError:
        old = {}
    entries = {}
    for clause in clauses:
        entry = old.get(clause.id)
        entries[clause.id] = entry if entry and not entry.problems(clause) else settle(clause, effort=effort)
    save(proof, entries, folder)
    return entries
