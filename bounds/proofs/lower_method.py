r"""Scalar steps of Corollaries 9.1 and 9.2: the distance between the bounds, and a lower bound for each method.

lam = L1 eps/L0, lg = ln(1 + lam); l is the longest step of the method under constant answers, d = d(l) the decrease
between two points at that distance, D = D(eps).
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.lower_gradient_only import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_FIRST = DOC + "Corollary 9.1"
_SECOND = DOC + "Corollary 9.2"

L0, L1, lam, lg, X, eps, D, Delta, N, n, d, c, G, delta, h = sp.symbols("L0 L1 lam lg X eps D Delta N n d c G delta h")
beta, nu, b, bn, m, g, eta, gamma, u, k, l, z, v, w, E, x = sp.symbols("beta nu b bn m g eta gamma u k l z v w E x")

_X = Clause(
    id="A1-upper",
    place=_FIRST + ": Theorem 3's number in terms of lam",
    variables=signs(pos="L0 eps", nonneg="L1 lam Delta"),
    eq={"lam": L0 * lam - L1 * eps},
    goal=Delta * (2 * L0 / eps**2 + 8 * L1 / (3 * eps)) - (2 + 8 * lam / 3) * L0 * Delta / eps**2,
    relation="=",
)
_D = Clause(
    id="A1-gap",
    place=_FIRST + ": D(eps) in terms of lam",
    variables=signs(pos="L0 L1 lam eps", nonneg="lg"),
    eq={"lam": L0 * lam - L1 * eps},
    goal=L0 / L1**2 * (lam - lg) - eps**2 / L0 * (lam - lg) / lam**2,
    relation="=",
)
_RATIO = Clause(
    id="A1-ratio",
    place=_FIRST + ": upper over lower is at most rho, X the number of Theorem 3",
    variables=signs(pos="L0 eps D lam Delta", nonneg="lg"),
    eq={"A1-gap": D * L0 * lam**2 - eps**2 * (lam - lg)},
    goal=(2 + 8 * lam / 3) * L0 * Delta / eps**2 - (2 + 8 * lam / 3) * 2 * (lam - lg) / lam**2 * Delta / (2 * D),
    relation="=",
)
_LEAST = Clause(
    id="A1-least",
    place=_FIRST + ", bounds of rho: rho >= 2",
    variables=signs(pos="lam", nonneg="lg"),
    weak={"S8a": lam - lg - 3 * lam**2 / (6 + 4 * lam)},
    goal=(2 + 8 * lam / 3) * 2 * (lam - lg) / lam**2 - 2,
    rivals={"rho >= 2.01": {"goal": (2 + 8 * lam / 3) * 2 * (lam - lg) / lam**2 - sp.Rational(201, 100)}},
)
_LOG = Clause(
    id="A1-log",
    place=_FIRST + ", bounds of rho: ln(1 + lam) >= 2 lam/(2 + lam)",
    variables=signs(nonneg="lam"),
    goal=sp.log(1 + lam) - 2 * lam / (2 + lam),
    rivals={"2 -> 2.1": {"goal": sp.log(1 + lam) - sp.Rational(21, 10) * lam / (2 + lam)}},
)
_LOG_RATE = Clause(
    id="A1-log-rate",
    place=_FIRST + ", bounds of rho: the derivative of ln(1 + lam) - 2 lam/(2 + lam)",
    variables=signs(nonneg="lam"),
    goal=1 / (1 + lam) - 4 / (2 + lam) ** 2 - lam**2 / ((1 + lam) * (2 + lam) ** 2),
    relation="=",
    rivals={"4 -> 2": {"goal": 1 / (1 + lam) - 2 / (2 + lam) ** 2 - lam**2 / ((1 + lam) * (2 + lam) ** 2)}},
)
_MOST = Clause(
    id="A1-most",
    place=_FIRST + ", bounds of rho: rho <= 16/3",
    variables=signs(pos="lam", nonneg="lg"),
    weak={"A1-log": lg - 2 * lam / (2 + lam)},
    goal=sp.Rational(16, 3) - (2 + 8 * lam / 3) * 2 * (lam - lg) / lam**2,
    rivals={"A1-log dropped": {"weak": {"A1-log": None}}},
)
_STAYS = Clause(
    id="A2-stays",
    place=_SECOND + ", the framework: the buffer started at g stays at g",
    variables=signs(nonneg="beta", free="m g"),
    weak={"momentum": 1 - beta},
    eq={"start": m - g},
    goal=beta * m + (1 - beta) * g - g,
    relation="=",
)
_BUILDS = Clause(
    id="A2-builds",
    place=_SECOND + ", the framework: the buffer started at 0 is (1 - b) g with b = beta^t, bn = beta^(t+1)",
    variables=signs(nonneg="beta b bn", free="g m"),
    weak={"momentum": 1 - beta},
    eq={"power": bn - beta * b, "buffer": m - (1 - b) * g},
    goal=beta * m + (1 - beta) * g - (1 - bn) * g,
    relation="=",
)
_HARD = Clause(
    id="A2-hard",
    place=_SECOND + ", the framework: hard clipping, buffer of norm k G with 0 <= k <= 1",
    variables=signs(pos="eta gamma", nonneg="G k nu"),
    weak={"buffer": 1 - k, "mixing": 1 - nu},
    goal=sp.Min(eta * G, gamma) - nu * sp.Min(eta * k * G, gamma) - (1 - nu) * sp.Min(eta * G, gamma),
)
_SOFT = Clause(
    id="A2-soft",
    place=_SECOND + ", the framework: soft clipping, buffer of norm k G with 0 <= k <= 1",
    variables=signs(pos="eta gamma", nonneg="G k nu"),
    weak={"buffer": 1 - k, "mixing": 1 - nu},
    goal=eta * G / (1 + eta * G / gamma)
    - nu * eta * k * G / (1 + eta * k * G / gamma)
    - (1 - nu) * eta * G / (1 + eta * G / gamma),
)
_CONSTANT = Clause(
    id="A2-constant",
    place=_SECOND + ", the framework: constant step, buffer of norm k G with 0 <= k <= 1",
    variables=signs(pos="eta", nonneg="G k nu"),
    weak={"buffer": 1 - k, "mixing": 1 - nu},
    goal=eta * G - nu * eta * k * G - (1 - nu) * eta * G,
)
_NORMALIZED = Clause(
    id="A2-normalized",
    place=_SECOND + ", the framework: normalized steps, every direction has length at most one",
    variables=signs(pos="gamma", nonneg="k nu"),
    weak={"unit": 1 - k, "mixing": 1 - nu},
    goal=gamma - nu * gamma * k - (1 - nu) * gamma,
)
_TOTAL = Clause(
    id="A2-gap",
    place=_SECOND + ": n - 1 gaps of at most d and the last of D, c their sum",
    variables=signs(pos="d D", nonneg="c n N Delta"),
    weak={"sum": (n - 1) * d + D - c, "points": N - n, "choice": Delta - (N - 1) * d - D},
    goal=Delta - c,
)
_COUNT = Clause(
    id="A2-count",
    place=_SECOND + ": every N below (Delta - D)/d + 1 fails",
    variables=signs(pos="d D N", nonneg="Delta"),
    strict={"count": (Delta - D) / d + 1 - N},
    goal=Delta - (N - 1) * d - D,
    relation=">",
)
_SMOOTH = Clause(
    id="A2-room",
    place=_SECOND + ", the Hessian form: flat pieces fit when h bounds what G and delta add to d and D",
    variables=signs(pos="N", nonneg="d D c n G delta h Delta"),
    weak={
        "drop": d + h - n,
        "end": D + h - c,
        "flat": h - 3 * delta * G,
        "slack": Delta - (N - 1) * d - D - 2 * N * h,
        "points": N - 1,
    },
    goal=Delta - (N - 1) * (n + 3 * delta * G) - c - sp.Rational(3, 2) * delta * G,
)
_RECORD = Clause(
    id="A2-record",
    place=_SECOND + ": d(l) in the form of the record, h = min(l/2, z), E = e^(-L1 h), v = e^(L1 z) = 1 + L1 G/L0",
    variables=signs(pos="L0 L1 v E", nonneg="z h G"),
    eq={"v": L0 * v - L0 - L1 * G},
    goal=2 * (L0 / L1**2 * (v - 1 - L1 * z) - L0 / L1**2 * (v * E - 1 - L1 * (z - h)))
    - 2 * ((L0 + L1 * G) * (1 - E) / L1**2 - L0 * h / L1),
    relation="=",
)
_SHORTER = Clause(
    id="A2-min",
    place=_SECOND + ": z - max(z - l/2, 0) <= min(l/2, z)",
    variables=signs(nonneg="z l"),
    goal=sp.Min(l / 2, z) - z + sp.Max(z - l / 2, 0),
)
_NOT_SHORTER = Clause(
    id="A2-max",
    place=_SECOND + ": z - max(z - l/2, 0) >= min(l/2, z), so both are equal",
    variables=signs(nonneg="z l"),
    goal=z - sp.Max(z - l / 2, 0) - sp.Min(l / 2, z),
)
_PLAIN = Clause(
    id="A2-plain",
    place=_SECOND + ", remark 1: L1 = 0 and eta = 1/L0 give (3N - 1) eps^2/(4 L0) for N points",
    variables=signs(pos="L0 eps N d D"),
    eq={"drop": d - 2 * (eps**2 / (2 * L0) - eps**2 / (8 * L0)), "gap": D - eps**2 / (2 * L0)},
    goal=(N - 1) * d + D - (3 * N - 1) * eps**2 / (4 * L0),
    relation="=",
)
_EXP = Clause(
    id="A2-exp",
    place=_SECOND + ", remark 3: e^(-x) >= 1 - x",
    variables=signs(nonneg="x"),
    goal=sp.exp(-x) - 1 + x,
)
_TANGENT = Clause(
    id="A2-tangent",
    place=_SECOND + ", remark 3: d(l) <= eps l, w = e^(-L1 h) >= 1 - L1 h and 2 h <= l",
    variables=signs(pos="L0 L1 w", nonneg="eps h l"),
    weak={"A2-exp": w - 1 + L1 * h, "half": l - 2 * h},
    goal=eps * l - 2 * ((L0 + L1 * eps) * (1 - w) / L1**2 - L0 * h / L1),
)

CLAUSES: tuple[Clause, ...] = (
    _X,
    _D,
    _RATIO,
    _LEAST,
    _LOG,
    _LOG_RATE,
    _MOST,
    _STAYS,
    _BUILDS,
    _HARD,
    _SOFT,
    _CONSTANT,
    _NORMALIZED,
    _TOTAL,
    _COUNT,
    _SMOOTH,
    _RECORD,
    _SHORTER,
    _NOT_SHORTER,
    _PLAIN,
    _EXP,
    _TANGENT,
)
