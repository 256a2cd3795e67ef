r"""Logistic losses: a single one, and regularized regression with a non-convex penalty.

For F(x) = log(1 + e^<a,x>) and p = 1/(1 + e^-<a,x>): ||grad F|| = ||a|| p and ||Hess F|| = ||a||^2 p (1 - p). For
0 <= L1 <= ||a|| the smallest valid L0 is

    max_p ||a||^2 p (1 - p) - L1 ||a|| p = (||a|| - L1)^2 / 4,        attained at p = (||a|| - L1) / (2 ||a||).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from bounds.errors import InputError
from bounds.quantities import Number, as_fraction
from synthetic.forms import Explicit, FiniteSum, coordinates, rational
from synthetic.landscape import Landscape, StatedSmoothness
from synthetic.landscapes.parameters import count, gaussian_rows, positive, round_up

__all__ = ["logistic", "regularized_logistic"]


def logistic(*, norm: Number = 1, L1: Number = "1/2", dimension: int = 2) -> Landscape:
    """log(1 + e^<a,x>) with ||a|| = ``norm``, in one dimension or in two with a along (3/5, 4/5).

    States three pairs: the one for ``L1``, which must lie in [0, norm], and the two ends (norm^2/4, 0), (0, norm).
    """
    a = positive("norm", norm)
    given = as_fraction("L1", L1)
    if not 0 <= given <= a:
        raise InputError(f"L1 = {L1} is not allowed: it must lie in [0, {a}], where {a} is the norm of a.")
    if count("dimension", dimension, low=1) > 2:
        raise InputError(f"dimension = {dimension} is not allowed: the logistic landscape has 1 or 2.")
    x = coordinates(dimension)
    product = rational(a) * (x[0] if dimension == 1 else (3 * x[0] + 4 * x[1]) / 5)
    return Landscape(
        key="logistic",
        name="logistic loss",
        form=Explicit(formula=_softplus(product), variables=x),
        smoothness=tuple(
            StatedSmoothness(L0=(a - l1) ** 2 / 4, L1=l1, source="smallest L0 for this L1, module docstring")
            for l1 in dict.fromkeys((given, Fraction(0), a))
        ),
        optimum=None,
        infimum=Fraction(0),
        start=(float(2 / a),) * dimension,
        summary="L-smooth, and (0, ||a||)-smooth as well; the infimum 0 is not attained.",
        source="constants: derivation in the module docstring",
    )


def regularized_logistic(
    *, samples: int = 50, dimension: int = 5, regularization: Number = "1/10", seed: int = 0
) -> Landscape:
    r"""(1/n) sum_i log(1 + e^(-b_i <a_i, x>)) + lambda sum_j x_j^2/(1 + x_j^2), labels b_i in {-1, 1}.

    The data are Gaussian rows a_i and labels of a random linear classifier with 10 % flipped, all drawn from ``seed``.
    The second derivative of log(1 + e^z) lies in [0, 1/4] and that of t^2/(1 + t^2) in [-1/2, 2], hence

        ||Hess F|| <= lambda_max(A^T A)/(4 n) + 2 lambda,

    stated as L0 (rounded up) with L1 = 0. The minimum has no closed form; ``infimum`` is the lower bound 0.
    """
    n, d = count("samples", samples, low=1), count("dimension", dimension, low=1)
    penalty = positive("regularization", regularization)
    rows = gaussian_rows(rows=n, dimension=d, seed=count("seed", seed, low=0))
    labels = _labels(np.array(rows), seed)
    z, b = sp.Symbol("z", real=True), sp.Symbol("b", real=True)
    largest = float(np.linalg.norm(np.array(rows), 2)) ** 2
    return Landscape(
        key="regularized-logistic",
        name="logistic regression with a non-convex regularizer",
        form=FiniteSum(
            profile=_softplus(-b * z),
            variable=z,
            rows=rows,
            label=b,
            labels=labels,
            weight=Fraction(1, n),
            regularizer=rational(penalty) * z**2 / (1 + z**2),
        ),
        smoothness=(
            StatedSmoothness(
                L0=round_up(largest / (4 * n)) + 2 * penalty,
                L1=Fraction(0),
                source="lambda_max(A^T A)/(4 n) + 2 lambda, derivation in regularized_logistic",
            ),
        ),
        optimum=None,
        infimum=Fraction(0),
        infimum_is_bound=True,
        start=(2.0,) * d,
        summary="A standard non-convex benchmark; its infimum is only known to be >= 0, so gaps are upper bounds.",
        source="constants: derivation in regularized_logistic",
    )


def _softplus(z: Any) -> Any:
    """log(1 + e^z), written so that neither branch overflows where it is selected."""
    return sp.Piecewise((z + sp.log(1 + sp.exp(-z)), z >= 0), (sp.log(1 + sp.exp(z)), True))


def _labels(rows: np.ndarray[tuple[int, int], np.dtype[np.float64]], seed: int) -> tuple[float, ...]:
    # A stream of its own, so that the labels do not depend on how many numbers the rows used.
    draws = np.random.default_rng((seed, 1))
    side = rows @ draws.standard_normal(rows.shape[1]) >= 0
    flipped = draws.random(len(rows)) < 0.1
    return tuple(1.0 if s else -1.0 for s in side ^ flipped)
