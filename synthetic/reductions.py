"""Exact reductions of ||Hess F|| <= L0 + L1 ||grad F|| in d dimensions to claims about functions of one variable.

The mathematics is stated in :mod:`synthetic.certify`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import sympy as sp

from bounds.enclosure import compare
from synthetic.curves import Part, Piece, Unknown, bracket, hyperbolic_to_exp, make_piece, smooth_parts
from synthetic.forms import Explicit, Form, Radial, Scaled, Separable, rational
from synthetic.regions import Box as Box
from synthetic.regions import Interval as Interval
from synthetic.regions import Point as Point
from synthetic.regions import as_box as as_box
from synthetic.regions import as_interval as as_interval
from synthetic.regions import nonnegative as nonnegative

__all__ = [
    "Box",
    "Claim",
    "Interval",
    "Point",
    "Reduction",
    "Units",
    "as_box",
    "as_interval",
    "diagonal_of",
    "line_formula",
    "nonnegative",
    "reduce_to_lines",
    "unscaled",
]

_EVERYWHERE = (-sp.oo, sp.oo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim along a line, and the point of R^d that belongs to a violation at t, given (t, L0, L1)."""

    pieces: tuple[Piece, ...]
    lift: Callable[[Any, Any, Any], Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """Claims that settle the claim for F.

    Attributes
    ----------
    claims : the claims along lines.
    rule : the argument, in words.
    gap : why the claims are not sufficient, empty when they are.
    necessary : whether every one of them was shown to be necessary; otherwise a violation counts once it is lifted.
    """

    claims: tuple[Claim, ...]
    rule: str
    gap: str = ""
    necessary: bool = True


class Units(NamedTuple):
    """Where F(x) = value * form(x / point)."""

    form: Form
    value: Fraction
    point: Fraction


def unscaled(form: Form) -> Units:
    """The form inside all rescalings; the claim for F and (L0, L1) is its claim for (L0 b^2/a, L1 b)."""
    value, point = Fraction(1), Fraction(1)
    while isinstance(form, Scaled):
        value, point, form = value * form.value_unit, point * form.point_unit, form.form
    return Units(form, value, point)


def reduce_to_lines(form: Form, interval: Interval | None) -> Reduction:
    """The claims along lines that the claim for an unscaled F amounts to.

    Raises
    ------
    Unknown : no exact reduction applies.
    """
    if form.dimension == 1:
        return _line(form, interval)
    if isinstance(form, Separable):
        return _sum((form.profile,) * form.dimension, form.variable)
    if isinstance(form, Radial):
        return _radial(form) if form.matrix is None else _axes(form)
    if isinstance(form, Explicit):
        return _explicit(form)
    raise Unknown(f"no exact rule for a {type(form).__name__} in {form.dimension} dimensions")


def diagonal_of(form: Radial) -> Point | None:
    """The absolute values |A_jj| when A is square, diagonal and invertible, else None."""
    rows = form.matrix
    if rows is None or len(rows) != form.dimension:
        return None
    if any((v != 0) != (i == j) for i, row in enumerate(rows) for j, v in enumerate(row)):
        return None
    return tuple(abs(Fraction(row[j])) for j, row in enumerate(rows))


def line_formula(form: Form) -> tuple[Any, Any]:
    """A form of one dimension as an expression, and its variable."""
    formula, (t,) = form.expression()
    if isinstance(form, Radial):
        # The square root in the expression of a radial form is |a x|, with a kink that sympy cannot see through.
        size = sp.S.One if form.matrix is None else sp.sqrt(sp.Add(*(rational(row[0]) ** 2 for row in form.matrix)))
        right = form.profile.subs(form.variable, size * t)
        formula = sp.Piecewise((right, t >= 0), (right.subs(t, -t), True))
    return formula, t


def _line(form: Form, interval: Interval | None) -> Reduction:
    formula, t = line_formula(form)
    low, high = (None, None) if interval is None else interval
    ends = (-sp.oo if low is None else rational(low), sp.oo if high is None else rational(high))
    pieces = _pieces(smooth_parts(formula, t, *ends), t)
    return Reduction(claims=(Claim(pieces=pieces, lift=lambda at, _l0, _l1: (_fraction(at),)),), rule="one variable")


def _explicit(form: Explicit) -> Reduction:
    t = sp.Dummy("t", real=True)
    terms = sp.Add.make_args(form.formula)
    if all(len(term.free_symbols) <= 1 for term in terms):
        return _sum(tuple(sp.Add(*(e for e in terms if e.has(x))).subs(x, t) for x in form.variables), t)
    for line in sp.preorder_traversal(form.formula):
        ridge = _along(line, form, t)
        if ridge is not None:
            profile, direction, offset = ridge
            break
    else:
        raise Unknown(f"no exact rule for this expression in {form.dimension} dimensions")
    square = sp.Add(*(c**2 for c in direction))
    parts = smooth_parts(profile, t, *_EVERYWHERE)
    pieces = _pieces(parts, t, weight=square, stretch=bracket(sp.sqrt(square)))

    def lift(at: Any, _l0: Any, _l1: Any) -> Point:
        return tuple(_fraction((at - offset) * c / square) for c in direction)

    return Reduction(claims=(Claim(pieces=pieces, lift=lift),), rule="function of one linear form")


def _along(line: Any, form: Explicit, t: Any) -> tuple[Any, tuple[Any, ...], Any] | None:
    """F as a function of t = ``line``, the coefficients and the constant of ``line``; None when it is not one."""
    xs = form.variables
    if line.free_symbols != form.formula.free_symbols or not isinstance(line, sp.Expr) or not line.is_polynomial(*xs):
        return None
    affine = sp.Poly(line, *xs)
    if affine.total_degree() != 1 or not all(c.is_Rational for c in affine.coeffs()):
        return None
    direction = tuple(affine.coeff_monomial(x) for x in xs)
    pivot, slope = next((x, c) for x, c in zip(xs, direction, strict=True) if c != 0)
    profile = form.formula.subs(pivot, (t - (line - slope * pivot)) / slope)
    profile = profile.replace(lambda e: isinstance(e, sp.Add | sp.Mul), sp.expand)
    return (profile, direction, affine.coeff_monomial(1)) if profile.free_symbols == {t} else None


def _sum(profiles: tuple[Any, ...], t: Any) -> Reduction:
    parts = {f: smooth_parts(f, t, *_EVERYWHERE) for f in dict.fromkeys(profiles)}
    pieces = {f: _pieces(parts[f], t) for f in parts}

    def lift_from(index: int) -> Callable[[Any, Any, Any], Point]:
        def lift(at: Any, l0: Any, l1: Any) -> Point:
            x = [_flat_point(pieces[f]) for f in profiles]
            x[index] = at
            slopes = [_derivative(parts[f], t, 1, v) for f, v in zip(profiles, x, strict=True)]
            bend = _derivative(parts[profiles[index]], t, 2, at)
            over = (bend if compare(bend, sp.S.Zero) > 0 else -bend) - l0
            # Both sides of |f''| - L0 > L1 ||grad F|| squared, after checking that the left one is positive.
            if compare(over, sp.S.Zero) <= 0 or compare(over**2, l1**2 * sp.Add(*(g**2 for g in slopes))) <= 0:
                raise Unknown("one term violates its claim, but the slopes of the others were not made small enough")
            return tuple(_fraction(v) for v in x)

        return lift

    claims = tuple(Claim(pieces=pieces[f], lift=lift_from(profiles.index(f))) for f in pieces)
    flat = all(any(piece.comes_close_to_flat() for piece in pieces[f]) for f in pieces)
    return Reduction(claims=claims, rule="separable sum, one claim for each kind of term", necessary=flat)


def _radial(form: Radial) -> Reduction:
    r = sp.Dummy("r", positive=True)
    parts = smooth_parts(form.profile.subs(form.variable, r), r, sp.S.Zero, sp.oo)

    def lift(at: Any, _l0: Any, _l1: Any) -> Point:
        return (_fraction(at), *(Fraction(0),) * (form.dimension - 1))

    return Reduction(
        claims=(Claim(pieces=_pieces(parts, r), lift=lift),), rule="radial function, claim for its profile"
    )


def _axes(form: Radial) -> Reduction:
    """Necessary claims from the coordinate axes, on which Hess F is diagonal."""
    diagonal = diagonal_of(form)
    if diagonal is None:
        raise Unknown("no exact rule for f(||A x||) unless A is square, diagonal and invertible")
    r = sp.Dummy("r", positive=True)
    parts = smooth_parts(form.profile.subs(form.variable, r), r, sp.S.Zero, sp.oo)

    def lift_on(axis: int) -> Callable[[Any, Any, Any], Point]:
        def lift(at: Any, _l0: Any, _l1: Any) -> Point:
            return tuple(_fraction(at) / a if j == axis else Fraction(0) for j, a in enumerate(diagonal))

        return lift

    claims = []
    # Axes with the same entry give the same claims.
    for axis in dict.fromkeys(map(diagonal.index, diagonal)):
        own = rational(diagonal[axis])
        other = rational(max(a for j, a in enumerate(diagonal) if j != axis))
        for weight, tangential in ((own, False), (other, True)):
            pieces = _pieces(parts, r, weight=weight**2, stretch=(own, own), tangential=tangential)
            claims.append(Claim(pieces=pieces, lift=lift_on(axis)))
    # With equal entries A is an isometry times a number, so that all points are like those of the axes.
    gap = "" if len(set(diagonal)) == 1 else "f(||A x||) holds on the axes, the other points are open"
    return Reduction(claims=tuple(claims), rule="f(||A x||) on the axes", gap=gap)


def _pieces(
    parts: list[Part], t: Any, *, weight: Any = sp.S.One, stretch: Any = (sp.S.One, sp.S.One), tangential: bool = False
) -> tuple[Piece, ...]:
    """The claims weight |b| <= L0 + L1 stretch |f'| with b = f'', or f'/t when ``tangential``."""
    pieces = []
    for f, low, high in parts:
        slope = sp.diff(f, t)
        bend = slope / t if tangential else sp.diff(slope, t)
        pieces.append(make_piece(f, slope, weight * bend, t, (low, high), stretch))
    return tuple(pieces)


def _flat_point(pieces: tuple[Piece, ...]) -> Any:
    """A rational t at which |f'| is about as small as it gets."""
    return min((flat for piece in pieces for flat in piece.flat_points()), key=lambda flat: flat[0])[1]


def _derivative(parts: list[Part], t: Any, order: int, at: Any) -> Any:
    """The exact derivative at the rational ``at``, as a constant of rationals and exponentials."""
    formula = next(f for f, low, high in parts if compare(low, at) <= 0 <= compare(high, at))
    return hyperbolic_to_exp(sp.diff(formula, t, order)).subs(t, at)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
