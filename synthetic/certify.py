r"""Certificates for ||Hess F(x)|| <= L0 + L1 ||grad F(x)||: proved, refuted with a point, or undecided.

**One dimension.** Where f' = g/q and f'' = h/q with polynomials g, h, q in one unknown u and q > 0, the claim fails
at u exactly when, for one of the signs s, s h - L0 q - L1 g > 0 and s h - L0 q + L1 g > 0. This set is open. The real
roots of both polynomials are isolated exactly and one rational point of every cell between neighbouring roots is tested
in rational arithmetic: if none fails, nothing fails, and ends and kinks follow by continuity. The unknown is u = x for
rational f', and u = e^(c x + k) > 0 where f' and f'' are rational in it (exp, sinh, cosh, tanh, log(1 + e^x)); mixtures
such as 2 x + e^x are left undecided. Pieces are treated one by one, after an exact check that F and F' join. Where the
end of a piece has no rational image it is enclosed: proofs cover the outer interval, witnesses lie in the inner one.

**More dimensions**, each by an exact reduction to such claims.

- F = sum_j f_j(x_j): ||Hess F|| = max_j |f_j''| and ||grad F|| >= |f_j'|, so the claims for all f_j suffice. They are
  necessary when the other slopes can be made small, which a witness does explicitly: it is a point of R^d, and the
  inequality is checked there with the full gradient.
- F = f(||x||), r = ||x||, f'(0) = 0: ||Hess F|| = max(|f''(r)|, |f'(r)|/r) and ||grad F|| = |f'(r)|. The claim for f on
  r > 0 implies the one for f'/r: let v = f'(r) > 0 (else take -f), z the last zero of f' before r, and b >= z the first
  point with f'(b) = v. On [z, b], 0 <= f' <= v and the mean of f'' is v/(b - z) >= v/r, so v/r <= f''(c) <= L0 + L1 v
  for some c in between.
- F = phi(<a, x> + b): ||Hess F|| = ||a||^2 |phi''| and ||grad F|| = ||a|| |phi'|, with ||a|| enclosed when irrational.
- F = f(||A x||) with A diagonal: the points of the axes give necessary claims. For f = c r^p, let s = ||A^T y||/r with
  y = A x, r = ||y||; s lies between the extreme |A_jj|, l and m. With K = (p-2) s^2 + m^2, ||Hess F|| <= c p K r^(p-2)
  and ||grad F|| = c p s r^(p-1); maximising over r leaves c p K^(p-1) (p-2)^(p-2) <= L0 (p-1)^(p-1) (L1 s)^(p-2),
  a polynomial claim in s on [l, m] that suffices.

Nothing is ever proved from samples or in floating point.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import sympy as sp

from bounds.enclosure import UndecidedError
from bounds.quantities import Number
from synthetic.curves import Unknown, cell_points
from synthetic.forms import Form, Radial, rational
from synthetic.landscape import Landscape
from synthetic.reductions import Interval, Point, as_interval, diagonal_of, nonnegative, reduce_to_lines, unscaled

__all__ = ["Certificate", "Verdict", "certify"]

Verdict = Literal["proved", "refuted", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The answer of :func:`certify`.

    Attributes
    ----------
    verdict : "proved", "refuted" or "undecided".
    L0, L1 : the constants of the claim, units F/X^2 and 1/X.
    region : ends of the interval the claim is about, or None for the whole space.
    witness : when refuted, a rational point, shape (dim,), at which the claim fails; otherwise None.
    method : how the verdict was reached, or what stood in the way.
    seconds : time taken.
    """

    verdict: Verdict
    L0: Fraction
    L1: Fraction
    region: Interval | None
    witness: tuple[Fraction, ...] | None
    method: str
    seconds: float


def certify(
    subject: Landscape | Form, L0: Number, L1: Number, region: tuple[Number | None, Number | None] | None = None
) -> Certificate:
    """Decide whether ||Hess F(x)|| <= L0 + L1 ||grad F(x)|| holds at every point where F is twice differentiable.

    Parameters
    ----------
    subject : the function F.
    L0, L1 : constants >= 0, units F/X^2 and 1/X, read exactly.
    region : in one dimension, an interval (low, high) with None for an infinite end; default: everywhere.

    Raises
    ------
    InputError : a constant or the region is not allowed.
    """
    started = time.perf_counter()
    l0, l1 = nonnegative("L0", L0), nonnegative("L1", L1)
    form = subject.form if isinstance(subject, Landscape) else subject
    interval = as_interval(region, form)
    verdict: Verdict = "undecided"
    witness = None
    try:
        verdict, witness, method = _decide(form, l0, l1, interval)
    except (Unknown, UndecidedError) as reason:
        method = str(reason)
    return Certificate(
        verdict=verdict,
        L0=l0,
        L1=l1,
        region=interval,
        witness=witness,
        method=method,
        seconds=time.perf_counter() - started,
    )


def _decide(form: Form, l0: Fraction, l1: Fraction, interval: Interval | None) -> tuple[Verdict, Point | None, str]:
    inner, value, point = unscaled(form)
    if interval is not None:
        low, high = interval
        interval = (None if low is None else low / point, None if high is None else high / point)
    reduction = reduce_to_lines(inner, interval)
    a, b = rational(l0 * point**2 / value), rational(l1 * point)
    settled = True
    for claim in reduction.claims:
        for piece in claim.pieces:
            if piece.holds(a, b):
                continue
            settled = False
            at = piece.violation(a, b)
            if at is not None:
                witness = tuple(point * c for c in claim.lift(at, a, b))
                return "refuted", witness, f"{reduction.rule}; fails at an exactly checked rational point"
    if not settled:
        raise Unknown("the claim holds or fails within the enclosure of an irrational constant")
    if not reduction.gap:
        return "proved", None, f"{reduction.rule}; exact real roots and one rational point in every cell"
    if isinstance(inner, Radial) and _power_of_image_holds(inner, a, b):
        return "proved", None, "c ||A x||^p: maximum over the radius, then a polynomial claim in the anisotropy"
    raise Unknown(reduction.gap)


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
