"""A dozen clauses of every kind, with stored certificates beside them in examples.json."""

from __future__ import annotations

import sympy as sp

from bounds.proofs.step import Clause, Lemma, signs

eta, gamma, l0, l1, k, q, nu, b, d, e, t = sp.symbols("eta gamma l0 l1 k q nu b d e t")
u, w, s, x, y, r, D, G, M = sp.symbols("u w s x y r D G M")
L0, L1, Delta = sp.symbols("L0 L1 Delta")
Q = sp.Rational


def clip(v):
    return sp.Min(eta * v, gamma)


def huber(v):
    return v * clip(v) - clip(v) ** 2 / (2 * eta)


def potential(v):
    h = sp.Min(2 * eta * v, gamma)
    return v * h - h**2 / (4 * eta)


STEP = Clause(
    id="step",
    place="one step, energy",
    variables=signs(pos="eta gamma", nonneg="l0 l1 k q G D u"),
    weak={"step": k * q - eta * l0, "clip": k * q - gamma * l1, "length": gamma - u, "decrease": eta * D - u**2},
    goal=k * q * (D + G * u) - (l0 + l1 * G) * u**2,
    rivals={"half the clip": {"weak": {"clip": 2 * k * q - gamma * l1}}},
)
MONOTONE = Clause(
    id="monotone",
    place="clipping",
    variables=signs(pos="eta gamma", nonneg="u w"),
    weak={"order": w - u},
    goal=clip(w) - clip(u),
)
CONVEX = Clause(
    id="convex",
    place="clipping",
    variables=signs(pos="eta gamma", nonneg="u w"),
    goal=huber(w) - huber(u) - clip(u) * (w - u),
)
EITHER = Clause(
    id="either",
    place="clipping",
    variables=signs(pos="eta gamma", nonneg="u"),
    goal=(potential(u) - eta * u**2, potential(u) - gamma * u / 2),
)
HUBER_LOG = Clause(
    id="huber-log",
    place="initial energy",
    variables=signs(nonneg="s"),
    goal=Q(16, 3) * s**2 - (s * sp.Min(s, 1) - sp.Min(s, 1) ** 2 / 2) * (6 + 4 * s),
)
MIXTURE = Clause(
    id="mixture",
    place="initial energy",
    variables=signs(nonneg="b nu"),
    weak={"momentum": 1 - b, "mixing": 1 - nu},
    goal=Q(53, 45) - (1 + Q(8, 45) * nu * b) * (10 - b) / 9,
)
QUADRATIC = Clause(
    id="quadratic",
    place="gap bounds the gradient",
    variables=signs(nonneg="L0 L1 Delta G r"),
    weak={"gap": (2 * L0 + Q(4, 3) * L1 * G) * Delta - G**2},
    eq={"root": r**2 - 2 * L0 * Delta},
    goal=Q(4, 3) * L1 * Delta + r - G,
)
NUMBER = Clause(id="number", place="constants", variables={}, goal=Q(176, 100) - Q(121, 81) * Q(53, 45))
QUOTIENT = Clause(
    id="quotient",
    place="tracking",
    variables=signs(nonneg="b k D x"),
    weak={"tracking": b * k * (2 * D + x) - x},
    strict={"contraction": 1 - b * k},
    goal=2 * b * k * D / (1 - b * k) - x,
)
DRIFT = Clause(
    id="drift",
    place="drift",
    variables=signs(nonneg="b d q", free="e"),
    eq={"q": q - 1 + b, "e": e * (1 - b * d) - b * d},
    goal=b * (e * (1 + q * d) + q * d) - e,
    relation="=",
)
DRIFT_SIGN = Clause(
    id="drift-sign",
    place="drift",
    variables=signs(nonneg="b d", free="e"),
    weak={"b": 1 - b, "d": Q(1, 40) - d},
    eq={"e": e * (1 - b * d) - b * d},
    goal=e,
)
DRIFT_BOUND = Clause(
    id="drift-bound",
    place="drift",
    variables=signs(nonneg="x d", pos="t", free="y"),
    weak={"b": 1 - x, "d": Q(1, 40) - d},
    eq={"e": y * (1 - x * d) - x * d},
    lemmas=(Lemma(clause=DRIFT_SIGN, at={"b": x, "e": y}),),
    goal=t + y,
    relation=">",
)
TOUCHING = Clause(id="touching", place="constants", variables=signs(free="x"), goal=(x**2 - 2) ** 2 * (x**2 + x + 1))
ON_A_BOX = Clause(
    id="box",
    place="chain",
    variables=signs(nonneg="x y"),
    weak={"x": 1 - x, "y": 1 - y, "sum": x + y - Q(3, 2)},
    goal=x**2 + y**2 - 1,
    relation=">",
)
LOGARITHM = Clause(
    id="logarithm",
    place="gap bounds the gradient",
    variables=signs(nonneg="s"),
    goal=s - sp.log(1 + s) - 3 * s**2 / (6 + 4 * s),
)
LEAST = Clause(id="least", place="chain", variables=signs(pos="w"), goal=w - Q(3, 2) - Q(3, 2) * sp.log(2 * w / 3))
EXPONENTIAL = Clause(
    id="exponential",
    place="growth",
    variables=signs(nonneg="s"),
    goal=s + s * sp.exp(s) - 2 * (sp.exp(s) - 1),
)

CLAUSES = (
    STEP,
    MONOTONE,
    CONVEX,
    EITHER,
    HUBER_LOG,
    MIXTURE,
    QUADRATIC,
    NUMBER,
    QUOTIENT,
    DRIFT,
    DRIFT_SIGN,
    DRIFT_BOUND,
    TOUCHING,
    ON_A_BOX,
    LOGARITHM,
    LEAST,
    EXPONENTIAL,
)

FALSE = (
    Clause(
        id="not-convex",
        place="x",
        variables=signs(nonneg="u w"),
        goal=sp.Min(u**2, u) + sp.Min(w**2, w) - 2 * sp.Min(((u + w) / 2) ** 2, (u + w) / 2),
    ),
    Clause(
        id="not-optimal",
        place="x",
        variables=signs(nonneg="s"),
        goal=(2 + Q(13, 10) * s) * (s**2 / 2 - s**3 / 3 + s**4 / 4) - s**2,
    ),
    Clause(id="not-amgm", place="x", variables=signs(pos="x y"), goal=x**2 + y**2 - Q(201, 100) * x * y),
    Clause(id="not-strict", place="x", variables=signs(free="x y"), goal=(x - y) ** 2, relation=">"),
    Clause(id="not-zero", place="x", variables=signs(pos="x y"), eq={"h": x * y - 1}, goal=x * y**2 - x, relation="="),
)
