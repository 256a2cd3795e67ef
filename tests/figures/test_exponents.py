"""Measured exponents against the theorem's."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from bounds import theorem_named
from figures.exponents import CROSSINGS, FITS, Line, crossing, fit

QUICK = tuple(line for line in FITS if line.theorem in ("clipped-gd", "normalized-gd") and line.axis != "epsilon")


@pytest.mark.parametrize("line", QUICK, ids=lambda x: f"{x.theorem}-{x.axis}-{x.regime}")
def test_deterministic_slopes_agree_with_the_theorem(line):
    found = fit(line)
    assert found.agrees, found
    assert found.within
    assert found.low <= found.slope <= found.high
    assert found.exponent == 1


@pytest.mark.parametrize(
    ("theorem", "axis", "exponent"),
    [("framework-deterministic-sharp", "heaviness", 1), ("soft-clipping-deterministic", "heaviness", 1)],
)
def test_momentum_costs_one_power(theorem, axis, exponent):
    (line,) = [x for x in FITS if (x.theorem, x.axis) == (theorem, axis)]
    found = fit(line)
    assert found.exponent == exponent
    assert found.agrees, found


def test_noise_costs_two_powers_of_sigma_with_a_bootstrap_interval():
    (line,) = [x for x in FITS if (x.theorem, x.axis) == ("clipped-sgd", "sigma")]
    line = dataclasses.replace(line, values=("2", "3", "4"))
    found = fit(line, runs=24, seed=1)
    assert found.exponent == 2
    assert found.low < found.slope < found.high
    assert found.agrees, found
    assert found == fit(line, runs=24, seed=1)


@pytest.mark.parametrize(("regime", "exponent"), [("L1 eps << L0", -2), ("L1 eps >> L0", -1)], ids=["round", "steep"])
def test_the_regime_decides_the_power_of_epsilon(regime, exponent):
    (line,) = [x for x in FITS if (x.theorem, x.axis, x.regime) == ("best-step-gd", "epsilon", regime)]
    found = fit(dataclasses.replace(line, values=line.values[:3]))
    assert found.exponent == exponent
    assert found.agrees, found


def test_a_wrong_exponent_is_seen():
    found = fit(QUICK[0])
    assert not dataclasses.replace(found, exponent=Fraction(3, 2)).agrees
    assert not dataclasses.replace(found, bounds=(1,) * len(found.bounds)).within


def test_crossing_is_near_the_boundary_of_the_theorem():
    found = crossing(*CROSSINGS[0])
    assert found.predicted == pytest.approx(0.75)
    assert 0.3 < found.quotient < 3


def test_every_sweep_names_a_theorem_and_a_covered_method():
    for line in FITS:
        assert isinstance(line, Line)
        assert line.method in {m.key for m in theorem_named(line.theorem).methods}
        assert np.all(np.array([float(Fraction(v)) for v in line.values]) > 0)
    axes = {line.axis for line in FITS}
    assert axes == {"epsilon", "L0", "L1", "Delta", "sigma", "heaviness"}
