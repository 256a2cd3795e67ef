r"""Where ||Hess F(x)||/(L0 + L1 ||grad F(x)||) is large: a multistart search in floating point.

The logarithm of the ratio is maximised, for which far and near points count alike. Large ratios hide far out (a tail
with too small an L1), along the flattest axis (an ill-conditioned image), and next to stationary points (too small an
L0), so the starts lie on rays through given centres: along coordinate axes, eigenvectors of the Hessian, the gradient
and random directions, with lengths from 1e-6 to 1e6 on a logarithmic scale. The best ones are refined along their ray,
by Newton's method for grad F = 0, by L-BFGS-B and by the simplex method.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import optimize

from synthetic.derivatives import quiet
from synthetic.forms import Array, Form
from synthetic.landscape import Region

__all__ = ["Ratio", "promising"]

_REACH = 6.0
_TINY = 1e-250
# Beyond this, products of two entries come close to overflow.
_HUGE = 1e150


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """ln(||Hess F||/(L0 + L1 ||grad F||)) in floating point, on the domain of F."""

    form: Form
    L0: Fraction
    L1: Fraction
    domain: Region

    def __call__(self, x: Array) -> Array:
        """At x: (batch, dim) -> (batch,); -inf where it is meaningless, inf where nothing is allowed."""
        return np.concatenate([self._of(part) for part in np.array_split(x, -(-len(x) // 1024))])

    def _of(self, x: Array) -> Array:
        gradient, hessian = self.form.gradient(x), self.form.hessian(x)
        usable = np.logical_and(_moderate(gradient, hessian), self.domain.contains(x))
        size, allowed = np.zeros(len(x)), np.ones(len(x))
        with np.errstate(over="ignore", divide="ignore"):
            size[usable] = np.abs(np.linalg.eigvalsh(hessian[usable])).max(axis=1)
            allowed[usable] = float(self.L0) + float(self.L1) * _lengths(gradient[usable])
            # Subnormal numbers have too few digits for their ratio to mean anything.
            return np.where(size > _TINY, np.log(np.maximum(size, _TINY)) - np.log(allowed), -np.inf)


def _moderate(gradient: Array, hessian: Array) -> npt.NDArray[np.bool_]:
    """Which points have derivatives that can be multiplied without overflow."""
    largest = np.maximum(np.abs(gradient).max(axis=1), np.abs(hessian).max(axis=(1, 2)))
    return np.asarray(largest < _HUGE)


def _lengths(vectors: Array) -> Array:
    """Euclidean norms that do not underflow."""
    largest = np.maximum(np.abs(vectors).max(axis=1), np.finfo(np.float64).tiny)
    lengths: Array = largest * np.linalg.norm(vectors / largest[:, None], axis=1)
    return lengths


def promising(ratio: Ratio, centres: Array, starts: int, draws: np.random.Generator) -> Iterator[Array]:
    """Batches of points at which the ratio may be large, shape (batch, dim), from cheap to expensive.

    Parameters
    ----------
    centres : the points that the rays start from, shape (n, dim).
    starts : number of random rays from each centre.
    """
    rays = _rays(ratio.form, centres, starts, draws)
    points = np.concatenate([centres, *(base + length * ray for base, ray, length in rays)])
    yield points
    best = _best(ratio, points, 24)
    if not len(best):  # F is flat, or has no finite derivatives
        return
    zoomed = _zoomed(ratio, best, centres)
    yield zoomed
    yield _stationary(ratio.form, np.concatenate([zoomed, _best(ratio, points[:: max(1, len(points) // 256)], 64)]))
    for x in _best(ratio, np.concatenate([best, zoomed]), 16):
        climbed = _climbed(ratio, x)
        yield climbed
        yield _stationary(ratio.form, climbed[-1:])


def _rays(form: Form, centres: Array, starts: int, draws: np.random.Generator) -> Iterator[tuple[Array, Array, Array]]:
    """Triples (centre, unit directions, lengths) that broadcast to batches of points."""
    d = form.dimension
    lengths = 10 ** np.linspace(-_REACH, _REACH, max(25, 480 // d) | 1)
    for centre in centres:
        axes = [np.eye(d)]
        gradient, hessian = form.gradient(centre[None])[0], form.hessian(centre[None])[0]
        if d > 1 and _moderate(gradient[None], hessian[None])[0]:
            axes.append(np.linalg.eigh(hessian)[1].T)
        slope = float(np.linalg.norm(gradient))
        if math.isfinite(slope) and slope > 0:
            axes.append(gradient[None] / slope)
        known = np.concatenate(axes)
        for ray in np.concatenate([known, -known]):
            yield centre, ray[None], lengths[:, None]
        random = draws.standard_normal((starts, d))
        random /= np.linalg.norm(random, axis=1, keepdims=True)
        yield centre, random, 10 ** draws.uniform(-_REACH, _REACH, (starts, 1))
        # A scale of its own for every coordinate.
        yield centre, draws.choice([-1.0, 1.0], (starts, d)), 10 ** draws.uniform(-_REACH, _REACH, (starts, d))


def _best(ratio: Ratio, points: Array, count: int) -> Array:
    """The points of largest ratio, no two of them close to each other."""
    values = ratio(points)
    chosen: list[Array] = []
    for index in np.argsort(-values, kind="stable"):
        x = points[index]
        if len(chosen) == count or values[index] == -np.inf:
            break
        if all(np.linalg.norm(x - other) > 0.3 * np.linalg.norm(other) for other in chosen):
            chosen.append(x)
    return np.array(chosen).reshape(-1, points.shape[1])


def _zoomed(ratio: Ratio, points: Array, centres: Array) -> Array:
    """Each point moved to the best length on its rays from the centres."""
    moved = [points]
    for centre in centres:
        offsets, width = points - centre, 1.0
        for _ in range(6):
            factors = np.exp(np.linspace(-width, width, 17))
            trial = centre + offsets[:, None, :] * factors[None, :, None]
            values = ratio(trial.reshape(-1, trial.shape[-1])).reshape(trial.shape[:2])
            offsets = offsets * factors[values.argmax(axis=1)][:, None]
            width /= 6
        moved.append(centre + offsets)
    return np.concatenate(moved)


def _stationary(form: Form, points: Array) -> Array:
    """The iterates of Newton's method for grad F = 0, which is attracted by every kind of stationary point."""
    found = [points]
    for _ in range(12):
        x = found[-1]
        gradient, hessian = form.gradient(x), form.hessian(x)
        usable = _moderate(gradient, hessian)
        if not usable.any():
            break
        with quiet():
            step = (np.linalg.pinv(hessian[usable]) @ gradient[usable, :, None])[:, :, 0]
            found.append(x[usable] - step)
    return np.concatenate(found)


def _climbed(ratio: Ratio, x: Array) -> Array:
    """Local maximisation from one point, in coordinates scaled by its size."""
    d, unit = len(x), float(np.linalg.norm(x)) or 1.0
    steps = 1e-6 * np.concatenate([np.eye(d), -np.eye(d)])

    def height(z: Array) -> Array:
        return -np.clip(ratio(x + unit * z), -700.0, 700.0)

    def objective(z: Array) -> tuple[float, Array]:
        values = height(np.concatenate([z[None], z + steps]))
        return float(values[0]), (values[1 : d + 1] - values[d + 1 :]) / 2e-6

    def single(z: Array) -> float:
        return float(height(z[None])[0])

    smooth = optimize.minimize(objective, np.zeros(d), jac=True, method="L-BFGS-B", options={"maxiter": 60})
    found = [x, x + unit * smooth.x]
    if d <= 4:
        simplex = optimize.minimize(
            single,
            np.asarray(smooth.x, dtype=np.float64),
            method="Nelder-Mead",
            options={"maxfev": 150 * d, "xatol": 1e-10, "fatol": 1e-14},
        )
        found.append(x + unit * simplex.x)
    return np.array(found)
