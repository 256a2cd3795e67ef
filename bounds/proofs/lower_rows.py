r"""Scalar steps of Proposition E for I0: the bound K of the Hessian rows with u >= 0, by hand.

On a piece of u the row is the larger over the two signs of

    [+-Phi''(u) Psi(p) + tau Phi'(u) Psi'(p)] + [+-Psi''(u) Phi(v) + Psi'(u) Phi'(v)/tau],

affine in u for fixed p and v, so it is bounded by the values at the two ends of the piece. There each bracket is
piecewise quadratic in its own variable (written p and v) and bounded by an entry of the table of Proposition E.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import sympy as sp

from bounds.proofs.chain_data import Coefficients, Piece, at, chain_named
from bounds.proofs.lower_gradient_only import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES", "TABLE", "Row"]

_PLACE = DOC + "Proposition E, the table of I0"
_CHAIN = chain_named("I0")
p, v, t, first, second, K, pa, pb, va, vb = sp.symbols("p v t first second K pa pb va vb")
p1, p2, v1, v2 = sp.symbols("p1 p2 v1 v2")


class Row(NamedTuple):
    """An end u of a piece, a sign, and the largest values of the two brackets there."""

    piece: int
    u: Fraction
    sign: int
    over_p: Fraction
    over_v: Fraction

    @property
    def name(self) -> str:
        """An id: piece, end and sign."""
        end = "low" if self.u == _CHAIN.pieces[self.piece - 1].low else "high"
        return f"I0-row{self.piece}-{end}{'+' if self.sign > 0 else '-'}"


def _row(piece: int, u: str, sign: int, over_p: str, over_v: str) -> Row:
    return Row(piece, Fraction(u), sign, Fraction(over_p), Fraction(over_v))


TABLE: tuple[Row, ...] = (
    _row(1, "0", 1, "5/14", "39/32"),
    _row(1, "0", -1, "75/112", "0"),
    _row(1, "1", 1, "85/448", "401/288"),
    _row(1, "1", -1, "12605/25088", "25/48"),
    _row(2, "1", 1, "85/448", "5/6"),
    _row(2, "1", -1, "12605/25088", "5/6"),
    _row(2, "7/5", 1, "55/448", "5/6"),
    _row(2, "7/5", -1, "1595/3584", "5/6"),
    _row(3, "7/5", 1, "35/256", "205/336"),
    _row(3, "7/5", -1, "185/448", "1135/1008"),
    _row(3, "14/5", 1, "9/4096", "0"),
    _row(3, "14/5", -1, "9005/28672", "195/224"),
    _row(4, "14/5", 1, "9/4096", "0"),
    _row(4, "14/5", -1, "9005/28672", "0"),
    _row(4, "3", 1, "0", "0"),
    _row(4, "3", -1, "5/16", "0"),
)

_AFFINE = Clause(
    id="I0-affine",
    place=_PLACE + ": a row affine in u (t its position on the piece) is bounded by the two ends",
    variables=signs(nonneg="t", free="pa pb va vb p1 p2 v1 v2 K"),
    weak={
        "position": 1 - t,
        "p-low": p1 - pa,
        "p-high": p2 - pb,
        "v-low": v1 - va,
        "v-high": v2 - vb,
        "sum-low": K - p1 - v1,
        "sum-high": K - p2 - v2,
    },
    goal=K - (1 - t) * (pa + va) - t * (pb + vb),
)


def _combined(a: Coefficients, x: Fraction, b: Coefficients, y: Fraction, s: sp.Symbol) -> sp.Expr:
    return sp.expand(at(a, s) * x + at(b, s) * y)


def _bracket_p(row: Row, there: Piece) -> sp.Expr:
    here = _CHAIN.pieces[row.piece - 1]
    curvature, slope = at(here.phi2, row.u), at(here.phi1, row.u)
    return _combined(there.psi, row.sign * curvature, there.psi1, _CHAIN.weight * slope, p)


def _bracket_v(row: Row, there: Piece) -> sp.Expr:
    here = _CHAIN.pieces[row.piece - 1]
    curvature, slope = at(here.psi2, row.u), at(here.psi1, row.u)
    return _combined(there.phi, row.sign * curvature, there.phi1, slope / _CHAIN.weight, v)


def _below(bracket: sp.Expr, s: sp.Symbol, there: Piece) -> sp.Expr:
    return bracket.subs(s, (there.low + there.high) / 2) - sp.Rational(1, 1000)


def _inequality(row: Row, s: sp.Symbol, there: Piece, most: Fraction, bracket: sp.Expr) -> Clause:
    return Clause(
        id=f"{row.name}-{s}-{there.name}",
        place=f"{_PLACE}: piece {row.piece}, u = {row.u}, sign {row.sign:+d}, {s} on piece {there.name}",
        variables=signs(nonneg=str(s)) if there.low == 0 else signs(free=str(s)),
        weak={"high": there.high - s} | ({"low": s - there.low} if there.low else {}),
        goal=most - bracket,
        rivals={"entry below the value at the middle": {"goal": _below(bracket, s, there) - bracket}},
    )


def _smaller(row: Row) -> Fraction:
    """A bound just below the entry of the table."""
    return Fraction(999, 1000) * (row.over_p + row.over_v) - Fraction(1, 1000)


def _joined(row: Row, s: sp.Symbol, most: Fraction, brackets: list[tuple[Piece, sp.Expr]]) -> Iterator[Clause]:
    """One clause for each run of pieces on which the bracket is the same polynomial; constants repeat an end."""
    for bracket, run in itertools.groupby(brackets, key=lambda pair: pair[1]):
        pieces = [piece for piece, _ in run]
        if bracket.free_symbols:
            yield _inequality(row, s, dataclasses.replace(pieces[0], high=pieces[-1].high), most, bracket)


def _clauses() -> Iterator[Clause]:
    """The table, each inequality once."""
    seen: set[str] = set()
    for row in TABLE:
        over_p = [(there, _bracket_p(row, there)) for there in _CHAIN.pieces]
        over_v = [(there, _bracket_v(row, there)) for there in (_CHAIN.left, *_CHAIN.pieces)]
        for clause in (*_joined(row, p, row.over_p, over_p), *_joined(row, v, row.over_v, over_v)):
            if clause.hash not in seen:
                seen.add(clause.hash)
                yield clause
        yield Clause(
            id=f"{row.name}-sum",
            place=f"{_PLACE}: piece {row.piece}, u = {row.u}, sign {row.sign:+d}, the sum",
            variables={},
            goal=_CHAIN.curvature - row.over_p - row.over_v,
            rivals={"K smaller": {"goal": _smaller(row) - row.over_p - row.over_v}},
        )
    yield _AFFINE


CLAUSES: tuple[Clause, ...] = tuple(_clauses())
