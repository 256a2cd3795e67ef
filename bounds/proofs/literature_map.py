"""Which steps prove which record of docs/theory/literature.md, how they cite each other, where the record enters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from bounds.proofs.citations import Citation, Junction
from bounds.proofs.literature import CLAUSES, DOC
from bounds.symbols import L0, L1, Delta, R, T, epsilon, epsilon_F, eta, gamma

__all__ = ["ITERATIONS", "LINKS", "REQUIRES", "STEPS", "WRITTEN"]

_BY_ID = {clause.id: clause for clause in CLAUSES}

WRITTEN: dict[str, tuple[str, str]] = {
    "norm-descent": (
        "the first-order form gives F(x+) <= F(x) - s G + (L0 + L1 G) s^2/2 for a step of length s <= 1/L1 along -g#",
        DOC + "Theorem 11, beginning of the proof",
    ),
    "telescoping": ("summing F(x_(t+1)) <= F(x_t) - d_t over t < T gives sum of d_t <= Delta", DOC + "Theorem 11"),
    "square-root": (
        "sqrt(T) is the w of the steps, and the root of a quadratic is the r",
        DOC + "Theorem 11, last line",
    ),
    "convexity": ("<grad F(x), x - z> >= F(x) - F(z) for convex F", DOC + "Theorem 12"),
    "cauchy-schwarz": ("<v, w> <= ||v|| ||w||", DOC + "Theorem 12"),
    "distance-induction": ("all iterates stay within R of z", DOC + "Theorem 12"),
    "integral-comparison": (
        "the integral of 1/psi over [phi_(t+1), phi_t] is at least (phi_t - phi_(t+1))/psi(phi_t)",
        DOC + "Theorem 12",
    ),
    "log-monotone": ("if phi_N > eps then ln(phi_0/phi_N) < ln(Delta/eps)", DOC + "Theorem 12"),
    "cocoercivity": (
        "h = F + (L/2)|x|^2 is convex and 2L-smooth, so it lies above its tangents by 1/(4L)|.|^2",
        DOC + "Theorem 13",
    ),
    "descent-lemma": ("F(x) - inf F >= |grad F(x)|^2/(2L)", DOC + "Theorem 13"),
    "smallest": ("the smallest of the squared gradient norms is at most each of them", DOC + "Theorem 13"),
}

STEPS: dict[str, tuple[str, ...]] = {
    "any-norm-clipping": (
        *("C-radius", "norm-descent", "C-curve", "C-decrease", "telescoping", "smallest", "C-least", "C-sum"),
        *("C-either", "C-root", "square-root", "C-steps", "C-count", "C-close"),
    ),
    "reciprocal-gd-convex": (
        *("V-short", "norm-descent", "V-decrease", "V-gap", "convexity", "V-distance", "distance-induction"),
        *("cauchy-schwarz", "V-slope", "V-monotone", "V-step", "V-psi", "V-unit", "integral-comparison", "V-primitive"),
        *("V-count", "log-monotone"),
    ),
    "gd-exact": (
        *("cocoercivity", "E-step", "smallest", "E-each", "descent-lemma", "E-last", "telescoping", "E-sum"),
        *("E-count", "E-root"),
    ),
}
"""Record key -> its steps. A step occurs once, where it is first needed."""

_G, _S, _h, _phi, _phin, _w, _p, _x, _y, _m = map(sp.Symbol, ("G", "S", "h", "phi", "phin", "w", "p", "x", "y", "m"))
_eta, _gamma, _L0, _L1, _R, _Delta = map(sp.Symbol, ("eta", "gamma", "L0", "L1", "R", "Delta"))

LINKS: dict[tuple[str, str], Citation] = {
    ("C-decrease", "C-curve"): Citation(user={_S: sp.Min(_eta * _G, _gamma)}),
    ("C-close", "C-count"): Citation(user={_x: _p / _w, _y: 2 * _Delta / (_gamma * _w**2)}),
    ("V-step", "V-decrease"): Citation(lemma={_h: 1 / (_L0 + _L1 * _G)}),
    ("V-unit", "V-step"): Citation(user={_y: _phi**2 / (2 * (_L0 * _R**2 + _L1 * _R * _phi))}),
    ("E-root", "E-count"): Citation(lemma={_m: _G**2}),
}
"""(clause, hypothesis) -> its citation; an absent pair is the goal of the cited clause word for word."""


def _meets(clause: str, hypothesis: str, **at: Any) -> Junction:
    return Junction(source=_BY_ID[clause], hypothesis=hypothesis, at=at)


_ROOT = sp.sqrt(2 * Delta / eta)

ITERATIONS: Mapping[str, Junction] = {
    "any-norm-clipping": _meets(
        "C-steps", "T", w=sp.sqrt(T), eps=epsilon, p=_ROOT, r=sp.sqrt(_ROOT**2 + 8 * Delta * epsilon / gamma)
    ),
    "reciprocal-gd-convex": _meets(
        *("V-count", "T"), N=T - 1, L0=L0, L1=L1, R=R, i=1 / epsilon_F, iD=1 / Delta, lg=sp.log(Delta / epsilon_F)
    ),
    "gd-exact": _meets("E-count", "T", T=T, L=L0, Delta=Delta, eps=epsilon),
}
"""Record key -> where its T enters: T - iterations."""

REQUIRES: Mapping[str, tuple[Junction, ...]] = {
    "any-norm-clipping": (_meets("C-curve", "step", eta=eta, gamma=gamma, L0=L0, L1=L1),),
    "reciprocal-gd-convex": (),
    "gd-exact": (_meets("E-step", "step", eta=eta, L=L0),),
}
"""Record key -> where each of its requirements is used, in the record's order."""
