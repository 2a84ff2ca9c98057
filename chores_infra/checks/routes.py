"""Which hosts and paths are routed, and to what: routes of every sort, in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final, NamedTuple

from chores_infra.checks.fields import at, items, mapping, text
from chores_infra.checks.references.hosts import ISTIO
from chores_infra.checks.resources import Resource
from chores_infra.rendering.field_path import FieldPath

__all__ = ["ANY_HOST", "Claim", "claims_of"]

ANY_HOST: Final = "*"
"""The host of a route that says none."""

_TRAEFIK: Final = ("traefik.io", "traefik.containo.us")
_GATEWAY: Final = "gateway.networking.k8s.io"
_NGINX_CANARY: Final = "nginx.ingress.kubernetes.io/canary"
_OLD_CLASS: Final = "kubernetes.io/ingress.class"
_RULE: Final = re.compile(r"(?P<matcher>Host|PathPrefix|Path)\(\s*(?P<arguments>[^()]*)\)")
_JOINED: Final = re.compile(r"[\s&()]+")
_ARGUMENT: Final = re.compile(r"[`\"']([^`\"']*)[`\"']")


class Claim(NamedTuple):
    """One host and path that a route claims.

    Args:
        resource: the route.
        field: where the host stands, or what stands for it.
        entry: what receives the requests: an ingress class, a gateway. Two entries do not see each other.
        host: in lower case, ``*`` for every host.
        path: the path, ``/`` where none is given.
        exact: whether only this path is meant, and none below it.
        conditions: what else must be true of a request, in a form that can be compared.
    """

    resource: Resource
    field: FieldPath
    entry: str
    host: str
    path: str
    exact: bool = False
    conditions: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, bool, str]:
        """What two routes cannot both have."""
        return (self.resource.cluster, self.entry, self.host, self.path, self.exact, self.conditions)

    def __str__(self) -> str:
        return f"{'every host' if self.host == ANY_HOST else self.host}{self.path}"


def claims_of(resource: Resource) -> Iterator[Claim]:
    """What a route claims; nothing for what is no route."""
    if resource.is_a("networking.k8s.io", "Ingress"):
        return _ingress(resource)
    if resource.is_a(_GATEWAY, "HTTPRoute", "GRPCRoute"):
        return _gateway_route(resource)
    if resource.kind == "IngressRoute" and resource.group in _TRAEFIK:
        return _ingress_route(resource)
    if resource.is_a(ISTIO, "VirtualService"):
        return _virtual_service(resource)
    return iter(())


def _ingress(resource: Resource) -> Iterator[Claim]:
    """https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types ."""
    if text(resource.annotations.get(_NGINX_CANARY)) == "true":
        return  # it shares host and path on purpose
    entry = text(resource.at("spec", "ingressClassName")) or text(resource.annotations.get(_OLD_CLASS))
    for number, rule in enumerate(items(resource.at("spec", "rules"))):
        host = text(at(rule, "host")).lower() or ANY_HOST
        field = ("spec", "rules", number, "host") if host != ANY_HOST else ("spec", "rules", number)
        for path in items(at(rule, "http", "paths")):
            exact = at(path, "pathType") == "Exact"
            yield Claim(resource, field, f"Ingress {entry}", host, _path(at(path, "path")), exact)


def _gateway_route(resource: Resource) -> Iterator[Claim]:
    """https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec ."""
    hostnames = [text(host).lower() for host in items(resource.at("spec", "hostnames"))] or [ANY_HOST]
    for parent in items(resource.at("spec", "parentRefs")):
        namespace = text(at(parent, "namespace")) or resource.namespace
        section = at(parent, "sectionName") or at(parent, "port") or ""
        entry = f"{resource.kind} {namespace}/{text(at(parent, 'name'))}/{section}"
        for number, rule in enumerate(items(resource.at("spec", "rules"))):
            for match, (index, host) in product(items(at(rule, "matches")) or ({},), enumerate(hostnames)):
                field: FieldPath = ("spec", "rules", number)
                if host != ANY_HOST:
                    field = ("spec", "hostnames", index)
                conditions = {name: value for name, value in mapping(match).items() if name != "path"}
                exact = at(match, "path", "type") == "Exact"
                path = _path(at(match, "path", "value"))
                yield Claim(resource, field, entry, host, path, exact, _compared(conditions))


def _ingress_route(resource: Resource) -> Iterator[Claim]:
    """https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/ ."""
    points = sorted(text(point) for point in items(resource.at("spec", "entryPoints")))
    for number, route in enumerate(items(resource.at("spec", "routes"))):
        rule = text(at(route, "match"))
        rest = _RULE.sub("", rule)
        found = {each["matcher"]: _ARGUMENT.findall(each["arguments"]) for each in _RULE.finditer(rule)}
        if "||" in rule or "!" in rule:
            continue  # which requests it takes is not told by its parts
        exact = "Path" in found
        conditions = f"{_JOINED.sub(' ', rest).strip()} {at(route, 'priority') or ''}".strip()
        paths = found.get("Path") or found.get("PathPrefix") or ["/"]
        for host, path in product(found.get("Host") or [ANY_HOST], paths):
            field = ("spec", "routes", number, "match")
            yield Claim(resource, field, f"Traefik {points}", host.lower(), _path(path), exact, conditions)


def _virtual_service(resource: Resource) -> Iterator[Claim]:
    """https://istio.io/latest/docs/reference/config/networking/virtual-service/ ."""
    hosts = [text(host).lower() for host in items(resource.at("spec", "hosts"))]
    gateways = [text(gateway) for gateway in items(resource.at("spec", "gateways"))] or ["mesh"]
    for gateway, (index, host) in product(gateways, enumerate(hosts)):
        # A short name in the mesh means a Service of the own namespace.
        own = f"{host}.{resource.namespace}" if "." not in host and host != ANY_HOST else host
        entry = (
            f"Istio {gateway if '/' in gateway or gateway == 'mesh' else f'{resource.namespace}/{gateway}'}"
        )
        for rule in items(resource.at("spec", "http")):
            for match in items(at(rule, "match")) or ({},):
                uri = mapping(at(match, "uri"))
                path = _path(uri.get("exact") or uri.get("prefix") or uri.get("regex"))
                conditions = {
                    name: value for name, value in mapping(match).items() if name not in {"uri", "name"}
                }
                if "regex" in uri:
                    conditions["regex"] = True
                field = ("spec", "hosts", index)
                yield Claim(resource, field, entry, own, path, "exact" in uri, _compared(conditions))


def _path(value: Any) -> str:
    """A path without the slash at its end, which makes no difference."""
    path = text(value) or "/"
    return path.rstrip("/") or "/"


def _compared(conditions: Mapping[str, Any]) -> str:
    """Conditions in a form that is equal where they are."""
    return repr(sorted(conditions.items(), key=str)) if conditions else ""
