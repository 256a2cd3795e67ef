r"""Scalar steps: growth of the gradient, the descent inequality and the conversion factors.

With w = L1 rho (rho the length of a step), B(c) = (e^c - 1)/c, C(c) = 2 (e^c - 1 - c)/c^2 and A(c) = 1 + e^c - B(c).
An exponential enters a polynomial clause as a variable together with the facts that are used about it; the
facts themselves are the clauses with ``exp`` in their goal.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "DOC", "exp_above", "exp_below"]

DOC = "docs/theory/deterministic.md, "
_FACTORS = DOC + "Section 2, conversion factors"
_WELL = DOC + "Section 3"

L0, L1, G, a, b, c, k, p, r, s, w, x, z = sp.symbols("L0 L1 G a b c k p r s w x z")
dp, dw, dz, rho, norm, factor, theta, kappa, q, gamma = sp.symbols("dp dw dz rho norm factor theta kappa q gamma")


def exp_below(t: sp.Expr) -> sp.Expr:
    """1 + t + t^2/2 <= e^t for t >= 0 (clause exp-below)."""
    return 1 + t + t**2 / 2


def exp_above(t: sp.Expr) -> sp.Expr:
    """A polynomial that is >= e^t for 0 <= t <= 5/12 (clause exp-above)."""
    return 1 + t + t**2 / 2 + t**3 / 6 + t**4 / 24 + t**5 / 110


_TENTH = sp.Rational(1, 10)

_RATE = Clause(
    id="L1-rate",
    place=DOC + "Lemma 1, derivative of phi(s) = w p - a (1 - w)/L1 with w = e^(-L1 s)",
    variables=signs(pos="L1 w", nonneg="a p", free="dp dw"),
    weak={"growth": a + L1 * p - dp},
    eq={"weight": dw + L1 * w},
    goal=-(dw * p + w * dp + a * dw / L1),
)
_TRIANGLE = Clause(
    id="L1-triangle",
    place=DOC + "Lemma 1, the Dini derivative of p",
    variables=signs(nonneg="L0 L1 G p norm dp"),
    weak={"smooth": L0 + L1 * norm - dp, "triangle": G + p - norm},
    goal=(L0 + L1 * G) + L1 * p - dp,
)
_UNWIND = Clause(
    id="L1-unwind",
    place=DOC + "Lemma 1, from phi(rho) <= 0 to the claim, z = e^(L1 rho)",
    variables=signs(pos="L1 w z", nonneg="a p"),
    weak={"falling": a * (1 - w) / L1 - w * p},
    eq={"inverse": w * z - 1},
    goal=a * (z - 1) / L1 - p,
)
_PRIMITIVE = Clause(
    id="L2-primitive",
    place=DOC + "Lemma 2, derivative of (z - 1 - L1 s)/L1^2 with z = e^(L1 s)",
    variables=signs(pos="L1 z", free="dz"),
    eq={"exponential": dz - L1 * z},
    goal=(dz - L1) / L1**2 - (z - 1) / L1,
    relation="=",
    rivals={"(z - 1)/L1 -> z/L1": {"goal": (dz - L1) / L1**2 - z / L1}},
)
_B_RISES = Clause(
    id="P1a",
    place=_FACTORS + ", numerator of the derivative of (e^w - 1)/w",
    variables=signs(nonneg="w"),
    goal=w * sp.exp(w) - (sp.exp(w) - 1),
)
_C_RISES = Clause(
    id="P1b",
    place=_FACTORS + ", numerator of the derivative of (e^w - 1 - w)/w^2",
    variables=signs(nonneg="w"),
    goal=w * (sp.exp(w) - 1) - 2 * (sp.exp(w) - 1 - w),
)
_A_ABOVE_B = Clause(
    id="P1c",
    place=_FACTORS + ", c (A(c) - B(c)) >= 0",
    variables=signs(nonneg="c"),
    goal=c * (1 + sp.exp(c)) - 2 * (sp.exp(c) - 1),
)
_C_BELOW_B = Clause(
    id="P1d",
    place=_FACTORS + ", c^2 (B(c) - C(c)) >= 0",
    variables=signs(nonneg="c"),
    goal=c * (sp.exp(c) - 1) - 2 * (sp.exp(c) - 1 - c),
)
_B_ABOVE_1 = Clause(
    id="P1e",
    place=_FACTORS + ", c (B(c) - 1) >= 0",
    variables=signs(nonneg="c"),
    goal=sp.exp(c) - 1 - c,
)
_COEFFICIENT = Clause(
    id="P1f",
    place=_FACTORS + ", 1/k! - 2/(k+1)! = (k-1)/(k+1)! with factor = k!",
    variables=signs(pos="factor", nonneg="k"),
    goal=1 / factor - 2 / ((k + 1) * factor) - (k - 1) / ((k + 1) * factor),
    relation="=",
    rivals={"k - 1 -> k": {"goal": 1 / factor - 2 / ((k + 1) * factor) - k / ((k + 1) * factor)}},
)
_COEFFICIENT_C = Clause(
    id="P1g",
    place=_FACTORS + ", 2/(k+2)! <= 1/(k+1)! with factor = (k+1)!",
    variables=signs(pos="factor", nonneg="k"),
    goal=1 / factor - 2 / ((k + 2) * factor),
)
_CONVERT_B = Clause(
    id="conv-B",
    place=DOC + "Section 2, (2.1), left; z = e^(L1 rho) - 1",
    variables=signs(pos="L1 b", nonneg="L0 G rho z"),
    weak={"growth": b * L1 * rho - z},
    goal=b * (L0 + L1 * G) * rho - (L0 + L1 * G) * z / L1,
)
_CONVERT_C = Clause(
    id="conv-C",
    place=DOC + "Section 2, (2.1), right; z = e^(L1 rho) - 1 - L1 rho",
    variables=signs(pos="L1 c", nonneg="L0 G rho z"),
    weak={"growth": c * (L1 * rho) ** 2 / 2 - z},
    goal=c / 2 * (L0 + L1 * G) * rho**2 - (L0 + L1 * G) * z / L1**2,
)
_RADIUS = Clause(
    id="radius",
    place=DOC + "Theorem 1, which l0 and l1: theta = B(kappa q) >= 1",
    variables=signs(pos="gamma theta kappa q", nonneg="L1"),
    weak={"factor": theta - 1, "clip": kappa * q - gamma * theta * L1},
    goal=kappa * q - gamma * L1,
)
_EXP_BELOW = Clause(
    id="exp-below",
    place=DOC + "Section 2, values: Taylor sum of degree 2",
    variables=signs(nonneg="s"),
    goal=sp.exp(s) - exp_below(s),
)
_EXP_ABOVE = Clause(
    id="exp-above",
    place=DOC + "Section 2, values: Taylor sum of degree 5 with a larger last term, times e^(-s)",
    variables=signs(nonneg="s"),
    weak={"range": sp.Rational(5, 12) - s},
    goal=exp_above(s) * sp.exp(-s) - 1,
)
_EXP_TANGENT = Clause(
    id="exp-tangent",
    place=DOC + "Theorems 2 and 3, best parameters: e^x >= 1 + x for every real x, r = e^x",
    variables=signs(pos="r"),
    goal=r - 1 - sp.log(r),
)
_VALUE_A = Clause(
    id="value-A",
    place=DOC + "Section 2, values: A(1/10) = 11 - 9 z <= 1.06 with z = e^(1/10)",
    variables=signs(pos="z"),
    weak={"exp-below": z - exp_below(_TENTH)},
    goal=sp.Rational(106, 100) - (11 - 9 * z),
)
_VALUE_B = Clause(
    id="value-B",
    place=DOC + "Section 2, values: B(1/10) = 10 (z - 1) <= 1.06 with z = e^(1/10)",
    variables=signs(pos="z"),
    weak={"exp-above": exp_above(_TENTH) - z},
    goal=sp.Rational(106, 100) - 10 * (z - 1),
)
_STRUCTURE = Clause(
    id="D1-structure",
    place=_WELL + ", structure theorem: L0 z = L0 + L1 |f'| with z = e^(L1 |z(x)|)",
    variables=signs(pos="L0 L1 z", nonneg="G"),
    eq={"slope": G - L0 / L1 * (z - 1)},
    goal=L0 * z - (L0 + L1 * G),
    relation="=",
)
_DECREASE = Clause(
    id="D1-decrease",
    place=_WELL + ", exact decrease: slope of the well at z_G - rho, w = e^(-L1 rho), z = e^(L1 z_G)",
    variables=signs(pos="L0 L1 w z", nonneg="G"),
    eq={"slope": G - L0 / L1 * (z - 1)},
    goal=L0 / L1 * (w * z - 1) - ((L0 / L1 + G) * w - L0 / L1),
    relation="=",
)
_QUARTIC = Clause(
    id="P3",
    place=DOC + "Section 2: x^4 is (16/L1^2, L1)-smooth",
    variables=signs(pos="L1", nonneg="x"),
    goal=16 / L1**2 + 4 * L1 * x**3 - 12 * x**2,
)

CLAUSES: tuple[Clause, ...] = (
    _TRIANGLE,
    _RATE,
    _UNWIND,
    _PRIMITIVE,
    _B_RISES,
    _C_RISES,
    _A_ABOVE_B,
    _C_BELOW_B,
    _B_ABOVE_1,
    _COEFFICIENT,
    _COEFFICIENT_C,
    _CONVERT_B,
    _CONVERT_C,
    _RADIUS,
    _EXP_BELOW,
    _EXP_ABOVE,
    _EXP_TANGENT,
    _VALUE_A,
    _VALUE_B,
    _STRUCTURE,
    _DECREASE,
    _QUARTIC,
)
