r"""Zero-chains: one run after the other, and of each only the coordinates it has seen, and the next.

While x and the buffer are supported in {1..k}, all partial derivatives beyond k + 1 vanish, exactly. The kernel keeps
the number of active coordinates, k + 1, which grows when the last of them has a nonzero derivative; the others are 0 in
the numpy driver too. With y_i = x_i and, without a penalty, y_i = x_i sign(x_{i-1}), the gradient

    g_i = P'(x_i) - Psi(x_{i-1}) Phi'(x_i) - Psi'(x_i) Phi(x_{i+1})

needs each of Psi, Psi', Phi, Phi' once for each coordinate: since Psi vanishes on the left, of a term and its mirror
image at most one is not 0. They are the formulas of the profiles, as vector instructions; sums of squares are added in
another order than numpy's.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from typing import Any, Final

import numpy as np
import sympy as sp

from synthetic.chain_profiles import Chain
from synthetic.forms import Form
from synthetic.kernels.bookkeeping import INLINE, PLAIN, account, constants_text, module_text, noise, scale
from synthetic.kernels.error_function import erfcx, scaled
from synthetic.kernels.kernel import Kind, unscaled
from synthetic.kernels.slopes import function_text
from synthetic.kernels.source import Variant

__all__ = ["BLOCK", "CHAINS"]

BLOCK: Final = 16
"""Coordinates are computed in blocks of this many."""

_SIGNATURE: Final = (
    "int64(float64[:, ::1], float64[:, ::1], float64, int64[::1], float64[:, ::1], float64[:, ::1], float64[::1])"
)

# Placeholders for what a kernel defines.
B = BLOCK
BETA = NU = TARGET = 0
NOISY = MOMENTUM = FROM_GRADIENT = MIXED = MIRRORED = False
RUNNING = 0.0


def gate(x: Any) -> Any:
    """Psi and Psi'; generated."""


def reward(x: Any) -> Any:
    """Phi and Phi'; generated."""


def penalty(x: Any) -> Any:
    """P'; generated."""


def _source(variant: Variant) -> str:
    # One text serves chains of any length and scale.
    return _text(dataclasses.replace(variant, form=dataclasses.replace(_chain_in(variant.form), links=1)))


def _data(form: Form) -> tuple[Any, ...]:
    """The units of x and of the gradient."""
    return (np.array(unscaled(form)[1:]),)


CHAINS: Final = Kind(form=Chain, source=_source, data=_data, weight=lambda form: 1.0 + 3.0 * form.dimension)


def _chain_in(outer: Form) -> Chain:
    form = unscaled(outer)[0]
    assert isinstance(form, Chain)
    return form


@functools.lru_cache(maxsize=256)
def _text(variant: Variant) -> str:
    form, x = _chain_in(variant.form), sp.Symbol("x", real=True)
    before, after = form.gate.formula(x), form.reward.formula(x)
    pull = sp.S.Zero if form.penalty is None else sp.diff(form.penalty.formula(x), x)
    functions = [
        function_text(name, expressions, (x,))
        for name, expressions in (
            ("gate", (before, sp.diff(before, x))),
            ("reward", (scaled(after), sp.diff(after, x))),
            ("penalty", (pull,)),
        )
    ]
    texts = [inspect.getsource(erfcx), *functions]
    plain = [PLAIN + inspect.getsource(function) for function in (length, gradient)]
    constants = {"B": BLOCK, "RUNNING": RUNNING, "MIRRORED": form.penalty is None}
    pieces = [constants_text(variant, constants), *(INLINE + text for text in texts), *plain]
    return module_text(variant, pieces, _SIGNATURE, inspect.getsource(run))


def length(v: Any, active: Any) -> Any:
    """The norm of the first ``active`` entries of v, the entries up to the end of their block being 0."""
    a, b, c, d, e, f, g, h = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(0, active, 8):
        a += v[k] * v[k]
        b += v[k + 1] * v[k + 1]
        c += v[k + 2] * v[k + 2]
        d += v[k + 3] * v[k + 3]
        e += v[k + 4] * v[k + 4]
        f += v[k + 5] * v[k + 5]
        g += v[k + 6] * v[k + 6]
        h += v[k + 7] * v[k + 7]
    size = np.sqrt(((a + b) + (c + d)) + ((e + f) + (g + h)))
    if (size < 2.0**-480) | (size == np.inf):
        peak = 0.0
        for k in range(active):
            # A NaN must win.
            peak = abs(v[k]) if not abs(v[k]) <= peak else peak
        unit = peak if (peak > 0.0) & (peak < np.inf) else 1.0
        total = 0.0
        for k in range(active):
            total += (v[k] / unit) * (v[k] / unit)
        size = unit * np.sqrt(total)
    return size


def gradient(x: Any, d: Any, active: Any, point: Any, unit: Any, work: Any, g: Any) -> None:
    """Fill the first ``active`` entries of g with those of the gradient at (x[1], ..., x[d]); x[0] is 1."""
    before, inner, value, outer = work[0], work[1], work[2], work[3]
    blocks = (active + B - 1) // B
    before[0] = 1.0
    for block in range(blocks):
        for j in range(B):
            k = block * B + j
            y = x[k + 1] / point
            if MIRRORED:
                before[k + 1], inner[k] = gate(abs(y))
                value[k], outer[k] = reward(-y if x[k] < 0.0 else y)
            else:
                before[k + 1], inner[k] = gate(y)
                value[k], outer[k] = reward(y)
    # There is no link beyond the last one, but there are entries in its block.
    before[d] = 0.0
    value[d] = 0.0
    # Nor is what an earlier run left there finite.
    value[blocks * B] = 0.0
    for block in range(blocks):
        for j in range(B):
            k = block * B + j
            slope = penalty(x[k + 1] / point) - (before[k] * outer[k] + inner[k] * value[k + 1])
            # NaN also when the gradient is finite and x is not.
            g[k] = slope * unit + 0.0 * x[k + 1]


def run(
    start: Any,
    inputs: Any,
    cap: Any,
    stop: Any,
    points: Any,
    stats: Any,
    units: Any,
) -> Any:
    """All runs of one thread; arguments as in :func:`synthetic.kernels.lanes.run`, then the units of F."""
    d = start.shape[1]
    room = (d + B - 1) // B * B
    x, m, g, work = np.zeros(room + 1), np.zeros(room), np.zeros(room), np.zeros((4, room + 1))
    ended = 0
    for i in range(len(start)):
        for k in range(room):
            m[k] = 0.0
        x[0] = 1.0
        seen = 0
        for k in range(d):
            x[k + 1] = start[i, k]
            if start[i, k] != 0.0:
                seen = k + 1
        active = seen + 1 if seen < d else d
        t, code = 0, RUNNING
        along_m, along_g, nu = 0.0, 0.0, inputs[NU, i]
        while code == RUNNING:
            if t % 64 == 0 and stop[0] != 0:
                return ended
            gradient(x, d, active, units[0], units[1], work, g)
            size = length(g, active)
            if MOMENTUM and FROM_GRADIENT and t == 0:
                for k in range(active):
                    m[k] = g[k]
            code = account(stats, i, size, size < np.inf, cap, inputs[TARGET, i])
            if code != RUNNING:
                break
            if NOISY:
                amount = noise(inputs, i, t)
                if d == 1 or size == 0.0:
                    # On the line the noise has a sign of its own; where the gradient vanishes, it is along x_1.
                    g[0] = g[0] + amount
                else:
                    for k in range(active):
                        g[k] = g[k] + amount * (g[k] / size)
            if MOMENTUM:
                beta = inputs[BETA, i]
                for k in range(active):
                    m[k] = beta * m[k] + (1.0 - beta) * g[k]
                along_m = scale(length(m, active), inputs, i)
            if MIXED or not MOMENTUM:
                along_g = scale(length(g, active) if NOISY else size, inputs, i)
            for k in range(active):
                if MIXED:
                    x[k + 1] = x[k + 1] - nu * (along_m * m[k]) - (1.0 - nu) * (along_g * g[k])
                elif MOMENTUM:
                    x[k + 1] = x[k + 1] - along_m * m[k]
                else:
                    x[k + 1] = x[k + 1] - along_g * g[k]
            # The last active coordinate has just become nonzero, and shows the next one.
            if active < d and g[active - 1] != 0.0:
                active += 1
            t += 1
        for k in range(d):
            points[i, k] = x[k + 1]
        ended += 1
    return ended
