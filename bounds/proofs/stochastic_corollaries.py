r"""Scalar steps of Corollary B1 (recommended parameters), its remark 3 (larger threshold) and the count of iterates.

v = sigma^2; room = a eps^2 - (eta v/2)[...] is what the accuracy leaves for Delta/(eta T).
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC, exp_upper
from bounds.proofs.stochastic_far import KW
from bounds.proofs.stochastic_momentum import DELTA

__all__ = ["CLAUSES", "factor_b"]

_COROLLARY = DOC + "Corollary B1, "
_REMARK = DOC + "Corollary B1, remark 3, "

eta, tau, gamma, sigma, eps, l0, l1, L1, q, om, rho, v, s, n, z = sp.symbols(
    "eta tau gamma sigma eps l0 l1 L1 q om rho v s n z"
)
G, T, Delta, room, mean, shifted, w, c, a = sp.symbols("G T Delta room mean shifted w c a")
_RHO = sp.Rational(1, 38)
_P = (_RHO + 1 / _RHO) / 2
_HALF = sp.Rational(1, 2)


def factor_b(name: str, place: str, reach: sp.Rational, bound: sp.Rational) -> Clause:
    """B(reach) <= bound, with z = e^reach."""
    return Clause(
        id=name,
        place=place,
        variables=signs(pos="z"),
        weak={"exp-upper": exp_upper(reach) - z},
        goal=bound - (z - 1) / reach,
    )


_H0 = Clause(
    id="L1-step",
    place=_COROLLARY + "(H): eta l0 <= q delta",
    variables=signs(pos="eta tau q", nonneg="l0 l1"),
    weak={"s": 1 - 40 * (l0 * eta + l1 * tau * eta) / q},
    goal=q * DELTA - eta * l0,
)
_H1 = Clause(
    id="L1-clip",
    place=_COROLLARY + "(H): gamma l1 <= q delta",
    variables=signs(pos="eta tau q", nonneg="l0 l1"),
    weak={"s": 1 - 40 * (l0 * eta + l1 * tau * eta) / q},
    goal=q * DELTA - tau * eta * l1,
)
_A_HALF = Clause(
    id="L1-a",
    place=_COROLLARY + "a = 1 - P s/40 > 1/2",
    variables=signs(nonneg="s"),
    weak={"s": 1 - s},
    goal=1 - _P * s / 40 - _HALF,
    relation=">",
)
_RHO_SUM = Clause(
    id="L1-rho",
    place=_COROLLARY + "1/38 + delta <= 1/19, so the bracket of Theorem B is at most (1 + omega/19)(l0 + l1 eps)",
    variables=signs(nonneg="om l0 l1 eps"),
    goal=(1 + om / 19) * (l0 + l1 * eps) - (1 + om * (_RHO + DELTA)) * l0 - (1 + om * DELTA) * l1 * eps,
    rivals={
        "1/20": {"goal": (1 + om / 20) * (l0 + l1 * eps) - (1 + om * (_RHO + DELTA)) * l0 - (1 + om * DELTA) * l1 * eps}
    },
)
_L1 = Clause(
    id="L1",
    place=_COROLLARY + "half of eps^2 is left",
    variables=signs(nonneg="s n"),
    weak={"condition": 1 - s - n},
    goal=(1 - _P * s / 40) - n / 2 - _HALF,
    rivals={"0.51": {"goal": (1 - _P * s / 40) - n / 2 - sp.Rational(51, 100)}},
)
_ROOM = Clause(
    id="L1-room",
    place=_COROLLARY + "the denominator of Theorem B is at least eta eps^2/2; c is the bracket of Theorem B",
    variables=signs(pos="eta eps", nonneg="s l0 l1 v om c", free="room"),
    weak={
        "condition": 1 - s - (1 + om / 19) * (l0 + l1 * eps) * eta * v / eps**2,
        "L1-rho": (1 + om / 19) * (l0 + l1 * eps) - c,
    },
    eq={"room": room - (1 - _P * s / 40) * eps**2 + eta * v / 2 * c},
    goal=room - eps**2 / 2,
)
_COUNT = Clause(
    id="L1-count",
    place=_COROLLARY + "T >= 2 Delta/(eta eps^2) meets the condition of Theorem B",
    variables=signs(pos="eta T Delta eps room"),
    weak={"L1-room": room - eps**2 / 2, "T": T - 2 * Delta / (eta * eps**2)},
    goal=T - Delta / (eta * room),
)
_RADIUS = Clause(
    id="L1-radius",
    place=_COROLLARY + "from (S): l1 = 1.02 L1 gives L1 Kw gamma/q <= 0.0365",
    variables=signs(pos="gamma q", nonneg="L1"),
    weak={"clip": q * DELTA - gamma * sp.Rational(102, 100) * L1},
    goal=sp.Rational(365, 10000) - L1 * KW * gamma / q,
)
_FACTOR = factor_b(
    "L1-factor",
    _COROLLARY + "from (S): B(0.0365) <= 1.02 with z = e^0.0365",
    sp.Rational(365, 10000),
    sp.Rational(102, 100),
)
_BOTH = Clause(
    id="L1-balls",
    place=DOC + "Section 4, (H): Kw gamma/q covers both radii",
    variables=signs(pos="gamma q"),
    weak={"beta": 1 - q},
    goal=KW * gamma / q - sp.Max(KW * gamma, (1 - q) * gamma / q),
)
_SHIFTED = Clause(
    id="B-shifted",
    place=_COROLLARY + "remark 4: shifted mean from T + 1 points; w is the sum over t = 1..T",
    variables=signs(pos="T", nonneg="mean shifted w"),
    weak={"points": (T + 1) * mean - w},
    eq={"shifted": T * shifted - w},
    goal=(T + 1) / T * mean - shifted,
)

_LEADING = Clause(
    id="L1-leading",
    place=_COROLLARY + "remark 1: T <= 6.3 Delta l0 sigma^2/eps^4 when the leading term dominates, times eps^4/Delta",
    variables=signs(pos="eps sigma l0 q", nonneg="l1 om"),
    weak={
        "omega": 1 - om,
        "slope": l0 - l1 * eps,
        "small": q * sigma**2 * l0 / 40 - (l0 + 5 * l1 * sigma) * eps**2,
    },
    goal=sp.Rational(63, 10) * l0 * sigma**2
    - 80 * (l0 + 5 * l1 * sigma) * eps**2 / q
    - 2 * (1 + om / 19) * (l0 + l1 * eps) * sigma**2,
    rivals={
        "6.2": {
            "goal": sp.Rational(62, 10) * l0 * sigma**2
            - 80 * (l0 + 5 * l1 * sigma) * eps**2 / q
            - 2 * (1 + om / 19) * (l0 + l1 * eps) * sigma**2
        }
    },
)

_EIGHTH = sp.Rational(1, 8)
_D, _DB = sp.Rational(1, 14), sp.Rational(1, 13)
_A8, _K8, _C8 = sp.Rational(83, 112), sp.Rational(4271, 10000), sp.Rational(9369, 10000)
_S8 = (_EIGHTH + _DB) / _A8 + _DB
_R8 = sigma + _DB * (tau + G)
_FAR8 = {"far": G - _A8 * tau, "noise": tau - 8 * sigma}
_K1 = Clause(
    id="K1",
    place=_REMARK + "nothing is clipped (as B1)",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak={"near": _A8 * tau - G, "noise": tau - 8 * sigma},
    goal=tau - (G + _R8),
    rivals={"1.01 alpha": {"weak": {"near": sp.Rational(101, 100) * _A8 * tau - G}}},
)
_K2 = Clause(
    id="K2",
    place=_REMARK + "R <= s2 G (as B2)",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_FAR8,
    goal=_S8 * G - _R8,
    rivals={"0.99": {"goal": sp.Rational(99, 100) * _S8 * G - _R8}},
)
_K3 = Clause(
    id="K3",
    place=_REMARK + "sqrt(1 - s2^2) >= cs (as B3); c = cs",
    variables=signs(nonneg="c"),
    weak={"c": _C8 - c},
    goal=1 - _S8**2 - c**2,
    rivals={"0.9372": {"weak": {"c": sp.Rational(9372, 10000) - c}}},
)
_K4 = Clause(
    id="K4",
    place=_REMARK + "not clipped (as B4 and B8)",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_FAR8,
    goal=G - sigma - (_C8 - _K8) * tau,
    rivals={"cs for cs - K2": {"goal": G - sigma - _C8 * tau}},
)
_K5 = Clause(
    id="K5",
    place=_REMARK + "change of the clipped buffer (as B5)",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak={"noise": tau - 8 * sigma, "case": tau - (G - _R8)},
    goal=_K8 * tau - (sigma + _R8),
    rivals={"0.4269": {"goal": sp.Rational(4269, 10000) * tau - (sigma + _R8)}},
)
_K6 = Clause(
    id="K6",
    place=_REMARK + "change of the clipped buffer (as B6)",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak={"noise": tau - 8 * sigma, "case": (G - _R8) - tau},
    goal=_K8 * (G - _R8) - (sigma + _R8),
    rivals={"0.4269": {"goal": sp.Rational(4269, 10000) * (G - _R8) - (sigma + _R8)}},
)
_KW8 = 1 + _K8
_COST8 = _D * (1 + 1 / _A8) * _KW8 * (om + (1 + om * _D) * q * _KW8 / 2) + rho * _D * om * (1 + q / (128 * _A8))
_DOWN8 = sp.Rational(264, 1000)
_K7 = Clause(
    id="K7",
    place=_REMARK + "the unfavourable terms (as B7), 0.264 for 2/5",
    variables=signs(nonneg="om q rho"),
    weak={"E3-omega": 1 - q - om, "rho": _DB - rho},
    goal=_C8 - _K8 - _DOWN8 - _COST8,
    rivals={"0.265": {"goal": _C8 - _K8 - sp.Rational(265, 1000) - _COST8}},
)
_K8C = Clause(
    id="K8",
    place=_REMARK + "half of eps^2 is left (as L1), rho = 1/13",
    variables=signs(nonneg="s n"),
    weak={"condition": 1 - s - n},
    goal=(1 - (_DB + 13) / 2 * s / 14) - n / 2 - _HALF,
    rivals={"0.51": {"goal": (1 - (_DB + 13) / 2 * s / 14) - n / 2 - sp.Rational(51, 100)}},
)
_K8R = Clause(
    id="K8-rho",
    place=_REMARK + "1/13 + 1/14 <= 3/20",
    variables=signs(nonneg="om l0 l1 eps"),
    goal=(1 + 3 * om / 20) * (l0 + l1 * eps) - (1 + om * (_DB + _D)) * l0 - (1 + om * _D) * l1 * eps,
)
_K9 = Clause(
    id="K9",
    place=_REMARK + "conclusion of case B (as B9)",
    variables=signs(nonneg="tau eps G a"),
    weak={"accuracy": tau - sp.Rational(76, 10) * eps, "a": 1 - a},
    goal=_DOWN8 * tau * G - a * (2 * eps * G - eps**2),
    rivals={"tau >= 7.5 eps": {"weak": {"accuracy": tau - sp.Rational(75, 10) * eps}}},
)
_K_FACTOR = factor_b(
    "K-factor",
    _REMARK + "from (S): Kw/14 < 0.102 and B(0.102) <= 1.06 with z = e^0.102",
    sp.Rational(102, 1000),
    sp.Rational(106, 100),
)

CLAUSES: tuple[Clause, ...] = (
    _H0,
    _H1,
    _A_HALF,
    _RHO_SUM,
    _L1,
    _ROOM,
    _COUNT,
    _RADIUS,
    _FACTOR,
    _BOTH,
    _SHIFTED,
    _LEADING,
    _K1,
    _K2,
    _K3,
    _K4,
    _K5,
    _K6,
    _K7,
    _K8C,
    _K8R,
    _K9,
    _K_FACTOR,
)
