r"""The rounded constants printed in the tables of Theorem 1' and Theorem 2, as clauses.

B and C are the conversion factors at c = kappa (1 - beta), bounded through e^c <= exp_above(c); nu = 1.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC, exp_above
from bounds.proofs.deterministic_sharp import artanh_sum
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

B, C, lg = sp.symbols("B C lg")

# beta, kappa, c1, c2 of the table after Theorem 1'.
_SHARP = (
    ("0", "0.405", "4.622", "9.243"),
    ("0.5", "0.257", "9.767", "14.83"),
    ("0.9", "0.195", "14.00", "19.57"),
    ("0.99", "0.185", "14.95", "20.64"),
    ("0.999", "0.184", "15.05", "20.75"),
)
# lambda = L1 eps/L0 and k(lambda) of Theorem 2, best parameters.
_BEST = (("0.01", "2.007"), ("0.1", "2.060"), ("1", "2.311"), ("10", "2.540"), ("100", "2.584"))


def _row(beta: str, kappa: str, first: str, second: str) -> tuple[Clause, Clause]:
    b, k, c1, c2 = (sp.Rational(text) for text in (beta, kappa, first, second))
    c = k * (1 - b)
    factors = {
        "exp-above-B": (exp_above(c) - 1) / c - B,
        "exp-above-C": 2 * (exp_above(c) - 1 - c) / c**2 - C,
    }
    place = f"{DOC}Theorem 1', how large kappa: beta = {beta}, kappa = {kappa}"
    start = 1 + sp.Rational(1716, 1000) * k * b
    progress = 1 - B * k * b - C * c

    def squared(value: sp.Rational) -> sp.Expr:
        return value * k * progress * (1 - B * k * b) - start * (1 + B * k * b) ** 2

    def single(value: sp.Rational) -> sp.Expr:
        return value * k * progress - 2 * start * (1 + B * k * b)

    return (
        Clause(
            id=f"T1p-c1-{beta}",
            place=f"{place}, K R^2/kappa <= {first}",
            variables=signs(nonneg="B C"),
            weak=factors if b else {"exp-above-C": factors["exp-above-C"]},
            goal=squared(c1),
            rivals={"c1 smaller by 1/1000": {"goal": squared(c1 * sp.Rational(999, 1000))}},
        ),
        Clause(
            id=f"T1p-c2-{beta}",
            place=f"{place}, 2 K R/kappa <= {second}",
            variables=signs(nonneg="B C"),
            weak=factors if b else {"exp-above-C": factors["exp-above-C"]},
            goal=single(c2),
            rivals={"c2 smaller by 1/1000": {"goal": single(c2 * sp.Rational(999, 1000))}},
        ),
    )


def _best(ratio: str, value: str) -> Clause:
    lam, k = sp.Rational(ratio), sp.Rational(value)
    u = lam / (1 + lam)
    return Clause(
        id=f"T2-k-{ratio}",
        place=f"{DOC}Theorem 2, best parameters: k({ratio}) = u^2/((1 + u) lg - u) <= {value}, lg = ln(1 + u)",
        variables=signs(nonneg="lg"),
        weak={"log-below": lg - artanh_sum(u, 9, sp.Rational(1, 9))},
        goal=k * ((1 + u) * lg - u) - u**2,
    )


CLAUSES: tuple[Clause, ...] = (
    *(clause for row in _SHARP for clause in _row(*row)),
    *(_best(*row) for row in _BEST),
)
