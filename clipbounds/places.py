"""The landscape that a command is about: a shipped one or an expression, with a pair (L0, L1) that holds."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from bounds import theorem_named
from bounds.errors import FalseClaim, InputError, NoStepNeeded
from bounds.quantities import as_fraction
from clipbounds import show
from synthetic.certify import certify
from synthetic.expressions import is_name, subject
from synthetic.landscape import Landscape, StatedSmoothness, Status
from synthetic.minimal import minimal_L0
from synthetic.tradeoff import best_constants

__all__ = ["place_of", "places_of"]

# The theorem by which a pair is picked when the user gives none: the best one for clipping without momentum.
_YARDSTICK = "clipped-gd"


def place_of(text: str, *, L0: str | None, L1: str | None, infimum: str | None, epsilons: Sequence[str]) -> Landscape:
    """The landscape with this name or expression, its default pair being the one to use.

    A given pair is certified. With L1 alone, L0 is the smallest valid one; with neither, an expression gets the pair on
    the curve of smallest L0 that minimises the bound of clipped gradient descent for the smallest target.

    Raises
    ------
    FalseClaim : the given pair is refuted.
    InputError : unknown name, bad expression, or no pair can be found.
    """
    place = subject(text, infimum=infimum)
    if L0 is None and L1 is None:
        return (
            place
            if place.smoothness or is_name(text)
            else _with_best_pair(place, min(as_fraction("eps", e) for e in epsilons))
        )
    if L1 is None:
        raise InputError(f"L0 = {L0} is given without L1: give both, or L1 alone for the smallest valid L0.")
    if L0 is None:
        smallest = minimal_L0(place, L1)
        if not isinstance(smallest.high, Fraction):
            raise InputError(f"no L0 is valid together with L1 = {L1} on {text}; choose a larger L1.")
        return _with_pair(place, smallest.high, smallest.L1, Status.PROVED, "smallest L0 for this L1")
    found = certify(place, L0, L1)
    if found.verdict == "refuted" and found.witness is not None:
        point = ", ".join(map(str, found.witness))
        raise FalseClaim(f"(L0, L1) = ({L0}, {L1}) is false for {text}: the inequality fails at ({point}).")
    if found.verdict == "undecided":
        show.note(f"(L0, L1) = ({L0}, {L1}) is taken on trust: {found.method}")
    status = Status.PROVED if found.verdict == "proved" else Status.STATED
    return _with_pair(place, found.L0, found.L1, status, f"given by the user; {found.method}")


def places_of(
    texts: Sequence[str], *, L0: str | None, L1: str | None, infimum: str | None, epsilons: Sequence[str]
) -> list[Landscape]:
    """Several landscapes; constants and an infimum can only be given for a single one."""
    distinct = list(dict.fromkeys(texts))
    given = [name for name, value in (("L0", L0), ("L1", L1), ("infimum", infimum)) if value is not None]
    if given and len(distinct) > 1:
        raise InputError(f"--{given[0]} belongs to one landscape; {len(distinct)} are given.")
    return [place_of(text, L0=L0, L1=L1, infimum=infimum, epsilons=epsilons) for text in distinct]


def _with_best_pair(place: Landscape, epsilon: Fraction) -> Landscape:
    slope = float(np.linalg.norm(place.gradient(np.array([place.start]))[0]))
    if slope <= epsilon:
        raise NoStepNeeded(
            f"eps = {float(epsilon):g} needs no step: the gradient norm of {place.key} at its start is {slope:.6g}."
        )
    try:
        best = best_constants(place, theorem_named(_YARDSTICK), epsilon=epsilon)
    except InputError as reason:
        raise InputError(f"no pair (L0, L1) was found for {place.key}: {reason} Give --L0 and --L1.") from None
    # What is used is what is printed; a larger L0 is valid too.
    L0 = _short_above(best.L0)
    show.note(f"{place.key}: using the valid pair L0 = {_decimal(L0)}, L1 = {_decimal(best.L1)}")
    return _with_pair(place, L0, best.L1, Status.PROVED, f"pair on the minimal curve, best for {_YARDSTICK}")


def _with_pair(place: Landscape, L0: Fraction, L1: Fraction, status: Status, source: str) -> Landscape:
    return dataclasses.replace(place, smoothness=(StatedSmoothness(L0=L0, L1=L1, status=status, source=source),))


def _short_above(value: Fraction) -> Fraction:
    """The least rational with six significant decimal digits that is >= value."""
    if value == 0:
        return value
    scale = Fraction(10) ** (5 - math.floor(math.log10(value)))
    return math.ceil(value * scale) / scale


def _decimal(value: Fraction) -> str:
    """The exact value: as a decimal when that is short."""
    shown = f"{float(value):.12g}"
    return shown if Fraction(shown) == value else str(value)
