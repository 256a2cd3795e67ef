"""What the front door prints for the questions besides "how many iterations"."""

from __future__ import annotations

import json

import pytest
import xarray as xr

from bounds.calculator import rank as rank_theorems
from bounds.catalogue import THEOREMS, theorem_named
from bounds.codec import record_from_json
from bounds.errors import InputError
from bounds.problem import Problem
from bounds.smoothness import Noise
from clipbounds import questions

PROBLEM = Problem.of(L0=1, L1=10, Delta=5, epsilon="0.01")
NOISY = Problem.of(L0=1, L1=0, Delta=5, epsilon="0.1", sigma=10, noise=Noise.VARIANCE)
SOME = tuple(theorem_named(k) for k in ("best-step-gd", "clipped-gd", "gradient-only-lower", "sgd"))


@pytest.fixture
def printed(capsys):
    """Calls a question and gives what it wrote to standard output; with JSON, exactly one object."""

    def call(question, *arguments, **options):
        question(*arguments, **options)
        text = capsys.readouterr().out
        return json.loads(text) if options.get("as_json") else text

    return call


def test_invert_lists_answers_best_first_and_refusals(printed):
    answer = printed(questions.invert, SOME, PROBLEM, "eps", steps=10**5, as_json=True)
    keys = [a["bound"]["key"] for a in answer["answers"]]
    assert keys == ["best-step-gd", "clipped-gd", "gradient-only-lower"]
    assert [r["key"] for r in answer["refused"]] == ["sgd"]
    assert all(a["tolerance"] == 1e-6 and a["steps"] == 10**5 for a in answer["answers"])
    text = printed(questions.invert, SOME, PROBLEM, "eps", steps=10**5)
    assert "out of reach" in text
    assert "not sgd" in text


def test_invert_for_step_and_batch(printed):
    one = (theorem_named("framework-deterministic"),)
    answer = printed(questions.invert, one, PROBLEM, "step", parameters={"beta": 0}, as_json=True)
    assert answer["answers"][0]["exact"] == "5/53"
    assert answer["answers"][0]["value"] <= 5 / 53
    unbounded = Problem.of(L0=1, L1=0, Delta=5, epsilon="0.01")
    assert "no largest value" in printed(questions.invert, one, unbounded, "step", step_name="gamma")
    batch = printed(questions.invert, SOME, NOISY, "batch", steps=2000, as_json=True)
    assert [a["value"] for a in batch["answers"]] == [10000.0]


def test_a_single_theorem_that_refuses_is_an_error(printed):
    with pytest.raises(InputError, match="L-smooth"):
        questions.invert((theorem_named("sgd"),), PROBLEM, "eps", steps=10)
    with pytest.raises(InputError, match="needs a number of iterations"):
        questions.invert(SOME, PROBLEM, "eps")
    with pytest.raises(InputError, match="unknown question 'epsilon'"):
        questions.invert(SOME, PROBLEM, "epsilon", steps=10)


def test_rank_shows_dominant_terms_and_gaps(printed):
    answer = printed(questions.rank, SOME, PROBLEM, as_json=True)
    assert [b["key"] for b in answer["upper"]] == ["best-step-gd", "clipped-gd"]
    assert answer["upper"][0]["dominant_term"] == "2*delta*L0/eps^2"
    assert answer["upper"][0]["gap"] == pytest.approx(113334 / 53308)
    assert answer["lower"][0]["gap"] == 1
    assert "best-step-gd" in printed(questions.rank, SOME, PROBLEM)


def test_a_question_that_no_theorem_covers_names_what_each_needs(printed):
    text = printed(questions.rank, (theorem_named("sgd"),), PROBLEM)
    assert "No upper bound covers this problem" in text
    assert "sgd: it is about L-smooth" in text


def test_regimes_as_text_json_and_file(printed, tmp_path):
    axes = (("L1", "1e-3", "1e3"), ("epsilon", "1e-4", "1"))
    options = {"points": 5, "out": tmp_path / "map.nc"}
    answer = printed(questions.regimes, SOME[:2], PROBLEM, *axes, as_json=True, **options)
    assert answer["theorems"] == ["best-step-gd"]
    assert len(answer["best"]) == len(answer["log10_iterations"]) == 5
    assert answer["x"]["values"][0] == pytest.approx(1e-3)
    with xr.open_dataset(tmp_path / "map.nc", engine="scipy") as stored:
        assert stored["best"].dims == ("epsilon", "L1")
    text = printed(questions.regimes, SOME[:2], PROBLEM, *axes, points=5)
    assert "A  best-step-gd" in text
    assert text.count("AAAAA") == 5
    with pytest.raises(InputError, match="range"):
        questions.regimes(SOME, PROBLEM, ("L1", "1", "1"), axes[1])


def test_recommend_says_what_to_run(printed):
    text = printed(questions.recommend, THEOREMS, PROBLEM, "momentum-clipping")
    for words in ("Run clipped momentum", "step size", "Sensitivity", "m.lerp(g, 1 - beta)", "proof"):
        assert words in text
    answer = printed(questions.recommend, THEOREMS, PROBLEM, as_json=True)
    assert set(answer) == {"problem", "method", "bound", "gap", "elasticities", "pytorch"}
    assert answer["elasticities"]["Delta"] == pytest.approx(1)


@pytest.mark.parametrize("form", questions.EXPORTS)
def test_exports_print_one_form(printed, form):
    text = printed(questions.export, SOME[0], form)
    if form == "json":
        assert record_from_json(json.loads(text)) == SOME[0]
    assert SOME[0].source.title in text or SOME[0].key.replace("-", "_") in text or SOME[0].key in text


def test_an_unknown_export_is_refused():
    with pytest.raises(InputError, match="unknown form 'html'"):
        questions.export(SOME[0], "html")


def test_cite_names_each_paper_once(printed):
    text = printed(questions.cite, rank_theorems(THEOREMS, PROBLEM).upper)
    assert text.count("@misc{") == 2
    assert "2010.02519" in text
