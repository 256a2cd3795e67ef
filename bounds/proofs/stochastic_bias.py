r"""Scalar steps: the bias of clipping (Lemma C), the clipping potential, exponentials, and the closing step.

In Lemma C the units are eta = sigma = 1; t is the threshold, x = <u, xi>, s = G + x and N^2 = 1 + G^2 + 2 G x, so
N runs through [|G - 1|, G + 1]. The lines of the proof are stated with x expressed by N.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "CLOSING", "DOC", "exp_upper", "huber"]

DOC = "docs/theory/stochastic.md, "
_BIAS = DOC + "Lemma C, "
_SETTING = DOC + "Section 1, "

G, N, V, a, eps, eta, gamma, ell, n, p, perp, s, S, t, u, x = sp.symbols("G N V a eps eta gamma ell n p perp s S t u x")
Lam = sp.Symbol("Lam")
_HALF = sp.Rational(1, 2)


def exp_upper(z: sp.Expr) -> sp.Expr:
    """A polynomial that is >= e^z for 0 <= z <= 5/6 (clause exp-upper)."""
    return 1 + z + z**2 / 2 + z**3 / 6 + z**4 / 24 + z**5 / 100


def huber(m: sp.Expr) -> sp.Expr:
    """The potential H at a vector of norm m: a polynomial in the clipped length."""
    h = sp.Min(eta * m, gamma)
    return m * h - h**2 / (2 * eta)


_CLIP = sp.Min(eta * u, gamma)
_EXP = Clause(
    id="exp-upper",
    place=_SETTING + "conversion factors: Taylor sum of degree 5 with a larger last term, times e^(-x)",
    variables=signs(nonneg="x"),
    weak={"range": sp.Rational(5, 6) - x},
    goal=exp_upper(x) * sp.exp(-x) - 1,
)
_E1A = Clause(
    id="E1a",
    place=_SETTING + "(h6), hb^2 <= 2 eta H",
    variables=signs(pos="eta gamma", nonneg="u"),
    goal=2 * eta * huber(u) - _CLIP**2,
    rivals={"1.9 for 2": {"goal": sp.Rational(19, 10) * eta * huber(u) - _CLIP**2}},
)
_E1B = Clause(
    id="E1b",
    place=_SETTING + "(h6), H >= 0",
    variables=signs(pos="eta gamma", nonneg="u"),
    goal=huber(u),
    rivals={"0.6 psi": {"goal": huber(u) - sp.Rational(3, 5) * u * _CLIP}},
)
_E1C = Clause(
    id="E1c",
    place=_SETTING + "(h6), H <= psi",
    variables=signs(pos="eta gamma", nonneg="u"),
    goal=u * _CLIP - huber(u),
    rivals={"0.9 psi": {"goal": sp.Rational(9, 10) * u * _CLIP - huber(u)}},
)
_E1D = Clause(
    id="E1d",
    place=_SETTING + "(h6), H <= gamma |v|",
    variables=signs(pos="eta gamma", nonneg="u"),
    goal=gamma * u - huber(u),
)
CLOSING = Clause(
    id="A6",
    place=_SETTING + "closing step (1.1)",
    variables=signs(pos="a eps Lam", nonneg="S p n"),
    weak={"sum": Lam + a * eps**2 + n - (2 * a * eps - p) * S, "room": a * eps**2 - n - p * eps - Lam},
    goal=eps - S,
    rivals={"0.9 eps": {"goal": sp.Rational(9, 10) * eps - S}},
)

_MIDDLE = (G - 1) + (t - G + 1) / 2 * (x + 1)
_UPPER = t - _HALF + x / 2
_INTERVAL = {"left": 1 + x, "right": 1 - x}
_ORTHOGONAL = Clause(
    id="C0",
    place=_BIAS + "N^2 bounds ||v + xi||^2 = s^2 + perp, for ||xi||^2 = x^2 + perp <= 1",
    variables=signs(nonneg="G perp V", free="x"),
    weak={"noise": 1 - x**2 - perp},
    eq={"norm": V - (G + x) ** 2 - perp},
    goal=1 + G**2 + 2 * G * x - V,
)
_SHRINK = Clause(
    id="C0-shrink",
    place=_BIAS + "<u, h> = s min(1, t/||v + xi||) >= min(s, s t/N) for s >= 0; V is the norm of v + xi",
    variables=signs(pos="V N", nonneg="s t"),
    weak={"C0": N - V},
    goal=s * sp.Min(1, t / V) - sp.Min(s, s * t / N),
)
_BACK = Clause(
    id="C0-back",
    place=_BIAS + "<u, h> >= s for s <= 0, with -s in place of s",
    variables=signs(pos="V", nonneg="s t"),
    goal=s - s * sp.Min(1, t / V),
)
_C1 = Clause(
    id="C1",
    place=_BIAS + "middle case, (i)",
    variables=signs(nonneg="G t", free="x"),
    weak={**_INTERVAL, "case": G - t + 1},
    goal=G + x - _MIDDLE,
    rivals={"l + 1/100": {"goal": G + x - _MIDDLE - sp.Rational(1, 100)}},
)
_C1B = Clause(
    id="C1b",
    place=_BIAS + "upper case, (i)",
    variables=signs(nonneg="G t", free="x"),
    weak={**_INTERVAL, "case": G - t},
    goal=G + x - _UPPER,
    rivals={"l + 1/100": {"goal": G + x - _UPPER - sp.Rational(1, 100)}},
)
_X_OF_N = (N**2 - 1 - G**2) / (2 * G)
_S_OF_N = (N**2 + G**2 - 1) / (2 * G)
_Q_MIDDLE = (t - G + 1) * N**2 + (G - 1) * (t - G - 1) * N + 2 * t * (G - 1)
_Q_UPPER = N**2 + (G + 1 - 2 * t) * N + 2 * t * (G - 1)
_RANGE = {"shortest": N - 1 + G, "shortest-2": N + 1 - G, "longest": G + 1 - N}


def _factored(name: str, line: sp.Expr, factor: sp.Expr, case: str) -> Clause:
    line = line.subs(x, _X_OF_N)
    return Clause(
        id=name,
        place=_BIAS + case + ", factorisation in (ii)",
        variables=signs(pos="G", nonneg="N t"),
        goal=4 * G * (t * _S_OF_N - line * N) - (G + 1 - N) * factor,
        relation="=",
        rivals={"N for G + 1 - N": {"goal": 4 * G * (t * _S_OF_N - line * N) - N * factor}},
    )


def _second(name: str, line: sp.Expr, case: str, where: dict[str, sp.Expr]) -> Clause:
    line = line.subs(x, _X_OF_N)
    return Clause(
        id=name,
        place=_BIAS + case + ", (ii)",
        variables=signs(pos="G t", nonneg="N"),
        weak={**_RANGE, **where, "nonnegative": 4 * G * line},
        goal=t * _S_OF_N - line * N,
        rivals={"factor 1.01": {"goal": t * _S_OF_N - sp.Rational(101, 100) * line * N}},
    )


_C2F = _factored("C2-factor", _MIDDLE, _Q_MIDDLE, "middle case")
_C3F = _factored("C3-factor", _UPPER, _Q_UPPER, "upper case")
_MIDDLE_CASE = {"low": G - t + 1, "high": t - G}
_C2 = _second("C2", _MIDDLE, "middle case, G >= 1", {**_MIDDLE_CASE, "large": G - 1})
_C2B = _second("C2b", _MIDDLE, "middle case, G <= 1", {**_MIDDLE_CASE, "small": 1 - G})
_C3 = _second("C3", _UPPER, "upper case, G >= 1", {"low": G - t, "large": G - 1})
_C3B = _second("C3b", _UPPER, "upper case, G <= 1", {"low": G - t, "small": 1 - G})
_JOIN = Clause(
    id="C-join",
    place=_BIAS + "l <= <u, h> where l >= 0",
    variables=signs(pos="N", nonneg="ell s t"),
    weak={"first": s - ell, "second": s * t - ell * N},
    goal=sp.Min(s, s * t / N) - ell,
)
_C4 = Clause(
    id="C4",
    place=_BIAS + "(2.2) in the middle case",
    variables=signs(pos="t", nonneg="G"),
    weak={"threshold": t - 1, "case": t - G},
    goal=(G + t - 1) / 2 - (1 - 1 / (2 * t)) * G,
)
_C4B = Clause(
    id="C4b",
    place=_BIAS + "(2.2) in the upper case",
    variables=signs(pos="t"),
    goal=(t - _HALF) - (1 - 1 / (2 * t)) * t,
    relation="=",
    rivals={"1/(3 t) for 1/(2 t)": {"goal": (t - _HALF) - (1 - 1 / (3 * t)) * t}},
)
_SHARP = Clause(
    id="C-sharp",
    place=_BIAS + "equality for two-point noise",
    variables=signs(nonneg="G t"),
    weak={"clipped": G + 1 - t, "unclipped": t - G, "far": G - 1},
    goal=(t + G - 1) / 2 - (sp.Min(G + 1, t) + sp.Min(G - 1, t)) / 2,
)

CLAUSES: tuple[Clause, ...] = (
    _EXP,
    _E1A,
    _E1B,
    _E1C,
    _E1D,
    CLOSING,
    _ORTHOGONAL,
    _SHRINK,
    _BACK,
    _C1,
    _C1B,
    _C2F,
    _C2,
    _C2B,
    _C3F,
    _C3,
    _C3B,
    _JOIN,
    _C4,
    _C4B,
    _SHARP,
)
