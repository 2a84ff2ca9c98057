"""Schemas for kubeconform: what its own converter makes, and built-in kinds without a network."""

from __future__ import annotations

import json
from pathlib import Path

import json_schemas
import pytest
import yaml

DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "spec": {
        "group": "example.com",
        "names": {"kind": "Widget"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "port": {"format": "int-or-string"},
                            "open": {"properties": {}, "additionalProperties": True},
                            "spec": {"type": "object", "properties": {"size": {"type": "integer"}}},
                            "one": {"oneOf": [{"properties": {"format": {"type": "string"}}}]},
                        },
                    }
                },
            }
        ],
    },
}


def test_a_definition_is_converted_as_kubeconform_does_it(tmp_path: Path) -> None:
    (tmp_path / "crds").mkdir()
    (tmp_path / "crds" / "widgets.yaml").write_text(yaml.safe_dump(DEFINITION))

    json_schemas.write_custom(tmp_path / "crds", tmp_path / "schemas")

    # The output of scripts/openapi2jsonschema.py of kubeconform 0.8.0 for this definition.
    assert json.loads((tmp_path / "schemas" / "example.com" / "widget_v1.json").read_text()) == {
        "type": "object",
        "properties": {
            "port": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            "open": {"properties": {}, "additionalProperties": True},
            "spec": {
                "type": "object",
                "properties": {"size": {"type": "integer"}},
                "additionalProperties": False,
            },
            "one": {"oneOf": [{"properties": {"format": {"type": "string"}}}]},
        },
    }


def test_a_built_in_kind_has_just_the_definitions_that_it_reaches(tmp_path: Path) -> None:
    release = json_schemas.release_folder("1.33")
    assert release is not None

    json_schemas.write_built_in(release, tmp_path / "schemas")

    deployment = (tmp_path / "schemas" / "deployment-apps-v1.json").read_text()
    schema = json.loads(deployment)
    assert "io.k8s.api.core.v1.Container" in schema["$defs"]
    assert "io.k8s.api.core.v1.Service" not in schema["$defs"]
    assert "_definitions.json" not in deployment
    assert "$id" not in schema


@pytest.mark.parametrize("release", ["1.33"])
def test_the_strict_schemas_are_taken(release: str) -> None:
    folder = json_schemas.release_folder(release)

    assert folder is not None
    assert folder.name == f"v{release}.0-local-strict"
