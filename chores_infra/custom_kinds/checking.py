"""Holds CustomResourceDefinitions to what the API server wants of them, and Python of the names in them.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Sequence
from typing import Any, Final

from chores_infra import kinds
from chores_infra.custom_kinds.definitions import Definition
from chores_infra.errors import DefinitionError
from chores_infra.kindgen.naming import module_name
from chores_infra.kinds.problem import field_path, show
from chores_infra.rendering.field_path import FieldPath

__all__ = ["check_definitions", "problems_of"]

Json = dict[str, Any]

_API_VERSION: Final = "apiextensions.k8s.io/v1"
_IN_USE: Final = {
    *("Annotated", "Any", "Field", "Literal", "Required", "TypedDict", "annotations", "formats", "meta_v1"),
    *("bool", "dict", "float", "int", "list", "str"),
}
"""What modules of types call other things."""

_TYPES: Final = frozenset({"array", "boolean", "integer", "number", "object", "string"})
_MAX_DEPTH: Final = 64
"""Levels of schemas; those of real definitions have less than 30."""


def check_definitions(definitions: Sequence[Definition]) -> None:
    """Raise DefinitionError with everything that is wrong with any definition, and between them."""
    problems = [
        f"{definition.place(path)}: {field_path(path)}: {message}"
        for definition in definitions
        for path, message in problems_of(definition.value)
    ]
    raise_if_any(problems or list(_conflicts(definitions)))


def raise_if_any(problems: Sequence[str]) -> None:
    """Raise DefinitionError if there are problems."""
    if problems:
        raise DefinitionError(problems)


def problems_of(crd: Json) -> list[tuple[FieldPath, str]]:
    """Return everything that is wrong with one definition, by field."""
    if crd.get("apiVersion") != _API_VERSION:
        return [(("apiVersion",), f"expected {_API_VERSION}, found {show(crd.get('apiVersion'))}")]
    known = kinds.CATALOG.find(_API_VERSION, "CustomResourceDefinition")
    found = [(problem.path, problem.message) for problem in known.validate(crd, "read")] if known else []
    return found or [*_name_problems(crd), *_version_problems(crd["spec"]["versions"])]


def _name_problems(crd: Json) -> Iterator[tuple[FieldPath, str]]:
    """Yield what the schema does not say of names: groups have a dot, and kinds become classes."""
    group, kind = crd["spec"]["group"], crd["spec"]["names"]["kind"]
    if "." not in group:
        yield ("spec", "group"), f"expected a domain such as example.com, found {show(group)}"
    if not kind.isidentifier() or keyword.iskeyword(kind) or kind in _IN_USE:
        yield ("spec", "names", "kind"), f"{show(kind)} cannot be the name of a type in Python"


def _version_problems(versions: list[Json]) -> Iterator[tuple[FieldPath, str]]:
    for index, version in enumerate(versions):
        here: FieldPath = ("spec", "versions", index)
        if version["name"] in {other["name"] for other in versions[:index]}:
            yield (*here, "name"), f"{show(version['name'])} is there twice"
        schema = version["schema"]["openAPIV3Schema"]
        yield from _schema_problems(schema, (*here, "schema", "openAPIV3Schema"), 0)


def _schema_problems(schema: Json, path: FieldPath, depth: int) -> Iterator[tuple[FieldPath, str]]:
    if depth > _MAX_DEPTH:
        yield path, f"schemas are nested deeper than {_MAX_DEPTH} levels"
        return
    declared = schema.get("type")
    if declared is not None and declared not in _TYPES:
        yield (*path, "type"), f"expected one of {', '.join(sorted(_TYPES))}, found {show(declared)}"
    for name in ("$ref", "definitions"):
        if name in schema:
            yield (*path, name), "the API server refuses references; write the schema out"
    if declared == "array" and not isinstance(schema.get("items"), dict):
        yield path, "an array wants items: the schema of its items"
    for item in schema.get("enum", ()):
        if isinstance(item, dict | list | float) and declared not in {"object", "array", None}:
            yield (*path, "enum"), f"expected texts, integers or booleans, found {show(item)}"
    for name, inner in (schema.get("properties") or {}).items():
        yield from _schema_problems(inner, (*path, "properties", name), depth + 1)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from _schema_problems(schema[name], (*path, name), depth + 1)


def _conflicts(definitions: Sequence[Definition]) -> Iterator[str]:
    """Yield what two definitions both want to be."""
    names: dict[str, Definition] = {}
    modules: dict[str, tuple[str, Definition]] = {}
    for each in definitions:
        group = each.value["spec"]["group"]
        other = names.setdefault(each.name, each)
        if other.value != each.value:
            yield f"{each.place()}: {each.name} is defined otherwise at {other.place()}; give one of them"
        for version in each.value["spec"]["versions"]:
            known, first = modules.setdefault(module_name(group, version["name"]), (group, each))
            if known != group:
                yield f"{each.place()}: {group} and {known} ({first.place()}) have one name in Python"
