"""The search's own arithmetic: a monomial is one integer, eight bits per exponent; multiplying is adding integers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from bounds.proofs.gradings import Dense
from bounds.proofs.linear import Number, Terms

__all__ = [
    "BITS",
    "Coded",
    "Grade",
    "Level",
    "Multiple",
    "Part",
    "Product",
    "encode",
    "encoded",
    "level",
    "lowered",
    "multiplied",
    "negations",
    "shifted",
    "value_at",
]

Grade = tuple[int, ...]
BITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How large a dictionary is.

    Attributes
    ----------
    degree : largest degree of the monomial in the signed variables.
    hypotheses : most hypotheses and negated goals in a product.
    anchor : largest degree of the monomial in a strict product.
    squares : 0 none, 1 of simple binomials, 2 also of forms that vanish where the goal is tight.
    most : programs with more columns than this are left out.
    """

    degree: int
    hypotheses: int
    anchor: int
    squares: int = 0
    most: int = 20_000


def level(degree: int, hypotheses: int, anchor: int, squares: int = 0, most: int = 20_000) -> Level:
    """A level, in the short form in which tables of levels are written."""
    return Level(degree=degree, hypotheses=hypotheses, anchor=anchor, squares=squares, most=most)


class Product(NamedTuple):
    """A monomial in the signed variables, times factors by key, times the square of a polynomial."""

    monomial: tuple[int, ...]
    factors: tuple[str, ...]
    square: tuple[tuple[int, Number], ...] = ()


class Multiple(NamedTuple):
    """A monomial times an equality."""

    monomial: tuple[int, ...]
    equality: str


class Coded(NamedTuple):
    """A monomial in both spellings, with its degree."""

    exponents: tuple[int, ...]
    code: int
    degree: int


@dataclass(frozen=True, slots=True)
class Part:
    """A product of hypotheses and negated goals."""

    keys: tuple[str, ...]
    terms: Terms
    strict: bool
    negated: int
    grade: Grade


def multiplied(p: Terms, q: Terms) -> Terms:
    """p q."""
    result: Terms = {}
    for m, a in p.items():
        for n, b in q.items():
            result[m + n] = result.get(m + n, 0) + a * b
    return {m: c for m, c in result.items() if c}


def shifted(p: Terms, code: int) -> Terms:
    """p times a monomial."""
    return {m + code: c for m, c in p.items()}


def encode(exponents: Iterable[int]) -> int:
    """The monomial with these exponents as one integer."""
    return sum(e << (BITS * n) for n, e in enumerate(exponents))


def encoded(p: Dense) -> Terms:
    """The polynomial with encoded monomials."""
    # Whole numbers as int: comparing and multiplying Fractions would take most of the time.
    return {encode(m): int(c) if c.denominator == 1 else c for m, c in p.items()}


def value_at(monomial: Sequence[int], point: Sequence[Fraction]) -> Fraction:
    """A monomial at a point."""
    result = Fraction(1)
    for x, e in zip(point, monomial, strict=True):
        result *= x**e
    return result


def lowered(left: Grade, right: Grade) -> Grade:
    """The difference of two grades."""
    return tuple(map(int.__sub__, left, right))


def negations(name: Product | Multiple) -> int:
    """How many negated goals a product has."""
    return sum(key.startswith("neg:") for key in name.factors) if isinstance(name, Product) else 0
