r"""Scalar steps of Theorem D' (soft clipping with momentum), steps 1 to 3: tracking, bias, energy.

D = 1/39, B = |b_t|, Gb = the averaged gradient norm, q' = (1 - delta) q, delta = 1/40, v = sigma^2. The drift
|b_t| <= D (tau + G_t) is the case sigma = 0 of clauses D2 and D3.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC
from bounds.proofs.stochastic_momentum import DELTA, DELTA_BAR

__all__ = ["CLAUSES", "SQUARE", "hub"]

_THEOREM = DOC + "Theorem D', "

eta, tau, gamma, sigma, eps, l0, l1, q, nu, v, G, B, Bn, Gb = sp.symbols(
    "eta tau gamma sigma eps l0 l1 q nu v G B Bn Gb"
)
L, X, b, c, s, r, x, y, yn, n, w, xi = sp.symbols("L X b c s r x y yn n w xi")
fx, fy, fw, d = sp.symbols("fx fy fw d")
_D = DELTA_BAR
_NOISE = {"noise": tau - 30 * sigma}
_STEPS = {"steps": q * DELTA - (l0 + l1 * tau) * eta}


def hub(t: sp.Expr, threshold: sp.Expr) -> sp.Expr:
    """t^2/2 up to the threshold, linear beyond."""
    h = sp.Min(t, threshold)
    return t * h - h**2 / 2


_T11 = Clause(
    id="T11",
    place=_THEOREM + "tau >= 30 sigma",
    variables=signs(pos="tau eps", nonneg="sigma"),
    weak={"noise": tau * eps - 40 * sigma**2, "accuracy": tau - 24 * eps},
    goal=tau - 30 * sigma,
    rivals={"31": {"goal": tau - 31 * sigma}},
)
_NEAR = Clause(
    id="T-near",
    place=_THEOREM + "(6.3), G <= tau",
    variables=signs(pos="eta tau q", nonneg="l0 l1 G"),
    weak={**_STEPS, "case": tau - G},
    goal=q * DELTA - (l0 + l1 * G) * eta,
)
_FAR = Clause(
    id="T-far",
    place=_THEOREM + "(6.3), G >= tau",
    variables=signs(pos="eta tau q", nonneg="l0 l1 G"),
    weak={**_STEPS, "case": G - tau},
    goal=q * DELTA * G - (l0 + l1 * G) * tau * eta,
)
_SPLIT = Clause(
    id="T-split",
    place=_THEOREM + "step 1, m' = y + n' + beta b = y' + n' + b' with y, y' the gradients, coordinate by coordinate",
    variables=signs(free="q y yn n b xi"),
    goal=((1 - q) * (y + n + b) + q * (y + xi)) - yn - ((1 - q) * n + q * xi) - ((1 - q) * b + y - yn),
    relation="=",
    rivals={
        "q for 1 - q": {"goal": ((1 - q) * (y + n + b) + q * (y + xi)) - yn - ((1 - q) * n + q * xi) - (q * b + y - yn)}
    },
)
_NOISE_PART = Clause(
    id="T-noise",
    place=_THEOREM + "step 1, |n_t| <= sigma",
    variables=signs(nonneg="q sigma n x w"),
    weak={"beta": 1 - q, "induction": sigma - n, "noise": sigma - x, "mixing": (1 - q) * n + q * x - w},
    goal=sigma - w,
)
_LENGTH = Clause(
    id="T-length",
    place=_THEOREM + "step 1, the step has length at most eta (G + sigma + |b|)",
    variables=signs(pos="eta", nonneg="q nu G sigma B L"),
    weak={
        "beta": 1 - q,
        "mixture": 1 - nu,
        "triangle": nu * eta * (G + sigma + (1 - q) * B) + (1 - nu) * eta * (G + sigma) - L,
    },
    goal=eta * (G + sigma + B) - L,
)
_T2A = Clause(
    id="T2-near",
    place=_THEOREM + "step 1, change of the gradient, G <= tau",
    variables=signs(pos="eta q", nonneg="l0 l1 G sigma B L"),
    weak={"T-near": q * DELTA - (l0 + l1 * G) * eta, "T-length": eta * (G + sigma + B) - L},
    goal=q * DELTA * (G + sigma + B) - (l0 + l1 * G) * L,
)
_T2B = Clause(
    id="T2-far",
    place=_THEOREM + "step 1, change of the gradient, G >= tau",
    variables=signs(pos="gamma q", nonneg="l0 l1 G sigma B L"),
    weak={"T-far": q * DELTA * G - (l0 + l1 * G) * gamma, "capped": gamma - L},
    goal=q * DELTA * (G + sigma + B) - (l0 + l1 * G) * L,
)
_QP = (1 - DELTA) * q
_T2 = Clause(
    id="T2-soft",
    place=_THEOREM + "step 1, (b): |b'| <= D (sigma + Gb')",
    variables=signs(pos="q", nonneg="G Gb sigma B Bn X"),
    weak={
        "beta": 1 - q,
        "induction": _D * (sigma + Gb) - B,
        "change": q * DELTA * (G + sigma + B) - X,
        "recursion": (1 - q) * B + X - Bn,
    },
    goal=_D * (sigma + (1 - _QP) * Gb + _QP * G) - Bn,
    rivals={"0.99": {"goal": sp.Rational(99, 100) * _D * (sigma + (1 - _QP) * Gb + _QP * G) - Bn}},
)
_T1 = Clause(
    id="T1-soft",
    place=_THEOREM + "(6.4), in units of D: B/D <= sigma + Gb and B/D <= 2 tau",
    variables=signs(pos="tau", nonneg="sigma Gb B"),
    weak={**_NOISE, "T2-soft": sigma + Gb - B, "T1-drift": 2 * tau - B},
    goal=2 * sigma**2 + 4 * hub(Gb, tau) - B**2,
    rivals={"3.8": {"goal": 2 * sigma**2 + sp.Rational(38, 10) * hub(Gb, tau) - B**2}},
)
_DRIFT = Clause(
    id="T1-drift",
    place=_THEOREM + "step 1, (c): |b| <= D (tau + G) <= 2 D tau for G <= tau",
    variables=signs(pos="tau", nonneg="G B"),
    weak={"case": tau - G, "D3": _D * (tau + G) - B},
    goal=2 * _D * tau - B,
)
_HUB_TANGENT = Clause(
    id="T1-tangent",
    place=_THEOREM + "step 1, the Huber function lies above its tangents",
    variables=signs(pos="tau", nonneg="x w"),
    goal=hub(x, tau) - hub(w, tau) - sp.Min(w, tau) * (x - w),
)
_HUB_MIX = Clause(
    id="T1-convex",
    place=_THEOREM + "step 3, convexity from the tangent of slope d at w = (1 - s) x + s y",
    variables=signs(nonneg="s", free="x y w d fx fy fw"),
    weak={"at-x": fx - fw - d * (x - w), "at-y": fy - fw - d * (y - w), "weight": 1 - s},
    eq={"mix": w - (1 - s) * x - s * y},
    goal=(1 - s) * fx + s * fy - fw,
)
_JACOBIAN = Clause(
    id="T-jacobian",
    place=_THEOREM + "step 2, |D^2 h[e, e]|^2 <= 4 at eta = tau = 1; c and s stand for c^2 and s^2",
    variables=signs(nonneg="c s"),
    eq={"unit": c + s - 1},
    goal=4 - (2 * c + s) ** 2 - 4 * c * s,
)
_SHRINK = Clause(
    id="T-jacobian-shrink",
    place=_THEOREM + "step 2, the component of D^2 h[e, e] along v, r = 1/(1 + |v|)",
    variables=signs(nonneg="r c s"),
    weak={"shrink": 1 - r},
    goal=(2 * c + s) - (2 * c * r**3 + s * r**2),
)
_BIAS = Clause(
    id="T-bias",
    place=_THEOREM + "step 2, b*: x bounds |m - grad F|^2",
    variables=signs(nonneg="q v B x"),
    weak={"beta": 1 - q, "split": 2 * v + 2 * B**2 - x},
    goal=5 * v + 4 * B**2 - q * (x + v) - x,
)
SQUARE = Clause(
    id="T-square",
    place=_THEOREM + "step 2, (x + y)^2 <= 2 x^2 + 2 y^2",
    variables=signs(free="x y"),
    goal=2 * x**2 + 2 * y**2 - (x + y) ** 2,
)
_BUFFER = Clause(
    id="T-buffer",
    place=_THEOREM + "step 2, w^m = h(m) + (h(m') - h(m))/q since 1 + theta = 1/q",
    variables=signs(pos="q", free="x y"),
    goal=y + (1 - q) / q * (y - x) - x - (y - x) / q,
    relation="=",
    rivals={"no 1/q": {"goal": y + (1 - q) / q * (y - x) - x - (y - x)}},
)

CLAUSES: tuple[Clause, ...] = (
    _T11,
    _NEAR,
    _FAR,
    _SPLIT,
    _NOISE_PART,
    _LENGTH,
    _T2A,
    _T2B,
    _T2,
    _DRIFT,
    _T1,
    _HUB_TANGENT,
    _HUB_MIX,
    _BUFFER,
    _JACOBIAN,
    _SHRINK,
    _BIAS,
    SQUARE,
)
