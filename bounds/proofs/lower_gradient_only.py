r"""Scalar steps of Theorem 9, the resisting oracle. (Theorem 10: :mod:`bounds.proofs.deterministic_line`.)

W(x) = (L0/L1^2)(e^(L1 |x|) - 1 - L1 |x|) is the primitive along which a slope turns, z_G = ln(1 + L1 G/L0)/L1 its
length and D(G) = W(z_G). An exponential enters as a variable (v = e^(L1 z)), a logarithm as lg, with the facts used.
"""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "DOC"]

DOC = "docs/theory/lower.md, "
_NOTATION = DOC + "Part A, notation"
_NINTH = DOC + "Theorem 9"

L0, L1, G, s, v, dv, lg, z, x, y, r, l, p, slope, dp, Delta, eps = sp.symbols(
    "L0 L1 G s v dv lg z x y r l p slope dp Delta eps"
)
a, b, an, bn, t, n, N, D, D1, delta, W, Wm, d, c, zn, h, rise = sp.symbols(
    "a b an bn t n N D D1 delta W Wm d c zn h rise"
)

_WELL = Clause(
    id="A-well",
    place=_NOTATION + ": W(z_G) = D(G), v = e^(L1 z_G) = 1 + s, lg = L1 z_G and s = L1 G/L0",
    variables=signs(pos="L0 L1", nonneg="G s lg v"),
    eq={"s": L0 * s - L1 * G, "v": v - 1 - s},
    goal=L0 / L1**2 * (v - 1 - lg) - L0 / L1**2 * (L1 * G / L0 - lg),
    relation="=",
)
_PRIMITIVE = Clause(
    id="A-primitive",
    place=_NOTATION + ": W' = (L0/L1)(e^(L1 z) - 1), the derivative of f along a stretch of slope one",
    variables=signs(pos="L0 L1 v", free="dv"),
    eq={"exponential": dv - L1 * v},
    goal=L0 / L1**2 * (dv - L1) - L0 / L1 * (v - 1),
    relation="=",
    rivals={"(v - 1) -> v": {"goal": L0 / L1**2 * (dv - L1) - L0 / L1 * v}},
)
_RATE = Clause(
    id="A-rate",
    place=_NOTATION + ": D' = G/(L0 + L1 G), D = (G - (L0/L1) ln(1 + L1 G/L0))/L1",
    variables=signs(pos="L0 L1", nonneg="G"),
    goal=(1 - L0 / (L0 + L1 * G)) / L1 - G / (L0 + L1 * G),
    relation="=",
    rivals={"1/L0": {"goal": (1 - L0 / (L0 + L1 * G)) / L0 - G / (L0 + L1 * G)}},
)
_INCREASES = Clause(
    id="A-increasing",
    place=_NOTATION + ": D is strictly increasing, r its derivative",
    variables=signs(pos="G", nonneg="L0 L1", free="r"),
    strict={"class": L0 + L1},
    eq={"A-rate": r * (L0 + L1 * G) - G},
    goal=r,
    relation=">",
)
_LIPSCHITZ = Clause(
    id="A-lipschitz",
    place=_NINTH + ", dimension one: a minimum of 1-Lipschitz functions is 1-Lipschitz",
    variables=signs(nonneg="t", free="a b an bn"),
    weak={"first": a + t - an, "second": b + t - bn},
    goal=sp.Min(a, b) + t - sp.Min(an, bn),
)
_DISTANCE = Clause(
    id="A-distance",
    place=_NINTH + ", dimension one: |x - y| is 1-Lipschitz in x",
    variables=signs(nonneg="t", free="x y an"),
    weak={"right": an - x + t, "left": x + t - an},
    goal=sp.Max(x - y, y - x) + t - sp.Max(an - y, y - an),
)
_CLASS = Clause(
    id="A-class",
    place=_NINTH + ": |f''| = L0 e^(L1 |z|) |z'| <= L0 + L1 |f'|, |f'| = (L0/L1)(v - 1)",
    variables=signs(pos="L0 L1 v", nonneg="p slope"),
    weak={"lipschitz": 1 - slope},
    eq={"value": L1 * p - L0 * (v - 1)},
    goal=L0 + L1 * p - L0 * v * slope,
)
_CLASS_0 = Clause(
    id="A-class-0",
    place=_NINTH + ", L0 = 0: |f''| = L1 G e^(-L1 dist) |dist'| <= L1 |f'|",
    variables=signs(pos="L1 G v", nonneg="p slope"),
    weak={"lipschitz": 1 - slope},
    eq={"value": p - G * v},
    goal=L1 * p - L1 * G * v * slope,
)
_LINEAR_EXP = Clause(
    id="A-exp",
    place=_NINTH + ": W >= 0, that is e^x >= 1 + x",
    variables=signs(nonneg="x"),
    goal=sp.exp(x) - 1 - x,
)
_DROP = Clause(
    id="A-drop",
    place=_NINTH + " (A.1): 2 (W(z_G) - W(max(z_G - l/2, 0))) <= 2 D(G); W, Wm the two values, D = W(z_G)",
    variables=signs(nonneg="W Wm D"),
    eq={"A-well": W - D},
    goal=2 * D - 2 * (W - Wm),
    rivals={"2 D -> 1.9 D": {"goal": sp.Rational(19, 10) * D - 2 * (W - Wm)}},
)
_DROP_0 = Clause(
    id="A-drop-0",
    place=_NINTH + ", L0 = 0: (2G/L1)(1 - e^(-L1 l/2)) <= 2 D(G), v the exponential",
    variables=signs(pos="L1 G v"),
    goal=2 * G / L1 - 2 * G / L1 * (1 - v),
)
_GAP = Clause(
    id="A-gap",
    place=_NINTH + ", the gap: n - 1 drops of at most 2D and the last of D, c their sum",
    variables=signs(pos="D", nonneg="c n N Delta"),
    weak={
        "sum": 2 * (n - 1) * D + D - c,
        "points": N - n,
        "choice": Delta - (2 * N - 1) * D,
    },
    goal=Delta - c,
)
_GAP_SMOOTH = Clause(
    id="A-gap-smooth",
    place=_NINTH + ", a smooth version: each stretch preceded by a flat piece of length (3/2) delta",
    variables=signs(pos="D", nonneg="c n N Delta G delta"),
    weak={
        "sum": 2 * (n - 1) * (D + sp.Rational(3, 2) * delta * G) + D + sp.Rational(3, 2) * delta * G - c,
        "points": N - n,
        "choice": Delta - (2 * N - 1) * (D + sp.Rational(3, 2) * delta * G),
    },
    goal=Delta - c,
)
_FLAT = Clause(
    id="A-flat",
    place=_NINTH + ", a smooth version: within delta/2 of a query the window sees only the bottom",
    variables=signs(nonneg="delta r t"),
    weak={"near": delta / 2 - r, "window": delta / 2 - t},
    goal=delta - r - t,
)
_WINDOW = Clause(
    id="A-window",
    place=_NINTH + ", a smooth version: averaging moves the distance by at most delta/2, r and p the two distances",
    variables=signs(nonneg="delta r p t"),
    weak={"lipschitz": p + t - r, "window": delta / 2 - t},
    goal=sp.Max(p - delta, 0) - sp.Max(r - sp.Rational(3, 2) * delta, 0),
)
_SLACK = Clause(
    id="A-choice",
    place=_NINTH + ", order of choices: N points fail when (2N - 1) D(eps) < Delta",
    variables=signs(pos="D", nonneg="Delta N"),
    strict={"count": (Delta / D + 1) / 2 - N},
    goal=Delta - (2 * N - 1) * D,
    relation=">",
)
_ROOM = Clause(
    id="A-room",
    place=_NINTH + ", order of choices: room for G > eps and delta > 0, D the value at eps and D1 at G",
    variables=signs(pos="D D1 G N", nonneg="Delta delta h"),
    weak={
        "close": h - (D1 - D),
        "small": h - sp.Rational(3, 2) * delta * G,
        "slack": Delta - (2 * N - 1) * D - 4 * N * h,
        "points": N - 1,
    },
    goal=Delta - (2 * N - 1) * (D1 + sp.Rational(3, 2) * delta * G),
)
_SQUARE = Clause(
    id="A-D-square",
    place=_NINTH + ", the two numbers: the integrand of D is at most p/L0",
    variables=signs(pos="L0", nonneg="L1 p"),
    goal=p / L0 - p / (L0 + L1 * p),
)
_LINEAR = Clause(
    id="A-D-linear",
    place=_NINTH + ", the two numbers: the integrand of D is at most 1/L1",
    variables=signs(pos="L1 p", nonneg="L0"),
    goal=1 / L1 - p / (L0 + L1 * p),
)
_LOG_SQUARE = Clause(
    id="A-log-square",
    place=_NINTH + ": s - ln(1 + s) <= s^2/2, the first bound of D in closed form",
    variables=signs(nonneg="s"),
    goal=s**2 / 2 - s + sp.log(1 + s),
)
_LOG_POSITIVE = Clause(
    id="A-log-positive",
    place=_NINTH + ": s - ln(1 + s) <= s, the second bound of D in closed form",
    variables=signs(nonneg="s"),
    goal=sp.log(1 + s),
    rivals={"s - ln(1 + s) <= s/2": {"goal": sp.log(1 + s) - s / 2}},
)
_FIRST = Clause(
    id="A-T-square",
    place=_NINTH + ", the two numbers: L0 Delta/eps^2 + 1/2",
    variables=signs(pos="D eps L0", nonneg="Delta"),
    weak={"D": eps**2 / (2 * L0) - D},
    goal=(Delta / D + 1) / 2 - L0 * Delta / eps**2 - sp.Rational(1, 2),
)
_SECOND = Clause(
    id="A-T-linear",
    place=_NINTH + ", the two numbers: L1 Delta/(2 eps) + 1/2",
    variables=signs(pos="D eps L1", nonneg="Delta"),
    weak={"D": eps / L1 - D},
    goal=(Delta / D + 1) / 2 - L1 * Delta / (2 * eps) - sp.Rational(1, 2),
)
CLAUSES: tuple[Clause, ...] = (
    _WELL,
    _PRIMITIVE,
    _RATE,
    _INCREASES,
    _LIPSCHITZ,
    _DISTANCE,
    _CLASS,
    _CLASS_0,
    _LINEAR_EXP,
    _DROP,
    _DROP_0,
    _GAP,
    _GAP_SMOOTH,
    _FLAT,
    _WINDOW,
    _SLACK,
    _ROOM,
    _SQUARE,
    _LINEAR,
    _LOG_SQUARE,
    _LOG_POSITIVE,
    _FIRST,
    _SECOND,
)
