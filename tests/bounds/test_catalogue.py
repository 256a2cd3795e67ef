"""Conformance of every record: a new entry of the tuple is tested without a new test."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import pkgutil
import random
import re
import statistics
import time
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

import bounds.catalogue
from bounds.applicability import NotCovered, substitute
from bounds.calculator import evaluate, lower_bound_for
from bounds.catalogue import THEOREMS, theorem_named
from bounds.dimensions import dimension_of
from bounds.errors import InputError, NoStepNeeded
from bounds.methods import CATALOGUE_METHODS, METHODS
from bounds.problem import Problem
from bounds.quantities import DIMENSIONLESS
from bounds.smoothness import LIPSCHITZ, MEAN_SQUARED, Noise
from bounds.symbols import R, beta, nu
from bounds.theorem import Criterion, Kind, Provenance

ROOT = Path(__file__).parents[2]
COUNTED = tuple(t for t in THEOREMS if not t.order_only)
UPPER = tuple(t for t in COUNTED if t.kind is Kind.UPPER)
LIMITS = tuple((t, limit) for t in THEOREMS for limit in t.limits)
MODULES = ("__init__", *(m.name for m in pkgutil.iter_modules(bounds.catalogue.__path__)))

by_key = pytest.mark.parametrize("theorem", THEOREMS, ids=lambda t: t.key)
counted = pytest.mark.parametrize("theorem", COUNTED, ids=lambda t: t.key)
upper = pytest.mark.parametrize("theorem", UPPER, ids=lambda t: t.key)


def _fraction(rng, low, high):
    """A rational between low and high, spread evenly on a log scale."""
    return Fraction(round(1000 * low * (high / low) ** rng.random()), 1000)


def _constants(rng, theorem):
    """Random constants that the setting of the theorem allows; its requirements may still fail."""
    return {
        "L0": _fraction(rng, 0.1, 10),
        "L1": Fraction(0) if theorem.smoothness in (LIPSCHITZ, MEAN_SQUARED) else _fraction(rng, 0.1, 10),
        "Delta": _fraction(rng, 5, 50),
        "epsilon": _fraction(rng, 0.01, 0.09),
        "sigma": Fraction(0) if theorem.noise is Noise.EXACT else _fraction(rng, 0.7, 10),
        # Knowledge that a theorem does not use restricts the class, which silences lower bounds.
        **({"R": _fraction(rng, 0.5, 20)} if R in theorem.symbols else {}),
    }


def _setting(theorem):
    return {
        "noise": theorem.noise,
        "smoothness": theorem.smoothness,
        "criterion": theorem.criterion,
        "convex": theorem.convex,
        "dimension": theorem.dimension,
    }


def _parameters(rng, theorem):
    """Values for what has no recommendation, and an M well inside the class; step sizes for own lower bounds."""
    needed = {str(s) for s in theorem.symbols} - {str(s) for s, _ in theorem.parameters}
    drawn = {
        "M": _fraction(rng, 1.1, 3),
        "L": _fraction(rng, 10, 100),
        "eta": _fraction(rng, 0.01, 0.09),
        "gamma": _fraction(rng, 2, 9),
        "unit_gradient": Fraction(1),
        "unit_length": Fraction(10),
    }
    return {name: value for name, value in drawn.items() if name in needed and not name.startswith("unit")}


def _evaluate(theorem, constants, parameters):
    start = theorem.momentum_start[0]
    return evaluate(theorem, Problem.of(**constants, **_setting(theorem)), parameters, start)


def _draws(theorem, wanted, tries=200):
    """Covered random problems with their counts: tuples (constants, parameters, bound)."""
    rng = random.Random(theorem.key)
    found = []
    for _ in range(tries):
        constants, parameters = _constants(rng, theorem), _parameters(rng, theorem)
        try:
            bound = _evaluate(theorem, constants, parameters)
        except (NotCovered, NoStepNeeded):
            continue
        found.append((constants, parameters, bound))
        if len(found) == wanted:
            break
    return found


def test_keys_are_unique_and_found():
    assert len({t.key for t in THEOREMS}) == len(THEOREMS)
    assert all(theorem_named(t.key) is t for t in THEOREMS)
    with pytest.raises(InputError, match=r"did you mean .*best-step-gd"):
        theorem_named("best-step-dg")


@by_key
def test_construction_is_cheap(theorem):
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        dataclasses.replace(theorem)
        seconds.append(time.perf_counter() - start)
    assert statistics.median(seconds) < 0.03


@by_key
def test_counts_are_dimensionless(theorem):
    assert dimension_of(theorem.iterations) == DIMENSIONLESS
    assert dimension_of(theorem.complexity) == DIMENSIONLESS


@by_key
def test_a_method_is_named_and_its_parameters_are_recommended(theorem):
    assert theorem.methods
    assert set(theorem.methods) <= {*METHODS, *CATALOGUE_METHODS}
    if theorem.kind is Kind.UPPER and not theorem.order_only:
        recommended = {str(s) for s, _ in theorem.parameters}
        for method in theorem.methods:
            # nu, and beta with it, may be absent from a bound that does not depend on them.
            assert set(method.parameters) - {"L0", "L1", "beta", "nu"} <= recommended, method.key


@by_key
def test_the_source_is_complete_and_quoted_statements_name_where(theorem):
    assert theorem.source.locator
    assert theorem.title
    assert theorem.note
    # Older texts have no preprint; then the venue must say where they are.
    assert theorem.source.arxiv is None if theorem.provenance is Provenance.PROVED_HERE else theorem.source.venue


@pytest.mark.parametrize("theorem", [t for t in THEOREMS if t.proof], ids=lambda t: t.key)
def test_proof_pointers_resolve(theorem):
    file, _, prefix = theorem.proof.partition("#")
    assert re.fullmatch(r"docs/theory/\w+\.md", file)
    heading = re.compile(rf"^### {re.escape(prefix)}(?![\w'-])", flags=re.MULTILINE)
    assert len(heading.findall((ROOT / file).read_text(encoding="utf-8"))) == 1


@pytest.mark.parametrize(("theorem", "limit"), LIMITS, ids=[f"{t.key}-{x.symbol}" for t, x in LIMITS])
def test_declared_limits_hold(theorem, limit):
    defaults = {s: v for s, v in theorem.parameters if s in {beta, nu}}
    # Parameters go in one by one with the limit taken in each, as the calculator does: 1/L1 may lift the clip.
    values = {limit.symbol: sp.Integer(limit.to)}
    for symbol, recommended in theorem.parameters:
        values[symbol] = substitute(recommended, values)
    reached = substitute(theorem.iterations, values)
    assert sp.simplify(reached - limit.value.xreplace(defaults)) == 0


@pytest.mark.parametrize("name", MODULES)
def test_documented_examples_run(name):
    path = "bounds.catalogue" if name == "__init__" else f"bounds.catalogue.{name}"
    module = importlib.import_module(path)
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0 or name in {"__init__", "writing"}


@counted
def test_counts_do_not_depend_on_units(theorem):
    """F -> a F, x -> b x leaves the integer unchanged, exactly."""
    draws = _draws(theorem, 4)
    assert len(draws) == 4
    rng = random.Random("units" + theorem.key)
    hidden = {str(s) for s in theorem.symbols} & {"unit_gradient", "unit_length"}
    for constants, parameters, bound in draws:
        a, b = Fraction(rng.randint(1, 99), rng.randint(1, 99)), Fraction(rng.randint(1, 99), rng.randint(1, 99))
        scale = {
            "L0": a / b**2,
            "L1": 1 / b,
            "Delta": a,
            "epsilon": a / b,
            "sigma": a / b,
            "R": b,
            "L": a / b**2,
            "M": a / b,
            "eta": b**2 / a,
            "gamma": b,
            "unit_gradient": a / b,
            "unit_length": b,
        }
        if theorem.criterion is Criterion.VALUE:
            scale["epsilon"] = a
        moved = {name: value * scale[name] for name, value in constants.items()}
        chosen = {name: value * scale[name] for name, value in (parameters | dict.fromkeys(hidden, 1)).items()}
        assert _evaluate(theorem, moved, chosen).iterations == bound.iterations


def _count(theorem, constants, parameters):
    """The count, 1 when the goal is met at the start, None when a hypothesis fails."""
    try:
        return _evaluate(theorem, constants, parameters).iterations
    except NoStepNeeded:
        return 1
    except NotCovered:
        return None


@upper
def test_an_easier_goal_never_needs_more_iterations(theorem):
    """Counts of upper bounds with recommended parameters fall in epsilon and grow in Delta."""
    draws = _draws(theorem, 3)
    compared = 0
    for constants, parameters, bound in draws:
        factors = {"epsilon": Fraction(5, 4), "Delta": Fraction(2, 3), "R": Fraction(2, 3)}
        for name in factors.keys() & constants.keys():
            easier = constants | {name: constants[name] * factors[name]}
            count = _count(theorem, easier, parameters)
            assert count is None or count <= bound.iterations
            compared += count is not None
    assert compared >= 3


@pytest.mark.parametrize("theorem", [t for t in UPPER if t.noise is not Noise.EXACT], ids=lambda t: t.key)
def test_less_noise_never_needs_more_iterations(theorem):
    for constants, parameters, bound in _draws(theorem, 4):
        calmer = constants | {"sigma": constants["sigma"] * Fraction(9, 10)}
        count = _count(theorem, calmer, parameters)
        assert count is None or count <= bound.iterations


@upper
def test_no_lower_bound_exceeds_an_upper_bound_for_the_same_method(theorem):
    """Every lower bound that covers the method, with the very parameters of the upper bound."""
    for _, _, bound in _draws(theorem, 12):
        lower = lower_bound_for(bound, THEOREMS)
        # The hard quadratic for convex functions needs a large enough gap, and the chains for methods that see function
        # values are once differentiable only.
        assert lower is not None or theorem.convex or set(theorem.methods) & set(CATALOGUE_METHODS)
        assert lower is None or lower.iterations <= bound.iterations, lower.theorem.key


@pytest.mark.parametrize(
    "theorem",
    [t for t in UPPER if t.noise is Noise.EXACT and t.dimension is None and not t.convex],
    ids=lambda t: t.key,
)
def test_with_L1_zero_no_deterministic_bound_beats_the_smooth_limit(theorem):
    """On L-smooth functions N queries leave a gradient of 2 sqrt(L Delta/(4 N - 2)), hence N >= L Delta/eps^2 + 1/2."""
    rng = random.Random(theorem.key)
    for _ in range(5):
        constants = _constants(rng, theorem) | {"L1": Fraction(0)}
        count = _count(theorem, constants, _parameters(rng, theorem))
        exact = constants["L0"] * constants["Delta"] / constants["epsilon"] ** 2 + Fraction(1, 2)
        assert count is None or count >= exact


def test_the_smooth_limit_is_covered():
    problem = Problem.of(L0=1, L1=0, Delta=1, epsilon="1/10", criterion=Criterion.MIN)
    covering = []
    for theorem in UPPER:
        try:
            covering.append(evaluate(theorem, problem).iterations)
        except NotCovered:
            continue
    assert len(covering) >= 10
    assert min(covering) >= 101
    assert evaluate(theorem_named("gradient-only-lower"), problem).value == sp.Rational(201, 2)
