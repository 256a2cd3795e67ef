r"""Scalar steps of the per-step Lyapunov function and of the lower bound for the method itself.

V' = beta (V + S), W' = beta (W + G S), B = l0 V^2/(2 beta) + l1 gamma W/q and
Lambda = F + nu (beta/q) H(m) + kappa q/(2 (1 - beta kappa)) B; a trailing n marks the next step. For beta = 0 all
three vanish, so beta > 0 here.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_SECTION = DOC + "Per-step Lyapunov function, "
_SHAPE = DOC + "Proposition 1.3"

b, q, k, eta, gamma, l0, l1, D, G, S, e, en, x, y = sp.symbols("b q k eta gamma l0 l1 D G S e en x y")
V, Vn, W, Wn, B, Bn, E, En, Delta, L0, eps, X0, t, dV, dW = sp.symbols("V Vn W Wn B Bn E En Delta L0 eps X0 t dV dW")

_COMPLEMENT = {"q": q - 1 + b}
_V = {"V": Vn - b * (V + S)}
_W = {"W": Wn - b * (W + G * S)}

_TRACK = Clause(
    id="LY-track",
    place=_SECTION + "e <= l0 V + l1 W by induction",
    variables=signs(pos="b", nonneg="l0 l1 G S V Vn W Wn e en"),
    weak={"recursion": b * (e + (l0 + l1 * G) * S) - en, "before": l0 * V + l1 * W - e},
    eq={**_V, **_W},
    goal=l0 * Vn + l1 * Wn - en,
)
_A = Clause(
    id="LY-a",
    place=_SECTION + "(a), y = nu hM and x = y e",
    variables=signs(pos="gamma", nonneg="l0 l1 S V W e y"),
    weak={"LY-track": l0 * V + l1 * W - e, "S4f": S - y, "capped": gamma - y},
    goal=l0 * V * S + l1 * gamma * W - y * e,
)
_B_SQUARE = Clause(
    id="LY-b-square",
    place=_SECTION + "(b), the square",
    variables=signs(pos="b q", nonneg="V Vn S"),
    eq={**_V, **_COMPLEMENT},
    goal=V * S + (Vn**2 - V**2) / (2 * b) - b / q * S**2 + (1 + b) * (q * V - b * S) ** 2 / (2 * b * q),
    relation="=",
)
_B = Clause(
    id="LY-b",
    place=_SECTION + "(b)",
    variables=signs(pos="b q", nonneg="V Vn S"),
    eq={**_V, **_COMPLEMENT},
    goal=b / q * S**2 - V * S - (Vn**2 - V**2) / (2 * b),
)
_C = Clause(
    id="LY-c",
    place=_SECTION + "(c)",
    variables=signs(pos="b q", nonneg="G S W Wn"),
    eq={**_W, **_COMPLEMENT},
    goal=W + (Wn - W) / q - b / q * G * S,
    relation="=",
)
_D_CHANGE = Clause(
    id="LY-d-change",
    place=_SECTION + "(d), the change of B from dV = (Vn^2 - V^2)/(2 beta) and dW = (Wn - W)/q",
    variables=signs(pos="b q gamma", nonneg="l0 l1 V Vn W Wn B Bn", free="dV dW"),
    eq={
        "B": B - l0 * V**2 / (2 * b) - l1 * gamma * W / q,
        "Bn": Bn - l0 * Vn**2 / (2 * b) - l1 * gamma * Wn / q,
        "dV": dV - (Vn**2 - V**2) / (2 * b),
        "dW": dW - (Wn - W) / q,
    },
    goal=Bn - B - (l0 * dV + l1 * gamma * dW),
    relation="=",
)
_D = Clause(
    id="LY-d",
    place=_SECTION + "(d)",
    variables=signs(pos="q gamma", nonneg="b k l0 l1 D G S V W x", free="dV dW"),
    weak={
        "LY-a": l0 * V * S + l1 * gamma * W - x,
        "LY-b": b / q * S**2 - V * S - dV,
        "T1-step": k * q * D - l0 * S**2,
        "clip": k * q - l1 * gamma,
        "S4c": D + x - G * S,
    },
    eq={"LY-c": W + dW - b / q * G * S},
    goal=b * k * (2 * D + x) - x - (l0 * dV + l1 * gamma * dW),
)
_E = Clause(
    id="LY-e",
    place=_SECTION + "(e), that is (6.8)",
    variables=signs(pos="q", nonneg="b k D x B Bn", free="E En"),
    weak={"T1-second": E - D + k * q / 2 * (2 * D + x) - En, "LY-d": b * k * (2 * D + x) - x - (Bn - B)},
    strict={"contraction": 1 - b * k},
    eq=_COMPLEMENT,
    goal=(E + k * q / (2 * (1 - b * k)) * B) - (1 - k) / (1 - b * k) * D - (En + k * q / (2 * (1 - b * k)) * Bn),
)
_DISTANCE = Clause(
    id="P13-distance",
    place=_SHAPE + ": length of the linear part, X0 the start, eps its slope",
    variables=signs(pos="L0 eps", nonneg="X0 Delta"),
    eq={"gap": Delta - eps * X0 + eps**2 / (2 * L0)},
    goal=(X0 - eps / L0) - (Delta - eps**2 / (2 * L0)) / eps,
    relation="=",
)
_COUNT = Clause(
    id="P13-count",
    place=_SHAPE + ": after t steps of length min(eta eps, gamma) the iterate is still on the linear part",
    variables=signs(pos="L0 eps eta gamma", nonneg="X0 Delta t"),
    weak={"steps": (Delta - eps**2 / (2 * L0)) - t * sp.Min(eta * eps**2, gamma * eps)},
    eq={"P13-distance": (X0 - eps / L0) - (Delta - eps**2 / (2 * L0)) / eps},
    goal=X0 - t * sp.Min(eta * eps, gamma) - eps / L0,
)

CLAUSES: tuple[Clause, ...] = (_TRACK, _A, _B_SQUARE, _B, _C, _D_CHANGE, _D, _E, _DISTANCE, _COUNT)
