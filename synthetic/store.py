"""Results of a sweep on disk, one file for each cell.

    sweep.json      the grid, the sizes of its cells and the backends of the solver, written before the first cell
    cells/00012.npz the results of one cell, with a checksum over them, the cell's number and the grid
    sweep.nc        everything, labelled, when all cells are there
    lock            held while a process works here

Files appear under their names when they are complete (written aside, then moved), and a cell that does not match its
checksum counts as missing. So whatever happens at whatever moment, the finished cells are kept, and the final dataset
is the same, byte for byte.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, get_args

import numpy as np
import numpy.typing as npt

from bounds.errors import InputError
from synthetic.cells import QUANTITIES, Cell, Chosen, Columns, Plan
from synthetic.grid import Grid

__all__ = ["DATASET", "Store", "locked"]

DATASET: Final = "sweep.nc"
_FORMAT: Final = 2
_MANIFEST: Final = "sweep.json"
_CELLS: Final = "cells"
_LOCK: Final = "lock"
_ASIDE: Final = ".writing-"
_SHOWN: Final = 4


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Create the folder if need be, and keep every other process out of it.

    Raises
    ------
    InputError : the folder cannot be written, or another process works in it.
    """
    try:
        (folder / _CELLS).mkdir(parents=True, exist_ok=True)
        file = (folder / _LOCK).open("a+", encoding="ascii")
    except OSError as error:
        raise InputError(
            f"folder {str(folder)!r} cannot be used: {error.strerror}; give a folder you can write."
        ) from None
    with file:
        try:
            # The system releases the lock when the process ends, however it ends.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            owner = file.read().strip() or "?"
            raise InputError(
                f"folder {str(folder)!r} is in use by process {owner}; wait for it, or give another folder."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        for left in (*folder.glob(f"{_ASIDE}*"), *(folder / _CELLS).glob(f"{_ASIDE}*")):
            left.unlink(missing_ok=True)
        yield folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The files of one sweep; use it inside :func:`locked`."""

    folder: Path
    plan: Plan
    fingerprint: str

    @classmethod
    def create(cls, folder: Path, plan: Plan) -> Self:
        """Begin a sweep.

        Raises
        ------
        InputError : the folder holds one already, or cannot be written.
        """
        if (folder / _MANIFEST).exists():
            raise InputError(
                f"folder {str(folder)!r} holds a sweep; continue it with --resume, or give another folder."
            )
        manifest = {"format": _FORMAT, "grid": plan.grid.data, "cell_runs": plan.sizes, "backends": plan.backends}
        _write(folder / _MANIFEST, json.dumps(manifest, indent=1).encode(), lasting=True)
        return cls(folder=folder, plan=plan, fingerprint=_fingerprint(plan))

    @staticmethod
    def refuse_another(folder: Path) -> None:
        """Refuse a folder that holds a sweep already, before the work of planning a new one."""
        if (folder / _MANIFEST).exists():
            raise InputError(
                f"folder {str(folder)!r} holds a sweep; continue it with --resume, or give another folder."
            )

    @classmethod
    def reopen(cls, folder: Path, grid: Grid) -> Self | None:
        """The sweep of this grid in the folder, or None when it holds no sweep yet.

        Raises
        ------
        InputError : the sweep in the folder is that of another grid, and the sentence says where they differ.
        """
        damaged = InputError(f"{folder / _MANIFEST} is damaged or of another version; give another folder.")
        try:
            manifest = json.loads((folder / _MANIFEST).read_bytes())
            sizes, stored = tuple(map(int, manifest["cell_runs"])), dict(manifest["grid"])
            backends = tuple(manifest["backends"])
            if manifest["format"] != _FORMAT:
                raise damaged
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            raise damaged from None
        # Through JSON, so that tuples and lists compare equal.
        given = json.loads(json.dumps(grid.data))
        if differences := list(_differences(stored, given)):
            more = f" and {len(differences) - _SHOWN} more" if len(differences) > _SHOWN else ""
            shown = "; ".join(differences[:_SHOWN]) + more
            raise InputError(f"folder {str(folder)!r} holds another sweep: {shown}; give another folder.")
        batches = len(grid.places) * len(grid.schemes)
        sound = min(sizes, default=0) >= 1 and all(b in get_args(Chosen) for b in backends)
        if not sound or len(sizes) != batches or len(backends) != batches:
            raise damaged
        plan = Plan(grid=grid, sizes=sizes, backends=backends)
        return cls(folder=folder, plan=plan, fingerprint=_fingerprint(plan))

    def path(self, cell: Cell) -> Path:
        """The file of a cell."""
        return self.folder / _CELLS / f"{cell.index:05d}.npz"

    def write(self, cell: Cell, columns: Columns) -> None:
        """Store a cell.

        Raises
        ------
        InputError : the disk is full or refuses for another reason.
        """
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {"checksum": self._checksum(cell, columns), **{k: columns[k] for k in QUANTITIES}}
        np.savez(buffer, **arrays)
        _write(self.path(cell), buffer.getvalue())

    def read(self, cell: Cell) -> dict[str, npt.NDArray[Any]] | None:
        """The results of a cell, or None when its file is missing or damaged."""
        try:
            data = self.path(cell).read_bytes()
        except OSError:
            return None
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                columns = {name: file[name] for name in QUANTITIES}
                checksum = file["checksum"]
        except Exception:
            # Any error at all is damage here; zip, zlib and numpy have a dozen kinds between them.
            return None
        sound = all(c.shape == (cell.runs,) and c.dtype == QUANTITIES[n] for n, c in columns.items())
        return columns if sound and np.array_equal(checksum, self._checksum(cell, columns)) else None

    def finished(self) -> tuple[set[int], list[Path]]:
        """The numbers of the cells that are there and sound, and the files that are there and damaged."""
        found: set[int] = set()
        damaged: list[Path] = []
        for cell in self.plan.cells:
            if self.path(cell).exists():
                if self.read(cell) is None:
                    damaged.append(self.path(cell))
                else:
                    found.add(cell.index)
        return found, damaged

    def write_dataset(self, data: bytes | memoryview) -> Path:
        """Store the final dataset; errors as for :meth:`write`."""
        _write(self.folder / DATASET, data, lasting=True)
        return self.folder / DATASET

    def _checksum(self, cell: Cell, columns: Columns) -> npt.NDArray[np.uint8]:
        digest = hashlib.sha256(f"{self.fingerprint} {cell.index}".encode())
        for name in QUANTITIES:
            digest.update(columns[name].tobytes())
        return np.frombuffer(digest.digest(), dtype=np.uint8)


def _fingerprint(plan: Plan) -> str:
    text = json.dumps([_FORMAT, plan.grid.data, plan.sizes, plan.backends], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(path: Path, data: bytes | memoryview, *, lasting: bool = False) -> None:
    aside = path.with_name(_ASIDE + path.name)
    try:
        with aside.open("wb") as file:
            file.write(data)
            if lasting:
                # Cells need no such care: one that a power cut took is computed again.
                file.flush()
                os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise InputError(
            f"{path} cannot be written: {error.strerror}; what was finished is kept, make room and use --resume."
        ) from None


def _differences(stored: Any, given: Any, at: str = "") -> Iterator[str]:
    """Sentences on the entries in which two JSON values differ."""
    if isinstance(stored, Mapping) and isinstance(given, Mapping):
        for key in dict.fromkeys((*stored, *given)):
            yield from _differences(stored.get(key), given.get(key), f"{at}.{key}" if at else key)
    elif _is_table(stored) and _is_table(given) and len(stored) == len(given):
        for position, (one, other) in enumerate(zip(stored, given, strict=True), start=1):
            yield from _differences(one, other, f"{at}[{position}]")
    elif stored != given:
        yield f"{at} was {_short(stored)} and is {_short(given)}"


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(v, Mapping) for v in value)


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
