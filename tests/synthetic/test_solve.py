"""The batched driver against a one-run loop, closed forms, scalings and every way of cutting a batch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from bounds.errors import InputError
from bounds.methods import METHODS, MomentumStart, method_named
from synthetic.oracles import EXACT, GAUSSIAN, ORACLES, SPHERE, TWO_POINT
from synthetic.solve import Status, solve
from synthetic.step import norms, step

GD = method_named("gd")
CLIPPED = method_named("clipped-gd")
MOMENTUM = method_named("momentum-clipping")
MIXED = method_named("mixed-clipping")


@dataclass(frozen=True)
class Quadratic:
    dimension: int = 1

    def value(self, x):
        return 0.5 * (x * x).sum(axis=1)

    def gradient(self, x):
        return x  # the argument itself: the driver must not write into its arrays


@dataclass(frozen=True)
class Quartic:
    """F(x) = a sum (x_i / b)^4."""

    dimension: int = 1
    a: float = 1.0
    b: float = 1.0

    def value(self, x):
        return self.a * ((x / self.b) ** 2 * (x / self.b) ** 2).sum(axis=1)

    def gradient(self, x):
        y = x / self.b
        return self.a / self.b * 4 * y * y * y


@dataclass(frozen=True)
class Bowl:
    """F(x) = e^|x| - 1 - |x|, with |F''| = 1 + |F'| exactly."""

    dimension: int = 1

    def value(self, x):
        return (np.expm1(np.abs(x)) - np.abs(x))[:, 0]

    def gradient(self, x):
        return np.sign(x) * np.expm1(np.abs(x))


def one_run(landscape, method, start, epsilon, cap, parameters, criterion, first, zero, oracle, sigma, seed, run):
    """(status, T, mean, x) of a single run, by a plain loop."""
    x = np.array([start], dtype=float)
    m, seen, t = None, [], 0
    while True:
        g = landscape.gradient(x)
        size = float(norms(g)[0])
        if t >= first:
            seen.append(size)
        if not (math.isfinite(size) and np.isfinite(x).all()):
            return Status.DIVERGED, len(seen), math.inf, x[0]
        if seen:
            holds = {
                "mean": sum(seen) <= epsilon * len(seen),
                "min": size <= epsilon,
                "mean-squared": sum(s * s for s in seen) <= epsilon**2 * len(seen),
            }[criterion]
            if holds or len(seen) == cap:
                return Status.CONVERGED if holds else Status.CAPPED, len(seen), sum(seen) / len(seen), x[0]
        if m is None:
            m = np.zeros_like(x) if zero else g.copy()
        x, m = step(method, x, m, oracle.sample(g, sigma, seed, [run], t), parameters)
        t += 1


def moderate(names, batch, rng):
    low_high = {"eta": (0.01, 0.2), "gamma": (0.02, 0.3), "beta": (0, 0.9), "nu": (0, 1), "L0": (4, 9), "L1": (1, 5)}
    return {n: rng.uniform(*low_high[n], batch) for n in names}


@pytest.mark.parametrize("oracle", [EXACT, TWO_POINT, GAUSSIAN], ids=lambda o: o.key)
@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_a_batch_is_its_runs_one_by_one(method, oracle):
    rng = np.random.default_rng(3)
    batch, landscape = 9, Quartic(dimension=2)
    start, epsilon = rng.uniform(-1.2, 1.2, (batch, 2)), 10 ** rng.uniform(-1.3, 0.5, batch)
    parameters = moderate(method.parameters, batch, rng)
    sigma = np.zeros(batch) if oracle is EXACT else rng.uniform(0, 0.3, batch)
    for criterion, first, kind in (
        ("mean", 0, MomentumStart.GRADIENT),
        ("min", 1, MomentumStart.ZERO),
        ("mean-squared", 1, MomentumStart.GRADIENT),
    ):
        options = {"criterion": criterion, "first": first, "momentum_start": kind, "seed": 5}
        runs = solve(
            landscape, method, start, epsilon=epsilon, max_iterations=60, parameters=parameters,
            oracle=oracle, sigma=sigma, run_ids=np.arange(40, 40 + batch), **options,
        )  # fmt: skip
        for b in range(batch):
            p = {name: values[b] for name, values in parameters.items()}
            status, inspected, mean, x = one_run(
                landscape, method, start[b], epsilon[b], 60, p, criterion, first,
                kind is MomentumStart.ZERO, oracle, sigma[b], 5, 40 + b,
            )  # fmt: skip
            assert (runs.status[b], runs.iterations[b]) == (status, inspected)
            assert runs.mean_gradient_norm[b] == pytest.approx(mean, rel=1e-13)
            np.testing.assert_array_equal(runs.x[b], x)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("criterion", ["mean", "min", "mean-squared"])
def test_gradient_descent_on_a_quadratic_stops_where_arithmetic_says(criterion, first):
    # With eta = 1/2 the gradient norms are 2^-t; the sums that decide are exact in floating point.
    def stopping(epsilon):
        total, count, t = Fraction(0), 0, 0
        while True:
            size = Fraction(1, 2**t)
            if t >= first:
                count += 1
                total += size * size if criterion == "mean-squared" else size
                reached = {"mean": total <= epsilon * count, "min": size <= epsilon}
                if reached.get(criterion, total <= epsilon**2 * count):
                    return count
            t += 1

    epsilon = np.array([2.0, 1.0, 0.75, 0.5, 0.25, 2.0**-4, 3 * 2.0**-5])
    runs = solve(
        Quadratic(), GD, [1.0], epsilon=epsilon, max_iterations=1000, parameters={"eta": 0.5},
        criterion=criterion, first=first,
    )  # fmt: skip
    assert runs.converged.all()
    assert runs.iterations.tolist() == [stopping(Fraction(e)) for e in epsilon]
    np.testing.assert_array_equal(runs.x[:, 0], 0.5 ** (runs.iterations - 1 + first))
    np.testing.assert_array_equal(runs.last_gradient_norm, runs.x[:, 0])
    np.testing.assert_array_equal(runs.min_gradient_norm, runs.x[:, 0])


def test_stops_at_once_when_the_start_is_good_enough():
    runs = solve(Quadratic(), GD, [0.5], epsilon=0.5, max_iterations=1, parameters={"eta": 1})
    assert runs.status[0] == Status.CONVERGED
    assert runs.iterations[0] == 1
    assert runs.x[0, 0] == 0.5


def test_heavy_momentum_without_the_factor_one_minus_beta_fails():
    runs = solve(
        Bowl(), MOMENTUM, [0.374], epsilon=1e-9, max_iterations=60, first=1,
        parameters={"eta": 0.1, "gamma": 0.1, "beta": 0.99},
    )  # fmt: skip
    assert runs.status[0] == Status.CAPPED
    assert runs.iterations[0] == 60
    assert runs.mean_gradient_norm[0] == pytest.approx(0.953378, abs=5e-7)


def test_with_the_factor_the_mean_is_below_epsilon_in_time():
    beta, nu, epsilon = (a.ravel() for a in np.meshgrid([0, 0.5, 0.9], [0, 0.5, 1], [0.3, 0.1, 0.03]))
    size = (1 - beta) / 10.6  # L0 = L1 = 1
    gap = float(Bowl().value(np.array([[3.0]]))[0])
    bound = np.ceil(gap * np.maximum(1.76 / (size * epsilon**2), 2.88 / (size * epsilon)))
    runs = solve(
        Bowl(), MIXED, [3.0], epsilon=epsilon, max_iterations=int(bound.max()),
        parameters={"eta": size, "gamma": size, "beta": beta, "nu": nu},
    )  # fmt: skip
    assert runs.converged.all()
    assert np.all(runs.iterations <= bound)


def test_divergence_is_a_status_and_the_other_runs_do_not_notice():
    eta = np.array([0.05, 1.0, 0.02, 3.0, 0.05])
    start = np.array([[1.0], [2.0], [-1.0], [1.5], [1e200]])
    options = {"epsilon": 0.1, "max_iterations": 3000}
    runs = solve(Quartic(), GD, start, parameters={"eta": eta}, **options)
    bad = [False, True, False, True, True]
    assert (runs.status == Status.DIVERGED).tolist() == bad
    assert np.isinf(runs.mean_gradient_norm).tolist() == bad
    assert np.isinf(runs.last_gradient_norm).tolist() == bad
    for b in range(5):
        status, inspected, _, _ = one_run(
            _Quiet(), GD, start[b], 0.1, 3000, {"eta": eta[b]}, "mean", 0, False, EXACT, 0.0, 0, 0
        )
        assert (runs.status[b], runs.iterations[b]) == (status, inspected)
    assert runs.iterations[4] == 1
    late = solve(Quartic(), GD, start[4], parameters={"eta": 1.0}, first=1, **options)
    assert (late.status[0], late.iterations[0], late.mean_gradient_norm[0]) == (Status.DIVERGED, 0, math.inf)


class _Quiet(Quartic):
    def gradient(self, x):
        with np.errstate(over="ignore"):
            return super().gradient(x)


def test_an_iterate_that_overflows_on_a_flat_landscape_has_diverged():
    class Plateau:
        dimension = 1

        def value(self, x):
            return np.zeros(len(x))

        def gradient(self, x):
            return np.where(np.isfinite(x) & (np.abs(x) < 1e308), 1e300, 0.0)

    runs = solve(Plateau(), GD, [0.0], epsilon=1.0, max_iterations=10, parameters={"eta": 1e9}, criterion="min")
    assert runs.status[0] == Status.DIVERGED


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda o: o.key)
@pytest.mark.parametrize("dimension", [1, 3])
@pytest.mark.parametrize(
    "method", [MIXED, method_named("log-step-gd"), method_named("soft-clipped-gd")], ids=lambda m: m.key
)
def test_results_are_bitwise_the_same_however_the_batch_is_split(method, dimension, oracle):
    rng = np.random.default_rng(8)
    batch = 30
    labels = np.repeat(np.arange(10), 3)
    start = rng.uniform(-1.5, 1.5, (batch, dimension))
    epsilon = np.repeat(10 ** rng.uniform(-1.5, 0.5, 10), 3)
    parameters = moderate(method.parameters, batch, rng)
    sigma = np.zeros(batch) if oracle is EXACT else rng.uniform(0, 0.3, batch)

    def run(part, grouped):
        return solve(
            Quartic(dimension=dimension), method, start[part], epsilon=epsilon[part], max_iterations=50,
            parameters={n: v[part] for n, v in parameters.items()}, oracle=oracle, sigma=sigma[part], seed=2,
            run_ids=np.arange(batch)[part], groups=labels[part] if grouped else None,
        )  # fmt: skip

    everything = np.arange(batch)
    for grouped, pieces in (
        (False, np.split(everything, everything[1:])),
        (False, [everything[:2], everything[2:26], everything[26:]]),
        (True, np.split(everything, range(3, batch, 3))),
        (True, [everything[:9], everything[9:]]),
    ):
        whole, parts = run(everything, grouped), [run(p, grouped) for p in pieces]
        for field in (
            "status", "iterations", "x", "mean_gradient_norm", "mean_squared", "min_gradient_norm",
            "last_gradient_norm",
        ):  # fmt: skip
            joined = np.concatenate([getattr(p, field) for p in parts])
            np.testing.assert_array_equal(getattr(whole, field), joined)
        assert len(set(whole.iterations)) > 3


@pytest.mark.parametrize("oracle", [EXACT, TWO_POINT, SPHERE], ids=lambda o: o.key)
@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_rescaling_value_and_point_by_powers_of_two_changes_no_count(method, oracle):
    rng = np.random.default_rng(4)
    batch, a, b = 20, 2.0**5, 2.0**-3
    units = {"eta": b * b / a, "gamma": b, "L0": a / b**2, "L1": 1 / b, "beta": 1, "nu": 1}
    start, epsilon = rng.uniform(-1.5, 1.5, (batch, 2)), 10 ** rng.uniform(-1, 0, batch)
    parameters = moderate(method.parameters, batch, rng)
    sigma = 0.0 if oracle is EXACT else 0.2
    for criterion in ("mean", "min", "mean-squared"):
        options = {"max_iterations": 300, "oracle": oracle, "criterion": criterion}
        plain = solve(Quartic(2), method, start, epsilon=epsilon, parameters=parameters, sigma=sigma, **options)
        scaled = solve(
            Quartic(2, a, b), method, b * start, epsilon=epsilon * a / b, sigma=sigma * a / b,
            parameters={n: v * units[n] for n, v in parameters.items()}, **options,
        )  # fmt: skip
        np.testing.assert_array_equal(scaled.status, plain.status)
        np.testing.assert_array_equal(scaled.iterations, plain.iterations)
        np.testing.assert_array_equal(scaled.x, b * plain.x)
        np.testing.assert_array_equal(scaled.mean_gradient_norm, plain.mean_gradient_norm * a / b)
        assert plain.converged.any()


@pytest.mark.parametrize("criterion", ["mean", "min", "mean-squared"])
def test_a_group_stops_when_its_average_does(criterion):
    start = np.array([[1.0], [0.1], [0.8], [0.9], [0.3]])
    labels = np.array([7, -2, 7, -2, 7])
    common = {"max_iterations": 500, "parameters": {"eta": 0.3, "gamma": 0.1}, "first": 0, "criterion": criterion}
    runs = solve(Quadratic(), CLIPPED, start, epsilon=0.2, groups=labels, **common)
    endless = solve(Quadratic(), CLIPPED, start, epsilon=1e-300, record_every=1, **common | {"max_iterations": 200})
    for label in (7, -2):
        members = labels == label
        g = endless.trace.gradient_norm[:, members]
        level = (g * g if criterion == "mean-squared" else g).mean(axis=1)
        if criterion != "min":
            level = np.cumsum(level) / np.arange(1, len(level) + 1)
        target = 0.2**2 if criterion == "mean-squared" else 0.2
        assert set(runs.iterations[members]) == {int(np.argmax(level <= target)) + 1}
    alone = solve(Quadratic(), CLIPPED, start, epsilon=0.2, **common)
    assert not np.array_equal(alone.iterations, runs.iterations)


def test_equal_runs_in_a_group_stop_as_one_of_them():
    common = {"epsilon": 0.1, "max_iterations": 500, "parameters": {"eta": 0.1, "gamma": 0.1}}
    one = solve(Quartic(), CLIPPED, [1.0], **common)
    four = solve(Quartic(), CLIPPED, np.ones((4, 1)), groups=[0, 0, 0, 0], **common)
    assert set(four.iterations) == {one.iterations[0]}


def test_a_diverging_member_takes_its_group_along_and_no_other():
    runs = solve(
        Quartic(), GD, [[1.0], [1.0], [1.0]], epsilon=0.01, max_iterations=5000, parameters={"eta": [0.05, 5.0, 0.05]},
        groups=[0, 0, 1],
    )  # fmt: skip
    assert runs.status.tolist() == [Status.DIVERGED, Status.DIVERGED, Status.CONVERGED]
    assert runs.iterations[0] == runs.iterations[1]
    assert np.isfinite(runs.mean_gradient_norm).tolist() == [True, False, True]


def test_noise_averages_out_in_groups_of_seeds():
    batch = 400
    runs = solve(
        Quadratic(), CLIPPED, [1.0], epsilon=0.2, max_iterations=2000, parameters={"eta": 0.05, "gamma": 0.1},
        oracle=TWO_POINT, sigma=0.3, groups=np.zeros(batch, dtype=int), run_ids=np.arange(batch),
    )  # fmt: skip
    assert runs.converged.all()
    assert runs.mean_gradient_norm.mean() <= 0.2
    assert runs.mean_gradient_norm.max() > 0.2  # no run alone decides


def test_noise_is_seeded_and_the_criterion_uses_the_true_gradient():
    def run(seed):
        return solve(
            Quadratic(), CLIPPED, np.ones((5, 1)), epsilon=0.01, max_iterations=50, oracle=SPHERE, sigma=1.0,
            parameters={"eta": 0.1, "gamma": 1.0}, seed=seed,
        )  # fmt: skip

    np.testing.assert_array_equal(run(1).x, run(1).x)
    assert np.all(run(1).x != run(2).x)
    np.testing.assert_array_equal(run(1).last_gradient_norm, np.abs(run(1).x[:, 0]))


def test_trace_is_thinned_and_empty_after_the_stop():
    common = {"epsilon": [0.5, 1e-3], "max_iterations": 100, "parameters": {"eta": 0.1, "gamma": 1.0}}
    runs = solve(Quadratic(), CLIPPED, np.ones((2, 1)), record_every=7, **common)
    trace = runs.trace
    assert trace.iterations.tolist() == list(range(0, 100, 7))
    t = trace.iterations
    live = t < runs.iterations[0]
    np.testing.assert_allclose(trace.gradient_norm[:, 1], 0.9**t, rtol=1e-12)
    np.testing.assert_allclose(trace.value[:, 1], 0.5 * 0.81**t, rtol=1e-12)
    np.testing.assert_allclose(trace.mean[:, 1], (1 - 0.9 ** (t + 1)) / (0.1 * (t + 1)), rtol=1e-12)
    for history in (trace.gradient_norm, trace.value, trace.mean):
        np.testing.assert_array_equal(np.isnan(history[:, 0]), ~live)
    untraced = solve(Quadratic(), CLIPPED, np.ones((2, 1)), **common)
    assert untraced.trace is None
    np.testing.assert_array_equal(untraced.iterations, runs.iterations)


def test_momentum_starts_are_different_choices():
    common = {"epsilon": 1e-9, "max_iterations": 2, "parameters": {"eta": 0.1, "gamma": 1, "beta": 0.9}}
    by_gradient = solve(Quadratic(), MOMENTUM, [1.0], **common)
    by_zero = solve(Quadratic(), MOMENTUM, [1.0], momentum_start=MomentumStart.ZERO, **common)
    assert by_gradient.x[0, 0] == pytest.approx(1 - 0.1)
    assert by_zero.x[0, 0] == pytest.approx(1 - 0.1 * 0.1)


def test_start_is_not_written_to_and_a_single_start_fills_the_batch():
    start = np.array([2.0])
    runs = solve(Quadratic(), GD, start, epsilon=[0.1, 0.2, 0.3], max_iterations=99, parameters={"eta": 0.5})
    assert start.tolist() == [2.0]
    assert runs.x.shape == (3, 1)


GOOD = {"epsilon": 0.1, "max_iterations": 10, "parameters": {"eta": 0.1}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": [1.0, 2.0]}, "start has shape"),
        ({"start": np.zeros((0, 1))}, "B >= 1"),
        ({"start": [math.nan]}, "start = nan is not allowed"),
        ({"start": ["a"]}, "numbers only"),
        ({"epsilon": 0}, "epsilon = 0 is not allowed"),
        ({"epsilon": [0.1, math.inf]}, "epsilon = inf is not allowed"),
        ({"max_iterations": 0}, "max_iterations = 0 is not allowed"),
        ({"max_iterations": 1.5}, "max_iterations = 1.5 is not allowed"),
        ({"record_every": -1}, "record_every = -1 is not allowed"),
        ({"parameters": {}}, "missing eta"),
        ({"parameters": {"eta": 1, "gamma": 1}}, "superfluous gamma"),
        ({"criterion": "median"}, "criterion = 'median' is not allowed"),
        ({"first": 2}, "first = 2 is not allowed"),
        ({"sigma": 1.0}, "sigma = 1 is not allowed: it must be 0 with the exact oracle"),
        ({"sigma": -1.0, "oracle": TWO_POINT}, "sigma = -1 is not allowed"),
        ({"start": np.ones((3, 1)), "run_ids": [1, 2]}, "run_ids has 2 entries"),
        ({"start": np.ones((3, 1)), "groups": [1, 2]}, "groups has shape"),
        ({"groups": [0, 0], "epsilon": [0.1, 0.2]}, "group 0 mixes several values of epsilon"),
        ({"seed": -3}, "seed = -3 is not allowed"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(change, message):
    arguments = {"start": [1.0]} | GOOD | change
    with pytest.raises(InputError, match=message) as refusal:
        solve(Quadratic(), GD, arguments.pop("start"), **arguments)
    assert "\n" not in str(refusal.value)


def test_a_landscape_with_the_wrong_gradient_shape_is_named():
    class Flat(Quadratic):
        def gradient(self, x):
            return x[:, 0]

    with pytest.raises(InputError, match="gradient has shape"):
        solve(Flat(), GD, [[1.0], [2.0]], **GOOD)
