"""What one document is, told from its value and from the name of its file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from chores_infra.gitops.client_side import client_side
from chores_infra.gitops.roles import Classified, Role

__all__ = ["classify", "looks_like_a_manifest"]

_ACTION = re.compile(r"(?:^|/)action\.ya?ml\Z")
_COMPOSE = re.compile(r"(?:docker-)?compose[^/]*\.ya?ml\Z")


def classify(value: object, path: str) -> Classified:
    """What a document is.

    Args:
        value: the document's value.
        path: the path of its file in the tree.

    >>> print(classify({"site_name": "Docs"}, "base-apps/shop/mkdocs.yml"))
    a configuration of MkDocs (it has a site_name)
    """
    if value is None:
        return Classified(Role.EMPTY, "it has no value")
    if not isinstance(value, dict):
        found = (
            "a list" if isinstance(value, list) else "text" if isinstance(value, str) else "a single value"
        )
        return Classified(Role.DATA, f"it is {found} where a manifest is a mapping")
    api_version, kind = value.get("apiVersion"), value.get("kind")
    if isinstance(api_version, str) and isinstance(kind, str) and api_version and kind:
        return client_side(api_version, kind) or _manifest(value, api_version, kind)
    for role, known_by, matches in _BY_FORM:
        if matches(value, path):
            return Classified(role, known_by)
    return _mapping(value)


def looks_like_a_manifest(text: str) -> bool:
    """Whether Argo CD fails on a text that it cannot parse; it skips what does not look like a manifest.

    The rule is that of ``getObjsFromYAMLOrJSON`` in argo-cd (``reposerver/repository/repository.go``).
    """
    return all(word in text for word in ("apiVersion:", "kind:", "metadata:"))


def _manifest(value: Mapping[str, Any], api_version: str, kind: str) -> Classified:
    if kind.endswith("List") and isinstance(value.get("items"), list):
        return Classified(Role.LIST, f"{kind} with items")
    return Classified(Role.MANIFEST, f"{api_version} {kind}")


def _mapping(value: Mapping[str, Any]) -> Classified:
    """A mapping that is nothing known: nearly a manifest, or the configuration of something."""
    has = [key for key in ("apiVersion", "kind") if key in value]
    if has and ("metadata" in value or len(has) == 2):
        lacks = [
            key for key in ("apiVersion", "kind") if not isinstance(value.get(key), str) or not value[key]
        ]
        return Classified(Role.INCOMPLETE, f"{' and '.join(lacks)} should say what it is")
    keys = ", ".join(list(value)[:3])
    return Classified(
        Role.CONFIGURATION, f"no apiVersion and kind; its keys are {keys}" if keys else "no keys"
    )


def _is_chart(value: Mapping[str, Any], path: str) -> bool:
    return posixpath.basename(path) in ("Chart.yaml", "Chart.lock") or (
        value.get("apiVersion") in ("v1", "v2") and {"name", "version"} <= value.keys()
    )


def _is_github(value: Mapping[str, Any], path: str) -> bool:
    # `on` is true to YAML 1.1, so that is the key of a workflow.
    workflow = "jobs" in value and ("on" in value or "true" in value)
    return workflow or f"/{path}".find("/.github/") >= 0 or ("runs" in value and bool(_ACTION.search(path)))


def _is_compose(value: Mapping[str, Any], path: str) -> bool:
    named = _COMPOSE.match(posixpath.basename(path)) is not None
    return isinstance(value.get("services"), dict) and (named or "version" in value)


def _is_values(value: Mapping[str, Any], path: str) -> bool:
    return "values" in posixpath.basename(path) and "kind" not in value


_BY_FORM: Final[tuple[tuple[Role, str, Callable[[Mapping[str, Any], str], bool]], ...]] = (
    (Role.HELM_CHART, "it has the name and version of a chart", _is_chart),
    (Role.GITHUB, "it is a workflow or an action, or stands in .github", _is_github),
    (Role.MKDOCS, "it has a site_name", lambda value, _: "site_name" in value),
    (Role.COMPOSE, "it has the services of a Compose file", _is_compose),
    (Role.HELM_VALUES, "its name says so", _is_values),
)
"""Documents without apiVersion and kind that are known by their keys or the name of their file."""
