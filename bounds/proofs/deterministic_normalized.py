r"""Scalar steps of Theorem 5 (normalized momentum): y = nu beta/(1 - beta), sums over t as single variables."""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem 5, "

b, q, nu, gamma, l0, l1, L1, T, eps, Delta, y = sp.symbols("b q nu gamma l0 l1 L1 T eps Delta y")
F, Fn, G, G0, M, Mn, P, gh, u, w, c, start, r, v = sp.symbols("F Fn G G0 M Mn P gh u w c start r v")
GG, PP, EE, mean, lg, z, B = sp.symbols("GG PP EE mean lg z B")

_SLOPE = l0 * T + l1 * GG
_WEIGHT = (sp.Rational(1, 2) + y) * gamma * (l0 + l1 * eps)

_VECTOR = Clause(
    id="T5-vector",
    place=_THEOREM + "the subgradient of gamma |v| at |v0| = u > 0, w = |v| and c = <v0, v>",
    variables=signs(pos="gamma u", nonneg="w", free="c"),
    weak={"cauchy": u * w - c},
    goal=gamma * w - gamma * u - gamma / u * (c - u**2),
)
_REACH = Clause(
    id="T5-reach",
    place=_THEOREM + "every step stays within the radius ln 2/L1 of (2.1), u its length and lg = ln 2",
    variables=signs(pos="gamma lg", nonneg="L1 u"),
    weak={"capped": gamma - u, "ln2": lg - L1 * gamma},
    goal=lg - L1 * u,
)
_ENERGY = Clause(
    id="T5-energy",
    place=_THEOREM + "energy, M and Mn the norms of the old and the new buffer",
    variables=signs(pos="gamma q", nonneg="b nu l0 l1 G M Mn P y", free="F Fn gh"),
    weak={
        "descent": F - nu * gh - (1 - nu) * gamma * G + gamma**2 / 2 * (l0 + l1 * G) - Fn,
        "T1-inner": gh - gamma * Mn - b / q * gamma * (Mn - M),
    },
    eq={"P": P - nu * Mn - (1 - nu) * G, "y": q * y - nu * b},
    goal=(F + y * gamma * M) - gamma * P + gamma**2 / 2 * (l0 + l1 * G) - (Fn + y * gamma * Mn),
)
_SHIFT = Clause(
    id="T5-shift",
    place=_THEOREM + "tracking: the sum of G",
    variables=signs(pos="q gamma", nonneg="b nu y l0 l1 T GG PP EE"),
    weak={"double-sum": b / q * gamma * _SLOPE - EE, "T1-triangle": PP + nu * EE - GG},
    eq={"y": q * y - nu * b},
    goal=PP + y * gamma * _SLOPE - GG,
)
_S19 = Clause(
    id="S19",
    place=_THEOREM + "the mean",
    variables=signs(pos="gamma T", nonneg="Delta G0 y l0 l1 GG PP"),
    weak={
        "energies": Delta + y * gamma * G0 + gamma**2 / 2 * _SLOPE - gamma * PP,
        "T5-shift": PP + y * gamma * _SLOPE - GG,
    },
    goal=(Delta + y * gamma * G0) / (gamma * T) + (sp.Rational(1, 2) + y) * gamma * (l0 + l1 * GG / T) - GG / T,
)
_BUDGET = Clause(
    id="T5-budget",
    place=_THEOREM + "the mean, r = Delta/gamma + y start with start >= G0 and v = (1/2 + y) gamma",
    variables=signs(pos="gamma T", nonneg="Delta G0 start y l0 l1 mean r v"),
    weak={
        "S19": (Delta + y * gamma * G0) / (gamma * T) + v * (l0 + l1 * mean) - mean,
        "S14": start - G0,
    },
    eq={"r": r - Delta / gamma - y * start},
    goal=r / T + v * (l0 + l1 * mean) - mean,
)
_ITERATIONS = Clause(
    id="T5-T",
    place=_THEOREM + "the mean is at most eps; w = v (l0 + l1 eps) < eps",
    variables=signs(pos="T eps", nonneg="l0 l1 mean r v"),
    weak={"T5-budget": r / T + v * (l0 + l1 * mean) - mean, "T": T - r / (eps - v * (l0 + l1 * eps))},
    strict={"weight": eps - v * (l0 + l1 * eps)},
    goal=eps - mean,
)
_CHOICE = Clause(
    id="T5-choice",
    place=_THEOREM + "the particular gamma makes w = eps/2",
    variables=signs(pos="gamma eps l0", nonneg="y l1"),
    eq={"choice": gamma * (1 + 2 * y) * (l0 + l1 * eps) - eps},
    goal=_WEIGHT - eps / 2,
    relation="=",
)
_DISPLAYED = Clause(
    id="T5-displayed",
    place=_THEOREM + "the displayed T is (Delta/gamma + y G0)/(eps/2)",
    variables=signs(pos="gamma eps l0", nonneg="y l1 Delta G0"),
    eq={"choice": gamma * (1 + 2 * y) * (l0 + l1 * eps) - eps},
    goal=(2 + 4 * y) * (l0 + l1 * eps) * Delta / eps**2 + 2 * y * G0 / eps - (Delta / gamma + y * G0) * 2 / eps,
    relation="=",
)
_CLIP = Clause(
    id="T5-clip",
    place=_THEOREM + "the particular gamma has gamma l1 <= 1",
    variables=signs(pos="gamma eps", nonneg="y l0 l1"),
    eq={"choice": gamma * (1 + 2 * y) * (l0 + l1 * eps) - eps},
    goal=1 - gamma * l1,
)
_THETA = Clause(
    id="T5-theta",
    place=_THEOREM + "B(ln 2) = 1/ln 2, lg = ln 2 and z = e^lg",
    variables=signs(pos="lg z B"),
    eq={"z": z - 2, "B": B * lg - (z - 1)},
    goal=B - 1 / lg,
    relation="=",
)
_RADIUS = Clause(
    id="T5-radius",
    place=_THEOREM + "gamma l1 <= 1 with l1 = L1/ln 2 is L1 gamma <= ln 2, lg = ln 2",
    variables=signs(pos="gamma lg", nonneg="l1 L1"),
    weak={"T5-clip": 1 - gamma * l1},
    eq={"theta": l1 * lg - L1},
    goal=lg - L1 * gamma,
)

CLAUSES: tuple[Clause, ...] = (
    _VECTOR,
    _REACH,
    _ENERGY,
    _SHIFT,
    _S19,
    _BUDGET,
    _ITERATIONS,
    _CHOICE,
    _DISPLAYED,
    _CLIP,
    _THETA,
    _RADIUS,
)
