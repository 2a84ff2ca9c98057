"""Definitions that the API server refuses, or of which no Python can be made, are refused with their line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chores_infra.custom_kinds.definitions import read_definitions
from chores_infra.custom_kinds.making import files_of, usable_schemas_of
from chores_infra.errors import DefinitionError
from chores_infra.kinds import Catalog
from tests.custom_kinds.conftest import SPEC, WIDGET

Written = Callable[..., Path]


def refusal(*files: Path) -> str:
    with pytest.raises(DefinitionError) as error:
        files_of(read_definitions(files))
    return str(error.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"apiVersion": "apiextensions.k8s.io/v1beta1"},
            "apiVersion: expected apiextensions.k8s.io/v1, found",
        ),
        ({"spec/group": "../../etc"}, "spec.group: expected a lower case DNS subdomain"),
        (
            {"spec/group": "example", "metadata/name": "widgets.example"},
            'spec.group: expected a domain such as example.com, found "example"',
        ),
        (
            {"spec/names/kind": "../Widget"},
            'spec.names.kind: expected the name of a kind, such as CronTab, found "../Widget"',
        ),
        ({"spec/names/kind": "My-Widget"}, 'spec.names.kind: "My-Widget" cannot be the name of a type'),
        ({"spec/names/kind": "None"}, 'spec.names.kind: "None" cannot be the name of a type in Python'),
        ({"spec/names/kind": "Literal"}, 'spec.names.kind: "Literal" cannot be the name of a type in Python'),
        ({"spec/names/plural": "../x"}, "spec.names.plural: expected a lower case DNS label"),
        (
            {"metadata/name": "other.example.com"},
            "metadata.name: expected widgets.example.com, found",
        ),
        (
            {"spec/versions/0/name": "../v1"},
            "spec.versions[0].name: expected a lower case DNS label",
        ),
        ({"spec/versions/0/name": "v1\n"}, "spec.versions[0].name: expected a lower case DNS label"),
        ({"spec/versions": []}, "spec.versions: expected at least 1 items, found 0"),
        (
            {"spec/versions/0/schema": ...},
            "spec.versions[0].schema.openAPIV3Schema: required field is missing",
        ),
        ({"spec/scope": "Galaxy"}, "spec.scope: expected one of Cluster, Namespaced"),
        ({"spec/versions": "v1"}, "spec.versions: expected a list"),
        ({f"{SPEC}/type": "objekt"}, "type: expected one of array, boolean, integer"),
        ({f"{SPEC}/properties": ["size"]}, "properties: expected an object, found a list"),
        ({f"{SPEC}/properties/size": {"$ref": "#/definitions/x"}}, "the API server refuses references"),
        ({f"{SPEC}/properties/size": {"type": "array"}}, "an array wants items"),
        ({f"{SPEC}/properties/size": {"type": "string", "pattern": "("}}, "example.com/v1: "),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_definition_is_refused_with_file_and_line(
    changes: dict[str, object], says: str, written: Written
) -> None:
    file = written(changes)
    said = refusal(file)
    assert says in said
    place, line, _ = said.split(":", 2)
    assert place == file.as_posix()
    assert 1 <= int(line) <= len(file.read_text().splitlines())


def test_the_line_is_that_of_the_field(written: Written) -> None:
    file = written({"spec/group": "Example"})
    line = next(n for n, text in enumerate(file.read_text().splitlines(), 1) if "group: Example" in text)
    assert f"{file}:{line}: spec.group: " in refusal(file)


def test_a_version_that_is_there_twice_is_refused(written: Written) -> None:
    [version] = WIDGET["spec"]["versions"]
    assert 'spec.versions[1].name: "v1" is there twice' in refusal(
        written({"spec/versions": [version, {**version, "storage": False}]})
    )


def test_schemas_that_are_nested_without_end_are_refused(written: Written) -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(70):
        schema = {"type": "array", "items": schema}
    assert "nested deeper than 64 levels" in refusal(written({f"{SPEC}/properties/size": schema}))


def test_groups_that_have_one_name_in_python_are_refused(written: Written) -> None:
    one = written({"spec/group": "a-b.example.com", "metadata/name": "widgets.a-b.example.com"}, "one.yaml")
    two = written({"spec/group": "a.b.example.com", "metadata/name": "widgets.a.b.example.com"}, "two.yaml")
    assert "have one name in Python" in refusal(one, two)


def test_one_definition_with_two_contents_is_refused_and_with_one_content_taken(written: Written) -> None:
    one, same = written(name="one.yaml"), written(name="same.yaml")
    other = written({"spec/scope": "Cluster"}, "other.yaml")
    assert "widgets.example.com is defined otherwise at" in refusal(one, other)
    assert "schemas/index.json" in files_of(read_definitions([one, same]))


def test_a_file_without_a_definition_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("kind: ConfigMap\n")
    assert refusal(file) == f"{file}: there is no CustomResourceDefinition in it"


@pytest.mark.parametrize(
    "text", ["kind: [CustomResourceDefinition\n", "a: &a [*a]\n"], ids=["syntax", "cycle"]
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(text: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text)
    assert refusal(file).startswith(f"{file}:")


def test_a_file_of_more_than_16_mib_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    file.write_bytes(b"#" * (16 << 20) + b"\n\n")
    assert "larger than 16 MiB" in refusal(file)


def test_other_files_of_a_folder_are_passed_over(written: Written, tmp_path: Path) -> None:
    written(name="crds/widgets.yaml")
    (tmp_path / "crds" / "notes.md").write_text("# notes\n")
    (tmp_path / "crds" / "values.yaml").write_text("a: [1\n")
    assert [each.name for each in read_definitions([tmp_path / "crds"])] == ["widgets.example.com"]


def test_of_definitions_that_are_checked_themselves_the_wrong_ones_are_left_out(written: Written) -> None:
    right = written(name="right.yaml")
    wrong = written({"spec/group": "x"}, "wrong.yaml")
    unproved = written(
        {
            f"{SPEC}/properties/size": {"type": "string", "pattern": "("},
            "spec/group": "x.com",
            "metadata/name": "widgets.x.com",
        },
        "unproved.yaml",
    )
    schemas = usable_schemas_of(read_definitions([right, wrong, unproved]))
    assert [kind.api_version for kind in Catalog(schemas).kinds()] == ["example.com/v1"]
