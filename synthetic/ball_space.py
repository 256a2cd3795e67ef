r"""Ball-arithmetic proofs of ||Hess F|| <= L0 + L1 ||grad F|| in two and three dimensions.

With the number tau = L0 + L1 min ||grad F|| over a part of the region, ||Hess F|| <= tau holds there when the symmetric
matrices tau I - Hess F and tau I + Hess F are positive definite, which they are when every pivot of their elimination
in ball arithmetic is positive. This bounds the spectral norm itself, with no loss as the parts shrink.

Unbounded regions are covered for polynomials: the radial bounds of :mod:`synthetic.spheres` hold beyond some radius
when the form of highest degree is positive, which is proved on the circle or on the faces of a cube.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from synthetic.ball_programs import Program, ball, hull
from synthetic.bisection import BoxTest, Ends, bisect
from synthetic.budget import Budget
from synthetic.curves import Unknown
from synthetic.forms import Form, rational
from synthetic.reductions import Box, Point
from synthetic.sizes import expanded
from synthetic.spheres import polynomial_bounds

__all__ = ["violation_in_space"]

_MAX_DIMENSION = 3
_ROUGH = (sp.Abs, sp.Piecewise, sp.Max, sp.Min, sp.sign, sp.floor, sp.Float)


def violation_in_space(
    flint: Any, form: Form, l0: Fraction, l1: Fraction, box: Box, budget: Budget
) -> tuple[Point | None, str]:
    """A point where the claim fails, or None when it is proved on the box, and the argument for the proof."""
    if form.dimension > _MAX_DIMENSION:
        raise Unknown(f"no exact rule, and ball arithmetic is limited to {_MAX_DIMENSION} dimensions")
    formula, xs = form.expression()
    if formula.has(*_ROUGH):
        raise Unknown("no exact rule, and ball arithmetic in several dimensions needs an exact smooth expression")
    if formula.is_polynomial(*xs):
        formula = expanded(formula)
    test = _space_test(flint, formula, xs, l0, l1)
    for point in _far_points(box):
        if test.fails_at(point):
            return point, ""
    argument = "ball arithmetic on the box"
    if any(end is None for ends in box for end in ends):
        try:
            least = functools.partial(_least_on_the_sphere, flint, budget)
            radius = polynomial_bounds(formula, xs, least if len(xs) > 2 else None).radius(rational(l0), rational(l1))
        except Unknown as why:
            raise Unknown(f"no argument for the unbounded part of the region: {why}") from None
        if radius is None:
            raise Unknown("no argument for the unbounded part of the region: the polynomial was not bounded far out")
        r = Fraction(int(radius.p), int(radius.q))
        argument = f"radial bounds by exact real roots for ||x|| > {r}, ball arithmetic on the rest"
        box = tuple((-r if a is None else max(a, -r), r if b is None else min(b, r)) for a, b in box)
    ends = [(low, high) for low, high in box if low is not None and high is not None and low < high]
    found = bisect(test, ends, budget) if len(ends) == len(xs) else None
    norm = "spectral norm bounded through positive pivots of tau I +- Hess F"
    return found, f"{argument}; {norm}"


def _least_on_the_sphere(flint: Any, budget: Budget, part: Any, k: int) -> Any:
    """A rational below the least value of an even form on the unit sphere, proved on the faces of a cube; or -oo."""
    if k % 2:
        return -sp.oo
    xs, d = part.gens, len(part.gens)
    square = sp.Add(*(x**2 for x in xs))
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 12)] * d), axis=-1).reshape(-1, d)
    values = sp.lambdify(xs, part.as_expr())(*grid.T) / (grid**2).sum(axis=1) ** (k // 2)
    proposal = Fraction(float(np.min(values))).limit_denominator(1000) / 2
    excess = part.as_expr() - rational(proposal) * square ** (k // 2)
    for axis in range(d):
        face = excess.subs(xs[axis], 1)
        others = [x for x in xs if x != xs[axis]]
        program = Program(flint, (face, *(sp.diff(face, x) for x in others)), others)
        if not _is_positive_on(flint, program, d - 1, budget):
            return -sp.oo
    return rational(proposal)


def _is_positive_on(flint: Any, program: Program, d: int, budget: Budget) -> bool:
    """Whether a function, given with its gradient, was shown to be positive on [-1, 1]^d."""

    def proved_on(part: Ends, middle: Point) -> bool:
        box, centre = [hull(flint, *ends) for ends in part], [ball(flint, c) for c in middle]
        plain, *slopes = program(box)
        steps = sum(s * (x - c) for s, x, c in zip(slopes, box, centre, strict=True))
        return bool(plain > 0 or program(centre)[0] + steps > 0)

    test = BoxTest(proved_on=proved_on, fails_at=lambda point: program([ball(flint, c) for c in point])[0] <= 0)
    return bisect(test, [(Fraction(-1), Fraction(1))] * d, budget) is None


def _space_test(flint: Any, formula: Any, xs: Sequence[Any], l0: Fraction, l1: Fraction) -> BoxTest:
    d = len(xs)
    gradient = [sp.diff(formula, x) for x in xs]
    pairs = [(i, j) for i in range(d) for j in range(i + 1)]
    hessian = [sp.diff(gradient[i], xs[j]) for i, j in pairs]
    program = Program(flint, (formula, *gradient, *hessian), xs)
    thirds = Program(flint, [sp.diff(h, x) for h in hessian for x in xs], xs)
    floor, factor = ball(flint, l0), ball(flint, l1)
    position = {pair: n for n, (i, j) in enumerate(pairs) for pair in ((i, j), (j, i))}

    def proved_on(part: Ends, middle: Point) -> bool:
        box = [hull(flint, *ends) for ends in part]
        centre = [ball(flint, c) for c in middle]
        steps = [x - c for x, c in zip(box, centre, strict=True)]
        _, *plain = program(box)
        _, *at = program(centre)
        third = thirds(box)
        bends = [
            _tighter(h, at[d + n] + sum(third[n * d + k] * steps[k] for k in range(d))) for n, h in enumerate(plain[d:])
        ]
        slopes = [_tighter(plain[i], at[i] + sum(bends[position[i, k]] * steps[k] for k in range(d))) for i in range(d)]
        least = sum(g.abs_lower() ** 2 for g in slopes).lower()
        tau = floor + factor * (least if least > 0 else flint.arb(0)).sqrt().lower()
        rows = [[bends[position[i, j]] for j in range(d)] for i in range(d)]
        return all(
            _is_definite([[s * e + (tau if i == j else 0) for j, e in enumerate(row)] for i, row in enumerate(rows)])
            for s in (1, -1)
        )

    def fails_at(point: Point) -> bool:
        value, *at = program([ball(flint, c) for c in point])
        entries = [[float(at[d + position[i, j]]) for j in range(d)] for i in range(d)]
        if not (value.is_finite() and np.isfinite(entries).all()):
            return False
        # Any direction gives a lower bound of the norm; floating point only proposes the best one.
        values, vectors = np.linalg.eigh(entries)
        u = [ball(flint, Fraction(float(c))) for c in vectors[:, np.argmax(np.abs(values))]]
        bend = sum(u[i] * u[j] * at[d + position[i, j]] for i in range(d) for j in range(d))
        allowed = (floor + factor * sum(g * g for g in at[:d]).sqrt()) * sum(c * c for c in u)
        return bool(abs(bend) > allowed)

    return BoxTest(proved_on=proved_on, fails_at=fails_at)


def _tighter(plain: Any, centred: Any) -> Any:
    return plain.intersection(centred) if plain.is_finite() and centred.is_finite() else plain


def _is_definite(rows: list[list[Any]]) -> bool:
    """Whether every symmetric matrix in a matrix of balls is positive definite, by the pivots of elimination."""
    for k, row in enumerate(rows):
        if not row[k] > 0:
            return False
        for other in rows[k + 1 :]:
            factor = other[k] / row[k]
            for j in range(k, len(row)):
                other[j] -= factor * row[j]
    return True


def _far_points(box: Box) -> Iterator[Point]:
    """Points of the box along the axes and diagonals, on scales from 1/16 to 1024."""
    d = len(box)
    directions = {tuple(np.base_repr(n, 3).zfill(d)) for n in range(1, 3**d)}
    signs = {"0": 0, "1": 1, "2": -1}
    for k in range(-4, 11):
        for direction in sorted(directions):
            point = tuple(Fraction(2) ** k * signs[s] for s in direction)
            if all((a is None or a < x) and (b is None or x < b) for x, (a, b) in zip(point, box, strict=True)):
                yield point
