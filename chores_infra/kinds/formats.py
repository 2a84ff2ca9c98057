"""Explains why a value is not of a named format: one message per violation."""

from __future__ import annotations

from typing import Any

from pydantic_core import SchemaValidator, ValidationError

from chores_infra.kinds.problem import show, type_name

__all__ = ["Formats"]

Schema = dict[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {"float": (int, float), "int": (int,), "str": (str,)}


class Formats:
    """The formats among the definitions of a kind; ``overlay.toml`` of the generator describes them."""

    def __init__(self, definitions: dict[str, Schema]) -> None:
        self._definitions = definitions

    def explain(self, name: str, value: object) -> list[str]:
        """Return what is wrong with a value, each violation by itself."""
        definition = self._definitions[f"formats.{name}"]
        says, schema = definition["custom_error_message"], definition["schema"]
        if schema["type"] == "union":
            return self._choice(schema, says, value)
        if not _is_of(schema, value):
            return [f"expected {says}, found {_found(value)}"]
        if isinstance(value, str):
            return _text(schema, says, value)
        return [f"expected {says}, found {show(value)}"]

    def _choice(self, schema: Schema, says: str, value: object) -> list[str]:
        for option in schema["choices"]:
            name = option["schema_ref"].removeprefix("formats.")
            if _is_of(self._definitions[option["schema_ref"]]["schema"], value):
                return self.explain(name, value)
        return [f"expected {says}, found {_found(value)}"]


def _is_of(schema: Schema, value: object) -> bool:
    return isinstance(value, _TYPES[schema["type"]]) and not isinstance(value, bool)


def _text(schema: Schema, says: str, value: str) -> list[str]:
    try:
        value.encode()
    except UnicodeEncodeError:
        return [f"is no valid Unicode text: {show(value)}"]
    found = []
    if len(value) > schema.get("max_length", len(value)):
        found.append(f"expected at most {schema['max_length']} characters, found {len(value)}")
    if "pattern" in schema and not _matches(schema["pattern"], value):
        found.append(f"expected {says}, found {show(value)}")
    return found or [f"expected {says}, found {show(value)}"]


def _matches(pattern: str, value: str) -> bool:
    schema: Any = {"type": "str", "pattern": pattern}
    try:
        SchemaValidator(schema).validate_python(value)
    except ValidationError:
        return False
    return True


def _found(value: object) -> str:
    if isinstance(value, bool | int | float | str):
        return f"{type_name(value)} {show(value)}"
    return type_name(value)
