"""The loop around the generated steps: it fills lanes with runs, and refills those whose run has ended.

The text of :func:`mix` and :func:`run` is copied into every generated kernel, where ``prepare``, ``sprint``,
``finish`` and the capitals are defined. Run i of n is read from row i of the inputs and written to row i of the
outputs.

K iterations of all lanes are taken at once and without looking: ``sprint`` only marks the lanes in which something
happened (a run may have ended, a number needs care). Those few go back to where they were before it, and ``finish``
takes them through the same iterations one by one, with every test. Both round alike, so nothing depends on which of
them computed an iteration.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["IDLE", "mix", "run"]

# Placeholders, replaced by the numbers of a kernel: rows of the work buffer, and its constants. The row CODE and the
# five after it are a run's code, number of points, sum of G, sum of G^2, least G and last G.
CODE = COUNT = TOTAL = LEAST = X = KEY = WORD = SAVED = CARE = PARAMETERS = INDEX = 0
D = P = W = K = FIRST = ROWS = STATE = NOISY = 0
IDLE = 9.0


def prepare(b: Any, j: Any) -> None:
    """The buffer of the run in lane j at its start; generated."""


def sprint(b: Any, lanes: Any) -> None:
    """K iterations of every lane, without stops; generated."""


def finish(b: Any, cap: Any, j: Any) -> None:
    """K iterations of lane j, or as many as its run needs to end; generated."""


def mix(z: Any) -> Any:
    """The 64-bit mixing function of the random streams."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def run(start: Any, inputs: Any, cap: Any, stop: Any, x: Any, stats: Any, b: Any) -> Any:
    """All runs of one thread. Returns the number of runs that ended.

    start (n, D); inputs (P, n): parameters, target, sigma and the bits of the key; largest number of points, a flag
    (1,) that ends the loop; out: x (n, D) and stats (6, n), the rows from CODE on; the work buffer.
    """
    following = 0
    ended = 0
    idle = W
    for j in range(W):
        b[CODE + j] = IDLE
    while stop[0] == 0:
        # Lanes are filled here only, so all their iterations are multiples of K, and K divides 64.
        if idle > 0 and following < len(start):
            for j in range(W):
                if b[CODE + j] == IDLE and following < len(start):
                    # A lane starts from zeros, its buffer included.
                    for row in range(ROWS):
                        b[row * W + j] = 0.0
                    for c in range(D):
                        b[X + c * W + j] = start[following, c]
                    for c in range(P):
                        b[PARAMETERS + c * W + j] = inputs[c, following]
                    b[LEAST + j] = np.inf
                    b[COUNT + j] = -FIRST
                    # As a double: a second array would lengthen the compilation.
                    b[INDEX + j] = following
                    following += 1
                    idle -= 1
                    prepare(b, j)
        if idle == W:
            break
        if NOISY:
            for j in range(W):
                t = np.int64(b[COUNT + j]) + FIRST
                key = np.float64(b[KEY + j]).view(np.uint64)
                word = mix(key + np.uint64((t >> 6) + 1) * np.uint64(0x9E3779B97F4A7C15))
                b[WORD + j] = np.uint64(word >> np.uint64(t & 63)).view(np.float64)
        for i in range(STATE * W):
            b[SAVED + i] = b[CODE + i]
        # The number of lanes, in a form that the compiler cannot know: it would unroll the loops over them.
        sprint(b, len(stop) * W)
        # x - x is 0 unless x is infinite or no number, and from there no run comes back.
        for c in range(D):
            for j in range(W):
                b[CARE + j] += b[X + c * W + j] - b[X + c * W + j]
        attention = 0.0
        for j in range(W):
            before = b[COUNT + j]
            b[COUNT + j] = before + K
            calm = (b[CARE + j] == 0.0) & (b[TOTAL + j] < np.inf) & (before >= 0.0) & (before + K < cap)
            b[CARE + j] = 0.0 if calm else 1.0
            attention += b[CARE + j]
        if attention > 0.0:
            for j in range(W):
                if b[CARE + j] == 0.0:
                    continue
                b[CARE + j] = 0.0
                if b[CODE + j] == IDLE:
                    continue
                for row in range(STATE):
                    b[CODE + row * W + j] = b[SAVED + row * W + j]
                finish(b, cap, j)
                if b[CODE + j] != 0.0:
                    number = np.int64(b[INDEX + j])
                    for c in range(D):
                        x[number, c] = b[X + c * W + j]
                    for row in range(6):
                        stats[row, number] = b[CODE + row * W + j]
                    b[CODE + j] = IDLE
                    ended += 1
                    idle += 1
    return ended
