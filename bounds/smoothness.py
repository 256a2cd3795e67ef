r"""Definitions of smoothness and noise, and what implies what with which constants.

The theory is stated for one of four definitions; constants move between them by fixed factors, and every answer
says which factor it used. Throughout g = ||grad F(x)||.

==============  ==========================================================================================
pointwise (S)   limsup_{y -> x} ||grad F(y) - grad F(x)|| / ||y - x|| <= L0 + L1 g for every x
Hessian (H)     F twice differentiable and ||Hess F(x)|| <= L0 + L1 g; the same as (S) for such F
first-order     ||grad F(y) - grad F(x)|| <= (L0 + L1 g) ||y - x|| whenever ||y - x|| <= 1/L1
Lipschitz       ||grad F(y) - grad F(x)|| <= L ||y - x||; this is (S) with (L, 0)
==============  ==========================================================================================

The factor e - 1 from (S) to the first-order form is Groenwall's lemma on the ball of radius 1/L1
(docs/theory/deterministic.md, Lemma 1).
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
    "FIRST_ORDER",
    "HESSIAN",
    "LIPSCHITZ",
    "POINTWISE",
    "SMOOTHNESS_CLASSES",
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
FIRST_ORDER = SmoothnessClass(
    key="first-order",
    name="(L0, L1)-smooth, first-order form on the ball of radius 1/L1",
    statement=r"\|\nabla F(y)-\nabla F(x)\|\le(L_0+L_1\|\nabla F(x)\|)\|y-x\|,\ \|y-x\|\le1/L_1",
)
LIPSCHITZ = SmoothnessClass(
    key="lipschitz",
    name="L-smooth (Lipschitz gradient)",
    statement=r"\|\nabla F(y)-\nabla F(x)\|\le L_0\|y-x\|",
)

SMOOTHNESS_CLASSES: tuple[SmoothnessClass, ...] = (POINTWISE, HESSIAN, FIRST_ORDER, LIPSCHITZ)


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


CONVERSIONS: tuple[Conversion, ...] = (
    Conversion(
        source=HESSIAN, target=POINTWISE, factor=sp.Integer(1), reason="the local Lipschitz constant is the norm"
    ),
    Conversion(source=POINTWISE, target=FIRST_ORDER, factor=sp.E - 1, reason="Groenwall on the ball of radius 1/L1"),
    Conversion(source=FIRST_ORDER, target=POINTWISE, factor=sp.Integer(1), reason="let y tend to x"),
    Conversion(source=LIPSCHITZ, target=POINTWISE, factor=sp.Integer(1), reason="(L, 0)", only_at_L1_zero=True),
    Conversion(source=LIPSCHITZ, target=FIRST_ORDER, factor=sp.Integer(1), reason="(L, 0)", only_at_L1_zero=True),
    Conversion(source=POINTWISE, target=LIPSCHITZ, factor=sp.Integer(1), reason="integrate", only_at_L1_zero=True),
)


def conversion(source: SmoothnessClass, target: SmoothnessClass, *, L1_is_zero: bool) -> Conversion | None:
    """The cheapest chain of conversions from ``source`` to ``target`` as one conversion, or None."""
    queue: deque[tuple[SmoothnessClass, Any, str]] = deque([(source, sp.Integer(1), "")])
    seen = {source.key}
    best: Conversion | None = None
    while queue:
        here, factor, reason = queue.popleft()
        if here == target and (best is None or factor < best.factor):
            best = Conversion(source=source, target=target, factor=factor, reason=reason)
        for step in CONVERSIONS:
            if step.source == here and step.target.key not in seen and (L1_is_zero or not step.only_at_L1_zero):
                seen.add(step.target.key)
                queue.append((step.target, factor * (1 if L1_is_zero else step.factor), step.reason))
    return best


class Noise(enum.Enum):
    """What is known about the gradient noise xi (E[xi | past] = 0 always); each value implies the later ones."""

    EXACT = "exact"
    """xi = 0."""
    BOUNDED = "bounded"
    """||xi|| <= sigma almost surely."""
    VARIANCE = "variance"
    """E[||xi||^2 | past] <= sigma^2."""

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
        }[self]
