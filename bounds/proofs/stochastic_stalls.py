r"""Scalar steps of the counterexamples: where clipped SGD stalls, and why the slides' literal form needs a unit."""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs
from bounds.proofs.stochastic_bias import DOC

__all__ = ["CLAUSES"]

G, k, g, tau, sigma, eps, gamma, L0 = sp.symbols("G k g tau sigma eps gamma L0")
_A = sp.Rational(101, 100)
_UPHILL = sp.Rational(6, 10) * (G - 2 * sigma / 3) + sp.Rational(4, 10) * sigma / 2

_SOFT = Clause(
    id="stall-soft",
    place=DOC + "Section 6, a soft threshold k sigma: b(0) < 0, times 4/k",
    variables=signs(pos="k"),
    goal=3 / (3 * k + 1) - 1 / (k + 1),
    relation=">",
)
_WALK = Clause(
    id="stall-walk",
    place=DOC + "Section 10, tau < sigma: both values of g are clipped",
    variables=signs(nonneg="tau sigma G g"),
    weak={"slope": sigma - tau - G, "noise": g - (sigma - G)},
    goal=g - tau,
)
_SKEW_HIGH = Clause(
    id="stall-skew",
    place=DOC + "Section 10, skewed noise, only the positive value is clipped",
    variables=signs(nonneg="sigma G"),
    weak={"slope": sigma / 4 - G},
    goal=-sigma / 20 - _UPHILL,
    rivals={"0.06": {"goal": -sp.Rational(6, 100) * sigma - _UPHILL}},
)
_SKEW_LOW = Clause(
    id="stall-skew-low",
    place=DOC + "Section 10, skewed noise, both values are clipped for G <= sigma/6",
    variables=signs(nonneg="sigma G"),
    weak={"low": sigma / 6 - G},
    goal=(2 * sigma / 3 - G) - sigma / 2,
)
_CYCLE = Clause(
    id="R-cycle",
    place=DOC + "Section 5, literal form, small noise level: |f'(x_0)| exceeds 3 eps and the threshold 5 sigma",
    variables=signs(pos="sigma eps"),
    strict={"small": eps - 12 * _A * sigma},
    goal=sp.Min(eps**2 / (4 * _A * sigma) - 3 * eps, eps**2 / (4 * _A * sigma) - 5 * sigma),
    relation=">",
)
_CYCLE_LENGTH = Clause(
    id="R-cycle-slope",
    place=DOC + "Section 5, literal form, small noise level: |f'(x_0)| = L0 gamma/2 = eps^2/(4 A sigma)",
    variables=signs(pos="L0 gamma sigma eps"),
    eq={"entry": gamma * 2 * sigma * _A * L0 - eps**2},
    goal=L0 * gamma / 2 - eps**2 / (4 * _A * sigma),
    relation="=",
    rivals={"gamma for gamma/2": {"goal": L0 * gamma - eps**2 / (4 * _A * sigma)}},
)

CLAUSES: tuple[Clause, ...] = (_SOFT, _WALK, _SKEW_HIGH, _SKEW_LOW, _CYCLE, _CYCLE_LENGTH)
