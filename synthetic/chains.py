r"""Zero-chains: functions that show a first-order method one new coordinate per query.

    f(x) = sum_i [ P(x_i) - Psi(x_{i-1}) Phi(x_i) ],        Psi(x_0) := 1,  i = 1..N,

and, in the classical chain, P = 0 with the mirrored terms + Psi(-x_{i-1}) Phi(-x_i), i >= 2. Since Psi and Psi'
vanish at 0, a point supported in {1..k} has its gradient supported in {1..k+1}; and ||grad f|| exceeds a known level
while x_N = 0. Rescaled to F(x) = A f(x/r) with exact rationals A, r, a chain is (L0, L1)-smooth with gap at most
Delta, and every method that moves only along coordinates it has seen has gradient norm above epsilon at its first

=========  ================  ===================================  ============================
key        smooth with       N = floor of                         source
=========  ================  ===================================  ============================
L0         (L0, 0)           Delta L0/(7/2 eps^2)                 lower.md, Theorem L
L1         (0, L1)           Delta L1/(35/8 eps)                  lower.md, Theorem L
combined   (L0, L1)          Delta (L0 + L1 eps)/(13/2 eps^2)     lower.md, Theorem L
classical  (L0, 0)           Delta L0/(1824 eps^2)                deterministic.md, Theorem 8
=========  ================  ===================================  ============================

queries x_0, ..., x_{N-1}, x_0 = 0. Proofs: docs/theory.

References
----------
Carmon, Duchi, Hinder, Sidford, "Lower bounds for finding stationary points I", 2017, arXiv 1710.11606.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError, unknown_name
from bounds.quantities import Number, quantity
from synthetic.chain_profiles import Chain, ExponentialGate, NormalReward, Penalty, PiecewiseSlope, Profile
from synthetic.extremal import representable
from synthetic.forms import Array, Scaled
from synthetic.landscape import Landscape, StatedSmoothness

__all__ = ["DESIGNS", "MOST_LINKS", "ChainDesign", "ChainInstance", "chain", "longest_chain", "progress"]

MOST_LINKS: Final = 20_000
"""Longest chain that is built."""


def progress(x: Array) -> npt.NDArray[np.int64]:
    """The largest index (from 1) of a nonzero coordinate of x: (batch, dim), shape (batch,); 0 at the origin."""
    nonzero = x != 0
    found: npt.NDArray[np.int64] = np.where(nonzero.any(axis=1), x.shape[1] - nonzero[:, ::-1].argmax(axis=1), 0)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDesign:
    """A family of chains, one for each N, with the constants of its proof.

    Attributes
    ----------
    regime : which bound the unscaled Hessian H obeys: "L0" ||H|| <= K; "L1" ||H|| <= K ||grad f||; "both"
        ||H|| <= K min(level, ||grad f||), with K = ``curvature``.
    level, reached : ||grad f|| >= reached > level while x_N = 0 (the classical chain: > level = reached).
    depth : f >= -N depth.
    head : f(0) <= -head.
    opening : |d_{k+1} f(x)| <= opening when x is supported in {1..k}.
    cost : the constant c of N = floor(Delta .../c); it must exceed what the scaling needs.
    minimizer : all coordinates of a minimizer, or None when the infimum is not attained.
    """

    key: str
    name: str
    gate: Profile
    reward: Profile
    penalty: Penalty | None
    regime: Literal["L0", "L1", "both"]
    curvature: Fraction
    level: Fraction
    reached: Fraction
    depth: Fraction
    head: Fraction
    opening: Fraction
    cost: Fraction
    minimizer: Fraction | None
    source: str

    def __post_init__(self) -> None:
        if self.gate.supremum * self.reward.supremum > self.depth:
            raise ValueError(f"{self.key}: a link can fall by more than {self.depth}")
        if self.depth * self.curvature / self.level ** (2 if self.regime == "L0" else 1) > self.cost:
            raise ValueError(f"{self.key}: a link costs more than {self.cost}")
        if self.reached < self.level:
            raise ValueError(f"{self.key}: the gradient norm is only known to exceed {self.reached}")

    def constants(self, L0: Fraction, L1: Fraction) -> tuple[Fraction, Fraction]:
        """The part of (L0, L1) that the scaled chain uses."""
        return (Fraction(0) if self.regime == "L1" else L0, Fraction(0) if self.regime == "L0" else L1)

    def links(self, *, L0: Fraction, L1: Fraction, delta: Fraction, epsilon: Fraction) -> int:
        """N, exact; 0 when the gap is too small for a link."""
        l0, l1 = self.constants(L0, L1)
        return math.floor(delta * (l0 + l1 * epsilon) / (self.cost * epsilon**2))


def _knots(*pairs: tuple[str, str]) -> tuple[tuple[Fraction, Fraction], ...]:
    return tuple((Fraction(t), Fraction(v)) for t, v in pairs)


# The proofs hold for every level between gamma_c and gamma_+ of Proposition E; rational ones keep the scaling exact.
DESIGNS: Final[tuple[ChainDesign, ...]] = (
    ChainDesign(
        key="L0",
        name="zero-chain for the L0 term",
        gate=PiecewiseSlope(knots=_knots(("0", "0"), ("1", "5/8"), ("7/5", "5/8"), ("14/5", "0"))),
        reward=PiecewiseSlope(knots=_knots(("-1", "0"), ("0", "1"), ("7/5", "1/2"), ("3", "0"))),
        penalty=Penalty(width=Fraction(1)),
        regime="L0",
        curvature=Fraction(6379, 4032),
        level=Fraction(9435, 10000),
        reached=Fraction(94366, 100000),
        depth=Fraction(39, 20),
        head=Fraction(1, 2),
        opening=Fraction(1),
        cost=Fraction(7, 2),
        minimizer=Fraction(3),
        source="docs/theory/lower.md, instance I0",
    ),
    ChainDesign(
        key="L1",
        name="zero-chain for the L1 term",
        gate=PiecewiseSlope(knots=_knots(("0", "0"), ("9/10", "5/6"), ("5/4", "5/6")), decay=Fraction(5, 2)),
        reward=PiecewiseSlope(
            knots=_knots(("-1/2", "0"), ("0", "1"), ("3/5", "17/20"), ("5/4", "3/5")), decay=Fraction(1)
        ),
        penalty=Penalty(width=Fraction(1, 2)),
        regime="L1",
        curvature=Fraction(23, 10),
        level=Fraction(989005, 1000000),
        reached=Fraction(98901, 100000),
        depth=Fraction(1501, 800),
        head=Fraction(1, 4),
        opening=Fraction(1),
        cost=Fraction(35, 8),
        minimizer=None,
        source="docs/theory/lower.md, instance I1",
    ),
    ChainDesign(
        key="combined",
        name="zero-chain for both terms",
        gate=PiecewiseSlope(knots=_knots(("0", "0"), ("9/25", "25/33"), ("11/10", "25/33")), decay=Fraction(5, 2)),
        reward=PiecewiseSlope(
            knots=_knots(("-1/2", "0"), ("0", "1"), ("1/5", "7/8"), ("11/10", "14/25")), decay=Fraction(1)
        ),
        penalty=Penalty(width=Fraction(1, 2)),
        regime="both",
        curvature=Fraction(191, 50),
        level=Fraction(9661, 10000),
        reached=Fraction(9662, 10000),
        depth=Fraction(6573, 4000),
        head=Fraction(1, 4),
        opening=Fraction(1),
        cost=Fraction(13, 2),
        minimizer=None,
        source="docs/theory/lower.md, instance I01",
    ),
    ChainDesign(
        key="classical",
        name="zero-chain of Carmon, Duchi, Hinder, Sidford",
        gate=ExponentialGate(),
        reward=NormalReward(),
        penalty=None,
        regime="L0",
        curvature=Fraction(152),
        level=Fraction(1),
        reached=Fraction(1),
        depth=Fraction(12),
        head=Fraction(2),
        opening=Fraction(44817, 10000),
        cost=Fraction(1824),
        minimizer=None,
        source="Carmon, Duchi, Hinder, Sidford, 2017, arXiv 1710.11606; constants: docs/theory/deterministic.md",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainInstance:
    """A chain scaled to a problem: F(x) = A f(x/r) on R^links, with x_0 = 0.

    Attributes
    ----------
    queries : N; a method that moves only along coordinates it has seen needs at least N + 1 inspected points.
    value_unit, point_unit : A and r, exact.
    gap : an upper bound of F(0) - inf F, exact; equal to it but for the classical chain.
    opening : bound of |d_{k+1} F(x)| for x supported in {1..k}, exact (units F/X).
    """

    design: ChainDesign
    landscape: Landscape
    queries: int
    value_unit: Fraction
    point_unit: Fraction
    gap: Fraction
    opening: Fraction
    Delta: Fraction
    epsilon: Fraction

    def bands(self, x: Array) -> tuple[Array, Array]:
        """The tridiagonal Hessian of F at x: (batch, N): diagonal (batch, N), off-diagonal (batch, N - 1)."""
        diagonal, beside = _form(self.design, self.queries).bands(x / float(self.point_unit))
        unit = float(self.value_unit / self.point_unit**2)
        return unit * diagonal, unit * beside

    @property
    def guarantee(self) -> str:
        """What is promised, in words."""
        return (
            f"||grad F(x_t)|| > {float(self.epsilon):g} for t = 0..{self.queries - 1}, for every method from 0 that "
            f"moves only along coordinates it has seen; F(0) - inf F <= {float(self.gap):g}"
        )


def chain(design: ChainDesign | str, *, L0: Number, L1: Number, delta: Number, epsilon: Number) -> ChainInstance:
    """The chain of a design (or its key) for (L0, L1), the gap ``delta`` (units F) and the target ``epsilon`` (F/X).

    Raises
    ------
    InputError : an unknown key, a constant out of its domain or the range of doubles, a gap too small for a link, or
        more than ``MOST_LINKS`` links.
    """
    made, exact = _design(design), _exact(L0=L0, L1=L1, delta=delta, epsilon=epsilon)
    links = made.links(**exact)
    if not 1 <= links <= MOST_LINKS:
        raise InputError(
            f"delta = {delta} is not allowed: the {made.key} chain would have {links} links at epsilon = {epsilon}, "
            f"L0 = {L0}, L1 = {L1}, and it must have 1 to {MOST_LINKS}."
        )
    l0, l1 = made.constants(exact["L0"], exact["L1"])
    eps = exact["epsilon"]
    r = eps * made.curvature / (l0 + l1 * eps) / (made.level if made.regime == "L0" else 1)
    a = eps * r / made.level
    for name, unit in (("the value unit", a), ("the point unit", r), ("the curvature unit", a / r**2)):
        representable(name, unit)
    minimizer = made.minimizer
    landscape = Landscape(
        key=f"{made.key}-chain",
        name=f"{made.name}, {links} links",
        form=Scaled(form=_form(made, links), value_unit=a, point_unit=r),
        smoothness=(StatedSmoothness(L0=l0, L1=l1, source=made.source),),
        optimum=None if minimizer is None else (float(minimizer * r),) * links,
        infimum=-a * links * made.depth,
        infimum_is_bound=made.penalty is None,
        start=(0.0,) * links,
        summary="Each query reveals at most one coordinate, and the gradient stays large until the last one.",
        source=made.source,
    )
    gap = a * (links * made.depth - made.head)
    return ChainInstance(
        design=made,
        landscape=landscape,
        queries=links,
        value_unit=a,
        point_unit=r,
        gap=gap,
        opening=made.opening * eps / made.level,
        Delta=exact["delta"],
        epsilon=eps,
    )


def longest_chain(*, L0: Number, L1: Number, delta: Number, epsilon: Number) -> ChainInstance:
    """The chain of Theorem L: the design with the most links; see :func:`chain` for arguments and errors."""
    exact = _exact(L0=L0, L1=L1, delta=delta, epsilon=epsilon)
    best = max(DESIGNS, key=lambda made: made.links(**exact))
    return chain(best, L0=L0, L1=L1, delta=delta, epsilon=epsilon)


def _form(design: ChainDesign, links: int) -> Chain:
    return Chain(gate=design.gate, reward=design.reward, penalty=design.penalty, links=links)


def _exact(*, L0: Number, L1: Number, delta: Number, epsilon: Number) -> dict[str, Fraction]:
    given = {"L0": L0, "L1": L1, "Delta": delta, "epsilon": epsilon}
    exact = {name: quantity(name).validate(value) for name, value in given.items()}
    if exact["L0"] == exact["L1"] == 0:
        raise InputError("L0 = L1 = 0 is not allowed: at least one of them must be positive.")
    return {"L0": exact["L0"], "L1": exact["L1"], "delta": exact["Delta"], "epsilon": exact["epsilon"]}


def _design(design: ChainDesign | str) -> ChainDesign:
    if isinstance(design, ChainDesign):
        return design
    for known in DESIGNS:
        if known.key == design:
            return known
    raise unknown_name("chain", design, (d.key for d in DESIGNS))
