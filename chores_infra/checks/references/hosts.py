"""Names of Services as hosts: what Istio's routes, and the addresses in settings, refer to.

Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination and
https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chores_infra.checks.fields import at, items, text
from chores_infra.checks.references.reference import Part, Reference, Target
from chores_infra.checks.references.targets import SERVICE
from chores_infra.checks.resources import Resource

__all__ = ["istio_references", "service_host"]

ISTIO: Final = "networking.istio.io"
_GATEWAY: Final = Target("Gateway", (ISTIO,))
_CLUSTER_DOMAIN: Final = ".svc.cluster.local"


def service_host(host: str, namespace: str | None) -> tuple[str, str | None] | None:
    """The Service and namespace that a host means; None for a host outside the cluster, or a pattern.

    >>> service_host("web", "shop"), service_host("web.shop.svc.cluster.local", None)
    (('web', 'shop'), ('web', 'shop'))
    >>> service_host("example.com", "shop") is None
    True
    """
    parts = host.removesuffix(_CLUSTER_DOMAIN).removesuffix(".svc").split(".")
    if "*" in host or not all(parts):
        return None
    if len(parts) == 1:
        return parts[0], namespace
    inside = host.endswith((_CLUSTER_DOMAIN, ".svc"))
    return (parts[0], parts[1]) if len(parts) == 2 and inside else None


def istio_references(resource: Resource) -> Iterator[Reference]:
    """What a VirtualService or DestinationRule refers to."""
    if resource.is_a(ISTIO, "VirtualService"):
        for protocol in ("http", "tcp", "tls"):
            for field in ("route[].destination", "mirror", "mirrors[].destination"):
                for path, destination in resource.each(f"spec.{protocol}[].{field}"):
                    yield from _destination(resource, path, destination)
        for number, gateway in enumerate(items(resource.at("spec", "gateways"))):
            name = text(gateway)
            if name and name != "mesh":
                namespace, _, own = name.rpartition("/")
                path = ("spec", "gateways", number)
                yield Reference(resource, path, _GATEWAY, own, namespace or resource.namespace)
    elif resource.is_a(ISTIO, "DestinationRule"):
        found = service_host(text(resource.at("spec", "host")), resource.namespace)
        if found is not None:
            yield Reference(resource, ("spec", "host"), SERVICE, *found)


def _destination(resource: Resource, path: tuple[str | int, ...], destination: object) -> Iterator[Reference]:
    found = service_host(text(at(destination, "host")), resource.namespace)
    if found is None:
        return
    port = at(destination, "port", "number")
    ports = (Part((*path, "port", "number"), port),) if isinstance(port, int) else ()
    yield Reference(resource, (*path, "host"), SERVICE, *found, ports=ports)
