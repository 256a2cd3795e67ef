r"""Definitions of smoothness and noise, and what implies what with which constants.

Every statement is made for one of these definitions; constants move between them by fixed factors, and every answer
says which factor it used. Throughout g = ||grad F(x)||, r = ||y - x|| and B(c) = (e^c - 1)/c.

================  ========================================================================================
pointwise (S)     limsup_{y -> x} ||grad F(y) - grad F(x)|| / r <= L0 + L1 g for every x
Hessian (H)       F twice differentiable and ||Hess F(x)|| <= L0 + L1 g; the same as (S) for such F
exponential       ||grad F(y) - grad F(x)|| <= (L0 + L1 g) (e^{L1 r} - 1)/L1
symmetric         ||grad F(y) - grad F(x)|| <= (L0 + L1 max of the gradient norm on [x, y]) r
first-order (c)   ||grad F(y) - grad F(x)|| <= (L0 + L1 g) r whenever r <= c/L1, for c = 1, 1/2, 1/10
Lipschitz         ||grad F(y) - grad F(x)|| <= L r; this is (S) with (L, 0)
mean-squared      E ||grad f(y, xi) - grad f(x, xi)||^2 <= L^2 r^2: a property of the oracle that implies Lipschitz
================  ========================================================================================

(S), exponential and symmetric are equivalent with equal constants: Groenwall's lemma and integration along the segment
in one direction, y -> x in the other (docs/theory/deterministic.md, Lemma 1). From (S) to first-order (c) the factor is
B(c) = (e^c - 1)/c, which is sharp for a ball of radius c/L1; the literature often prints the larger pair
(A(c), B(c)) with A(c) = 1 + e^c - B(c). Classes with a power of the gradient norm are in :mod:`bounds.growth`.
"""

from __future__ import annotations

import enum
from collections import deque
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bounds.errors import unknown_name

__all__ = [
    "CONVERSIONS",
    "EXPONENTIAL",
    "FIRST_ORDER",
    "HALF_BALL",
    "HESSIAN",
    "LIPSCHITZ",
    "MEAN_SQUARED",
    "POINTWISE",
    "SMOOTHNESS_CLASSES",
    "SYMMETRIC",
    "TENTH_BALL",
    "Conversion",
    "Noise",
    "SmoothnessClass",
    "conversion",
    "smoothness_named",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmoothnessClass:
    """A definition of smoothness with constants (L0, L1)."""

    key: str
    name: str
    statement: str


POINTWISE = SmoothnessClass(
    key="pointwise",
    name="pointwise (L0, L1)-smooth",
    statement=r"\limsup_{y\to x}\|\nabla F(y)-\nabla F(x)\|/\|y-x\|\le L_0+L_1\|\nabla F(x)\|",
)
HESSIAN = SmoothnessClass(
    key="hessian",
    name="(L0, L1)-smooth, Hessian form",
    statement=r"\|\nabla^2F(x)\|\le L_0+L_1\|\nabla F(x)\|",
)
EXPONENTIAL = SmoothnessClass(
    key="exponential",
    name="(L0, L1)-smooth, exponential form",
    statement=r"\|\nabla F(y)-\nabla F(x)\|\le(L_0+L_1\|\nabla F(x)\|)(e^{L_1\|y-x\|}-1)/L_1",
)
SYMMETRIC = SmoothnessClass(
    key="symmetric",
    name="symmetric (L0, L1)-smooth",
    statement=r"\|\nabla F(y)-\nabla F(x)\|\le(L_0+L_1\max_{z\in[x,y]}\|\nabla F(z)\|)\|y-x\|",
)


def _ball(key: str, c: str) -> SmoothnessClass:
    return SmoothnessClass(
        key=key,
        name=f"(L0, L1)-smooth, first-order form on the ball of radius {c}/L1",
        statement=rf"\|\nabla F(y)-\nabla F(x)\|\le(L_0+L_1\|\nabla F(x)\|)\|y-x\|,\ \|y-x\|\le {c}/L_1",
    )


FIRST_ORDER = _ball("first-order", "1")
HALF_BALL = _ball("first-order-half", "(1/2)")
TENTH_BALL = _ball("first-order-tenth", "(1/10)")
LIPSCHITZ = SmoothnessClass(
    key="lipschitz",
    name="L-smooth (Lipschitz gradient)",
    statement=r"\|\nabla F(y)-\nabla F(x)\|\le L_0\|y-x\|",
)

MEAN_SQUARED = SmoothnessClass(
    key="mean-squared",
    name="mean-squared L-smooth",
    statement=r"\mathbb E\|\nabla f(y,\xi)-\nabla f(x,\xi)\|^2\le L_0^2\|y-x\|^2",
)

SMOOTHNESS_CLASSES: tuple[SmoothnessClass, ...] = (
    POINTWISE,
    HESSIAN,
    EXPONENTIAL,
    SYMMETRIC,
    FIRST_ORDER,
    HALF_BALL,
    TENTH_BALL,
    LIPSCHITZ,
    MEAN_SQUARED,
)


def smoothness_named(key: str) -> SmoothnessClass:
    """The definition with this key, or an error that suggests the nearest ones."""
    for smoothness in SMOOTHNESS_CLASSES:
        if smoothness.key == key:
            return smoothness
    raise unknown_name("smoothness definition", key, (s.key for s in SMOOTHNESS_CLASSES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Every function of class ``source`` with (L0, L1) is of class ``target`` with factor * (L0, L1).

    Attributes
    ----------
    only_at_L1_zero : the implication needs L1 = 0.
    """

    source: SmoothnessClass
    target: SmoothnessClass
    factor: Any
    reason: str
    only_at_L1_zero: bool = False

    @property
    def note(self) -> str:
        """How the answer reports the conversion; empty when nothing changes."""
        if self.factor == 1:
            return ""
        return f"stated for {self.target.key}, used under {self.source.key} with factor {sp.N(self.factor, 6)}"


def _growth(c: Any) -> Any:
    return (sp.exp(c) - 1) / c


def _edge(source: SmoothnessClass, target: SmoothnessClass, reason: str, factor: Any = sp.S.One) -> Conversion:
    return Conversion(source=source, target=target, factor=factor, reason=reason)


def _smooth(source: SmoothnessClass, target: SmoothnessClass, reason: str) -> Conversion:
    return Conversion(source=source, target=target, factor=sp.S.One, reason=reason, only_at_L1_zero=True)


CONVERSIONS: tuple[Conversion, ...] = (
    _edge(HESSIAN, POINTWISE, "the local Lipschitz constant is the norm of the Hessian"),
    _edge(POINTWISE, EXPONENTIAL, "Groenwall along the segment"),
    _edge(EXPONENTIAL, POINTWISE, "let y tend to x"),
    _edge(POINTWISE, SYMMETRIC, "integrate along the segment"),
    _edge(SYMMETRIC, POINTWISE, "let y tend to x"),
    _edge(POINTWISE, FIRST_ORDER, "Groenwall on the ball of radius 1/L1, B(1)", _growth(sp.S.One)),
    _edge(POINTWISE, HALF_BALL, "Groenwall on the ball of radius 1/(2 L1), B(1/2)", _growth(sp.Rational(1, 2))),
    _edge(POINTWISE, TENTH_BALL, "Groenwall on the ball of radius 1/(10 L1), B(1/10)", _growth(sp.Rational(1, 10))),
    _edge(FIRST_ORDER, HALF_BALL, "a smaller ball"),
    _edge(HALF_BALL, TENTH_BALL, "a smaller ball"),
    _edge(TENTH_BALL, POINTWISE, "let y tend to x"),
    _smooth(LIPSCHITZ, POINTWISE, "(L, 0)"),
    _smooth(LIPSCHITZ, FIRST_ORDER, "(L, 0)"),
    _smooth(POINTWISE, LIPSCHITZ, "integrate"),
    _smooth(MEAN_SQUARED, LIPSCHITZ, "Jensen"),
)


def conversion(source: SmoothnessClass, target: SmoothnessClass, *, L1_is_zero: bool) -> Conversion | None:
    """The cheapest chain of conversions from ``source`` to ``target`` as one conversion, or None."""
    best: dict[str, Conversion] = {source.key: _edge(source, source, "")}
    queue = deque([source])
    while queue:
        here = best[queue.popleft().key]
        for step in CONVERSIONS:
            if step.source != here.target or (step.only_at_L1_zero and not L1_is_zero):
                continue
            factor = here.factor * (1 if L1_is_zero else step.factor)
            known = best.get(step.target.key)
            if known is None or factor < known.factor:
                reason = "; ".join(filter(None, (here.reason, step.reason)))
                best[step.target.key] = _edge(source, step.target, reason, factor)
                queue.append(step.target)
    return best.get(target.key)


class Noise(enum.Enum):
    """What is known about the gradient noise xi (E[xi | past] = 0 always); each value implies the later ones."""

    EXACT = "exact"
    """xi = 0."""
    BOUNDED = "bounded"
    """||xi|| <= sigma almost surely."""
    VARIANCE = "variance"
    """E[||xi||^2 | past] <= sigma^2."""
    HEAVY = "heavy-tailed"
    """E[||xi||^p | past] <= sigma^p for some p in (1, 2]."""

    def implies(self, other: Noise) -> bool:
        """Whether every oracle of this kind is also one of the other kind."""
        order = list(Noise)
        return order.index(self) <= order.index(other)

    @property
    def phrase(self) -> str:
        """The noise model in words."""
        return {
            Noise.EXACT: "exact gradients",
            Noise.BOUNDED: "noise bounded by sigma almost surely",
            Noise.VARIANCE: "noise variance at most sigma^2",
            Noise.HEAVY: "heavy-tailed noise, p-th moment at most sigma^p",
        }[self]
