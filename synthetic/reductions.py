"""Exact reductions of ||Hess F|| <= L0 + L1 ||grad F|| in d dimensions to claims about functions of one variable.

The mathematics is stated in :mod:`synthetic.certify`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import sympy as sp

from synthetic.curves import Part, Piece, Unknown, bracket, make_pieces, smooth_parts
from synthetic.damped import Damped, make_damped
from synthetic.forms import Explicit, Form, Radial, Scaled, Separable, rational
from synthetic.radii import as_radial
from synthetic.regions import Box as Box
from synthetic.regions import Interval as Interval
from synthetic.regions import Point as Point
from synthetic.regions import as_box as as_box
from synthetic.regions import as_interval as as_interval
from synthetic.regions import nonnegative as nonnegative
from synthetic.sizes import expanded

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
# Digits of denominators and exponents of 2 for points with a small slope, the shortest ones first.
_FLATNESS = ((0, 8), (0, 16), (1, 30), (2, 30), (4, 60), (8, 60), (16, 60), (40, 60))
_PRECISIONS = (100, 400, 1600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim along a line, and the point of R^d that belongs to a violation at t, given (t, L0, L1)."""

    pieces: tuple[Piece | Damped, ...]
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


def reduce_to_lines(form: Form, interval: Interval | None, *, slopes: bool = True) -> Reduction:
    """The claims along lines that the claim for an unscaled F amounts to.

    Without ``slopes`` they are the claims for L1 = 0, where only the curvature has to follow an exact rule.

    Raises
    ------
    Unknown : no exact reduction applies.
    """
    if form.dimension == 1:
        return _line(form, interval, slopes)
    if isinstance(form, Separable):
        return _sum((form.profile,) * form.dimension, form.variable, slopes)
    if isinstance(form, Radial):
        return _radial(form, slopes) if form.matrix is None else _axes(form)
    if isinstance(form, Explicit):
        return _explicit(form, slopes)
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


def _line(form: Form, interval: Interval | None, slopes: bool) -> Reduction:
    formula, t = line_formula(form)
    low, high = (None, None) if interval is None else interval
    ends = (-sp.oo if low is None else rational(low), sp.oo if high is None else rational(high))
    pieces = _pieces(smooth_parts(formula, t, *ends), t, slopes=slopes)
    return Reduction(claims=(Claim(pieces=pieces, lift=lambda at, _l0, _l1: (_fraction(at),)),), rule="one variable")


def _explicit(form: Explicit, slopes: bool) -> Reduction:
    t = sp.Dummy("t", real=True)
    terms = sp.Add.make_args(form.formula)
    if all(len(term.free_symbols) <= 1 for term in terms):
        return _sum(tuple(sp.Add(*(e for e in terms if e.has(x))).subs(x, t) for x in form.variables), t, slopes)
    radial = as_radial(form)
    if radial is not None:
        return _radial(radial, slopes)
    for line in sp.preorder_traversal(form.formula):
        ridge = _along(line, form, t)
        if ridge is not None:
            profile, direction, offset = ridge
            break
    else:
        raise Unknown(f"no exact rule for this expression in {form.dimension} dimensions")
    square = sp.Add(*(c**2 for c in direction))
    parts = smooth_parts(profile, t, *_EVERYWHERE)
    pieces = _pieces(parts, t, weight=square, stretch=bracket(sp.sqrt(square)), slopes=slopes)

    def lift(at: Any, _l0: Any, _l1: Any) -> Point:
        return tuple(_fraction((at - offset) * c / square) for c in direction)

    return Reduction(claims=(Claim(pieces=pieces, lift=lift),), rule="function of one linear form")


def _along(line: Any, form: Explicit, t: Any) -> tuple[Any, tuple[Any, ...], Any] | None:
    """F as a function of t = ``line``, the coefficients and the constant of ``line``; None when it is not one."""
    xs = form.variables
    if line.free_symbols != form.formula.free_symbols or not isinstance(line, sp.Expr):
        return None
    direction = tuple(sp.diff(line, x) for x in xs)
    if not all(c.is_Rational for c in direction):
        return None
    offset = line.subs(dict.fromkeys(xs, 0))
    pivot, slope = next((x, c) for x, c in zip(xs, direction, strict=True) if c != 0)
    profile = form.formula.subs(pivot, (t - (line - slope * pivot)) / slope)
    if profile.free_symbols != {t}:
        profile = profile.replace(lambda e: isinstance(e, sp.Add | sp.Mul), expanded)
    return (profile, direction, offset) if profile.free_symbols == {t} and offset.is_Rational else None


def _sum(profiles: tuple[Any, ...], t: Any, slopes: bool) -> Reduction:
    pieces = {f: _pieces(smooth_parts(f, t, *_EVERYWHERE), t, slopes=slopes) for f in dict.fromkeys(profiles)}

    def lift_from(index: int) -> Callable[[Any, Any, Any], Point]:
        def lift(at: Any, l0: Any, l1: Any) -> Point:
            for digits, reach in _FLATNESS:
                flat = {f: _flat_point(pieces[f], digits, reach) for f in pieces}
                x = [at if j == index else flat[f] for j, f in enumerate(profiles)]
                if None not in x and any(_fails(profiles, pieces, x, index, l0, l1, bits) for bits in _PRECISIONS):
                    return tuple(_fraction(v) for v in x)
            raise Unknown("one term violates its claim, but the slopes of the others were not made small enough")

        return lift

    claims = tuple(Claim(pieces=pieces[f], lift=lift_from(profiles.index(f))) for f in pieces)
    flat = all(any(piece.comes_close_to_flat() for piece in pieces[f]) for f in pieces)
    return Reduction(claims=claims, rule="separable sum, one claim for each kind of term", necessary=flat)


def _fails(
    profiles: Sequence[Any],
    pieces: Mapping[Any, tuple[Piece | Damped, ...]],
    x: Sequence[Any],
    index: int,
    l0: Any,
    l1: Any,
    bits: int,
) -> bool:
    """Whether |f''| - L0 > L1 ||grad F|| was shown with this precision, f being the term of number ``index``."""
    known = []
    for f, v in zip(profiles, x, strict=True):
        here = next((d for piece in pieces[f] if (d := piece.derivatives(v, bits)) is not None), None)
        if here is None:
            return False
        known.append(here)
    low, high = known[index][1]
    over = max(low, -high) - l0
    square = sp.Add(*(max(end**2 for end in slope) for slope, _ in known))
    # Both sides squared, after checking that the left one is positive.
    return bool(over > 0 and over**2 > l1**2 * square)


def _radial(form: Radial, slopes: bool) -> Reduction:
    r = sp.Dummy("r", positive=True)
    parts = smooth_parts(form.profile.subs(form.variable, r), r, sp.S.Zero, sp.oo)

    def lift(at: Any, _l0: Any, _l1: Any) -> Point:
        return (_fraction(at), *(Fraction(0),) * (form.dimension - 1))

    return Reduction(
        claims=(Claim(pieces=_pieces(parts, r, slopes=slopes), lift=lift),),
        rule="radial function, claim for its profile",
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
    parts: list[Part],
    t: Any,
    *,
    weight: Any = sp.S.One,
    stretch: Any = (sp.S.One, sp.S.One),
    tangential: bool = False,
    slopes: bool = True,
) -> tuple[Piece | Damped, ...]:
    """The claims weight |b| <= L0 + L1 stretch |f'| with b = f'', or f'/t when ``tangential``."""
    pieces: list[Piece | Damped] = []
    for f, low, high in parts:
        slope = sp.diff(f, t)
        bend = slope / t if tangential else sp.diff(slope, t)
        claim = (f, slope if slopes else sp.S.Zero, weight * bend, t, (low, high), stretch)
        try:
            pieces.extend(make_pieces(*claim))
        except Unknown as reason:
            try:
                pieces.append(make_damped(*claim))
            except Unknown:
                raise reason from None
    return tuple(pieces)


def _flat_point(pieces: tuple[Piece | Damped, ...], digits: int, reach: int) -> Any:
    """A rational t at which |f'| is about as small as it gets, None when there is none with so few digits."""
    found = (flat for piece in pieces for flat in piece.flat_points(digits, reach))
    return min(found, key=lambda flat: flat[0], default=(None, None))[1]


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
