r"""Scalar steps of Section 5: the clipping map hb(u) = min(eta u, gamma), its potential and a convex minorant.

psi(u) = u hb(u), Hub(u) is the Huber function and phi the largest convex minorant of psi. All three are
polynomials in one minimum, which is how they are written here.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.deterministic_growth import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "clip", "huber", "minorant"]

_SECTION = DOC + "Section 5, "

eta, gamma, u, w, c, eps, T, Y, step, cap = sp.symbols("eta gamma u w c eps T Y step cap")
_SIGNS = signs(pos="eta gamma", nonneg="u w")


def clip(x: sp.Expr) -> sp.Expr:
    """hb(x) = min(eta x, gamma), the length of the clipped vector of norm x."""
    return sp.Min(eta * x, gamma)


def huber(x: sp.Expr, slope: sp.Expr = eta, top: sp.Expr = gamma) -> sp.Expr:
    """The Huber function with curvature ``slope`` and largest slope ``top``: the integral of min(slope t, top)."""
    h = sp.Min(slope * x, top)
    return x * h - h**2 / (2 * slope)


def minorant(x: sp.Expr) -> sp.Expr:
    """phi(x): eta x^2 up to tau/2, then its tangent gamma x - gamma^2/(4 eta)."""
    h = sp.Min(2 * eta * x, gamma)
    return x * h - h**2 / (4 * eta)


_CAPPED = Clause(id="S1a", place=_SECTION + "(h1)", variables=_SIGNS, goal=gamma - clip(u))
_SHORT = Clause(id="S1b", place=_SECTION + "(h1)", variables=_SIGNS, goal=eta * u - clip(u))
_RISES = Clause(
    id="S1c",
    place=_SECTION + "(h1), hb is nondecreasing",
    variables=_SIGNS,
    weak={"order": w - u},
    goal=clip(w) - clip(u),
)
_SQUARE = Clause(id="S1d", place=_SECTION + "(h1)", variables=_SIGNS, goal=eta * u * clip(u) - clip(u) ** 2)
_TANGENT = Clause(
    id="S2",
    place=_SECTION + "(h2), Hub lies above its tangents",
    variables=_SIGNS,
    goal=huber(w) - huber(u) - clip(u) * (w - u),
)
_HALF = Clause(id="S2b", place=_SECTION + "(h2)", variables=_SIGNS, goal=huber(u) - u * clip(u) / 2)
_BELOW = Clause(
    id="S2c",
    place=_SECTION + "(h2)",
    variables=_SIGNS,
    goal=u * clip(u) - huber(u),
    rivals={"Hub <= psi/1.1": {"goal": u * clip(u) - sp.Rational(11, 10) * huber(u)}},
)
_NONNEGATIVE = Clause(
    id="S2d",
    place=_SECTION + "(h2), H >= 0",
    variables=_SIGNS,
    goal=huber(u),
    rivals={"Hub >= eta u^2/2": {"goal": huber(u) - eta * u**2 / 2}},
)
_VECTOR = Clause(
    id="S15",
    place=_SECTION + "(h2), H(v) >= H(v0) + <h(v0), v - v0> with u = |v0| > 0, w = |v|, c = <v0, v>",
    variables=signs(pos="eta gamma u", nonneg="w", free="c"),
    weak={"cauchy": u * w - c},
    goal=huber(w) - huber(u) - clip(u) / u * (c - u**2),
)
_GROWS = Clause(
    id="S2e",
    place=DOC + "Theorem 1, step 5: H is nondecreasing in eta and gamma",
    variables=signs(pos="eta gamma step cap", nonneg="u"),
    weak={"step": step - eta, "clip": cap - gamma},
    goal=huber(u, step, cap) - huber(u),
)
_MINORANT = Clause(id="S3a", place=_SECTION + "(h3)", variables=_SIGNS, goal=u * clip(u) - minorant(u))
_CONVEX = Clause(
    id="S3b",
    place=_SECTION + "(h3), phi lies above its tangents",
    variables=_SIGNS,
    goal=minorant(w) - minorant(u) - sp.Min(2 * eta * u, gamma) * (w - u),
    rivals={
        "psi is midpoint convex (S3e)": {
            "goal": (u * clip(u) + w * clip(w)) / 2 - (u + w) / 2 * clip((u + w) / 2),
        },
    },
)
_EITHER = Clause(
    id="S3c",
    place=_SECTION + "(h3), phi(u) >= min(eta u^2, gamma u/2)",
    variables=_SIGNS,
    goal=(minorant(u) - eta * u**2, minorant(u) - gamma * u / 2),
)
_QUADRATIC = Clause(
    id="S3d",
    place=_SECTION + "(h3), a tangent of the quadratic branch below psi",
    variables=signs(pos="eta gamma", nonneg="u eps"),
    weak={"branch": gamma - 2 * eta * eps},
    goal=u * clip(u) - 2 * eta * eps * u + eta * eps**2,
)
_INVERSE = Clause(
    id="S3f",
    place=_SECTION + "(h3), phi is strictly increasing: phi(w) > phi(u) for w > u",
    variables=_SIGNS,
    strict={"order": w - u},
    goal=minorant(w) - minorant(u),
    relation=">",
)
_REACHES = Clause(
    id="S3h",
    place=_SECTION + "(h4)",
    variables=signs(pos="eta gamma", nonneg="eps Y"),
    weak={"quadratic": eta * eps**2 - Y, "linear": gamma * eps / 2 - Y},
    goal=minorant(eps) - Y,
)
_REACHES_T = Clause(
    id="S16",
    place=_SECTION + "(h4), with Y/T",
    variables=signs(pos="eta gamma T", nonneg="eps Y"),
    weak={"quadratic": T * eta * eps**2 - Y, "linear": T * gamma * eps - 2 * Y},
    goal=T * minorant(eps) - Y,
)

CLAUSES: tuple[Clause, ...] = (
    _CAPPED,
    _SHORT,
    _RISES,
    _SQUARE,
    _TANGENT,
    _HALF,
    _BELOW,
    _NONNEGATIVE,
    _VECTOR,
    _GROWS,
    _MINORANT,
    _CONVEX,
    _EITHER,
    _QUADRATIC,
    _INVERSE,
    _REACHES,
    _REACHES_T,
)
