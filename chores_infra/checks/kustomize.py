"""What a kustomization takes from the repository, as far as that can be told without running Kustomize.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import PurePosixPath
from typing import Any, Final

from chores_infra.checks.fields import items, mapping, text
from chores_infra.gitops.contexts import KUSTOMIZATION_NAMES

__all__ = ["kustomized"]

_CHANGES: Final = (
    "components",
    "configMapGenerator",
    "generators",
    "helmCharts",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "secretGenerator",
    "transformers",
)
"""Fields after which what is applied is not what the files say."""


def kustomized(
    folder: PurePosixPath, content_of: Callable[[PurePosixPath], Any], files: Collection[PurePosixPath]
) -> tuple[list[PurePosixPath], bool]:
    """The manifests that a folder's kustomization takes, and whether it applies more or other than those."""
    found: dict[PurePosixPath, None] = {}
    foreign = _collect(folder, content_of, files, found, set())
    return list(found), foreign


def _collect(
    folder: PurePosixPath,
    content_of: Callable[[PurePosixPath], Any],
    files: Collection[PurePosixPath],
    found: dict[PurePosixPath, None],
    seen: set[PurePosixPath],
) -> bool:
    own = next((folder / name for name in KUSTOMIZATION_NAMES if folder / name in files), None)
    if own is None or folder in seen:
        return own is None
    seen.add(folder)
    kustomization = mapping(content_of(own))
    foreign = any(kustomization.get(name) for name in _CHANGES)
    for entry in (*items(kustomization.get("resources")), *items(kustomization.get("bases"))):
        path = _inside(folder, text(entry))
        if path is None:
            foreign = True
        elif path in files:
            found[path] = None
        else:
            foreign |= _collect(path, content_of, files, found, seen)
    return foreign


def _inside(folder: PurePosixPath, entry: str) -> PurePosixPath | None:
    """The path that an entry means; None for a URL, or a path out of the repository."""
    if not entry or "://" in entry or entry.startswith(("/", "git@", "github.com/")):
        return None
    parts = list(folder.parts)
    for part in entry.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return PurePosixPath(*parts)
