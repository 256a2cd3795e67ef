r"""Powers: x^4 and higher even powers, ||x||^p, and the anisotropic quartic ||A x||^4.

For F = ||x||^p with an integer p >= 3 and r = ||x||, ||Hess F|| = p (p-1) r^(p-2) and ||grad F|| = p r^(p-1), so for
any L1 > 0 the smallest valid L0 is

    max_r p (p-1) r^(p-2) - L1 p r^(p-1) = p ((p-2)/L1)^(p-2),        attained at r = (p-2)/L1.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from bounds.errors import InputError
from bounds.quantities import Number
from synthetic.forms import Explicit, Radial, coordinates, rational
from synthetic.landscape import Landscape, StatedSmoothness
from synthetic.landscapes.parameters import count, positive

__all__ = ["anisotropic_quartic", "even_power", "norm_power", "quartic", "quartic_bowl"]

_NAMES = {3: "cubed", 4: "fourth", 5: "fifth", 6: "sixth"}


def _tight(power: int, L1: Fraction) -> StatedSmoothness:
    return StatedSmoothness(
        L0=power * ((power - 2) / L1) ** (power - 2),
        L1=L1,
        source="smallest L0 for this L1: maximum of p(p-1) r^(p-2) - L1 p r^(p-1) over r",
    )


def even_power(*, power: int = 6, L1: Number = 2) -> Landscape:
    """x^p in one dimension, p even and >= 4, with the smallest L0 for the given L1."""
    if count("power", power, low=4) % 2:
        raise InputError(f"power = {power} is not allowed: it must be an even integer >= 4.")
    (x,) = coordinates(1)
    key = {4: "quartic", 6: "sextic"}.get(power, f"power-{power}")
    return Landscape(
        key=key,
        name=f"x^{power}",
        form=Explicit(formula=x**power, variables=(x,)),
        smoothness=(_tight(power, positive("L1", L1)),),
        optimum=(0.0,),
        infimum=Fraction(0),
        start=(2.0,),
        summary="A polynomial that is not L-smooth for any L, but (L0, L1)-smooth for every L1 > 0.",
        source="Zhang, He, Sra, Jadbabaie, 2020, arXiv 1905.11881, Lemma 2; constants: module docstring",
    )


def quartic(*, L1: Number = 1) -> Landscape:
    """x^4 in one dimension; L0 = 16 / L1^2 is the smallest possible."""
    return even_power(power=4, L1=L1)


def quartic_bowl(*, L0: Number = 1, L1: Number = 1) -> Landscape:
    r"""L0 (x^2/4 + L1^2 x^4/72) in one dimension: a polynomial that steepens as L1 grows.

    With u = L1 |x|, (L0 + L1 |F'| - F'')/L0 = 1/2 + u/2 - u^2/6 + u^3/18 >= 1/2, since u/2 - u^2/6 + u^3/18 =
    u (u^2 - 3 u + 9)/18 and the quadratic has no real root.
    """
    l0, l1 = positive("L0", L0), positive("L1", L1)
    (x,) = coordinates(1)
    return Landscape(
        key="quartic-bowl",
        name="quadratic and quartic",
        form=Explicit(formula=rational(l0) * (x**2 / 4 + rational(l1**2) * x**4 / 72), variables=(x,)),
        smoothness=(StatedSmoothness(L0=l0, L1=l1, source="derivation in quartic_bowl"),),
        optimum=(0.0,),
        infimum=Fraction(0),
        start=(float(8 / l1),),
        summary="The polynomial counterpart of the exponential bowl.",
        source="Takezawa, Bao, Sato, Niwa, Yamada, 2024, arXiv 2405.15010, Proposition 3; constants: quartic_bowl",
    )


def norm_power(*, power: int = 3, dimension: int = 5, L1: Number = 1) -> Landscape:
    """||x||^p in any dimension, p an integer >= 3, with the smallest L0 for the given L1."""
    count("power", power, low=3)
    d = count("dimension", dimension, low=1)
    r = sp.Symbol("r", nonnegative=True)
    return Landscape(
        key=f"norm-{_NAMES.get(power, str(power))}",
        name=f"||x||^{power} in {d} dimensions",
        form=Radial(profile=r**power, variable=r, dimension=d),
        smoothness=(_tight(power, positive("L1", L1)),),
        optimum=(0.0,) * d,
        infimum=Fraction(0),
        start=(2.0,) * d,
        summary="The rotationally symmetric power: every gradient step stays on one ray.",
        source="Vankov, Rodomanov, Nedich, Sankar, Stich, 2024, arXiv 2410.10800 (recalled); module docstring",
    )


def anisotropic_quartic(*, dimension: int = 20, L1: Number = 4) -> Landscape:
    r"""||A x||^4 with A = diag(linspace(1/d, 1, d)), so that the singular values of A lie in [l, 1], l = 1/d.

    Write y = A x, r = ||y||, s = ||A^T y|| in [l r, r]. Then ||grad F|| = 4 r^2 s, and Hess F = 8 (A^T y)(A^T y)^T
    + 4 r^2 A^T A gives ||Hess F|| <= 8 s^2 + 4 r^2. With s = t r, the maximum over r of
    (8 t^2 + 4) r^2 - 4 L1 t r^3 is 16 (2 t^2 + 1)^3 / (27 L1^2 t^2). As a function of t it falls until t^2 = 1/4 and
    then rises, so that its maximum over [l, 1] is at an end:

        L0 = max{ 16 (2 l^2 + 1)^3 / (27 l^2), 16 } / L1^2.

    For small l no L0 below 16 / (27 l^2 L1^2) is valid (take y along the smallest singular direction). In
    particular the pair (4, 3), which fits x^4, is not valid for d = 20.
    """
    d = count("dimension", dimension, low=1)
    exact = positive("L1", L1)
    low = Fraction(1, d)
    bound = max(16 * (2 * low**2 + 1) ** 3 / (27 * low**2), Fraction(16)) / exact**2
    r = sp.Symbol("r", nonnegative=True)
    diagonal = tuple(tuple((i + 1) / d if i == j else 0.0 for j in range(d)) for i in range(d))
    return Landscape(
        key="anisotropic-quartic",
        name=f"||A x||^4 in {d} dimensions",
        form=Radial(profile=r**4, variable=r, dimension=d, matrix=diagonal),
        smoothness=(
            StatedSmoothness(
                L0=bound,
                L1=exact,
                source="||Hess F|| <= 8 s^2 + 4 r^2, ||grad F|| = 4 r^2 s, derivation in anisotropic_quartic",
            ),
        ),
        optimum=(0.0,) * d,
        infimum=Fraction(0),
        start=(1.75,) * d,
        summary="An ill-conditioned quartic, A = diag(1/d, ..., 1), a common test for clipped stochastic gradients.",
        source="constants: derivation in anisotropic_quartic",
    )
