"""Records as JSON: complete, valid under the published schema, and back to equal records."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from bounds.catalogue import THEOREMS
from bounds.codec import SCHEMA_ID, expression_from_json, expression_json, record_from_json, record_json, record_schema
from bounds.errors import InputError
from bounds.quantities import QUANTITIES

SCHEMA = Path(__file__).parents[2] / "docs" / "theorem.schema.json"
MAIN = record_json(THEOREMS[0])


def problems(data, schema, root):
    """What a JSON value violates, for the keywords that the schema uses."""
    known = {"$schema", "$id", "title", "$defs", "$ref", "type", "properties", "required", "additionalProperties"}
    known |= {"enum", "const", "items", "prefixItems", "minItems", "anyOf", "oneOf", "pattern"}
    assert schema.keys() <= known, "the test does not know this keyword"
    if "$ref" in schema:
        return problems(data, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    for keyword, wanted in (("anyOf", 1), ("oneOf", 1)):
        if keyword in schema:
            fitting = sum(not problems(data, option, root) for option in schema[keyword])
            return [] if fitting >= wanted and (keyword == "anyOf" or fitting == 1) else [f"{keyword}: {data!r}"]
    if "const" in schema or "enum" in schema:
        return [] if data in schema.get("enum", [schema.get("const")]) else [f"not allowed: {data!r}"]
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None)}
    if type(data) is not kinds[schema["type"]]:
        return [f"not {schema['type']}: {data!r}"]
    found = []
    if isinstance(data, dict):
        found += [f"missing {name}" for name in schema["required"] if name not in data]
        found += [f"unknown {name}" for name in data if name not in schema["properties"]]
        for name, value in data.items():
            found += problems(value, schema["properties"].get(name, {"const": value}), root)
    if isinstance(data, list):
        first = schema.get("prefixItems", [])
        rest = schema["items"]
        if len(data) < schema.get("minItems", 0) or (rest is False and len(data) > len(first)):
            found.append(f"length {len(data)}")
        for position, item in enumerate(data):
            found += problems(item, first[position] if position < len(first) else rest, root) if first or rest else []
    if isinstance(data, str) and "pattern" in schema and not re.search(schema["pattern"], data):
        found.append(f"pattern: {data!r}")
    return found


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda t: t.key)
def test_a_record_comes_back_equal_and_fits_the_schema(theorem):
    data = json.loads(json.dumps(record_json(theorem)))
    assert record_from_json(data) == theorem
    schema = record_schema()
    assert problems(data, schema, schema) == []


def test_the_published_schema_is_the_one_of_the_code():
    """After a change of the record: write record_schema() to docs/theorem.schema.json, with a new SCHEMA_ID."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == record_schema()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schema": "urn:other"}, SCHEMA_ID),
        ({"colour": "red"}, "must be an object with the fields"),
        ({"kind": "middle"}, "unknown kind 'middle'"),
        ({"methods": ["clipped-dg"]}, "unknown method 'clipped-dg'"),
        ({"smoothness": "smooth"}, "unknown smoothness definition"),
        ({"methods": "gd"}, "must be a list"),
        ({"first": "0"}, "must be of type int"),
        ({"first": True}, "must be of type int"),
        ({"key": 3}, "must be of type str"),
        ({"iterations": {"symbol": "eta"}}, "refuses itself: .*units"),
        ({"iterations": "eta"}, "must be a JSON object"),
        ({"iterations": {"symbol": "zeta"}}, "unknown symbol 'zeta'"),
        ({"iterations": {"apply": "system", "to": []}}, "unknown operation 'system'"),
        ({"iterations": {"apply": "gap", "to": []}}, "not defined for"),
        ({"iterations": {"number": "1.2.3"}}, "number = '1.2.3'"),
        ({"iterations": {"number": 3}}, "must be text"),
        ({"iterations": {"sum": []}}, "see the schema"),
        ({"parameters": [[{"symbol": "eta"}]]}, "a list of 1"),
        ({"source": {"authors": "A"}}, "lacks the fields"),
    ],
)
def test_a_bad_record_is_refused_and_does_not_fit_the_schema(change, reason):
    with pytest.raises(InputError, match=reason):
        record_from_json(MAIN | change)


def test_a_missing_field_is_named():
    with pytest.raises(InputError, match="lacks the fields title"):
        record_from_json({k: v for k, v in MAIN.items() if k != "title"})
    with pytest.raises(InputError, match="must be a JSON object"):
        record_from_json([])


def test_numbers_cannot_fill_the_memory():
    nine = {"number": "9"}
    for _ in range(40):
        nine = {"apply": "power", "to": [nine, {"number": "64"}]}
    with pytest.raises(InputError, match="bits"):
        expression_from_json(nine)
    with pytest.raises(InputError, match="between -64 and 64"):
        expression_from_json({"apply": "power", "to": [{"number": "9"}, {"number": "1000000000"}]})
    tower = {"apply": "exp", "to": [{"apply": "exp", "to": [{"number": "9"}]}]}
    with pytest.raises(InputError, match="only rationals between"):
        expression_from_json({"apply": "floor", "to": [tower]})


symbols = st.sampled_from([q.symbol for q in QUANTITIES])
leaves = st.one_of(symbols, st.fractions(max_denominator=99).map(lambda f: sp.Rational(f.numerator, f.denominator)))
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda a: sp.Add(*a)),
        st.lists(inner, min_size=1, max_size=3).map(lambda a: sp.Mul(*a)),
        st.tuples(inner, st.integers(-3, 3)).filter(lambda p: p[0] != 0).map(lambda p: p[0] ** p[1]),
        inner.filter(lambda e: not e.is_number).map(sp.exp),
        inner.filter(lambda e: not e.is_number).map(sp.floor),
    ),
    max_leaves=8,
)


@given(expressions)
def test_random_expressions_come_back_equal(expr):
    assert expression_from_json(json.loads(json.dumps(expression_json(expr)))) == expr
