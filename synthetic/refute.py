r"""Refutations of ||Hess F(x)|| <= L0 + L1 ||grad F(x)||: found in floating point, confirmed without it.

Candidates come from :mod:`synthetic.multistart`. One counts once it is confirmed: its coordinates and a direction u are
rounded to short rationals, and

    |u^T Hess F(x) u| > (L0 + L1 ||grad F(x)||) u^T u

is checked with rational arithmetic, or with interval arithmetic where a derivative is irrational. The left side is
at most ||Hess F(x)|| u^T u, so this disproves the claim. Finding nothing proves nothing.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy as sp

from bounds.enclosure import UndecidedError
from bounds.errors import InputError
from bounds.quantities import Number
from synthetic.forms import Array, Explicit, Form, Scaled, Separable
from synthetic.landscape import WHOLE_SPACE, Landscape
from synthetic.multistart import Ratio, promising
from synthetic.pointwise import jet_at
from synthetic.reductions import Point, nonnegative

__all__ = ["Refutation", "refute"]

_DIGITS = (1, 2, 3, 5, 8, 12)
_BITS = (80, 320, 1280)
# Below this the ratio is not told from 1 in double precision.
_CLEAR = 1e-12
_FAINT = Fraction(1, 10**13)
_ATTEMPTS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Refutation:
    """A point at which ||Hess F(x)|| <= L0 + L1 ||grad F(x)|| fails, confirmed rigorously.

    Attributes
    ----------
    L0, L1 : the constants of the refuted claim, units F/X^2 and 1/X.
    point : rational coordinates of x, shape (dim,), units X.
    direction : rational u, shape (dim,), with |u^T Hess F(x) u| > (L0 + L1 ||grad F(x)||) u^T u.
    hessian_norm : a lower bound of ||Hess F(x)||, rounded down, units F/X^2.
    allowed : an upper bound of L0 + L1 ||grad F(x)||, rounded up, units F/X^2.
    excess : a lower bound of the ratio of the two, rounded down: 1 or more, infinite when nothing is allowed.
    method : how the point was found and confirmed.
    seconds : time taken.
    """

    L0: Fraction
    L1: Fraction
    point: Point
    direction: Point
    hessian_norm: float
    allowed: float
    excess: float
    method: str
    seconds: float


def refute(
    subject: Landscape | Form,
    L0: Number,
    L1: Number,
    *,
    seed: int = 0,
    starts: int = 400,
    seconds: float | None = 10.0,
) -> Refutation | None:
    """Search for a point where ||Hess F(x)|| <= L0 + L1 ||grad F(x)|| fails; None when none was confirmed.

    Parameters
    ----------
    subject : the function F; of a landscape, only points of its domain count.
    L0, L1 : constants >= 0, units F/X^2 and 1/X, read exactly.
    seed : seed of the random starts; the same seed finds the same point unless time runs out.
    starts : number of random starts, besides those along axes and eigenvectors.
    seconds : no new local search begins after this time; None for no limit.

    Raises
    ------
    InputError : a constant, ``starts`` or ``seconds`` is not allowed.
    """
    began = time.perf_counter()
    l0, l1 = nonnegative("L0", L0), nonnegative("L1", L1)
    if isinstance(starts, bool) or not isinstance(starts, int) or starts < 1:
        raise InputError(f"starts = {starts!r} is not allowed: it must be an integer >= 1.")
    if seconds is not None and not seconds > 0:
        raise InputError(f"seconds = {seconds!r} is not allowed: it must be a number > 0 or None.")
    form = _branched(subject.form if isinstance(subject, Landscape) else subject)
    domain = subject.domain if isinstance(subject, Landscape) else WHOLE_SPACE
    ratio = Ratio(form=form, L0=l0, L1=l1, domain=domain)
    centres = [np.zeros(form.dimension)]
    if isinstance(subject, Landscape):
        centres += [np.array(p) for p in (subject.start, subject.optimum) if p is not None]
    tried: set[Point] = set()
    for points in promising(ratio, np.array(centres), starts, np.random.default_rng(seed)):
        found = _first_confirmed(ratio, points, tried)
        if found is not None:
            point, direction, evidence = found
            return _record(ratio, point, direction, evidence, time.perf_counter() - began)
        if seconds is not None and time.perf_counter() - began > seconds:
            return None
    return None


def _branched(form: Form) -> Form:
    """The same function with its corners written piecewise: numpy knows no derivative of |z|, max or min."""
    corners = (sp.Abs, sp.Max, sp.Min)
    if isinstance(form, Scaled):
        return dataclasses.replace(form, form=_branched(form.form))
    if isinstance(form, Explicit):
        return dataclasses.replace(form, formula=form.formula.rewrite(corners, sp.Piecewise))
    if isinstance(form, Separable):
        return dataclasses.replace(form, profile=form.profile.rewrite(corners, sp.Piecewise))
    return form


def _first_confirmed(ratio: Ratio, points: Array, tried: set[Point]) -> tuple[Point, Point, _Evidence] | None:
    values = ratio(points)
    # Clear violations at points of moderate size make the most readable witnesses.
    sizes = np.abs(np.log10(np.maximum(np.abs(points).max(axis=1), 1e-9)))
    order = np.lexsort((sizes, -np.minimum(values, 0.1)))
    for index in order[:_ATTEMPTS]:
        if values[index] <= _CLEAR:
            return None
        for point in _roundings(points[index]):
            if point in tried:
                continue
            tried.add(point)
            found = _confirmed(ratio, point)
            if found is not None:
                return point, *found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """|u^T Hess F u|/u^T u >= size, ||grad F||^2 <= slope_square, and the precision (None for exact rationals)."""

    size: Fraction
    slope_square: Fraction
    bits: int | None


def _confirmed(ratio: Ratio, point: Point) -> tuple[Point, _Evidence] | None:
    x = np.array([[float(c) for c in point]])
    value = float(ratio(x)[0])
    if value <= _CLEAR:
        return None
    hessian = ratio.form.hessian(x)[0]
    eigenvalues, vectors = np.linalg.eigh(hessian)
    which = int(np.argmax(np.abs(eigenvalues)))
    direction = vectors[:, which] * np.sign(vectors[np.abs(vectors[:, which]).argmax(), which])
    for u in _roundings(direction):
        approximate = np.array([float(c) for c in u])
        quotient = abs(approximate @ hessian @ approximate) / (approximate @ approximate)
        # The rounded direction may waste half of what the violation has to spare.
        if quotient < abs(eigenvalues[which]) * math.exp(-min(value, 1.0) / 2):
            continue
        try:
            evidence = _evidence(ratio, point, u)
        except UndecidedError:
            return None
        return None if evidence is None else (u, evidence)
    return None


def _evidence(ratio: Ratio, x: Point, u: Point) -> _Evidence | None:
    square = sum((c * c for c in u), start=Fraction(0))
    for bits in _BITS:
        jet = jet_at(ratio.form, x, u, bits)
        size = jet.bend.magnitude
        slopes = [g.square for g in jet.gradient]
        most = sum((s.high for s in slopes), start=Fraction(0))
        if _exceeds(size.low / square, ratio, most):
            return _Evidence(size=size.low / square, slope_square=most, bits=None if jet.exact else bits)
        # Equality, which no precision tells from failure, is below what the search calls clear.
        if not _exceeds(size.high / square * (1 - _FAINT), ratio, sum((s.low for s in slopes), start=Fraction(0))):
            return None
    return None


def _exceeds(size: Fraction, ratio: Ratio, slope_square: Fraction) -> bool:
    return size > ratio.L0 and (size - ratio.L0) ** 2 > ratio.L1**2 * slope_square


def _roundings(x: Array) -> Iterator[Point]:
    """Rationals near x with more and more digits relative to the largest coordinate, and x itself at last."""
    exact = tuple(Fraction(float(c)) for c in x)
    largest = max(map(abs, exact))
    if largest:
        exponent = math.floor(math.log10(largest))
        for digits in _DIGITS:
            grid = Fraction(10) ** (exponent - digits + 1)
            yield tuple(round(c / grid) * grid for c in exact)
    yield exact


def _record(ratio: Ratio, x: Point, u: Point, evidence: _Evidence, seconds: float) -> Refutation:
    allowed = ratio.L0 + ratio.L1 * _root_above(evidence.slope_square)
    how = "exact rational arithmetic" if evidence.bits is None else f"interval arithmetic with {evidence.bits} bits"
    return Refutation(
        L0=ratio.L0,
        L1=ratio.L1,
        point=x,
        direction=u,
        hessian_norm=_below(evidence.size),
        allowed=-_below(-allowed),
        excess=max(_below(evidence.size / allowed), 1.0) if allowed else math.inf,
        method=f"multistart search in floating point; confirmed at a rational point by {how}",
        seconds=seconds,
    )


def _root_above(square: Fraction) -> Fraction:
    """A rational >= the square root, within 2^-64 of it relatively."""
    if square == 0:
        return Fraction(0)
    shift = max(0, 128 + square.denominator.bit_length() - square.numerator.bit_length())
    return Fraction(math.isqrt(math.ceil(square * 4**shift)) + 1, 2**shift)


def _below(exact: Fraction) -> float:
    """The largest double that is surely <= ``exact``."""
    try:
        near = float(exact)
    except OverflowError:
        return float(np.finfo(np.float64).max) if exact > 0 else -math.inf
    return near if near <= exact else math.nextafter(near, -math.inf)
