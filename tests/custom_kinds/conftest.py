"""A small definition, as a user has it, and what may be wrong with it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chores_infra.rendering.yaml_text import dump_all

Json = dict[str, Any]

RULE = "!has(self.max__dash__size) || self.size <= self.max__dash__size"

WIDGET: Json = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"kind": "Widget", "plural": "widgets"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "required": ["spec"],
                        "properties": {
                            "spec": {
                                "type": "object",
                                "required": ["size"],
                                "properties": {
                                    "size": {"type": "integer", "minimum": 1, "maximum": 10},
                                    "color": {"type": "string", "enum": ["red", "green"], "default": "red"},
                                    "max-size": {"type": "integer"},
                                },
                                "x-kubernetes-validations": [
                                    {
                                        "rule": RULE,
                                        "message": "size is at most max-size",
                                    }
                                ],
                            }
                        },
                    }
                },
            }
        ],
    },
}

SPEC = "spec/versions/0/schema/openAPIV3Schema/properties/spec"


@pytest.fixture
def widget() -> Callable[..., Json]:
    """Return ``make({path: value})``: the definition with fields changed; ``...`` deletes one."""

    def make(changes: dict[str, object] | None = None) -> Json:
        made = copy.deepcopy(WIDGET)
        for path, value in (changes or {}).items():
            target: Any = made
            *above, last = [int(part) if part.isdigit() else part for part in path.split("/")]
            for part in above:
                target = target[part]
            if value is ...:
                del target[last]
            else:
                target[last] = value
        return made

    return make


@pytest.fixture
def written(tmp_path: Path, widget: Callable[..., Json]) -> Callable[..., Path]:
    """Return ``write({path: value})``: the file of a changed definition."""

    def write(changes: dict[str, object] | None = None, name: str = "widgets.yaml") -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dump_all([widget(changes)]), "utf-8")
        return file

    return write
