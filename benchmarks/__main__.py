"""``python -m benchmarks [--quick] [--only NAME] [--out DIR]``: every benchmark, as Markdown and JSON."""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import os
import platform
import sys
from pathlib import Path

from benchmarks.report import Report, as_json, as_markdown

# Each has ``reports(quick) -> tuple[Report, ...]``.
MODULES = (
    "limits",
    "deterministic",
    "stochastic",
    "separable",
    "finite_sum",
    "chain",
    "scaling",
    "sweeps",
    "startup",
    "vectorized",
)
_PACKAGES = ("numpy", "scipy", "numba", "threadpoolctl", "jax", "optax", "torch")


def _machine() -> dict[str, object]:
    versions = []
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{package} not installed")
    return {
        "processor": platform.processor() or platform.machine(),
        "usable CPUs": len(os.sched_getaffinity(0)),
        "load at the start": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "packages": ", ".join(versions),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small workloads and few rounds")
    parser.add_argument("--only", choices=MODULES, action="append", help="run this one only (may be repeated)")
    parser.add_argument("--out", type=Path, help="folder for benchmarks.md and benchmarks.json")
    arguments = parser.parse_args()
    # Idle threads of the BLAS, which is loaded later, keep a core busy that what is measured next needs.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
    machine, reports = _machine(), list[Report]()
    for name in arguments.only or MODULES:
        print(f"{name} ...", file=sys.stderr, flush=True)
        reports.extend(importlib.import_module(f"benchmarks.{name}").reports(arguments.quick))
    machine["load at the end"] = round(os.getloadavg()[0], 2)
    text = as_markdown(machine, reports)
    print(text)
    if arguments.out is not None:
        arguments.out.mkdir(parents=True, exist_ok=True)
        (arguments.out / "benchmarks.md").write_text(text, encoding="utf-8")
        (arguments.out / "benchmarks.json").write_text(as_json(machine, reports), encoding="utf-8")


if __name__ == "__main__":
    main()
