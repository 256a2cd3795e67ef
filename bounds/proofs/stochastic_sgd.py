r"""Scalar steps of Theorems F and F' (plain SGD).

S2 is the mean of E G_t^2, v = sigma^2.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC, exp_upper

__all__ = ["CLAUSES"]

_F = DOC + "Theorem F, "
_FB = DOC + "Theorem F', "
eta, sigma, eps, l0, l1, L0, L1, L, v, y, z, c, G, M, S2, T, Delta, Lam, quad = sp.symbols(
    "eta sigma eps l0 l1 L0 L1 L v y z c G M S2 T Delta Lam quad"
)
F, Fn = sp.symbols("F Fn")

_STEP = Clause(
    id="F-step",
    place=_F + "(8.1); X = E|g|^2 <= G^2 + v",
    variables=signs(pos="eta", nonneg="L G v quad", free="F Fn"),
    weak={"descent": F - eta * G**2 + L * eta**2 / 2 * quad - Fn, "variance": G**2 + v - quad},
    goal=F - eta * (1 - L * eta / 2) * G**2 + L * eta**2 * v / 2 - Fn,
)
_MEAN = Clause(
    id="F-average",
    place=_F + "(8.1) summed over t and divided by eta T",
    variables=signs(pos="eta T", nonneg="L S2 v Delta"),
    weak={"telescoped": Delta - T * eta * (1 - L * eta / 2) * S2 + T * L * eta**2 * v / 2},
    goal=Delta / (eta * T) + L * eta * v / 2 - (1 - L * eta / 2) * S2,
)
_F_COUNT = Clause(
    id="F-count",
    place=_F + "Delta/(eta T) <= eps^2/2",
    variables=signs(pos="eta T Delta eps"),
    weak={"T": T - 2 * Delta / (eta * eps**2)},
    goal=eps**2 / 2 - Delta / (eta * T),
)
_G1 = Clause(
    id="G1",
    place=_F + "half of eps^2 is left",
    variables=signs(pos="eps", nonneg="eta L v"),
    weak={"step": eps**2 - eta * L * (eps**2 + v)},
    goal=(1 - L * eta / 2) * eps**2 - L * eta * v / 2 - eps**2 / 2,
    rivals={"3/4": {"goal": (1 - L * eta / 2) * eps**2 - L * eta * v / 2 - sp.Rational(3, 4) * eps**2}},
)
_F_MEAN = Clause(
    id="F-mean",
    place=_F + "the mean of squares is at most eps^2",
    variables=signs(pos="eps Lam", nonneg="eta L v S2"),
    weak={
        "step": eps**2 - eta * L * (eps**2 + v),
        "F-average": Lam + L * eta * v / 2 - (1 - L * eta / 2) * S2,
        "F-count": eps**2 / 2 - Lam,
    },
    goal=eps**2 - S2,
)
_MONOTONE = Clause(
    id="FB-smooth",
    place=_FB + "(D) at x_t with L = l0 + l1 M >= l0 + l1 G_t",
    variables=signs(nonneg="l0 l1 G M"),
    weak={"bound": M - G},
    goal=l0 + l1 * M - (l0 + l1 * G),
)
_LENGTH = Clause(
    id="FB-radius",
    place=_FB + "steps have length at most eta (M + sigma)",
    variables=signs(pos="eta", nonneg="G M sigma y"),
    weak={"bound": M - G, "noise": G + sigma - y},
    goal=eta * (M + sigma) - eta * y,
)
_C1 = Clause(
    id="FB-c",
    place=_FB + "c (1 + v^2) <= (2/3)(1 + v) with sigma = v eps, c = L1 eta (M + sigma); the step divided by eps^2",
    variables=signs(pos="eps L0 M eta", nonneg="L1 v"),
    weak={"accuracy": M - eps},
    eq={"step": 3 * eta * (L0 + L1 * M) * (1 + v**2) - 2},
    goal=sp.Rational(2, 3) * (1 + v) - L1 * eta * (M + v * eps) * (1 + v**2),
)
_C2 = Clause(
    id="FB-c-max",
    place=_FB + "(2/3)(1 + v)/(1 + v^2) <= 0.805",
    variables=signs(nonneg="v"),
    goal=sp.Rational(805, 1000) * (1 + v**2) - sp.Rational(2, 3) * (1 + v),
    rivals={"0.804": {"goal": sp.Rational(804, 1000) * (1 + v**2) - sp.Rational(2, 3) * (1 + v)}},
)
_C3 = Clause(
    id="FB-factor",
    place=_FB + "C(0.805) <= 3/2 with z = e^0.805",
    variables=signs(pos="z"),
    weak={"exp-upper": exp_upper(sp.Rational(805, 1000)) - z},
    goal=sp.Rational(3, 2) - 2 * (z - 1 - sp.Rational(805, 1000)) / sp.Rational(805, 1000) ** 2,
)
_STEP_B = Clause(
    id="FB-step",
    place=_FB + "the step is admissible; c = C(L1 eta (M + sigma)) <= 3/2",
    variables=signs(pos="eps L0 M eta c", nonneg="L1 v"),
    weak={"FB-factor": sp.Rational(3, 2) - c},
    eq={"step": 3 * eta * (L0 + L1 * M) * (eps**2 + v) - 2 * eps**2},
    goal=eps**2 - c * eta * (L0 + L1 * M) * (eps**2 + v),
)


CLAUSES: tuple[Clause, ...] = (
    _STEP,
    _MEAN,
    _F_COUNT,
    _G1,
    _F_MEAN,
    _MONOTONE,
    _LENGTH,
    _C1,
    _C2,
    _C3,
    _STEP_B,
)
