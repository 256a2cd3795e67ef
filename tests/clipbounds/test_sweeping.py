"""The command sweep as a user meets it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import distributed
import pytest
import xarray as xr

from bounds.errors import InputError
from clipbounds.sweeping import rehearse, run_sweep, workers_for
from synthetic.grid import Grid
from synthetic.grid_text import read_grid
from synthetic.store import Store, locked

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = DOCS / "examples" / "sweep.toml"
PAGE = (DOCS / "sweeps.md").read_text(encoding="utf-8")
SMALL = """
landscapes = ["cosh", "quartic"]
epsilons = [0.5, 0.2]
max_iterations = {cap}
cell_runs = {cell}

[[methods]]
method = "clipped-gd"
eta = ["1/(10*L0)", "1/(20*L0)"]
gamma = 0.05
"""


def command(config, out, *more):
    return [sys.executable, "-W", "error", "-m", "clipbounds", "sweep", str(config), "--out", str(out), *more]


def small(folder, *, cap=200, cell=2):
    file = folder / "small.toml"
    file.write_text(SMALL.format(cap=cap, cell=cell), encoding="utf-8")
    return file


def call(config, out, **options):
    return run_sweep(config, out, **{"resume": False, "local": 1, "scheduler": None, "as_json": False} | options)


def test_the_example_can_be_run():
    grid = read_grid(EXAMPLE)
    assert grid.runs > 1_000
    assert all(grid.parameters(p, s) for p in grid.places for s in grid.settings)


def test_the_page_describes_every_entry():
    described = {n for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for n in re.findall(r"\w+", row)}
    assert described == {f.name for f in dataclasses.fields(Grid)} - {"places", "schemes"} | {"landscapes", "methods"}


def test_the_python_example_of_the_page_runs(tmp_path):
    example = re.search(r"```python\n(from pathlib.*?)```", PAGE, re.DOTALL)[1]
    config = small(tmp_path)
    script = tmp_path / "example.py"
    script.write_text(
        example.replace("processes(4)", "processes(1)")
        .replace("docs/examples/sweep.toml", str(config))
        .replace('"out"', f'"{tmp_path / "out"}"'),
        encoding="utf-8",
    )
    paths = {"PYTHONPATH": str(DOCS.parent)}
    subprocess.run([sys.executable, "-W", "error", str(script)], env=os.environ | paths, check=True, timeout=120)
    with xr.open_dataset(tmp_path / "out" / "sweep.nc", engine="scipy") as found:
        assert found["iterations"].size == read_grid(config).runs


def test_a_dask_scheduler_is_used(tmp_path):
    config = small(tmp_path)
    options = {"processes": False, "protocol": "tcp://", "dashboard_address": None}
    with distributed.LocalCluster(n_workers=0, **options) as cluster:
        with pytest.raises(InputError, match="has no workers"):
            call(config, tmp_path / "none", local=None, scheduler=cluster.scheduler_address)
        cluster.scale(1)
        cluster.wait_for_workers(1)
        assert call(config, tmp_path / "dask", local=None, scheduler=cluster.scheduler_address)
    assert call(config, tmp_path / "here")
    assert (tmp_path / "dask" / "sweep.nc").read_bytes() == (tmp_path / "here" / "sweep.nc").read_bytes()


def test_a_sweep_reports_what_it_did(tmp_path, capsys):
    config = small(tmp_path)
    assert call(config, tmp_path / "out", as_json=True)
    first = capsys.readouterr()
    answer = json.loads(first.out)
    assert (answer["runs"], answer["runs_now"], answer["cells"]) == (8, 8, 4)
    assert sum(answer["status"].values()) == 8
    assert answer["damaged"] == []
    assert 0 < answer["solver_share"] <= 1
    assert "Memory: at most" in first.err
    with xr.open_dataset(answer["dataset"], engine="scipy") as found:
        assert int((found["status"] == 0).sum()) == answer["status"]["converged"]
    (tmp_path / "out" / "cells" / "00001.npz").write_bytes(b"nothing")
    assert call(config, tmp_path / "out", resume=True)
    second = capsys.readouterr()
    assert "00001.npz" in second.err
    assert "8 runs, 6 of them from before" in second.out
    with pytest.raises(InputError, match="continue it with --resume"):
        call(config, tmp_path / "out")
    with pytest.raises(InputError, match=r"max_iterations was 200 and is 300"):
        call(small(tmp_path, cap=300), tmp_path / "out", resume=True)


def test_a_dry_run_counts_and_writes_nothing(tmp_path, capsys):
    config = small(tmp_path)
    before = set(tmp_path.iterdir())
    rehearse(config, local=2, as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["runs"], answer["cells"], answer["workers"]) == (8, 4, 2)
    assert 0 < answer["core_seconds"]["low"] <= answer["core_seconds"]["high"]
    assert min(answer["memory_bytes"].values()) > 0
    rehearse(config, local=1, as_json=False)
    text = capsys.readouterr().out
    assert "8 runs in 4 cells; estimated time: " in text
    assert "Memory: at most" in text
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"out": None}, "--out is missing"),
        ({"local": 0}, "0 processes are not allowed"),
        ({"local": 2, "scheduler": "tcp://127.0.0.1:1"}, "exclude each other"),
        ({"local": None, "scheduler": "nowhere:x"}, "no dask scheduler answers"),
    ],
)
def test_bad_options_are_one_sentence(tmp_path, options, message):
    with pytest.raises(InputError, match=message) as caught:
        call(small(tmp_path), **{"out": tmp_path / "out"} | options)
    assert "\n" not in str(caught.value)


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r'pip install "clipbounds\[cluster\]"'), workers_for(None, "tcp://x:1"):
        pass


def _wait_for_a_cell(out, process):
    end = time.monotonic() + 60
    while not list((out / "cells").glob("0*.npz")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def _group(leader):
    """Living processes whose group is that of ``leader``."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            found.append(path.parent.name)
    return found


@pytest.fixture
def begun(tmp_path):
    """A sweep in new processes, most of whose cells take far longer than a test waits."""
    config, out = small(tmp_path, cap=2**31 - 1, cell=1), tmp_path / "out"
    config.write_text(config.read_text(encoding="utf-8").replace("[0.5, 0.2]", "[0.5, 1e-300]"), encoding="utf-8")
    process = subprocess.Popen(
        command(config, out, "--local", "2"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process, config, out
    finally:
        # Nothing of a session of its own ends with the tests when these are interrupted.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _all_gone(leader):
    end = time.monotonic() + 10
    while _group(leader):
        assert time.monotonic() < end
        time.sleep(0.05)


# A terminal sends the interrupt key to the workers too.
@pytest.mark.parametrize(
    ("send", "sign", "code"),
    [(os.kill, signal.SIGINT, 130), (os.killpg, signal.SIGINT, 130), (os.kill, signal.SIGKILL, -signal.SIGKILL)],
)
def test_a_stopped_sweep_leaves_no_process_and_can_be_continued(begun, send, sign, code):
    process, config, out = begun
    _wait_for_a_cell(out, process)
    send(process.pid, sign)
    printed, notes = process.communicate(timeout=30)
    assert process.returncode == code
    assert printed == ""
    if sign == signal.SIGINT:
        assert "of 8 cells" in notes
        assert f"continue with: clipbounds sweep {config} --out {out} --resume" in notes
        assert "Traceback" not in notes
    _all_gone(process.pid)
    with locked(out) as folder:
        finished, damaged = Store.reopen(folder, read_grid(config)).finished()
    assert finished
    assert not damaged


@pytest.mark.parametrize("wait", [0.0, 0.3, 1.0])
def test_an_interrupt_while_workers_start_is_quiet(begun, wait):
    process, _, _ = begun
    first = process.stderr.readline()
    assert "runs in 8 cells" in first
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGINT)
    printed, notes = process.communicate(timeout=30)
    assert (process.returncode, printed) == (130, "")
    assert "interrupted after" in notes
    assert "Traceback" not in notes
    _all_gone(process.pid)
