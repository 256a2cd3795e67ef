"""Rosenbrock's valley: a polynomial that is not (L0, L1)-smooth, however large the constants."""

from __future__ import annotations

from fractions import Fraction

from synthetic.forms import Explicit, coordinates
from synthetic.landscape import Landscape

__all__ = ["rosenbrock"]


def rosenbrock() -> Landscape:
    r"""(1 - x1)^2 + 100 (x2 - x1^2)^2.

    No pair (L0, L1) is valid on the plane. With w = x2 - x1^2,

        grad F = (-400 x1 w - 2 (1 - x1), 200 w),        d^2F/dx1^2 = 800 x1^2 - 400 w + 2.

    On the curve w = (x1 - 1)/(200 x1), x1 >= 1, the first component of the gradient vanishes and the second is
    1 - 1/x1 < 1, whereas d^2F/dx1^2 = 800 x1^2 + 2/x1 grows without bound: the Hessian is unbounded where
    ||grad F|| < 1. The same curve refutes every condition ||Hess F|| <= l(||grad F||) with a locally bounded l.
    """
    x = coordinates(2)
    return Landscape(
        key="rosenbrock",
        name="Rosenbrock function",
        form=Explicit(formula=(1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, variables=x),
        smoothness=(),
        optimum=(1.0, 1.0),
        infimum=Fraction(0),
        start=(-1.2, 1.0),
        summary="along a curve in its valley the Hessian grows without bound while the gradient norm stays below 1.",
        source="Rosenbrock, 1960, Computer Journal 3(3); counter-example: derivation in rosenbrock",
    )
