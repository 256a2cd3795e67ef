"""Compiled zero-chains against the numpy driver, and the promises of a chain on them."""

from __future__ import annotations

import dataclasses
import os

import mpmath
import numpy as np
import pytest
import sympy as sp

from bounds.errors import InputError
from bounds.methods import MomentumStart, method_named
from synthetic.chains import DESIGNS, chain, progress
from synthetic.kernels import Batch, Variant, worthwhile
from synthetic.kernels.error_function import erfcx, scaled
from synthetic.kernels.zero_chain import BLOCK, CHAINS
from synthetic.oracles import EXACT, GAUSSIAN, SPHERE, TWO_POINT
from synthetic.solve import Status, solve

AVERAGES = ("mean_gradient_norm", "mean_squared", "min_gradient_norm", "last_gradient_norm")
RESULTS = ("status", "iterations", "x", *AVERAGES)
CLIPPED = method_named("clipped-gd")


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory):
    """One cold cache for the whole module."""
    before = os.environ.get("CLIPBOUNDS_CACHE")
    os.environ["CLIPBOUNDS_CACHE"] = str(tmp_path_factory.mktemp("kernels"))
    yield
    if before is None:
        del os.environ["CLIPBOUNDS_CACHE"]
    else:
        os.environ["CLIPBOUNDS_CACHE"] = before


def instance(key, links):
    """The chain of a design with this many links, for L0 = L1 = 1 and epsilon = 1/2."""
    design = next(d for d in DESIGNS if d.key == key)
    l0, l1 = design.constants(1, 1)
    made = chain(design, L0=1, L1=1, delta=links * design.cost / (4 * l0 + 2 * l1), epsilon="1/2")
    assert made.queries == links
    return made


def workload(made, method, oracle, batch=60):
    """Runs from the origin and from scattered points, some of which blow up."""
    rng = np.random.default_rng(3)
    r, n = float(made.point_unit), made.queries
    start = np.zeros((batch, n))
    start[::3] = r * rng.standard_normal((len(start[::3]), n)) * (rng.random((len(start[::3]), n)) < 0.4)
    ranges = {
        "eta": (-0.3, 0.7),
        "gamma": (-1, 0.5),
        "beta": (-2, -0.03),
        "nu": (-2, 0),
        "L0": (-0.5, 1),
        "L1": (-1, 0.5),
    }
    parameters = {name: 10 ** rng.uniform(*ranges[name], batch) for name in method.parameters}
    if "gamma" in parameters:
        parameters["gamma"] *= r
    start[5] = 1e308
    epsilon = float(made.epsilon) * 10 ** rng.uniform(-0.3, 0.4, batch)
    return start, {"parameters": parameters, "epsilon": epsilon, "sigma": 0.0 if oracle is EXACT else 0.1}


# Compilation takes seconds, so each kernel covers several things: criterion, first point, start of the buffer, noise.
@pytest.mark.parametrize(
    ("key", "links", "method", "oracle", "options"),
    [
        ("L0", 23, "clipped-gd", EXACT, {"criterion": "mean"}),
        ("L1", BLOCK, "mixed-clipping", TWO_POINT, {"criterion": "mean-squared", "first": 1}),
        ("combined", 40, "simplified-gd", EXACT, {"criterion": "min", "first": 1}),
        ("classical", 37, "soft-momentum-clipping", EXACT, {"criterion": "min", "momentum_start": MomentumStart.ZERO}),
    ],
)
def test_kernels_agree_with_numpy(key, links, method, oracle, options):
    made = instance(key, links)
    start, common = workload(made, method_named(method), oracle)
    common |= {"max_iterations": 200, "oracle": oracle, **options}
    plain, fast = (
        solve(made.landscape, method_named(method), start, backend=name, **common) for name in ("numpy", "numba")
    )
    np.testing.assert_array_equal(fast.status, plain.status)
    np.testing.assert_array_equal(fast.iterations, plain.iterations)
    np.testing.assert_array_equal(progress(fast.x), progress(plain.x))
    np.testing.assert_allclose(fast.x, plain.x, rtol=1e-12, atol=1e-12 * float(made.point_unit))
    for field in AVERAGES:
        np.testing.assert_allclose(getattr(fast, field), getattr(plain, field), rtol=1e-12, atol=1e-14, err_msg=field)
    assert len(set(plain.iterations)) > 5
    assert Status.CONVERGED in plain.status


@pytest.mark.parametrize("links", [1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_a_compiled_chain_keeps_its_promise(links):
    made = instance("L0", links)
    gamma = float(made.point_unit) * np.array([0.3, 1.0, 4.0, 50.0])
    for horizon in sorted({1, links // 2 + 1, links}):
        runs = solve(
            made.landscape, CLIPPED, np.zeros(links), epsilon=float(made.epsilon), max_iterations=horizon,
            parameters={"eta": 1.5, "gamma": gamma}, backend="numba",
        )  # fmt: skip
        assert (runs.status == Status.CAPPED).all()
        assert (runs.min_gradient_norm > float(made.epsilon)).all()
        assert (progress(runs.x) <= horizon - 1).all()
    # Not for want of trying.
    assert 2 * progress(runs.x).max() >= links - 1


def test_a_run_leaves_nothing_behind():
    made = instance("L0", BLOCK + 5)
    start = np.zeros((3, BLOCK + 5))
    start[1] = 1e308 * (-1.0) ** np.arange(BLOCK + 5)
    parameters = {"eta": np.array([1.0, 1e300, 1.0]), "gamma": np.array([1.0, 1e308, 1.0])}
    runs = solve(
        made.landscape, CLIPPED, start, epsilon=0.1, max_iterations=60, parameters=parameters, backend="numba",
        threads=1,
    )  # fmt: skip
    assert runs.iterations[0] > 10
    assert runs.mean_gradient_norm[0] != runs.mean_gradient_norm[1]
    for field in RESULTS:
        np.testing.assert_array_equal(getattr(runs, field)[0], getattr(runs, field)[2])


def test_gradients_that_overflow_are_a_status():
    made, method = instance("classical", 6), method_named("soft-momentum-clipping")
    landscape = made.landscape.scaled(value=10**304, point="1/10000")
    # Psi' is largest near 9/10, and Phi close to its supremum at 5.
    start = np.zeros((2, 6))
    start[1, :2] = float(made.point_unit) * np.array([0.9e-4, 5e-4])
    options = {"epsilon": 1.0, "max_iterations": 20, "criterion": "min", "momentum_start": MomentumStart.ZERO}
    options |= {"parameters": {"eta": 1e-308, "gamma": 1e-6, "beta": 0.5}}
    plain, fast = (solve(landscape, method, start, backend=name, **options) for name in ("numpy", "numba"))
    assert plain.status.tolist() == fast.status.tolist() == [Status.CAPPED, Status.DIVERGED]
    assert plain.iterations.tolist() == fast.iterations.tolist() == [20, 1]
    assert fast.mean_gradient_norm[1] == fast.last_gradient_norm[1] == np.inf


def test_threads_change_no_bit():
    made = instance("L0", 23)
    start, common = workload(made, CLIPPED, EXACT)
    one, *several = (
        solve(made.landscape, CLIPPED, start, max_iterations=200, backend="numba", threads=count, **common)
        for count in (1, 2, 3)
    )
    for field in RESULTS:
        for other in several:
            np.testing.assert_array_equal(getattr(other, field), getattr(one, field))


def _variant(made):
    return Variant(form=made.landscape.form, method=CLIPPED, criterion="mean", first=0, noisy=False, from_gradient=True)


def test_one_text_serves_all_lengths_and_scales():
    texts = {d.key: CHAINS.source(_variant(instance(d.key, 5))) for d in DESIGNS}
    assert len(set(texts.values())) == len(DESIGNS)
    other = chain("L0", L0=3, L1=1, delta=100, epsilon="1/5")
    assert CHAINS.source(_variant(other)) == texts["L0"]
    assert CHAINS.data(other.landscape.form)[0].tolist() == [
        float(other.point_unit),
        float(other.value_unit / other.point_unit),
    ]


def test_a_single_long_run_is_worth_a_kernel():
    batch = Batch(
        x=np.zeros((1, 1000)), parameters={}, target=np.ones(1), sigma=np.zeros(1), keys=np.zeros(1, np.uint64),
        max_iterations=10_000,
    )  # fmt: skip
    assert worthwhile(_variant(instance("L0", 1000)), batch)
    assert not worthwhile(_variant(instance("L0", 1000)), dataclasses.replace(batch, max_iterations=100))


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"oracle": GAUSSIAN}, "Gaussian"), ({"oracle": SPHERE}, "sphere"), ({"groups": [0] * 4}, "groups")],
)
def test_what_is_not_covered_is_refused_with_the_reason(change, reason):
    options = {"epsilon": 0.1, "max_iterations": 9, "parameters": {"eta": 0.1, "gamma": 1.0}, "backend": "numba"}
    with pytest.raises(InputError, match=reason):
        solve(instance("L0", 5).landscape, CLIPPED, np.zeros((4, 5)), **options | change)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda d: d.key)
def test_gates_vanish_on_the_left(design):
    # The kernel of a mirrored chain leaves out the side on which they do.
    points = -np.linspace(0, 40, 400)
    assert not design.gate.value(points).any()
    assert not design.gate.slope(points).any()


def test_scaled_error_function_is_accurate_to_the_last_digits():
    rng = np.random.default_rng(1)
    with mpmath.workdps(40):
        points = [[0.0], rng.uniform(0, 3, 500), rng.uniform(3, 27.3, 400), 10 ** rng.uniform(-20, 0, 99)]
        for a in np.concatenate(points):
            exact = mpmath.exp(mpmath.mpf(a) ** 2) * mpmath.erfc(mpmath.mpf(a))
            assert abs(mpmath.mpf(float(erfcx(a))) - exact) <= 6e-16 * exact
    # Beyond it only a factor e^(-a^2) = 0 is left, which needs a finite one beside it.
    assert 0 < erfcx(np.float64(1e200)) < 1e-100
    assert 0 < erfcx(np.float64(np.inf)) < 1e-100


def test_the_normal_distribution_keeps_its_digits_on_the_left():
    z = sp.Symbol("z", real=True)
    rewritten = scaled(sp.sqrt(2) * (1 + sp.erf(z)))
    assert not rewritten.has(sp.erf)
    function = sp.lambdify(z, rewritten, modules=[{"erfcx": lambda a: mpmath.exp(a**2) * mpmath.erfc(a)}, "mpmath"])
    with mpmath.workdps(30):
        for x in (-9.0, -0.5, 0.0, 0.5, 9.0):
            exact = mpmath.sqrt(2) * mpmath.erfc(-mpmath.mpf(x))
            assert abs(function(mpmath.mpf(x)) - exact) <= mpmath.mpf(10) ** -20 * exact
    assert scaled(sp.erf(z) + 2) == sp.erf(z) + 2
