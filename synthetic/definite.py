r"""Exact bounds for the eigenvalues of symmetric rational matrices.

A symmetric M is positive semidefinite exactly when symmetric elimination meets no negative pivot, and only zeros in the
row of a pivot that is 0. In rational arithmetic this is a proof, M = L D L^T with D >= 0, and lambda_max(M) <= b is the
claim that b G - M is positive semidefinite for the metric G (the identity, or the weights of a scaled norm).
Floating point only proposes the b to be proved.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

__all__ = ["Matrix", "is_positive_semidefinite", "largest_eigenvalue_bound", "minus", "weighted_gram"]

Matrix = tuple[tuple[Fraction, ...], ...]
"""A symmetric matrix of exact rationals, row by row."""


def is_positive_semidefinite(matrix: Matrix) -> bool:
    """Whether M >= 0, by exact symmetric elimination."""
    rows = [list(row) for row in matrix]
    for k, pivot_row in enumerate(rows):
        pivot = pivot_row[k]
        if pivot < 0 or (pivot == 0 and any(pivot_row[k:])):
            return False
        if pivot == 0:
            continue
        for row in rows[k + 1 :]:
            factor = row[k] / pivot
            if factor:
                for j in range(k, len(row)):
                    row[j] -= factor * pivot_row[j]
    return True


def minus(bound: Fraction, metric: Sequence[Fraction], matrix: Matrix) -> Matrix:
    """bound * diag(metric) - matrix."""
    return tuple(
        tuple((bound * metric[i] if i == j else 0) - entry for j, entry in enumerate(row))
        for i, row in enumerate(matrix)
    )


def weighted_gram(vectors: Iterable[Sequence[Fraction]], weights: Iterable[Fraction], size: int) -> Matrix:
    """sum_i w_i v_i v_i^T for vectors of length ``size``."""
    total = [[Fraction(0)] * size for _ in range(size)]
    for vector, weight in zip(vectors, weights, strict=True):
        for i, a in enumerate(vector):
            scaled = weight * a
            for j in range(i, size) if scaled else ():
                total[i][j] += scaled * vector[j]
    return tuple(tuple(total[min(i, j)][max(i, j)] for j in range(size)) for i in range(size))


def largest_eigenvalue_bound(matrix: Matrix, metric: Sequence[Fraction]) -> Fraction:
    """A proved rational b with M <= b diag(metric), a short one that equals lambda_max where that is a short rational.

    Raises
    ------
    ArithmeticError : floating point was too far off to propose a bound, as for entries outside its range.
    """
    root = np.sqrt(np.array([float(g) for g in metric]))
    scaled = np.array([[float(entry) for entry in row] for row in matrix]) / np.outer(root, root)
    if not np.isfinite(scaled).all():
        raise ArithmeticError("the entries of a matrix are too large or too small for floating point")
    top = float(np.linalg.eigvalsh(scaled)[-1])
    size = max(float(np.abs(scaled).max()), 1e-300)
    # Rationals on a dyadic grid of 1e-10 of the size: longer ones slow down what is computed from them.
    grid = Fraction(2) ** (math.frexp(size)[1] - 33)
    steps = math.ceil(Fraction(top) / grid)
    short = Fraction(top).limit_denominator(1000)
    likely = [short] if abs(short - Fraction(top)) < grid / 100 else []
    for proposal in (*likely, *((steps + k) * grid for k in (0, 1, 100, 10**4))):
        if is_positive_semidefinite(minus(proposal, metric, matrix)):
            return proposal
    raise ArithmeticError("no bound of the largest eigenvalue was proved")
