r"""Scalar steps of Theorem E (normalized SGD with momentum) and of Theorems F and F' (plain SGD).

S is the mean of E G_t, S2 that of E G_t^2, v = sigma^2, w = sqrt(q/(1 + beta)).
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC
from bounds.proofs.stochastic_corollaries import factor_b

__all__ = ["CLAUSES"]

_E = DOC + "Theorem E, "
_F = DOC + "Theorem F, "
_FB = DOC + "Theorem F', "

gamma, sigma, eps, l0, l1, L1, q, v, w, x, y, z = sp.symbols("gamma sigma eps l0 l1 L1 q v w x y z")
G, S, S2, T, Delta, Lam, m, e, k = sp.symbols("G S S2 T Delta Lam m e k")
inner, F, Fn = sp.symbols("inner F Fn")
_BETA = {"beta": 1 - q}
_HALF = sp.Rational(1, 2)

_N1 = Clause(
    id="N1",
    place=_E + "<grad F, direction of m'> >= |m'| - e >= G - 2 e",
    variables=signs(nonneg="G m e", free="inner"),
    weak={"Cauchy-Schwarz": inner - (m - e), "triangle": m + e - G},
    goal=inner - (G - 2 * e),
    rivals={"e for 2 e": {"goal": inner - (G - e)}},
)
_N1B = Clause(
    id="N-step",
    place=_E + "(7.2)",
    variables=signs(pos="gamma", nonneg="G e l0 l1", free="inner F Fn"),
    weak={
        "descent": F - gamma * inner + (l0 + l1 * G) * gamma**2 / 2 - Fn,
        "N1": inner - (G - 2 * e),
    },
    goal=F - gamma * G + 2 * gamma * e + gamma**2 / 2 * (l0 + l1 * G) - Fn,
)
_UNROLL = Clause(
    id="N-unroll",
    place=_E + "one step of the unrolled buffer (x, y old and new gradient, z noise), coordinate by coordinate",
    variables=signs(free="q m x y z"),
    goal=((1 - q) * m + q * (y + z)) - y - ((1 - q) * (m - x) + q * z + (1 - q) * (x - y)),
    relation="=",
    rivals={"no noise": {"goal": ((1 - q) * m + q * (y + z)) - y - ((1 - q) * (m - x) + (1 - q) * (x - y))}},
)
_VARIANCE = Clause(
    id="N-variance",
    place=_E + "second moment of the first sum: q^2 <= (q/(1 + beta)) (1 - beta^2), with equality; z = beta",
    variables=signs(nonneg="z"),
    goal=(1 - z) / (1 + z) * (1 - z**2) - (1 - z) ** 2,
    relation="=",
    rivals={"1 - beta for 1 - beta^2": {"goal": (1 - z) / (1 + z) * (1 - z) - (1 - z) ** 2}},
)
_N2 = Clause(
    id="N2",
    place=_E + "1/2 + 2 beta/q <= 2/q",
    variables=signs(pos="q"),
    weak=_BETA,
    goal=2 / q - _HALF - 2 * (1 - q) / q,
    rivals={"8/5": {"goal": sp.Rational(8, 5) / q - _HALF - 2 * (1 - q) / q}},
)
_DIVIDED = Clause(
    id="N-sum",
    place=_E + "(7.2) summed over t and divided by gamma T; e is the mean of E e_t",
    variables=signs(pos="gamma T", nonneg="l0 l1 S e Delta"),
    weak={"telescoped": Delta - gamma * T * S + 2 * gamma * T * e + gamma**2 / 2 * T * (l0 + l1 * S)},
    goal=Delta / (gamma * T) + 2 * e + gamma / 2 * (l0 + l1 * S) - S,
)
_AVERAGE = Clause(
    id="N-average",
    place=_E + "(7.1), multiplied out; e is the mean of E e_t, k = gamma/q, Lam = Delta/(gamma T)",
    variables=signs(nonneg="k q l0 l1 S e sigma w Lam"),
    weak={
        "N-sum": Lam + 2 * e + k * q / 2 * (l0 + l1 * S) - S,
        "buffer": sigma * w + (1 - q) * k * (l0 + l1 * S) - e,
    },
    goal=Lam + 2 * sigma * w + 2 * k * l0 - (1 - 2 * k * l1) * S,
)
_COUNT = Clause(
    id="N-count",
    place=_E + "general parameters, the condition on T",
    variables=signs(pos="gamma T Delta", free="z"),
    strict={"room": z},
    weak={"T": T - Delta / (gamma * z)},
    goal=z - Delta / (gamma * T),
)
_GENERAL = Clause(
    id="N-mean",
    place=_E + "general parameters: S <= eps; Lam = Delta/(gamma T), k = gamma/q, x = 2 sigma w",
    variables=signs(pos="eps Lam", nonneg="k l0 l1 S x"),
    weak={
        "N-average": Lam + x + 2 * k * l0 - (1 - 2 * k * l1) * S,
        "N-count": eps - x - 2 * k * (l0 + l1 * eps) - Lam,
    },
    goal=eps - S,
)
_N3 = Clause(
    id="N3",
    place=_E + "explicit parameters: q = x (2 - q), that is q/(1 + beta) = x",
    variables=signs(pos="x q"),
    eq={"q": q * (1 + x) - 2 * x},
    goal=q - x * (2 - q),
    relation="=",
    rivals={"1 - q": {"goal": q - x * (1 - q)}},
)
_N3B = Clause(
    id="N3-beta",
    place=_E + "explicit parameters: q <= 1",
    variables=signs(pos="x q"),
    weak={"x": 1 - x},
    eq={"q": q * (1 + x) - 2 * x},
    goal=1 - q,
)
_ROOT = Clause(
    id="N3-noise",
    place=_E + "explicit parameters: 2 sigma sqrt(x) <= eps/2, w^2 = x",
    variables=signs(nonneg="x w sigma eps"),
    weak={"x": eps**2 - 16 * sigma**2 * x},
    eq={"root": w**2 - x},
    goal=eps / 2 - 2 * sigma * w,
)
_N4 = Clause(
    id="N4",
    place=_E + "explicit parameters: half, quarter, quarter",
    variables=signs(pos="gamma q T eps Delta", nonneg="l0 l1 S sigma w"),
    weak={
        "N-average": Delta / (gamma * T) + 2 * sigma * w + 2 * gamma / q * l0 - (1 - 2 * gamma / q * l1) * S,
        "N3-noise": eps / 2 - 2 * sigma * w,
        "N4-count": eps / 4 - Delta / (gamma * T),
        "gamma": eps / 4 - 2 * gamma / q * (l0 + l1 * eps),
    },
    goal=eps - S,
    rivals={"0.9 eps": {"goal": sp.Rational(9, 10) * eps - S}},
)
_N4B = Clause(
    id="N4-count",
    place=_E + "explicit parameters: T >= 16 Delta (l0 + l1 eps)(1 + 1/x)/eps^2 gives Delta/(gamma T) <= eps/4",
    variables=signs(pos="gamma q T eps Delta l0 x", nonneg="l1"),
    weak={"T": T - 16 * Delta * (l0 + l1 * eps) * (1 + 1 / x) / eps**2},
    eq={"q": q * (1 + x) - 2 * x, "gamma": 8 * gamma * (l0 + l1 * eps) - eps * q},
    goal=eps / 4 - Delta / (gamma * T),
)
_RADIUS = Clause(
    id="N-radius",
    place=_E + "from (S): L1 gamma <= l1 gamma <= 1/8 in case 2",
    variables=signs(pos="gamma q eps", nonneg="l0 l1"),
    weak={**_BETA, "gamma": eps * q - 8 * gamma * (l0 + l1 * eps)},
    goal=sp.Rational(1, 8) - gamma * l1,
)
_RANGE = Clause(
    id="N-range",
    place=_E + "from (S): every step stays where B(1/8) applies; x is its length",
    variables=signs(pos="gamma", nonneg="L1 x"),
    weak={"length": gamma - x, "range": sp.Rational(1, 8) - L1 * gamma},
    goal=sp.Rational(1, 8) - L1 * x,
)
_FACTOR = factor_b(
    "N-factor", _E + "from (S): B(1/8) <= 1.07 with z = e^(1/8)", sp.Rational(1, 8), sp.Rational(107, 100)
)


CLAUSES: tuple[Clause, ...] = (
    _N1,
    _N1B,
    _UNROLL,
    _VARIANCE,
    _N2,
    _DIVIDED,
    _AVERAGE,
    _COUNT,
    _GENERAL,
    _N3,
    _N3B,
    _ROOT,
    _N4B,
    _N4,
    _RADIUS,
    _RANGE,
    _FACTOR,
)
