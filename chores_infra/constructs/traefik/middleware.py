"""The Middleware: what happens to requests on their way, one thing per object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.families import Family
from chores_infra.constructs.parts import Part
from chores_infra.constructs.references import check_same_namespace
from chores_infra.constructs.traefik.groups import (
    OLD_GROUP,
    ApiVersion,
    check_group,
    check_old_group,
    check_same_group,
)
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Labels
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["Middleware", "MiddlewareSpec"]


@value_object
class MiddlewareSpec(Part, Family):
    """The base of what a Middleware can do: ``StripPrefix``, ``RedirectScheme``, ``Headers`` and others."""

    #: The field of ``spec`` that it is written to.
    field: ClassVar[str]
    #: The only API group that has it, where not both do.
    group: ClassVar[ApiVersion | None] = None
    #: Arguments that the older API group does not have.
    only_new: ClassVar[frozenset[str]] = frozenset()

    def in_namespace(self, namespace: str | None) -> Manifest:  # noqa: ARG002  (for those that refer)
        """The content of the field, as a Middleware in that namespace has it."""
        return self.fields()

    def secrets(self) -> Iterable[tuple[str, KubernetesObject]]:
        """The Secrets that are read, by argument: Traefik looks for them in the Middleware's namespace."""
        return ()

    def middlewares(self) -> Iterable[tuple[str, Middleware]]:
        """The other Middlewares that are used, by argument."""
        return ()

    def new_arguments(self) -> Iterable[str]:
        """The arguments in use that the older API group does not have."""
        return [name for name in vars(self) if name in self.only_new]


class Middleware(KubernetesObject):
    """One thing that Traefik does to the requests of the routes that name it.

    Traefik refuses an object that does two things; ``Chain`` puts several one after the other.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.traefik import StripPrefix
    >>> strip = Middleware(Tree(), "strip", name="strip-api", spec=StripPrefix(prefixes=["/api"]))
    >>> strip.manifest["spec"]
    {'stripPrefix': {'prefixes': ['/api']}}

    Raises:
        ConstructError: an argument of the spec that Traefik would refuse or that the API group does not have,
            or a Secret of another namespace.
    """

    api_version = OLD_GROUP
    kind = "Middleware"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        spec: MiddlewareSpec,
        api_version: ApiVersion = "traefik.containo.us/v1alpha1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        check_group(problems, "spec", spec.group, api_version)
        check_old_group(problems, "spec", spec.new_arguments(), api_version)
        for argument, secret in spec.secrets():
            check_same_namespace(problems, f"spec.{argument}", secret, here)
        for argument, middleware in spec.middlewares():
            check_same_group(problems, f"spec.{argument}", middleware, api_version)
        problems.raise_if_any()
        self.spec = spec
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: the one thing it does."""
        return {"spec": {self.spec.field: self.spec.in_namespace(self.namespace)}}
