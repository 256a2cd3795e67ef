r"""A bounded-time search for a violation of a theorem, with all hypotheses in force or with one of them dropped.

Trial k is a function of (seed, k) alone: it draws constants, one of the theorem's methods, free parameters, a landscape
of the class with a start, and a noise law that the theorem allows; then it either plays the worst-case game in
dimension one or runs the method for exactly as many points as the theorem asks for. The score is the criterion over the
promise. With a hypothesis dropped (:mod:`figures.hypotheses`) the trial breaks this hypothesis and keeps all others.

A score above 1 refutes the statement; with noise, only when it is above 1 by five standard errors. The search proves
nothing when it finds nothing: its closest score is a lower estimate of how much of the promise can be needed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bounds.errors import InputError
from bounds.theorem import Theorem
from figures.hypotheses import refutable, removable
from figures.instances import Instance
from figures.trials import Scored, trial

__all__ = ["Refutation", "refute_theorem"]

_CLEAR, _MORE = 1.5, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Refutation:
    """What the search found.

    Attributes
    ----------
    ratio : criterion over promise at the closest trial; NaN when no trial was covered by the theorem.
    error : its standard error, 0 without noise.
    violated : ratio > 1, with noise by five standard errors.
    instance : the closest trial, to be saved and run again; None when there is none.
    trials : trials that the theorem (or what is left of it) covers.
    """

    theorem: str
    dropped: str | None
    ratio: float
    error: float
    violated: bool
    instance: Instance | None
    trials: int
    seconds: float
    seed: int


def refute_theorem(
    theorem: Theorem,
    seconds: float = 10.0,
    drop: str | None = None,
    seed: int = 0,
    *,
    trials: int | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> Refutation:
    """Search until the time is up, ``trials`` are done or a violation is found (with ``drop``, preferably a clear one).

    Parameters
    ----------
    seconds : time after which no further trial begins.
    drop : key of a hypothesis to break, one of :func:`figures.hypotheses.removable`.
    progress : called after each trial with the number of trials and the closest ratio.

    Raises
    ------
    InputError : a theorem that no run can test, a hypothesis that cannot be dropped, or a bad number.
    """
    if not refutable(theorem):
        raise InputError(f"{theorem.key} is not a counted upper bound on gradient norms of a method that can be run.")
    known = [h.key for h in removable(theorem)]
    if drop is not None and drop not in known:
        raise InputError(f"hypothesis {drop!r} cannot be dropped from {theorem.key}; known: {', '.join(known)}.")
    if not (math.isfinite(seconds) and seconds > 0):
        raise InputError(f"seconds = {seconds} is not allowed: it must be a finite number > 0.")
    began, best, tried = time.perf_counter(), Scored(ratio=math.nan, error=0.0, instance=None), 0
    count, first = 0, None  # trials, and the trial of the first violation
    while time.perf_counter() - began < seconds and (trials is None or count < trials):
        found = trial(theorem, drop, np.random.default_rng([seed, count]), count)
        count += 1
        if found is None:
            continue
        tried += 1
        if best.instance is None or found.score > best.score:
            best = found
        if progress:
            progress(count, best.ratio)
        if best.violated and drop is None:
            break
        first = count if best.violated and first is None else first
        # A clear violation ends the search; after a faint one a few more trials may find a clear one.
        if first is not None and (best.score >= _CLEAR or count >= first + _MORE):
            break
    return Refutation(
        theorem=theorem.key,
        dropped=drop,
        ratio=best.ratio,
        error=best.error,
        violated=best.violated,
        instance=best.instance,
        trials=tried,
        seconds=time.perf_counter() - began,
        seed=seed,
    )
