"""Where the numbers of an iteration live: the same statements as code for 32 lanes at a time, or for one of them.

The work buffer ``b`` is flat; entry c of a vector in lane j is ``b[ROW + c * W + j]``. A layout turns statements about
vectors (entry by entry) and scalars (one for each lane) into code.
"""

from __future__ import annotations

import abc
import itertools
import re
from collections.abc import Callable
from textwrap import indent
from typing import Final

__all__ = ["Fused", "Lane", "Layout", "Rows", "merged", "pairwise"]

Entry = int | str
# Norms outside of this are computed in a unit of their own.
_SMALLEST_PLAIN: Final = repr(2.0**-480)


def pairwise(terms: list[str]) -> str:
    """The sum of the terms in the order of numpy's pairwise summation, for at most 128 terms."""
    if len(terms) < 8:
        return " + ".join(terms)
    whole = len(terms) - len(terms) % 8
    lane = [" + ".join(terms[k:whole:8]) for k in range(8)]
    pairs = [f"(({a}) + ({b}))" for a, b in zip(lane[::2], lane[1::2], strict=True)]
    return " + ".join([f"(({pairs[0]} + {pairs[1]}) + ({pairs[2]} + {pairs[3]}))", *terms[whole:]])


class Layout(abc.ABC):
    """A way to write an iteration down for vectors of ``dimension`` entries."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension

    @abc.abstractmethod
    def entry(self, vector: str, c: Entry) -> str:
        """Entry c of a vector, as an expression and as a target."""

    @abc.abstractmethod
    def scalar(self, name: str) -> str:
        """A number of the lane, as an expression and as a target."""

    def parameter(self, name: str, row: int) -> str:
        """A parameter of the method, from a row of the buffer, as an expression."""
        return f"own_{name}"

    @staticmethod
    def parameters(names: tuple[str, ...]) -> list[str]:
        """Statements that load the parameters."""
        return [f"own_{name} = b[PARAMETERS + {row} * W + j]" for row, name in enumerate(names)]

    @abc.abstractmethod
    def once(self, *lines: str) -> str:
        """Statements about scalars."""

    @abc.abstractmethod
    def each(self, line: Callable[[Entry], str], count: int | None = None) -> str:
        """A statement for every entry, ``count`` of them or the dimension."""

    @abc.abstractmethod
    def square_sum(self, vector: str, into: str, count: int) -> str:
        """The square root of the sum of the squares, in the order of :func:`pairwise`."""

    def norm(self, vector: str, into: str) -> str:
        """The length of a vector; lanes where the plain formula is not good enough are marked."""
        if self.dimension == 1:
            return self.once(f"{self.scalar(into)} = abs({self.entry(vector, 0)})")
        size = self.scalar(into)
        extreme = f"({size} < {_SMALLEST_PLAIN}) | ({size} == np.inf)"
        mark = f"{self.scalar('CARE')} = where({extreme}, 1.0, {self.scalar('CARE')})"
        return self.square_sum(vector, into, self.dimension) + self.once(mark)


def merged(text: str) -> str:
    """The text with neighbouring loops over the same entries and lanes made one.

    A statement of such a loop reads and writes its own entry in its own lane only, so the order of entries does not
    matter. Loops with further loops inside (matrix products) stay as they are.
    """
    pieces, previous = list[str](), ""
    for block in re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]:
        header = "".join(itertools.takewhile(lambda line: line.lstrip().startswith("for "), block.splitlines(True)))
        body = block[len(header) :]
        plain = header and not re.search(r"^ *for ", body, flags=re.MULTILINE)
        pieces.append(body if plain and header == previous else block)
        previous = header if plain else ""
    return "".join(pieces)


class Fused(Layout):
    """All lanes at a time, the whole iteration in one loop over them: vectors are local variables, entry by entry."""

    def entry(self, vector: str, c: Entry) -> str:
        return f"{vector.lower()}{c}"

    def scalar(self, name: str) -> str:
        return name.lower()

    def once(self, *lines: str) -> str:
        return "".join(f"{line}\n" for line in lines)

    def each(self, line: Callable[[Entry], str], count: int | None = None) -> str:
        return self.once(*(line(c) for c in range(self.dimension if count is None else count)))

    def square_sum(self, vector: str, into: str, count: int) -> str:
        entries = [self.entry(vector, c) for c in range(count)]
        return self.once(f"{self.scalar(into)} = np.sqrt({pairwise([f'{e} * {e}' for e in entries])})")

    def iteration(self, body: str, vectors: tuple[str, ...], parameters: tuple[str, ...]) -> str:
        """The loop around a body that changes these vectors."""
        pairs = [(self.entry(v, c), f"b[{v} + {c} * W + j]") for v in vectors for c in range(self.dimension)]
        pairs.append((self.scalar("CARE"), "b[CARE + j]"))
        loads, stores = [f"{a} = {b}" for a, b in pairs], [f"{b} = {a}" for a, b in pairs]
        return "for j in range(W):\n" + indent(
            self.once(*self.parameters(parameters), *loads) + body + self.once(*stores), "    "
        )


class Rows(Layout):
    """All lanes at a time, a loop over entries and lanes for every statement: vectors and scalars in the buffer."""

    def entry(self, vector: str, c: Entry) -> str:
        return f"b[{vector} + {c} * W + j]"

    def scalar(self, name: str) -> str:
        return f"b[{name} + j]"

    def parameter(self, name: str, row: int) -> str:
        return f"b[PARAMETERS + {row} * W + j]"

    def once(self, *lines: str) -> str:
        return "for j in range(lanes):\n" + "".join(f"    {line}\n" for line in lines)

    def each(self, line: Callable[[Entry], str], count: int | None = None) -> str:
        return f"for c in range({self.dimension if count is None else count}):\n" + indent(self.once(line("c")), "    ")

    def square_sum(self, vector: str, into: str, count: int) -> str:
        square = f"b[{vector} + c * W + j] * b[{vector} + c * W + j]"
        size = self.scalar(into)
        if count < 8:
            text = self.once(f"{size} = 0.0") + self.each(lambda c: f"{size} += {square}", count)
            return text + self.once(f"{size} = np.sqrt({size})")
        whole = count - count % 8
        partial = pairwise([f"b[PARTIAL + {k} * W + j]" for k in range(8)])
        text = f"for i in range(8 * W):\n    b[PARTIAL + i] = b[{vector} + i] * b[{vector} + i]\n"
        if whole > 8:
            text += f"for c in range(8, {whole}):\n    p = PARTIAL + (c % 8) * W\n"
            text += indent(self.once(f"b[p + j] += {square}"), "    ")
        text += self.once(f"{size} = {partial}")
        if whole < count:
            text += f"for c in range({whole}, {count}):\n" + indent(self.once(f"{size} += {square}"), "    ")
        return text + self.once(f"{size} = np.sqrt({size})")


class Lane(Layout):
    """One lane j: vectors stay in the buffer, scalars are local variables."""

    def entry(self, vector: str, c: Entry) -> str:
        return f"b[{vector} + {c} * W + j]"

    def scalar(self, name: str) -> str:
        return name.lower()

    def once(self, *lines: str) -> str:
        return "".join(f"{line}\n" for line in lines)

    def each(self, line: Callable[[Entry], str], count: int | None = None) -> str:
        return f"for c in range({self.dimension if count is None else count}):\n    {line('c')}\n"

    def square_sum(self, vector: str, into: str, count: int) -> str:
        return self.once(f"{self.scalar(into)} = np.sqrt(square_sum(b, {vector} + j, {count}, 1.0))")

    def norm(self, vector: str, into: str) -> str:
        if self.dimension == 1:
            return super().norm(vector, into)
        return self.once(f"{self.scalar(into)} = norm(b, {vector} + j)")
