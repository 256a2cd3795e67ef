r"""Exact extrema over the whole space of quadratic polynomials and of rational functions of one unknown.

A function of one variable that is a quotient p/q of polynomials in it, or in one exponential of it, takes its extrema
at roots of p' q - p q', which are isolated exactly, or approaches them at the ends, where the leading terms decide. A
strictly convex quadratic polynomial in several variables is minimised by solving a linear system.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from synthetic.curves import Unknown, make_piece, ratio_limit

__all__ = ["Range", "degree_bound", "quadratic_range", "rational_range"]

_HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh)
_MAX_DEGREE = 64
_MAX_QUADRATIC = 10
_WIDTH = sp.Rational(1, 2**100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """All values lie in [low, high], rationals or infinities.

    Attributes
    ----------
    open_low : whether the value ``low`` is known not to be taken.
    exact : whether low and high are known to be the infimum and the supremum.
    """

    low: Any
    high: Any
    open_low: bool = False
    exact: bool = False

    def has_sign(self, sign: str) -> bool:
        """Whether every value is "positive", "nonnegative" or "nonzero"."""
        positive = bool(self.low > 0 or (self.low == 0 and self.open_low))
        if sign == "nonnegative":
            return bool(self.low >= 0)
        return positive or (sign == "nonzero" and bool(self.high < 0))


def degree_bound(expression: Any) -> Any:
    """An upper bound of the total degree of a polynomial, found without expanding it; infinite for anything else."""
    if not expression.free_symbols:
        return sp.S.Zero
    if expression.is_Symbol:
        return sp.S.One
    if expression.is_Add:
        return max(map(degree_bound, expression.args))
    if expression.is_Mul:
        return sum(map(degree_bound, expression.args), sp.S.Zero)
    if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
        return expression.exp * degree_bound(expression.base)
    return sp.oo


def quadratic_range(part: Any) -> Range | None:
    """The range of a polynomial of degree 2 whose Hessian is positive definite, else None."""
    xs = sorted(part.free_symbols, key=str)
    if degree_bound(part) > 2 or len(xs) > _MAX_QUADRATIC:
        return None
    polynomial = sp.Poly(part, *xs)
    if not all(c.is_Rational for c in polynomial.coeffs()):
        return None
    curvature = sp.hessian(polynomial.as_expr(), xs)
    if not curvature.is_positive_definite:
        return None
    center = curvature.LUsolve(-sp.Matrix([polynomial.diff(x).eval(dict.fromkeys(xs, 0)) for x in xs]))
    return Range(low=polynomial.eval(tuple(center)), high=sp.oo, exact=True)


def rational_range(part: Any) -> Range | None:
    """Exact extrema of a rational function of one variable or of one exponential of it, else None."""
    (t,) = part.free_symbols
    if not part.is_rational_function(t) and not part.has(sp.exp, sp.sinh, sp.cosh, sp.tanh):
        return None
    try:
        if _weight(part, _rate(part, t)) > _MAX_DEGREE:
            return None
        piece = make_piece(part, part, part, t, (-sp.oo, sp.oo))
        top, bottom = piece.bend, piece.scale
        low_end, high_end = piece.low[0], piece.high[0]
        limits = [ratio_limit(top, bottom, end, right) for end, right in ((low_end, True), (high_end, False))]
        inside = list(_critical_values(top, bottom, low_end, high_end))
    except Unknown:
        return None
    lows, highs = [*limits, *(low for low, _ in inside)], [*limits, *(high for _, high in inside)]
    low, high = min(lows), max(highs)
    exact = all(a == b for a, b in inside if a <= low or b >= high)
    # A constant such as cosh(x)^2 - sinh(x)^2 takes the value that is its limit.
    taken = low == high or any(a <= low for a, _ in inside)
    return Range(low=low, high=high, open_low=not taken and bool(low.is_finite), exact=exact)


def _rate(part: Any, t: Any) -> Any:
    """The largest r such that all exponentials and hyperbolic functions are of k r t + c with integers k."""
    rates = [sp.S.Zero]
    for function in part.atoms(sp.exp, *_HYPERBOLIC):
        slope = sp.diff(function.args[0], t)
        if not slope.is_Rational:
            raise Unknown("an exponent that is not linear")
        rates.append(abs(slope))
    return sp.gcd(rates)


def _weight(node: Any, rate: Any) -> Any:
    """A bound of the degrees of the polynomials whose quotient this is, found before anything is expanded."""
    if not node.free_symbols:
        return sp.S.Zero
    if node.is_Symbol:
        return sp.S.One
    if isinstance(node, (sp.exp, *_HYPERBOLIC)):
        (t,) = node.free_symbols
        return 2 * abs(sp.diff(node.args[0], t)) / rate
    if node.is_Pow and node.exp.is_Integer:
        return abs(node.exp) * _weight(node.base, rate)
    if node.is_Add and degree_bound(node) < sp.oo:
        return degree_bound(node)
    if node.is_Add or node.is_Mul:
        return sum((_weight(argument, rate) for argument in node.args), sp.S.Zero)
    raise Unknown(f"no exact rule for {node.func}")


def _critical_values(top: Any, bottom: Any, low: Any, high: Any) -> Iterator[tuple[Any, Any]]:
    slope = top.diff() * bottom - top * bottom.diff()
    if slope.degree() <= 0:
        return
    for factor, _ in slope.factor_list()[1]:
        if factor.degree() == 1:
            root = -factor.eval(0) / factor.LC()
            if low < root < high:
                yield (top.eval(root) / bottom.eval(root),) * 2
            continue
        for (a, b), _ in factor.intervals(eps=_WIDTH):
            if b > low and a < high:
                yield _quotient(_poly_range(top, a, b), _poly_range(bottom, a, b))


def _quotient(top: tuple[Any, Any], bottom: tuple[Any, Any]) -> tuple[Any, Any]:
    if bottom[0] <= 0:
        raise Unknown("the enclosure of a denominator contains 0")
    ends = [t / q for t in top for q in bottom]
    return min(ends), max(ends)


def _poly_range(p: Any, a: Any, b: Any) -> tuple[Any, Any]:
    low = high = sp.S.Zero
    for c in p.all_coeffs():
        products = (low * a, low * b, high * a, high * b)
        low, high = min(products) + c, max(products) + c
    return low, high
