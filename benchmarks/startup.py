"""The first use of a landscape: compiling its kernel, and loading it in a later process."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.line_rivals import installed
from benchmarks.report import Contender, Report, Row, row

__all__ = ["reports"]

# Prints the seconds of the imports, and the seconds until the first runs are back.
_USE = """
import sys, time
began = time.perf_counter()
import numba
import sympy as sp
from bounds.methods import method_named
from synthetic.forms import Separable
from synthetic.landscape import Landscape
from synthetic.landscapes import landscape_named
from synthetic.solve import solve
ready = time.perf_counter()
landscape, method = landscape_named("quartic"), method_named("clipped-gd")
parameters = {"eta": 0.01, "gamma": 0.1}
if sys.argv[1] == "ten":
    x = sp.Symbol("x", real=True)
    form = Separable(profile=x**4 + sp.cosh(x), variable=x, dimension=10)
    landscape = Landscape(key="ten", name="ten", form=form, smoothness=(), optimum=(0.0,) * 10, infimum=10,
                          start=(1.0,) * 10, summary="A workload.", source="benchmarks")
    method, parameters = method_named("momentum-clipping"), parameters | {"beta": 0.9}
solve(landscape, method, landscape.start, epsilon=[0.1] * 32, max_iterations=2, parameters=parameters, backend="numba")
print(ready - began, time.perf_counter() - ready)
"""
_WORKLOADS = {"quartic": "clipped descent on x^4", "ten": "momentum on ten coordinates of x^4 + cosh x"}


def reports(quick: bool) -> tuple[Report, ...]:
    """New processes on an empty and on a filled cache, and four at once; imports are a line of their own."""
    numba, rounds = installed("numba"), 2 if quick else 5
    folder = Path(tempfile.mkdtemp(prefix="clipbounds-benchmark-"))
    uses: dict[str, tuple[Callable[[], float], str]] = {}
    for key, name in _WORKLOADS.items():
        uses[f"filled cache, {name}"] = functools.partial(_slowest, 1, folder, key), "loads"
        uses[f"empty cache, {name}"] = functools.partial(_cold, 1, key), "compiles"
    uses["four processes at once, empty cache"] = functools.partial(_cold, 4, "quartic"), "the last one; all succeed"
    uses["imports"] = functools.partial(_slowest, 1, folder, "quartic", column=0), "not part of the other lines"
    contenders = [Contender(name=n, work=w if numba else None, note=note) for n, (w, note) in uses.items()]
    times: dict[str, list[float]] = {c.name: [] for c in contenders}
    if numba:
        for key in _WORKLOADS:
            _slowest(1, folder, key)
        for _ in range(rounds):
            for name, (work, _) in uses.items():
                times[name].append(work() * 1e9)
    rows: tuple[Row, ...] = tuple(row(c, times) for c in contenders)
    workload = "A new process, from the end of its imports until the kernel has been used."
    return (Report(key="first use", workload=workload, unit="process", rounds=rounds, rows=rows),)


def _cold(count: int, key: str) -> float:
    with tempfile.TemporaryDirectory(prefix="clipbounds-benchmark-") as folder:
        return _slowest(count, Path(folder), key)


def _slowest(count: int, folder: Path, key: str, column: int = 1) -> float:
    """Seconds of the slowest of some processes that start together."""
    environment = os.environ | {"CLIPBOUNDS_CACHE": str(folder)}
    command = [sys.executable, "-c", _USE, key]
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    printed = [process.communicate()[0] for process in running]
    if failed := sum(process.returncode != 0 for process in running):
        raise RuntimeError(f"{failed} of {count} processes failed")
    return max(float(line.split()[column]) for line in printed)
