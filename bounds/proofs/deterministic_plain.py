r"""Scalar steps of Theorems 2 and 3: clipped gradient descent, the best step, normalized steps.

G is the gradient norm, S the step length, C = C(gamma L1), w = 1 - C (eta L0 + gamma L1)/2 and u = L1 G/(L0 + L1 G).
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_clipping import minorant
from bounds.proofs.deterministic_growth import DOC, exp_above
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_SECOND = DOC + "Theorem 2"
_THIRD = DOC + "Theorem 3"

eta, gamma, L0, L1, T, eps, Delta, C, w, a, c = sp.symbols("eta gamma L0 L1 T eps Delta C w a c")
F, Fn, G, S, l0, l1, z, u, ell, y, p, mean = sp.symbols("F Fn G S l0 l1 z u ell y p mean")

_W = 1 - C * (eta * L0 + gamma * L1) / 2
_TWO_FIFTHS = sp.Rational(2, 5)
_EIGHT_THIRDS = sp.Rational(8, 3)


def _psi(x: sp.Expr) -> sp.Expr:
    return x * sp.Min(eta * x, gamma)


_S12 = Clause(
    id="S12",
    place=_SECOND + ": (L0 + L1 G) S <= (a + c) G",
    variables=signs(pos="eta gamma", nonneg="l0 l1 a c G S"),
    weak={"a": a - eta * l0, "c": c - gamma * l1, "short": eta * G - S, "capped": gamma - S},
    goal=(a + c) * G - (l0 * S + l1 * G * S),
)
_DECREASE = Clause(
    id="T2-decrease",
    place=_SECOND + ", (7.1)",
    variables=signs(pos="eta gamma", nonneg="L0 L1 C G S", free="F Fn"),
    weak={
        "conv-C": F - G * S + C / 2 * (L0 + L1 * G) * S**2 - Fn,
        "short": eta * G - S,
        "capped": gamma - S,
    },
    goal=F - _W * G * S - Fn,
)
_PROGRESS = Clause(
    id="T2-progress",
    place=_SECOND + ": w > 0",
    variables=signs(pos="eta gamma", nonneg="L0 L1 C", free="w"),
    strict={"loss": 2 - C * (eta * L0 + gamma * L1)},
    eq={"w": w - _W},
    goal=w,
    relation=">",
)
_INCREASING = Clause(
    id="T2-increasing",
    place=_SECOND + ": psi is strictly increasing",
    variables=signs(pos="eta gamma", nonneg="eps G"),
    strict={"above": G - eps},
    goal=_psi(G) - _psi(eps),
    relation=">",
)
_MIN = Clause(
    id="T2-min",
    place=_SECOND + ": the condition on T gives T w psi(eps) >= Delta",
    variables=signs(pos="eta gamma eps w", nonneg="T Delta"),
    weak={"T": T - Delta / w * sp.Max(1 / (eta * eps**2), 1 / (gamma * eps))},
    goal=T * w * _psi(eps) - Delta,
)
_MEAN = Clause(
    id="T2-mean",
    place=_SECOND + ": the condition on T gives T w phi(eps) >= Delta",
    variables=signs(pos="eta gamma eps w", nonneg="T Delta"),
    weak={"T": T - Delta / w * sp.Max(1 / (eta * eps**2), 2 / (gamma * eps))},
    goal=T * w * minorant(eps) - Delta,
)
_VALUE = Clause(
    id="T2-C",
    place=_SECOND + ": C(2/5) = 2 (z - 7/5)/(4/25) <= 1.15, z = e^(2/5)",
    variables=signs(pos="z"),
    weak={"exp-above": exp_above(_TWO_FIFTHS) - z},
    goal=sp.Rational(115, 100) - 2 * (z - 1 - _TWO_FIFTHS) / _TWO_FIFTHS**2,
    rivals={"1.15 -> 1.147": {"goal": sp.Rational(1147, 1000) - 2 * (z - 1 - _TWO_FIFTHS) / _TWO_FIFTHS**2}},
)
_S23 = Clause(
    id="S23",
    place=_SECOND + ": w >= 0.54 at a = c = 2/5",
    variables=signs(nonneg="C"),
    weak={"T2-C": sp.Rational(115, 100) - C},
    goal=(1 - C * (_TWO_FIFTHS + _TWO_FIFTHS) / 2) - sp.Rational(54, 100),
)
_CONSTANT = Clause(
    id="T2-constant",
    place=_SECOND + ": 1/(0.4 w) <= 4.63",
    variables=signs(pos="w"),
    weak={"S23": w - sp.Rational(54, 100)},
    goal=sp.Rational(463, 100) - 1 / (_TWO_FIFTHS * w),
)
_BALANCE = Clause(
    id="T2-balance",
    place=_SECOND + ", best parameters: c w = ((1 + u) c - u)/u at e^c = 1 + u and a = c/lambda, 1/u = 1 + 1/lambda",
    variables=signs(pos="c u C"),
    eq={"C": C * c**2 - 2 * (u - c)},
    goal=c * (1 - C * (c / u) / 2) - ((1 + u) * c - u) / u,
    relation="=",
)
_BEST = Clause(
    id="T2-best",
    place=_SECOND + ", best parameters: no other c does better, z = e^c, ell = ln(1 + u)",
    variables=signs(pos="u z", nonneg="c ell"),
    weak={"tangent": z - (1 + u) * (1 + c - ell)},
    goal=((1 + u) * ell - u) / u - (c - (z - 1 - c) / u),
)
_OPTIMUM = Clause(
    id="T3-optimum",
    place=_THIRD + ", the bound of Lemma 2 at S*: z = e^(L1 S) = 1 + u, ell = L1 S",
    variables=signs(pos="L1", nonneg="L0 G S u z ell"),
    eq={"u": (L0 + L1 * G) * u - L1 * G, "z": z - 1 - u, "ell": ell - L1 * S},
    goal=-G * S + (L0 + L1 * G) * (z - 1 - L1 * S) / L1**2 + (L0 + L1 * G) / L1**2 * ((1 + u) * ell - u),
    relation="=",
)
_TANGENT = Clause(
    id="T3-best",
    place=_THIRD + ": no other step length does better, z = e^(L1 S), ell = ln(1 + u)",
    variables=signs(pos="L1", nonneg="L0 G S u z ell"),
    weak={"tangent": z - (1 + u) * (1 + L1 * S - ell)},
    eq={"u": (L0 + L1 * G) * u - L1 * G},
    goal=-G * S + (L0 + L1 * G) * (z - 1 - L1 * S) / L1**2 + (L0 + L1 * G) / L1**2 * ((1 + u) * ell - u),
)
_S8D = Clause(
    id="S8d",
    place=_THIRD + ", second derivatives: 1/(1 + u) >= 27/(3 + u)^3",
    variables=signs(nonneg="u"),
    goal=(3 + u) ** 3 - 27 * (1 + u),
)
_LOG = Clause(
    id="T3-log",
    place=_THIRD + ": (1 + u) ln(1 + u) - u >= u^2/(2 + 2u/3)",
    variables=signs(nonneg="u"),
    goal=(1 + u) * sp.log(1 + u) - u - u**2 / (2 + 2 * u / 3),
    rivals={"2/3 -> 0.6": {"goal": (1 + u) * sp.log(1 + u) - u - u**2 / (2 + 3 * u / 5)}},
)
_S22 = Clause(
    id="S22",
    place=_THIRD + ", (7.2): the bound in G",
    variables=signs(pos="L0 L1", nonneg="G u"),
    eq={"u": (L0 + L1 * G) * u - L1 * G},
    goal=(L0 + L1 * G) * u**2 / (L1**2 * (2 + 2 * u / 3)) - G**2 / (2 * L0 + _EIGHT_THIRDS * L1 * G),
)
_STEP = Clause(
    id="T3-decrease",
    place=_THIRD + ", (7.2): the decrease of a step, y = (1 + u) ln(1 + u) - u",
    variables=signs(pos="L0 L1", nonneg="G u y", free="F Fn"),
    weak={
        "T3-optimum": F - (L0 + L1 * G) / L1**2 * y - Fn,
        "T3-log": y - u**2 / (2 + 2 * u / 3),
        "S22": (L0 + L1 * G) * u**2 / (L1**2 * (2 + 2 * u / 3)) - G**2 / (2 * L0 + _EIGHT_THIRDS * L1 * G),
    },
    goal=F - G**2 / (2 * L0 + _EIGHT_THIRDS * L1 * G) - Fn,
)
_CONVEX = Clause(
    id="T3-convex",
    place=_THIRD + ", the mean: G^2/(a + c G) lies above its tangents",
    variables=signs(pos="a", nonneg="c G y"),
    goal=y**2 / (a + c * y) - G**2 / (a + c * G) - (2 * a * G + c * G**2) / (a + c * G) ** 2 * (y - G),
)
_ITERATIONS = Clause(
    id="T3-T",
    place=_THIRD + ", the mean: at most eps",
    variables=signs(pos="L0 eps T", nonneg="L1 mean Delta"),
    weak={
        "jensen": Delta / T - mean**2 / (2 * L0 + _EIGHT_THIRDS * L1 * mean),
        "T": T - Delta * (2 * L0 / eps**2 + _EIGHT_THIRDS * L1 / eps),
    },
    goal=eps - mean,
)
_NORMALIZED = Clause(
    id="T3-normalized",
    place=_THIRD + ", normalized steps: the decrease, S = gamma and p = C gamma^2/2",
    variables=signs(pos="gamma", nonneg="L0 L1 C G p", free="F Fn"),
    weak={"conv-C": F - G * gamma + C / 2 * (L0 + L1 * G) * gamma**2 - Fn},
    eq={"p": p - C * gamma**2 / 2},
    goal=F - (gamma - p * L1) * G + p * L0 - Fn,
)
_NORMALIZED_T = Clause(
    id="T3-normalized-T",
    place=_THIRD + ", normalized steps: the mean is at most eps",
    variables=signs(pos="gamma eps T", nonneg="L0 L1 p mean Delta"),
    weak={
        "sum": Delta / T + p * L0 - (gamma - p * L1) * mean,
        "T": T - Delta / (gamma * eps - p * (L0 + L1 * eps)),
    },
    strict={"progress": gamma * eps - p * (L0 + L1 * eps)},
    goal=eps - mean,
)

CLAUSES: tuple[Clause, ...] = (
    _S12,
    _DECREASE,
    _PROGRESS,
    _INCREASING,
    _MIN,
    _MEAN,
    _VALUE,
    _S23,
    _CONSTANT,
    _BALANCE,
    _BEST,
    _OPTIMUM,
    _TANGENT,
    _S8D,
    _LOG,
    _S22,
    _STEP,
    _CONVEX,
    _ITERATIONS,
    _NORMALIZED,
    _NORMALIZED_T,
)
