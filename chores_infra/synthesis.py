"""From an app's definition to the text of its files: one pure function, the same input giving the same bytes.

::

    App, Target -> constructs -> manifests -> admission -> layout -> YAML text

Rendering many apps is a ``map`` over :func:`render`. Nothing here reads the environment, the clock, the
network or a file of the repository.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from chores_infra.admission import admit, label
from chores_infra.app import App, Target
from chores_infra.construct import Tree
from chores_infra.errors import ManifestError, YamlError
from chores_infra.kubernetes_object import KubernetesObject
from chores_infra.rendering.layout import Resource, arrange
from chores_infra.rendering.owned import generated_by
from chores_infra.rendering.places import Places
from chores_infra.rendering.yaml_text import dump, dump_all

__all__ = ["Engine", "Rendered", "direct", "render", "resource_of"]

Engine: TypeAlias = Callable[[type[App[Any]], Target], Iterable[Resource]]
"""Builds an app for a target on some host and gives back what it renders, in order."""


class Rendered(NamedTuple):
    """The files of one app in one environment, relative to the infrastructure repository.

    ``manifests`` are what each of them says.
    """

    app: type[App[Any]]
    target: Target
    places: Places
    files: dict[PurePosixPath, str]
    warnings: tuple[str, ...]
    manifests: Mapping[PurePosixPath, Sequence[Mapping[str, Any]]]


_NO_OPERATORS: Mapping[str, str] = MappingProxyType({})


def direct(app: type[App[Any]], target: Target) -> list[Resource]:
    """The engine in plain Python: the app on a Tree of ours."""
    tree = Tree()
    app(tree, app.app_name, app.configure(target))
    return [resource_of(construct) for construct in tree.objects()]


def resource_of(construct: KubernetesObject) -> Resource:
    """What a construct of ours renders, and where it comes from."""
    return Resource(construct.manifest, construct.file, construct.node.path, construct.shared)


def render(
    app: type[App[Any]],
    target: Target,
    *,
    engine: Engine = direct,
    operators: Mapping[str, str] = _NO_OPERATORS,
) -> Rendered:
    """Render one app in one environment.

    ``operators`` maps operators of the cluster (``traefik``, ``external-secrets``) to the releases that run,
    where those are not the defaults.

    Raises:
        ConstructError: an argument of a construct is wrong.
        ManifestError: a manifest is not what the API server accepts, is out of its environment's bounds, or
            holds a value that YAML cannot carry.
        FileError: a name that cannot be a file.
    """
    places = Places(app.app_name, target.environment)
    resources = list(engine(app, target))
    warnings = admit(resources, places, operators)
    header = generated_by(app.reference())
    arranged = arrange(resources, places=places, layout=app.layout)
    try:
        files = {path: header + dump_all(manifests) for path, manifests in arranged.items()}
    except YamlError:
        raise ManifestError(_unwritable(resources)) from None
    return Rendered(app, target, places, files, tuple(warnings), arranged)


def _unwritable(resources: Iterable[Resource]) -> list[str]:
    """Which manifests YAML cannot carry, and why. Schemas find most of it; unknown kinds have none."""
    problems = []
    for resource in resources:
        try:
            dump(resource.manifest)
        except YamlError as error:
            problems.append(f"{label(resource)}: {error}")
    return problems
