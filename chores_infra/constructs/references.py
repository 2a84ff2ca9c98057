"""What references between objects have in common: which namespace they name, and which Secret is meant."""

from __future__ import annotations

from collections.abc import Sequence

from chores_infra.arguments import Problems
from chores_infra.construct import Manifest
from chores_infra.constructs.config import KeyRef, MakesSecret, Secret
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "check_covers",
    "check_same_namespace",
    "check_secret_key",
    "namespace_to_name",
    "object_reference",
    "secret_of",
]


def namespace_to_name(target: KubernetesObject, namespace: str | None) -> str | None:
    """The namespace that a reference must name: the target's, unless the reference stands in it."""
    return None if target.namespace == namespace else target.namespace


def object_reference(target: KubernetesObject) -> Manifest:
    """What the API calls a cross-version reference: apiVersion, kind and name."""
    return {"apiVersion": target.api_version, "kind": target.kind, "name": target.name}


def secret_of(source: Secret | MakesSecret) -> Secret:
    """The Secret itself, or the one that the construct makes."""
    return source.secret if isinstance(source, MakesSecret) else source


def check_same_namespace(
    problems: Problems, argument: str, target: KubernetesObject, namespace: str | None
) -> None:
    """Note a reference to an object that is known to live in another namespace than it must."""
    if target.namespace is not None and namespace is not None and target.namespace != namespace:
        problems.add(
            argument,
            f"{target.kind} {target.name!r} lives in namespace {target.namespace!r}; only one of namespace "
            f"{namespace!r} can be used here",
        )


def check_covers(
    problems: Problems, argument: str, source: Secret | MakesSecret, hosts: Sequence[str]
) -> None:
    """Note a Secret whose certificate is known to be for none of the hosts that it is used at."""
    if hosts and isinstance(source, MakesSecret) and not any(map(source.covers, hosts)):
        problems.add(argument, f"{source.kind} {source.name!r} is for none of the hosts: {', '.join(hosts)}")


def check_secret_key(problems: Problems, argument: str, reference: KeyRef) -> None:
    """Note a reference to a key of a ConfigMap where only a Secret will do."""
    if not isinstance(reference.source, Secret):
        problems.add(
            argument,
            f"expected a key of a Secret, found one of {reference.source.kind} {reference.source.name!r}",
        )
