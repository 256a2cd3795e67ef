r"""Functions of one variable whose first two derivatives are rational in one unknown, and exact decisions about them.

A :class:`Piece` holds polynomials with slope/scale = f'(t) and bend/scale = f''(t) (or another quantity to be bounded),
scale > 0, on an interval of the unknown u of a :class:`synthetic.charts.Chart`. Every decision is made with rational
arithmetic on isolated real roots.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.polyerrors import BasePolynomialError

from bounds.enclosure import compare
from synthetic.brackets import Pair as Pair
from synthetic.brackets import Unknown as Unknown
from synthetic.brackets import between, interval_value
from synthetic.brackets import bracket as bracket
from synthetic.branches import Part as Part
from synthetic.branches import smooth_parts as smooth_parts
from synthetic.charts import Chart
from synthetic.unknowns import hyperbolic_to_exp as hyperbolic_to_exp
from synthetic.unknowns import one_unknown

__all__ = [
    "Pair",
    "Part",
    "Piece",
    "Unknown",
    "bracket",
    "cell_points",
    "hyperbolic_to_exp",
    "is_positive",
    "leading",
    "make_piece",
    "make_pieces",
    "over_one_denominator",
    "quotient",
    "ratio_limit",
    "smooth_parts",
]

_HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh, sp.coth)
_FUNCTIONS = (sp.exp, sp.log, sp.atan, sp.sin, sp.cos, sp.tan, sp.Piecewise, *_HYPERBOLIC)
_MAX_DEGREE = 150
_DIGITS = (0, 1, 2, 4, 8, 16, 32, 64)
_PRECISIONS = (100, 400, 1600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The claim |bend| <= L0 scale + L1 stretch |slope| for u between ``low`` and ``high``.

    Attributes
    ----------
    slope, bend, scale : polynomials in u with rational coefficients, scale > 0 on the interval.
    low, high : ends of the interval in u, each a pair of rationals (or infinities) that encloses it.
    stretch : a pair of rationals that encloses the factor of the slope.
    chart : the unknown u as a function of t.
    domain : the ends of the interval in t.
    """

    slope: Any
    bend: Any
    scale: Any
    low: Pair
    high: Pair
    stretch: Pair
    chart: Chart
    domain: Pair

    def holds(self, L0: Any, L1: Any) -> bool:
        """Whether the claim holds on the outer interval with the lower end of ``stretch``: a proof when true."""
        return self._failing(L0, L1 * self.stretch[0], self.low[0], self.high[1]) is None

    def violation(self, L0: Any, L1: Any) -> Any:
        """A rational t of the inner interval where the claim fails with the upper end of ``stretch``, or None."""
        found = self._failing(L0, L1 * self.stretch[1], self.low[1], self.high[0])
        if found is None:
            return None
        u, tests = found
        for digits in _DIGITS:
            for t in self._preimages(u, digits):
                if any(self._all_positive(tests, t, bits) for bits in _PRECISIONS[: 1 + digits // 16]):
                    return t
        raise Unknown("the claim fails, but no short rational point where it does was found")

    def comes_close_to_flat(self) -> bool:
        """Whether the infimum of |slope|/scale was shown to be 0: a root, or the limit 0 at an end."""
        low, high = self.low[1], self.high[0]
        ends = ((end[0], right) for end, right in ((self.low, True), (self.high, False)) if end[0] == end[1])
        if self.slope.is_zero or any(ratio_limit(self.slope, self.scale, *end) == 0 for end in ends):
            return True
        return (
            self.slope.degree() > 0
            and not is_positive(self.slope, low, high)
            and not is_positive(-self.slope, low, high)
        )

    def flat_points(self, digits: int, reach: int) -> Iterator[tuple[Any, Any]]:
        """Pairs (|slope|/scale at u, rational t near it) for u near the roots of the slope and far out.

        ``digits`` limits the denominators, and ``reach`` is the exponent of 2 far out.
        """
        roots = self.slope.intervals(eps=sp.Rational(1, 10**30)) if self.slope.degree() > 0 else []
        far = [sign * sp.Integer(2) ** k for sign in (1, -1) for k in (-reach, 0, reach)]
        for u in [*((a + b) / 2 for (a, b), _ in roots), *far]:
            if self.low[1] < u < self.high[0] and self.scale.eval(u) != 0:
                for t in self._preimages(u, digits):
                    yield sp.Abs(self.slope.eval(u)) / self.scale.eval(u), t

    def derivatives(self, t: Any, bits: int) -> tuple[Pair, Pair] | None:
        """Enclosures of f' and f'' at a rational t of the domain; None when the precision does not suffice."""
        if compare(self.domain[0], t) > 0 or compare(t, self.domain[1]) > 0:
            return None
        u = self.chart.enclosure(t, bits)
        slope, bend, scale = (interval_value(p, *u) for p in (self.slope, self.bend, self.scale))
        if scale[0] <= 0:
            return None
        slopes = [a / b * c for a in slope for b in scale for c in self.stretch]
        bends = [a / b for a in bend for b in scale]
        return (min(slopes), max(slopes)), (min(bends), max(bends))

    def _preimages(self, u: Any, digits: int) -> Iterator[Any]:
        low, high = self.domain
        for t in self.chart.preimages(u, digits, low, high):
            if compare(low, t) < 0 and compare(t, high) < 0:
                yield t

    def _all_positive(self, tests: Sequence[Any], t: Any, bits: int) -> bool:
        u = self.chart.enclosure(t, bits)
        return all(interval_value(p, *u)[0] > 0 for p in (*tests, self.scale))

    def _failing(self, L0: Any, reach: Any, low: Any, high: Any) -> tuple[Any, tuple[Any, Any]] | None:
        for sign in (1, -1):
            excess = self.bend.mul_ground(sign) - self.scale.mul_ground(L0)
            tests = (excess - self.slope.mul_ground(reach), excess + self.slope.mul_ground(reach))
            for u in cell_points(tests, low, high):
                if all(p.eval(u) > 0 for p in tests):
                    return u, tests
        return None


def make_piece(formula: Any, slope: Any, bend: Any, t: Any, ends: Pair, stretch: Pair = (sp.S.One, sp.S.One)) -> Piece:
    """The only piece of :func:`make_pieces`; Unknown when the interval is covered by more than one."""
    pieces = make_pieces(formula, slope, bend, t, ends, stretch)
    if len(pieces) != 1:
        raise Unknown("the interval is not one interval of the unknown")
    return pieces[0]


def make_pieces(
    formula: Any, slope: Any, bend: Any, t: Any, ends: Pair, stretch: Pair = (sp.S.One, sp.S.One)
) -> tuple[Piece, ...]:
    """The pieces for ``slope`` and ``bend``, derivatives of ``formula`` that are smooth between the two ``ends``.

    There is one, except for trigonometric functions on an interval that contains a pole of the half-angle tangent.

    Raises
    ------
    Unknown : they are not rational in one unknown, or have a pole inside.
    """
    strange = [f for f in formula.atoms(sp.Function) if not isinstance(f, _FUNCTIONS)]
    if strange:
        raise Unknown(f"no exact rule for {strange[0].func}")
    if formula.has(sp.I, sp.Float):
        raise Unknown("complex numbers and floats in a formula are not exact reals")
    logs = [e.args[0] for e in formula.atoms(sp.log) if e.has(t)]
    u = sp.Dummy("u", real=True)
    chart, images = one_unknown([slope, bend, *logs], t, u, *ends)
    images[0] /= chart.factor
    stretch = (stretch[0] * bracket(chart.factor)[0], stretch[1] * bracket(chart.factor)[1])
    fractions = [quotient(e, u) for e in images]
    g, h, scale = over_one_denominator(*fractions[:2])
    if max(part.degree() for part in (g, h, scale)) > _MAX_DEGREE:
        raise Unknown(f"polynomials of degree above {_MAX_DEGREE}")
    pieces = []
    for low, high in chart.images(*ends):
        outer = (low[0], high[1])
        if not all(is_positive(top * bottom, *outer) for top, bottom in fractions[2:]):
            raise Unknown("the argument of a logarithm was not shown to be positive")
        sign = 1 if is_positive(scale, *outer) else -1
        if sign < 0 and not is_positive(-scale, *outer):
            raise Unknown("a derivative has a pole")
        signed = {"slope": sign * g, "bend": sign * h, "scale": sign * scale}
        pieces.append(Piece(**signed, low=low, high=high, stretch=stretch, chart=chart, domain=ends))
    return tuple(pieces)


def leading(p: Any, end: Any, right: bool) -> tuple[int, Any]:
    """Order and coefficient of p ~ coefficient v^order as v -> 0+, at u = end + v or end - v, or u = +-1/v."""
    if p.is_zero:
        return 0, sp.S.Zero
    if end.is_infinite:
        return -p.degree(), p.LC() * sp.sign(end) ** p.degree()
    near = p.compose(sp.Poly(end + (p.gen if right else -p.gen), p.gen, domain="QQ"))
    (order,), coefficient = near.terms()[-1]
    return order, coefficient


def ratio_limit(top: Any, bottom: Any, end: Any, right: bool) -> Any:
    """The limit of top/bottom at an end approached from the right or the left, possibly infinite."""
    (order, a), (other, b) = leading(top, end, right), leading(bottom, end, right)
    if a == 0 or order > other:
        return sp.S.Zero
    return a / b if order == other else sp.oo * sp.sign(a / b)


def quotient(expression: Any, u: Any) -> Pair:
    """Numerator and denominator of a rational function with rational coefficients; Unknown when it is none."""
    try:
        top, bottom = sp.cancel(sp.together(expression)).as_numer_denom()
        return sp.Poly(top, u, domain="QQ"), sp.Poly(bottom, u, domain="QQ")
    except BasePolynomialError:
        raise Unknown("the derivatives are not rational functions with rational coefficients") from None


def over_one_denominator(slope: Pair, bend: Pair) -> tuple[Any, Any, Any]:
    """Two quotients of polynomials as two numerators over a common denominator."""
    (g, p), (h, q) = slope, bend
    scale = p.lcm(q)
    return g * scale.quo(p), h * scale.quo(q), scale


def is_positive(p: Any, low: Any, high: Any) -> bool:
    """Whether p > 0 on the open interval, by counting its roots there."""
    inside = p.count_roots(None if low == -sp.oo else low, None if high == sp.oo else high) if p.degree() > 0 else 0
    inside -= sum(1 for end in (low, high) if end.is_finite and p.degree() > 0 and p.eval(end) == 0)
    return inside == 0 and bool(p.eval(between(low, high)) > 0)


def cell_points(polynomials: Sequence[Any], low: Any, high: Any) -> Iterator[Any]:
    """A rational point of every cell that the roots of the polynomials cut out of the open interval."""
    u = polynomials[0].gen
    product = sp.Poly(1, u, domain="QQ")
    marks = [sp.Poly(u - end, u, domain="QQ") for end in (low, high) if end.is_finite]
    for p in (*polynomials, *marks):
        if not p.is_zero:
            product = product.lcm(p.sqf_part())
    width, roots = sp.S.One, product.intervals(sqf=True) if product.degree() > 0 else []
    # A gap of positive width on both sides of each root leaves no root on the points between.
    while any(b >= a for (_, b), (a, _) in itertools.pairwise(roots)):
        width /= 16
        roots = product.intervals(sqf=True, eps=width)
    edges = [-sp.oo, *(end for root in roots for end in root), sp.oo]
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        if left >= low and right <= high:
            yield between(left, right)
