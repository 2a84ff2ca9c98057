"""Strings, numbers and booleans of CRD schemas."""

from __future__ import annotations

from typing import Any

from chores_infra.kindgen.model import Choice, Scalar, Type
from chores_infra.kindgen.openapi import INT32, INT64

__all__ = ["int_or_string", "scalar"]

Json = dict[str, Any]

_CHECKED_FORMATS = frozenset({"byte", "cidr", "date-time", "ipv4", "ipv6"})
"""String formats that the overlay knows under the same name."""

_SERVER_FORMATS = _CHECKED_FORMATS | {"date", "duration", "email", "hostname", "uri", "uuid"}
"""String formats that the API server validates for custom resources; it ignores others."""


def int_or_string(schema: Json) -> Type:
    """Convert ``x-kubernetes-int-or-string``, with the bounds that it may have."""
    if set(schema) & {"pattern", "minimum", "maximum", "minLength", "maxLength", "enum"}:
        low, high = schema.get("minimum", INT64[0]), schema.get("maximum", INT64[1])
        text = Scalar(
            "string",
            pattern=schema.get("pattern", ""),
            min_length=schema.get("minLength"),
            max_length=schema.get("maxLength"),
        )
        return Choice((Scalar("integer", ge=low, le=high), text))
    return Scalar("string", format="int-or-string")


def scalar(schema: Json, notes: list[str]) -> Scalar:
    """Convert a string, number or boolean. ``notes`` collects what is not checked of it."""
    declared = schema["type"]
    enum = tuple(item for item in schema.get("enum", ()) if item is not None)
    if declared == "boolean":
        return Scalar("boolean", enum=enum)
    if declared in {"integer", "number"}:
        low, high = (
            (INT32 if schema.get("format") == "int32" else INT64) if declared == "integer" else (None, None)
        )
        minimum, maximum = schema.get("minimum"), schema.get("maximum")
        above = minimum if schema.get("exclusiveMinimum") else None
        below = maximum if schema.get("exclusiveMaximum") else None
        return Scalar(
            declared,
            enum=enum,
            ge=None if above is not None else _tightest(max, low, minimum),
            le=None if below is not None else _tightest(min, high, maximum),
            gt=above,
            lt=below,
            multiple_of=schema.get("multipleOf"),
        )
    bounded = bool(set(schema) & {"pattern", "minLength", "maxLength"}) or bool(enum)
    format_ = schema.get("format", "")
    if schema.get("x-chores-infra-format"):
        return Scalar("string", format=schema["x-chores-infra-format"])
    if format_ in _CHECKED_FORMATS and not bounded:
        return Scalar("string", format=format_)
    if format_ in _SERVER_FORMATS:
        notes.append(f"format {format_}")
    return Scalar(
        "string",
        enum=enum,
        pattern=schema.get("pattern", ""),
        min_length=schema.get("minLength"),
        max_length=schema.get("maxLength"),
    )


def _tightest(choose: Any, *bounds: float | None) -> Any:
    known = [bound for bound in bounds if bound is not None]
    return choose(known) if known else None
