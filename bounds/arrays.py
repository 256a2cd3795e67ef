"""Arrays of constants: validation, and groups of elements with the same zeros."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from bounds.applicability import read_parameters
from bounds.errors import InputError
from bounds.problem import Problem
from bounds.quantities import QUANTITIES, quantity

__all__ = ["CONSTANTS", "read_arrays", "zero_patterns"]

_REQUIRED = ("L0", "L1", "Delta", "epsilon")
CONSTANTS = tuple(f.name for f in dataclasses.fields(Problem) if f.name in {q.name for q in QUANTITIES})
"""Names of the constants of a problem."""


def read_arrays(
    constants: Mapping[str, npt.ArrayLike], parameters: Mapping[str, npt.ArrayLike]
) -> tuple[tuple[str, ...], list[npt.NDArray[np.float64]]]:
    """Validate, broadcast against each other, and name constants and method parameters.

    Raises
    ------
    InputError : a constant is missing, unknown, not finite or out of its domain, or shapes do not fit.
    """
    if missing := [n for n in _REQUIRED if n not in constants]:
        raise InputError(f"constants {missing} are missing; give arrays for {', '.join(_REQUIRED)}.")
    if unknown := [n for n in constants if n not in CONSTANTS]:
        raise InputError(f"unknown constants {unknown}; known: {', '.join(CONSTANTS)}.")
    read_parameters(dict.fromkeys(parameters, "0.5"))  # refuses unknown names
    everything = {"sigma": 0.0, **constants, **parameters}
    names = tuple(everything)
    for name, values in everything.items():
        _check(name, np.asarray(values, dtype=np.float64))
    try:
        arrays = np.broadcast_arrays(*(np.asarray(everything[n], dtype=np.float64) for n in names))
    except ValueError as error:
        raise InputError(f"the arrays do not broadcast against each other: {error}.") from None
    if np.any((arrays[names.index("L0")] == 0) & (arrays[names.index("L1")] == 0)):
        raise InputError("L0 = 0 and L1 = 0 is not allowed: at least one of them must be positive.")
    return names, list(arrays)


def _check(name: str, values: npt.NDArray[np.float64]) -> None:
    declared = quantity(name)
    domain = declared.domain
    good = np.isfinite(values) & (values > domain.low if domain.low_open else values >= domain.low)
    if domain.high is not None:
        good &= values < domain.high if domain.high_open else values <= domain.high
    if not np.all(good):
        first = float(values[~good].reshape(-1)[0])
        raise InputError(f"{declared.option} = {first} is not allowed: it must be {domain} ({declared.meaning}).")


def zero_patterns(
    names: tuple[str, ...], flat: list[npt.NDArray[np.float64]]
) -> Iterator[tuple[npt.NDArray[np.intp], frozenset[str]]]:
    """Groups of elements with the same constants equal to zero."""
    code = np.zeros(flat[0].size, dtype=np.int64)
    for position, values in enumerate(flat):
        code |= (values == 0).astype(np.int64) << position
    for pattern in np.unique(code):
        zeros = frozenset(n for position, n in enumerate(names) if int(pattern) >> position & 1)
        yield np.flatnonzero(code == pattern), zeros
