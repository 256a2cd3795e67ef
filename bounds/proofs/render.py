r"""Certificates as one-line identities, for reading: "k q D - l0 u^2 = D (k q - eta l0) + l0 (eta D - u^2)".

An identity in which each product contains at most one negated goal reads "multiplier * goal = sum of nonnegative
products"; with two negated goals in a product it is a refutation, "0 = sum", of n = -goal > 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from bounds.errors import InputError
from bounds.proofs.calculus import derived_clause, intervals
from bounds.proofs.polynomials import Polynomial, rational_from
from bounds.proofs.record import Case, Certificate, Term
from bounds.proofs.step import Clause
from bounds.proofs.system import Branch, branches

__all__ = ["FORMS", "render", "statement"]

FORMS = ("text", "latex")


def render(clause: Clause, certificate: Certificate, *, form: str = "text") -> str:
    """The certificate for a reader, one line per case; ``form`` is ``text`` or ``latex`` (without dollar signs).

    Raises
    ------
    InputError : an unknown form.
    """
    style = _style(form)
    if certificate.rule == "derivative":
        d = certificate.details
        last = derived_clause(clause, d["variable"], sp.Rational(rational_from(d["base"])), d["order"], d["form"])
        inner = render(last, Certificate.from_data(d["last"]), form=form)
        return f"{style.derivative(d)} {style.show(last.goal[0])} {style.sign('>=')} 0: {inner}"
    if certificate.rule == "sturm":
        return style.words(f"no sign change on {_domain(clause)} (Sturm's root count)")
    if certificate.rule == "bernstein":
        parts = sum(tree.count(".") for tree in certificate.details["trees"])
        return style.words(f"all Bernstein coefficients have the right sign on {parts} parts of {_domain(clause)}")
    parts = branches(clause, certificate.mode)
    return "\n".join(
        f"{style.label(branch)}{_identity(branch, case, style)}"
        for branch, case in zip(parts, certificate.cases, strict=True)
    )


def statement(clause: Clause, *, form: str = "text") -> str:
    """The clause for a reader: "if [step] .. >= 0, .., then .. >= 0 or ..", with the names of the hypotheses."""
    style = _style(form)
    rows = [(name, expr, ">=") for name, expr in clause.weak.items()]
    rows += [(name, expr, ">") for name, expr in clause.strict.items()]
    rows += [(name, expr, "=") for name, expr in clause.eq.items()]
    rows += [(x.clause.id, x.placed(x.clause.goal[0]), x.clause.relation) for x in clause.lemmas]
    given = [f"{style.words(f'[{name}]')} {style.show(expr)} {style.sign(rel)} 0" for name, expr, rel in rows]
    goals = style.words(" or ").join(f"{style.show(g)} {style.sign(clause.relation)} 0" for g in clause.goal)
    if not given:
        return goals
    return f"{style.words('if ')}{', '.join(given)}{style.words(', then ')}{goals}"


def _domain(clause: Clause) -> str:
    found = intervals(branches(clause)[0])
    names = sorted({s.name for g in clause.goal for s in g.free_symbols})
    return ", ".join(f"{name} in [{found[name].low}, {found[name].high}]" for name in names)


class _PositiveFirst:
    """Sums with what is added before what is subtracted: k q - eta l0, not -eta l0 + k q."""

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return sorted(expr.as_ordered_terms(), key=lambda term: bool(term.as_coeff_Mul()[0].is_negative))


class _TextPrinter(_PositiveFirst, StrPrinter):  # type: ignore[misc]
    pass


class _LatexPrinter(_PositiveFirst, LatexPrinter):  # type: ignore[misc]
    pass


class _Text:
    """Plain text: blanks for products, ^ for powers."""

    def show(self, expr: Any) -> str:
        return str(_TextPrinter().doprint(expr.xreplace(_readable(expr)))).replace("**", "^").replace("*", " ")

    def words(self, text: str) -> str:
        return text

    def sign(self, relation: str) -> str:
        return relation

    def zero(self, inner: str) -> str:
        return f"[{inner} = 0]"

    def label(self, branch: Branch) -> str:
        return "".join(f"{_renamed(choice)}: " for choice in branch.label)

    def derivative(self, d: Mapping[str, Any]) -> str:
        v, b, order = d["variable"], d["base"], d["order"]
        if d["form"] == "both":
            return f"least at {v} = {b} and not negative there, as"
        moved = "" if b == "0" else f" (with {v} for {v} - {b})"
        lower = "" if order == 1 else f" and its derivatives up to order {order - 1}"
        return f"at {v} = {b} the goal{lower} is not negative, and derivative {order}{moved} is"


class _Latex(_Text):
    """LaTeX mathematics."""

    def show(self, expr: Any) -> str:
        return str(_LatexPrinter().doprint(expr.xreplace(_readable(expr))))

    def words(self, text: str) -> str:
        return rf"\text{{{text}}}"

    def sign(self, relation: str) -> str:
        return r"\ge" if relation == ">=" else relation

    def zero(self, inner: str) -> str:
        return rf"[{inner}]_{{=0}}"

    def label(self, branch: Branch) -> str:
        return rf"\text{{{super().label(branch)}}}" if branch.label else ""

    def derivative(self, d: Mapping[str, Any]) -> str:
        return self.words(super().derivative(d))


def _style(form: str) -> _Text:
    if form not in FORMS:
        raise InputError(f"form {form!r} is not allowed; use one of {', '.join(FORMS)}.")
    return _Latex() if form == "latex" else _Text()


def _renamed(text: str) -> str:
    return text.replace("m:", "h_").replace("**", "^").replace("*", " ")


def _readable(expr: Any) -> dict[Any, Any]:
    return {s: sp.Symbol(_renamed(s.name)) for s in expr.free_symbols if ":" in s.name}


def _identity(branch: Branch, case: Case, style: _Text) -> str:
    products = [(term, Counter(term.factors)) for term in case.terms]
    negated = [key for key in branch.factors if key.startswith("neg:")]
    equalities = [_equality(key, p, branch, style) for key, p in case.equalities.items()]
    if branch.goal is not None:
        shown = _product(case.terms[0], products[0][1], branch, style, extra=branch.goal)
        return f"{shown} = {_sum([f'-{e}' for e in equalities]) or '0'}"
    if len(negated) == 1 and all(count[negated[0]] <= 1 for _, count in products):
        # Each product with -goal goes to the left side, where goal gets the sum of the cofactors.
        left = [_product(t, c - Counter(negated), branch, style) for t, c in products if c[negated[0]]]
        right = [_product(t, c, branch, style) for t, c in products if not c[negated[0]]]
        goal = style.show(-branch.factors[negated[0]].expr)
        bracket = f"({goal})" if " + " in goal or " - " in goal else goal
        whole = bracket if left == ["1"] else f"{left[0] if len(left) == 1 else f'({_sum(left)})'} {bracket}"
        return f"{whole if left != ['1'] else goal} = {_sum([*right, *equalities]) or '0'}"
    return f"0 = {_sum([*(_product(t, c, branch, style) for t, c in products), *equalities])}"


def _equality(key: str, multiplier: Polynomial, branch: Branch, style: _Text) -> str:
    factor, zero = _expression(multiplier), style.zero(style.show(branch.equalities[key]))
    if factor.is_Rational:
        return zero if factor == 1 else f"{style.show(factor)} {zero}"
    return f"{_bracketed(style.show(factor))} {zero}"


def _product(term: Term, factors: Counter[str], branch: Branch, style: _Text, extra: Any = None) -> str:
    parts = []
    for key, exponent in sorted(factors.items(), key=lambda item: item[0] not in branch.variables):
        shown = style.show(branch.factors[key].expr)
        parts.append(_bracketed(shown) + (f"^{exponent}" if exponent > 1 else ""))
    if term.square:
        parts.append(f"{_bracketed(style.show(_expression(term.square)))}^2")
    if extra is not None:
        parts.append(_bracketed(style.show(extra)))
    coefficient = style.show(sp.Rational(term.coefficient.numerator, term.coefficient.denominator))
    return " ".join(parts if parts and coefficient == "1" else [coefficient, *parts])


def _bracketed(shown: str) -> str:
    simple = not any(mark in shown for mark in (" + ", " - ")) and not shown.startswith("-")
    return shown if simple else f"({shown})"


def _expression(p: Polynomial) -> Any:
    terms = (sp.Rational(c.numerator, c.denominator) * sp.Mul(*(sp.Symbol(v) ** e for v, e in m)) for m, c in p.items())
    return sp.Add(*terms)


def _sum(parts: Iterable[str]) -> str:
    return " + ".join(parts).replace("--", "").replace("+ -", "- ")
