"""Every rule about CRD schemas, each on a CRD that has nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chores_infra.kinds import Catalog, Kind

Problems = Callable[[dict[str, Any], object], list[str]]

STRING = {"type": "string"}


def an_object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


CASES: list[tuple[str, dict[str, Any], object, list[str]]] = [
    ("known field", an_object(a=STRING), {"a": "x"}, []),
    (
        "unknown field",
        an_object(image=STRING),
        {"imag": "x"},
        ["spec.imag: unknown field; did you mean image?"],
    ),
    (
        "object without properties is closed",
        {"type": "object"},
        {"a": 1},
        ["spec.a: unknown field; there are none here"],
    ),
    ("object without properties may be empty", {"type": "object"}, {}, []),
    (
        "preserved unknown fields are open",
        {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        {"a": [1, None]},
        [],
    ),
    (
        "known fields of an open object are checked",
        {**an_object(a=STRING), "x-kubernetes-preserve-unknown-fields": True},
        {"a": 1, "b": 2},
        ['spec.a: expected a string, found integer 1; write "1" in quotes'],
    ),
    (
        "open content is JSON",
        {**an_object(a=STRING), "x-kubernetes-preserve-unknown-fields": True},
        {"b": {"c": [float("nan")]}},
        ["spec.b.c[0]: expected a finite number, found nan"],
    ),
    ("preserved unknown value", an_object(a={"x-kubernetes-preserve-unknown-fields": True}), {"a": [1]}, []),
    (
        "additional properties",
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {"a": 1, "b": "x"},
        ['spec.b: expected an integer, found string "x"'],
    ),
    ("additional properties of any kind", {"type": "object", "additionalProperties": True}, {"a": [1]}, []),
    ("required", {**an_object(a=STRING), "required": ["a"]}, {}, ["spec.a: required field is missing"]),
    ("required with a default", {**an_object(a={**STRING, "default": "x"}), "required": ["a"]}, {}, []),
    ("apiVersion of a field is a field like others", an_object(apiVersion=STRING, kind=STRING), {}, []),
    (
        "enum",
        {"type": "string", "enum": ["A", "B"]},
        "a",
        ['spec: expected one of A, B, found "a"; did you mean "A"?'],
    ),
    (
        "pattern",
        {"type": "string", "pattern": "^[a-z]+$"},
        "A",
        ['spec: expected text like ^[a-z]+$, found "A"'],
    ),
    (
        "length",
        {"type": "string", "minLength": 2},
        "a",
        ['spec: expected at least 2 characters, found 1: "a"'],
    ),
    ("minimum", {"type": "integer", "minimum": 1}, 0, ["spec: expected an integer of at least 1, found 0"]),
    (
        "int32",
        {"type": "integer", "format": "int32"},
        2**31,
        ["spec: expected an integer of 32 bits, found 2147483648"],
    ),
    (
        "range",
        {"type": "integer", "minimum": 1, "maximum": 9},
        10,
        ["spec: expected an integer from 1 to 9, found 10"],
    ),
    (
        "exclusive",
        {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        0,
        ["spec: expected a number above 0, found 0"],
    ),
    (
        "items",
        {"type": "array", "items": STRING, "maxItems": 1},
        ["a", "b"],
        ["spec: expected at most 1 items, found 2"],
    ),
    ("int-or-string, right", {"x-kubernetes-int-or-string": True}, "1", []),
    (
        "int-or-string, wrong, once",
        {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, STRING]},
        [],
        ["spec: expected an integer or a string, found list"],
    ),
    (
        "int-or-string with a pattern, wrong text",
        {"x-kubernetes-int-or-string": True, "pattern": "^[0-9]+%$"},
        "x",
        ['spec: expected text like ^[0-9]+%$, found "x"'],
    ),
    (
        "int-or-string with a pattern, wrong type, once",
        {"x-kubernetes-int-or-string": True, "pattern": "^[0-9]+%$"},
        [],
        ["spec: expected an integer or text like ^[0-9]+%$, found a list"],
    ),
    (
        "list-map keys",
        {
            "type": "array",
            "items": an_object(k=STRING),
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["k"],
        },
        [{"k": "a"}, {"k": "b"}, {"k": "a"}],
        ['spec[2]: k "a" is already the item [0]; each may occur once'],
    ),
    (
        "list-map keys with a default",
        {
            "type": "array",
            "items": an_object(k={**STRING, "default": "a"}),
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["k"],
        },
        [{"k": "a"}, {}],
        ['spec[1]: k "a" is already the item [0]; each may occur once'],
    ),
    (
        "set",
        {"type": "array", "items": STRING, "x-kubernetes-list-type": "set"},
        ["a", "a"],
        ['spec[1]: "a" is already the item [0]; each may occur once'],
    ),
    (
        "oneOf of required",
        {**an_object(a=STRING, b=STRING), "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"a": "x", "b": "x"},
        ["spec: expected exactly one of a or b"],
    ),
    (
        "anyOf of required",
        {**an_object(a=STRING, b=STRING), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {},
        ["spec: expected at least one of a or b"],
    ),
    (
        "not",
        {**an_object(a=STRING, b=STRING), "not": {"required": ["a", "b"]}},
        {"a": "x", "b": "x"},
        ["spec: the combination of fields is not one that the API server accepts"],
    ),
    (
        "maxProperties",
        {**an_object(a=STRING, b=STRING), "maxProperties": 1},
        {"a": "x", "b": "x"},
        ["spec: expected at most 1 fields, found 2"],
    ),
    (
        "embedded resource, right",
        {
            "type": "object",
            "x-kubernetes-embedded-resource": True,
            "x-kubernetes-preserve-unknown-fields": True,
        },
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {}}, "data": {"a": "b"}},
        [],
    ),
    (
        "embedded resource, wrong",
        {
            "type": "object",
            "x-kubernetes-embedded-resource": True,
            "x-kubernetes-preserve-unknown-fields": True,
        },
        {"kind": "ConfigMap", "metadata": {"nme": "a"}},
        [
            "spec.metadata.nme: unknown field; did you mean name?",
            "spec.apiVersion: required field is missing",
        ],
    ),
    (
        "server format",
        {"type": "string", "format": "date-time"},
        "yesterday",
        ['spec: expected a time such as 2025-07-01T10:00:00Z, found "yesterday"'],
    ),
    ("format that the server ignores", {"type": "string", "format": "string"}, "anything", []),
    (
        "CEL, evaluated",
        {
            **an_object(a=STRING, b=STRING),
            "x-kubernetes-validations": [{"rule": "has(self.a) != has(self.b)", "message": "a or b"}],
        },
        {},
        ["spec: a or b"],
    ),
]


@pytest.mark.parametrize(
    ("schema", "spec", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_rule(problems: Problems, schema: dict[str, Any], spec: object, expected: list[str]) -> None:
    assert problems(schema, spec) == expected


def test_status_is_open(thing: Callable[[dict[str, Any]], Kind]) -> None:
    kind = thing({"type": "object"})
    manifest = {
        "apiVersion": "example.com/v1",
        "kind": "Thing",
        "metadata": {"name": "a"},
        "status": {"a": [1]},
    }
    assert kind.validate(manifest) == []


def test_managed_fields_are_open(thing: Callable[[dict[str, Any]], Kind]) -> None:
    kind = thing({"type": "object"})
    metadata = {"name": "a", "managedFields": [{"anything": {"f:spec": {}}}]}
    assert kind.validate({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": metadata}) == []


def test_rules_in_cel_are_evaluated_where_they_stand(thing: Callable[[dict[str, Any]], Kind]) -> None:
    starts = {"rule": "self.startsWith('/')", "message": "starts with a slash"}
    few = {"rule": "size(self) <\n  2"}
    change = {"rule": "self.a ==\n  oldSelf.a"}
    kind = thing(
        {
            **an_object(
                a={**STRING, "x-kubernetes-validations": [starts]},
                b={"type": "array", "items": {**STRING, "x-kubernetes-validations": [starts]}},
                c={
                    "type": "object",
                    "additionalProperties": {**STRING, "x-kubernetes-validations": [starts]},
                    "x-kubernetes-validations": [few],
                },
            ),
            "x-kubernetes-validations": [change],
        }
    )
    spec = {"a": "x", "b": ["/", "x"], "c": {"d": "x", "e": "/"}}
    found = kind.check(
        {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": spec}
    )
    assert [str(problem) for problem in found.problems] == [
        "spec.a: starts with a slash",
        "spec.b[1]: starts with a slash",
        "spec.c: size(self) < 2",
        "spec.c.d: starts with a slash",
    ]
    assert [str(skipped) for skipped in found.not_checked] == [
        "spec: only the server knows the object before a change: self.a == oldSelf.a"
    ]
    assert kind.unchecked == ()


def test_equal_objects_are_one_type_with_the_name_of_the_shortest_path(
    generate: Callable[..., Catalog], tmp_path: Path
) -> None:
    ref = {"type": "object", "properties": {"name": STRING}}
    spec = an_object(deep=an_object(ref=ref), ref=ref)
    generate(_crd({"type": "object", "properties": {"spec": spec}}))
    text = (tmp_path / "types" / "example_com_v1.py").read_text("utf-8")
    assert text.count("class _") == 3
    assert "    ref: _ThingSpecRef\n" in text


def test_fields_that_python_cannot_name(generate: Callable[..., Catalog], tmp_path: Path) -> None:
    generate(
        _crd(
            {
                "type": "object",
                "properties": {"spec": an_object(**{"from": STRING, "x-y": STRING, "list": STRING})},
            }
        )
    )
    text = (tmp_path / "types" / "example_com_v1.py").read_text("utf-8")
    assert "_ThingSpec = TypedDict('_ThingSpec', {" in text
    assert "'from': 'str'," in text


def test_the_first_of_two_folders_with_one_kind_wins(generate: Callable[..., Catalog]) -> None:
    first = _crd({"type": "object", "properties": {"spec": STRING}})
    second = _crd({"type": "object", "properties": {"spec": {"type": "integer"}}})
    kind = generate(first, second).find("example.com/v1", "Thing")
    assert kind is not None
    assert (
        kind.validate(
            {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": "x"}
        )
        == []
    )


def _crd(schema: dict[str, Any]) -> dict[str, Any]:
    names = {"kind": "Thing", "plural": "things"}
    version = {"name": "v1", "schema": {"openAPIV3Schema": schema}}
    return {"spec": {"group": "example.com", "scope": "Namespaced", "names": names, "versions": [version]}}


def test_defaults_and_list_kinds_are_facts_of_the_field(thing: Callable[[dict[str, Any]], Kind]) -> None:
    item = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    kind = thing(
        {
            "type": "object",
            "properties": {
                "mode": {"type": "string", "default": "fast", "enum": ["fast", "slow"]},
                "hosts": {
                    "type": "array",
                    "items": item,
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["id"],
                },
            },
        }
    )
    assert kind.field("spec.mode").default == "fast"
    assert (kind.field("spec.hosts").list_kind, kind.field("spec.hosts").list_keys) == ("map", ("id",))
    assert kind.with_defaults({"spec": {}}) == {"spec": {"mode": "fast"}}
