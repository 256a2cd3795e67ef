"""The rung of measured runs: upper bounds on certified landscapes, lower bounds on their hard instances."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from bounds.calculator import evaluate
from bounds.methods import Method, method_named
from bounds.problem import Problem
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import beta, epsilon, nu, sigma
from bounds.theorem import Criterion, Theorem
from figures.comparer import compare
from figures.sandwich import QUICK_EFFORT, posed, sandwich
from figures.sandwich_cases import CASES
from figures.steps import Entry
from figures.sweep import Sweep
from figures.verdicts import settings_of
from synthetic.hard import HARD_INSTANCES, HardInstance
from synthetic.landscapes import LANDSCAPES, huber, landscape_named
from synthetic.oracles import EXACT, GAUSSIAN, SPHERE, TWO_POINT, Oracle
from synthetic.solve import solve

__all__ = ["Rung", "Verdict", "lower_runs", "upper_runs"]

Verdict = Literal["holds", "fails", "not available", "not applicable"]

_ORACLES: dict[Noise, tuple[Oracle, ...]] = {
    Noise.EXACT: (EXACT,),
    Noise.BOUNDED: (TWO_POINT, SPHERE),
    Noise.VARIANCE: (TWO_POINT, GAUSSIAN),
}
_QUICK = ("huber", "exponential-bowl", "cosh")
_CAP, _NOISY_CAP, _SEEDS = 4000, 1200, 24
_SMALL_GAP = Fraction(7, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung for one theorem; ``runs`` counts the runs, games or checks behind the verdict."""

    key: str
    verdict: Verdict
    detail: str
    runs: int = 0


def upper_runs(theorem: Theorem, *, seed: int, quick: bool) -> Rung:
    rows = [m for m in theorem.methods if isinstance(m, Method)]
    if theorem.order_only or theorem.convex or theorem.criterion is Criterion.VALUE or not rows:
        return Rung(key="runs", verdict="not applicable", detail="no count of gradient norms to compare with")
    begin = theorem.momentum_start[0]
    entries = [
        Entry(method=m, theorem=theorem.key, parameters=_parameters(theorem, m), momentum_start=begin) for m in rows
    ]
    places = [landscape_named(k) for k in _QUICK] if quick else [x for x in LANDSCAPES if x.smoothness]
    criterion = Criterion.MIN if theorem.criterion is Criterion.MIN else Criterion.MEAN
    judged = within = censored = runs = 0
    ratios = [0.0]
    for place in places:
        if theorem.smoothness == LIPSCHITZ and place.constants.L1 != 0:
            continue
        if "M" in _needed(theorem) and place.key != "huber":
            continue  # elsewhere no bound on every gradient that noise can lead to is known
        for setting in settings_of(place, (0.5,) if quick else (0.5, 0.2)):
            for oracle in _ORACLES.get(theorem.noise, ()):
                noisy = oracle is not EXACT
                cap = _NOISY_CAP if noisy and quick else _CAP
                sweep = Sweep(name=place.key, axis="epsilon", settings=(setting,))
                table = compare(
                    [sweep],
                    entries,
                    criterion=criterion,
                    oracle=oracle,
                    sigma=_noise_over_epsilon(theorem) * float(setting.epsilon) if noisy else 0,
                    seeds=_SEEDS if noisy else 1,
                    seed=seed,
                    cap=cap,
                )
                judged += sum(r.verdict in ("within", "violated") for r in table)
                within += sum(r.verdict == "within" for r in table)
                censored += sum(r.verdict == "censored" for r in table)
                runs += sum(r.verdict != "refused" for r in table) * (_SEEDS if noisy else 1)
                ratios += [r.ratio for r in table if r.verdict == "within"]
    for case in CASES:
        if case.theorem == theorem.key:
            own = sandwich(case, 0.01, gaps=_SMALL_GAP, seed=seed, effort=QUICK_EFFORT)
            judged, within, runs = judged + 1, within + (not own.broken), runs + own.runs
            ratios.append(own.found)
    detail = f"{within} of {judged} within, largest measured/bound {max(ratios):.2f}"
    if censored:
        detail += f", {censored} cut at the cap"
    if not judged:
        reason = f"all {censored} comparisons were cut at the cap" if censored else "no landscape is covered"
        return Rung(key="runs", verdict="not available", detail=reason, runs=runs)
    return Rung(key="runs", verdict="holds" if within == judged else "fails", detail=detail, runs=runs)


def _needed(theorem: Theorem) -> set[str]:
    """Parameters without a recommended value."""
    known = {s.name for s, _ in theorem.parameters} | {"L0", "L1", "Delta", "epsilon", "sigma"}
    return {s.name for s in theorem.symbols} - known


def _noise_over_epsilon(theorem: Theorem) -> int:
    """A noise level that the theorem covers: some need the target well below it."""
    demanding = any(r.left == 4 * epsilon and r.right == sigma for r in theorem.requires)
    return 8 if demanding else 2


def _parameters(theorem: Theorem, method: Method) -> dict[str, Any]:
    numeric = {s.name for s, v in theorem.parameters if s == beta and v.is_number}
    chosen: dict[str, Any] = {"beta": "1/2"} if "beta" in numeric and method.momentum else {}
    if "M" in _needed(theorem):
        chosen["M"] = 1  # the slope of the shipped Huber function
    return chosen | ({"nu": "1/2"} if method.nu is None and any(s == nu for s, _ in theorem.parameters) else {})


def lower_runs(theorem: Theorem, *, seed: int) -> Rung:
    """Methods on the hard instances: the criterion must still fail after the number of points that is claimed."""
    counts: list[tuple[str, bool]] = []
    for instance in HARD_INSTANCES:
        if instance.theorem_key == theorem.key:
            counts += [
                (f"{key} on {instance.key}", _resisted(instance, method_named(key), seed)) for key in _tested(theorem)
            ]
    for case in CASES:
        if not case.noise and posed(case, 1.0)[1].theorem.key == theorem.key:
            row = sandwich(case, 1.0, effort=QUICK_EFFORT)
            counts.append((f"{case.theorem}, resisting landscape", row.lower <= row.hard))
    if theorem.key == "clipped-sgd-own-lower":
        counts += [(f"clipped SGD with eta = {step}", _noisy_descent_fails(theorem, step, seed)) for step in (0.5, 1.0)]
    if not counts:
        return Rung(key="runs", verdict="not applicable", detail="no hard instance is built for it")
    broken = [name for name, held in counts if not held]
    detail = f"{len(counts) - len(broken)} of {len(counts)} hard runs needed at least the bound"
    return Rung(key="runs", verdict="fails" if broken else "holds", detail=detail, runs=len(counts))


def _tested(theorem: Theorem) -> tuple[str, ...]:
    wanted = ("gd", "clipped-gd", "momentum-clipping", "normalized-gd")
    covered = {m.key for m in theorem.methods}
    return tuple(k for k in wanted if k in covered)


def _resisted(instance: HardInstance, method: Method, seed: int) -> bool:
    noise = instance.theorem.noise
    noisy = noise is not Noise.EXACT
    # The classical chain costs 1824 per link, the others a few units of gap.
    delta = 20_000 if instance.theorem.smoothness == LIPSCHITZ else 200
    problem = Problem.of(L0=1, L1=1, Delta=delta, epsilon=1, sigma=4 if noisy else 0, noise=noise if noisy else None)
    parameters = {n: v for n, v in {"eta": 0.4, "gamma": 0.4, "beta": 0.5}.items() if n in method.parameters}
    made = instance.build(problem, method, parameters)
    queries = made.queries if made.queries is not None else _CAP
    runs = _SEEDS if noisy else 1
    result = solve(
        made.landscape,
        method,
        np.tile(np.array([made.landscape.start], dtype=float), (runs, 1)),
        epsilon=float(problem.epsilon),
        max_iterations=max(queries, 1),
        parameters=parameters,
        criterion="min",
        oracle=made.oracle,
        sigma=float(problem.sigma),
        seed=seed,
        groups=np.zeros(runs, dtype=np.int64),
    )
    return not bool(result.converged.any())


def _noisy_descent_fails(theorem: Theorem, step: float, seed: int) -> bool:
    """Both halves of the proof: a slope for steps up to 8 eps^2/(L0 sigma^2), noise in a bowl for longer ones."""
    problem = Problem.of(L0=1, L1=0, Delta=100, epsilon=1, sigma=4, smoothness=LIPSCHITZ)
    parameters = {"eta": step, "gamma": 10 * step}
    needed = evaluate(theorem, problem, {"eta": step, "gamma": 10 * step}).iterations
    short = step * 16 <= 8
    place = huber(L0=1, slope="1.000001" if short else 1000)
    start = 100.0 if short else 2.0
    runs = 1 if short else 1000
    result = solve(
        place,
        method_named("clipped-gd"),
        np.full((runs, 1), start),
        epsilon=1.0,
        max_iterations=needed - 1,
        parameters=parameters,
        oracle=EXACT if short else TWO_POINT,
        sigma=0.0 if short else 4.0,
        seed=seed,
        groups=np.zeros(runs, dtype=np.int64),
    )
    return not bool(result.converged.any())
