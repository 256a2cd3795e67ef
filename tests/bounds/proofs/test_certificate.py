"""What is accepted is proved: both checkers agree, and nothing altered, stale, vacuous or foreign is accepted."""

from __future__ import annotations

import dataclasses
import itertools
import json
import random
import runpy
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from bounds.errors import InputError
from bounds.proofs.certificate import Case, Certificate, Term, check
from bounds.proofs.fractions_check import accepts
from bounds.proofs.polynomials import plus
from bounds.proofs.step import Clause, signs
from bounds.proofs.store import load
from bounds.proofs.system import branches

HERE = Path(__file__).parent
EXAMPLES = runpy.run_path(str(HERE / "examples.py"))
CLAUSES = EXAMPLES["CLAUSES"]
STORED = load("examples", HERE)
PAIRS = [(clause, STORED[clause.id].certificate) for clause in CLAUSES]
IDENTITIES = [(clause, c) for clause, c in PAIRS if c.rule == "identity"]
STEP, QUADRATIC = (next(p for p in PAIRS if p[0].id == name) for name in ("step", "quadratic"))


def identity(clause, terms, equalities=None, mode="split"):
    cases = (Case(terms=tuple(terms), equalities=equalities or {}),)
    return Certificate(statement=clause.hash, mode=mode, cases=cases)


def term(coefficient, *factors, square=None):
    return Term(coefficient=Fraction(coefficient), factors=factors, square=square or {})


def both(clause, certificate):
    """The common verdict of the two checkers."""
    verdict = check(clause, certificate).ok
    assert accepts(clause, certificate) == verdict
    return verdict


@pytest.mark.parametrize(("clause", "certificate"), PAIRS, ids=[c.id for c, _ in PAIRS])
def test_stored_certificates_are_accepted_by_both_checkers(clause, certificate):
    assert both(clause, certificate), check(clause, certificate).reason


@pytest.mark.parametrize(("clause", "certificate"), PAIRS, ids=[c.id for c, _ in PAIRS])
def test_json_keeps_everything(clause, certificate):
    text = json.dumps(certificate.data)
    assert Certificate.from_data(json.loads(text)) == certificate
    assert both(clause, Certificate.from_data(json.loads(text)))


def altered(certificate, generator):
    """The certificate with one change: a term dropped or repeated; a sign, factor, square or multiplier."""
    cases = list(certificate.cases)
    n = generator.randrange(len(cases))
    terms, equalities = list(cases[n].terms), dict(cases[n].equalities)
    i = generator.randrange(len(terms))
    old = terms[i]
    kind = generator.choice(["drop", "flip", "raise", "double", "factor", "fewer", "square", "multiplier"])
    if kind == "drop":
        del terms[i]
    elif kind == "flip":
        terms[i] = dataclasses.replace(old, coefficient=-old.coefficient)
    elif kind == "raise":
        terms[i] = dataclasses.replace(old, coefficient=old.coefficient + 1)
    elif kind == "double":
        terms.append(old)
    elif kind == "factor":
        extra = generator.choice(sorted({f for t in terms for f in t.factors} or {"neg:1"}))
        terms[i] = dataclasses.replace(old, factors=(*old.factors, extra))
    elif kind == "fewer":
        terms[i] = dataclasses.replace(old, factors=old.factors[1:])
    elif kind == "square":
        terms[i] = dataclasses.replace(old, square=plus(old.square, {(): Fraction(2)}))
    elif equalities:
        key = generator.choice(sorted(equalities))
        equalities[key] = plus(equalities[key], {(): Fraction(1)})
    cases[n] = Case(terms=tuple(terms), equalities=equalities)
    return dataclasses.replace(certificate, cases=tuple(cases))


def harmless(clause, certificate, changed):
    """Whether an alteration left the identity as it was.

    An equality without multipliers reads "s g = 0", which holds for every multiple of a strict s; a dropped factor of
    such a term is the only change that cannot make a certificate wrong.
    """
    return changed.cases == certificate.cases or (clause.relation == "=" and not certificate.cases[0].equalities)


def test_a_thousand_altered_certificates_are_refused():
    generator = random.Random(1)
    tried = 0
    for clause, certificate in itertools.cycle(IDENTITIES):
        changed = altered(certificate, generator)
        if harmless(clause, certificate, changed):
            continue
        assert not both(clause, changed), (clause.id, changed)
        tried += 1
        if tried == 1000:
            break


def test_a_certificate_of_another_statement_is_stale_not_wrong():
    clause, certificate = STEP
    closer = clause.changed({"weak": {"clip": 2 * clause.weak["clip"]}})
    result = check(closer, certificate)
    assert result.stale
    assert not result.ok
    assert clause.hash in result.reason
    assert not accepts(closer, certificate)
    assert not check(*QUADRATIC).stale


@pytest.mark.parametrize(("clause", "certificate"), IDENTITIES, ids=[c.id for c, _ in IDENTITIES])
def test_a_certificate_does_not_carry_over_to_a_sharper_statement(clause, certificate):
    if clause.relation == "=":
        sharper = clause.changed({"goal": clause.goal[0] + 1})
    else:
        sharper = clause.changed({"goal": tuple(g - sp.Rational(1, 10**6) for g in clause.goal)})
    assert not both(sharper, dataclasses.replace(certificate, statement=sharper.hash))


X = Clause(id="X", place="x", variables=signs(nonneg="x", free="y"), goal=sp.Symbol("x") - 1)


def test_imaginary_squares_prove_nothing():
    # With i^2 = -1 among the squares, 0 = neg + (1 - x) would become a sum of squares for any x.
    for square in ({"I": "1"}, {"i": "1"}, {"sqrt(-1)": "1"}, "I"):
        data = {"hash": X.hash, "rule": "identity", "mode": "split"}
        data["cases"] = [{"terms": [["1", ["neg:1"], ""], ["1", [], square], ["1", ["x"], ""]], "eqs": {}}]
        try:
            certificate = Certificate.from_data(data)
        except InputError:
            continue
        assert not check(X, certificate).ok
        assert not accepts(X, certificate)


def test_a_negative_square_coefficient_or_an_unknown_factor_is_refused():
    assert "not positive" in check(X, identity(X, [term(1, "neg:1"), term(0, "x")])).reason
    assert "not positive" in check(X, identity(X, [term(1, "neg:1"), term(-1)])).reason
    assert "not a factor" in check(X, identity(X, [term(1, "y")])).reason
    assert "not a factor" in check(X, identity(X, [term(1, "hyp:anything")])).reason
    assert not accepts(X, identity(X, [term(1, "y")]))
    assert not accepts(X, identity(X, [term(1, "neg:1"), term(-1)]))


def test_a_sum_without_a_strict_term_proves_nothing():
    empty = identity(X, [])
    assert "strictly positive" in check(X, empty).reason
    zero = sp.Symbol("x")
    clause = Clause(id="Z", place="x", variables=signs(nonneg="x"), weak={"h": -zero}, goal=zero - 1)
    # x + (-x) = 0 is an identity of weak factors: it refutes nothing.
    assert not both(clause, identity(clause, [term(1, "x"), term(1, "hyp:h")]))
    # A square may vanish, so it is not strict even next to strict factors.
    squared = term(1, "neg:1", square={(("x", 1),): Fraction(1)})
    assert not both(clause, identity(clause, [squared]))


def test_multipliers_are_polynomials_in_declared_variables():
    clause, certificate = QUADRATIC
    for text in ("1/r", "r^-1", "sqrt(r)", "z", "r**2", "(r)", ""):
        data = json.loads(json.dumps(certificate.data))
        data["cases"][0]["eqs"]["hyp:root"] = {text: "1"}
        try:
            read = Certificate.from_data(data)
        except InputError:
            continue
        assert not both(clause, read)
    unknown = dataclasses.replace(certificate.cases[0], equalities={"hyp:gap": {(): Fraction(1)}})
    assert not both(clause, dataclasses.replace(certificate, cases=(unknown,)))


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "faith"},
        {"rule": ["identity"]},
        {"mode": "guess"},
        {"cases": []},
        {"cases": None},
        {"cases": [{"terms": [["1"]], "eqs": {}}]},
        {"cases": [{"terms": [["0.5", [], ""]], "eqs": {}}]},
        {"cases": [{"terms": [["1/0", [], ""]], "eqs": {}}]},
        {"cases": [{"terms": [["1", [["neg:1"]], ""]], "eqs": {}}]},
        {"cases": [{"terms": [["__import__('os')", [], ""]], "eqs": {}}]},
    ],
)
def test_malformed_data_is_refused_in_one_sentence(change):
    clause, certificate = STEP
    with pytest.raises(InputError, match=r"^(not a certificate: |step: )[^\n]+$"):
        raise InputError(check(clause, Certificate.from_data({**certificate.data, **change})).reason)


def test_every_case_is_needed_and_their_order_matters():
    clause, certificate = next(p for p in IDENTITIES if len(p[1].cases) > 1)
    for cases in (certificate.cases[:1], certificate.cases[::-1], (*certificate.cases, certificate.cases[0])):
        assert not both(clause, dataclasses.replace(certificate, cases=cases))


def test_an_accepted_identity_holds_at_points():
    # A third way to read a certificate: the sum vanishes at exact points, evaluated without expanding anything.
    generator = random.Random(3)
    for clause, certificate in IDENTITIES:
        for branch, case in zip(branches(clause, certificate.mode), certificate.cases, strict=True):
            names = list(branch.variables)
            values = {sp.Symbol(v): sp.Rational(generator.randint(-9, 9), generator.randint(1, 9)) for v in names}
            at = {str(v): Fraction(int(x.p), int(x.q)) for v, x in values.items()}

            def value(p, at=at):
                return sum(c * sp.prod(sp.Rational(*at[v].as_integer_ratio()) ** e for v, e in m) for m, c in p.items())

            total = sum(
                sp.Rational(*t.coefficient.as_integer_ratio())
                * sp.prod(branch.factors[f].expr.subs(values) for f in t.factors)
                * (value(t.square) ** 2 if t.square else 1)
                * (1 if branch.goal is None else branch.goal.subs(values))
                for t in case.terms
            )
            total += sum(value(p) * branch.equalities[key].subs(values) for key, p in case.equalities.items())
            assert total == 0
