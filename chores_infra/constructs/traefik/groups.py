"""The two API groups of Traefik, and what only one of them has.

Traefik up to 2.11 serves ``traefik.containo.us``, Traefik from 2.10 on ``traefik.io``; Traefik 3 serves only
the newer one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from chores_infra.arguments import Problems
from chores_infra.construct import Manifest
from chores_infra.constructs.references import namespace_to_name
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "NEW_GROUP",
    "OLD_GROUP",
    "ApiVersion",
    "check_group",
    "check_old_group",
    "check_same_group",
    "reference",
]

ApiVersion: TypeAlias = Literal["traefik.containo.us/v1alpha1", "traefik.io/v1alpha1"]
OLD_GROUP: ApiVersion = "traefik.containo.us/v1alpha1"
NEW_GROUP: ApiVersion = "traefik.io/v1alpha1"


def check_group(problems: Problems, place: str, only: ApiVersion | None, api_version: str) -> None:
    """Note what only the other group has."""
    if only is not None and only != api_version:
        other = {OLD_GROUP: "Traefik 3 dropped it", NEW_GROUP: "Traefik 2 does not have it"}[only]
        problems.add(place, f"{other}: it needs api_version={only!r}")


def check_old_group(problems: Problems, place: str, only_new: Iterable[str], api_version: str) -> None:
    """Note arguments that the older group does not have."""
    if api_version == OLD_GROUP:
        for argument in only_new:
            problems.add(
                f"{place}.{argument}".removeprefix("."),
                f"{OLD_GROUP} does not have it; use api_version={NEW_GROUP!r}",
            )


def check_same_group(problems: Problems, place: str, target: KubernetesObject, api_version: str) -> None:
    """Note an object of ours in the other group: Traefik 3 would not see both. Others' are not known."""
    if not target.is_external and target.api_version != api_version:
        problems.add(
            place,
            f"{target.kind} {target.name!r} is of {target.api_version}, this object of {api_version}; "
            "use one group for both",
        )


def reference(target: KubernetesObject, namespace: str | None) -> Manifest:
    """A reference by name, with the namespace where it is another one.

    References into another namespace need ``allowCrossNamespace`` in Traefik's own configuration.
    """
    named = namespace_to_name(target, namespace)
    return {"name": target.name} if named is None else {"name": target.name, "namespace": named}
