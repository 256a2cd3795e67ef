"""The first use of a landscape: compiling its kernel, and loading it in a later process."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.line_rivals import installed
from benchmarks.report import Contender, Report, measure

__all__ = ["reports"]

_LOAD = """
from bounds.methods import method_named
from synthetic.kernels import Variant
from synthetic.kernels.cache import load
from synthetic.kernels.source import source_of
from synthetic.landscapes import landscape_named
form, method = landscape_named("quartic").form, method_named("clipped-gd")
variant = Variant(form=form, method=method, criterion="mean", first=0, noisy=False, from_gradient=True)
load(source_of(variant))
"""


def reports(quick: bool) -> tuple[Report, ...]:
    """Whole processes, from an empty and from a filled cache, and four at once; they include imports."""
    ready = installed("numba")
    warm = Path(tempfile.mkdtemp(prefix="clipbounds-benchmark-"))
    return (
        measure(
            key="first use",
            workload="A new process that gets the kernel of the quartic ready.",
            unit="process",
            rounds=2 if quick else 5,
            contenders=[
                Contender(name="filled cache", work=functools.partial(_processes, 1, warm) if ready else None),
                Contender(name="imports only", work=functools.partial(_processes, 1, None)),
                Contender(name="empty cache", work=_cold if ready else None, note="compiles"),
                Contender(
                    name="four at once, empty cache",
                    work=functools.partial(_cold, 4) if ready else None,
                    note="until the last one is ready; all must succeed",
                ),
            ],
        ),
    )


def _cold(count: int = 1) -> float:
    with tempfile.TemporaryDirectory(prefix="clipbounds-benchmark-") as folder:
        return _processes(count, Path(folder)) / count


def _processes(count: int, folder: Path | None) -> float:
    code = _LOAD if folder is not None else _LOAD.partition("load(source")[0] + "import numba\n" * installed("numba")
    environment = os.environ | {"CLIPBOUNDS_CACHE": str(folder)}
    running = [subprocess.Popen([sys.executable, "-c", code], env=environment) for _ in range(count)]
    failed = [process.args for process in running if process.wait()]
    if failed:
        raise RuntimeError(f"{len(failed)} of {count} processes failed")
    return float(count)
