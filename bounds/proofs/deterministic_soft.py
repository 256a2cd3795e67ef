r"""Scalar steps of Theorem 4: soft clipping, and the step 1/(L0 + L1 G).

hb(u) = gamma u/(tau + u) with tau = gamma/eta, written eta gamma u/(gamma + eta u); psi(u) = u hb(u) is convex.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "exp_one"]

_SECTION = DOC + "Section 8, "
_THEOREM = DOC + "Theorem 4, "
_RECIPROCAL = DOC + "Section 8, the step 1/(L0 + L1 G): "

eta, gamma, step, cap, u, w, c, s, lg, eps, T, Delta = sp.symbols("eta gamma step cap u w c s lg eps T Delta")
Hu, Hw, H, hb, k, q, b, nu, l0, l1, v, ell, K, R, start, DD = sp.symbols("Hu Hw H hb k q b nu l0 l1 v ell K R start DD")
F, Fn, G, S, L0, L1, y, z, x, mean = sp.symbols("F Fn G S L0 L1 y z x mean")
_SIGNS = signs(pos="eta gamma", nonneg="u w")
_S = G / (L0 + L1 * G)


def _soft(x: sp.Expr) -> sp.Expr:
    return eta * gamma * x / (gamma + eta * x)


def _psi(x: sp.Expr) -> sp.Expr:
    return x * _soft(x)


def exp_one(t: sp.Expr) -> sp.Expr:
    """A polynomial that is >= e^t for 0 <= t <= 1 (clause exp-one)."""
    return sum((t**n / sp.factorial(n) for n in range(7)), start=sp.Integer(0)) + t**7 / 4320


_SHORT = Clause(id="S11a", place=_SECTION + "hb <= eta u", variables=_SIGNS, goal=eta * u - _soft(u))
_CAPPED = Clause(id="S11a-cap", place=_SECTION + "hb <= gamma", variables=_SIGNS, goal=gamma - _soft(u))
_HALF = Clause(
    id="S11b",
    place=_SECTION + "hb >= min(eta u, gamma)/2",
    variables=_SIGNS,
    goal=_soft(u) - sp.Min(eta * u, gamma) / 2,
)
_CONVEX = Clause(
    id="S11c",
    place=_SECTION + "psi lies above its tangents",
    variables=_SIGNS,
    goal=_psi(w) - _psi(u) - eta * gamma * (2 * gamma * u + eta * u**2) / (gamma + eta * u) ** 2 * (w - u),
)
_RISES = Clause(
    id="S11d",
    place=_SECTION + "hb is increasing, so its integral H is convex",
    variables=_SIGNS,
    weak={"order": w - u},
    goal=_soft(w) - _soft(u),
)
_STRICT = Clause(
    id="S11e",
    place=_SECTION + "psi is strictly increasing",
    variables=_SIGNS,
    strict={"order": w - u},
    goal=_psi(w) - _psi(u),
    relation=">",
)
_SLOPE = Clause(
    id="T4-slope",
    place=_SECTION + "H' = hb: gamma (1 - 1/(1 + u/tau)) = hb(u)",
    variables=signs(pos="eta gamma", nonneg="u"),
    goal=gamma * (1 - 1 / (1 + eta * u / gamma)) - _soft(u),
    relation="=",
    rivals={"gamma -> 2 gamma": {"goal": 2 * gamma * (1 - 1 / (1 + eta * u / gamma)) - _soft(u)}},
)
_VECTOR = Clause(
    id="T4-vector",
    place=_THEOREM + "step 1: H(v) >= H(v0) + <h(v0), v - v0> with u = |v0| > 0, w = |v|, c = <v0, v>",
    variables=signs(pos="u", nonneg="w hb Hu Hw", free="c"),
    weak={"radial": Hw - Hu - hb * (w - u), "cauchy": u * w - c},
    goal=Hw - Hu - hb / u * (c - u**2),
)
_S20 = Clause(
    id="S20",
    place=_SECTION + "1/psi(eps)",
    variables=signs(pos="eta gamma eps"),
    goal=1 / _psi(eps) - 1 / (eta * eps**2) - 1 / (gamma * eps),
    relation="=",
    rivals={"1/(gamma eps) -> 2/(gamma eps)": {"goal": 1 / _psi(eps) - 1 / (eta * eps**2) - 2 / (gamma * eps)}},
)
_GROWS = Clause(
    id="T4-grows",
    place=_THEOREM + "step 5: hb, and so H, is nondecreasing in eta and gamma",
    variables=signs(pos="eta gamma step cap", nonneg="u"),
    weak={"step": step - eta, "clip": cap - gamma},
    goal=step * cap * u / (cap + step * u) - _soft(u),
)
_SCALE = Clause(
    id="T4-scale",
    place=_THEOREM + "step 5: H at eta = kappa q/l0, gamma = kappa q/l1, lg = ln(1 + s)",
    variables=signs(pos="l0 l1 k q", nonneg="u s lg"),
    eq={"s": l0 * s - l1 * u},
    goal=k * q / l1 * (u - l0 / l1 * lg) - k * q * l0 / l1**2 * (s - lg),
    relation="=",
)
_START = Clause(
    id="T4-start",
    place=_THEOREM + "step 5: nu (beta/q) H(g0) <= kappa nu beta Delta, v = l0/l1^2 and ell = s - ln(1 + s)",
    variables=signs(pos="q v", nonneg="b k nu H ell Delta"),
    weak={"T4-scale": k * q * v * ell - H, "Lemma-3": Delta - v * ell},
    goal=k * nu * b * Delta - nu * b / q * H,
)
_BUDGET = Clause(
    id="T4-budget",
    place=_THEOREM + "(6.1) with K_soft",
    variables=signs(nonneg="b k nu DD Delta", free="start"),
    weak={
        "T1-sum": start - (1 - k) / (1 - b * k) * DD,
        "T4-start": (1 + k * nu * b) * Delta - start,
    },
    strict={"kappa": 1 - k, "contraction": 1 - b * k},
    goal=(1 + k * nu * b) * (1 - k * b) / (1 - k) * Delta - DD,
)
_ITERATIONS = Clause(
    id="T4-T",
    place=_THEOREM + "the condition on T is K Delta/T <= psi(eps/R)",
    variables=signs(pos="eta gamma eps R T", nonneg="K Delta"),
    weak={"T": T - K * Delta * (R**2 / (eta * eps**2) + R / (gamma * eps))},
    goal=_psi(eps / R) - K * Delta / T,
)
_EXP_ONE = Clause(
    id="exp-one",
    place=_RECIPROCAL + "Taylor sum of degree 7 with a larger last term, times e^(-s)",
    variables=signs(nonneg="s"),
    weak={"range": 1 - s},
    goal=exp_one(s) * sp.exp(-s) - 1,
)
_E_VALUE = Clause(
    id="T4r-e",
    place=_RECIPROCAL + "3 - e >= 0.2817, x = e",
    variables=signs(pos="x"),
    weak={"exp-one": exp_one(sp.Integer(1)) - x},
    goal=3 - x - sp.Rational(2817, 10000),
)
_E_SERIES = Clause(
    id="T4r-growth",
    place=_RECIPROCAL + "e^v - 1 - v <= (e - 2) v^2 on [0, 1]: w(1) >= w(v) for w(v) = (e^v - 1 - v)/v^2, x = e",
    variables=signs(pos="v x", nonneg="z"),
    weak={"increasing": (x - 2) - (z - 1 - v) / v**2},
    goal=(x - 2) * v**2 - (z - 1 - v),
)
_SHORT_STEP = Clause(
    id="T4r-short",
    place=_RECIPROCAL + "L1 S <= 1",
    variables=signs(pos="L0", nonneg="L1 G S"),
    eq={"step": (L0 + L1 * G) * S - G},
    goal=1 - L1 * S,
)
_DECREASE = Clause(
    id="T4r-decrease",
    place=_RECIPROCAL + "the decrease, S = G/(L0 + L1 G), x = e and y = e^(L1 S) - 1 - L1 S",
    variables=signs(pos="L0 L1 x", nonneg="G y", free="F Fn"),
    weak={
        "Lemma-2": F - G * _S + (L0 + L1 * G) * y / L1**2 - Fn,
        "T4r-growth": (x - 2) * (L1 * _S) ** 2 - y,
    },
    goal=F - (3 - x) * G**2 / (L0 + L1 * G) - Fn,
)
_RECIPROCAL_T = Clause(
    id="T4r-T",
    place=_RECIPROCAL + "the mean is at most eps, y = Delta/(3 - e)",
    variables=signs(pos="L0 eps T", nonneg="L1 mean y"),
    weak={
        "jensen": y / T - mean**2 / (L0 + L1 * mean),
        "T": T - y * (L0 / eps**2 + L1 / eps),
    },
    goal=eps - mean,
)

CLAUSES: tuple[Clause, ...] = (
    _SHORT,
    _CAPPED,
    _HALF,
    _CONVEX,
    _RISES,
    _STRICT,
    _SLOPE,
    _VECTOR,
    _S20,
    _GROWS,
    _SCALE,
    _START,
    _BUDGET,
    _ITERATIONS,
    _EXP_ONE,
    _E_VALUE,
    _E_SERIES,
    _SHORT_STEP,
    _DECREASE,
    _RECIPROCAL_T,
)
