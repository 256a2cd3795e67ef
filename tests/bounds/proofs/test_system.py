"""Branches mean what the clause means: at every point, the clause fails exactly when some branch is satisfied."""

from __future__ import annotations

import runpy
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from bounds.proofs.step import Clause, signs
from bounds.proofs.system import branches, evident
from bounds.proofs.witness import holds_at, rational_at

EXAMPLES = runpy.run_path(str(Path(__file__).with_name("examples.py")))
POLYNOMIAL = [
    c for c in (*EXAMPLES["CLAUSES"], *EXAMPLES["FALSE"]) if not c.goal[0].has(sp.exp, sp.log) and not c.lemmas
]
x, y, z = sp.symbols("x y z")
rationals = st.builds(Fraction, st.integers(-6, 30), st.integers(1, 6))


def satisfied(branch, point, goal_fails):
    values = {sp.Symbol(v): sp.Rational(p.numerator, p.denominator) for v, p in point.items()}
    facts = [(f.strict, rational_at(f.expr, values)) for f in branch.factors.values()]
    zero = all(rational_at(e, values) == 0 for e in branch.equalities.values())
    return zero and goal_fails(branch, values) and all(v > 0 or (v == 0 and not strict) for strict, v in facts)


def fails(branch, values):
    return branch.goal is None or rational_at(branch.goal, values) != 0


def with_minima(clause, point):
    """The point, with the slack variables at the minima they stand for."""
    rows = [*clause.hypotheses().values(), *clause.goal]
    full = dict(point)
    values = {sp.Symbol(v): sp.Rational(p.numerator, p.denominator) for v, p in point.items()}
    branch = branches(clause, "slack")[0]
    named = {}
    for text in branch.label:
        name, _, _ = text.partition(" = ")
        atoms = {a for row in rows for a in row.xreplace(named).atoms(sp.Min, sp.Max)}
        atom = next(a for a in atoms if str(a) == text.partition(" = ")[2])
        full[name] = rational_at(
            atom, {**values, **{sp.Symbol(n): sp.Rational(*v.as_integer_ratio()) for n, v in full.items()}}
        )
        named[atom] = sp.Symbol(name)
    return branch, full


@pytest.mark.parametrize("clause", POLYNOMIAL, ids=lambda c: c.id)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_clause_fails_exactly_where_a_branch_is_satisfied(clause, data):
    point = {v: data.draw(rationals) for v in clause.variables}
    values = {sp.Symbol(v): sp.Rational(p.numerator, p.denominator) for v, p in point.items()}
    strict = [rational_at(e, values) for e in clause.strict.values()]
    if any(v <= 0 for v in strict) or any(
        p < 0 or (p == 0 and clause.variables[v] == "pos") for v, p in point.items() if clause.variables[v] != "free"
    ):
        return
    failing = not holds_at(clause, point)
    assert failing == any(satisfied(branch, point, fails) for branch in branches(clause, "split"))
    branch, full = with_minima(clause, point)
    assert failing == satisfied(branch, full, fails)


def clause(**fields):
    given = {"id": "T", "place": "somewhere", "variables": signs(pos="x", nonneg="y", free="z"), "goal": x}
    return Clause(**{**given, **fields})


def test_split_lists_every_choice_and_slack_needs_one_branch():
    nested = clause(goal=sp.Max(1, y * sp.Min(x, y), z) + sp.Min(x, z))
    assert len(branches(nested, "split")) == 12
    (slack,) = branches(nested, "slack")
    signs_of = {label.partition(" = ")[2]: slack.variables[label.partition(" = ")[0]] for label in slack.label}
    assert signs_of == {"Min(x, y)": "nonneg", "Min(x, z)": "free", "Max(1, z, m:1*y)": "pos"}


def test_too_many_branches_are_refused():
    many = clause(goal=sum(sp.Min(x, y + n) for n in range(1, 10)))
    with pytest.raises(InputError, match="slack"):
        branches(many, "split")


@pytest.mark.parametrize(
    ("goal", "hypotheses"),
    [
        (y / x, {}),
        (y / (x + y), {}),
        (1 / (1 + z**2), {}),
        (y / (1 - z), {"strict": {"h": 1 - z}}),
        (y / (z - 1), {"strict": {"h": 3 - 3 * z}}),
        (y / (1 - z) ** 2 / x, {"strict": {"h": 1 - z}}),
    ],
)
def test_evidently_positive_denominators_are_cleared(goal, hypotheses):
    assert branches(clause(goal=goal, **hypotheses))[0].factors["neg:1"].expr.is_polynomial()


@pytest.mark.parametrize(
    ("goal", "hypotheses"),
    [
        (x / y, {}),
        (x / z, {}),
        (1 / (x - y), {}),
        (y / (1 - z), {"weak": {"h": 1 - z}}),
        (y / z**2, {}),
        (y / (1 - z), {}),
    ],
)
def test_other_denominators_are_refused(goal, hypotheses):
    with pytest.raises(InputError, match="not evidently positive"):
        branches(clause(goal=goal, **hypotheses))


def test_the_sign_of_a_flipped_denominator_is_kept():
    # y/(z - 1) <= 0 when z < 1: the negated goal must be y (1 - z) > 0 times a constant, not its negative.
    branch = branches(clause(goal=-y / (z - 1), strict={"h": 1 - z}))[0]
    at = {sp.Symbol("y"): 1, sp.Symbol("z"): 0}
    assert branch.factors["neg:1"].expr.subs(at) < 0


def test_transcendental_goals_have_no_branches():
    with pytest.raises(InputError, match="not rational"):
        branches(clause(goal=sp.log(1 + x)))


@pytest.mark.parametrize(
    ("expr", "weak", "strict"),
    [
        (x + y, True, True),
        (y, True, False),
        (sp.Integer(0), True, False),
        (sp.Integer(2), True, True),
        (z**2, True, False),
        (z**2 + x, True, True),
        (z, False, False),
        (x - y, False, False),
        ((x - y) ** 2, False, False),
        (y * z**2 + x * y**3, True, False),
        (1 / x, False, False),
    ],
)
def test_evident_signs(expr, weak, strict):
    variables = signs(pos="x", nonneg="y", free="z")
    assert evident(expr, variables, strict=False) is weak
    assert evident(expr, variables, strict=True) is strict
