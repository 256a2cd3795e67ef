r"""The trade-off between L1 and L0, and the pair that makes a theorem's iteration count smallest.

A function has a whole curve of valid pairs: for every L1 the smallest L0 of :func:`synthetic.minimal.minimal_L0`, which
is nonincreasing and convex in L1. A theorem's count typically has a part L0 Delta/eps^2, which asks for a small L0, and
a part L1 Delta/eps, which asks for a small L1, so the best pair moves along the curve as eps shrinks.

Every pair that is examined is valid: L1 is rational and L0 is the upper end of a rigorous enclosure. Only the choice
among them is numerical: a logarithmic grid in L1, together with L1 = 0 and the stated L1, and a golden-section search
around its local minima. The count may have other minima between the points of the grid.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from bounds.applicability import NotCovered
from bounds.calculator import Bound, evaluate
from bounds.enclosure import float_near
from bounds.errors import InputError
from bounds.problem import Problem
from bounds.quantities import POSITIVE, Number, as_fraction
from bounds.smoothness import Noise
from bounds.theorem import Criterion, Kind, Theorem
from synthetic.landscape import Landscape
from synthetic.minimal import MinimalL0, minimal_L0
from synthetic.reductions import nonnegative

__all__ = ["BestConstants", "best_constants", "minimal_curve"]

_DECADES = 4
_PER_DECADE = 4
_BRACKETS = 3
_NEAR = 1.2
_ACCURACY = 1e-4
_DIGITS = 7
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BestConstants:
    """The pair of :func:`best_constants`.

    Attributes
    ----------
    L0, L1 : a valid pair, exact rationals, units F/X^2 and 1/X.
    iterations : the theorem's count with this pair.
    bound : the whole bound, with its step sizes.
    """

    L0: Fraction
    L1: Fraction
    iterations: int
    bound: Bound


def minimal_curve(landscape: Landscape, L1_values: Iterable[Number]) -> tuple[MinimalL0, ...]:
    """The smallest L0 for each of the given L1, in the given order.

    Raises
    ------
    InputError : an L1 is not allowed, or no exact rule covers the landscape.
    """
    return tuple(minimal_L0(landscape, value) for value in L1_values)


def best_constants(
    landscape: Landscape,
    theorem: Theorem,
    Delta: Number | None = None,
    *,
    epsilon: Number,
    L1_range: tuple[Number, Number] | None = None,
    parameters: Mapping[str, Number] | None = None,
    sigma: Number = 0,
    noise: Noise | None = None,
    criterion: Criterion | None = None,
) -> BestConstants:
    """The pair (L0, L1) of the landscape that minimises the iteration count of an upper bound.

    Parameters
    ----------
    Delta : F(x0) - inf F, units F; default: the gap at the landscape's start, rounded up.
    epsilon : target gradient norm, units F/X.
    L1_range : ends of the interval in which L1 is sought, units 1/X. Default: four decades to both sides of the stated
        L1, or of 1/||start - optimum|| when that is 0, widened while the best pair lies at an end; L1 = 0 is included.
    parameters : method parameters as in :func:`bounds.calculator.evaluate`; those not given follow the pair.
    sigma, noise : the oracle, as in :meth:`bounds.problem.Problem.of`.
    criterion : what must be small; default: what the theorem is about.

    Raises
    ------
    InputError : bad input; a lower bound; no exact rule covers the landscape; no pair of the range is valid or covered.
    NoStepNeeded : one of the pairs shows that every admissible starting point is accurate enough.
    """
    if theorem.kind is not Kind.UPPER:
        raise InputError(
            f"theorem {theorem.key!r} is not allowed: a lower bound is about a whole class, so no "
            "pair of one landscape is best for it; choose an upper bound."
        )
    low, high, fixed = _range(landscape, L1_range)
    curve = _Curve(
        landscape=landscape,
        theorem=theorem,
        parameters=parameters or {},
        problem={
            "Delta": _safe_gap(landscape) if Delta is None else Delta,
            "epsilon": epsilon,
            "sigma": sigma,
            "noise": noise,
            "criterion": criterion or theorem.criterion,
            "dimension": landscape.dimension,
        },
        seen={},
        reasons=[],
    )
    stated = {pair.L1 for pair in landscape.smoothness} | {Fraction(0)}
    for value in sorted(stated):
        if not fixed or low <= value <= high:
            curve.count(value)
    start = high * Fraction(1, 10 ** (2 * _DECADES)) if low == 0 else low
    grid = _grid(float(start), float(high)) if not fixed else [start, *_grid(float(start), float(high))[1:-1], high]
    counts = [curve.count(value) for value in grid]
    if not fixed:
        _widen(curve, grid, counts)
    for left, right in _brackets(grid, counts):
        _golden_section(curve, left, right)
    found = curve.best()
    # Corners of the curve sit at short numbers, which a search only comes close to.
    for digits in range(1, _DIGITS):
        rounded = _short(float(found.L1), digits)
        if rounded and (not fixed or low <= rounded <= high):
            curve.count(rounded)
    return curve.best()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """The count along the curve of minimal pairs, each pair examined once."""

    landscape: Landscape
    theorem: Theorem
    parameters: Mapping[str, Number]
    problem: dict[str, object]
    seen: dict[Fraction, tuple[float, Fraction, Bound | None]]
    reasons: list[str]

    def count(self, L1: Fraction) -> float:
        """The count before rounding; infinite where no L0 is valid or the theorem does not apply."""
        if L1 not in self.seen:
            self.seen[L1] = self._examined(L1)
        return self.seen[L1][0]

    def _examined(self, L1: Fraction) -> tuple[float, Fraction, Bound | None]:
        L0 = minimal_L0(self.landscape, L1).high
        if not isinstance(L0, Fraction):
            self.reasons.append(f"no L0 is valid with L1 = {float(L1):g}")
            return math.inf, L1, None
        try:
            bound = evaluate(self.theorem, Problem.of(L0=L0, L1=L1, **self.problem), self.parameters)  # type: ignore[arg-type]
        except NotCovered as refusal:
            self.reasons.append(str(refusal))
            return math.inf, L0, None
        except ZeroDivisionError:  # sympy divides by a difference that its working precision takes for 0
            self.reasons.append("its count cannot be evaluated at these constants")
            return math.inf, L0, None
        return float_near(bound.value), L0, bound

    def best(self) -> BestConstants:
        """The examined pair with the smallest count, and among equal counts the one with the smallest value."""
        found = [(b.iterations, value, L1, L0, b) for L1, (value, L0, b) in self.seen.items() if b is not None]
        if not found:
            raise InputError(
                f"theorem {self.theorem.key!r} gives no count for {self.landscape.key!r} with any pair that was tried, "
                f"the last one because: {self.reasons[-1]}."
            )
        iterations, _, L1, L0, bound = min(found, key=lambda item: item[:3])
        return BestConstants(L0=L0, L1=L1, iterations=iterations, bound=bound)


def _range(landscape: Landscape, given: tuple[Number, Number] | None) -> tuple[Fraction, Fraction, bool]:
    """Both ends, and whether the user fixed them."""
    if given is not None:
        if not isinstance(given, tuple | list) or len(given) != 2:
            raise InputError(
                f"L1_range = {given!r} is not allowed: it must be a pair (low, high) with 0 <= low < high."
            )
        low, high = (nonnegative("L1_range", end) for end in given)
        if low >= high:
            raise InputError(f"L1_range = ({low}, {high}) is not allowed: its low end must lie below its high end.")
        return low, high, True
    centre = max((pair.L1 for pair in landscape.smoothness), default=Fraction(0))
    if centre == 0:
        length = math.dist(landscape.start, landscape.optimum or (0.0,) * landscape.dimension)
        centre = _short(1 / length) if length > 0 else Fraction(1)
    return centre / 10**_DECADES, centre * 10**_DECADES, False


def _safe_gap(landscape: Landscape) -> Fraction:
    gap = landscape.initial_gap
    if not (math.isfinite(gap) and gap > 0):
        raise InputError(
            f"the gap of {landscape.key!r} at its start is {gap}, which is no Delta: it must be {POSITIVE}."
        )
    # F is computed in doubles: sixteen units in the last place cover its rounding, and a larger gap is safe.
    return Fraction(gap) * (1 + Fraction(1, 2**48))


def _short(value: float, digits: int = _DIGITS) -> Fraction:
    """A rational with few digits, since the constants are for people to read."""
    return as_fraction("L1", f"{value:.{digits - 1}e}")


def _grid(low: float, high: float) -> list[Fraction]:
    steps = max(2, math.ceil(_PER_DECADE * math.log10(high / low)))
    return [_short(low * (high / low) ** (k / steps)) for k in range(steps + 1)]


def _widen(curve: _Curve, grid: list[Fraction], counts: list[float]) -> None:
    """Add decades while the smallest count lies at an end of the grid, a hundred of them at most."""
    for _ in range(100 // _DECADES):
        position = counts.index(min(counts))
        if counts[position] == math.inf or 0 < position < len(grid) - 1:
            return
        if position == 0 and curve.seen.get(Fraction(0), (math.inf,))[0] <= counts[0]:
            return
        end, factor = (grid[0], Fraction(1, 10)) if position == 0 else (grid[-1], Fraction(10))
        more = [_short(float(end * factor**k)) for k in range(1, _DECADES + 1)]
        values = [curve.count(value) for value in more]
        if position == 0:
            grid[:0], counts[:0] = more[::-1], values[::-1]
        else:
            grid += more
            counts += values


def _brackets(grid: list[Fraction], counts: list[float]) -> list[tuple[Fraction, Fraction]]:
    """The neighbourhoods of the best local minima of the grid."""
    padded = [math.inf, *counts, math.inf]
    most = _NEAR * min(counts)
    minima = [k for k, c in enumerate(counts) if c != math.inf and c <= min(padded[k], padded[k + 2], most)]
    last = len(grid) - 1
    return [(grid[max(k - 1, 0)], grid[min(k + 1, last)]) for k in sorted(minima, key=counts.__getitem__)[:_BRACKETS]]


def _golden_section(curve: _Curve, low: Fraction, high: Fraction) -> None:
    """Narrow the bracket in ln L1; to the left of a finite curve the count is infinite, which the search copes with."""
    a, b = math.log(low), math.log(high)

    def count(t: float) -> float:
        return curve.count(_short(math.exp(t)))

    left, right = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
    while b - a > _ACCURACY:
        if count(left) <= count(right) and count(left) != math.inf:
            b, right, left = right, left, right - _GOLDEN * (right - a)
        else:
            a, left, right = left, right, left + _GOLDEN * (b - left)
