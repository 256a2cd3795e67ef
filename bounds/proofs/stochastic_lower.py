r"""Scalar steps of Theorem H (clipped SGD itself) and of Theorem G (the classical chain with rare answers).

al = L0 eta; z = |L0 x|; V and W are E X^2 and E X^4, y = E|X| in units of 1/L0; w = (1 - al)^t; e > eps is the slope of
the Huber function.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC, exp_upper

__all__ = ["CLAUSES"]

_H = DOC + "Theorem H, "
_G = DOC + "Theorem G, "

al, eta, tau, sigma, eps, L0, Delta, T, x, x0, z, xi, w, V, W, y, e, t, g = sp.symbols(
    "al eta tau sigma eps L0 Delta T x x0 z xi w V W y e t g"
)
p, N, s, mean = sp.symbols("p N s mean")

_MOVE = Clause(
    id="H-step",
    place=_H + "(I), nothing is clipped: x' = (1 - al) x - eta xi",
    variables=signs(free="al L0 eta x xi"),
    eq={"al": al - L0 * eta},
    goal=x - eta * (L0 * x + xi) - (1 - al) * x + eta * xi,
    relation="=",
)
_STAY = Clause(
    id="H-stay",
    place=_H + "(I), |L0 x_t| <= 2 eps + sigma",
    variables=signs(nonneg="al eps sigma z x"),
    weak={"short": 1 - al, "induction": 2 * eps + sigma - z, "move": (1 - al) * z + al * sigma - x},
    goal=2 * eps + sigma - x,
)
_UNCLIPPED = Clause(
    id="H-unclipped",
    place=_H + "(I), |g_t| <= tau",
    variables=signs(nonneg="tau eps sigma z g"),
    weak={"threshold": tau - 2 * (sigma + eps), "H-stay": 2 * eps + sigma - z, "noise": z + sigma - g},
    goal=tau - g,
)
_START = Clause(
    id="H-start",
    place=_H + "(I), (1 - al)^t > 1/2: L0 E|x_t| > eps",
    variables=signs(pos="eps", nonneg="w mean"),
    weak={"Jensen": mean - 2 * eps * w},
    strict={"early": w - sp.Rational(1, 2)},
    goal=mean - eps,
    relation=">",
)
_SERIES = Clause(
    id="H-series",
    place=_H + "(I), V = al^2 s with s = 1 + (1 - al)^2 + .. + (1 - al)^(2t-2), V in units of sigma^2",
    variables=signs(free="al s w"),
    eq={"sum": s * (1 - (1 - al) ** 2) - (1 - w**2)},
    goal=al**2 * s * (2 - al) - al * (1 - w**2),
    relation="=",
)
_VARIANCE = Clause(
    id="H-variance",
    place=_H + "(I), V >= (3/8) al sigma^2 when (1 - al)^t <= 1/2",
    variables=signs(pos="al", nonneg="w sigma"),
    weak={"late": sp.Rational(1, 2) - w},
    strict={"short": 2 - al},
    goal=al * (1 - w**2) / (2 - al) * sigma**2 - sp.Rational(3, 8) * al * sigma**2,
    rivals={"0.4": {"goal": al * (1 - w**2) / (2 - al) * sigma**2 - sp.Rational(4, 10) * al * sigma**2}},
)
_MOMENT = Clause(
    id="H-moment",
    place=_H + "(I), E|X| >= sqrt(E X^2/3)",
    variables=signs(pos="V W", nonneg="y"),
    weak={"Hoelder": y**2 * W - V**3, "signs": 3 * V**2 - W},
    goal=y**2 - V / 3,
)
_LARGE = Clause(
    id="H-large",
    place=_H + "(I), L0 E|X_t| > eps",
    variables=signs(pos="eps", nonneg="al sigma V y"),
    weak={"H-moment": y**2 - V / 3, "H-variance": V - sp.Rational(3, 8) * al * sigma**2},
    strict={"case": al * sigma**2 - 8 * eps**2},
    goal=y - eps,
    relation=">",
)
_ROOM = Clause(
    id="H-room",
    place=_H + "(II), the start lies (Delta - e^2/(2 L0))/e to the right of e/L0",
    variables=signs(pos="e L0", free="Delta x0"),
    eq={"gap": e * x0 - e**2 / (2 * L0) - Delta},
    goal=x0 - e / L0 - (Delta - e**2 / (2 * L0)) / e,
    relation="=",
)
_WALK = Clause(
    id="H-walk",
    place=_H + "(II), the slope stays e while t <= (Delta - e^2/(2 L0))/(eta e^2)",
    variables=signs(pos="e L0 eta", nonneg="t", free="Delta x0 x"),
    weak={
        "time": (Delta - e**2 / (2 * L0)) / (eta * e**2) - t,
        "steps": x - (x0 - t * eta * e),
    },
    eq={"H-room": x0 - e / L0 - (Delta - e**2 / (2 * L0)) / e},
    goal=x - e / L0,
)
_COUNT = Clause(
    id="H-count",
    place=_H + "(II), after e tends to eps, with eta <= 8 eps^2/(L0 sigma^2)",
    variables=signs(pos="eps L0 eta sigma T", nonneg="Delta"),
    weak={
        "limit": T - (Delta - eps**2 / (2 * L0)) / (eta * eps**2),
        "case": 8 * eps**2 - L0 * eta * sigma**2,
        "gap": Delta - 2 * eps**2 / L0,
    },
    goal=T - (Delta - eps**2 / (2 * L0)) * L0 * sigma**2 / (8 * eps**4),
)
_CONTRACT = Clause(
    id="H-long-step",
    place=_H + "long steps: x' = -eta xi for F = x^2/(2 eta)",
    variables=signs(pos="eta", free="x xi"),
    goal=x - eta * (x / eta + xi) + eta * xi,
    relation="=",
    rivals={"2 eta": {"goal": x - 2 * eta * (x / eta + xi) + eta * xi}},
)
_LONG = Clause(
    id="H-long-unclipped",
    place=_H + "long steps: |g_t| <= 2 sigma <= tau",
    variables=signs(pos="eta tau", nonneg="sigma eps x g"),
    weak={"threshold": tau - 2 * (sigma + eps), "position": eta * sigma - x, "noise": x / eta + sigma - g},
    goal=tau - g,
)
_LONG_MEAN = Clause(
    id="H-long-mean",
    place=_H + "long steps: the mean is at least sigma/2 > eps for T >= 2",
    variables=signs(pos="T sigma eps", nonneg="mean"),
    weak={"two": T - 2, "sum": T * mean - (T - 1) * sigma},
    strict={"noise": sigma - 2 * eps},
    goal=mean - eps,
    relation=">",
)

_S = sp.Rational(5, 4)
_VARIANCE_G = Clause(
    id="G-variance",
    place=_G + "oracle: s^2 e^3 <= 31.39 with z = e^(1/2)",
    variables=signs(pos="z"),
    weak={"exp-upper": exp_upper(sp.Rational(1, 2)) - z},
    goal=sp.Rational(3139, 100) - _S**2 * z**6,
)
_ORACLE = Clause(
    id="G-oracle",
    place=_G + "oracle: the variance is at most sigma^2; x = |d_j F|^2, V = s^2 e^3 eps^2",
    variables=signs(pos="p V", nonneg="x sigma"),
    weak={"entry": V - x},
    eq={"rate": p * (V + sigma**2) - V},
    goal=sigma**2 - x * (1 - p) / p,
)
_GAP = Clause(
    id="G-gap",
    place=_G + "scaling: gap 152 s^2 eps^2 12 N/L0 = 2850 eps^2 N/L0 <= Delta",
    variables=signs(pos="L0 eps", nonneg="N Delta"),
    weak={"links": Delta * L0 / (2850 * eps**2) - N},
    goal=Delta - 152 * _S**2 * eps**2 * 12 * N / L0,
)
_PROGRESS = Clause(
    id="G-count",
    place=_G + "progress: mean > s eps (1 - (T - 1) p/(2 N)) >= eps",
    variables=signs(pos="eps N p", nonneg="T"),
    weak={"T": sp.Rational(2, 5) * N - (T - 1) * p},
    goal=_S * eps * (1 - (T - 1) * p / (2 * N)) - eps,
    rivals={"0.41": {"weak": {"T": sp.Rational(41, 100) * N - (T - 1) * p}}},
)

CLAUSES: tuple[Clause, ...] = (
    _MOVE,
    _STAY,
    _UNCLIPPED,
    _START,
    _SERIES,
    _VARIANCE,
    _MOMENT,
    _LARGE,
    _ROOM,
    _WALK,
    _COUNT,
    _CONTRACT,
    _LONG,
    _LONG_MEAN,
    _VARIANCE_G,
    _ORACLE,
    _GAP,
    _PROGRESS,
)
