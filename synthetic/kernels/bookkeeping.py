"""What every kernel of whole runs keeps: the sums and the code of a run, its noise, and the text of its step rule.

The functions here are copied into generated kernels, where the capitals and the placeholders below are defined. The
column i of ``stats: (6, n)`` belongs to run i: its code (0 running, 1 converged, 2 capped, 3 diverged), the number of
points (from -FIRST on), sum of G, of G^2, least G and last G.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from synthetic.kernels import elementary, lanes
from synthetic.kernels.printer import code_of
from synthetic.kernels.source import INPUTS, Variant
from synthetic.step import FLOOR, accurate_factor

__all__ = ["INLINE", "PLAIN", "account", "constants_text", "module_text", "noise", "scale"]

# These kernels round differently from numpy anyway, so that a product and a sum may become one instruction.
_OPTIONS: Final = 'error_model="numpy", fastmath={"contract"}'
PLAIN: Final = f"@njit({_OPTIONS})\n"
INLINE: Final = f"@njit({_OPTIONS}, forceinline=True)\n"

FIRST: Any = 0
SIGMA = KEY = 0
MEAN = MEAN_SQUARED = False


def mix(z: Any) -> Any:
    """The mixing function of the random streams, from :mod:`synthetic.kernels.lanes`."""


def smallest(a: Any, b: Any) -> Any:
    """The smaller number, from :mod:`synthetic.kernels.elementary`."""


def scale(size: Any, inputs: Any, i: Any) -> Any:
    """The factor of a step of run i along a vector of norm ``size``; generated."""


def account(stats: Any, i: Any, size: Any, finite: Any, cap: Any, target: Any) -> Any:
    """Enter a point of run i with gradient norm ``size``; returns the code of the run."""
    size = size if finite else np.inf
    points = stats[1, i] + 1.0
    stats[1, i] = points
    stats[5, i] = size
    code = 0.0 if finite else 3.0
    # The point x_0 is not inspected when averages start at t = 1.
    if points > 0.0:
        stats[2, i] += size
        stats[3, i] += size * size
        stats[4, i] = smallest(stats[4, i], size)
        if MEAN:
            held = stats[2, i] <= target * points
        elif MEAN_SQUARED:
            held = stats[3, i] <= target * points
        else:
            held = size <= target
        if finite and held:
            code = 1.0
        elif finite and points >= cap:
            code = 2.0
    stats[0, i] = code
    return code


def noise(inputs: Any, i: Any, t: Any) -> Any:
    """sigma or -sigma at iteration t, by bit t mod 64 of one word for 64 iterations."""
    key = np.float64(inputs[KEY, i]).view(np.uint64)
    word = mix(key + np.uint64(t // 64 + 1) * np.uint64(0x9E3779B97F4A7C15))
    return inputs[SIGMA, i] if (word >> np.uint64(t % 64)) & np.uint64(1) != np.uint64(0) else -inputs[SIGMA, i]


def constants_text(variant: Variant, others: Mapping[str, Any]) -> str:
    """The capitals of a kernel: of the variant, the rows of ``inputs: (P, n)``, and others."""
    method, names = variant.method, _columns(variant)
    # After beta there is 1 - beta.
    rest = len(names) + (2 if method.momentum else 0)
    constants = {
        "FIRST": variant.first,
        "MEAN": variant.criterion == "mean",
        "MEAN_SQUARED": variant.criterion == "mean-squared",
        "NOISY": variant.noisy,
        "MOMENTUM": method.momentum,
        "MIXED": method.nu is None,
        "FROM_GRADIENT": variant.from_gradient,
        "BETA": len(names),
        "NU": names.index("nu") if "nu" in names else 0,
        **{name: rest + row for row, name in enumerate(INPUTS)},
    }
    return "\n".join(f"{name} = {value!r}" for name, value in (constants | dict(others)).items()) + "\n"


def _scale_text(variant: Variant) -> str:
    """The function :func:`scale` of the variant."""
    rule, names = variant.method.rule, _columns(variant)
    values = [f"    {p} = inputs[{names.index(str(p))}, i]" for p in rule.parameters]
    lines = [f"    u = largest(u, {FLOOR!r})", *values, f"    return {code_of(accurate_factor(rule))}"]
    return INLINE + "def scale(u, inputs, i):\n" + "\n".join(lines) + "\n"


def module_text(variant: Variant, pieces: list[str], signature: str, run: str) -> str:
    """The complete text of a kernel: ``pieces`` between the shared functions and the loop ``run``."""
    shared = [getattr(elementary, name) for name in elementary.__all__] + [lanes.mix]
    parts = [
        f'"""Runs of {variant.method.key}; generated, not to be edited."""',
        "from __future__ import annotations\n\nimport numpy as np\nfrom numba import njit",
        *(INLINE + inspect.getsource(function) for function in shared),
        *pieces[:1],
        _scale_text(variant),
        *(INLINE + inspect.getsource(function) for function in (account, noise)),
        *pieces[1:],
        f'@njit("{signature}", {_OPTIONS}, nogil=True, cache=True)\n{run}',
    ]
    return "\n\n\n".join(part.rstrip() for part in parts) + "\n"


def _columns(variant: Variant) -> list[str]:
    return [name for name in variant.method.parameters if name != "beta"]
