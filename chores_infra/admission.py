"""What a rendered app must pass before it is written: schemas, operators, the bounds of its environment.

Like the API server's admission, this looks at manifests and not at how they were made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from chores_infra import kinds
from chores_infra.environments import Environment
from chores_infra.errors import ManifestError
from chores_infra.kinds.operators import Support, served
from chores_infra.kinds.suggestions import nearest
from chores_infra.rendering.layout import Resource, identity
from chores_infra.rendering.places import MANIFESTS, Places

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
        _hold_to_environment(resource, places, problems)
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
        certain = known is not None or _cannot_exist(api_version, kind)
        (problems if certain else warnings).extend(f"{label(resource)}: {problem}" for problem in found)
    if known is not None and not known.namespaced and identity(manifest).namespace:
        warnings.append(
            f"{label(resource)}: metadata.namespace: {kind} is cluster-scoped, and the API server drops the "
            "namespace; leave it out"
        )


@cache
def _cannot_exist(api_version: str, kind: str) -> bool:
    """Whether an unknown kind is certainly a mistake, and not a custom resource of the cluster.

    Groups without a dot are the API server's own, and so are those of ``.k8s.io`` that we know. In a group of
    custom resources only a kind that is spelled much like a known one is taken for a mistake.
    """
    group = api_version.rpartition("/")[0]
    known = [found for found in kinds.CATALOG.kinds() if found.group == group]
    if "." not in group or (group.endswith(".k8s.io") and known):
        return True
    return nearest(kind, [found.kind for found in known]) is not None


def _hold_to_operator(
    resource: Resource, releases: tuple[tuple[str, str], ...], problems: list[str], warnings: list[str]
) -> None:
    support = _support(str(resource.manifest.get("apiVersion")), releases)
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
def _support(api_version: str, releases: tuple[tuple[str, str], ...]) -> Support | None:
    return served(api_version, dict(releases))


def _hold_to_environment(resource: Resource, places: Places, problems: list[str]) -> None:
    """Keep environments apart: what lives outside the app's namespace is named after its environment.

    Two environments that rendered one object, or one folder, would take turns overwriting and pruning it.
    """
    this = identity(resource.manifest)
    others = {environment.qualify(places.app) for environment in Environment} - {places.name}
    for field, value in _reaches(resource.manifest):
        if value in others:
            problems.append(
                f"{label(resource)}: {field}: {value!r} is another environment of {places.app}; "
                f"expected {places.name!r}"
            )
    known = kinds.find(str(resource.manifest["apiVersion"]), this.kind)
    if known is not None and known.namespaced and not this.namespace:
        problems.append(
            f"{label(resource)}: metadata.namespace: {this.kind} lives in a namespace, and this one is in "
            "none; give it self as its scope, or namespace=..."
        )
        return
    production = places.environment == Environment.PRODUCTION
    # Whether an object of an unknown kind lives in its namespace is unknown too: outside production it must
    # have a name of its own in any case. The API server drops the namespace of cluster-scoped ones.
    in_namespace = this.namespace == places.name and (production if known is None else known.namespaced)
    if in_namespace or this.name == places.name:
        return
    suffix = "" if production else f"-{places.environment}"
    if not this.name.endswith(suffix):
        problems.append(
            f"{label(resource)}: metadata.name: {this.name!r} lives outside namespace {places.name!r}, "
            f"where production owns that name; call it {this.name + suffix!r} (target.qualify does)"
        )
    elif production and this.name.endswith(_OTHER_SUFFIXES):
        problems.append(
            f"{label(resource)}: metadata.name: {this.name!r} is a name of another environment; "
            "production's names carry no suffix"
        )
    external = (resource.manifest["metadata"].get("annotations") or {}).get(_EXTERNAL_NAME)
    if isinstance(external, str) and not production and not _carries(external, places.environment):
        problems.append(
            f"{label(resource)}: metadata.annotations: the external name {external!r} is production's as "
            f"well; let it end with '-{places.environment}' or '_{places.environment}'"
        )


def _reaches(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The places of an app that a manifest names: where it lives, and what an Application reads and fills."""
    yield "metadata.namespace", str(manifest["metadata"].get("namespace"))
    spec = manifest.get("spec")
    if manifest.get("kind") != "Application" or not isinstance(spec, Mapping):
        return
    destination = spec.get("destination")
    if isinstance(destination, Mapping):
        yield "spec.destination.namespace", str(destination.get("namespace"))
    several = spec.get("sources")
    sources = [("spec.source", spec.get("source"))]
    if isinstance(several, list):
        sources += [(f"spec.sources[{number}]", source) for number, source in enumerate(several)]
    for field, source in sources:
        parts = str(source.get("path", "")).split("/") if isinstance(source, Mapping) else []
        if MANIFESTS.name in parts[:-1]:
            yield f"{field}.path", parts[parts.index(MANIFESTS.name) + 1]


def _carries(name: str, environment: str) -> bool:
    return name.endswith((f"-{environment}", f"_{environment}"))


_EXTERNAL_NAME = "crossplane.io/external-name"
_OTHER_SUFFIXES = tuple(f"-{environment.value}" for environment in Environment)


def label(resource: Resource) -> str:
    """The construct and the object, as every line about a manifest starts."""
    manifest = resource.manifest
    metadata = manifest.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return f"{resource.origin} ({manifest.get('kind')} {name})"
