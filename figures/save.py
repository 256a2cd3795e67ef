"""Writing results: everything or nothing."""

from __future__ import annotations

import csv
import dataclasses
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from bounds.errors import InputError
from figures.rows import Row, dataset
from figures.style import styled

__all__ = ["Writer", "prepare_folder", "save_columns", "save_figure", "save_rows", "write_all"]

Writer = Callable[[Path], None]


def prepare_folder(folder: Path) -> Path:
    """Create the folder and prove that it can be written, before any work is done.

    Raises
    ------
    InputError : it cannot be created or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise InputError(
            f"output folder {str(folder)!r} cannot be used: {reason}; give a folder you can write."
        ) from None
    return folder


def write_all(folder: Path, writers: dict[str, Writer]) -> list[Path]:
    """Write every file into a scratch folder first, then move them in: a failure leaves nothing half-written."""
    scratch = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        for name, writer in writers.items():
            writer(scratch / name)
        for name in writers:
            os.replace(scratch / name, folder / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return [folder / name for name in writers]


def save_figure(figure: Figure, stem: str) -> dict[str, Writer]:
    """Writers for PNG, SVG and PDF; the SVG and PDF carry no date, so equal data give equal bytes."""

    def writer(kind: str) -> Writer:
        metadata: dict[str, None] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})

        def write(path: Path) -> None:
            with styled():
                figure.savefig(path, format=kind, metadata=metadata)

        return write

    return {f"{stem}.{kind}": writer(kind) for kind in ("png", "svg", "pdf")}


def save_rows(rows: Sequence[Row], stem: str) -> dict[str, Writer]:
    """Writers for CSV and NetCDF."""

    def write_csv(path: Path) -> None:
        names = [f.name for f in dataclasses.fields(Row)]
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow([*names, "ratio"])
            table.writerows([*(getattr(r, n) for n in names), r.ratio] for r in rows)

    def write_netcdf(path: Path) -> None:
        dataset(rows).to_netcdf(path, engine="scipy")

    return {f"{stem}.csv": write_csv, f"{stem}.nc": write_netcdf}


def save_columns(columns: Mapping[str, npt.ArrayLike], stem: str, *, units: Mapping[str, str]) -> dict[str, Writer]:
    """Writers for columns of one length as CSV and NetCDF; columns without units are dimensionless.

    Raises
    ------
    InputError : columns of different lengths.
    """
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    lengths = {name: len(column) for name, column in arrays.items()}
    if len(set(lengths.values())) != 1:
        raise InputError(f"columns have lengths {lengths}: all must be equal.")

    def write_csv(path: Path) -> None:
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(arrays)
            table.writerows(zip(*(a.tolist() for a in arrays.values()), strict=True))

    def write_netcdf(path: Path) -> None:
        import xarray as xr

        data = {n: ("point", a, {"units": units.get(n, "dimensionless")}) for n, a in arrays.items()}
        xr.Dataset(data).to_netcdf(path, engine="scipy")

    return {f"{stem}.csv": write_csv, f"{stem}.nc": write_netcdf}
