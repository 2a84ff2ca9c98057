"""Which of several routes a request goes to, where more than one would take it.

Each sort of route has an order of its own. What competes for requests is in one pool, and the lower ``rank``
is asked first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from chores_infra.checks.fields import at, items, mapping, text
from chores_infra.checks.references.hosts import ISTIO
from chores_infra.checks.repository import Repository
from chores_infra.checks.requests import EVERYTHING, Alternative, Condition
from chores_infra.checks.resources import Resource
from chores_infra.checks.traefik_rules import alternatives_of
from chores_infra.rendering.field_path import FieldPath

__all__ = ["Taker", "takers_in"]

_TRAEFIK: Final = ("traefik.io", "traefik.containo.us")
_GATEWAY: Final = "gateway.networking.k8s.io"
_NGINX: Final = "nginx.ingress.kubernetes.io/"
_TEXT: Final = r"[\w/~%@:.-]*"
_CATCH_ALL: Final = re.compile(
    rf"(?P<literal>{_TEXT})(?P<boundary>\(/\|\$\)|\(\?:/\|\$\))?(?:\(\.\*\)|\.\*)?\$?"
)
"""A pattern that takes everything below some text, as nginx does not look for the end of a path."""
_BEGINNING: Final = re.compile(_TEXT)
_META: Final = frozenset("?*+{|")


class Taker(NamedTuple):
    """One part of a route that takes requests.

    ``pool`` is what it competes in, ``named`` what it is in words, ``takes`` what it takes.
    """

    resource: Resource
    field: FieldPath
    pool: tuple[object, ...]
    rank: int
    takes: list[Alternative]
    named: str
    on_equal: str = ""
    """Why the other goes first although both have one rank; empty where the first one stands before."""


def takers_in(repository: Repository) -> Iterator[Taker]:
    """Everything in a repository that takes requests before something else could."""
    for group in _TRAEFIK:
        for route in repository.of_kind(group, "IngressRoute"):
            yield from _ingress_route(route)
    for route in repository.of_kind(ISTIO, "VirtualService"):
        yield from _virtual_service(route)
    for route in repository.of_kind(_GATEWAY, "HTTPRoute", "GRPCRoute"):
        yield from _gateway_route(route)
    yield from _ingresses(list(repository.of_kind("networking.k8s.io", "Ingress")))


def _ingress_route(resource: Resource) -> Iterator[Taker]:
    """The longer rule goes first, unless a priority says otherwise.

    https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/#priority-calculation
    """
    encrypted = resource.at("spec", "tls") is not None
    points = [text(point) for point in items(resource.at("spec", "entryPoints"))] or [""]
    for number, route in enumerate(items(resource.at("spec", "routes"))):
        rule, given = text(at(route, "match")), at(route, "priority")
        takes = alternatives_of(rule)
        if takes is None:
            continue
        priority = given if type(given) is int and given != 0 else len(rule)
        counted = "its priority is" if priority == given else "its rule is as long, so its priority is"
        for point in points:
            pool = (resource.cluster, "traefik", encrypted, point)
            field = ("spec", "routes", number, "match")
            yield Taker(
                resource, field, pool, -priority, takes, f"{counted} {priority}", "which goes first is open"
            )


def _virtual_service(resource: Resource) -> Iterator[Taker]:
    """The first that fits.

    https://istio.io/latest/docs/ops/best-practices/traffic-management/
    """
    for number, rule in enumerate(items(resource.at("spec", "http"))):
        takes = [_istio_match(mapping(match)) for match in items(at(rule, "match"))] or [EVERYTHING]
        yield Taker(resource, ("spec", "http", number), (id(resource),), number, takes, "it stands before")


def _istio_match(match: Mapping[str, Any]) -> Alternative:
    found: set[Condition] = set()
    for field, value in match.items():
        if field == "uri" and match.get("ignoreUriCase") is not True:
            found |= _istio_path(mapping(value))
        elif field in {"headers", "queryParams", "withoutHeaders", "sourceLabels"}:
            found |= {
                Condition(f"{field} {key}", "other", repr(each)) for key, each in mapping(value).items()
            }
        elif field not in {"name", "ignoreUriCase", "statPrefix"}:
            found.add(Condition(field, "other", repr(value)))
    return frozenset(found)


def _istio_path(uri: Mapping[str, Any]) -> set[Condition]:
    exact, prefix = text(uri.get("exact")), text(uri.get("prefix"))
    if exact:
        return {Condition("path", "exact", exact)}
    if prefix:
        return set() if prefix == "/" else {Condition("path", "prefix", prefix)}
    return {Condition("path", "other", repr(uri))}


def _gateway_route(resource: Resource) -> Iterator[Taker]:
    """Of two equal matches the first; of others the more specific, which cannot hide what it is part of.

    https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
    """
    if not items(resource.at("spec", "hostnames")):
        return  # equal matches are two claims of one host
    places: dict[str, int] = {}
    for number, rule in enumerate(items(resource.at("spec", "rules"))):
        for index, match in enumerate(items(at(rule, "matches")) or ({},)):
            what = repr(sorted(_normalized(mapping(match)).items()))
            pool = (id(resource), what)
            rank = places[what] = places.get(what, -1) + 1
            field = (
                ("spec", "rules", number, "matches", index)
                if at(rule, "matches")
                else ("spec", "rules", number)
            )
            yield Taker(resource, field, pool, rank, [EVERYTHING], "it stands before")


def _normalized(match: Mapping[str, Any]) -> dict[str, Any]:
    """A match with what is meant where it says nothing."""
    path = {"type": "PathPrefix", "value": "/", **mapping(match.get("path"))}
    if path["type"] == "PathPrefix" and isinstance(path["value"], str):
        path["value"] = path["value"].rstrip("/") or "/"
    lists = {
        name: sorted(map(repr, items(match.get(name))))
        for name in ("headers", "queryParams")
        if match.get(name)
    }
    rest = {name: value for name, value in match.items() if name not in {"path", "headers", "queryParams"}}
    return {**rest, **lists, "path": sorted(path.items())}


class _Path(NamedTuple):
    """A path of an Ingress; ``host`` tells its host from those of others."""

    resource: Resource
    field: FieldPath
    host: tuple[object, ...]
    path: str
    exact: bool


def _ingresses(ingresses: Sequence[Resource]) -> Iterator[Taker]:
    """One path twice below one host; where hosts have patterns, the longest of them goes first.

    https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches and
    https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/#path-priority
    """
    paths = [path for ingress in ingresses for path in _paths(ingress)]
    by_pattern = {path.host for path in paths if _uses_patterns(path.resource)}
    for number, (resource, field, host, path, exact) in enumerate(paths):
        if host in by_pattern:
            yield Taker(resource, field, host, -len(path), [_pattern(path)], f"{path} is the longer pattern")
        else:
            plain = path if exact else path.rstrip("/")
            pool = (id(resource), *field[:3], exact, plain)  # across rules it is a claim of one host
            yield Taker(resource, field, pool, number, [EVERYTHING], "it stands before")


def _paths(resource: Resource) -> Iterator[_Path]:
    entry = text(resource.at("spec", "ingressClassName"))
    if text(resource.annotations.get(f"{_NGINX}canary")) == "true":
        return
    for number, rule in enumerate(items(resource.at("spec", "rules"))):
        host = (resource.cluster, entry, text(at(rule, "host")))
        for index, path in enumerate(items(at(rule, "http", "paths"))):
            field = ("spec", "rules", number, "http", "paths", index, "path")
            yield _Path(resource, field, host, text(at(path, "path")) or "/", at(path, "pathType") == "Exact")


def _uses_patterns(resource: Resource) -> bool:
    return text(resource.annotations.get(f"{_NGINX}use-regex")) == "true" or bool(
        text(resource.annotations.get(f"{_NGINX}rewrite-target"))
    )


def _pattern(path: str) -> Alternative:
    """What a pattern takes; of most only how it begins, and that is not enough to hide another."""
    found = _CATCH_ALL.fullmatch(path)
    if found is not None:
        how: Final = "segments" if found["boundary"] else "prefix"
        return frozenset({Condition("path", how, found["literal"])})
    beginning = _BEGINNING.match(path)
    end = beginning.end() if beginning is not None else 0
    sure = path[: end - 1] if path[end : end + 1] in _META else path[:end]  # x in `/ax?` may be missing
    return frozenset({Condition("path", "prefix", sure), Condition("pattern", "other", path)})
