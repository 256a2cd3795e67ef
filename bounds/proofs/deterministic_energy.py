r"""Scalar steps of Theorem 1, steps 1 to 4: energy, second-order term, tracking, summation.

Notation of the proof: q = 1 - beta; M, G, P the norms of buffer, gradient and their nu-mixture; hM, hG the lengths of
the clipped vectors; S = nu hM + (1 - nu) hG; D = nu M hM + (1 - nu) G hG the decrease; e = |m' - g| and x = nu e hM.
Sums over t are single variables: DD of D, XX of x, SS of S^2, GS of G S. The steps use only hM <= eta M,
hG <= eta G and hM, hG <= gamma, so they hold for every radial clip with a convex potential.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem 1, "

b, q, k, nu, eta, gamma, l0, l1 = sp.symbols("b q k nu eta gamma l0 l1")
G, M, S, D, e, x, hM, hG, u, y = sp.symbols("G M S D e x hM hG u y")
F, Fn, H, Hn, E0, En, gh, psiM, psiG, inner = sp.symbols("F Fn H Hn E0 En gh psiM psiG inner")
m, mn, g, g0 = sp.symbols("m mn g g0")
DD, XX, SS, GS = sp.symbols("DD XX SS GS")

_MIX = nu * hM + (1 - nu) * hG
_GAIN = nu * M * hM + (1 - nu) * G * hG
_SHORT = {"short-M": eta * M - hM, "short-G": eta * G - hG}
_MIXED = signs(pos="eta gamma", nonneg="nu M G hM hG")

_BUFFER = Clause(
    id="T1-buffer",
    place=_THEOREM + "step 1: g = m' + (beta/q)(m' - m), coordinate by coordinate",
    variables=signs(pos="q", nonneg="b", free="m mn g"),
    eq={"momentum": mn - b * m - q * g, "q": q - 1 + b},
    goal=mn + b / q * (mn - m) - g,
    relation="=",
)
_INNER = Clause(
    id="T1-inner",
    place=_THEOREM + "step 1: <g, h(m')> >= psi(M) + (beta/q)(H(m') - H(m)), inner = <m' - m, h(m')>",
    variables=signs(pos="q", nonneg="b psiM H Hn", free="gh inner"),
    weak={"convex": inner - (Hn - H)},
    eq={"buffer": gh - psiM - b / q * inner},
    goal=gh - psiM - b / q * (Hn - H),
)
_ENERGY = Clause(
    id="T1-energy",
    place=_THEOREM + "(6.4)",
    variables=signs(pos="q", nonneg="b nu l0 l1 G S psiM psiG H Hn", free="F Fn gh"),
    weak={
        "descent": F - nu * gh - (1 - nu) * psiG + (l0 + l1 * G) * S**2 / 2 - Fn,
        "T1-inner": gh - psiM - b / q * (Hn - H),
    },
    goal=(F + nu * b / q * H) - (nu * psiM + (1 - nu) * psiG) + (l0 + l1 * G) * S**2 / 2 - (Fn + nu * b / q * Hn),
)
_S4A = Clause(
    id="S4a",
    place=_THEOREM + "step 2, G <= M + e",
    variables=signs(nonneg="G M e hM"),
    weak={"triangle": M + e - G},
    goal=M * hM + e * hM - G * hM,
)
_S4B = Clause(
    id="S4b",
    place=_THEOREM + "step 2: S^2 <= eta D",
    variables=_MIXED,
    weak={**_SHORT, "mixture": 1 - nu},
    goal=eta * _GAIN - _MIX**2,
)
_S4C = Clause(
    id="S4c",
    place=_THEOREM + "step 2: G S <= D + nu e hM",
    variables=signs(nonneg="nu G M e hM hG"),
    weak={"triangle": M + e - G},
    goal=_GAIN + nu * e * hM - G * _MIX,
)
_S4D = Clause(
    id="S4d",
    place=_THEOREM + "steps 1 and 6: S <= eta P",
    variables=_MIXED,
    weak={**_SHORT, "mixture": 1 - nu},
    goal=eta * (nu * M + (1 - nu) * G) - _MIX,
)
_S4E = Clause(
    id="S4e",
    place=_THEOREM + "step 1: S <= gamma",
    variables=signs(pos="gamma", nonneg="nu hM hG"),
    weak={"capped-M": gamma - hM, "capped-G": gamma - hG, "mixture": 1 - nu},
    goal=gamma - _MIX,
)
_S4F = Clause(
    id="S4f",
    place=_THEOREM + "step 3: nu hM <= S",
    variables=signs(nonneg="nu hM hG"),
    weak={"mixture": 1 - nu},
    goal=_MIX - nu * hM,
)
_S5 = Clause(
    id="S5",
    place=_THEOREM + "step 2",
    variables=signs(pos="eta gamma", nonneg="l0 l1 k q G D u"),
    weak={"step": k * q - eta * l0, "clip": k * q - gamma * l1, "capped": gamma - u, "S4b": eta * D - u**2},
    goal=k * q * (D + G * u) - (l0 + l1 * G) * u**2,
)
_SECOND = Clause(
    id="T1-second",
    place=_THEOREM + "(6.5), each t",
    variables=signs(nonneg="l0 l1 k q G D x S"),
    weak={"S5": k * q * (D + G * S) - (l0 + l1 * G) * S**2, "S4c": D + x - G * S},
    goal=k * q / 2 * (2 * D + x) - (l0 + l1 * G) * S**2 / 2,
)
_ERROR = Clause(
    id="T1-error",
    place=_THEOREM + "step 3: e_t = beta (e_(t-1) + g_(t-1) - g_t), coordinate by coordinate",
    variables=signs(pos="q", nonneg="b", free="m mn g g0"),
    eq={"momentum": mn - b * m - q * g, "q": q - 1 + b},
    goal=(mn - g) - b * ((m - g0) + (g0 - g)),
    relation="=",
)
_PAIR = Clause(
    id="T1-pair",
    place=_THEOREM + "step 3: one term of the double sum, y = nu hM at t, u = S at t, S and G at s",
    variables=signs(pos="gamma", nonneg="l0 l1 G S y u"),
    weak={"S4f": u - y, "capped": gamma - y},
    goal=l0 * (S**2 + u**2) / 2 + l1 * gamma * G * S - y * (l0 + l1 * G) * S,
)
_CROSS = Clause(
    id="T1-cross",
    place=_THEOREM + "(6.7), first half",
    variables=signs(pos="q gamma", nonneg="b k l0 l1 SS GS DD XX"),
    weak={
        "double-sum": b / q * (l0 * SS + l1 * gamma * GS) - XX,
        "quadratic": k * q * DD - l0 * SS,
        "clip": k * q - gamma * l1,
        "S4c": DD + XX - GS,
    },
    goal=b * k * (2 * DD + XX) - XX,
)
_STEP = Clause(
    id="T1-step",
    place=_THEOREM + "step 2: l0 S^2 <= kappa q D",
    variables=signs(pos="eta", nonneg="l0 k q D S"),
    weak={"step": k * q - eta * l0, "S4b": eta * D - S**2},
    goal=k * q * D - l0 * S**2,
)
_S6A = Clause(
    id="S6a",
    place=_THEOREM + "(6.7), second half",
    variables=signs(nonneg="b k DD XX"),
    weak={"T1-cross": b * k * (2 * DD + XX) - XX},
    goal=2 * b * k * DD - (1 - b * k) * XX,
)
_S6B = Clause(
    id="S6b",
    place=_THEOREM + "step 4, scaled by 1 - kappa beta",
    variables=signs(nonneg="b k DD XX"),
    weak={"S6a": 2 * b * k * DD - (1 - b * k) * XX, "beta": 1 - b},
    goal=(DD - k * (1 - b) * (DD + XX / 2)) * (1 - k * b) - (1 - k) * DD,
)
_SUM = Clause(
    id="T1-sum",
    place=_THEOREM + "step 4",
    variables=signs(nonneg="b k q DD XX", free="E0 En"),
    weak={"energies": E0 - DD + k * q / 2 * (2 * DD + XX) - En, "S6a": 2 * b * k * DD - (1 - b * k) * XX},
    strict={"contraction": 1 - b * k},
    eq={"q": q - 1 + b},
    goal=E0 - (1 - k) / (1 - b * k) * DD - En,
)
_FACTOR = Clause(
    id="P2",
    place=_THEOREM
    + "step 4: 1 - kappa q (1 + beta kappa/(1 - beta kappa)) = (1 - kappa)/(1 - kappa beta), times 1 - kappa beta",
    variables=signs(nonneg="b k q"),
    eq={"q": q - 1 + b},
    goal=(1 - k * b) - k * q * ((1 - b * k) + b * k) - (1 - k),
    relation="=",
)
CLAUSES: tuple[Clause, ...] = (
    _BUFFER,
    _INNER,
    _ENERGY,
    _S4A,
    _S4B,
    _S4C,
    _S4D,
    _S4E,
    _S4F,
    _S5,
    _SECOND,
    _ERROR,
    _PAIR,
    _CROSS,
    _STEP,
    _S6A,
    _S6B,
    _SUM,
    _FACTOR,
)
