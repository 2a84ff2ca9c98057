"""JSON schemas for ``kubeconform``, as strict as can be: of built-in kinds and CustomResourceDefinitions.

Its own come over the network; these are the same, from a package and from files, so that a run needs none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

#: The package of PyPI with the schemas of every release of Kubernetes.
PACKAGE = "kubernetes-validate"
#: The placeholders of kubeconform, which make ``deployment-apps-v1.json`` and ``service-v1.json``.
BUILT_IN = "{{.ResourceKind}}{{.KindSuffix}}.json"
CUSTOM = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"

_REFERENCE = re.compile(r'"(?:/api/_definitions\.json)?#/\$defs/([^"]+)"')


def release_folder(release: str) -> Path | None:
    """The folder with the strict schemas of a release (``1.33``), or None where the package is absent."""
    found = find_spec(PACKAGE.replace("-", "_"))
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "kubernetes-json-schema" / f"v{release}.0-local-strict"


def write_built_in(source: Path, target: Path) -> None:
    """Write every kind with the definitions that it reaches.

    kubeconform reads the file of a kind once; a file of all definitions it would read again for each kind,
    and look up on the network by its ``$id``.
    """
    target.mkdir(parents=True)
    definitions = json.loads((source / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    texts = {name: json.dumps(definition) for name, definition in definitions.items()}
    for file in source.glob("*-*.json"):
        text = file.read_text(encoding="utf-8")
        schema = {key: value for key, value in _own(text).items() if key != "$id"}
        schema["$defs"] = {name: _own(texts[name]) for name in sorted(_reached(text, texts))}
        (target / file.name).write_text(json.dumps(schema), encoding="utf-8")


def _own(text: str) -> dict[str, Any]:
    """A schema whose references are to its own definitions."""
    schema: dict[str, Any] = json.loads(_REFERENCE.sub(r'"#/$defs/\1"', text))
    return schema


def _reached(text: str, texts: dict[str, str]) -> set[str]:
    """The names of the definitions that a schema refers to, directly or through others."""
    reached: set[str] = set()
    left = set(_REFERENCE.findall(text))
    while left:
        name = left.pop()
        reached.add(name)
        left |= set(_REFERENCE.findall(texts[name])) - reached
    return reached


def write_custom(crds: Path, target: Path) -> None:
    """Write the kinds of every CustomResourceDefinition below a folder; served versions count first."""
    found = sorted(_versions(crds), key=lambda each: not each[1]["served"])
    for file, version in found:
        path = target / file
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            schema = strict(version["schema"]["openAPIV3Schema"])
            path.write_text(json.dumps(schema), encoding="utf-8")


def _versions(crds: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each version of each kind, by the name of its file."""
    for file in sorted([*crds.rglob("*.yaml"), *crds.rglob("*.yml"), *crds.rglob("*.json")]):
        with file.open("rb") as stream:
            for document in yaml.load_all(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                if isinstance(document, dict) and document.get("kind") == "CustomResourceDefinition":
                    spec = document["spec"]
                    for version in spec["versions"]:
                        kind = spec["names"]["kind"].lower()
                        yield f"{spec['group']}/{kind}_{version['name']}.json", version


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of a CustomResourceDefinition as a JSON schema that refuses fields which it does not name.

    As kubeconform's own converter makes it (``scripts/openapi2jsonschema.py``). The outermost level stays
    open, because many definitions do not name ``apiVersion``, ``kind`` and ``metadata``, and so do the
    branches of ``oneOf`` and the like, each of which names only some of the fields.
    """
    return {key: _ports_and_texts(_closed(value)) for key, value in schema.items()}


def _closed(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    made = {key: _closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **made} if "properties" in made else made


def _ports_and_texts(schema: Any) -> Any:
    """A schema with ``int-or-string`` in the words of JSON schemas."""
    if isinstance(schema, list):
        return [_ports_and_texts(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "int-or-string":
        return {"oneOf": [{"type": "string"}, {"type": "integer"}]}
    return {key: _ports_and_texts(value) for key, value in schema.items()}
