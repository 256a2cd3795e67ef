r"""Scalar steps of Theorem D' (soft clipping with momentum), steps 5 and 6: large gradients and conclusion.

R = sigma + (tau + G)/39; S = (5 + 8/39^2) sigma^2/tau; fe and p1 are value and slope at eps of G^2/(1 + G/tau);
M is the mean of E G_t, v = sigma^2.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC
from bounds.proofs.stochastic_momentum import DELTA, DELTA_BAR

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem D', "
_FAR = _THEOREM + "step 5, "
_END = _THEOREM + "step 6, "

eta, tau, gamma, sigma, eps, l0, l1, q, om, nu, A0, v, G, R, S, M = sp.symbols(
    "eta tau gamma sigma eps l0 l1 q om nu A0 v G R S M"
)
n, p, x, y, r, W, Y, Q, psi, H, hh, cost, costY, costQ, dP, dPhi = sp.symbols(
    "n p x y r W Y Q psi H hh cost costY costQ dP dPhi"
)
fe, p1 = sp.symbols("fe p1")
_D = DELTA_BAR
_R = sigma + _D * (tau + G)
_WHERE = {"case": G - tau, "noise": tau - 30 * sigma}
_RATIO = sp.Rational(847, 10000)
_COS, _COS_G = sp.Rational(996, 1000), sp.Rational(999, 1000)
_LONG = sp.Rational(107, 100)
_DOWN = sp.Rational(41, 100)

_T7A = Clause(
    id="T7-ratio",
    place=_FAR + "R/G <= 0.0847",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_WHERE,
    goal=_RATIO * G - _R,
    rivals={"0.0846": {"goal": sp.Rational(846, 10000) * G - _R}},
)
_T7B = Clause(
    id="T7-cosine",
    place=_FAR + "sqrt(1 - 0.0847^2) >= 0.996, so x = 0.996 G serves in clause B-angle",
    variables=signs(nonneg="G R"),
    weak={"T7-ratio": _RATIO * G - R},
    goal=G**2 - R**2 - _COS**2 * G**2,
    rivals={"0.997": {"goal": G**2 - R**2 - sp.Rational(997, 1000) ** 2 * G**2}},
)
_T7 = Clause(
    id="T7",
    place=_FAR + "<u, w^m> >= 0.41 gamma",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_WHERE,
    goal=_COS * (G - _R) - (sigma + _R) - _DOWN * (tau + G - _R),
    rivals={"0.415": {"goal": _COS * (G - _R) - (sigma + _R) - sp.Rational(415, 1000) * (tau + G - _R)}},
)
_T7M = Clause(
    id="T7-monotone",
    place=_FAR + "the soft step length rises: hb(n) >= hb(G - R) for n >= G - R; r = G - R",
    variables=signs(pos="tau", nonneg="r n"),
    weak={"B-inner": n - r},
    goal=n / (1 + n / tau) - r / (1 + r / tau),
)
_T7W = Clause(
    id="T7-buffer",
    place=_FAR + "<u, w^m> from its two parts, in units of eta; r = G - R, x = <u, h(m)>, y = the change of h",
    variables=signs(pos="tau r", nonneg="sigma R y", free="x p"),
    weak={
        "angle": x - _COS * r / (1 + r / tau),
        "Jacobian": (sigma + R) / (1 + r / tau) - y,
        "T7": _COS * r - (sigma + R) - _DOWN * (tau + r),
        "sum": p - (x - y),
    },
    goal=p - _DOWN * tau,
)
_T7C = Clause(
    id="T7c",
    place=_FAR + "<u, h(g)> >= 0.999 hb(G - sigma) >= 0.49 gamma",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_WHERE,
    goal=_COS_G * (G - sigma) - sp.Rational(49, 100) * (tau + G - sigma),
    rivals={"0.492": {"goal": _COS_G * (G - sigma) - sp.Rational(492, 1000) * (tau + G - sigma)}},
)
_T7D = Clause(
    id="T7c-cosine",
    place=_FAR + "1 - (sigma/G)^2 >= 0.999^2",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_WHERE,
    goal=G**2 - sigma**2 - _COS_G**2 * G**2,
)
_T7E = Clause(
    id="T7-length",
    place=_FAR + "(sigma + R)/(tau + G - R) <= 0.07, so |w^m| <= 1.07 gamma",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak=_WHERE,
    goal=(_LONG - 1) * (tau + G - _R) - (sigma + _R),
    rivals={"0.06": {"goal": sp.Rational(6, 100) * (tau + G - _R) - (sigma + _R)}},
)
_MIX = Clause(
    id="T7-mix",
    place=_FAR + "<u, w> >= 0.41 gamma for the mixture",
    variables=signs(pos="gamma", nonneg="nu", free="x y"),
    weak={"mixture": 1 - nu, "T7-buffer": x - _DOWN * gamma, "T7c": y - sp.Rational(49, 100) * gamma},
    goal=nu * x + (1 - nu) * y - _DOWN * gamma,
)
_SHIFT = Clause(
    id="T8-Y",
    place=_FAR + "Y <= (l0 + l1 G) nu theta gamma <= omega delta G; hh = the step length at |m|",
    variables=signs(pos="eta tau q", nonneg="l0 l1 G nu hh"),
    weak={
        "beta": 1 - q,
        "T-far": q * DELTA * G - (l0 + l1 * G) * tau * eta,
        "capped": tau * eta - hh,
    },
    goal=nu * (1 - q) * DELTA * G - (l0 + l1 * G) * nu * (1 - q) / q * hh,
)
_COST_P = Clause(
    id="T8-potential",
    place=_FAR + "the potentials; x and y are eta Hub(G) and eta Hub(Gb)",
    variables=signs(pos="gamma", nonneg="G om A0 psi H x y", free="cost dP"),
    weak={
        "capped": gamma * G - psi,
        "linear": gamma * G - x,
        "step": DELTA - A0,
        "potentials": sp.Rational(21, 40) * om * A0 * (psi - H) + 17 * _D**2 * (x - y) + cost - dP,
    },
    goal=(sp.Rational(21, 40) * om * DELTA + 17 * _D**2) * gamma * G + cost - dP,
)
_COST_Y = Clause(
    id="T8-shift",
    place=_FAR + "Y |w| <= 1.07 omega delta gamma G; Y <= omega delta G by (6.3)",
    variables=signs(pos="gamma", nonneg="G om Y W"),
    weak={"T8-Y": om * DELTA * G - Y, "T7-length": _LONG * gamma - W},
    goal=_LONG * om * DELTA * gamma * G - Y * W,
)
_COST_Q = Clause(
    id="T8-quadratic",
    place=_FAR + "the quadratic term; Q = (l0 + l1 G) gamma <= q delta G by (6.3)",
    variables=signs(pos="gamma", nonneg="G q Q W"),
    weak={"T-far": q * DELTA * G - Q, "T7-length": _LONG * gamma - W},
    goal=q * DELTA * _LONG**2 * gamma * G - Q * W**2 / gamma,
)
_COST_N = Clause(
    id="T8-noise",
    place=_FAR + "noise of the potential: (21/80) omega q A0 eta sigma^2 <= 10^-5 gamma G",
    variables=signs(pos="tau eta", nonneg="G sigma om q A0"),
    weak={**_WHERE, "beta": 1 - q, "omega": 1 - om, "step": DELTA - A0},
    goal=sp.Rational(1, 10**5) * tau * eta * G - sp.Rational(21, 80) * om * q * A0 * eta * sigma**2,
)
_LOSS = (
    _LONG * om * DELTA
    + (1 + om * DELTA) / 2 * q * DELTA * _LONG**2
    + sp.Rational(21, 40) * om * DELTA
    + 17 * _D**2
    + sp.Rational(1, 10**5)
)
_T8 = Clause(
    id="T8",
    place=_FAR + "all costs together, in units of gamma G",
    variables=signs(nonneg="om q"),
    weak={"E3-omega": 1 - q - om},
    goal=sp.Rational(52, 1000) - _LOSS,
    rivals={"0.051": {"goal": sp.Rational(51, 1000) - _LOSS}},
)
_STEP = Clause(
    id="T-far-step",
    place=_THEOREM + "(6.6); p = <u, w>; dPhi and dP: changes of Phi and of its potentials",
    variables=signs(pos="gamma", nonneg="G om q", free="p costY costQ cost dP dPhi"),
    weak={
        "line-4.5": -G * p + costY + costQ + dP - dPhi,
        "T7-mix": p - _DOWN * gamma,
        "T8-shift": _LONG * om * DELTA * gamma * G - costY,
        "T8-quadratic": (1 + om * DELTA) / 2 * q * DELTA * _LONG**2 * gamma * G - costQ,
        "T8-noise": sp.Rational(1, 10**5) * gamma * G - cost,
        "T8-potential": (sp.Rational(21, 40) * om * DELTA + 17 * _D**2) * gamma * G + cost - dP,
        "T8": sp.Rational(52, 1000) - _LOSS,
    },
    goal=-gamma * G / 4 - dPhi,
)

CLAUSES: tuple[Clause, ...] = (
    _T7A,
    _T7B,
    _T7,
    _T7M,
    _T7W,
    _T7C,
    _T7D,
    _T7E,
    _MIX,
    _SHIFT,
    _COST_Y,
    _COST_Q,
    _COST_N,
    _COST_P,
    _T8,
    _STEP,
)
