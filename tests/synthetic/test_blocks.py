"""The blocked driver against one iteration at a time: every field of the results, bit for bit."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import pytest

from bounds.methods import METHODS, MomentumStart, method_named
from synthetic.estimate import trajectory
from synthetic.landscapes import landscape_named, norm_power, quartic
from synthetic.oracles import EXACT, GAUSSIAN, ORACLES, TWO_POINT
from synthetic.randomness import Streams
from synthetic.solve import Runs, Status, Trace, solve
from synthetic.step import norms, step

FIELDS = (
    "status",
    "iterations",
    "mean_gradient_norm",
    "mean_squared",
    "min_gradient_norm",
    "last_gradient_norm",
    "x",
)
GD, CLIPPED = method_named("gd"), method_named("clipped-gd")


@np.errstate(all="ignore")
def one_at_a_time(
    landscape, method, start, *, epsilon, max_iterations, parameters, criterion="mean", first=0,
    momentum_start=MomentumStart.GRADIENT, oracle=EXACT, sigma=0.0, seed=0, run_ids=None, groups=None, record_every=0,
):  # fmt: skip
    """The definition: all runs take every iteration, and what a run does after its end is not looked at."""
    x = np.array(start, dtype=float)
    batch, m = len(x), None
    labels = np.arange(batch) if groups is None else np.asarray(groups)
    same = labels[:, None] == labels
    target = np.broadcast_to(epsilon, batch) ** (2 if criterion == "mean-squared" else 1)
    streams = Streams(seed, np.arange(batch) if run_ids is None else run_ids)
    total, squares, least = np.zeros(batch), np.zeros(batch), np.full(batch, np.inf)
    running = np.ones(batch, bool)
    ends = {name: np.full(batch, np.inf) for name in FIELDS} | {"x": np.zeros_like(x)}
    times, history = [], []
    for t in itertools.count():
        g = landscape.gradient(x)
        finite = np.isfinite(x).all(axis=1) & np.isfinite(norms(g))
        size = np.where(finite, norms(g), np.inf)
        inspected = t + 1 - first
        if inspected:
            total, squares, least = total + size, squares + size * size, np.minimum(least, size)
        if record_every and t % record_every == 0:
            now = [size, landscape.value(x), total / inspected if inspected else np.full(batch, np.nan)]
            times.append(t)
            history.append(np.where(running, now, np.nan))
        level = {"mean": total, "min": size, "mean-squared": squares}[criterion]
        bound = target if criterion == "min" else target * inspected
        if groups is not None:
            level = np.array([level[s].cumsum()[-1] / s.sum() for s in same])
        events = (
            (Status.DIVERGED, (same & ~finite).any(axis=1)),
            (Status.CONVERGED, (level <= bound) & (inspected > 0)),
            (Status.CAPPED, np.full(batch, inspected == max_iterations)),
        )
        for status, holds in events:
            now = running & holds
            ends["status"][now], ends["iterations"][now] = status, inspected
            ends["x"][now], ends["last_gradient_norm"][now] = x[now], size[now]
            if inspected:
                ends["mean_gradient_norm"][now] = total[now] / inspected
                ends["mean_squared"][now], ends["min_gradient_norm"][now] = squares[now] / inspected, least[now]
            running = running & ~holds
        if not running.any():
            break
        if m is None:
            m = np.zeros_like(x) if momentum_start is MomentumStart.ZERO else g
        noise = np.broadcast_to(np.asarray(sigma, dtype=float), batch)
        x, m = step(method, x, m, oracle.draw(g, noise, streams, t), parameters)
    trace = None
    if record_every:
        rows = np.stack(history, axis=1)
        trace = Trace(iterations=np.array(times), gradient_norm=rows[0], value=rows[1], mean=rows[2])
    return Runs(**ends, trace=trace)


def assert_same(blocked, plain):
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(blocked, name), getattr(plain, name), err_msg=name)
    assert (blocked.trace is None) == (plain.trace is None)
    if plain.trace is not None:
        for name in ("iterations", "gradient_norm", "value", "mean"):
            np.testing.assert_array_equal(getattr(blocked.trace, name), getattr(plain.trace, name), err_msg=name)


PLACES = (
    quartic(),
    quartic().scaled(value=3, point=7),
    landscape_named("huber"),
    landscape_named("cosh-sum"),
    landscape_named("rosenbrock"),
    norm_power(dimension=5),
)
RANGES = {"eta": (-3, -0.7), "gamma": (-2, -0.5), "beta": (-2, -0.03), "nu": (-2, 0), "L0": (0, 1), "L1": (0, 0.7)}


def draw(rng, landscape, method, batch, cap):
    """Starts, parameters and options that lead to every way a run can end."""
    start = np.array(landscape.start) * rng.uniform(0.5, 1.5, (batch, landscape.dimension))
    start[0] *= 1e-4
    if rng.random() < 0.5:
        start[-1] = 1e200
    parameters = {name: 10 ** rng.uniform(*RANGES[name], batch) for name in method.parameters}
    if "eta" in parameters and rng.random() < 0.5:
        parameters["eta"][::3] *= 300
    steepness = float(norms(landscape.gradient(np.array([landscape.start])))[0])
    oracle = ORACLES[rng.integers(len(ORACLES))]
    options = {
        "epsilon": steepness * 10 ** rng.uniform(-2.5, 0.1, batch),
        "max_iterations": int(rng.integers(1, cap)),
        "parameters": parameters,
        "criterion": ("mean", "min", "mean-squared")[rng.integers(3)],
        "first": int(rng.integers(2)),
        "momentum_start": tuple(MomentumStart)[rng.integers(2)],
        "oracle": oracle,
        "sigma": 0.0 if oracle is EXACT else steepness * rng.uniform(0, 0.1, batch),
        "seed": 3,
        "run_ids": 9 + rng.permutation(batch),
    }
    extra = rng.integers(4)
    if extra == 1:
        options |= {"groups": rng.integers(4, size=batch), "epsilon": 0.1 * steepness}
    elif extra == 2:
        options["record_every"] = int(rng.integers(1, 40))
    return start, options


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_blocks_change_no_bit(method):
    rng = np.random.default_rng(sum(method.key.encode()))
    seen = set()
    for landscape in PLACES:
        for batch in (1, 7, 60):
            start, options = draw(rng, landscape, method, batch, cap=300)
            blocked = solve(landscape, method, start, backend="numpy", **options)
            assert_same(blocked, one_at_a_time(landscape, method, start, **options))
            seen |= set(blocked.status)
    assert seen >= {Status.CONVERGED, Status.CAPPED}


@pytest.mark.parametrize("oracle", [EXACT, TWO_POINT, GAUSSIAN], ids=lambda o: o.key)
def test_long_runs_and_large_batches_change_no_bit(oracle):
    # Late blocks have their full length; many rows make a block short, because it has to stay in the cache.
    for batch, cap in ((40, 3000), (3000, 200)):
        rng = np.random.default_rng(batch)
        options = {
            "epsilon": 10 ** rng.uniform(-1.75, 0, batch),
            "max_iterations": cap,
            "parameters": {"eta": 10 ** rng.uniform(-2, -1, batch), "gamma": 10 ** rng.uniform(-2, -1, batch)},
            "oracle": oracle,
            "sigma": 0.0 if oracle is EXACT else 0.1,
        }
        start = rng.uniform(-2, 2, (batch, 1))
        blocked = solve(quartic(), CLIPPED, start, backend="numpy", **options)
        assert_same(blocked, one_at_a_time(quartic(), CLIPPED, start, **options))
        assert len(set(blocked.iterations)) > 20


@pytest.mark.parametrize("criterion", ["mean", "min", "mean-squared"])
def test_groups_change_no_bit(criterion):
    rng = np.random.default_rng(2)
    batch, labels = 60, np.repeat(np.arange(-3, 12), 4)
    options = {
        "epsilon": np.repeat(10 ** rng.uniform(-1.5, 0, 15), 4),
        "max_iterations": 2000,
        "parameters": {"eta": 10 ** rng.uniform(-2, -1, batch)},
        "groups": labels,
        "criterion": criterion,
        "oracle": TWO_POINT,
        "sigma": 0.1,
    }
    options["parameters"]["eta"][:8:4] = 3.0
    start = rng.uniform(-1.5, 1.5, (batch, 1))
    blocked = solve(quartic(), GD, start, backend="numpy", **options)
    assert_same(blocked, one_at_a_time(quartic(), GD, start, **options))
    assert set(blocked.status) >= {Status.CONVERGED, Status.DIVERGED}
    assert len(set(blocked.iterations)) > 8


@dataclass
class Fenced:
    """x^4, for points that satisfy a predicate only."""

    allowed: object
    dimension: int = 1
    asked: list = field(default_factory=list)
    refused: int = 0

    def value(self, x):
        return (x**4)[:, 0]

    def gradient(self, x):
        if not self.allowed(x).all():
            self.refused += 1
            raise ValueError("outside")
        self.asked.append(len(x))
        return 4 * x * x * x


def test_a_landscape_is_never_given_a_point_that_is_not_finite():
    rng = np.random.default_rng(1)
    for method, criterion in itertools.product((GD, CLIPPED, method_named("momentum-gd")), ("mean", "min")):
        parameters = {n: np.geomspace(1e-2, 1e3, 40) if n == "eta" else 0.3 for n in method.parameters}
        options = {"epsilon": 10 ** rng.uniform(-2, 0, 40), "max_iterations": 500, "criterion": criterion}
        options["parameters"] = parameters
        start = rng.uniform(-2, 2, (40, 1))
        runs = solve(Fenced(np.isfinite), method, start, **options)
        assert_same(runs, one_at_a_time(Fenced(np.isreal), method, start, **options))
        assert method is CLIPPED or (runs.status == Status.DIVERGED).any()


def test_a_refusal_after_the_end_of_a_run_changes_nothing():
    # The iterates fall towards 0, and the fence stands where the last of them is.
    start, options = np.ones((3, 1)), {"max_iterations": 900, "criterion": "min", "parameters": {"eta": 0.05}}
    options |= {"epsilon": [1e-2, 3e-3, 1e-3]}
    free = one_at_a_time(Fenced(np.isreal), GD, start, **options)
    fenced = Fenced(lambda x: x >= free.x.min())
    assert_same(solve(fenced, GD, start, **options), free)
    assert fenced.refused > 0


def test_a_refusal_on_the_way_is_raised():
    falling = {"epsilon": 1e-9, "max_iterations": 400, "parameters": {"eta": 0.01}}
    with pytest.raises(ValueError, match="outside"):
        solve(Fenced(lambda x: x > 0.5), GD, [[1.0]], **falling)


def test_blocks_ask_for_few_gradients_beyond_the_end():
    fenced = Fenced(np.isfinite)
    runs = solve(fenced, GD, [[1.0]], epsilon=1e-2, max_iterations=10**5, parameters={"eta": 0.01})
    needed = int(runs.iterations[0])
    assert needed > 500
    assert needed <= len(fenced.asked) <= 1.13 * needed + 1


def test_a_trajectory_has_no_point_beyond_the_end():
    path = trajectory(quartic(), GD, [1.0], steps=200, parameters={"eta": 0.25}, criterion="min")
    np.testing.assert_array_equal(path.points, [[1.0], [0.0]])
    blown = trajectory(quartic(), CLIPPED, [1e110], steps=50, parameters={"eta": 0.1, "gamma": 0.1})
    assert len(blown.points) == 0
