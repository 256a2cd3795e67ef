r"""Certificates of scalar steps and their exact check.

The rule ``identity``. For each branch of the negated clause (:mod:`bounds.proofs.system`) the certificate is

    sum_i c_i (product of factors)_i (square)_i  +  sum_k m_k e_k  =  0        identically over the rationals,

with rational c_i > 0, squares of rational polynomials, equality hypotheses e_k with any rational polynomials m_k, and
at least one square-free product of strict factors only (the empty product 1 is strict). Every product is >= 0 and one
is > 0 if the clause fails, so it cannot fail (Krivine 1964, Stengle 1974, Handelman 1988). A clause with goal g = 0
carries "s g + sum_k m_k e_k = 0" with one product s of strict factors instead. The three further rules are in
:mod:`bounds.proofs.calculus`.

Checking expands and compares; nothing here trusts the solver that found the certificate.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from bounds.errors import InputError
from bounds.proofs.calculus import check_bernstein, check_sturm, derivative_step
from bounds.proofs.polynomials import Polynomial
from bounds.proofs.record import RULES, Case, Certificate, CheckResult, Term
from bounds.proofs.step import Clause
from bounds.proofs.system import Branch, branches

__all__ = ["RULES", "Case", "Certificate", "CheckResult", "Term", "check", "check_identity"]


def check(clause: Clause, certificate: Certificate) -> CheckResult:
    """Whether the certificate proves the clause; exact, with sympy alone.

    The lemmas of the clause are taken as given: they carry certificates of their own.
    """
    if certificate.statement != clause.hash:
        reason = f"{clause.id}: the certificate is for statement {certificate.statement}, this is {clause.hash}."
        return CheckResult(ok=False, stale=True, reason=reason)
    rules = {"identity": check_identity, "sturm": check_sturm, "bernstein": check_bernstein}
    try:
        if certificate.rule == "derivative":
            inner = check(*derivative_step(clause, certificate))
            return CheckResult(ok=inner.ok, reason=f"{clause.id}: {inner.reason}" if inner.reason else "")
        if certificate.rule not in rules:
            raise InputError(f"unknown rule {certificate.rule!r}; known: {', '.join(RULES)}")
        reason = rules[certificate.rule](clause, certificate)
    except (InputError, sp.PolynomialError, sp.CoercionFailed) as error:
        reason = str(error)
    return CheckResult(ok=not reason, reason=f"{clause.id}: {reason}" if reason else "")


def check_identity(clause: Clause, certificate: Certificate) -> str:
    """The rule ``identity``: why it does not prove the clause, or an empty string."""
    parts = branches(clause, certificate.mode)
    if len(parts) != len(certificate.cases):
        return f"{len(certificate.cases)} cases for {len(parts)} branches"
    for n, (branch, case) in enumerate(zip(parts, certificate.cases, strict=True), start=1):
        if reason := _check_case(branch, case):
            return f"case {n}: {reason}"
    return ""


def _check_case(branch: Branch, case: Case) -> str:
    symbols = [sp.Symbol(name) for name in branch.variables] or [sp.Symbol("one")]
    reader = _Reader(symbols)
    total = reader.constant(0)
    strict = False
    for term in case.terms:
        unknown = [key for key in term.factors if key not in branch.factors]
        if unknown:
            return f"{unknown[0]!r} is not a factor; factors are {', '.join(branch.factors)}"
        if term.coefficient <= 0:
            return f"the coefficient {term.coefficient} is not positive"
        product = reader.constant(term.coefficient)
        for key in term.factors:
            product *= reader.expression(key, branch.factors[key].expr)
        if term.square:
            product *= reader.polynomial(term.square) ** 2
        elif all(branch.factors[key].strict for key in term.factors):
            strict = True
            if branch.goal is not None:
                product *= reader.expression("goal", branch.goal)
        total += product
    if branch.goal is not None and len(case.terms) != 1:
        return "an equality needs exactly one term, the multiplier of its goal"
    if not strict:
        return "no term is strictly positive"
    for key, multiplier in case.equalities.items():
        if key not in branch.equalities:
            return f"{key!r} is not an equality; equalities are {', '.join(branch.equalities) or 'none'}"
        total += reader.polynomial(multiplier) * reader.expression(key, branch.equalities[key])
    return "" if total.is_zero else f"the sum is {total.as_expr()}, not zero"


class _Reader:
    """Expressions and dictionaries as sympy polynomials over the rationals in fixed symbols."""

    def __init__(self, symbols: list[Any]) -> None:
        self._symbols = symbols
        self._index = {s.name: n for n, s in enumerate(symbols)}
        self._known: dict[str, Any] = {}

    def constant(self, value: Any) -> Any:
        return sp.Poly(sp.Rational(value.numerator, value.denominator), *self._symbols, domain="QQ")

    def expression(self, key: str, expr: Any) -> Any:
        if key not in self._known:
            self._known[key] = sp.Poly(expr, *self._symbols, domain="QQ")
        return self._known[key]

    def polynomial(self, terms: Polynomial) -> Any:
        rows = {}
        for monomial, coefficient in terms.items():
            exponents = [0] * len(self._symbols)
            for name, exponent in monomial:
                if name not in self._index:
                    raise InputError(f"{name!r} is not a variable of this branch")
                exponents[self._index[name]] = exponent
            rows[tuple(exponents)] = sp.Rational(coefficient.numerator, coefficient.denominator)
        return sp.Poly.from_dict(rows, *self._symbols, domain="QQ")
