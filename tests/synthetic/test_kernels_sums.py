"""Compiled finite sums against the numpy driver: equal counts, numbers that differ in the last digits."""

from __future__ import annotations

import ast
import importlib.util
import os

import numpy as np
import pytest
import sympy as sp
from sympy.utilities.lambdify import lambdify

from bounds.errors import InputError
from bounds.methods import METHODS, MomentumStart, method_named
from synthetic.kernels import Batch, Variant, worthwhile
from synthetic.kernels.sums import COLUMNS, SUMS, one_exponential
from synthetic.landscapes import landscape_named, regularized_logistic
from synthetic.oracles import EXACT, GAUSSIAN, SPHERE, TWO_POINT
from synthetic.solve import Status, solve
from synthetic.step import norms

AVERAGES = ("mean_gradient_norm", "mean_squared", "min_gradient_norm", "last_gradient_norm")
RESULTS = ("status", "iterations", "x", *AVERAGES)
CLIPPED = method_named("clipped-gd")
LOGISTIC = landscape_named("regularized-logistic")
PHASE = landscape_named("phase-retrieval")


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


def workload(landscape, method, oracle, batch=90):
    """Starts, parameters and targets that lead to every way a run can end."""
    rng = np.random.default_rng(6)
    start = np.array(landscape.start) * rng.uniform(0.6, 1.4, (batch, landscape.dimension))
    if landscape.key == PHASE.key:
        # Of the other sum, products this large have a sign that depends on rounding.
        start[:3] = 1e200
    ranges = {"eta": (-3, -1), "gamma": (-2, -0.5), "beta": (-2, -0.03), "nu": (-2, 0), "L0": (0, 1), "L1": (0, 0.7)}
    parameters = {name: 10 ** rng.uniform(*ranges[name], batch) for name in method.parameters}
    steepness = float(norms(landscape.gradient(np.array([landscape.start])))[0])
    sigma = 0.0 if oracle is EXACT else steepness * rng.uniform(0, 0.1, batch)
    return start, {"parameters": parameters, "epsilon": steepness * 10 ** rng.uniform(-1.5, 0.1, batch), "sigma": sigma}


def both(landscape, method, oracle, batch=90, **options):
    start, common = workload(landscape, method, oracle, batch)
    common |= {"max_iterations": 300, "oracle": oracle, "run_ids": 7 + np.arange(batch), **options}
    return [solve(landscape, method, start, backend=name, **common) for name in ("numpy", "numba")]


def check(plain, fast, rtol):
    np.testing.assert_array_equal(fast.status, plain.status)
    np.testing.assert_array_equal(fast.iterations, plain.iterations)
    np.testing.assert_allclose(fast.x, plain.x, rtol=rtol, atol=rtol)
    for field in AVERAGES:
        np.testing.assert_allclose(getattr(fast, field), getattr(plain, field), rtol=rtol, err_msg=field)


# Compilation takes seconds, so each kernel covers several things: criterion, first point, start of the buffer, noise.
# The direction of the noise turns fast near a stationary point, which magnifies the differences of its rounding.
@pytest.mark.parametrize(
    ("landscape", "method", "oracle", "options", "rtol"),
    [
        (LOGISTIC, "clipped-gd", EXACT, {"criterion": "mean"}, 1e-12),
        (
            PHASE.scaled(value=3, point=7),
            "mixed-clipping",
            TWO_POINT,
            {"criterion": "mean-squared", "first": 1},
            1e-8,
        ),
        (
            PHASE,
            "soft-momentum-clipping",
            EXACT,
            {"criterion": "min", "momentum_start": MomentumStart.ZERO},
            1e-12,
        ),
    ],
    ids=lambda v: getattr(v, "key", None) or str(v),
)
def test_kernels_agree_with_numpy(landscape, method, oracle, options, rtol):
    plain, fast = both(landscape, method_named(method), oracle, **options)
    check(plain, fast, rtol)
    assert set(plain.status) >= {Status.CONVERGED, Status.DIVERGED if landscape.key == PHASE.key else Status.CAPPED}
    assert len(set(plain.iterations)) > 5


@pytest.mark.parametrize("samples", [1, 7, 401])
def test_sums_in_blocks_of_rows(samples):
    landscape = regularized_logistic(samples=samples, dimension=100)
    rows, labels, _, (most, columns) = SUMS.data(landscape.form)
    assert (rows.shape, labels.shape, columns) == ((samples, 100), (samples,), COLUMNS)
    assert -(-samples // most) == (2 if samples == 401 else 1)
    assert most * 100 * COLUMNS <= 10**6
    plain, fast = both(landscape, CLIPPED, EXACT, batch=20, max_iterations=30)
    check(plain, fast, 1e-12)


def test_neither_threads_nor_the_cut_of_a_batch_change_a_bit():
    start, common = workload(LOGISTIC, CLIPPED, EXACT)
    common |= {"max_iterations": 300, "backend": "numba"}
    whole, *several = (solve(LOGISTIC, CLIPPED, start, threads=count, **common) for count in (1, 2, 3))
    part = slice(30, 47)
    rows = {k: v for k, v in common.items() if k not in ("parameters", "epsilon")}
    piece = solve(
        LOGISTIC, CLIPPED, start[part], epsilon=common["epsilon"][part],
        parameters={n: v[part] for n, v in common["parameters"].items()}, **rows,
    )  # fmt: skip
    for field in RESULTS:
        for other in several:
            np.testing.assert_array_equal(getattr(other, field), getattr(whole, field))
        np.testing.assert_array_equal(getattr(piece, field), getattr(whole, field)[part])


def _variant(landscape, method=CLIPPED):
    return Variant(form=landscape.form, method=method, criterion="mean", first=0, noisy=False, from_gradient=True)


def test_every_method_has_a_text_of_its_own_which_no_data_change():
    texts = [SUMS.source(_variant(LOGISTIC, method)) for method in METHODS]
    for text in texts:
        assert any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in ast.parse(text).body)
    assert len(set(texts)) == len(METHODS)
    other = regularized_logistic(samples=9, dimension=3, seed=4).scaled(value=2, point=5)
    assert SUMS.source(_variant(other)) == SUMS.source(_variant(LOGISTIC))
    assert SUMS.source(_variant(PHASE)) != SUMS.source(_variant(LOGISTIC))


def test_branches_share_one_exponential():
    z, b = sp.symbols("z b", real=True)
    y = -b * z
    slope = sp.diff(sp.Piecewise((y + sp.log(1 + sp.exp(-y)), y >= 0), (sp.log(1 + sp.exp(y)), True)), z)
    shared = one_exponential(slope)
    assert (len(slope.atoms(sp.exp)), len(shared.atoms(sp.exp))) == (2, 1)
    points = np.random.default_rng(0).uniform(-30, 30, 200)
    for label in (-1.0, 1.0):
        np.testing.assert_allclose(
            lambdify((z, b), shared)(points, label), lambdify((z, b), slope)(points, label), rtol=1e-14
        )
    plain = sp.Piecewise((sp.exp(z) + sp.exp(b), z > 0), (z, True))
    assert one_exponential(plain) == plain


def test_branches_that_differ_in_form_only_become_one_formula():
    z, b = sp.symbols("z b", real=True)
    y = -b * z
    slope = sp.diff(sp.Piecewise((y + sp.log(1 + sp.exp(-y)), y >= 0), (sp.log(1 + sp.exp(y)), True)), z)
    whole = one_exponential(slope)
    assert not whole.has(sp.Piecewise)
    far = np.array([-1e4, -745.0, 0.0, 745.0, 1e4])
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(lambdify((z, b), whole)(far, 1.0), [-1, -1, -0.5, 0, 0])


def test_branches_stay_where_one_formula_could_overflow():
    z = sp.symbols("z", real=True)
    e = sp.exp(-z)
    odd = sp.Piecewise(((1 - e) / (1 + e), z >= 0), ((1 / e - 1) / (1 / e + 1), True))
    shared = one_exponential(odd)
    assert shared.has(sp.Piecewise)
    assert len(shared.atoms(sp.exp)) == 1
    far = np.array([-1e4, -1.0, 1.0, 1e4])
    np.testing.assert_allclose(lambdify(z, shared)(far), np.tanh(far / 2), rtol=1e-14)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"oracle": GAUSSIAN}, "Gaussian"),
        ({"oracle": SPHERE}, "sphere"),
        ({"groups": [0] * 4}, "groups"),
        ({"record_every": 5}, "history"),
        ({"parameters": {"eta": np.inf, "gamma": 1.0}}, "limit value"),
    ],
)
def test_what_is_not_covered_is_refused_with_the_reason(change, reason):
    options = {"epsilon": 0.1, "max_iterations": 9, "parameters": {"eta": 0.1, "gamma": 1.0}, "backend": "numba"}
    with pytest.raises(InputError, match=reason):
        solve(LOGISTIC, CLIPPED, np.ones((4, 5)), **options | change)


def test_without_control_of_the_threads_the_extra_is_named(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "threadpoolctl" else find(name))
    options = {"epsilon": 0.1, "max_iterations": 9, "parameters": {"eta": 0.1, "gamma": 1.0}, "backend": "numba"}
    with pytest.raises(InputError, match=r"threadpoolctl.*clipbounds\[fast\]"):
        solve(LOGISTIC, CLIPPED, np.ones(5), **options)


def test_large_sums_are_worth_a_kernel_earlier():
    def batch(runs, dimension):
        return Batch(
            x=np.ones((runs, dimension)), parameters={}, target=np.ones(runs), sigma=np.ones(runs),
            keys=np.ones(runs, np.uint64), max_iterations=5000,
        )  # fmt: skip

    large = _variant(regularized_logistic(samples=400, dimension=100))
    assert worthwhile(large, batch(16, 100))
    assert not worthwhile(large, batch(15, 100))
    assert not worthwhile(_variant(LOGISTIC), batch(16, 5))
