"""The TraefikService: a destination that shares requests out among others, or copies them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.families import Family
from chores_infra.constructs.traefik.groups import OLD_GROUP, ApiVersion, check_group
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Labels
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["TraefikService", "TraefikServiceSpec"]


@value_object
class TraefikServiceSpec(Family):
    """The base of what a TraefikService can do: ``Weighted``, ``Mirroring`` and others."""

    #: The field of ``spec`` that it is written to.
    field: ClassVar[str]
    #: The only API group that has it, where not both do.
    group: ClassVar[ApiVersion | None] = None

    def check_in(self, problems: Problems, api_version: str) -> None:
        """Note destinations that a TraefikService of that group cannot have."""
        raise NotImplementedError

    def nested(self) -> Iterable[tuple[str, TraefikService]]:
        """The other TraefikServices that are used, by argument."""
        raise NotImplementedError

    def in_namespace(self, namespace: str | None) -> Manifest:
        """The content of the field, as a TraefikService in that namespace has it."""
        raise NotImplementedError


class TraefikService(KubernetesObject):
    """A destination of routes that stands for several: shared out by weight, mirrored, or in reserve.

    Its destinations may be TraefikServices again, as long as none leads back to itself.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.services import Service
    >>> from chores_infra.constructs.traefik import Backend, Weighted
    >>> stable, canary = Service.existing("shop", ports=[80]), Service.existing("canary", ports=[80])
    >>> shares = Weighted(services=[Backend(service=stable, weight=9), Backend(service=canary, weight=1)])
    >>> TraefikService(Tree(), "shares", name="shop", spec=shares).manifest["spec"]["weighted"]["services"]
    [{'name': 'shop', 'port': 80, 'weight': 9}, {'name': 'canary', 'port': 80, 'weight': 1}]

    Raises:
        ConstructError: a port that a Service does not have, a TraefikService that leads back to itself, or
            what the API group does not have.
    """

    api_version = OLD_GROUP
    kind = "TraefikService"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        spec: TraefikServiceSpec,
        api_version: ApiVersion = "traefik.containo.us/v1alpha1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        check_group(problems, "spec", spec.group, api_version)
        spec.check_in(problems, api_version)
        for argument, used in spec.nested():
            if (name, here) in _reached(used, here):
                problems.add(
                    f"spec.{argument}",
                    f"it leads back to TraefikService {name!r} itself: requests would go round for ever",
                )
        problems.raise_if_any()
        self.spec = spec
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: the one thing it does."""
        return {"spec": {self.spec.field: self.spec.in_namespace(self.namespace)}}


def _reached(service: TraefikService, namespace: str | None) -> Iterator[tuple[str, str | None]]:
    """Every TraefikService that requests can come to from here, by name and namespace.

    A name without a namespace is in the namespace of whoever refers to it. There is no end to look out for:
    an object refers to those that were there before it, and of another party's nothing is known.
    """
    here = namespace if service.namespace is None else service.namespace
    yield service.name, here
    if not service.is_external:
        for _, used in service.spec.nested():
            yield from _reached(used, here)
