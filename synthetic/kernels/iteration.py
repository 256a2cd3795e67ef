"""One iteration of a method as code: gradient, account, noise, buffer and step, in a given layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bounds.methods import HARD, Method
from synthetic.kernels.layouts import Fused, Lane, Layout, Rows, merged
from synthetic.kernels.slopes import Slopes
from synthetic.runs import Criterion
from synthetic.step import FLOOR

__all__ = ["Iteration"]

_HOLDS: Final = {
    "mean": "total <= b[TARGET + j] * count",
    "min": "size <= b[TARGET + j]",
    "mean-squared": "squares <= b[TARGET + j] * count",
}

# The account of many lanes: whether a run ends is looked at later.
_SUMS: Final = """\
size = {size}
count = b[COUNT + j] + (k + 1.0)
total = b[TOTAL + j] + size
squares = b[SQUARES + j] + size * size
b[TOTAL + j] = total
b[SQUARES + j] = squares
b[LEAST + j] = smallest(size, b[LEAST + j])
{care} = where({holds}, 1.0, {care})"""

# The account of one lane. Comparisons with NaN are false, so a run is healthy only when its numbers are finite; the
# point x_0 is not inspected when averages start at t = 1.
_ACCOUNT: Final = """\
finite = size < np.inf
for c in range(D):
    finite = finite and abs(b[X + c * W + j]) < np.inf
size = size if finite else np.inf
code = 0.0 if finite else 3.0
count = b[COUNT + j] + 1.0
b[COUNT + j] = count
b[LAST + j] = size
if count > 0.0:
    total = b[TOTAL + j] + size
    squares = b[SQUARES + j] + size * size
    b[TOTAL + j] = total
    b[SQUARES + j] = squares
    b[LEAST + j] = smallest(size, b[LEAST + j])
    if finite and {holds}:
        code = 1.0
    elif finite and count >= cap:
        code = 2.0
b[CODE + j] = code
if code != 0.0:
    return"""

# -sigma with its sign bit turned where the bit of this iteration is 1.
_AMOUNT: Final = """\
turn = (np.float64(b[WORD + j]).view(np.uint64) << np.uint64(63 - k)) & np.uint64(0x8000000000000000)
{amount} = np.uint64(np.float64(-b[SIGMA + j]).view(np.uint64) ^ turn).view(np.float64)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration:
    """What an iteration consists of.

    Attributes
    ----------
    columns : the parameters in the rows of the work buffer.
    noisy : two-point noise, instead of the exact gradient.
    """

    slopes: Slopes
    method: Method
    criterion: Criterion
    noisy: bool
    dimension: int
    columns: tuple[str, ...]

    @property
    def clamps(self) -> bool:
        """Whether the step is the clipping of a number, which needs no division."""
        return self.dimension == 1 and self.method.rule.factor == HARD.factor

    def of_all_lanes(self) -> str:
        """Code for iteration k of a block, without stops."""
        layout = Fused(self.dimension) if self.slopes.fusable else Rows(self.dimension)
        account = _SUMS.format(size=layout.scalar("SIZE"), care=layout.scalar("CARE"), holds=_HOLDS[self.criterion])
        body = self._body(layout, layout.once(*account.splitlines()))
        if isinstance(layout, Rows):
            return merged(body)
        return layout.iteration(body, ("X", "M") if self.method.momentum else ("X",), self.columns)

    def of_one_lane(self) -> str:
        """Code for iteration k of a block in lane j, which returns when the run has ended."""
        layout = Lane(self.dimension)
        account = layout.once(*_ACCOUNT.format(holds=_HOLDS[self.criterion]).splitlines())
        return layout.once(*layout.parameters(self.columns)) + self._body(layout, account)

    def start(self) -> str:
        """Code for the buffer of lane j at the start: the gradient."""
        layout = Lane(self.dimension)
        copy = layout.each(lambda c: f"{layout.entry('M', c)} = {layout.entry('G', c)}")
        return merged(self.slopes.statements(layout) + copy)

    def _body(self, layout: Layout, account: str) -> str:
        text = self.slopes.statements(layout) + layout.norm("G", "SIZE") + account
        if self.noisy:
            text += self._noise(layout)
        if self.method.momentum:
            beta, rest = self._parameter(layout, "beta"), self._parameter(layout, "rest")
            text += layout.each(
                lambda c: f"{layout.entry('M', c)} = {beta} * {layout.entry('M', c)} + {rest} * {layout.entry('G', c)}"
            )
            text += self._scale(layout, "M", "ALONG_M", known=False)
        if self.method.nu != 1:
            text += self._scale(layout, "G", "ALONG_G", known=not self.noisy)
        return text + layout.each(lambda c: f"{layout.entry('X', c)} = {self._moved(layout, c)}")

    def _noise(self, layout: Layout) -> str:
        amount, size = layout.scalar("AMOUNT"), layout.scalar("SIZE")
        text = layout.once(*_AMOUNT.format(amount=amount).splitlines())
        if self.dimension == 1:
            return text + layout.each(lambda c: f"{layout.entry('G', c)} = {layout.entry('G', c)} + {amount}")
        # The noise is along the gradient, and along the first coordinate where that vanishes.
        text += layout.once(f"{layout.scalar('UNIT')} = where({size} > 0.0, {size}, 1.0)")
        text += layout.each(
            lambda c: f"{layout.entry('G', c)} += {amount} * ({layout.entry('G', c)} / {layout.scalar('UNIT')})"
        )
        first = layout.entry("G", 0)
        return text + layout.once(f"{first} = where({size} == 0.0, {amount}, {first})")

    def _parameter(self, layout: Layout, name: str) -> str:
        return layout.parameter(name, self.columns.index(name))

    def _scale(self, layout: Layout, vector: str, into: str, *, known: bool) -> str:
        """The factor s of the step along a vector; ``known`` if SIZE is its length."""
        if self.clamps:
            return ""
        size = "SIZE" if known else "LENGTH"
        values = ", ".join(self._parameter(layout, str(p)) for p in self.method.rule.parameters)
        factor = f"{layout.scalar(into)} = factor(largest({layout.scalar(size)}, {FLOOR!r}), {values})"
        return ("" if known else layout.norm(vector, size)) + layout.once(factor)

    def _moved(self, layout: Layout, c: int | str) -> str:
        """Entry c of the next point, from the steps along the buffer and along the gradient."""
        x, method = layout.entry("X", c), self.method
        if not method.momentum:
            return f"{x} - ({self._along(layout, 'G', c)})"
        if method.nu == 1:
            return f"{x} - ({self._along(layout, 'M', c)})"
        nu = self._parameter(layout, "nu")
        along_m, along_g = self._along(layout, "M", c), self._along(layout, "G", c)
        return f"{x} - {nu} * ({along_m}) - (1.0 - {nu}) * ({along_g})"

    def _along(self, layout: Layout, vector: str, c: int | str) -> str:
        entry = layout.entry(vector, c)
        if self.clamps:
            most = self._parameter(layout, "gamma")
            return f"largest(-{most}, smallest({most}, {self._parameter(layout, 'eta')} * {entry}))"
        return f"{layout.scalar(f'ALONG_{vector}')} * {entry}"
