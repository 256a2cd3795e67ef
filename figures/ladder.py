r"""The verification ladder: for every theorem, how theory and practice stand.

1 dimensions  units of every term, the declared limits, and the leading terms
2 proof       every step of the machine-checked proof
3 runs        upper bounds: the method with the theorem's steps on certified landscapes, with and without noise, never
              needs more iterations than promised; lower bounds: methods on the theorem's hard instance never need fewer
4 search      a bounded-time adversarial search for a violation (:mod:`figures.refutation`)
5 exponents   fitted exponents agree with the bound's (:mod:`figures.exponents`)
6 dropped     without any one of its hypotheses the same search finds a violation

A rung holds, fails, or says why it could not be climbed; it never holds for lack of trying, and the number of runs
behind it is part of the verdict.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bounds.applicability import substitute
from bounds.catalogue import THEOREMS
from bounds.proofs.verify import verify
from bounds.symbols import beta, nu
from bounds.theorem import Kind, Provenance, Theorem
from figures.exponents import FITS, fit
from figures.hypotheses import refutable, removable
from figures.ladder_runs import Rung, Verdict, lower_runs, upper_runs
from figures.refutation import Refutation, refute_theorem

__all__ = ["RUNGS", "Climb", "Rung", "climb", "climb_all", "ladder_table", "verdict_table"]

RUNGS = ("dimensions", "proof", "runs", "search", "exponents", "dropped")
_MEANINGS = {
    "dimensions": "units of every term, declared limits",
    "proof": "steps of the machine-checked proof",
    "runs": "measured runs, all hypotheses in force",
    "search": "search for a violation, all hypotheses in force",
    "exponents": "fitted exponents",
    "dropped": "search for a violation, one hypothesis taken away",
}
_COUNTED = {"dimensions": "checks", "proof": "steps", "search": "trials", "dropped": "trials"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """All rungs of one theorem.

    Attributes
    ----------
    dropped : one search for each hypothesis that can be taken away.
    """

    theorem: str
    kind: str
    provenance: str
    rungs: tuple[Rung, ...]
    dropped: tuple[Refutation, ...] = ()

    @property
    def runs(self) -> int:
        """Runs behind the verdict."""
        return sum(r.runs for r in self.rungs if r.key not in ("dimensions", "proof"))

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
    deep: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[Climb, ...]:
    """The ladder of several theorems, by default of all that are proved here.

    Parameters
    ----------
    seconds : time of the adversarial search for each theorem, and a tenth of the most for each dropped hypothesis.
    quick : three landscapes and one accuracy instead of all landscapes and two.
    deep : also run the long computations of the proofs.
    progress : called with (theorems done, theorems in all, key).
    """
    chosen = [t for t in THEOREMS if t.provenance is Provenance.PROVED_HERE] if theorems is None else theorems
    found = []
    for k, theorem in enumerate(chosen):
        if progress:
            progress(k, len(chosen), theorem.key)
        found.append(climb(theorem, seconds=seconds, seed=seed, quick=quick, deep=deep))
    return tuple(found)


def climb(theorem: Theorem, *, seconds: float = 2.0, seed: int = 0, quick: bool = True, deep: bool = False) -> Climb:
    """The rungs of one theorem; see :func:`climb_all`."""
    dropped, found = _dropped(theorem, seconds=10 * seconds, seed=seed)
    return Climb(
        theorem=theorem.key,
        kind=theorem.kind.value,
        provenance=theorem.provenance.value,
        rungs=(
            _dimensions(theorem),
            _proof(theorem, deep=deep),
            upper_runs(theorem, seed=seed, quick=quick)
            if theorem.kind is Kind.UPPER
            else lower_runs(theorem, seed=seed),
            _search(theorem, seconds=seconds, seed=seed),
            _exponents(theorem, seed=seed),
            dropped,
        ),
        dropped=found,
    )


def ladder_table(climbs: Sequence[Climb]) -> list[dict[str, str]]:
    """One row per theorem, for Markdown, HTML and the terminal."""
    return [
        {
            "theorem": c.theorem,
            "kind": c.kind,
            **{r.key: _shown(r) for r in c.rungs},
            "runs in all": f"{c.runs:,}",
            "verdict": c.verdict,
        }
        for c in climbs
    ]


def verdict_table(climbs: Sequence[Climb]) -> list[dict[str, str]]:
    """One row per rung: for how many theorems it holds, and what is behind that."""
    rows = []
    for k, key in enumerate(RUNGS):
        rungs = [c.rungs[k] for c in climbs]
        judged = sum(r.verdict in ("holds", "fails") for r in rungs)
        rows.append(
            {
                "rung": key,
                "what is tried": _MEANINGS[key],
                "theorems": str(judged),
                "holds": str(sum(r.verdict == "holds" for r in rungs)),
                "fails": str(sum(r.verdict == "fails" for r in rungs)),
                "not available": str(sum(r.verdict == "not available" for r in rungs)),
                "behind it": f"{sum(r.runs for r in rungs):,} {_COUNTED.get(key, 'runs')}",
            }
        )
    return rows


def _shown(rung: Rung) -> str:
    behind = f" ({rung.runs:,} {_COUNTED.get(rung.key, 'runs')})" if rung.runs else ""
    return (f"{rung.verdict}: {rung.detail}" if rung.detail else rung.verdict) + behind


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
    limits = len(theorem.limits)
    detail = "units" + (f", {limits} limit{'s' if limits > 1 else ''}" if limits else "")
    return Rung(key="dimensions", verdict="holds", detail=detail, runs=checks)


def _proof(theorem: Theorem, *, deep: bool) -> Rung:
    if theorem.provenance is not Provenance.PROVED_HERE:
        return Rung(key="proof", verdict="not applicable", detail=theorem.provenance.value)
    (outcome,) = verify([theorem.key], deep=deep).theorems
    steps = len(outcome.rows)
    if failed := [row for row in outcome.rows if row.verdict == "failed"]:
        return Rung(key="proof", verdict="fails", detail=f"{failed[0].name}: {failed[0].reason}", runs=steps)
    if not steps:
        return Rung(key="proof", verdict="fails", detail=outcome.status)
    waiting = sum(row.verdict == "not run" for row in outcome.rows)
    return Rung(key="proof", verdict="holds", detail=f"{waiting} wait for --deep" if waiting else "", runs=steps)


def _search(theorem: Theorem, *, seconds: float, seed: int) -> Rung:
    if not refutable(theorem):
        reason = (
            "its hard runs are the search" if theorem.kind is Kind.LOWER else "no gradient norms of a run are promised"
        )
        return Rung(key="search", verdict="not applicable", detail=reason)
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


def _dropped(theorem: Theorem, *, seconds: float, seed: int) -> tuple[Rung, tuple[Refutation, ...]]:
    known = removable(theorem) if refutable(theorem) else ()
    if not known:
        return Rung(key="dropped", verdict="not applicable", detail="no hypothesis that a search can drop"), ()
    found = tuple(refute_theorem(theorem, seconds, hypothesis.key, seed) for hypothesis in known)
    missed = [f.dropped for f in found if not f.violated]
    trials = sum(f.trials for f in found)
    detail = f"{len(found) - len(missed)} of {len(found)} violated"
    if missed:
        # A search that is out of time shows nothing about the hypothesis.
        detail += f", not {', '.join(str(m) for m in missed)}"
        return Rung(key="dropped", verdict="not available", detail=detail, runs=trials), found
    return Rung(key="dropped", verdict="holds", detail=detail, runs=trials), found
