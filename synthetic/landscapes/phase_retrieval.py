r"""Phase retrieval: recover x* up to sign from the squares y_i = <a_i, x*>^2.

With z_i = <a_i, x> and F = (1/(4n)) sum_i (z_i^2 - y_i)^2,

    grad F = (1/n) sum_i (z_i^2 - y_i) z_i a_i,        Hess F = (1/n) sum_i (3 z_i^2 - y_i) a_i a_i^T.

Let r = ||x||, Q = (1/n) sum_i vec(a_i a_i^T) vec(a_i a_i^T)^T, and

    K  = lambda_max(Q)  >= (1/n) sum_i <a_i, u>^2 <a_i, v>^2            for unit u, v,
    mu = lambda_min(A^T A/n)^2 <= (1/n) sum_i <a_i, u>^4                for unit u (Jensen),
    Y  = lambda_max((1/n) sum_i y_i a_i a_i^T).

The Hessian is a difference of two positive semidefinite matrices, and <grad F, x> = (1/n) sum_i (z_i^4 - y_i z_i^2), so

    ||Hess F|| <= max(3 K r^2, Y),        ||grad F|| >= max(0, mu r^3 - Y r).

For any L1 > 0 therefore L0 = max(Y, max_r { 3 K r^2 - L1 max(0, mu r^3 - Y r) }) is valid. With r0 = sqrt(Y/mu),
where the gradient bound leaves 0, the inner maximum is at r0 or at the largest stationary point

    r1 = (3 K + sqrt(9 K^2 + 3 L1^2 mu Y)) / (3 L1 mu)        when r1 >= r0.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import sympy as sp

from bounds.quantities import Number
from synthetic.forms import Array, Explicit, FiniteSum, coordinates
from synthetic.landscape import Landscape, StatedSmoothness
from synthetic.landscapes.parameters import count, gaussian_rows, positive, round_up

__all__ = ["phase_retrieval", "population_phase_retrieval"]


def phase_retrieval(*, samples: int = 24, dimension: int = 4, L1: Number = 8, seed: int = 2) -> Landscape:
    """(1/(4n)) sum_i (<a_i, x>^2 - <a_i, x*>^2)^2 with Gaussian rows and x* = (1, ..., 1)/2."""
    d = count("dimension", dimension, low=1)
    # With fewer rows than coordinates F is flat along a subspace and mu = 0.
    n = count("samples", samples, low=d)
    exact = positive("L1", L1)
    rows = gaussian_rows(rows=n, dimension=d, seed=count("seed", seed, low=0))
    a, signal = np.array(rows), np.full(d, 0.5)
    z, y = sp.Symbol("z", real=True), sp.Symbol("y", nonnegative=True)
    # Entries are multiples of 1/64, so the squares below are exact.
    squares = (a @ signal) ** 2
    return Landscape(
        key="phase-retrieval",
        name=f"phase retrieval in {d} dimensions from {n} measurements",
        form=FiniteSum(
            profile=(z**2 - y) ** 2 / 4,
            variable=z,
            rows=rows,
            label=y,
            labels=tuple(float(s) for s in squares),
            weight=Fraction(1, n),
        ),
        smoothness=(
            StatedSmoothness(
                L0=round_up(_smallest_l0(a, squares, float(exact))),
                L1=exact,
                source="quartic-form and eigenvalue bounds, module docstring",
            ),
        ),
        optimum=tuple(float(s) for s in signal),
        infimum=Fraction(0),
        start=(2.0,) + (0.5,) * (d - 1),
        summary="Non-convex quartic with two minimizers +-x* and a saddle region around the origin.",
        source="constants: derivation in the module docstring",
    )


def population_phase_retrieval() -> Landscape:
    r"""Phase retrieval with infinitely many Gaussian measurements of x* = e_1 in two dimensions.

        F(x) = (1/4) E (<a,x>^2 - <a,e_1>^2)^2 = 3 (r^4 + 1)/4 - r^2/2 - x1^2,        r = ||x||,
        grad F = (3 (r^2 - 1) x1, (3 r^2 - 1) x2),        Hess F = 3 r^2 I + 6 x x^T - diag(3, 1).

    The eigenvalues of the Hessian lie in [3 r^2 - 3, 9 r^2 - 1], and <grad F, x> >= 3 r^2 (r^2 - 1). Inside the unit
    disc therefore ||Hess F|| <= 8. Outside, with L1 = 3, ||Hess F|| - L1 ||grad F|| <= 9 r^2 - 1 - 9 (r^3 - r), which
    decreases for r >= 1 from the value 8. So (8, 3) is valid.
    """
    x = coordinates(2)
    square = x[0] ** 2 + x[1] ** 2
    return Landscape(
        key="population-phase-retrieval",
        name="population phase retrieval in the plane",
        form=Explicit(
            formula=sp.Rational(3, 4) * (square**2 + 1) - square / 2 - x[0] ** 2,
            variables=x,
        ),
        smoothness=(
            StatedSmoothness(L0=Fraction(8), L1=Fraction(3), source="derivation in population_phase_retrieval"),
        ),
        optimum=(1.0, 0.0),
        infimum=Fraction(0),
        start=(0.125, 3.0),
        summary="Two minimizers +-e_1, two saddles on the other axis and a local maximum at 0, in closed form.",
        source="fourth moments of a Gaussian vector; constants: derivation in population_phase_retrieval",
    )


def _smallest_l0(a: Array, squares: Array, l1: float) -> float:
    """The L0 of the module docstring, in floating point."""
    n = len(a)
    flat = (a[:, :, None] * a[:, None, :]).reshape(n, -1)
    k = float(np.linalg.norm(flat, 2)) ** 2 / n
    mu = float(np.linalg.eigvalsh(a.T @ a / n)[0]) ** 2
    top = float(np.linalg.eigvalsh((a.T * squares) @ a / n)[-1])
    r0 = math.sqrt(top / mu)
    r1 = (3 * k + math.sqrt(9 * k**2 + 3 * l1**2 * mu * top)) / (3 * l1 * mu)
    r = max(r0, r1)
    return max(top, 3 * k * r0**2, 3 * k * r**2 - l1 * max(0.0, mu * r**3 - top * r))
