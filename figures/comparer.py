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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from bounds.applicability import NotCovered
from bounds.calculator import Bound, evaluate, lower_bound_for
from bounds.catalogue import THEOREMS, theorem_named
from bounds.enclosure import float_below
from bounds.errors import InputError
from bounds.methods import Method, MomentumStart
from bounds.problem import Problem
from bounds.quantities import Number
from bounds.smoothness import Noise
from bounds.symbols import eta, gamma
from bounds.theorem import Criterion, Kind, Theorem
from figures.sweep import Setting, Sweep
from synthetic.landscape import Landscape
from synthetic.oracles import EXACT, Oracle
from synthetic.solve import Status, solve

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Entry", "Row", "compare", "dataset", "problem_of", "runnable"]

Verdict = Literal["within", "violated", "censored", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A method with the parameters that are the user's choice, and the theorem to hold it against.

    Attributes
    ----------
    theorem : key of a theorem, or None for the one with the smallest count.
    parameters : values by quantity name (``beta``, ``nu``, ``M``, ``eta``, ``gamma``).
    """

    method: Method
    theorem: str | None = None
    parameters: dict[str, Number] = field(default_factory=dict)
    momentum_start: MomentumStart = MomentumStart.GRADIENT
    label: str | None = None

    @property
    def name(self) -> str:
        """How tables and legends call it."""
        shown = ", ".join(f"{k}={v}" for k, v in self.parameters.items() if k in ("beta", "nu"))
        return self.label or (f"{self.method.key} ({shown})" if shown else self.method.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured point."""

    landscape: str
    method: str
    axis: str
    value: float
    epsilon: float
    theorem: str
    measured: float
    bound: float
    lower: float
    verdict: Verdict
    status: str
    step_size: float
    max_step: float
    reason: str = ""

    @property
    def ratio(self) -> float:
        """measured / bound; NaN where either is missing."""
        return self.measured / self.bound


def problem_of(
    landscape: Landscape,
    start: Sequence[float],
    epsilon: Number,
    *,
    criterion: Criterion = Criterion.MEAN,
    sigma: Number = 0,
    oracle: Oracle = EXACT,
) -> Problem:
    """The problem that a landscape poses: its stated constants and its gap at the start, rounded up.

    Raises
    ------
    InputError : the landscape states no constants, or the gap is not positive and finite.
    """
    constants = landscape.constants
    gap = float(landscape.gap(np.array([start], dtype=float))[0])
    if not (math.isfinite(gap) and gap > 0):
        raise InputError(
            f"{landscape.key}: the gap F(x0) - inf F at {tuple(start)} is {gap}; it must be positive and finite."
        )
    # F is computed in doubles: sixteen units in the last place cover its rounding, and a larger gap is safe.
    safe = Fraction(gap) * (1 + Fraction(1, 2**48))
    noise = Noise(oracle.noise) if sigma else Noise.EXACT
    return Problem.of(
        L0=constants.L0,
        L1=constants.L1,
        Delta=safe,
        epsilon=epsilon,
        sigma=sigma,
        noise=noise,
        criterion=criterion,
        dimension=landscape.dimension,
    )


def runnable(theorem: Theorem, problem: Problem, entry: Entry) -> Bound:
    """The theorem at step sizes that are doubles.

    The step size is cut to 32 bits, which leaves room in every inequality for the rounding of the largest step.

    Raises
    ------
    NotCovered : the theorem does not cover the problem, or needs step sizes that no doubles satisfy.
    """
    chosen: dict[str, Number] = dict(entry.parameters)
    if entry.method.nu is not None and any(str(s) == "nu" for s, _ in theorem.parameters):
        chosen["nu"] = entry.method.nu
    ideal = evaluate(theorem, problem, chosen, entry.momentum_start)
    step, longest = ideal.parameter(eta), ideal.parameter(gamma)
    if step is not None and not step.is_infinite and "eta" not in chosen:
        chosen["eta"] = Fraction(float_below(step, 32))
    if longest is None or longest.is_infinite or "gamma" in chosen:
        return evaluate(theorem, problem, chosen, entry.momentum_start)
    if step is not None and not step.is_infinite:
        longest = longest / step * Fraction(chosen["eta"]).numerator / Fraction(chosen["eta"]).denominator
    below = float_below(longest)
    refusal: NotCovered | None = None
    for candidate in (below, math.nextafter(below, math.inf)):
        try:
            return evaluate(theorem, problem, chosen | {"gamma": Fraction(candidate)}, entry.momentum_start)
        except NotCovered as error:
            refusal = refusal or error
    raise refusal if refusal else NotCovered("no largest step to try")


def _best(problem: Problem, entry: Entry, candidates: Iterable[Theorem]) -> Bound:
    best: Bound | None = None
    reasons: list[str] = []
    covering = [t for t in candidates if t.kind is Kind.UPPER and entry.method in t.methods]
    # Theorems made for more noise than there is also apply, but they recommend needlessly cautious steps.
    for theorem in [t for t in covering if t.noise is problem.noise] or covering:
        try:
            found = runnable(theorem, problem, entry)
        except NotCovered as error:
            reasons.append(f"{theorem.key}: {error}")
            continue
        if best is None or found.iterations < best.iterations:
            best = found
    if best is None:
        raise NotCovered("; ".join(reasons) or f"no theorem covers {entry.method.key}")
    return best


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
            found.append((setting, _best(problem, entry, candidates)))
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
        criterion=criterion.value,
        first=1 if bounds[0].theorem.first else 0,
        momentum_start=entry.momentum_start,
        oracle=oracle if sigma else EXACT,
        sigma=sigma,
        seed=seed,
        run_ids=np.arange(runs),
        groups=np.repeat(np.arange(len(settings)), seeds),
    )
    return [(int(result.iterations[i]), Status(int(result.status[i]))) for i in range(0, runs, seeds)]


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


def dataset(rows: Sequence[Row]) -> xr.Dataset:
    """The rows as a labelled dataset with dimensions (landscape, method, point).

    Variables: value (of the swept quantity), epsilon, measured, bound, lower, ratio, step_size, max_step, verdict,
    status, theorem, reason.
    """
    import xarray as xr

    landscapes = list(dict.fromkeys(r.landscape for r in rows))
    methods = list(dict.fromkeys(r.method for r in rows))
    cells: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        cells.setdefault((row.landscape, row.method), []).append(row)
    shape = (len(landscapes), len(methods), max(map(len, cells.values())))
    numbers = ("value", "epsilon", "measured", "bound", "lower", "ratio", "step_size", "max_step")
    words = ("verdict", "status", "theorem", "reason")
    data: dict[str, Any] = {n: np.full(shape, np.nan) for n in numbers}
    data |= {w: np.full(shape, "", dtype=f"<U{max(1, *(len(getattr(r, w)) for r in rows))}") for w in words}
    for (landscape, method), points in cells.items():
        at = (landscapes.index(landscape), methods.index(method))
        for k, row in enumerate(points):
            for name in (*numbers, *words):
                data[name][(*at, k)] = getattr(row, name)
    dims = ("landscape", "method", "point")
    return xr.Dataset(
        {name: (dims, values) for name, values in data.items()},
        coords={"landscape": landscapes, "method": methods, "point": np.arange(shape[2])},
        attrs={"axis": rows[0].axis, "description": "measured iterations, certified bounds and verdicts"},
    )
