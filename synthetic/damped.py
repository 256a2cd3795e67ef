r"""Functions with f' = e^g S and f'' = e^g R, g a polynomial and S, R rational: x e^(-x), e^(-x^2), e^(x^2) and others.

The claim holds on an interval when m = e^g (|R| - L1 |S|) <= L0 there. The supremum of m is attained where S = 0 or
where e^g (R - L1 S) or e^g (R + L1 S) has derivative 0, all roots of polynomials, or it is approached at an end. At a
rational root m is compared with L0 exactly. At other roots m is enclosed more and more closely. That ends unless g is
0 there, since e^g is transcendental at other algebraic points (F. Lindemann, 1882).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.enclosure import compare
from synthetic.brackets import Pair, Unknown, bracket, interval_value, rounded
from synthetic.curves import is_positive, leading, over_one_denominator, quotient
from synthetic.forms import rational
from synthetic.unknowns import hyperbolic_to_exp

__all__ = ["Damped", "make_damped"]

_FUNCTIONS = (sp.exp, sp.sinh, sp.cosh, sp.tanh, sp.Piecewise)
_MAX_DEGREE = 60
_MAX_EXPONENT = 10_000
_ROUNDS = 12
_DIGITS = (0, 1, 2, 4, 8, 16, 32)
_GRID = tuple(sign * sp.Integer(2) ** k for k in range(13) for sign in (1, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Damped:
    """The claim e^g |bend| / scale <= L0 + L1 stretch e^g |slope| / scale for t between ``low`` and ``high``.

    Attributes
    ----------
    slope, bend, scale : polynomials in t with rational coefficients, scale > 0 on the interval.
    exponent : the polynomial g.
    low, high : the ends of the interval, rational or infinite, each twice.
    stretch : a pair of rationals that encloses the factor of the slope.
    """

    slope: Any
    bend: Any
    scale: Any
    exponent: Any
    low: Pair
    high: Pair
    stretch: Pair

    def holds(self, L0: Any, L1: Any) -> bool:
        """Whether the claim holds with the lower end of ``stretch``: a proof when true."""
        reach = L1 * self.stretch[0]
        return all(compare(limit, L0) <= 0 for limit in self.limits(reach)) and not any(
            self._exceeds(L0, reach, factor, a, b) for factor, a, b in self.peaks(reach)
        )

    def violation(self, L0: Any, L1: Any) -> Any:
        """A rational t inside where the claim fails with the upper end of ``stretch``, or None when none was found."""
        reach = L1 * self.stretch[1]
        ends = [end[0] for end in (self.low, self.high) if end[0].is_finite]
        middles = [self._middle(*root) for root in self.peaks(reach)]
        short = [_short(m, digits) for digits in _DIGITS for m in (*middles, *ends)]
        beside = [end + s * sp.Rational(1, 2**k) for k in range(1, 40, 3) for end in ends for s in (1, -1)]
        for t in (*short, *_GRID, *beside):
            if self.low[0] < t < self.high[0] and self.size(reach, t, t)[0] > L0:
                return t
        return None

    def comes_close_to_flat(self) -> bool:
        """Whether the infimum of |f'| was shown to be 0: a root, or the limit 0 at an end."""
        inside = any(True for _ in self._roots([self.slope]))
        return bool(self.slope.is_zero) or inside or any(self._vanishes(end) for end in (self.low[0], self.high[0]))

    def flat_points(self, digits: int, reach: int) -> Iterator[tuple[Any, Any]]:
        """Pairs (about |f'|, rational t) near the roots of the slope and far out, as in :class:`curves.Piece`."""
        middles = [self._middle(*root) for root in self._roots([self.slope])]
        far = [sp.Integer(s * reach) for s in (0, 1, -1)]
        for t in [*(_short(m, digits) for m in middles), *far]:
            known = self.derivatives(t, 100)
            if known is not None:
                yield max(abs(end) for end in known[0]), t

    def derivatives(self, t: Any, bits: int) -> tuple[Pair, Pair] | None:
        """Enclosures of f' and f'' at a rational t of the interval."""
        if not self.low[0] <= t <= self.high[0] or self.scale.eval(t) == 0:
            return None
        if abs(self.exponent.eval(t)) > _MAX_EXPONENT:
            return None
        powers = bracket(sp.exp(self.exponent.eval(t)), bits)
        slopes = [self.slope.eval(t) / self.scale.eval(t) * e * c for e in powers for c in self.stretch]
        bends = [self.bend.eval(t) / self.scale.eval(t) * e for e in powers]
        return (min(slopes), max(slopes)), (min(bends), max(bends))

    def limits(self, reach: Any) -> Iterator[Any]:
        """The limits of m at the two ends."""
        for end, right in ((self.low[0], True), (self.high[0], False)):
            if end.is_finite:
                if self.scale.eval(end) == 0:
                    raise Unknown(f"a derivative may have a pole at {end}")
                yield self.exactly(reach, end)
                continue
            signs = [sp.sign(leading(p, end, right)[1]) for p in (self.bend, self.slope)]
            top = self.bend * signs[0] - self.slope * signs[1] * reach
            grows = leading(self.exponent, end, right)[1] > 0
            yield sp.oo * sp.sign(leading(top, end, right)[1]) if grows and not top.is_zero else sp.S.Zero

    def exactly(self, reach: Any, t: Any) -> Any:
        """m at the rational t, a constant expression."""
        if abs(self.exponent.eval(t)) > _MAX_EXPONENT:
            raise Unknown(f"the exponent of e at {t} is above {_MAX_EXPONENT} in size")
        top = abs(self.bend.eval(t)) - reach * abs(self.slope.eval(t))
        return top / self.scale.eval(t) * sp.exp(self.exponent.eval(t))

    def size(self, reach: Any, a: Any, b: Any, bits: int = 200) -> Pair:
        """Bounds of m on [a, b]."""
        bottom = interval_value(self.scale, a, b)
        if bottom[0] <= 0:
            return -sp.oo, sp.oo
        slope, bend = (_magnitude(interval_value(p, a, b)) for p in (self.slope, self.bend))
        exponent = rounded(interval_value(self.exponent, a, b), sp.Rational(1, 2**bits))
        top = (bend[0] - reach * slope[1], bend[1] - reach * slope[0])
        if exponent[1] > _MAX_EXPONENT:
            return (top[0] / bottom[1] if top[0] > 0 and exponent[0] > 0 else -sp.oo), sp.oo
        power = (
            bracket(sp.exp(exponent[0]), bits)[0] if exponent[0] > -_MAX_EXPONENT else sp.S.Zero,
            bracket(sp.exp(max(exponent[1], -_MAX_EXPONENT)), bits)[1],
        )
        products = [t / q * e for t in top for q in bottom for e in power]
        return min(products), max(products)

    def peaks(self, reach: Any) -> Iterator[tuple[Any, Any, Any]]:
        """Irreducible polynomials with isolating intervals of their roots inside, among which m is largest."""
        tops = (self.bend - self.slope.mul_ground(reach), self.bend + self.slope.mul_ground(reach))
        slopes = [(p * self.exponent.diff() + p.diff()) * self.scale - p * self.scale.diff() for p in tops]
        return self._roots([self.slope, *slopes])

    def refined(self, factor: Any, a: Any, b: Any) -> Pair:
        """A much shorter isolating interval."""
        if a == b:
            return a, b
        rising = factor.eval(b) > 0
        for _ in range(24):
            middle = (a + b) / 2
            a, b = (a, middle) if (factor.eval(middle) > 0) == rising else (middle, b)
        return a, b

    def _middle(self, factor: Any, a: Any, b: Any) -> Any:
        """A rational close to a root."""
        for _ in range(4):
            a, b = self.refined(factor, a, b)
        return (a + b) / 2

    def _exceeds(self, L0: Any, reach: Any, factor: Any, a: Any, b: Any) -> bool:
        """Whether m > L0 at a root."""
        if a == b:
            return compare(self.exactly(reach, a), L0) > 0
        tops = (self.bend - self.slope.mul_ground(reach), self.bend + self.slope.mul_ground(reach))
        if any(top.rem(factor).is_zero for top in tops):
            return False
        for k in range(1, _ROUNDS):
            a, b = self.refined(factor, a, b)
            low, high = self.size(reach, a, b, 64 * k)
            if high <= L0:
                return False
            if low > L0:
                return True
        raise Unknown("the largest curvature and L0 were not told apart")

    def _roots(self, polynomials: list[Any]) -> Iterator[tuple[Any, Any, Any]]:
        factors = dict.fromkeys(f for p in polynomials if p.degree() > 0 for f, _ in p.factor_list()[1])
        for factor in factors:
            root = -factor.eval(0) / factor.LC() if factor.degree() == 1 else None
            for a, b in [(root, root)] if root is not None else [ends for ends, _ in factor.intervals()]:
                # An irrational root is no end, so that the interval leaves every end in time.
                while a < b and any(a <= end[0] <= b for end in (self.low, self.high)):
                    a, b = self.refined(factor, a, b)
                if self.low[0] < (a + b) / 2 < self.high[0]:
                    yield factor, a, b

    def _vanishes(self, end: Any) -> bool:
        if end.is_finite:
            return bool(self.slope.eval(end) == 0 and self.scale.eval(end) != 0)
        return bool(leading(self.exponent, end, True)[1] < 0)


def make_damped(formula: Any, slope: Any, bend: Any, t: Any, ends: Pair, stretch: Pair) -> Damped:
    """The claim for ``slope`` and ``bend``, derivatives of ``formula`` that are smooth between the two ``ends``.

    Raises
    ------
    Unknown : they are not rational functions times one exponential of a polynomial, or have a pole inside.
    """
    if not all(isinstance(f, _FUNCTIONS) for f in formula.atoms(sp.Function)) or formula.has(sp.I, sp.Float):
        raise Unknown("other functions than exponentials")
    if not all(end.is_Rational or end.is_infinite for end in ends):
        raise Unknown("irrational breakpoints")
    # Each exponent is expanded by itself: expanding everything would cut e^(-x^2 + x) in two.
    exact = [hyperbolic_to_exp(e) for e in (slope, bend)]
    given = [e.replace(lambda p: isinstance(p, sp.exp), lambda p: sp.exp(sp.expand(p.args[0]))) for e in exact]
    exponents = {e.args[0] for g in given for e in g.atoms(sp.exp) if e.has(t)}
    if len(exponents) != 1:
        raise Unknown("several exponentials")
    (exponent,) = exponents
    if not exponent.is_polynomial(t) or not all(c.is_Rational for c in sp.Poly(exponent, t).all_coeffs()):
        raise Unknown("an exponent that is no polynomial")
    power, u = sp.Dummy("e", positive=True), sp.Dummy("u", real=True)
    rest = [sp.cancel(g.xreplace({sp.exp(exponent): power}) / power).subs(t, u) for g in given]
    if any(g.has(power) for g in rest):
        raise Unknown("a sum of exponentials and other terms")
    g, h, scale = over_one_denominator(*(quotient(e, u) for e in rest))
    low, high = ends
    sign = 1 if is_positive(scale, low, high) else -1
    if sign < 0 and not is_positive(-scale, low, high):
        raise Unknown("a derivative has a pole")
    if max(p.degree() for p in (g, h, scale)) > _MAX_DEGREE:
        raise Unknown(f"polynomials of degree above {_MAX_DEGREE}")
    return Damped(
        slope=sign * g,
        bend=sign * h,
        scale=sign * scale,
        exponent=sp.Poly(exponent.subs(t, u), u, domain="QQ"),
        low=(low, low),
        high=(high, high),
        stretch=stretch,
    )


def _magnitude(interval: Pair) -> Pair:
    low, high = interval
    return max(low, -high, sp.S.Zero), max(-low, high)


def _short(value: Any, digits: int) -> Any:
    return rational(Fraction(int(value.p), int(value.q)).limit_denominator(10**digits))
