r"""Which theorem is best where: a map over a grid of any two constants."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from bounds.errors import InputError, unknown_name
from bounds.methods import METHODS, MomentumStart
from bounds.problem import Problem
from bounds.quantities import QUANTITIES, quantity
from bounds.theorem import Kind, Theorem
from bounds.vectorized import evaluate_many

__all__ = ["log_grid", "regimes"]


def log_grid(name: str, low: float, high: float, points: int) -> npt.NDArray[np.float64]:
    """Values of a constant, evenly spaced on a log scale, both ends included.

    Raises
    ------
    InputError : the ends are not 0 < low < high, or fewer than two points.
    """
    if not 0 < low < high < np.inf:
        raise InputError(f"range {low}..{high} of {name} is not allowed: it must satisfy 0 < low < high.")
    if points < 2:
        raise InputError(f"points = {points} is not allowed: a range needs at least 2.")
    return np.geomspace(low, high, points)


def regimes(
    theorems: Iterable[Theorem],
    x: tuple[str, npt.ArrayLike],
    y: tuple[str, npt.ArrayLike],
    problem: Problem,
    parameters: Mapping[str, float] | None = None,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
) -> xr.Dataset:
    """The best upper bound, and the best lower bound for all methods, at every point of a grid.

    Parameters
    ----------
    x, y : two different constants or method parameters with their values, each a vector.
    problem : the setting, and the values of all other constants.
    parameters : method parameters that stay fixed.

    Returns
    -------
    Dataset over the dimensions named like the two constants (``y`` first), with

    * ``best`` (y, x): position along ``theorem`` of the smallest upper bound, -1 where none applies or no step is
      needed; the earlier theorem wins a tie,
    * ``iterations``, ``log10_iterations`` (theorem, y, x): the counts of the upper bounds, NaN where not covered,
    * ``lower``, ``log10_lower`` (y, x): the best lower bound that holds for all methods, NaN where none applies,
    * ``log10_order`` (order, y, x): decimal logarithm of the upper bounds known up to a constant, with constant 1;
      they are never best.

    Raises
    ------
    InputError : the two names are equal or unknown, or a value is out of its domain.
    """
    records = tuple(theorems)
    (x_name, x_values), (y_name, y_values) = x, y
    if x_name == y_name:
        raise InputError(f"a grid needs two different constants, not {x_name!r} twice.")
    for name in (x_name, y_name):
        if name not in {q.name for q in QUANTITIES}:
            raise unknown_name("constant", name, (q.name for q in QUANTITIES))
    columns, rows = (np.asarray(v, dtype=np.float64).reshape(-1) for v in (x_values, y_values))
    constants, chosen = _inputs(problem, parameters or {}, {x_name: columns[None, :], y_name: rows[:, None]})

    def counts(theorem: Theorem) -> Any:
        return evaluate_many(theorem, constants, chosen, problem, momentum_start)

    upper = [t for t in records if t.kind is Kind.UPPER and not t.order_only]
    known = [counts(t) for t in upper]
    shape = (rows.size, columns.size)
    log10 = _stack([k.log10 for k in known], shape)
    orders = [t for t in records if t.kind is Kind.UPPER and t.order_only]
    lower = [counts(t) for t in records if _is_general_lower(t)]
    dims = (y_name, x_name)
    return xr.Dataset(
        {
            "best": (dims, _smallest(log10)),
            "iterations": (("theorem", *dims), _stack([k.iterations for k in known], shape)),
            "log10_iterations": (("theorem", *dims), log10),
            "lower": (dims, _largest(_stack([k.iterations for k in lower], shape))),
            "log10_lower": (dims, _largest(_stack([k.log10 for k in lower], shape))),
            "log10_order": (
                ("order", *dims),
                _stack([counts(dataclasses.replace(t, order_only=False)).log10 for t in orders], shape),
            ),
        },
        coords={
            x_name: (x_name, columns, {"units": str(quantity(x_name).dimension)}),
            y_name: (y_name, rows, {"units": str(quantity(y_name).dimension)}),
            "theorem": [t.key for t in upper],
            "order": [t.key for t in orders],
        },
        attrs={
            **{n: float(v) for n, v in constants.items() if n not in dims},
            **{n: float(v) for n, v in chosen.items() if n not in dims},
            "smoothness": problem.smoothness.key,
            "criterion": problem.criterion.value,
        },
    )


def _inputs(problem: Problem, parameters: Mapping[str, Any], grid: Mapping[str, Any]) -> tuple[Any, Any]:
    """Constants and method parameters with the grid in its place."""
    names = {f.name for f in dataclasses.fields(problem)}
    constants: dict[str, Any] = {}
    for name in ("L0", "L1", "Delta", "epsilon", "sigma", "R"):
        value = getattr(problem, name, None)
        if value is not None:
            constants[name] = float(value)
    chosen = dict(parameters)
    for name, values in grid.items():
        (constants if name in names else chosen)[name] = values
    return constants, chosen


def _is_general_lower(theorem: Theorem) -> bool:
    return theorem.kind is Kind.LOWER and not theorem.order_only and len(theorem.methods) >= len(METHODS)


def _stack(parts: list[npt.NDArray[np.float64]], shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    return np.stack(parts) if parts else np.empty((0, *shape))


def _smallest(log10: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    if not log10.shape[0]:
        return np.full(log10.shape[1:], -1)
    idle = np.any(np.isneginf(log10), axis=0)
    filled = np.where(np.isnan(log10), np.inf, log10)
    none = np.all(np.isnan(log10), axis=0)
    return np.where(idle | none, -1, np.argmin(filled, axis=0))


def _largest(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    filled = np.where(np.isnan(values), -np.inf, values)
    largest = np.max(filled, axis=0, initial=-np.inf)
    return np.where(np.all(np.isnan(values), axis=0), np.nan, largest)
