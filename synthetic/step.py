r"""The one step of the family in :mod:`bounds.methods`, on batches.

    m' = beta m + (1 - beta) g,    x' = x - nu h(m') - (1 - nu) h(g),    h(v) = s(||v||) v,  h(0) = 0.

Shapes: points, buffers and gradients are (B, d); every parameter is a scalar or (B,). The factor s is compiled
from the rule's sympy expression, once per rule.

Limits of the parameters are allowed where the step stays bounded: eta = inf makes hard and soft clipping the
normalized step, gamma = inf makes them the plain step, and L1 = 0 makes the (L0, L1) rules the step 1/L0.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import sympy as sp
from sympy.codegen.cfunctions import log1p

from bounds.errors import InputError
from bounds.methods import HARD, Method, StepRule
from bounds.symbols import L1, eta, u

__all__ = [
    "FLOOR",
    "Stepper",
    "accurate_factor",
    "bind",
    "norms",
    "parameter_rows",
    "radial_step",
    "require",
    "row",
    "step",
]

Float = npt.NDArray[np.float64]
Parameters = Mapping[str, npt.ArrayLike]

# Norms are raised to this before s sees them, so that gamma/u stays finite and h(0) = s(floor) 0 = 0 exactly.
# Steps along vectors shorter than 1e-292 are shortened by it, continuously down to 0.
FLOOR: Final = 2.0**-970


def norms(v: Float, out: Float | None = None) -> Float:
    """Euclidean norms (B,) of the rows of ``v: (B, d)``, also where squares would overflow or underflow."""
    if v.shape[1] == 1:
        return np.abs(v[:, 0], out=out)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        # C order fixes the order of summation: a row's norm must not depend on the batch around it.
        length: Float = np.sqrt(np.multiply(v, v, order="C").sum(axis=1), out=out)
        extreme = (length < 2.0**-480) | np.isinf(length)
        if extreme.any():
            peak = np.abs(v[extreme]).max(axis=1)
            unit = np.where((peak > 0) & (peak < np.inf), peak, 1.0)
            length[extreme] = unit * np.sqrt(((v[extreme] / unit[:, None]) ** 2).sum(axis=1))
    return length


def radial_step(rule: StepRule, v: Float, parameters: Parameters) -> Float:
    """h(v) = s(||v||) v for every row of ``v: (B, d)``; ``parameters`` are named as in the rule.

    Raises
    ------
    InputError : a missing or superfluous parameter, one outside its range, or an unbounded step.
    """
    names = tuple(str(p) for p in rule.parameters)
    h = bind(rule, _columns(_rows(rule, names, parameters, len(v))), v.shape[1])
    with np.errstate(all="ignore"):
        return h(v)


def step(method: Method, x: Float, m: Float, g: Float, parameters: Parameters) -> tuple[Float, Float]:
    """One step (x', m') from points, buffers and gradients (B, d); the inputs are left as they are.

    Without momentum (nu = 0) the buffer is returned unchanged.

    Raises
    ------
    InputError : a missing or superfluous parameter, one outside its range, or an unbounded step.
    """
    return Stepper(method=method, rows=parameter_rows(method, parameters, len(x)), dimension=x.shape[1])(x, m, g)


class Stepper:
    """A method with its parameters bound: ``(x, m, g) -> (x', m')``.

    Parameters
    ----------
    rows : the parameters as :func:`parameter_rows` returns them, (B,) each.
    """

    __slots__ = ("_beta", "_dimension", "_h", "_method", "_nu", "_rest", "_rows")

    def __init__(self, *, method: Method, rows: Mapping[str, Float], dimension: int) -> None:
        columns = _columns(rows)
        self._method, self._rows, self._dimension = method, rows, dimension
        self._h = bind(method.rule, columns, dimension)
        self._beta = columns.get("beta", np.zeros((1, 1)))
        self._rest = 1.0 - self._beta
        self._nu = columns.get("nu")

    def keep(self, mask: npt.NDArray[np.bool_]) -> Stepper:
        """The same method for the runs selected by ``mask: (B,)``."""
        rows = {name: row[mask] for name, row in self._rows.items()}
        return Stepper(method=self._method, rows=rows, dimension=self._dimension)

    def __call__(self, x: Float, m: Float, g: Float) -> tuple[Float, Float]:
        with np.errstate(all="ignore"):
            return self.advance(x, m, g)

    def advance(
        self, x: Float, m: Float, g: Float, *, length: Float | None = None, out: Float | None = None
    ) -> tuple[Float, Float]:
        """The same for a loop of its own, which says once what becomes of floating-point warnings.

        Parameters
        ----------
        length : (B,) the norms of ``g``, when they are known.
        out : (B, d) where x' goes.
        """
        if not self._method.momentum:
            return np.subtract(x, self._h(g, length), out=out), m
        buffer = self._beta * m
        buffer += self._rest * g
        if self._nu is None:
            return np.subtract(x, self._h(buffer), out=out), buffer
        moved = x - self._nu * self._h(buffer)
        return np.subtract(moved, (1.0 - self._nu) * self._h(g, length), out=out), buffer


class _Step(Protocol):
    """h: (B, d) to (B, d), given the norms (B,) when they are known."""

    def __call__(self, v: Float, length: Float | None = None, /) -> Float: ...


def bind(rule: StepRule, columns: Mapping[str, Float], dimension: int) -> _Step:
    """h with its parameters fixed, each of shape (B, 1) and valid; floating-point warnings are left to the caller."""
    if rule.factor == HARD.factor and dimension == 1:
        return _clip_on_the_line(columns["eta"], columns["gamma"])
    factor, limit = _compiled(rule)
    values = tuple(columns[str(p)] for p in rule.parameters)
    depends_on_length = u in rule.factor.free_symbols

    def h(v: Float, length: Float | None = None, /) -> Float:
        size = None
        if depends_on_length:
            size = np.maximum(norms(v) if length is None else length, FLOOR)[:, None]
        s = factor(size, *values)
        if limit is not None:
            undefined = np.isnan(s)
            if undefined.any():
                s = np.where(undefined, limit(size, *values), s)
        product: Float = s * v
        return product

    return h


def _clip_on_the_line(size: Float, largest: Float) -> _Step:
    # For real v: min(eta, gamma/|v|) v = sign(v) min(eta |v|, gamma) = max(-gamma, min(gamma, eta v)),
    # which needs no division and is right at v = 0.
    smallest = -largest
    infinite = np.isinf(size)

    def h(v: Float, length: Float | None = None, /) -> Float:
        clipped: Float = size * v
        np.minimum(clipped, largest, out=clipped)
        return np.maximum(clipped, smallest, out=clipped)

    def h_with_normalized(v: Float, length: Float | None = None, /) -> Float:
        return np.where(infinite, np.sign(v) * np.where(infinite, largest, 0.0), h(v))

    return h_with_normalized if infinite.any() else h


def accurate_factor(rule: StepRule) -> Any:
    """s as it is computed."""
    # log(1 + z) loses all digits of a small z, that is, near every stationary point.
    return rule.factor.replace(sp.log, lambda argument: log1p(argument - 1))


@functools.cache
def _compiled(rule: StepRule) -> tuple[Callable[..., Float], Callable[..., Float] | None]:
    """s(u, *parameters) and, where the expression turns 0/0 or inf/inf at a parameter limit, the limit."""
    arguments = (u, *rule.parameters)
    expression = accurate_factor(rule)
    limit = _parameter_limit(rule)
    return (
        sp.lambdify(arguments, expression, modules="numpy"),
        None if limit is None else sp.lambdify(arguments, limit, modules="numpy"),
    )


def _parameter_limit(rule: StepRule) -> Any:
    # Floating point takes minima of infinities correctly, and sympy has no limits of Min: nothing to do there.
    for symbol, point in ((eta, sp.oo), (L1, sp.S.Zero)):
        if symbol in rule.parameters and not rule.factor.has(sp.Min):
            limit = sp.limit(rule.factor, symbol, point, "-" if point is sp.oo else "+")
            return limit if limit.free_symbols else None
    return None


# -- parameters -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    allowed: str
    holds: Callable[[Float], npt.NDArray[np.bool_]]


_STEP = _Range(allowed="a number > 0 (inf is allowed)", holds=lambda a: a > 0)
_SMOOTHNESS = _Range(allowed="a finite number >= 0", holds=lambda a: (a >= 0) & np.isfinite(a))
_RANGES: Final = {
    "eta": _STEP,
    "gamma": _STEP,
    "L0": _SMOOTHNESS,
    "L1": _SMOOTHNESS,
    "beta": _Range(allowed="a number in [0, 1)", holds=lambda a: (a >= 0) & (a < 1)),
    "nu": _Range(allowed="a number in [0, 1]", holds=lambda a: (a >= 0) & (a <= 1)),
}


def parameter_rows(method: Method, parameters: Parameters, batch: int) -> dict[str, Float]:
    """The parameters of ``method``, checked and broadcast to (B,).

    Raises
    ------
    InputError : a missing or superfluous parameter, one outside its range, or an unbounded step.
    """
    return _rows(method.rule, method.parameters, parameters, batch, method.key)


def row(name: str, value: npt.ArrayLike, batch: int) -> Float:
    """``value`` as floats (B,), or :class:`InputError`."""
    try:
        if np.asarray(value).dtype.kind not in "iufO":
            raise TypeError
        numbers = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} = {value!r} is not allowed: it must be a number or a row of numbers.") from None
    if numbers.shape not in ((), (batch,)):
        raise InputError(f"{name} has shape {numbers.shape}: it must be one number or {batch}, one for each run.")
    return np.broadcast_to(numbers, (batch,)).copy()


def require(name: str, numbers: Float, holds: npt.NDArray[np.bool_], allowed: str) -> None:
    """Refuse the first number of a row that does not satisfy its condition."""
    if not holds.all():
        raise InputError(f"{name} = {numbers[~holds][0]:g} is not allowed: it must be {allowed}.")


def _rows(
    rule: StepRule, names: tuple[str, ...], parameters: Parameters, batch: int, owner: str = ""
) -> dict[str, Float]:
    owner = owner or f"the {rule.key} rule"
    missing = [n for n in names if n not in parameters]
    extra = [n for n in parameters if n not in names]
    if missing or extra:
        found = (("missing", missing), ("superfluous", extra))
        what = " and ".join(f"{label} {', '.join(map(str, names_))}" for label, names_ in found if names_)
        raise InputError(f"wrong parameters for {owner}: {what}; it takes {', '.join(names)}.")
    rows = {n: row(n, parameters[n], batch) for n in names}
    for name, numbers in rows.items():
        require(name, numbers, _RANGES[name].holds(numbers), _RANGES[name].allowed)
    _refuse_unbounded(rows)
    return rows


def _refuse_unbounded(rows: Mapping[str, Float]) -> None:
    lengths = [name for name in ("eta", "gamma") if name in rows]
    if lengths and np.all([np.isinf(rows[name]) for name in lengths], axis=0).any():
        raise InputError(f"{' = '.join(lengths)} = inf is not allowed: the step would be unbounded.")
    if "L1" in rows and ((rows["L0"] == 0) & (rows["L1"] == 0)).any():
        raise InputError("L0 = L1 = 0 is not allowed: at least one must be positive, or the step is unbounded.")


def _columns(rows: Mapping[str, Float]) -> dict[str, Float]:
    return {name: numbers[:, None] for name, numbers in rows.items()}
