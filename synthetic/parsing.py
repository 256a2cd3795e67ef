"""Reading an expression such as ``"x**4/4 + cosh(2*y)"`` without running it.

The text is cut into tokens, read by Python's ``ast``, and rebuilt as a sympy expression node by node from a fixed list
of operations. Nothing is ever evaluated as code: what is not on the list is refused, and so is anything whose exact
arithmetic could become large.
"""

from __future__ import annotations

import ast
import keyword
import operator
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bounds.errors import InputError, unknown_name
from synthetic.forms import rational

__all__ = ["Condition", "ParsedExpression", "parse", "shortened"]

_MAX_CHARACTERS = 500
_MAX_DEPTH = 30
_MAX_NODES = 200
_MAX_DIGITS = 40
_MAX_EXPONENT = 64
_MAX_BITS = 4096
_MAX_ROOT_BITS = 256
_MAX_SECONDS = 0.5

_TOKEN = re.compile(r" +|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])|[A-Za-z][A-Za-z0-9_]*|\*\*|[-+*/()]")
_DEFAULT_NAME = re.compile(r"[xyzw]|x(?:0|[1-9][0-9]?)")

_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "exp": sp.exp,
    "log": sp.log,
    "sqrt": sp.sqrt,
    "abs": sp.Abs,
    "sin": sp.sin,
    "cos": sp.cos,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "tanh": sp.tanh,
    "atan": sp.atan,
}
_CONSTANTS = {"pi": sp.pi, "e": sp.E}
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_ALLOWED = "allowed are numbers, variables, + - * / **, parentheses and " + ", ".join(_FUNCTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What the text needs in order to have a value: ``argument`` is "positive", "nonnegative" or "nonzero"."""

    argument: Any
    sign: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedExpression:
    """An expression in real variables.

    Attributes
    ----------
    formula : the sympy expression; numbers in it are exact.
    variables : its coordinates in order, sympy symbols.
    text : what was read.
    conditions : where ``formula`` equals the text. They are kept because sympy simplifies exp(log(x)) to x.
    """

    formula: Any
    variables: tuple[Any, ...]
    text: str
    conditions: tuple[Condition, ...] = ()


def parse(text: str, variables: Sequence[str] | None = None) -> ParsedExpression:
    """Read an expression.

    Parameters
    ----------
    text : at most 500 ASCII characters: numbers (decimals are exact), variables, ``pi``, ``e``, + - * / **,
        parentheses, and one-argument calls of exp, log, sqrt, abs, sin, cos, sinh, cosh, tanh, atan. An exponent is
        a rational constant, nested exponents multiply to at most 64, and e may have any exponent. A function of a
        constant needs a rational constant of size at most 64 (log and sqrt: any short one, or a multiple of pi).
    variables : the names that may appear, in coordinate order. By default x, y, z, w and x0, ..., x99 may
        appear, and those that do are the coordinates, in that order.

    Raises
    ------
    InputError : anything else.
    """
    _check_text(text)
    named = None if variables is None else _named(variables)
    source = text.strip(" ")
    try:
        body = ast.parse(source, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        raise InputError(f"{shortened(source)} is not a complete expression; {_ALLOWED}.") from None
    _check_size(body)
    builder = _Builder(source, named)
    formula = builder.build(body, Fraction(_MAX_EXPONENT))
    return ParsedExpression(
        formula=formula, variables=builder.variables(), text=source, conditions=tuple(builder.conditions)
    )


def shortened(text: str) -> str:
    """The text in quotes, in ASCII, cut to 40 characters: safe to print in a message."""
    return ascii(text if len(text) <= 40 else text[:37] + "...")


class _Builder:
    """Turns checked syntax into sympy; remembers the variables and conditions on the way."""

    def __init__(self, source: str, named: tuple[Any, ...] | None) -> None:
        self._source = source
        self._named = named
        self._seen: dict[str, Any] = {}
        self._end = time.thread_time() + _MAX_SECONDS
        self.conditions: list[Condition] = []

    def variables(self) -> tuple[Any, ...]:
        if self._named is not None:
            return self._named
        return tuple(self._seen[name] for name in sorted(self._seen, key=_coordinate_order))

    def build(self, node: ast.AST, room: Fraction) -> Any:
        """The expression of a node inside exponents that leave ``room`` for more."""
        result = self._node(node, room)
        if time.thread_time() > self._end:
            raise InputError(f"{shortened(self._source)} takes too long to read; at most {_MAX_SECONDS} s are allowed.")
        if result.has(sp.zoo, sp.nan, sp.oo, sp.I) or (not result.free_symbols and result.is_real is False):
            raise InputError(f"{self._piece(node)} has no finite real value; only real expressions are allowed.")
        if any(_bits(number) > _MAX_BITS for number in result.atoms(sp.Rational)):
            raise InputError(f"{self._piece(node)} has too large numbers; at most {_MAX_BITS} bits are allowed.")
        return result

    def _node(self, node: ast.AST, room: Fraction) -> Any:
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return self._number(node)
            case ast.Name(id=name):
                return self._name(name)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.build(node.operand, room)
            case ast.UnaryOp(op=ast.USub()):
                return -self.build(node.operand, room)
            case ast.BinOp(op=ast.Pow()):
                return self._power(node, room)
            case ast.BinOp(op=op) if type(op) in _OPERATORS:
                left, right = self.build(node.left, room), self.build(node.right, room)
                if isinstance(op, ast.Div):
                    self._require(right, "nonzero", "the denominator")
                return _OPERATORS[type(op)](left, right)
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
                if name not in _FUNCTIONS:
                    raise unknown_name("function", name[:40], _FUNCTIONS)
                return self._apply(name, self.build(argument, room), argument)
        raise InputError(f"{self._piece(node)} is not allowed; {_ALLOWED}.")

    def _number(self, node: ast.Constant) -> Any:
        literal = ast.get_source_segment(self._source, node) or ""
        digits, _, exponent = literal.lower().partition("e")
        # A literal such as 1e999999999 is small as text only.
        if len(digits) > _MAX_DIGITS + 1 or len(exponent) > 4 or abs(int(exponent or 0)) > _MAX_DIGITS:
            raise InputError(f"the number {shortened(literal)} is too long; at most {_MAX_DIGITS} digits are allowed.")
        return rational(Fraction(literal))

    def _name(self, name: str) -> Any:
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if self._named is not None:
            for symbol in self._named:
                if symbol.name == name:
                    return symbol
            raise unknown_name("variable", name[:40], [s.name for s in self._named])
        if name in _FUNCTIONS:
            raise InputError(f"the function {name} needs an argument in parentheses, for example {name}(x).")
        if not _DEFAULT_NAME.fullmatch(name):
            raise InputError(f"unknown variable {shortened(name)}; allowed are x, y, z, w and x0 to x99.")
        return self._seen.setdefault(name, sp.Symbol(name, real=True))

    def _power(self, node: ast.BinOp, room: Fraction) -> Any:
        exponent = self.build(node.right, room)
        if isinstance(node.left, ast.Name) and node.left.id == "e":
            return self._apply("exp", exponent, node)
        if not exponent.is_Rational:
            raise InputError(f"the exponent in {self._piece(node)} must be a rational constant (only e has others).")
        size = abs(Fraction(int(exponent.p), int(exponent.q)))
        if size > room or exponent.q > _MAX_EXPONENT:
            raise InputError(
                f"the exponent in {self._piece(node)} is too large; nested exponents may multiply to at most "
                f"{_MAX_EXPONENT}, with denominators of at most {_MAX_EXPONENT}."
            )
        base = self.build(node.left, room / max(size, Fraction(1)))
        if any(_bits(n) * size > _MAX_BITS for n in base.atoms(sp.Rational)):
            raise InputError(f"{self._piece(node)} needs too large numbers; at most {_MAX_BITS} bits are allowed.")
        if not exponent.is_Integer:
            self._check_constant("a root", base, node)
            self._require(base, "nonnegative" if exponent > 0 else "positive", "the base of a root")
        elif exponent < 0:
            self._require(base, "nonzero", "the denominator")
        return base**exponent

    def _apply(self, name: str, argument: Any, node: ast.AST) -> Any:
        self._check_constant(name, argument, node)
        if name in {"log", "sqrt"}:
            self._require(argument, "positive" if name == "log" else "nonnegative", f"the argument of {name}")
        return _FUNCTIONS[name](argument)

    def _check_constant(self, name: str, argument: Any, node: ast.AST) -> None:
        # sympy decides signs of constants numerically, and exp(exp(exp(9))) has no numerical value it can hold.
        if argument.free_symbols:
            return
        growing = name not in {"log", "sqrt", "a root"}
        ratio = argument if growing else argument / sp.pi if argument.has(sp.pi) else argument
        if not ratio.is_Rational or _bits(ratio) > _MAX_ROOT_BITS or (growing and abs(ratio) > _MAX_EXPONENT):
            raise InputError(
                f"{name} of the constant {self._piece(node)} is not allowed: it must be a rational number"
                + (f" of size at most {_MAX_EXPONENT}." if growing else " or multiple of pi with few digits.")
            )

    def _require(self, argument: Any, sign: str, role: str) -> None:
        if argument.free_symbols:
            self.conditions.append(Condition(argument=argument, sign=sign, role=role))

    def _piece(self, node: ast.AST) -> str:
        return shortened(ast.get_source_segment(self._source, node) or self._source)


def _check_text(text: str) -> None:
    if not isinstance(text, str):
        raise InputError(f"an expression of type {type(text).__name__} is given; it must be text.")
    if len(text) > _MAX_CHARACTERS:
        raise InputError(f"the expression has {len(text)} characters; at most {_MAX_CHARACTERS} are allowed.")
    if not text.strip(" "):
        raise InputError(f"the expression {text!r} is empty; {_ALLOWED}.")
    if not text.isascii():
        raise InputError(f"{shortened(text)} has a character outside ASCII; {_ALLOWED}.")
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None and text[at] == "^":
            raise InputError(f"{shortened(text[at:])} is not allowed at position {at}: powers are written x**2.")
        if (token is None and text[at].isalnum()) or (text[at - 1 : at].isdigit() and text[at].isalpha()):
            raise InputError(f"{shortened(text[at:])} is not allowed at position {at}: products are written 2*x.")
        if token is None:
            raise InputError(f"{shortened(text[at:])} is not allowed at position {at}; {_ALLOWED}.")
        at = token.end()


def _check_size(body: ast.AST) -> None:
    count, layer, depth = 0, [body], 0
    while layer:
        count, depth = count + len(layer), depth + 1
        if count > _MAX_NODES or depth > _MAX_DEPTH:
            raise InputError(
                f"the expression is too large: at most {_MAX_NODES} parts, nested at most {_MAX_DEPTH} deep, are read."
            )
        layer = [c for n in layer for c in ast.iter_child_nodes(n) if isinstance(c, ast.expr)]


def _named(names: Sequence[str]) -> tuple[Any, ...]:
    reserved = {*_FUNCTIONS, *_CONSTANTS}
    for name in names:
        valid = isinstance(name, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name)
        if not valid or keyword.iskeyword(name) or name in reserved:
            raise InputError(f"{name!r} cannot name a variable; a name is a letter, then letters, digits or _.")
    if len(set(names)) != len(names) or not names:
        raise InputError(f"variables {list(names)} are not allowed: there must be at least one, each given once.")
    return tuple(sp.Symbol(name, real=True) for name in names)


def _bits(number: Any) -> int:
    return max(int(number.p).bit_length(), int(number.q).bit_length())


def _coordinate_order(name: str) -> tuple[int, int]:
    return ("xyzw".index(name), -1) if len(name) == 1 else (4, int(name[1:]))
