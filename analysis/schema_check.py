"""Walks a value along a JSON Schema and raises a PlanError with the path of the first key that is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from analysis.errors import PlanError, closest, listed

Schema = Mapping[str, Any]

WRONG_TYPE = {
    "string": "not_text",
    "number": "not_number",
    "integer": "not_whole_number",
    "boolean": "not_true_or_false",
    "array": "not_list",
    "object": "not_mapping",
}


def check(value: object, schema: Schema, key: str = "") -> None:
    """Raise PlanError unless the value fits the schema (the part of JSON Schema that plan_schema.py uses)."""
    _check_type(value, schema, key)
    if "enum" in schema and value not in schema["enum"]:
        raise PlanError("not_allowed", key, value=str(value), allowed=listed(schema["enum"]))
    if isinstance(value, str) and len(value.strip()) < schema.get("minLength", 0):
        raise PlanError("too_few", key, least=schema["minLength"])
    if _is_number(value):
        _check_range(value, schema, key)
    if isinstance(value, list):
        _check_list(value, schema, key)
    if isinstance(value, Mapping):
        _check_mapping(value, schema, key)


def join(key: str, name: object) -> str:
    return f"{key}.{name}" if key else str(name)


def entry(key: str, position: int, value: object) -> str:
    """The path of a list entry: by its id where it has one, else counted from 1."""
    name = value.get("id") if isinstance(value, Mapping) else None
    return f"{key}[{name if isinstance(name, str) else position + 1}]"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_a(value: object, kind: str) -> bool:
    if kind == "number":
        return _is_number(value) and math.isfinite(value)  # type: ignore[arg-type]
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool, "array": list, "object": Mapping}[kind])


def _check_type(value: object, schema: Schema, key: str) -> None:
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not kinds or any(_is_a(value, kind) for kind in kinds):
        return
    if len(kinds) == 1:
        raise PlanError(WRONG_TYPE[kinds[0]], key)
    raise PlanError("not_code" if "number" in kinds else "not_column", key)


def _check_range(value: Any, schema: Schema, key: str) -> None:
    low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    if not low <= value <= high:
        raise PlanError("out_of_range", key, value=value, low=low, high=high)


def _check_length(length: int, least: int, most: float, key: str) -> None:
    if length < least:
        raise PlanError("too_few", key, least=least)
    if length > most:
        raise PlanError("too_many", key, most=most)


def _check_list(values: list[Any], schema: Schema, key: str) -> None:
    _check_length(len(values), schema.get("minItems", 0), schema.get("maxItems", math.inf), key)
    for position, value in enumerate(values):
        check(value, schema.get("items", {}), entry(key, position, value))


def _check_mapping(mapping: Mapping[Any, Any], schema: Schema, key: str) -> None:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, value in mapping.items():
        if name not in known and others is False:
            raise _unknown_key(join(key, name), str(name), known)
        check(value, known.get(name) or (others if isinstance(others, Mapping) else {}), join(key, name))
    for name in schema.get("required", ()):
        if name not in mapping:
            raise PlanError("missing_key", join(key, name))
    _check_length(len(mapping), schema.get("minProperties", 0), schema.get("maxProperties", math.inf), key)


def _unknown_key(key: str, name: str, known: Mapping[str, Any]) -> PlanError:
    alike = closest(name, known, most=1)
    if alike:
        return PlanError("misspelt_key", key, closest=alike[0])
    return PlanError("unknown_key", key, known=listed(known))
