r"""Finite sums: 32 runs side by side, whose gradients are two matrix products.

With the points of the runs as the columns of X (d, 32) and the data as the rows of A (n, d), in blocks of rows,

    Z = A X,    P = f'(Z, b) elementwise,    G = w A^T P + rho'(X).

The products are dgemm of the linear algebra library, which the compiler reaches through SciPy; f' is the derivative of
the same expression as in :class:`synthetic.forms.FiniteSum`, in a loop that becomes vector instructions. A column whose
run has ended gets the next run. The number of columns never changes, nor does a column's place among them change its
arithmetic, so the results do not depend on the batch or on the number of threads.

Against the numpy driver, which multiplies for each point by itself, sums are added in another order, and the rounding
errors of a sum of n terms are at most n units in the last place of the sum of their magnitudes in both.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from fractions import Fraction
from typing import Any, Final

import numpy as np
import sympy as sp

from synthetic.forms import FiniteSum, Form
from synthetic.kernels.bookkeeping import INLINE, PLAIN, account, constants_text, module_text, noise, scale
from synthetic.kernels.kernel import Kind, unscaled
from synthetic.kernels.slopes import function_text
from synthetic.kernels.source import Variant

__all__ = ["COLUMNS", "SUMS", "one_exponential"]

COLUMNS: Final = 32
# OpenBLAS multiplies matrices with m n k up to this without rearranging them first, which is up to 1.5 times faster.
_PRODUCT: Final = 10**6

_SIGNATURE: Final = (
    "int64(float64[:, ::1], float64[:, ::1], float64, int64[::1], float64[:, ::1], float64[:, ::1], "
    "float64[:, ::1], float64[::1], float64[::1], int64[::1])"
)

# Placeholders for what a kernel defines.
W = COLUMNS
BETA = NU = TARGET = FIRST = 0
NOISY = MOMENTUM = FROM_GRADIENT = MIXED = REGULARIZED = False
IDLE, RUNNING = -1.0, 0.0


def slope(z: Any, label: Any) -> Any:
    """f'; generated."""


def rho(x: Any, label: Any) -> Any:
    """The derivative of the regularizer; generated."""


def _source(variant: Variant) -> str:
    form = _sum_in(variant.form)
    # The code does not depend on the data, so sums that differ in them only share it.
    bare = dataclasses.replace(form, rows=((1.0,),), labels=(1.0,) if form.labels else (), weight=Fraction(1))
    return _text(dataclasses.replace(variant, form=bare))


def _data(outer: Form) -> tuple[Any, ...]:
    """A (n, d), b (n,); the units of x, the sum and the gradient; the largest number of rows in a product, and W."""
    form, (_, point, unit) = _sum_in(outer), unscaled(outer)
    rows, labels = form.data
    n, d = rows.shape
    blocks = -(-n // max(1, _PRODUCT // (COLUMNS * d)))
    units, shape = np.array([point, float(form.weight), unit]), np.array([-(-n // blocks), COLUMNS])
    # The kernels take writable arrays only.
    return rows.copy(), labels.copy() if labels.size else np.zeros(n), units, shape


def _weight(outer: Form) -> float:
    form = _sum_in(outer)
    return 1.0 + len(form.rows) * form.dimension / 128


SUMS: Final = Kind(form=FiniteSum, source=_source, data=_data, weight=_weight, fewest=16, multiplies=True)


def _sum_in(outer: Form) -> FiniteSum:
    form = unscaled(outer)[0]
    assert isinstance(form, FiniteSum)
    return form


@functools.lru_cache(maxsize=256)
def _text(variant: Variant) -> str:
    form = _sum_in(variant.form)
    variables = (form.variable, sp.Dummy("unused") if form.label is None else form.label)
    # rho has a label too, so that one text serves both.
    profiles = {"slope": form.profile, "rho": sp.S.Zero if form.regularizer is None else form.regularizer}
    functions = [
        INLINE + function_text(name, (one_exponential(sp.diff(profile, form.variable)),), variables)
        for name, profile in profiles.items()
    ]
    constants = {"W": COLUMNS, "IDLE": IDLE, "RUNNING": RUNNING, "REGULARIZED": form.regularizer is not None}
    plain = [PLAIN + inspect.getsource(function) for function in (column_norms, gradients)]
    pieces = [constants_text(variant, constants), *functions, *plain]
    return module_text(variant, pieces, _SIGNATURE, inspect.getsource(run))


def one_exponential(expression: Any) -> Any:
    """Branches with one exponential each, written with a single one.

    All branches are computed before one is chosen, and most of their time goes into exponentials.
    """
    return expression.replace(sp.Piecewise, _with_one_exponential)


def _with_one_exponential(*branches: Any) -> Any:
    found = [tuple(value.atoms(sp.exp)) for value, _ in branches]
    if not all(len(each) == 1 for each in found):
        return sp.Piecewise(*branches)
    (first,), *_ = found
    for exponential in (first, 1 / first):
        whole = _without_branches([value for value, _ in branches], exponential)
        if whole is not None:
            return whole
    argument = sp.Piecewise(*((e.args[0], condition) for (e,), (_, condition) in zip(found, branches, strict=True)))
    chosen = sp.exp(argument)
    return sp.Piecewise(
        *((value.xreplace({e: chosen}), condition) for (e,), (value, condition) in zip(found, branches, strict=True))
    )


def _without_branches(values: list[Any], exponential: Any) -> Any:
    """A single formula for values that differ in form only, or None when that could overflow or cancel.

    With E the exponential it is c/(p_0 + p_1 E + ...), numbers p_k >= 0 and p_0 > 0: nothing cancels, 0 is right for an
    infinite E, and the digits of a tiny E do not matter.
    """
    e = sp.Dummy("e", positive=True)
    rational = {sp.cancel(value.xreplace({exponential: e, 1 / exponential: 1 / e})) for value in values}
    numerator, denominator = sp.fraction(rational.pop())
    if rational or numerator.has(e, sp.exp) or not denominator.is_polynomial(e):
        return None
    polynomial = sp.Poly(denominator, e)
    if polynomial.TC() == 0 or not all(c.is_number and c.is_positive for c in polynomial.coeffs()):
        return None
    return (numerator / denominator).xreplace({e: exponential})


def column_norms(v: Any, out: Any) -> None:
    """The norms of the columns of v: (d, W), also where squares would overflow or underflow."""
    for j in range(W):
        out[j] = 0.0
    for c in range(len(v)):
        for j in range(W):
            out[j] += v[c, j] * v[c, j]
    for j in range(W):
        out[j] = np.sqrt(out[j])
        if (out[j] < 2.0**-480) | (out[j] == np.inf):
            peak = 0.0
            for c in range(len(v)):
                # A NaN must win.
                peak = abs(v[c, j]) if not abs(v[c, j]) <= peak else peak
            unit = peak if (peak > 0.0) & (peak < np.inf) else 1.0
            total = 0.0
            for c in range(len(v)):
                total += (v[c, j] / unit) * (v[c, j] / unit)
            out[j] = unit * np.sqrt(total)


def gradients(x: Any, rows: Any, labels: Any, units: Any, shape: Any, y: Any, z: Any, part: Any, g: Any) -> None:
    """Fill g: (d, W) with the gradients at the columns of x: (d, W); y, z: (m, W) and part: (d, W) are scratch."""
    point, weight, unit = units[0], units[1], units[2]
    # As a number of the run time: unrolled, these loops have no registers left for the constants of the slopes.
    width = shape[1]
    if point == 1.0:
        y = x
    else:
        for c in range(len(x)):
            for j in range(width):
                y[c, j] = x[c, j] / point
    for first in range(0, len(rows), shape[0]):
        block = rows[first : min(first + shape[0], len(rows))]
        image = z[: len(block)]
        np.dot(block, y, image)
        for i in range(len(block)):
            label = labels[first + i]
            for j in range(width):
                image[i, j] = slope(image[i, j], label)
        np.dot(block.T, image, part if first else g)
        if first:
            for c in range(len(x)):
                for j in range(width):
                    g[c, j] += part[c, j]
    for c in range(len(x)):
        for j in range(width):
            slopes = weight * g[c, j]
            if REGULARIZED:
                slopes = slopes + rho(y[c, j], 0.0)
            # NaN also when the gradient is finite and x is not.
            g[c, j] = slopes * unit + 0.0 * x[c, j]


def run(
    start: Any,
    inputs: Any,
    cap: Any,
    stop: Any,
    points: Any,
    stats: Any,
    rows: Any,
    labels: Any,
    units: Any,
    shape: Any,
) -> Any:
    """All runs of one thread; arguments as in :func:`synthetic.kernels.lanes.run`, then those of :func:`_data`."""
    d, count = start.shape[1], len(start)
    x, y, g, m = np.zeros((d, W)), np.zeros((d, W)), np.zeros((d, W)), np.zeros((d if MOMENTUM else 1, W))
    z, part, others = np.zeros((shape[0], W)), np.zeros((d, W)), np.zeros((7, W))
    # The run of a column is kept as a double: arrays of integers would lengthen the compilation.
    size, along_m, along_g, index = others[0], others[1], others[2], others[3]
    nu, beta, amount = others[4], others[5], others[6]
    # As a number of the run time: loops over it stay loops, and compile in less time.
    width = len(index)
    following, ended = 0, 0
    for j in range(width):
        index[j] = IDLE
    while ended < count and stop[0] == 0:
        for j in range(width):
            if index[j] == IDLE:
                fresh = following < count
                for c in range(d):
                    # A column without a run stays at 0, where nothing overflows.
                    x[c, j] = start[following, c] if fresh else 0.0
                    if MOMENTUM:
                        m[c, j] = 0.0
                if fresh:
                    index[j] = following
                    following += 1
        gradients(x, rows, labels, units, shape, y, z, part, g)
        column_norms(g, size)
        for j in range(width):
            if index[j] == IDLE:
                continue
            i = np.int64(index[j])
            if account(stats, i, size[j], size[j] < np.inf, cap, inputs[TARGET, i]) != RUNNING:
                for c in range(d):
                    points[i, c] = x[c, j]
                index[j] = IDLE
                ended += 1
                continue
            t = np.int64(stats[1, i]) + FIRST - 1
            if NOISY:
                amount[j] = noise(inputs, i, t)
            if MOMENTUM:
                beta[j], nu[j] = inputs[BETA, i], inputs[NU, i]
                if FROM_GRADIENT and t == 0:
                    for c in range(d):
                        m[c, j] = g[c, j]
        if NOISY:
            for c in range(d):
                for j in range(width):
                    # On the line the noise has a sign of its own; elsewhere it is along the gradient.
                    direction = 1.0 if d == 1 else g[c, j] / (size[j] if size[j] > 0.0 else 1.0)
                    g[c, j] = g[c, j] + amount[j] * direction
            for j in range(width):
                # Where the gradient vanishes, the noise is along the first coordinate.
                g[0, j] = amount[j] if size[j] == 0.0 else g[0, j]
            column_norms(g, size)
        if MOMENTUM:
            for c in range(d):
                for j in range(width):
                    m[c, j] = beta[j] * m[c, j] + (1.0 - beta[j]) * g[c, j]
            column_norms(m, along_m)
        for j in range(width):
            if index[j] != IDLE:
                if MOMENTUM:
                    along_m[j] = scale(along_m[j], inputs, np.int64(index[j]))
                if MIXED or not MOMENTUM:
                    along_g[j] = scale(size[j], inputs, np.int64(index[j]))
        for c in range(d):
            for j in range(width):
                if MIXED:
                    x[c, j] = x[c, j] - nu[j] * (along_m[j] * m[c, j]) - (1.0 - nu[j]) * (along_g[j] * g[c, j])
                elif MOMENTUM:
                    x[c, j] = x[c, j] - along_m[j] * m[c, j]
                else:
                    x[c, j] = x[c, j] - along_g[j] * g[c, j]
    return ended
