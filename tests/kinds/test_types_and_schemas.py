"""The TypedDicts that type checkers see and the schemas that validate accept and refuse the same values.

Values are made from the schema, some spoiled at a random place; both sides must agree on each.
"""

from __future__ import annotations

import importlib
import random
from functools import cache
from pathlib import Path
from typing import Any

import pydantic
import pytest
from pydantic_core import SchemaValidator, ValidationError

from chores_infra import kinds
from chores_infra.kinds.loading import Schemas

SCHEMAS = Schemas(Path(kinds.__file__).parent / "schemas")
NAMES = [f"{kind.api_version} {kind.kind}" for kind in kinds.CATALOG.kinds()]

TEXTS = (
    "",
    "a",
    "web",
    "Web",
    "a b",
    "a.b",
    "-",
    "web-1",
    "a/b",
    "example.com/web",
    "100m",
    "1Gi",
    "-1",
    "25%",
    "Always",
    "ALL",
    "0",
    "10.0.0.1",
    "10.0.0.0/8",
    "::1",
    "None",
    "nginx:1.27",
    "/health",
    "1h30m",
    "Europe/Berlin",
    "0 */8 * * *",
    "@daily",
    "2025-07-01T10:00:00Z",
    "aGVsbG8=",
    "x" * 64,
    "x" * 260,
    "*.example.com",
    "..",
    "é",
    "https://example.com",
    "web@shop.iam.gserviceaccount.com",
    "git",
    "may",
    "monday",
    "2025",
    "08:00",
    "targets.json",
    "500-599",
)
NUMBERS = (0, 1, -1, 80, 65535, 65536, 2**31 - 1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 511, 512)
SPOILS: tuple[Any, ...] = (
    None,
    True,
    1,
    1.0,
    0.5,
    float("nan"),
    "x",
    [],
    [None],
    {},
    {"zzz": 1},
    {1: 2},
    (1,),
)


class Maker:
    """Makes values of a schema: mostly right ones, so that a spoiled place is reached."""

    def __init__(self, definitions: dict[str, dict[str, Any]], seed: int) -> None:
        self._definitions = definitions
        self._random = random.Random(seed)

    def value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        match schema["type"]:
            case "definition-ref":
                return self.value(self._definitions[schema["schema_ref"]], depth)
            case "custom-error":
                return self.value(schema["schema"], depth)
            case "union":
                return self.value(self._random.choice(schema["choices"]), depth)
            case "typed-dict":
                return self._object(schema, depth)
            case "list":
                length = max(schema.get("min_length", 0), 0 if depth > 12 else self._random.randrange(3))
                return [
                    self.value(schema.get("items_schema", {"type": "any"}), depth + 1) for _ in range(length)
                ]
            case "dict":
                length = max(schema.get("min_length", 0), self._random.randrange(3))
                keys = schema.get("keys_schema", {"type": "str"})
                values = schema.get("values_schema", {"type": "any"})
                return {self.value(keys, depth): self.value(values, depth + 1) for _ in range(length)}
            case "literal":
                return self._random.choice(schema["expected"])
            case "any":
                return self._random.choice([None, 1, "x", [1], {"a": [1]}])
            case "bool":
                return self._random.random() < 0.5
            case "int" | "float":
                return self._fitting(schema, NUMBERS)
        return self._fitting(schema, TEXTS)

    def spoil(self, value: Any) -> Any:
        """Change one random place of a value."""
        if isinstance(value, dict) and value and self._random.random() < 0.85:
            key = self._random.choice(list(value))
            if self._random.random() < 0.1:
                return {name: item for name, item in value.items() if name != key}
            return {**value, key: self.spoil(value[key])}
        if isinstance(value, list) and value and self._random.random() < 0.85:
            index = self._random.randrange(len(value))
            return [*value[:index], self.spoil(value[index]), *value[index + 1 :]]
        if isinstance(value, dict) and self._random.random() < 0.5:
            return {**value, "zzz": 1}
        return self._random.choice((*SPOILS, *TEXTS, *NUMBERS))

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        share = 0.9 / (1 + depth / 2)
        return {
            name: self.value(field["schema"], depth + 1)
            for name, field in schema["fields"].items()
            if field.get("required") or (depth < 15 and self._random.random() < share)
        }

    def _fitting(self, schema: dict[str, Any], candidates: tuple[Any, ...]) -> Any:
        bare = {key: value for key, value in schema.items() if key != "ref"}
        return self._random.choice(_fitting(repr(bare), candidates) or candidates)


@cache
def _fitting(schema: str, candidates: tuple[Any, ...]) -> tuple[Any, ...]:
    import ast

    accepts = SchemaValidator(ast.literal_eval(schema)).isinstance_python
    return tuple(candidate for candidate in candidates if accepts(candidate, strict=True))


def accepts(validate: Any, value: Any) -> bool:
    try:
        validate(value, strict=True)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_both_accept_or_both_refuse(name: str) -> None:
    api_version, kind = name.split()
    group, _, version = api_version.rpartition("/")
    module = importlib.import_module(
        f"chores_infra.kinds.types.{(group or 'core').replace('.', '_').replace('-', '_')}_{version}"
    )
    adapter = pydantic.TypeAdapter(getattr(module, kind))
    type_name = f"{module.__name__.rpartition('.')[2]}.{kind}"
    definitions = SCHEMAS.definitions(type_name)
    reference: Any = {"type": "definition-ref", "schema_ref": type_name}
    schema: Any = {"type": "definitions", "schema": reference, "definitions": [*definitions.values()]}
    validator = SchemaValidator(schema)
    accepted = refused = 0
    for seed in range(40):
        maker = Maker(definitions, seed)
        value = maker.value(reference)
        for candidate in (value, *(maker.spoil(value) for _ in range(3))):
            ours = accepts(validator.validate_python, candidate)
            assert accepts(adapter.validate_python, candidate) == ours, candidate
            accepted += ours
            refused += not ours
    assert accepted, "no value of the schema was made"
    assert refused, "no value was spoiled"
