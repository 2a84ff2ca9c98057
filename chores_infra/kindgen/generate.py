"""From sources to files: the whole pipeline, as functions that return text by file name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chores_infra.kindgen.crds import CrdReader
from chores_infra.kindgen.fact_writer import fact_files
from chores_infra.kindgen.model import Api
from chores_infra.kindgen.openapi import read_openapi
from chores_infra.kindgen.overlay import Overlay
from chores_infra.kindgen.schema_writer import schema_files
from chores_infra.kindgen.sources import Sources, load_crds, load_definitions, read_sources
from chores_infra.kindgen.type_writer import type_files

__all__ = ["OVERLAY", "SOURCES", "add_crds", "built_in", "files", "read_api", "write"]

_HERE = Path(__file__).parent
SOURCES = _HERE / "sources.toml"
OVERLAY = _HERE / "overlay.toml"


def read_api(sources: Sources, overlay: Overlay, crd_root: Path) -> Api:
    """Read every pinned source. Raises ConfigurationError when one is absent or not what was pinned."""
    api = built_in(sources, overlay)
    reader = CrdReader(overlay, api)
    for source in sources.crds:
        for document in load_crds(source, crd_root):
            reader.add(document, source=source.label, only=source.versions, leave_out=source.except_versions)
    reader.finish()
    overlay.finish()
    return api.reachable()


def built_in(sources: Sources, overlay: Overlay) -> Api:
    """Read the built-in kinds."""
    api = Api()
    for source in sources.openapi:
        read_openapi(load_definitions(source), overlay, api, source.label)
    return api


def add_crds(documents: Iterable[dict[str, Any]], overlay: Overlay, api: Api) -> None:
    """Add CustomResourceDefinitions that are pinned nowhere: those of a user."""
    reader = CrdReader(overlay, api)
    for document in documents:
        reader.add(document)
    reader.finish()


def files(api: Api, overlay: Overlay) -> dict[str, str]:
    """Return everything that is written, by its path below the output folder."""
    return {
        **{f"schemas/{name}": text for name, text in schema_files(api, overlay.formats).items()},
        **{f"schemas/{name}": text for name, text in fact_files(api).items()},
        **{f"types/{name}": text for name, text in type_files(api, overlay.formats).items()},
    }


def write(out: Path, texts: dict[str, str]) -> list[Path]:
    """Write the files below ``out``, delete those that are no longer made, and return what changed."""
    changed = []
    for folder in ("schemas", "types"):
        (out / folder).mkdir(parents=True, exist_ok=True)
        for file in (out / folder).iterdir():
            if file.is_file() and f"{folder}/{file.name}" not in texts:
                file.unlink()
                changed.append(file)
    for name, text in sorted(texts.items()):
        file = out / name
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")
            changed.append(file)
    return changed


def load(sources: Path = SOURCES, overlay: Path = OVERLAY) -> tuple[Sources, Overlay]:
    """Read the two files that steer the generator."""
    return read_sources(sources), Overlay(overlay)
