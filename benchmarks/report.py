"""Paired measurements and how they are written down."""

from __future__ import annotations

import dataclasses
import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Contender", "Report", "Row", "as_json", "as_markdown", "measure", "row"]

_PAUSE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A way to do the work of a benchmark.

    Attributes
    ----------
    name : what it is.
    work : does it once and returns how many units (run-iterations, calls, ...) were done; None when the packages it
        needs are not installed.
    note : what differs from the others: fewer runs, other rounding, more threads.
    """

    name: str
    work: Callable[[], float] | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a report: median time for one unit, and the median of its ratios to the first line.

    Attributes
    ----------
    nanoseconds : for one unit, or None when the contender is not installed.
    ratio : over the rounds, the median of (time of this line)/(time of the first line in the same round).
    low, high : the smallest and largest of these ratios.
    """

    name: str
    nanoseconds: float | None
    ratio: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One benchmark: its workload in words, the unit of its times, and its lines, the reference first."""

    key: str
    workload: str
    unit: str
    rounds: int
    rows: tuple[Row, ...]

    @property
    def scaling(self) -> tuple[str, float] | None:
        """What the kernels gain from more threads in this very run, if the first line has them."""
        first, alone = self.rows[0], {r.name: r.ratio for r in self.rows}.get("kernels, 1 thread")
        if not first.name.startswith("kernels, ") or not first.name.endswith(" threads") or alone is None:
            return None
        return first.name.removeprefix("kernels, "), alone


def measure(*, key: str, workload: str, unit: str, contenders: Sequence[Contender], rounds: int) -> Report:
    """Time the contenders in turn, round after round: what disturbs the machine then disturbs them all alike.

    Before each of them is a short pause. Each of them does its work once before the first round (compilation, caches).
    """
    ready = {c.name: c.work for c in contenders if c.work is not None}
    for work in ready.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in ready}
    for _ in range(rounds):
        for name, work in ready.items():
            times[name].append(_one(work))
    return Report(key=key, workload=workload, unit=unit, rounds=rounds, rows=tuple(row(c, times) for c in contenders))


def _one(work: Callable[[], float]) -> float:
    # Threads that the one before has left spinning, or that share a core from then on, would count against this one.
    time.sleep(_PAUSE)
    begin = time.perf_counter()
    units = work()
    return (time.perf_counter() - begin) / units * 1e9


def row(contender: Contender, times: Mapping[str, list[float]]) -> Row:
    """A line from the times of all rounds, in ns for a unit."""
    if contender.work is None:
        return Row(name=contender.name, nanoseconds=None, ratio=None, note="not installed")
    own, reference = times[contender.name], next(iter(times.values()))
    ratios = [a / b for a, b in zip(own, reference, strict=True)]
    return Row(
        name=contender.name,
        nanoseconds=statistics.median(own),
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        note=contender.note,
    )


def as_markdown(machine: Mapping[str, Any], reports: Sequence[Report]) -> str:
    """All reports as Markdown tables."""
    lines = ["# Benchmarks", "", *(f"- {name}: {value}" for name, value in machine.items()), ""]
    lines += ["Times are medians; ratios are medians of paired ratios to the first line, with their range.", ""]
    for report in reports:
        lines += [f"## {report.key}", "", f"{report.workload} {report.rounds} rounds.", ""]
        lines += [f"| | time per {report.unit} | ratio | range | note |", "|---|---:|---:|---:|---|"]
        lines += [_line(r) for r in report.rows]
        if report.scaling is not None:
            lines += ["", f"The kernels on {report.scaling[0]} against 1 thread in this run: {report.scaling[1]:.2f}x."]
        lines.append("")
    return "\n".join(lines)


def _line(line: Row) -> str:
    if line.nanoseconds is None:
        return f"| {line.name} | - | - | - | {line.note} |"
    size, unit = (line.nanoseconds, "ns") if line.nanoseconds < 1e7 else (line.nanoseconds / 1e9, "s")
    return f"| {line.name} | {size:.3g} {unit} | {line.ratio:.3g} | {line.low:.3g} .. {line.high:.3g} | {line.note} |"


def as_json(machine: Mapping[str, Any], reports: Sequence[Report]) -> str:
    """All reports as one JSON object."""
    return json.dumps(
        {"machine": dict(machine), "reports": [dataclasses.asdict(r) | {"scaling": r.scaling} for r in reports]},
        indent=2,
    )
