"""What the files around a file say of it: the chart that it belongs to, the kustomization that names it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from chores_infra.gitops.roles import Classified, Role

__all__ = ["KUSTOMIZATION_NAMES", "Contexts"]

KUSTOMIZATION_NAMES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The names under which Kustomize looks for its configuration."""

_VALUES = re.compile(r"values[^/]*\.(?:yaml|yml|json)\Z|ci/[^/]*\.ya?ml\Z")
_CHART_FILES: Final = frozenset({"Chart.yaml", "Chart.lock", "requirements.yaml", "requirements.lock"})
# Fields of a kustomization that name files, and the key of the name where it is not the entry itself.
_PATCHES: Final = ("patches", "patchesStrategicMerge", "patchesJson6902", "replacements")
_OTHER_INPUTS: Final = ("configurations", "configMapGenerator", "secretGenerator", "helmCharts", "openapi")
_NAMING_KEYS: Final = ("path", "files", "envs", "env", "valuesFile", "additionalValuesFiles")


class Contexts:
    """Charts and kustomizations of a tree.

    Args:
        paths: every file of the tree.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._charts = {posixpath.dirname(path) for path in paths if posixpath.basename(path) == "Chart.yaml"}
        self._named: dict[str, Classified] = {}

    def add_kustomization(self, path: str, value: object) -> None:
        """Take note of the files that a kustomization uses for something else than a resource."""
        if not isinstance(value, dict):
            return
        folder = posixpath.dirname(path)
        for field in (*_PATCHES, *_OTHER_INPUTS):
            for name in _names(value.get(field)):
                target = posixpath.normpath(posixpath.join(folder, name))
                self._named.setdefault(
                    target, Classified(Role.KUSTOMIZE_PATCH, f"{path} names it in {field}")
                )

    def of(self, path: str) -> Classified | None:
        """What a file is by its place alone, or None."""
        if path in self._named:
            return self._named[path]
        name = posixpath.basename(path)
        if name in KUSTOMIZATION_NAMES:
            return Classified(Role.KUSTOMIZATION, f"its name is {name}")
        folder = path if self._charts else ""
        while folder:
            folder = posixpath.dirname(folder)
            if folder in self._charts:
                chart = posixpath.join(folder, "Chart.yaml")
                return _in_chart(chart, path.removeprefix(f"{folder}/"))
        return None


def _in_chart(chart: str, inside: str) -> Classified | None:
    if inside in _CHART_FILES:
        return Classified(Role.HELM_CHART, f"its name is {inside}")
    if inside.startswith("templates/"):
        return Classified(Role.HELM_TEMPLATE, f"it stands in templates/ beside {chart}")
    if _VALUES.match(inside):
        return Classified(Role.HELM_VALUES, f"it stands beside {chart}")
    return None


def _names(value: Any) -> Iterator[str]:
    """The paths in an entry of a kustomization; a text of several lines is a patch itself."""
    if isinstance(value, str):
        name = value.rpartition("=")[2]  # key=file of a generator
        if name and "\n" not in name and "://" not in name:
            yield name
    elif isinstance(value, list):
        for entry in value:
            yield from _names(entry)
    elif isinstance(value, dict):
        for key in _NAMING_KEYS:
            yield from _names(value.get(key))
