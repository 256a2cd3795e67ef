r"""Scalar steps of Theorems 6 and 7: gradient descent with a fixed step, upper and lower bound.

h is the step size, l = L0 + L1 M, z = z_M = ln(1 + L1 M/L0)/L1 the distance from slope M to the minimum.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_SIXTH = DOC + "Theorem 6"
_SEVENTH = DOC + "Theorem 7"

h, l, s, t, z, r, v = sp.symbols("h l s t z r v")
L0, L1, M, N, G, F, Fn, T, eps, e, Delta, SQ, x, lg = sp.symbols("L0 L1 M N G F Fn T eps e Delta SQ x lg")

_LOCAL = Clause(
    id="T6-local",
    place=_SIXTH + ": the local Lipschitz constant on the sublevel set, N the gradient norm there",
    variables=signs(nonneg="L0 L1 M N"),
    weak={"bound": M - N},
    goal=(L0 + L1 * M) - (L0 + L1 * N),
)
_SEGMENT = Clause(
    id="T6-segment",
    place=_SIXTH + ": strict decrease on the segment",
    variables=signs(pos="h l s G"),
    weak={"step": 1 - h * l, "segment": 1 - s},
    goal=s * h * G**2 * (1 - s * h * l / 2),
    relation=">",
)
_S18 = Clause(
    id="S18",
    place=_SIXTH + ": -h + l h^2/2 <= -h/2",
    variables=signs(pos="h", nonneg="l"),
    weak={"step": 1 - h * l},
    goal=h - l * h**2 / 2 - h / 2,
)
_S13 = Clause(
    id="S13",
    place=_SIXTH + ": equality at h = 1/l",
    variables=signs(pos="h l"),
    eq={"largest": h * l - 1},
    goal=-h + l * h**2 / 2 + 1 / (2 * l),
    relation="=",
)
_DECREASE = Clause(
    id="T6-decrease",
    place=_SIXTH + ": F(x') <= F(x) - (h/2) G^2",
    variables=signs(pos="h", nonneg="l G", free="F Fn"),
    weak={"descent": F - h * G**2 * (1 - h * l / 2) - Fn, "step": 1 - h * l},
    goal=F - h / 2 * G**2 - Fn,
)
_ITERATIONS = Clause(
    id="T6-T",
    place=_SIXTH + ": the mean of squares, SQ the sum of G^2",
    variables=signs(pos="h eps T", nonneg="Delta SQ"),
    weak={"sum": Delta - h / 2 * SQ, "T": T - 2 * Delta / (h * eps**2)},
    goal=eps**2 - SQ / T,
)
_LARGEST = Clause(
    id="T6-largest",
    place=_SIXTH + ": T with the largest step",
    variables=signs(pos="h eps L0", nonneg="L1 M Delta"),
    eq={"largest": h * (L0 + L1 * M) - 1},
    goal=2 * Delta * (L0 + L1 * M) / eps**2 - 2 * Delta / (h * eps**2),
    relation="=",
)
_WELL = Clause(
    id="T7-gap",
    place=_SEVENTH + ", (i): W(z_M) = D(M), lg = L1 z_M = ln(1 + s) and s = L1 M/L0",
    variables=signs(pos="L0 L1", nonneg="M s lg v"),
    eq={"s": L0 * s - L1 * M, "v": v - 1 - s},
    goal=L0 / L1**2 * (v - 1 - lg) - L0 / L1**2 * (L1 * M / L0 - lg),
    relation="=",
)
_CYCLE = Clause(
    id="T7-cycle",
    place=_SEVENTH + ", (i): x_1 <= -z_M",
    variables=signs(pos="h M z"),
    weak={"long": h - 2 * z / M},
    goal=-z - (z - h * M),
)
_RETURN = Clause(
    id="T7-return",
    place=_SEVENTH + ", (i): x_2 = x_0",
    variables=signs(pos="h M z", free="x"),
    eq={"first": x - z + h * M},
    goal=x + h * M - z,
    relation="=",
)
_START = Clause(
    id="T7-start",
    place=_SEVENTH + ", (i): the gap at the start is at most Delta, v = W(z_M) and x = D(M)",
    variables=signs(nonneg="v x Delta"),
    weak={"reach": Delta - x},
    eq={"T7-gap": v - x},
    goal=Delta - v,
)
_ROOM = Clause(
    id="T7-room",
    place=_SEVENTH + ", (ii): there is a slope eps + t with t > 0",
    variables=signs(pos="L0 M eps Delta"),
    strict={"below": M - eps, "small": 2 * L0 * Delta - eps**2},
    goal=sp.Min(M - eps, (2 * L0 * Delta - eps**2) / (2 * eps + M)),
    relation=">",
)
_SLOPE = Clause(
    id="T7-slope",
    place=_SEVENTH + ", (ii): the slope e = eps + t has e <= M and e^2 <= 2 L0 Delta",
    variables=signs(pos="L0 M eps Delta t"),
    weak={"room": sp.Min(M - eps, (2 * L0 * Delta - eps**2) / (2 * eps + M)) - t},
    goal=sp.Min(M - (eps + t), 2 * L0 * Delta - (eps + t) ** 2),
)
_STEPS = Clause(
    id="T7-steps",
    place=_SEVENTH + ", (ii): after t steps of length h e the iterate is still on the linear part",
    variables=signs(pos="L0 e h", nonneg="x Delta t"),
    weak={"count": (Delta - e**2 / (2 * L0)) / (h * e**2) - t},
    eq={"P13-distance": (x - e / L0) - (Delta - e**2 / (2 * L0)) / e},
    goal=x - t * h * e - e / L0,
)
_SHORTER = Clause(
    id="T7-count",
    place=_SEVENTH + ", (ii): every t below the number of the theorem is below n(eps)",
    variables=signs(pos="L0 M eps h z", nonneg="Delta t"),
    strict={
        "T": M * (Delta - eps**2 / (2 * L0)) / (2 * eps**2 * z) - t,
        "short": 2 * z / M - h,
    },
    goal=(Delta - eps**2 / (2 * L0)) / (h * eps**2) - t,
    relation=">",
)
_GROWTH = Clause(
    id="T7-growth",
    place=_SEVENTH + ", remark 2: the growth factor h M/z_M - 1 exceeds 1",
    variables=signs(pos="h M z"),
    strict={"long": h - 2 * z / M},
    goal=(h * M / z - 1) - 1,
    relation=">",
)

CLAUSES: tuple[Clause, ...] = (
    _LOCAL,
    _SEGMENT,
    _S18,
    _S13,
    _DECREASE,
    _ITERATIONS,
    _LARGEST,
    _WELL,
    _CYCLE,
    _RETURN,
    _START,
    _ROOM,
    _SLOPE,
    _STEPS,
    _SHORTER,
    _GROWTH,
)
