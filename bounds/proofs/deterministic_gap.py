r"""Scalar steps of Lemma 3: the gap bounds the gradient, D(G) = (L0/L1^2)(s - ln(1 + s)) with s = L1 G/L0."""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "S8A"]

_LEMMA = DOC + "Lemma 3"

L0, L1, G, G0, Delta, D, r, s, ell, d = sp.symbols("L0 L1 G G0 Delta D r s ell d")
z, w, dz, dw, dG, p, dp = sp.symbols("z w dz dw dG p dp")
_FOUR_THIRDS = sp.Rational(4, 3)


def _log_above(t: sp.Expr) -> sp.Expr:
    """t - ln(1 + t) <= t^2/2 - t^3/3 + t^4/4 (clause log-taylor)."""
    return t**2 / 2 - t**3 / 3 + t**4 / 4


_FLOW = Clause(
    id="L3-flow",
    place=_LEMMA + ", derivative of z G + L0 (z - 1)/L1 along the flow, z = e^(L1 t)",
    variables=signs(pos="L1 z", nonneg="L0 G", free="dG dz"),
    weak={"smooth": dG + L0 + L1 * G},
    eq={"exponential": dz - L1 * z},
    goal=dz * G + z * dG + L0 * dz / L1,
)
_COMPARE = Clause(
    id="L3-compare",
    place=_LEMMA + ", from the nondecreasing quantity to G(t) >= p(t), w = e^(-L1 t)",
    variables=signs(pos="L1 z w", nonneg="L0 G G0"),
    weak={"rising": z * G + L0 * (z - 1) / L1 - G0},
    eq={"inverse": w * z - 1},
    goal=G - (w * G0 - L0 / L1 * (1 - w)),
)
_ODE = Clause(
    id="L3-ode",
    place=_LEMMA + ", p' = -(L0 + L1 p)",
    variables=signs(pos="L1 w", nonneg="L0 G0", free="p dw dp"),
    eq={
        "weight": dw + L1 * w,
        "p": p - (w * G0 - L0 / L1 * (1 - w)),
        "derivative": dp - (dw * G0 + L0 / L1 * dw),
    },
    goal=dp + L0 + L1 * p,
    relation="=",
)
_POSITIVE = Clause(
    id="L3-positive",
    place=_LEMMA + ", p(t) > 0 before t_0, that is for e^(-L1 t)(1 + s) > 1",
    variables=signs(pos="L1 w", nonneg="L0 G0"),
    strict={"early": w * (L0 + L1 * G0) - L0},
    goal=w * G0 - L0 / L1 * (1 - w),
    relation=">",
)
_INTEGRAND = Clause(
    id="L3-integrand",
    place=_LEMMA + ", D'(G) = G/(L0 + L1 G): derivative of (L0/L1^2)(s - ln(1 + s))",
    variables=signs(pos="L0 L1", nonneg="G"),
    goal=L0 / L1**2 * (L1 / L0) * (1 - 1 / (1 + L1 * G / L0)) - G / (L0 + L1 * G),
    relation="=",
    rivals={"L0 + L1 G -> L0 + 2 L1 G": {"goal": (1 - 1 / (1 + L1 * G / L0)) / L1 - G / (L0 + 2 * L1 * G)}},
)
S8A = Clause(
    id="S8a",
    place=_LEMMA + ", second inequality",
    variables=signs(nonneg="s"),
    goal=s - sp.log(1 + s) - 3 * s**2 / (6 + 4 * s),
    rivals={"4/3 -> 1.3": {"goal": s - sp.log(1 + s) - s**2 / (2 + sp.Rational(13, 10) * s)}},
)
_S8A_RATE = Clause(
    id="S8a-rate",
    place=_LEMMA + ", l'(s) = 4 s^3/((1 + s)(6 + 4 s)^2)",
    variables=signs(nonneg="s"),
    goal=s / (1 + s) - (36 * s + 12 * s**2) / (6 + 4 * s) ** 2 - 4 * s**3 / ((1 + s) * (6 + 4 * s) ** 2),
    relation="=",
    rivals={
        "4 s^3 -> 3 s^3": {
            "goal": s / (1 + s) - (36 * s + 12 * s**2) / (6 + 4 * s) ** 2 - 3 * s**3 / ((1 + s) * (6 + 4 * s) ** 2)
        }
    },
)
_S8C = Clause(
    id="S8c",
    place=_LEMMA + ", third inequality, directly",
    variables=signs(nonneg="s"),
    goal=s - sp.log(1 + s) - s**2 / (2 * (1 + s)),
)
_GAP = Clause(
    id="L3-gap",
    place=_LEMMA + ", second inequality in G",
    variables=signs(pos="L0 L1", nonneg="G s ell D"),
    weak={"S8a": ell - 3 * s**2 / (6 + 4 * s)},
    eq={"s": L0 * s - L1 * G, "D": L1**2 * D - L0 * ell},
    goal=D - G**2 / (2 * L0 + _FOUR_THIRDS * L1 * G),
)
_THIRD = Clause(
    id="L3-third",
    place=_LEMMA + ", third inequality in G",
    variables=signs(pos="L0", nonneg="L1 G"),
    goal=G**2 / (2 * L0 + _FOUR_THIRDS * L1 * G) - G**2 / (2 * (L0 + L1 * G)),
    rivals={"4/3 -> 2.1": {"goal": G**2 / (2 * L0 + sp.Rational(21, 10) * L1 * G) - G**2 / (2 * (L0 + L1 * G))}},
)
_SQUARE = Clause(
    id="L3-square",
    place=_LEMMA + ", consequences: the quadratic inequality",
    variables=signs(pos="L0", nonneg="L1 G D Delta"),
    weak={"gap": Delta - D, "L3-gap": D - G**2 / (2 * L0 + _FOUR_THIRDS * L1 * G)},
    goal=(2 * L0 + _FOUR_THIRDS * L1 * G) * Delta - G**2,
)
_S14 = Clause(
    id="S14",
    place=_LEMMA + ", consequences: G <= sqrt(2 L0 Delta) + (4/3) L1 Delta with r the root",
    variables=signs(nonneg="L0 L1 Delta G r"),
    weak={"square": (2 * L0 + _FOUR_THIRDS * L1 * G) * Delta - G**2},
    eq={"root": r**2 - 2 * L0 * Delta},
    goal=_FOUR_THIRDS * L1 * Delta + r - G,
)
_LOG_TAYLOR = Clause(
    id="log-taylor",
    place=_LEMMA + ", sharpness: Taylor sum of ln(1 + s)",
    variables=signs(nonneg="s"),
    goal=_log_above(s) - (s - sp.log(1 + s)),
)
_OPTIMAL = Clause(
    id="S21",
    place=_LEMMA + ", sharpness: no constant 4/3 - d can replace 4/3 (at 0 < s <= d/2)",
    variables=signs(pos="s d"),
    weak={"near": d - 2 * s},
    goal=s**2 - (2 + (_FOUR_THIRDS - d) * s) * _log_above(s),
    relation=">",
)

CLAUSES: tuple[Clause, ...] = (
    _FLOW,
    _COMPARE,
    _ODE,
    _POSITIVE,
    _INTEGRAND,
    S8A,
    _S8A_RATE,
    _S8C,
    _GAP,
    _THIRD,
    _SQUARE,
    _S14,
    _LOG_TAYLOR,
    _OPTIMAL,
)
