"""Bisection of a box until a claim is proved on every part or fails at the middle of one."""

from __future__ import annotations

import collections
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from synthetic.budget import Budget
from synthetic.curves import Unknown
from synthetic.reductions import Point

__all__ = ["BoxTest", "Ends", "bisect"]

_MAX_PARTS = 20_000
Ends = Sequence[tuple[Fraction, Fraction]]
"""The ends of a bounded box, one pair for each coordinate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxTest:
    """Questions about a box: is the claim proved on it, and does it fail at a point?"""

    proved_on: Callable[[Ends, Point], bool]
    fails_at: Callable[[Point], bool]


def bisect(test: BoxTest, start: Ends, budget: Budget) -> Point | None:
    """A point where the claim fails, or None when it is proved on the whole box.

    Raises
    ------
    Unknown : the limit on the number of parts or on the time was reached; the message names a part that is open.
    """
    queue = collections.deque([tuple(start)])
    # A part costs more in more dimensions.
    limit = _MAX_PARTS // len(start)
    for _ in range(limit):
        budget.check(_open(queue))
        part = queue.popleft()
        middle = tuple((low + high) / 2 for low, high in part)
        if not test.proved_on(part, middle):
            if test.fails_at(middle):
                return middle
            widest = max(range(len(part)), key=lambda j: part[j][1] - part[j][0])
            (low, high), cut = part[widest], middle[widest]
            queue.extend((*part[:widest], half, *part[widest + 1 :]) for half in ((low, cut), (cut, high)))
        if not queue:
            return None
    raise Unknown(f"ball arithmetic reached its limit of {limit} parts; {_open(queue)}")


def _open(queue: Sequence[Ends]) -> str:
    part = " x ".join(f"[{float(low):.6g}, {float(high):.6g}]" for low, high in queue[0])
    return f"open are {len(queue)}, such as {part}"
