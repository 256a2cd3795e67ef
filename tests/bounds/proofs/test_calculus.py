"""Derivatives, root counts and Bernstein coefficients prove what is true and refuse what is false."""

from __future__ import annotations

import dataclasses
import itertools
import math
import random
import runpy
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from bounds.proofs.calculus import derivative_step, derived_clause, intervals
from bounds.proofs.certificate import Certificate, check
from bounds.proofs.fractions_check import accepts, coefficients
from bounds.proofs.polynomials import expanded
from bounds.proofs.rules_search import find_bernstein, find_sturm
from bounds.proofs.step import Clause, signs
from bounds.proofs.store import load
from bounds.proofs.system import branches
from bounds.proofs.witness import holds_at

HERE = Path(__file__).parent
EXAMPLES = runpy.run_path(str(HERE / "examples.py"))
STORED = load("examples", HERE)
TRANSCENDENTAL = [
    (c, STORED[c.id].certificate) for c in EXAMPLES["CLAUSES"] if STORED[c.id].certificate.rule == "derivative"
]
s, x, y = sp.symbols("s x y")


def clause(goal, *, relation=">=", variables=None, **hypotheses):
    variables = variables or signs(nonneg="s")
    return Clause(id="T", place="x", variables=variables, goal=goal, relation=relation, **hypotheses)


def both(stated, certificate):
    verdict = check(stated, certificate).ok
    assert accepts(stated, certificate) == verdict
    return verdict


@pytest.mark.parametrize(("stated", "certificate"), TRANSCENDENTAL, ids=lambda v: getattr(v, "id", ""))
@pytest.mark.parametrize(
    "change", [{"order": 9}, {"order": True}, {"base": "1"}, {"form": "left"}, {"variable": "z"}, {"last": None}]
)
def test_an_altered_derivative_certificate_is_refused(stated, certificate, change):
    altered = dataclasses.replace(certificate, details={**certificate.details, **change})
    assert not check(stated, altered).ok


def test_the_next_derivative_of_a_false_statement_is_false():
    # 13/10 in place of the optimal 4/3: true value, slope and curvature at 0, and a negative third derivative there.
    stated = clause(s - sp.log(1 + s) - s**2 / (2 + sp.Rational(13, 10) * s))
    for order in (1, 2, 3):
        last = derived_clause(stated, "s", sp.Integer(0), order, "right")
        assert not holds_at(last, {"s": Fraction(1, 100)})
    with pytest.raises(InputError, match="derivative 3 at s = 0"):
        derived_clause(stated, "s", sp.Integer(0), 4, "right")


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        (clause(sp.log(1 - s) + s), "not evidently positive"),
        (clause(sp.log(s) + 1 / s), "not evidently positive"),
        (clause(sp.log(1 + s) - s + s**2, variables=signs(free="s")), "not among the hypotheses"),
        (clause(sp.Min(s, sp.log(1 + s))), "differentiated"),
        (clause((sp.log(1 + s), s)), "one inequality goal"),
        (clause(sp.log(1 + s) - 1), "not evidently >= 0"),
        (clause(sp.log(1 + s), relation=">"), "not among the hypotheses"),
        (clause(sp.exp(1 / (1 + s)) - 1), "exponential of a polynomial"),
        (clause(sp.exp(s) + sp.Symbol("exp_1"), variables=signs(nonneg="s exp_1")), "reserved"),
    ],
)
def test_the_domain_and_the_start_are_verified(stated, reason):
    with pytest.raises(InputError, match=reason):
        derived_clause(stated, "s", sp.Integer(0), 1, "right")


def test_only_hypotheses_of_the_whole_segment_are_kept():
    stated = clause(
        s * x,
        variables=signs(nonneg="s", free="x"),
        weak={"below": 3 - s, "above": s - 2, "apart": x, "mixed": x - s**2, "rising": x * s - 1},
        strict={"near": 4 - s},
        eq={"tied": x - s, "fixed": x**2 - 1},
    )
    last = derived_clause(stated, "s", sp.Integer(0), 1, "right")
    assert set(last.hypotheses()) == {"below", "apart", "mixed", "near", "fixed"}
    # From a base in the middle, points to the left satisfy neither "below" nor "above" for sure.
    two_sided = clause(
        (s - 1) ** 2, variables=signs(pos="s", free="x"), weak={"below": 3 - s, "above": s - x, "apart": x}
    )
    last = derived_clause(two_sided, "s", sp.Integer(1), 1, "both")
    assert set(last.hypotheses()) == {"apart"}


def test_a_forgotten_hypothesis_cannot_prove_a_false_statement():
    # True on s >= 2 only if the start were 2: f = s^2 - 3 s + 1/2 starts at 1/2 > 0, decreases, and is -3/2 at s = 2.
    stated = clause(s**2 - 3 * s + sp.Rational(1, 2), weak={"late": s - 2})
    last = derived_clause(stated, "s", sp.Integer(0), 1, "right")
    assert "late" not in last.weak


def test_exponentials_become_powers_of_one_positive_variable():
    stated = clause(sp.exp(2 * s) - 2 * sp.exp(s / 2) + 1)
    last = derived_clause(stated, "s", sp.Integer(0), 1, "right")
    e = sp.Symbol("exp_1")
    assert sp.expand(last.goal[0] - (2 * e**4 - e)) == 0
    assert last.variables["exp_1"] == "pos"
    assert last.weak["exp-1"] == e - 1 - s / 2


def test_the_last_clause_is_what_the_inner_certificate_is_for():
    stated, certificate = TRANSCENDENTAL[0]
    last, inner = derivative_step(stated, certificate)
    assert last.hash == inner.statement
    assert both(last, inner)


small = st.integers(-4, 4)


@settings(max_examples=150, deadline=None)
@given(
    roots=st.lists(st.tuples(st.builds(Fraction, small, st.integers(1, 3)), st.integers(1, 3)), max_size=3),
    pair=st.booleans(),
    flip=st.booleans(),
    low=st.one_of(st.none(), small),
    length=st.one_of(st.none(), st.integers(0, 5)),
    relation=st.sampled_from([">=", ">"]),
    kind=st.sampled_from(["weak", "strict"]),
)
def test_root_counts_agree_with_the_roots(roots, pair, flip, low, length, relation, kind):
    goal = sp.prod((s - sp.Rational(r.numerator, r.denominator)) ** m for r, m in roots) * (
        s**2 + 1 if pair else s**2 + s + 1
    )
    goal = -goal if flip else goal
    ends = {
        **({"low": s - low} if low is not None else {}),
        **({"high": low + length - s} if None not in (low, length) else {}),
    }
    stated = clause(goal, relation=relation, variables=signs(free="s"), **{kind: ends})
    a = -math.inf if low is None else low
    b = math.inf if None in (low, length) else low + length
    inside = [r for r, _ in roots if a < r < b or (kind == "weak" and r in (a, b))]
    # Between roots the sign is constant, so finitely many points decide.
    marks = sorted({r for r, _ in roots if a < r < b} | {Fraction(v) for v in (a, b) if not math.isinf(v)})
    points = [(p + q) / 2 for p, q in itertools.pairwise(marks)]
    points += [marks[-1] + 1 if marks else Fraction(0)] if math.isinf(b) else []
    points += [marks[0] - 1] if math.isinf(a) and marks else []
    points += [Fraction(a)] if a == b and kind == "weak" else []
    signs_there = [goal.subs(s, sp.Rational(p.numerator, p.denominator)) for p in points]
    true = all(v >= 0 for v in signs_there) and (relation == ">=" or not inside)
    assert both(stated, Certificate(statement=stated.hash, rule="sturm", mode="")) is bool(true)


def test_a_root_count_needs_one_variable_and_no_details():
    two = clause(x * s, variables=signs(nonneg="s x"))
    assert find_sturm(two) is None
    one = clause(s**2 + 1)
    assert both(one, find_sturm(one))
    assert not both(one, Certificate(statement=one.hash, rule="sturm", mode="", details={"trust": "me"}))


BOX = signs(nonneg="x y")
UNIT = {"x": 1 - x, "y": 1 - y}
TIGHT = clause((x - y) ** 2 + sp.Rational(1, 100) * x, variables=BOX, weak=UNIT)
HALF = clause(x**2 + y**2 - 1, variables=BOX, weak={**UNIT, "sum": x + y - sp.Rational(3, 2)}, relation=">")
CLIPPED = clause(1 + x * y - sp.Max(x, y), variables=BOX, weak=UNIT)


@pytest.mark.parametrize("stated", [TIGHT, HALF, CLIPPED])
def test_bernstein_certificates_are_found_and_agreed_upon(stated):
    certificate = find_bernstein(stated)
    assert both(stated, certificate)
    assert both(stated, Certificate.from_data(certificate.data))


def test_an_altered_tree_is_refused():
    (tree,) = find_bernstein(TIGHT).details["trees"]
    altered = [tree[:-1], [*tree, "."], tree[1:], ["z", *tree[1:]], ["."], [["."]], [None], [], tree[: len(tree) // 2]]
    for trees in ([t] for t in altered):
        wrong = Certificate(statement=TIGHT.hash, rule="bernstein", mode="", details={"trees": trees})
        assert not both(TIGHT, wrong)
    for details in (
        {},
        {"trees": []},
        {"trees": [tree, tree]},
        {"trees": "."},
        {"trees": ["."]},
        {"trees": [["x"] * 100]},
    ):
        assert not both(TIGHT, Certificate(statement=TIGHT.hash, rule="bernstein", mode="", details=details))


def test_a_false_statement_on_a_box_has_no_certificate():
    for goal in ((x - y) ** 2 - sp.Rational(1, 1000), x + y - sp.Rational(1, 100)):
        assert find_bernstein(clause(goal, variables=BOX, weak=UNIT)) is None
    unbounded = clause(x + y, variables=BOX)
    assert find_bernstein(unbounded) is None
    assert not both(
        unbounded, Certificate(statement=unbounded.hash, rule="bernstein", mode="", details={"trees": [["."]]})
    )


def test_bernstein_coefficients_enclose_the_values():
    generator = random.Random(5)
    for _ in range(30):
        p = sum(generator.randint(-5, 5) * x**i * y**j for i in range(4) for j in range(3))
        box = {}
        for v in ("x", "y"):
            low = Fraction(generator.randint(-6, 6), 4)
            box[v] = (low, low + Fraction(generator.randint(0, 8), 4))
        values = list(coefficients(expanded(p), box))
        for _ in range(5):
            at = {v: low + (high - low) * Fraction(generator.randint(0, 7), 7) for v, (low, high) in box.items()}
            value = p.subs({sp.Symbol(v): sp.Rational(q.numerator, q.denominator) for v, q in at.items()})
            assert min(values) <= Fraction(int(value.p), int(value.q)) <= max(values)
        corner = p.subs({sp.Symbol(v): sp.Rational(*low.as_integer_ratio()) for v, (low, _) in box.items()})
        assert values[0] == Fraction(int(corner.p), int(corner.q))


def test_intervals_come_from_signs_and_affine_hypotheses():
    stated = clause(
        x + y, variables=signs(pos="x", free="y"), weak={"a": 3 - 2 * x, "b": y + x}, strict={"c": y + 1, "d": 5 - y**3}
    )
    found = intervals(branches(stated)[0])
    assert found["x"] == (0, sp.Rational(3, 2), True, False)
    assert found["y"] == (-1, sp.oo, True, True)
