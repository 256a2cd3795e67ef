"""Compiled kernels against the numpy driver: the same counts always, the same bits where nothing is transcendental."""

from __future__ import annotations

import ast
import dataclasses
import os
import sys
import threading

import mpmath
import numpy as np
import pytest
import sympy as sp

from bounds.errors import InputError
from bounds.methods import METHODS, MomentumStart, method_named
from synthetic.forms import FiniteSum, Separable
from synthetic.kernels import Variant, elementary, launching
from synthetic.kernels.cache import cache_folder, load
from synthetic.kernels.layouts import merged
from synthetic.kernels.source import source_of
from synthetic.landscapes import LANDSCAPES, landscape_named, norm_power, quartic
from synthetic.oracles import EXACT, GAUSSIAN, SPHERE, TWO_POINT
from synthetic.solve import Status, solve
from synthetic.step import norms

RESULTS = (
    "status",
    "iterations",
    "x",
    "mean_gradient_norm",
    "mean_squared",
    "min_gradient_norm",
    "last_gradient_norm",
)
CLIPPED = method_named("clipped-gd")


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory):
    """One cold cache for the whole module."""
    path = tmp_path_factory.mktemp("kernels")
    before = os.environ.get("CLIPBOUNDS_CACHE")
    os.environ["CLIPBOUNDS_CACHE"] = str(path)
    yield path
    if before is None:
        del os.environ["CLIPBOUNDS_CACHE"]
    else:
        os.environ["CLIPBOUNDS_CACHE"] = before


def workload(landscape, method, oracle, batch=90):
    """Starts, parameters and targets that lead to every way a run can end."""
    rng = np.random.default_rng(6)
    start = np.array(landscape.start) * rng.uniform(0.6, 1.4, (batch, landscape.dimension))
    start[:2], start[2:4] = 1e-4, 1e200
    ranges = {"eta": (-3, -1), "gamma": (-2, -0.5), "beta": (-2, -0.03), "nu": (-2, 0), "L0": (0, 1), "L1": (0, 0.7)}
    parameters = {name: 10 ** rng.uniform(*ranges[name], batch) for name in method.parameters}
    steepness = float(norms(landscape.gradient(np.array([landscape.start])))[0])
    sigma = 0.0 if oracle is EXACT else steepness * rng.uniform(0, 0.1, batch)
    epsilon = steepness * 10 ** rng.uniform(-2, 0.1, batch)
    return start, {"parameters": parameters, "epsilon": epsilon, "sigma": sigma}


def both(landscape, method, oracle, **options):
    start, common = workload(landscape, method, oracle)
    common |= {"max_iterations": 300, "oracle": oracle, "run_ids": 7 + np.arange(len(start)), **options}
    return [solve(landscape, method, start, backend=name, **common) for name in ("numpy", "numba")]


# One kernel is a second of compilation, so each covers several things: criterion, first point, start of the buffer,
# noise, and every kind of form and rule.
@pytest.mark.parametrize(
    ("landscape", "method", "oracle", "options"),
    [
        (quartic(), "clipped-gd", EXACT, {"criterion": "mean"}),
        (quartic().scaled(value=3, point=7), "mixed-clipping", TWO_POINT, {"criterion": "mean-squared", "first": 1}),
        (landscape_named("huber"), "soft-momentum-clipping", SPHERE, {"criterion": "min"}),
        (
            landscape_named("rosenbrock"),
            "simplified-gd",
            TWO_POINT,
            {"criterion": "min", "momentum_start": MomentumStart.ZERO},
        ),
        (
            norm_power(dimension=11).scaled(value=5, point=3),
            "normalized-mixed",
            TWO_POINT,
            {"criterion": "mean", "first": 1, "momentum_start": MomentumStart.ZERO},
        ),
    ],
    ids=lambda v: getattr(v, "key", None) or str(v),
)
def test_kernels_agree_with_numpy_in_every_bit(landscape, method, oracle, options):
    plain, fast = both(landscape, method_named(method), oracle, **options)
    for field in RESULTS:
        np.testing.assert_array_equal(getattr(fast, field), getattr(plain, field), err_msg=field)
    assert set(plain.status) >= {Status.CONVERGED, Status.CAPPED}
    assert len(set(plain.iterations)) > 5


@pytest.mark.parametrize("landscape", [landscape_named("cosh-sum"), landscape_named("quadratic-exponential")])
def test_transcendental_functions_change_last_digits_only(landscape):
    plain, fast = both(landscape, CLIPPED, EXACT)
    np.testing.assert_array_equal(fast.status, plain.status)
    np.testing.assert_array_equal(fast.iterations, plain.iterations)
    for field in ("mean_gradient_norm", "mean_squared"):
        np.testing.assert_allclose(getattr(fast, field), getattr(plain, field), rtol=1e-11)


def test_neither_threads_nor_the_cut_of_a_batch_change_a_bit():
    start, common = workload(quartic(), CLIPPED, EXACT)
    common |= {"max_iterations": 300, "backend": "numba"}
    whole = solve(quartic(), CLIPPED, start, threads=1, **common)
    several = solve(quartic(), CLIPPED, start, threads=3, **common)
    rows = {k: v for k, v in common.items() if k not in ("parameters", "epsilon")}
    part = slice(30, 50)
    piece = solve(
        quartic(), CLIPPED, start[part], epsilon=common["epsilon"][part],
        parameters={n: v[part] for n, v in common["parameters"].items()}, **rows,
    )  # fmt: skip
    for field in RESULTS:
        np.testing.assert_array_equal(getattr(several, field), getattr(whole, field))
        np.testing.assert_array_equal(getattr(piece, field), getattr(whole, field)[part])


def test_a_run_that_is_bad_at_once_has_no_average():
    options = {"epsilon": 0.1, "max_iterations": 300, "parameters": {"eta": 0.1, "gamma": 1.0}, "first": 1}
    options |= {"criterion": "mean-squared", "oracle": TWO_POINT}
    mixed = method_named("mixed-clipping")
    options["parameters"] |= {"beta": 0.5, "nu": 0.5}
    plain, fast = (
        solve(quartic().scaled(value=3, point=7), mixed, [1e200], backend=b, **options) for b in ("numpy", "numba")
    )
    assert (fast.status[0], fast.iterations[0]) == (Status.DIVERGED, 0)
    for field in RESULTS:
        np.testing.assert_array_equal(getattr(fast, field), getattr(plain, field))


@pytest.mark.parametrize("landscape", LANDSCAPES, ids=lambda f: f.key)
def test_every_expression_has_code_and_every_variant_its_own(landscape):
    if isinstance(landscape.form, FiniteSum):
        with pytest.raises(InputError, match="FiniteSum"):
            source_of(_variant(landscape, CLIPPED))
        return
    texts = [source_of(_variant(landscape, method)) for method in METHODS]
    for text in texts:
        assert any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in ast.parse(text).body)
    assert len(set(texts)) == len(METHODS)
    assert source_of(_variant(landscape, METHODS[0])) == texts[0]


def _variant(landscape, method):
    return Variant(form=landscape.form, method=method, criterion="mean", first=0, noisy=False, from_gradient=True)


@pytest.mark.parametrize("name", ["exp", "expm1", "sinh", "cosh", "tanh"])
def test_elementary_functions_are_accurate_to_the_last_digits(name):
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.uniform(-2, 2, 600), rng.uniform(-700, 700, 300), 1e-7 * rng.standard_normal(100)])
    function, exact = getattr(elementary, name), getattr(mpmath, name)
    for x in points:
        expected = exact(mpmath.mpf(float(x)))
        assert abs(mpmath.mpf(float(function(x))) - expected) <= 4.5e-16 * abs(expected)


def test_the_polynomial_of_the_exponential_is_as_accurate_as_it_says():
    with mpmath.workdps(40):
        half = mpmath.log(2) / 2
        for k in range(-500, 501):
            r = half * k / 500 if k else mpmath.mpf(2) ** -60
            assert abs(elementary.exp_part(r) / mpmath.expm1(r) - 1) < mpmath.mpf(2) ** -54


def test_neighbouring_loops_over_the_same_entries_are_made_one():
    once, each = "for j in range(lanes):\n    a\n", "for c in range(3):\n    for j in range(lanes):\n        b\n"
    product = "for c in range(3):\n    for j in range(lanes):\n        d\n    for i in range(3):\n        e\n"
    assert merged(once + once) == once + "    a\n"
    assert merged(each + each + once) == each + "        b\n" + once
    for apart in (once + each + once, each + product, product + product, product + each):
        assert merged(apart) == apart


def test_elementary_functions_at_the_ends_of_the_range():
    with np.errstate(over="ignore", invalid="ignore"):
        assert [elementary.exp(np.float64(x)) for x in (-np.inf, -800, 0, 709.7, 710, np.inf)] == [
            0, 0, 1, pytest.approx(np.exp(709.7), rel=1e-15), np.inf, np.inf,
        ]  # fmt: skip
        assert elementary.sinh(np.float64(-710.4)) == pytest.approx(np.sinh(-710.4), rel=1e-15)
        assert [elementary.tanh(np.float64(x)) for x in (-np.inf, 0, np.inf)] == [-1, 0, 1]
        assert elementary.expm1(np.float64(-1e4)) == -1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"oracle": GAUSSIAN}, "Gaussian"),
        ({"groups": [0] * 4}, "groups"),
        ({"record_every": 5}, "history"),
        ({"parameters": {"eta": np.inf, "gamma": 1.0}}, "limit value"),
        ({"landscape": quartic().form}, "Landscape"),
        ({"landscape": norm_power(dimension=129)}, "128 coordinates"),
        ({"backend": "cuda"}, "must be one of"),
        ({"threads": 0}, "integer >= 1"),
    ],
)
def test_what_the_kernels_do_not_cover_is_refused_with_the_reason(change, reason):
    landscape = change.pop("landscape", quartic())
    options = {"epsilon": 0.1, "max_iterations": 9, "parameters": {"eta": 0.1, "gamma": 1.0}, "backend": "numba"}
    with pytest.raises(InputError, match=reason):
        solve(landscape, CLIPPED, np.ones((4, landscape.dimension)), **options | change)


def test_without_the_compiler_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(launching, "available", lambda: False)
    with pytest.raises(InputError, match=r"clipbounds\[fast\]"):
        solve(
            quartic(),
            CLIPPED,
            [1.0],
            epsilon=0.1,
            max_iterations=9,
            parameters={"eta": 0.1, "gamma": 1.0},
            backend="numba",
        )


def test_auto_takes_kernels_for_large_batches_only(monkeypatch):
    taken = []
    # The package binds the function over its module.
    module = sys.modules["synthetic.solve"]
    monkeypatch.setattr(module, "launch", lambda variant, batch, threads: taken.append(len(batch.x)))
    options = {"epsilon": 1e9, "max_iterations": 10**5, "parameters": {"eta": 0.1, "gamma": 1.0}}
    for batch in (5, 1000):
        solve(quartic(), CLIPPED, np.ones((batch, 1)), **options)
    solve(quartic(), CLIPPED, np.ones((1000, 1)), record_every=1, **options)
    assert taken == [1000]


def test_a_kernel_file_is_whole_and_replaced_when_it_is_not(folder):
    source = "VALUE = 41 + 1\n" + "# padding\n" * 5000
    workers = [threading.Thread(target=load, args=(source,)) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    module = load(source)
    assert module.VALUE == 42
    path = folder / f"{module.__name__}.py"
    assert path.read_text() == source
    load.__globals__["_load"].cache_clear()
    path.write_text("VALUE = 0\n")
    assert load(source).VALUE == 42
    assert not list(folder.glob("*.tmp"))


def test_an_unusable_cache_folder_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CLIPBOUNDS_CACHE", str(tmp_path / "file"))
    with pytest.raises(InputError, match="CLIPBOUNDS_CACHE"):
        load("VALUE = 7\n")


def test_where_kernels_are_kept(monkeypatch, tmp_path):
    monkeypatch.delenv("CLIPBOUNDS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "clipbounds" / "kernels"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "clipbounds" / "kernels"


@pytest.mark.parametrize("dimension", [2, 40])
def test_blocks_leave_no_trace(dimension):
    """Caps around the length of a block, stops at every iteration, gradients whose squares underflow or vanish."""
    x = sp.Symbol("x", real=True)
    form = Separable(profile=x**2 + x**4, variable=x, dimension=dimension)
    landscape = dataclasses.replace(norm_power(dimension=dimension), form=form)
    start = np.zeros((9, dimension))
    start[:, 0] = [0.0, 1e-170, 1e-300, 5e-324, 1e-3, 1.0, -1.0, 3.0, 1e100]
    start[5:, 1] = 0.5
    options = {"parameters": {"eta": 0.03, "gamma": 0.1}, "criterion": "min"}
    for cap in (1, 31, 32, 33, 64, 65, 200):
        for epsilon in (1e-200, 1e-5, 0.3, 4.0):
            plain, fast = (
                solve(landscape, CLIPPED, start, epsilon=epsilon, max_iterations=cap, backend=backend, **options)
                for backend in ("numpy", "numba")
            )
            for field in RESULTS:
                np.testing.assert_array_equal(getattr(fast, field), getattr(plain, field), err_msg=f"{field}, {cap}")


@pytest.mark.parametrize("name", ["exp", "lambda", "x); print(1", "np", ""])
def test_names_of_variables_are_only_names(name):
    variable = sp.Symbol(name, real=True)
    form = Separable(profile=variable**4, variable=variable, dimension=1)
    options = {"epsilon": 0.1, "max_iterations": 9, "parameters": {"eta": 0.1, "gamma": 1.0}, "backend": "numba"}
    with pytest.raises(InputError, match="no variable called"):
        solve(dataclasses.replace(quartic(), form=form), CLIPPED, [1.0], **options)
