r"""Counts for arrays of constants, with directed rounding.

Constants are doubles; a double means its shortest decimal, as everywhere. Each element is enclosed by interval
arithmetic (:mod:`bounds.intervals`), so an upper bound is never below the exact count of
:func:`bounds.calculator.evaluate`, a lower bound never above it, and a hypothesis counts as fulfilled only where the
enclosure proves it. The enclosures are about 10^-14 wide (relative) unless a formula cancels, so the result equals
the exact count except where that width reaches an integer; for counts below 10^10 the few such elements are evaluated
exactly too.

Blocks of elements that leave the range of doubles are computed in extended precision; elements that stay undecided
even then, or that lie on the border of a hypothesis, are evaluated exactly, one by one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from bounds.applicability import NotCovered, apply, read_parameters
from bounds.arrays import CONSTANTS, read_arrays, zero_patterns
from bounds.calculator import evaluate
from bounds.errors import NoStepNeeded
from bounds.intervals import Array, Interval, from_numbers, gap
from bounds.methods import MomentumStart
from bounds.problem import Problem
from bounds.programs import Compiled, compiled
from bounds.quantities import quantity
from bounds.smoothness import Noise
from bounds.symbols import L0, L1, Delta, epsilon
from bounds.theorem import Kind, Relation, Theorem

__all__ = ["Counts", "evaluate_many"]

_BLOCK = 16_384
_WIDE = 1e-11
_LARGE, _FEW = 1e10, 100
_STANDARD = Problem.of(L0=1, L1=1, Delta=1, epsilon=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The counts of one theorem over arrays; all arrays have the broadcast shape of the constants.

    Attributes
    ----------
    iterations : whole numbers as doubles; infinite above the range of doubles (the largest double for lower bounds),
        0 where no step is needed, NaN where the theorem does not cover the constants.
    log10 : decimal logarithm of the count, finite where the count itself is too large for a double.
    reasons : why whole groups of elements are not covered, each once.
    """

    theorem: Theorem
    iterations: npt.NDArray[np.float64]
    log10: npt.NDArray[np.float64]
    reasons: tuple[str, ...]

    @property
    def covered(self) -> npt.NDArray[np.bool_]:
        """Where the theorem applies."""
        return ~np.isnan(self.iterations)


def evaluate_many(
    theorem: Theorem,
    constants: Mapping[str, npt.ArrayLike],
    parameters: Mapping[str, npt.ArrayLike] | None = None,
    like: Problem = _STANDARD,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> Counts:
    """The counts of ``theorem`` for arrays of constants that broadcast against each other.

    Parameters
    ----------
    constants : ``L0``, ``L1``, ``Delta``, ``epsilon`` and, unless zero, ``sigma``; units as in the quantities.
    parameters : arrays for method parameters (``eta``, ``gamma``, ``beta``, ``nu``, ``kappa``, ``M``); the others take
        the recommended values.
    like : a problem that gives everything but the numbers: smoothness, criterion, dimension, and the noise model where
        sigma > 0 (bounded, if ``like`` has exact gradients). Elements with sigma = 0 have exact gradients.

    Raises
    ------
    InputError : a constant is missing, unknown, not finite or out of its domain.
    NotCovered : only the order of growth is known.
    """
    if theorem.order_only:
        raise NotCovered("only its order of growth is known, so it gives no count")
    names, arrays = read_arrays(constants, parameters or {})
    shape = arrays[0].shape
    flat = [np.ascontiguousarray(a).reshape(-1) for a in arrays]
    iterations, log10 = np.full(flat[0].size, np.nan), np.full(flat[0].size, np.nan)
    reasons: list[str] = []
    for chosen, zeros in zero_patterns(names, flat):
        own = [a[chosen] for a in flat]
        job = _Job(theorem=theorem, like=like, start=momentum_start, names=names, zeros=zeros)
        try:
            program = job.compile([float(a[0]) for a in own])
        except NotCovered as error:
            reasons.append(str(error))
            continue
        found = [job.block(program, [a[k : k + _BLOCK] for a in own]) for k in range(0, own[0].size, _BLOCK)]
        iterations[chosen] = np.concatenate([f[0] for f in found])
        log10[chosen] = np.concatenate([f[1] for f in found])
    return Counts(
        theorem=theorem,
        iterations=iterations.reshape(shape),
        log10=log10.reshape(shape),
        reasons=tuple(dict.fromkeys(reasons)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One theorem, one setting, one pattern of zeros."""

    theorem: Theorem
    like: Problem
    start: MomentumStart
    names: tuple[str, ...]
    zeros: frozenset[str]

    def problem(self, values: Mapping[str, float]) -> Problem:
        exact: dict[str, Any] = {n: quantity(n).validate(v) for n, v in values.items() if n in CONSTANTS}
        noisy = Noise.BOUNDED if self.like.noise is Noise.EXACT else self.like.noise
        return dataclasses.replace(self.like, **exact, noise=noisy if exact["sigma"] else Noise.EXACT)

    def symbol(self, name: str) -> Any:
        """The symbol of a constant in the theorem; what is made small may be a gradient norm or a function value."""
        return self.target if name == "epsilon" else quantity(name).symbol

    @property
    def target(self) -> Any:
        """The symbol of what is made small."""
        (symbol,) = self.theorem.guarantee.free_symbols
        return symbol

    def compile(self, first: list[float]) -> Compiled:
        """The program; the setting is judged on the first element, since it is the same for all."""
        values = dict(zip(self.names, first, strict=True))
        chosen = {n: v for n, v in values.items() if n not in CONSTANTS}
        bare = dataclasses.replace(self.theorem, requires=(), least_dimension=None)
        application = apply(bare, self.problem(values), read_parameters(chosen), self.start)
        change = application.conversion.factor
        return compiled(
            self.theorem,
            frozenset(quantity(n).symbol for n in self.zeros),
            frozenset(quantity(n).symbol for n in chosen),
            change if self.theorem.kind is Kind.UPPER else 1 / change,
            self.like.dimension,
        )

    def block(self, program: Compiled, arrays: list[Array]) -> tuple[Array, Array]:
        """Counts and their logarithms for a block of elements."""
        for dtype in (np.float64, np.longdouble):
            try:
                with np.errstate(all="raise"):
                    value, covered, idle, wide = self._enclose(program, [a.astype(dtype) for a in arrays])
            except FloatingPointError:
                continue
            if not wide or dtype is np.longdouble:
                break
        else:
            size = arrays[0].size
            value, covered, idle = np.full(size, np.nan), np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
        upper = self.theorem.kind is Kind.UPPER
        with np.errstate(all="ignore"):
            whole = np.maximum(np.ceil(value), 1)
            log10 = np.log10(whole).astype(np.float64)
            limit = np.finfo(np.float64).max
            near = np.minimum(whole, limit).astype(np.float64)
            # Extended precision has more digits: the nearest double may lie on the wrong side.
            wrong = near < whole if upper else near > whole
            near = np.where(wrong, np.nextafter(near, np.inf if upper else 0), near)
        near = np.where(idle, 0.0, np.where(covered, near, np.nan))
        log10 = np.where(idle, -np.inf, np.where(covered, log10, np.nan))
        for k in np.flatnonzero(covered & ~idle & np.isnan(value)):
            near[k], log10[k] = self._exactly({n: float(a[k]) for n, a in zip(self.names, arrays, strict=True)})
        return near, log10

    def _enclose(self, program: Compiled, arrays: list[Array]) -> tuple[Array, Array, Array, bool]:
        """The safe end of the count (NaN: undecided), where it is covered, where no step is needed, and if any
        enclosure is wide."""
        values = {
            self.symbol(n): from_numbers(a) for n, a in zip(self.names, arrays, strict=True) if n not in self.zeros
        }
        idle = self._idle(values)
        covered, decided = np.ones(idle.shape, dtype=bool), np.ones(idle.shape, dtype=bool)
        sides = program.conditions.run(values, arrays[0].dtype)
        for relation, left, right in zip(program.relations, sides[::2], sides[1::2], strict=True):
            holds, fails = _judge(relation, left, right)
            covered &= ~fails
            decided &= holds
        value = np.full(idle.shape, np.nan, dtype=arrays[0].dtype)
        sure = covered & decided & ~idle
        if not np.any(sure):
            return value, covered, idle, False
        inside = values if np.all(sure) else {s: _where(x, sure) for s, x in values.items()}
        (count,) = program.count.run(inside, arrays[0].dtype)
        value[sure] = np.where(_straddles(count), np.nan, count.high if self.theorem.kind is Kind.UPPER else count.low)
        wide = bool(np.any(count.high - count.low > _WIDE * np.abs(count.high)))
        return value, covered, idle, wide

    def _idle(self, values: Mapping[Any, Interval]) -> Array:
        """Where the start is accurate enough: gap(epsilon) >= Delta, or epsilon >= Delta for function values."""
        target, start = values[self.target], values[Delta]
        if self.target != epsilon:
            return np.asarray(target.low >= start.high)
        if L1 not in values:
            return np.asarray(target.low**2 >= 2 * values[L0].high * start.high)
        cheap = target.high >= values[L1].low * start.low  # gap(G) <= G/L1
        if L0 not in values:
            return np.asarray(target.low >= values[L1].high * start.high)
        idle = np.zeros(cheap.shape, dtype=bool)
        if np.any(cheap):
            at = [
                Interval(low=x.low[cheap], high=x.high[cheap], positive=True) for x in (values[L0], values[L1], target)
            ]
            idle[cheap] = gap(*at).low >= start.high[cheap]
        return idle

    def _exactly(self, values: Mapping[str, float]) -> tuple[float, float]:
        chosen = {n: v for n, v in values.items() if n not in CONSTANTS}
        try:
            count = evaluate(self.theorem, self.problem(values), chosen, self.start).iterations
        except NoStepNeeded:
            return 0.0, -np.inf
        except NotCovered:
            return np.nan, np.nan
        return _double(count, upper=self.theorem.kind is Kind.UPPER), _log10(count)


def _where(x: Interval, chosen: Array) -> Interval:
    return Interval(low=x.low[chosen], high=x.high[chosen], positive=x.positive)


def _straddles(count: Interval) -> Array:
    """Where a count below 10^10 is not settled because the enclosure contains an integer.

    Such elements are rare in general position; where many of them show up (constants on a grid of round numbers), they
    keep the safe side instead of being evaluated exactly one by one.
    """
    found = (np.ceil(count.low) != np.ceil(count.high)) & (count.high < _LARGE)
    return np.asarray(found & (np.count_nonzero(found) <= _FEW))


def _judge(relation: Relation, left: Interval, right: Interval) -> tuple[Array, Array]:
    """Where a condition certainly holds, and where it certainly fails."""
    if relation is Relation.AT_MOST:
        return left.high <= right.low, left.low > right.high
    if relation is Relation.LESS:
        return left.high < right.low, left.low >= right.high
    if relation is Relation.AT_LEAST:
        return left.low >= right.high, left.high < right.low
    apart = (left.low > right.high) | (left.high < right.low)
    return np.zeros_like(apart), apart


def _double(count: int, *, upper: bool) -> float:
    try:
        near = float(count)
    except OverflowError:
        return np.inf if upper else float(np.finfo(np.float64).max)
    if (Fraction(near) < count) if upper else (Fraction(near) > count):
        return float(np.nextafter(near, np.inf if upper else 0.0))
    return near


def _log10(count: int) -> float:
    digits = max(len(str(count)) - 17, 0) if count < 10**4000 else int(count.bit_length() * 0.30103) - 17
    return float(np.log10(float(count // 10**digits))) + digits
