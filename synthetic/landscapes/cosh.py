r"""Hyperbolic cosines, for which a pair (L0, L1) is tight in both constants.

f(x) = (L0/L1^2) (cosh(L1 x) - 1) has f'' = L0 cosh(L1 x) <= L0 + L0 |sinh(L1 x)| = L0 + L1 |f'|: with equality at 0, so
that L0 cannot be lowered, and with ratio -> 1 at infinity, so that L1 cannot.

For a separable sum, ||Hess F|| = max_j f''(x_j) <= L0 + L1 max_j |f'(x_j)| <= L0 + L1 ||grad F||: the same pair.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from bounds.quantities import Number
from synthetic.forms import Explicit, Form, Separable, coordinates, rational
from synthetic.landscape import Landscape, StatedSmoothness
from synthetic.landscapes.parameters import count, positive

__all__ = ["cosh", "cosh_sum"]


def cosh(*, L0: Number = 1, L1: Number = 1) -> Landscape:
    """(L0/L1^2) (cosh(L1 x) - 1) in one dimension."""
    return _cosh(key="cosh", dimension=1, L0=positive("L0", L0), L1=positive("L1", L1))


def cosh_sum(*, dimension: int = 10, L0: Number = 1, L1: Number = 1) -> Landscape:
    """sum_j (L0/L1^2) (cosh(L1 x_j) - 1)."""
    d = count("dimension", dimension, low=1)
    return _cosh(key="cosh-sum", dimension=d, L0=positive("L0", L0), L1=positive("L1", L1))


def _cosh(*, key: str, dimension: int, L0: Fraction, L1: Fraction) -> Landscape:
    (x,) = coordinates(1)
    # 2 sinh^2(z/2) = cosh(z) - 1 without the cancellation near 0.
    profile = 2 * rational(L0 / L1**2) * sp.sinh(rational(L1) * x / 2) ** 2
    form: Form
    if dimension == 1:
        form = Explicit(formula=profile, variables=(x,))
    else:
        form = Separable(profile=profile, variable=x, dimension=dimension)
    # A few multiples of the length scale 1/L1, so that the exponential growth is felt.
    start = (
        (float(4 / L1),)
        if dimension == 1
        else tuple(float(Fraction(4 * (j + 1), dimension) / L1) for j in range(dimension))
    )
    return Landscape(
        key=key,
        name="hyperbolic cosine" if dimension == 1 else f"sum of {dimension} hyperbolic cosines",
        form=form,
        smoothness=(StatedSmoothness(L0=L0, L1=L1, source="cosh <= 1 + |sinh|, module docstring"),),
        optimum=(0.0,) * dimension,
        infimum=Fraction(0),
        start=start,
        summary="Convex with exponential growth; neither constant of its pair (L0, L1) can be lowered.",
        source="constants: derivation in the module docstring",
    )
