r"""The three zero-chains of the lower bounds as exact data.

A chain is f(x) = sum_i P(x_i) - Psi(x_{i-1}) Phi(x_i). The slopes Psi' and Phi' are piecewise linear through given
knots; beyond the last knot they are zero (chain I0) or exponential (I1, I01). On an exponential tail u >= T the
coordinate is q = exp(-(u - T)/2) in [0, 1], in which all functions are polynomials and u = infinity is q = 0:

    Phi' = V q^2,  Phi'' = -V q^2,  Phi = D - V q^2,  Psi' = s q^5,  Psi'' = -(5/2) s q^5,  Psi = 1 - (2/5) s q^5.

On -w <= u <= 0: Psi = 0, Phi = (w/2)(1 + u/w)^2, |P'| = -u/w. Further left Phi = 0 and |P'| = 1.

References
----------
docs/theory/lower.md, "The three instances" and Proposition E.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bounds.errors import unknown_name

__all__ = ["CHAINS", "Chain", "Coefficients", "Piece", "at", "chain_named"]

Coefficients = tuple[Fraction, ...]
Knots = tuple[tuple[Fraction, Fraction], ...]

_ZERO: Coefficients = (Fraction(0),)


def at(coefficients: Coefficients, x: Any) -> Any:
    """A polynomial, given by its coefficients from the constant term up, at a number or an expression."""
    value = 0 * x
    for c in reversed(coefficients):
        value = value * x + c
    return value


def _integral(slope: Coefficients, x: Fraction, value: Fraction) -> Coefficients:
    """The primitive that takes the given value at x."""
    rising = (Fraction(0), *(c / (n + 1) for n, c in enumerate(slope)))
    return (value - at(rising, x), *rising[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of the axis on which all functions of a chain are polynomials in one coordinate.

    Attributes
    ----------
    name : ``left`` (-w <= u <= 0), ``1``, ``2``, ... (between knots) or ``tail``.
    low, high : range of the coordinate, which is u, or q = exp(-(u - T)/2) on the tail.
    psi, psi1, psi2 : Psi, Psi', Psi'' in that coordinate (derivatives with respect to u throughout).
    phi, phi1, phi2 : Phi, Phi', Phi''.
    pull : |P'|.
    """

    name: str
    low: Fraction
    high: Fraction
    psi: Coefficients = _ZERO
    psi1: Coefficients = _ZERO
    psi2: Coefficients = _ZERO
    phi: Coefficients = _ZERO
    phi1: Coefficients = _ZERO
    phi2: Coefficients = _ZERO
    pull: Coefficients = _ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One instance.

    Attributes
    ----------
    key : ``I0``, ``I1`` or ``I01``.
    width : w.
    weight : tau of Lemma C.
    gate, reward : knots (u, Psi'(u)) and (u, Phi'(u)); the last knots agree when there is a tail.
    tail : whether the slopes decay exponentially after the last knot (else they are zero there).
    curvature : K, the bound of the Hessian.
    level, level_plus : gamma_c^2 and the slightly larger gamma_+^2 of (C1), (C2).
    total : D = sup Phi.
    bounded : whether ||H|| <= K gamma_c is claimed beside ||H|| <= K ||grad f|| (I01 alone).
    cost : a rational above D K/gamma_c^2 (I0) or D K/gamma_c (I1, I01), as stated in Theorem L.
    """

    key: str
    width: Fraction
    weight: Fraction
    gate: Knots
    reward: Knots
    tail: bool
    curvature: Fraction
    level: Fraction
    level_plus: Fraction
    total: Fraction
    cost: Fraction
    bounded: bool = False

    @property
    def gamma(self) -> Fraction | None:
        """gamma_c when it is rational (I1, I01), else None."""
        root = Fraction(math.isqrt(self.level.numerator), math.isqrt(self.level.denominator))
        return root if root**2 == self.level else None

    @property
    def row_bound(self) -> Fraction:
        """What bounds the Hessian where only ||grad f|| >= gamma_c is known: K for I0, K gamma_c for I1 and I01."""
        return self.curvature * (self.gamma or 1)

    @property
    def left(self) -> Piece:
        """The piece -w <= u <= 0."""
        w = self.width
        return Piece(
            name="left",
            low=-w,
            high=Fraction(0),
            phi=(w / 2, Fraction(1), 1 / (2 * w)),
            phi1=(Fraction(1), 1 / w),
            phi2=(1 / w,),
            pull=(Fraction(0), -1 / w),
        )

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The linear pieces to the right of 0, in order."""
        found: list[Piece] = []
        psi, phi = Fraction(0), self.width / 2
        knots = sorted({x for x, _ in (*self.gate, *self.reward)})
        for low, high in itertools.pairwise(knots):
            psi1, phi1 = _line(self.gate, low), _line(self.reward, low)
            piece = Piece(
                name=str(len(found) + 1),
                low=low,
                high=high,
                psi=_integral(psi1, low, psi),
                psi1=psi1,
                psi2=psi1[1:],
                phi=_integral(phi1, low, phi),
                phi1=phi1,
                phi2=phi1[1:],
            )
            psi, phi = at(piece.psi, high), at(piece.phi, high)
            found.append(piece)
        return tuple(found)

    @property
    def end(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Psi, Psi', Phi, Phi' at the last knot."""
        last = self.pieces[-1]
        psi, psi1, phi, phi1 = (at(p, last.high) for p in (last.psi, last.psi1, last.phi, last.phi1))
        return psi, psi1, phi, phi1

    @property
    def outer(self) -> Piece | None:
        """The exponential tail, or None."""
        if not self.tail:
            return None
        _, s, _, v = self.end
        zero = Fraction(0)
        return Piece(
            name="tail",
            low=zero,
            high=Fraction(1),
            psi=(Fraction(1), zero, zero, zero, zero, -Fraction(2, 5) * s),
            psi1=(zero, zero, zero, zero, zero, s),
            psi2=(zero, zero, zero, zero, zero, -Fraction(5, 2) * s),
            phi=(self.total, zero, -v),
            phi1=(zero, zero, v),
            phi2=(zero, zero, -v),
        )


def _line(knots: Knots, x: Fraction) -> Coefficients:
    """Coefficients of the piecewise linear function to the right of x; zero beyond the last knot."""
    for (a, fa), (b, fb) in itertools.pairwise(knots):
        if a <= x < b:
            slope = (fb - fa) / (b - a)
            return (fa - slope * a, slope)
    return (Fraction(0), Fraction(0))


def _knots(text: str) -> Knots:
    """Knots from "x:slope x:slope ..."."""
    pairs = (word.split(":") for word in text.split())
    return tuple((Fraction(x), Fraction(slope)) for x, slope in pairs)


CHAINS: tuple[Chain, ...] = (
    Chain(
        key="I0",
        width=Fraction(1),
        weight=Fraction(3, 4),
        gate=_knots("0:0 1:5/8 7/5:5/8 14/5:0"),
        reward=_knots("0:1 7/5:1/2 3:0"),
        tail=False,
        curvature=Fraction(6379, 4032),
        level=Fraction(89, 100),
        level_plus=Fraction(1781, 2000),
        total=Fraction(39, 20),
        cost=Fraction(7, 2),
    ),
    Chain(
        key="I1",
        width=Fraction(1, 2),
        weight=Fraction(4, 5),
        gate=_knots("0:0 9/10:5/6 5/4:5/6"),
        reward=_knots("0:1 3/5:17/20 5/4:3/5"),
        tail=True,
        curvature=Fraction(23, 10),
        level=Fraction(989, 1000) ** 2,
        level_plus=Fraction(98901, 100000) ** 2,
        total=Fraction(1501, 800),
        cost=Fraction(35, 8),
    ),
    Chain(
        key="I01",
        width=Fraction(1, 2),
        weight=Fraction(2, 5),
        gate=_knots("0:0 9/25:25/33 11/10:25/33"),
        reward=_knots("0:1 1/5:7/8 11/10:14/25"),
        tail=True,
        curvature=Fraction(191, 50),
        level=Fraction(483, 500) ** 2,
        level_plus=Fraction(9662, 10000) ** 2,
        total=Fraction(6573, 4000),
        cost=Fraction(13, 2),
        bounded=True,
    ),
)


def chain_named(key: str) -> Chain:
    """The chain with this key.

    Raises
    ------
    InputError : there is none, with the nearest keys.
    """
    for chain in CHAINS:
        if chain.key == key:
            return chain
    raise unknown_name("chain", key, (c.key for c in CHAINS))
