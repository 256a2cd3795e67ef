r"""Ball-arithmetic proofs of |f''| <= L0 + L1 |f'| on an interval, bounded or not.

The claim fails exactly where E+ > 0 and E- > 0 for one of the signs s, with E+- = s f'' - L0 +- L1 f'. So on every part
of the interval one of E+, E-, (E+ + E-)/2 has to be <= 0 for each s. They are expanded before they are enclosed, which
keeps cancellations between f'' and f'. The tails are settled by :mod:`synthetic.tails`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from synthetic.ball_programs import Program, ball, hull
from synthetic.bisection import BoxTest, Ends, bisect
from synthetic.budget import Budget
from synthetic.curves import Unknown, smooth_parts
from synthetic.forms import rational
from synthetic.reductions import Point
from synthetic.tails import Quotient, reciprocal_forms

__all__ = ["violation_on_line"]

_MAX_EXPONENT = 20


def violation_on_line(
    flint: Any, formula: Any, t: Any, l0: Fraction, l1: Fraction, low: Any, high: Any, budget: Budget
) -> Fraction | None:
    if formula.has(sp.Float):
        raise Unknown("floats in a formula are not exact reals")
    ends = (-sp.oo if low is None else rational(low), sp.oo if high is None else rational(high))
    for part, left, right in smooth_parts(formula, t, *ends):
        if not all(end.is_Rational or end.is_infinite for end in (left, right)):
            raise Unknown(f"ball arithmetic needs rational breakpoints, not {left} and {right}")
        found = _smooth_on_line(flint, part, t, l0, l1, left, right, budget)
        if found is not None:
            return found
    return None


def _smooth_on_line(
    flint: Any, formula: Any, t: Any, l0: Fraction, l1: Fraction, low: Any, high: Any, budget: Budget
) -> Fraction | None:
    excesses = _excesses(sp.diff(formula, t), t, rational(l0), rational(l1))
    test = _line_test(flint, formula, excesses, t)
    a, b = (None if end.is_infinite else Fraction(int(end.p), int(end.q)) for end in (low, high))
    sizes = [Fraction(n, 4) for n in range(1, 24)] + [Fraction(2**k) for k in range(3, _MAX_EXPONENT + 1)]
    grid = (Fraction(0), *(sign * size for size in sizes for sign in (1, -1)))
    for x in grid:
        if (a is None or a < x) and (b is None or x < b) and test.fails_at((x,)):
            return x
    mirrored = [e.subs(t, -t) for e in excesses]
    right = b if b is not None else _tail(flint, excesses, t, a, budget)
    left = a if a is not None else -_tail(flint, mirrored, t, None if b is None else -b, budget)
    if left >= right:
        return None
    found = bisect(test, [(left, right)], budget)
    return None if found is None else found[0]


def _excesses(slope: Any, t: Any, l0: Any, l1: Any) -> list[Any]:
    """E+, E- and their mean for s = 1, then for s = -1."""
    bend = sp.diff(slope, t)
    return [sp.expand(s * bend - l0 + sigma * l1 * slope) for s in (1, -1) for sigma in (1, -1, 0)]


def _line_test(flint: Any, formula: Any, excesses: Sequence[Any], t: Any) -> BoxTest:
    program = Program(flint, excesses, (t,))
    slopes = Program(flint, [sp.diff(e, t) for e in excesses], (t,))
    value = Program(flint, (formula,), (t,))

    def proved_on(part: Ends, middle: Point) -> bool:
        x = hull(flint, *part[0])
        plain = program((x,))
        if _settled([e <= 0 for e in plain]):
            return True
        m = ball(flint, middle[0])
        centred = [at + s * (x - m) for at, s in zip(program((m,)), slopes((x,)), strict=True)]
        return _settled([e <= 0 or c <= 0 for e, c in zip(plain, centred, strict=True)])

    def fails_at(point: Point) -> bool:
        x = ball(flint, point[0])
        e = program((x,))
        return bool(value((x,))[0].is_finite()) and ((e[0] > 0 and e[1] > 0) or (e[3] > 0 and e[4] > 0))

    return BoxTest(proved_on=proved_on, fails_at=fails_at)


def _settled(nonpositive: Sequence[bool]) -> bool:
    return any(nonpositive[:3]) and any(nonpositive[3:])


def _tail(flint: Any, excesses: Sequence[Any], t: Any, low: Fraction | None, budget: Budget) -> Fraction:
    """An R > 0, and R >= ``low``, such that the claim holds for all t >= R."""
    powers = (Fraction(2**k) for k in range(_MAX_EXPONENT + 1))
    radii = [r for r in powers if low is None or r >= low] or [Fraction(low or 1)]
    far = f"the tail |{t}| > {radii[-1]} is open"
    try:
        quotients = [_quotient(flint, e, t, budget) for e in excesses]
        for radius in radii:
            budget.check(far)
            if _settled([q.is_nonpositive_beyond(flint, radius) for q in quotients]):
                return radius
        reason = "no sign of the dominant terms"
    except Unknown as why:
        reason = str(why)
    everywhere = [e <= 0 for e in Program(flint, excesses, (t,))((flint.arb(0, float("inf")),))]
    if _settled(everywhere):
        return radii[0]
    budget.check(far)
    v = sp.Dummy("v", positive=True)
    for images in reciprocal_forms(excesses, t, v):
        found = _reciprocal(flint, images, v, radii)
        if found is not None:
            return found
    raise Unknown(f"{far}: {reason}")


def _quotient(flint: Any, excess: Any, t: Any, budget: Budget) -> Quotient:
    budget.check("no dominant terms yet")
    return Quotient.of(flint, excess, t)


def _reciprocal(flint: Any, images: Sequence[Any], v: Any, radii: Sequence[Fraction]) -> Fraction | None:
    """The first R for which the claim in v = 1/t, times a power of v, is proved on [0, 1/R] without cutting it."""
    try:
        test = _line_test(flint, sp.S.Zero, images, v)
    except Unknown:
        return None
    return next((r for r in radii if r > 0 and test.proved_on([(Fraction(0), 1 / r)], (1 / r / 2,))), None)
