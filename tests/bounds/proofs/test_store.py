"""Stored proofs are read back as they were, and everything that does not stand is named."""

from __future__ import annotations

import dataclasses
import json
import runpy
from pathlib import Path

import pytest

from bounds.errors import InputError
from bounds.proofs.store import Entry, load, problems, save

HERE = Path(__file__).parent
EXAMPLES = runpy.run_path(str(HERE / "examples.py"))
CLAUSES = EXAMPLES["CLAUSES"]
STORED = load("examples", HERE)


def test_the_examples_stand():
    assert problems(CLAUSES, STORED) == ()


def test_saving_and_loading_changes_nothing(tmp_path):
    path = save("copy", STORED, tmp_path)
    assert load("copy", tmp_path) == STORED
    assert path.read_text() == (HERE / "examples.json").read_text()
    assert len(path.read_text().splitlines()) == len(STORED) + 2


@pytest.mark.parametrize("name", ["nothing", "../examples", "examples.json", ""])
def test_unknown_proofs_are_refused(name):
    with pytest.raises(InputError, match="no proof data"):
        load(name, HERE)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"a": 1}', '{"a": {"hash": "0"}}', '{"a": {"hash": "0", "certificate": 3}}']
)
def test_damaged_files_are_refused(tmp_path, text):
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(InputError):
        load("bad", tmp_path)


def changed(key, **fields):
    return {**STORED, key: dataclasses.replace(STORED[key], **fields)}


@pytest.mark.parametrize(
    ("entries", "named"),
    [
        ({k: v for k, v in STORED.items() if k != "convex"}, "convex: nothing is stored"),
        (changed("convex", certificate=None), "convex: there is no certificate"),
        (changed("convex", certificate=STORED["step"].certificate), "convex: the certificate is for statement"),
        (changed("convex", witness=None), "convex: no stored point"),
        (changed("convex", witness=STORED["step"].witness), "convex: no stored point"),
        (changed("convex", mutations=STORED["convex"].mutations[1:]), "convex: mutation"),
    ],
)
def test_whatever_does_not_stand_is_named(entries, named):
    (sentence,) = problems([c for c in CLAUSES if c.id == "convex"], entries)
    assert sentence.startswith(named)


def test_lemmas_must_come_first_and_be_the_same_statement():
    at = {c.id: n for n, c in enumerate(CLAUSES)}
    lemma, user = CLAUSES[at["drift-sign"]], CLAUSES[at["drift-bound"]]
    assert problems((user, lemma), STORED) == ("drift-bound: lemma drift-sign is not an earlier clause of this proof",)
    other = lemma.changed({"goal": 2 * lemma.goal[0]})
    assert any("not an earlier clause" in p for p in problems((other, user), STORED))
    assert any("two clauses" in p for p in problems((lemma, lemma), STORED))


def test_an_edit_of_any_statement_is_noticed():
    for stated in CLAUSES:
        edited = stated.changed({"goal": (stated.goal[0] + 1, *stated.goal[1:])})
        found = STORED[stated.id].problems(edited)
        assert any("the certificate is for statement" in p for p in found)


def test_entries_are_plain_json():
    for entry in STORED.values():
        assert Entry.from_data(json.loads(json.dumps(entry.data))) == entry
