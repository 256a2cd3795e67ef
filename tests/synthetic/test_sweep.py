"""A sweep gives the same bytes wherever it runs and however often it is killed."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import distributed
import numpy as np
import pytest
import xarray as xr

from bounds import method_named
from bounds.errors import InputError
from synthetic import solve
from synthetic.cells import QUANTITIES, Cell, compute
from synthetic.grid_text import grid_from_data
from synthetic.planning import estimate, plan
from synthetic.store import DATASET, Store, locked
from synthetic.sweep import dataset, sweep
from synthetic.workers import here, lent, processes

BASE = {
    "landscapes": ["cosh", "regularized-logistic", {"function": "x**4/4 + cosh(2*y)", "L0": 4, "L1": 2}],
    "methods": [
        {"method": "clipped-gd", "eta": "1/(10*L0)", "gamma": [0.05, "epsilon/2"]},
        {"method": "momentum-clipping", "eta": "1/(20*L0)", "gamma": 0.05, "beta": [0.5, 0.9]},
    ],
    "epsilons": [0.5, 0.2],
    "sigmas": [0, 0.3],
    "seeds": 8,
    "oracle": "sphere",
    "max_iterations": 100,
    "cell_runs": 20,
}
GRID = grid_from_data(BASE)


def grid(**changes):
    return grid_from_data(BASE | changes)


def begin(folder, what=GRID):
    return Store.create(folder, plan(what))


def contents(folder):
    """Every result file with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.suffix in (".nc", ".npz")}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    with locked(tmp_path_factory.mktemp("whole")) as folder:
        sweep(begin(folder), here())
        return folder


@pytest.fixture
def copied(uninterrupted, tmp_path):
    shutil.copytree(uninterrupted, tmp_path / "copy")
    return tmp_path / "copy"


def test_the_dataset_has_every_run_at_its_labels(uninterrupted):
    labels = {"landscape": "cosh", "setting": "momentum-clipping (eta=1/(20*L0), gamma=0.05, beta=0.9)"}
    place = GRID.places[0].landscape
    with xr.open_dataset(uninterrupted / DATASET, engine="scipy") as found:
        assert tuple(found.sizes[d] for d in ("landscape", "setting", "sigma", "epsilon", "seed")) == GRID.shape
        assert json.loads(found.attrs["grid"]) == json.loads(json.dumps(GRID.data))
        point = found.sel(labels | {"sigma": 0.3, "epsilon": 0.2, "seed": 5})
        run = solve(
            place,
            method_named("momentum-clipping"),
            place.start,
            epsilon=0.2,
            max_iterations=100,
            parameters={"eta": 0.05, "gamma": 0.05, "beta": 0.9},
            oracle=GRID.law,
            sigma=0.3,
            run_ids=[5],
        )
        for name in ("status", "iterations", "mean_gradient_norm", "mean_squared", "last_gradient_norm"):
            assert point[name].item() == getattr(run, name)[0]
        assert point["value"].item() == place.value(run.x)[0]
        assert (point["eta"].item(), point["beta"].item()) == (0.05, 0.9)
        assert np.isnan(found["beta"].sel(setting="clipped-gd (eta=1/(10*L0), gamma=0.05)")).all()
        assert (found["gamma"].sel(setting="clipped-gd (eta=1/(10*L0), gamma=epsilon/2)") == found["epsilon"] / 2).all()


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_results_do_not_depend_on_the_size_of_cells(tmp_path, size):
    small = {"landscapes": BASE["landscapes"][1:], "seeds": 3, "max_iterations": 40}
    found = []
    for each in (size, None):
        with locked(tmp_path / str(each)) as folder:
            store = begin(folder, grid(**small, cell_runs=each))
            sweep(store, here())
            found.append(dataset(store))
    assert found[0].drop_attrs().identical(found[1].drop_attrs())


def test_a_larger_grid_changes_no_run_of_the_smaller_one(tmp_path, uninterrupted):
    with locked(tmp_path) as folder:
        store = begin(folder, grid(seeds=[9, 5, 0], epsilons=[0.2, 0.4, 0.1], landscapes=["cosh", "quartic"]))
        sweep(store, here())
        other = dataset(store)
    shared = {"landscape": "cosh", "epsilon": 0.2, "seed": [5, 0]}
    settings = [s for s in GRID.settings if "L0" not in dict(s.values)["gamma"]]
    with xr.open_dataset(uninterrupted / DATASET, engine="scipy") as found:
        for setting in settings:
            for name in QUANTITIES:
                one, two = (d[name].sel(shared | {"setting": setting.label}).to_numpy() for d in (found, other))
                np.testing.assert_array_equal(one, two)


def test_repetitions_that_stop_together_are_never_cut_apart():
    together = grid(stop="together", cell_runs=20)
    cells = plan(together).cells
    assert all(cell.low % 8 == 0 and cell.runs % 8 == 0 for cell in cells)
    columns, _ = compute(together, cells[-1])
    assert all(len(set(group)) == 1 for group in columns["iterations"].reshape(-1, 8))


def test_cells_cover_every_run_once_and_grow_with_the_work():
    planned = plan(grid(cell_runs=None, seeds=2_000, sigmas=[0.1]))
    batches = {}
    for cell in planned.cells:
        assert cell.low == batches.get((cell.place, cell.scheme), 0)
        batches[cell.place, cell.scheme] = cell.high
    assert sum(batches.values()) == planned.grid.runs
    slow = {"landscapes": ["cosh"], "epsilons": [1e-9], "cell_runs": None}
    sizes = [plan(grid(**slow, max_iterations=m)).sizes[0] for m in (10, 1_000, 100_000, 2**31 - 1)]
    assert sizes == sorted(set(sizes), reverse=True)


@pytest.mark.parametrize(
    ("landscape", "backend"),
    [
        *((name, "numpy") for name in ("cosh", "cosh-sum", "anisotropic-quartic", "regularized-logistic")),
        *((name, "numba") for name in ("quartic", "cosh-sum", "regularized-logistic")),
    ],
)
def test_a_cell_takes_no_more_memory_than_stated(landscape, backend):
    mixed = [{"method": "mixed-clipping", "eta": 0.001, "gamma": 0.001, "beta": 0.9, "nu": 0.5}]
    size = {"epsilons": [1e-9], "seeds": 4_000, "max_iterations": 4, "cell_runs": 8_000}
    many = grid(landscapes=[landscape], methods=mixed, oracle="two-point", backend=backend, **size)
    planned = plan(many)
    compute(many, planned.cells[0])
    tracemalloc.start()
    compute(many, planned.cells[0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0.2 * planned.bytes_per_worker < peak <= planned.bytes_per_worker


def test_an_estimate_brackets_the_sample_and_reaches_the_cap():
    capped = {"epsilons": [1e-9], "landscapes": ["cosh"]}
    _, brief = estimate(grid(**capped, max_iterations=100))
    _, long = estimate(grid(**capped, max_iterations=100_000))
    assert brief.low == brief.high
    assert long.high == pytest.approx(100 * long.low)


def test_overhead_stays_below_five_percent(tmp_path):
    reports = []
    with locked(tmp_path) as folder:
        work = grid(landscapes=["cosh"], seeds=400, epsilons=[1e-3], max_iterations=2_000, cell_runs=None)
        sweep(begin(folder, work), here(), progress=reports.append)
    assert reports[-1].solver_seconds >= 0.95 * reports[-1].seconds
    assert reports[-1].seconds_left == 0


# -- executors --------------------------------------------------------------------------------------------------


def test_threads_give_the_same_bytes(tmp_path, uninterrupted):
    with ThreadPoolExecutor(3) as pool, locked(tmp_path) as folder:
        sweep(begin(folder), lent(pool, count=3))
        assert contents(folder) == contents(uninterrupted)


def test_processes_give_the_same_bytes_also_when_one_is_killed(tmp_path, uninterrupted):
    victims = []

    def kill_once(progress):
        if progress.cells_done == 2 and not victims:
            victims.append(multiprocessing.active_children()[0])
            victims[0].kill()

    with locked(tmp_path) as folder:
        sweep(begin(folder), processes(2), progress=kill_once)
        assert victims
        assert contents(folder) == contents(uninterrupted)
    assert multiprocessing.active_children() == []


def test_a_dask_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(tmp_path, uninterrupted):
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        pids = list(client.run(os.getpid).values())

        def kill_once(progress):
            if progress.cells_done == 2 and len(pids) == 2:
                os.kill(pids.pop(), signal.SIGKILL)

        with locked(tmp_path) as folder:
            sweep(begin(folder), lent(client.get_executor(), count=2), progress=kill_once)
            assert len(pids) == 1
            assert contents(folder) == contents(uninterrupted)


def test_an_executor_that_stays_broken_is_given_up(tmp_path):
    broken = ThreadPoolExecutor(1, initializer=int, initargs=("no number",))
    with locked(tmp_path) as folder, broken, pytest.raises(InputError, match="workers died 3 times"):
        sweep(begin(folder), lent(broken, count=1))


# -- stopping and going on --------------------------------------------------------------------------------------

_KILLED = """
    import json, os, random, signal, sys, time
    from pathlib import Path
    from synthetic.grid_text import grid_from_data
    from synthetic.planning import plan
    from synthetic.store import Store, locked
    from synthetic.sweep import sweep
    from synthetic.workers import here

    grid, root, wanted = grid_from_data(json.loads(sys.argv[1])), Path(sys.argv[2]), int(sys.argv[3])
    pause = random.Random(int(sys.argv[4]))
    planned = plan(grid)

    def run(out):
        with locked(out) as folder:
            sweep(Store.reopen(folder, grid) or Store.create(folder, planned), here())

    # The first one compiles what the children inherit, the second one is timed.
    run(root / "first")
    began = time.perf_counter()
    run(root / "second")
    whole = time.perf_counter() - began
    midway, rounds = 0, 0
    # A kill counts when it came after the first cell and before the last; every sweep is killed until it ends.
    while midway < wanted:
        rounds += 1
        out, status = root / str(rounds), None
        while status != 0:
            child = os.fork()
            if child == 0:
                run(out)
                os._exit(0)
            time.sleep(pause.uniform(0, whole / 2))
            os.kill(child, signal.SIGKILL)
            status = os.waitpid(child, 0)[1]
            assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL, status
            midway += status != 0 and 0 < len(list((out / "cells").glob("0*.npz"))) < len(planned.cells)
"""


def test_kills_at_random_moments_leave_the_same_bytes(tmp_path, uninterrupted):
    seed = str(random.SystemRandom().randrange(10**9))
    script = [sys.executable, "-c", textwrap.dedent(_KILLED), json.dumps(BASE), str(tmp_path), "12", seed]
    result = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, (seed, result.stderr)
    for folder in tmp_path.iterdir():
        assert contents(folder) == contents(uninterrupted), seed
    assert list(tmp_path.rglob(".writing-*")) == []


def test_an_interrupt_keeps_finished_cells(tmp_path, uninterrupted):
    def stop(progress):
        if progress.cells_done == 5:
            raise KeyboardInterrupt

    with locked(tmp_path) as folder:
        store = begin(folder)
        with pytest.raises(KeyboardInterrupt):
            sweep(store, here(), progress=stop)
        assert store.finished() == (set(range(5)), [])
        reports = []
        sweep(store, here(), progress=reports.append)
        assert reports[0].cells_done == 5
        assert contents(folder) == contents(uninterrupted)


def test_only_damaged_cells_are_computed_again(copied, uninterrupted):
    files = sorted((copied / "cells").iterdir())
    files[0].write_bytes(b"")
    files[1].write_bytes(files[1].read_bytes()[:-40])
    files[2].write_bytes(files[3].read_bytes())
    damaged = files[:3]
    untouched = {f: f.stat().st_mtime_ns for f in files[3:]}
    reports = []
    with locked(copied) as folder:
        store = Store.reopen(folder, GRID)
        with pytest.raises(InputError, match="missing or damaged"):
            dataset(store)
        sweep(store, here(), progress=reports.append)
    assert list(reports[0].damaged) == damaged
    assert reports[-1].runs_now == sum(store.plan.cells[i].runs for i in range(3))
    assert {f: f.stat().st_mtime_ns for f in files[3:]} == untouched
    assert contents(copied) == contents(uninterrupted)


def test_no_changed_byte_goes_through(copied):
    with locked(copied) as folder:
        store = Store.reopen(folder, GRID)
        cell = store.plan.cells[0]
        sound, good = store.path(cell).read_bytes(), store.read(cell)
        refused = 0
        for position in range(0, len(sound), 11):
            changed = bytearray(sound)
            changed[position] ^= 1 << position % 8
            store.path(cell).write_bytes(changed)
            found = store.read(cell)
            refused += found is None
            assert found is None or all(np.array_equal(found[n], good[n]) for n in QUANTITIES)
    # The rest of the archive is dates and attributes, which carry no results.
    assert refused > 0.5 * len(range(0, len(sound), 11))


def test_cells_of_another_grid_are_damage(tmp_path, copied):
    with locked(tmp_path / "other") as folder:
        store = begin(folder, grid(seed=1))
        shutil.copy(copied / "cells" / "00000.npz", store.path(store.plan.cells[0]))
        assert store.finished() == (set(), [store.path(store.plan.cells[0])])


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"seed": 1}, "seed was 0 and is 1"),
        ({"epsilons": [0.5, 0.1]}, "epsilons was [0.5, 0.2] and is [0.5, 0.1]"),
        ({"cell_runs": None}, "cell_runs was 20 and is null"),
        (
            {"landscapes": ["cosh", "quartic", "huber"]},
            'landscapes[2].function was "regularized-logistic" and is "quartic"',
        ),
        ({"methods": [BASE["methods"][0]]}, "methods was"),
    ],
)
def test_another_grid_is_refused_with_the_difference(copied, changes, difference):
    with locked(copied) as folder, pytest.raises(InputError) as caught:
        Store.reopen(folder, grid(**changes))
    assert difference in str(caught.value)
    assert len(str(caught.value)) < 900


def test_the_same_grid_written_differently_is_the_same(copied):
    with locked(copied) as folder:
        assert Store.reopen(folder, grid(epsilons=["1/2", 0.2], seeds=list(range(8)))) is not None


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99}', '{"format": 1, "grid": 3, "cell_runs": [1]}'])
def test_a_damaged_manifest_is_refused(tmp_path, text):
    with locked(tmp_path) as folder:
        (folder / "sweep.json").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="damaged or of another version"):
            Store.reopen(folder, GRID)


def test_a_second_sweep_in_the_folder_is_refused(copied):
    with locked(copied) as folder:
        with pytest.raises(InputError, match=f"in use by process {os.getpid()}"), locked(copied):
            pass
        with pytest.raises(InputError, match="holds a sweep"):
            begin(folder)
    with locked(copied):
        pass


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be used"), locked(tmp_path / "file"):
        pass


def test_a_full_disk_costs_one_cell(tmp_path, uninterrupted):
    with locked(tmp_path) as folder:
        store = begin(folder)
        # Writing to this device fails as on a full disk.
        (folder / "cells" / ".writing-00004.npz").symlink_to("/dev/full")
        with pytest.raises(InputError, match=r"No space left on device.*--resume"):
            sweep(store, here())
        assert store.finished() == (set(range(4)), [])
        sweep(store, here())
        assert contents(folder) == contents(uninterrupted)


def test_a_cell_knows_its_place():
    columns, seconds = compute(GRID, Cell(index=0, place=2, scheme=1, low=3, high=9))
    assert {n: (c.shape, c.dtype) for n, c in columns.items()} == {n: ((6,), k) for n, k in QUANTITIES.items()}
    assert seconds > 0
