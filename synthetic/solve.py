r"""One driver for every method, landscape and oracle: a batch of runs with early stop per run.

Iterates are x_0, x_1, ...; G_t = ||grad F(x_t)|| is the norm of the true gradient, whatever the oracle returns.
A run counts T inspected points: x_0 .. x_{T-1} with ``first=0`` (T - 1 steps taken), or x_1 .. x_T with ``first=1``
(T steps taken). It stops at the first T >= 1 with

    "mean"          (1/T) sum G_t    <= epsilon,
    "min"           some G_t         <= epsilon,
    "mean-squared"  (1/T) sum G_t^2  <= epsilon^2,

sums over the T inspected points. These are the left-hand sides of the theorems.

Runs with equal group labels stop together, when the criterion holds for the averages of G_t (or G_t^2) over the
group: an estimate of the expectation when the runs of a group differ in their noise only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from bounds.methods import Method, MomentumStart
from synthetic.active import Active
from synthetic.blocks import Descent
from synthetic.kernels import Batch, Variant, launch, refusal, worthwhile
from synthetic.landscape import Landscape
from synthetic.oracles import EXACT, TWO_POINT, Oracle
from synthetic.randomness import Streams
from synthetic.runs import Backend as Backend
from synthetic.runs import Criterion as Criterion
from synthetic.runs import Runs as Runs
from synthetic.runs import Status as Status
from synthetic.runs import Trace as Trace
from synthetic.step import Stepper, parameter_rows, require, row

__all__ = ["Backend", "Criterion", "Differentiable", "Runs", "Status", "Trace", "solve"]

Float = npt.NDArray[np.float64]
Integer = npt.NDArray[np.int64]


class Differentiable(Protocol):
    """What the driver needs of a landscape; rows of a batch must not influence each other."""

    @property
    def dimension(self) -> int: ...

    def value(self, x: Float, /) -> Float:
        """F at the rows of ``x: (B, d)``, shape (B,)."""

    def gradient(self, x: Float, /) -> Float:
        """grad F at the rows of ``x: (B, d)``, shape (B, d); ``x`` is the driver's own, so copy what is to be kept."""


def solve(
    landscape: Differentiable,
    method: Method,
    start: npt.ArrayLike,
    *,
    epsilon: npt.ArrayLike,
    max_iterations: int,
    parameters: Mapping[str, npt.ArrayLike],
    criterion: Criterion = "mean",
    first: Literal[0, 1] = 0,
    momentum_start: MomentumStart = MomentumStart.GRADIENT,
    oracle: Oracle = EXACT,
    sigma: npt.ArrayLike = 0.0,
    seed: int = 0,
    run_ids: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None,
    record_every: int = 0,
    backend: Backend = "auto",
    threads: int | None = None,
) -> Runs:
    """Run ``method`` on ``landscape`` from every start until the criterion holds.

    Parameters
    ----------
    start : (d,) or (B, d). With (d,), B is the length of the longest of the other arrays.
    epsilon, sigma, parameters : scalars or (B,); exactly ``method.parameters`` must be given.
    max_iterations : largest T.
    momentum_start : ``GRADIENT`` starts the buffer at the true gradient at x_0 also when the oracle is noisy, as
        the theorems do.
    seed, run_ids : the noise of a run depends on these and t only; ``run_ids`` is (B,), by default 0 .. B-1.
    groups : (B,) integer labels; by default every run stops for itself.
    record_every : record a :class:`Trace` at every multiple of this t; 0 records nothing. Between recorded iterations
        the gradient may also be asked for at finite points that a run would reach after its end; what happens there,
        an exception included, changes nothing.
    backend : ``"numpy"``, ``"numba"`` (compiled kernels, extra ``fast``), or ``"auto"``: kernels for a batch that they
        cover and that is large enough to be worth it, when numba is installed. Both backends see the same noise and
        round alike, so that results agree bit for bit, but for three things that differ in the last digits:
        transcendental functions, powers that are not small integers, and matrix products (so in finite sums), and
        likewise chains. See ``docs/speed.md``.
    threads : for the kernels, by default one for each CPU that the process may use; changes no result.

    Returns
    -------
    Runs : for landscapes that compute elementwise, bit for bit the same however a batch is cut between groups.

    Raises
    ------
    InputError : a parameter, shape or name that is not allowed. Divergence is a status, not an error.
    """
    if criterion not in get_args(Criterion):
        raise InputError(f"criterion = {criterion!r} is not allowed: it must be one of {get_args(Criterion)}.")
    if backend not in get_args(Backend):
        raise InputError(f"backend = {backend!r} is not allowed: it must be one of {get_args(Backend)}.")
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        raise InputError(f"threads = {threads!r} is not allowed: it must be an integer >= 1, or None.")
    if first not in (0, 1):
        raise InputError(f"first = {first!r} is not allowed: averages start at t = 0 or t = 1.")
    for name, count, least in (("max_iterations", max_iterations, 1), ("record_every", record_every, 0)):
        if not isinstance(count, int | np.integer) or isinstance(count, bool) or count < least:
            raise InputError(f"{name} = {count!r} is not allowed: it must be an integer >= {least}.")
    x = _points(landscape, start, (epsilon, sigma, run_ids, groups, *parameters.values()))
    batch = len(x)
    target = row("epsilon", epsilon, batch)
    require("epsilon", target, (target > 0) & np.isfinite(target), "a finite number > 0")
    noise = row("sigma", sigma, batch)
    require("sigma", noise, (noise >= 0) & np.isfinite(noise), "a finite number >= 0")
    if oracle.noise == "exact":
        require("sigma", noise, noise == 0, "0 with the exact oracle")
    streams = Streams(seed, np.arange(batch) if run_ids is None else run_ids)
    if len(streams) != batch:
        raise InputError(f"run_ids has {len(streams)} entries: it must have {batch}, one for each run.")
    rows = parameter_rows(method, parameters, batch)
    labels = None if groups is None else _labels(groups, target)
    if criterion == "mean-squared":
        target = target**2
    if backend != "numpy":
        numbers = Batch(
            x=x, parameters=rows, target=target, sigma=noise, keys=streams.keys, max_iterations=max_iterations
        )
        variant, reason = _variant(landscape, method, criterion, first, momentum_start, oracle)
        if groups is not None or record_every:
            reason = "the kernels keep no groups and no history"
        if variant is not None and not reason and (backend == "numba" or worthwhile(variant, numbers)):
            reason = refusal(variant, numbers)
            if not reason:
                return launch(variant, numbers, threads)
        if backend == "numba":
            raise InputError(f"backend = 'numba' is not possible: {reason}.")
    runs = Active(
        x=x,
        target=target,
        sigma=noise,
        group=labels,
        stepper=Stepper(method=method, rows=rows, dimension=x.shape[1]),
        streams=streams,
    )
    descent = Descent(
        value=landscape.value,
        gradient=landscape.slopes() if isinstance(landscape, Landscape) else landscape.gradient,
        runs=runs,
        oracle=oracle,
        criterion=criterion,
        first=first,
        momentum_start=momentum_start,
        max_iterations=max_iterations,
        record_every=record_every,
    )
    return descent.run()


def _variant(
    landscape: Differentiable,
    method: Method,
    criterion: Criterion,
    first: int,
    momentum_start: MomentumStart,
    oracle: Oracle,
) -> tuple[Variant | None, str]:
    """What to compile for this batch, or why nothing can be."""
    if not isinstance(landscape, Landscape):
        return None, "the kernels need a Landscape, whose gradient is an expression"
    # On the line, a vector of length sigma is +sigma or -sigma.
    signs = oracle is TWO_POINT or (oracle.key == "sphere" and landscape.dimension == 1)
    if oracle is not EXACT and not signs:
        return None, f"the kernels have no {oracle.name}"
    variant = Variant(
        form=landscape.form,
        method=method,
        criterion=criterion,
        first=first,
        noisy=signs,
        from_gradient=momentum_start is MomentumStart.GRADIENT,
    )
    return variant, ""


def _points(landscape: Differentiable, start: npt.ArrayLike, others: tuple[npt.ArrayLike | None, ...]) -> Float:
    try:
        points = np.array(start, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"start = {start!r} is not allowed: it must hold numbers only.") from None
    d = landscape.dimension
    if points.ndim < 2:
        batch = max((np.size(a) for a in others if a is not None and np.ndim(a) == 1), default=1)
        points = np.tile(points.reshape(1, -1), (batch, 1))
    if points.ndim != 2 or points.shape[1] != d or len(points) == 0:
        raise InputError(f"start has shape {np.shape(start)}: it must be ({d},) or (B, {d}) with B >= 1.")
    require("start", points, np.isfinite(points), "finite")
    return points


def _labels(groups: npt.ArrayLike, target: Float) -> Integer:
    labels = np.asarray(groups)
    if labels.shape != target.shape or labels.dtype.kind not in "iu":
        raise InputError(f"groups has shape {labels.shape}: it must hold {len(target)} integers, one for each run.")
    values, index = np.unique(labels, return_inverse=True)
    # Runs of one group stop together, so two targets in it would contradict each other.
    lowest, highest = np.full(len(values), np.inf), np.zeros(len(values))
    np.minimum.at(lowest, index, target)
    np.maximum.at(highest, index, target)
    if (lowest < highest).any():
        label = values[lowest < highest][0]
        raise InputError(f"group {label} mixes several values of epsilon: the runs of a group need one epsilon.")
    return index.astype(np.int64)
