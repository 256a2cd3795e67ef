"""The backend of a sweep is chosen once for each landscape and method, is recorded, and never changes half-way."""

from __future__ import annotations

import dataclasses
import importlib
import json

import numpy as np
import pytest
import xarray as xr

from bounds.errors import InputError
from synthetic.cells import QUANTITIES, compute, prepare
from synthetic.grid_text import grid_from_data
from synthetic.planning import estimate, plan
from synthetic.store import Store, locked
from synthetic.sweep import dataset, sweep
from synthetic.workers import here

CELLS = importlib.import_module("synthetic.cells")
PLANNING = importlib.import_module("synthetic.planning")
LAUNCHING = importlib.import_module("synthetic.kernels.launching")
CLIPPED = {"method": "clipped-gd", "eta": [0.01, 0.02], "gamma": 0.05}
BASE = {
    "landscapes": ["quartic"],
    # Both have the same kernel.
    "methods": [CLIPPED, CLIPPED | {"gamma": 0.1}],
    "epsilons": [0.5, 0.2],
    "sigmas": [0, 0.3],
    "seeds": 40,
    "oracle": "two-point",
    "max_iterations": 300,
}


def grid(**changes):
    return grid_from_data(BASE | changes)


def swept(folder, what):
    with locked(folder) as path:
        store = Store.create(path, plan(what))
        sweep(store, here())
        return dataset(store)


@pytest.fixture(autouse=True)
def folder(tmp_path_factory, monkeypatch):
    """Kernels are kept apart from the user's."""
    monkeypatch.setenv("CLIPBOUNDS_CACHE", str(tmp_path_factory.getbasetemp() / "kernels"))


def test_both_backends_give_the_same_bits_where_that_is_promised(tmp_path):
    numpy, numba = (swept(tmp_path / b, grid(backend=b)) for b in ("numpy", "numba"))
    assert set(numpy["backend"].to_numpy().ravel()) == {"numpy"}
    assert set(numba["backend"].to_numpy().ravel()) == {"numba"}
    assert numba["backend"].dims == ("landscape", "setting")
    for name in QUANTITIES:
        np.testing.assert_array_equal(numpy[name].to_numpy(), numba[name].to_numpy())
    with xr.open_dataset(tmp_path / "numba" / "sweep.nc", engine="scipy") as stored:
        assert set(stored["backend"].to_numpy().ravel()) == {"numba"}


def test_compiled_results_depend_neither_on_the_size_of_cells_nor_on_threads(tmp_path):
    cosh = {"landscapes": [{"function": "cosh", "start": [2]}], "backend": "numba"}
    one, two = (swept(tmp_path / str(size), grid(**cosh, cell_runs=size)) for size in (7, None))
    assert one.drop_attrs().identical(two.drop_attrs())
    (cell, *_) = plan(grid(**cosh)).cells
    first, second = (compute(grid(**cosh), cell, threads)[0] for threads in (1, 3))
    assert all(np.array_equal(first[n], second[n]) for n in QUANTITIES)


def test_auto_compiles_where_it_is_worth_it():
    small = plan(grid())
    assert set(small.backends) == {"numpy"}
    long = {"max_iterations": 2**31 - 1, "epsilons": [1e-9], "sigmas": [0.3]}
    planned, seconds = estimate(grid(**long))
    assert planned.backends == ("numba", "numba")
    assert {c.backend for c in planned.cells} == {"numba"}
    assert 0 < seconds.low <= seconds.high
    # A limit value, a law of noise and stopping together are not for the kernels.
    infinite = [CLIPPED | {"gamma": [0.05, "inf"]}, CLIPPED]
    assert plan(grid(**long | {"methods": infinite[:1]})).backends == ("numpy",)
    assert plan(grid(**long, stop="together")).backends == ("numpy", "numpy")
    assert plan(grid(**long, oracle="gaussian")).backends == ("numpy", "numpy")
    assert plan(grid(**long, backend="numpy")).backends == ("numpy", "numpy")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"methods": [CLIPPED | {"gamma": [0.05, "inf"]}]}, "clipped-gd on quartic: .*finite parameters"),
        ({"stop": "together"}, "clipped-gd on quartic: .*no groups"),
        ({"backend": "fortran"}, "it must be one of auto, numpy, numba"),
    ],
)
def test_compiled_kernels_that_are_asked_for_are_not_replaced(changes, reason):
    with pytest.raises(InputError, match=reason):
        plan(grid(**{"backend": "numba"} | changes))


def test_a_sweep_goes_on_with_the_backend_that_it_began_with(tmp_path, monkeypatch):
    long = grid(max_iterations=2**31 - 1, epsilons=[1e-9], seeds=1)
    with monkeypatch.context() as without, locked(tmp_path / "numpy") as path:
        without.setattr(PLANNING, "available", lambda: False)
        Store.create(path, plan(long))
    with locked(tmp_path / "numpy") as path:
        reopened = Store.reopen(path, long)
    assert set(reopened.plan.backends) == {"numpy"}
    assert plan(long).backends == ("numba", "numba")
    assert dataclasses.replace(reopened.plan, backends=("numba", "numba")) == plan(long)
    with locked(tmp_path / "numba") as path:
        other = Store.create(path, plan(long))
        # Cells of the one are damage in the other.
        assert other.fingerprint != reopened.fingerprint
        monkeypatch.setattr(LAUNCHING, "available", lambda: False)
        with pytest.raises(InputError, match=r"numba is not installed: pip install"):
            sweep(Store.reopen(path, long), here())
        with pytest.raises(InputError, match=r'backend was "auto" and is "numpy"'):
            Store.reopen(path, dataclasses.replace(long, backend="numpy"))


@pytest.mark.parametrize("backends", [["numpy"], ["numpy", "cuda"], [{}, {}], 3])
def test_a_manifest_with_strange_backends_is_refused(tmp_path, backends):
    what = grid()
    with locked(tmp_path) as path:
        Store.create(path, plan(what))
        manifest = json.loads((path / "sweep.json").read_text(encoding="utf-8"))
        (path / "sweep.json").write_text(json.dumps(manifest | {"backends": backends}), encoding="utf-8")
        with pytest.raises(InputError, match="damaged or of another version"):
            Store.reopen(path, what)


def test_kernels_are_compiled_once_before_workers_begin(monkeypatch):
    planned = plan(grid(backend="numba", cell_runs=10))
    solved = []
    original = CELLS.solve
    monkeypatch.setattr(CELLS, "solve", lambda *a, **k: (solved.append(k["backend"]), original(*a, **k))[1])
    prepare(planned.grid, planned.cells)
    assert solved == ["numba"] * 2
    numpy = plan(grid(backend="numpy"))
    solved.clear()
    prepare(numpy.grid, numpy.cells)
    assert solved == []
