"""The commands that run methods: run, compare and demo."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bounds import THEOREMS, Bound, Criterion, MomentumStart, NotCovered, Problem, method_named, rank
from bounds.errors import InputError
from bounds.quantities import as_fraction, quantity
from clipbounds import show
from clipbounds.descent import certificate_of, told, write_certificate
from clipbounds.options import chosen_parameters
from clipbounds.places import place_of, places_of
from figures import Entry, Row, compare, comparison_figure, growth_figure, growth_rows, over_epsilon
from figures.growth import ENTRIES
from figures.save import prepare_folder, save_figure, save_rows, write_all
from figures.steps import best_bound, problem_of
from figures.verdicts import summarize, verdict_rows
from synthetic import EXACT, RunStatus, landscape_named, oracle_named, solve
from synthetic.landscape import Landscape
from synthetic.oracles import Oracle

__all__ = ["compare_many", "judge_all", "run_once", "tour"]


def _oracle(name: str | None, sigma: str | None) -> tuple[Oracle, str]:
    """The oracle and the noise level; one without the other is refused."""
    level = sigma or "0"
    noisy = quantity("sigma").validate(level) > 0
    oracle = oracle_named(name or ("two-point" if noisy else "exact"))
    if noisy != (oracle is not EXACT):
        raise InputError(f"oracle {oracle.key!r} does not fit sigma = {level}: noise needs sigma > 0, 'exact' needs 0.")
    return oracle, level


def _claim(constants: dict[str, str]) -> dict[str, str | None]:
    """The smoothness constants among the options, taken out of them."""
    return {name: constants.pop(name, None) for name in ("L0", "L1")}


def _start(landscape: Landscape, text: str | None) -> tuple[float, ...]:
    if text is None:
        return landscape.start
    point = tuple(_coordinate(p) for p in text.split(","))
    if len(point) != landscape.dimension:
        raise InputError(f"start = {text} has {len(point)} coordinates; {landscape.key} needs {landscape.dimension}.")
    return point


def _check_gradient_bound(place: Landscape, start: tuple[float, ...], bound: str | None) -> None:
    """A claimed bound M on the gradient norm must at least hold at the start."""
    if bound is None:
        return
    norm = float(np.linalg.norm(place.gradient(np.array([start]))[0]))
    if norm > float(quantity("M").validate(bound)):
        raise InputError(f"M = {bound} is not a gradient bound on {place.key}: the norm at the start is {norm:.6g}.")


def _coordinate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(f"start = {text.strip()!r} is not allowed: coordinates are finite numbers, comma-separated.")
    return value


def run_once(
    *,
    landscape: str,
    method: str,
    epsilons: Sequence[str],
    constants: dict[str, str],
    infimum: str | None,
    clip_threshold: str | None,
    start: str | None,
    max_iterations: int,
    criterion: str,
    momentum_start: str,
    oracle: str | None,
    seed: int,
    lyapunov: Path | None,
    as_json: bool,
) -> bool:
    """Run one method; see ``clipbounds run --help``. True when a step broke the Lyapunov certificate.

    Raises
    ------
    InputError : bad options, or a run that diverged.
    """
    row = method_named(method)
    place = place_of(landscape, **_claim(constants), infimum=infimum, epsilons=epsilons)
    law, sigma = _oracle(oracle, constants.pop("sigma", None))
    begin = _start(place, start)
    chosen = chosen_parameters(constants, clip_threshold)
    folder = None if lyapunov is None else prepare_folder(lyapunov)
    results: list[dict[str, Any]] = []
    for epsilon in epsilons:
        parameters, promised = _parameters(place, row, begin, epsilon, chosen, criterion, momentum_start, law, sigma)
        certificate = (
            None if folder is None else certificate_of(place, row, parameters, MomentumStart(momentum_start), law)
        )
        outcome = solve(
            place,
            row,
            np.array([begin]),
            epsilon=float(as_fraction("eps", epsilon)),
            max_iterations=max_iterations,
            parameters=parameters,
            criterion="min" if criterion == "min" else "mean",
            momentum_start=MomentumStart(momentum_start),
            oracle=law,
            sigma=float(as_fraction("sigma", sigma)),
            seed=seed,
        )
        status = RunStatus(int(outcome.status[0]))
        if status is RunStatus.DIVERGED:
            shown = ", ".join(f"{k} = {v:g}" for k, v in parameters.items())
            raise InputError(
                f"{method} diverged on {landscape} after {int(outcome.iterations[0])} iterations with {shown}; "
                "use smaller steps."
            )
        results.append(
            {
                "landscape": landscape,
                "method": method,
                "epsilon": float(as_fraction("eps", epsilon)),
                "status": status.name.lower(),
                "iterations": int(outcome.iterations[0]),
                "mean_gradient_norm": float(outcome.mean_gradient_norm[0]),
                "min_gradient_norm": float(outcome.min_gradient_norm[0]),
                "gap": float(place.gap(outcome.x)[0]),
                "parameters": {k: v if np.isfinite(v) else None for k, v in parameters.items()},
                "bound": promised,
            }
        )
        if folder is not None and certificate is not None:
            points = int(outcome.iterations[0])
            stem = "lyapunov" if len(epsilons) == 1 else f"lyapunov_eps_{results[-1]['epsilon']:g}"
            results[-1]["lyapunov"] = write_certificate(
                certificate, place, row, begin, parameters, points=points, folder=folder, stem=stem
            )
    broken = any(not r["lyapunov"]["holds"] for r in results if "lyapunov" in r)
    if as_json:
        show.json({"runs": results})
        return broken
    for r in results:
        bound = r["bound"]
        promise = f"bound {bound['iterations']:,} ({bound['theorem']})" if bound else "no bound applies"
        steps = ", ".join(f"{k}={v:.4g}" for k, v in r["parameters"].items() if v is not None)
        show.text(
            f"{landscape}, {method} ({steps}), eps = {r['epsilon']:g}: {r['status']} after "
            f"{r['iterations']:,} iterations; {promise}; mean |grad F| = {r['mean_gradient_norm']:.4g}, "
            f"min = {r['min_gradient_norm']:.4g}, "
            f"gap = {r['gap']:.4g}"
        )
        if "lyapunov" in r:
            show.text(told(r["lyapunov"]))
    return broken


def _parameters(
    place: Landscape,
    method: Any,
    begin: tuple[float, ...],
    epsilon: str,
    chosen: dict[str, str],
    criterion: str,
    momentum_start: str,
    law: Oracle,
    sigma: str,
) -> tuple[dict[str, float], dict[str, Any] | None]:
    """Parameters as doubles: the user's, completed by those of the best theorem; and that theorem's count."""
    from bounds.applicability import read_parameters

    exact = {str(s): v for s, v in read_parameters(chosen).items()}
    entry = Entry(
        method=method,
        parameters={k: f"{v.p}/{v.q}" for k, v in exact.items() if k in (*method.parameters, "M")},
        momentum_start=MomentumStart(momentum_start),
    )
    if extra := sorted(set(exact) - {*method.parameters, "M"}):
        raise InputError(
            f"{method.key} has no {', '.join(quantity(e).option for e in extra)}; it takes "
            f"{', '.join(quantity(p).option for p in method.parameters) or 'no parameters'}."
        )
    _check_gradient_bound(place, begin, chosen.get("M"))
    best: Bound | None = None
    reason = "the landscape states no smoothness constants"
    if place.smoothness:
        problem = problem_of(place, begin, epsilon, criterion=Criterion(criterion), sigma=sigma, oracle=law)
        try:
            best = best_bound(problem, entry, THEOREMS)
        except NotCovered as error:
            reason = str(error)
    values = {str(s): v for s, v in best.application.values.items()} if best else {}
    if place.smoothness and not best:
        values = {str(s): v for s, v in problem_of(place, begin, epsilon).constants.items()}
    values |= exact
    if missing := [p for p in method.parameters if p not in values]:
        names = ", ".join(f"--{quantity(p).option}" for p in missing)
        raise InputError(f"{method.key} on {place.key} needs {names}, since no theorem recommends a value ({reason}).")
    promised = {"iterations": best.iterations, "theorem": best.theorem.key} if best else None
    return {p: float("inf") if values[p].is_infinite else float(values[p]) for p in method.parameters}, promised


def _compare(
    landscapes: Sequence[Landscape], entries: Sequence[Entry], epsilons: Sequence[str], **options: Any
) -> tuple[Row, ...]:
    columns = (TextColumn("comparing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=len(landscapes) * len(entries) * len(epsilons))
        return compare(
            [over_epsilon(item, epsilons) for item in landscapes],
            entries,
            progress=lambda done, _: bar.update(task, completed=done),
            **options,
        )


def compare_many(
    *,
    landscapes: Sequence[str],
    methods: Sequence[str],
    epsilons: Sequence[str],
    constants: dict[str, str],
    infimum: str | None,
    out: Path,
    criterion: str,
    oracle: str | None,
    seeds: int,
    seed: int,
    cap: int,
    as_json: bool,
) -> bool:
    """Run the comparer and write its files; True when some bound was violated."""
    places = places_of(landscapes, **_claim(constants), infimum=infimum, epsilons=epsilons)
    rows_of = [method_named(k) for k in dict.fromkeys(methods)]
    if not rows_of:
        raise InputError("methods = '' is empty; give one or more methods such as gd,clipped-gd.")
    if cap < 1 or seeds < 1:
        raise InputError(f"cap = {cap}, seeds = {seeds} is not allowed: both must be integers >= 1.")
    epsilons = tuple(dict.fromkeys(epsilons))
    for place in places:
        _ = place.constants
    law, sigma = _oracle(oracle, constants.pop("sigma", None))
    for name, value in constants.items():
        quantity(name).validate(value)
    allowed = {m.key: {*m.parameters, "M"} for m in rows_of}
    entries = [Entry(method=m, parameters={k: v for k, v in constants.items() if k in allowed[m.key]}) for m in rows_of]
    for place in places:
        _check_gradient_bound(place, place.start, constants.get("M"))
    folder = prepare_folder(out)
    rows = _compare(
        places,
        entries,
        epsilons,
        criterion=Criterion(criterion),
        oracle=law,
        sigma=sigma,
        seeds=seeds if law is not EXACT else 1,
        seed=seed,
        cap=cap,
    )
    files = write_all(folder, save_rows(rows, "compare") | save_figure(comparison_figure(rows), "compare"))
    if as_json:
        show.json({"rows": [show.row_json(r) for r in rows], "files": [str(f) for f in files]})
    else:
        show.rows(rows, "Measured iterations and bounds")
        for r in dict.fromkeys((r.landscape, r.method, r.reason) for r in rows if r.verdict == "refused"):
            show.note(f"refused: {r[1]} on {r[0]}: {r[2]}")
        show.text("written: " + ", ".join(str(f) for f in files))
    return any(r.verdict == "violated" for r in rows)


def tour(out: Path) -> bool:
    """The demo; True when some bound was violated."""
    began = time.perf_counter()
    folder = prepare_folder(out)
    show.text(
        "1. Bounds for L0 = 1, L1 = 10, delta = 5, eps = 0.01 (clipbounds bound --L0 1 --L1 10 --delta 5 --eps 1e-2)\n"
    )
    show.ranking(rank(THEOREMS, Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01")))
    show.text("\n2. Two landscapes, measured (clipbounds compare cosh quartic)\n")
    entries = [
        Entry(method=method_named("gd")),
        Entry(method=method_named("clipped-gd")),
        Entry(method=method_named("momentum-clipping"), parameters={"beta": "0.9"}),
    ]
    places = [landscape_named("cosh"), landscape_named("quartic")]
    rows = _compare(places, entries, ("1", "0.3", "0.1", "0.03"), cap=100_000)
    show.rows(rows, "Measured iterations and bounds")
    show.text(f"\n3. Iterations against L1: {', '.join(e.name for e in ENTRIES)}\n")
    growth = growth_rows((1, 2, 4, 8, 16, 32, 64))
    show.rows(growth, "Fixed-step gradient descent grows with L1, clipping hardly does")
    files = write_all(
        folder,
        save_rows(rows, "comparison")
        | save_figure(comparison_figure(rows), "comparison")
        | save_rows(growth, "iterations_against_L1")
        | save_figure(growth_figure(growth), "iterations_against_L1"),
    )
    show.text("\nwritten: " + ", ".join(str(f) for f in files))
    show.text(f"Look at {folder / 'iterations_against_L1.png'} ({time.perf_counter() - began:.0f} s in all).")
    return any(r.verdict == "violated" for r in (*rows, *growth))


def judge_all(*, quick: bool, cap: int, as_json: bool) -> bool:
    """The large check of every method against its theorem; True when some bound was violated."""
    if quick:
        chosen = [landscape_named(k) for k in ("cosh", "quartic", "exponential-bowl", "huber", "logistic")]
        rows = verdict_rows(landscapes=chosen, betas=("0", "0.9"), nus=("0.7",), fractions=(0.5,), cap=min(cap, 2_000))
    else:
        rows = verdict_rows(cap=cap)
    found = summarize(rows)
    broken = [r for r in rows if r.verdict == "violated"]
    if as_json:
        worst = show.row_json(found.worst) if found.worst else None
        numbers = {k: getattr(found, k) for k in ("rows", "judged", "within", "violated", "censored", "refused")}
        ratio = found.worst_ratio if found.worst else None
        show.json({**numbers, "worst_ratio": ratio, "worst": worst, "violations": [show.row_json(r) for r in broken]})
    else:
        if broken:
            show.rows(broken, "Violated")
        show.text(
            f"{found.rows:,} rows: {found.within:,} within their bound, {found.violated:,} violated, "
            f"{found.censored:,} censored at the cap, {found.refused:,} refused; "
            f"worst measured/bound {found.worst_ratio:.3f}"
            + (f" ({found.worst.method} on {found.worst.landscape}, {found.worst.theorem})" if found.worst else "")
        )
    return bool(broken)
