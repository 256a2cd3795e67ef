"""Second opinions: z3 and cvc5 on the polynomial branches of a clause. They are never trusted, only compared.

Both read the same SMT-LIB text (logic QF_NRA). z3 runs in the process with a time limit, cvc5 in a process of its own
that is killed when its time is up.
"""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import Any

from bounds.errors import InputError
from bounds.proofs.step import Clause
from bounds.proofs.system import Branch, branches

__all__ = ["DisagreementError", "cvc5_opinion", "model", "script", "second_opinion", "z3_opinion"]

_CVC5 = """
import sys, cvc5
solver = cvc5.Solver()
parser = cvc5.InputParser(solver)
parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, sys.stdin.read(), "clause")
symbols = parser.getSymbolManager()
while not (command := parser.nextCommand()).isNull():
    print(command.invoke(solver, symbols), end="", flush=True)
"""


class DisagreementError(RuntimeError):
    """Two deciders, or a decider and a certificate, contradict each other: one of them is wrong."""


def second_opinion(clause: Clause, *, certified: bool, seconds: float = 5) -> dict[str, str]:
    """What z3 and cvc5 say, {"z3": .., "cvc5": ..}; ``unknown`` contradicts nothing.

    Parameters
    ----------
    certified : whether a certificate of the clause has been checked.

    Raises
    ------
    DisagreementError : one proves what the other refutes, or one refutes a certified clause.
    InputError : a decider is missing, or the clause is not polynomial after the removal of Min and Max.
    """
    said = {"z3": z3_opinion(clause, seconds=seconds), "cvc5": cvc5_opinion(clause, seconds=seconds)}
    if "refuted" in said.values() and (certified or "proved" in said.values()):
        raise DisagreementError(f"{clause.id}: certificate {'accepted' if certified else 'missing'}, deciders {said}.")
    return said


def script(branch: Branch, *, refute: bool = True, interior: bool = False) -> str:
    """The branch in SMT-LIB: satisfiable exactly when the clause fails in it (``refute``), or when it is not empty.

    ``interior`` asks for strict inequalities throughout (and, without ``refute``, for a goal that holds).
    """
    lines = ["(set-logic QF_NRA)", *(f"(declare-const |{v}| Real)" for v in branch.variables)]
    goals = []
    for key, factor in branch.factors.items():
        text = _text(factor.expr)
        if key.startswith("neg:"):
            goals.append(f"({'>' if factor.strict else '>='} {text} 0)")
        else:
            # The comparisons of a case are hypotheses of no one: they may be tight in an interior point.
            strict = factor.strict or (interior and not key.startswith("cut:"))
            lines.append(f"(assert ({'>' if strict else '>='} {text} 0))")
    lines += [f"(assert (= {_text(expr)} 0))" for expr in branch.equalities.values()]
    if branch.goal is not None:
        goals = [f"(not (= {_text(branch.goal)} 0))"]
    joined = f"(and {' '.join(goals)})"
    lines.append(f"(assert {joined if refute else f'(not {joined})'})")
    return "\n".join([*lines, "(check-sat)", ""])


def _text(expr: Any) -> str:
    if expr.is_Symbol:
        return f"|{expr.name}|"
    if expr.is_Rational:
        size = f"{abs(int(expr.p))}.0" if expr.q == 1 else f"(/ {abs(int(expr.p))}.0 {int(expr.q)}.0)"
        return f"(- {size})" if expr.p < 0 else size
    if expr.is_Pow:
        return f"(* {' '.join([_text(expr.base)] * int(expr.exp))})" if int(expr.exp) > 1 else _text(expr.base)
    return f"({'+' if expr.is_Add else '*'} {' '.join(map(_text, expr.args))})"


def _solver(text: str, seconds: float) -> Any:
    try:
        import z3
    except ImportError:
        raise InputError('z3 is not installed: pip install "clipbounds[prove]".') from None
    solver = z3.SolverFor("QF_NRA")
    solver.set("timeout", int(1000 * seconds))
    solver.from_string(text)
    return solver


def model(branch: Branch, *, refute: bool, interior: bool, seconds: float) -> dict[str, Fraction] | None:
    """A point of the branch found by z3, algebraic coordinates replaced by nearby rationals; to be confirmed."""
    import z3

    solver = _solver(script(branch, refute=refute, interior=interior), seconds)
    if solver.check() != z3.sat:
        return None
    found, point = solver.model(), {}
    for name in branch.variables:
        value = found.eval(z3.Real(name), model_completion=True)
        if z3.is_algebraic_value(value):
            value = value.approx(12)
        point[name] = Fraction(value.numerator_as_long(), value.denominator_as_long())
    return point


def z3_opinion(clause: Clause, *, seconds: float = 5) -> str:
    """``proved``, ``refuted`` or ``unknown``, by z3.

    Raises
    ------
    InputError : z3 is missing, or the clause is not polynomial after the removal of Min and Max.
    """
    verdicts = [str(_solver(script(branch), seconds).check()) for branch in branches(clause)]
    return _joined(verdicts)


def cvc5_opinion(clause: Clause, *, seconds: float = 5) -> str:
    """``proved``, ``refuted`` or ``unknown``, by cvc5 in a process that is killed after ``seconds`` per branch.

    Raises
    ------
    InputError : cvc5 is missing, or the clause is not polynomial after the removal of Min and Max.
    """
    verdicts = []
    for branch in branches(clause):
        command = [sys.executable, "-c", _CVC5]
        try:
            run = subprocess.run(
                command, input=script(branch), capture_output=True, text=True, timeout=seconds + 1, check=False
            )
        except subprocess.TimeoutExpired:
            verdicts.append("unknown")
            continue
        if "ModuleNotFoundError" in run.stderr:
            raise InputError("cvc5 is not installed: pip install cvc5.")
        verdicts.append(run.stdout.strip() or "unknown")
    return _joined(verdicts)


def _joined(verdicts: list[str]) -> str:
    if "sat" in verdicts:
        return "refuted"
    return "proved" if all(v == "unsat" for v in verdicts) else "unknown"
