r"""Clauses that cite each other, and records that meet their clauses: both are checked symbolically.

A hypothesis may be named after an earlier clause. Then, with the variables of the clause that uses it replaced by what
they stand for (``user``), and the variables of the cited clause by the expressions it is applied to (``lemma``),

    goal of the cited clause = times * hypothesis,        times > 0 (of any sign when the cited goal is an equation).

A :class:`Junction` is the other end of a proof: a hypothesis (or the goal) of a clause in the symbols of a record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from bounds.proofs.step import Clause

__all__ = ["Citation", "Junction", "cited", "placed", "residue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Substitutions under which a hypothesis is the goal of the clause that it cites.

    Attributes
    ----------
    user, lemma : variable -> expression, in the using and in the cited clause.
    times : the factor; a positive expression.
    """

    user: Mapping[Any, Any] = field(default_factory=dict)
    lemma: Mapping[Any, Any] = field(default_factory=dict)
    times: Any = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Junction:
    """A hypothesis of a clause, or its goal, in the symbols of a record.

    Attributes
    ----------
    source : the clause.
    hypothesis : the name of the hypothesis, or ``goal``.
    at : variable name -> expression in the record's symbols.
    """

    source: Clause
    hypothesis: str
    at: Mapping[str, Any]

    @property
    def clause(self) -> str:
        """The identifier of the clause."""
        return self.source.id

    @property
    def expression(self) -> Any:
        """The hypothesis (an expression compared with zero) in the record's symbols."""
        expr = self.source.goal[0] if self.hypothesis == "goal" else self.source.hypotheses()[self.hypothesis]
        return placed(expr, {sp.Symbol(name): value for name, value in self.at.items()})


def placed(expr: Any, at: Mapping[Any, Any]) -> Any:
    """An expression with variables replaced, all at once."""
    return expr.subs({sp.Symbol(str(name)): value for name, value in at.items()}, simultaneous=True)


def cited(clauses: Mapping[str, Clause]) -> Iterator[tuple[str, str]]:
    """(clause, hypothesis) for every hypothesis that is named after a clause."""
    return ((clause.id, name) for clause in clauses.values() for name in clause.hypotheses() if name in clauses)


def residue(proved: Any, stated: Any, citation: Citation) -> Any:
    """(goal of the cited clause) - times * (hypothesis), simplified; zero when the citation is right."""
    left, right = placed(proved, citation.lemma), placed(stated, citation.user)
    difference = sp.expand(left - citation.times * right)
    return difference if difference == 0 or difference.has(sp.Min) else sp.simplify(difference)
