r"""The comparer: measured iterations beside the bound for the very step sizes that were run.

For every method and every setting of a sweep the comparer picks the theorem with the smallest count (or the one it is
told), runs the method with that theorem's parameters as doubles, and evaluates the theorem again at these doubles:
bound and run speak about the same numbers. Verdicts:

within    the criterion held after at most the promised number of iterations
violated  it did not: a finding, never an accident to be smoothed over
censored  the run was cut at the cap, which lies below the bound
refused   no theorem covers this method on this landscape (the reason is recorded)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from bounds.applicability import NotCovered
from bounds.calculator import Bound, lower_bound_for
from bounds.catalogue import THEOREMS, theorem_named
from bounds.errors import InputError
from bounds.quantities import Number
from bounds.theorem import Criterion
from figures.rows import Row, Verdict
from figures.steps import Entry, best_bound, problem_of
from figures.sweep import Setting, Sweep
from synthetic.landscape import Landscape
from synthetic.oracles import EXACT, Oracle
from synthetic.solve import Status, solve

__all__ = ["compare"]

Norm = Literal["mean-squared", "mean", "min"]
_NORMS: dict[Criterion, Norm] = {
    Criterion.MEAN_SQUARED: "mean-squared",
    Criterion.MEAN: "mean",
    Criterion.MIN: "min",
}


def compare(
    sweeps: Sequence[Sweep],
    entries: Sequence[Entry],
    *,
    criterion: Criterion = Criterion.MEAN,
    oracle: Oracle = EXACT,
    sigma: Number = 0,
    seeds: int = 1,
    seed: int = 0,
    cap: int = 10**6,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Row, ...]:
    """Run every entry on every setting and judge it against its theorem.

    Parameters
    ----------
    oracle, sigma, seeds : with noise, ``seeds`` runs per setting estimate the expectations of the theorems.
    cap : most iterations of a run; a bound above it gives ``censored`` when the criterion did not hold before.
    progress : called with (settings done, settings in all).

    Raises
    ------
    InputError : a landscape without stated constants, an unknown theorem, a nonsensical option.
    NoStepNeeded : an epsilon above every gradient norm on the sublevel set.
    """
    if cap < 1 or seeds < 1:
        raise InputError(f"cap = {cap} and seeds = {seeds} are not allowed: both must be integers >= 1.")
    if not entries or not sweeps:
        raise InputError("nothing to compare: give at least one landscape and one method.")
    _norm(criterion)
    rows: list[Row] = []
    total = sum(len(s.settings) for s in sweeps) * len(entries)
    for sweep in sweeps:
        for entry in entries:
            for batch in _batches(sweep):
                rows += _measure(sweep, batch, entry, criterion, oracle, sigma, seeds, seed, cap)
                if progress:
                    progress(len(rows), total)
    return tuple(rows)


def _batches(sweep: Sweep) -> list[tuple[Setting, ...]]:
    """Consecutive settings on one landscape run as one batch."""
    batches: list[list[Setting]] = []
    for setting in sweep.settings:
        if batches and batches[-1][0].landscape is setting.landscape:
            batches[-1].append(setting)
        else:
            batches.append([setting])
    return [tuple(b) for b in batches]


def _measure(
    sweep: Sweep,
    batch: tuple[Setting, ...],
    entry: Entry,
    criterion: Criterion,
    oracle: Oracle,
    sigma: Number,
    seeds: int,
    seed: int,
    cap: int,
) -> list[Row]:
    landscape = batch[0].landscape
    candidates = THEOREMS if entry.theorem is None else (theorem_named(entry.theorem),)
    found: list[tuple[Setting, Bound | NotCovered]] = []
    for setting in batch:
        problem = problem_of(landscape, setting.start, setting.epsilon, criterion=criterion, sigma=sigma, oracle=oracle)
        problem.require_work()
        try:
            found.append((setting, best_bound(problem, entry, candidates)))
        except NotCovered as error:
            found.append((setting, error))
    rows: dict[int, Row] = {
        i: _refused(sweep, entry, s, b) for i, (s, b) in enumerate(found) if isinstance(b, NotCovered)
    }
    # One run per first counted iterate: the theorems of a batch may differ in it.
    for first in (0, 1):
        chosen = [(i, s, b) for i, (s, b) in enumerate(found) if isinstance(b, Bound) and b.theorem.first == first]
        if chosen:
            bounds = [b for _, _, b in chosen]
            settings = [s for _, s, _ in chosen]
            outcomes = _run(landscape, entry, settings, bounds, criterion, oracle, float(sigma), seeds, seed, cap)
            for (i, setting, bound), (iterations, status) in zip(chosen, outcomes, strict=True):
                rows[i] = _judge(sweep, entry, setting, bound, iterations, status, cap)
    return [rows[i] for i in range(len(batch))]


def _refused(sweep: Sweep, entry: Entry, setting: Setting, reason: NotCovered) -> Row:
    nan = math.nan
    return Row(
        landscape=sweep.name,
        method=entry.name,
        axis=sweep.axis,
        value=setting.value,
        epsilon=float(setting.epsilon),
        theorem="",
        measured=nan,
        bound=nan,
        lower=nan,
        verdict="refused",
        status="not run",
        step_size=nan,
        max_step=nan,
        reason=str(reason),
    )


def _run(
    landscape: Landscape,
    entry: Entry,
    settings: list[Setting],
    bounds: list[Bound],
    criterion: Criterion,
    oracle: Oracle,
    sigma: float,
    seeds: int,
    seed: int,
    cap: int,
) -> list[tuple[int, Status]]:
    runs = len(settings) * seeds
    columns = {name: np.repeat([_parameter(b, name) for b in bounds], seeds) for name in entry.method.parameters}
    result = solve(
        landscape,
        entry.method,
        np.repeat(np.array([s.start for s in settings], dtype=float), seeds, axis=0),
        epsilon=np.repeat([float(b.problem.epsilon) for b in bounds], seeds),
        max_iterations=min(cap, max(b.iterations for b in bounds)),
        parameters=columns,
        criterion=_norm(criterion),
        first=1 if bounds[0].theorem.first else 0,
        momentum_start=entry.momentum_start,
        oracle=oracle if sigma else EXACT,
        sigma=sigma,
        seed=seed,
        run_ids=np.arange(runs),
        groups=np.repeat(np.arange(len(settings)), seeds),
    )
    return [(int(result.iterations[i]), Status(int(result.status[i]))) for i in range(0, runs, seeds)]


def _norm(criterion: Criterion) -> Norm:
    if criterion not in _NORMS:
        raise InputError(
            f"criterion = {criterion.value!r} is not allowed: runs are compared by gradient norms "
            f"({', '.join(_NORMS.values())})."
        )
    return _NORMS[criterion]


def _parameter(bound: Bound, name: str) -> float:
    """The double that the run uses; exact for step sizes of a runnable bound."""
    value: Any = {str(s): v for s, v in bound.application.values.items()}[name]
    return float("inf") if value.is_infinite else float(Fraction(int(value.p), int(value.q)))


def _judge(
    sweep: Sweep, entry: Entry, setting: Setting, bound: Bound, iterations: int, status: Status, cap: int
) -> Row:
    converged = status is Status.CONVERGED
    if converged and iterations <= bound.iterations:
        verdict: Verdict = "within"
    elif status is Status.CAPPED and bound.iterations > cap:
        verdict = "censored"
    else:
        verdict = "violated"
    lower = lower_bound_for(bound, THEOREMS)
    shown = bound.parameters
    return Row(
        landscape=sweep.name,
        method=entry.name,
        axis=sweep.axis,
        value=setting.value,
        epsilon=float(bound.problem.epsilon),
        theorem=bound.theorem.key,
        measured=float(iterations) if converged else math.nan,
        bound=float(bound.iterations),
        lower=float(lower.iterations) if lower else math.nan,
        verdict=verdict,
        status=status.name.lower(),
        step_size=shown.get("step_size", math.nan),
        max_step=shown.get("max_step", math.nan),
    )
