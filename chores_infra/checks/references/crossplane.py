"""References between resources that Crossplane manages: ``forProvider.<x>Ref`` and provider configurations.

Providers name references alike: ``bucketRef`` refers to the ``Bucket`` of the same group, and
``providerConfigRef`` to the ``ProviderConfig`` of the group, or of the family of groups, of the provider.
Source: https://docs.crossplane.io/latest/managed-resources/managed-resources/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chores_infra.checks.fields import at, mapping, text
from chores_infra.checks.references.reference import Part, Reference, Target
from chores_infra.checks.references.targets import SECRET
from chores_infra.checks.resources import Resource
from chores_infra.kinds import CATALOG

__all__ = ["crossplane_references", "is_managed_resource"]

_PROVIDERS: Final = (".crossplane.io", ".upbound.io")
_NO_PROVIDERS: Final = ("apiextensions.crossplane.io", "pkg.crossplane.io", "ops.crossplane.io")


def is_managed_resource(resource: Resource) -> bool:
    """Whether a Crossplane provider makes something of it outside the cluster."""
    return (
        resource.group.endswith(_PROVIDERS)
        and resource.group not in _NO_PROVIDERS
        and isinstance(resource.at("spec", "forProvider"), dict)
    )


def crossplane_references(resource: Resource) -> Iterator[Reference]:
    """What a managed resource, a composition or a provider's configuration refers to."""
    if is_managed_resource(resource):
        yield from _managed(resource)
    elif resource.group.endswith(_PROVIDERS) and resource.kind in {"ProviderConfig", "ClusterProviderConfig"}:
        yield from _secrets(resource, "spec.credentials.connectionSecretRef")
        yield from _secrets(resource, "spec.credentials.secretRef")
    elif resource.is_a("apiextensions.crossplane.io", "Composition"):
        for path, name in resource.each("spec.pipeline[].functionRef.name"):
            if text(name):
                yield Reference(resource, path, Target("Function", ("pkg.crossplane.io",)), name, None)


def _managed(resource: Resource) -> Iterator[Reference]:
    for path, name in resource.each("spec.providerConfigRef.name"):
        if text(name):
            kind = text(resource.at("spec", "providerConfigRef", "kind")) or "ProviderConfig"
            target = Target(kind, _families(resource.group))
            yield Reference(resource, path, target, name, None)
    yield from _secrets(resource, "spec.forProvider.passwordSecretRef")
    for field, value in mapping(resource.at("spec", "forProvider")).items():
        if meant := _kind_of_name(field, value, resource):
            path = ("spec", "forProvider", field)
            yield Reference(resource, path, Target(meant, (resource.group,)), value, None, guessed=True)
        if not field.endswith("Ref") or not text(at(value, "name")):
            continue
        meant = _kind_named(field.removesuffix("Ref"), resource)
        if meant is not None:
            target = Target(meant, (resource.group,))
            named = ("spec", "forProvider", field, "name")
            yield Reference(resource, named, target, value["name"], resource.namespace)


def _secrets(resource: Resource, field: str) -> Iterator[Reference]:
    """The references to a key of a Secret in some field."""
    for path, found in resource.each(field):
        if name := text(at(found, "name")):
            keys = (Part((*path, "key"), key),) if (key := text(at(found, "key"))) else ()
            namespace = text(at(found, "namespace")) or resource.namespace
            yield Reference(resource, (*path, "name"), SECRET, name, namespace, keys=keys)


def _families(group: str) -> tuple[str, ...]:
    """Where a provider's ProviderConfig may be: for ``s3.aws.upbound.io`` in ``aws.upbound.io``."""
    parts = group.split(".")
    return tuple(".".join(parts[start:]) for start in range(len(parts) - 1))


def _kind_of_name(field: str, value: object, resource: Resource) -> str | None:
    """The kind of which a field has the name as the provider's system knows it: ``user`` of a Grant.

    It is an object of this repository where there are some; ``*`` stands for any.
    """
    if not text(value) or text(value) == "*":
        return None
    kinds = resource.catalog.of_group(resource.group)
    return next((kind for kind in kinds if kind.lower() == field.lower() and kind != resource.kind), None)


def _kind_named(field: str, resource: Resource) -> str | None:
    """The kind that a field means, ``database`` being ``Database``."""
    known = resource.catalog.of_group(resource.group)
    named = next((kind for kind in known if kind.lower() == field.lower()), None)
    if named is not None or CATALOG.of_group(resource.group):
        return named
    # Of providers that are not known wholly the convention is all there is.
    return field[:1].upper() + field[1:]
