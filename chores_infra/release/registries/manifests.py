"""What registries answer about tags and images, read with suspicion.

Sources: https://github.com/opencontainers/image-spec/blob/main/manifest.md, image-index.md, config.md and
annotations.md; https://distribution.github.io/distribution/spec/manifest-v2-2/ for Docker's types.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from chores_infra.errors import RegistryError
from chores_infra.release.registries.image import DIGEST
from chores_infra.versions import is_tag

__all__ = ["MANIFESTS", "built_at", "tags_in"]

MANIFESTS: Final = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_CREATED: Final = "org.opencontainers.image.created"


def tags_in(body: bytes, name: str) -> list[str]:
    """The tags of one page of a list; ``null`` stands for none.

    Raises:
        RegistryError: it is no such page.
    """
    tags = _object(body, name, "its list of tags").get("tags")
    if tags is None:
        return []
    if not isinstance(tags, list) or not all(isinstance(tag, str) and is_tag(tag) for tag in tags):
        raise RegistryError(f"{name}: the registry answered with what are no tags")
    return tags


def built_at(
    digest: str, manifest: Callable[[str], bytes], blob: Callable[[str], bytes], name: str
) -> datetime | None:
    """When an image was built, by its own configuration; of several platforms, by that of the first.

    Args:
        digest: of its manifest or index.
        manifest: gives the content of a manifest by its digest.
        blob: gives the content of anything else.
        name: what messages call the repository.

    Raises:
        RegistryError: the registry's answers cannot be read.
    """
    top = _object(manifest(digest), name, digest[:19])
    inner = top
    if isinstance(top.get("manifests"), list):
        chosen = next(filter(_runs, top["manifests"]), None)
        if chosen is None:
            return _annotated(top)
        inner = _object(manifest(chosen["digest"]), name, chosen["digest"][:19])
    config: Any = inner.get("config")
    if _has_digest(config) and "image" in str(config.get("mediaType", "")):
        created = _moment(_object(blob(config["digest"]), name, config["digest"][:19]).get("created"))
        if created is not None:
            return created
    return _annotated(inner) or _annotated(top)


def _runs(entry: object) -> bool:
    """Whether an entry of an index is an image; builders add others (attestations) for platform unknown."""
    if not isinstance(entry, dict) or not _has_digest(entry):
        return False
    platform = entry.get("platform")
    return not isinstance(platform, dict) or platform.get("os") != "unknown"


def _has_digest(descriptor: Any) -> bool:
    return (
        isinstance(descriptor, dict)
        and isinstance(descriptor.get("digest"), str)
        and DIGEST.fullmatch(descriptor["digest"]) is not None
    )


def _annotated(manifest: Mapping[str, Any]) -> datetime | None:
    annotations = manifest.get("annotations")
    return _moment(annotations.get(_CREATED)) if isinstance(annotations, dict) else None


def _moment(text: object) -> datetime | None:
    """An RFC 3339 time; None for anything else, and for the year 1, which Go writes where nothing is set."""
    try:
        moment = datetime.fromisoformat(str(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year > 1 else None


def _object(body: bytes, name: str, what: str) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise RegistryError(f"{name}: {what}: the registry did not answer with a JSON object")
    return value
