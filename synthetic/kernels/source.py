"""The text of a kernel: constants, the elementary functions, gradient, step and stop test, and the loop around them."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from textwrap import indent
from typing import Final

from bounds.methods import HARD, Method
from bounds.symbols import u
from synthetic.forms import Form
from synthetic.kernels import elementary, lanes
from synthetic.kernels.slopes import Slopes, function_text, slopes_of, squares_text
from synthetic.runs import Criterion
from synthetic.step import FLOOR, accurate_factor

__all__ = ["LANES", "MOST_COORDINATES", "Variant", "source_of"]

LANES: Final = 32
# numpy adds in one pass up to this length, and the kernels add in the same order.
MOST_COORDINATES: Final = 128

_INLINE: Final = '@njit(error_model="numpy", forceinline=True)\n'
_SIGNATURE: Final = (
    "int64(float64[:, ::1], float64[:, ::1], float64[::1], float64[::1], uint64[::1], float64, int64[::1], "
    "float64[:, ::1], float64[:, ::1])"
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

    @property
    def clamps(self) -> bool:
        """Whether the step is the clipping of a number, which needs no division."""
        return self.form.dimension == 1 and self.method.rule.factor == HARD.factor


@functools.lru_cache(maxsize=256)
def source_of(variant: Variant) -> str:
    """The complete text of the module; equal texts are equal kernels.

    Raises
    ------
    InputError : a form or a function that the kernels do not cover.
    """
    slopes = slopes_of(variant.form)
    d = variant.form.dimension
    names = [name for name in variant.method.parameters if name != "beta"]
    momentum = variant.method.momentum
    columns = names + (["beta", "rest"] if momentum else [])
    rows = {"X": d, "M": d if momentum else 0, "G": d if d > 1 else 0, "Y": slopes.scratch}
    rows |= dict.fromkeys(("TOTAL", "SQUARES", "LEAST", "COUNT", "LAST", "TARGET", "CODE", "SIZE", "U", "S"), 1)
    rows |= {"PARAMETERS": len(columns), "SIGMA": 1, "WORD": 1}
    constants, row = {"W": LANES, "K": LANES, "D": d, "P": len(columns), "FIRST": variant.first}, 0
    for name, count in rows.items():
        constants[name], row = row * LANES, row + count
    constants["ROWS"] = row
    step = _Step(variant=variant, columns=tuple(columns))
    body = step.on_the_line() if d == 1 else step.in_space(slopes)
    pieces = [
        f'"""Runs of {variant.method.key}; generated, not to be edited."""',
        "from __future__ import annotations\n\nimport numpy as np\nfrom numba import njit",
        "\n".join(f"{name} = {value}" for name, value in constants.items()) + f"\nIDLE = {lanes.IDLE}",
        *(_INLINE + inspect.getsource(getattr(elementary, name)) for name in elementary.__all__),
        *(_INLINE + text for text in slopes.functions.split("\n\n\n") if text.startswith("def ")),
        *(text for text in slopes.functions.split("\n\n\n") if not text.startswith("def ")),
        *([] if variant.clamps else [_INLINE + step.factor()]),
        *([] if d == 1 else [_norm_text("G", d), *([_norm_text("M", d)] if momentum else [])]),
        '@njit(error_model="numpy")\ndef advance(b, cap, d):\n    for k in range(K):\n' + indent(body, "        "),
        _INLINE + inspect.getsource(lanes.mix),
        f'@njit("{_SIGNATURE}", error_model="numpy", nogil=True, cache=True)\n' + inspect.getsource(lanes.run),
    ]
    return "\n\n\n".join(piece.rstrip() for piece in pieces) + "\n"


# Comparisons with NaN are false, so a run is healthy only when its numbers are finite.
_ACCOUNT: Final = """\
running = b[CODE + j] == 0.0
size = where(finite, size, np.inf)
count = b[COUNT + j] + 1.0
total = b[TOTAL + j] + size
squares = b[SQUARES + j] + size * size
least = smallest(size, b[LEAST + j])
code = where(finite, where({holds}, 1.0, where(count >= cap, 2.0, 0.0)), 3.0)
{unseen}b[COUNT + j] = where(running, count, b[COUNT + j])
b[TOTAL + j] = where(running, total, b[TOTAL + j])
b[SQUARES + j] = where(running, squares, b[SQUARES + j])
b[LEAST + j] = where(running, least, b[LEAST + j])
b[LAST + j] = where(running, size, b[LAST + j])
code = where(running, code, b[CODE + j])
b[CODE + j] = code
"""

# The point x_0 is not inspected when averages start at t = 1.
_UNSEEN: Final = """\
seen = count > 0.0
total = where(seen, total, 0.0)
squares = where(seen, squares, 0.0)
least = where(seen, least, np.inf)
code = where(finite, where(seen, code, 0.0), 3.0)
"""

_HOLDS: Final = {
    "mean": "total <= b[TARGET + j] * count",
    "min": "size <= b[TARGET + j]",
    "mean-squared": "squares <= b[TARGET + j] * count",
}

_AMOUNT: Final = """\
word = np.float64(b[WORD + j]).view(np.uint64)
amount = where((word & np.uint64(1)) != np.uint64(0), b[SIGMA + j], -b[SIGMA + j])
b[WORD + j] = np.uint64(word >> np.uint64(1)).view(np.float64)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """The text of one iteration of the lanes."""

    variant: Variant
    columns: tuple[str, ...]

    def parameter(self, name: str) -> str:
        return f"b[PARAMETERS + {self.columns.index(name)} * W + j]"

    def factor(self) -> str:
        rule = self.variant.method.rule
        return function_text("factor", (accurate_factor(rule),), (u, *rule.parameters), cse=False)

    def account(self) -> str:
        unseen = _UNSEEN if self.variant.first else ""
        return _ACCOUNT.format(holds=_HOLDS[self.variant.criterion], unseen=unseen)

    def mixture(self, x: str, buffer: str, gradient: str) -> str:
        """The next point, from the steps along the buffer and along the gradient."""
        method = self.variant.method
        if not method.momentum:
            return f"{x} - {gradient}"
        if method.nu == 1:
            return f"{x} - {buffer}"
        nu = self.parameter("nu")
        return f"{x} - {nu} * {buffer} - (1.0 - {nu}) * {gradient}"

    def length_step(self, v: str, size: str) -> str:
        """h(v) for a number v of this size."""
        if self.variant.clamps:
            largest_step = self.parameter("gamma")
            return f"largest(-{largest_step}, smallest({largest_step}, {self.parameter('eta')} * {v}))"
        return f"{self.scale(size)} * {v}"

    def scale(self, size: str) -> str:
        values = ", ".join(self.parameter(str(p)) for p in self.variant.method.rule.parameters)
        return f"factor(largest({size}, {FLOOR!r}), {values})"

    def on_the_line(self) -> str:
        """One loop over the lanes, everything in registers."""
        method = self.variant.method
        lines = ["x = b[X + j]", "g = slope(x)", "size = abs(g)", "finite = (size < np.inf) & (abs(x) < np.inf)"]
        if method.momentum:
            lines.append("m = b[M + j]")
            if self.variant.from_gradient:
                lines.append(f"m = where(b[COUNT + j] == {-float(self.variant.first)}, g, m)")
        lines += self.account().splitlines()
        if self.variant.noisy:
            lines += [*_AMOUNT.splitlines(), "g = g + amount"]
        if method.momentum:
            lines += [f"m = {self.parameter('beta')} * m + {self.parameter('rest')} * g", "b[M + j] = m"]
        along_m, along_g = self.length_step("m", "abs(m)"), self.length_step("g", "abs(g)")
        lines.append(f"b[X + j] = where(code == 0.0, {self.mixture('x', f'({along_m})', f'({along_g})')}, x)")
        return "for j in range(W):\n" + indent("\n".join(lines), "    ")

    def in_space(self, slopes: Slopes) -> str:
        """Loops over coordinates and lanes, rows of the buffer in between."""
        method = self.variant.method
        text = slopes.loops + _loop(["b[S + j] = 0.0"])
        # 0 x is NaN when x is not finite.
        text += _coordinates(["b[S + j] += 0.0 * b[X + c * W + j]"]) + "norm_G(b)\n"
        account = ["size = b[SIZE + j]", "finite = (size < np.inf) & (b[S + j] == 0.0)"]
        if method.momentum and self.variant.from_gradient:
            fresh = f"where(b[COUNT + j] == {-float(self.variant.first)}, b[G + c * W + j], b[M + c * W + j])"
            text += _coordinates([f"b[M + c * W + j] = {fresh}"])
        text += _loop(account + self.account().splitlines())
        if self.variant.noisy:
            text += _loop([*_AMOUNT.splitlines(), "b[S + j] = amount", "b[U + j] = b[SIZE + j]"])
            direction = "b[G + c * W + j] / where(b[U + j] > 0.0, b[U + j], 1.0)"
            text += _coordinates([f"b[G + c * W + j] = b[G + c * W + j] + b[S + j] * ({direction})"])
            # Where the gradient vanishes, the noise is along the first coordinate.
            text += _loop(["b[G + j] = where(b[U + j] == 0.0, b[S + j], b[G + j])"])
        if method.momentum:
            buffer = f"{self.parameter('beta')} * b[M + c * W + j] + {self.parameter('rest')} * b[G + c * W + j]"
            text += _coordinates([f"b[M + c * W + j] = {buffer}"])
            text += "norm_M(b)\n" + _loop([f"b[U + j] = {self.scale('b[SIZE + j]')}"])
        if method.nu != 1:
            text += "norm_G(b)\n" if self.variant.noisy or method.momentum else ""
            text += _loop([f"b[S + j] = {self.scale('b[SIZE + j]')}"])
        along_m, along_g = "(b[U + j] * b[M + c * W + j])", "(b[S + j] * b[G + c * W + j])"
        point = "b[X + c * W + j]"
        moved = self.mixture(point, along_m, along_g)
        return text + _coordinates([f"{point} = where(b[CODE + j] == 0.0, {moved}, {point})"])


def _loop(lines: list[str]) -> str:
    return "for j in range(W):\n" + indent("\n".join(lines), "    ") + "\n"


def _coordinates(lines: list[str]) -> str:
    return "for c in range(d):\n" + indent(_loop(lines), "    ")


def _norm_text(row: str, d: int) -> str:
    """A function that fills SIZE with the norms of the vectors in a row, as :func:`synthetic.step.norms` has them."""
    plain = squares_text([f"b[{row} + {c} * W + j] * b[{row} + {c} * W + j]" for c in range(d)])
    unit = squares_text([f"(b[{row} + {c} * W + j] / unit) * (b[{row} + {c} * W + j] / unit)" for c in range(d)])
    return f"""\
@njit(error_model="numpy")
def rescaled_{row}(b, j):
    peak = 0.0
    for c in range(D):
        # A NaN must win.
        peak = abs(b[{row} + c * W + j]) if not abs(b[{row} + c * W + j]) <= peak else peak
    unit = peak if (peak > 0.0) & (peak < np.inf) else 1.0
    return unit * np.sqrt({unit})


{_INLINE}def norm_{row}(b):
    extreme = 0.0
    for j in range(W):
        size = np.sqrt({plain})
        b[SIZE + j] = size
        extreme += where((size < {2.0**-480!r}) | (size == np.inf), 1.0, 0.0)
    if extreme > 0.0:
        for j in range(W):
            if (b[SIZE + j] < {2.0**-480!r}) | (b[SIZE + j] == np.inf):
                b[SIZE + j] = rescaled_{row}(b, j)
"""
