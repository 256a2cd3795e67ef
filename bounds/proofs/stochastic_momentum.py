r"""Scalar steps of Theorem B, steps 1 to 3: drift of the buffer, energy, and the case of small gradients.

Symbols: q = 1 - beta, om = omega = nu beta, dp = delta' = beta delta/(1 - beta delta), A0 = l0 eta/q,
A1 = l1 gamma/q, P = (rho + 1/rho)/2, v = sigma^2, delta = 1/40, 1/39 = delta/(1 - delta).
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC

__all__ = ["ALPHA", "CLAUSES", "DELTA", "DELTA_BAR", "DRIFT_POSITIVE"]

_THEOREM = DOC + "Theorem B, "
DELTA = sp.Rational(1, 40)
DELTA_BAR = sp.Rational(1, 39)
ALPHA = sp.Rational(151, 200)
_HALF = sp.Rational(1, 2)

eta, tau, gamma, sigma, l0, l1, q, nu, om, dp, rho, P, A0, A1, v = sp.symbols(
    "eta tau gamma sigma l0 l1 q nu om dp rho P A0 A1 v"
)
G, Gm, X, Y, YG, f, e, a, hm, H, HG, Hn, g, m, mn = sp.symbols("G Gm X Y YG f e a hm H HG Hn g m mn")
h, hn, hg, x, dPhi, dP, Q, N = sp.symbols("h hn hg x dPhi dP Q N")
_B = 1 - q
_BETA = {"beta": 1 - q}
_p = tau + G

_D1 = Clause(
    id="D1",
    place=_THEOREM + "step 1, change of the gradient in one step",
    variables=signs(pos="eta tau q", nonneg="l0 l1 G"),
    weak={"step": q * DELTA - l0 * eta, "clip": q * DELTA - l1 * tau * eta},
    goal=q * DELTA * _p - (l0 + l1 * G) * tau * eta,
    rivals={"without tau": {"goal": q * DELTA * G - (l0 + l1 * G) * tau * eta}},
)
DRIFT_POSITIVE = Clause(
    id="D2-sign",
    place=_THEOREM + "step 1, delta' >= 0",
    variables=signs(pos="q", free="dp"),
    weak=_BETA,
    eq={"drift-rate": dp * (1 - _B * DELTA) - _B * DELTA},
    goal=dp,
)
_FIXED = Clause(
    id="D2-fixed",
    place=_THEOREM + "step 1, beta (delta' (1 + q delta) + q delta) = delta'",
    variables=signs(pos="q", free="dp"),
    eq={"drift-rate": dp * (1 - _B * DELTA) - _B * DELTA},
    goal=_B * (dp * (1 + q * DELTA) + q * DELTA) - dp,
    relation="=",
)
_RECURSION = {
    "triangle": G + X - Gm,
    "D1": q * DELTA * _p - X,
    "induction": sigma + dp * (tau + Gm) - a,
    "buffer": a + X - f,
}
_D2 = Clause(
    id="D2",
    place=_THEOREM + "step 1, (4.2), new buffer",
    variables=signs(pos="tau q", nonneg="G Gm X a f e sigma", free="dp"),
    weak={**_BETA, **_RECURSION, "mixing": _B * f + q * sigma - e},
    eq={"drift-rate": dp * (1 - _B * DELTA) - _B * DELTA},
    lemmas=(DRIFT_POSITIVE,),
    goal=sigma + dp * _p - e,
    rivals={"0.99 sigma": {"goal": sp.Rational(99, 100) * sigma + dp * _p - e}},
)
_D3 = Clause(
    id="D3",
    place=_THEOREM + "step 1, (4.2), old buffer",
    variables=signs(pos="tau q", nonneg="G Gm X a f sigma", free="dp"),
    weak={**_BETA, **_RECURSION},
    eq={"drift-rate": dp * (1 - _B * DELTA) - _B * DELTA},
    lemmas=(DRIFT_POSITIVE,),
    goal=sigma + DELTA_BAR * _p - f,
    rivals={"1/42": {"goal": sigma + _p / 42 - f}},
)
_BELOW = Clause(
    id="D3-rate",
    place=_THEOREM + "step 1, delta' <= 1/39, so both parts of (4.2) are within 1/39",
    variables=signs(pos="q", free="dp"),
    weak=_BETA,
    eq={"drift-rate": dp * (1 - _B * DELTA) - _B * DELTA},
    goal=DELTA_BAR - dp,
)
_START = Clause(
    id="D2-start",
    place=_THEOREM + "step 1, t = 0",
    variables=signs(pos="q", nonneg="sigma e"),
    weak={**_BETA, "first": q * sigma - e},
    goal=sigma - e,
)
_UNROLL = Clause(
    id="B-unclipped",
    place=_THEOREM + "(4.3): g = m' + theta (m' - m), coordinate by coordinate",
    variables=signs(pos="q", free="g m mn"),
    eq={"buffer": mn - _B * m - q * g},
    goal=mn + _B / q * (mn - m) - g,
    relation="=",
)
_LYAPUNOV = Clause(
    id="B-shift",
    place=_THEOREM + "step 2, z' = z - w, coordinate by coordinate",
    variables=signs(pos="q", free="x nu h hn hg"),
    goal=(x - nu * hn - (1 - nu) * hg - nu * _B / q * hn)
    - (x - nu * _B / q * h)
    + (nu * (hn + _B / q * (hn - h)) + (1 - nu) * hg),
    relation="=",
    rivals={
        "no difference": {
            "goal": (x - nu * hn - (1 - nu) * hg - nu * _B / q * hn)
            - (x - nu * _B / q * h)
            + (nu * (hn + _B / q * hn) + (1 - nu) * hg)
        }
    },
)
_Y1 = Clause(
    id="B-Y",
    place=_THEOREM + "(4.4)",
    variables=signs(pos="eta tau q", nonneg="l0 l1 G hm nu"),
    weak={**_BETA, "D1": q * DELTA * _p - (l0 + l1 * G) * tau * eta, "capped": tau * eta - hm},
    goal=nu * _B * DELTA * _p - (l0 + l1 * G) * nu * _B / q * hm,
)
_Y2 = Clause(
    id="B-Y-slope",
    place=_THEOREM + "step 2, l0 + l1 |grad F(z)| <= (1 + omega delta)(l0 + l1 G)",
    variables=signs(pos="q", nonneg="gamma l0 l1 G Y nu"),
    weak={**_BETA, "clip": q * DELTA - l1 * gamma, "shift": (l0 + l1 * G) * nu * _B / q * gamma - Y},
    goal=(1 + nu * _B * DELTA) * (l0 + l1 * G) - l0 - l1 * (G + Y),
)
_RADIUS = Clause(
    id="B-radius",
    place=_THEOREM + "step 2, |z - x| <= beta gamma/q",
    variables=signs(pos="q gamma", nonneg="hm nu"),
    weak={**_BETA, "mixture": 1 - nu, "capped": gamma - hm},
    goal=_B * gamma / q - nu * _B / q * hm,
)
_POTENTIAL = Clause(
    id="B-potential",
    place=_THEOREM + "step 2, the potential's change from (4.6)",
    variables=signs(pos="q eta", nonneg="l0 nu rho v", free="H HG Hn"),
    weak={**_BETA, "line-4.6": _B * H + q * HG + eta * q**2 * v / 2 - Hn},
    goal=rho * l0 * eta * nu * _B / q * (HG - H)
    + rho * nu * _B * l0 * eta**2 * v / 2
    - rho * l0 * eta * nu * _B / q**2 * (Hn - H),
)
_B1 = Clause(
    id="B1",
    place=_THEOREM + "step 3, nothing is clipped",
    variables=signs(pos="tau", nonneg="G sigma"),
    weak={"near": ALPHA * tau - G, "noise": tau - 5 * sigma},
    goal=tau - (G + sigma + DELTA_BAR * _p),
    rivals={"1.01 alpha": {"weak": {"near": sp.Rational(101, 100) * ALPHA * tau - G}}},
)
_E2 = Clause(
    id="E2",
    place=_THEOREM + "step 3, Young's inequality",
    variables=signs(pos="eta rho", nonneg="G hm"),
    goal=rho * hm**2 / (2 * eta) + eta * G**2 / (2 * rho) - G * hm,
    rivals={"2.5 rho": {"goal": rho * hm**2 / (2 * eta) + eta * G**2 / (sp.Rational(5, 2) * rho) - G * hm}},
)
_E2B = Clause(
    id="E2-potential",
    place=_THEOREM + "step 3, eta Y G from (4.4), Young and (h6); l0 nu theta eta = omega A0",
    variables=signs(pos="eta rho", nonneg="G hm H om A0 A1 YG"),
    weak={
        "line-4.4": om * A0 / eta * G * hm * eta + om * A1 * eta * G**2 - eta * YG,
        "E1a": 2 * eta * H - hm**2,
    },
    lemmas=(_E2,),
    goal=om * A0 * (rho * H + eta * G**2 / (2 * rho)) + om * A1 * eta * G**2 - eta * YG,
)
_E3P = Clause(
    id="E3P",
    place=_THEOREM + "step 3, P >= 1",
    variables=signs(pos="rho", free="P"),
    eq={"P": 2 * P * rho - rho**2 - 1},
    goal=P - 1,
)
_E3O = Clause(
    id="E3-omega",
    place=_THEOREM + "step 3, omega <= 1 - q",
    variables=signs(nonneg="nu q"),
    weak={**_BETA, "mixture": 1 - nu},
    goal=1 - q - nu * _B,
)
_E3_LEFT = om * A0 * P + om * A1 + (1 + om * DELTA) * q * (A0 + A1) / 2
_E3_ROWS = {"E3P": P - 1, "E3-omega": 1 - q - om}
_E3 = Clause(
    id="E3",
    place=_THEOREM + "step 3, the coefficient of eta G^2 is at least a = 1 - P (A0 + A1)",
    variables=signs(nonneg="om q A0 A1 P"),
    weak=_E3_ROWS,
    goal=P * (A0 + A1) - _E3_LEFT,
    rivals={"0.9": {"goal": sp.Rational(9, 10) * P * (A0 + A1) - _E3_LEFT}},
)
_QUADRATIC = Clause(
    id="B-near-steps",
    place=_THEOREM + "step 3, (l0 + l1 G) eta <= q (A0 + A1)",
    variables=signs(pos="eta tau", nonneg="l0 l1 q G A0 A1"),
    weak={"near": tau - G},
    eq={"load-0": q * A0 - l0 * eta, "load-1": q * A1 - l1 * tau * eta},
    goal=q * (A0 + A1) - (l0 + l1 * G) * eta,
)
_SHORT = (1 + om * DELTA) / 2
_NEAR = Clause(
    id="B-near",
    place=_THEOREM + "(4.7); Q = (l0 + l1 G) eta^2, dPhi and dP are the changes of Phi and of the potential",
    variables=signs(pos="eta rho", nonneg="G H om q A0 A1 YG Q v N", free="P dPhi dP l0"),
    weak={
        "line-4.5": -eta * G**2 + eta * YG + _SHORT * Q * (G**2 + v) + dP - dPhi,
        "E2-potential": om * A0 * (rho * H + eta * G**2 / (2 * rho)) + om * A1 * eta * G**2 - eta * YG,
        "B-potential": rho * om * A0 * (eta * G**2 / 2 - H) + rho * om * l0 * eta**2 * v / 2 - dP,
        "B-near-steps": _SHORT * (eta * q * (A0 + A1) - Q),
        "E3": P * (A0 + A1) - _E3_LEFT,
    },
    eq={"P": 2 * P * rho - rho**2 - 1, "N": N - rho * om * l0 * eta**2 * v / 2 - _SHORT * Q * v},
    goal=-(1 - P * (A0 + A1)) * eta * G**2 + N - dPhi,
)
_NOISE = Clause(
    id="B-near-noise",
    place=_THEOREM + "(4.7), the noise terms are N(G)",
    variables=signs(nonneg="eta l0 l1 G om rho v"),
    goal=eta**2 * v / 2 * ((1 + om * (rho + DELTA)) * l0 + (1 + om * DELTA) * l1 * G)
    - rho * om * l0 * eta**2 * v / 2
    - _SHORT * (l0 + l1 * G) * eta**2 * v,
    relation="=",
    rivals={
        "rho for rho + delta": {
            "goal": eta**2 * v / 2 * ((1 + om * rho) * l0 + (1 + om * DELTA) * l1 * G)
            - rho * om * l0 * eta**2 * v / 2
            - _SHORT * (l0 + l1 * G) * eta**2 * v
        }
    },
)

CLAUSES: tuple[Clause, ...] = (
    _D1,
    DRIFT_POSITIVE,
    _FIXED,
    _D2,
    _D3,
    _BELOW,
    _START,
    _UNROLL,
    _LYAPUNOV,
    _Y1,
    _Y2,
    _RADIUS,
    _POTENTIAL,
    _B1,
    _E2,
    _E2B,
    _E3P,
    _E3O,
    _E3,
    _QUADRATIC,
    _NEAR,
    _NOISE,
)
