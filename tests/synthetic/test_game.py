"""The worst-case game: how close it comes to a proved promise, and how it refutes a false one."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from bounds.errors import InputError
from bounds.methods import METHODS, method_named
from synthetic.extremal import ExtremalLandscape
from synthetic.game import FrameworkPromise, SlidesPromise, worst_case
from synthetic.solve import Status, solve

MOMENTUM = method_named("momentum-clipping")
WITHOUT_FACTOR = {"eta": 0.1, "gamma": 0.1, "beta": 0.99}


def replay(found, method, parameters):
    """The mean over as many points as the game inspected, by the driver, on the landscape read back from text."""
    landscape = ExtremalLandscape.from_json(found.landscape.to_json())
    points = len(landscape.points)
    return solve(
        landscape,
        method,
        landscape.start,
        epsilon=1e-300,
        max_iterations=points - found.first,
        parameters=parameters,
        first=found.first,
    )


@functools.cache
def momentum_game(beta, steps, nu=1.0, L0=1.0, L1=1.0, seed=0):
    promise = FrameworkPromise.longest_steps(L0=L0, L1=L1, kappa=0.1, beta=beta, nu=nu, steps=steps)
    method = MOMENTUM if nu == 1 else method_named("mixed-clipping")
    parameters = {"eta": promise.eta, "gamma": promise.gamma, "beta": beta, **({} if nu == 1 else {"nu": nu})}
    found = worst_case(method, parameters, L0=L0, L1=L1, steps=steps, promise=promise, seed=seed, batch=16, rounds=20)
    return found, method, parameters


@pytest.mark.parametrize(("beta", "steps", "reached"), [(0.0, 100, 0.94), (0.5, 200, 0.83), (0.9, 400, 0.74)])
def test_momentum_theorem_is_nearly_attained_and_never_exceeded(beta, steps, reached):
    found, method, parameters = momentum_game(beta, steps)
    assert reached <= found.ratio <= 1
    assert found.landscape.in_class()
    runs = replay(found, method, parameters)
    assert runs.status[0] == Status.CAPPED
    assert runs.mean_gradient_norm[0] == pytest.approx(found.measured, rel=1e-12)
    assert runs.x[0, 0] == found.landscape.points[-1]


@pytest.mark.parametrize("nu", [0.0, 0.4, 1.0])
@pytest.mark.parametrize(("L0", "L1"), [(0.5, 7.0), (20.0, 0.1)])
@pytest.mark.parametrize("beta", [0.3, 0.95])
def test_promise_holds_for_every_mixture_and_class(beta, nu, L0, L1):
    found, method, parameters = momentum_game(beta, 25, nu, L0, L1, 1)
    assert 0.05 < found.ratio <= 1
    assert replay(found, method, parameters).x[0, 0] == found.landscape.points[-1]


def test_without_the_factor_one_minus_beta_the_conclusion_fails():
    promise = SlidesPromise(eta=0.1, gamma=0.1, steps=60)
    found = worst_case(MOMENTUM, WITHOUT_FACTOR, L0=1, L1=1, steps=60, promise=promise, first=1, seed=0, rounds=60)
    assert found.ratio > 2.3
    assert found.landscape.in_class()
    runs = replay(found, MOMENTUM, WITHOUT_FACTOR)
    # The hypothesis T >= 3 Delta max{1/(eta eps^2), 25 eta/gamma^2} with the conclusion 2 eps, spelled out.
    Delta, eps = found.landscape.gap_above(), found.promised / 2
    assert 3 * Delta * max(1 / (0.1 * eps**2), 25 * 0.1 / 0.1**2) <= 60 * (1 + 1e-12)
    assert runs.mean_gradient_norm[0] > 2 * eps * 2.3


def test_with_the_factor_the_same_conclusion_holds():
    promise = SlidesPromise(eta=0.1 / 1.06, gamma=0.1 / 1.06, steps=40)
    parameters = {"eta": promise.eta, "gamma": promise.gamma, "beta": 0.0}
    found = worst_case(MOMENTUM, parameters, L0=1, L1=1, steps=40, promise=promise, first=1, seed=0)
    assert 0.2 < found.ratio <= 1.084 / 2


def test_framework_promise_inverts_the_convex_envelope():
    promise = FrameworkPromise(eta=0.3, gamma=0.2, kappa=0.1, beta=0.5, nu=0.5, steps=7)
    gap = np.geomspace(1e-6, 1e3, 200)
    K = (1 + 16 / 9 * 0.025) * 0.95 / 0.9
    u = promise(gap) * (1 - 0.025) / (1 + 0.025)
    phi = np.where(u <= 1 / 3, 0.3 * u**2, 0.2 * u - 0.2**2 / 1.2)
    assert phi == pytest.approx(K * gap / 7, rel=1e-12)
    assert (np.diff(promise(gap)) > 0).all()


def test_search_improves_on_its_openings_and_depends_on_the_seed_only():
    promise = FrameworkPromise.longest_steps(L0=1, L1=1, kappa=0.1, beta=0.9, nu=1, steps=20)
    parameters = {"eta": promise.eta, "gamma": promise.gamma, "beta": 0.9}
    play = functools.partial(worst_case, MOMENTUM, parameters, L0=1, L1=1, steps=20, promise=promise, batch=16)
    opening, one, again = play(seed=3, rounds=0), play(seed=3, rounds=40), play(seed=3, rounds=40)
    assert one == again
    assert one.ratio > opening.ratio


def test_minimum_criterion_is_harder_to_make_look_bad():
    promise = FrameworkPromise.longest_steps(L0=1, L1=1, kappa=0.1, beta=0.0, nu=1, steps=30)
    parameters = {"eta": promise.eta, "gamma": promise.gamma, "beta": 0.0}
    play = functools.partial(worst_case, MOMENTUM, parameters, L0=1, L1=1, steps=30, promise=promise, seed=0, rounds=30)
    least = play(criterion="min")
    assert least.measured == min(abs(v) for v in least.landscape.slopes)
    assert least.ratio <= 1


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.key)
def test_every_method_can_be_played_and_replayed(method):
    every = {"eta": 0.5, "gamma": 0.3, "beta": 0.6, "nu": 0.5, "L0": 1.0, "L1": 1.0}
    parameters = {name: every[name] for name in method.parameters}
    found = worst_case(method, parameters, L0=1, L1=1, steps=12, promise=np.sqrt, seed=2, batch=8, rounds=5)
    runs = replay(found, method, parameters)
    assert runs.x[0, 0] == found.landscape.points[-1]
    assert found.measured == pytest.approx(np.abs(found.landscape.slopes).mean(), rel=1e-12)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"steps": 0}, "steps = 0"),
        ({"batch": 1}, "batch = 1"),
        ({"rounds": 1.5}, "rounds = 1.5"),
        ({"criterion": "max"}, "criterion = 'max'"),
        ({"first": 2}, "first = 2"),
        ({"L0": 0}, "L0 = 0"),
        ({"promise": lambda gap: np.full_like(gap, np.inf)}, "covers no landscape"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(change, part):
    good = {"L0": 1, "L1": 1, "steps": 5, "promise": np.sqrt, "seed": 0}
    with pytest.raises(InputError, match=part):
        worst_case(MOMENTUM, {"eta": 0.1, "gamma": 0.1, "beta": 0.5}, **{**good, **change})
