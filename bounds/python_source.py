r"""A record as a Python function that stands alone: it needs nothing but mpmath."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.printing.pycode import MpmathPrinter

from bounds.errors import InputError
from bounds.functions import NamedFunction
from bounds.quantities import quantity
from bounds.report import method_label
from bounds.theorem import Kind, Relation, Theorem

__all__ = ["python_function_name", "python_source"]

_DIGITS = 60
_TINY = "mpmath.mpf(10) ** -40"
_CONSTANTS = ("L0", "L1", "Delta", "epsilon", "epsilon_F", "R", "L", "sigma")
_CHECKS = {
    Relation.AT_MOST: "{left} <= {right} + tiny * abs({right})",
    Relation.LESS: "{left} < {right}",
    Relation.AT_LEAST: "{left} >= {right} - tiny * abs({right})",
    Relation.EQUAL: "abs({left} - {right}) <= tiny * abs({right})",
}


def python_function_name(theorem: Theorem) -> str:
    """The key as an identifier."""
    return theorem.key.replace("-", "_")


def python_source(theorem: Theorem) -> str:
    """The source of a function that returns the count of ``theorem`` for positive constants.

    The function computes with sixty digits and moves the value by 10^-40 (relative) to the safe side before rounding,
    so its count is the exact one, or one beyond it on the safe side. Hypotheses are checked to the same accuracy.

    Raises
    ------
    InputError : only the order of growth is known.
    """
    if theorem.order_only:
        raise InputError(f"{theorem.key}: only its order of growth is known, so there is no count to export.")
    recommended = dict(theorem.parameters)
    symbols = sorted(theorem.symbols | theorem.guarantee.free_symbols, key=str)
    constants = [s for name in _CONSTANTS for s in symbols if s.name == name]
    needed = [s for s in symbols if s not in recommended and s not in constants]
    units = [s for s in needed if s.name.startswith("unit_")]
    needed = [s for s in needed if s not in units]
    arguments = [s.name for s in (*constants, *needed)]
    optional = [f"{s.name}=1" for s in units] + [f"{s}=None" for s in recommended]
    lines = [
        "import mpmath",
        "",
        "",
        f"def {python_function_name(theorem)}({', '.join(['*', *arguments, *optional])}):",
        *_indented(_docstring(theorem, (*constants, *needed, *units, *recommended))),
        f"    with mpmath.workdps({_DIGITS}):",
        f"        tiny = {_TINY}",
        "        def number(x):",
        "            return mpmath.mpf(str(x)) if '/' not in str(x) else mpmath.fraction(*map(int, str(x).split('/')))",
        f"        {', '.join(arguments)}, = ({', '.join(f'number({a})' for a in arguments)},)",
        f"        if min({', '.join(arguments)}, 1) <= 0:",
        "            raise ValueError('every constant must be positive')",
    ]
    lines += [f"        {s} = number({s})" for s in units]
    (target,) = theorem.guarantee.free_symbols
    if theorem.guarantee != target:
        lines.append(
            f"        {target} = {_code(target * target / theorem.guarantee)}  # stated for {theorem.guarantee}"
        )
    for symbol, value in theorem.parameters:
        lines.append(f"        {symbol} = {_code(value)} if {symbol} is None else number({symbol})")
    for condition in theorem.requires:
        left, right = _code(condition.left), _code(condition.right)
        check = _CHECKS[condition.relation].format(left=f"({left})", right=f"({right})")
        lines += [
            f"        if not {check}:",
            f"            raise ValueError({f'{condition.why}: needs {condition}'!r})",
        ]
    sign = "+" if theorem.kind is Kind.UPPER else "-"
    lines += [
        f"        value = {_code(theorem.iterations)}",
        f"        return max(1, int(mpmath.ceil(value {sign} tiny * abs(value))))",
        "",
    ]
    return "\n".join(lines)


def _code(expr: Any) -> str:
    while expr.atoms(NamedFunction):
        expr = expr.replace(lambda e: isinstance(e, NamedFunction), lambda e: e.explicit())
    printer = MpmathPrinter({"fully_qualified_modules": True, "inline": True})
    # Maxima as calls: the default is a chain of conditional expressions that evaluates its arguments many times.
    expr = expr.replace(sp.Max, sp.Function("max")).replace(sp.Min, sp.Function("min"))
    printer.known_functions |= {"max": "max", "min": "min"}
    return str(printer.doprint(expr))


def _docstring(theorem: Theorem, symbols: tuple[Any, ...]) -> list[str]:
    verb = "suffice" if theorem.kind is Kind.UPPER else "are necessary for some function"
    return [
        f'r"""{theorem.title}: this many iterations {verb}.',
        "",
        f"Goal: {theorem.statement}.",
        f"Class: {theorem.smoothness.name}; {theorem.noise.phrase}; method: {method_label(theorem)}.",
        *[f"Assumes: {a}." for a in theorem.assumes],
        f"Source: {theorem.source} ({theorem.provenance.value}).",
        "",
        *[f"{s}: {quantity(str(s)).meaning}, {quantity(str(s)).dimension}" for s in symbols],
        '"""',
    ]


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}".rstrip() for line in lines]
