"""Another solver agrees with the certificates, and would be heard if it did not."""

from __future__ import annotations

import dataclasses
import sys

import pytest
import sympy as sp

from bounds.errors import InputError
from synthetic.certify import certify
from synthetic.forms import Explicit, Form, Radial, Separable, coordinates
from synthetic.landscape import Landscape
from synthetic.landscapes import landscape_named
from synthetic.second_opinion import Disagreement, second_opinion

(X,) = coordinates(1)
R = sp.Symbol("r", nonnegative=True)


def line(formula: object) -> Explicit:
    """A function of one variable."""
    return Explicit(formula=formula, variables=(X,))


@pytest.mark.parametrize("key", ["quartic", "sextic", "norm-cubed", "huber"])
@pytest.mark.parametrize("factor", ["1", "99/100"])
def test_z3_agrees_on_shipped_pairs_and_slightly_smaller_ones(key: str, factor: str) -> None:
    landscape = landscape_named(key)
    pair = landscape.constants
    l0 = pair.L0 * sp.Rational(factor).p / sp.Rational(factor).q
    assert certify(landscape, l0, pair.L1).verdict == ("proved" if factor == "1" else "refuted")
    assert second_opinion(landscape, l0, pair.L1) == "agrees"
    other = landscape.scaled(value=3, point=7)
    assert second_opinion(other, l0 * 3 / 49, pair.L1 / 7) == "agrees"


@pytest.mark.parametrize(
    ("form", "L0", "L1"),
    [
        (line(sp.atan(X)), 0, 2),
        (line(sp.atan(X)), 0, 1),
        (line(sp.log(1 + X**2)), 2, 0),
        (line(X**4), "16/9", 3),
        (line(X**2), "1/10", "1/2"),
        (line(sp.Abs(X) * X**2), 6, 1),
        (Separable(profile=X**4, variable=X, dimension=7), 16, 1),
        (Separable(profile=X**4, variable=X, dimension=7), 15, 1),
        (Radial(profile=R**4, variable=R, dimension=2), "16/9", 3),
        (Radial(profile=R**4, variable=R, dimension=2), "17/10", 3),
        (Radial(profile=sp.log(1 + R**2), variable=R, dimension=2), 2, 0),
    ],
    ids=str,
)
def test_z3_agrees_on_polynomials_and_quotients(form: Form, L0: object, L1: object) -> None:
    assert second_opinion(form, L0, L1) == "agrees"


@pytest.mark.parametrize("subject", [landscape_named("cosh"), landscape_named("phase-retrieval"), line(sp.cos(X))])
def test_what_z3_does_not_cover_is_unknown(subject: Landscape | Form) -> None:
    assert second_opinion(subject, 200, 8) == "unknown"


@pytest.mark.parametrize(("L0", "wrong"), [(16, "refuted"), (15, "proved")])
def test_a_wrong_certificate_is_an_error(L0: int, wrong: str) -> None:
    quartic = landscape_named("quartic")
    right = certify(quartic, L0, 1)
    assert second_opinion(quartic, L0, 1, certificate=right) == "agrees"
    with pytest.raises(Disagreement, match=f"says {wrong}"):
        second_opinion(quartic, L0, 1, certificate=dataclasses.replace(right, verdict=wrong))


def test_bad_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    quartic = landscape_named("quartic")
    for seconds in (0, -1, 61, float("nan")):
        with pytest.raises(InputError, match="seconds"):
            second_opinion(quartic, 16, 1, seconds=seconds)
    with pytest.raises(InputError, match="about"):
        second_opinion(quartic, 16, 1, certificate=certify(quartic, 15, 1))
    with pytest.raises(InputError, match="whole space"):
        second_opinion(quartic, 16, 1, certificate=certify(quartic, 16, 1, (0, 1)))
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(InputError, match="prove"):
        second_opinion(quartic, 16, 1)
