"""Services whose link variables a program takes for its own settings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chores_infra.checks.context import Context
from chores_infra.checks.fields import at, items, mapping, text
from chores_infra.checks.finding import Severity
from chores_infra.checks.images import parse_image
from chores_infra.checks.pods import Pod, pods_of
from chores_infra.checks.repository import Identity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath

__all__ = ["LinkVariable"]

_SPRING: Final = re.compile(r"SPRING_[A-Z0-9_]+")
_HOST: Final = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*)_(?:HOST|HOSTNAME)")


class LinkVariable(Rule):
    """A Service whose link variables a program takes for its own settings.

    For each Service of its namespace a container gets variables: of a Service `n8n`, among others,
    `N8N_PORT=tcp://10.43.0.7:5678`. A program that reads a variable of this name as its own port gets an
    address, and does not start, or listens elsewhere. Who names the Service seldom thinks of it, and one that
    is added later breaks the program with its next restart.
    """

    id = "link-variable"
    title = "A program takes a Service's link variable for its own setting"
    severity = Severity.WARNING
    help = "set enableServiceLinks: false in the pod, or give the variable its value in env"
    bad = """\
apiVersion: v1
kind: Service
metadata: {name: redis, namespace: shop}
spec: {selector: {app: redis}, ports: [{port: 6379}]}
---
apiVersion: v1
kind: Pod
metadata: {name: redis, namespace: shop, labels: {app: redis}}
spec: {containers: [{name: redis, image: redis:7.4.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example.com/shop:1.4.2
    env: [{name: REDIS_HOST, value: redis}]
"""
    good = bad.replace("  containers:\n", "  enableServiceLinks: false\n  containers:\n")

    # Variables that programs read as their own, by the end of the image's name; each of these breaks on
    # an address. The documentation of each lists them.
    _READ: Final[Mapping[str, tuple[str, ...]]] = {
        "n8n": ("N8N_PORT",),
        "cp-kafka": ("KAFKA_PORT",),
        "cp-kafka-rest": ("KAFKA_REST_PORT",),
        "cp-schema-registry": ("SCHEMA_REGISTRY_PORT",),
        "redis-commander": ("REDIS_PORT",),
        "gotify/server": ("GOTIFY_SERVER_PORT",),
        "superset": ("SUPERSET_PORT",),
        "uptime-kuma": ("UPTIME_KUMA_PORT",),
    }

    def check(self, context: Context) -> Iterator[Hit]:
        """At the container, whose variables a Service sets; an info where the variable may be overridden."""
        services: dict[tuple[str, str | None], list[Resource]] = defaultdict(list)
        for service in context.repository.of_kind("", "Service"):
            if _has_address(service):
                services[service.cluster, service.namespace].append(service)
        for resource in context.repository.resources:
            beside = services.get((resource.cluster, resource.namespace), [])
            for pod in pods_of(resource) if beside else ():
                if pod.spec.get("enableServiceLinks") is not False:
                    links = {name: each for each in beside for name in _variables(each)}
                    for path, container in pod.containers("initContainers", "containers"):
                        yield from self._taken(context, pod, container, path, links)

    def _taken(
        self,
        context: Context,
        pod: Pod,
        container: Mapping[str, Any],
        path: FieldPath,
        links: Mapping[str, Resource],
    ) -> Iterator[Hit]:
        own, all_known = _own_variables(context, pod, container)
        # What runs before the program listens nowhere.
        known = self._READ if "containers" in path else {}
        repository = f"/{parse_image(text(container.get('image'))).repository}"
        reads = {
            name: f"{image} reads"
            for image, names in known.items()
            if repository.endswith(f"/{image}")
            for name in names
        }
        for name in own:
            host = _HOST.fullmatch(name)
            if host is not None:
                reads.setdefault(f"{host['name']}_PORT", f"the program reads {name}, and so likely")
        if any(_SPRING.fullmatch(name) for name in own):
            reads.setdefault("SERVER_PORT", "Spring reads")
        for name, who in sorted(reads.items()):
            if name in links and name not in own:
                message = f"{links[name]} sets {name}=tcp://..., which {who} as its own setting"
                yield Hit(pod.owner, message, path, severity=None if all_known else Severity.INFO)


def _has_address(service: Resource) -> bool:
    """Only a Service with an address of its own has link variables."""
    return (
        text(service.at("spec", "clusterIP")) != "None" and text(service.at("spec", "type")) != "ExternalName"
    )


def _variables(service: Resource) -> Iterator[str]:
    """The variables with an address.

    https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
    """
    name = service.name.upper().replace("-", "_")
    yield f"{name}_PORT"
    for port in items(service.at("spec", "ports")):
        yield f"{name}_PORT_{at(port, 'port')}_{text(at(port, 'protocol')) or 'TCP'}"


def _own_variables(context: Context, pod: Pod, container: Mapping[str, Any]) -> tuple[frozenset[str], bool]:
    """The variables that a container is given, which go before those of Services, and if these are all."""
    own = {text(at(each, "name")) for each in items(container.get("env"))}
    all_known = True
    for source in items(container.get("envFrom")):
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if name := text(at(source, field, "name")):
                identity = Identity(pod.owner.cluster, "", kind, pod.owner.namespace, name)
                keys = [each.keys for each in context.resolver.providers.get(identity, ())]
                all_known = all_known and bool(keys) and None not in keys
                prefix = text(mapping(source).get("prefix"))
                own |= {f"{prefix}{key}" for found in keys for key in found or ()}
    return frozenset(own), all_known
