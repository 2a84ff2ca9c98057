"""The hosts that a route answers for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = ["hosts_of"]

_TRAEFIK: Final = re.compile(r"(?<!\w)(?:Host|HostRegexp|HostSNI|HostSNIRegexp|HostHeader)\(([^)]*)\)")
_QUOTED: Final = re.compile(r"`([^`]*)`|\"([^\"]*)\"")


def hosts_of(kind: tuple[str, str], manifest: Mapping[str, Any]) -> frozenset[str]:
    """The hosts that an Ingress, a route or a Gateway names; empty for other kinds.

    >>> route = {"spec": {"routes": [{"match": "Host(`a.example.com`) && PathPrefix(`/api`)"}]}}
    >>> sorted(hosts_of(("traefik.io", "IngressRoute"), route))
    ['a.example.com']
    """
    group, name = kind
    spec = manifest.get("spec")
    if not isinstance(spec, Mapping):
        return frozenset()
    if group == "networking.k8s.io" and name == "Ingress":
        return frozenset(str(rule.get("host", "*")) for rule in _objects(spec, "rules"))
    if group in ("traefik.io", "traefik.containo.us"):
        return frozenset(host for route in _objects(spec, "routes") for host in _matched(route.get("match")))
    if group == "gateway.networking.k8s.io":
        listeners = (listener.get("hostname") for listener in _objects(spec, "listeners"))
        return frozenset(map(str, (*_list(spec, "hostnames"), *filter(None, listeners))))
    if group == "networking.istio.io" and name in ("VirtualService", "Gateway"):
        servers = (host for server in _objects(spec, "servers") for host in _list(server, "hosts"))
        return frozenset(map(str, (*_list(spec, "hosts"), *servers)))
    return frozenset()


def _matched(rule: object) -> Iterator[str]:
    for call in _TRAEFIK.finditer(rule if isinstance(rule, str) else ""):
        for quoted in _QUOTED.finditer(call[1]):
            yield quoted[1] or quoted[2] or ""


def _objects(value: Mapping[str, Any], field: str) -> Iterator[Mapping[str, Any]]:
    for item in _list(value, field):
        if isinstance(item, Mapping):
            yield item


def _list(value: Mapping[str, Any], field: str) -> list[Any]:
    found = value.get(field)
    return found if isinstance(found, list) else []
