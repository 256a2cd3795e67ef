r"""Stochastic gradient oracles: g = grad F(x) + xi with E[xi | past] = 0.

=========  ==========================================  =====================  ==========
key        law of xi                                   size                   noise class
=========  ==========================================  =====================  ==========
exact      0                                           0                      exact
two-point  +-sigma v with equal probability            ||xi|| = sigma         bounded
sphere     uniform on the sphere of radius sigma       ||xi|| = sigma         bounded
gaussian   N(0, (sigma^2/d) I)                         E||xi||^2 = sigma^2    variance
=========  ==========================================  =====================  ==========

"bounded" means ||xi|| <= sigma almost surely (up to rounding) and implies "variance", E||xi||^2 <= sigma^2.

The direction v of the two-point oracle is grad F(x)/||grad F(x)||, or the first unit vector where the gradient
vanishes. Noise along the gradient is the worst case for clipping: it attains the sharp bias
<grad F, E h(g)> = (1 - sigma/(2 tau)) psi at ||grad F|| = tau. In one dimension v is +1, which has the same law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bounds.errors import unknown_name
from synthetic.randomness import Streams
from synthetic.step import norms

__all__ = ["EXACT", "GAUSSIAN", "ORACLES", "SPHERE", "TWO_POINT", "Oracle", "oracle_named"]

Float = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oracle:
    """A noise law.

    Attributes
    ----------
    noise : the strongest class it satisfies at level sigma: "exact", "bounded" or "variance".
    draw : ``draw(gradient: (B, d), sigma: (B,), streams of B runs, iteration) -> (B, d)``, the noisy gradient.
    """

    key: str
    name: str
    noise: Literal["exact", "bounded", "variance"]
    draw: Callable[[Float, Float, Streams, int], Float]

    def sample(self, gradient: Float, sigma: npt.ArrayLike, seed: int, run: npt.ArrayLike, iteration: int) -> Float:
        """The noisy gradients (B, d) that runs ``run: (B,)`` see at one iteration.

        A pure function of its arguments; the rows do not depend on each other.
        """
        level = np.broadcast_to(np.asarray(sigma, dtype=np.float64), gradient.shape[:1])
        return self.draw(gradient, level, Streams(seed, run), iteration)


def _exact(gradient: Float, sigma: Float, streams: Streams, iteration: int) -> Float:
    return gradient


def _two_point(gradient: Float, sigma: Float, streams: Streams, iteration: int) -> Float:
    amount = (sigma * streams.signs(iteration))[:, None]
    if gradient.shape[1] == 1:
        return gradient + amount
    size = norms(gradient)[:, None]
    direction = gradient / np.where(size > 0, size, 1.0)
    direction[:, :1] += size == 0
    return gradient + amount * direction


def _sphere(gradient: Float, sigma: Float, streams: Streams, iteration: int) -> Float:
    if gradient.shape[1] == 1:
        return _two_point(gradient, sigma, streams, iteration)
    # A rotation-invariant vector on its norm; the normals are never 0, so the division is safe.
    normal = streams.normals(iteration, gradient.shape[1])
    noisy: Float = gradient + (sigma / norms(normal))[:, None] * normal
    return noisy


def _gaussian(gradient: Float, sigma: Float, streams: Streams, iteration: int) -> Float:
    dimension = gradient.shape[1]
    noisy: Float = gradient + (sigma / np.sqrt(dimension))[:, None] * streams.normals(iteration, dimension)
    return noisy


EXACT = Oracle(key="exact", name="exact gradient", noise="exact", draw=_exact)
TWO_POINT = Oracle(key="two-point", name="two-point noise along the gradient", noise="bounded", draw=_two_point)
SPHERE = Oracle(key="sphere", name="noise uniform on a sphere", noise="bounded", draw=_sphere)
GAUSSIAN = Oracle(key="gaussian", name="Gaussian noise", noise="variance", draw=_gaussian)

ORACLES: tuple[Oracle, ...] = (EXACT, TWO_POINT, SPHERE, GAUSSIAN)


def oracle_named(key: str) -> Oracle:
    """The oracle with this key, or an error that suggests the nearest ones."""
    for oracle in ORACLES:
        if oracle.key == key:
            return oracle
    raise unknown_name("oracle", key, (o.key for o in ORACLES))
