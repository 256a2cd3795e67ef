"""Rigorous evaluation of constant expressions: exact rationals, or intervals with outward rounding.

Nothing here rounds in the optimistic direction. A constant expression is either an exact rational, or is
enclosed by mpmath's interval arithmetic with growing precision until the question asked is decided.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import mpmath
import sympy as sp

__all__ = [
    "UndecidedError",
    "ceiling_above",
    "ceiling_below",
    "compare",
    "enclose",
    "extreme",
    "float_below",
    "float_near",
]

# s - ln(1 + s) with s = L1 eps/L0 loses twice the digits of s, and constants may be 1e-300 and 1e300.
_PRECISIONS = (80, 160, 320, 640, 1280, 2560, 5120, 10240, 20480)


class UndecidedError(ArithmeticError):
    """The precision limit was reached; two numbers agree to more than a thousand digits, or are equal."""


def enclose(expr: Any, bits: int) -> Any:
    """An interval that contains the constant ``expr``.

    Raises
    ------
    ValueError : the expression is not a real constant built from rationals, roots, exp, log, Max, Min, floor.
    """
    context = mpmath.iv.__class__()
    context.prec = bits
    try:
        return _enclose(expr, context)
    except ZeroDivisionError:  # at this precision the enclosure of a denominator is exactly [0, 0]
        return context.mpf(["-inf", "+inf"])


def _enclose(expr: Any, iv: Any) -> Any:
    if expr.is_Rational:
        return iv.mpf(int(expr.p)) / iv.mpf(int(expr.q))
    if expr is sp.oo:
        return iv.mpf(["+inf", "+inf"])
    if expr is sp.E:
        return iv.exp(iv.mpf(1))
    if expr is sp.pi:
        return iv.pi
    parts = [_enclose(a, iv) for a in expr.args]
    if expr.is_Add:
        return sum(parts[1:], start=parts[0])
    if expr.is_Mul:
        product = parts[0]
        for part in parts[1:]:
            product = product * part
        return product
    if expr.is_Pow:
        return _power(expr, parts, iv)
    if isinstance(expr, sp.exp):
        return iv.exp(parts[0])
    if isinstance(expr, sp.log):
        return iv.log(parts[0])
    if isinstance(expr, sp.Max | sp.Min):
        pick = max if isinstance(expr, sp.Max) else min
        return iv.mpf([pick(p.a for p in parts).a, pick(p.b for p in parts).b])
    if isinstance(expr, sp.floor | sp.ceiling):
        rounding = math.floor if isinstance(expr, sp.floor) else math.ceil
        ends = [e if isinstance(e, float) else rounding(e) for e in _ends(parts[0])]
        return iv.mpf(ends)
    raise ValueError(f"{expr} is not a real constant that can be enclosed")


def _power(expr: Any, parts: list[Any], iv: Any) -> Any:
    exponent = expr.exp
    if exponent.is_Integer:
        return parts[0] ** int(exponent)
    if exponent.is_Rational and exponent.q == 2:
        return iv.sqrt(parts[0]) ** int(exponent.p)
    return iv.exp(parts[1] * iv.log(parts[0]))


def _ends(interval: Any) -> tuple[Fraction | float, Fraction | float]:
    """Both ends as exact fractions (or infinite floats). mpmath's own ceil and float would round to 53 bits."""
    low, high = interval._mpi_
    return _exact(low), _exact(high)


def _exact(raw: tuple[int, int, int, int]) -> Fraction | float:
    sign, mantissa, exponent, _ = raw
    if not mantissa and exponent:
        return float(mpmath.libmp.to_float(raw))
    return Fraction(-mantissa if sign else mantissa) * Fraction(2) ** exponent


def compare(left: Any, right: Any) -> int:
    """-1, 0 or 1: the order of two constants, decided exactly or by enclosures.

    Raises
    ------
    UndecidedError : neither separated by enclosures nor recognised as equal.
    """
    difference = left - right if left != right else sp.Integer(0)
    if difference.is_Rational or difference.is_infinite:
        return int(sp.sign(difference))
    for bits in _PRECISIONS:
        low, high = _ends(enclose(difference, bits))
        if low > 0:
            return 1
        if high < 0:
            return -1
    # Last, because simplifying logarithms of long rationals builds astronomically large powers.
    short = all(max(abs(int(r.p)), int(r.q)) < 10**4 for r in difference.atoms(sp.Rational))
    if short and sp.simplify(difference) == 0:
        return 0
    raise UndecidedError(f"cannot order {left} and {right}")


def extreme(kind: Any, args: Iterable[Any]) -> Any:
    """The maximum (``kind`` sympy.Max) or minimum (sympy.Min) of expressions, constants compared rigorously.

    sympy itself orders constants by two digits of a numerical value, and mistakes 10^12 ln(1 + 5 10^-13), about 1/2,
    for less than 1/4. Constants that cannot be ordered stay side by side, unevaluated.
    """
    best: Any = None
    others: list[Any] = []
    undecided = False
    for arg in args:
        if not arg.is_number or arg in (sp.oo, -sp.oo, sp.nan, sp.zoo):
            others.append(arg)
        elif best is None:
            best = arg
        else:
            try:
                order = compare(arg, best)
            except UndecidedError:
                undecided = True
                others.append(arg)
                continue
            best = arg if (order > 0) == (kind is sp.Max) else best
    if best is None:
        return kind(*others)
    return kind(best, *others, evaluate=not undecided) if others else best


def _ceilings(expr: Any) -> tuple[int, int]:
    """Ceilings of the two ends of an enclosure, equal whenever the precision limit allows it."""
    if expr.is_Rational:
        exact = -(-int(expr.p) // int(expr.q))
        return exact, exact
    for bits in _PRECISIONS:
        low, high = _ends(enclose(expr, bits))
        if not (isinstance(low, float) or isinstance(high, float)) and math.ceil(low) == math.ceil(high):
            break
    if isinstance(low, float) or isinstance(high, float):
        raise UndecidedError(f"{expr} has no finite enclosure")
    return math.ceil(low), math.ceil(high)


def ceiling_above(expr: Any) -> int:
    """The smallest integer >= expr, or one more when that cannot be excluded (for upper bounds)."""
    return _ceilings(expr)[1]


def ceiling_below(expr: Any) -> int:
    """The smallest integer >= expr, or one less when that cannot be excluded (for lower bounds)."""
    return _ceilings(expr)[0]


def float_near(expr: Any) -> float:
    """A nearby double, for display; infinity when it is too large."""
    if expr.is_infinite:
        return float("inf")
    if expr.is_Rational:
        return _fraction_to_float(Fraction(int(expr.p), int(expr.q)))
    low, _ = _ends(enclose(expr, 240))
    return _fraction_to_float(low)


def _fraction_to_float(x: Fraction | float) -> float:
    try:
        return float(x)
    except OverflowError:
        return float("inf") if x > 0 else float("-inf")


def float_below(expr: Any, significant_bits: int = 53) -> float:
    """The largest double with this many significant bits that is <= the positive constant ``expr``."""
    if expr.is_infinite:
        return float("inf")
    low, _ = _ends(enclose(expr, 240))
    exact = Fraction(low)
    # The lower end is a dyadic number, so these bit lengths give floor(log2) exactly: scale to the wanted number of
    # bits and drop the rest.
    shift = significant_bits - 1 - (exact.numerator.bit_length() - exact.denominator.bit_length())
    kept = Fraction(math.floor(exact * Fraction(2) ** shift)) / Fraction(2) ** shift
    if kept > sys.float_info.max:
        return sys.float_info.max
    rounded = float(kept)
    # Only below the normal range can the conversion still round up.
    return rounded if rounded <= kept else math.nextafter(rounded, 0)
