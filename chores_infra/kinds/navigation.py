"""Finds the way through the schema of a kind: what is at a path, and where a field of some name is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from chores_infra.kinds.problem import Path

__all__ = ["Navigator"]

Schema = dict[str, Any]

_NAMES = {
    "any": "any value",
    "bool": "a boolean",
    "dict": "an object",
    "list": "a list",
    "typed-dict": "an object",
}


class Navigator:
    """The parsed schema of one kind."""

    def __init__(self, definitions: dict[str, Schema], root: str) -> None:
        self._definitions = definitions
        self._root = definitions[root]

    def fields(self, path: Path) -> list[str]:
        """Return the names of the fields that the object at a path may have."""
        return [name for schema in self.at(path) for name in schema.get("fields", ())]

    def literals(self, path: Path) -> list[Any]:
        """Return the values that the field at a path may have, if they are listed."""
        return [value for schema in self.at(path) for value in schema.get("expected", ())]

    def expected(self, path: Path) -> str:
        """Say what belongs at a path: ``an integer from 1 to 65535``."""
        return (
            " or ".join(dict.fromkeys(self._describe(schema) for schema in self.at(path))) or "another value"
        )

    def places(self, field: str) -> Iterator[str]:
        """Yield where the kind has a field of this name, the nearest to its root first.

        A list is written ``containers[]``; each type is visited once.
        """
        seen: set[str] = set()
        queue: deque[tuple[Schema, str]] = deque([(self._root, "")])
        while queue:
            schema, path = queue.popleft()
            if schema.get("ref") in seen:
                continue
            seen.add(schema.get("ref", ""))
            for name, item in schema.get("fields", {}).items():
                below = f"{path}.{name}" if path else name
                if name == field:
                    yield below
                queue.extend((inner, below + suffix) for inner, suffix in self._inside(item["schema"]))

    def _inside(self, schema: Schema, suffix: str = "") -> Iterator[tuple[Schema, str]]:
        for option in self._options(schema):
            if option["type"] == "typed-dict":
                yield option, suffix
            elif option["type"] == "list" and "items_schema" in option:
                yield from self._inside(option["items_schema"], f"{suffix}[]")
            elif option["type"] == "dict" and "values_schema" in option:
                yield from self._inside(option["values_schema"], f"{suffix}.*")

    def at(self, path: Path) -> list[Schema]:
        """Return the schemas of what may stand at a path: one, unless several types are allowed."""
        current = [self._root]
        for part in path:
            current = [option for schema in current for option in self._below(schema, part)]
        return current

    def plain(self, path: Path) -> list[Schema]:
        """Return the schemas at a path with named formats opened: types with their bounds."""
        return [inner for schema in self.at(path) for inner in self._opened(schema)]

    def _opened(self, schema: Schema) -> Iterator[Schema]:
        if schema["type"] != "custom-error":
            yield schema
            return
        for option in self._options(schema["schema"]):
            yield from self._opened(option)

    def _below(self, schema: Schema, part: str | int) -> Iterator[Schema]:
        if schema["type"] == "typed-dict" and part in schema["fields"]:
            yield from self._options(schema["fields"][part]["schema"])
        elif schema["type"] == "list" and "items_schema" in schema:
            yield from self._options(schema["items_schema"])
        elif schema["type"] == "dict" and "values_schema" in schema:
            yield from self._options(schema["values_schema"])

    def _options(self, schema: Schema) -> Iterator[Schema]:
        if schema["type"] == "definition-ref":
            yield from self._options(self._definitions[schema["schema_ref"]])
        elif schema["type"] == "union":
            for option in schema["choices"]:
                yield from self._options(option)
        else:
            yield schema

    def _describe(self, schema: Schema) -> str:
        if schema["type"] == "custom-error":
            return str(schema["custom_error_message"])
        if schema["type"] in {"int", "float"}:
            return _number(schema)
        if schema["type"] == "str":
            return f"text like {schema['pattern']}" if "pattern" in schema else "a string"
        if schema["type"] == "literal":
            return "one of " + ", ".join(map(str, schema["expected"]))
        return _NAMES.get(schema["type"], "another value")


def _number(schema: Schema) -> str:
    name = "an integer" if schema["type"] == "int" else "a number"
    low, high = schema.get("ge"), schema.get("le")
    if "gt" in schema:
        name += f" above {schema['gt']}"
    if "lt" in schema:
        name += f" below {schema['lt']}"
    if "multiple_of" in schema:
        name += f" that is a multiple of {schema['multiple_of']}"
    if (low, high) == (-(2**63), 2**63 - 1):
        return name
    if low is not None and high in {2**31 - 1, 2**63 - 1, None} and low > -(2**31):
        return f"{name} of at least {low}"
    if low is not None and high is not None:
        return (
            f"{name} of 32 bits" if (low, high) == (-(2**31), 2**31 - 1) else f"{name} from {low} to {high}"
        )
    return f"{name} of at most {high}" if high is not None else name
