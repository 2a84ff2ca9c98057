"""How cert-manager's objects name others: Secrets by name and key, always without a namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chores_infra.arguments import Problems
from chores_infra.construct import Manifest
from chores_infra.constructs.config import KeyRef, MakesSecret
from chores_infra.constructs.parts import Part, rendered, spelled
from chores_infra.constructs.references import check_secret_key, secret_of
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["Referring", "key_reference"]


class Referring(Part):
    """Parts that refer to Secrets and other objects: ``token=secret.key("t")`` is ``tokenSecretRef``.

    cert-manager looks for all of them in one namespace: the Issuer's, or for a ClusterIssuer its own.
    """

    def check(self, problems: Problems) -> None:
        """Refuse keys of ConfigMaps: cert-manager reads only Secrets."""
        for name, value in vars(self).items():
            if isinstance(value, KeyRef):
                check_secret_key(problems, name, value)

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """Every object that is named, with the argument that names it."""
        for name, value in vars(self).items():
            yield from _references(name, value)

    def fields(self) -> Manifest:
        """The mapping for the manifest: objects by their names, keys of Secrets by name and key."""
        return {
            self._spelled(name, value): _written(value)
            for name, value in vars(self).items()
            if value is not None
        }

    def _spelled(self, name: str, value: Any) -> str:
        if name in self.spelling:
            return self.spelling[name]
        field = f"{spelled(name)[:-2]}ID" if name.endswith("_id") else spelled(name)
        return f"{field}SecretRef" if isinstance(value, KeyRef) else field


def key_reference(reference: KeyRef) -> Manifest:
    """A key of a Secret, as cert-manager names it."""
    return {"name": reference.source.name, "key": reference.key}


def _written(value: Any) -> Any:
    if isinstance(value, KeyRef):
        return key_reference(value)
    if isinstance(value, KubernetesObject):
        return secret_of(value).name if isinstance(value, MakesSecret) else value.name
    return rendered(value)


def _references(place: str, value: Any) -> Iterator[tuple[str, KubernetesObject]]:
    if isinstance(value, KeyRef):
        yield place, value.source
    elif isinstance(value, KubernetesObject):
        yield place, value
    elif isinstance(value, Referring):
        yield from ((f"{place}.{inner}", target) for inner, target in value.references())
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _references(f"{place}[{index}]", item)
