r"""Estimates of (L0, L1) from samples of the gradient norm g and the local smoothness s.

Samples come from exact Hessians at given points, or from differences of gradients along the path of a method, as in
Zhang, He, Sra and Jadbabaie (ICLR 2020, arXiv 1905.11881, Figure 1). The fit is a linear program: with n samples, a
quantile q in (0, 1] and a weight w >= 0 (units of g),

    minimise  L0 + w L1 + (1/(n (1 - q))) sum_i max(s_i - L0 - L1 g_i, 0)    over L0, L1 >= 0,

for q = 1: L0 + w L1 over the lines above all samples, the upper envelope. With w the mean of g this is quantile
regression (Koenker and Bassett, Econometrica 1978) with nonnegative coefficients, and the envelope is its limit q -> 1;
the fitted line at w is then nondecreasing in q. At most a share 1 - q of the samples lies above the line.

A fit is an ESTIMATE, never a certificate: it says nothing about points that were not sampled. For proofs see
:mod:`synthetic.certify`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack

from bounds.errors import InputError
from bounds.methods import Method
from bounds.quantities import Domain, Number, as_fraction
from synthetic.landscape import Landscape
from synthetic.solve import Differentiable, solve

__all__ = [
    "Samples",
    "SmoothnessFit",
    "Trajectory",
    "along_path",
    "at_points",
    "fit_smoothness",
    "local_smoothness",
    "trajectory",
]

Float = npt.NDArray[np.float64]
End = Literal["larger", "smaller", "first"]

_QUANTILES: Final = Domain(low_open=True, high=1, high_open=False)
# Rows of the program are divided by s_i, so that a tolerance is relative to each sample; below this share of the
# largest s_i it becomes absolute, or the entries would leave the range in which the solver is accurate.
_FLOOR: Final = 1e-8
# Quotients and products of samples stay within the range of doubles.
_SMALLEST, _LARGEST = 1e-100, 1e100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Pairs of gradient norm and local smoothness.

    Attributes
    ----------
    iterations : (n,) the index of the point, or of the first end of the step.
    gradient_norms : (n,) units F/X.
    smoothness : (n,) units F/X^2.
    """

    iterations: npt.NDArray[np.int64]
    gradient_norms: Float
    smoothness: Float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trajectory:
    """Iterates x_0, x_1, ... (n, d) and the true gradients at them (n, d)."""

    points: Float
    gradients: Float


def trajectory(
    landscape: Differentiable,
    method: Method,
    start: npt.ArrayLike,
    *,
    steps: int,
    parameters: Mapping[str, npt.ArrayLike],
    **options: Any,
) -> Trajectory:
    """Run ``method`` from ``start: (d,)`` for ``steps`` steps by the driver, and keep every iterate.

    A run that diverges ends with its last finite iterate. ``options`` and errors are those of
    :func:`synthetic.solve.solve`.
    """
    if not isinstance(steps, int) or isinstance(steps, bool) or steps < 1:
        raise InputError(f"steps = {steps!r} is not allowed: it must be an integer >= 1.")
    watched = _Watched(landscape)
    # A mean of norms this small needs a start that is stationary, and then there is nothing to walk.
    # With a history of every iterate the driver asks for no gradient beyond the end of the run.
    options["record_every"] = 1
    solve(watched, method, start, epsilon=5e-324, max_iterations=steps + 1, parameters=parameters, **options)
    points, gradients = np.array(watched.points), np.array(watched.gradients)
    finite = np.isfinite(points).all(axis=1) & np.isfinite(gradients).all(axis=1)
    return Trajectory(points=points[finite], gradients=gradients[finite])


class _Watched:
    """A landscape that remembers where its gradient was asked for."""

    def __init__(self, landscape: Differentiable) -> None:
        self.landscape, self.dimension = landscape, landscape.dimension
        self.points: list[Float] = []
        self.gradients: list[Float] = []

    def value(self, x: Float, /) -> Float:
        return self.landscape.value(x)

    def gradient(self, x: Float, /) -> Float:
        if len(x) != 1:
            raise InputError(f"{len(x)} runs were given: a trajectory is one run.")
        found = self.landscape.gradient(x)
        self.points.append(x[0].copy())
        self.gradients.append(np.array(found[0]))
        return found


def local_smoothness(landscape: Landscape, points: npt.ArrayLike) -> Float:
    """The spectral norm of the exact Hessian at ``points: (n, d)``, evaluated in doubles, shape (n,).

    Raises
    ------
    InputError : points of another dimension, or a Hessian that is not finite.
    """
    x = np.asarray(points, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != landscape.dimension:
        raise InputError(f"points have shape {x.shape}: it must be (n, {landscape.dimension}).")
    hessian = landscape.hessian(x)
    finite = np.isfinite(hessian).all(axis=(1, 2))
    if not finite.all():
        raise InputError(f"the Hessian is not finite at {x[~finite][0].tolist()}: leave such points out.")
    return np.asarray(np.abs(np.linalg.eigvalsh(hessian)).max(axis=1))


def at_points(landscape: Landscape, points: npt.ArrayLike) -> Samples:
    """Samples at ``points: (n, d)`` from the exact gradient and Hessian; errors as :func:`local_smoothness`."""
    smoothness = local_smoothness(landscape, points)
    norms = np.linalg.norm(landscape.gradient(np.asarray(points, dtype=np.float64)), axis=1)
    return Samples(iterations=np.arange(len(norms)), gradient_norms=norms, smoothness=smoothness)


def along_path(points: npt.ArrayLike, gradients: npt.ArrayLike, *, end: End = "larger") -> Samples:
    """Samples ||g_{k+1} - g_k||/||x_{k+1} - x_k|| along a path (n, d), n >= 2; steps of length 0 give none.

    The quotient is at most the largest Hessian norm on the step. Paired with the ``larger`` gradient norm of both ends
    it therefore lies below the line of every valid (L0, L1) whenever no point of the step has a larger gradient than
    both ends. Paired with the ``smaller`` one, or with that of the ``first`` end as Zhang et al. do, it may lie above
    by the factor of the first-order form of smoothness (:mod:`bounds.smoothness`).

    Raises
    ------
    InputError : shapes that differ, fewer than two points, numbers that are not finite, or an unknown end.
    """
    x, g = np.asarray(points, dtype=np.float64), np.asarray(gradients, dtype=np.float64)
    if x.shape != g.shape or x.ndim != 2 or len(x) < 2:
        raise InputError(f"points {x.shape} and gradients {g.shape}: both must be (n, d) with n >= 2.")
    if not (np.isfinite(x).all() and np.isfinite(g).all()):
        raise InputError("points and gradients must be finite numbers.")
    if end not in get_args(End):
        raise InputError(f"end = {end!r} is not allowed: it must be one of {get_args(End)}.")
    norms = np.linalg.norm(g, axis=1)
    before, after = norms[:-1], norms[1:]
    chosen = {"larger": np.maximum(before, after), "smaller": np.minimum(before, after), "first": before}[end]
    lengths = np.linalg.norm(np.diff(x, axis=0), axis=1)
    moved = np.flatnonzero(lengths > 0)
    quotient = np.linalg.norm(np.diff(g, axis=0), axis=1)[moved] / lengths[moved]
    return Samples(iterations=moved, gradient_norms=chosen[moved], smoothness=quotient)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmoothnessFit:
    """A fitted line s = L0 + L1 g: an estimate from samples, never a certificate.

    Attributes
    ----------
    L0 : units F/X^2; with this L1 the least with at most (1 - quantile) n samples above the line, rounded up.
    L1 : units 1/X.
    quantile : q; 1 is the upper envelope.
    violations : samples above the line, counted in exact arithmetic.
    held_out_rate : share of samples above the line that was fitted without them, by cross-validation.
    n : number of samples.
    """

    L0: float
    L1: float
    quantile: float
    violations: int
    held_out_rate: float
    n: int

    def line(self, gradient_norms: npt.ArrayLike) -> Float:
        """L0 + L1 g at gradient norms of any shape."""
        return np.asarray(self.L0 + self.L1 * np.asarray(gradient_norms, dtype=np.float64))

    @property
    def summary(self) -> str:
        """The fit in words, with what it is not."""
        return (
            f"L0 = {self.L0:.4g}, L1 = {self.L1:.4g}, estimated from {self.n} samples: {self.violations} above the "
            f"line, {self.held_out_rate:.1%} when held out; an estimate, not a certificate"
        )


def fit_smoothness(
    gradient_norms: npt.ArrayLike,
    smoothness: npt.ArrayLike,
    *,
    quantile: Number = 1,
    weight: float | None = None,
    folds: int = 5,
    seed: int | None = 0,
) -> SmoothnessFit:
    """Fit (L0, L1) to samples by the linear program of this module.

    For quantile 1 every sample satisfies s <= L0 + L1 g, both in exact arithmetic and as evaluated in doubles.

    Parameters
    ----------
    gradient_norms, smoothness : (n,) samples g_i >= 0 (units F/X) and s_i >= 0 (units F/X^2), n >= 2.
    quantile : q in (0, 1], read exactly.
    weight : w, the gradient norm at which the line is to be low; by default the mean of the g_i.
    folds : parts of the cross-validation (n parts when there are fewer samples).
    seed : of the shuffle before the samples are cut into parts; None cuts them in the order given, which judges
        samples along a path more severely, as its neighbours resemble each other.

    Raises
    ------
    InputError : samples that are negative, not finite, beyond 1e100, too few, of different lengths or at one gradient
        norm only; a quantile, weight, number of folds or seed that is not allowed.
    """
    g, s = _samples(gradient_norms, smoothness)
    q = as_fraction("quantile", quantile, _QUANTILES)
    if q not in _QUANTILES:
        raise InputError(f"quantile = {quantile} is not allowed: it must lie in (0, 1].")
    if weight is not None and not (math.isfinite(weight) and weight >= 0):
        raise InputError(f"weight = {weight} is not allowed: it must be a finite number >= 0.")
    for name, count, least in (("folds", folds, 2), ("seed", 0 if seed is None else seed, 0)):
        if not isinstance(count, int | np.integer) or isinstance(count, bool) or count < least:
            raise InputError(f"{name} = {count!r} is not allowed: it must be an integer >= {least}.")
    L0, L1 = _fit(g, s, q, weight)
    order = np.arange(len(g)) if seed is None else np.random.default_rng(seed).permutation(len(g))
    outside = 0
    for part in np.array_split(order, min(folds, len(g))):
        kept = np.ones(len(g), dtype=np.bool_)
        kept[part] = False
        outside += _above(g[part], s[part], *_fit(g[kept], s[kept], q, weight))
    return SmoothnessFit(
        L0=L0,
        L1=L1,
        quantile=float(q),
        violations=_above(g, s, L0, L1),
        held_out_rate=outside / len(g),
        n=len(g),
    )


def _samples(gradient_norms: npt.ArrayLike, smoothness: npt.ArrayLike) -> tuple[Float, Float]:
    columns = []
    for name, values in (("gradient_norms", gradient_norms), ("smoothness", smoothness)):
        try:
            column = np.array(values, dtype=np.float64)
        except (TypeError, ValueError):
            raise InputError(f"{name} is not allowed: it must hold numbers only.") from None
        if column.ndim != 1:
            raise InputError(f"{name} has shape {column.shape}: it must be a row of numbers.")
        bad = ~((column == 0) | ((column >= _SMALLEST) & (column <= _LARGEST)))
        if bad.any():
            allowed = f"0 or a number between {_SMALLEST:g} and {_LARGEST:g}"
            raise InputError(f"{name} holds {column[bad][0]} at index {bad.argmax()}: it must be {allowed}.")
        columns.append(column)
    g, s = columns
    if len(g) != len(s):
        raise InputError(f"{len(g)} gradient norms, {len(s)} smoothness values: there must be one for each.")
    if len(g) < 2:
        raise InputError(f"the number of samples is {len(g)}: a line needs at least 2.")
    if g.min() == g.max():
        raise InputError(f"every gradient norm is {g[0]:g}: two different ones are needed to tell L1 from L0.")
    return g, s


def _fit(g: Float, s: Float, q: Fraction, weight: float | None) -> tuple[float, float]:
    """The minimiser; among lines that are as good, one that the solver happens to meet first."""
    across, high = float(g.max()), float(s.max())
    if high == 0:
        return 0.0, 0.0
    # In units of the largest samples the program is the same whatever the units of F and X.
    w = (float(g.mean()) if weight is None else weight) / (across or 1.0)
    slope = _program(g / (across or 1.0), s / high, q, w)
    L1 = slope * (high / across) if across else 0.0
    allowed = math.floor((1 - q) * len(g))
    # For this slope the best L0 is an order statistic of the residuals, so the solver's rounding need not be trusted.
    return max(0.0, float(np.sort(_residuals(g, s, L1))[-1 - allowed])), L1


def _program(g: Float, s: Float, q: Fraction, w: float) -> float:
    """L1 in units in which the largest g and s are 1."""
    # Fewer than one sample may lie above: then none does, and slack is not needed.
    envelope = (1 - q) * len(g) < 1
    if envelope:
        # A nondecreasing line above a sample is above every sample to its lower right.
        order = np.lexsort((-s, g))
        kept = order[np.diff(np.maximum.accumulate(s[order]), prepend=-1.0) > 0]
        g, s = g[kept], s[kept]
    scale = np.maximum(s, _FLOOR)
    rows = csr_array(np.column_stack([1 / scale, g / scale]))
    # For every w >= 1 the best line is flat.
    cost = np.array([1.0, min(w, 2.0)])
    if not envelope:
        rows = hstack([rows, eye_array(len(g))], format="csr")
        cost = np.append(cost, scale / float((1 - q) * len(g)))
    tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    # scipy-stubs does not know that the constraints may be sparse.
    solver: Any = linprog
    found = solver(cost, A_ub=-rows, b_ub=-s / scale, bounds=(0, None), method="highs", options=tight)
    if found.status != 0:
        raise InputError(f"no line could be fitted to these samples: {found.message}")
    return max(0.0, float(found.x[1]))


def _residuals(g: Float, s: Float, L1: float) -> Float:
    """s - L1 g rounded up: with such an L0, s <= L0 + L1 g holds exactly, and in doubles, as rounding is monotone."""
    rounded = np.nextafter(s - np.nextafter(L1 * g, -np.inf), np.inf)
    return np.where((g == 0) | (L1 == 0), s, rounded)


def _above(g: Float, s: Float, L0: float, L1: float) -> int:
    """How many samples lie above the line, in exact arithmetic where doubles leave a doubt."""
    intercept, slope = Fraction(L0), Fraction(L1)
    suspects = np.flatnonzero(_residuals(g, s, L1) > L0)
    return sum(Fraction(s[i]) > intercept + slope * Fraction(g[i]) for i in suspects)
