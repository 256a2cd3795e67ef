"""The comparer: verdicts, doubles that satisfy the theorems, and files that are whole or absent."""

from __future__ import annotations

import csv
import math
from fractions import Fraction

import numpy as np
import pytest
import xarray as xr

from bounds import InputError, MomentumStart, NoStepNeeded, Problem, evaluate, method_named, theorem_named
from bounds.applicability import NotCovered
from bounds.symbols import eta, gamma
from bounds.theorem import Criterion
from figures import Entry, compare, comparison_figure, dataset, growth_figure, growth_rows, over_delta, over_epsilon
from figures.save import prepare_folder, save_figure, save_rows, write_all
from figures.steps import problem_of, runnable
from figures.style import fitted_slope
from figures.verdicts import summarize, verdict_rows
from synthetic import landscape_named, solve
from synthetic.landscapes import cosh, exponential_bowl
from synthetic.oracles import EXACT, GAUSSIAN, TWO_POINT

GRID = ("cosh", "quartic", "exponential-bowl", "huber", "logistic", "cosh-sum", "population-phase-retrieval")


@pytest.fixture(scope="module")
def rows():
    return compare(
        [over_epsilon(landscape_named(k), ("1", "0.3")) for k in ("cosh", "quartic")],
        [
            Entry(method=method_named("clipped-gd")),
            Entry(method=method_named("mixed-clipping"), parameters={"beta": "0.5", "nu": "0.5"}),
            Entry(method=method_named("momentum-gd"), parameters={"beta": "0.5"}),
        ],
        cap=20_000,
    )


def test_bounds_hold_on_the_grid():
    """Measured <= bound for every method, momentum and mixing, exact and noisy, wherever a theorem applies."""
    grid = [landscape_named(k) for k in GRID]
    few = {"betas": ("0", "0.9"), "nus": ("0.7",), "fractions": (0.5,)}
    found = verdict_rows(landscapes=grid, oracles=(EXACT,), cap=3000, **few)
    noisy = verdict_rows(landscapes=grid[:3], oracles=(TWO_POINT, GAUSSIAN), cap=1500, **few)
    for summary, least in ((summarize(found), 100), (summarize(noisy), 10)):
        assert summary.violated == 0
        assert summary.within >= least
        assert 0 < summary.worst_ratio <= 1


@pytest.mark.parametrize("nu", ["0", "0.5", "1"])
@pytest.mark.parametrize("beta", ["0", "0.5", "0.9"])
def test_the_slides_statement_with_its_proved_constants(beta, nu):
    """mean over t = 1..T <= 1.084 eps and over t = 0..T-1 <= 0.766 eps at the printed T, not only before it."""
    theorem = theorem_named("framework-deterministic-slides")
    for landscape in (cosh(L0=1, L1=1), exponential_bowl(L0=1, L1=1)):
        start, target = 2.0, Fraction(2)
        gap = Fraction(float(landscape.gap(np.array([[start]]))[0]))
        # The printed conclusion is 2 eps: eps = target/2.
        bound = evaluate(theorem, Problem.of(L0=1, L1=1, Delta=gap, epsilon=target), {"beta": beta, "nu": nu})
        printed = float(target / 2)
        parameters = {
            "eta": float(bound.parameter(eta)),
            "gamma": float(bound.parameter(gamma)),
            "beta": float(beta),
            "nu": float(nu),
        }
        for first, constant in ((1, 1.084), (0, 0.766)):
            run = solve(
                landscape,
                method_named("mixed-clipping"),
                np.array([[start]]),
                epsilon=1e-300,
                max_iterations=bound.iterations,
                parameters=parameters,
                first=first,
            )
            assert run.iterations[0] == bound.iterations
            assert run.mean_gradient_norm[0] <= constant * printed


def test_without_the_factor_one_minus_beta_the_conclusion_fails():
    """F = e^|x| - 1 - |x|, x0 = 0.374, beta = 0.99, nu = 1, eta = gamma = 0.1: 0.953378 > 0.4 although T is met."""
    landscape, epsilon = exponential_bowl(L0=1, L1=1), Fraction(1, 5)
    parameters = {"eta": Fraction(1, 10), "gamma": Fraction(1, 10), "beta": Fraction(99, 100), "nu": 1}
    gap = Fraction(float(landscape.gap(np.array([[0.374]]))[0]))
    assert float(gap) == pytest.approx(0.0795371504, abs=1e-10)
    needed = 3 * gap * max(1 / (epsilon**2 / 10), Fraction(25))
    assert float(needed) == pytest.approx(59.6529, abs=1e-3)
    run = solve(
        landscape,
        method_named("momentum-clipping"),
        np.array([[0.374]]),
        epsilon=1e-300,
        max_iterations=60,
        parameters={"eta": 0.1, "gamma": 0.1, "beta": 0.99},
        first=1,
    )
    assert run.mean_gradient_norm[0] == pytest.approx(0.953378, abs=5e-7)
    assert run.mean_gradient_norm[0] > 2 * float(epsilon)
    with pytest.raises(NotCovered, match="too l"):
        evaluate(
            theorem_named("framework-deterministic-slides"),
            Problem.of(L0=1, L1=1, Delta=gap, epsilon=2 * epsilon),
            parameters,
        )


@pytest.mark.parametrize(("a", "b"), [(4, 1), (1, 8), (Fraction(1, 16), 2), (1024, Fraction(1, 4))])
def test_scaling_leaves_measured_and_predicted_counts_unchanged(a, b):
    """F -> a F(x/b) with powers of two: the same integers, measured and predicted."""
    base = landscape_named("cosh")
    entries = [
        Entry(method=method_named("clipped-gd")),
        Entry(method=method_named("mixed-clipping"), parameters={"beta": "0.5", "nu": "0.25"}),
        Entry(method=method_named("gd")),
    ]
    scaled = base.scaled(value=a, point=b)
    plain = compare([over_epsilon(base, (1, Fraction(1, 2)))], entries, cap=5000)
    moved = compare([over_epsilon(scaled, (Fraction(a) / b, Fraction(a) / b / 2))], entries, cap=5000)
    for one, other in zip(plain, moved, strict=True):
        assert (one.measured, one.bound, one.verdict) == (other.measured, other.bound, other.verdict)


def test_verdicts_and_ratios(rows):
    by_method = {r.method: r for r in rows}
    assert by_method["momentum-gd (beta=0.5)"].verdict == "refused"
    assert "no theorem covers" in by_method["momentum-gd (beta=0.5)"].reason
    for r in rows:
        if r.verdict == "within":
            assert r.measured <= r.bound
            assert r.lower <= r.bound
            assert r.ratio == r.measured / r.bound


def test_a_bound_above_the_cap_is_censored_never_within():
    row = compare(
        [over_epsilon(landscape_named("cosh"), ("0.01",))], [Entry(method=method_named("clipped-gd"))], cap=10
    )[0]
    assert row.verdict == "censored"
    assert math.isnan(row.measured)


def test_a_false_bound_is_reported_as_violated(monkeypatch):
    """The comparer must be able to say no: a theorem with a count 10,000 times too small is caught."""
    import dataclasses

    theorem = theorem_named("clipped-gd")
    false = dataclasses.replace(theorem, iterations=theorem.iterations / 10_000)
    monkeypatch.setattr("figures.comparer.theorem_named", lambda key: false)
    entry = Entry(method=method_named("clipped-gd"), theorem="clipped-gd")
    assert compare([over_epsilon(landscape_named("cosh"), ("0.3",))], [entry], cap=5000)[0].verdict == "violated"


def test_runnable_bounds_are_about_the_doubles_that_run():
    for key in ("clipped-gd", "framework-deterministic", "clipped-sgd", "framework-stochastic", "soft-clipped-sgd"):
        theorem = theorem_named(key)
        problem = Problem.of(L0="0.3", L1="1.7", Delta="5", epsilon="0.07", sigma="0.1" if "s" in key[-3:] else 0)
        if theorem.noise.value == "exact":
            problem = Problem.of(L0="0.3", L1="1.7", Delta="5", epsilon="0.07")
        bound = runnable(theorem, problem, Entry(method=theorem.methods[0]))
        for symbol in (eta, gamma):
            value = bound.parameter(symbol)
            assert Fraction(float(Fraction(int(value.p), int(value.q)))) == Fraction(int(value.p), int(value.q))


def test_sweeps_over_the_gap():
    sweep = over_delta(landscape_named("cosh"), [(1.0,), (2.0,), (3.0,)], "0.3")
    rows = compare([sweep], [Entry(method=method_named("clipped-gd"))], cap=20_000)
    assert [r.value for r in rows] == sorted(r.value for r in rows)
    assert {r.verdict for r in rows} == {"within"}


def test_the_growth_experiment_grows_for_gd_only():
    rows = growth_rows((4, 16, 64))
    slope = {
        m: fitted_slope([r.value for r in rows if r.method == m], [r.measured for r in rows if r.method == m])
        for m in {r.method for r in rows}
    }
    assert slope["gradient descent, fixed step"] > 1.2
    assert slope["clipped gradient descent"] < 0.4
    assert {r.verdict for r in rows} == {"within"}
    assert len(growth_figure(rows).legends[0].get_texts()) == len({r.method for r in rows})


def test_bad_input():
    cosh_ = landscape_named("cosh")
    entry = Entry(method=method_named("clipped-gd"))
    with pytest.raises(NoStepNeeded, match="zero steps"):
        compare([over_epsilon(cosh_, ("1000000",))], [entry])
    with pytest.raises(InputError, match="no pair"):
        compare([over_epsilon(landscape_named("rosenbrock"), ("0.1",))], [entry])
    with pytest.raises(InputError, match="compared by gradient norms"):
        compare(
            [over_epsilon(landscape_named("cosh"), ["1"])],
            [Entry(method=method_named("gd"))],
            criterion=Criterion.VALUE,
        )
    with pytest.raises(InputError, match="nothing to compare"):
        compare([], [entry])
    with pytest.raises(InputError, match="cap = 0"):
        compare([over_epsilon(cosh_, ("1",))], [entry], cap=0)
    with pytest.raises(InputError, match="unknown theorem"):
        compare([over_epsilon(cosh_, ("1",))], [Entry(method=method_named("gd"), theorem="gd-gradient-bond")])
    zero = Entry(method=method_named("momentum-clipping"), momentum_start=MomentumStart.ZERO)
    assert compare([over_epsilon(cosh_, ("1",))], [zero], cap=100)[0].verdict in ("refused", "censored", "within")


def test_dataset_and_files(rows, tmp_path):
    data = dataset(rows)
    assert data.measured.dims == ("landscape", "method", "point")
    files = write_all(tmp_path, save_rows(rows, "x") | save_figure(comparison_figure(rows), "x"))
    assert {f.suffix for f in files} == {".csv", ".nc", ".png", ".svg", ".pdf"}
    with xr.open_dataset(tmp_path / "x.nc", engine="scipy") as loaded:
        np.testing.assert_array_equal(loaded.measured.values, data.measured.values)
    with (tmp_path / "x.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(rows)
    again = tmp_path / "again"
    write_all(prepare_folder(again), save_figure(comparison_figure(rows), "x"))
    assert (again / "x.svg").read_bytes() == (tmp_path / "x.svg").read_bytes()


def test_a_failed_write_leaves_nothing(tmp_path):
    def fail(path):
        path.write_text("half")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        write_all(tmp_path, {"a.txt": lambda p: p.write_text("whole"), "b.txt": fail})
    assert list(tmp_path.iterdir()) == []


def test_an_unusable_folder_is_refused(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(InputError, match="cannot be used"):
        prepare_folder(blocker / "out")


def test_problem_of_rounds_the_gap_up():
    landscape = landscape_named("quartic")
    problem = problem_of(landscape, landscape.start, "0.1", criterion=Criterion.MIN)
    assert problem.Delta > Fraction(landscape.initial_gap)
