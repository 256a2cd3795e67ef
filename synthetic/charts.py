r"""Changes of unknown u = u(t) that make derivatives rational, each with exact images, preimages and enclosures.

============  =======================================  ==========================================================
chart         unknown                                  makes rational in u
============  =======================================  ==========================================================
Line          u = t                                    rational functions of t
Exponential   u = e^(rate t + shift) > 0               e^(k (rate t + shift)) with integers k, sinh, cosh, tanh
Tangent       u = tan((rate t + shift)/2)              sin, cos, tan of k (rate t + shift) with integers k
Root          u = z + sqrt(a + z^2) > 0                z = (u - a/u)/2 and sqrt(a + z^2) = (u + a/u)/2
Power         u = (slope t + offset)^(1/order) > 0     t and (slope t + offset)^(k/order) with integers k
============  =======================================  ==========================================================

For ``Root``, z = c (t - center) where c^2 is rational; c itself may not be, and is then a factor of every slope.

The points rate t + shift = pi mod 2 pi have no image under ``Tangent``. They are isolated, and a claim that fails on
an open set, if at all, fails at other points too.
"""

from __future__ import annotations

import abc
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import sympy as sp

from synthetic.brackets import Pair, Unknown, bracket, raw_pair
from synthetic.forms import rational

__all__ = ["Chart", "Exponential", "Line", "Power", "Root", "Tangent"]


class Chart(abc.ABC):
    """A change of unknown, monotone on every interval it is used on."""

    __slots__ = ()

    @property
    def factor(self) -> Any:
        """A constant by which slopes are divided to be rational in u."""
        return sp.S.One

    @abc.abstractmethod
    def images(self, low: Any, high: Any) -> Iterator[tuple[Pair, Pair]]:
        """Intervals of u, each as its enclosed ends, whose union is the image of the interval (low, high) of t."""

    @abc.abstractmethod
    def preimages(self, u: Any, digits: int, low: Any, high: Any) -> Iterator[Any]:
        """Rationals t near the points that belong to u, with denominators up to 10^digits where u is not exact."""

    @abc.abstractmethod
    def enclosure(self, t: Any, bits: int) -> Pair:
        """Rationals below and above u at the rational t."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Chart):
    """u = t."""

    def images(self, low: Any, high: Any) -> Iterator[tuple[Pair, Pair]]:
        yield bracket(low), bracket(high)

    def preimages(self, u: Any, digits: int, low: Any, high: Any) -> Iterator[Any]:
        yield u

    def enclosure(self, t: Any, bits: int) -> Pair:
        return t, t


@dataclass(frozen=True, slots=True, kw_only=True)
class Exponential(Chart):
    """u = e^(rate t + shift)."""

    rate: Any
    shift: Any

    def images(self, low: Any, high: Any) -> Iterator[tuple[Pair, Pair]]:
        yield self._image(low), self._image(high)

    def _image(self, end: Any) -> Pair:
        if end.is_infinite:
            return (sp.oo, sp.oo) if end is sp.oo else (sp.S.Zero, sp.S.Zero)
        return bracket(sp.expand(sp.exp(sp.expand(self.rate * end + self.shift))))

    def preimages(self, u: Any, digits: int, low: Any, high: Any) -> Iterator[Any]:
        yield _near(sp.N((sp.log(u) - self.shift) / self.rate, digits + 20), digits)

    def enclosure(self, t: Any, bits: int) -> Pair:
        return bracket(sp.exp(self.rate * t + self.shift), bits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tangent(Chart):
    """u = tan((rate t + shift)/2), rate > 0."""

    rate: Any
    shift: Any

    def images(self, low: Any, high: Any) -> Iterator[tuple[Pair, Pair]]:
        everything = ((-sp.oo, -sp.oo), (sp.oo, sp.oo))
        if low.is_infinite or high.is_infinite:
            yield everything
            return
        if not (low.is_Rational and high.is_Rational):
            raise Unknown(f"no exact rule for trigonometric functions between {low} and {high}")
        poles = self._turn(high) - self._turn(low)
        if poles > 1:
            yield everything
        elif poles == 1:
            yield everything[0], self.enclosure(high, 200)
            yield self.enclosure(low, 200), everything[1]
        else:
            yield self.enclosure(low, 200), self.enclosure(high, 200)

    def _turn(self, t: Any) -> Any:
        """The number n with 2 pi n - pi < rate t + shift < 2 pi n + pi; a rational is never at the ends."""
        floors = {sp.floor(end) for end in bracket((self.rate * t + self.shift + sp.pi) / (2 * sp.pi), 400)}
        if len(floors) != 1:
            raise Unknown(f"{t} is too close to a pole of the half-angle tangent")
        return floors.pop()

    def preimages(self, u: Any, digits: int, low: Any, high: Any) -> Iterator[Any]:
        first = sp.S.Zero if low.is_infinite or high.is_infinite else self._turn(low)
        # Where only one end is finite, the next full turn inside the interval is taken.
        if low.is_finite and high.is_infinite:
            first = self._turn(low) + 1
        elif high.is_finite and low.is_infinite:
            first = self._turn(high) - 1
        for turn in (first, first + 1):
            yield _near(sp.N((2 * sp.atan(u) + 2 * sp.pi * turn - self.shift) / self.rate, digits + 30), digits)

    def enclosure(self, t: Any, bits: int) -> Pair:
        half = (self.rate * t + self.shift) / 2
        if half == 0:
            return sp.S.Zero, sp.S.Zero
        iv = mpmath.iv.__class__()
        # The digits before the point are lost to the reduction by multiples of pi.
        iv.prec = bits + abs(int(half.p)).bit_length()
        angle = iv.mpf(int(half.p)) / iv.mpf(int(half.q))
        sine, cosine = raw_pair(iv.sin(angle)), raw_pair(iv.cos(angle))
        if cosine[0] <= 0 <= cosine[1]:
            raise Unknown(f"{t} is too close to a pole of the half-angle tangent")
        quotients = [s / c for s in sine for c in cosine]
        return min(quotients), max(quotients)


@dataclass(frozen=True, slots=True, kw_only=True)
class Root(Chart):
    """u = z + sqrt(constant + z^2) with z = sqrt(square) (t - center), constant > 0, square > 0."""

    center: Any
    square: Any
    constant: Any

    @property
    def scale(self) -> Any:
        """z per unit of t."""
        return sp.sqrt(self.square)

    @property
    def factor(self) -> Any:
        return sp.S.One if self.scale.is_Rational else self.scale

    def images(self, low: Any, high: Any) -> Iterator[tuple[Pair, Pair]]:
        yield self._image(low, 200), self._image(high, 200)

    def _image(self, end: Any, bits: int) -> Pair:
        if end.is_infinite:
            return (sp.oo, sp.oo) if end is sp.oo else (sp.S.Zero, sp.S.Zero)
        z = self.scale * (end - self.center)
        size = sp.sqrt(self.constant + self.square * (end - self.center) ** 2)
        # Of the two forms of u the one without cancellation is enclosed.
        if bracket(z, bits)[1] >= 0:
            return bracket(z + size, bits)
        return bracket(self.constant / (size - z), bits)

    def preimages(self, u: Any, digits: int, low: Any, high: Any) -> Iterator[Any]:
        t = self.center + (u - self.constant / u) / 2 / self.scale
        yield _near(sp.N(t, digits + 20 + 2 * abs(int(sp.log(u, 2)))), digits)
        if t.is_Rational:
            yield t

    def enclosure(self, t: Any, bits: int) -> Pair:
        return self._image(t, bits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Power(Chart):
    """u = (slope t + offset)^(1/order), where slope t + offset > 0."""

    slope: Any
    offset: Any
    order: int

    def images(self, low: Any, high: Any) -> Iterator[tuple[Pair, Pair]]:
        ends = (self._image(low, 200), self._image(high, 200))
        yield ends if self.slope > 0 else ends[::-1]

    def _image(self, end: Any, bits: int) -> Pair:
        base = self.slope * end + self.offset
        if base.is_infinite and base > 0:
            return sp.oo, sp.oo
        if not base.is_finite or (bracket(base)[0] < 0 and base != 0):
            raise Unknown(f"a root of {base} is not real")
        return bracket(base ** sp.Rational(1, self.order), bits)

    def preimages(self, u: Any, digits: int, low: Any, high: Any) -> Iterator[Any]:
        t = (u**self.order - self.offset) / self.slope
        yield _near(t, digits)
        yield t

    def enclosure(self, t: Any, bits: int) -> Pair:
        return self._image(t, bits)


def _near(value: Any, digits: int) -> Any:
    exact = Fraction(int(value.p), int(value.q)) if value.is_Rational else Fraction(str(value))
    return rational(exact.limit_denominator(10**digits))
