"""The choice of one unknown in which given expressions of t are rational functions; the charts do the rest."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import sympy as sp

from synthetic.brackets import Unknown, between, bracket
from synthetic.charts import Chart, Exponential, Line, Power, Root, Tangent

__all__ = ["hyperbolic_to_exp", "one_unknown"]

_HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh, sp.coth)
_WAVES = (sp.sin, sp.cos, sp.tan)
_MAX_RATIO = 150
_MAX_HARMONIC = 24
_MAX_ORDER = 12
_Choice = tuple[Chart, list[Any]]


def hyperbolic_to_exp(expression: Any) -> Any:
    """The expression with its hyperbolic functions written as exponentials."""
    return expression.rewrite(_HYPERBOLIC, sp.exp)


def one_unknown(given: Sequence[Any], t: Any, u: Any, low: Any, high: Any) -> _Choice:
    """The chart that was chosen, and the expressions in its unknown ``u`` on the interval (low, high) of t.

    Raises
    ------
    Unknown : the expressions mix several kinds, or their exponents, frequencies or radicands have no common measure.
    """
    given = [hyperbolic_to_exp(e) for e in given]
    exponents = {e.args[0] for g in given for e in g.atoms(sp.exp) if e.has(t)}
    angles = {e.args[0] for g in given for e in g.atoms(*_WAVES) if e.has(t)}
    powers = [e for g in given for e in g.atoms(sp.Pow) if e.exp.is_Rational and e.exp.q > 1 and e.has(t)]
    radicands = {e.base for e in powers}
    # What has t only in an exponent is among the exponents already.
    kinds = sum(map(bool, (exponents, angles, radicands)))
    if kinds > 1:
        raise Unknown("no exact rule for a mixture of exponential, trigonometric and algebraic functions")
    if exponents:
        return _exponential(given, t, u, exponents)
    if angles:
        return _trigonometric(given, t, u, angles)
    if not radicands:
        return Line(), [g.subs(t, u) for g in given]
    lines: list[Any] = [sp.Poly(base, t) for base in radicands if base.is_polynomial(t)]
    if len(lines) < len(radicands) or not all(c.is_Rational for line in lines for c in line.all_coeffs()):
        raise Unknown(f"no exact rule for a root of {min(radicands, key=str)}")
    if len({line.degree() for line in lines}) > 1 or lines[0].degree() > 2:
        raise Unknown("no exact rule for these roots: of quadratic or of linear polynomials only, not mixed")
    if lines[0].degree() == 2 and any(e.exp.q > 2 for e in powers):
        raise Unknown("no exact rule for roots of quadratic polynomials other than square roots")
    return (_root if lines[0].degree() == 2 else _power)(given, t, u, lines, low, high)


def _common(arguments: set[Any], t: Any, name: str) -> tuple[Any, Any, dict[Any, Any]]:
    """Rate > 0 and shift such that every argument is an integer multiple of rate t + shift, and these integers."""
    lines = {}
    for argument in arguments:
        line = sp.Poly(argument, t) if argument.is_polynomial(t) else None
        if line is None or line.degree() != 1 or not all(c.is_Rational for c in line.all_coeffs()):
            raise Unknown(f"no exact rule for {name}({argument})")
        lines[argument] = tuple(line.all_coeffs())
    rate = functools.reduce(sp.gcd, (sp.Abs(k) for k, _ in lines.values()))
    k, d = next(iter(lines.values()))
    shift = d * rate / k
    if max(abs(k / rate) for k, _ in lines.values()) > _MAX_RATIO:
        raise Unknown(f"exponents or frequencies with a ratio above {_MAX_RATIO}")
    if any(d * rate != k * shift for k, d in lines.values()):
        raise Unknown("exponentials or trigonometric functions with different shifts")
    return rate, shift, {argument: k / rate for argument, (k, _) in lines.items()}


def _exponential(given: Sequence[Any], t: Any, u: Any, exponents: set[Any]) -> _Choice:
    rate, shift, multiples = _common(exponents, t, "exp")
    images = [g.xreplace({sp.exp(e): u**k for e, k in multiples.items()}) for g in given]
    if any(g.has(t) for g in images):
        raise Unknown("no exact rule for a mixture of polynomials and exponentials")
    return Exponential(rate=rate, shift=shift), images


def _trigonometric(given: Sequence[Any], t: Any, u: Any, angles: set[Any]) -> _Choice:
    rate, shift, multiples = _common(angles, t, "sin")
    if max(map(abs, multiples.values())) > _MAX_HARMONIC:
        raise Unknown(f"frequencies with a ratio above {_MAX_HARMONIC}")
    cosine, sine = (1 - u**2) / (1 + u**2), 2 * u / (1 + u**2)
    replaced: dict[Any, Any] = {}
    for angle, k in multiples.items():
        sign, n = sp.sign(k), int(abs(k))
        c = sp.cancel(sp.chebyshevt(n, cosine))
        s = sp.cancel(sign * sine * sp.chebyshevu(n - 1, cosine))
        replaced |= {sp.sin(angle): s, sp.cos(angle): c, sp.tan(angle): s / c}
    images = [g.xreplace(replaced) for g in given]
    if any(g.has(t) for g in images):
        raise Unknown("no exact rule for a mixture of polynomials and trigonometric functions")
    return Tangent(rate=rate, shift=shift), images


def _root(given: Sequence[Any], t: Any, u: Any, lines: Sequence[Any], _low: Any, _high: Any) -> _Choice:
    b, linear, c = lines[0].all_coeffs()
    center, constant = -linear / (2 * b), c - linear**2 / (4 * b)
    if b <= 0 or constant <= 0:
        raise Unknown(f"no exact rule for the square root of {lines[0].as_expr()}")
    chart = Root(center=center, square=b, constant=constant)
    ratios = {line: line.LC() / b for line in lines}
    roots = {line: sp.sqrt(ratio) for line, ratio in ratios.items()}
    if any(line != lines[0].mul_ground(ratios[line]) or not roots[line].is_Rational for line in lines):
        raise Unknown("no exact rule for square roots of different polynomials")
    size = sp.Dummy("size", positive=True)

    def replace(e: Any) -> Any:
        for line in lines:
            base = line.as_expr()
            e = e.replace(
                lambda p, base=base: p.is_Pow and p.exp.is_Rational and p.exp.q == 2 and p.base == base,
                lambda p, line=line: (roots[line] * size) ** (2 * p.exp),
            )
        return e.subs(t, center + (u - constant / u) / 2 / chart.scale).subs(size, (u + constant / u) / 2)

    return chart, [replace(g) for g in given]


def _power(given: Sequence[Any], t: Any, u: Any, lines: Sequence[Any], low: Any, high: Any) -> _Choice:
    if len(lines) > 1:
        raise Unknown("no exact rule for roots of different linear polynomials")
    slope, offset = lines[0].all_coeffs()
    base = lines[0].as_expr()
    powers = {e.exp for g in given for e in g.atoms(sp.Pow) if e.base == base and e.exp.is_Rational}
    order = math.lcm(*(int(p.q) for p in powers))
    if order > _MAX_ORDER:
        raise Unknown(f"no exact rule for roots of order above {_MAX_ORDER}")
    inside = lines[0].eval(between(low, high))
    for end in (low, high):
        value = slope * end + offset
        if value != 0 and (bracket(value)[0] if value.is_finite else value) <= 0:
            raise Unknown(f"a root of {base} is not real between {low} and {high}")
    if inside <= 0:
        raise Unknown(f"a root of {base} is not real between {low} and {high}")
    images = [
        g.replace(lambda p: p.is_Pow and p.exp.is_Rational and p.base == base, lambda p: u ** (order * p.exp)).subs(
            t, (u**order - offset) / slope
        )
        for g in given
    ]
    return Power(slope=slope, offset=offset, order=order), images
