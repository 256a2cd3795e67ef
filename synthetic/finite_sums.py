r"""Sufficient claims for F(x) = w sum_i f(<a_i, x>, b_i) + sum_j rho(x_j), proved in rational arithmetic.

The regularizer is treated as further terms, with the unit vectors as rows, so F = sum_i c_i f_i(<a_i, x>) below.

**Bounded curvature.** With K_i >= sup |f_i''|, which one-dimensional claims prove, ||Hess F|| <= lambda_max(M) for
M = sum_i |c_i| K_i a_i a_i^T, since -M <= Hess F <= M. The claim holds with any L1 when L0 I - M >= 0.

**Even quartics**, f_i(z) = alpha_i z^4 + gamma_i z^2 + const with alpha_i >= 0. With z_i = <a_i, x> and r = ||x||,

    Hess F = sum_i c_i (12 alpha_i z_i^2 + 2 gamma_i) a_i a_i^T,
    <grad F, x> = sum_i c_i (4 alpha_i z_i^4 + 2 gamma_i z_i^2).

Let S = sum_i c_i alpha_i and let K, m >= 0, low and high be rationals with

    sum_i c_i alpha_i <a_i a_i^T, X>^2 <= K ||X||_F^2  for symmetric X,        sum_i c_i alpha_i a_i a_i^T >= m I,
    low I <= sum_i c_i gamma_i a_i a_i^T <= high I.

Then sum_i c_i alpha_i z_i^2 <a_i, v>^2 <= K r^2 for unit v (Cauchy and Schwarz), sum_i c_i alpha_i z_i^4 >= m^2 r^4/S
(Jensen), and therefore

    ||Hess F|| <= max(12 K r^2 + 2 high, -2 low),        ||grad F|| >= max(0, 4 m^2 r^3/S + 2 low r),

which leaves claims about polynomials in r. The four matrix inequalities are proved by exact elimination.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.errors import InputError
from synthetic.curves import Unknown
from synthetic.definite import is_positive_semidefinite, largest_eigenvalue_bound, minus, weighted_gram
from synthetic.forms import Explicit, FiniteSum, rational
from synthetic.minimal import minimal_L0
from synthetic.spheres import RadialBounds

__all__ = ["QuarticBounds", "Term", "bounded_curvature", "even_quartic", "quartic_bounds", "terms_of"]

_MAX_DIMENSION = 20
_MAX_PROFILES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """c f(<a, x>) with ``weight`` c, ``profile`` f in ``variable``, and ``row`` a."""

    weight: Fraction
    profile: Any
    row: tuple[Fraction, ...]


def terms_of(form: FiniteSum) -> tuple[Term, ...]:
    """The terms of F, those of the regularizer last."""
    d = form.dimension
    labels = form.labels if form.label is not None else (0.0,) * len(form.rows)
    profiles = {b: form.profile if form.label is None else form.profile.subs(form.label, rational(b)) for b in labels}
    terms = [
        Term(weight=form.weight, profile=profiles[b], row=tuple(map(Fraction, row)))
        for row, b in zip(form.rows, labels, strict=True)
    ]
    if form.regularizer is not None:
        units = (tuple(Fraction(int(i == j)) for j in range(d)) for i in range(d))
        terms += [Term(weight=Fraction(1), profile=form.regularizer, row=unit) for unit in units]
    return tuple(terms)


def bounded_curvature(form: FiniteSum, L0: Fraction) -> str:
    """Prove ||Hess F|| <= L0 everywhere by bounds of the second derivatives; returns the argument in words.

    Raises
    ------
    Unknown : it was not proved.
    """
    if form.dimension > _MAX_DIMENSION:
        raise Unknown(f"elimination is limited to {_MAX_DIMENSION} dimensions")
    terms = terms_of(form)
    curvature: dict[Any, Fraction] = {}
    profiles = tuple(dict.fromkeys(term.profile for term in terms))
    if len(profiles) > _MAX_PROFILES:
        raise Unknown(f"more than {_MAX_PROFILES} different terms")
    for profile in profiles:
        try:
            # The upper end of the enclosure is a proved bound of |f''|.
            high = minimal_L0(Explicit(formula=profile, variables=(form.variable,)), 0).high
        except InputError as reason:
            raise Unknown(f"the second derivative of a term was not bounded: {reason}") from None
        if not isinstance(high, Fraction):
            raise Unknown("the second derivative of a term is unbounded")
        curvature[profile] = high
    weights = (abs(term.weight) * curvature[term.profile] for term in terms)
    matrix = weighted_gram((term.row for term in terms), weights, form.dimension)
    if not is_positive_semidefinite(minus(L0, (Fraction(1),) * form.dimension, matrix)):
        raise Unknown("the sum of the largest second derivatives of the terms exceeds L0")
    return (
        "spectral norm bounded by lambda_max of sum_i w sup|f_i''| a_i a_i^T, with exact suprema in one variable; "
        "L0 I minus this matrix is positive semidefinite by exact elimination"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarticBounds:
    """The rationals K, m, low, high of the module docstring.

    Attributes
    ----------
    K : bound of the quartic part of the curvature, units F/X^4.
    m : lower bound of sum_i c_i alpha_i a_i a_i^T, units F^(1/2) and rows as they are.
    low, high : bounds of the quadratic part, units F/X^2.
    """

    K: Fraction
    m: Fraction
    low: Fraction
    high: Fraction

    def hold_for(self, form: FiniteSum) -> bool:
        """Whether the four matrix inequalities hold for this sum, in exact arithmetic."""
        quartic = _Quartic.of(form)
        ones = (Fraction(1),) * form.dimension
        return self.m >= 0 and all(
            map(
                is_positive_semidefinite,
                (
                    minus(self.K, quartic.metric, quartic.products),
                    minus(-self.m, ones, _negated(quartic.fourth)),
                    minus(self.high, ones, quartic.second),
                    minus(-self.low, ones, _negated(quartic.second)),
                ),
            )
        )

    def radial(self, total: Fraction) -> RadialBounds:
        """The bounds as polynomials in r, with S = ``total``."""
        r = sp.Dummy("r", nonnegative=True)
        k, m, low, high = map(rational, (self.K, self.m, self.low, self.high))
        fourth = 4 * m**2 / rational(total) if total else sp.S.Zero
        return RadialBounds(
            upper=sp.Poly(12 * k * r**2 + 2 * high, r, domain="QQ"),
            lower=sp.Poly(2 * low, r, domain="QQ"),
            slope=sp.Poly(fourth * r**3 + 2 * low * r, r, domain="QQ"),
        )


def quartic_bounds(form: FiniteSum) -> QuarticBounds:
    """Proved bounds, close to the best ones.

    Raises
    ------
    Unknown : the terms are not even quartics with a nonnegative leading coefficient.
    """
    quartic = _Quartic.of(form)
    ones = (Fraction(1),) * form.dimension
    try:
        return QuarticBounds(
            K=largest_eigenvalue_bound(quartic.products, quartic.metric),
            m=max(Fraction(0), -largest_eigenvalue_bound(_negated(quartic.fourth), ones)),
            low=-largest_eigenvalue_bound(_negated(quartic.second), ones),
            high=largest_eigenvalue_bound(quartic.second, ones),
        )
    except ArithmeticError as reason:
        raise Unknown(str(reason)) from None


def even_quartic(form: FiniteSum, L0: Fraction, L1: Fraction, bounds: QuarticBounds | None = None) -> str:
    """Prove the claim for a sum of even quartics from ``bounds``, by default the ones found; the argument in words.

    Raises
    ------
    Unknown : it was not proved.
    """
    found = quartic_bounds(form) if bounds is None else bounds
    if not found.hold_for(form):
        raise Unknown(f"the bounds {found} do not hold for this sum")
    if not found.radial(_Quartic.of(form).total).imply(rational(L0), rational(L1)):
        raise Unknown("the bounds for sums of quartics are not sharp enough for this pair")
    return (
        "spectral norm bounded by max(12 K r^2 + 2 high, -2 low) and the gradient by 4 m^2 r^3/S + 2 low r, r = ||x||; "
        f"K = {float(found.K):.6g}, m = {float(found.m):.6g}, low = {float(found.low):.6g}, high = "
        f"{float(found.high):.6g} proved as exact rationals by elimination, then exact real roots in r"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quartic:
    """The matrices of a sum of even quartics: products on symmetric matrices, the fourth- and second-order parts."""

    products: Any
    metric: tuple[Fraction, ...]
    fourth: Any
    second: Any
    total: Fraction

    @classmethod
    def of(cls, form: FiniteSum) -> _Quartic:
        d = form.dimension
        if d > _MAX_DIMENSION // 2:
            raise Unknown(f"the rule for sums of quartics is limited to {_MAX_DIMENSION // 2} dimensions")
        terms = terms_of(form)
        known = {f: _even_coefficients(f, form.variable) for f in dict.fromkeys(term.profile for term in terms)}
        alphas = [term.weight * known[term.profile][0] for term in terms]
        gammas = [term.weight * known[term.profile][1] for term in terms]
        if min(alphas) < 0:
            raise Unknown("a term of fourth order has a negative coefficient")
        rows = [term.row for term in terms]
        pairs = tuple(itertools.combinations_with_replacement(range(d), 2))
        # On the coordinates X_ij, i <= j, of a symmetric X: <a a^T, X> has the entries below, ||X||^2 the metric.
        metric = tuple(Fraction(1 if i == j else 2) for i, j in pairs)
        images = [[g * row[i] * row[j] for (i, j), g in zip(pairs, metric, strict=True)] for row in rows]
        return cls(
            products=weighted_gram(images, alphas, len(pairs)),
            metric=metric,
            fourth=weighted_gram(rows, alphas, d),
            second=weighted_gram(rows, gammas, d),
            total=sum(alphas, Fraction(0)),
        )


def _even_coefficients(profile: Any, z: Any) -> tuple[Fraction, Fraction]:
    """(alpha, gamma) of an even quartic with rational coefficients."""
    poly = sp.Poly(profile, z) if profile.is_polynomial(z) else None
    if poly is None or poly.degree() > 4 or not all(c.is_Rational for c in poly.coeffs()):
        raise Unknown("a term is not a polynomial of degree 4 with rational coefficients")
    if any(poly.coeff_monomial(z**k) != 0 for k in (1, 3)):
        raise Unknown("a term is a polynomial that is not even")
    alpha, gamma = (poly.coeff_monomial(z**k) for k in (4, 2))
    return Fraction(int(alpha.p), int(alpha.q)), Fraction(int(gamma.p), int(gamma.q))


def _negated(matrix: Iterable[Sequence[Fraction]]) -> Any:
    return tuple(tuple(-entry for entry in row) for row in matrix)
