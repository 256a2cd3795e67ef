"""Recognition of functions of x1^2 + ... + xd^2 in expressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from bounds.errors import InputError
from synthetic.brackets import Unknown
from synthetic.forms import Explicit, Radial
from synthetic.sizes import expanded

__all__ = ["as_radial"]


def as_radial(form: Explicit) -> Radial | None:
    """The same function as a radial form, or None when it was not recognised as one.

    Its largest polynomial parts have to be polynomials in x1^2 + ... + xd^2, which is decided by their coefficients.
    """
    xs = form.variables
    if len(xs) < 2 or form.formula.free_symbols != set(xs):
        return None
    r = sp.Dummy("r", nonnegative=True)
    try:
        profile = _profile(form.formula, xs, r)
        return None if profile is None else Radial(profile=profile, variable=r, dimension=len(xs))
    except (Unknown, InputError):
        # Too long to expand, or not differentiable at 0.
        return None


def _profile(part: Any, xs: Sequence[Any], r: Any) -> Any:
    if not part.has(*xs):
        return part
    if not isinstance(part, sp.Expr) or part in xs:
        return None
    if part.is_polynomial(*xs) and not part.is_Pow:
        return _polynomial(part, xs, r)
    arguments = list(part.args)
    if part.is_Add or part.is_Mul:
        easy = [a for a in arguments if a.has(*xs) and a.is_polynomial(*xs)]
        arguments = [a for a in arguments if a not in easy] + ([part.func(*easy)] if easy else [])
    profiles = [_profile(a, xs, r) for a in arguments]
    return None if any(p is None for p in profiles) else part.func(*profiles)


def _polynomial(part: Any, xs: Sequence[Any], r: Any) -> Any:
    on_axis = sp.Poly(part.subs(dict.fromkeys(xs[1:], 0)), xs[0])
    if any(k % 2 for (k,), _ in on_axis.terms()):
        return None
    square = sp.Add(*(x**2 for x in xs))
    difference = expanded(part - sp.Add(*(c * square ** (k // 2) for (k,), c in on_axis.terms())))
    return sp.Add(*(c * r**k for (k,), c in on_axis.terms())) if difference == 0 else None
