"""No method beats a lower bound on the instance that proves it."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import binom

from bounds import LIPSCHITZ, METHODS, THEOREMS, Criterion, Problem, evaluate, method_named, theorem_named
from bounds.errors import InputError
from bounds.methods import Method, MomentumStart
from bounds.smoothness import Noise
from bounds.theorem import Kind
from synthetic.chains import DESIGNS, chain, progress
from synthetic.hard import HARD_INSTANCES, HardInstance, fixed_step_failure, hidden_link, noisy_queries
from synthetic.randomness import Streams
from synthetic.solve import Status, solve

SETTINGS = (
    {"eta": 0.06, "gamma": 0.05, "beta": 0.9, "nu": 0.7},
    {"eta": 1.7, "gamma": 1.1, "beta": 0.5, "nu": 1.0},
    {"eta": 41.0, "gamma": 9.0, "beta": 0.0, "nu": 0.3},
)
PROBLEMS = (
    {"L0": 1, "L1": 2, "Delta": 12, "epsilon": "0.51"},
    {"L0": 4, "L1": "0.5", "Delta": 15, "epsilon": "0.9"},
    {"L0": "0.2", "L1": 6, "Delta": 9, "epsilon": "0.37"},
)
EXACT_INSTANCES = [i for i in HARD_INSTANCES if i.theorem.noise is Noise.EXACT]
NOISY_INSTANCES = [i for i in HARD_INSTANCES if i.theorem.noise is not Noise.EXACT]
by_exact = pytest.mark.parametrize("instance", EXACT_INSTANCES, ids=lambda i: i.key)
by_noisy = pytest.mark.parametrize("instance", NOISY_INSTANCES, ids=lambda i: i.key)


# A link of the classical chain costs 500 times as much as ours, and a resisted query a tenth.
GAP_FACTORS = {"chain-classical": Fraction(500), "resisting": Fraction(1, 10)}


def runnable_methods(instance):
    """The methods of the theorem that have a step rule; some are only listed in the catalogue."""
    return [m for m in instance.theorem.methods if isinstance(m, Method)]


def problem_for(instance: HardInstance, constants, **more):
    """The problem, in the class of the theorem, with a gap that makes the runs neither trivial nor long."""
    gap = constants["Delta"] * GAP_FACTORS.get(instance.key, 1)
    lipschitz = {"L1": 0} if instance.theorem.smoothness == LIPSCHITZ else {}
    return Problem.of(**{**constants, "Delta": gap, **lipschitz, **more})


def parameters_of(method, setting, problem):
    values = {**setting, "L0": float(problem.L0), "L1": float(problem.L1)}
    return {name: values[name] for name in method.parameters}


def run(built, method, parameters, problem, count, **more):
    start = np.tile(built.landscape.start, (more.pop("batch", 1), 1))
    return solve(
        built.landscape,
        method,
        start,
        epsilon=float(problem.epsilon),
        max_iterations=count,
        parameters=parameters,
        criterion="min",
        **more,
    )


@by_exact
@pytest.mark.parametrize("constants", PROBLEMS, ids=["balanced", "L0", "L1"])
def test_no_method_beats_the_lower_bound_on_its_hard_instance(instance, constants):
    problem = problem_for(instance, constants)
    for method in runnable_methods(instance):
        for setting in SETTINGS:
            parameters = parameters_of(method, setting, problem)
            built = instance.build(problem, method, parameters)
            count = 400 if built.queries is None else built.queries
            runs = run(built, method, parameters, problem, count)
            assert not runs.converged[0], (method.key, setting, count)
            assert runs.min_gradient_norm[0] > float(problem.epsilon)


@pytest.mark.parametrize("key", ["L0", "L1", "combined"])
def test_no_method_beats_a_chain_of_two_hundred_links(key):
    made = chain(key, L0=1, L1=2, delta={"L0": 701, "L1": 438, "combined": 435}[key], epsilon=1)
    assert made.queries >= 200
    for method in METHODS:
        # The lengths are those of the chain: short, about one coordinate per step, and far too long.
        columns = {"eta": [0.3, 3.0, 30.0], "gamma": [0.5, 3.0, 30.0], "beta": [0.9, 0.2, 0.0], "nu": 0.5}
        values = {**columns, "L0": [1.0, 0.3, 0.01], "L1": [2.0, 0.1, 0.01]}
        scale = {"eta": float(made.point_unit / made.epsilon), "gamma": float(made.point_unit)}
        parameters = {name: np.multiply(values[name], scale.get(name, 1.0)) for name in method.parameters}
        problem = Problem.of(L0=1, L1=2, Delta=made.Delta, epsilon=made.epsilon)
        runs = run(made, method, parameters, problem, made.queries, batch=3)
        assert not runs.converged.any(), method.key


@by_exact
def test_hard_instances_fail_for_as_long_as_their_theorem_says(instance):
    problem = problem_for(instance, PROBLEMS[0], criterion=Criterion.MIN)
    for method in runnable_methods(instance):
        parameters = parameters_of(method, SETTINGS[0], problem)
        needed = {"M": "2.5"} if instance.key == "fixed-step" else parameters
        own = {k: v for k, v in needed.items() if k in {"eta", "gamma", "M"}}
        counted = evaluate(instance.theorem, problem, own).iterations
        built = instance.build(problem, method, parameters)
        if instance.key in {"chain-longest", "chain-classical"}:
            assert built.queries + 1 == counted
        elif instance.key == "fixed-step":
            assert built.queries is None or built.queries >= counted
        elif instance.key == "resisting":
            # The margin between the answered slope and epsilon may cost one point.
            assert built.queries + 2 >= counted
        else:
            assert built.queries + 1 <= counted


def test_registry_has_one_entry_for_each_key_and_names_lower_bounds_only():
    keys = [instance.key for instance in HARD_INSTANCES]
    assert len(set(keys)) == len(keys)
    assert {i.theorem.kind for i in HARD_INSTANCES} == {Kind.LOWER}
    assert {i.theorem_key for i in HARD_INSTANCES} <= {t.key for t in THEOREMS}


@by_noisy
def test_no_method_beats_the_noisy_lower_bound_in_expectation(instance):
    constants = {"L0": 1, "L1": 2, "Delta": 60, "epsilon": "0.5"}
    problem = problem_for(instance, constants, sigma=2, noise=instance.theorem.noise)
    counted = evaluate(instance.theorem, problem).iterations
    for method in METHODS:
        for setting in SETTINGS[1:]:
            parameters = parameters_of(method, setting, problem)
            built = instance.build(problem, method, parameters)
            assert built.queries >= counted > 20
            group = np.zeros(60, dtype=int)
            noise = {"oracle": built.oracle, "sigma": float(problem.sigma), "seed": 5, "groups": group}
            runs = run(built, method, parameters, problem, built.queries, batch=60, **noise)
            # A diverged member counts as never accurate.
            assert (runs.status != Status.CONVERGED).all(), (method.key, setting)


LAWS = [(d.key, noise) for d in DESIGNS for noise in (Noise.VARIANCE, Noise.BOUNDED)]


def small_chain(key):
    return chain(key, L0=1, L1=1, delta=30 if key != "classical" else 15000, epsilon=1)


@pytest.mark.parametrize(("key", "noise"), LAWS)
def test_hidden_link_oracle_is_unbiased_and_as_quiet_as_stated(key, noise):
    made = small_chain(key)
    law, batch, draws = hidden_link(made, noise), 300, 200
    rng = np.random.default_rng(0)
    sigma = np.linspace(1.5, 4, batch) * law.opening
    x = rng.standard_normal((batch, made.queries)) * float(made.point_unit) * 2
    x *= np.arange(made.queries) < rng.integers(0, made.queries + 1, batch)[:, None]
    gradient = made.landscape.gradient(x)
    p, streams = law.probability(sigma), Streams(0, np.arange(batch))
    answers = np.array([law(gradient, sigma, streams, t) for t in range(draws)])
    lucky = np.array([streams.uniforms(t, 1)[:, 0] < p for t in range(draws)])
    assert abs(lucky.mean() - p.mean()) < 5 * np.sqrt(p.mean() / lucky.size)
    # Of its two answers each one is seen for every point, and nothing else is.
    rows = np.arange(batch)
    seen, unseen = answers[lucky.argmax(axis=0), rows], answers[lucky.argmin(axis=0), rows]
    np.testing.assert_array_equal(answers, np.where(lucky[:, :, None], seen, unseen))
    mean = p[:, None] * seen + (1 - p)[:, None] * unseen
    np.testing.assert_allclose(mean, gradient, rtol=1e-12, atol=1e-300)
    noisy = [np.linalg.norm(answer - gradient, axis=1) for answer in (seen, unseen)]
    assert (p * noisy[0] ** 2 + (1 - p) * noisy[1] ** 2 <= sigma**2 * (1 + 1e-12)).all()
    if noise is Noise.BOUNDED:
        assert (np.maximum(*noisy) <= sigma * (1 + 1e-12)).all()
    # A new coordinate is never shown without luck.
    assert (progress(unseen) <= progress(x)).all()
    assert (progress(seen) > progress(x)).mean() > 0.1


@pytest.mark.parametrize(("key", "noise"), LAWS)
def test_progress_stays_below_the_number_of_lucky_coins(key, noise):
    made = small_chain(key)
    law = hidden_link(made, noise)
    seed, sigma, steps = 11, 12.0, 40
    streams = Streams(seed, np.arange(200))
    p = float(law.probability(np.array([sigma]))[0])
    for start, given in ((MomentumStart.ZERO, 0), (MomentumStart.GRADIENT, 1)):
        for name, parameters in (
            ("gd", {"eta": 3.0}),
            ("momentum-gd", {"eta": 1.0, "beta": 0.9}),
            ("clipped-gd", {"eta": 1.0, "gamma": 20.0}),
            ("normalized-momentum", {"gamma": 9.0, "beta": 0.5}),
        ):
            runs = solve(
                made.landscape,
                method_named(name),
                np.zeros((200, made.queries)),
                epsilon=1e-9,
                max_iterations=steps + 1,
                parameters=parameters,
                criterion="min",
                momentum_start=start,
                oracle=law.oracle,
                sigma=sigma,
                seed=seed,
            )
            coins = sum((streams.uniforms(t, 1)[:, 0] < p).astype(int) for t in range(steps))
            free = given if method_named(name).momentum else 0
            assert (progress(runs.x) <= coins + free).all()
            assert progress(runs.x).mean() <= steps * p + free + 4 * math.sqrt(steps * p * (1 - p) / 200)
            assert progress(runs.x).max() >= 1


def test_without_noise_the_hidden_link_oracle_is_exact():
    made = small_chain("L0")
    x = np.random.default_rng(1).standard_normal((5, made.queries))
    gradient = made.landscape.gradient(x)
    answer = hidden_link(made).oracle.sample(gradient, 0.0, 3, np.arange(5), 7)
    np.testing.assert_array_equal(answer, gradient)


def test_chance_of_surviving_the_counted_queries_is_at_least_one_half():
    made = small_chain("combined")
    for p in (0.02, 0.1, 0.4, 1.0):
        for free in (False, True):
            n = noisy_queries(made, p, exact_start=free)
            links = made.queries - free
            assert binom.cdf(links - 1, n, p) >= 0.5


def test_noise_that_cannot_hide_a_link_is_refused():
    made = small_chain("L1")
    with pytest.raises(InputError, match="sigma must be at least that"):
        hidden_link(made, Noise.BOUNDED).oracle.sample(np.ones((1, made.queries)), 0.5, 0, [0], 0)
    with pytest.raises(InputError, match="noise = 'exact'"):
        hidden_link(made, Noise.EXACT)


STEPS = ["0.03", "0.05", "0.1", "0.25", "0.3", "1", "7/3", "100"]
PAIR = {"L0": 1, "L1": 2, "delta": 12, "epsilon": "0.25"}


@pytest.mark.parametrize("step_size", STEPS)
def test_every_fixed_step_fails_on_a_member_of_the_pair(step_size):
    made = fixed_step_failure(**PAIR, step_size=step_size)
    assert made.certified()
    count = 300 if made.queries is None else made.queries
    runs = solve(
        made.landscape,
        method_named("gd"),
        made.landscape.start,
        epsilon=0.25,
        max_iterations=count,
        parameters={"eta": float(Fraction(step_size))},
        criterion="min",
    )
    assert runs.status[0] == Status.CAPPED
    assert runs.min_gradient_norm[0] == pytest.approx(float(made.slope), rel=1e-12)
    orbit = made.orbit(min(count, 50))
    if made.queries is None:
        assert set(orbit[::2]) == {orbit[0]}
        assert set(orbit[1::2]) == {orbit[0] - made.step_size * made.slope}
    else:
        assert orbit[-1] == orbit[0] - (len(orbit) - 1) * made.step_size * made.slope


@pytest.mark.parametrize("M", ["0.5", "3", "20", None])
def test_the_worse_member_always_fails_for_the_number_of_the_theorem(M):
    members = {step: fixed_step_failure(**PAIR, step_size=step, M=M) for step in STEPS}
    slope = M if M is not None else float(members["100"].slope)
    problem = Problem.of(L0=1, L1=2, Delta=12, epsilon="0.25", criterion=Criterion.MIN)
    counted = evaluate(theorem_named("gd-fixed-step-lower"), problem, {"M": slope}).iterations
    assert {made.queries is None for made in members.values()} == {True, False}
    assert all(made.queries is None or made.queries >= counted for made in members.values())
    assert all(made.slope <= Fraction(slope) for made in members.values())


def test_the_pair_changes_members_at_the_critical_step():
    slope = fixed_step_failure(**PAIR, step_size=100, M=3).slope
    critical = 2 * math.log1p(2 * float(slope)) / 2 / float(slope)
    assert fixed_step_failure(**PAIR, step_size=critical * (1 + 1e-9), M=3).queries is None
    assert fixed_step_failure(**PAIR, step_size=critical * (1 - 1e-9), M=3).queries is not None


def test_certificate_of_the_pair_is_refused_when_a_claim_is_changed():
    for step_size in ("0.05", "100"):
        made = fixed_step_failure(**PAIR, step_size=step_size)
        fields = {name: getattr(made, name) for name in made.__dataclass_fields__}
        changes = [{"Delta": made.Delta / 2}, {"epsilon": made.epsilon * 200}, {"edge": made.edge / 2}]
        changes.append({"step_size": made.step_size / 1000} if made.queries is None else {"queries": made.queries + 1})
        for change in changes:
            assert not type(made)(**{**fields, **change}).certified()
        assert type(made)(**fields).certified()


def test_orbit_ends_with_the_arm():
    made = fixed_step_failure(**PAIR, step_size="0.1")
    assert abs(made.orbit(made.queries + 1)[-1]) < made.edge
    with pytest.raises(InputError, match="the arm ends"):
        made.orbit(made.queries + 2)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"L1": 0}, "needs L0 > 0 and L1 > 0"),
        ({"M": 1000}, "no function of the class reaches it"),
        ({"M": "0.25"}, "epsilon = 0.25 is not allowed"),
        ({"epsilon": 30}, "epsilon = 30 is not allowed"),
        ({"step_size": 0}, "step-size = 0"),
        ({"step_size": "1e15"}, "too long to be simulated"),
        ({"L0": "1e-90", "L1": "1e90"}, "is not allowed"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(change, part):
    with pytest.raises(InputError, match=part):
        fixed_step_failure(**{**PAIR, "step_size": 1, **change})
