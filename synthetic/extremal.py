r"""The one-dimensional class exactly: which slopes are possible, and the member with the smallest gap.

For L0 > 0 and L1 >= 0 let

    z(v) = sgn(v) ln(1 + L1 |v|/L0)/L1        (v/L0 when L1 = 0),

a length. A function f of one variable satisfies |f''| <= L0 + L1 |f'| (in the Lipschitz sense, so kinks of f' are
allowed) if and only if x -> z(f'(x)) is 1-Lipschitz. Hence slopes v_i at points x_i come from a member of the class
if and only if |z_i - z_j| <= |x_i - x_j| for all i, j; every member then lies between

    z_low(x) = max_i (z_i - |x - x_i|),        z_up(x) = min_i (z_i + |x - x_i|),

and z_low left of x_0 with z_up right of it gives the smallest possible gap f(x_0) - inf f. Integrals of f' are
differences of W(z) = (L0/L1^2)(e^(L1 |z|) - 1 - L1 |z|), so that gap has a closed form.

Source: docs/theory/deterministic.md, section 2 (structure theorem).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from bounds.quantities import Number, quantity

__all__ = [
    "ExtremalLandscape",
    "class_constants",
    "interpolants",
    "potential",
    "representable",
    "slope_of",
    "smallest_gap",
    "transform",
]

Float = npt.NDArray[np.float64]

# Two doubles are subtracted exactly with far fewer bits than this unless their exponents are absurdly far apart, and
# then the comparison is merely undecided, never wrong.
_BITS = 240

# Squares and products of these stay within the range of doubles.
_SMALLEST, _LARGEST = Fraction(1, 10**100), Fraction(10**100)


def class_constants(L0: Number, L1: Number) -> tuple[Fraction, Fraction]:
    """Exact (L0, L1) of the class.

    Raises
    ------
    InputError : not a pair L0 > 0, L1 >= 0 (with L0 = 0 a slope never reaches zero, so z would be infinite), or one
        beyond the range of doubles.
    """
    l0, l1 = quantity("L0").validate(L0), quantity("L1").validate(L1)
    if l0 == 0:
        raise InputError("L0 = 0 is not allowed: extremal landscapes need L0 > 0.")
    for name, value in (("L0", l0), ("L1", l1)):
        representable(name, value)
    return l0, l1


def representable(name: str, value: Fraction) -> float:
    """The double nearest to ``value`` >= 0, or :class:`InputError` where it would be infinite, or zero by underflow."""
    if value and not _SMALLEST <= value <= _LARGEST:
        shown = mpmath.nstr(mpmath.mpf(value.numerator) / value.denominator, 5)
        raise InputError(f"{name} = {shown} is not allowed: it must lie between 1e-100 and 1e100 to be simulated.")
    return float(value)


def transform(slope: npt.ArrayLike, L0: float, L1: float) -> Float:
    """z of slopes (any shape), units X."""
    v = np.asarray(slope, dtype=np.float64)
    z: Float = v / L0 if L1 == 0 else np.sign(v) * np.log1p(L1 * np.abs(v) / L0) / L1
    return z


def slope_of(z: npt.ArrayLike, L0: float, L1: float) -> Float:
    """The slope with transform z (any shape), units F/X."""
    z = np.asarray(z, dtype=np.float64)
    with np.errstate(over="ignore"):
        v: Float = L0 * z if L1 == 0 else np.sign(z) * (np.expm1(L1 * np.abs(z)) / L1) * L0
    return v


def potential(z: npt.ArrayLike, L0: float, L1: float) -> Float:
    """W(z), units F: the least decrease from a point with transform z to a stationary point."""
    z = np.asarray(z, dtype=np.float64)
    if L1 == 0:
        return np.asarray(L0 * z * z / 2)
    a = L1 * np.abs(z)
    small = np.minimum(a, 0.25)
    series = np.ones_like(small)
    for k in range(14, 2, -1):  # e^a - 1 - a cancels for small a; 12 terms leave less than 1e-18
        series = 1 + small / k * series
    large = np.maximum(a, 0.25)
    with np.errstate(over="ignore"):
        shape = np.where(a < 0.25, series / 2, (np.expm1(large) - large) / large**2)
        return np.asarray(L0 * z * z * shape)


def interpolants(x: npt.ArrayLike, points: Float, z: Float) -> tuple[Float, Float]:
    """(z_low, z_up) at ``x`` (K,), for data ``points`` and ``z`` (n,)."""
    distance = np.abs(np.asarray(x, dtype=np.float64)[:, None] - points)
    return (z - distance).max(axis=1), (z + distance).min(axis=1)


def smallest_gap(points: Float, z: Float, L0: float, L1: float) -> Float:
    """The smallest f(x_0) - inf f over the class, in floating point.

    ``points`` and ``z`` are (B, n), the starting point in column 0; the data must be feasible. Shape (B,).
    """
    order = np.argsort(points, axis=1, kind="stable")
    start = (order == 0).argmax(axis=1)[:, None]
    x, w = np.take_along_axis(points, order, 1), np.take_along_axis(z, order, 1)
    n = x.shape[1]
    right = _fall(x, w, start, L0, L1)
    left = _fall(-x[:, ::-1], -w[:, ::-1], n - 1 - start, L0, L1)
    return np.maximum(right, left)


def _fall(x: Float, z: Float, start: npt.NDArray[np.int64], L0: float, L1: float) -> Float:
    """sup of f(x_0) - f to the right of x_0, along z_up."""
    peak = (z[:, :-1] + z[:, 1:] + np.diff(x, axis=1)) / 2
    well = potential(z, L0, L1)
    climb = 2 * potential(peak, L0, L1) - well[:, :-1] - well[:, 1:]
    column = np.arange(x.shape[1])
    climb = np.where(column[:-1] >= start, climb, 0.0)
    fallen = -np.cumsum(np.concatenate([np.zeros((len(x), 1)), climb], axis=1), axis=1)
    # A minimum between two points follows a point with negative slope, at depth W(z) below it. Where the slope
    # stays negative up to the next point this depth is not reached, but the next point's own term is larger.
    lowest = np.where(column >= start, fallen + np.where(z < 0, well, 0.0), 0.0)
    return np.asarray(lowest.max(axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtremalLandscape:
    """The member of the class with the smallest gap for given slopes; a landscape in dimension one.

    Stored slopes are returned at the stored points, so a method that visited them walks the same path again, to the
    last bit; elsewhere the closed form is evaluated. Values are relative to the infimum.

    Attributes
    ----------
    points, slopes : (n,) the data, starting point first; units X and F/X.
    L0, L1 : constants of the class; any number on input, exact fractions afterwards.
    descending : cut z at 0 right of the start, which keeps f nonincreasing; all slopes must be negative and no point
        left of the start.

    Raises
    ------
    InputError : data that are empty, not finite, or contradictory at one point.
    """

    points: tuple[float, ...]
    slopes: tuple[float, ...]
    L0: Fraction
    L1: Fraction
    descending: bool = False
    _known: tuple[Float, Float] = field(init=False, repr=False, compare=False)
    _sides: tuple[_Side, _Side] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        L0, L1 = class_constants(self.L0, self.L1)
        object.__setattr__(self, "L0", L0)
        object.__setattr__(self, "L1", L1)
        if not self.points or len(self.points) != len(self.slopes):
            raise InputError(f"{len(self.points)} points, {len(self.slopes)} slopes: there must be one for each.")
        x, v = np.array(self.points, dtype=np.float64), np.array(self.slopes, dtype=np.float64)
        if not (np.isfinite(x).all() and np.isfinite(v).all()):
            raise InputError("points and slopes must be finite numbers.")
        if self.descending and not ((v < 0).all() and (x >= x[0]).all()):
            raise InputError("a descending landscape needs negative slopes and no point left of the start.")
        unique, first = np.unique(x, return_index=True)
        if (v != v[first][np.searchsorted(unique, x)]).any():
            raise InputError("two slopes are given at one point: the data are contradictory.")
        l0, l1 = float(L0), float(L1)
        z = transform(v[first], l0, l1)
        right, left = unique >= x[0], unique <= x[0]
        object.__setattr__(self, "_known", (unique, v[first]))
        sides = (
            _Side.of(unique[right] - x[0], z[right], l0, l1, self.descending),
            _Side.of((x[0] - unique[left])[::-1], -z[left][::-1], l0, l1, False),
        )
        object.__setattr__(self, "_sides", sides)

    @property
    def dimension(self) -> int:
        """One."""
        return 1

    @property
    def start(self) -> tuple[float, ...]:
        """The starting point, shape (1,)."""
        return (self.points[0],)

    @property
    def gap(self) -> float:
        """f(start) - inf f in floating point."""
        return max(side.fall() for side in self._sides)

    def value(self, x: Float) -> Float:
        """f - inf f at x: (B, 1) -> (B,)."""
        offset = x[:, 0] - self.points[0]
        right, left = self._sides
        return self.gap + np.where(offset >= 0, right.change(np.abs(offset)), left.change(np.abs(offset)))

    def gradient(self, x: Float) -> Float:
        """f' at x: (B, 1) -> (B, 1)."""
        z = self.transformed(x[:, 0])
        v = slope_of(z, float(self.L0), float(self.L1))
        points, slopes = self._known
        nearest = np.minimum(np.searchsorted(points, x[:, 0]), len(points) - 1)
        return np.where(points[nearest] == x[:, 0], slopes[nearest], v)[:, None]

    def transformed(self, x: Float) -> Float:
        """z(f'(x)) at x: (K,) -> (K,); piecewise linear with slopes -1, 0 and 1."""
        offset = x - self.points[0]
        right, left = self._sides
        return np.where(offset >= 0, right.z_at(np.abs(offset)), -left.z_at(np.abs(offset)))

    def in_class(self) -> bool:
        """Whether |z_i - z_j| <= |x_i - x_j| is proved for the stored doubles, by interval arithmetic.

        Neighbours suffice on a line. False also when the enclosures cannot decide.
        """
        exact = _Exact(self.L0, self.L1)
        points, slopes = self._known
        z = [exact.transform(float(v)) for v in slopes]
        pairs = zip(points[:-1].tolist(), points[1:].tolist(), z[:-1], z[1:], strict=True)
        return all((abs(b - a) <= exact.number(q) - exact.number(p)) is True for p, q, a, b in pairs)

    def gap_at_most(self, Delta: Number) -> bool:
        """Whether gap <= ``Delta`` is proved, by interval arithmetic on the closed form."""
        exact = _Exact(self.L0, self.L1)
        return bool((exact.gap(self) <= exact.number(quantity("Delta").validate(Delta))) is True)

    def gap_above(self) -> float:
        """A double that is certainly >= gap."""
        return math.nextafter(float(_Exact(self.L0, self.L1).gap(self).b), math.inf)

    def to_json(self) -> str:
        """All data as JSON; doubles survive the round trip exactly."""
        record = {"points": self.points, "slopes": self.slopes, "descending": self.descending}
        return json.dumps({**record, "L0": str(self.L0), "L1": str(self.L1)})

    @classmethod
    def from_json(cls, text: str) -> ExtremalLandscape:
        """The landscape written by :meth:`to_json`.

        Raises
        ------
        InputError : not such a text.
        """
        try:
            record = json.loads(text)
            points, slopes = (tuple(float(a) for a in record[name]) for name in ("points", "slopes"))
            L0, L1, descending = str(record["L0"]), str(record["L1"]), record["descending"] is True
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(f"the text is not a saved extremal landscape ({type(error).__name__}).") from None
        l0, l1 = class_constants(L0, L1)
        return cls(points=points, slopes=slopes, L0=l0, L1=l1, descending=descending)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """z_up and the change of f on [0, inf), from data at offsets 0 = s_0 < s_1 < ..., all arrays (m,)."""

    offsets: Float
    z: Float
    rise: Float
    reached: Float
    lid: float
    L0: float
    L1: float

    @classmethod
    def of(cls, offsets: Float, z: Float, L0: float, L1: float, descending: bool) -> _Side:
        lid = 0.0 if descending else np.inf
        rise = (np.diff(z) + np.diff(offsets)) / 2
        well = potential(z, L0, L1)
        climb = 2 * potential(np.minimum(z[:-1] + rise, lid), L0, L1) - well[:-1] - well[1:]
        return cls(
            offsets=offsets,
            z=z,
            rise=np.append(rise, np.inf),
            reached=np.append(0.0, np.cumsum(climb)),
            lid=lid,
            L0=L0,
            L1=L1,
        )

    def fall(self) -> float:
        """sup of f(start) - f; see ``_fall`` for why the points suffice."""
        return float((np.where(self.z < 0, potential(self.z, self.L0, self.L1), 0.0) - self.reached).max())

    def _piece(self, s: Float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], Float, Float]:
        k = np.searchsorted(self.offsets, s, side="right") - 1
        along, rise = s - self.offsets[k], self.rise[k]
        rising = along <= rise
        peak = np.where(rising, 0.0, self.z[k] + np.where(rising, 0.0, rise))
        return k, rising, peak, np.where(rising, self.z[k] + along, peak - (along - np.where(rising, 0.0, rise)))

    def z_at(self, s: Float) -> Float:
        return np.minimum(self._piece(s)[3], self.lid)

    def change(self, s: Float) -> Float:
        k, rising, peak, z = self._piece(s)
        here = potential(np.minimum(z, self.lid), self.L0, self.L1)
        top = potential(np.minimum(peak, self.lid), self.L0, self.L1)
        begin = potential(self.z[k], self.L0, self.L1)
        return self.reached[k] - begin + np.where(rising, here, 2 * top - here)


class _Exact:
    """The same formulas with outward rounding."""

    def __init__(self, L0: Fraction, L1: Fraction) -> None:
        self.iv: Any = mpmath.iv.__class__()
        self.iv.prec = _BITS
        self.L0, self.L1 = self.number(L0), self.number(L1)
        self.linear = L1 == 0

    def number(self, value: float | Fraction) -> Any:
        exact = Fraction(value)
        return self.iv.mpf(exact.numerator) / self.iv.mpf(exact.denominator)

    def transform(self, slope: float) -> Any:
        v = self.number(slope)
        if self.linear:
            return v / self.L0
        size = self.iv.log(1 + self.L1 * abs(v) / self.L0) / self.L1
        return size if slope >= 0 else -size

    def potential(self, z: Any) -> Any:
        if self.linear:
            return self.L0 * z * z / 2
        a = self.L1 * abs(z)
        return self.L0 / self.L1**2 * (self.iv.exp(a) - 1 - a)

    def gap(self, landscape: ExtremalLandscape) -> Any:
        points, slopes = landscape._known
        start = landscape.points[0]
        right = [(self.number(x), self.transform(float(v))) for x, v in zip(points, slopes, strict=True) if x >= start]
        left = [(-self.number(x), -self.transform(float(v))) for x, v in zip(points, slopes, strict=True) if x <= start]
        depths = [*self._depths(right, landscape.descending), *self._depths(left[::-1], False)]
        return self.iv.mpf([max(d.a for d in depths).a, max(d.b for d in depths).b])

    def _depths(self, data: list[tuple[Any, Any]], descending: bool) -> list[Any]:
        wells = [self.potential(z) for _, z in data]
        fallen, depths = self.iv.mpf(0), []
        for k, (x, z) in enumerate(data):
            if k:
                before, previous = data[k - 1]
                peak = (previous + z + x - before) / 2
                if descending:
                    peak = self.iv.mpf([min(peak.a, 0), min(peak.b, 0)])
                fallen = fallen + wells[k - 1] + wells[k] - 2 * self.potential(peak)
            depths.append(fallen + wells[k] if z.a < 0 else fallen)
        return depths
