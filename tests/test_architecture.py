"""One direction: bounds < synthetic < figures < clipbounds; no circles, small modules, few dependencies."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("bounds", "synthetic", "figures", "clipbounds")
LIBRARIES = {"numpy", "scipy", "sympy", "mpmath", "matplotlib", "typer", "rich", "xarray"}
# Packages of the extras: never imported before they are needed.
EXTRAS = {"flint", "z3", "cvc5", "distributed", "threadpoolctl"}
FORBIDDEN_IN_THEORY = {"numpy", "scipy", "matplotlib", "xarray", "typer", "rich"}
# Array evaluation is a door of its own: the rest of the theory does not wait for numpy.
ARRAY_DOORS = {"bounds.arrays", "bounds.intervals", "bounds.programs", "bounds.regimes", "bounds.vectorized"}
ARRAY_LIBRARIES = {"numpy", "xarray"}
LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """Module ``source`` imports module ``target``; ``lazy`` means inside a function."""

    source: str
    target: str
    lazy: bool


def modules_in(root, rooms=ROOMS):
    """Dotted names of all modules of the rooms, with their files."""
    found = {}
    for room in rooms:
        for path in sorted((root / room).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _is_type_checking(node):
    test = node.test
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _imports(node, lazy=False):
    """Import statements below ``node`` that run, each with whether it waits for a call."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, lazy
        elif isinstance(child, ast.If) and _is_type_checking(child):
            for other in child.orelse:
                yield from _imports(ast.Module(body=[other], type_ignores=[]), lazy)
        else:
            waits = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, lazy or waits)


def _targets(statement, source, is_package, known):
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    base = statement.module or ""
    if statement.level:
        package = source.split(".") if is_package else source.split(".")[:-1]
        parent = package[: len(package) - statement.level + 1]
        base = ".".join([*parent, *([base] if base else [])])
    # ``from package import module`` depends on the module; ``from module import name`` on the module itself.
    return [f"{base}.{a.name}" if f"{base}.{a.name}" in known else base for a in statement.names]


def arrows_in(root, rooms=ROOMS):
    known = modules_in(root, rooms)
    return {
        Arrow(source=source, target=target, lazy=lazy)
        for source, path in known.items()
        for statement, lazy in _imports(ast.parse(path.read_text(encoding="utf-8")))
        for target in _targets(statement, source, path.name == "__init__.py", known)
    }


def _room(module):
    return module.partition(".")[0]


def upward(arrows, rooms=ROOMS):
    """Arrows from a room to a later one, lazy imports included."""
    order = {room: position for position, room in enumerate(rooms)}
    return sorted(
        f"{a.source} -> {a.target}"
        for a in arrows
        if _room(a.target) in order and order[_room(a.target)] > order[_room(a.source)]
    )


def cycle(arrows):
    """One import cycle between modules as a list, or an empty list; lazy imports do not count."""
    graph = {}
    for arrow in sorted(arrows, key=lambda a: (a.source, a.target)):
        if not arrow.lazy:
            graph.setdefault(arrow.source, []).append(arrow.target)
    done, path = set(), []

    def visit(module):
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        path.append(module)
        for target in graph.get(module, ()):
            if found := visit(target):
                return found
        path.pop()
        done.add(module)
        return []

    return next((found for module in graph if (found := visit(module))), [])


ARROWS = arrows_in(ROOT)
MODULES = modules_in(ROOT)


def test_the_walk_sees_the_house():
    assert {"bounds.calculator", "bounds.catalogue.sgd"} <= MODULES.keys()
    assert Arrow(source="bounds.calculator", target="bounds.problem", lazy=False) in ARROWS
    assert Arrow(source="bounds.quantities", target="sympy", lazy=True) in ARROWS


def test_no_arrow_points_upward():
    assert upward(ARROWS) == []


def test_no_import_cycle():
    assert cycle(ARROWS) == []


def test_only_the_declared_dependencies():
    allowed = LIBRARIES | set(ROOMS) | set(sys.stdlib_module_names)
    strange = [a for a in ARROWS if _room(a.target) not in allowed and not (a.lazy and _room(a.target) in EXTRAS)]
    assert sorted(f"{a.source} -> {a.target}" for a in strange) == []


def test_theory_starts_without_array_or_plotting_library():
    found = [
        a
        for a in ARROWS
        if _room(a.source) == "bounds"
        and not a.lazy
        and _room(a.target) in FORBIDDEN_IN_THEORY - (ARRAY_LIBRARIES if a.source in ARRAY_DOORS else set())
    ]
    assert found == []


def test_nothing_else_in_theory_waits_for_arrays():
    found = [a for a in ARROWS if _room(a.source) == "bounds" and a.target in ARRAY_DOORS and not a.lazy]
    assert [a for a in found if a.source not in ARRAY_DOORS] == []


@pytest.mark.parametrize("module", MODULES)
def test_modules_stay_small(module):
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("module", [m for m in MODULES if not m.endswith("__main__")])
def test_every_module_names_its_public_names(module):
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    assigned = {t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if hasattr(t, "id")}
    is_empty = all(isinstance(node, ast.Expr) for node in tree.body)
    assert is_empty or "__all__" in assigned


def _plant(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "import clipbounds.cli\n",
        "from clipbounds import cli\n",
        "def f():\n    from clipbounds.cli import main\n    return main\n",
        "try:\n    import clipbounds.cli\nexcept ImportError:\n    pass\n",
    ],
)
def test_the_walk_finds_a_planted_upward_arrow(tmp_path, text):
    _plant(tmp_path, {"bounds/low.py": text, "clipbounds/__init__.py": "", "clipbounds/cli.py": "main = 1\n"})
    assert upward(arrows_in(tmp_path)) == ["bounds.low -> clipbounds.cli"]


def test_the_walk_allows_downward_and_typing_only_arrows(tmp_path):
    typing_only = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import clipbounds.cli\n"
    _plant(tmp_path, {"bounds/low.py": typing_only, "clipbounds/cli.py": "import bounds.low\n"})
    assert upward(arrows_in(tmp_path)) == []
    assert cycle(arrows_in(tmp_path)) == []


@pytest.mark.parametrize("back", ["import bounds.a\n", "from . import a\n", "from bounds.a import x\n"])
def test_the_walk_finds_a_planted_cycle(tmp_path, back):
    files = {"bounds/__init__.py": "", "bounds/a.py": "import bounds.b\nx = 1\n", "bounds/b.py": "import bounds.c\n"}
    _plant(tmp_path, {**files, "bounds/c.py": back})
    assert cycle(arrows_in(tmp_path)) == ["bounds.a", "bounds.b", "bounds.c", "bounds.a"]
    _plant(tmp_path, {"bounds/c.py": f"def f():\n    {back}"})
    assert cycle(arrows_in(tmp_path)) == []
