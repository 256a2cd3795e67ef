"""Constants at which a record applies, for tests that go over all records."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

from bounds.applicability import NotCovered
from bounds.calculator import evaluate
from bounds.errors import InputError
from bounds.problem import Problem
from bounds.smoothness import POINTWISE, Noise

CONSTANTS = {"L0": Fraction(2), "L1": Fraction(1), "Delta": Fraction(10), "epsilon": Fraction(1, 100)}
PARAMETERS = {"M": Fraction(3), "eta": Fraction(1, 20), "gamma": Fraction(2), "L": Fraction(5)}
FIELDS = {f.name for f in dataclasses.fields(Problem)}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A record with a problem and parameters that it covers."""

    theorem: object
    problem: Problem
    parameters: dict

    @property
    def start(self):
        return self.theorem.momentum_start[0]

    def evaluate(self, **changes):
        """The bound after changes of the constants."""
        problem = dataclasses.replace(self.problem, **changes)
        return evaluate(self.theorem, problem, self.parameters, self.start)


def _problems(theorem):
    noise = {"noise": theorem.noise, "sigma": Fraction(0 if theorem.noise is Noise.EXACT else 13) / 10}
    shared = {"criterion": theorem.criterion, "dimension": theorem.dimension, **noise}
    # Knowledge that a theorem does not use restricts the class, which silences lower bounds.
    distance = {"R": Fraction(3)} if "R" in {str(s) for s in theorem.symbols} else {}
    shared |= {n: v for n, v in {"convex": getattr(theorem, "convex", False), **distance}.items() if n in FIELDS}
    for smoothness in (theorem.smoothness, POINTWISE):
        for zero in ((), ("L1",), ("L0",)):
            try:
                yield Problem.of(**CONSTANTS | dict.fromkeys(zero, 0), smoothness=smoothness, **shared)
            except InputError:
                continue


def covered_case(theorem):
    """The first standard problem that the record covers."""
    needed = {str(s) for s in theorem.symbols} - {str(s) for s, _ in theorem.parameters}
    parameters = {name: value for name, value in PARAMETERS.items() if name in needed}
    for problem in _problems(theorem):
        try:
            evaluate(theorem, problem, parameters, theorem.momentum_start[0])
        except NotCovered:
            continue
        return Case(theorem=theorem, problem=problem, parameters=parameters)
    raise AssertionError(f"no standard problem is covered by {theorem.key}")


@pytest.fixture(scope="session")
def case_of():
    """Maps a record to a :class:`Case`."""
    return covered_case
