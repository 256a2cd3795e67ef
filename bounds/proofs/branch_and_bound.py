r"""The finite computation of Proposition E: the Hessian rows u >= 0 of the chains I1 and I01, in exact rationals.

For neighbours p, u, v the row sum of Lemma C is

    S = |Psi(p) Phi''(u) + Psi''(u) Phi(v)| + tau Psi'(p) Phi'(u) + Psi'(u) Phi'(v)/tau,

and ||grad f||^2 >= G = pre(p, u) + own^2 + next^2 with own = Psi(p) Phi'(u) + Psi'(u) Phi(v) and
next = Psi(u) Phi'(v) + |P'(v)|. To be shown: S <= K ||grad f||, and for I01 also S <= K gamma_c. All functions are
monotone on each piece, so on a box every term is bounded by values at corners, which are rational. A box is settled
by S^2 <= K^2 G (G raised to gamma_c^2 when v <= 0) or, for u on the tail, by S <= K own after both are divided by
q_u^2; other boxes are halved along the longest side. "Absent" as v is the last coordinate of the chain, q = 0 as p the
first, and v = -w stands for everything further left.

References
----------
docs/theory/lower.md, Lemma C and Proposition E ("Reduction of the remaining claims to finitely many boxes").
"""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bounds.errors import InputError
from bounds.proofs.chain_data import Chain, Piece

__all__ = ["DeepResult", "zero_chain_bound"]

# Boxes of a true bound are settled with sides above 2^-11; a false bound keeps boxes of any size open.
_SHORTEST = Fraction(1, 2**12)
_ABSENT = Piece(name="absent", low=Fraction(0), high=Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepResult:
    """The outcome of a finite computation.

    Attributes
    ----------
    ok : every box was settled.
    cells : number of settled boxes.
    seconds : wall time.
    reason : one sentence when not ok, else empty.
    """

    ok: bool
    cells: int
    seconds: float
    reason: str = ""

    def __bool__(self) -> bool:
        return self.ok


def zero_chain_bound(chain: Chain, *, progress: Callable[[int, int], None] | None = None) -> DeepResult:
    """Whether ||H|| <= K ||grad f|| (and for I01 ||H|| <= K gamma_c) on all rows u >= 0, by exact subdivision.

    Parameters
    ----------
    chain : one with an exponential tail; I0 has a proof by hand (:mod:`bounds.proofs.lower_rows`).
    progress : called with (combinations of pieces done, all of them).

    Raises
    ------
    InputError : python-flint is missing, or the chain has no tail.
    """
    try:
        from flint import fmpq
    except ImportError:
        raise InputError('python-flint is not installed: pip install "clipbounds[prove]".') from None
    if chain.outer is None:
        raise InputError(f"chain {chain.key!r} has no exponential tail; its bound is proved by hand.")
    started = time.perf_counter()
    rows = _Rows(chain, fmpq)
    axis = [*(_side(piece, fmpq) for piece in chain.pieces), _side(chain.outer, fmpq, divided=_divided(chain.outer))]
    left = _side(chain.left, fmpq)
    parts = list(itertools.product(axis, axis, (left, *axis, _side(_ABSENT, fmpq))))
    cells, reason = 0, ""
    for done, (p, u, v) in enumerate(parts, start=1):
        found, reason = rows.cover(p, u, v, raised=v is left)
        cells += found
        if reason:
            break
        if progress is not None:
            progress(done, len(parts))
    return DeepResult(ok=not reason, cells=cells, seconds=time.perf_counter() - started, reason=reason)


def _divided(tail: Piece) -> Piece:
    """The tail with the slopes and curvatures divided by q^2."""
    parts = {name: getattr(tail, name)[2:] for name in ("psi1", "psi2", "phi1", "phi2")}
    return dataclasses.replace(tail, **parts)


def _side(piece: Piece, rational: Any, *, divided: Piece | None = None) -> _Side:
    """The whole of a piece, in the arithmetic of ``rational``."""

    def curves(of: Piece) -> tuple[list[Any], ...]:
        rows = (of.psi, of.psi1, of.psi2, of.phi, of.phi1, tuple(-c for c in of.phi2), of.pull)
        return tuple([rational(c.numerator, c.denominator) for c in reversed(row)] for row in rows)

    low, high = (rational(x.numerator, x.denominator) for x in (piece.low, piece.high))
    return _Side(curves(piece), None if divided is None else curves(divided), low, high)


class _Side:
    """An interval of one coordinate with the least and largest values of the chain's functions there.

    ``bend`` is -Phi''. ``scaled`` is the same interval with the divided functions of the tail, elsewhere None.
    """

    __slots__ = (
        *("_curves", "_divided", "_halves", "high", "low", "scaled"),
        *("bend_high", "bend_low", "phi1_high", "phi1_low", "phi_high", "phi_low", "pull_low"),
        *("psi1_high", "psi1_low", "psi2_high", "psi2_low", "psi_high", "psi_low"),
    )

    def __init__(self, curves: tuple[list[Any], ...], divided: tuple[list[Any], ...] | None, low: Any, high: Any):
        self._curves, self._divided = curves, divided
        self._halves: tuple[_Side, ...] = ()
        self.low, self.high = low, high
        ends = [sorted((_value(curve, low), _value(curve, high))) for curve in curves]
        self.psi_low, self.psi_high = ends[0]
        self.psi1_low, self.psi1_high = ends[1]
        self.psi2_low, self.psi2_high = ends[2]
        self.phi_low, self.phi_high = ends[3]
        self.phi1_low, self.phi1_high = ends[4]
        self.bend_low, self.bend_high = ends[5]
        self.pull_low = ends[6][0]
        self.scaled = _Side(divided, None, low, high) if divided else None

    def halves(self) -> tuple[_Side, ...]:
        """Both halves, kept because many boxes share them."""
        if not self._halves:
            middle = (self.low + self.high) / 2
            ends = ((self.low, middle), (middle, self.high))
            self._halves = tuple(_Side(self._curves, self._divided, *pair) for pair in ends)
        return self._halves


def _value(curve: list[Any], x: Any) -> Any:
    total = 0 * x
    for c in curve:
        total = total * x + c
    return total


class _Rows:
    """The two tests of a box, with the constants of the chain."""

    def __init__(self, chain: Chain, rational: Any) -> None:
        constants = (chain.curvature, chain.level, chain.weight, 1 / chain.weight, _SHORTEST)
        self.K, self.level, self.tau, self.inverse, self.shortest = (
            rational(x.numerator, x.denominator) for x in constants
        )
        self.K2 = self.K**2
        # I01 alone is bounded by K gamma_c everywhere.
        self.most = self.K2 * self.level if chain.bounded else None

    def cover(self, p: _Side, u: _Side, v: _Side, *, raised: bool) -> tuple[int, str]:
        """The number of boxes that settle all of p x u x v, and a sentence on the first box that does not settle."""
        cells, stack = 0, [(p, u, v)]
        while stack:
            p, u, v = stack.pop()
            if self.settles(p, u, v, raised):
                cells += 1
                continue
            sides = (p.high - p.low, u.high - u.low, v.high - v.low)
            longest = max(sides)
            if longest < self.shortest:
                where = ", ".join(f"{name} = {side.low}" for name, side in (("p", p), ("u", u), ("v", v)))
                return cells, f"the bound K = {self.K} is not proved near {where}."
            if longest == sides[0]:
                stack += [(half, u, v) for half in p.halves()]
            elif longest == sides[1]:
                stack += [(p, half, v) for half in u.halves()]
            else:
                stack += [(p, u, half) for half in v.halves()]
        return cells, ""

    def settles(self, p: _Side, u: _Side, v: _Side, raised: bool) -> bool:
        """Whether one of the tests holds on the whole box."""
        square = self._row(p, u, v) ** 2
        if self.most is not None and square > self.most:
            return False
        if square <= self.K2 * self._gradient(p, u, v, raised):
            return True
        scaled = u.scaled
        return scaled is not None and self._row(p, scaled, v) <= self.K * _own(p, scaled, v)

    def _row(self, p: _Side, u: _Side, v: _Side) -> Any:
        """An upper bound of S; Psi, Phi and -Phi'' are nonnegative, Psi'' has either sign."""
        high, low = u.psi2_high, u.psi2_low
        rising = high * (v.phi_high if high > 0 else v.phi_low) - u.bend_low * p.psi_low
        falling = u.bend_high * p.psi_high - low * (v.phi_low if low > 0 else v.phi_high)
        bent = rising if rising > falling else falling
        return bent + self.tau * p.psi1_high * u.phi1_high + self.inverse * u.psi1_high * v.phi1_high

    def _gradient(self, p: _Side, u: _Side, v: _Side, raised: bool) -> Any:
        """A lower bound of ||grad f||^2."""
        b = p.psi1_low * u.phi_low
        early, late = self.level + b * b, (p.phi1_low + b) ** 2
        after = u.psi_low * v.phi1_low + v.pull_low
        total = (early if early < late else late) + _own(p, u, v) ** 2 + after * after
        return self.level if raised and total < self.level else total


def _own(p: _Side, u: _Side, v: _Side) -> Any:
    """A lower bound of Psi(p) Phi'(u) + Psi'(u) Phi(v)."""
    return p.psi_low * u.phi1_low + u.psi1_low * v.phi_low
