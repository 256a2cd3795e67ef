r"""The resisting landscape of a method: every query sees the same slope.

A deterministic method that sees gradients only, and is always answered -G, makes queries x_0, x_1, ... that are fixed
in advance. A descending member of the class has slope -G at the first N of them, and between neighbours at distance
l it falls by

    2 [W(z_G) - W(max(z_G - l/2, 0))],        after the last one by W(z_G) = D(G).

With G > epsilon and N as large as the gap Delta allows, the method needs more than N queries on that landscape. When
all steps under the answer epsilon have one length l, N = ceil((Delta - D(epsilon))/d(l)) with d(l) the fall above at
G = epsilon, or one less through the margin between G and epsilon.

Source: docs/theory/lower.md, Theorem 9 and Corollary 9.2. Stored answers are returned at the stored points: from the
closed form a replay may leave the path through rounding.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from bounds.methods import Method, MomentumStart
from bounds.quantities import Number, quantity
from synthetic.extremal import ExtremalLandscape, class_constants, potential, representable, transform
from synthetic.step import Stepper, parameter_rows

__all__ = ["MARGIN", "MOST_QUERIES", "ResistingRun", "resist"]

MARGIN: Final = 1e-9
"""Relative distance of the answered gradient norm G from epsilon."""

MOST_QUERIES: Final = 50_000
"""Longest run that is built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResistingRun:
    """A method kept away from its target, with the evidence.

    Attributes
    ----------
    queries : N, the number of points with gradient norm ``answer``; the method needs at least N + 1.
    answer : G > epsilon.
    Delta, epsilon : the gap allowed and the target, exact.
    """

    landscape: ExtremalLandscape
    queries: int
    answer: float
    Delta: Fraction
    epsilon: Fraction

    def certified(self) -> bool:
        """Whether all claims are proved: class membership, gap <= Delta (outward rounding), all slopes > epsilon."""
        slopes = self.landscape.slopes
        steep = all(abs(Fraction(v)) > self.epsilon for v in slopes)
        enough = len(slopes) == self.queries
        return steep and enough and self.landscape.in_class() and self.landscape.gap_at_most(self.Delta)


def resist(
    method: Method,
    parameters: Mapping[str, npt.ArrayLike],
    *,
    L0: Number,
    L1: Number,
    delta: Number,
    epsilon: Number,
    queries: int | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> ResistingRun:
    """The resisting landscape of ``method`` with its ``parameters`` (numbers), started at 0.

    Parameters
    ----------
    delta, epsilon : gap allowed (units F) and target (F/X).
    queries : N; by default the largest that the gap allows.

    Raises
    ------
    InputError : no query can be resisted (delta < D(epsilon), where the start may satisfy the target already), fewer
        than ``queries`` fit, or more than ``MOST_QUERIES`` would.
    """
    l0, l1 = class_constants(L0, L1)
    Delta, target = quantity("Delta").validate(delta), quantity("epsilon").validate(epsilon)
    if queries is not None and not (isinstance(queries, int) and 1 <= queries <= MOST_QUERIES):
        raise InputError(f"queries = {queries!r} is not allowed: it must be an integer from 1 to {MOST_QUERIES}.")
    answer = representable("epsilon", target) * (1 + MARGIN)
    wanted = MOST_QUERIES + 1 if queries is None else queries
    points = _walk(
        method, parameters, answer, representable("delta", Delta), float(l0), float(l1), wanted, momentum_start
    )
    if queries is None and len(points) > MOST_QUERIES:
        raise InputError(f"more than {MOST_QUERIES} queries can be resisted: give queries, or a smaller delta/epsilon.")
    # The walk stops by floating point; the certificate decides about the last query.
    for n in range(len(points), max(len(points) - 3, 0), -1):
        data, slopes = tuple(points[:n]), (-answer,) * n
        landscape = ExtremalLandscape(points=data, slopes=slopes, L0=l0, L1=l1, descending=True)
        run = ResistingRun(landscape=landscape, queries=n, answer=answer, Delta=Delta, epsilon=target)
        if (queries is None or n == queries) and landscape.gap_at_most(Delta):
            return run
    if queries is not None and points:
        raise InputError(f"queries = {queries} is not allowed: with delta = {delta} at most {len(points)} fit.")
    raise InputError(f"delta = {delta} is not allowed: a start with gradient norm {epsilon} needs a larger gap.")


def _walk(
    method: Method,
    parameters: Mapping[str, npt.ArrayLike],
    answer: float,
    Delta: float,
    L0: float,
    L1: float,
    wanted: int,
    momentum_start: MomentumStart,
) -> list[float]:
    """Queries under the constant answer -G, as long as the gap stays below Delta."""
    stepper = Stepper(method=method, rows=parameter_rows(method, parameters, 1), dimension=1)
    g = np.full((1, 1), -answer)
    x, m = np.zeros((1, 1)), g if momentum_start is MomentumStart.GRADIENT else np.zeros((1, 1))
    z = float(transform(answer, L0, L1))
    well = float(potential(z, L0, L1))
    points: list[float] = []
    gap, length, fall = well, math.nan, 0.0
    while gap <= Delta and len(points) < wanted:
        here = float(x[0, 0])
        if not math.isfinite(here):
            break
        points.append(here)
        x, m = stepper(x, m, g)
        if (step := float(x[0, 0]) - here) != length:
            length = step
            fall = 2 * (well - float(potential(max(z - step / 2, 0.0), L0, L1)))
        gap += fall
    return points
