"""Generated kernels as files: named by their content, written atomically, compiled once, loaded by later processes."""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from bounds.errors import InputError

__all__ = ["cache_folder", "load"]


def cache_folder() -> Path:
    """CLIPBOUNDS_CACHE if set, else clipbounds/kernels in XDG_CACHE_HOME or ~/.cache."""
    own = os.environ.get("CLIPBOUNDS_CACHE")
    if own:
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "clipbounds" / "kernels"


def load(source: str) -> ModuleType:
    """The module with this text, from a file of the cache folder that is written when it is missing or differs.

    Raises
    ------
    InputError : the folder cannot be written.
    """
    return _load(source, cache_folder())


@functools.cache
def _load(source: str, folder: Path) -> ModuleType:
    name = f"clipbounds_kernel_{hashlib.sha256(source.encode()).hexdigest()[:24]}"
    path = folder / f"{name}.py"
    try:
        _write(path, source)
    except OSError as reason:
        raise InputError(
            f"the kernel cache {folder} cannot be used ({reason.strerror}): set CLIPBOUNDS_CACHE to a folder that can."
        ) from None
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no loader for {path}")
    module = importlib.util.module_from_spec(spec)
    # The compiler looks modules up by name when it unpacks a cached kernel.
    sys.modules[name] = module
    try:
        with _without_collections():
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Compiling makes many objects and little garbage; looking for it takes a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _write(path: Path, source: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == source:
        return
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem}_", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(source)
        # Renaming is atomic: another process sees the whole file or none.
        os.replace(scratch, path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
