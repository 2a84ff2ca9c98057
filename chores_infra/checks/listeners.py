"""Which listeners of a Gateway a route attaches to, and why it does not.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from chores_infra.checks.fields import at, items, mapping, text
from chores_infra.checks.repository import Repository
from chores_infra.checks.resources import Resource
from chores_infra.checks.selection import selects

__all__ = ["GATEWAY", "ROUTES", "Namespaces", "Refusal", "refusals"]

GATEWAY: Final = "gateway.networking.k8s.io"
ROUTES: Final = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")

_TAKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute", "TCPRoute"),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}
"""The kinds that a listener of a protocol takes, where it does not say which."""

_WITH_HOSTNAMES: Final = ("HTTPRoute", "GRPCRoute", "TLSRoute")


class Refusal(NamedTuple):
    """Why a listener does not take a route; ``is_certain`` is False where labels may come from elsewhere."""

    reason: str
    field: str
    is_certain: bool = True


class Namespaces:
    """The labels of namespaces, as far as the repository tells."""

    def __init__(self, repository: Repository) -> None:
        self._labels: dict[tuple[str, str], dict[str, Any]] = {}
        for application in repository.applications:
            if application.creates_namespace and application.namespace:
                metadata = at(application.spec, "syncPolicy", "managedNamespaceMetadata", "labels")
                self._add(application.cluster, application.namespace, mapping(metadata))
        for namespace in repository.of_kind("", "Namespace"):
            self._add(namespace.cluster, namespace.name, namespace.labels)

    def labels(self, cluster: str, name: str) -> Mapping[str, Any] | None:
        """The labels of a namespace, or None where nothing says what they are."""
        return self._labels.get((cluster, name))

    def _add(self, cluster: str, name: str, labels: Mapping[str, Any]) -> None:
        own = self._labels.setdefault((cluster, name), {"kubernetes.io/metadata.name": name})
        own.update(labels)


def refusals(
    route: Resource, parent: Mapping[str, Any], gateway: Resource, namespaces: Namespaces
) -> Sequence[Refusal]:
    """Why no listener of a Gateway takes a route; nothing where one does.

    Args:
        route: the route.
        parent: the entry of its ``parentRefs`` that names the Gateway.
        gateway: the Gateway.
        namespaces: the labels by which listeners select namespaces.
    """
    listeners = [mapping(each) for each in items(gateway.at("spec", "listeners"))]
    section, port = parent.get("sectionName"), parent.get("port")
    meant = [each for each in listeners if section in (None, each.get("name"))]
    if not meant:
        names = ", ".join(text(each.get("name")) for each in listeners) or "none"
        return [Refusal(f"has no listener {section}; it has {names}", "sectionName")]
    meant = [each for each in meant if port in (None, each.get("port"))]
    if not meant:
        ports = ", ".join(str(each.get("port")) for each in listeners)
        return [Refusal(f"has no such listener of port {port}; it has {ports}", "port")]
    found: list[Refusal] = []
    for listener in meant:
        refusal = next(_refused(route, listener, gateway, namespaces), None)
        if refusal is None:
            return []
        found.append(refusal)
    return found


def _refused(
    route: Resource, listener: Mapping[str, Any], gateway: Resource, namespaces: Namespaces
) -> Iterator[Refusal]:
    name = f"has listener {text(listener.get('name'))}, which takes"
    protocol = text(listener.get("protocol"))
    given = [text(at(each, "kind")) for each in items(at(listener, "allowedRoutes", "kinds"))]
    kinds = given or _TAKEN.get(protocol, ())
    if kinds and route.kind not in kinds:
        yield Refusal(f"{name} {', '.join(kinds)} only", "name")
    yield from _from_elsewhere(route, listener, gateway, namespaces, name)
    host = text(listener.get("hostname")).lower()
    wanted = [text(each).lower() for each in items(route.at("spec", "hostnames"))]
    if host and wanted and route.kind in _WITH_HOSTNAMES and not any(_meet(host, each) for each in wanted):
        yield Refusal(f"{name} {host}, and this route is for {', '.join(wanted)}", "hostnames")


def _from_elsewhere(
    route: Resource,
    listener: Mapping[str, Any],
    gateway: Resource,
    namespaces: Namespaces,
    name: str,
) -> Iterator[Refusal]:
    allowed = mapping(at(listener, "allowedRoutes", "namespaces"))
    own = route.namespace
    match allowed.get("from", "Same"):
        case "Same" if own and gateway.namespace and own != gateway.namespace:
            yield Refusal(f"{name} routes of its own namespace only", "namespace")
        case "None":
            yield Refusal(f"{name} no routes", "name")
        case "Selector" if own:
            labels = namespaces.labels(route.cluster, own)
            certain = {"kubernetes.io/metadata.name": own}
            selector = mapping(allowed.get("selector"))
            if not selects(selector, {**certain, **(labels or {})}) and (
                labels is not None or _is_by_name(selector)
            ):
                unlike = f"{name} routes of namespaces with other labels than those of {own}"
                yield Refusal(unlike, "namespace", is_certain=_is_by_name(selector))


def _is_by_name(selector: Mapping[str, Any]) -> bool:
    """Whether a selector asks for the name of a namespace only, which no one can change."""
    keys = {*mapping(selector.get("matchLabels"))}
    keys |= {text(at(each, "key")) for each in items(selector.get("matchExpressions"))}
    return keys == {"kubernetes.io/metadata.name"}


def _meet(one: str, other: str) -> bool:
    """Whether two host names have a host in common; ``*`` stands for one label or more.

    >>> _meet("*.example.com", "shop.example.com"), _meet("*.example.com", "example.com")
    (True, False)
    """
    for wide, narrow in ((one, other), (other, one)):
        if wide == narrow or (wide.startswith("*.") and narrow.removeprefix("*").endswith(wide[1:])):
            return True
    return False
