"""Dense polynomials of the search: exact division, and the gradings under which a system is homogeneous."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

__all__ = ["Dense", "gradings", "quotient"]

Dense = dict[tuple[int, ...], Fraction]


def quotient(terms: Dense, divisor: Dense) -> Dense | None:
    """The exact quotient of two polynomials, or None (lexicographic division)."""
    lead = max(divisor)
    rest, result = dict(terms), {}
    while rest:
        top = max(rest)
        monomial = tuple(map(int.__sub__, top, lead))
        if min(monomial) < 0:
            return None
        scale = rest[top] / divisor[lead]
        result[monomial] = scale
        for m, c in divisor.items():
            key = tuple(map(int.__add__, m, monomial))
            value = rest.get(key, Fraction(0)) - scale * c
            if value:
                rest[key] = value
            else:
                rest.pop(key, None)
    return result


def gradings(polynomials: Iterable[Dense], width: int) -> list[tuple[int, ...]]:
    """A basis of the integer weights under which every polynomial is homogeneous."""
    rows = []
    for terms in polynomials:
        first, *others = terms or [(0,) * width]
        rows += [[Fraction(a - b) for a, b in zip(m, first, strict=True)] for m in others]
    pivots: dict[int, list[Fraction]] = {}
    for row in rows:
        for column, pivot in pivots.items():
            if row[column]:
                row = [x - row[column] * y for x, y in zip(row, pivot, strict=True)]
        lead = next((n for n, x in enumerate(row) if x), None)
        if lead is None:
            continue
        row = [x / row[lead] for x in row]
        for column, pivot in pivots.items():
            if pivot[lead]:
                pivots[column] = [x - pivot[lead] * y for x, y in zip(pivot, row, strict=True)]
        pivots[lead] = row
    basis = []
    for free in (n for n in range(width) if n not in pivots):
        weight = [Fraction(n == free) for n in range(width)]
        for column, pivot in pivots.items():
            weight[column] = -pivot[free]
        scale = math.lcm(*(x.denominator for x in weight))
        basis.append(tuple(int(x * scale) for x in weight))
    return basis
