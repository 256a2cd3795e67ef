r"""The inverse questions: which accuracy and which step size does a theorem grant for T iterations.

Every answer is an exact rational on the safe side. It is found by a search over rationals of twelve digits, and each
candidate is judged by exact evaluation (:func:`bounds.calculator.evaluate`), never by a formula for the inverse: an
answer carries the bound that was evaluated at it, and a value a hair further at which the answer is no longer granted.

Tolerance: the two differ by less than ``TOLERANCE`` / 100 (relative), so that counts that grow like a power of 1/eps
up to the hundredth come back within ``TOLERANCE``.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bounds.applicability import NotCovered, apply, read_parameters
from bounds.border import HAIR, TOLERANCE, TWELVE_DIGITS, border, decimal, float_beside, shortened
from bounds.calculator import Bound, evaluate
from bounds.enclosure import float_below, float_near
from bounds.errors import InputError, NoStepNeeded
from bounds.methods import MomentumStart
from bounds.problem import Problem
from bounds.quantities import Number, quantity
from bounds.theorem import Kind, Theorem

__all__ = ["STEP_NAMES", "TOLERANCE", "Inverse", "largest_step", "read_steps", "smallest_target"]

STEP_NAMES = ("eta", "gamma", "clip_threshold")
"""What :func:`largest_step` can be asked for."""

_NO_STEP = (NoStepNeeded, OverflowError)
"""Overflow: the message of the refusal shows an accuracy beyond the doubles, which certainly needs no step."""

_SCAN, _SCAN_STEPS = 4, 600
_DOUBLINGS = tuple(Fraction(2) ** (2**k) for k in range(11))
_NEARBY = tuple(Fraction(2) ** (sign * k) for k in range(1, 41) for sign in (1, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverse:
    """The answer to an inverse question.

    Attributes
    ----------
    name : ``epsilon``, ``eta``, ``gamma``, ``clip_threshold`` or ``batch``.
    value : the exact answer in the units of ``name``; None when every value is admissible.
    bound : the theorem evaluated at ``value`` (at the recommended value when ``value`` is None).
    beyond : a value within the tolerance at which the answer is not granted any more; None without a limit.
    steps : the number of iterations that was asked about, or None.
    """

    name: str
    value: Fraction | None
    bound: Bound
    beyond: Fraction | None
    steps: int | None

    def json(self) -> dict[str, Any]:
        """The machine-readable form."""
        above = self.name == "epsilon" and self.bound.theorem.kind is Kind.UPPER
        return {
            "for": self.name,
            "value": None if self.value is None else float_beside(self.value, above=above),
            "exact": None if self.value is None else str(self.value),
            "beyond": None if self.beyond is None else str(self.beyond),
            "tolerance": float(TOLERANCE),
            "steps": self.steps,
            "bound": self.bound.json(),
        }


def read_steps(steps: Number) -> int:
    """A number of iterations: an integer >= 1."""
    return int(quantity("T").validate(steps))


def smallest_target(
    theorem: Theorem,
    problem: Problem,
    steps: Number,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> Inverse:
    """The accuracy epsilon (units F/X) that a theorem grants for ``steps`` iterations; ``problem.epsilon`` is not used.

    For an upper bound: the smallest epsilon whose count is at most ``steps``. For a lower bound: the largest epsilon
    for which ``steps`` iterations are not enough. Step sizes that are not given follow epsilon.

    Raises
    ------
    NotCovered : the theorem covers no epsilon here.
    InputError : ``steps`` is not a positive integer, or is too small for any statement better than the trivial one.
    """
    wanted = read_steps(steps)
    _require_setting(theorem, problem, parameters, momentum_start)
    upper = theorem.kind is Kind.UPPER
    reason = ""

    @functools.cache
    def at(epsilon: Fraction) -> Bound | None:
        nonlocal reason
        try:
            return evaluate(theorem, dataclasses.replace(problem, epsilon=epsilon), parameters, momentum_start)
        except _NO_STEP:
            return None
        except NotCovered as error:
            reason = str(error)
            return None

    def beyond_reach(epsilon: Fraction) -> bool:
        bound = at(epsilon)
        return bound is not None and bound.iterations > wanted

    def promised(epsilon: Fraction) -> bool:
        bound = at(epsilon)
        return bound is not None and bound.iterations <= wanted

    def power_law(good: Fraction, bad: Fraction) -> Fraction | None:
        """Where the count passes ``wanted`` if it is a power of epsilon between the two."""
        try:
            counts = [float_near(b.value) if b is not None else 0.0 for b in (at(good), at(bad))]
        except ZeroDivisionError:  # sympy's own arithmetic on a constant that cancels to nothing
            return None
        if not all(0 < c < math.inf for c in counts) or counts[0] == counts[1]:
            return None
        share = math.log(wanted / counts[0]) / math.log(counts[1] / counts[0])
        try:
            return shortened(good) * shortened(Fraction(float(bad / good) ** share))
        except (OverflowError, ValueError):
            return None

    here = _idle_target(problem)
    above = here * _SCAN
    for _ in range(_SCAN_STEPS):
        found = at(here)
        if found is not None and (found.iterations > wanted or upper):
            break
        here, above = here / _SCAN, here
    else:
        raise NotCovered(reason or f"its count stays at most {wanted} for every eps down to {float(here):g}")
    if upper and found.iterations <= wanted:
        good, bad = here, here / _SCAN
        while promised(bad):
            good, bad = bad, bad / _SCAN
        good, bad = border(good, bad, promised, power_law)
    elif upper:  # the first accuracy that is covered costs too much: a cheaper one may lie just above
        bad, good = border(here, above, beyond_reach)
        if not promised(good):
            raise InputError(
                f"T = {wanted} is too small for {theorem.key}: its smallest count here is {_count(at(bad))}, at "
                f"eps = {float(bad):.6g}."
            )
    else:
        good, bad = border(here, above, beyond_reach, power_law)
    answer = at(good)
    if answer is None:  # the search has just evaluated it
        raise NotCovered(reason)
    return Inverse(name="epsilon", value=good, bound=answer, beyond=bad, steps=wanted)


def _count(bound: Bound | None) -> str:
    return "unknown" if bound is None else str(bound.iterations)


def _idle_target(problem: Problem) -> Fraction:
    """An accuracy that needs no step at all, hardly larger than necessary."""
    # Lemma 3: no gradient norm on the sublevel set of x0 exceeds this number.
    target = shortened(
        Fraction(TWELVE_DIGITS.sqrt(decimal(2 * problem.L0 * problem.Delta)))
        + Fraction(4, 3) * problem.L1 * problem.Delta
    )
    while _idle(problem, target / _SCAN):
        target /= _SCAN
    while not _idle(problem, target):
        target *= _SCAN
    return target


def _idle(problem: Problem, target: Fraction) -> bool:
    try:
        dataclasses.replace(problem, epsilon=target).require_work()
    except _NO_STEP:
        return True
    return False


def _require_setting(
    theorem: Theorem, problem: Problem, parameters: Mapping[str, Number] | None, start: MomentumStart
) -> None:
    """Refuse what no search can mend: the wrong class, noise, criterion, or a missing constant."""
    if theorem.order_only:
        raise NotCovered("only its order of growth is known, so it gives no count")
    apply(dataclasses.replace(theorem, requires=()), problem, read_parameters(parameters or {}), start)


def largest_step(
    theorem: Theorem,
    problem: Problem,
    name: str = "eta",
    steps: Number | None = None,
    parameters: Mapping[str, Number] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> Inverse:
    """The largest admissible step size ``eta``, largest step length ``gamma`` or ``clip_threshold`` = gamma/eta.

    Admissible means covered by the theorem, with a count of at most ``steps`` when given. The answer is the upper end
    of the interval of admissible values around the recommended one; other parameters are the given ones or follow their
    recommendations (the clip threshold keeps the step size).

    Raises
    ------
    InputError : a lower bound, an unknown ``name``, or no admissible value near the recommended one.
    NotCovered : the theorem does not cover the problem.
    """
    wanted = None if steps is None else read_steps(steps)
    given = dict(parameters or {})
    if name not in STEP_NAMES:
        raise InputError(f"step {name!r} is unknown; known: {', '.join(STEP_NAMES)}.")
    if theorem.kind is Kind.LOWER:
        raise InputError(f"{theorem.key} is a lower bound: it holds for every step size it covers, so none is largest.")
    recommended = evaluate(theorem, problem, given, momentum_start)
    symbol = quantity("gamma" if name == "clip_threshold" else name).symbol
    exact = recommended.parameter(symbol)
    if exact is None:
        raise InputError(f"{theorem.key} has no {quantity(str(symbol)).meaning} to choose.")
    if exact.is_infinite:
        return Inverse(name=name, value=None, bound=recommended, beyond=None, steps=wanted)
    scale = Fraction(1)
    if name == "clip_threshold":
        step = recommended.parameter(quantity("eta").symbol)
        if step is None or step.is_infinite:
            raise InputError(f"{theorem.key} has no clip threshold: its steps are given by their length only.")
        scale = _rational(step)
        given = {k: v for k, v in given.items() if k != name} | {"eta": scale}

    def at(value: Fraction) -> Bound | None:
        try:
            bound = evaluate(theorem, problem, given | {str(symbol): value * scale}, momentum_start)
        except NotCovered:
            return None
        return bound if wanted is None or bound.iterations <= wanted else None

    start = _rational(exact) / scale
    good = next((x for x in (start, *(start * factor for factor in _NEARBY)) if at(x) is not None), None)
    if good is None:
        if wanted is None or recommended.iterations <= wanted:
            raise InputError(
                f"{theorem.key} admits only one {quantity(str(symbol)).meaning}, about {float_near(exact):.6g}, which "
                "is irrational here."
            )
        raise InputError(
            f"T = {wanted} is too small for {theorem.key}: with the recommended parameters it needs "
            f"{recommended.iterations}."
        )
    bad = next((good * factor for factor in (HAIR, *_DOUBLINGS) if at(good * factor) is None), None)
    if bad is not None:
        good, bad = border(good, bad, lambda x: at(x) is not None)
    answer = at(good) or recommended
    return Inverse(name=name, value=good if bad is not None else None, bound=answer, beyond=bad, steps=wanted)


def _rational(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else Fraction(float_below(value))
