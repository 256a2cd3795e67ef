r"""Scalar steps of Theorem A: clipped SGD with bounded noise.

v = sigma^2; S is the mean of E G_t; chi = 1 - (l0 eta + l1 gamma)/2; cost = (eta v/2)(l0 + l1 eps);
room = chi eps^2 - cost is what the accuracy leaves for Delta/(eta T).
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, Lemma, signs
from bounds.proofs.stochastic_bias import CLOSING, DOC, exp_upper

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem A, "
_STEP = DOC + "Section 3, one step, "

eta, tau, sigma, eps, l0, l1, L1, gamma, G, v, X, T, Delta, S = sp.symbols(
    "eta tau sigma eps l0 l1 L1 gamma G v X T Delta S"
)
chi, p, n, psi, inner, quad, F, Fn, a, room, mu, w, z, Lam = sp.symbols("chi p n psi inner quad F Fn a room mu w z Lam")
_HALF = sp.Rational(1, 2)
_PSI = eta * G * sp.Min(G, tau)
_CHI = 1 - (l0 + l1 * tau) * eta / 2
_LOAD = (l0 + l1 * tau) * eps**2 + (l0 + l1 * eps) * v
_C = sp.Rational(3, 4)

_A1 = Clause(
    id="A1",
    place=_STEP + "second moment of the clipped gradient, after Jensen",
    variables=signs(pos="tau", nonneg="G v"),
    goal=sp.Min(G, tau) ** 2 + v - sp.Min(G**2 + v, tau**2),
    rivals={"v/2": {"goal": sp.Min(G, tau) ** 2 + v / 2 - sp.Min(G**2 + v, tau**2)}},
)
_MOMENT = {"A1": eta**2 * (sp.Min(G, tau) ** 2 + v) - X}
_A2A = Clause(
    id="A2-l0",
    place=_STEP + "l0-part of the quadratic term",
    variables=signs(pos="eta tau", nonneg="l0 G v X"),
    weak=_MOMENT,
    goal=l0 * eta * _PSI / 2 + l0 * eta**2 * v / 2 - l0 * X / 2,
)
_A2B = Clause(
    id="A2-l1",
    place=_STEP + "l1-part of the quadratic term",
    variables=signs(pos="eta tau", nonneg="l1 G v X"),
    weak={**_MOMENT, "clip": eta**2 * tau**2 - X},
    goal=l1 * tau * eta * _PSI / 2 + l1 * sp.Min(G, tau) * eta**2 * v / 2 - l1 * G * X / 2,
    rivals={"1/3 for 1/2": {"goal": l1 * tau * eta * _PSI / 2 + l1 * sp.Min(G, tau) * eta**2 * v / 3 - l1 * G * X / 2}},
)
_A2 = Clause(
    id="A2",
    place=_STEP + "quadratic term, both parts; w = min(G, tau)",
    variables=signs(pos="eta tau", nonneg="l0 l1 G v X w psi"),
    weak={
        "A2-l0": l0 * eta * psi / 2 + l0 * eta**2 * v / 2 - l0 * X / 2,
        "A2-l1": l1 * tau * eta * psi / 2 + l1 * w * eta**2 * v / 2 - l1 * G * X / 2,
    },
    goal=(l0 * eta + l1 * tau * eta) / 2 * psi + eta**2 * v / 2 * (l0 + l1 * w) - (l0 + l1 * G) * X / 2,
)
_STEP_CLAUSE = Clause(
    id="A-step",
    place=_STEP + "(3.1)",
    variables=signs(pos="eta tau", nonneg="l0 l1 G v w", free="p psi inner quad F Fn"),
    weak={
        "descent": F - inner + quad - Fn,
        "Lemma-C": inner - (1 - p) * psi,
        "A2": (l0 * eta + l1 * tau * eta) / 2 * psi + eta**2 * v / 2 * (l0 + l1 * w) - quad,
        "capped": G - w,
    },
    goal=F - (_CHI - p) * psi + eta**2 * v / 2 * (l0 + l1 * G) - Fn,
)
_THRESHOLD = Clause(
    id="A-threshold",
    place=_STEP + "Lemma C in its units needs t = tau/sigma >= 1 (for sigma = 0 there is no bias)",
    variables=signs(pos="tau sigma"),
    weak={"threshold": tau - sigma},
    goal=tau / sigma - 1,
)
_CHI_LOW = Clause(
    id="A-chi",
    place=_THEOREM + "1/2 <= chi",
    variables=signs(pos="eta tau", nonneg="l0 l1"),
    weak={"step": 1 - (l0 + l1 * tau) * eta},
    goal=_CHI - _HALF,
)
_A3 = Clause(
    id="A3",
    place=_THEOREM + "case 2, tangent of psi/eta at mu",
    variables=signs(pos="tau", nonneg="G mu"),
    weak={"threshold": tau - 2 * mu},
    goal=G * sp.Min(G, tau) - (2 * mu * G - mu**2),
    rivals={"mu <= tau": {"weak": {"threshold": tau - mu}}},
)
_FAR = (chi - sigma / (2 * tau)) * sp.Min(G, tau) * G - chi * (2 * eps * G - eps**2)
_A4 = Clause(
    id="A4",
    place=_THEOREM + "case 1, G >= tau - sigma",
    variables=signs(pos="tau", nonneg="G sigma eps chi"),
    weak={
        "chi-low": chi - _HALF,
        "noise": tau - 5 * sigma,
        "accuracy": tau - sp.Rational(5, 2) * eps,
        "far": G - (tau - sigma),
    },
    goal=_FAR,
    rivals={"tau >= 2.49 eps": {"weak": {"accuracy": tau - sp.Rational(249, 100) * eps}}},
)
_A4B = Clause(
    id="A4-near",
    place=_THEOREM + "case 1, G <= tau - sigma",
    variables=signs(pos="tau", nonneg="G sigma eps chi"),
    weak={"near": tau - sigma - G},
    goal=chi * sp.Min(G, tau) * G - chi * (2 * eps * G - eps**2),
)
_SUM = Clause(
    id="A-sum",
    place=_THEOREM + "cases 1 and 2, the sum over t divided by eta T",
    variables=signs(pos="eta T", nonneg="l0 l1 S v eps Delta", free="a"),
    weak={"telescoped": Delta - T * (a * eta * (2 * eps * S - eps**2) - eta**2 * v / 2 * (l0 + l1 * S))},
    goal=Delta / (eta * T) + a * eps**2 + l0 * eta * v / 2 - (2 * a * eps - l1 * eta * v / 2) * S,
)
_COUNT = Clause(
    id="A-count",
    place=_THEOREM + "condition on T in cases 1 and 2, room = a eps^2 - cost",
    variables=signs(pos="eta T Delta", free="room"),
    strict={"room": room},
    weak={"T": T - Delta / (eta * room)},
    goal=room - Delta / (eta * T),
)
_MEAN = Clause(
    id="A-mean",
    place=_THEOREM + "cases 1 and 2, conclusion by (1.1)",
    variables=signs(pos="a eta T eps Delta", nonneg="l0 l1 v S"),
    weak={
        "A-sum": Delta / (eta * T) + a * eps**2 + l0 * eta * v / 2 - (2 * a * eps - l1 * eta * v / 2) * S,
        "A-count": a * eps**2 - eta * v / 2 * (l0 + l1 * eps) - Delta / (eta * T),
    },
    lemmas=(Lemma(clause=CLOSING, at={Lam: Delta / (eta * T), n: l0 * eta * v / 2, p: l1 * eta * v / 2}),),
    goal=eps - S,
)
_CASE_2 = Clause(
    id="A-bias-small",
    place=_THEOREM + "case 2, the noise level takes sigma/(2 tau) from chi",
    variables=signs(pos="tau eta eps", nonneg="G sigma p chi"),
    weak={"loss": sigma / (2 * tau) - p, "threshold": tau - 2 * eps},
    strict={"a": chi - sigma / (2 * tau)},
    goal=(chi - p) * eta * G * sp.Min(G, tau) - (chi - sigma / (2 * tau)) * eta * (2 * eps * G - eps**2),
)
_A5 = Clause(
    id="A5",
    place=_THEOREM + "case 3, half of eps^2 is left",
    variables=signs(pos="eta tau eps", nonneg="l0 l1 v"),
    weak={"step": eps**2 - eta * _LOAD},
    goal=_CHI * eps**2 - eta * v / 2 * (l0 + l1 * eps) - eps**2 / 2,
    rivals={"0.51": {"goal": _CHI * eps**2 - eta * v / 2 * (l0 + l1 * eps) - sp.Rational(51, 100) * eps**2}},
)
_STEP_3 = Clause(
    id="A5-step",
    place=_THEOREM + "case 3, the explicit step satisfies (l0 + l1 tau) eta <= 1 and the hypothesis of A5",
    variables=signs(pos="eta tau eps", nonneg="l0 l1 v"),
    weak={"step": 1 / eta - (l0 + l1 * tau) - (l0 + l1 * eps) * v / eps**2},
    goal=eps**2 - eta * _LOAD,
)
_STEP_3B = Clause(
    id="A5-short",
    place=_THEOREM + "case 3, (l0 + l1 tau) eta <= 1",
    variables=signs(pos="eta tau eps", nonneg="l0 l1 v"),
    weak={"A5-step": eps**2 - eta * _LOAD},
    goal=1 - (l0 + l1 * tau) * eta,
)
_COUNT_3 = Clause(
    id="A5-count",
    place=_THEOREM + "case 3, T >= 2 Delta/(eta eps^2) suffices",
    variables=signs(pos="eta T Delta eps room"),
    weak={"A5": room - eps**2 / 2, "T": T - 2 * Delta / (eta * eps**2)},
    goal=T - Delta / (eta * room),
)
_A5B = Clause(
    id="A5b",
    place=_THEOREM + "case 4, chi_0 = 1 - sigma/(2 tau), half of chi_0 eps^2 is left",
    variables=signs(pos="eta tau eps", nonneg="l0 l1 v sigma"),
    weak={"step": (1 - sigma / (2 * tau)) * eps**2 - eta * _LOAD},
    goal=(_CHI - sigma / (2 * tau)) * eps**2 - eta * v / 2 * (l0 + l1 * eps) - (1 - sigma / (2 * tau)) * eps**2 / 2,
)
_COUNT_4 = Clause(
    id="A5b-count",
    place=_THEOREM + "case 4, T >= 2 Delta/(chi_0 eta eps^2) suffices",
    variables=signs(pos="eta T Delta eps room chi"),
    weak={"A5b": room - chi * eps**2 / 2, "T": T - 2 * Delta / (chi * eta * eps**2)},
    goal=T - Delta / (eta * room),
)
_EIGHT = Clause(
    id="A5b-eight",
    place=_THEOREM + "case 4, 1/2 <= chi_0, so 2/chi_0^2 <= 8",
    variables=signs(pos="tau chi", nonneg="sigma"),
    weak={"threshold": tau - sigma, "chi": chi - (1 - sigma / (2 * tau))},
    goal=8 - 2 / chi**2,
)
_RADIUS = Clause(
    id="A-radius",
    place=_THEOREM + "from (S): l1 = (4/3) L1 and l1 gamma <= 1 give L1 gamma <= 3/4",
    variables=signs(pos="gamma", nonneg="L1"),
    weak={"clip": 1 - sp.Rational(4, 3) * L1 * gamma},
    goal=_C - L1 * gamma,
)
_FACTOR = Clause(
    id="A-factor",
    place=_THEOREM + "from (S): C(3/4) <= 4/3 with z = e^(3/4)",
    variables=signs(pos="z"),
    weak={"exp-upper": exp_upper(_C) - z},
    goal=sp.Rational(4, 3) - 2 * (z - 1 - _C) / _C**2,
    rivals={"1.3 for 4/3": {"goal": sp.Rational(13, 10) - 2 * (z - 1 - _C) / _C**2, "weak": {}}},
)
CLAUSES: tuple[Clause, ...] = (
    _A1,
    _A2A,
    _A2B,
    _A2,
    _STEP_CLAUSE,
    _THRESHOLD,
    _CHI_LOW,
    _A3,
    _A4,
    _A4B,
    _SUM,
    _COUNT,
    _MEAN,
    _CASE_2,
    _A5,
    _STEP_3,
    _STEP_3B,
    _COUNT_3,
    _A5B,
    _COUNT_4,
    _EIGHT,
    _RADIUS,
    _FACTOR,
)
