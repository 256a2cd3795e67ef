"""Finding certificates by the three rules of :mod:`bounds.proofs.calculus`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.errors import InputError
from bounds.proofs.calculus import derived_clause, intervals
from bounds.proofs.certificate import check
from bounds.proofs.fractions_check import coefficients
from bounds.proofs.polynomials import Polynomial, expanded
from bounds.proofs.record import Certificate
from bounds.proofs.step import Clause
from bounds.proofs.system import branches

__all__ = ["find_bernstein", "find_derivative", "find_sturm"]

_PARTS = 400
Box = dict[str, tuple[Fraction, Fraction]]


def find_derivative(clause: Clause, find: Callable[[Clause], Certificate | None]) -> Certificate | None:
    """A certificate by derivatives: lowest order first; ``find`` certifies the last derivative."""
    for name in sorted(s.name for s in clause.goal[0].free_symbols):
        for form, base, order in _attempts(clause, name):
            try:
                last = find(derived_clause(clause, name, base, order, form))
            except InputError:
                continue
            if last is None:
                continue
            details = {"variable": name, "base": str(base), "order": order, "form": form, "last": last.data}
            certificate = Certificate(statement=clause.hash, rule="derivative", mode="", details=details)
            if check(clause, certificate):
                return certificate
    return None


def _attempts(clause: Clause, name: str) -> Iterator[tuple[str, Any, int]]:
    s = sp.Symbol(name)
    starts = {sp.Integer(0)}
    for expr in (*clause.weak.values(), *clause.strict.values()):
        if expr.free_symbols == {s} and sp.diff(expr, s) == 1:
            starts.add(-expr.subs(s, 0))
    # The functions of interest vanish where their logarithms do.
    touches = set()
    for log in clause.goal[0].atoms(sp.log):
        numerator = sp.fraction(sp.together(log.args[0] - 1))[0]
        if numerator.free_symbols == {s} and sp.Poly(numerator, s).degree() == 1:
            touches.add(-numerator.subs(s, 0) / sp.diff(numerator, s))
    for order in range(1, 6):
        yield from (("right", base, order) for base in sorted(starts))
        if order == 1:
            yield from (("both", base, 1) for base in sorted(touches))


def find_sturm(clause: Clause) -> Certificate | None:
    """A certificate by root counts, or None when the goal has other than one variable or changes its sign."""
    certificate = Certificate(statement=clause.hash, rule="sturm", mode="")
    return certificate if check(clause, certificate) else None


def find_bernstein(clause: Clause) -> Certificate | None:
    """A certificate by Bernstein coefficients on at most 400 parts of a box, or None."""
    try:
        parts = branches(clause)
    except InputError:
        return None
    trees = []
    for branch in parts:
        goals = {s.name for key, f in branch.factors.items() if key.startswith("neg:") for s in f.expr.free_symbols}
        domain = intervals(branch)
        if branch.goal is not None or any((domain[v].high - domain[v].low).is_infinite for v in goals):
            return None
        box = {v: (_fraction(i.low), _fraction(i.high)) for v, i in domain.items() if v in goals}
        rows = [
            (expanded(f.expr), key.startswith("neg:") and clause.relation == ">=")
            for key, f in branch.factors.items()
            if {s.name for s in f.expr.free_symbols} <= goals
        ]
        tree: list[str] = []
        if not _grow(rows, box, tree, 0):
            return None
        trees.append(tree)
    certificate = Certificate(statement=clause.hash, rule="bernstein", mode="", details={"trees": trees})
    return certificate if check(clause, certificate) else None


def _fraction(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q))


def _grow(rows: list[tuple[Polynomial, bool]], box: Box, tree: list[str], depth: int) -> bool:
    """Bisect, in turn the variable whose cut leaves the least violation, until every part is settled."""
    if any(_settles(p, weak, box) for p, weak in rows):
        tree.append(".")
        return True
    if depth > 14 or len(tree) > 2 * _PARTS or not box:
        return False
    # Among sides that are not much shorter than the longest, else the same side may be cut for ever.
    longest = max(high - low for low, high in box.values())
    wide = [v for v, (low, high) in box.items() if 3 * (high - low) > longest]
    name = min(wide, key=lambda v: _violation(rows, box, v))
    tree.append(name)
    return all(_grow(rows, half, tree, depth + 1) for half in _halves(box, name))


def _settles(p: Polynomial, weak: bool, box: Box) -> bool:
    return all(c < 0 or (weak and c == 0) for c in coefficients(p, box))


def _violation(rows: list[tuple[Polynomial, bool]], box: Box, name: str) -> Fraction:
    worst = [min(max(coefficients(p, half)) for p, _ in rows) for half in _halves(box, name)]
    return max(worst[0], Fraction(0)) + max(worst[1], Fraction(0))


def _halves(box: Mapping[str, tuple[Fraction, Fraction]], name: str) -> tuple[Box, Box]:
    low, high = box[name]
    middle = (low + high) / 2
    return {**box, name: (low, middle)}, {**box, name: (middle, high)}
