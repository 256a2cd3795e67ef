"""What the search finds is accepted; what is false is not found; the deciders agree."""

from __future__ import annotations

import importlib.util
import runpy
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from bounds.errors import InputError
from bounds.proofs import deciders
from bounds.proofs.certificate import check
from bounds.proofs.deciders import DisagreementError, cvc5_opinion, script, second_opinion, z3_opinion
from bounds.proofs.fractions_check import accepts
from bounds.proofs.linear import Column, combination, pruned
from bounds.proofs.points import tight_points
from bounds.proofs.search import find, find_counterexample, find_mutations, find_witness, settle_all
from bounds.proofs.step import Clause, signs
from bounds.proofs.store import load, problems
from bounds.proofs.system import branches
from bounds.proofs.witness import holds_at, settled

HERE = Path(__file__).parent
EXAMPLES = runpy.run_path(str(HERE / "examples.py"))
CLAUSES, FALSE = EXAMPLES["CLAUSES"], EXAMPLES["FALSE"]
POLYNOMIAL = [c for c in CLAUSES if not c.goal[0].has(sp.exp, sp.log)]
x, y, z = sp.symbols("x y z")


def clause(goal, *, relation=">=", variables=None, **fields):
    return Clause(id="T", place="x", variables=variables or signs(nonneg="x y"), goal=goal, relation=relation, **fields)


@pytest.mark.parametrize("stated", CLAUSES, ids=lambda c: c.id)
def test_a_certificate_is_found_for_every_example(stated):
    certificate = find(stated)
    assert check(stated, certificate)
    assert accepts(stated, certificate)


@pytest.mark.parametrize("stated", FALSE, ids=lambda c: c.id)
def test_a_false_clause_is_refuted_and_has_no_certificate(stated):
    assert find(stated) is None
    assert not holds_at(stated, find_counterexample(stated))


@pytest.mark.parametrize(
    "stated",
    [
        clause(x**3 + y**3 + z**3 - 3 * x * y * z, variables=signs(nonneg="x y z")),
        clause(x / (y + z) + y / (x + z) + z / (x + y) - sp.Rational(3, 2), variables=signs(pos="x y z")),
        clause(x**2 + y**2 - 2 * x * y, variables=signs(free="x y")),
        clause(1 - 64 * x**2 * y * (1 - x - y), weak={"sum": 1 - x - y}),
        clause(y - 3, weak={"a": y - x - 1}, eq={"b": x - 2}, variables=signs(free="x y")),
        clause(x**2 + 1, variables=signs(free="x"), relation=">"),
    ],
)
def test_classical_inequalities(stated):
    certificate = find(stated)
    assert check(stated, certificate)
    assert accepts(stated, certificate)


def test_a_logarithm_with_too_large_a_constant_is_not_proved():
    stated = clause(x - sp.log(1 + x) - x**2 / (2 + sp.Rational(13, 10) * x), variables=signs(nonneg="x"))
    assert find(stated) is None
    assert not holds_at(stated, find_counterexample(stated))


def test_many_minima_are_kept_as_slack_variables():
    stated = clause(9 * x + y - sum(sp.Min(x, y + n) for n in range(9)), weak={"small": 3 - x})
    certificate = find(stated)
    assert certificate.mode == "slack"
    assert check(stated, certificate)


def test_a_witness_is_interior_where_one_exists():
    assert find_witness(CLAUSES[0]).interior
    tight = clause(x, weak={"a": x - 1, "b": 1 - x})
    witness = find_witness(tight)
    assert witness.confirms(tight)
    assert not witness.interior
    assert find_witness(clause(x, weak={"a": x - 2, "b": 1 - x})) is None


def test_mutations_are_settled_and_a_redundant_hypothesis_is_exposed():
    stated = clause(2 * x + y - 1, weak={"needed": x + y - 1, "spare": 5 - x})
    verdicts = {m.change: settled(stated, m) for m in find_mutations(stated)}
    assert verdicts["without needed"] == "refuted"
    assert verdicts["without spare"] == "true"
    assert "open" not in verdicts.values()


def test_settling_keeps_what_stands_and_searches_what_changed(tmp_path):
    some = CLAUSES[5:9]
    first = settle_all(some, "some", tmp_path)
    assert problems(some, load("some", tmp_path)) == ()
    text = (tmp_path / "some.json").read_text()
    assert settle_all(some, "some", tmp_path) == first
    assert (tmp_path / "some.json").read_text() == text
    changed = (some[0].changed({"goal": some[0].goal[0] + 1}), *some[1:])
    again = settle_all(changed, "some", tmp_path)
    assert problems(changed, again) == ()
    assert [again[c.id] == first[c.id] for c in changed] == [False, True, True, True]


@pytest.mark.parametrize("stated", POLYNOMIAL, ids=lambda c: c.id)
def test_z3_agrees_with_the_certificates(stated):
    assert z3_opinion(stated) in ("proved", "unknown")


@pytest.mark.parametrize("stated", FALSE, ids=lambda c: c.id)
def test_z3_refutes_what_is_false(stated):
    assert z3_opinion(stated) == "refuted"


def test_cvc5_agrees_or_is_reported_missing():
    if importlib.util.find_spec("cvc5") is None:
        with pytest.raises(InputError, match="pip install cvc5"):
            cvc5_opinion(CLAUSES[0])
        return
    assert cvc5_opinion(CLAUSES[0]) == "proved"
    assert cvc5_opinion(FALSE[2]) == "refuted"


def test_a_decider_that_hangs_is_killed_and_counts_as_unknown(monkeypatch):
    monkeypatch.setattr(deciders, "_CVC5", "import time; time.sleep(60)")
    assert cvc5_opinion(CLAUSES[7], seconds=-0.8) == "unknown"


@pytest.mark.parametrize(
    ("z3_says", "cvc5_says", "certified", "contradiction"),
    [
        ("proved", "refuted", False, True),
        ("refuted", "unknown", True, True),
        ("refuted", "unknown", False, False),
        ("unknown", "unknown", True, False),
        ("proved", "proved", False, False),
    ],
)
def test_contradictions_are_errors(monkeypatch, z3_says, cvc5_says, certified, contradiction):
    monkeypatch.setattr(deciders, "z3_opinion", lambda *_, **__: z3_says)
    monkeypatch.setattr(deciders, "cvc5_opinion", lambda *_, **__: cvc5_says)
    if contradiction:
        with pytest.raises(DisagreementError, match=CLAUSES[0].id):
            second_opinion(CLAUSES[0], certified=certified)
    else:
        assert second_opinion(CLAUSES[0], certified=certified) == {"z3": z3_says, "cvc5": cvc5_says}


def test_a_missing_decider_is_named_with_the_way_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(InputError, match=r'pip install "clipbounds\[prove\]"'):
        z3_opinion(CLAUSES[0])


def test_the_script_is_smt_lib_with_every_assumption():
    text = script(branches(CLAUSES[0])[0])
    assert text.startswith("(set-logic QF_NRA)")
    assert text.count("declare-const") == len(CLAUSES[0].variables)
    assert text.count("assert") == len(CLAUSES[0].variables) + len(CLAUSES[0].weak) + 1
    assert text.count("(") == text.count(")")


def test_checking_needs_no_solver():
    program = (
        "import sys, runpy; from pathlib import Path;"
        f"here = Path({str(HERE)!r}); clauses = runpy.run_path(str(here / 'examples.py'))['CLAUSES'];"
        "from bounds.proofs.store import load, problems;"
        "assert problems(clauses, load('examples', here)) == ();"
        "assert not {'scipy', 'numpy', 'z3', 'cvc5'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=HERE.parents[2])


def column(name, terms, **fields):
    return Column(name=name, terms={m: Fraction(c) for m, c in terms.items()}, cost=1, **fields)


def test_columns_that_cannot_cancel_are_pruned():
    columns = [
        column("a", {0: 1, 1: -1}, anchor=True),
        column("b", {1: 1}),
        column("c", {0: -1}),
        column("d", {2: 1, 0: -1}),
    ]
    assert [c.name for c in pruned(columns)] == ["a", "b", "c"]
    assert pruned(columns[:2]) == []


@settings(max_examples=30, deadline=None)
@given(weights=st.lists(st.builds(Fraction, st.integers(1, 30), st.integers(1, 30)), min_size=2, max_size=5))
def test_combinations_are_exact(weights):
    # e_0 + sum_i (e_i - w_i e_{i-1}), a chain that has one solution up to scaling.
    columns = [column(0, {0: 1}, anchor=True)]
    columns += [column(i, {i: 1, i - 1: -w}) for i, w in enumerate(weights, start=1)]
    columns.append(column("end", {len(weights): -1}))
    found = combination(columns, tries=1)
    total = {}
    for c, value in found:
        assert value > 0
        for m, a in c.terms.items():
            total[m] = total.get(m, 0) + a * value
    assert set(total.values()) == {0}


def test_tight_points_are_exact():
    goal = {(2,): Fraction(4), (1,): Fraction(-12), (0,): Fraction(9)}
    assert tight_points(goal, [], [], [0]) == [(Fraction(3, 2),)]
