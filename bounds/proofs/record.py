"""Certificates as data: terms, cases, JSON in and out. The meaning is in :mod:`bounds.proofs.certificate`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from bounds.errors import InputError
from bounds.proofs.polynomials import Polynomial, polynomial_from, polynomial_text, rational_from

__all__ = ["RULES", "Case", "Certificate", "CheckResult", "Term"]

RULES = ("identity", "derivative", "sturm", "bernstein")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """coefficient * product of factors * square^2; an empty square means no square."""

    coefficient: Fraction
    factors: tuple[str, ...]
    square: Polynomial = field(default_factory=dict)

    @property
    def data(self) -> list[Any]:
        """JSON: [coefficient, factors, square]."""
        return [str(self.coefficient), list(self.factors), polynomial_text(self.square) if self.square else ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The identity of one branch: terms, and equality key -> multiplier."""

    terms: tuple[Term, ...]
    equalities: Mapping[str, Polynomial] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """JSON: {"terms": [...], "eqs": {...}}."""
        multipliers = {key: polynomial_text(p) for key, p in self.equalities.items()}
        return {"terms": [t.data for t in self.terms], "eqs": multipliers}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate as data.

    Attributes
    ----------
    statement : hash of the clause it was made for.
    rule : one of ``RULES``.
    mode : ``split`` or ``slack`` (rule identity).
    cases : one per branch (rule identity).
    details : what the other rules need, JSON values only (see :mod:`bounds.proofs.calculus`).
    """

    statement: str
    rule: str = "identity"
    mode: str = "split"
    cases: tuple[Case, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object that :meth:`from_data` reads."""
        head = {"hash": self.statement, "rule": self.rule}
        if self.rule == "identity":
            return {**head, "mode": self.mode, "cases": [case.data for case in self.cases]}
        return {**head, **self.details}

    @classmethod
    def from_data(cls, data: Any) -> Certificate:
        """Read a certificate from JSON values.

        Raises
        ------
        InputError : not of the documented form (no text is ever evaluated).
        """
        try:
            head = {"statement": data["hash"], "rule": data["rule"]}
            if data["rule"] not in RULES:
                raise InputError(f"unknown rule {data['rule']!r}; known: {', '.join(RULES)}")
            if data["rule"] != "identity":
                details = {key: value for key, value in data.items() if key not in ("hash", "rule")}
                return cls(**head, mode="", details=details)
            return cls(**head, mode=data["mode"], cases=tuple(_case(c) for c in data["cases"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            reason = str(error) if isinstance(error, InputError) else f"{type(error).__name__} {error}"
            raise InputError(f"not a certificate: {reason}") from None

    def __str__(self) -> str:
        return json.dumps(self.data)


def _case(data: Any) -> Case:
    terms = tuple(
        Term(
            coefficient=rational_from(coefficient),
            factors=tuple(map(_key, factors)),
            square=polynomial_from(square) if square else {},
        )
        for coefficient, factors, square in data["terms"]
    )
    return Case(terms=terms, equalities={key: polynomial_from(p) for key, p in data["eqs"].items()})


def _key(value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"factor {value!r} is not a key")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The outcome of a check.

    Attributes
    ----------
    ok : the clause is proved.
    stale : the certificate was made for another statement (which is not the same as wrong).
    reason : one sentence when not ok, else empty.
    """

    ok: bool
    stale: bool = False
    reason: str = ""

    def __bool__(self) -> bool:
        return self.ok
