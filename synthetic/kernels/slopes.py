"""The gradient of a form as generated code: functions of numbers, and statements about the vectors of a lane."""

from __future__ import annotations

import functools
import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import indent
from typing import Any, Final

from bounds.errors import InputError
from synthetic.derivatives import gradient_entries, prepared
from synthetic.forms import Explicit, Form, Radial, Scaled, Separable
from synthetic.kernels import elementary
from synthetic.kernels.layouts import Layout
from synthetic.kernels.printer import code_of

__all__ = ["Slopes", "function_text", "slopes_of"]

# Up to this many characters of code for its gradient, an iteration is written as one loop over the lanes.
_FUSED: Final = 1000
_TAKEN: Final = frozenset({*keyword.kwlist, *elementary.__all__, "np", "njit", "slope", "erfcx"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """Code for a gradient.

    Attributes
    ----------
    functions : definitions that ``statements`` uses.
    statements : for a layout, code that computes the vector G from the vector X.
    vectors : rows of further vectors, by name.
    fusable : whether the statements suit :class:`Fused`.
    """

    functions: tuple[str, ...]
    statements: Callable[[Layout], str]
    vectors: dict[str, int] = field(default_factory=dict)
    fusable: bool


def slopes_of(form: Form) -> Slopes:
    """The code for a form.

    Raises
    ------
    InputError : a kind of form, or a function in it, that the kernels do not cover.
    """
    units: list[Scaled] = []
    while isinstance(form, Scaled):
        units.append(form)
        form = form.form
    if isinstance(form, Explicit):
        return _explicit(form, units)
    if isinstance(form, Separable):
        return _separable(form, units)
    if isinstance(form, Radial) and form.dimension > 1:
        return _radial(form, units)
    raise InputError(f"the kernels do not cover {type(form).__name__} forms: use the numpy backend.")


def function_text(name: str, expressions: tuple[Any, ...], variables: tuple[Any, ...], *, cse: bool = True) -> str:
    """A function that returns the expressions, one number or a tuple."""
    for variable in variables:
        # Names become part of a program, so they must be nothing but names, and not those of its own functions.
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", str(variable)) or str(variable) in _TAKEN:
            raise InputError(f"the kernels have no variable called {str(variable)!r}: use the numpy backend.")
    steps, results = prepared(expressions) if cse else ((), expressions)
    lines = [f"{symbol} = {code_of(expression)}" for symbol, expression in steps]
    lines.append(f"return {', '.join(map(code_of, results))}")
    return f"def {name}({', '.join(map(str, variables))}):\n{indent(chr(10).join(lines), '    ')}\n"


def _explicit(form: Explicit, units: list[Scaled]) -> Slopes:
    functions = _scaled_function("slopes", gradient_entries(form.formula, form.variables), form.variables, units)

    def statements(layout: Layout) -> str:
        entries = range(form.dimension)
        found, points = (", ".join(layout.entry(v, c) for c in entries) for v in "GX")
        return layout.once(f"{found} = slopes({points})")

    return Slopes(functions=functions, statements=statements, fusable=len("".join(functions)) < _FUSED)


def _separable(form: Separable, units: list[Scaled]) -> Slopes:
    entries = gradient_entries(form.profile, (form.variable,))
    functions = _scaled_function("slope", entries, (form.variable,), units)

    def statements(layout: Layout) -> str:
        return layout.each(lambda c: f"{layout.entry('G', c)} = slope({layout.entry('X', c)})")

    fusable = form.dimension * len("".join(functions)) < _FUSED
    return Slopes(functions=functions, statements=statements, fusable=fusable)


def _scaled_function(
    name: str, entries: tuple[Any, ...], variables: tuple[Any, ...], units: list[Scaled]
) -> tuple[str, ...]:
    if not units:
        return (function_text(name, entries, variables),)
    names = [f"p{c}" for c in range(len(variables))]
    lines = [f"{p} = {p} / {float(unit.point_unit)!r}" for unit in units for p in names]
    results = [f"q{c}" for c in range(len(entries))]
    lines.append(f"{', '.join(results)} = inner_{name}({', '.join(names)})")
    lines += [f"{q} = {q} * {float(u.value_unit / u.point_unit)!r}" for u in reversed(units) for q in results]
    lines.append(f"return {', '.join(results)}")
    outer = f"def {name}({', '.join(names)}):\n{indent(chr(10).join(lines), '    ')}\n"
    return function_text(f"inner_{name}", entries, variables), outer


def _radial(form: Radial, units: list[Scaled]) -> Slopes:
    d = form.dimension
    m = d if form.matrix is None else len(form.matrix)
    profile = function_text("slope", gradient_entries(form.profile, (form.variable,)), (form.variable,))
    # Y is the point in the unit of the profile, Z its image.
    image = "Y" if form.matrix is None else "Z"

    def statements(layout: Layout) -> str:
        def entries(line: Callable[[Callable[[str], str]], str], count: int = d) -> str:
            return layout.each(lambda c: line(lambda vector: layout.entry(vector, c)), count)

        text = entries(lambda v: f"{v('Y')} = {v('X')}")
        for point_unit in [float(unit.point_unit) for unit in units]:
            text += entries(functools.partial(_applied, "Y", f"/ {point_unit!r}"))
        if form.matrix is not None:
            text += _product(layout, "Z", "MATRIX[row, c]", "Y", (m, d))
        r, slope = layout.scalar("RADIUS"), layout.scalar("STEEPNESS")
        text += layout.square_sum(image, "RADIUS", m) + layout.once(f"{slope} = slope({r})")
        target = "G" if form.matrix is None else "Z"
        text += entries(lambda v: f"{v(target)} = {slope} * where({r} > 0.0, {v(image)} / {r}, 0.0)", m)
        if form.matrix is not None:
            text += _product(layout, "G", "MATRIX[c, row]", "Z", (d, m))
        for slope_unit in [float(unit.value_unit / unit.point_unit) for unit in reversed(units)]:
            text += entries(functools.partial(_applied, "G", f"* {slope_unit!r}"))
        return text

    if form.matrix is None:
        return Slopes(functions=(profile,), statements=statements, vectors={"Y": d}, fusable=60 * d < _FUSED)
    functions = (profile, f"MATRIX = np.array({form.matrix!r})\n")
    return Slopes(functions=functions, statements=statements, vectors={"Y": d, "Z": m}, fusable=False)


def _applied(vector: str, operation: str, v: Callable[[str], str]) -> str:
    return f"{v(vector)} = {v(vector)} {operation}"


def _product(layout: Layout, into: str, factor: str, vector: str, shape: tuple[int, int]) -> str:
    """into = A vector for the matrix with entries ``factor`` at (row, c)."""
    target = layout.entry(into, "row")
    line = layout.each(lambda c: f"{target} += {factor} * {layout.entry(vector, c)}", shape[1])
    return f"for row in range({shape[0]}):\n" + indent(layout.once(f"{target} = 0.0") + line, "    ")
