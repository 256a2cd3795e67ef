r"""The verification ladder: for every theorem, how theory and practice stand.

1 dimensions  units of every term, the declared limits, and the leading terms
2 proof       the machine-checked proof steps, where this installation has the checker
3 runs        upper bounds: the method with the theorem's steps on certified landscapes, with and without noise, never
              needs more iterations than promised; lower bounds: methods on the theorem's hard instance never need fewer
4 search      a bounded-time adversarial search for a violation (:mod:`figures.refutation`)
5 exponents   fitted exponents agree with the bound's (:mod:`figures.exponents`)

A rung holds, fails, or says why it could not be climbed; it never holds for lack of trying, and the number of runs
behind it is part of the verdict.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import sympy as sp

from bounds.applicability import substitute
from bounds.calculator import evaluate
from bounds.catalogue import THEOREMS
from bounds.methods import Method, method_named
from bounds.problem import Problem
from bounds.smoothness import LIPSCHITZ, Noise
from bounds.symbols import beta, nu
from bounds.theorem import Criterion, Kind, Provenance, Theorem
from figures.comparer import compare
from figures.exponents import FITS, fit
from figures.hypotheses import refutable
from figures.refutation import refute_theorem
from figures.sandwich import CASES, sandwich
from figures.steps import Entry
from figures.sweep import Sweep
from figures.verdicts import settings_of
from synthetic.hard import HARD_INSTANCES, HardInstance
from synthetic.landscapes import LANDSCAPES, huber, landscape_named
from synthetic.oracles import EXACT, GAUSSIAN, SPHERE, TWO_POINT, Oracle
from synthetic.solve import solve

__all__ = ["RUNGS", "Climb", "Rung", "climb", "climb_all", "ladder_table"]

Verdict = Literal["holds", "fails", "not available", "not applicable"]
RUNGS = ("dimensions", "proof", "runs", "search", "exponents")

_ORACLES: dict[Noise, tuple[Oracle, ...]] = {
    Noise.EXACT: (EXACT,),
    Noise.BOUNDED: (TWO_POINT, SPHERE),
    Noise.VARIANCE: (TWO_POINT, GAUSSIAN),
}
_QUICK = ("huber", "exponential-bowl", "cosh")
_CAP, _SEEDS = 4000, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung for one theorem; ``runs`` counts the runs, games or checks behind the verdict."""

    key: str
    verdict: Verdict
    detail: str
    runs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """All rungs of one theorem."""

    theorem: str
    kind: str
    provenance: str
    rungs: tuple[Rung, ...]

    @property
    def runs(self) -> int:
        """Runs behind the verdict."""
        return sum(r.runs for r in self.rungs if r.key in ("runs", "search", "exponents"))

    @property
    def verdict(self) -> str:
        """``stands`` when no rung fails, else ``fails`` with the rungs."""
        broken = [r.key for r in self.rungs if r.verdict == "fails"]
        return f"fails: {', '.join(broken)}" if broken else "stands"

    @property
    def ok(self) -> bool:
        """Whether no rung fails."""
        return all(r.verdict != "fails" for r in self.rungs)


def climb_all(
    theorems: Sequence[Theorem] | None = None,
    *,
    seconds: float = 2.0,
    seed: int = 0,
    quick: bool = True,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[Climb, ...]:
    """The ladder of several theorems, by default of all that are proved here.

    Parameters
    ----------
    seconds : time of the adversarial search for each theorem.
    quick : three landscapes and one accuracy instead of all landscapes and two.
    progress : called with (theorems done, theorems in all, key).
    """
    chosen = [t for t in THEOREMS if t.provenance is Provenance.PROVED_HERE] if theorems is None else theorems
    found = []
    for k, theorem in enumerate(chosen):
        if progress:
            progress(k, len(chosen), theorem.key)
        found.append(climb(theorem, seconds=seconds, seed=seed, quick=quick))
    return tuple(found)


def climb(theorem: Theorem, *, seconds: float = 2.0, seed: int = 0, quick: bool = True) -> Climb:
    """The five rungs of one theorem; see :func:`climb_all`."""
    return Climb(
        theorem=theorem.key,
        kind=theorem.kind.value,
        provenance=theorem.provenance.value,
        rungs=(
            _dimensions(theorem),
            _proof(theorem),
            _upper_runs(theorem, seed=seed, quick=quick)
            if theorem.kind is Kind.UPPER
            else _lower_runs(theorem, seed=seed),
            _search(theorem, seconds=seconds, seed=seed),
            _exponents(theorem, seed=seed),
        ),
    )


def ladder_table(climbs: Sequence[Climb]) -> list[dict[str, str]]:
    """One row per theorem, for Markdown, HTML and the terminal."""
    return [
        {
            "theorem": c.theorem,
            "kind": c.kind,
            **{r.key: f"{r.verdict}: {r.detail}" if r.detail else r.verdict for r in c.rungs},
            "runs in all": f"{c.runs:,}",
            "verdict": c.verdict,
        }
        for c in climbs
    ]


def _dimensions(theorem: Theorem) -> Rung:
    try:
        dataclasses.replace(theorem)  # construction checks the units of every term
    except ValueError as error:
        return Rung(key="dimensions", verdict="fails", detail=str(error))
    defaults = {s: v for s, v in theorem.parameters if s in {beta, nu}}
    for limit in theorem.limits:
        values: dict[Any, Any] = {limit.symbol: sp.Integer(limit.to)}
        for symbol, recommended in theorem.parameters:
            values[symbol] = substitute(recommended, values)
        if sp.simplify(substitute(theorem.iterations, values) - limit.value.xreplace(defaults)) != 0:
            return Rung(key="dimensions", verdict="fails", detail=f"the limit {limit.symbol} -> {limit.to} is wrong")
    checks = 2 + len(theorem.requires) + len(theorem.parameters) + len(theorem.limits)
    detail = f"{len(theorem.limits)} limits" if theorem.limits else "units"
    return Rung(key="dimensions", verdict="holds", detail=detail, runs=checks)


def _proof(theorem: Theorem) -> Rung:
    if theorem.provenance is not Provenance.PROVED_HERE:
        return Rung(key="proof", verdict="not applicable", detail=theorem.provenance.value)
    try:
        verify: Any = importlib.import_module("bounds.proofs.verify").verify
    except ImportError:
        return Rung(key="proof", verdict="not available", detail="no checker in this installation")
    (outcome,) = verify([theorem.key]).theorems
    if not outcome.rows:
        return Rung(key="proof", verdict="not available", detail=str(outcome.status))
    failed = [row for row in outcome.rows if row.verdict == "failed"]
    waiting = sum(row.verdict == "not run" for row in outcome.rows)
    detail = f"{len(outcome.rows)} steps" + (f", {waiting} wait for --deep" if waiting else "")
    if failed:
        return Rung(
            key="proof", verdict="fails", detail=f"{failed[0].name}: {failed[0].reason}", runs=len(outcome.rows)
        )
    return Rung(key="proof", verdict="holds", detail=detail, runs=len(outcome.rows))


def _upper_runs(theorem: Theorem, *, seed: int, quick: bool) -> Rung:
    rows = [m for m in theorem.methods if isinstance(m, Method)]
    if theorem.order_only or theorem.convex or theorem.criterion is Criterion.VALUE or not rows:
        return Rung(key="runs", verdict="not applicable", detail="no count of gradient norms to compare with")
    entries = [Entry(method=m, theorem=theorem.key, parameters=_parameters(theorem, m)) for m in rows]
    places = [landscape_named(k) for k in _QUICK] if quick else [x for x in LANDSCAPES if x.smoothness]
    criterion = Criterion.MIN if theorem.criterion is Criterion.MIN else Criterion.MEAN
    judged = within = censored = runs = 0
    ratios = [0.0]
    for place in places:
        if theorem.smoothness == LIPSCHITZ and place.constants.L1 != 0:
            continue
        for setting in settings_of(place, (0.5,) if quick else (0.5, 0.2)):
            for oracle in _ORACLES.get(theorem.noise, ()):
                noisy = oracle is not EXACT
                sweep = Sweep(name=place.key, axis="epsilon", settings=(setting,))
                table = compare(
                    [sweep],
                    entries,
                    criterion=criterion,
                    oracle=oracle,
                    sigma=2 * float(setting.epsilon) if noisy else 0,
                    seeds=_SEEDS if noisy else 1,
                    seed=seed,
                    cap=_CAP,
                )
                judged += sum(r.verdict in ("within", "violated") for r in table)
                within += sum(r.verdict == "within" for r in table)
                censored += sum(r.verdict == "censored" for r in table)
                runs += sum(r.verdict != "refused" for r in table) * (_SEEDS if noisy else 1)
                ratios += [r.ratio for r in table if r.verdict == "within"]
    detail = f"{within} of {judged} within, largest measured/bound {max(ratios):.2f}"
    if censored:
        detail += f", {censored} cut at {_CAP}"
    if not judged:
        reason = f"all {censored} comparisons were cut at {_CAP} points" if censored else "no landscape is covered"
        return Rung(key="runs", verdict="not available", detail=reason, runs=runs)
    return Rung(key="runs", verdict="holds" if within == judged else "fails", detail=detail, runs=runs)


def _parameters(theorem: Theorem, method: Method) -> dict[str, Any]:
    numeric = {s.name for s, v in theorem.parameters if s == beta and v.is_number}
    chosen: dict[str, Any] = {"beta": "1/2"} if "beta" in numeric and method.momentum else {}
    return chosen | ({"nu": "1/2"} if method.nu is None and any(s == nu for s, _ in theorem.parameters) else {})


def _lower_runs(theorem: Theorem, *, seed: int) -> Rung:
    """Methods on the hard instances: the criterion must still fail after the number of points that is claimed."""
    counts: list[tuple[str, bool]] = []
    for instance in HARD_INSTANCES:
        if instance.theorem_key == theorem.key:
            counts += [
                (f"{key} on {instance.key}", _resisted(instance, method_named(key), seed)) for key in _tested(theorem)
            ]
    for case in CASES:
        if not case.noise:
            row = sandwich(case, 1.0, rounds=0)
            if row.lower_key == theorem.key:
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


def _search(theorem: Theorem, *, seconds: float, seed: int) -> Rung:
    if not refutable(theorem):
        return Rung(key="search", verdict="not applicable", detail="its hard runs are the search")
    found = refute_theorem(theorem, seconds, seed=seed)
    if not found.trials:
        return Rung(key="search", verdict="not available", detail="no trial fits into the time")
    detail = f"closest {found.ratio:.2f} of the promise"
    return Rung(key="search", verdict="fails" if found.violated else "holds", detail=detail, runs=found.trials)


def _exponents(theorem: Theorem, *, seed: int) -> Rung:
    lines = [line for line in FITS if line.theorem == theorem.key]
    if not lines:
        return Rung(key="exponents", verdict="not applicable", detail="no sweep is registered")
    fits = [fit(line, seed=seed) for line in lines]
    agreeing = sum(f.agrees and f.within for f in fits)
    detail = f"{agreeing} of {len(fits)} sweeps agree ({', '.join(dict.fromkeys(f.axis for f in fits))})"
    verdict: Verdict = "holds" if agreeing == len(fits) else "fails"
    return Rung(key="exponents", verdict=verdict, detail=detail, runs=sum(f.runs for f in fits))
