r"""Scalar steps of Theorem D' (soft clipping with momentum), step 6: the conclusion.

S = (5 + 8/39^2) sigma^2/tau; fe and p1 are value and slope at eps of G^2/(1 + G/tau); M is the mean of E G_t,
v = sigma^2; a = 1 - y is the coefficient of psi(G), y = (61/40)(A0 + A1) + 17/39^2.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC
from bounds.proofs.stochastic_corollaries import factor_b
from bounds.proofs.stochastic_momentum import DELTA, DELTA_BAR

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem D', "
_END = _THEOREM + "step 6, "
eta, tau, gamma, eps, l0, l1, L1, q, v, G, S, M, fe, p1, Lam, T, Delta = sp.symbols(
    "eta tau gamma eps l0 l1 L1 q v G S M fe p1 Lam T Delta"
)
s, n, w, x, y, k0, k1 = sp.symbols("s n w x y k0 k1")
_D = DELTA_BAR
_LONG = sp.Rational(107, 100)

_X = eps / tau
_F = eps**2 / (1 + _X)
_P1 = (2 + _X) * eps / (1 + _X) ** 2
_ACCURACY = {"accuracy": tau - 24 * eps}
_TANGENT = Clause(
    id="T9-tangent",
    place=_END + "G^2/(1 + G/tau) lies above its tangent at eps",
    variables=signs(pos="tau eps", nonneg="G"),
    goal=G**2 / (1 + G / tau) - _F - _P1 * (G - eps),
)
_SLOPE = Clause(
    id="T9-slope",
    place=_END + "p1 <= 2 eps",
    variables=signs(pos="tau eps"),
    goal=2 * eps - _P1,
    rivals={"1.9 eps": {"goal": sp.Rational(19, 10) * eps - _P1}},
)
_ORIGIN = Clause(
    id="T9-origin",
    place=_END + "f(eps) <= p1 eps: the tangent is at most 0 at 0",
    variables=signs(pos="tau eps"),
    goal=_P1 * eps - _F,
    rivals={"p1 eps/2": {"goal": _P1 * eps / 2 - _F}},
)
_T9 = Clause(
    id="T9",
    place=_END + "case G >= tau: a times the tangent is dominated, y = 1 - a",
    variables=signs(nonneg="tau eps G fe p1 y"),
    weak={
        **_ACCURACY,
        "T9-slope": 2 * eps - p1,
        "T9-origin": p1 * eps - fe,
        "T3-loss": sp.Rational(1, 20) - y,
    },
    goal=tau * G / 4 - (1 - y) * (fe + p1 * (G - eps)),
    rivals={"tau >= 7 eps": {"weak": {"accuracy": tau - 7 * eps}}},
)
_COUNT = Clause(
    id="T10-T",
    place=_END + "T >= 2 Delta/(eta eps^2) gives Delta/(eta T) <= eps^2/2",
    variables=signs(pos="eta T Delta eps"),
    weak={"T": T - 2 * Delta / (eta * eps**2)},
    goal=eps**2 / 2 - Delta / (eta * T),
)
_CONDITION = Clause(
    id="T10-condition",
    place=_THEOREM + "the second condition gives 40 (l0 eta + l1 gamma)/q <= 1; n is its second term",
    variables=signs(nonneg="n s"),
    weak={"condition": 1 - s - n},
    goal=1 - s,
)
_SHARE = Clause(
    id="T6-share",
    place=_END + "s w >= 16 n x: s and n are the two terms of the condition, x = eps/tau, w = v/(tau eps)",
    variables=signs(pos="q eta tau eps", nonneg="l0 l1 v"),
    weak={"beta": 1 - q, **_ACCURACY},
    goal=40 * (l0 + l1 * tau) * eta / q * v / (tau * eps)
    - 16 * sp.Rational(5, 2) * (l0 + l1 * eps) * eta * v / eps**2 * _X,
    rivals={
        "17": {
            "goal": 40 * (l0 + l1 * tau) * eta / q * v / (tau * eps)
            - 17 * sp.Rational(5, 2) * (l0 + l1 * eps) * eta * v / eps**2 * _X
        }
    },
)
_BIAS_CONSTANT = 5 + 8 * _D**2
_KEPT = 1 - sp.Rational(61, 1600) * s - 17 * _D**2
_COSTS = sp.Rational(41, 40) * _BIAS_CONSTANT * w + _BIAS_CONSTANT**2 * w**2 / 2 + n / 3
_T10 = Clause(
    id="T10",
    place=_END + "under the second condition half of eps^2 is left; units of eps, times 1 + x, letters of T6-share",
    variables=signs(nonneg="x s n w"),
    weak={
        "accuracy": 1 - 24 * x,
        "noise": 1 - 40 * w,
        "condition": 1 - s - n,
        "T6-share": s * w - 16 * n * x,
    },
    goal=_KEPT - (1 + x) * (_COSTS + sp.Rational(1, 2)),
    rivals={"0.52": {"goal": _KEPT - (1 + x) * (_COSTS + sp.Rational(52, 100))}},
)
_LEFT = (1 - y) * fe - sp.Rational(41, 40) * S * eps - S**2 / 2
_ROOM = _LEFT - k0 - k1 * eps - Lam
_ROOM_10 = Clause(
    id="T10-room",
    place=_END + "Delta/(eta T) fits; y = 1 - a, k0, k1 = (5/6) eta v l0, (5/6) eta v l1 and Lam = Delta/(eta T)",
    variables=signs(pos="eps", nonneg="k0 k1 Lam S fe y"),
    weak={"T10": _LEFT - k0 - k1 * eps - eps**2 / 2, "T10-T": eps**2 / 2 - Lam},
    goal=_ROOM,
)
_FINAL = Clause(
    id="T10-mean",
    place=_END + "M <= eps, the letters of T10-room",
    variables=signs(pos="eps Lam", nonneg="M S k0 k1 fe p1 y"),
    weak={
        "sum": Lam - (1 - y) * (fe + p1 * (M - eps)) + sp.Rational(41, 40) * S * M + S**2 / 2 + k0 + k1 * M,
        "T9-origin": p1 * eps - fe,
        "T10-room": _ROOM,
    },
    goal=eps - M,
)
_VALUE = Clause(
    id="T9-value",
    place=_END + "general claim: f(eps) >= (24/25) eps^2",
    variables=signs(pos="tau eps"),
    weak=_ACCURACY,
    goal=_F - sp.Rational(24, 25) * eps**2,
    rivals={"0.97": {"goal": _F - sp.Rational(97, 100) * eps**2}},
)
_S = Clause(
    id="T6-S",
    place=_END + "general claim: S <= 0.1252 eps",
    variables=signs(pos="tau eps", nonneg="v"),
    weak={"noise": tau * eps - 40 * v},
    goal=sp.Rational(1252, 10000) * eps - _BIAS_CONSTANT * v / tau,
    rivals={"0.125": {"goal": sp.Rational(125, 1000) * eps - _BIAS_CONSTANT * v / tau}},
)
_T6 = Clause(
    id="T6",
    place=_END + "general claim: what is left of eps^2, y = 1 - a",
    variables=signs(nonneg="eps fe S y"),
    weak={
        "T3-loss": sp.Rational(1, 20) - y,
        "T9-value": fe - sp.Rational(24, 25) * eps**2,
        "T6-S": sp.Rational(1252, 10000) * eps - S,
    },
    goal=_LEFT - sp.Rational(77, 100) * eps**2,
    rivals={"0.776": {"goal": _LEFT - sp.Rational(776, 1000) * eps**2}},
)
_ROOM_6 = Clause(
    id="T6-room",
    place=_END + "general claim: Delta/(eta T) fits, as in T10-room, so T10-mean applies",
    variables=signs(pos="eps", nonneg="k0 k1 Lam S fe y"),
    weak={
        "T6": _LEFT - sp.Rational(77, 100) * eps**2,
        "count": sp.Rational(77, 100) * eps**2 - k0 - k1 * eps - Lam,
    },
    goal=_ROOM,
)
_RADIUS = Clause(
    id="T-radius",
    place=_THEOREM + "from (S): L1 1.07 gamma/q <= 0.027",
    variables=signs(pos="gamma q", nonneg="L1"),
    weak={"clip": q * DELTA - gamma * L1},
    goal=sp.Rational(27, 1000) - L1 * _LONG * gamma / q,
)
_FACTOR = factor_b(
    "T-factor",
    _THEOREM + "from (S): B(0.027) <= 1.02 with z = e^0.027",
    sp.Rational(27, 1000),
    sp.Rational(102, 100),
)


CLAUSES: tuple[Clause, ...] = (
    _TANGENT,
    _SLOPE,
    _ORIGIN,
    _T9,
    _CONDITION,
    _SHARE,
    _T10,
    _COUNT,
    _ROOM_10,
    _FINAL,
    _VALUE,
    _S,
    _T6,
    _ROOM_6,
    _RADIUS,
    _FACTOR,
)
