r"""Scalar steps of a proof: clauses "hypotheses => goal, or goal, ...".

A clause is written once, in Python, with sympy symbols; its certificate, its rendering and its numerical tests
all read this one object. Every expression stands for a comparison with zero:

    weak hypothesis  h >= 0,   strict hypothesis  h > 0,   equality  h = 0,   goal  g >= 0, g > 0 or g = 0.

Min and Max may appear anywhere and stay in the statement. Quotients are allowed when their denominators are
evidently positive (see :mod:`bounds.proofs.system`), and exp and log in goals of one variable.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import sympy as sp

from bounds.errors import InputError

__all__ = ["Clause", "Lemma", "canonical", "signs"]

_NAME = re.compile(r"[A-Za-z][\w.+-]*")
_SIGNS = ("pos", "nonneg", "free")
_RELATIONS = (">=", ">", "=")
_FUNCTIONS = (sp.Min, sp.Max, sp.exp, sp.log)


def signs(*, pos: str = "", nonneg: str = "", free: str = "") -> dict[str, str]:
    """Variables with their signs from names separated by blanks: ``signs(pos="eta gamma", nonneg="u w")``."""
    groups = (("pos", pos), ("nonneg", nonneg), ("free", free))
    return {name: sign for sign, names in groups for name in names.split()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lemma:
    """An earlier clause, used with its variables replaced by expressions (by themselves when not mentioned)."""

    clause: Clause
    at: Mapping[Any, Any] = dataclasses.field(default_factory=dict)

    def placed(self, expr: Any) -> Any:
        """An expression of the lemma in the variables of the clause that uses it."""
        values = {sp.Symbol(str(v)): _plain(_expression("lemma", value)) for v, value in self.at.items()}
        return expr.subs(values, simultaneous=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clause:
    """One scalar step.

    Attributes
    ----------
    id : name within the proof, e.g. ``"S5"``.
    place : where the step is used, e.g. ``"Theorem 1, step 2"``.
    variables : name -> ``pos``, ``nonneg`` or ``free``; every symbol of the clause is declared.
    weak, strict, eq : named hypotheses, name -> expression (>= 0, > 0, = 0). The names are cited by the rendering.
    goal : the disjunction; one expression may be given without a tuple.
    relation : ``>=``, ``>`` or ``=`` (the last for a single goal), of every goal to zero.
    lemmas : earlier clauses (or :class:`Lemma` with a substitution) whose single goal becomes a hypothesis. Their own
        hypotheses must be among this clause's hypotheses and earlier lemmas, or evident from the signs.
    rivals : description -> changed fields (``goal``, ``relation``, ``weak``, ``strict``, ``eq``, merged by name;
        None drops a hypothesis): sharper variants that ought to be false, tested beside the automatic mutations.

    Raises
    ------
    InputError : an undeclared symbol, an unnamed or constant hypothesis, a float, a function that is not allowed ...
    """

    id: str
    place: str
    variables: Mapping[str, str]
    weak: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    strict: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    eq: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    goal: Any
    relation: str = ">="
    lemmas: tuple[Any, ...] = ()
    rivals: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.id):
            raise InputError(f"clause id {self.id!r} is not allowed; use letters, digits, '.', '_', '+' and '-'.")
        if not self.place:
            raise InputError(f"clause {self.id} does not say where in the proof it is used.")
        for name, sign in self.variables.items():
            if not name.isidentifier() or sign not in _SIGNS:
                raise InputError(f"{self.id}: variable {name!r} with sign {sign!r}; the sign must be one of {_SIGNS}.")
        set_ = object.__setattr__
        for kind in ("weak", "strict", "eq"):
            rows = {name: self._read(name, expr) for name, expr in getattr(self, kind).items()}
            set_(self, kind, MappingProxyType(rows))
        goals = self.goal if isinstance(self.goal, tuple) else (self.goal,)
        set_(self, "goal", tuple(self._read(f"goal {j}", g) for j, g in enumerate(goals, start=1)))
        set_(self, "lemmas", tuple(x if isinstance(x, Lemma) else Lemma(clause=x) for x in self.lemmas))
        set_(self, "variables", MappingProxyType(dict(self.variables)))
        set_(self, "rivals", MappingProxyType(dict(self.rivals)))
        self._check_rows()

    def _read(self, name: str, expr: Any) -> Any:
        where = f"{self.id}, {name}"
        result = _expression(where, expr)
        for symbol in result.free_symbols:
            sign = self.variables.get(symbol.name)
            if sign is None:
                raise InputError(f"{where}: symbol {symbol} is not among the variables {', '.join(self.variables)}.")
            if (symbol.is_positive and sign != "pos") or (symbol.is_nonnegative and sign == "free"):
                raise InputError(f"{where}: symbol {symbol} assumes more than its declared sign {sign!r}.")
            if symbol.is_integer:
                raise InputError(f"{where}: symbol {symbol} is an integer, but a clause speaks of all real numbers.")
        return _plain(result)

    def _check_rows(self) -> None:
        names = [*self.weak, *self.strict, *self.eq]
        if len(set(names)) < len(names) or not all(_NAME.fullmatch(name) for name in names):
            raise InputError(f"{self.id}: hypothesis names {names} must be distinct, of letters, digits, '_' and '-'.")
        for name, expr in self.hypotheses().items():
            if not expr.free_symbols:
                raise InputError(f"{self.id}: hypothesis {name!r} is the constant {expr}, so it says nothing.")
        if self.relation not in _RELATIONS or not self.goal or (self.relation == "=" and len(self.goal) > 1):
            raise InputError(f"{self.id}: {len(self.goal)} goals related by {self.relation!r}; allowed: {_RELATIONS}.")
        ids = [lemma.clause.id for lemma in self.lemmas]
        if len(set(ids)) < len(ids) or self.id in ids:
            raise InputError(f"{self.id}: lemmas {ids} must be distinct and earlier.")
        for lemma in self.lemmas:
            if len(lemma.clause.goal) != 1 or not all(map(self.variables.get, self._reached(lemma))):
                raise InputError(f"{self.id}: lemma {lemma.clause.id} must have one goal, in variables of this clause.")

    @staticmethod
    def _reached(lemma: Lemma) -> Iterable[str]:
        """Variables of the using clause that an instance of the lemma speaks of."""
        return {s.name for name in lemma.clause.variables for s in lemma.placed(sp.Symbol(name)).free_symbols}

    def hypotheses(self) -> dict[str, Any]:
        """All hypotheses by name: weak, then strict, then equalities."""
        return {**self.weak, **self.strict, **self.eq}

    @property
    def hash(self) -> str:
        """A fingerprint of the statement (not of its id, place or rivals): 16 hexadecimal digits."""
        rows = {
            "variables": dict(self.variables),
            **{kind: {k: canonical(e) for k, e in getattr(self, kind).items()} for kind in ("weak", "strict", "eq")},
            "goal": [canonical(g) for g in self.goal],
            "relation": self.relation,
            "lemmas": {
                x.clause.id: [x.clause.hash, sorted((v, canonical(x.placed(sp.Symbol(v)))) for v in x.clause.variables)]
                for x in self.lemmas
            },
        }
        return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]

    def changed(self, fields: Mapping[str, Any]) -> Clause:
        """The clause with some fields replaced, hypotheses merged by name (None drops one), and without rivals."""
        allowed = ("goal", "relation", "weak", "strict", "eq")
        if not set(fields) <= set(allowed):
            raise InputError(f"{self.id}: fields {sorted(fields)} cannot be changed; allowed: {', '.join(allowed)}.")
        merged = dict(fields)
        for kind in ("weak", "strict", "eq"):
            rows = {**getattr(self, kind), **fields.get(kind, {})}
            merged[kind] = {name: expr for name, expr in rows.items() if expr is not None}
        return dataclasses.replace(self, **merged, rivals={})


def _expression(where: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Fraction | sp.Expr):
        raise InputError(
            f"{where}: {value!r} is not allowed; write an expression in sympy symbols, exact numbers only."
        )
    expr = sp.Rational(value.numerator, value.denominator) if isinstance(value, int | Fraction) else value
    for node in sp.preorder_traversal(expr):
        arithmetic = node.is_Symbol or node.is_Rational or node.is_Add or node.is_Mul or node is sp.E
        if not (arithmetic or (node.is_Pow and node.exp.is_Integer) or isinstance(node, _FUNCTIONS)):
            raise InputError(f"{where}: {node} is not allowed; use rationals, + - * / **integer, Min, Max, exp, log.")
    return expr


def _plain(expr: Any) -> Any:
    """The expression in symbols without assumptions: signs are declared by the clause alone."""
    strange = {s: sp.Symbol(s.name) for s in expr.free_symbols if s != sp.Symbol(s.name)}
    return expr.xreplace(strange) if strange else expr


def canonical(expr: Any) -> str:
    """A spelling of an expression that depends neither on argument order nor on the printer."""
    if expr.is_Symbol:
        return str(expr.name)
    if not expr.args:
        return "exp(1)" if expr is sp.E else str(expr)
    parts = [canonical(a) for a in expr.args]
    if expr.is_Pow:
        return f"{parts[0]}^{parts[1]}"
    joined = " ".join(sorted(parts))
    return f"({'+' if expr.is_Add else '*' if expr.is_Mul else type(expr).__name__} {joined})"
