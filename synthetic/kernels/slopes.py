"""The gradient of a form as generated code: functions of numbers, and loops over the lanes of the work buffer."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent
from typing import Any

from bounds.errors import InputError
from synthetic.derivatives import gradient_entries, prepared
from synthetic.forms import Explicit, Form, Radial, Scaled, Separable
from synthetic.kernels.printer import code_of

__all__ = ["Slopes", "function_text", "slopes_of", "squares_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """Code for a gradient.

    Attributes
    ----------
    functions : definitions; in one dimension ``slope(x)`` is the derivative.
    loops : statements that fill the rows from G on with the gradients at the rows from X on (more dimensions).
    scratch : number of further rows, from Y on.
    """

    functions: str
    loops: str = ""
    scratch: int = 0


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
        entries = gradient_entries(form.profile, (form.variable,))
        return Slopes(
            functions=_scaled_function("slope", entries, (form.variable,), units),
            loops="" if form.dimension == 1 else "for i in range(d * W):\n    b[G + i] = slope(b[X + i])\n",
        )
    if isinstance(form, Radial) and form.dimension > 1:
        return _radial(form, units)
    raise InputError(f"the kernels do not cover {type(form).__name__} forms: use the numpy backend.")


def function_text(name: str, expressions: tuple[Any, ...], variables: tuple[Any, ...], *, cse: bool = True) -> str:
    """A function that returns the expressions, one number or a tuple."""
    steps, results = prepared(expressions) if cse else ((), expressions)
    lines = [f"{symbol} = {code_of(expression)}" for symbol, expression in steps]
    lines.append(f"return {', '.join(map(code_of, results))}")
    return f"def {name}({', '.join(map(str, variables))}):\n{indent(chr(10).join(lines), '    ')}\n"


def squares_text(terms: list[str]) -> str:
    """The sum of the terms in the order of numpy's pairwise summation, for at most 128 terms."""
    if len(terms) < 8:
        return " + ".join(terms)
    whole = len(terms) - len(terms) % 8
    lane = [" + ".join(terms[k:whole:8]) for k in range(8)]
    pairs = [f"(({a}) + ({b}))" for a, b in zip(lane[::2], lane[1::2], strict=True)]
    return " + ".join([f"(({pairs[0]} + {pairs[1]}) + ({pairs[2]} + {pairs[3]}))", *terms[whole:]])


def _explicit(form: Explicit, units: list[Scaled]) -> Slopes:
    d = form.dimension
    entries = gradient_entries(form.formula, form.variables)
    if d == 1:
        return Slopes(functions=_scaled_function("slope", entries, form.variables, units))
    points = ", ".join(f"b[X + {c} * W + j]" for c in range(d))
    found = ", ".join(f"g{c}" for c in range(d))
    lines = [f"{found} = slopes({points})", *(f"b[G + {c} * W + j] = g{c}" for c in range(d))]
    return Slopes(
        functions=_scaled_function("slopes", entries, form.variables, units),
        loops="for j in range(W):\n" + indent("\n".join(lines), "    ") + "\n",
    )


def _scaled_function(name: str, entries: tuple[Any, ...], variables: tuple[Any, ...], units: list[Scaled]) -> str:
    if not units:
        return function_text(name, entries, variables)
    names = [f"p{c}" for c in range(len(variables))]
    inner = function_text(f"inner_{name}", entries, variables)
    lines = [f"{p} = {p} / {float(unit.point_unit)!r}" for unit in units for p in names]
    results = [f"q{c}" for c in range(len(entries))]
    lines.append(f"{', '.join(results)} = inner_{name}({', '.join(names)})")
    lines += [f"{q} = {q} * {float(u.value_unit / u.point_unit)!r}" for u in reversed(units) for q in results]
    lines.append(f"return {', '.join(results)}")
    return f"{inner}\n\ndef {name}({', '.join(names)}):\n{indent(chr(10).join(lines), '    ')}\n"


def _radial(form: Radial, units: list[Scaled]) -> Slopes:
    d = form.dimension
    m = d if form.matrix is None else len(form.matrix)
    functions = function_text("slope", gradient_entries(form.profile, (form.variable,)), (form.variable,))
    # Rows from Y on: the point in its unit (d), then its image (m) if there is a matrix.
    lines = ["for i in range(d * W):", "    b[Y + i] = b[X + i]"]
    lines += [f"    b[Y + i] = b[Y + i] / {float(u.point_unit)!r}" for u in units]
    image = "Y"
    if form.matrix is not None:
        functions += f"\n\nMATRIX = np.array({form.matrix!r})\n"
        image = f"Y + {d} * W"
        lines += [
            f"for i in range({m} * W):",
            f"    b[{image} + i] = 0.0",
            f"for row in range({m}):",
            "    for c in range(d):",
            "        for j in range(W):",
            f"            b[{image} + row * W + j] += MATRIX[row, c] * b[Y + c * W + j]",
            "for i in range(d * W):",
            "    b[G + i] = 0.0",
        ]
    squares = squares_text([f"b[{image} + {c} * W + j] * b[{image} + {c} * W + j]" for c in range(m)])
    lines += [
        "for j in range(W):",
        f"    r = np.sqrt({squares})",
        "    b[SIZE + j] = slope(r)",
        "    b[U + j] = r",
    ]
    unit = f"b[SIZE + j] * where(b[U + j] > 0.0, b[{image} + c * W + j] / b[U + j], 0.0)"
    if form.matrix is None:
        lines += ["for c in range(d):", "    for j in range(W):", f"        b[G + c * W + j] = {unit}"]
    else:
        lines += [
            f"for c in range({m}):",
            "    for j in range(W):",
            f"        b[{image} + c * W + j] = {unit}",
            f"for row in range({m}):",
            "    for c in range(d):",
            "        for j in range(W):",
            f"            b[G + c * W + j] += MATRIX[row, c] * b[{image} + row * W + j]",
        ]
    if units:
        lines.append("for i in range(d * W):")
        lines += [f"    b[G + i] = b[G + i] * {float(u.value_unit / u.point_unit)!r}" for u in reversed(units)]
    return Slopes(functions=functions, loops="\n".join(lines) + "\n", scratch=d + (m if form.matrix is not None else 0))
