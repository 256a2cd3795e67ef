r"""Elementary functions of one double, written so that a compiler can run many of them side by side.

No branch, no table and no call: a loop over an array of them becomes vector instructions. The text of this module is
copied into every generated kernel; as plain Python it is the same arithmetic, only slow.

With n the integer nearest to x/ln 2 and r = x - n ln 2, |r| <= (ln 2)/2, all of them are built from

    e^x = 2^n (1 + (e^r - 1)) = 2^n (cosh r + sinh r),

e^r - 1 by a polynomial of degree 11 with relative error below 2^-54, the other two by their series, cut where their
remainder is below 2^-60. The relative error is a few units in the last place (the tests compare with mpmath);
overflow gives infinities, underflow zeros.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "absolute",
    "cosh",
    "cosh_part",
    "exp",
    "exp_part",
    "expm1",
    "largest",
    "nearest",
    "power_of_two",
    "remainder",
    "sign",
    "sinh",
    "sinh_part",
    "smallest",
    "tanh",
    "where",
]


def where(condition: Any, yes: Any, no: Any) -> Any:
    """``yes`` or ``no``, both computed beforehand."""
    return yes if condition else no


def smallest(a: Any, b: Any) -> Any:
    return a if a < b else b


def largest(a: Any, b: Any) -> Any:
    return a if a > b else b


def absolute(x: Any) -> Any:
    return abs(x)


def sign(x: Any) -> Any:
    return (1.0 if x > 0.0 else 0.0) - (1.0 if x < 0.0 else 0.0)


def nearest(x: Any) -> Any:
    """The integer nearest to x/ln 2, as a double, for |x| < 2^50."""
    # Adding and subtracting 3 2^51 rounds to an integer.
    return (x * 1.4426950408889634 + 6755399441055744.0) - 6755399441055744.0


def remainder(x: Any, n: Any) -> Any:
    """x - n ln 2, with ln 2 in two parts: the product of n and the first one is exact."""
    return (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10


def power_of_two(n: Any) -> Any:
    """2^n for an integer n in [-1022, 1023], given as a double."""
    # Near 3 2^51 doubles are whole numbers, so the last bits of this sum are n + 1023; converting n would take longer.
    return np.int64(np.float64(n + 6755399441056767.0).view(np.int64) << np.int64(52)).view(np.float64)


def exp_part(r: Any) -> Any:
    """e^r - 1 for |r| <= (ln 2)/2."""
    # It meets the function at Chebyshev nodes. Even and odd powers apart, as two chains that run at the same time.
    z = r * r
    even = 2.480152132210459e-05 + z * 2.762007600563138e-07
    odd = 2.7557268480106926e-06 + z * 2.5100375929185925e-08
    even = 0.001388888891719689 + z * even
    odd = 0.00019841269863040675 + z * odd
    even = 0.041666666666624164 + z * even
    odd = 0.008333333333330065 + z * odd
    even = 0.5000000000000001 + z * even
    odd = 0.16666666666666669 + z * odd
    return r + z * (even + r * odd)


def sinh_part(r: Any) -> Any:
    """sinh r for |r| <= 0.36, by its series."""
    z = r * r
    p = 1.6059043836821613e-10 + z * 7.647163731819816e-13
    p = 2.505210838544172e-08 + z * p
    p = 2.7557319223985893e-06 + z * p
    p = 0.0001984126984126984 + z * p
    p = 0.008333333333333333 + z * p
    p = 0.16666666666666666 + z * p
    return r + r * (z * p)


def cosh_part(r: Any) -> Any:
    """cosh r - 1 for |r| <= 0.36, by its series."""
    z = r * r
    p = 2.08767569878681e-09 + z * 1.1470745597729725e-11
    p = 2.755731922398589e-07 + z * p
    p = 2.48015873015873e-05 + z * p
    p = 0.001388888888888889 + z * p
    p = 0.041666666666666664 + z * p
    return z * (0.5 + z * p)


def exp(x: Any) -> Any:
    x = smallest(largest(x, -746.0), 710.0)
    n = nearest(x)
    r = remainder(x, n)
    # In two factors, as 2^n may be out of range where e^x is not.
    half = np.floor(0.5 * n)
    return (1.0 + exp_part(r)) * power_of_two(half) * power_of_two(n - half)


def expm1(x: Any) -> Any:
    x = smallest(largest(x, -50.0), 710.0)
    n = nearest(x)
    r = remainder(x, n)
    half = np.floor(0.5 * n)
    inverse = power_of_two(-half) * power_of_two(half - n)
    return ((1.0 - inverse) + exp_part(r)) * power_of_two(half) * power_of_two(n - half)


def sinh(x: Any) -> Any:
    a = smallest(abs(x), 711.0)
    n = nearest(a)
    r = remainder(a, n)
    half = np.floor(0.5 * n)
    square = power_of_two(-half) * power_of_two(half - n)
    square = square * square
    odd = sinh_part(r) * (1.0 + square) + (cosh_part(r) * (1.0 - square) + (1.0 - square))
    magnitude = (0.5 * odd) * power_of_two(half) * power_of_two(n - half)
    return -magnitude if x < 0.0 else magnitude


def cosh(x: Any) -> Any:
    a = smallest(abs(x), 711.0)
    n = nearest(a)
    r = remainder(a, n)
    half = np.floor(0.5 * n)
    square = power_of_two(-half) * power_of_two(half - n)
    square = square * square
    even = sinh_part(r) * (1.0 - square) + (cosh_part(r) * (1.0 + square) + (1.0 + square))
    return (0.5 * even) * power_of_two(half) * power_of_two(n - half)


def tanh(x: Any) -> Any:
    e = expm1(2.0 * smallest(abs(x), 30.0))
    magnitude = e / (e + 2.0)
    return -magnitude if x < 0.0 else magnitude
