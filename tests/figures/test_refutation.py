"""The search finds violations where a hypothesis is missing, and only there."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from bounds import THEOREMS, InputError, method_named, theorem_named
from bounds.theorem import Provenance
from figures.hypotheses import HYPOTHESES, hypothesis_named, refutable, relaxed, removable
from figures.instances import SILENT, Instance, Law, measure
from figures.refutation import refute_theorem
from figures.refutation_table import PAIRS, refutation_rows, refutations_markdown
from synthetic.landscapes import huber
from synthetic.solve import solve

PAGE = (Path(__file__).parents[2] / "docs" / "refutations.md").read_text(encoding="utf-8")
PROVED = [t for t in THEOREMS if refutable(t) and t.provenance is Provenance.PROVED_HERE]

SAMPLE = (
    ("framework-deterministic", "smoothness"),
    ("framework-deterministic", "step-size"),
    ("framework-deterministic-slides-first", "max-step"),
    ("framework-deterministic-slides-proved", "momentum-factor"),
    ("normalized-momentum-deterministic", "momentum-start"),
    ("gd-gradient-bound", "gradient-bound"),
    ("normalized-gd-one-dimension", "max-step"),
    ("best-step-gd", "exact-gradients"),
    ("clipped-sgd", "threshold"),
    ("clipped-sgd", "noise-bound"),
    ("soft-clipped-sgd", "unbiased"),
)


@pytest.mark.parametrize(("key", "drop"), SAMPLE)
def test_a_missing_hypothesis_is_noticed(key, drop):
    found = refute_theorem(theorem_named(key), 60, drop, trials=40)
    assert found.violated, found
    assert found.ratio > 1
    assert found.instance.dropped == drop
    again = measure(Instance.from_json(found.instance.to_json()))
    assert again == (found.ratio, found.error)


@pytest.mark.parametrize("theorem", PROVED, ids=lambda t: t.key)
def test_with_all_hypotheses_nothing_is_found(theorem):
    found = refute_theorem(theorem, 60, trials=3)
    assert not found.violated, found
    assert np.isnan(found.ratio) or found.ratio - 5 * found.error <= 1


def test_trials_depend_on_the_seed_only():
    theorem = theorem_named("clipped-gd")
    one, again, other = (refute_theorem(theorem, 60, seed=s, trials=3) for s in (4, 4, 5))
    assert (one.ratio, one.instance) == (again.ratio, again.instance)
    assert one.instance != other.instance


def test_the_table_lists_every_pair_and_each_is_violated():
    block = re.search(r"<!-- refutations: begin[^>]*-->\n(.*?)<!-- refutations: end -->", PAGE, re.DOTALL)[1]
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in block.splitlines() if line.count("|") == 7]
    listed = [(r[0], r[1]) for r in rows[2:]]
    assert listed == [(t.key, key) for t, key in PAIRS]
    assert {r[2] for r in rows[2:]} == {"violated"}
    assert all(int(r[4].replace(",", "")) >= 1 for r in rows[2:])
    for hypothesis in HYPOTHESES:
        assert f"| `{hypothesis.key}` | {hypothesis.meaning} | {hypothesis.instead} |" in block


def test_markdown_names_what_was_dropped():
    found = refute_theorem(theorem_named("gd-gradient-bound"), 60, "smoothness", trials=40)
    (row,) = refutation_rows([found])
    assert row["verdict"] == "violated"
    assert "gd-gradient-bound | smoothness | violated" in refutations_markdown([found])


def test_only_the_named_hypothesis_is_dropped():
    for theorem in PROVED:
        for hypothesis in removable(theorem):
            kept = relaxed(theorem, hypothesis.key).requires
            gone = [r for r in theorem.requires if r not in kept]
            assert all(any(part in r.why for part in hypothesis.reasons) for r in gone)
    noisy = theorem_named("clipped-sgd")
    assert next(r.why for r in relaxed(noisy, "threshold").requires).endswith("for this eps")
    assert relaxed(noisy, None) is noisy


@pytest.mark.parametrize("first", [0, 1])
def test_measure_is_the_driver(first):
    instance = Instance(
        theorem="-",
        dropped=None,
        landscape={"family": "huber", "L0": "1", "slope": "2"},
        start=3.5,
        method="momentum-clipping",
        parameters={"eta": 0.3, "gamma": 0.2, "beta": 0.5},
        buffer="gradient",
        law=SILENT,
        criterion="mean",
        first=first,
        steps=20,
        promised=0.5,
        runs=1,
        seed=0,
    )
    runs = solve(
        huber(L0=1, slope=2),
        method_named("momentum-clipping"),
        np.array([[3.5]]),
        epsilon=1e-300,
        max_iterations=20,
        parameters=instance.parameters,
        first=first,
    )
    assert measure(instance) == (pytest.approx(runs.mean_gradient_norm[0] / 0.5, rel=1e-12), 0.0)
    least = measure(dataclasses.replace(instance, criterion="min"))[0]
    assert least == pytest.approx(runs.min_gradient_norm[0] / 0.5, rel=1e-12)
    squared = measure(dataclasses.replace(instance, criterion="mean-squared"))[0]
    assert squared == pytest.approx(runs.mean_squared[0] / 0.25, rel=1e-12)


def test_laws_are_unbiased_and_scale():
    law = Law(high=1.0, low=-1 / 3, share=0.25)
    assert law.share * law.high + (1 - law.share) * law.low == pytest.approx(0)
    assert law.scaled(2) == Law(high=2.0, low=-2 / 3, share=0.25)


@pytest.mark.parametrize(
    ("key", "seconds", "drop", "part"),
    [
        ("chain-lower", 1, None, "not a counted upper bound"),
        ("clipped-gd", 1, "threshold", "cannot be dropped from clipped-gd; known: smoothness"),
        ("clipped-gd", 0, None, "seconds = 0"),
        ("clipped-gd", float("nan"), None, "seconds = nan"),
    ],
)
def test_bad_requests_are_refused(key, seconds, drop, part):
    with pytest.raises(InputError, match=re.escape(part)):
        refute_theorem(theorem_named(key), seconds, drop)


def test_unknown_names_and_texts_are_refused():
    with pytest.raises(InputError, match="did you mean step-size"):
        hypothesis_named("stepsize")
    for text in ("", "[]", "{}", '{"law": 3}'):
        with pytest.raises(InputError, match="not a saved instance"):
            Instance.from_json(text)
