"""Routes that no request reaches, because others take all of them before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.precedence import Taker, takers_in
from chores_infra.checks.requests import Alternative, includes
from chores_infra.checks.rule import Hit, Rule

__all__ = ["PathShadowed"]


class PathShadowed(Rule):
    """A path that another route takes first.

    Each controller has an order in which it asks its routes: Traefik the one with the higher priority, which
    is the longer rule where nothing is set; Istio and the Gateway API the first of two that fit; nginx, with
    regular expressions, the longer pattern, so that `/(.*)` goes before `/api`. What stands behind one that
    takes the same requests and more never gets any.
    """

    id = "path-shadowed"
    title = "Another route takes all requests of a path first"
    severity = Severity.WARNING
    help = "put the narrower one first (in order, by priority, or by a longer rule), or remove it"
    bad = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: shop, namespace: shop}
spec:
  entryPoints: [websecure]
  tls: {}
  routes:
  - {kind: Rule, match: Host(`shop.example.com`), priority: 100, services: [{name: web, port: 80}]}
  - {kind: Rule, match: Host(`shop.example.com`) && PathPrefix(`/api`), services: [{name: api, port: 80}]}
"""
    good = bad.replace(", priority: 100", "")

    def check(self, context: Context) -> Iterator[Hit]:
        """At the route that gets no request: where it competes in several places, in none of them."""
        pools: dict[tuple[object, ...], list[Taker]] = defaultdict(list)
        for taker in takers_in(context.repository):
            pools[taker.pool].append(taker)
        verdicts: dict[tuple[int, object], list[tuple[Taker, Taker | None]]] = defaultdict(list)
        for pool in pools.values():
            index = _Index(pool) if len(pool) > 1 else None
            for taker in pool:
                first = index.first_before(taker) if index is not None else None
                verdicts[id(taker.resource), taker.field].append((taker, first))
        for found in verdicts.values():
            taker, first = found[0]
            if first is not None and all(other is not None for _, other in found):
                line = first.resource.position(first.field).line
                message = f"{first.resource} ({first.resource.file}:{line}) takes its requests; {first.named}"
                if first.rank == taker.rank:
                    message = f"{message}, and {first.on_equal}"
                yield Hit(taker.resource, message, taker.field)


class _Index:
    """The alternatives of a pool by their hosts: most routes have one, and only those of it compete."""

    def __init__(self, pool: Sequence[Taker]) -> None:
        self._by_host: dict[str, list[tuple[Taker, Alternative]]] = defaultdict(list)
        for taker in pool:
            for alternative in taker.takes:
                self._by_host[_host(alternative)].append((taker, alternative))

    def first_before(self, taker: Taker) -> Taker | None:
        """One of those that take everything of a taker before it does; None where something is left."""
        first = None
        for alternative in taker.takes:
            first = self._taking(taker, alternative)
            if first is None:
                return None
        return first

    def _taking(self, taker: Taker, alternative: Alternative) -> Taker | None:
        for host in dict.fromkeys((_host(alternative), "")):
            for other, wide in self._by_host.get(host, ()):
                if other is not taker and _goes_before(other, taker) and includes(wide, alternative):
                    return other
        return None


def _goes_before(other: Taker, taker: Taker) -> bool:
    """Whether it is asked first. Two equal ones are two claims, which is another rule's to find."""
    if other.rank != taker.rank:
        return other.rank < taker.rank
    mutual = all(any(includes(own, each) for own in taker.takes) for each in other.takes)
    return bool(other.on_equal) and not mutual


def _host(alternative: Alternative) -> str:
    return next((each.value for each in alternative if (each.subject, each.how) == ("host", "exact")), "")
