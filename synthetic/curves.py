r"""Functions of one variable whose first two derivatives are rational in one unknown, and exact decisions about them.

A :class:`Piece` holds polynomials with slope/scale = f'(t) and bend/scale = f''(t) (or another quantity to be bounded),
scale > 0, on an interval of the unknown u = t, or u = e^(rate t + shift) > 0. Every decision is made with rational
arithmetic on isolated real roots.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.polys.polyerrors import BasePolynomialError

from bounds.enclosure import compare, enclose
from synthetic.forms import rational

__all__ = [
    "Pair",
    "Part",
    "Piece",
    "Unknown",
    "bracket",
    "cell_points",
    "hyperbolic_to_exp",
    "leading",
    "make_piece",
    "ratio_limit",
    "smooth_parts",
]

_HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh, sp.coth)
_FUNCTIONS = (sp.exp, sp.log, sp.atan, sp.Piecewise, *_HYPERBOLIC)
_MAX_DEGREE = 150
_BITS = 200
Pair = tuple[Any, Any]
Part = tuple[Any, Any, Any]


class Unknown(Exception):
    """No exact rule applies; the message says what stands in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The claim |bend| <= L0 scale + L1 stretch |slope| for u between ``low`` and ``high``.

    Attributes
    ----------
    slope, bend, scale : polynomials in u with rational coefficients, scale > 0 on the interval.
    low, high : ends of the interval in u, each a pair of rationals (or infinities) that encloses it.
    stretch : a pair of rationals that encloses the factor of the slope.
    rate, shift : u = e^(rate t + shift), or u = t when ``rate`` is None.
    """

    slope: Any
    bend: Any
    scale: Any
    low: Pair
    high: Pair
    stretch: Pair
    rate: Any
    shift: Any

    def holds(self, L0: Any, L1: Any) -> bool:
        """Whether the claim holds on the outer interval with the lower end of ``stretch``: a proof when true."""
        return self._failing(L0, L1 * self.stretch[0], self.low[0], self.high[1]) is None

    def violation(self, L0: Any, L1: Any) -> Any:
        """A rational t of the inner interval where the claim fails with the upper end of ``stretch``, or None."""
        found = self._failing(L0, L1 * self.stretch[1], self.low[1], self.high[0])
        return None if found is None else self._pull_back(*found)

    def comes_close_to_flat(self) -> bool:
        """Whether the infimum of |slope|/scale was shown to be 0: a root, or the limit 0 at an end."""
        low, high = self.low[1], self.high[0]
        ends = ((end[0], right) for end, right in ((self.low, True), (self.high, False)) if end[0] == end[1])
        if self.slope.is_zero or any(ratio_limit(self.slope, self.scale, *end) == 0 for end in ends):
            return True
        return (
            self.slope.degree() > 0
            and not _is_positive(self.slope, low, high)
            and not _is_positive(-self.slope, low, high)
        )

    def flat_points(self) -> Iterator[tuple[Any, Any]]:
        """Pairs (|slope|/scale at u, rational t near it) for u near the roots of the slope and far out."""
        roots = self.slope.intervals(eps=sp.Rational(1, 10**30)) if self.slope.degree() > 0 else []
        far = [sign * sp.Integer(2) ** k for sign in (1, -1) for k in (-60, 0, 60)]
        for u in [*((a + b) / 2 for (a, b), _ in roots), *far]:
            if self.low[1] < u < self.high[0] and self.scale.eval(u) != 0:
                t = u if self.rate is None else self._nearby(u, 40)
                yield sp.Abs(self.slope.eval(u)) / self.scale.eval(u), t

    def _nearby(self, u: Any, digits: int) -> Any:
        """A rational near the t that belongs to u, with a denominator of this many digits."""
        exact = sp.N((sp.log(u) - self.shift) / self.rate, digits + 20)
        return rational(Fraction(str(exact)).limit_denominator(10**digits))

    def _failing(self, L0: Any, reach: Any, low: Any, high: Any) -> tuple[Any, tuple[Any, Any]] | None:
        for sign in (1, -1):
            excess = self.bend.mul_ground(sign) - self.scale.mul_ground(L0)
            tests = (excess - self.slope.mul_ground(reach), excess + self.slope.mul_ground(reach))
            for u in cell_points(tests, low, high):
                if all(p.eval(u) > 0 for p in tests):
                    return u, tests
        return None

    def _pull_back(self, u: Any, tests: Sequence[Any]) -> Any:
        if self.rate is None:
            return u
        for digits in (1, 2, 4, 8, 16, 32, 64):
            t = self._nearby(u, digits)
            image = sp.exp(self.rate * t + self.shift)
            ends = [compare(image, self.low[1])] + ([compare(self.high[0], image)] if self.high[0] != sp.oo else [])
            if min(ends) > 0 and all(compare(p.as_expr().subs(p.gen, image), 0) > 0 for p in tests):
                return t
        raise Unknown("the claim fails, but no short rational point where it does was found")


def smooth_parts(formula: Any, t: Any, low: Any, high: Any) -> list[Part]:
    """The triples (expression, left end, right end) of a C^1 function that is smooth between its breakpoints."""
    formula = formula.replace(lambda e: isinstance(e, sp.Abs), lambda e: _absolute(e.args[0]))
    ends = [low, *_breakpoints(formula, t, low, high), high]
    parts = [(_branch(formula, t, _between(left, right)), left, right) for left, right in itertools.pairwise(ends)]
    for (left, _, edge), (right, _, _) in itertools.pairwise(parts):
        for order in (0, 1):
            jump = (sp.diff(left, t, order) - sp.diff(right, t, order)).subs(t, edge)
            if jump != 0 and sp.simplify(jump) != 0:
                raise Unknown(f"F or its gradient was not shown to be continuous at {edge}")
    return parts


def make_piece(formula: Any, slope: Any, bend: Any, t: Any, ends: Pair, stretch: Pair = (sp.S.One, sp.S.One)) -> Piece:
    """The piece for ``slope`` and ``bend``, derivatives of ``formula`` that are smooth between the two ``ends``.

    Raises
    ------
    Unknown : they are not rational in t or in one exponential, or have a pole inside.
    """
    strange = [f for f in formula.atoms(sp.Function) if not isinstance(f, _FUNCTIONS)]
    if strange:
        raise Unknown(f"no exact rule for {strange[0].func}")
    if formula.has(sp.I, sp.Float):
        raise Unknown("complex numbers and floats in a formula are not exact reals")
    logs = [e.args[0] for e in formula.atoms(sp.log) if e.has(t)]
    given = [hyperbolic_to_exp(e) for e in (slope, bend, *logs)]
    u, rate, shift, images = _one_unknown(given, t)
    low, high = (_image(end, rate, shift) for end in ends)
    outer = (low[0], high[1])
    fractions = [_quotient(e, u) for e in images]
    for top, bottom in fractions[2:]:
        if not _is_positive(top * bottom, *outer):
            raise Unknown("the argument of a logarithm was not shown to be positive")
    (g, p), (h, q) = fractions[:2]
    scale = p.lcm(q)
    g, h = g * scale.quo(p), h * scale.quo(q)
    if not _is_positive(scale, *outer):
        if not _is_positive(-scale, *outer):
            raise Unknown("a derivative has a pole")
        g, h, scale = -g, -h, -scale
    if max(p.degree() for p in (g, h, scale)) > _MAX_DEGREE:
        raise Unknown(f"polynomials of degree above {_MAX_DEGREE}")
    return Piece(slope=g, bend=h, scale=scale, low=low, high=high, stretch=stretch, rate=rate, shift=shift)


def hyperbolic_to_exp(expression: Any) -> Any:
    """The expression with its hyperbolic functions written as exponentials."""
    return expression.rewrite(_HYPERBOLIC, sp.exp)


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


def bracket(constant: Any) -> Pair:
    """Rationals below and above a real constant, equal when it is rational or infinite."""
    if constant.is_Rational or constant.is_infinite:
        return constant, constant
    try:
        low, high = enclose(constant, _BITS)._mpi_
    except ValueError:
        raise Unknown(f"no enclosure of the constant {constant}") from None
    return tuple(sp.Rational(-m if sign else m) * sp.Integer(2) ** e for sign, m, e, _ in (low, high))


def _one_unknown(given: Sequence[Any], t: Any) -> tuple[Any, Any, Any, list[Any]]:
    """The unknown, its rate and shift (None, 0 for t itself), and the expressions in it."""
    exponents = {e.args[0] for g in given for e in g.atoms(sp.exp) if e.has(t)}
    if not exponents:
        u = sp.Dummy("u", real=True)
        return u, None, sp.S.Zero, [g.subs(t, u) for g in given]
    lines = {}
    for exponent in exponents:
        line = sp.Poly(exponent, t) if exponent.is_polynomial(t) else None
        if line is None or line.degree() != 1 or not all(c.is_Rational for c in line.all_coeffs()):
            raise Unknown(f"no exact rule for exp({exponent})")
        lines[exponent] = tuple(line.all_coeffs())
    u = sp.Dummy("u", positive=True)
    rate = functools.reduce(sp.gcd, (sp.Abs(k) for k, _ in lines.values()))
    k, d = next(iter(lines.values()))
    shift = d * rate / k
    if max(abs(k / rate) for k, _ in lines.values()) > _MAX_DEGREE:
        raise Unknown(f"exponents with a ratio above {_MAX_DEGREE}")
    if any(d * rate != k * shift for k, d in lines.values()):
        raise Unknown("exponentials with different shifts")
    powers = {sp.exp(exponent): u ** (k / rate) for exponent, (k, _) in lines.items()}
    images = [g.xreplace(powers) for g in given]
    if any(g.has(t) for g in images):
        raise Unknown("no exact rule for a mixture of polynomials and exponentials")
    return u, rate, shift, images


def _quotient(expression: Any, u: Any) -> Pair:
    try:
        top, bottom = sp.cancel(sp.together(expression)).as_numer_denom()
        return sp.Poly(top, u, domain="QQ"), sp.Poly(bottom, u, domain="QQ")
    except BasePolynomialError:
        raise Unknown("the derivatives are not rational functions with rational coefficients") from None


def _image(end: Any, rate: Any, shift: Any) -> Pair:
    if rate is None:
        return bracket(end)
    if end.is_infinite:
        return (sp.oo, sp.oo) if end is sp.oo else (sp.S.Zero, sp.S.Zero)
    return bracket(sp.expand(sp.exp(sp.expand(rate * end + shift))))


def _is_positive(p: Any, low: Any, high: Any) -> bool:
    """Whether p > 0 on the open interval, by counting its roots there."""
    inside = p.count_roots(None if low == -sp.oo else low, None if high == sp.oo else high) if p.degree() > 0 else 0
    inside -= sum(1 for end in (low, high) if end.is_finite and p.degree() > 0 and p.eval(end) == 0)
    return inside == 0 and bool(p.eval(_between(low, high)) > 0)


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
            yield _between(left, right)


def _between(low: Any, high: Any) -> Any:
    """A short rational strictly between two constants."""
    if low == -sp.oo:
        return sp.S.Zero if high == sp.oo else sp.floor(high) - 1
    if high == sp.oo:
        return sp.floor(low) + 1
    below, above = bracket(low)[1], bracket(high)[0]
    if below >= above:
        raise Unknown(f"{low} and {high} are too close to be told apart")
    middle = Fraction(int((below + above).p), int((below + above).q)) / 2
    digits = 0
    while not below < (short := rational(middle.limit_denominator(10**digits))) < above:
        digits += 1
    return short


def _absolute(argument: Any) -> Any:
    return sp.Piecewise((argument, argument >= 0), (-argument, True))


def _breakpoints(formula: Any, t: Any, low: Any, high: Any) -> list[Any]:
    found: list[Any] = []
    for relation in formula.atoms(sp.core.relational.Relational):
        line = sp.Poly(relation.lhs - relation.rhs, t) if (relation.lhs - relation.rhs).is_polynomial(t) else None
        if line is None or line.degree() != 1:
            raise Unknown(f"no exact rule for the condition {relation}")
        slope, offset = line.all_coeffs()
        edge = -offset / slope
        bracket(edge)
        inside = all(e.is_infinite or compare(edge, e) == s for e, s in ((low, 1), (high, -1)))
        if inside and all(compare(edge, other) != 0 for other in found):
            found.append(edge)
    return sorted(found, key=functools.cmp_to_key(compare))


def _branch(formula: Any, t: Any, point: Any) -> Any:
    """The smooth expression that a piecewise formula equals around ``point``."""

    def chosen(pieces: Any) -> Any:
        for expression, condition in pieces.args:
            if condition.subs(t, point) == sp.true:
                return expression
        raise Unknown(f"F is not defined at {point}")

    return formula.replace(lambda e: isinstance(e, sp.Piecewise), chosen)
