r"""Scalar steps of Theorem 1, steps 5 to 7 (initial energy, from the buffer to the gradient, Jensen) and its remarks.

Notation as in :mod:`bounds.proofs.deterministic_energy`; GG, PP, EE are the sums of G, P and e over t, DD that of D.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_clipping import huber
from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "HUB", "S8B"]

_THEOREM = DOC + "Theorem 1, "

b, q, k, nu, eta, gamma, l0, l1, T, eps, Delta = sp.symbols("b q k nu eta gamma l0 l1 T eps Delta")
G, M, P, S, e, hM, u, y, H, DD = sp.symbols("G M P S e hM u y H DD")
GG, PP, EE, s, ell, v, start, K, R, fM, fG, fP, d = sp.symbols("GG PP EE s ell v start K R fM fG fP d")

HUB = sp.Min(s, 1) * s - sp.Min(s, 1) ** 2 / 2
"""The Huber function Hub(s) of curvature 1 and largest slope 1."""

_SCALE = Clause(
    id="T1-scale",
    place=_THEOREM + "step 5: H at eta = kappa q/l0, gamma = kappa q/l1",
    variables=signs(pos="l0 l1 k q", nonneg="u s"),
    eq={"s": l0 * s - l1 * u},
    goal=k * q * l0 / l1**2 * HUB - huber(u, k * q / l0, k * q / l1),
)
S8B = Clause(
    id="S8b",
    place=_THEOREM + "step 5: Hub(s)(6 + 4 s) <= (16/3) s^2",
    variables=signs(nonneg="s"),
    goal=sp.Rational(16, 3) * s**2 - HUB * (6 + 4 * s),
)
HUBER = Clause(
    id="T1-huber",
    place=_THEOREM + "step 5: Hub(s) <= (16/9)(s - ln(1 + s)), ell = s - ln(1 + s)",
    variables=signs(nonneg="s ell"),
    weak={"S8a": ell - 3 * s**2 / (6 + 4 * s)},
    lemmas=(S8B,),
    goal=sp.Rational(16, 9) * ell - HUB,
)
_START = Clause(
    id="T1-start",
    place=_THEOREM + "step 5: nu (beta/q) H(g0) <= (16/9) kappa nu beta Delta; v = l0/l1^2, y = Hub(s)",
    variables=signs(pos="q v", nonneg="b k nu H y ell Delta"),
    weak={"T1-scale": k * q * v * y - H, "T1-huber": sp.Rational(16, 9) * ell - y, "Lemma-3": Delta - v * ell},
    goal=sp.Rational(16, 9) * k * nu * b * Delta - nu * b / q * H,
)
_BUDGET = Clause(
    id="T1-budget",
    place=_THEOREM + "(6.1)",
    variables=signs(nonneg="b k nu DD Delta", free="start"),
    weak={
        "T1-sum": start - (1 - k) / (1 - b * k) * DD,
        "T1-start": (1 + sp.Rational(16, 9) * k * nu * b) * Delta - start,
    },
    strict={"kappa": 1 - k, "contraction": 1 - b * k},
    goal=(1 + sp.Rational(16, 9) * k * nu * b) * (1 - k * b) / (1 - k) * Delta - DD,
)
_LINEAR = Clause(
    id="T1-linear",
    place=_THEOREM + "step 6: (l0 + l1 G) S <= kappa q (P + G)",
    variables=signs(pos="eta gamma", nonneg="l0 l1 k q G P S"),
    weak={"step": k * q - eta * l0, "clip": k * q - gamma * l1, "S4d": eta * P - S, "S4e": gamma - S},
    goal=k * q * (P + G) - (l0 + l1 * G) * S,
)
_TRIANGLE = Clause(
    id="T1-triangle",
    place=_THEOREM + "step 6: G <= P + nu e",
    variables=signs(nonneg="nu G M e"),
    weak={"triangle": M + e - G},
    goal=nu * M + (1 - nu) * G + nu * e - G,
)
_S7 = Clause(
    id="S7",
    place=_THEOREM + "(6.2)",
    variables=signs(nonneg="b k nu GG PP EE"),
    weak={"T1-triangle": PP + nu * EE - GG, "T1-linear": b * k * (PP + GG) - EE},
    goal=(1 + k * nu * b) * PP - (1 - k * nu * b) * GG,
)
_JENSEN = Clause(
    id="T1-jensen",
    place=_THEOREM + "step 7: nu phi(M) + (1 - nu) phi(G) >= phi(P) from the tangent of slope d at P",
    variables=signs(nonneg="nu M G d", free="fM fG fP"),
    weak={
        "tangent-M": fM - fP - d * (M - nu * M - (1 - nu) * G),
        "tangent-G": fG - fP - d * (G - nu * M - (1 - nu) * G),
        "mixture": 1 - nu,
    },
    goal=nu * fM + (1 - nu) * fG - fP,
)
_INVERT = Clause(
    id="T1-invert",
    place=_THEOREM + "step 7: the condition on T is that of (h4) at eps/R",
    variables=signs(pos="eta gamma eps R T", nonneg="K Delta"),
    weak={"T": T - K * Delta * sp.Max(R**2 / (eta * eps**2), 2 * R / (gamma * eps))},
    goal=sp.Min(eta * (eps / R) ** 2, gamma * eps / (2 * R)) - K * Delta / T,
)
_CLOSE = Clause(
    id="T1-close",
    place=_THEOREM + "last line: mean G <= R mean P <= eps",
    variables=signs(pos="R T", nonneg="GG PP eps"),
    weak={"ratio": R * PP - GG, "increasing": eps / R - PP / T},
    goal=eps - GG / T,
)
_STILL = Clause(
    id="T1-nu0",
    place=_THEOREM + "remark 3: no momentum",
    variables=signs(nonneg="k q DD Delta"),
    weak={"energies": Delta - DD + k * q * DD},
    strict={"short": 1 - k * q},
    goal=Delta / (1 - k * q) - DD,
)
_SMALL_NU = Clause(
    id="T1-small-nu",
    place=_THEOREM + "remark 5: one term of the double sum, hM at t, S and G at s",
    variables=signs(pos="gamma", nonneg="nu l0 l1 G S hM"),
    weak={"capped": gamma - hM},
    goal=l0 * nu * (hM**2 + S**2) / 2 + l1 * nu * gamma * G * S - nu * hM * (l0 + l1 * G) * S,
)

CLAUSES: tuple[Clause, ...] = (
    _SCALE,
    S8B,
    HUBER,
    _START,
    _BUDGET,
    _LINEAR,
    _TRIANGLE,
    _S7,
    _JENSEN,
    _INVERT,
    _CLOSE,
    _STILL,
    _SMALL_NU,
)
