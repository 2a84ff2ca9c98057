"""What every managed resource of Crossplane has: its provider, its real name, and how far it is managed.

Source: https://docs.crossplane.io/latest/managed-resources/managed-resources/
"""

from __future__ import annotations

from typing import Literal, Self, TypeAlias, TypedDict, Unpack

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest, Scope
from chores_infra.constructs.crossplane.provider_config import API_VERSION, ProviderConfig
from chores_infra.constructs.parts import Part
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels, Text
from chores_infra.kubernetes_object import KubernetesObject, checked_existing

__all__ = [
    "ConnectionSecret",
    "DeletionPolicy",
    "ManagedOptions",
    "ManagedResource",
    "ManagementPolicy",
    "ResolutionPolicy",
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


@value_object
class ResolutionPolicy(Part):
    """How a reference is resolved: each time or only when nothing is there, and whether it must succeed."""

    resolve: Literal["Always", "IfNotPresent"] | None = None
    resolution: Literal["Required", "Optional"] | None = None


class ManagedOptions(TypedDict, total=False):
    """The arguments that every managed resource takes.

    ``external_name`` is the name on the server, where it is not the object's; ``deletion_policy`` says what
    becomes of the real thing when the object goes; ``management_policies`` what Crossplane may do to it;
    ``provider_config_policy`` how the reference to the provider is resolved.
    """

    external_name: Text | None
    deletion_policy: DeletionPolicy | None
    management_policies: Items[ManagementPolicy] | None
    write_connection_secret_to: ConnectionSecret | None
    provider_config_policy: ResolutionPolicy | None
    labels: Labels | None
    annotations: Annotations | None


class ManagedResource(KubernetesObject):
    """The base of Database, User and Grant."""

    api_version = API_VERSION
    namespaced = False
    #: Whether another party makes it for every environment.
    is_shared: bool = False

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
        self.provider_config_policy = options.get("provider_config_policy")
        annotations = options.get("annotations")
        external_name = options.get("external_name")
        if external_name is not None:
            annotations = {**(annotations or {}), EXTERNAL_NAME: external_name}
        super().__init__(scope, id, name=name, labels=options.get("labels"), annotations=annotations)

    @classmethod
    @checked_existing
    def existing(
        cls,
        name: str,
        *,
        namespace: str | None = None,
        external_name: Text | None = None,
        shared: bool = False,
    ) -> Self:
        """Declare a managed resource that another party makes.

        ``external_name`` is what the server calls it, where that is not its name. ``shared`` says that every
        environment may use it, such as an account for reports; without it only that of production may.
        """
        external = cls._external(name, namespace)
        if external_name is not None:
            external.annotations = {EXTERNAL_NAME: external_name}
        external.is_shared = shared
        return external

    @property
    def server_name(self) -> str:
        """What the MySQL server calls it."""
        return self.annotations.get(EXTERNAL_NAME, self.name)

    def parameters(self) -> Manifest:
        """``spec.forProvider``, freshly made."""
        raise NotImplementedError

    def fields(self) -> Manifest:
        """``spec``: which provider, how it is managed, and what is wanted of it."""
        provider: Manifest = {"name": self.provider_config.name}
        if self.provider_config_policy is not None:
            provider["policy"] = self.provider_config_policy.fields()
        spec: Manifest = {"providerConfigRef": provider}
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
