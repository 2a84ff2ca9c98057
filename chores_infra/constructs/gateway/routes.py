"""Routes of Gateways: which requests go to which Services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, TypeAlias

from pydantic import Field

from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.gateway.backends import RouteRule
from chores_infra.constructs.gateway.filters import Extension
from chores_infra.constructs.gateway.gateways import Gateway, GatewayListener
from chores_infra.constructs.gateway.grants import check_grantable, grant_access
from chores_infra.constructs.gateway.grpc_rules import GrpcRule
from chores_infra.constructs.gateway.parents import Hostnames, Parents, check_parents, parent_reference
from chores_infra.constructs.gateway.rules import HttpRule
from chores_infra.constructs.references import check_same_namespace
from chores_infra.constructs.services import Service
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["GRPCRoute", "HTTPRoute"]

#: All rules of a route together.
_MOST_MATCHES = 128

AnyParent: TypeAlias = Gateway | GatewayListener | Service


class _Route(KubernetesObject):
    """What routes of all protocols have in common: parents, hosts, rules, and grants for what they name."""

    api_version = "gateway.networking.k8s.io/v1"

    def _prepare(
        self,
        parents: Sequence[AnyParent],
        hostnames: Sequence[str] | None,
        rules: Sequence[RouteRule],
        namespace: str | None,
    ) -> None:
        """Check the arguments of a route in that namespace, and keep them."""
        problems = Problems()
        check_parents(problems, self.kind, parents, hostnames or (), namespace)
        names = ((f"rules[{index}].name", rule.name) for index, rule in enumerate(rules))
        problems.add_repeats((place, name) for place, name in names if name is not None)
        matches = sum(len(rule.matches) for rule in rules)
        if matches > _MOST_MATCHES:
            problems.add("rules", f"expected at most {_MOST_MATCHES} matches in all rules, found {matches}")
        self.parents = list(parents)
        self.hostnames = list(hostnames or ())
        self.rules = list(rules)
        for argument, target in self._references():
            check_grantable(problems, argument, target, namespace)
        for argument, target in self._extensions():
            check_same_namespace(problems, argument, target, namespace)
        problems.raise_if_any()

    def _references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """The Services, which may live elsewhere."""
        for index, rule in enumerate(self.rules):
            yield from ((f"rules[{index}].{argument}", target) for argument, target in rule.references())

    def _extensions(self) -> Iterator[tuple[str, KubernetesObject]]:
        """What filters of the controller's own name, which can only be here."""
        for index, rule in enumerate(self.rules):
            for place, done in rule.all_filters():
                if isinstance(done, Extension):
                    yield f"rules[{index}].{place}.target", done.target

    def fields(self) -> Manifest:
        """``spec``."""
        namespace = self.namespace
        spec: Manifest = {"parentRefs": [parent_reference(parent, namespace) for parent in self.parents]}
        if self.hostnames:
            spec["hostnames"] = list(self.hostnames)
        spec["rules"] = [rule.fields(namespace) for rule in self.rules]
        return {"spec": spec}


class HTTPRoute(_Route):
    """HTTP requests at a Gateway, and the Services that they go to.

    ``parents`` are Gateways, or listeners of them (``gateway.listener("https")``). Without ``hostnames`` the
    route is for all hosts of its parents. A Service in another namespace gets the ReferenceGrant that it
    needs (``grant_references=False``: another party makes it).

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.gateway import Gateway
    >>> web = Service.existing("web", ports=[80])
    >>> route = HTTPRoute(
    ...     Tree(namespace="shop"),
    ...     "route",
    ...     name="shop",
    ...     parents=[Gateway.existing("public", namespace="edge")],
    ...     rules=[HttpRule(backends=[web])],
    ... )
    >>> route.manifest["spec"]["rules"]
    [{'backendRefs': [{'name': 'web', 'port': 80}]}]

    Raises:
        ConstructError: a Gateway that does not take the route, a host that no listener has, a port that the
            Service does not declare, and whatever the API server would refuse, all at once.
    """

    kind = "HTTPRoute"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        parents: Parents,
        hostnames: Hostnames | None = None,
        rules: Annotated[Items[HttpRule], Field(min_length=1, max_length=16)],
        grant_references: bool = True,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        self._prepare(parents, hostnames, rules, namespace_in(scope, namespace))
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)
        if grant_references:
            grant_access(self, (target for _, target in self._references()))


class GRPCRoute(_Route):
    """Calls over gRPC at a Gateway, and the Services that they go to.

    Parents, hosts and grants are those of an :class:`HTTPRoute`.

    Raises:
        ConstructError: as for an HTTPRoute, and filters that a GRPCRoute does not have.
    """

    kind = "GRPCRoute"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        parents: Parents,
        hostnames: Hostnames | None = None,
        rules: Annotated[Items[GrpcRule], Field(min_length=1, max_length=16)],
        grant_references: bool = True,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        self._prepare(parents, hostnames, rules, namespace_in(scope, namespace))
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)
        if grant_references:
            grant_access(self, (target for _, target in self._references()))
