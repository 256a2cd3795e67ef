r"""Scalar steps of Theorem 1': free constants. B = B(kappa q), C = C(kappa q); sums as in the proof of Theorem 1.

The number 1.716 needs ln a for a = 429/179, enclosed by the series of the inverse hyperbolic tangent.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.deterministic_momentum import HUB
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "artanh_sum"]

_THEOREM = DOC + "Theorem 1', "

b, q, k, nu, gamma, l0, l1, B, C = sp.symbols("b q k nu gamma l0 l1 B C")
G, S, D, x, DD, XX, SS, GS, GG, PP, EE, LS = sp.symbols("G S D x DD XX SS GS GG PP EE LS")
E0, En, s, v, y, z, w, ell, lg, la, H, Delta, start = sp.symbols("E0 En s v y z w ell lg la H Delta start")

_C = sp.Rational(1716, 1000)
_TOUCH = _C / (_C - 1) - 1
_LN_A = sp.Rational(87411, 100000)


def artanh_sum(t: sp.Expr, degree: int, last: sp.Rational) -> sp.Expr:
    """2 (x + x^3/3 + ... + last x^degree) with x = t/(2 + t): ln(1 + t) = 2 artanh(x) has 1/degree for ``last``."""
    x = t / (2 + t)
    return 2 * (sum((x**n / n for n in range(1, degree, 2)), start=sp.Integer(0)) + last * x**degree)


_ABOVE = sp.Rational(173, 1000)

_TANGENT = Clause(
    id="log-tangent",
    place=_THEOREM + "Hub(s) <= 1.716 (s - ln(1 + s)): the tangent of ln at 1 + s = 429/179",
    variables=signs(nonneg="s"),
    goal=(1 + s) / (1 + _TOUCH) - 1 - sp.log((1 + s) / (1 + _TOUCH)),
)
_LOG_BELOW = Clause(
    id="log-below",
    place=_THEOREM + "partial sum of 2 artanh(y/(2 + y)) = ln(1 + y)",
    variables=signs(nonneg="y"),
    goal=sp.log(1 + y) - artanh_sum(y, 9, sp.Rational(1, 9)),
)
_LOG_ABOVE = Clause(
    id="log-above",
    place=_THEOREM + "partial sum of 2 artanh(y/(2 + y)) with a larger last term, up to 1 + y = 429/179",
    variables=signs(nonneg="y"),
    weak={"range": _TOUCH - y},
    goal=artanh_sum(y, 7, _ABOVE) - sp.log(1 + y),
)
_LOG_VALUE = Clause(
    id="log-value",
    place=_THEOREM + "ln(429/179) <= 0.87411, la = ln(429/179)",
    variables=signs(nonneg="la"),
    weak={"log-above": artanh_sum(_TOUCH, 7, _ABOVE) - la},
    goal=_LN_A - la,
)
_HUBER = Clause(
    id="T1p-huber",
    place=_THEOREM + "Hub(s) <= 1.716 (s - ln(1 + s)), lg = ln(1 + s) and la = ln(429/179)",
    variables=signs(nonneg="s lg la"),
    weak={
        "log-tangent": (1 + s) / (1 + _TOUCH) - 1 - (lg - la),
        "log-value": _LN_A - la,
        "S8a": s - lg - 3 * s**2 / (6 + 4 * s),
    },
    goal=_C * (s - lg) - HUB,
    rivals={"1.716 -> 1.7": {"goal": sp.Rational(17, 10) * (s - lg) - HUB}},
)
_BEST = Clause(
    id="T1p-huber-best",
    place=_THEOREM + "1.715 is too small: Hub(s) > 1.715 (s - ln(1 + s)) at s = 1.397, lg = ln(1 + s)",
    variables=signs(nonneg="lg"),
    weak={"log-below": lg - artanh_sum(sp.Rational(1397, 1000), 9, sp.Rational(1, 9))},
    goal=sp.Rational(897, 1000) - sp.Rational(1715, 1000) * (sp.Rational(1397, 1000) - lg),
    relation=">",
)
_SECOND = Clause(
    id="T1p-second",
    place=_THEOREM + "energy, each t",
    variables=signs(nonneg="C l0 l1 k q G D x S"),
    weak={"T1-second": k * q / 2 * (2 * D + x) - (l0 + l1 * G) * S**2 / 2},
    goal=C * k * q / 2 * (2 * D + x) - C / 2 * (l0 + l1 * G) * S**2,
)
_CROSS = Clause(
    id="T1p-cross",
    place=_THEOREM + "tracking",
    variables=signs(pos="q gamma", nonneg="b k B l0 l1 SS GS DD XX"),
    weak={
        "double-sum": B * b / q * (l0 * SS + l1 * gamma * GS) - XX,
        "quadratic": k * q * DD - l0 * SS,
        "clip": k * q - gamma * l1,
        "S4c": DD + XX - GS,
    },
    goal=B * k * b * (2 * DD + XX) - XX,
)
_TOTAL = Clause(
    id="T1p-total",
    place=_THEOREM + "tracking: (1 - B kappa beta)(2 D + X) <= 2 D",
    variables=signs(nonneg="b k B DD XX"),
    weak={"T1p-cross": B * k * b * (2 * DD + XX) - XX},
    goal=2 * DD - (1 - B * k * b) * (2 * DD + XX),
)
_SUM = Clause(
    id="T1p-sum",
    place=_THEOREM + "summation",
    variables=signs(nonneg="b k q B C DD XX", free="E0 En"),
    weak={
        "energies": E0 - DD + C * k * q / 2 * (2 * DD + XX) - En,
        "T1p-total": 2 * DD - (1 - B * k * b) * (2 * DD + XX),
    },
    strict={"contraction": 1 - B * k * b},
    goal=E0 - (1 - C * k * q / (1 - B * k * b)) * DD - En,
)
_PROGRESS = Clause(
    id="T1p-progress",
    place=_THEOREM + "summation: the bracket w = 1 - C kappa q/(1 - B kappa beta) is positive",
    variables=signs(nonneg="b k q B C", free="w"),
    strict={"decrease": 1 - B * k * b - C * k * q},
    eq={"w": w * (1 - B * k * b) - (1 - B * k * b - C * k * q)},
    goal=w,
    relation=">",
)
_START = Clause(
    id="T1p-start",
    place=_THEOREM + "initial energy, v = L0/L1^2, y = Hub(s)",
    variables=signs(pos="q v", nonneg="b k nu H y ell Delta"),
    weak={"T1-scale": k * q * v * y - H, "T1p-huber": _C * ell - y, "Lemma-3": Delta - v * ell},
    goal=_C * k * nu * b * Delta - nu * b / q * H,
)
_BUDGET = Clause(
    id="T1p-budget",
    place=_THEOREM + "(6.1) with the new K = (1 + 1.716 kappa nu beta)/w",
    variables=signs(pos="w", nonneg="b k nu DD Delta", free="start"),
    weak={"T1p-sum": start - w * DD, "T1p-start": (1 + _C * k * nu * b) * Delta - start},
    goal=(1 + _C * k * nu * b) / w * Delta - DD,
)
_SHIFT = Clause(
    id="T1p-shift",
    place=_THEOREM + "steps 6 and 7: the sum of e, LS the sum of (L0 + L1 G) S",
    variables=signs(pos="q", nonneg="b k B LS GG PP EE"),
    weak={"double-sum": B * b / q * LS - EE, "T1-linear": k * q * (PP + GG) - LS},
    goal=B * k * b * (PP + GG) - EE,
)
_RATIO = Clause(
    id="T1p-ratio",
    place=_THEOREM + "(6.2) with the new R",
    variables=signs(nonneg="b k nu B GG PP EE"),
    weak={"T1-triangle": PP + nu * EE - GG, "T1p-shift": B * k * b * (PP + GG) - EE},
    strict={"T1p-contraction": 1 - B * k * nu * b},
    goal=(1 + B * k * nu * b) / (1 - B * k * nu * b) * PP - GG,
)
_CONTRACTION = Clause(
    id="T1p-contraction",
    place=_THEOREM + "the denominator of R is positive",
    variables=signs(nonneg="b k nu B"),
    weak={"mixture": 1 - nu},
    strict={"contraction": 1 - B * k * b},
    goal=1 - B * k * nu * b,
    relation=">",
)
_JOIN = Clause(
    id="T1p-join",
    place=_THEOREM + "beta = 0: kappa - C(kappa) kappa^2 = 3 kappa - 2 e^kappa + 2, z = e^kappa",
    variables=signs(pos="k z", nonneg="C"),
    eq={"C": C * k**2 - 2 * (z - 1 - k)},
    goal=(k - C * k**2) - (3 * k - 2 * z + 2),
    relation="=",
)
_JOIN_BEST = Clause(
    id="T1p-join-best",
    place=_THEOREM + "beta = 0: the best kappa is ln(3/2), z = e^kappa and lg = ln(3/2)",
    variables=signs(pos="k z lg"),
    weak={"tangent": z - sp.Rational(3, 2) * (1 + k - lg)},
    goal=(3 * lg - 1) - (3 * k - 2 * z + 2),
)
_JOIN_VALUE = Clause(
    id="T1p-join-value",
    place=_THEOREM + "1/(3 ln(3/2) - 1) <= 4.6212, lg = ln(3/2)",
    variables=signs(pos="lg"),
    weak={"log-below": lg - artanh_sum(sp.Rational(1, 2), 9, sp.Rational(1, 9))},
    goal=sp.Rational(46212, 10000) * (3 * lg - 1) - 1,
)

CLAUSES: tuple[Clause, ...] = (
    _TANGENT,
    _LOG_BELOW,
    _LOG_ABOVE,
    _LOG_VALUE,
    _HUBER,
    _BEST,
    _SECOND,
    _CROSS,
    _TOTAL,
    _SUM,
    _PROGRESS,
    _START,
    _BUDGET,
    _SHIFT,
    _CONTRACTION,
    _RATIO,
    _JOIN,
    _JOIN_BEST,
    _JOIN_VALUE,
)
