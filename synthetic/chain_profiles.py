r"""The zero-chain without its scaling, and the scalar functions it is made of.

A chain couples neighbours through a gate Psi and a reward Phi, both nondecreasing with Psi(0) = Psi'(0) = 0. Every
function here knows its value, slope and curvature on arrays of any shape, and itself as a sympy expression. At a
kink of the slope the curvature is the limit from the right.

References
----------
docs/theory/lower.md, Part B (the piecewise profiles). Carmon, Duchi, Hinder, Sidford, "Lower bounds for finding
stationary points I", 2017, arXiv 1710.11606, Section 3 (the smooth ones).
"""

from __future__ import annotations

import abc
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np
import sympy as sp
from scipy.special import ndtr

from synthetic.derivatives import quiet
from synthetic.forms import Array, Form, coordinates, rational

__all__ = ["Chain", "ExponentialGate", "NormalReward", "Penalty", "PiecewiseSlope", "Profile"]

# exp(-1/t^2) is zero in doubles far above this t, and 1/t^2 is still finite here.
_THINNEST: Final = 2.0**-5


class Profile(abc.ABC):
    """A nondecreasing bounded function of one variable."""

    __slots__ = ()

    @property
    @abc.abstractmethod
    def supremum(self) -> Fraction:
        """The supremum, or a rational upper bound of it."""

    @abc.abstractmethod
    def value(self, x: Array) -> Array:
        """The function, elementwise."""

    @abc.abstractmethod
    def slope(self, x: Array) -> Array:
        """Its derivative, elementwise."""

    @abc.abstractmethod
    def curvature(self, x: Array) -> Array:
        """Its second derivative, elementwise."""

    @abc.abstractmethod
    def formula(self, x: Any) -> Any:
        """The function as a sympy expression in ``x``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PiecewiseSlope(Profile):
    r"""The function with a continuous, piecewise linear derivative, zero on the left, and an exponential tail.

    The derivative is linear through ``knots``, zero before the first one, and v e^(-decay (x - t)) after the last
    one, (t, v). The function itself vanishes up to the first knot.

    Attributes
    ----------
    knots : pairs (position, derivative), exact, positions increasing, the first derivative 0.
    decay : rate of the tail; None when the last derivative is 0 and the function stays constant.
    """

    knots: tuple[tuple[Fraction, Fraction], ...]
    decay: Fraction | None = None
    _at: Array = field(init=False, repr=False, compare=False)
    _pieces: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        positions = [t for t, _ in self.knots]
        if positions != sorted(set(positions)) or self.knots[0][1] != 0 or len(self.knots) < 2:
            raise ValueError(f"knots {self.knots} must have increasing positions and begin with derivative 0")
        if (self.decay is None) != (self.knots[-1][1] == 0):
            raise ValueError(f"a tail with decay {self.decay} does not continue the derivative {self.knots[-1][1]}")
        object.__setattr__(self, "_at", np.array([float(t) for t in positions]))
        # One column for each piece: value and slope at its left knot, and its curvature.
        object.__setattr__(self, "_pieces", np.array([[float(c) for c in piece] for piece in self._exact()]).T)

    def _exact(self) -> list[tuple[Fraction, Fraction, Fraction]]:
        value, pieces = Fraction(0), []
        for (left, start), (right, end) in itertools.pairwise(self.knots):
            pieces.append((value, start, (end - start) / (right - left)))
            value += (start + end) / 2 * (right - left)
        return pieces

    @property
    def supremum(self) -> Fraction:
        """The limit at infinity, exact."""
        (left, _), (right, slope) = self.knots[-2:]
        value, start, bend = self._exact()[-1]
        width = right - left
        tail = Fraction(0) if self.decay is None else slope / self.decay
        return value + start * width + bend * width**2 / 2 + tail

    def value(self, x: Array) -> Array:
        step, (value, slope, bend) = self._local(x)
        inside: Array = value + step * (slope + step * bend / 2)
        if self.decay is None:
            return inside
        rate = float(self.decay)
        return inside - float(self.knots[-1][1]) / rate * np.expm1(-rate * self._excess(x))

    def slope(self, x: Array) -> Array:
        step, (_, slope, bend) = self._local(x)
        inside: Array = slope + step * bend
        return inside if self.decay is None else inside * np.exp(-float(self.decay) * self._excess(x))

    def curvature(self, x: Array) -> Array:
        _, (_, _, bend) = self._local(x)
        # A sum with 0 x keeps NaN, which fails both comparisons.
        bend = np.where((x < self._at[0]) | (x >= self._at[-1]), 0.0, bend + 0.0 * np.clip(x, -1.0, 1.0))
        if self.decay is None:
            return bend
        rate = float(self.decay)
        tail = -rate * float(self.knots[-1][1]) * np.exp(-rate * self._excess(x))
        return np.where(x >= self._at[-1], tail, bend)

    def formula(self, x: Any) -> Any:
        pieces: list[tuple[Any, Any]] = [(sp.S.Zero, x < rational(self.knots[0][0]))]
        for (left, _), (right, _), piece in zip(self.knots, self.knots[1:], self._exact(), strict=False):
            value, slope, bend = map(rational, piece)
            step = x - rational(left)
            pieces.append((value + slope * step + bend * step**2 / 2, x < rational(right)))
        last, end = map(rational, self.knots[-1])
        limit = rational(self.supremum)
        if self.decay is not None:
            rate = rational(self.decay)
            limit -= end / rate * sp.exp(-rate * (x - last))
        return sp.Piecewise(*pieces, (limit, True))

    def _local(self, x: Array) -> tuple[Array, Array]:
        """Distance from the left knot of the piece of ``x``, and the piece, with ``x`` clipped to the knots."""
        inside = np.clip(x, self._at[0], self._at[-1])
        piece = np.searchsorted(self._at[1:-1], inside, side="right")
        return inside - self._at[piece], self._pieces[:, piece]

    def _excess(self, x: Array) -> Array:
        return np.asarray(np.maximum(x - self._at[-1], 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExponentialGate(Profile):
    r"""Psi(x) = exp(1 - 1/(2x - 1)^2) for x > 1/2, else 0: smooth, flat on (-inf, 1/2], Psi(1) = 1, supremum e."""

    @property
    def supremum(self) -> Fraction:
        """A rational above e."""
        return Fraction(271829, 100000)

    def value(self, x: Array) -> Array:
        return np.where(x <= 0.5, 0.0, np.exp(1 - self._w(x)))

    def slope(self, x: Array) -> Array:
        w = self._w(x)
        return np.where(x <= 0.5, 0.0, 4 * w**1.5 * np.exp(1 - w))

    def curvature(self, x: Array) -> Array:
        w = self._w(x)
        return np.where(x <= 0.5, 0.0, (16 * w - 24) * w**2 * np.exp(1 - w))

    def formula(self, x: Any) -> Any:
        return sp.Piecewise((sp.exp(1 - 1 / (2 * x - 1) ** 2), x > sp.Rational(1, 2)), (sp.S.Zero, True))

    @staticmethod
    def _w(x: Array) -> Array:
        return np.asarray(np.maximum(2 * x - 1, _THINNEST) ** -2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalReward(Profile):
    r"""Phi(x) = sqrt(e) int_(-inf)^x e^(-t^2/2) dt, with Phi'(0) = sqrt(e) and supremum sqrt(2 pi e)."""

    @property
    def supremum(self) -> Fraction:
        """A rational above sqrt(2 pi e)."""
        return Fraction(41328, 10000)

    def value(self, x: Array) -> Array:
        return np.asarray(np.sqrt(2 * np.pi * np.e) * ndtr(x))

    def slope(self, x: Array) -> Array:
        return np.asarray(np.exp((1 - x * x) / 2))

    def curvature(self, x: Array) -> Array:
        return -x * self.slope(x)

    def formula(self, x: Any) -> Any:
        return sp.sqrt(2 * sp.pi * sp.E) * (1 + sp.erf(x / sp.sqrt(2))) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """P(x) = 0 for x >= 0, x^2/(2 w) on [-w, 0] and |x| - w/2 before, w = ``width``: a Huber slope on the left."""

    width: Fraction

    def value(self, x: Array) -> Array:
        """P, elementwise."""
        depth, w = np.maximum(-x, 0.0), float(self.width)
        inner = np.minimum(depth, w)
        return np.asarray(inner * inner / (2 * w) + (depth - inner))

    def slope(self, x: Array) -> Array:
        """P' = -min(1, |x|/w) for x <= 0, elementwise."""
        return np.asarray(-np.minimum(np.maximum(-x, 0.0) / float(self.width), 1.0))

    def curvature(self, x: Array) -> Array:
        """P'' = 1/w on [-w, 0), else 0, elementwise."""
        w = float(self.width)
        return np.where((x >= -w) & (x < 0), 1 / w, 0.0)

    def formula(self, x: Any) -> Any:
        """P as a sympy expression in ``x``."""
        w = rational(self.width)
        return sp.Piecewise((-x - w / 2, x < -w), (x**2 / (2 * w), x < 0), (sp.S.Zero, True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(Form):
    r"""f(x) = sum_i [P(x_i) - Psi(x_{i-1}) Phi(x_i)] on R^links, Psi(x_0) := 1.

    Without a penalty P, the mirrored terms Psi(-x_{i-1}) Phi(-x_i), i >= 2, are added instead. The value, the gradient
    and the bands of the Hessian cost O(links) for each point.
    """

    gate: Profile
    reward: Profile
    penalty: Penalty | None
    links: int

    @property
    def dimension(self) -> int:
        return self.links

    def value(self, x: Array) -> Array:
        with quiet():
            before, after = self.gate.value(x), self.reward.value(x)
            terms = -after
            terms[:, 1:] *= before[:, :-1]
            if self.penalty is not None:
                terms += self.penalty.value(x)
            else:
                terms[:, 1:] += self.gate.value(-x[:, :-1]) * self.reward.value(-x[:, 1:])
            total: Array = terms.sum(axis=1)
            return total

    def gradient(self, x: Array) -> Array:
        with quiet():
            slopes = self._side(x, 1.0, self.reward.slope, self.gate.slope)
            if self.penalty is not None:
                return self.penalty.slope(x) - slopes
            return -slopes - self._side(-x, 0.0, self.reward.slope, self.gate.slope)

    def bands(self, x: Array) -> tuple[Array, Array]:
        """The tridiagonal Hessian at x: (batch, dim): diagonal (batch, dim), off-diagonal (batch, dim - 1)."""
        with quiet():
            diagonal = -self._side(x, 1.0, self.reward.curvature, self.gate.curvature)
            beside = -self.gate.slope(x[:, :-1]) * self.reward.slope(x[:, 1:])
            if self.penalty is not None:
                return diagonal + self.penalty.curvature(x), beside
            diagonal += self._side(-x, 0.0, self.reward.curvature, self.gate.curvature)
            return diagonal, beside + self.gate.slope(-x[:, :-1]) * self.reward.slope(-x[:, 1:])

    def hessian(self, x: Array) -> Array:
        diagonal, beside = self.bands(x)
        out, i = np.zeros((len(x), self.links, self.links)), np.arange(self.links)
        out[:, i, i] = diagonal
        out[:, i[:-1], i[1:]] = out[:, i[1:], i[:-1]] = beside
        return out

    def expression(self) -> tuple[Any, tuple[Any, ...]]:
        xs = coordinates(self.links)
        terms = [-self.reward.formula(xs[0])]
        for before, here in itertools.pairwise(xs):
            terms.append(-self.gate.formula(before) * self.reward.formula(here))
            if self.penalty is None:
                terms.append(self.gate.formula(-before) * self.reward.formula(-here))
        if self.penalty is not None:
            terms.extend(self.penalty.formula(x) for x in xs)
        return sp.Add(*terms), xs

    def _side(self, x: Array, first: float, outer: Callable[[Array], Array], inner: Callable[[Array], Array]) -> Array:
        """Psi(x_{i-1}) outer(x_i) + inner(x_i) Phi(x_{i+1}), with Psi(x_0) = ``first`` and no last second term."""
        result = outer(x)
        result[:, 0] *= first
        result[:, 1:] *= self.gate.value(x[:, :-1])
        result[:, :-1] += inner(x[:, :-1]) * self.reward.value(x[:, 1:])
        return result
