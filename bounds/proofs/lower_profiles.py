r"""Scalar steps of Proposition E: the constants of the three zero-chains, on every piece of their axes.

u is a coordinate, or q = exp(-(u - T)/2) on an exponential tail; 1 - z is the position in [0, 1] of a coordinate on the
left side. The clauses are made from the exact data of :mod:`bounds.proofs.chain_data`. The rows u >= 0 of I1 and
I01 are not here: they are the finite computation of :mod:`bounds.proofs.branch_and_bound`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.proofs.chain_data import CHAINS, Chain, Piece, at
from bounds.proofs.lower_gradient_only import DOC
from bounds.proofs.step import Clause, signs

__all__ = ["CLAUSES"]

_PLACE = DOC + "Proposition E"
u, z, t, zeta, a, b, c, k, P, S, A, B, level = sp.symbols("u z t zeta a b c k P S A B level")

# zeta of C2-wide on the linear pieces where Psi < 1, near the z at which (C2) is tightest there.
_BENDS = {
    key: tuple(Fraction(x) for x in text.split())
    for key, text in {"I0": "11/20 11/20 1/5", "I1": "4/5 3/4 7/10", "I01": "3/4 3/4 3/4"}.items()
}

# The pieces on which a level a little above gamma_+^2 would be false.
_TIGHT = ("I1-C1-tail", "I01-C1-3", "I01-C1-tail", "I0-C2-1", "I0-C2-2", "I1-C2-1", "I1-C2-2", "I01-C2-3")


def _range(piece: Piece) -> dict[str, sp.Expr]:
    """Hypotheses that u is on a piece; u >= 0 is a sign."""
    rows = {"high": piece.high - u}
    return rows if piece.low == 0 else {"low": u - piece.low, **rows}


def _pieces(chain: Chain) -> tuple[Piece, ...]:
    return chain.pieces if chain.outer is None else (*chain.pieces, chain.outer)


def _steep(chain: Chain) -> Iterator[Clause]:
    """(C1); on the tail it is divided by q^4, and where Psi = 1 there is nothing to show."""
    half = chain.width / 2
    for piece in chain.pieces:
        if at(piece.psi1, u) != 0:
            slope = at(piece.phi1, u) + half * at(piece.psi1, u)
            yield _level(chain, piece, slope, chain.level_plus - chain.level_plus * at(piece.psi, u) ** 2)
    if chain.outer is not None:
        _, s, _, v = chain.end
        rest = sp.Rational(2, 5) * s * u
        yield _level(chain, chain.outer, v + half * s * u**3, chain.level_plus * rest * (2 - rest * u**4))


def _level(chain: Chain, piece: Piece, slope: Any, needed: Any) -> Clause:
    name = f"{chain.key}-C1-{piece.name}"
    return Clause(
        id=name,
        place=f"{_PLACE}, (C1) of {chain.key}, piece {piece.name}",
        variables=signs(nonneg="u"),
        weak=_range(piece),
        goal=slope**2 - needed,
        rivals={"1 % more": {"goal": slope**2 - Fraction(101, 100) * needed}} if name in _TIGHT else {},
    )


def _corner(chain: Chain) -> Iterator[Clause]:
    """(C2) from one inequality in u on each linear piece, and from two on the tail; where Psi = 1 it is C2-flat."""
    for piece, bend in zip(chain.pieces, _BENDS[chain.key], strict=False):
        c, b, P = _parts(chain, piece)
        name = f"{chain.key}-C2-{piece.name}"
        yield Clause(
            id=name,
            place=f"{_PLACE}, (C2) of {chain.key}, piece {piece.name}, zeta = {bend}",
            variables=signs(nonneg="u"),
            weak=_range(piece),
            goal=_bent(c, b, P, bend, chain.level_plus),
            rivals={"1/500 more": {"goal": _bent(c, b, P, bend, chain.level_plus + Fraction(1, 500))}}
            if name in _TIGHT
            else {},
        )
    if chain.outer is not None:
        c, b, P = _parts(chain, chain.outer)
        ends = {"start": c**2 + 1 - P - chain.level_plus, "end": c**2 + 2 * b * c + (1 - P) ** 2 - chain.level_plus}
        for end, goal in ends.items():
            yield Clause(
                id=f"{chain.key}-C2-tail-{end}",
                place=f"{_PLACE}, (C2) of {chain.key}, tail",
                variables=signs(nonneg="u"),
                weak=_range(chain.outer),
                goal=goal,
            )


def _parts(chain: Chain, piece: Piece) -> tuple[Any, Any, Any]:
    """c = Phi', b = w Psi'/2, P = 1 - Psi: (C2) reads (c + b z^2)^2 + (1 - P z)^2 >= level with z = 1 - y."""
    return at(piece.phi1, u), chain.width / 2 * at(piece.psi1, u), 1 - at(piece.psi, u)


def _bent(c: Any, b: Any, P: Any, bend: Any, level: Any) -> Any:
    """The discriminant of C2-least: z^4 >= 2 zeta z^2 - zeta^2 makes (C2) quadratic in z, least at z = P/k."""
    return (c**2 - b**2 * bend**2 + 1 - level) * (2 * b * c + 2 * b**2 * bend + P**2) - P**2


def _left_rows(chain: Chain) -> Iterator[Clause]:
    """The rows of the Hessian with u <= 0, in the neighbour p (written u here)."""
    for piece in _pieces(chain):
        row = (1 - at(piece.psi, u)) / chain.width + chain.weight * at(piece.psi1, u)
        if row == 0:
            continue
        yield Clause(
            id=f"{chain.key}-left-{piece.name}",
            place=f"{_PLACE}, rows u <= 0 of {chain.key}, p on piece {piece.name}",
            variables=signs(nonneg="u"),
            weak=_range(piece),
            goal=chain.row_bound - row,
            relation=">",
            rivals={"a fifth of the bound": {"goal": chain.row_bound / 5 - row}},
        )


def _numbers(chain: Chain) -> Iterator[Clause]:
    psi, s, phi, v = chain.end
    tail = int(chain.tail)
    area, total = psi + tail * s * 2 / 5, phi + tail * v
    product = chain.total * chain.curvature / (chain.gamma or chain.level)
    plus, cost = chain.level_plus, chain.cost
    facts = (
        ("area", "sup Psi = 1", "=", area - 1, area * Fraction(99, 100) - 1),
        ("D", "sup Phi = D", "=", total - chain.total, total * Fraction(99, 100) - chain.total),
        ("cost", "the product of Lemma D is below c", ">", cost - product, cost * Fraction(99, 100) - product),
        ("room", "gamma_+ > gamma_c", ">", plus - chain.level, plus * Fraction(99, 100) - chain.level),
        ("level", "gamma_+ <= 1", ">=", 1 - plus, Fraction(88, 100) - plus),
    )
    for name, text, relation, goal, sharper in facts:
        yield Clause(
            id=f"{chain.key}-{name}",
            place=f"{_PLACE}, {chain.key}: {text}",
            variables={},
            goal=goal,
            relation=relation,
            rivals={"one side 1 % (level: 12 %) off": {"goal": sharper}},
        )


def _clauses(chain: Chain) -> Iterator[Clause]:
    yield from _numbers(chain)
    yield from _steep(chain)
    yield from _corner(chain)
    yield from _left_rows(chain)


_BEND = Clause(
    id="C2-bend",
    place=_PLACE + ", (C2): t = z^2 enters at most linearly, t^2 >= 2 zeta t - zeta^2",
    variables=signs(nonneg="b c zeta t"),
    goal=(c + b * t) ** 2 - (c**2 - b**2 * zeta**2) - (2 * b * c + 2 * b**2 * zeta) * t,
)
_LEAST = Clause(
    id="C2-least",
    place=_PLACE + ", (C2): a quadratic in z, least at z = P/k",
    variables=signs(pos="k", free="z P a"),
    weak={"discriminant": a * k - P**2},
    goal=a - 2 * P * z + k * z**2,
)
_WIDE = Clause(
    id="C2-wide",
    place=_PLACE + ", (C2) for every z: S = (c + b z^2)^2, A and B from C2-bend, k = B + P^2, t = z^2",
    variables=signs(pos="k", nonneg="S t B level", free="z P A"),
    weak={"C2-bend": S - A - B * t, "C2-least": (A + 1 - level) - 2 * P * z + k * z**2},
    eq={"k": k - B - P**2, "t": t - z**2},
    goal=S + (1 - P * z) ** 2 - level,
)
_UNIT = Clause(
    id="C2-unit",
    place=_PLACE + ", (C2): 2 z <= 1 + t, t = z^2",
    variables=signs(nonneg="z t"),
    eq={"t": t - z**2},
    goal=1 + t - 2 * z,
)
_NARROW = Clause(
    id="C2-narrow",
    place=_PLACE + ", (C2) for 0 <= z <= 1, from its ends; S = (c + b z^2)^2, A = c^2, B = 2 b c, t = z^2 (so no z^2)",
    variables=signs(nonneg="S A B P z t level"),
    weak={
        "start": A + 1 - P - level,
        "end": A + B + (1 - P) ** 2 - level,
        "below": 1 - t,
        "C2-bend": S - A - B * t,
        "C2-unit": 1 + t - 2 * z,
    },
    goal=S + 1 - 2 * P * z + P**2 * t - level,
)
_FLAT = Clause(
    id="C2-flat",
    place=_PLACE + ", (C2) where Psi = 1, t = z^2; there (C1) says nothing",
    variables=signs(nonneg="b c level t"),
    weak={"level": 1 - level},
    goal=(c + b * t) ** 2 + 1 - level,
)

CLAUSES: tuple[Clause, ...] = (
    _BEND,
    _LEAST,
    _WIDE,
    _UNIT,
    _NARROW,
    _FLAT,
    *(clause for chain in CHAINS for clause in _clauses(chain)),
)
