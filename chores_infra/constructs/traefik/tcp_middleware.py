"""The MiddlewareTCP: which connections get in, and how many at once.

Source: https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/tcp/middlewaretcp/
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.families import Family
from chores_infra.constructs.parts import Part
from chores_infra.constructs.traefik.groups import OLD_GROUP, ApiVersion, check_group
from chores_infra.fields import Annotations, Cidr, DnsLabel, DnsSubdomain, IpAddress, Items, Labels
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["InFlightConn", "MiddlewareTCP", "MiddlewareTCPSpec", "TCPIpAllowList", "TCPIpWhiteList"]


@value_object
class MiddlewareTCPSpec(Part, Family):
    """The base of what a MiddlewareTCP can do: ``TCPIpAllowList``, ``InFlightConn``."""

    #: The field of ``spec`` that it is written to.
    field: ClassVar[str]
    #: The only API group that has it, where not both do.
    group: ClassVar[ApiVersion | None] = None


@value_object
class TCPIpAllowList(MiddlewareTCPSpec):
    """Let in connections from these addresses and networks only. Traefik 2 has it from 2.11 on."""

    field: ClassVar[str] = "ipAllowList"
    source_range: Annotated[Items[IpAddress | Cidr], Field(min_length=1)]


@value_object
class TCPIpWhiteList(MiddlewareTCPSpec):
    """What ``TCPIpAllowList`` was called up to Traefik 2.10."""

    field: ClassVar[str] = "ipWhiteList"
    group: ClassVar[ApiVersion | None] = OLD_GROUP
    source_range: Annotated[Items[IpAddress | Cidr], Field(min_length=1)]


@value_object
class InFlightConn(MiddlewareTCPSpec):
    """At most ``amount`` connections from one address at the same time."""

    field: ClassVar[str] = "inFlightConn"
    amount: Annotated[int, Field(ge=1, le=2**63 - 1)]


class MiddlewareTCP(KubernetesObject):
    """One thing that Traefik does to the connections of the TCP routes that name it.

    >>> from chores_infra.construct import Tree
    >>> MiddlewareTCP(Tree(), "few", name="few", spec=InFlightConn(amount=10)).manifest["spec"]
    {'inFlightConn': {'amount': 10}}

    Raises:
        ConstructError: an argument that Traefik would refuse, or what the API group does not have.
    """

    api_version = OLD_GROUP
    kind = "MiddlewareTCP"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        spec: MiddlewareTCPSpec,
        api_version: ApiVersion = "traefik.containo.us/v1alpha1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        check_group(problems, "spec", spec.group, api_version)
        problems.raise_if_any()
        self.spec = spec
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: the one thing it does."""
        return {"spec": {self.spec.field: self.spec.fields()}}
