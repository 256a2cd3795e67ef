"""A problem: the constants of a function class, an oracle and a goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.enclosure import UndecidedError, compare, float_near
from bounds.errors import InputError, NoStepNeeded
from bounds.functions import gap
from bounds.quantities import Domain, Number, as_fraction, quantity
from bounds.smoothness import LIPSCHITZ, MEAN_SQUARED, POINTWISE, Noise, SmoothnessClass
from bounds.theorem import Criterion

__all__ = ["Problem"]

_PROBABILITY = Domain(high=1, low_open=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Find a point of small gradient, or of small value, of an (L0, L1)-smooth function.

    Build one with :meth:`of`, which reads numbers exactly and refuses bad ones.

    Attributes
    ----------
    L0, L1 : smoothness constants (units F/X^2 and 1/X), not both zero.
    Delta : F(x0) - inf F (units F).
    epsilon : target gradient norm (units F/X), or target gap F(x) - inf F (units F) when ``criterion`` is VALUE.
    sigma : noise level (units F/X), zero for exact gradients.
    noise : what is known about the noise.
    smoothness : the definition that (L0, L1) refers to.
    criterion : what must be small: mean or min gradient norm over the iterates, or the function value.
    convex : the class is that of convex functions that attain their minimum.
    R : distance from x0 to a minimizer (units X), where it is known.
    dimension : dimension of the space, or None for "any".
    first : 0 to count t = 0..T-1, 1 to count t = 1..T, None to count as each theorem does.
    failure : allowed probability of failure when the goal shall hold with high probability, None for expectations.
    """

    L0: Fraction
    L1: Fraction
    Delta: Fraction
    epsilon: Fraction
    sigma: Fraction = Fraction(0)
    noise: Noise = Noise.EXACT
    smoothness: SmoothnessClass = POINTWISE
    criterion: Criterion = Criterion.MEAN
    convex: bool = False
    R: Fraction | None = None
    dimension: int | None = None
    first: int | None = None
    failure: Fraction | None = None

    def __post_init__(self) -> None:
        if self.L0 == 0 and self.L1 == 0:
            raise InputError("L0 = 0 and L1 = 0 is not allowed: at least one of them must be positive.")
        if self.smoothness in (LIPSCHITZ, MEAN_SQUARED) and self.L1 != 0:
            raise InputError(f"L1 = {self.L1} is not allowed with smoothness '{self.smoothness.key}': it must be 0.")
        if (self.sigma == 0) != (self.noise is Noise.EXACT):
            raise InputError(
                f"sigma = {self.sigma} does not fit noise '{self.noise.value}': 'exact' means sigma = 0, "
                "'bounded' and 'variance' mean sigma > 0."
            )
        if self.dimension is not None and self.dimension < 1:
            raise InputError(f"dimension = {self.dimension} is not allowed: it must be an integer >= 1.")
        if self.first not in (None, 0, 1):
            raise InputError(f"first = {self.first} is not allowed: iterates are counted from 0 or from 1.")
        if self.failure is not None and not (self.failure in _PROBABILITY and self.sigma):
            raise InputError(
                f"failure = {self.failure} is not allowed: it must be {_PROBABILITY}, and gradients must be noisy."
            )

    @classmethod
    def of(
        cls,
        *,
        L0: Number,
        L1: Number,
        Delta: Number,
        epsilon: Number,
        sigma: Number = 0,
        noise: Noise | None = None,
        smoothness: SmoothnessClass = POINTWISE,
        criterion: Criterion = Criterion.MEAN,
        convex: bool = False,
        R: Number | None = None,
        dimension: int | None = None,
        first: int | None = None,
        failure: Number | None = None,
    ) -> Problem:
        """Read and validate the constants. Noise is bounded almost surely unless said otherwise.

        Raises
        ------
        InputError : a constant is text, NaN, infinite or out of its domain.
        """
        exact = {
            name: quantity(name).validate(value)
            for name, value in {"L0": L0, "L1": L1, "Delta": Delta, "epsilon": epsilon, "sigma": sigma}.items()
        }
        distance = None if R is None else quantity("R").validate(R)
        kind = noise if noise is not None else (Noise.BOUNDED if exact["sigma"] else Noise.EXACT)
        return cls(
            **exact,
            noise=kind,
            smoothness=smoothness,
            criterion=criterion,
            convex=convex,
            R=distance,
            dimension=dimension,
            first=first,
            failure=None if failure is None else as_fraction("failure", failure, _PROBABILITY),
        )

    @property
    def constants(self) -> Mapping[Any, Any]:
        """Symbols of the theory with exact values."""
        return {
            quantity(name).symbol: sp.Rational(value.numerator, value.denominator)
            for name, value in (
                ("L0", self.L0),
                ("L1", self.L1),
                ("Delta", self.Delta),
                (self.criterion.target.name, self.epsilon),
                ("sigma", self.sigma),
                ("R", self.R),
            )
            if value is not None
        }

    def require_work(self) -> None:
        """Refuse a problem that is solved before it starts.

        Every (L0, L1)-smooth function has gap(||grad F(x)||) <= F(x) - inf F (docs/theory/deterministic.md,
        Lemma 3), so gap(epsilon) >= Delta means that x0 and every point below it is accurate enough. For function
        values the condition is epsilon >= Delta.

        Raises
        ------
        NoStepNeeded : gap(epsilon) >= Delta.
        """
        if self.criterion is Criterion.VALUE:
            if self.epsilon >= self.Delta:
                raise NoStepNeeded(
                    f"eps = {float(self.epsilon):g} needs zero steps: the gap at x0 is only "
                    f"delta = {float(self.Delta):g}; choose a smaller eps."
                )
            return
        values = [sp.Rational(x.numerator, x.denominator) for x in (self.L0, self.L1, self.epsilon, self.Delta)]
        least = gap(*values[:3])
        try:
            enough = compare(least, values[3]) >= 0
        except UndecidedError:  # equal to thousands of digits: the bounds hold either way
            return
        if enough:
            raise NoStepNeeded(
                f"eps = {float(self.epsilon):g} needs zero steps: a gradient norm above eps anywhere on the sublevel "
                f"set of x0 would need a gap of more than {float_near(least):.6g}, and the gap is only "
                f"delta = {float(self.Delta):g}; choose a smaller eps."
            )
