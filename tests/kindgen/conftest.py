"""A small CRD, and the way through the generator to a validator of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chores_infra.kindgen.generate import OVERLAY, SOURCES, add_crds, built_in, files, load, write
from chores_infra.kindgen.model import Api
from chores_infra.kindgen.overlay import Overlay
from chores_infra.kinds import Catalog, Kind


def crd(schema: dict[str, Any], kind: str = "Thing") -> dict[str, Any]:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Cluster",
            "names": {"kind": kind, "plural": f"{kind.lower()}s"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
            ],
        },
    }


@pytest.fixture(scope="session")
def built_in_api() -> Api:
    sources, overlay = load(SOURCES, OVERLAY)
    return built_in(sources, overlay)


@pytest.fixture
def generate(built_in_api: Api, tmp_path: Path) -> Callable[..., Catalog]:
    """Return ``generate(*crds)``: a catalog of the kinds of some CRDs, written to a fresh folder."""

    def run(*crds: dict[str, Any]) -> Catalog:
        api = Api([], dict(built_in_api.structs), set(built_in_api.public))
        overlay = Overlay(OVERLAY)
        add_crds(crds, overlay, api)
        write(tmp_path, files(api.reachable(), overlay))
        return Catalog(tmp_path / "schemas")

    return run


@pytest.fixture
def thing(generate: Callable[..., Catalog]) -> Callable[[dict[str, Any]], Kind]:
    """Return ``thing(spec_schema)``: the kind Thing of example.com/v1 whose spec has that schema."""

    def make(spec: dict[str, Any]) -> Kind:
        schema = {"type": "object", "properties": {"spec": spec, "status": {"type": "object"}}}
        found = generate(crd(schema)).find("example.com/v1", "Thing")
        assert found is not None
        return found

    return make


@pytest.fixture
def problems(thing: Callable[[dict[str, Any]], Kind]) -> Callable[[dict[str, Any], object], list[str]]:
    """Return ``problems(spec_schema, spec)``: what is wrong with a spec, as text."""

    def run(schema: dict[str, Any], spec: object) -> list[str]:
        manifest = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": spec}
        return [str(problem) for problem in thing(schema).validate(manifest)]

    return run
