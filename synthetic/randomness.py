r"""Counter-based random numbers: a pure function of (seed, run, iteration, coordinate).

No generator state is carried along, so a run sees the same numbers whichever batch it is computed in, in
whichever order, and on whichever machine.

The mixing function is the finalizer of SplitMix64 with the multipliers of Stafford's variant 13,

    z <- (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9,  z <- (z ^ (z >> 27)) * 0x94D049BB133111EB,  z <- z ^ (z >> 31),

a bijection of 64-bit words in which every input bit flips every output bit with probability near one half.
Keys are nested, key' = mix(key + (counter + 1) * golden), so different runs of one seed have different keys.

References
----------
Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, Figure 17.
Stafford, "Better bit mixing - improving on MurmurHash3's 64-bit finalizer", 2011 (variant 13).
"""

from __future__ import annotations

import operator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from bounds.errors import InputError

__all__ = ["Streams", "mix", "normals", "signs", "uniforms"]

Float = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_ONE: Final = np.uint64(1)


def mix(words: npt.ArrayLike) -> Words:
    """The SplitMix64 finalizer (variant 13), elementwise on unsigned 64-bit words of any shape."""
    z: Words = np.array(words, dtype=np.uint64, ndmin=1)
    z ^= z >> np.uint64(30)
    z *= _FIRST
    z ^= z >> np.uint64(27)
    z *= _SECOND
    z ^= z >> np.uint64(31)
    return z


def _descend(key: Words, counter: Words | np.uint64) -> Words:
    # Counters enter as one-element arrays at least: array arithmetic wraps silently, scalar arithmetic warns.
    step = np.atleast_1d(counter)
    return mix(key + (step + _ONE) * _GOLDEN)


class Streams:
    """The random streams of a batch of runs.

    Parameters
    ----------
    seed : integer in [0, 2^64).
    run : (B,) nonnegative integers; equal numbers give equal streams (common random numbers).

    Raises
    ------
    InputError : a seed or run number that is negative, too large or not an integer.
    """

    __slots__ = ("_keys", "_sign_block", "_sign_words")

    def __init__(self, seed: int, run: npt.ArrayLike) -> None:
        self._adopt(_descend(mix(np.uint64(_seed(seed))), _run_numbers(run)))

    def _adopt(self, keys: Words) -> None:
        self._keys = keys
        # The sign word serves 64 iterations; remembering it changes the cost of a draw, never its value.
        self._sign_block = -1
        self._sign_words = keys

    def __len__(self) -> int:
        return int(self._keys.size)

    @property
    def keys(self) -> Words:
        """(B,) the words that the numbers of each run are derived from."""
        return self._keys

    def keep(self, mask: npt.NDArray[np.bool_]) -> Streams:
        """The streams of the runs selected by ``mask: (B,)``."""
        kept = object.__new__(Streams)
        kept._adopt(self._keys[mask])
        return kept

    def signs(self, iteration: int) -> Float:
        """(B,) independent fair signs -1.0 or +1.0: bit ``iteration mod 64`` of one word per 64 iterations."""
        block, bit = divmod(iteration, 64)
        if block != self._sign_block:
            self._sign_words = ~_descend(self._keys, np.uint64(block))
            self._sign_block = block
        # The top bit of a double is its sign, and is set in negative numbers.
        signed: Float = np.copysign(1.0, (self._sign_words << np.uint64(63 - bit)).view(np.float64))
        return signed

    def uniforms(self, iteration: int, count: int) -> Float:
        """(B, count) independent uniforms, multiples of 2^-53 strictly between 0 and 1."""
        keys = _descend(self._keys, np.uint64(iteration))
        words = _descend(keys[:, None], np.arange(count, dtype=np.uint64)[None, :])
        # 52 bits and a half: with 53 bits the largest value would round to 1.
        return (np.right_shift(words, np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52

    def normals(self, iteration: int, count: int) -> Float:
        """(B, count) independent standard normals, by the inverse distribution function; never 0, |z| < 8.3."""
        drawn: Float = ndtri(self.uniforms(iteration, count))
        return drawn


def signs(seed: int, run: npt.ArrayLike, iteration: int) -> Float:
    """(B,) fair signs of the runs at one iteration; see :meth:`Streams.signs`."""
    return Streams(seed, run).signs(iteration)


def uniforms(seed: int, run: npt.ArrayLike, iteration: int, count: int) -> Float:
    """(B, count) uniforms in (0, 1) of the runs at one iteration; see :meth:`Streams.uniforms`."""
    return Streams(seed, run).uniforms(iteration, count)


def normals(seed: int, run: npt.ArrayLike, iteration: int, count: int) -> Float:
    """(B, count) standard normals of the runs at one iteration; see :meth:`Streams.normals`."""
    return Streams(seed, run).normals(iteration, count)


def _seed(seed: Any) -> int:
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if not 0 <= number < 2**64:
        raise InputError(f"seed = {seed!r} is not allowed: it must be an integer in [0, 2^64).")
    return number


def _run_numbers(run: npt.ArrayLike) -> Words:
    numbers = np.atleast_1d(np.asarray(run))
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu" or (numbers.size and numbers.min() < 0):
        raise InputError(f"run ids = {run!r} are not allowed: they must be a row of nonnegative integers.")
    return numbers.astype(np.uint64)
