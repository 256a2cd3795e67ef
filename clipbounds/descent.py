"""The option --lyapunov of the command run: the per-step certificate along the run that was made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bounds.methods import Method, MomentumStart
from figures.lyapunov import lyapunov_figure, save_lyapunov
from figures.save import save_figure, write_all
from synthetic.estimate import trajectory
from synthetic.landscape import Landscape
from synthetic.lyapunov import Lyapunov, lyapunov_for
from synthetic.oracles import Oracle

__all__ = ["certificate_of", "told", "write_certificate"]


def certificate_of(
    place: Landscape, method: Method, parameters: Mapping[str, float], momentum_start: MomentumStart, oracle: Oracle
) -> Lyapunov:
    """The Lyapunov function for the default pair of the landscape.

    Raises
    ------
    InputError : there is none; the message says why.
    """
    pair = place.constants
    return lyapunov_for(method, parameters, L0=pair.L0, L1=pair.L1, momentum_start=momentum_start, oracle=oracle)


def write_certificate(
    certificate: Lyapunov,
    place: Landscape,
    method: Method,
    begin: tuple[float, ...],
    parameters: Mapping[str, float],
    *,
    points: int,
    folder: Path,
    stem: str,
) -> dict[str, Any]:
    """Evaluate along the first ``points`` iterates (one step at least), write figure and table, and report."""
    walked = trajectory(place, method, begin, steps=max(1, points - 1), parameters=parameters)
    run = certificate.along(place, walked)
    figure = lyapunov_figure(run, infimum=float(place.infimum), title=f"{method.key} on {place.key}")
    files = write_all(folder, save_lyapunov(run, stem) | save_figure(figure, stem))
    return {
        "holds": run.holds,
        "kappa": certificate.kappa,
        "steps": len(run.promised),
        "worst_step": run.worst_step,
        "worst_over_tolerance": run.worst,
        "largest_ratio": None if math.isnan(run.tightest) or math.isinf(run.tightest) else run.tightest,
        "files": [str(f) for f in files],
    }


def told(report: Mapping[str, Any]) -> str:
    """What :func:`write_certificate` reports, in words."""
    if report["holds"]:
        verdict = f"every one of {report['steps']:,} steps decreases by the proved amount"
    else:
        times = f"{report['worst_over_tolerance']:.3g} times the rounding tolerance"
        verdict = f"BROKEN, at step {report['worst_step']:,} by {times}"
    ratio = report["largest_ratio"]
    shown = "" if ratio is None else f", proved/actual at most {ratio:.4g}"
    return (
        f"Lyapunov certificate (kappa = {report['kappa']:.4g}): {verdict}{shown}; written: {', '.join(report['files'])}"
    )
