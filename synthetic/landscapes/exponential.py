r"""Exponentials: a ridge without minimizer, and the extremal functions of the one-dimensional class.

W(x) = (L0/L1^2) (e^(L1 |x|) - 1 - L1 |x|) satisfies |W''| = L0 + L1 |W'| everywhere:
no function of the class grows faster.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.quantities import Number
from synthetic.forms import Explicit, coordinates, rational
from synthetic.landscape import Landscape, StatedSmoothness
from synthetic.landscapes.parameters import positive

__all__ = ["exponential", "exponential_bowl", "hard_exponential", "quadratic_exponential"]


def exponential(*, L1: Number = 1) -> Landscape:
    """exp(<a, x>) in two dimensions with a = L1 (3/5, 4/5), so that ||Hess F|| = ||a||^2 F = L1 ||grad F||."""
    exact = positive("L1", L1)
    x = coordinates(2)
    product = rational(exact) * (3 * x[0] + 4 * x[1]) / 5
    return Landscape(
        key="exponential",
        name="exponential of a linear form",
        form=Explicit(formula=sp.exp(product), variables=x),
        smoothness=(StatedSmoothness(L0=Fraction(0), L1=exact, source="||Hess F|| = ||a|| ||grad F||, exactly"),),
        optimum=None,
        infimum=Fraction(0),
        start=(float(2 / exact), float(2 / exact)),
        summary="L0 = 0: the gradient alone bounds the curvature; the infimum 0 is not attained.",
        source="exact identity",
    )


def exponential_bowl(*, L0: Number = 1, L1: Number = 1) -> Landscape:
    """W(x) = (L0/L1^2) (e^(L1 |x|) - 1 - L1 |x|): |W''| = L0 + L1 |W'| at every point."""
    l0, l1 = positive("L0", L0), positive("L1", L1)
    (x,) = coordinates(1)
    return Landscape(
        key="exponential-bowl",
        name="exponential bowl",
        form=Explicit(formula=_even(_bowl(l0, l1, x), x), variables=(x,)),
        smoothness=(StatedSmoothness(L0=l0, L1=l1, source="equality |W''| = L0 + L1 |W'| at every point"),),
        optimum=(0.0,),
        infimum=Fraction(0),
        start=(float(4 / l1),),
        summary="The steepest function of the class around its minimizer: the smoothness inequality is an equality.",
        source="exact identity",
    )


def hard_exponential(*, L0: Number = 1, L1: Number = 1, M: Number = 10) -> Landscape:
    r"""The bowl W on |x| <= x0 = ln(1 + L1 M/L0)/L1, continued with slope +-M.

    |F'| <= M everywhere, and |F''| = L0 + L1 |F'| inside, 0 outside: C^1 with two kinks of the gradient. A fixed
    step h with h M >= 2 x0, started at x0 or beyond, jumps from one arm to the other for ever with |F'| = M.
    """
    l0, l1, slope = positive("L0", L0), positive("L1", L1), positive("M", M)
    (x,) = coordinates(1)
    growth = l1 * slope / l0
    edge = sp.log(1 + rational(growth)) / rational(l1)
    edge_value = rational(l0 / l1**2) * (rational(growth) - sp.log(1 + rational(growth)))
    arm = edge_value + rational(slope) * (x - edge)
    right = sp.Piecewise((_bowl(l0, l1, x), x < edge), (arm, True))
    return Landscape(
        key="hard-exponential",
        name="truncated exponential bowl",
        form=Explicit(formula=_even(right, x), variables=(x,)),
        smoothness=(StatedSmoothness(L0=l0, L1=l1, source="equality inside, zero curvature outside"),),
        optimum=(0.0,),
        infimum=Fraction(0),
        start=(float(edge),),
        summary="Bounded gradient, yet a fixed step must shrink like log(L1 M/L0)/(L1 M).",
        source="own truncation of a hard function of Zhang, He, Sra, Jadbabaie, 2020, arXiv 1905.11881",
    )


def quadratic_exponential(*, L0: Number = 1, L1: Number = 1) -> Landscape:
    r"""(L0/L1^2) (L1^2 x^2 + 1)/2 for |x| <= 1/L1 and (L0/L1^2) e^(L1 |x| - 1) beyond.

    C^2; |F''| = L0 inside and L1 |F'| outside. The infimum is L0/(2 L1^2).
    """
    l0, l1 = positive("L0", L0), positive("L1", L1)
    (x,) = coordinates(1)
    scale = rational(l0 / l1**2)
    inside = scale * (rational(l1**2) * x**2 + 1) / 2
    outside = scale * sp.exp(rational(l1) * x - 1)
    edge = rational(1 / l1)
    right = sp.Piecewise((inside, x <= edge), (outside, True))
    return Landscape(
        key="quadratic-exponential",
        name="quadratic continued by exponentials",
        form=Explicit(formula=_even(right, x), variables=(x,)),
        smoothness=(StatedSmoothness(L0=l0, L1=l1, source="|F''| = L0 inside and L1 |F'| outside"),),
        optimum=(0.0,),
        infimum=l0 / (2 * l1**2),
        start=(float(4 / l1),),
        summary="The classical hard function for fixed-step gradient descent.",
        source="Zhang, He, Sra, Jadbabaie, 2020, arXiv 1905.11881, Appendix D (recalled, in unit-clean form)",
    )


def _bowl(l0: Fraction, l1: Fraction, x: Any) -> Any:
    return rational(l0 / l1**2) * (sp.exp(rational(l1) * x) - 1 - rational(l1) * x)


def _even(right: Any, x: Any) -> Any:
    """The even function that equals ``right`` for x >= 0."""
    # Abs would put delta functions into the second derivative.
    pieces: list[tuple[Any, Any]] = []
    arms = right.args if isinstance(right, sp.Piecewise) else ((right, sp.true),)
    for formula, condition in arms:
        pieces.append((formula, sp.And(x >= 0, condition)))
        pieces.append((formula.subs(x, -x), sp.And(x < 0, condition.subs(x, -x))))
    return sp.Piecewise(*pieces)
