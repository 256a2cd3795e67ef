"""Running a batch on compiled kernels: which batches they take, and the threads they run on."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from synthetic.forms import Form
from synthetic.kernels.cache import load
from synthetic.kernels.kernel import Kind, unscaled
from synthetic.kernels.source import MOST_COORDINATES, Variant, source_of
from synthetic.kernels.sums import SUMS
from synthetic.kernels.zero_chain import CHAINS
from synthetic.runs import Runs, Status

__all__ = ["Batch", "available", "launch", "refusal", "usable_cpus", "worthwhile"]

Float = npt.NDArray[np.float64]

# Below this a kernel gains less than loading it costs.
_WORTHWHILE: Final = 2 * 10**7
# The codes of a kernel.
_STATUS: Final = np.array([Status.CAPPED, Status.CONVERGED, Status.CAPPED, Status.DIVERGED], dtype=np.int8)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """The numbers of B runs: starts (B, d), parameters, targets, noise levels and stream keys (B,)."""

    x: Float
    parameters: Mapping[str, Float]
    target: Float
    sigma: Float
    keys: npt.NDArray[np.uint64]
    max_iterations: int


def _lanes(variant: Variant) -> str:
    if variant.form.dimension > MOST_COORDINATES:
        raise InputError(f"these kernels take at most {MOST_COORDINATES} coordinates.")
    return source_of(variant)


def _buffer(module: ModuleType) -> tuple[Float]:
    return (np.zeros(module.ROWS * module.W),)


# The first that takes a form builds its kernel.
_KINDS: Final = (SUMS, CHAINS, Kind(form=Form, source=_lanes, scratch=_buffer, fewest=128))


def _kind(variant: Variant) -> Kind:
    inner = unscaled(variant.form)[0]
    return next(kind for kind in _KINDS if isinstance(inner, kind.form))


def available() -> bool:
    """Whether the compiler is installed."""
    return importlib.util.find_spec("numba") is not None


def usable_cpus() -> int:
    """The number of CPUs that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        # Not every system can tie a process to some of its CPUs.
        return os.cpu_count() or 1


def worthwhile(variant: Variant, batch: Batch) -> bool:
    """Whether the batch is large enough for a kernel to pay for itself."""
    kind = _kind(variant)
    work = len(batch.x) * batch.max_iterations * kind.weight(variant.form)
    return len(batch.x) >= kind.fewest and work >= _WORTHWHILE


def refusal(variant: Variant, batch: Batch) -> str:
    """Why the kernels cannot take the batch, or an empty text."""
    if not available():
        return 'numba is not installed: pip install "clipbounds[fast]"'
    for name, row in batch.parameters.items():
        if not np.isfinite(row).all() or (name == "L1" and not row.all()):
            return f"the kernels need finite parameters and L1 > 0, and {name} has a limit value"
    try:
        _kind(variant).source(variant)
    except InputError as reason:
        return str(reason).rstrip(".")
    if _kind(variant).multiplies and importlib.util.find_spec("threadpoolctl") is None:
        return 'threadpoolctl is not installed: pip install "clipbounds[fast]"'
    return ""


def launch(variant: Variant, batch: Batch, threads: int | None = None) -> Runs:
    """Run the batch; ``threads`` is by default the number of CPUs that this process may use.

    A run does not depend on the others, so neither the number of threads nor the order changes a bit. The interrupt key
    ends the kernels within milliseconds.
    """
    kind = _kind(variant)
    module, data = load(kind.source(variant)), kind.data(variant.form)
    count = min(threads or usable_cpus(), len(batch.x))
    parts = [_Part.of(variant, batch, slice(k, None, count), data + kind.scratch(module)) for k in range(count)]
    stop = np.zeros(1, np.int64)
    with _one_blas_thread() if kind.multiplies else contextlib.nullcontext():
        _run_all(module.run, parts, stop)
    x, stats = np.empty_like(batch.x), np.empty((6, len(batch.x)))
    for k, part in enumerate(parts):
        x[k::count], stats[:, k::count] = part.x, part.stats
    return _runs(x, stats)


def _run_all(run: Any, parts: list[_Part], stop: npt.NDArray[np.int64]) -> None:
    # A single part has a thread of its own too: Python hears the interrupt key in the main thread only, and not while
    # that is inside a kernel.
    with ThreadPoolExecutor(len(parts)) as pool:
        try:
            for future in [pool.submit(part.run, run, stop) for part in parts]:
                future.result()
        except BaseException:
            # The threads hold no lock that an interruption could reach, so they are told to end.
            stop[0] = 1
            raise


def _one_blas_thread() -> Any:
    """The linear algebra library on one thread for each of ours; it would make them wait for each other."""
    return _libraries().limit(limits=1, user_api="blas")


@functools.cache
def _libraries() -> Any:
    # Finding them takes milliseconds. A library that is loaded later would escape, so the one that is used comes first.
    import scipy.linalg.cython_blas  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """The runs of one thread, inputs and outputs."""

    inputs: tuple[Any, ...]
    x: Float
    stats: Float
    data: tuple[Any, ...]

    @classmethod
    def of(cls, variant: Variant, batch: Batch, part: slice, data: tuple[Any, ...]) -> _Part:
        rows = {name: row[part] for name, row in batch.parameters.items()}
        columns = [rows[name] for name in variant.method.parameters if name != "beta"]
        if variant.method.momentum:
            columns += [rows["beta"], 1.0 - rows["beta"]]
        columns += [batch.target[part], batch.sigma[part], batch.keys.view(np.float64)[part]]
        start = np.ascontiguousarray(batch.x[part])
        # No point has been seen; kernels that keep their sums elsewhere overwrite this.
        stats = np.zeros((6, len(start)))
        stats[1], stats[4:] = -variant.first, np.inf
        return cls(
            inputs=(start, np.array(columns), float(batch.max_iterations)),
            x=np.empty_like(start),
            stats=stats,
            data=data,
        )

    def run(self, kernel: Any, stop: npt.NDArray[np.int64]) -> None:
        kernel(*self.inputs, stop, self.x, self.stats, *self.data)


def _runs(x: Float, stats: Float) -> Runs:
    code, count, total, squares, least, last = stats
    inspected = count.astype(np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, squared = total / count, squares / count
    # A run that was bad at once has no average.
    empty = inspected == 0
    return Runs(
        status=_STATUS[code.astype(np.int64)],
        iterations=inspected,
        mean_gradient_norm=np.where(empty, np.inf, mean),
        mean_squared=np.where(empty, np.inf, squared),
        min_gradient_norm=least.copy(),
        last_gradient_norm=last.copy(),
        x=x,
        trace=None,
    )
