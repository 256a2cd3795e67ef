r"""Scalar steps of Section 6 for the soft clip, and of Theorem D (no momentum, bounded variance).

v = sigma^2; pi(G) = (chi G^2 - b G)/(1 + G/tau) with chi = 1 - (l0 eta + l1 gamma)/2 and
b = 3 v/(2 tau) + l1 eta v/2. In the bias and in the facts about H the units are eta = tau = 1.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC

__all__ = ["CLAUSES"]

_SECTION = DOC + "Section 6, "
_BIAS = _SECTION + "(6.2), "
_THEOREM = DOC + "Theorem D, "

eta, tau, gamma, eps, l0, l1, L1, v, G, S, n, s, u, d, e, x = sp.symbols("eta tau gamma eps l0 l1 L1 v G S n s u d e x")
chi, b, K, X, F, Fn, inner, quad, Lam, T, Delta = sp.symbols("chi b K X F Fn inner quad Lam T Delta")
_HALF = sp.Rational(1, 2)


def _pi(g: sp.Expr) -> sp.Expr:
    return (chi * g**2 - b * g) / (1 + g / tau)


_E1A = Clause(
    id="E1a-soft",
    place=_SECTION + "(h6) for the soft clip, hb^2 <= 2 eta H at eta = tau = 1",
    variables=signs(nonneg="s"),
    goal=2 * (s - sp.log(1 + s)) - s**2 / (1 + s) ** 2,
)
_E1B = Clause(
    id="E1b-soft",
    place=_SECTION + "(h6) for the soft clip, H >= 0",
    variables=signs(nonneg="s"),
    goal=s - sp.log(1 + s),
)
_E1C = Clause(
    id="E1c-soft",
    place=_SECTION + "(h6) for the soft clip, H <= psi",
    variables=signs(nonneg="s"),
    goal=s**2 / (1 + s) - (s - sp.log(1 + s)),
)
_SLOPE = Clause(
    id="E-soft-slope",
    place=_SECTION + "(6.1): the radial eigenvalue is the smaller one, and both are at most eta",
    variables=signs(pos="eta tau", nonneg="u"),
    goal=eta / (1 + u / tau) - eta / (1 + u / tau) ** 2,
)
_S1 = Clause(
    id="S1-soft",
    place=_BIAS + "E|g| - G <= v/(2 G), multiplied by 2 G; n^2 = G^2 + v",
    variables=signs(nonneg="G n v"),
    eq={"n": n**2 - G**2 - v},
    goal=v - 2 * G * (n - G),
    rivals={"4 G": {"goal": v - 4 * G * (n - G)}},
)
_SPLIT = Clause(
    id="S1-split",
    place=_BIAS + "<u, h(g)> around s/(1 + G); n = |g|",
    variables=signs(nonneg="G n", free="s"),
    goal=s / (1 + n) - s / (1 + G) + (n - G) / (1 + G) * s / (1 + n),
    relation="=",
    rivals={"1 + n for 1 + G": {"goal": s / (1 + n) - s / (1 + G) + (n - G) / (1 + n) * s / (1 + n)}},
)
_CORRECTION = Clause(
    id="S1-correction",
    place=_BIAS + "the expected correction; d = E|g| - G, e bounds the mean of | |g| - G | |xi|",
    variables=signs(pos="G", nonneg="v d e"),
    weak={"S1-soft": v / (2 * G) - d, "variance": v - e},
    goal=3 * v / (2 * (1 + G)) - (d * G / (1 + G) + e) / (1 + G),
    rivals={"1 for 3/2": {"goal": v / (1 + G) - (d * G / (1 + G) + e) / (1 + G)}},
)
_MOMENT = Clause(
    id="S2-soft",
    place=_THEOREM + "tangent of x/(1 + sqrt(x))^2 at G^2, x = n^2 = |g|^2, tau = 1",
    variables=signs(nonneg="G n"),
    goal=G**2 / (1 + G) ** 2 + (n**2 - G**2) / (1 + G) ** 3 - n**2 / (1 + n) ** 2,
    rivals={"half the slope": {"goal": G**2 / (1 + G) ** 2 + (n**2 - G**2) / (2 * (1 + G) ** 3) - n**2 / (1 + n) ** 2}},
)
_Y = sp.Symbol("y")
_SHRINK = {"below-one": 1 - _Y, "capped": tau - G * _Y}
_SHRINK_CLAUSE = Clause(
    id="S2-shrink",
    place=_THEOREM + "y = 1/(1 + G/tau) has y <= 1 and G y <= tau",
    variables=signs(pos="tau", nonneg="G"),
    goal=sp.Min(1 - 1 / (1 + G / tau), tau - G / (1 + G / tau)),
    rivals={"y <= 1/2": {"goal": sp.Min(sp.Rational(1, 2) - 1 / (1 + G / tau), tau - G / (1 + G / tau))}},
)
_QUAD_0 = Clause(
    id="S2-l0",
    place=_THEOREM + "l0-part of the quadratic term in units of l0 eta^2/2, y = 1/(1 + G/tau), X = E|h|^2/eta^2",
    variables=signs(pos="y", nonneg="G v X"),
    weak={"S2-soft": G**2 * _Y**2 + v * _Y**3 - X, "below-one": 1 - _Y},
    goal=G**2 * _Y + v - X,
)
_QUAD_1 = Clause(
    id="S2-l1",
    place=_THEOREM + "l1-part of the quadratic term in units of l1 eta^2/2, y and X as before",
    variables=signs(pos="tau y", nonneg="G v X"),
    weak={"S2-soft": G**2 * _Y**2 + v * _Y**3 - X, **_SHRINK},
    goal=tau * G**2 * _Y + v * G * _Y - G * X,
)
_STEP = Clause(
    id="S-step",
    place=_THEOREM + "one step: E F(x') <= F(x) - eta pi(G) + l0 eta^2 v/2",
    variables=signs(pos="eta tau", nonneg="l0 l1 G v", free="F Fn inner quad"),
    weak={
        "descent": F - inner + quad - Fn,
        "bias": inner - eta * (G**2 - 3 * v / (2 * tau) * G) / (1 + G / tau),
        "S2": (l0 * eta + l1 * tau * eta) / 2 * eta * G**2 / (1 + G / tau)
        + l1 * eta**2 * v / 2 * G / (1 + G / tau)
        + l0 * eta**2 * v / 2
        - quad,
    },
    goal=F
    - eta * ((1 - (l0 + l1 * tau) * eta / 2) * G**2 - (3 * v / (2 * tau) + l1 * eta * v / 2) * G) / (1 + G / tau)
    + l0 * eta**2 * v / 2
    - Fn,
)
_CONVEX = Clause(
    id="S-convex",
    place=_THEOREM + "pi(G) = chi tau G - K + K/(1 + G/tau) with K = chi tau^2 + b tau",
    variables=signs(pos="tau", nonneg="G", free="chi b"),
    goal=_pi(G) - (chi * tau * G - (chi * tau**2 + b * tau) + (chi * tau**2 + b * tau) / (1 + G / tau)),
    relation="=",
    rivals={"K = chi tau^2": {"goal": _pi(G) - (chi * tau * G - chi * tau**2 + chi * tau**2 / (1 + G / tau))}},
)
_TANGENT = Clause(
    id="S-tangent",
    place=_THEOREM + "pi is convex: K/(1 + G/tau) lies above its tangent at S",
    variables=signs(pos="tau", nonneg="G S K"),
    goal=K / (1 + G / tau) - K / (1 + S / tau) + K * (G - S) / tau / (1 + S / tau) ** 2,
)
_SHARE_S = 4 * (l0 + l1 * tau) * eta
_SHARE_N = sp.Rational(5, 3) * (l0 + l1 * eps) * eta * v / eps**2
_B = 3 * v / (2 * tau) + l1 * eta * v / 2
_LEFT_OVER = sp.Rational(23, 40)
_S3B = Clause(
    id="S3-b",
    place=_THEOREM + "b <= eps/8 + l1 eta v/2",
    variables=signs(pos="eta tau eps", nonneg="l1 v b"),
    weak={"noise": tau * eps - 12 * v},
    eq={"b": b - _B},
    goal=eps / 8 + l1 * eta * v / 2 - b,
)
_S3N = Clause(
    id="S3-share",
    place=_THEOREM + "s >= (144/5) x n, with x = eps/tau and the terms s and n of the condition",
    variables=signs(pos="eta tau eps", nonneg="l0 l1 v"),
    weak={"noise": tau * eps - 12 * v, "accuracy": tau - 4 * eps},
    goal=_SHARE_S - sp.Rational(144, 5) * eps / tau * _SHARE_N,
    rivals={"29": {"goal": _SHARE_S - 29 * eps / tau * _SHARE_N}},
)
_S3_LOAD = s / 8 + sp.Rational(3, 10) * (1 + x) * n
_S3 = Clause(
    id="S3-soft",
    place=_THEOREM + "what is left of (1 + x) eps^2; s = 4 (l0 eta + l1 gamma), n is the second term, x = eps/tau",
    variables=signs(nonneg="s n x"),
    weak={"accuracy": 1 - 4 * x, "condition": 1 - s - n, "S3-share": s - sp.Rational(144, 5) * x * n},
    goal=sp.Rational(7, 8) - _S3_LOAD - _LEFT_OVER * (1 + x),
    rivals={"0.576": {"goal": sp.Rational(7, 8) - _S3_LOAD - sp.Rational(576, 1000) * (1 + x)}},
)
_LEFT = _pi(eps) - d / 2 - _LEFT_OVER * eps**2
_S3L = Clause(
    id="S3-left",
    place=_THEOREM + "pi(eps) - l0 eta v/2 >= (23/40) eps^2; d = l0 eta v, u = l1 eps eta v, chi = 1 - s/8",
    variables=signs(pos="tau eps", nonneg="s n u d", free="b"),
    weak={
        "S3-b": eps**2 / 8 + u / 2 - b * eps,
        "shares": sp.Rational(3, 5) * n * eps**2 - u - d,
        "S3-soft": (sp.Rational(7, 8) - _S3_LOAD - _LEFT_OVER * (1 + x)).subs(x, eps / tau),
    },
    goal=_LEFT.subs(chi, 1 - s / 8),
)
_POSITIVE = Clause(
    id="S3-positive",
    place=_THEOREM + "chi eps - b >= (23/40) eps > 0, that is pi(eps) > 0; K = chi eps - b",
    variables=signs(pos="tau eps", nonneg="d", free="K"),
    weak={"S3-left": eps * K / (1 + eps / tau) - d / 2 - _LEFT_OVER * eps**2},
    goal=K - _LEFT_OVER * eps,
)
_COUNT = Clause(
    id="S3-count",
    place=_THEOREM + "T >= 7 Delta/(4 eta eps^2) gives Delta/(eta T) <= (4/7) eps^2",
    variables=signs(pos="eta T Delta eps"),
    weak={"T": T - sp.Rational(7, 4) * Delta / (eta * eps**2)},
    goal=sp.Rational(4, 7) * eps**2 - Delta / (eta * T),
)
_JENSEN = Clause(
    id="S3-jensen",
    place=_THEOREM + "pi(S) <= Lam + l0 eta v/2 <= pi(eps), Lam = Delta/(eta T)",
    variables=signs(pos="tau eps", nonneg="S d Lam", free="chi b"),
    weak={"Jensen": Lam + d / 2 - _pi(S), "S3-left": _LEFT, "S3-count": sp.Rational(4, 7) * eps**2 - Lam},
    goal=_pi(eps) - _pi(S),
)
_MONOTONE = Clause(
    id="S3-mean",
    place=_THEOREM + "pi(S) <= pi(eps) and pi(eps) > 0 give S <= eps",
    variables=signs(pos="tau eps chi", nonneg="S b"),
    weak={"S3-jensen": _pi(eps) - _pi(S), "S3-positive": chi * eps - b - _LEFT_OVER * eps},
    goal=eps - S,
)
_RADIUS = Clause(
    id="S-radius",
    place=_THEOREM + "from (S): l1 = (4/3) L1 and 4 l1 gamma <= 1 give L1 gamma <= 3/16 <= 3/4",
    variables=signs(pos="gamma", nonneg="L1"),
    weak={"clip": 1 - 4 * sp.Rational(4, 3) * L1 * gamma},
    goal=sp.Rational(3, 16) - L1 * gamma,
)

CLAUSES: tuple[Clause, ...] = (
    _E1A,
    _E1B,
    _E1C,
    _SLOPE,
    _S1,
    _SPLIT,
    _CORRECTION,
    _MOMENT,
    _SHRINK_CLAUSE,
    _QUAD_0,
    _QUAD_1,
    _STEP,
    _CONVEX,
    _TANGENT,
    _S3B,
    _S3N,
    _S3,
    _S3L,
    _POSITIVE,
    _COUNT,
    _JENSEN,
    _MONOTONE,
    _RADIUS,
)
