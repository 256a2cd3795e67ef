"""Clauses at exact points: witnesses against vacuity, mutations with the points that refute them.

A witness satisfies the hypotheses, strictly where possible, so the clause speaks of something. A mutation is the
clause with one constant made slightly better or one hypothesis dropped; it is either refuted by a point or, when it is
true as well, proved by a certificate of its own (the hypothesis was redundant, the constant not the best).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import sympy as sp

from bounds.enclosure import UndecidedError, compare
from bounds.errors import InputError
from bounds.proofs.certificate import Certificate, check
from bounds.proofs.polynomials import rational_from
from bounds.proofs.step import Clause, canonical
from bounds.proofs.system import lemma_rows

__all__ = ["Mutation", "Point", "Truth", "Witness", "holds_at", "mutants", "rational_at", "settled"]

Point = Mapping[str, Fraction]


class Truth(NamedTuple):
    """A clause at a point: do the hypotheses hold, all of them strictly (equalities aside), does a goal hold."""

    hypotheses: bool
    interior: bool
    goal: bool

    def __bool__(self) -> bool:
        return self.goal or not self.hypotheses


def holds_at(clause: Clause, point: Point) -> Truth:
    """The clause at an exact point; its truth value is "hypotheses => goal".

    Goals of lemmas count as hypotheses only through the hypotheses that imply them. A point where a denominator
    vanishes or a logarithm is undefined does not satisfy the hypotheses.

    Raises
    ------
    InputError : the point does not give exactly the variables of the clause.
    """
    if point.keys() != clause.variables.keys():
        raise InputError(f"{clause.id}: the point gives {sorted(point)}, the variables are {sorted(clause.variables)}.")
    values = {sp.Symbol(v): sp.Rational(x.numerator, x.denominator) for v, x in point.items()}
    orders = [(sign == "pos", point[v] > 0, point[v] == 0) for v, sign in clause.variables.items() if sign != "free"]
    try:
        for strict, rows in ((False, clause.weak), (True, clause.strict)):
            for expr in rows.values():
                order = _order(expr, values)
                orders.append((strict, order > 0, order == 0))
        exact = all(_order(expr, values) == 0 for expr in clause.eq.values())
        goals = [_order(g, values) for g in clause.goal]
    except (ZeroDivisionError, ValueError):
        return Truth(hypotheses=False, interior=False, goal=False)
    wanted = {">=": lambda o: o >= 0, ">": lambda o: o > 0, "=": lambda o: o == 0}[clause.relation]
    return Truth(
        hypotheses=exact and all(positive or (zero and not strict) for strict, positive, zero in orders),
        interior=exact and all(positive for _, positive, _ in orders),
        goal=any(map(wanted, goals)),
    )


def _order(expr: Any, values: Mapping[Any, Any]) -> int:
    value = _value(expr, values)
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    try:
        return compare(value, sp.Integer(0))
    except UndecidedError:
        raise ValueError(f"the sign of {value} is not decided") from None


def _value(expr: Any, values: Mapping[Any, Any]) -> Any:
    """A Fraction, or a sympy constant when exp or log occur."""
    if expr.has(sp.exp, sp.log, sp.E):
        constant = expr.xreplace(values)
        if constant.has(sp.nan, sp.zoo) or any(a.args[0].is_positive is not True for a in constant.atoms(sp.log)):
            raise ValueError(f"{expr} is undefined")
        return constant
    return rational_at(expr, values)


def rational_at(expr: Any, values: Mapping[Any, Any]) -> Fraction:
    """A rational expression (Min and Max included) at sympy rationals, exactly.

    Raises
    ------
    ZeroDivisionError : a denominator vanishes.
    """
    if expr.is_Symbol:
        expr = values[expr]
    if expr.is_Rational:
        return Fraction(int(expr.p), int(expr.q))
    parts = [rational_at(a, values) for a in expr.args]
    if expr.is_Add:
        return sum(parts, start=Fraction(0))
    if expr.is_Pow:
        return parts[0] ** int(parts[1])
    if expr.is_Mul:
        product = Fraction(1)
        for part in parts:
            product *= part
        return product
    return min(parts) if isinstance(expr, sp.Min) else max(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A point that satisfies all hypotheses; ``interior`` when every inequality among them is strict there."""

    point: Point
    interior: bool

    @property
    def data(self) -> dict[str, Any]:
        """JSON: {"point": {variable: rational}, "interior": bool}."""
        return {"point": {v: str(x) for v, x in self.point.items()}, "interior": self.interior}

    @classmethod
    def from_data(cls, data: Any) -> Witness:
        """The inverse of ``data``."""
        return cls(point={v: rational_from(x) for v, x in data["point"].items()}, interior=bool(data["interior"]))

    def confirms(self, clause: Clause) -> bool:
        """Whether the point satisfies hypotheses and goal, and is as interior as claimed."""
        if self.point.keys() != clause.variables.keys():
            return False
        truth = holds_at(clause, self.point)
        return truth.hypotheses and truth.goal and (truth.interior or not self.interior)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A changed clause and what became of it.

    Attributes
    ----------
    change : description, a key of :func:`mutants`.
    statement : hash of the changed clause.
    point : refutes it, or None.
    certificate : proves it, or None. Neither means open.
    """

    change: str
    statement: str
    point: Point | None = None
    certificate: Certificate | None = None

    @property
    def data(self) -> dict[str, Any]:
        """JSON: {"change", "hash", "point" or "certificate"}."""
        row: dict[str, Any] = {"change": self.change, "hash": self.statement}
        if self.point is not None:
            row["point"] = {v: str(x) for v, x in self.point.items()}
        if self.certificate is not None:
            row["certificate"] = self.certificate.data
        return row

    @classmethod
    def from_data(cls, data: Any) -> Mutation:
        """The inverse of ``data``."""
        point = {v: rational_from(x) for v, x in data["point"].items()} if "point" in data else None
        certificate = Certificate.from_data(data["certificate"]) if "certificate" in data else None
        return cls(change=data["change"], statement=data["hash"], point=point, certificate=certificate)


def mutants(clause: Clause) -> dict[str, Clause]:
    """Description -> changed clause: each hypothesis dropped, each goal term 10 % worse, and the clause's rivals.

    A positive term of a goal (as written, at the top level) is multiplied by 9/10, a negative one by 11/10. Changes
    that leave no meaningful clause (a denominator loses its sign, a lemma its hypothesis) are left out.
    """
    found = {}
    for description, fields in _changes(clause):
        try:
            changed = clause.changed(fields)
            lemma_rows(changed)
        except InputError:
            continue
        if changed.hash != clause.hash:
            found[description] = changed
    return found


def _changes(clause: Clause) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in ("weak", "strict", "eq"):
        for name in getattr(clause, kind):
            yield f"without {name}", {kind: {name: None}}
    for j, goal in enumerate(clause.goal):
        if goal.is_Add and clause.relation != "=":
            for term in goal.args:
                factor = sp.Rational(9 if term.as_coeff_Mul()[0] > 0 else 11, 10)
                worse = goal + (factor - 1) * term
                yield f"{factor} * {canonical(term)}", {"goal": (*clause.goal[:j], worse, *clause.goal[j + 1 :])}
    yield from clause.rivals.items()


def settled(clause: Clause, mutation: Mutation, known: Mapping[str, Clause] | None = None) -> str:
    """``refuted``, ``true`` (the change costs nothing) or ``open``; recomputed from the point or the certificate.

    ``known`` spares the recomputation of ``mutants(clause)``.
    """
    changed = (mutants(clause) if known is None else known).get(mutation.change)
    if changed is None or changed.hash != mutation.statement:
        return "open"
    if mutation.point is not None and mutation.point.keys() == changed.variables.keys():
        return "refuted" if not holds_at(changed, mutation.point) else "open"
    return "true" if mutation.certificate is not None and check(changed, mutation.certificate).ok else "open"
