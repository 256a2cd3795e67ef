r"""Signs of functions of one variable beyond a radius: the tail arguments of the ball-arithmetic proofs.

**Sums of powers times exponentials.** Consider quotients of sums of terms c x^a (ln x)^l e^p(x) with rational a,
integer l and polynomials p of degree <= 4 with rational coefficients and p(0) = 0. Such a quotient is <= 0 for all
x >= R when numerator and denominator have opposite signs there. The sign of a sum is that of its dominant term
(largest p far out, then largest a, then largest l, with the coefficient c0) as soon as every other term, divided by
it, is c m(x) with a decreasing m = x^b (ln x)^k e^q(x) on [R, oo), and |c0| exceeds the sum of |c| m(R) over the terms
with the other sign. Now x m'/m = b + k/ln x + x q'(x). With k/ln x replaced by an upper bound it is a polynomial;
divided by its highest power it is at most its leading coefficient plus the positive ones of the others at R, which has
to be < 0. Factors sin and cos of the coefficients are enclosed by [-1, 1].

**Other functions** are written in v = 1/x, simplified, and multiplied by a power of v that makes them finite; their
sign on [0, 1/R] is then a question of ball arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from synthetic.ball_programs import ball, constant
from synthetic.curves import Unknown, hyperbolic_to_exp
from synthetic.sizes import expanded

__all__ = ["Quotient", "reciprocal_forms"]

_MAX_TERMS = 200
_MAX_EXPANDED = 4000
_MAX_OPERATIONS = 60
_MAX_EXPONENT_DEGREE = 4
_Key = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotient:
    """A quotient of two sums.

    A sum is a dict of ball coefficients of x^a (ln x)^l e^p(x) with the keys (p4, p3, p2, p1, a, l): larger ones grow
    faster.
    """

    top: dict[_Key, Any]
    bottom: dict[_Key, Any]

    @classmethod
    def of(cls, flint: Any, expression: Any, x: Any) -> Quotient:
        """The quotient that an expression is equal to.

        Raises
        ------
        Unknown : it is not a quotient of sums of such terms.
        """
        top, bottom = sp.fraction(sp.together(expanded(hyperbolic_to_exp(expression))))
        return cls(top=_terms(flint, top, x), bottom=_terms(flint, bottom, x))

    def is_nonpositive_beyond(self, flint: Any, radius: Fraction) -> bool:
        """Whether the quotient was shown to be <= 0 for all x >= ``radius`` > 0."""
        if not self.top:
            return True
        return _sign_beyond(flint, self.top, radius) * _sign_beyond(flint, self.bottom, radius) < 0


def reciprocal_forms(expressions: Sequence[Any], x: Any, v: Any) -> list[list[Any]]:
    """The expressions at x = 1/v, v > 0, each times v^0, v^1, ..., v^4, in simplified form."""
    # Simplification is quick for short algebraic expressions only.
    if any(expression.has(sp.Function) or expression.count_ops() > _MAX_OPERATIONS for expression in expressions):
        return []
    images = [sp.simplify(expression.subs(x, 1 / v)) for expression in expressions]
    return [[sp.powsimp(sp.expand_power_base(sp.cancel(e) * v**k)) for e in images] for k in range(5)]


def _sign_beyond(flint: Any, terms: dict[_Key, Any], radius: Fraction) -> int:
    lead = max(terms)
    opposed = {1: flint.arb(0), -1: flint.arb(0)}
    log = ball(flint, radius).log()
    # Rigorously above 1/ln x for all x >= R >= 2, since ln 2 > 69/100.
    inverse_log = Fraction(100, 69 * max(1, math.floor(radius).bit_length() - 1))
    for key, c in terms.items():
        if key == lead:
            continue
        *exponent, power, logs = (own - top for own, top in zip(key, lead, strict=True))
        # Powers of x that multiply the coefficients in x m'/m, in falling order.
        slopes = [(k, k * p) for k, p in zip(range(len(exponent), 0, -1), exponent, strict=True) if p != 0]
        slopes.append((0, power + max(logs, Fraction(0)) * inverse_log))
        highest = slopes[0][0]
        rate = slopes[0][1] + sum(max(s, Fraction(0)) / radius ** (highest - k) for k, s in slopes[1:])
        only_logs = logs < 0 and rate == 0 and highest == 0
        if (rate >= 0 and not only_logs) or (logs != 0 and radius < 2):
            return 0
        powers = (radius**k for k in range(len(exponent), 0, -1))
        total = sum((p * r for p, r in zip(exponent, powers, strict=True)), Fraction(0))
        size = (ball(flint, power) * log + ball(flint, total)).exp() * (log ** int(logs) if logs else 1)
        for sign in opposed:
            harm = (-sign * c).upper()
            opposed[sign] += harm * size if harm > 0 else 0
    return next((sign for sign in opposed if sign * terms[lead] > opposed[sign]), 0)


def _terms(flint: Any, expression: Any, x: Any) -> dict[_Key, Any]:
    # Far below the general limit: what is left after cancellations has to be short.
    parts = sp.Add.make_args(expanded(expression, _MAX_EXPANDED))
    if len(parts) > _MAX_TERMS:
        raise Unknown(f"a tail with more than {_MAX_TERMS} terms")
    pure: dict[_Key, Any] = {}
    waves: dict[_Key, Any] = {}
    for part in parts:
        key, c, waving = _term(part, x)
        into = waves if waving else pure
        into[key] = into.get(key, sp.S.Zero) + (sp.Abs(c) if waving else c)
    found = {key: constant(flint, c) for key, c in pure.items() if sp.expand(c) != 0 and sp.simplify(c) != 0}
    for key, c in waves.items():
        found[key] = found.get(key, flint.arb(0)) + constant(flint, c) * flint.arb(0, 1)
    return found


def _term(part: Any, x: Any) -> tuple[_Key, Any, bool]:
    """Exponents, coefficient, and whether factors within [-1, 1] were dropped."""
    a, logs, c, waving = sp.S.Zero, sp.S.Zero, sp.S.One, False
    exponent = [sp.S.Zero] * _MAX_EXPONENT_DEGREE
    for factor in sp.Mul.make_args(part):
        base, power = factor.as_base_exp()
        if not factor.has(x):
            c *= factor
        elif base == x and power.is_Rational:
            a += power
        elif base == sp.log(x) and power.is_Integer:
            logs += power
        elif base is sp.E and power.is_polynomial(x) and sp.degree(power, x) <= _MAX_EXPONENT_DEGREE:
            *coefficients, shift = sp.Poly(power, x).all_coeffs()
            padded = [sp.S.Zero] * (_MAX_EXPONENT_DEGREE - len(coefficients)) + coefficients
            exponent = [e + p for e, p in zip(exponent, padded, strict=True)]
            c *= sp.exp(shift)
        elif isinstance(base, sp.sin | sp.cos) and power.is_Integer and power > 0:
            waving = True
        else:
            raise Unknown(f"no tail argument for the term {factor}")
    key = (*exponent, a, logs)
    if not all(e.is_Rational for e in key):
        raise Unknown(f"no tail argument for the irrational exponents of {part}")
    return tuple(Fraction(int(e.p), int(e.q)) for e in key), c, waving
