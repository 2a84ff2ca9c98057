"""What keeps the environments of an app apart: none owns, fills or reads what belongs to another.

Two environments that rendered one object, or one folder, would take turns overwriting and pruning it; one
that named an object of another would change it, or read its secrets. What all of them may use is declared as
shared where it is referred to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chores_infra import kinds
from chores_infra.environments import Environment
from chores_infra.rendering.layout import Identity, Resource, identity
from chores_infra.rendering.places import MANIFESTS, Places

__all__ = ["crossings"]

_EXTERNAL_NAME: Final = "crossplane.io/external-name"
_OTHER_SUFFIXES: Final = tuple(f"-{environment.value}" for environment in Environment)
#: The group of Crossplane's provider-sql, after the kind of server.
_SQL: Final = ".sql.crossplane.io"
#: What a Grant of it names on the server, or refers to in the cluster.
_GRANTED: Final = ("user", "role", "database")


def crossings(resource: Resource, places: Places) -> Iterator[str]:
    """Where a manifest leaves the bounds of its environment, each with the field and the way out."""
    this = identity(resource.manifest)
    others = {environment.qualify(places.app) for environment in Environment} - {places.name}
    for field, value in _places_named(resource.manifest, this):
        if value in others:
            yield f"{field}: {value!r} is another environment of {places.app}; expected {places.name!r}"
    known = kinds.find(str(resource.manifest["apiVersion"]), this.kind)
    if known is not None and known.namespaced and not this.namespace:
        yield (
            f"metadata.namespace: {this.kind} lives in a namespace, and this one is in none; give it self as "
            "its scope, or namespace=..."
        )
        return
    if this.kind == "Grant" and this.group.endswith(_SQL):
        yield from _grants(resource, places)
    production = places.environment == Environment.PRODUCTION
    # Whether an object of an unknown kind lives in its namespace is unknown too: outside production it must
    # have a name of its own in any case. The API server drops the namespace of cluster-scoped ones.
    in_namespace = this.namespace == places.name and (production if known is None else known.namespaced)
    if not in_namespace and this.name != places.name:
        yield from _own_names(resource.manifest, this, places)


def _own_names(manifest: Mapping[str, Any], this: Identity, places: Places) -> Iterator[str]:
    """What is wrong with the name of an object outside of the app's namespace, and with its external name."""
    production = places.environment == Environment.PRODUCTION
    suffix = "" if production else f"-{places.environment}"
    if not this.name.endswith(suffix):
        yield (
            f"metadata.name: {this.name!r} lives outside namespace {places.name!r}, where production owns "
            f"that name; call it {this.name + suffix!r} (target.qualify does)"
        )
    elif production and this.name.endswith(_OTHER_SUFFIXES):
        yield (
            f"metadata.name: {this.name!r} is a name of another environment; production's names carry no "
            "suffix"
        )
    external = (manifest["metadata"].get("annotations") or {}).get(_EXTERNAL_NAME)
    if isinstance(external, str) and not production and not _carries(external, places.environment):
        yield (
            f"metadata.annotations: the external name {external!r} is production's as well; let it end with "
            f"'-{places.environment}' or '_{places.environment}'"
        )


def _places_named(manifest: Mapping[str, Any], this: Identity) -> Iterator[tuple[str, str]]:
    """The places of an app that a manifest names: namespaces anywhere, and the folders of Applications."""
    yield "metadata.namespace", this.namespace
    # Kubernetes' own workloads name no namespace but their own.
    if "." not in this.group:
        return
    for key, value in manifest.items():
        if key != "metadata":
            yield from _named(value, key, folders=this.group == "argoproj.io")


def _named(value: Any, path: str, *, folders: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _named(item, f"{path}[{index}]", folders=folders)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(item, str):
                yield from _named(item, f"{path}.{key}", folders=folders)
            elif key == "namespace":
                yield f"{path}.namespace", item
            elif key == "path" and folders:
                parts = item.split("/")
                if MANIFESTS.name in parts[:-1]:
                    yield f"{path}.path", parts[parts.index(MANIFESTS.name) + 1]


def _grants(resource: Resource, places: Places) -> Iterator[str]:
    """Accounts and databases of another environment that a Grant opens or fills."""
    spec = resource.manifest.get("spec")
    parameters = spec.get("forProvider") if isinstance(spec, Mapping) else None
    if not isinstance(parameters, Mapping):
        return
    for field in _GRANTED:
        reference = parameters.get(f"{field}Ref")
        named = reference.get("name") if isinstance(reference, Mapping) else None
        for place, name in ((field, parameters.get(field)), (f"{field}Ref.name", named)):
            if isinstance(name, str) and name not in resource.shared:
                # The account of MySQL may have a host behind it: shop-staging@10.0.0.1.
                yield from _granted(f"spec.forProvider.{place}", name, name.partition("@")[0], places)
        selector = parameters.get(f"{field}Selector")
        if isinstance(selector, Mapping) and not _selects_own(selector, places):
            yield (
                f"spec.forProvider.{field}Selector: these labels may be those of another environment; name "
                f"the object by {field}Ref, let a label's value end with '-{places.environment}', or set "
                "matchControllerRef"
            )


def _granted(place: str, name: str, account: str, places: Places) -> Iterator[str]:
    if places.environment == Environment.PRODUCTION:
        if any(_carries(account, environment.value) for environment in Environment):
            yield f"{place}: {name!r} is a name of another environment; production's names carry no suffix"
    elif not _carries(account, places.environment):
        yield (
            f"{place}: {name!r} is production's; expected a name that ends with '-{places.environment}' or "
            f"'_{places.environment}', or one that is declared for all environments: "
            "existing(name, shared=True)"
        )


def _selects_own(selector: Mapping[str, Any], places: Places) -> bool:
    if selector.get("matchControllerRef") is True or places.environment == Environment.PRODUCTION:
        return True
    labels = selector.get("matchLabels")
    values = labels.values() if isinstance(labels, Mapping) else ()
    return any(value == places.environment or _carries(str(value), places.environment) for value in values)


def _carries(name: str, environment: str) -> bool:
    return name.endswith((f"-{environment}", f"_{environment}"))
