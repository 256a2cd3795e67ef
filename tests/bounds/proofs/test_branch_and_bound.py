"""The finite computation behind the two chains with exponential tails."""

from __future__ import annotations

import dataclasses
import random
import sys
from fractions import Fraction

import pytest

from bounds.errors import InputError
from bounds.proofs.branch_and_bound import zero_chain_bound
from bounds.proofs.chain_data import Piece, at, chain_named

I1, I01 = chain_named("I1"), chain_named("I01")
ABSENT = Piece(name="absent", low=Fraction(0), high=Fraction(0))


def test_the_combined_chain_is_proved_completely():
    calls = []
    result = zero_chain_bound(I01, progress=lambda done, total: calls.append((done, total)))
    assert result
    assert result.reason == ""
    assert result.cells > 10_000
    # Every combination of pieces is visited: p and u on four, v on the left, on four, or absent.
    assert calls == [(n, 96) for n in range(1, 97)]


@pytest.mark.parametrize(("chain", "curvature"), [(I01, "19/5"), (I01, "7/2"), (I1, "9/4"), (I1, "2")])
def test_a_smaller_constant_is_refused_with_a_place(chain, curvature):
    result = zero_chain_bound(dataclasses.replace(chain, curvature=Fraction(curvature)))
    assert not result
    assert f"K = {curvature}" in result.reason
    assert "u = " in result.reason


@pytest.mark.parametrize("change", [{"weight": Fraction(1, 10)}, {"level": Fraction(1, 2)}])
def test_other_tampered_data_is_refused(change):
    assert not zero_chain_bound(dataclasses.replace(I01, **change))


def test_the_first_chain_has_no_tail_to_subdivide():
    with pytest.raises(InputError, match="by hand"):
        zero_chain_bound(chain_named("I0"))


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(InputError, match=r"clipbounds\[prove\]"):
        zero_chain_bound(I01)


def draw(piece, generator):
    x = piece.low + (piece.high - piece.low) * Fraction(generator.randint(0, 64), 64)
    names = ("psi", "psi1", "psi2", "phi", "phi1", "phi2", "pull")
    return {name: at(getattr(piece, name), x) for name in names}


@pytest.mark.parametrize("chain", [I1, I01], ids=lambda chain: chain.key)
def test_the_bound_holds_at_exact_points_of_every_combination_of_pieces(chain):
    """The same statement, written out once more from Lemma C and without boxes."""
    generator = random.Random(1911)
    axis = (*chain.pieces, chain.outer)
    closest = Fraction(0)
    for _ in range(3000):
        ahead = generator.choice((chain.left, *axis, ABSENT))
        p, u, v = (draw(piece, generator) for piece in (generator.choice(axis), generator.choice(axis), ahead))
        row = abs(p["psi"] * u["phi2"] + u["psi2"] * v["phi"])
        row += chain.weight * p["psi1"] * u["phi1"] + u["psi1"] * v["phi1"] / chain.weight
        b = p["psi1"] * u["phi"]
        square = min(chain.level + b**2, (p["phi1"] + b) ** 2)
        square += (p["psi"] * u["phi1"] + u["psi1"] * v["phi"]) ** 2 + (u["psi"] * v["phi1"] + v["pull"]) ** 2
        if ahead is chain.left:
            square = max(square, chain.level)
        assert row**2 <= chain.curvature**2 * square
        if chain.bounded:
            assert row**2 <= chain.curvature**2 * chain.level
        if square:
            closest = max(closest, row**2 / (chain.curvature**2 * square))
    # The sample comes near the bound, so it would notice a misprint of a few percent.
    assert closest > Fraction(9, 10)
