r"""Rigorous values of grad F(x) and u^T Hess F(x) u at a rational point x along a rational direction u.

Both are linear combinations, with rational weights, of derivatives of a profile at a rational number or at the square
root of one. The derivatives are exact rationals where sympy finds them rational, and are otherwise enclosed by interval
arithmetic; the combinations are taken in rational arithmetic. Points on a kink are refused: F need not be twice
differentiable there.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.enclosure import UndecidedError, compare, enclose
from synthetic.ball_programs import arithmetic
from synthetic.ball_programs import constant as ball_of
from synthetic.curves import Unknown, hyperbolic_to_exp
from synthetic.derivatives import gradient_entries, hessian_entries
from synthetic.forms import Explicit, FiniteSum, Form, Radial, Scaled, Separable, rational

__all__ = ["Enclosure", "Jet", "jet_at"]

Point = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The real number lies in [low, high]; both ends are rational, and equal when it is known exactly."""

    low: Fraction
    high: Fraction

    @property
    def magnitude(self) -> Enclosure:
        """The absolute value."""
        least = max(self.low, -self.high, Fraction(0))
        return Enclosure(least, max(-self.low, self.high))

    @property
    def square(self) -> Enclosure:
        """The square."""
        size = self.magnitude
        return Enclosure(size.low**2, size.high**2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jet:
    """First and second derivatives of F at a point.

    Attributes
    ----------
    gradient : enclosures of the components of grad F(x), units F/X.
    bend : enclosure of u^T Hess F(x) u, units F/X^2.
    """

    gradient: tuple[Enclosure, ...]
    bend: Enclosure

    @property
    def exact(self) -> bool:
        """Whether nothing was rounded."""
        return all(e.low == e.high for e in (*self.gradient, self.bend))


def jet_at(form: Form, x: Point, u: Point, bits: int) -> Jet:
    """The derivatives of F at ``x`` along ``u``, both of length dim, with intermediate precision ``bits``.

    Raises
    ------
    UndecidedError : x lies on a kink, or a derivative has no enclosure.
    """
    if isinstance(form, Scaled):
        inner = jet_at(form.form, tuple(c / form.point_unit for c in x), u, bits)
        slope, bend = form.value_unit / form.point_unit, form.value_unit / form.point_unit**2
        return Jet(
            gradient=tuple(_combined([(slope, g)]) for g in inner.gradient), bend=_combined([(bend, inner.bend)])
        )
    if isinstance(form, Explicit):
        return _explicit(form, x, u, bits)
    if isinstance(form, Separable):
        return Jet(
            gradient=tuple(_profile(form.profile, form.variable, 1, c, bits) for c in x),
            bend=_separable_bend(form.profile, form.variable, x, u, bits),
        )
    if isinstance(form, Radial):
        return _radial(form, x, u, bits)
    if isinstance(form, FiniteSum):
        return _finite_sum(form, x, u, bits)
    raise UndecidedError(f"no rigorous derivatives of a {type(form).__name__}")


def _explicit(form: Explicit, x: Point, u: Point, bits: int) -> Jet:
    at = dict(zip(form.variables, map(rational, x), strict=True))
    pairs = itertools.combinations_with_replacement(u, 2)
    positions = itertools.combinations_with_replacement(range(len(u)), 2)
    weights = [a * b * (1 if i == j else 2) for (a, b), (i, j) in zip(pairs, positions, strict=True)]
    entries = zip(weights, hessian_entries(form.formula, form.variables), strict=True)
    return Jet(
        gradient=tuple(_value(g, at, bits) for g in gradient_entries(form.formula, form.variables)),
        bend=_combined((w, _value(h, at, bits)) for w, h in entries if w),
    )


def _radial(form: Radial, x: Point, u: Point, bits: int) -> Jet:
    rows = None if form.matrix is None else tuple(tuple(map(Fraction, row)) for row in form.matrix)
    y, w = (v if rows is None else tuple(_dot(row, v) for row in rows) for v in (x, u))
    pulled = y if rows is None else tuple(_dot(column, y) for column in zip(*rows, strict=True))
    square, along = _dot(y, y), _dot(y, w)
    at = {form.variable: sp.sqrt(rational(square))}
    second = _value(_nth(form.profile, form.variable, 2), at, bits)
    if square == 0:
        return Jet(gradient=(Enclosure(Fraction(0), Fraction(0)),) * len(x), bend=_combined([(_dot(w, w), second)]))
    across = _value(_slope_over_radius(form.profile, form.variable), at, bits)
    share = along**2 / square
    return Jet(
        gradient=tuple(_combined([(c, across)]) for c in pulled),
        bend=_combined([(_dot(w, w) - share, across), (share, second)]),
    )


def _finite_sum(form: FiniteSum, x: Point, u: Point, bits: int) -> Jet:
    rows = tuple(tuple(map(Fraction, row)) for row in form.rows)
    labels = [{form.label: rational(b)} for b in form.labels] if form.label is not None else [{}] * len(rows)
    at = [{form.variable: rational(_dot(row, x)), **label} for row, label in zip(rows, labels, strict=True)]
    slopes, bends = ([_value(_nth(form.profile, form.variable, k), a, bits) for a in at] for k in (1, 2))
    gradient = [[(form.weight * row[j], slope) for row, slope in zip(rows, slopes, strict=True)] for j in range(len(x))]
    bend = [(form.weight * _dot(row, u) ** 2, b) for row, b in zip(rows, bends, strict=True)]
    if form.regularizer is not None:
        for terms, c in zip(gradient, x, strict=True):
            terms.append((Fraction(1), _profile(form.regularizer, form.variable, 1, c, bits)))
        bend.append((Fraction(1), _separable_bend(form.regularizer, form.variable, x, u, bits)))
    return Jet(gradient=tuple(map(_combined, gradient)), bend=_combined(bend))


def _separable_bend(profile: Any, t: Any, x: Point, u: Point, bits: int) -> Enclosure:
    return _combined((b**2, _profile(profile, t, 2, c, bits)) for c, b in zip(x, u, strict=True) if b)


def _profile(profile: Any, t: Any, order: int, c: Fraction, bits: int) -> Enclosure:
    return _value(_nth(profile, t, order), {t: rational(c)}, bits)


def _combined(terms: Iterable[tuple[Fraction, Enclosure]]) -> Enclosure:
    low = high = Fraction(0)
    for weight, term in terms:
        ends = (weight * term.low, weight * term.high)
        low, high = low + min(ends), high + max(ends)
    return Enclosure(low, high)


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((p * q for p, q in zip(a, b, strict=True)), start=Fraction(0))


@functools.cache
def _nth(profile: Any, t: Any, order: int) -> Any:
    return sp.diff(profile, t, order)


@functools.cache
def _slope_over_radius(profile: Any, r: Any) -> Any:
    # Expanded, so that even profiles lead to r^2 alone, which is rational where r is not.
    return sp.expand(sp.diff(profile, r) / r)


def _value(expression: Any, at: dict[Any, Any], bits: int) -> Enclosure:
    """An enclosure of the expression at a point off all kinks."""
    for corner in expression.atoms(sp.Abs, sp.sign, sp.Heaviside, sp.DiracDelta):
        _side(corner.args[0].xreplace(at))
    branches = {
        relation: sp.sympify(relation.func(_side((relation.lhs - relation.rhs).xreplace(at)), 0))
        for relation in expression.atoms(sp.core.relational.Relational)
    }
    try:
        constant = expression.xreplace(branches).xreplace(at)
    except ValueError:  # a derivative that sympy left as it stands
        raise UndecidedError(f"{expression} has no value at a point") from None
    if constant.is_Rational:
        exact = Fraction(int(constant.p), int(constant.q))
        return Enclosure(exact, exact)
    try:
        low, high = enclose(hyperbolic_to_exp(constant), bits)._mpi_
    except ValueError:
        return _in_ball_arithmetic(constant, bits)
    except TypeError:  # complex intermediate values
        raise UndecidedError(f"{constant} has no enclosure") from None
    return Enclosure(_finite(low), _finite(high))


def _in_ball_arithmetic(constant: Any, bits: int) -> Enclosure:
    """Trigonometric functions, which mpmath's intervals of :mod:`bounds.enclosure` do not cover."""
    try:
        with arithmetic() as flint, flint.ctx.workprec(bits):
            number = ball_of(flint, constant)
            # Rounded outwards at the current precision, so inside the block.
            ends = (number.lower(), number.upper())
    except Unknown as reason:
        raise UndecidedError(str(reason)) from None
    if not number.is_finite():
        raise UndecidedError("an enclosure is unbounded at this precision")
    return Enclosure(*(Fraction(int(m)) * Fraction(2) ** int(e) for m, e in (end.man_exp() for end in ends)))


def _side(difference: Any) -> int:
    """The sign of a constant that is not 0."""
    try:
        order = compare(difference, sp.S.Zero)
    except ValueError:
        raise UndecidedError(f"the sign of {difference} is open") from None
    if order == 0:
        raise UndecidedError("the point lies on a kink")
    return order


def _finite(raw: tuple[int, int, int, int]) -> Fraction:
    sign, mantissa, exponent, _ = raw
    if not mantissa and exponent:
        raise UndecidedError("an enclosure is unbounded at this precision")
    return Fraction(-mantissa if sign else mantissa) * Fraction(2) ** exponent
