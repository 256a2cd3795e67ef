"""The Huber slope: a quadratic bowl between two straight arms."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from bounds.quantities import Number
from synthetic.forms import Explicit, coordinates, rational
from synthetic.landscape import Landscape, StatedSmoothness
from synthetic.landscapes.parameters import positive

__all__ = ["huber"]


def huber(*, L0: Number = 1, slope: Number = 1) -> Landscape:
    r"""L0 x^2/2 for |x| <= e/L0 and e |x| - e^2/(2 L0) beyond, e = ``slope``.

    The curvature is L0 inside and 0 outside, so (L0, 0) is valid and no smaller L0 is with L1 = 0. The gradient norm
    stays at e until the bowl is reached: the standard obstacle on the way to a gradient below e.
    """
    l0, e = positive("L0", L0), positive("slope", slope)
    (x,) = coordinates(1)
    edge = rational(e / l0)
    arm = rational(e**2 / (2 * l0))
    formula = sp.Piecewise(
        (-rational(e) * x - arm, x < -edge),
        (rational(l0) * x**2 / 2, x <= edge),
        (rational(e) * x - arm, True),
    )
    return Landscape(
        key="huber",
        name="Huber slope",
        form=Explicit(formula=formula, variables=(x,)),
        smoothness=(StatedSmoothness(L0=l0, L1=Fraction(0), source="curvature L0 inside, 0 outside"),),
        optimum=(0.0,),
        infimum=Fraction(0),
        start=(float(8 * e / l0),),
        summary="L-smooth with a long straight arm: every method must walk it, and clipping costs nothing more.",
        source="Huber, 1964 (loss); constants: direct",
    )
