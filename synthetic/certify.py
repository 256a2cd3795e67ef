r"""Certificates for ||Hess F(x)|| <= L0 + L1 ||grad F(x)||: proved, refuted with a point, or undecided.

**One dimension.** Where f' = g/q and f'' = h/q with polynomials g, h, q in one unknown u and q > 0, the claim fails
at u exactly when, for one of the signs s, s h - L0 q - L1 g > 0 and s h - L0 q + L1 g > 0. This set is open. The real
roots of both polynomials are isolated exactly and one rational point of every cell between neighbouring roots is tested
in rational arithmetic: if none fails, nothing fails, and ends and kinks follow by continuity. The unknown is u = x for
rational f', and otherwise an exponential, the tangent of a half angle, or one that takes the roots away from square
roots of quadratic polynomials and from powers x^(p/q), see :mod:`synthetic.charts`. Where f' and f'' are rational
functions times e^g with one polynomial g, the critical values are compared exactly instead (:mod:`synthetic.damped`).
Mixtures such as 2 x + e^x are left to ball arithmetic, except for L1 = 0, when f' does not matter and f'' = 2 + e^x is
covered. Pieces are treated one by one, after an exact check that F and F' join. Where the end of a piece has no
rational image it is enclosed: proofs cover the outer interval, witnesses lie in the inner one.

**More dimensions**, each by an exact reduction to such claims.

- F = sum_j f_j(x_j): ||Hess F|| = max_j |f_j''| and ||grad F|| >= |f_j'|, so the claims for all f_j suffice. They are
  necessary when the other slopes can be made small, which a witness does explicitly: it is a point of R^d, and the
  inequality is checked there with the full gradient.
- F = f(r), r = ||x||, f'(0) = 0, given as such or recognised as a function of x1^2 + ... + xd^2:
  ||Hess F|| = max(|f''(r)|, |f'(r)|/r) and ||grad F|| = |f'(r)|. The claim for f on r > 0 implies the one for f'/r: let
  v = f'(r) > 0 (else take -f), z the last zero of f' before r, and b >= z the first point with f'(b) = v. On [z, b],
  0 <= f' <= v and the mean of f'' is v/(b - z) >= v/r, so v/r <= f''(c) <= L0 + L1 v for some c in between.
- F = phi(<a, x> + b): ||Hess F|| = ||a||^2 |phi''| and ||grad F|| = ||a|| |phi'|, with ||a|| enclosed when irrational.
- F = f(||A x||) with A diagonal: the points of the axes give necessary claims. For f = c r^p, let s = ||A^T y||/r with
  y = A x, r = ||y||; s lies between the extreme |A_jj|, l and m. With K = (p-2) s^2 + m^2, ||Hess F|| <= c p K r^(p-2)
  and ||grad F|| = c p s r^(p-1); maximising over r leaves c p K^(p-1) (p-2)^(p-2) <= L0 (p-1)^(p-1) (L1 s)^(p-2),
  a polynomial claim in s on [l, m] that suffices.

Where no reduction applies, or one does not settle the claim, further rules are tried in this order: bounds for finite
sums over data (:mod:`synthetic.finite_sums`), bounds of polynomials in the radius (:mod:`synthetic.spheres`), and ball
arithmetic with tail arguments (:mod:`synthetic.balls`, extra ``prove``). The method of a certificate says which one it
was and how the spectral norm was bounded.

Nothing is ever proved from samples or in floating point.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import sympy as sp

from bounds.enclosure import UndecidedError
from bounds.quantities import Number
from synthetic.balls import prove_or_refute
from synthetic.curves import Unknown, cell_points
from synthetic.damped import Damped
from synthetic.finite_sums import bounded_curvature, even_quartic
from synthetic.forms import Explicit, FiniteSum, Form, Radial, rational
from synthetic.landscape import Landscape
from synthetic.reductions import Box, Interval, Point, as_box, diagonal_of, nonnegative, reduce_to_lines, unscaled
from synthetic.spheres import polynomial_bounds

__all__ = ["Certificate", "Ends", "Verdict", "certify"]

Verdict = Literal["proved", "refuted", "undecided"]
Ends = tuple[Number | None, Number | None]
"""The ends of an interval as given by the user, None for an infinite one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The answer of :func:`certify`.

    Attributes
    ----------
    verdict : "proved", "refuted" or "undecided".
    L0, L1 : the constants of the claim, units F/X^2 and 1/X.
    region : what the claim is about: an interval in one dimension, otherwise one for each coordinate, and None for the
        whole space.
    witness : when refuted, a rational point of the region, shape (dim,), at which the claim fails; otherwise None.
    method : how the verdict was reached, or what stood in the way.
    seconds : time taken.
    """

    verdict: Verdict
    L0: Fraction
    L1: Fraction
    region: Interval | Box | None
    witness: tuple[Fraction, ...] | None
    method: str
    seconds: float


def certify(
    subject: Landscape | Form, L0: Number, L1: Number, region: Ends | Sequence[Ends] | None = None
) -> Certificate:
    """Decide whether ||Hess F(x)|| <= L0 + L1 ||grad F(x)|| holds at every point where F is twice differentiable.

    Parameters
    ----------
    subject : the function F.
    L0, L1 : constants >= 0, units F/X^2 and 1/X, read exactly.
    region : in one dimension, an interval (low, high) with None for an infinite end; in d > 1 dimensions a tuple of d
        such intervals, a box; default: everywhere.

    Raises
    ------
    InputError : a constant or the region is not allowed.
    """
    started = time.perf_counter()
    l0, l1 = nonnegative("L0", L0), nonnegative("L1", L1)
    form = subject.form if isinstance(subject, Landscape) else subject
    box = as_box(region, form)
    verdict: Verdict = "undecided"
    witness = None
    try:
        witness, method = _decide(form, l0, l1, box)
        verdict = "proved" if witness is None else "refuted"
    except Unknown as reasons:
        method = str(reasons)
    return Certificate(
        verdict=verdict,
        L0=l0,
        L1=l1,
        region=box[0] if box is not None and form.dimension == 1 else box,
        witness=witness,
        method=method,
        seconds=time.perf_counter() - started,
    )


def _decide(form: Form, l0: Fraction, l1: Fraction, box: Box | None) -> tuple[Point | None, str]:
    """A witness, or None when the claim is proved, with the argument; :class:`Unknown` with all reasons otherwise."""
    inner, value, point = unscaled(form)
    if box is not None:
        box = tuple((None if a is None else a / point, None if b is None else b / point) for a, b in box)
    a, b = l0 * point**2 / value, l1 * point
    reasons: list[str] = []
    for rule in (_by_terms, _by_lines, _by_curvature, _by_quartic, _by_radius, prove_or_refute):
        try:
            witness, method = rule(inner, a, b, box)
        except (Unknown, UndecidedError) as reason:
            reasons.append(str(reason))
        else:
            return (None if witness is None else tuple(point * c for c in witness)), method
    raise Unknown("; ".join(dict.fromkeys(reason for reason in reasons if reason)))


def _by_terms(form: Form, l0: Fraction, l1: Fraction, box: Box | None) -> tuple[Point | None, str]:
    """A separable sum on a box: ||Hess F|| = max_j |f_j''|, ||grad F|| >= |f_j'|, each claim on its own interval."""
    if box is None or form.dimension == 1:
        raise Unknown("")
    formula, variables = form.expression()
    terms = sp.Add.make_args(formula)
    if any(len(term.free_symbols) > 1 for term in terms):
        raise Unknown("")
    methods = []
    for x, interval in zip(variables, box, strict=True):
        own = sp.Add(*(term for term in terms if x in term.free_symbols))
        witness, method = _decide(Explicit(formula=own, variables=(x,)), l0, l1, (interval,))
        if witness is not None:
            raise Unknown(f"the term in {x} alone fails on its interval, which does not decide the sum")
        methods.append(method)
    return None, f"separable sum, each term on its own interval; {'; '.join(dict.fromkeys(methods))}"


def _by_lines(form: Form, l0: Fraction, l1: Fraction, box: Box | None) -> tuple[Point | None, str]:
    interval = box[0] if box is not None and form.dimension == 1 else None
    reduction = reduce_to_lines(form, interval, slopes=l1 != 0)
    a, b = rational(l0), rational(l1)
    settled = True
    for claim in reduction.claims:
        for piece in claim.pieces:
            if piece.holds(a, b):
                continue
            settled = False
            at = piece.violation(a, b)
            if at is not None:
                witness = claim.lift(at, a, b)
                if box is not None and not _inside(witness, box):
                    raise Unknown("the claim fails somewhere, but at no point of the region that was tried")
                return witness, f"{reduction.rule}; fails at an exactly checked rational point"
    if not settled:
        raise Unknown("the claim holds or fails within the enclosure of an irrational constant")
    if not reduction.gap:
        damped = any(isinstance(piece, Damped) for claim in reduction.claims for piece in claim.pieces)
        reason = "critical values compared exactly or enclosed" if damped else "one rational point in every cell"
        return None, f"{reduction.rule}; exact real roots and {reason}"
    if isinstance(form, Radial) and _power_of_image_holds(form, a, b):
        return None, "c ||A x||^p: maximum over the radius, then a polynomial claim in the anisotropy"
    raise Unknown(reduction.gap)


def _by_curvature(form: Form, l0: Fraction, _l1: Fraction, _box: Box | None) -> tuple[Point | None, str]:
    return None, bounded_curvature(_data(form), l0)


def _by_quartic(form: Form, l0: Fraction, l1: Fraction, _box: Box | None) -> tuple[Point | None, str]:
    return None, even_quartic(_data(form), l0, l1)


def _by_radius(form: Form, l0: Fraction, l1: Fraction, _box: Box | None) -> tuple[Point | None, str]:
    formula, variables = form.expression()
    if form.dimension == 1 or not formula.is_polynomial(*variables):
        raise Unknown("")
    if not polynomial_bounds(formula, variables).imply(rational(l0), rational(l1)):
        raise Unknown("the bounds of the polynomial in the radius are not sharp enough for this pair")
    return None, (
        "spectral norm bounded by a polynomial in ||x||: mean of each homogeneous part over the sphere plus the "
        "Frobenius norm of the rest, eigenvalues of the quadratic part by exact elimination; then exact real roots"
    )


def _data(form: Form) -> FiniteSum:
    if not isinstance(form, FiniteSum):
        raise Unknown("")
    return form


def _inside(point: Point, box: Box) -> bool:
    return all((a is None or a <= x) and (b is None or x <= b) for x, (a, b) in zip(point, box, strict=True))


def _power_of_image_holds(form: Radial, L0: Any, L1: Any) -> bool:
    """The sufficient claim for c ||A x||^p of the module docstring; false also when it does not apply."""
    diagonal = diagonal_of(form)
    factor, power = form.profile.as_coeff_mul(form.variable)
    if diagonal is None or len(power) != 1 or not factor.is_Rational:
        return False
    base, p = power[0].as_base_exp()
    if base != form.variable or not p.is_Integer or p < 2:
        return False
    low, high = rational(min(diagonal)), rational(max(diagonal))
    s = sp.Dummy("s", positive=True)
    peak = sp.Abs(factor) * p * ((p - 2) * s**2 + high**2) ** (p - 1) * (p - 2) ** (p - 2)
    excess = sp.Poly(peak - L0 * (p - 1) ** (p - 1) * (L1 * s) ** (p - 2), s, domain="QQ")
    return all(excess.eval(u) <= 0 for u in cell_points((excess,), low, high))
