"""The sympy symbols of the declared quantities, for writing records."""

from __future__ import annotations

from typing import Any

import sympy as sp

from bounds.quantities import quantity

__all__ = [
    "L0",
    "L1",
    "Delta",
    "L",
    "M",
    "R",
    "T",
    "beta",
    "epsilon",
    "epsilon_F",
    "eta",
    "gamma",
    "kappa",
    "nu",
    "p",
    "sigma",
    "u",
    "unit_gradient",
    "unit_length",
]

L0: Any = quantity("L0").symbol
L1: Any = quantity("L1").symbol
Delta: Any = quantity("Delta").symbol
epsilon: Any = quantity("epsilon").symbol
sigma: Any = quantity("sigma").symbol
M: Any = quantity("M").symbol
L: Any = quantity("L").symbol
R: Any = quantity("R").symbol
epsilon_F: Any = quantity("epsilon_F").symbol
p: Any = quantity("p").symbol
eta: Any = quantity("eta").symbol
gamma: Any = quantity("gamma").symbol
beta: Any = quantity("beta").symbol
nu: Any = quantity("nu").symbol
kappa: Any = quantity("kappa").symbol
T: Any = quantity("T").symbol
unit_gradient: Any = quantity("unit_gradient").symbol
unit_length: Any = quantity("unit_length").symbol

u: Any = sp.Symbol("u", nonnegative=True)
"""The norm of the vector that a radial step rule is applied to (a gradient norm, units F/X)."""
