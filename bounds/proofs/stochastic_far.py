r"""Scalar steps of Theorem B, step 4 (large gradients, G >= alpha tau), and step 5 (conclusion).

R = sigma + (tau + G)/39; K2, Kw = 1 + K2, cs and alpha are the constants of Section 4; u is the direction of the
gradient, so p = <u, m> for a vector m of length n.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC
from bounds.proofs.stochastic_momentum import ALPHA, DELTA, DELTA_BAR

__all__ = ["CLAUSES", "CS", "K2", "KW", "SINE"]

_THEOREM = DOC + "Theorem B, "
_FAR = _THEOREM + "step 4, "

K2 = sp.Rational(4579, 10000)
KW = 1 + K2
CS = sp.Rational(9458, 10000)
SINE = (sp.Rational(1, 5) + DELTA_BAR) / ALPHA + DELTA_BAR
_LEAST = sp.Rational(111, 200)
_DECREASE = sp.Rational(2, 5)

eta, tau, gamma, sigma, q, nu, om, rho, A0, b = sp.symbols("eta tau gamma sigma q nu om rho A0 b")
G, R, c, n, p, x, y, h, g, m, mn, diff, W, Y, Q, H, HG, v = sp.symbols("G R c n p x y h g m mn diff W Y Q H HG v")
dPhi, dP, costY, costQ, a = sp.symbols("dPhi dP costY costQ a")
_R = sigma + DELTA_BAR * (tau + G)
_WHERE = {"far": G - ALPHA * tau, "noise": tau - 5 * sigma}

_B2 = Clause(
    id="B2",
    place=_FAR + "(4.8)",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_WHERE,
    goal=SINE * G - _R,
    rivals={"0.99": {"goal": sp.Rational(99, 100) * SINE * G - _R}},
)
_B3 = Clause(
    id="B3",
    place=_FAR + "(4.8), sqrt(1 - s2^2) >= cs; c = cs",
    variables=signs(nonneg="c"),
    weak={"c": CS - c},
    goal=1 - SINE**2 - c**2,
    rivals={"0.9460": {"weak": {"c": sp.Rational(9460, 10000) - c}}},
)
_ANGLE = Clause(
    id="B-angle",
    place=_FAR + "|m - grad F|^2 = n^2 - 2 G p + G^2 <= R^2 and x^2 <= G^2 - R^2 give <u, m> >= (x/G)|m|",
    variables=signs(pos="G", nonneg="R n x", free="p"),
    weak={"near": R**2 - (n**2 - 2 * G * p + G**2), "cosine": G**2 - R**2 - x**2},
    goal=p - x * n / G,
)
_INNER = Clause(
    id="B-inner",
    place=_FAR + "|m - grad F| <= R gives |m| >= <u, m> >= G - R",
    variables=signs(nonneg="G R", free="p"),
    weak={"near": R - (G - p)},
    goal=p - (G - R),
)
_B4 = Clause(
    id="B4",
    place=_FAR + "m' not clipped, and h(g) not clipped",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_WHERE,
    goal=G - sigma - _LEAST * tau,
    rivals={"112/200": {"goal": G - sigma - sp.Rational(112, 200) * tau}},
)
_B5 = Clause(
    id="B5",
    place=_FAR + "change of the clipped buffer, G - R <= tau",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak={"noise": tau - 5 * sigma, "case": tau - (G - _R)},
    goal=K2 * tau - (sigma + _R),
    rivals={"0.4578": {"goal": sp.Rational(4578, 10000) * tau - (sigma + _R)}},
)
_B6 = Clause(
    id="B6",
    place=_FAR + "change of the clipped buffer, G - R >= tau",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak={"noise": tau - 5 * sigma, "case": (G - _R) - tau},
    goal=K2 * (G - _R) - (sigma + _R),
    rivals={"0.4578": {"goal": sp.Rational(4578, 10000) * (G - _R) - (sigma + _R)}},
)
_CHANGE = {"Lipschitz": b * eta * (sigma + R) - diff, "beta": 1 - b}
_B5G = Clause(
    id="B5-gamma",
    place=_FAR + "change of the clipped buffer: theta eta q (sigma + R) = beta eta (sigma + R) <= K2 gamma",
    variables=signs(pos="eta tau", nonneg="b sigma R diff"),
    weak={**_CHANGE, "B5": K2 * tau - (sigma + R)},
    goal=K2 * tau * eta - diff,
)
_B6G = Clause(
    id="B6-gamma",
    place=_FAR + "change of the clipped buffer: beta gamma (sigma + R)/(G - R) <= K2 gamma; x = G - R",
    variables=signs(pos="eta tau x", nonneg="b sigma R diff"),
    weak={
        "contraction": b * eta * tau * (sigma + R) / x - diff,
        "beta": 1 - b,
        "B6": K2 * x - (sigma + R),
    },
    goal=K2 * tau * eta - diff,
)
_UNCLIPPED = Clause(
    id="B-half-clipped",
    place=_FAR + "m' not clipped: w^m = eta g + theta (eta m - h(m)), coordinate by coordinate",
    variables=signs(pos="q", free="eta g m mn h"),
    eq={"buffer": mn - (1 - q) * m - q * g},
    goal=eta * mn + (1 - q) / q * (eta * mn - h) - eta * g - (1 - q) / q * (eta * m - h),
    relation="=",
)
_CLIPPED_W = Clause(
    id="B-clipped",
    place=_FAR + "m' clipped: <u, w^m> >= (cs - K2) gamma; x = <u, h(m')>",
    variables=signs(pos="gamma", free="x p diff"),
    weak={"B-angle": x - CS * gamma, "change": K2 * gamma - diff, "B-sum": p - (x - diff)},
    goal=p - (CS - K2) * gamma,
)
_B8A = Clause(
    id="B8",
    place=_FAR + "cs - K2 is below (alpha - 1/5) and below cs; c = cs",
    variables=signs(nonneg="c"),
    weak={"c": CS - c},
    goal=_LEAST - (c - K2),
    rivals={"cs for 111/200": {"goal": _LEAST - c}},
)
_B8B = Clause(
    id="B8-gradient",
    place=_FAR + "h(g) clipped: cs^2 <= 1 - (sigma/G)^2",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_WHERE,
    goal=G**2 - sigma**2 - CS**2 * G**2,
    rivals={"0.97": {"goal": G**2 - sigma**2 - sp.Rational(97, 100) ** 2 * G**2}},
)
_MIX = Clause(
    id="B-mix",
    place=_FAR + "(4.9), left: the mixture of both inner products",
    variables=signs(pos="gamma", nonneg="nu", free="x y"),
    weak={"mixture": 1 - nu, "buffer": x - (CS - K2) * gamma, "gradient": y - (CS - K2) * gamma},
    goal=nu * x + (1 - nu) * y - (CS - K2) * gamma,
)
_LENGTH = Clause(
    id="B-length",
    place=_FAR + "(4.9), right",
    variables=signs(pos="gamma", nonneg="nu x y W"),
    weak={"mixture": 1 - nu, "buffer": KW * gamma - x, "gradient": gamma - y, "triangle": nu * x + (1 - nu) * y - W},
    goal=KW * gamma - W,
)
_B7B = Clause(
    id="B7b",
    place=_FAR + "eta sigma^2 <= gamma G/(25 alpha)",
    variables=signs(pos="tau eta", nonneg="G sigma"),
    weak=_WHERE,
    goal=tau * eta * G / (25 * ALPHA) - eta * sigma**2,
    rivals={"26": {"goal": tau * eta * G / (26 * ALPHA) - eta * sigma**2}},
)
_REACH = 1 + 1 / ALPHA
_COST = DELTA * _REACH * KW * (om + (1 + om * DELTA) * q * KW / 2) + rho * DELTA * om * (1 + q / (50 * ALPHA))
_B7 = Clause(
    id="B7",
    place=_FAR + "the unfavourable terms, in units of gamma G",
    variables=signs(nonneg="om q rho"),
    weak={"E3-omega": 1 - q - om, "rho": sp.Rational(1, 8) - rho},
    goal=CS - K2 - _DECREASE - _COST,
    rivals={"0.99": {"goal": sp.Rational(99, 100) * (CS - K2 - _DECREASE) - _COST}},
)
_COST_Y = Clause(
    id="B7-shift",
    place=_FAR + "Y |w| in units of gamma G",
    variables=signs(pos="tau gamma", nonneg="G om Y W"),
    weak={"far": G - ALPHA * tau, "B-Y": om * DELTA * (tau + G) - Y, "B-length": KW * gamma - W},
    goal=om * DELTA * _REACH * KW * gamma * G - Y * W,
)
_COST_Q = Clause(
    id="B7-quadratic",
    place=_FAR + "the quadratic term in units of gamma G; Q = (l0 + l1 G) gamma",
    variables=signs(pos="tau gamma", nonneg="G om q Q W"),
    weak={"far": G - ALPHA * tau, "D1": q * DELTA * (tau + G) - Q, "B-length": KW * gamma - W},
    goal=(1 + om * DELTA) / 2 * q * DELTA * _REACH * KW**2 * gamma * G - (1 + om * DELTA) / 2 * Q * W**2 / gamma,
)
_COST_P = Clause(
    id="B7-potential",
    place=_FAR + "the potential's change in units of gamma G",
    variables=signs(pos="gamma", nonneg="G om rho A0 H HG"),
    weak={"step": DELTA - A0, "E1d": gamma * G - HG},
    goal=rho * DELTA * om * gamma * G - rho * om * A0 * (HG - H),
)
_COST_N = Clause(
    id="B7-noise",
    place=_FAR + "the potential's noise in units of gamma G; v = sigma^2, l0 eta = q A0",
    variables=signs(pos="gamma eta", nonneg="G om q rho A0 v"),
    weak={"step": DELTA - A0, "B7b": gamma * G / (25 * ALPHA) - eta * v},
    goal=rho * DELTA * om * q / (50 * ALPHA) * gamma * G - rho * om * q * A0 * eta * v / 2,
)
_COST_D = Clause(
    id="B-far-potential",
    place=_FAR + "the change of the potential; x and y bound its two parts",
    variables=signs(pos="gamma", nonneg="G om q rho", free="x y dP"),
    weak={
        "B-potential": x + y - dP,
        "B7-potential": rho * DELTA * om * gamma * G - x,
        "B7-noise": rho * DELTA * om * q / (50 * ALPHA) * gamma * G - y,
    },
    goal=rho * DELTA * om * (1 + q / (50 * ALPHA)) * gamma * G - dP,
)
_FAR_STEP = Clause(
    id="B-far",
    place=_THEOREM + "(4.10); p = <u, w>, dPhi is the change of Phi, dP that of the potential",
    variables=signs(pos="gamma", nonneg="G om q rho", free="p dPhi dP costY costQ"),
    weak={
        "line-4.5": -G * p + costY + costQ + dP - dPhi,
        "B-mix": p - (CS - K2) * gamma,
        "B7-shift": om * DELTA * _REACH * KW * gamma * G - costY,
        "B7-quadratic": (1 + om * DELTA) / 2 * q * DELTA * _REACH * KW**2 * gamma * G - costQ,
        "B-far-potential": rho * DELTA * om * (1 + q / (50 * ALPHA)) * gamma * G - dP,
        "B7": CS - K2 - _DECREASE - _COST,
    },
    goal=-_DECREASE * gamma * G - dPhi,
)

CLAUSES: tuple[Clause, ...] = (
    _B2,
    _B3,
    _ANGLE,
    _INNER,
    _B4,
    _B5,
    _B6,
    _B5G,
    _B6G,
    _UNCLIPPED,
    _CLIPPED_W,
    _B8A,
    _B8B,
    _MIX,
    _LENGTH,
    _B7B,
    _B7,
    _COST_Y,
    _COST_Q,
    _COST_P,
    _COST_N,
    _COST_D,
    _FAR_STEP,
)
