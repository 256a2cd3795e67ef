r"""Polynomials in d dimensions, bounded by polynomials in the radius r = ||x||.

Let F = sum_k F_k with F_k homogeneous of degree k, and for even k split F_k = c_k r^k + R_k with c_k the mean of F_k on
the unit sphere, c_k = Delta^(k/2) F_k / Delta^(k/2) r^k (Delta the Laplacian); for odd k, R_k = F_k. In the norm

    |R|^2 = sum_alpha coefficient_alpha^2 / multinomial(k, alpha)        (Bombieri),

which is the Frobenius norm of the symmetric tensor of R, |R(x)| <= |R| r^k by Cauchy and Schwarz, and for the same
reason ||Hess R|| <= k (k-1) |R| r^(k-2). The eigenvalues of Hess(c r^k) are c k r^(k-2) and c k (k-1) r^(k-2). For
k = 2 the Hessian is a constant matrix and its eigenvalues are bounded by exact elimination. By Euler, <grad F, x> is
the sum of k F_k. Together, with l_k a lower bound of F_k on the unit sphere,

    lower(r) I <= Hess F <= upper(r) I,        ||grad F|| >= slope(r) = sum_k k l_k r^(k-1).

In the plane l_k for the form of highest degree is found by exact root counting along x = (1, t) instead, which decides
its positivity and with it what happens far out.

Source: B. Beauzamy, E. Bombieri, P. Enflo, H. Montgomery (1990), Products of polynomials in many variables (the norm).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from synthetic.curves import Unknown, bracket, cell_points
from synthetic.definite import largest_eigenvalue_bound
from synthetic.forms import rational

__all__ = ["RadialBounds", "polynomial_bounds"]

_MAX_TERMS = 2000
_DIRECTIONS = 721


@dataclass(frozen=True, slots=True, kw_only=True)
class RadialBounds:
    """lower(r) I <= Hess F <= upper(r) I and ||grad F|| >= slope(r), polynomials in r with rational coefficients."""

    upper: Any
    lower: Any
    slope: Any

    def imply(self, L0: Any, L1: Any, beyond: Any = sp.S.Zero) -> bool:
        """Whether max(upper, -lower) <= L0 + L1 max(0, slope) for all r > ``beyond``, by exact real roots."""
        for norm in (self.upper, -self.lower):
            flat = norm - L0
            tests = (flat, flat - self.slope.mul_ground(L1))
            # What fails far out is seen from the leading coefficients, without the exact roots.
            if all(p.LC() > 0 for p in tests):
                return False
            if any(all(p.eval(r) > 0 for p in tests) for r in cell_points(tests, beyond, sp.oo)):
                return False
        return True

    def radius(self, L0: Any, L1: Any) -> Any:
        """A power of 2 beyond which the claim holds, or None when none up to 2^40 was found."""
        for k in range(-3, 41):
            if self.imply(L0, L1, sp.Integer(2) ** k):
                return sp.Integer(2) ** k
        return None


def polynomial_bounds(
    formula: Any, variables: Sequence[Any], least_of_top: Callable[[Any, int], Any] | None = None
) -> RadialBounds:
    """Bounds for a polynomial with rational coefficients.

    Parameters
    ----------
    least_of_top : a function of the form of highest degree and that degree: a proved lower bound on the unit sphere.

    Raises
    ------
    Unknown : the formula is not one.
    """
    if not formula.is_polynomial(*variables):
        raise Unknown("F is not a polynomial")
    degree = _degree(formula, variables)
    if math.comb(len(variables) + degree, degree) > _MAX_TERMS:
        raise Unknown(f"F is a polynomial of degree {degree} in {len(variables)} variables, too large to expand")
    if not all(atom.is_Rational or atom in variables for atom in formula.atoms()) or formula.has(sp.Function):
        raise Unknown("F is a polynomial with irrational coefficients")
    poly = sp.Poly(formula, *variables, domain="QQ")
    r = sp.Dummy("r", nonnegative=True)
    upper = lower = slope = sp.Poly(0, r, domain="QQ")
    top = poly.total_degree()
    for k in sorted({sum(powers) for powers, _ in poly.terms()} - {0}):
        part = sp.Poly({powers: c for powers, c in poly.terms() if sum(powers) == k}, *variables, domain="QQ")
        mean, rest = _split(part, k)
        least = mean - rest
        if k == 2:
            low, high = _quadratic(part)
            least = low / 2
        else:
            tangential, radial = k * mean, k * (k - 1) * mean
            high = max(tangential, radial) + k * (k - 1) * rest
            low = min(tangential, radial) - k * (k - 1) * rest
        if k == top > 2 and len(variables) == 2:
            least = max(least, _least_on_the_circle(part, k))
        if k == top > 2 and least_of_top is not None:
            least = max(least, least_of_top(part, k))
        power = sp.Poly(r ** max(k - 2, 0), r, domain="QQ")
        # Forms of degree 1 have no curvature.
        upper, lower = (p + power.mul_ground(e if k > 1 else 0) for p, e in ((upper, high), (lower, low)))
        slope += sp.Poly(r ** (k - 1), r, domain="QQ").mul_ground(k * least)
    return RadialBounds(upper=upper, lower=lower, slope=slope)


def _degree(formula: Any, variables: Sequence[Any]) -> int:
    """An upper bound of the degree, without expanding anything."""
    if formula.is_Add or formula.is_Mul:
        combine = max if formula.is_Add else sum
        return int(combine(_degree(part, variables) for part in formula.args))
    if formula.is_Pow and formula.has(*variables):
        return int(formula.exp) * _degree(formula.base, variables)
    return int(formula in variables)


def _split(part: Any, k: int) -> tuple[Any, Any]:
    """The mean c_k over the sphere and an upper bound of the norm of the rest."""
    xs, mean, rest = part.gens, sp.S.Zero, part
    if k % 2 == 0:
        ball = sp.Poly(sum(x**2 for x in xs), *xs, domain="QQ") ** (k // 2)
        mean = _averaged(part, k) / _averaged(ball, k)
        rest = part - ball.mul_ground(mean)
    square = sp.Add(*(c**2 / _multinomial(powers) for powers, c in rest.terms()))
    return mean, _short_above(bracket(sp.sqrt(square))[1])


def _short_above(value: Any) -> Any:
    """A rational with few digits, >= ``value`` and equal to it when that is short: long ones make exact roots slow."""
    unit = sp.Integer(2) ** (sp.floor(sp.log(value, 2)) - 24) if max(value.p, value.q) > 10**9 else 1
    return value if unit == 1 else sp.ceiling(value / unit) * unit


def _averaged(part: Any, k: int) -> Any:
    """Delta^(k/2) of a form of even degree k, a number: only the powers with even exponents contribute."""
    total = sp.S.Zero
    for powers, c in part.terms():
        if all(p % 2 == 0 for p in powers):
            ways = sp.Integer(math.factorial(k // 2))
            for p in powers:
                ways = ways * math.factorial(p) / math.factorial(p // 2)
            total += c * ways
    return total


def _multinomial(powers: Sequence[int]) -> int:
    return math.factorial(sum(powers)) // math.prod(map(math.factorial, powers))


def _quadratic(part: Any) -> tuple[Any, Any]:
    """Bounds of the eigenvalues of the constant Hessian of a quadratic form."""
    entries = sp.hessian(part.as_expr(), part.gens).tolist()
    matrix = tuple(tuple(Fraction(int(e.p), int(e.q)) for e in row) for row in entries)
    ones = (Fraction(1),) * len(matrix)
    try:
        high = largest_eigenvalue_bound(matrix, ones)
        low = -largest_eigenvalue_bound(tuple(tuple(-e for e in row) for row in matrix), ones)
    except ArithmeticError as reason:
        raise Unknown(str(reason)) from None
    return rational(low), rational(high)


def _least_on_the_circle(part: Any, k: int) -> Any:
    """A rational below the least value of a form of two variables on the unit circle, close to it; -oo when none."""
    if k % 2:
        return -sp.oo
    x, y = part.gens
    angles = np.linspace(0.0, np.pi, _DIRECTIONS)
    values = sum(float(c) * np.cos(angles) ** i * np.sin(angles) ** j for (i, j), c in part.terms())
    size = float(np.max(np.abs(values)))
    if not math.isfinite(size):
        return -sp.oo
    t = sp.Dummy("t", real=True)
    form = sp.Poly(part.as_expr().subs({x: 1, y: t}), t, domain="QQ")
    for slack in (0, 1e-6, 1e-4, 1e-2):
        below = Fraction(float(np.min(values)) - slack * size)
        proposal = rational(below.limit_denominator(10**9 if slack else 1000))
        excess = form - sp.Poly((1 + t**2) ** (k // 2), t, domain="QQ").mul_ground(proposal)
        # Positive at t = 0, nowhere 0, and at (0, 1) by continuity: the excess is >= 0 on the whole circle.
        if excess.eval(0) > 0 and excess.count_roots() == 0:
            return proposal
    return -sp.oo
