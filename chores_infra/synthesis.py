"""From an app's definition to the text of its files: one pure function, the same input giving the same bytes.

::

    App, Target -> constructs -> manifests -> (validated) -> layout -> YAML text

Rendering many apps is a ``map`` over :func:`render`. Nothing here reads the environment, the clock, the
network or a file of the repository.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from chores_infra import kinds
from chores_infra.app import App, Target
from chores_infra.construct import KubernetesObject, Tree
from chores_infra.environments import Environment
from chores_infra.errors import ManifestError
from chores_infra.rendering.layout import Resource, arrange, identity
from chores_infra.rendering.owned import generated_by
from chores_infra.rendering.places import Places
from chores_infra.rendering.yaml_text import dump_all

__all__ = ["Engine", "Rendered", "direct", "render", "resource_of"]

Engine: TypeAlias = Callable[[type[App[Any]], Target], Iterable[Resource]]
"""Builds an app for a target on some host and gives back what it renders, in order."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of one app in one environment, relative to the infrastructure repository."""

    app: type[App[Any]]
    target: Target
    places: Places
    files: dict[PurePosixPath, str]
    warnings: tuple[str, ...]


def direct(app: type[App[Any]], target: Target) -> list[Resource]:
    """The engine in plain Python: the app on a Tree of ours."""
    tree = Tree()
    app(tree, app.app_name, app.configure(target))
    return [resource_of(construct) for construct in tree.objects()]


def resource_of(construct: KubernetesObject) -> Resource:
    """What a construct of ours renders, and where it comes from."""
    return Resource(construct.manifest, construct.file, construct.node.path)


def render(app: type[App[Any]], target: Target, *, engine: Engine = direct) -> Rendered:
    """Render one app in one environment.

    Raises:
        ConstructError: an argument of a construct is wrong.
        ManifestError: a manifest is not what the API server accepts, or is out of its environment's bounds.
        YamlError: a value that YAML cannot carry.
        FileError: a name that cannot be a file.
    """
    places = Places(app.app_name, target.environment)
    resources = list(engine(app, target))
    warnings = validate(resources)
    refuse_strays(resources, places)
    header = generated_by(app.reference())
    arranged = arrange(resources, places=places, layout=app.layout)
    files = {path: header + dump_all(manifests) for path, manifests in arranged.items()}
    return Rendered(app, target, places, files, tuple(warnings))


def validate(resources: Sequence[Resource]) -> list[str]:
    """Hold every manifest to its kind. What cannot be checked, an unknown kind, is answered as a warning.

    Raises:
        ManifestError: every problem of every manifest, each with its construct and field.
    """
    problems: list[str] = []
    warnings: list[str] = []
    for resource in resources:
        found = kinds.validate(resource.manifest)
        if found:
            said = [f"{_label(resource)}: {problem}" for problem in found]
            (problems if _is_known(resource) else warnings).extend(said)
    if problems:
        raise ManifestError(problems)
    return warnings


def refuse_strays(resources: Sequence[Resource], places: Places) -> None:
    """Keep environments apart: what lives outside the app's namespace is named after its environment.

    Two environments that rendered one cluster-scoped object would take turns overwriting and pruning it.

    Raises:
        ManifestError: the names that another environment could own, and what they must be.
    """
    other_suffixes = tuple(
        f"-{environment}" for environment in Environment if environment.value != places.environment
    )
    own_suffix = "" if places.environment == Environment.PRODUCTION else f"-{places.environment}"
    problems = []
    for resource in resources:
        this = identity(resource.manifest)
        if places.name in {this.namespace, this.name}:
            continue
        if not this.name.endswith(own_suffix):
            problems.append(
                f"{_label(resource)}: metadata.name: {this.name!r} lives outside namespace {places.name!r}, "
                f"where production owns that name; call it {this.name + own_suffix!r} (target.qualify does)"
            )
        elif not own_suffix and this.name.endswith(other_suffixes):
            problems.append(
                f"{_label(resource)}: metadata.name: {this.name!r} is a name of another environment; "
                "production's names carry no suffix"
            )
    if problems:
        raise ManifestError(problems)


def _is_known(resource: Resource) -> bool:
    manifest = resource.manifest
    return kinds.find(str(manifest.get("apiVersion")), str(manifest.get("kind"))) is not None


def _label(resource: Resource) -> str:
    """The construct and the object, as every line about a manifest starts."""
    manifest = resource.manifest
    metadata = manifest.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return f"{resource.origin} ({manifest.get('kind')} {name})"
