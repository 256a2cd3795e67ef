"""The interrupt key ends what is running, and workers outlive neither their sweep nor their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from bounds.methods import method_named
from synthetic.chains import chain
from synthetic.kernels import usable_cpus
from synthetic.landscapes import landscape_named, quartic
from synthetic.solve import solve
from synthetic.workers import here, lent, processes

LANDSCAPES = {
    "line": quartic(),
    "sum": landscape_named("regularized-logistic"),
    "chain": chain("L0", L0=1, L1=1, delta=30, epsilon="1/2").landscape,
}


def endless(kind, backend, threads, cap):
    return solve(
        LANDSCAPES[kind],
        method_named("clipped-gd"),
        LANDSCAPES[kind].start,
        epsilon=[1e-300] * 40,
        max_iterations=cap,
        parameters={"eta": 1e-3, "gamma": 1e-3},
        backend=backend,
        threads=threads,
    )


@pytest.mark.parametrize(
    ("kind", "backend", "threads"),
    [(kind, "numba", threads) for kind in LANDSCAPES for threads in (1, 2)] + [("line", "numpy", 1)],
)
def test_the_interrupt_key_ends_a_long_run(kind, backend, threads):
    endless(kind, backend, threads, cap=2)
    # A kernel that does not hear it would hold this thread for a minute or more.
    # A process that runs tests for another one may have been told to ignore the key.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    running = threading.active_count()
    timer.start()
    began = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        endless(kind, backend, threads, cap=2**31 - 1 if kind == "line" else 4 * 10**6)
    elapsed = time.perf_counter() - began
    timer.join()
    signal.signal(signal.SIGINT, before)
    assert elapsed < 5
    assert threading.active_count() == running


def test_workers_share_the_cpus():
    cpus = usable_cpus()
    assert here().threads is None
    assert here(threads=1).threads == 1
    assert processes(1).threads == cpus
    assert processes(cpus).threads == 1
    assert processes(2 * cpus).threads == 1
    assert processes(2, threads=3).threads == 3
    assert lent(None, count=7).threads == 1


_PARENT = """
    import os, signal, sys, time
    from synthetic.workers import processes

    if __name__ == "__main__":
        with processes(2, threads=3).open() as pool:
            # Before the workers are there: what they have inherited.
            print(pool.submit(os.getenv, "OMP_NUM_THREADS").result(), os.getenv("OMP_NUM_THREADS"))
            print(pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result() == {signal.SIGINT})
            print(signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set())
            print(pool.submit(os.getpid).result(), flush=True)
            for _ in range(4):
                pool.submit(time.sleep, 600)
            if os.fork() == 0:
                # A child with all open files of its parent.
                print(os.getpid(), flush=True)
                time.sleep(600)
                os._exit(0)
            time.sleep(600)
"""


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_workers_inherit_threads_and_leave_with_their_parent(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(textwrap.dedent(_PARENT), encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    found = []
    try:
        assert [parent.stdout.readline().split() for _ in range(3)] == [["3", "None"], ["True"], ["True"]]
        found = [int(parent.stdout.readline()) for _ in range(2)]
        worker, child = found
        parent.kill()
        parent.wait()
        end = time.monotonic() + 10
        while running(worker):
            assert time.monotonic() < end
            time.sleep(0.02)
        assert running(child)
    finally:
        parent.kill()
        for pid in found:
            if running(pid):
                os.kill(pid, signal.SIGKILL)
        parent.communicate()
