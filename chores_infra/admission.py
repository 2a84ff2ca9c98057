"""What a rendered app must pass before it is written: schemas, operators, the bounds of its environment.

Like the API server's admission, this looks at manifests and not at how they were made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from chores_infra import kinds
from chores_infra.environments import Environment
from chores_infra.errors import ManifestError
from chores_infra.kinds.operators import Support, served
from chores_infra.rendering.layout import Resource, identity
from chores_infra.rendering.places import Places

__all__ = ["admit"]


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
    found = kinds.validate(manifest)
    if found:
        known = kinds.find(str(manifest.get("apiVersion")), str(manifest.get("kind"))) is not None
        said = [f"{_label(resource)}: {problem}" for problem in found]
        (problems if known else warnings).extend(said)


def _hold_to_operator(
    resource: Resource, releases: tuple[tuple[str, str], ...], problems: list[str], warnings: list[str]
) -> None:
    support = _support(str(resource.manifest.get("apiVersion")), releases)
    if support is None or support.status == "served":
        return
    if support.is_served:
        warnings.append(f"{_label(resource)}: apiVersion: {support.message}")
    else:
        problems.append(
            f"{_label(resource)}: apiVersion: {support.message}; or name the release that runs under "
            f"[operators] in the configuration: {support.operator} = ..."
        )


@cache
def _support(api_version: str, releases: tuple[tuple[str, str], ...]) -> Support | None:
    return served(api_version, dict(releases))


def _hold_to_environment(resource: Resource, places: Places, problems: list[str]) -> None:
    """Keep environments apart: what lives outside the app's namespace is named after its environment.

    Two environments that rendered one cluster-scoped object would take turns overwriting and pruning it.
    """
    this = identity(resource.manifest)
    if places.name in {this.namespace, this.name}:
        return
    production = places.environment == Environment.PRODUCTION
    suffix = "" if production else f"-{places.environment}"
    if not this.name.endswith(suffix):
        problems.append(
            f"{_label(resource)}: metadata.name: {this.name!r} lives outside namespace {places.name!r}, "
            f"where production owns that name; call it {this.name + suffix!r} (target.qualify does)"
        )
    elif production and this.name.endswith(_OTHER_SUFFIXES):
        problems.append(
            f"{_label(resource)}: metadata.name: {this.name!r} is a name of another environment; "
            "production's names carry no suffix"
        )


_OTHER_SUFFIXES = tuple(f"-{environment.value}" for environment in Environment)


def _label(resource: Resource) -> str:
    """The construct and the object, as every line about a manifest starts."""
    manifest = resource.manifest
    metadata = manifest.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return f"{resource.origin} ({manifest.get('kind')} {name})"
