r"""From a clause to polynomial systems: Min and Max removed, denominators cleared, goals negated.

A clause holds when its negation is impossible, so each branch lists *factors*, expressions that are >= 0 or > 0 if
the clause fails, and *equalities*. Keys of factors:

    ``eta``        a variable declared nonneg or pos (strict)
    ``hyp:NAME``   a hypothesis            ``lemma:ID``  the goal of a lemma
    ``neg:1``      minus the first goal: strict for a goal >= 0, weak for a goal > 0
    ``cut:1:2``    added by the removal of the first Min or Max

Min and Max are removed in one of two ways. ``split``: one branch per choice of the argument, with the comparisons
that justify the choice; all choices are enumerated, so the branches are complete by construction. ``slack``: a new
variable h = Min(a, b) with a - h >= 0, b - h >= 0 and (a - h)(b - h) = 0, one branch in all.

A denominator is cleared when each of its factors is positive for an evident reason: its coefficients are positive,
its variables nonnegative and one monomial strictly positive; or it is a positive multiple of a strict hypothesis or
of a lemma's strict goal.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import sympy as sp

from bounds.errors import InputError
from bounds.proofs.polynomials import expanded
from bounds.proofs.step import Clause, Lemma, canonical

__all__ = ["MODES", "Branch", "Factor", "branches", "evident", "lemma_rows"]

MODES = ("split", "slack")
_MANY = 256


class Factor(NamedTuple):
    """A polynomial expression that is >= 0, or > 0 when strict."""

    expr: Any
    strict: bool


class _Row(NamedTuple):
    key: str
    relation: str
    expr: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One polynomial system whose infeasibility is to be certified.

    Attributes
    ----------
    label : the choices made, e.g. ``("eta*u",)``; empty when the clause has no Min or Max.
    variables : name -> sign, slack variables included.
    factors : key -> factor.
    equalities : key -> polynomial expression that is zero.
    goal : for a clause with relation ``=``, the polynomial to be shown zero; otherwise None.
    """

    label: tuple[str, ...]
    variables: Mapping[str, str]
    factors: Mapping[str, Factor]
    equalities: Mapping[str, Any]
    goal: Any | None = None


@functools.lru_cache(maxsize=512)
def branches(clause: Clause, mode: str = "split") -> tuple[Branch, ...]:
    """All branches of a clause, in a fixed order.

    Raises
    ------
    InputError : an unknown mode, a denominator that is not evidently positive, exp or log, more than 256 branches.
    """
    if mode not in MODES:
        raise InputError(f"mode {mode!r} is not allowed; use one of {', '.join(MODES)}.")
    rows = [*_hypotheses(clause), *_goals(clause)]
    parts = _split(rows, ()) if mode == "split" else iter([_slack(rows, dict(clause.variables))])
    found = []
    for label, variables, part in parts:
        found.append(_branch(label, variables or clause.variables, part))
        if len(found) > _MANY:
            raise InputError(f"{clause.id} has more than {_MANY} branches; use mode 'slack' or split it by hand.")
    return tuple(found)


def lemma_rows(clause: Clause) -> list[tuple[str, str, Any]]:
    """(key, relation, expression) of the goals of a clause's lemmas, after checking that each lemma applies.

    Raises
    ------
    InputError : a hypothesis or sign of the lemma is neither among the hypotheses and earlier lemmas nor evident.
    """
    known = [_Row(f"hyp:{name}", ">=", e) for name, e in clause.weak.items()]
    known += [_Row(f"hyp:{name}", ">", e) for name, e in clause.strict.items()]
    known += [_Row(f"hyp:{name}", "=", e) for name, e in clause.eq.items()]
    rows: list[tuple[str, str, Any]] = []
    for lemma in clause.lemmas:
        for what, relation, expr in _duties(lemma):
            if not _follows(relation, expr, known, clause.variables):
                raise InputError(
                    f"{clause.id}: lemma {lemma.clause.id} needs {expr} {relation} 0 ({what}), not stated."
                )
        row = _Row(f"lemma:{lemma.clause.id}", lemma.clause.relation, lemma.placed(lemma.clause.goal[0]))
        known.append(row)
        rows.append(row)
    return rows


def _duties(lemma: Lemma) -> Iterator[tuple[str, str, Any]]:
    for name, sign in lemma.clause.variables.items():
        if sign != "free":
            yield f"sign of {name}", ">" if sign == "pos" else ">=", lemma.placed(sp.Symbol(name))
    for relation, rows in ((">=", lemma.clause.weak), (">", lemma.clause.strict), ("=", lemma.clause.eq)):
        for name, expr in rows.items():
            yield name, relation, lemma.placed(expr)


def _follows(relation: str, expr: Any, known: Iterable[_Row], variables: Mapping[str, str]) -> bool:
    enough = {">=": (">=", ">", "="), ">": (">",), "=": ("=",)}[relation]
    if any(row.relation in enough and _same(expr, row.expr) for row in known):
        return True
    if relation == "=":
        return bool(sp.expand(expr) == 0)
    numerator, denominator = sp.fraction(sp.together(expr))
    return evident(numerator, variables, strict=relation == ">") and evident(denominator, variables, strict=True)


def _same(left: Any, right: Any) -> bool:
    return bool(left == right or sp.expand(sp.fraction(sp.together(left - right))[0]) == 0)


def evident(expr: Any, variables: Mapping[str, str], *, strict: bool) -> bool:
    """Whether a polynomial is >= 0 (or > 0) just because of its coefficients and the signs of the variables."""
    try:
        terms = expanded(expr)
    except InputError:
        return False

    def even_or_signed(monomial: tuple[tuple[str, int], ...]) -> bool:
        return all(e % 2 == 0 or variables.get(v, "free") != "free" for v, e in monomial)

    def positive(monomial: tuple[tuple[str, int], ...]) -> bool:
        return all(variables.get(v) == "pos" for v, _ in monomial)

    nonnegative = all(c > 0 and even_or_signed(m) for m, c in terms.items())
    return nonnegative and (not strict or any(positive(m) for m in terms))


def _hypotheses(clause: Clause) -> Iterator[_Row]:
    for relation, rows in ((">=", clause.weak), (">", clause.strict), ("=", clause.eq)):
        for name, expr in rows.items():
            yield _Row(f"hyp:{name}", relation, expr)
    yield from (_Row(*row) for row in lemma_rows(clause))


def _goals(clause: Clause) -> Iterator[_Row]:
    for j, goal in enumerate(clause.goal, start=1):
        if clause.relation == "=":
            yield _Row("goal", "goal", goal)
        else:
            yield _Row(f"neg:{j}", ">" if clause.relation == ">=" else ">=", -goal)


def _innermost(rows: Iterable[_Row]) -> Any | None:
    atoms = set().union(*(row.expr.atoms(sp.Min, sp.Max) for row in rows))
    flat = [a for a in atoms if not any(arg.has(sp.Min, sp.Max) for arg in a.args)]
    return min(flat, key=canonical, default=None)


def _arguments(atom: Any) -> tuple[list[Any], int]:
    """Arguments in a fixed order, and the sign that turns Max(a, b) into Min(-a, -b)."""
    return sorted(atom.args, key=canonical), 1 if isinstance(atom, sp.Min) else -1


def _replaced(rows: Iterable[_Row], atom: Any, value: Any) -> list[_Row]:
    return [row._replace(expr=row.expr.xreplace({atom: value})) for row in rows]


def _split(rows: list[_Row], label: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], None, list[_Row]]]:
    atom = _innermost(rows)
    if atom is None:
        yield label, None, rows
        return
    arguments, sign = _arguments(atom)
    for i, chosen in enumerate(arguments):
        cuts = [
            _Row(f"cut:{len(label) + 1}:{j}", ">=", sign * (other - chosen))
            for j, other in enumerate(arguments, start=1)
            if j != i + 1
        ]
        yield from _split([*_replaced(rows, atom, chosen), *cuts], (*label, f"{atom} = {chosen}"))


def _slack(rows: list[_Row], variables: dict[str, str]) -> tuple[tuple[str, ...], dict[str, str], list[_Row]]:
    label: list[str] = []
    cuts: list[_Row] = []
    while (atom := _innermost([*rows, *cuts])) is not None:
        arguments, sign = _arguments(atom)
        n = len(label) + 1
        name = f"m:{n}"
        variables[name] = _sign_of(atom, arguments, variables)
        gaps = [sign * (a - sp.Symbol(name)) for a in arguments]
        rows, cuts = _replaced(rows, atom, sp.Symbol(name)), _replaced(cuts, atom, sp.Symbol(name))
        cuts += [_Row(f"cut:{n}:{j}", ">=", gap) for j, gap in enumerate(gaps, start=1)]
        cuts.append(_Row(f"cut:{n}", "=", sp.Mul(*gaps)))
        label.append(f"{name} = {atom}")
    return tuple(label), variables, [*rows, *cuts]


def _sign_of(atom: Any, arguments: list[Any], variables: Mapping[str, str]) -> str:
    """The sign that a Min or Max has because all its arguments (one argument, for Max) have it."""
    needed = all if isinstance(atom, sp.Min) else any
    for sign, strict in (("pos", True), ("nonneg", False)):
        if needed(evident(a, variables, strict=strict) for a in arguments):
            return sign
    return "free"


def _branch(label: tuple[str, ...], variables: Mapping[str, str], rows: list[_Row]) -> Branch:
    factors = {name: Factor(sp.Symbol(name), sign == "pos") for name, sign in variables.items() if sign != "free"}
    equalities: dict[str, Any] = {}
    goal = None
    positive: list[Any] = []
    # Strict hypotheses first: they may justify the denominators of the others.
    for row in sorted(rows, key=lambda r: not (r.relation == ">" and not r.key.startswith("neg"))):
        expr = _cleared(row, variables, positive)
        if row.relation == "goal":
            goal = expr
        elif row.relation == "=":
            equalities[row.key] = expr
        else:
            factors[row.key] = Factor(expr, row.relation == ">")
            if row.relation == ">" and not row.key.startswith("neg"):
                positive.append(expr)
    order = {row.key: n for n, row in enumerate(rows)}
    factors = dict(sorted(factors.items(), key=lambda item: order.get(item[0], -1)))
    return Branch(
        label=label,
        variables=MappingProxyType(dict(variables)),
        factors=MappingProxyType(factors),
        equalities=MappingProxyType(equalities),
        goal=goal,
    )


def _cleared(row: _Row, variables: Mapping[str, str], positive: list[Any]) -> Any:
    """The expression times its positive denominator."""
    if row.expr.is_polynomial():
        return row.expr
    numerator, denominator = sp.fraction(sp.together(row.expr))
    if not (numerator.is_polynomial() and denominator.is_polynomial()):
        raise InputError(f"{row.key}: {row.expr} is not rational, so it has no polynomial certificate.")
    constant, parts = sp.factor_list(denominator)
    sign = 1 if constant > 0 else -1
    for part, exponent in parts:
        orientation = _orientation(part, variables, positive)
        if orientation == 0:
            raise InputError(f"{row.key}: the denominator {part} is not evidently positive; state it as strict.")
        sign *= orientation**exponent
    return sign * numerator


def _orientation(part: Any, variables: Mapping[str, str], positive: list[Any]) -> int:
    """1 or -1 when the polynomial is evidently positive or negative, else 0."""
    for sign in (1, -1):
        if evident(sign * part, variables, strict=True):
            return sign
        for known in positive:
            ratio = sp.cancel(sign * part / known)
            if ratio.is_Rational and ratio > 0:
                return sign
    return 0
