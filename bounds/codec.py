r"""Records as JSON and back, with a JSON Schema, all derived from the declarations of the record classes.

Expressions are trees: ``{"number": "44/25"}``, ``{"symbol": "eta"}``, ``{"constant": "e"}`` or
``{"apply": "multiply", "to": [...]}``. Nothing is ever parsed as code. Methods and smoothness definitions are named by
their keys, enumerations by their values. A new field of a record appears here by itself.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from typing import Any

import sympy as sp

from bounds import functions
from bounds.catalogue import THEOREMS
from bounds.errors import InputError, unknown_name
from bounds.methods import METHODS
from bounds.quantities import QUANTITIES, as_fraction
from bounds.smoothness import SmoothnessClass, smoothness_named
from bounds.theorem import Theorem

__all__ = ["SCHEMA_ID", "expression_from_json", "expression_json", "record_from_json", "record_json", "record_schema"]

_LARGEST_EXPONENT, _LARGEST_BITS = 64, 4096

SCHEMA_ID = "urn:clipbounds:theorem:1"

_SYMBOLS = {q.name: q.symbol for q in QUANTITIES}
_CONSTANTS: dict[str, Any] = {"e": sp.E, "pi": sp.pi, "infinity": sp.oo}
_OPERATIONS: dict[str, Any] = {
    "add": sp.Add,
    "multiply": sp.Mul,
    "power": sp.Pow,
    "max": sp.Max,
    "min": sp.Min,
    "log": sp.log,
    "exp": sp.exp,
    "floor": sp.floor,
    "ceiling": sp.ceiling,
} | {f.__name__: f for f in functions.NamedFunction.__subclasses__()}
# sympy evaluates these at once; towers of exponentials would never end.
_TOWERS = (sp.exp, sp.floor, sp.ceiling)
_OPERATION_NAMES = {operation: name for name, operation in _OPERATIONS.items()}


def expression_json(expr: Any) -> dict[str, Any]:
    """An expression as a tree."""
    if expr.is_Rational:
        return {"number": str(expr)}
    if expr.is_Symbol:
        return {"symbol": expr.name}
    for name, constant in _CONSTANTS.items():
        if expr == constant:
            return {"constant": name}
    return {"apply": _OPERATION_NAMES[expr.func], "to": [expression_json(a) for a in expr.args]}


def expression_from_json(data: Any) -> Any:
    """The expression of a tree.

    Raises
    ------
    InputError : the tree is malformed, or names something unknown.
    """
    if not isinstance(data, dict):
        raise InputError(f"expression {data!r} is not allowed: it must be a JSON object.")
    if data.keys() == {"number"}:
        value = as_fraction("number", _text(data["number"]))
        return sp.Rational(value.numerator, value.denominator)
    if data.keys() == {"symbol"}:
        return _looked_up("symbol", _text(data["symbol"]), _SYMBOLS)
    if data.keys() == {"constant"}:
        return _looked_up("constant", _text(data["constant"]), _CONSTANTS)
    if data.keys() == {"apply", "to"} and isinstance(data["to"], list):
        return _applied(_text(data["apply"]), [expression_from_json(a) for a in data["to"]])
    raise InputError(f"expression with the keys {sorted(data)} is not allowed; see the schema {SCHEMA_ID}.")


def _applied(name: str, arguments: list[Any]) -> Any:
    operation = _looked_up("operation", name, _OPERATIONS)
    if operation is sp.Pow and arguments[-1].is_number and not abs(arguments[-1]) <= _LARGEST_EXPONENT:
        raise InputError(f"exponent {arguments[-1]} is not allowed: it must be between -64 and 64.")
    if operation in _TOWERS and arguments[0].is_number and not _is_moderate(arguments[0]):
        raise InputError(f"{name}({arguments[0]}) is not allowed: of numbers, only rationals between -64 and 64.")
    try:
        result = operation(*arguments)
    except (TypeError, ValueError) as error:
        raise InputError(f"operation {name!r} is not defined for ({', '.join(map(str, arguments))}).") from error
    # Repeated powers of numbers could otherwise fill the memory.
    if any(max(abs(int(r.p)), int(r.q)).bit_length() > _LARGEST_BITS for r in result.atoms(sp.Rational)):
        raise InputError(f"operation {name!r} gives a number of more than {_LARGEST_BITS} bits.")
    return result


def _is_moderate(number: Any) -> bool:
    return bool(number.is_Rational and abs(number) <= _LARGEST_EXPONENT)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InputError(f"{value!r} is not allowed: it must be text.")
    return value


def _looked_up(kind: str, name: str, known: dict[str, Any]) -> Any:
    if name not in known:
        raise unknown_name(kind, name, known)
    return known[name]


def record_json(theorem: Theorem) -> dict[str, Any]:
    """A record, complete: :func:`record_from_json` gives an equal one back."""
    return {"schema": SCHEMA_ID, **_encode(theorem)}


def _encode(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, sp.Basic):
        return expression_json(value)
    if isinstance(value, tuple):
        return [_encode(v) for v in value]
    if not isinstance(value, Theorem) and hasattr(value, "key"):
        return value.key
    return {f.name: _encode(getattr(value, f.name)) for f in dataclasses.fields(value)}


def record_from_json(data: Any) -> Theorem:
    """The record of a JSON object; it checks itself like any other record.

    Raises
    ------
    InputError : the object does not follow the schema, or the record refuses itself (units, undeclared symbols).
    """
    if not isinstance(data, dict) or data.get("schema") != SCHEMA_ID:
        raise InputError(f"a theorem record must be a JSON object with schema {SCHEMA_ID!r}.")
    fields = {name: value for name, value in data.items() if name != "schema"}
    record: Theorem = _decode(fields, Theorem)
    return record


def _decode(data: Any, hint: Any) -> Any:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        if not isinstance(data, list):
            raise InputError(f"{data!r} is not allowed: it must be a list.")
        if arguments[-1] is Ellipsis:
            return tuple(_decode(item, arguments[0]) for item in data)
        if len(data) != len(arguments):
            raise InputError(f"a list of {len(data)} is not allowed where {len(arguments)} entries belong.")
        return tuple(_decode(item, one) for item, one in zip(data, arguments, strict=True))
    if _is_optional(hint):
        return None if data is None else _decode(data, next(a for a in arguments if a is not types.NoneType))
    if hint is Any:
        return None if data is None else expression_from_json(data)
    if hint is SmoothnessClass:
        return smoothness_named(_text(data))
    if _is_method(hint):
        return _looked_up("method", _text(data), {m.key: m for t in THEOREMS for m in t.methods} | _METHODS)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _looked_up(hint.__name__.lower(), data, {e.value: e for e in hint})
    if dataclasses.is_dataclass(hint):
        return _construct(data, hint)
    if type(data) is not hint:
        raise InputError(f"{data!r} is not allowed: it must be of type {hint.__name__}.")
    return data


_METHODS: dict[str, Any] = {m.key: m for m in METHODS}


def _is_optional(hint: Any) -> bool:
    return isinstance(hint, types.UnionType) and types.NoneType in typing.get_args(hint)


def _is_method(hint: Any) -> bool:
    """A method class, or a union of them: what is named by a key and has no fields of its own here."""
    members = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return all(dataclasses.is_dataclass(m) and {"key", "name"} <= m.__dataclass_fields__.keys() for m in members)


def _construct(data: Any, cls: Any) -> Any:
    hints = typing.get_type_hints(cls)
    if not isinstance(data, dict) or (unknown := data.keys() - hints.keys()):
        raise InputError(f"{cls.__name__} must be an object with the fields {', '.join(hints)}, not {_shown(data)}.")
    missing = [f.name for f in dataclasses.fields(cls) if f.default is dataclasses.MISSING and f.name not in data]
    if missing or unknown:
        raise InputError(f"{cls.__name__} lacks the fields {', '.join(missing)}.")
    try:
        return cls(**{name: _decode(value, hints[name]) for name, value in data.items()})
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"the record refuses itself: {error}.") from error


def _shown(data: Any) -> str:
    return str(sorted(data)) if isinstance(data, dict) else repr(data)


def record_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of :func:`record_json`."""
    definitions: dict[str, Any] = {"expression": _expression_schema()}
    body = _object_schema(Theorem, definitions)
    body["properties"] = {"schema": {"const": SCHEMA_ID}, **body["properties"]}
    body["required"] = ["schema", *body["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "A theorem record of clipbounds",
        **body,
        "$defs": definitions,
    }


def _expression_schema() -> dict[str, Any]:
    def single(key: str, value: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "properties": {key: value}, "required": [key], "additionalProperties": False}

    application = {
        "type": "object",
        "properties": {
            "apply": {"enum": list(_OPERATIONS)},
            "to": {"type": "array", "items": {"$ref": "#/$defs/expression"}},
        },
        "required": ["apply", "to"],
        "additionalProperties": False,
    }
    return {
        "oneOf": [
            single("number", {"type": "string", "pattern": r"^-?\d+(/\d+)?$"}),
            single("symbol", {"enum": list(_SYMBOLS)}),
            single("constant", {"enum": list(_CONSTANTS)}),
            application,
        ]
    }


def _object_schema(cls: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {
        "type": "object",
        "properties": {name: _schema(hint, definitions) for name, hint in hints.items()},
        "required": [f.name for f in dataclasses.fields(cls) if f.default is dataclasses.MISSING],
        "additionalProperties": False,
    }


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        if arguments[-1] is Ellipsis:
            return {"type": "array", "items": _schema(arguments[0], definitions)}
        items = [_schema(a, definitions) for a in arguments]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    if _is_optional(hint):
        return {"anyOf": [_schema(a, definitions) for a in arguments]}
    if hint is Any:
        return {"anyOf": [{"$ref": "#/$defs/expression"}, {"type": "null"}]}
    if hint is SmoothnessClass or _is_method(hint):
        return {"type": "string"}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [e.value for e in hint]}
    if dataclasses.is_dataclass(hint):
        name = hint.__name__  # type: ignore[union-attr]
        definitions.setdefault(name, _object_schema(hint, definitions))
        return {"$ref": f"#/$defs/{name}"}
    return {"type": {str: "string", bool: "boolean", int: "integer", types.NoneType: "null"}[hint]}
