"""Mistakes in references: what is named is not there, or not what it was."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from chores_infra.checks.providers import Provider
from chores_infra.checks.references import Reference
from chores_infra.checks.resolution import Presence
from chores_infra.rendering.field_path import FieldPath
from tests.checks.mutations.ground import Ground
from tests.checks.mutations.mutation import Mutation, Rename, Set, Spot

__all__ = ["key_mistakes", "port_mistakes", "reference_mistakes"]

_TRAEFIK = ("IngressRoute", "IngressRouteTCP", "IngressRouteUDP", "TraefikService", "Middleware")
_BACKENDS_OF = {
    "Ingress": "backend of an Ingress",
    "HTTPRoute": "backend of an HTTPRoute",
    "StatefulSet": "Service of a StatefulSet",
}
_NAMES_OF = {
    "AppProject": "project of an Application",
    "ConfigMap": "ConfigMap",
    "Gateway": "Gateway of a route",
    "Middleware": "Middleware",
    "PersistentVolumeClaim": "claim",
    "ProviderConfig": "ProviderConfig",
    "Secret": "Secret",
    "ServiceAccount": "ServiceAccount",
}
_NAMES = ("spec.target.name", "spec.secretName", "spec.writeConnectionSecretToRef.name")


def reference_mistakes(ground: Ground) -> Iterator[Mutation]:
    """Name and namespace, in a reference and of what is meant; and that this is there."""
    for reference, resolution in ground.context.resolver.references:
        if resolution.presence is not Presence.FOUND or reference.optional:
            continue
        source, family = reference.source, _family(reference)
        if any(provider.by is source for provider in resolution.providers):
            continue  # cert-manager makes it under whatever name stands here
        written = (*reference.path[:-1], "namespace")
        here: tuple[Spot, ...] = (ground.spot(source, reference.path),)
        if source.at(*written) == reference.namespace and reference.namespace:
            here = (*here, ground.spot(source, written))  # where another namespace has one, that is said here
        silent = _unless_near(ground, reference)
        name, wrong = reference.name, ground.misspelt(reference.name)
        yield ground.set(family, source, reference.path, wrong)._replace(
            silent="" if near(name, wrong) else silent
        )
        if reference.namespace and len(here) > 1:
            changed = ground.misspelt(reference.namespace)
            yield ground.set(family, source, written, changed, *here)
        if len(resolution.providers) != 1:
            continue
        (provider,) = resolution.providers
        if provider.by.document != source.document:
            yield ground.drop(family, provider.by, *here)._replace(silent=silent or _last(ground, provider))
        if provider.by.declared_namespace and reference.namespace == provider.by.namespace is not None:
            at = ("metadata", "namespace")
            moved = ground.misspelt(provider.by.declared_namespace)
            yield ground.set(family, provider.by, at, moved, *here)
        named = _name_of(provider)
        if named is not None:
            wrong = ground.misspelt(provider.name)
            yield ground.set(family, provider.by, named, wrong)._replace(
                expected=here, silent="" if near(name, wrong) else silent
            )


def near(one: str, other: str) -> bool:
    """Whether two names are alike enough for one to be a slip for the other."""
    return SequenceMatcher(None, one, other).ratio() > 0.75


def _unless_near(ground: Ground, reference: Reference) -> str:
    """Why nobody can know that a name is missing which is like no other; empty where it is known."""
    resolver = ground.context.resolver
    others = resolver.resolve(reference._replace(name="no-such-name-at-all"))
    return others.reason if others.presence is Presence.UNKNOWN else ""


def _last(ground: Ground, provider: Provider) -> str:
    """Of kinds that live in no namespace: where none is left, they may all be made elsewhere."""
    left = list(ground.context.repository.of_kind(provider.group, provider.kind))
    anywhere = provider.namespace is None or provider.by.known is None
    return f"no other {provider.kind} is there" if anywhere and len(left) == 1 else ""


def key_mistakes(ground: Ground) -> Iterator[Mutation]:
    """A key in a reference, and in what has it."""
    for reference, resolution in ground.context.resolver.references:
        if resolution.presence is not Presence.FOUND or reference.optional or len(resolution.providers) != 1:
            continue
        (provider,) = resolution.providers
        for key in reference.keys if provider.keys is not None else ():
            here = ground.spot(reference.source, key.path)
            yield ground.set("key: reference changed", reference.source, key.path, f"{key.name}X")
            for change in _other_key(ground, provider, str(key.name)):
                yield change._replace(expected=(here,))


def port_mistakes(ground: Ground) -> Iterator[Mutation]:
    """A port in a route, and in the Service that it leads to."""
    for reference, resolution in ground.context.resolver.references:
        if len(resolution.providers) != 1:
            continue
        (provider,) = resolution.providers
        for port in reference.ports if provider.ports is not None else ():
            wrong = port.name + 1111 if isinstance(port.name, int) else f"{port.name}x"
            yield ground.set("port: of a route changed", reference.source, port.path, wrong)
            here = ground.spot(reference.source, port.path)
            for path, value in provider.by.each("spec.ports[]"):
                if provider.by.kind != "Service":
                    continue
                if isinstance(port.name, int) and value.get("port") == port.name:
                    at = (*path, "port")
                    yield ground.set("port: of a Service changed", provider.by, at, port.name + 1111, here)
                if value.get("name") == port.name:
                    at = (*path, "name")
                    yield ground.set("port: of a Service renamed", provider.by, at, f"{port.name}x", here)


def _other_key(ground: Ground, provider: Provider, key: str) -> Iterator[Mutation]:
    """The key where it is made, removed and as another one."""
    for pattern in ("data.*", "stringData.*", "spec.encryptedData.*", "spec.target.template.data.*"):
        for path, _ in provider.by.each(pattern):
            if path[-1] == key:
                spot = ground.spot(provider.by, path)
                what = f"{provider.by} has {key}X for {key}"
                yield Mutation("key: renamed where it is made", what, (Rename(spot, f"{key}X"),), ())
                yield ground.remove("key: dropped where it is made", provider.by, path)
    for path, value in provider.by.each("spec.data[].secretKey"):
        if value == key:
            spot = ground.spot(provider.by, path)
            what = f"{provider.by} makes {key}X for {key}"
            yield Mutation("key: renamed where it is made", what, (Set(spot, f"{key}X"),), ())
            if len(provider.by.at("spec", "data")) > 1:
                yield ground.remove("key: dropped where it is made", provider.by, path[:-1])


def _name_of(provider: Provider) -> FieldPath | None:
    """Where the name of an object stands: in what an operator makes it from, or as the manifest's own."""
    for pattern in _NAMES if provider.is_made else ():
        for path, value in provider.by.each(pattern):
            if value == provider.name:
                return path
    return ("metadata", "name") if provider.by.name == provider.name else None


def _family(reference: Reference) -> str:
    source, kind, path = reference.source, reference.target.kind, ".".join(map(str, reference.path))
    if source.known is None:
        return "references of kinds without a schema"
    if "imagePullSecrets" in path:
        return "pull secret"
    if source.kind == "Grant" and kind in {"User", "Database"}:
        return "account or database of a Grant"
    if source.kind.endswith("RoleBinding"):
        return "subject of a binding" if kind == "ServiceAccount" else "role of a binding"
    if "scaleTargetRef" in path or "targetRef" in path:
        return "target of an autoscaler"
    if kind in {"SecretStore", "ClusterSecretStore"}:
        return "store"
    if kind in {"Issuer", "ClusterIssuer"}:
        return "issuer"
    if "passwordSecretRef" in path or (kind == "Secret" and "crossplane" in source.group):
        return "secret of Crossplane"
    if kind == "Service":
        if source.kind in _TRAEFIK:
            return "backend of an IngressRoute"
        return _BACKENDS_OF.get(source.kind, "other references")
    return _NAMES_OF.get(kind, "other references")
