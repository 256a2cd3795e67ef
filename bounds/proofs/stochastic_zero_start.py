r"""Scalar steps of Theorem B': the buffer starts at zero.

lam, lamn, lamm are lambda_t = 1 - beta^t at t, t + 1, t - 1; R = sigma + lamn (tau + G)/39 bounds the distance of a_t
and a_{t+1} from the gradient. Z bounds Y |w| + (1 + om delta)(l0 + l1 G)|w|^2/2 in units of G |w|.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC
from bounds.proofs.stochastic_far import CS, K2, KW
from bounds.proofs.stochastic_momentum import ALPHA, DELTA, DELTA_BAR

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem B', "
_Z = sp.Rational(1016, 10000)
_THIRD = sp.Rational(1, 3)

tau, gamma, sigma, eps, l0, l1, q, om, rho, dp = sp.symbols("tau gamma sigma eps l0 l1 q om rho dp")
lam, lamn, lamm, G, Gm, X, f, e, y, a, an, g = sp.symbols("lam lamn lamm G Gm X f e y a an g")
vt, W, Y, p, c, dPhi, dP, x, theta, drop, z = sp.symbols("vt W Y p c dPhi dP x theta drop z")
_B = 1 - q
_BETA = {"beta": 1 - q}
_RATE = {"drift-rate": dp * (1 - _B * DELTA) - _B * DELTA}
_p = tau + G
_R = sigma + DELTA_BAR * lamn * _p

_SIGN = Clause(
    id="D4-sign",
    place=_THEOREM + "drift, delta' >= 0",
    variables=signs(pos="q", free="dp"),
    weak=_BETA,
    eq=_RATE,
    goal=dp,
)
_LAMBDAS = {"lambda": lamn - _B * lam - q, "lambda-before": lam - _B * lamm - q}
_D4 = Clause(
    id="D4",
    place=_THEOREM + "drift, the inequality behind (4.11)",
    variables=signs(pos="q", nonneg="lam lamn lamm", free="dp"),
    weak={**_BETA, "below-one": 1 - lamm},
    eq={**_RATE, **_LAMBDAS},
    lemmas=(_SIGN,),
    goal=dp * lamn - _B * (dp * lamm * (1 + q * DELTA) + q * DELTA),
    rivals={"0.9 lam": {"goal": sp.Rational(9, 10) * dp * lamn - _B * (dp * lamm * (1 + q * DELTA) + q * DELTA)}},
)
_AVERAGE = Clause(
    id="D4-average",
    place=_THEOREM + "a' is an average: a' = (1 - q/lam') a + (q/lam') g",
    variables=signs(pos="lamn", free="q lam a an g"),
    eq={"buffer": lamn * an - _B * lam * a - q * g, "lambda": lamn - _B * lam - q},
    goal=an - (1 - q / lamn) * a - q / lamn * g,
    relation="=",
)
_RECURSION = {
    "triangle": G + X - Gm,
    "D1": q * DELTA * _p - X,
    "induction": sigma + dp * lamm * (tau + Gm) - e,
    "change": e + X - f,
}
_OLD = Clause(
    id="D4-change",
    place=_THEOREM + "(4.11), |a_t - grad F(x_t)| as in Theorem B, step 1",
    variables=signs(pos="tau q", nonneg="G Gm X e f sigma lamm", free="dp"),
    weak={**_BETA, **_RECURSION},
    eq=_RATE,
    lemmas=(_SIGN,),
    goal=sigma + (dp * lamm * (1 + q * DELTA) + q * DELTA) * _p - f,
)
_NEW = Clause(
    id="D4-new",
    place=_THEOREM + "(4.11), first part; e bounds |a_{t+1} - grad F(x_t)|, y = delta' lam_- (1 + q delta) + q delta",
    variables=signs(pos="tau q lamn", nonneg="G f e sigma lam y", free="dp"),
    weak={
        **_BETA,
        "D4-change": sigma + y * _p - f,
        "D4": dp * lamn - _B * y,
        "average": _B * lam / lamn * f + q / lamn * sigma - e,
    },
    eq={"lambda": lamn - _B * lam - q},
    goal=sigma + dp * lam * _p - e,
)
_SECOND = Clause(
    id="D4-old",
    place=_THEOREM + "(4.11), second part, divided by beta > 0; y as before",
    variables=signs(pos="tau q", nonneg="G f sigma lamn y", free="dp"),
    weak={**_BETA, "D4-change": sigma + y * _p - f, "D4": dp * lamn - _B * y},
    strict={"beta-positive": 1 - q},
    eq=_RATE,
    goal=sigma + DELTA_BAR * lamn * _p - f,
)
_R_NEAR = Clause(
    id="Z-R",
    place=_THEOREM + "case B, R' <= sigma + (tau + lam' G)/39 and lam' R' <= the same",
    variables=signs(nonneg="tau G sigma lamn z"),
    weak={"below-one": 1 - lamn, "factor": 1 - z},
    goal=sigma + DELTA_BAR * (tau + lamn * G) - z * _R,
)
_CHANGE = Clause(
    id="Z-change",
    place=_THEOREM + "case B, a' - a = (q/lam')(g - a)",
    variables=signs(pos="lamn", free="q lam a an g"),
    eq={"buffer": lamn * an - _B * lam * a - q * g, "lambda": lamn - _B * lam - q},
    goal=an - a - q / lamn * (g - a),
    relation="=",
)
_SPLIT = Clause(
    id="Z-split",
    place=_THEOREM + "case B, the pieces of w^m (x = h(m'), y = h(m~), z = h(m))",
    variables=signs(free="theta x y z"),
    goal=(x + theta * (x - z)) - (x + theta * (x - y) + theta * (y - z)),
    relation="=",
    rivals={"two pieces": {"goal": (x + theta * (x - z)) - (x + theta * (x - y))}},
)
_SHORT = Clause(
    id="Z-short",
    place=_THEOREM + "case B, last piece, lam' (G - R') <= tau: sigma + R' <= K2 tau",
    variables=signs(pos="tau", nonneg="G sigma lamn"),
    weak={"noise": tau - 5 * sigma, "below-one": 1 - lamn, "case": tau - lamn * (G - _R)},
    goal=K2 * tau - (sigma + _R),
    rivals={"0.4578": {"goal": sp.Rational(4578, 10000) * tau - (sigma + _R)}},
)
_LONG = Clause(
    id="Z-long",
    place=_THEOREM + "case B, last piece, lam' (G - R') >= tau: sigma + R' <= K2 lam' (G - R')",
    variables=signs(pos="tau", nonneg="G sigma lamn"),
    weak={"noise": tau - 5 * sigma, "below-one": 1 - lamn, "case": lamn * (G - _R) - tau},
    goal=K2 * lamn * (G - _R) - (sigma + _R),
)
_CONTRACT = Clause(
    id="Z-contract",
    place=_THEOREM + "case B, last piece: lam min(1, tau/(lam y)) <= tau/y, y = G - R'",
    variables=signs(pos="tau lam y"),
    goal=tau / y - lam * sp.Min(1, tau / (lam * y)),
)
_BUFFER_LENGTH = Clause(
    id="Z-length",
    place=_THEOREM + "decrease, |w| <= gamma (1 + theta + K2) <= Kw gamma/q; 1 + theta = 1/q",
    variables=signs(pos="q gamma", nonneg="W"),
    weak={**_BETA, "pieces": gamma * (1 + _B / q + K2) - W},
    goal=KW * gamma / q - W,
)
_REACH = 1 + 1 / ALPHA
_LOSS = Clause(
    id="Z-loss",
    place=_THEOREM + "decrease, Y + (1 + om delta)(l0 + l1 G)|w|/2 <= Z G, Q = (l0 + l1 G) gamma",
    variables=signs(pos="tau gamma q", nonneg="G om Y W x"),
    weak={
        "far": G - ALPHA * tau,
        "B-Y": om * DELTA * _p - Y,
        "D1": q * DELTA * _p - x,
        "Z-length": KW * gamma - q * W,
        "omega": 1 - om,
    },
    goal=_Z * gamma * G - gamma * Y - (1 + om * DELTA) / 2 * x * W,
    rivals={"Z = 0.1015": {"goal": sp.Rational(1015, 10000) * gamma * G - gamma * Y - (1 + om * DELTA) / 2 * x * W}},
)
_COST = rho * DELTA * om * (1 + q / (50 * ALPHA))
_COST_ROWS = {"E3-omega": 1 - q - om, "rho": sp.Rational(1, 8) - rho}
_B10 = Clause(
    id="B10",
    place=_THEOREM + "decrease, m' clipped, minus the cost of the potential",
    variables=signs(nonneg="vt om q rho"),
    weak=_COST_ROWS,
    goal=(1 + vt) * (CS - _Z) - K2 * (1 + _Z) - _COST - _THIRD,
    rivals={"0.34": {"goal": (1 + vt) * (CS - _Z) - K2 * (1 + _Z) - _COST - sp.Rational(34, 100)}},
)
_B11 = Clause(
    id="B11",
    place=_THEOREM + "decrease, m' or g not clipped",
    variables=signs(nonneg="tau sigma G"),
    weak={"far": G - ALPHA * tau, "noise": tau - 5 * sigma},
    goal=(G - sigma) - _Z * (G + sigma) - sp.Rational(9, 20) * tau,
    rivals={"1/2": {"goal": (G - sigma) - _Z * (G + sigma) - tau / 2}},
)
_B11B = Clause(
    id="B11-cost",
    place=_THEOREM + "decrease, 9/20 (and cs - Z) minus the cost of the potential; x is 9/20 or cs - Z",
    variables=signs(nonneg="x om q rho"),
    weak={**_COST_ROWS, "piece": x - sp.Rational(9, 20)},
    goal=x - _COST - _THIRD,
)
_PIECES = Clause(
    id="Z-pieces",
    place=_THEOREM + "decrease, m' clipped: L(w^m) from its two pieces; p = L(w^m), c = (1 + vt) gamma",
    variables=signs(pos="gamma", nonneg="vt c z", free="p"),
    weak={
        "superadditive": p - (CS - _Z) * c - (-z - _Z * z),
        "piece": K2 * gamma - z,
    },
    eq={"unit": c - (1 + vt) * gamma},
    goal=p - gamma * ((1 + vt) * (CS - _Z) - K2 * (1 + _Z)),
)
_STEP = Clause(
    id="Z-step",
    place=_THEOREM
    + "case B: Phi decreases by gamma G/3; drop is L(w)/gamma, dPhi and dP are the changes of Phi and of the potential",
    variables=signs(pos="gamma", nonneg="G om q rho", free="drop dPhi dP"),
    weak={
        "line-4.5": -G * gamma * drop + dP - dPhi,
        "B-far-potential": _COST * gamma * G - dP,
        "B10": drop - _COST - _THIRD,
    },
    goal=-gamma * G / 3 - dPhi,
)
_B12 = Clause(
    id="B12",
    place=_THEOREM + "conclusion of case B",
    variables=signs(nonneg="tau eps G a"),
    weak={"accuracy": tau - 6 * eps, "a": 1 - a},
    goal=tau * G / 3 - a * (2 * eps * G - eps**2),
    rivals={"tau >= 5 eps": {"weak": {"accuracy": tau - 5 * eps}}},
)

CLAUSES: tuple[Clause, ...] = (
    _SIGN,
    _D4,
    _AVERAGE,
    _OLD,
    _NEW,
    _SECOND,
    _R_NEAR,
    _CHANGE,
    _SPLIT,
    _SHORT,
    _LONG,
    _CONTRACT,
    _BUFFER_LENGTH,
    _LOSS,
    _B10,
    _B11,
    _B11B,
    _PIECES,
    _STEP,
    _B12,
)
