"""What volumes show as files: keys of ConfigMaps and Secrets, tokens, and fields of the pod.

Source: https://kubernetes.io/docs/concepts/storage/projected-volumes/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.config import ConfigMap, KeySource, MakesSecret, Secret, key_problem
from chores_infra.constructs.env import PodField, ResourceField
from chores_infra.constructs.parts import Part, present
from chores_infra.fields import DataKey, Matching, Pairs, Text

__all__ = ["DownwardApi", "FileMode", "Projected", "RelativePath", "ServiceAccountToken"]

#: Permission bits; write them in octal: ``0o440``.
FileMode = Annotated[int, Field(ge=0, le=0o777)]
RelativePath = Annotated[
    str,
    Matching(r"(?!/)(?!(?:.*/)?\.\.(?:/|\Z))[^\x00]+", 4096, "a relative path without '..'", lookahead=True),
]
"""A path inside a volume: it cannot lead out of it."""


@value_object
class Projected(Part):
    """Keys of a ConfigMap or Secret inside a :class:`ProjectedVolume`, at paths of their own."""

    source: KeySource
    items: Pairs[DataKey, RelativePath] | None = None
    optional: bool | None = None

    def check(self, problems: Problems) -> None:
        """Hold the items to the keys that are known."""
        check_items(self.source, self.items, problems, optional=self.optional)

    def fields(self) -> Manifest:
        """The projection, for the manifest."""
        return {"configMap" if isinstance(self.source, ConfigMap) else "secret": content(self)}


@value_object
class ServiceAccountToken(Part):
    """A token of the pod's service account as a file inside a :class:`ProjectedVolume`.

    ``expiration_seconds`` is at least 600; the kubelet renews the token in time.
    """

    path: RelativePath
    audience: Text | None = None
    expiration_seconds: Annotated[int, Field(ge=600, le=2**32)] | None = None

    def fields(self) -> Manifest:
        """The projection, for the manifest."""
        return {"serviceAccountToken": super().fields()}


@value_object
class DownwardApi(Part):
    """Fields of the pod's metadata, and resources of its containers, as files."""

    items: Annotated[Pairs[RelativePath, PodField | ResourceField], Field(min_length=1)]

    def check(self, problems: Problems) -> None:
        """Files know less than variables: no addresses; and a resource needs to say of which container."""
        for path, item in self.items.items():
            if isinstance(item, ResourceField):
                if item.container_name is None:
                    problems.add(f"items.{path}", "give the container_name: a file belongs to no container")
            elif not item.path.startswith("metadata."):
                problems.add(f"items.{path}", f"expected a field of metadata, found {item.path!r}")

    def fields(self) -> Manifest:
        """The projection, for the manifest."""
        items = [{"path": path, **field.fields()} for path, field in self.items.items()]
        return {"downwardAPI": {"items": items}}


def check_items(
    source: ConfigMap | Secret | MakesSecret,
    items: Mapping[str, str] | None,
    problems: Problems,
    *,
    optional: bool | None,
) -> None:
    """Note keys that the source is known not to have, unless it may lack them."""
    for key in items or ():
        if not optional and (wrong := key_problem(source, key)):
            problems.add(f"items.{key}", wrong)


def content(volume: Any, name_field: str = "name") -> Manifest:
    """What is shown of a ConfigMap or Secret, whose name has two names in the API."""
    source = volume.source.secret if isinstance(volume.source, MakesSecret) else volume.source
    items = None if volume.items is None else [{"key": k, "path": p} for k, p in volume.items.items()]
    mode = getattr(volume, "default_mode", None)
    return present(
        {name_field: source.name, "items": items, "defaultMode": mode, "optional": volume.optional}
    )
