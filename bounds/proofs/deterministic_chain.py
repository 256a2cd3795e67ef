r"""Scalar steps of Theorem 8: the constants of the classical zero-chain.

Psi(x) = exp(1 - w) with w = (2x - 1)^(-2) for x > 1/2, Psi' = 4 w^(3/2) e^(1-w), Psi'' = (16 w^3 - 24 w^2) e^(1-w),
Phi(x) = sqrt(e) int exp(-t^2/2). The suprema of Psi'' sit at irrational w; near them e^(w-1) is bounded below by an odd
Taylor sum at a rational point, and root counting does the rest.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.deterministic_soft import exp_one
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_THEOREM = DOC + "Theorem 8, "
_BOUNDS = _THEOREM + "scalar bounds: "

w, s, y, h, x, t, root, pi, area, diag = sp.symbols("w s y h x t root pi area diag")
L0, eps, Delta, chain = sp.symbols("L0 eps Delta chain")


def _taylor(t: sp.Expr, degree: int) -> sp.Expr:
    return sum((t**n / sp.factorial(n) for n in range(degree + 1)), start=sp.Integer(0))


# e^(w-1) is expanded at these points, which lie next to the critical points (9 +- sqrt(33))/4.
_HIGH, _LOW = sp.Rational(59, 16), sp.Rational(13, 16)
_ROOT = (_HIGH - 1) / 8
_E_HIGH, _E_LOW = sp.Rational(1469489, 100000), sp.Rational(82902, 100000)
_SECOND_HIGH, _SECOND_LOW = sp.Rational(32387, 1000), sp.Rational(876, 100)

_PRIME = Clause(
    id="P4-first",
    place=_BOUNDS + "Psi' <= sqrt(54/e): half the logarithm of (54/e)/Psi'^2",
    variables=signs(pos="w"),
    goal=w - sp.Rational(3, 2) - sp.Rational(3, 2) * sp.log(2 * w / 3),
)
_PHI = Clause(
    id="P4-phi",
    place=_BOUNDS + "|Phi''| <= 1: the logarithm of 1/Phi''^2 with t = x^2",
    variables=signs(pos="t"),
    goal=t - 1 - sp.log(t),
)
_RIGHT = Clause(
    id="P4-right",
    place=_BOUNDS + "Taylor sum of degree 7 below e^s, times e^(-s)",
    variables=signs(nonneg="s"),
    goal=1 - _taylor(s, 7) * sp.exp(-s),
)
_LEFT = Clause(
    id="P4-left",
    place=_BOUNDS + "Taylor sum of degree 7 below e^(-y), times e^y",
    variables=signs(nonneg="y"),
    goal=1 - _taylor(-y, 7) * sp.exp(y),
)
_AT_HIGH = Clause(
    id="P4-at-high",
    place=_BOUNDS + "e^(43/16) >= 14.69489, h = e^(43/128)",
    variables=signs(nonneg="h"),
    weak={"P4-right": h - _taylor(_ROOT, 7)},
    goal=h**8 - _E_HIGH,
)
_AT_LOW = Clause(
    id="P4-at-low",
    place=_BOUNDS + "e^(-3/16) >= 0.82902, h = e^(-3/16)",
    variables=signs(nonneg="h"),
    weak={"P4-left": h - _taylor(_LOW - 1, 7)},
    goal=h - _E_LOW,
)
_SMALL = Clause(
    id="P4-second-small",
    place=_BOUNDS + "Psi'' <= 0 for w <= 3/2",
    variables=signs(nonneg="w"),
    weak={"small": sp.Rational(3, 2) - w},
    goal=24 * w**2 - 16 * w**3,
)
_UPPER = Clause(
    id="P4-second-high",
    place=_BOUNDS + "Psi'' <= 32.387 for w >= 3/2, with the Taylor sum of e^(w-1) at w = 59/16",
    variables=signs(nonneg="w"),
    weak={"large": w - sp.Rational(3, 2)},
    goal=_SECOND_HIGH * _E_HIGH * _taylor(w - _HIGH, 7) - (16 * w**3 - 24 * w**2),
)
_LOWER = Clause(
    id="P4-second-low",
    place=_BOUNDS + "Psi'' >= -8.760, with the Taylor sum of e^(w-1) at w = 13/16",
    variables=signs(nonneg="w"),
    goal=_SECOND_LOW * _E_LOW * _taylor(w - _LOW, 7) + (16 * w**3 - 24 * w**2),
)
_E = {"exp-one": exp_one(sp.Integer(1)) - x, "pi": sp.Rational(31416, 10000) - pi}
_AREA = Clause(
    id="T8-area",
    place=_BOUNDS + "sqrt(2 pi e) <= 4.1328, x = e",
    variables=signs(pos="x pi", nonneg="area"),
    weak={**_E, "area": 2 * pi * x - area**2},
    goal=sp.Rational(41328, 10000) - area,
)
_GAP = Clause(
    id="T8-gap",
    place=_THEOREM + "gap: e sqrt(2 pi e) <= 11.235, x = e",
    variables=signs(pos="x", nonneg="area"),
    weak={"exp-one": exp_one(sp.Integer(1)) - x, "T8-area": sp.Rational(41328, 10000) - area},
    goal=sp.Rational(11235, 1000) - x * area,
)
_SHARP_GAP = Clause(
    id="T8-gap-sharp",
    place=_THEOREM + "gap: e sqrt(2 pi e) <= 11.234, squared, x = e",
    variables=signs(pos="x pi"),
    weak=_E,
    goal=sp.Rational(11234, 1000) ** 2 - 2 * pi * x**3,
)
_DIAGONAL = Clause(
    id="T8-diagonal",
    place=_THEOREM + "smoothness: a diagonal entry is at most e + 32.387 sqrt(2 pi e) <= 136.57, x = e",
    variables=signs(pos="x", nonneg="area"),
    weak={"exp-one": exp_one(sp.Integer(1)) - x, "T8-area": sp.Rational(41328, 10000) - area},
    goal=sp.Rational(13657, 100) - x - _SECOND_HIGH * area,
)
_OFF = Clause(
    id="T8-off",
    place=_THEOREM + "smoothness: sqrt(54/e) sqrt(e) <= 7.35",
    variables=signs(nonneg="root"),
    weak={"root": 54 - root**2},
    goal=sp.Rational(735, 100) - root,
)
_NORM = Clause(
    id="T8-norm",
    place=_THEOREM + "smoothness: the Hessian norm is at most 152",
    variables=signs(nonneg="diag root"),
    weak={"T8-diagonal": sp.Rational(13657, 100) - diag, "T8-off": sp.Rational(735, 100) - root},
    goal=152 - diag - 2 * root,
)
_GRADIENT = Clause(
    id="T8-gradient",
    place=_THEOREM + "large gradient: e^((1 - x^2)/2) > 1 for |x| < 1, s = (1 - x^2)/2",
    variables=signs(pos="s"),
    goal=sp.exp(s) - 1,
    relation=">",
)
_SCALING = Clause(
    id="T8-scaling",
    place=_THEOREM + "scaling: the gap, chain = N",
    variables=signs(pos="L0 eps", nonneg="Delta chain"),
    weak={"length": Delta * L0 / (1824 * eps**2) - chain},
    goal=Delta - 152 * eps**2 / L0 * 12 * chain,
)

CLAUSES: tuple[Clause, ...] = (
    _PRIME,
    _PHI,
    _RIGHT,
    _LEFT,
    _AT_HIGH,
    _AT_LOW,
    _SMALL,
    _UPPER,
    _LOWER,
    _AREA,
    _GAP,
    _SHARP_GAP,
    _DIAGONAL,
    _OFF,
    _NORM,
    _GRADIENT,
    _SCALING,
)
