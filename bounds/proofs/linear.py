"""The linear programs behind the search: numerical vertex by HiGHS, exact values on its support.

Columns are polynomials with a cost; wanted are nonnegative multipliers with sum 0, where the multipliers of the
*anchors* sum to one. What is returned is exact; a vertex that does not survive rational arithmetic is dropped.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["Column", "Number", "Terms", "combination", "pruned"]

Number = int | Fraction
Terms = dict[int, Number]
_TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A polynomial that may enter the sum.

    Attributes
    ----------
    name : what the column stands for.
    terms : monomial, coded as one integer -> coefficient.
    cost : preference, small is good.
    signed : whether the multiplier may be negative (multiples of equalities).
    anchor : whether it is a product of strict factors.
    """

    name: Any
    terms: Terms
    cost: float
    signed: bool = False
    anchor: bool = False


def pruned(columns: Sequence[Column]) -> list[Column]:
    """The columns that can take part in a cancellation.

    A monomial that occurs with one sign only, in unsigned columns, forces all of them to zero; repeated until nothing
    changes. Empty when no anchor is left.
    """
    rows: dict[int, list[int]] = {}
    positive: dict[int, int] = {}
    negative: dict[int, int] = {}
    for j, column in enumerate(columns):
        for monomial, value in column.terms.items():
            if monomial not in rows:
                rows[monomial], positive[monomial], negative[monomial] = [], 0, 0
            rows[monomial].append(j)
            positive[monomial] += column.signed or value > 0
            negative[monomial] += column.signed or value < 0
    alive = [True] * len(columns)
    count = {monomial: len(places) for monomial, places in rows.items()}
    waiting = list(rows)
    while waiting:
        row = waiting.pop()
        if count[row] == 0 or (positive[row] and negative[row] and count[row] > 1):
            continue
        for j in rows[row]:
            if alive[j]:
                alive[j] = False
                signed = columns[j].signed
                for monomial, value in columns[j].terms.items():
                    count[monomial] -= 1
                    positive[monomial] -= signed or value > 0
                    negative[monomial] -= signed or value < 0
                    if not (positive[monomial] and negative[monomial]) or count[monomial] == 1:
                        waiting.append(monomial)
    kept = [column for j, column in enumerate(columns) if alive[j]]
    return kept if any(column.anchor for column in kept) else []


def combination(columns: Sequence[Column], *, tries: int) -> list[tuple[Column, Fraction]] | None:
    """A vanishing combination with few terms, or None.

    The first program decides feasibility; then single anchors are preferred to mixtures, and randomly reweighted costs
    look for a vertex with fewer terms (``tries`` of them, with a fixed seed).
    """
    program = _Program(columns)
    anchors = sorted((j for j, c in enumerate(columns) if c.anchor), key=lambda j: columns[j].cost)
    first = program.solve(anchors, [c.cost for c in columns])
    if first is None:
        return None
    generator = random.Random(20_10_02519)
    best: tuple[float, list[tuple[Column, Fraction]]] | None = None
    chosen = anchors
    for anchor in anchors[: 8 if len(columns) < 1000 else 3] if len(anchors) > 1 else []:
        single = program.solve([anchor], [c.cost for c in columns])
        if single is not None:
            first, chosen = single, [anchor]
            break
    vertex: list[float] | None = first
    for attempt in range(tries + 1):
        if vertex is not None and (exact := _exact(columns, vertex, chosen)) is not None:
            length = len(exact) + 0.01 * sum(column.cost for column, _ in exact)
            if best is None or length < best[0]:
                best = (length, exact)
        if best is not None and len(best[1]) <= 2:
            break
        # Reweighted l1 minimisation: what is small now becomes dear, with noise against cycling.
        weights = [1.0] * len(columns) if attempt % 4 == 3 or vertex is None else [1 / (abs(x) + 0.05) for x in vertex]
        costs = [c.cost * w * generator.uniform(0.5, 2) for c, w in zip(columns, weights, strict=True)]
        vertex = program.solve(chosen, costs)
    return best[1] if best else None


class _Program:
    def __init__(self, columns: Sequence[Column]) -> None:
        import scipy.sparse

        self._signed = [j for j, c in enumerate(columns) if c.signed]
        index: dict[int, int] = {}
        entries: list[tuple[float, int, int]] = []
        for j, column in enumerate(columns):
            for monomial, value in column.terms.items():
                entries.append((float(value), index.setdefault(monomial, len(index)), j))
        # A multiplier of either sign is the difference of two: a vertex is then sparse in it as well.
        twin = {j: len(columns) + n for n, j in enumerate(self._signed)}
        entries += [(-value, row, twin[j]) for value, row, j in entries if j in twin]
        self._rows, self._width = len(index), len(columns) + len(twin)
        values, rows, places = zip(*entries, strict=True) if entries else ((), (), ())
        self._entries = (list(values), list(rows), list(places))
        self._count = len(columns)
        self._matrix = scipy.sparse.csr_matrix

    def solve(self, anchors: Sequence[int], costs: Sequence[float]) -> list[float] | None:
        import scipy.optimize

        values, rows, places = self._entries
        matrix = self._matrix(
            (values + [1.0] * len(anchors), (rows + [self._rows] * len(anchors), places + list(anchors))),
            shape=(self._rows + 1, self._width),
        )
        cost = [*costs, *(costs[j] for j in self._signed)]
        linprog: Any = scipy.optimize.linprog
        result = linprog(cost, A_eq=matrix, b_eq=[0.0] * self._rows + [1.0], bounds=(0, None), method="highs-ds")
        if result.status != 0:
            return None
        x = [float(v) for v in result.x]
        for n, j in enumerate(self._signed):
            x[j] -= x[self._count + n]
        return x[: self._count]


def _exact(
    columns: Sequence[Column], vertex: list[float], anchors: Sequence[int]
) -> list[tuple[Column, Fraction]] | None:
    support = [j for j, v in enumerate(vertex) if abs(v) > _TINY]
    monomials = {m for j in support for m in columns[j].terms}
    rows = [[Fraction(columns[j].terms.get(m, 0)) for j in support] + [Fraction(0)] for m in monomials]
    rows.append([Fraction(j in anchors) for j in support] + [Fraction(1)])
    solution = _solved(rows, [vertex[j] for j in support])
    if solution is None:
        return None
    pairs = [(columns[j], x) for j, x in zip(support, solution, strict=True) if x]
    return pairs if all(x > 0 or column.signed for column, x in pairs) else None


def _solved(rows: list[list[Fraction]], guess: list[float]) -> list[Fraction] | None:
    """The exact solution of a linear system, free unknowns at simple rationals near the guess, or None."""
    width, rank = len(guess), 0
    pivots: dict[int, int] = {}
    for column in range(width):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        lead = rows[rank][column]
        rows[rank] = [x / lead for x in rows[rank]]
        for i, row in enumerate(rows):
            if i != rank and row[column]:
                scale = row[column]
                rows[i] = [x - scale * y if y else x for x, y in zip(row, rows[rank], strict=True)]
        pivots[column] = rank
        rank += 1
    if any(row[width] for row in rows[rank:]):
        return None
    solution = [Fraction(0) if c in pivots else Fraction(guess[c]).limit_denominator(64) for c in range(width)]
    for column, index in pivots.items():
        free = sum((rows[index][c] * solution[c] for c in range(width) if c not in pivots), Fraction(0))
        solution[column] = rows[index][width] - free
    return solution
