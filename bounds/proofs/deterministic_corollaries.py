r"""Scalar steps of Corollaries 1.1 and 1.2: explicit constants, and the slides' statement.

kappa = 1/10, l_i = 1.06 L_i; K and R of Theorem 1 are then at most 53/45 and 11/9. The letter e is
eps' = min(eps, tau/5) of Corollary 1.2.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_clipping import minorant
from bounds.proofs.deterministic_growth import DOC, exp_above
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_FIRST = DOC + "Corollary 1.1"
_SLIDES = DOC + "Corollary 1.2"

b, q, nu, k, eta, gamma, L0, L1, T, eps, e, Delta = sp.symbols("b q nu k eta gamma L0 L1 T eps e Delta")
K, R, mean, m, y, z, nb = sp.symbols("K R mean m y z nb")

_A = sp.Rational(106, 100)
_K, _R = sp.Rational(53, 45), sp.Rational(11, 9)
_KR2, _2KR = sp.Rational(44, 25), sp.Rational(72, 25)
_UNIT = {"beta": 1 - b, "mixture": 1 - nu}
_BOUNDS = {"S9a": _K - K, "S9b": _R - R}
_WIDE = sp.Rational(32, 100)

_CAP_STEP = Clause(
    id="C11-step",
    place=_FIRST + ": eta l0 <= kappa q",
    variables=signs(pos="eta L0 q"),
    weak={"step": q / (10 * _A * L0) - eta},
    goal=q / 10 - eta * (_A * L0),
)
_CAP_CLIP = Clause(
    id="C11-clip",
    place=_FIRST + ": gamma l1 <= kappa q",
    variables=signs(pos="gamma L1 q"),
    weak={"clip": q / (10 * _A * L1) - gamma},
    goal=q / 10 - gamma * (_A * L1),
)
_RADIUS = Clause(
    id="C11-radius",
    place=_FIRST + ": L1 gamma <= 1/10, so that B(1/10) <= 1.06 applies",
    variables=signs(pos="gamma L1 q"),
    weak={"clip": q / (10 * _A * L1) - gamma, "beta": 1 - q},
    goal=sp.Rational(1, 10) - L1 * gamma,
)
_S9A = Clause(
    id="S9a",
    place=_FIRST + ": K <= 53/45",
    variables=signs(nonneg="b nu"),
    weak=_UNIT,
    goal=_K - (1 + sp.Rational(8, 45) * nu * b) * (10 - b) / 9,
)
_S9B = Clause(
    id="S9b",
    place=_FIRST + ": R <= 11/9",
    variables=signs(nonneg="b nu"),
    weak=_UNIT,
    goal=11 * (1 - nu * b / 10) - 9 * (1 + nu * b / 10),
)
_S9C = Clause(
    id="S9c",
    place=_FIRST + ": K for every kappa",
    variables=signs(nonneg="b nu k"),
    weak=_UNIT,
    goal=1 + 16 * k / 9 - (1 + 16 * k * nu * b / 9) * (1 - k * b),
)
_S17A = Clause(
    id="S17a",
    place=_FIRST + ": K R^2 <= 1.76",
    variables=signs(nonneg="K R"),
    weak=_BOUNDS,
    goal=_KR2 - K * R**2,
    rivals={"1.76 -> 1.759": {"goal": sp.Rational(1759, 1000) - K * R**2}},
)
_S17B = Clause(
    id="S17b",
    place=_FIRST + ": 2 K R <= 2.88",
    variables=signs(nonneg="K R"),
    weak=_BOUNDS,
    goal=_2KR - 2 * K * R,
    rivals={"2.88 -> 2.879": {"goal": sp.Rational(2879, 1000) - 2 * K * R}},
)
_ITERATIONS = Clause(
    id="C11-T",
    place=_FIRST + ": the condition on T implies that of Theorem 1",
    variables=signs(pos="eta gamma eps", nonneg="K R T Delta"),
    weak={
        "T": T - Delta * sp.Max(_KR2 / (eta * eps**2), _2KR / (gamma * eps)),
        "S17a": _KR2 - K * R**2,
        "S17b": _2KR - 2 * K * R,
    },
    goal=T - K * Delta * sp.Max(R**2 / (eta * eps**2), 2 * R / (gamma * eps)),
)
_LARGEST = Clause(
    id="C11-largest",
    place=_FIRST + ": the largest admissible steps",
    variables=signs(pos="q eps", nonneg="L0 L1 T Delta"),
    weak={"T": T - Delta / q * sp.Max(sp.Rational(187, 10) * L0 / eps**2, sp.Rational(306, 10) * L1 / eps)},
    goal=T - Delta * sp.Max(_KR2 * 10 * _A * L0 / (q * eps**2), _2KR * 10 * _A * L1 / (q * eps)),
)
_EPS = Clause(
    id="C12-eps",
    place=_SLIDES + ": T eta eps'^2 >= 3 Delta",
    variables=signs(pos="eta gamma eps", nonneg="T Delta"),
    weak={"T": T - 3 * Delta * sp.Max(1 / (eps**2 * eta), 25 * eta / gamma**2)},
    goal=T * eta * sp.Min(eps, gamma / (5 * eta)) ** 2 - 3 * Delta,
)
_ENOUGH = {"C12-eps": T * eta * e**2 - 3 * Delta}
_S10A = Clause(
    id="S10a",
    place=_SLIDES + ": the printed conclusion 2 eps, squared",
    variables=signs(pos="eta e T", nonneg="Delta"),
    weak={**_ENOUGH, "one": T - 1},
    goal=4 * e**2 * eta * T**2 * (T + 1) - (T + 1) ** 2 * _R**2 * _K * Delta,
)
_S10A_SHARP = Clause(
    id="S10a-sharp",
    place=_SLIDES + ": 1.084 eps', squared",
    variables=signs(pos="eta e T", nonneg="Delta"),
    weak={**_ENOUGH, "one": T - 1},
    goal=sp.Rational(1084, 1000) ** 2 * e**2 * eta * T**2 * (T + 1) - (T + 1) ** 2 * _R**2 * _K * Delta,
    rivals={
        "1.084 -> 1.083": {
            "goal": sp.Rational(1083, 1000) ** 2 * e**2 * eta * T**2 * (T + 1) - (T + 1) ** 2 * _R**2 * _K * Delta
        },
        "1.084 -> 1.082": {
            "goal": sp.Rational(1082, 1000) ** 2 * e**2 * eta * T**2 * (T + 1) - (T + 1) ** 2 * _R**2 * _K * Delta
        },
    },
)
_S10B = Clause(
    id="S10b",
    place=_SLIDES + ": 0.7659 eps', squared",
    variables=signs(pos="eta e T", nonneg="Delta"),
    weak=_ENOUGH,
    goal=sp.Rational(7659, 10000) ** 2 * e**2 * eta * T - _R**2 * _K * Delta,
    rivals={"0.7659 -> 0.7658": {"goal": sp.Rational(7658, 10000) ** 2 * e**2 * eta * T - _R**2 * _K * Delta}},
)
_S10C = Clause(
    id="S10c",
    place=_SLIDES + ": K Delta/T <= gamma^2/(4 eta)",
    variables=signs(pos="eta gamma e T", nonneg="Delta"),
    weak={**_ENOUGH, "branch": gamma - 5 * eta * e},
    goal=gamma**2 * T - 4 * _K * Delta * eta,
)
_BRANCH = Clause(
    id="C12-branch",
    place=_SLIDES + ": phi(m) <= y <= phi(tau/2) implies eta m^2 <= y",
    variables=signs(pos="eta gamma", nonneg="m y"),
    weak={"budget": y - minorant(m), "S10c": gamma**2 / (4 * eta) - y},
    goal=y - eta * m**2,
)
_MEAN = Clause(
    id="C12-mean",
    place=_SLIDES + ": t = 0..T-1, m the mean of P",
    variables=signs(pos="eta e T", nonneg="Delta K R mean m"),
    weak={**_BOUNDS, "S7": R * m - mean, "C12-branch": K * Delta / T - eta * m**2, **_ENOUGH},
    goal=sp.Rational(766, 1000) * e - mean,
)
_SHIFTED = Clause(
    id="C12-shifted",
    place=_SLIDES + ": t = 1..T, m the mean of P over t = 0..T",
    variables=signs(pos="eta e T", nonneg="Delta K R mean m"),
    weak={
        **_BOUNDS,
        "S7": (T + 1) / T * R * m - mean,
        "C12-branch": K * Delta / (T + 1) - eta * m**2,
        **_ENOUGH,
        "one": T - 1,
    },
    goal=sp.Rational(1084, 1000) * e - mean,
)
_REMARK_B = Clause(
    id="C12-remark-b",
    place=_SLIDES + ", remark (b): 2 K R^2 <= 4 * 0.89 and 4 K <= 25 * 0.89",
    variables=signs(nonneg="K R"),
    weak=_BOUNDS,
    goal=sp.Min(4 * sp.Rational(89, 100) - 2 * K * R**2, 25 * sp.Rational(89, 100) - 4 * K),
    rivals={"0.89 -> 0.87": {"goal": 4 * sp.Rational(87, 100) - 2 * K * R**2}},
)
_REMARK_C_B = Clause(
    id="C12-remark-c-B",
    place=_SLIDES + ", remark (c): B(0.32) <= 1.1786, z = e^0.32",
    variables=signs(pos="z"),
    weak={"exp-above": exp_above(_WIDE) - z},
    goal=sp.Rational(11786, 10000) - (z - 1) / _WIDE,
)
_REMARK_C_KR = Clause(
    id="C12-remark-c-KR",
    place=_SLIDES + ", remark (c): (2/3) K R^2 <= 3.942 at kappa = 0.32, nb = nu beta",
    variables=signs(nonneg="b nb"),
    weak={"beta": 1 - b, "mixture": b - nb},
    goal=sp.Rational(3942, 1000) * (1 - _WIDE) * (1 - _WIDE * nb) ** 2
    - sp.Rational(2, 3) * (1 + sp.Rational(16, 9) * _WIDE * nb) * (1 - _WIDE * b) * (1 + _WIDE * nb) ** 2,
)
_REMARK_C_K = Clause(
    id="C12-remark-c-K",
    place=_SLIDES + ", remark (c): 4 K <= 6.39 at kappa = 0.32, nb = nu beta",
    variables=signs(nonneg="b nb"),
    weak={"mixture": b - nb},
    goal=sp.Rational(639, 100) * (1 - _WIDE) - 4 * (1 + sp.Rational(16, 9) * _WIDE * nb) * (1 - _WIDE * b),
)
_S10D = Clause(
    id="S10d",
    place=_SLIDES + ", remark (d)",
    variables=signs(pos="eta gamma eps"),
    goal=(gamma - 2 * eta * eps, 4 * eta / gamma**2 - 2 / (gamma * eps)),
)

CLAUSES: tuple[Clause, ...] = (
    _CAP_STEP,
    _CAP_CLIP,
    _RADIUS,
    _S9A,
    _S9B,
    _S9C,
    _S17A,
    _S17B,
    _ITERATIONS,
    _LARGEST,
    _EPS,
    _S10A,
    _S10A_SHARP,
    _S10B,
    _S10C,
    _BRANCH,
    _MEAN,
    _SHIFTED,
    _REMARK_B,
    _REMARK_C_B,
    _REMARK_C_KR,
    _REMARK_C_K,
    _S10D,
)
