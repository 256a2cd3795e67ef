r"""Scalar steps of Theorem D' (soft clipping with momentum), steps 4 to 6: energy in both cases, conclusion.

D = 1/39, B = |b_t|, Hb = Hub(Gb_t), A0 = l0 eta/q, A1 = l1 gamma/q, S = (5 + 8 D^2) sigma^2/tau, bt = b*,
om = nu beta, hb = the step length at G, hm that at |m_t|, Y0 and Y1 the two parts of Y, v = sigma^2.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, Lemma, signs
from bounds.proofs.stochastic_bias import DOC
from bounds.proofs.stochastic_momentum import DELTA, DELTA_BAR
from bounds.proofs.stochastic_soft_tracking import SQUARE

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem D', "
_NEAR = _THEOREM + "step 4, "

eta, tau, gamma, sigma, l0, l1, q, nu, om, A0, A1, v, G, B, Hb, S, bt, hb, hm, Y0, Y1 = sp.symbols(
    "eta tau gamma sigma l0 l1 q nu om A0 A1 v G B Hb S bt hb hm Y0 Y1"
)
H, psi, Q, x, y, z, dP, dPhi = sp.symbols("H psi Q x y z dP dPhi")
a1, a2, a3, a4, a5 = sp.symbols("a1 a2 a3 a4 a5")
_D = DELTA_BAR
_SMALL = {"steps": DELTA - A0 - A1, "E3-omega": 1 - q - om}

_T4A = Clause(
    id="T4-bias",
    place=_NEAR + "b* <= eta S + 16 D^2 (eta/tau) Hub(Gb)",
    variables=signs(pos="eta tau", nonneg="sigma B Hb"),
    weak={"T1-soft": _D**2 * (2 * sigma**2 + 4 * Hb) - B**2},
    goal=eta * (5 + 8 * _D**2) * sigma**2 / tau + 16 * _D**2 * eta / tau * Hb - eta / tau * (5 * sigma**2 + 4 * B**2),
)
_BIAS_ROW = {"T4-bias": eta * S + 16 * _D**2 * eta / tau * Hb - bt}
_T4B = Clause(
    id="T4-G",
    place=_NEAR + "G b*",
    variables=signs(pos="eta tau", nonneg="G S Hb bt"),
    weak={"case": tau - G, **_BIAS_ROW},
    goal=eta * S * G + 16 * _D**2 * eta * Hb - G * bt,
)
_SHIFT_0 = Clause(
    id="T4-shift0",
    place=_NEAR + "Y0 = l0 nu theta hm <= omega A0 tau",
    variables=signs(pos="eta tau q", nonneg="l0 nu A0 hm"),
    weak={"beta": 1 - q, "capped": tau * eta - hm},
    eq={"load-0": q * A0 - l0 * eta},
    goal=nu * (1 - q) * A0 * tau - l0 * nu * (1 - q) / q * hm,
)
_SHIFT_1 = Clause(
    id="T4-shift1",
    place=_NEAR + "Y1 = l1 G nu theta hm <= omega A1 G",
    variables=signs(pos="gamma q", nonneg="l1 nu A1 G hm"),
    weak={"beta": 1 - q, "capped": gamma - hm},
    eq={"load-1": q * A1 - l1 * gamma},
    goal=nu * (1 - q) * A1 * G - l1 * G * nu * (1 - q) / q * hm,
)
_T4C = Clause(
    id="T4-Y0h",
    place=_NEAR + "Y0 hb(G); eta Y0 = omega A0 hm",
    variables=signs(pos="eta", nonneg="om A0 hm hb H psi"),
    weak={"E1": 2 * eta * H - hm**2, "capped": eta * psi - hb**2},
    goal=om * A0 * (H / 2 + psi) - om * A0 / eta * hm * hb,
)
_T4D = Clause(
    id="T4-Y1h",
    place=_NEAR + "Y1 hb(G), psi = G hb(G)",
    variables=signs(nonneg="om A1 G hb Y1"),
    weak={"T4-shift1": om * A1 * G - Y1},
    goal=om * A1 * G * hb - Y1 * hb,
)
_T4E = Clause(
    id="T4-Y0b",
    place=_NEAR + "Y0 b*",
    variables=signs(pos="eta tau", nonneg="om A0 S Hb bt Y0"),
    weak={"T4-shift0": om * A0 * tau - Y0, **_BIAS_ROW},
    goal=eta / 2 * (Y0**2 + S**2) + 16 * om * A0 * _D**2 * eta * Hb - Y0 * bt,
)
_T4F = Clause(
    id="T4-Y0",
    place=_NEAR + "eta Y0^2/2 <= omega^2 A0^2 H(m); eta Y0 = omega A0 hm",
    variables=signs(pos="eta", nonneg="om A0 hm H"),
    weak={"E1": 2 * eta * H - hm**2},
    goal=om**2 * A0**2 * H - eta / 2 * (om * A0 * hm / eta) ** 2,
)
_T4G = Clause(
    id="T4-Y1b",
    place=_NEAR + "Y1 b*",
    variables=signs(nonneg="eta om A1 G S Hb bt Y1"),
    weak={"T4-shift1": om * A1 * G - Y1, "T4-G": eta * S * G + 16 * _D**2 * eta * Hb - G * bt},
    goal=om * A1 * (eta * S * G + 16 * _D**2 * eta * Hb) - Y1 * bt,
)
_T4H = Clause(
    id="T4-quadratic",
    place=_NEAR + "(l0 + l1 G) hb(G)^2",
    variables=signs(nonneg="eta gamma q l0 l1 A0 A1 G hb"),
    weak={"slope": eta * G - hb, "capped": gamma - hb},
    eq={"load-0": q * A0 - l0 * eta, "load-1": q * A1 - l1 * gamma},
    goal=q * (A0 + A1) * G * hb - (l0 + l1 * G) * hb**2,
)
_T4I = Clause(
    id="T4-b2",
    place=_NEAR + "b*^2 <= eta^2 (50 sigma^4/tau^2 + 128 D^2 |b|^2), in units of eta^2/tau^2; v = sigma^2, x = |b|^2",
    variables=signs(pos="tau", nonneg="v x"),
    weak={"T1-drift": 4 * _D**2 * tau**2 - x},
    lemmas=(Lemma(clause=SQUARE, at={sp.Symbol("x"): 5 * v, sp.Symbol("y"): 4 * x}),),
    goal=50 * v**2 + 128 * _D**2 * x * tau**2 - (5 * v + 4 * x) ** 2,
)
_T4J = Clause(
    id="T4-b2-noise",
    place=_NEAR + "b*^2 in terms of sigma and Hub(Gb), in units of eta^2; x = |b|^2",
    variables=signs(pos="tau", nonneg="v x Hb y"),
    weak={
        "noise": tau**2 - 900 * v,
        "T1-soft": _D**2 * (2 * v + 4 * Hb) - x,
        "T4-b2": 50 * v**2 / tau**2 + 128 * _D**2 * x - y,
    },
    goal=v * (sp.Rational(50, 900) + 256 * _D**4) + 512 * _D**4 * Hb - y,
)
_T4K = Clause(
    id="T4-b2-quadratic",
    place=_NEAR + "(l0 + l1 G) b*^2; Q = (l0 + l1 G) eta, z = (50/900 + 256 D^4) sigma^2",
    variables=signs(nonneg="eta q Q z Hb bt"),
    weak={"T-near": q * DELTA - Q, "T4-b2-noise": eta**2 * (z + 512 * _D**4 * Hb) - bt**2},
    goal=Q * eta**2 * z + 512 * q * DELTA * _D**4 * eta**2 * Hb - Q * bt**2,
)
_T5H = Clause(
    id="T4-soft",
    place=_NEAR + "the terms with H(m) are cancelled by the potential",
    variables=signs(nonneg="om A0"),
    weak={"step": DELTA - A0, "omega": 1 - om},
    goal=sp.Rational(21, 40) * om * A0 - om * A0 * (sp.Rational(1, 2) + om * A0),
    rivals={"20.5/40": {"goal": sp.Rational(41, 80) * om * A0 - om * A0 * (sp.Rational(1, 2) + om * A0)}},
)
_HUB_LOAD = 16 + 16 * om * (A0 + A1) + (1 + om * DELTA) * 512 * q * DELTA * _D**2
_T5B = Clause(
    id="T4-hub",
    place=_NEAR + "the terms with Hub(Gb), in units of D^2 eta, are cancelled by the potential",
    variables=signs(nonneg="om q A0 A1"),
    weak=_SMALL,
    goal=17 - _HUB_LOAD,
    rivals={"16": {"goal": 16 - _HUB_LOAD}},
)
_PSI_LOAD = om * (A0 + A1) + (1 + om * DELTA) * q * (A0 + A1) + sp.Rational(21, 40) * om * A0 + 17 * _D**2
_LOSS = sp.Rational(61, 40) * (A0 + A1) + 17 * _D**2
_T3 = Clause(
    id="T3-soft",
    place=_NEAR + "the terms with psi(G): at most 1 - a = (61/1600) s + 17/1521 with s = 40 (A0 + A1)",
    variables=signs(nonneg="om q A0 A1"),
    weak={"E3-omega": 1 - q - om},
    goal=_LOSS - _PSI_LOAD,
    rivals={"1.5": {"goal": sp.Rational(3, 2) * (A0 + A1) + 17 * _D**2 - _PSI_LOAD}},
)
_T3_LOSS = Clause(
    id="T3-loss",
    place=_NEAR + "a >= 19/20",
    variables=signs(nonneg="A0 A1"),
    weak={"steps": DELTA - A0 - A1},
    goal=sp.Rational(1, 20) - _LOSS,
    rivals={"0.049": {"goal": sp.Rational(49, 1000) - _LOSS}},
)
_NOISE_LOAD = (1 + om * DELTA) * (sp.Rational(1, 2) + sp.Rational(50, 900) + 256 * _D**4) + sp.Rational(21, 80) * om
_T5 = Clause(
    id="T5",
    place=_NEAR + "the noise terms, in units of (l0 + l1 G) eta^2 sigma^2",
    variables=signs(nonneg="om"),
    weak={"omega": 1 - om},
    goal=sp.Rational(5, 6) - _NOISE_LOAD,
    rivals={"0.83": {"goal": sp.Rational(83, 100) - _NOISE_LOAD}},
)
_T5Q = Clause(
    id="T5-hub",
    place=_NEAR + "eta Hub(G) = eta G^2/2 <= psi(G) for G <= tau",
    variables=signs(pos="tau", nonneg="G"),
    weak={"case": tau - G},
    goal=G**2 / (1 + G / tau) - G**2 / 2,
)
_T5S = Clause(
    id="T5-S",
    place=_NEAR + "the terms with S, omega delta <= 1/40",
    variables=signs(nonneg="eta S G om A1"),
    weak={"omega": 1 - om, "clip": DELTA - A1},
    goal=sp.Rational(41, 40) * eta * S * G - (1 + om * A1) * eta * S * G,
)
_STEP = Clause(
    id="T-near-step",
    place=_THEOREM + "(6.5); a1..a4 collect H(m), Hub(Gb), psi(G) and the noise",
    variables=signs(nonneg="eta psi S G H Hb Q v om A0 A1", free="dP dPhi a1 a2 a3 a4 a5"),
    weak={
        "line-4.5": -psi + a1 + a2 + a3 + a4 + a5 + eta * S**2 / 2 + dP - dPhi,
        "T4-soft": sp.Rational(21, 40) * om * A0 * H - a1,
        "T4-hub": 17 * _D**2 * eta * Hb - a2,
        "T3-soft": (_LOSS - sp.Rational(21, 40) * om * A0 - 17 * _D**2) * psi - a3,
        "T5": (sp.Rational(5, 6) - sp.Rational(21, 80) * om) * Q * eta * v - a4,
        "T5-S": sp.Rational(41, 40) * eta * S * G - a5,
        "potentials": sp.Rational(21, 40) * om * A0 * (psi - H)
        + 17 * _D**2 * (psi - eta * Hb)
        + sp.Rational(21, 80) * om * Q * eta * v
        - dP,
    },
    goal=-(1 - _LOSS) * psi
    + sp.Rational(41, 40) * eta * S * G
    + eta * S**2 / 2
    + sp.Rational(5, 6) * Q * eta * v
    - dPhi,
)
_LENGTH = Clause(
    id="T-near-length",
    place=_NEAR
    + "|w^m| <= hb(|m|) + eta |g - m| <= 0.65 gamma, in units of gamma; x = |m|/tau, y = |g - m|/tau, z = sigma/tau",
    variables=signs(nonneg="x y z"),
    weak={
        "noise": sp.Rational(1, 30) - z,
        "buffer": 1 + sp.Rational(1, 30) + 2 * _D - x,
        "gap": 2 * z + 2 * _D - y,
    },
    goal=sp.Rational(65, 100) - x / (1 + x) - y,
)

CLAUSES: tuple[Clause, ...] = (
    _T4A,
    _T4B,
    _SHIFT_0,
    _SHIFT_1,
    _T4C,
    _T4D,
    _T4E,
    _T4F,
    _T4G,
    _T4H,
    _T4I,
    _T4J,
    _T4K,
    _T5H,
    _T5B,
    _T3,
    _T3_LOSS,
    _T5,
    _T5Q,
    _T5S,
    _STEP,
    _LENGTH,
)
