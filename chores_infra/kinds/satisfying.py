"""Whether a value satisfies the small part of JSON Schema that CRDs use inside ``oneOf`` and its like.

Types are not looked at: the schema around has done so.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["KEYWORDS", "satisfies"]

KEYWORDS = frozenset(
    {
        "allOf",
        "anyOf",
        "enum",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "not",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "type",
    }
)
"""What is evaluated; a rule with any other keyword must be reported as not checked."""

_TYPES: dict[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "string": str,
}


def satisfies(value: Any, schema: dict[str, Any]) -> bool:
    """Return whether every keyword of the schema holds for a value; a keyword of another type holds.

    >>> satisfies({"a": 1}, {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]})
    True
    """
    return all(_holds(keyword, wanted, value) for keyword, wanted in schema.items())


def _holds(keyword: str, wanted: Any, value: Any) -> bool:  # noqa: PLR0911
    match keyword:
        case "allOf":
            return all(satisfies(value, option) for option in wanted)
        case "anyOf":
            return any(satisfies(value, option) for option in wanted)
        case "oneOf":
            return sum(satisfies(value, option) for option in wanted) == 1
        case "not":
            return not satisfies(value, wanted)
        case "enum":
            return value in wanted
        case "type":
            is_bool = isinstance(value, bool)
            return isinstance(value, _TYPES[wanted]) and is_bool == (wanted == "boolean")
    if isinstance(value, dict):
        return _object_holds(keyword, wanted, value)
    if isinstance(value, list):
        return _list_holds(keyword, wanted, value)
    if isinstance(value, str):
        return _text_holds(keyword, wanted, value)
    if isinstance(value, int | float):
        return value >= wanted if keyword == "minimum" else value <= wanted if keyword == "maximum" else True
    return True


def _object_holds(keyword: str, wanted: Any, value: dict[str, Any]) -> bool:
    match keyword:
        case "required":
            return all(name in value for name in wanted)
        case "properties":
            return all(satisfies(value[name], schema) for name, schema in wanted.items() if name in value)
        case "minProperties":
            return len(value) >= int(wanted)
        case "maxProperties":
            return len(value) <= int(wanted)
    return True


def _list_holds(keyword: str, wanted: Any, value: list[Any]) -> bool:
    match keyword:
        case "items":
            return all(satisfies(item, wanted) for item in value)
        case "minItems":
            return len(value) >= int(wanted)
        case "maxItems":
            return len(value) <= int(wanted)
    return True


def _text_holds(keyword: str, wanted: Any, value: str) -> bool:
    match keyword:
        case "pattern":
            return re.search(wanted, value, re.ASCII) is not None
        case "minLength":
            return len(value) >= int(wanted)
        case "maxLength":
            return len(value) <= int(wanted)
    return True
