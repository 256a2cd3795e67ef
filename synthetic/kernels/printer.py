"""Expressions as scalar code, operation by operation in the order of the numpy path, so that both round alike."""

from __future__ import annotations

from typing import Any, Final

import sympy as sp
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.precedence import PRECEDENCE

from bounds.errors import InputError

__all__ = ["code_of"]

# Names of the elementary functions, and of what the compiler provides.
_FUNCTIONS: Final = {
    "exp": "exp",
    "expm1": "expm1",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "erfcx": "erfcx",
    "log": "np.log",
    "log1p": "np.log1p",
    "sin": "np.sin",
    "cos": "np.cos",
    "atan": "np.arctan",
    "Abs": "absolute",
    "sign": "sign",
}


def code_of(expression: Any) -> str:
    """The expression as Python code that uses :mod:`synthetic.kernels.elementary` and ``np``.

    Raises
    ------
    InputError : a function for which there is no code.
    """
    text: str = _Scalar({"fully_qualified_modules": False, "strict": False}).doprint(expression)
    return text


class _Scalar(NumPyPrinter):  # type: ignore[misc]
    """numpy's printer, with scalars in the place of arrays."""

    def _print_Integer(self, expr: Any) -> str:
        return repr(float(expr))

    def _print_Rational(self, expr: Any) -> str:
        return repr(int(expr.p) / int(expr.q))

    def _print_NumberSymbol(self, expr: Any) -> str:
        return repr(float(expr))

    _print_Pi = _print_Exp1 = _print_NumberSymbol

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        if expr.exp == -1:
            return f"(1.0/{self.parenthesize(expr.base, PRECEDENCE['Pow'])})"
        if expr.exp == sp.Rational(1, 2):
            return f"np.sqrt({self._print(expr.base)})"
        if expr.exp == sp.Rational(-1, 2):
            return f"(1.0/np.sqrt({self._print(expr.base)}))"
        return f"(({self._print(expr.base)})**({self._print(expr.exp)}))"

    def _print_Function(self, expr: Any) -> str:
        name = _FUNCTIONS.get(type(expr).__name__)
        if name is None:
            raise InputError(f"the kernels have no code for {type(expr).__name__}: use the numpy backend.")
        return f"{name}({', '.join(map(self._print, expr.args))})"

    _print_Abs = _print_sign = _print_exp = _print_log = _print_Function
    _print_sin = _print_cos = _print_sinh = _print_cosh = _print_tanh = _print_atan = _print_Function
    _print_log1p = _print_expm1 = _print_Function

    def _fold(self, function: str, terms: Any) -> str:
        first, *rest = map(self._print, terms)
        text = str(first)
        for term in rest:
            text = f"{function}({text}, {term})"
        return text

    def _print_Min(self, expr: Any) -> str:
        return self._fold("smallest", expr.args)

    def _print_Max(self, expr: Any) -> str:
        return self._fold("largest", expr.args)

    def _print_Piecewise(self, expr: Any) -> str:
        text = "np.nan"
        for value, condition in reversed(expr.args):
            # The last branch needs no test when it takes what is left.
            chosen = self._print(value)
            text = chosen if condition == sp.true else f"where({self._print(condition)}, {chosen}, {text})"
        return text

    def _print_Relational(self, expr: Any) -> str:
        return f"({self._print(expr.lhs)} {expr.rel_op} {self._print(expr.rhs)})"

    def _print_And(self, expr: Any) -> str:
        return "(" + " & ".join(map(self._print, expr.args)) + ")"

    def _print_Or(self, expr: Any) -> str:
        return "(" + " | ".join(map(self._print, expr.args)) + ")"

    def _print_Not(self, expr: Any) -> str:
        return f"(not {self._print(expr.args[0])})"
