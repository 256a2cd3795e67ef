"""A grid written as TOML.

epsilons = [0.3, 0.1]              # also: sigmas, seeds (a count or a list), seed, oracle, stop, criterion,
max_iterations = 100_000           #       first, cell_runs, backend

[[landscapes]]                     # or: landscapes = ["cosh", "quartic"]
function = "x**4/4 + cosh(2*y)"    # a name or an expression; also: name, start, L0, L1, infimum

[[methods]]
method = "clipped-gd"              # also: momentum_start, and every parameter of the method
eta = ["1/(10*L0)", 0.1]           # one value or several: numbers, or formulas in L0, L1, Delta, epsilon, sigma
gamma = "1/(10*L1)"
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bounds.errors import InputError, unknown_name
from bounds.methods import MomentumStart
from synthetic.grid import Grid, Place
from synthetic.schemes import Scheme

__all__ = ["grid_from_data", "read_grid"]

_PLAIN = ("seed", "oracle", "stop", "criterion", "first", "max_iterations", "cell_runs", "backend")
_TOP = ("landscapes", "methods", "epsilons", "sigmas", "seeds", *_PLAIN)
_PLACE = tuple(f.name for f in dataclasses.fields(Place))


def read_grid(file: Path) -> Grid:
    """Read a TOML file.

    Raises
    ------
    InputError : unreadable, not TOML, or not a grid; the sentence begins with the name of the file.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file}: it cannot be read: {error.strerror}; give a TOML file.") from None
    except UnicodeDecodeError:
        raise InputError(f"{file}: it is not UTF-8 text; give a TOML file.") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file}: it is not TOML: {error}.") from None
    try:
        return grid_from_data(data)
    except InputError as error:
        raise InputError(f"{file}: {error}") from None


def grid_from_data(data: Mapping[str, Any]) -> Grid:
    """The grid of a mapping as ``tomllib`` gives it (see the module's docstring).

    Raises
    ------
    InputError : a missing or unknown entry, or a value that is not allowed.
    """
    _known("entry", data, _TOP)
    for needed in ("landscapes", "methods", "epsilons"):
        if needed not in data:
            raise InputError(f"{needed} is missing; a grid needs landscapes, methods and epsilons.")
    options = {name: data[name] for name in _PLAIN if name in data}
    if "oracle" in options and not isinstance(options["oracle"], str):
        raise InputError(f"oracle = {options['oracle']!r} is not allowed: it must be the name of an oracle.")
    if "sigmas" in data:
        options["sigmas"] = _values("sigmas", data["sigmas"])
    if "seeds" in data:
        options["seeds"] = _seeds(data["seeds"])
    return Grid(
        places=tuple(_place(entry) for entry in _entries("landscapes", data["landscapes"])),
        schemes=tuple(_scheme(entry) for entry in _entries("methods", data["methods"])),
        epsilons=_values("epsilons", data["epsilons"]),
        **options,
    )


def _place(entry: str | Mapping[str, Any]) -> Place:
    if isinstance(entry, str):
        return Place(function=entry)
    _known("entry of a landscape", entry, _PLACE)
    for name in ("function", "name"):
        if not isinstance(entry.get(name, "" if name == "name" else None), str):
            raise InputError(f"{name} of a landscape = {entry.get(name)!r} is not allowed: it must be text.")
    found = dict(entry)
    for name in ("L0", "L1", "infimum"):
        if name in found:
            (found[name],) = _values(name, [found[name]])
    if "start" in found:
        found["start"] = _start(found["start"])
    return Place(**found)


def _scheme(entry: str | Mapping[str, Any]) -> Scheme:
    if isinstance(entry, str):
        return Scheme(method=entry)
    values = dict(entry)
    key = values.pop("method", None)
    if not isinstance(key, str):
        raise InputError(f"method = {key!r} is not allowed: each of the methods must name one.")
    begin = values.pop("momentum_start", MomentumStart.GRADIENT.value)
    allowed = [m.value for m in MomentumStart]
    if begin not in allowed:
        raise InputError(f"momentum_start = {begin!r} is not allowed: it must be {' or '.join(allowed)}.")
    parameters = tuple((name, _values(f"{name} of {key}", value)) for name, value in values.items())
    return Scheme(method=key, parameters=parameters, momentum_start=MomentumStart(begin))


def _known(kind: str, found: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in found:
        if name not in known:
            raise unknown_name(kind, name, known)


def _entries(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(v, str | dict) for v in value):
        raise InputError(f"{name} = {value!r} is not allowed: it must be a list of names or [[{name}]] tables.")
    return value


def _values(name: str, value: Any) -> tuple[int | float | str, ...]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(v, int | float | str) and not isinstance(v, bool) for v in values):
        raise InputError(f"{name} = {value!r} is not allowed: it must be a number or a list of numbers.")
    return tuple(values)


def _start(value: Any) -> tuple[float, ...]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        raise InputError(f"start = {value!r} is not allowed: it must be a list of numbers.")
    return tuple(map(float, values))


def _seeds(value: Any) -> tuple[int, ...] | range:
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1_000_000:
        raise InputError(f"seeds = {value!r} is not allowed: it must be a count in [1, 1000000] or a list of integers.")
    return range(value)
