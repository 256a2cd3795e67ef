r"""Scalar steps of Theorem B, step 5: the conclusion from both cases, Phi_0 <= F(x_0), and the sum over t.

Symbols as in :mod:`bounds.proofs.stochastic_momentum`; S is the mean of E G_t, Lam = Delta/(eta T), y = nu theta.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, Lemma, signs
from bounds.proofs.stochastic_bias import CLOSING, DOC
from bounds.proofs.stochastic_momentum import DELTA

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem B, "
_DECREASE = sp.Rational(2, 5)
eta, tau, gamma, eps, l0, l1, q, nu, om, rho, G, n, p, y, H, v, a, psi, d, S, h = sp.symbols(
    "eta tau gamma eps l0 l1 q nu om rho G n p y H v a psi d S h"
)
T, Delta, room, Lam = sp.symbols("T Delta room Lam")

_B9 = Clause(
    id="B9",
    place=_THEOREM + "step 5, case B",
    variables=signs(nonneg="tau eps G a"),
    weak={"accuracy": tau - 5 * eps, "a": 1 - a},
    goal=_DECREASE * tau * G - a * (2 * eps * G - eps**2),
    rivals={"tau >= 4 eps": {"weak": {"accuracy": tau - 4 * eps}}},
)
_TANGENT = Clause(
    id="B9-near",
    place=_THEOREM + "step 5, case A: G^2 >= 2 eps G - eps^2",
    variables=signs(nonneg="eps G a eta"),
    goal=a * eta * G**2 - a * eta * (2 * eps * G - eps**2),
)
_I1A = Clause(
    id="I1-quadratic",
    place=_THEOREM
    + "step 5, Phi_0: (l0 + l1 G) h^2/2 <= q delta psi, psi = G h, h the clipped length of G (hard or soft)",
    variables=signs(nonneg="eta gamma l0 l1 q G d h"),
    weak={"step": q * d - l0 * eta, "clip": q * d - l1 * gamma, "slope": eta * G - h, "capped": gamma - h},
    goal=q * d * G * h - (l0 + l1 * G) * h**2 / 2,
)
_I1B = Clause(
    id="I1-potential",
    place=_THEOREM + "step 5, Phi_0: the potential is at most rho delta y psi, y = nu theta",
    variables=signs(pos="q eta", nonneg="l0 d rho y H psi"),
    weak={"step": q * d - l0 * eta, "potential": psi - H},
    goal=rho * d * y * psi - rho * l0 * eta * y / q * H,
)
_I1_GOAL = y * psi - y**2 * q * d * psi - rho * d * y * psi
_I1 = Clause(
    id="I1",
    place=_THEOREM + "step 5, Phi_0 <= F(x_0); y = nu theta, q y = omega",
    variables=signs(nonneg="y psi q d rho"),
    weak={"omega": 1 - q * y, "delta": sp.Rational(1, 2) - d, "rho": 1 - rho},
    goal=_I1_GOAL,
    rivals={"half of y psi left": {"goal": _I1_GOAL - y * psi / 2}},
)
_SUM = Clause(
    id="B-average",
    place=_THEOREM + "(4.1): the sum over t divided by eta T",
    variables=signs(pos="eta T", nonneg="l0 l1 S v eps Delta om rho", free="a"),
    weak={
        "telescoped": Delta
        - T * a * eta * (2 * eps * S - eps**2)
        + T * eta**2 * v / 2 * ((1 + om * (rho + DELTA)) * l0 + (1 + om * DELTA) * l1 * S)
    },
    goal=Delta / (eta * T)
    + a * eps**2
    + (1 + om * (rho + DELTA)) * l0 * eta * v / 2
    - (2 * a * eps - (1 + om * DELTA) * l1 * eta * v / 2) * S,
)
_COUNT = Clause(
    id="B-count",
    place=_THEOREM + "the condition on T, room = a eps^2 - (eta v/2)[...]",
    variables=signs(pos="eta T Delta", free="room"),
    strict={"room": room},
    weak={"T": T - Delta / (eta * room)},
    goal=room - Delta / (eta * T),
)
_MEAN = Clause(
    id="B-mean",
    place=_THEOREM + "conclusion by (1.1)",
    variables=signs(pos="a eta T eps Delta", nonneg="l0 l1 S v om rho"),
    weak={
        "B-average": Delta / (eta * T)
        + a * eps**2
        + (1 + om * (rho + DELTA)) * l0 * eta * v / 2
        - (2 * a * eps - (1 + om * DELTA) * l1 * eta * v / 2) * S,
        "B-count": a * eps**2
        - eta * v / 2 * ((1 + om * (rho + DELTA)) * l0 + (1 + om * DELTA) * l1 * eps)
        - Delta / (eta * T),
    },
    lemmas=(
        Lemma(
            clause=CLOSING,
            at={
                Lam: Delta / (eta * T),
                n: (1 + om * (rho + DELTA)) * l0 * eta * v / 2,
                p: (1 + om * DELTA) * l1 * eta * v / 2,
            },
        ),
    ),
    goal=eps - S,
)


CLAUSES: tuple[Clause, ...] = (
    _B9,
    _TANGENT,
    _I1A,
    _I1B,
    _I1,
    _SUM,
    _COUNT,
    _MEAN,
)
