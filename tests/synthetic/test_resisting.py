"""Resisting landscapes: every method is kept away from its target for as long as Corollary 9.2 predicts."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

from bounds import Problem, evaluate, theorem_named
from bounds.enclosure import ceiling_above
from bounds.errors import InputError
from bounds.functions import drop, gap
from bounds.methods import METHODS, MomentumStart, method_named
from bounds.quantities import as_fraction
from synthetic.resisting import MOST_QUERIES, resist
from synthetic.solve import Status, solve
from synthetic.step import radial_step

SETTINGS = [
    {"L0": 1.0, "L1": 2.0, "eta": 0.2, "gamma": 0.05, "beta": 0.9, "nu": 0.7},
    {"L0": 4.0, "L1": 0.5, "eta": 0.1, "gamma": 3.0, "beta": 0.5, "nu": 0.0},
    {"L0": 0.5, "L1": 6.0, "eta": 3.0, "gamma": 1.1, "beta": 0.0, "nu": 1.0},
]
PROBLEM = {"delta": 2.0, "epsilon": 0.3}


def exact(number):
    fraction = as_fraction("number", number)
    return sp.Rational(fraction.numerator, fraction.denominator)


def predicted(method, parameters, L0, L1, delta, epsilon):
    """ceil((Delta - D(eps))/d(l)), the number of points that Corollary 9.2 guarantees to be above eps."""
    radial = {str(p): parameters[str(p)] for p in method.rule.parameters}
    length = radial_step(method.rule, np.array([[epsilon]]), radial)[0, 0]
    L0, L1, delta, epsilon, length = map(exact, (L0, L1, delta, epsilon, float(length)))
    return ceiling_above((delta - gap(L0, L1, epsilon)) / drop(L0, L1, epsilon, length))


@pytest.mark.parametrize("setting", SETTINGS, ids=["short", "long", "very long"])
@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_every_method_is_resisted_as_long_as_predicted(method, setting):
    parameters = {name: setting[name] for name in method.parameters}
    L0, L1 = setting["L0"], setting["L1"]
    run = resist(method, parameters, L0=L0, L1=L1, **PROBLEM)
    assert run.certified()
    assert run.landscape.gap_above() <= PROBLEM["delta"]
    assert abs(run.queries - predicted(method, parameters, L0, L1, **PROBLEM)) <= 1
    runs = solve(
        run.landscape,
        method,
        run.landscape.start,
        epsilon=PROBLEM["epsilon"],
        max_iterations=run.queries,
        parameters=parameters,
        criterion="min",
    )
    assert runs.status[0] == Status.CAPPED
    assert runs.min_gradient_norm[0] == runs.last_gradient_norm[0] == run.answer > PROBLEM["epsilon"]
    assert runs.x[0, 0] == run.landscape.points[-1]


@pytest.mark.parametrize(
    ("key", "theorem"),
    [("clipped-gd", "clipping-own-lower"), ("soft-clipped-gd", "soft-clipping-own-lower"), ("gd", "gd-own-lower")],
)
def test_catalogue_counts_one_point_more_than_are_resisted(key, theorem):
    method = method_named(key)
    parameters = {name: SETTINGS[0][name] for name in method.parameters}
    run = resist(method, parameters, L0=1, L1=2, **PROBLEM)
    problem = Problem.of(L0=1, L1=2, Delta=PROBLEM["delta"], epsilon=PROBLEM["epsilon"])
    bound = evaluate(theorem_named(theorem), problem, parameters)
    assert bound.iterations - 1 <= run.queries + 1
    assert run.queries <= bound.iterations


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_at_least_the_count_that_holds_for_all_gradient_only_methods(method):
    parameters = {name: SETTINGS[2][name] for name in method.parameters}
    run = resist(method, parameters, L0=1, L1=2, **PROBLEM)
    every = evaluate(theorem_named("gradient-only-lower"), Problem.of(L0=1, L1=2, Delta=2, epsilon="0.3"))
    # N + 1 inspected points are needed; the margin between the answer and epsilon may cost one.
    assert run.queries + 2 >= every.iterations


def test_landscape_is_nonincreasing_and_in_the_class():
    run = resist(method_named("gd"), {"eta": 3.0}, L0=1, L1=2, **PROBLEM)
    f = run.landscape
    x = np.linspace(-1, f.points[-1] + 3, 20001)
    assert (np.diff(f.value(x[:, None])) <= 1e-14).all()
    assert (f.gradient(x[:, None]) <= 0).all()
    assert (np.abs(np.diff(f.transformed(x))) <= np.diff(x) + 1e-12).all()
    assert f.value(x[-1:, None])[0] == pytest.approx(0, abs=1e-12)


def test_fewer_queries_leave_gap_unused_and_more_do_not_fit():
    method, parameters = method_named("clipped-gd"), {"eta": 0.5, "gamma": 0.1}
    full = resist(method, parameters, L0=1, L1=1, **PROBLEM)
    fewer = resist(method, parameters, L0=1, L1=1, queries=full.queries - 3, **PROBLEM)
    assert fewer.certified()
    assert fewer.landscape.gap < full.landscape.gap
    with pytest.raises(InputError, match=f"at most {full.queries} fit"):
        resist(method, parameters, L0=1, L1=1, queries=full.queries + 1, **PROBLEM)


def test_buffer_started_at_zero_is_resisted_longer():
    method, parameters = method_named("momentum-clipping"), {"eta": 0.3, "gamma": 0.2, "beta": 0.9}
    warm = resist(method, parameters, L0=1, L1=1, **PROBLEM)
    cold = resist(method, parameters, L0=1, L1=1, momentum_start=MomentumStart.ZERO, **PROBLEM)
    assert cold.certified()
    assert cold.queries > warm.queries


def test_without_growth_gd_meets_the_known_rate():
    # L1 = 0 and step 1/L0: the least gradient norm at n points is at most sqrt(4 L Delta/(3 n - 1)), exactly.
    run = resist(method_named("gd"), {"eta": 1.0}, L0=1, L1=0, delta=5.01, epsilon=0.2)
    assert run.certified()
    assert math.sqrt(4 * 5.01 / (3 * run.queries - 1)) > 0.2 >= math.sqrt(4 * 5.01 / (3 * (run.queries + 1) - 1))


def test_certificate_is_refused_when_a_claim_is_changed():
    run = resist(method_named("gd"), {"eta": 0.5}, L0=1, L1=1, **PROBLEM)
    fields = {name: getattr(run, name) for name in ("landscape", "queries", "answer", "Delta", "epsilon")}
    assert type(run)(**fields).certified()
    for change in ({"Delta": run.Delta / 2}, {"epsilon": run.epsilon * 2}, {"queries": run.queries + 1}):
        assert not type(run)(**{**fields, **change}).certified()


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"delta": 1e-6}, "needs a larger gap"),
        ({"delta": 0}, "delta = 0"),
        ({"epsilon": "x"}, "eps = 'x'"),
        ({"epsilon": "1e-350"}, "epsilon = 1.0e-350 is not allowed"),
        ({"L0": 0}, "L0 = 0"),
        ({"queries": 0}, "queries = 0"),
        ({"queries": 10**6}, f"from 1 to {MOST_QUERIES}"),
        ({"queries": 3, "delta": 0.0427}, "fit"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(change, part):
    with pytest.raises(InputError, match=part):
        resist(method_named("gd"), {"eta": 0.5}, **{"L0": 1, "L1": 1, **PROBLEM, **change})


def test_runs_too_long_to_build_are_refused():
    with pytest.raises(InputError, match="more than"):
        resist(method_named("gd"), {"eta": 1e-6}, L0=1, L1=1, **PROBLEM)
