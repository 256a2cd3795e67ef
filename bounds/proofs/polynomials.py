"""Polynomials over the rationals as plain dictionaries: no algebra system involved.

A polynomial is {monomial: coefficient} with Fractions that are never zero; a monomial is a sorted tuple of
(variable, exponent) pairs with positive exponents, () for the constant one. On paper it is written
{"eta^2*u": "3/2", "1": "-1"}, which needs no parser beyond splitting at ``*`` and ``^``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bounds.errors import InputError

__all__ = [
    "Monomial",
    "Polynomial",
    "expanded",
    "minus",
    "monomial_from",
    "monomial_text",
    "plus",
    "polynomial_from",
    "polynomial_text",
    "power",
    "rational_from",
    "times",
]

Monomial = tuple[tuple[str, int], ...]
Polynomial = dict[Monomial, Fraction]

_RATIONAL = re.compile(r"-?[0-9]{1,400}(/[0-9]{1,400})?")
_POWER = re.compile(r"([A-Za-z_][\w:]*)(?:\^([1-9][0-9]{0,2}))?")


def plus(p: Polynomial, q: Polynomial, scale: Fraction = Fraction(1)) -> Polynomial:
    """p + scale q."""
    result = dict(p)
    for monomial, coefficient in q.items():
        value = result.get(monomial, Fraction(0)) + scale * coefficient
        if value:
            result[monomial] = value
        else:
            result.pop(monomial, None)
    return result


def minus(p: Polynomial) -> Polynomial:
    """-p."""
    return {monomial: -coefficient for monomial, coefficient in p.items()}


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    """p q."""
    result: Polynomial = {}
    for m, a in p.items():
        for n, b in q.items():
            exponents = dict(m)
            for name, exponent in n:
                exponents[name] = exponents.get(name, 0) + exponent
            monomial = tuple(sorted(exponents.items()))
            result[monomial] = result.get(monomial, Fraction(0)) + a * b
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient}


def power(p: Polynomial, exponent: int) -> Polynomial:
    """p^exponent for an exponent >= 0."""
    result: Polynomial = {(): Fraction(1)}
    for _ in range(exponent):
        result = times(result, p)
    return result


def expanded(expr: Any) -> Polynomial:
    """The polynomial that an expression tree (sums, products, powers >= 0, rationals, symbols) stands for.

    Raises
    ------
    InputError : anything else in the tree.
    """
    if expr.is_Symbol:
        return {((expr.name, 1),): Fraction(1)}
    if expr.is_Rational:
        value = Fraction(int(expr.p), int(expr.q))
        return {(): value} if value else {}
    if expr.is_Add:
        total: Polynomial = {}
        for part in expr.args:
            total = plus(total, expanded(part))
        return total
    if expr.is_Mul:
        product: Polynomial = {(): Fraction(1)}
        for part in expr.args:
            product = times(product, expanded(part))
        return product
    if expr.is_Pow and expr.exp.is_Integer and int(expr.exp) >= 0:
        return power(expanded(expr.base), int(expr.exp))
    raise InputError(f"{expr} is not a polynomial with rational coefficients.")


def rational_from(text: object) -> Fraction:
    """The rational written ``p`` or ``p/q``."""
    if not isinstance(text, str) or not _RATIONAL.fullmatch(text) or text.endswith("/0"):
        raise InputError(f"{text!r} is not a rational number; write it as 'p' or 'p/q'.")
    return Fraction(text)


def monomial_from(text: object) -> Monomial:
    """The monomial written ``x^2*y``, or ``1``."""
    if text == "1":
        return ()
    exponents: dict[str, int] = {}
    for part in text.split("*") if isinstance(text, str) else [""]:
        match = _POWER.fullmatch(part)
        if match is None or match[1] in exponents:
            raise InputError(f"{text!r} is not a monomial; write it as 'x^2*y', each variable once.")
        exponents[match[1]] = int(match[2] or 1)
    return tuple(sorted(exponents.items()))


def monomial_text(monomial: Monomial) -> str:
    """The inverse of :func:`monomial_from`."""
    return "*".join(name if exponent == 1 else f"{name}^{exponent}" for name, exponent in monomial) or "1"


def polynomial_from(data: object) -> Polynomial:
    """The polynomial written {monomial: rational}."""
    if not isinstance(data, Mapping):
        raise InputError(f"{data!r} is not a polynomial; write it as {{monomial: 'p/q'}}.")
    result: Polynomial = {}
    for text, value in data.items():
        monomial, coefficient = monomial_from(text), rational_from(value)
        if monomial in result or coefficient == 0:
            raise InputError(f"monomial {text!r} is given twice or with coefficient zero.")
        result[monomial] = coefficient
    return result


def polynomial_text(p: Polynomial) -> dict[str, str]:
    """The inverse of :func:`polynomial_from`, in a fixed order."""
    return {monomial_text(m): str(p[m]) for m in sorted(p)}
