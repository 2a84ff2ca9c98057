"""What a rendered app must pass before it is written: schemas, operators, the bounds of its environment.

Like the API server's admission, this looks at manifests and not at how they were made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from chores_infra import kinds
from chores_infra.errors import ManifestError
from chores_infra.isolation import crossings
from chores_infra.kinds.operators import KUBERNETES, Support, served
from chores_infra.kinds.suggestions import nearest
from chores_infra.rendering.layout import Resource, identity
from chores_infra.rendering.places import Places

__all__ = ["admit", "label"]


def admit(resources: Sequence[Resource], places: Places, operators: Mapping[str, str]) -> list[str]:
    """Hold the manifests of one app in one environment to everything that must be true of them.

    ``operators`` maps operators to the releases that run in the cluster; see
    :func:`chores_infra.kinds.operators.served`. Answers warnings: kinds that are not known, so not checked,
    and API versions that have a successor.

    Raises:
        ManifestError: every problem of every manifest, each with its construct and field.
    """
    problems: list[str] = []
    warnings: list[str] = []
    releases = tuple(sorted(operators.items()))
    for resource in resources:
        _hold_to_schema(resource, problems, warnings)
        _hold_to_operator(resource, releases, problems, warnings)
        problems += (f"{label(resource)}: {problem}" for problem in crossings(resource, places))
    if problems:
        raise ManifestError(problems)
    return warnings


def _hold_to_schema(resource: Resource, problems: list[str], warnings: list[str]) -> None:
    manifest = resource.manifest
    api_version, kind = str(manifest.get("apiVersion")), str(manifest.get("kind"))
    if kind.endswith("List") and isinstance(manifest.get("items"), list):
        problems.append(
            f"{label(resource)}: kind: a list hides its items from every check; create each as an object"
        )
        return
    found = kinds.validate(manifest)
    known = kinds.find(api_version, kind)
    if found:
        certain = known is not None or _cannot_exist(kinds.current(), api_version, kind)
        (problems if certain else warnings).extend(f"{label(resource)}: {problem}" for problem in found)
    if known is not None and not known.namespaced and identity(manifest).namespace:
        warnings.append(
            f"{label(resource)}: metadata.namespace: {kind} is cluster-scoped, and the API server drops the "
            "namespace; leave it out"
        )


@lru_cache(maxsize=1000)
def _cannot_exist(catalog: kinds.Catalog, api_version: str, kind: str) -> bool:
    """Whether an unknown kind is certainly a mistake, and not a custom resource of the cluster.

    Groups without a dot are the API server's own, and so are those of ``.k8s.io`` that we know. In a group of
    custom resources only a kind that is spelled much like a known one is taken for a mistake.
    """
    group = api_version.rpartition("/")[0]
    known = catalog.of_group(group)
    if "." not in group or (group.endswith(".k8s.io") and known):
        return True
    return nearest(kind, known) is not None


def _hold_to_operator(
    resource: Resource, releases: tuple[tuple[str, str], ...], problems: list[str], warnings: list[str]
) -> None:
    support = _support(str(resource.manifest.get("apiVersion")), str(resource.manifest.get("kind")), releases)
    if support is None or support.status == "served":
        return
    if support.is_served:
        warnings.append(f"{label(resource)}: apiVersion: {support.message}")
    else:
        problems.append(
            f"{label(resource)}: apiVersion: {support.message}; or name the release that runs under "
            f"[operators] in the configuration: {support.operator} = ..."
        )


@cache
def _support(api_version: str, kind: str, releases: tuple[tuple[str, str], ...]) -> Support | None:
    configured = dict(releases)
    support = served(api_version, configured)
    if support is None and KUBERNETES in configured:
        from chores_infra.kinds.kubernetes_versions import served as served_by_cluster

        support = served_by_cluster(api_version, kind, configured[KUBERNETES])
    return support


def label(resource: Resource) -> str:
    """The construct and the object, as every line about a manifest starts."""
    manifest = resource.manifest
    metadata = manifest.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return f"{resource.origin} ({manifest.get('kind')} {name})"
