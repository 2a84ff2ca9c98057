"""What every managed resource of Crossplane has: its provider, its real name, and how far it is managed.

Source: https://docs.crossplane.io/latest/managed-resources/managed-resources/
"""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict, Unpack

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.crossplane.provider_config import API_VERSION, ProviderConfig
from chores_infra.constructs.parts import Part
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "ConnectionSecret",
    "DeletionPolicy",
    "ManagedOptions",
    "ManagedResource",
    "ManagementPolicy",
    "check_external_name",
    "server_name",
]

EXTERNAL_NAME = "crossplane.io/external-name"

DeletionPolicy: TypeAlias = Literal["Delete", "Orphan"]
ManagementPolicy: TypeAlias = Literal["Observe", "Create", "Update", "Delete", "LateInitialize", "*"]


@value_object
class ConnectionSecret(Part):
    """Where Crossplane writes the connection details of what it made."""

    name: DnsSubdomain
    namespace: DnsLabel


class ManagedOptions(TypedDict, total=False):
    """The arguments that every managed resource takes.

    ``external_name`` is the name on the server, where it is not the object's; ``deletion_policy`` says what
    becomes of the real thing when the object goes; ``management_policies`` what Crossplane may do to it.
    """

    external_name: Text | None
    deletion_policy: DeletionPolicy | None
    management_policies: Items[ManagementPolicy] | None
    write_connection_secret_to: ConnectionSecret | None
    labels: Labels | None
    annotations: Annotations | None


class ManagedResource(KubernetesObject):
    """The base of Database, User and Grant."""

    api_version = API_VERSION
    namespaced = False

    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: str,
        provider_config: ProviderConfig,
        **options: Unpack[ManagedOptions],
    ) -> None:
        self.provider_config = provider_config
        self.deletion_policy = options.get("deletion_policy")
        self.management_policies = options.get("management_policies")
        self.write_connection_secret_to = options.get("write_connection_secret_to")
        annotations = options.get("annotations")
        external_name = options.get("external_name")
        if external_name is not None:
            annotations = {**(annotations or {}), EXTERNAL_NAME: external_name}
        super().__init__(scope, id, name=name, labels=options.get("labels"), annotations=annotations)

    @property
    def server_name(self) -> str:
        """What the MySQL server calls it."""
        return self.annotations.get(EXTERNAL_NAME, self.name)

    def parameters(self) -> Manifest:
        """``spec.forProvider``, freshly made."""
        raise NotImplementedError

    def fields(self) -> Manifest:
        """``spec``: which provider, how it is managed, and what is wanted of it."""
        spec: Manifest = {"providerConfigRef": {"name": self.provider_config.name}}
        if self.deletion_policy is not None:
            spec["deletionPolicy"] = self.deletion_policy
        if self.management_policies is not None:
            spec["managementPolicies"] = list(self.management_policies)
        spec["forProvider"] = self.parameters()
        if self.write_connection_secret_to is not None:
            spec["writeConnectionSecretToRef"] = self.write_connection_secret_to.fields()
        return {"spec": spec}


def server_name(name: str, options: ManagedOptions) -> str:
    """What the server will call an object that is being made from these arguments."""
    annotations = options.get("annotations") or {}
    return options.get("external_name") or annotations.get(EXTERNAL_NAME, name)


def check_external_name(problems: Problems, options: ManagedOptions) -> None:
    """Note an external name that is given twice, as an argument and as an annotation."""
    if options.get("external_name") is not None and EXTERNAL_NAME in (options.get("annotations") or {}):
        problems.add("external_name", f"it is given twice; leave the annotation {EXTERNAL_NAME} out")
