"""One measured point with its verdict, and many of them as a labelled dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Row", "Verdict", "dataset"]

Verdict = Literal["within", "violated", "censored", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured point."""

    landscape: str
    method: str
    axis: str
    value: float
    epsilon: float
    theorem: str
    measured: float
    bound: float
    lower: float
    verdict: Verdict
    status: str
    step_size: float
    max_step: float
    reason: str = ""

    @property
    def ratio(self) -> float:
        """measured / bound; NaN where either is missing."""
        return self.measured / self.bound


def dataset(rows: Sequence[Row]) -> xr.Dataset:
    """The rows as a labelled dataset with dimensions (landscape, method, point).

    Variables: value (of the swept quantity), epsilon, measured, bound, lower, ratio, step_size, max_step, verdict,
    status, theorem, reason.
    """
    import xarray as xr

    landscapes = list(dict.fromkeys(r.landscape for r in rows))
    methods = list(dict.fromkeys(r.method for r in rows))
    cells: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        cells.setdefault((row.landscape, row.method), []).append(row)
    shape = (len(landscapes), len(methods), max(map(len, cells.values())))
    numbers = ("value", "epsilon", "measured", "bound", "lower", "ratio", "step_size", "max_step")
    words = ("verdict", "status", "theorem", "reason")
    data: dict[str, Any] = {n: np.full(shape, np.nan) for n in numbers}
    data |= {w: np.full(shape, "", dtype=f"<U{max(1, *(len(getattr(r, w)) for r in rows))}") for w in words}
    for (landscape, method), points in cells.items():
        at = (landscapes.index(landscape), methods.index(method))
        for k, row in enumerate(points):
            for name in (*numbers, *words):
                data[name][(*at, k)] = getattr(row, name)
    dims = ("landscape", "method", "point")
    return xr.Dataset(
        {name: (dims, values) for name, values in data.items()},
        coords={"landscape": landscapes, "method": methods, "point": np.arange(shape[2])},
        attrs={"axis": rows[0].axis, "description": "measured iterations, certified bounds and verdicts"},
    )
