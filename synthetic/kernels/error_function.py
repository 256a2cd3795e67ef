r"""The error function of one double, for vectorizing loops; see :mod:`synthetic.kernels.elementary`.

For a >= 0 and t = (a - 7/2)/(a + 7/2), which maps [0, inf) to [-1, 1),

    erfcx(a) = e^(a^2) erfc(a) = p(t)/(a + 7/2),

where p is the polynomial of degree 21 that interpolates at Chebyshev points up to a = 27.3, beyond which erfc(a)
underflows. The relative error is below 6e-16 there. Scaled in this way the function leaves its exponential to the
expression around it, which often has the same one elsewhere.

References
----------
Shepherd, Laframboise, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < inf", Math. Comp. 36, 1981
(the substitution).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from synthetic.kernels.elementary import smallest

__all__ = ["erfcx", "scaled"]


def erfcx(a: Any) -> Any:
    # Infinity would give inf/inf.
    a = smallest(a, 1e300)
    inverse = 1.0 / (a + 3.5)
    t = (a - 3.5) * inverse
    p = 8.794273602745262e-09 + t * 3.1950245722804835e-09
    p = -2.163637941667417e-08 + t * p
    p = -8.28012086922021e-08 + t * p
    p = 1.1630378117468505e-07 + t * p
    p = 5.496671482856903e-07 + t * p
    p = -7.967950332938364e-07 + t * p
    p = -3.3914478505935613e-06 + t * p
    p = 7.244505075755272e-06 + t * p
    p = 1.864695422880799e-05 + t * p
    p = -7.477723704946122e-05 + t * p
    p = -4.206210439039422e-05 + t * p
    p = 0.0007145317222314075 + t * p
    p = -0.0013053547014067347 + t * p
    p = -0.0031770503479306607 + t * p
    p = 0.02651861988256481 + t * p
    p = -0.09231870663807377 + t * p
    p = 0.22573862164736652 + t * p
    p = -0.43525602671690344 + t * p
    p = 0.6941136466346453 + t * p
    p = -0.9377997245671119 + t * p
    p = 1.08705558926226 + t * p
    return p * inverse


def scaled(expression: Any) -> Any:
    """1 + erf(z) written as 2 - e^(-z^2) erfcx(z), or e^(-z^2) erfcx(-z) where z < 0, which keeps its digits there."""
    return expression.replace(
        lambda e: e.is_Add and isinstance(e - 1, sp.erf), lambda e: _one_plus_erf((e - 1).args[0])
    )


def _one_plus_erf(z: Any) -> Any:
    tail = sp.exp(-(z**2)) * sp.Function("erfcx")(sp.Abs(z))
    return sp.Piecewise((tail, z < 0), (2 - tail, True))
