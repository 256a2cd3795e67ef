r"""Scalar steps of Theorem D' (soft clipping with momentum), step 6: the conclusion.

S = (5 + 8/39^2) sigma^2/tau; fe and p1 are value and slope at eps of G^2/(1 + G/tau); M is the mean of E G_t,
v = sigma^2.
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
eta, tau, gamma, eps, l0, l1, L1, q, v, G, S, M, x, fe, p1, Lam, T, Delta, k0 = sp.symbols(
    "eta tau gamma eps l0 l1 L1 q v G S M x fe p1 Lam T Delta k0"
)
k1 = sp.symbols("k1")
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
_VALUE = Clause(
    id="T9-value",
    place=_END + "f(eps) >= (24/25) eps^2",
    variables=signs(pos="tau eps"),
    weak=_ACCURACY,
    goal=_F - sp.Rational(24, 25) * eps**2,
    rivals={"0.97": {"goal": _F - sp.Rational(97, 100) * eps**2}},
)
_SLOPE_LOW = Clause(
    id="T9-slope",
    place=_END + "p1 >= 1.88 eps",
    variables=signs(pos="tau eps"),
    weak=_ACCURACY,
    goal=_P1 - sp.Rational(188, 100) * eps,
    rivals={"1.89": {"goal": _P1 - sp.Rational(189, 100) * eps}},
)
_SLOPE_HIGH = Clause(
    id="T9-slope-high",
    place=_END + "p1 <= 2 eps and f(eps) <= p1 eps",
    variables=signs(pos="tau eps"),
    goal=sp.Min(2 * eps - _P1, _P1 * eps - _F),
    rivals={"1.9 eps": {"goal": sp.Min(sp.Rational(19, 10) * eps - _P1, _P1 * eps - _F)}},
)
_T9 = Clause(
    id="T9",
    place=_END + "case G >= tau: the tangent is dominated",
    variables=signs(nonneg="tau eps G fe p1"),
    weak={**_ACCURACY, "slope": 2 * eps - p1, "value": p1 * eps - fe},
    goal=tau * G / 4 - sp.Rational(19, 20) * (fe + p1 * (G - eps)),
    rivals={"tau >= 7 eps": {"weak": {"accuracy": tau - 7 * eps}}},
)
_BIAS_CONSTANT = 5 + 8 * _D**2
_S = Clause(
    id="T6-S",
    place=_END + "S <= 0.1252 eps",
    variables=signs(pos="tau eps", nonneg="v"),
    weak={"noise": tau * eps - 40 * v},
    goal=sp.Rational(1252, 10000) * eps - _BIAS_CONSTANT * v / tau,
    rivals={"0.125": {"goal": sp.Rational(125, 1000) * eps - _BIAS_CONSTANT * v / tau}},
)
_LEFT = sp.Rational(19, 20) * fe - sp.Rational(41, 40) * S * eps - S**2 / 2
_T6 = Clause(
    id="T6",
    place=_END + "what is left of eps^2",
    variables=signs(nonneg="eps fe S"),
    weak={"T9-value": fe - sp.Rational(24, 25) * eps**2, "T6-S": sp.Rational(1252, 10000) * eps - S},
    goal=_LEFT - sp.Rational(77, 100) * eps**2,
    rivals={"0.776": {"goal": _LEFT - sp.Rational(776, 1000) * eps**2}},
)
_T10 = Clause(
    id="T10",
    place=_END + "under the second condition 2/5 of eps^2 is left",
    variables=signs(pos="eps", nonneg="eta l0 l1 v"),
    weak={"noise": eps**2 - sp.Rational(5, 2) * (l0 + l1 * eps) * eta * v},
    goal=sp.Rational(77, 100) * eps**2 - sp.Rational(5, 6) * (l0 + l1 * eps) * eta * v - sp.Rational(2, 5) * eps**2,
    rivals={
        "0.44": {
            "goal": sp.Rational(77, 100) * eps**2
            - sp.Rational(5, 6) * (l0 + l1 * eps) * eta * v
            - sp.Rational(44, 100) * eps**2
        }
    },
)
_LEFT_10 = Clause(
    id="T10-room",
    place=_END + "Delta/(eta T) fits; k0, k1 = (5/6) eta v l0, (5/6) eta v l1 and Lam = Delta/(eta T)",
    variables=signs(pos="eps", nonneg="k0 k1 Lam"),
    weak={
        "T10": sp.Rational(77, 100) * eps**2 - (k0 + k1 * eps) - sp.Rational(2, 5) * eps**2,
        "T10-T": sp.Rational(2, 5) * eps**2 - Lam,
    },
    goal=sp.Rational(77, 100) * eps**2 - k0 - k1 * eps - Lam,
)
_FINAL = Clause(
    id="T10-mean",
    place=_END + "M <= eps; k0, k1 = (5/6) eta v l0, (5/6) eta v l1",
    variables=signs(pos="eps Lam", nonneg="M S k0 k1", free="fe p1"),
    weak={
        "sum": Lam - sp.Rational(19, 20) * (fe + p1 * (M - eps)) + sp.Rational(41, 40) * S * M + S**2 / 2 + k0 + k1 * M,
        "T6": _LEFT - sp.Rational(77, 100) * eps**2,
        "T6-S": sp.Rational(1252, 10000) * eps - S,
        "T9-slope": p1 - sp.Rational(188, 100) * eps,
        "T10-room": sp.Rational(77, 100) * eps**2 - k0 - k1 * eps - Lam,
    },
    goal=eps - M,
)
_CONDITION = Clause(
    id="T10-condition",
    place=_THEOREM + "the second condition bounds both of its parts; x = 40 (l0 eta + l1 gamma)/q",
    variables=signs(pos="eps", nonneg="eta l0 l1 v x"),
    weak={"condition": 1 - x - sp.Rational(5, 2) * (l0 + l1 * eps) * eta * v / eps**2},
    goal=sp.Min(1 - x, eps**2 - sp.Rational(5, 2) * (l0 + l1 * eps) * eta * v),
)
_COUNT = Clause(
    id="T10-T",
    place=_END + "T >= 5 Delta/(2 eta eps^2) gives Delta/(eta T) <= (2/5) eps^2",
    variables=signs(pos="eta T Delta eps"),
    weak={"T": T - sp.Rational(5, 2) * Delta / (eta * eps**2)},
    goal=sp.Rational(2, 5) * eps**2 - Delta / (eta * T),
)
_SHARE = Clause(
    id="T6-share",
    place=_END + "last display: s w >= 16 n x for the letters of clause T6-sharp, divided by 40 eta v/(eps tau)",
    variables=signs(pos="q", nonneg="l0 l1 tau eps"),
    weak={"beta": 1 - q, **_ACCURACY},
    goal=(l0 + l1 * tau) / q - (l0 + l1 * eps),
)
_s, _n, _x, _w = sp.symbols("s n x w")
_A_SHARP = 1 - sp.Rational(61, 1600) * _s - 17 * _D**2
_COSTS = sp.Rational(41, 40) * _BIAS_CONSTANT * _w + _BIAS_CONSTANT**2 * _w**2 / 2 + _n / 3
_T6_SHARP = Clause(
    id="T6-sharp",
    place=_END
    + "last display: even half of eps^2 is left, so T >= 2 Delta/(eta eps^2) suffices; units of eps, x = eps/tau, "
    + "w = v/(tau eps), s and n the two terms of the condition, times 1 + x",
    variables=signs(nonneg="x s n w"),
    weak={
        "accuracy": 1 - 24 * _x,
        "noise": 1 - 40 * _w,
        "condition": 1 - _s - _n,
        "share": _s * _w - 16 * _n * _x,
    },
    goal=_A_SHARP - (1 + _x) * (_COSTS + sp.Rational(1, 2)),
    rivals={"0.52": {"goal": _A_SHARP - (1 + _x) * (_COSTS + sp.Rational(52, 100))}},
)
_a = sp.Symbol("a")
_FINAL_SHARP = Clause(
    id="T10-sharp",
    place=_END + "last display: M <= eps when T >= 2 Delta/(eta eps^2); a is the coefficient of psi(G)",
    variables=signs(pos="eps Lam", nonneg="M S k0 k1 a fe p1"),
    weak={
        "sum": Lam - _a * (fe + p1 * (M - eps)) + sp.Rational(41, 40) * S * M + S**2 / 2 + k0 + k1 * M,
        "T6-sharp": _a * fe - sp.Rational(41, 40) * S * eps - S**2 / 2 - k0 - k1 * eps - eps**2 / 2,
        "T6-S": sp.Rational(1252, 10000) * eps - S,
        "T9-slope": p1 - sp.Rational(188, 100) * eps,
        "loss": _a - sp.Rational(19, 20),
        "noise": eps / 3 - k1,
        "count": eps**2 / 2 - Lam,
    },
    goal=eps - M,
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
    _VALUE,
    _SLOPE_LOW,
    _SLOPE_HIGH,
    _T9,
    _S,
    _T6,
    _T10,
    _CONDITION,
    _COUNT,
    _LEFT_10,
    _FINAL,
    _SHARE,
    _T6_SHARP,
    _FINAL_SHARP,
    _RADIUS,
    _FACTOR,
)
