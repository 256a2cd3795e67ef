"""The commands about smoothness: certify, minimal and worst-case."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from bounds import theorem_named
from bounds.errors import InputError
from bounds.report import markdown_table
from bounds.theorem import Criterion
from clipbounds import show
from figures.extremal_figure import save_extremal, worst_case_figure
from figures.save import prepare_folder, save_figure, write_all
from synthetic import LANDSCAPES, landscape_named, solve
from synthetic.certified import certificate_rows, certified_pairs
from synthetic.certify import Certificate, certify
from synthetic.expressions import form_of
from synthetic.extremal import ExtremalLandscape
from synthetic.forms import Form
from synthetic.game import WorstCase
from synthetic.game import worst_case as search
from synthetic.minimal import minimal_L0
from synthetic.promises import TheoremPromise, promise_of
from synthetic.refute import refute

__all__ = ["certify_all", "certify_one", "play", "smallest_l0"]

_LOW, _HIGH = ("-inf", "-oo"), ("inf", "+inf", "oo")
_EXIT = {"proved": 0, "refuted": 1, "undecided": 3}


def certify_one(subject: str, constants: Mapping[str, str], region: str | None, *, as_json: bool) -> int:
    """Print the certificate of one claim; the exit code."""
    missing = [name for name in ("L0", "L1") if name not in constants]
    if missing:
        raise InputError(f"{missing[0]} is missing: a claim needs both --L0 and --L1.")
    found = _settled(form_of(subject), constants["L0"], constants["L1"], _region(region))
    if as_json:
        show.json(_certificate_json(found))
    else:
        where = "everywhere" if found.region is None else f"on {_interval(found.region)}"
        show.text(f"||Hess F|| <= {found.L0} + {found.L1} ||grad F|| {where}, F = {subject}: {found.verdict}")
        show.text(f"  {found.method}")
        if found.witness is not None:
            show.text(f"  witness: ({', '.join(map(str, found.witness))})")
        show.text(f"  {found.seconds:.3f} s")
    return _EXIT[found.verdict]


def _settled(form: Form, L0: str, L1: str, region: Any) -> Certificate:
    """The certificate; a claim about the whole space that no rule decides is also searched for a failure."""
    found = certify(form, L0, L1, region)
    if found.verdict != "undecided" or region is not None:
        return found
    failure = refute(form, L0, L1)
    if failure is None:
        return found
    seconds = found.seconds + failure.seconds
    return dataclasses.replace(found, verdict="refuted", witness=failure.point, method=failure.method, seconds=seconds)


def certify_all(
    key: str | None, constants: Mapping[str, str], region: str | None, *, markdown: bool, as_json: bool
) -> int:
    """Certify the stated pairs of one landscape, or of all; the worst exit code."""
    if constants or region is not None:
        raise InputError("--L0, --L1 and --region need the name of a landscape or an expression.")
    chosen = LANDSCAPES if key is None else (landscape_named(key),)
    pairs = certified_pairs(chosen)
    for item in chosen:
        if not item.smoothness and not as_json:
            show.note(f"{item.key}: no pair is stated; {item.summary}")
    if as_json:
        show.json({"landscapes": [{"landscape": p.landscape.key, **_certificate_json(p.certificate)} for p in pairs]})
    elif markdown:
        show.text(markdown_table(certificate_rows(pairs)))
    else:
        show.table(certificate_rows(pairs), "Stated smoothness constants")
    verdicts = {p.certificate.verdict for p in pairs}
    return next((code for verdict, code in (("refuted", 1), ("undecided", 3)) if verdict in verdicts), 0)


def smallest_l0(subject: str, l1: str, region: str | None, *, as_json: bool) -> None:
    """Print the smallest L0 for an L1."""
    found = minimal_L0(form_of(subject), l1, _region(region))
    if as_json:
        exact = None if found.exact is None else str(found.exact)
        ends = {"low": _finite(found.low), "high": _finite(found.high)}
        show.json({"L1": str(found.L1), "exact": exact, **ends})
    elif found.high == float("inf"):
        show.text(f"no L0 is valid together with L1 = {found.L1}: ||Hess F|| - L1 ||grad F|| is unbounded")
    elif found.exact is not None:
        decimal = "" if found.exact.is_Integer else f" = {float(found.high):.12g}"
        show.text(f"smallest L0 for L1 = {found.L1}: {found.exact}{decimal}")
    else:
        show.text(f"smallest L0 for L1 = {found.L1}: between {float(found.low):.15g} and {float(found.high):.15g}")


def play(
    key: str,
    *,
    L0: str,
    L1: str,
    epsilon: str | None,
    parameters: Mapping[str, str],
    steps: int,
    method: str | None,
    rounds: int,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> bool:
    """Play the worst-case game against a theorem and print what was found; True when the promise is broken."""
    if steps < 1 or rounds < 0:
        raise InputError(f"steps = {steps}, rounds = {rounds} is not allowed: steps >= 1 and rounds >= 0 are needed.")
    theorem = theorem_named(key)
    promise = promise_of(theorem, L0=L0, L1=L1, steps=steps, epsilon=epsilon, parameters=parameters, method=method)
    folder = None if out is None else prepare_folder(out)
    found = search(
        promise.method,
        promise.parameters,
        L0=L0,
        L1=L1,
        steps=steps,
        promise=promise,
        criterion="min" if theorem.criterion is Criterion.MIN else "mean",
        first=1 if theorem.first else 0,
        seed=seed,
        rounds=rounds,
    )
    again = _replayed(found, promise)
    files: Sequence[Path] = ()
    if folder is not None:
        stem = f"worst-case-{key}"
        title = f"{promise.method.key} against {key}"
        writers = save_extremal(found.landscape, stem) | save_figure(worst_case_figure(found, title), stem)
        files = write_all(folder, writers)
    if as_json:
        show.json(_game_json(found, promise, again, files))
    else:
        shown = ", ".join(f"{k} = {v:.6g}" for k, v in promise.parameters.items())
        show.text(f"{key}: {promise.method.key} with {shown}; {steps} points, {theorem.statement}")
        show.text(f"  gap of the landscape found       {found.gap:.6g}")
        show.text(f"  gradient norm measured there     {found.measured:.6g} (run again: {again:.6g})")
        show.text(f"  promised for that gap            {found.promised:.6g}")
        show.text(f"  worst case found / theorem       {found.ratio:.4f}")
        for file in files:
            show.text(f"written: {file}")
        if found.ratio > 1:
            show.text("  THE PROMISE IS BROKEN on this landscape")
    return found.ratio > 1


def _replayed(found: WorstCase, promise: TheoremPromise) -> float:
    """The criterion when the driver runs the method on the landscape read back from its JSON."""
    landscape = ExtremalLandscape.from_json(found.landscape.to_json())
    runs = solve(
        landscape,
        promise.method,
        np.array([landscape.start]),
        epsilon=sys.float_info.min,
        max_iterations=promise.steps,
        parameters=promise.parameters,
        first=1 if found.first else 0,
        criterion="min" if promise.theorem.criterion is Criterion.MIN else "mean",
    )
    best = runs.min_gradient_norm if promise.theorem.criterion is Criterion.MIN else runs.mean_gradient_norm
    return float(best[0])


def _game_json(found: WorstCase, promise: TheoremPromise, again: float, files: Sequence[Path]) -> dict[str, Any]:
    return {
        "theorem": promise.theorem.key,
        "method": promise.method.key,
        "parameters": promise.parameters,
        "steps": promise.steps,
        "gap": found.gap,
        "measured": found.measured,
        "replayed": again,
        "promised": found.promised,
        "ratio": found.ratio,
        "broken": found.ratio > 1,
        "landscape": json.loads(found.landscape.to_json()),
        "files": [str(f) for f in files],
    }


def _certificate_json(found: Certificate) -> dict[str, Any]:
    witness = None if found.witness is None else [str(c) for c in found.witness]
    return {
        "verdict": found.verdict,
        "L0": str(found.L0),
        "L1": str(found.L1),
        "region": _region_json(found.region),
        "witness": witness,
        "method": found.method,
        "seconds": round(found.seconds, 6),
    }


def _region(text: str | None) -> Any:
    """Two ends, comma-separated, inf for infinite ones; in several dimensions one pair each, between semicolons."""
    if text is None:
        return None
    pairs = tuple(_pair(part, text) for part in text.split(";"))
    return pairs if len(pairs) > 1 else pairs[0]


def _pair(part: str, text: str) -> tuple[str | None, str | None]:
    ends = [end.strip() for end in part.split(",")]
    if len(ends) != 2 or not all(ends) or ends[0] in _HIGH or ends[1] in _LOW:
        raise InputError(
            f"region = {text!r} is not allowed: give a lower and an upper end for each coordinate, as in 0,inf or "
            "-1,1;-1,1."
        )
    return None if ends[0] in _LOW else ends[0], None if ends[1] in _HIGH else ends[1]


def _interval(region: Any) -> str:
    if isinstance(region[0], tuple):
        return " x ".join(_interval(pair) for pair in region)
    low, high = region
    return f"{'(-inf' if low is None else f'[{low}'}, {'inf)' if high is None else f'{high}]'}"


def _region_json(region: Any) -> Any:
    if region is None:
        return None
    return [_region_json(e) if isinstance(e, tuple) else None if e is None else str(e) for e in region]


def _finite(end: Fraction | float) -> str | None:
    return None if end == float("inf") else str(end)
