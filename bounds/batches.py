r"""Which batch size makes T iterations enough: averaging b independent gradients divides the variance by b."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction

from bounds.applicability import NotCovered
from bounds.border import SIXTEEN_DIGITS, decimal
from bounds.calculator import Bound, evaluate
from bounds.errors import InputError
from bounds.inversion import Inverse, read_steps
from bounds.methods import MomentumStart
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.smoothness import Noise
from bounds.theorem import Kind, Theorem

__all__ = ["smallest_batch"]

_LARGEST_BATCH = 2**200


def smallest_batch(
    theorem: Theorem,
    problem: Problem,
    steps: Number,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> Inverse:
    """The smallest number b of independent gradients to average per step so that ``steps`` iterations are enough.

    The average of b gradients has variance sigma^2/b. It is no better bounded almost surely, so only theorems about
    the variance can be asked.

    Raises
    ------
    InputError : sigma = 0, a lower bound, a theorem that needs bounded noise, or too few steps even without noise.
    NotCovered : the theorem covers no batch size here.
    """
    wanted = read_steps(steps)
    if theorem.kind is Kind.LOWER:
        raise InputError(f"{theorem.key} is a lower bound: no batch size follows from it.")
    if theorem.noise is not Noise.VARIANCE:
        raise InputError(
            f"{theorem.key} is about {theorem.noise.phrase}; averaging shrinks the variance only, so choose a theorem "
            "about the variance."
        )
    if problem.sigma == 0:
        raise InputError("sigma = 0 needs no batch: give sigma > 0.")
    noiseless = dataclasses.replace(problem, sigma=Fraction(0), noise=Noise.EXACT)
    least = evaluate(theorem, noiseless, parameters, momentum_start)
    if least.iterations > wanted:
        raise InputError(
            f"T = {wanted} is too small for {theorem.key}: even without noise it needs {least.iterations} iterations."
        )
    reason = ""

    def at(batch: int) -> Bound | None:
        nonlocal reason
        calmer = dataclasses.replace(problem, sigma=_averaged(problem.sigma, batch), noise=Noise.VARIANCE)
        try:
            bound = evaluate(theorem, calmer, parameters, momentum_start)
        except NotCovered as error:
            reason = str(error)
            return None
        return bound if bound.iterations <= wanted else None

    high = 1
    while (found := at(high)) is None:
        high *= 2
        if high > _LARGEST_BATCH:
            raise NotCovered(reason or f"no batch size up to 2^200 brings its count down to {wanted}")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if (bound := at(middle)) is None:
            low = middle
        else:
            high, found = middle, bound
    return Inverse(name="batch", value=Fraction(high), bound=found, beyond=Fraction(low) if low else None, steps=wanted)


def _averaged(sigma: Fraction, batch: int) -> Fraction:
    """sigma/sqrt(batch), rounded up."""
    square = sigma**2 / batch
    root = SIXTEEN_DIGITS.sqrt(decimal(square, SIXTEEN_DIGITS))
    while Fraction(root) ** 2 < square:
        root = root.next_plus(SIXTEEN_DIGITS)
    return Fraction(root)
