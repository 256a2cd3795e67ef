"""The text of a kernel: constants, elementary functions, gradient, steps and stop test, and the loop around them."""

from __future__ import annotations

import functools
import inspect
import re
from dataclasses import dataclass
from textwrap import indent
from typing import Final

from bounds.methods import Method
from bounds.symbols import u
from synthetic.forms import Form
from synthetic.kernels import elementary, lanes, vectors
from synthetic.kernels.iteration import Iteration
from synthetic.kernels.slopes import function_text, slopes_of
from synthetic.runs import Criterion
from synthetic.step import accurate_factor

__all__ = ["INPUTS", "LANES", "MOST_COORDINATES", "Variant", "source_of"]

LANES: Final = 32
# numpy adds in one pass up to this length, and the kernels add in the same order.
MOST_COORDINATES: Final = 128

_JIT: Final = '@njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)\n'
_INLINE: Final = '@njit(error_model="numpy", forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)\n'
_SIGNATURE: Final = (
    "int64(float64[:, ::1], float64[:, ::1], float64, int64[::1], float64[:, ::1], float64[:, ::1], float64[::1])"
)
# What a kernel reports of a run, in this order.
_REPORTED: Final = ("CODE", "COUNT", "TOTAL", "SQUARES", "LEAST", "LAST")
# What follows the parameters of the method in the inputs of a run.
INPUTS: Final = ("TARGET", "SIGMA", "KEY")
_SCALARS: Final = (
    "INDEX",
    "CARE",
    "WORD",
    "SIZE",
    "LENGTH",
    "UNIT",
    "AMOUNT",
    "ALONG_M",
    "ALONG_G",
    "RADIUS",
    "STEEPNESS",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What a kernel is compiled for.

    Attributes
    ----------
    noisy : two-point noise, instead of the exact gradient.
    from_gradient : the buffer starts at the gradient, instead of 0.
    """

    form: Form
    method: Method
    criterion: Criterion
    first: int
    noisy: bool
    from_gradient: bool


@functools.lru_cache(maxsize=256)
def source_of(variant: Variant) -> str:
    """The complete text of the module; equal texts are equal kernels.

    Raises
    ------
    InputError : a form or a function that the kernels do not cover.
    """
    d, method, slopes = variant.form.dimension, variant.method, slopes_of(variant.form)
    names = [name for name in method.parameters if name != "beta"]
    iteration = Iteration(
        slopes=slopes,
        method=method,
        criterion=variant.criterion,
        noisy=variant.noisy,
        dimension=d,
        columns=(*names, *(("beta", "rest") if method.momentum else ())),
    )
    start = iteration.start() if method.momentum and variant.from_gradient else "pass\n"
    prepare = "def prepare(b, j):\n" + indent(start, "    ")
    sprint = "def sprint(b, lanes):\n    lanes = lanes if lanes < W else W\n    for k in range(K):\n" + indent(
        iteration.of_all_lanes(), "        "
    )
    finish = "def finish(b, cap, j):\n    for k in range(K):\n" + indent(iteration.of_one_lane(), "        ")
    constants = _rows(variant, iteration) | {
        "W": LANES,
        "K": 64 if variant.noisy else LANES,
        "D": d,
        "P": len(iteration.columns) + len(INPUTS),
    }
    pieces = [
        f'"""Runs of {method.key}; generated, not to be edited."""',
        "from __future__ import annotations\n\nimport numpy as np\nfrom numba import njit",
        "\n".join(f"{name} = {value}" for name, value in constants.items()) + f"\nIDLE = {lanes.IDLE}",
        *(_INLINE + inspect.getsource(getattr(elementary, name)) for name in elementary.__all__),
        *(_INLINE + text if text.startswith("def ") else text for text in slopes.functions),
        *([] if iteration.clamps else [_INLINE + _factor(method)]),
        _INLINE + inspect.getsource(lanes.mix),
        _JIT + _with_numbers(inspect.getsource(vectors.square_sum), constants),
        *(_JIT + _with_numbers(text, constants) for text in (inspect.getsource(vectors.norm), prepare, sprint, finish)),
        f'@njit("{_SIGNATURE}", error_model="numpy", nogil=True, cache=True)\n'
        + _with_numbers(inspect.getsource(lanes.run), constants),
    ]
    return "\n\n\n".join(piece.rstrip() for piece in pieces) + "\n"


def _factor(method: Method) -> str:
    rule = method.rule
    return function_text("factor", (accurate_factor(rule),), (u, *rule.parameters), cse=False)


def _with_numbers(text: str, constants: dict[str, int]) -> str:
    # Python folds sums of numbers, and what it has folded the compiler need not look at.
    return re.sub(r"\b[A-Z][A-Z_]*\b", lambda name: str(constants.get(name[0], name[0])), text)


def _rows(variant: Variant, iteration: Iteration) -> dict[str, int]:
    """Where each row of the work buffer starts, and how many rows there are."""
    d, momentum = variant.form.dimension, variant.method.momentum
    # What a lane must get back to repeat a block comes first.
    state = dict.fromkeys(_REPORTED, 1) | {"X": d, "M": d if momentum else 0}
    size = sum(state.values())
    rows = state | {"SAVED": size, "G": d, "PARTIAL": 8 if d > 1 else 0, "PARAMETERS": len(iteration.columns)}
    rows |= dict.fromkeys((*INPUTS, *_SCALARS), 1) | iteration.slopes.vectors
    constants, row = {"FIRST": variant.first, "NOISY": int(variant.noisy), "STATE": size}, 0
    for name, count in rows.items():
        constants[name], row = row * LANES, row + count
    return constants | {"ROWS": row}
