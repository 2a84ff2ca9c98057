"""Where secrets are kept, as the operator reaches them: for one namespace, or for the cluster."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

from chores_infra.arguments import Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.families import Family
from chores_infra.constructs.parts import Part
from chores_infra.fields import (
    Annotations,
    DnsLabel,
    DnsSubdomain,
    Duration,
    Items,
    LabelKey,
    Labels,
    LabelValue,
    NonNegative,
    Pairs,
    Text,
)
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "ApiVersion",
    "ClusterSecretStore",
    "Condition",
    "Provider",
    "RetrySettings",
    "SecretStore",
    "check_only_v1",
]

ApiVersion: TypeAlias = Literal["external-secrets.io/v1beta1", "external-secrets.io/v1"]


def check_only_v1(problems: Problems, arguments: Iterable[str], api_version: str) -> None:
    """Note arguments that the older API version does not have."""
    if api_version == "external-secrets.io/v1beta1":
        for argument in arguments:
            problems.add(
                argument, f"{api_version} does not have it; use api_version='external-secrets.io/v1'"
            )


@value_object
class Provider(Family):
    """What stands behind a store: ``Vault``."""

    def check_in_store(self, problems: Problems, *, namespace: str | None, cluster: bool) -> None:
        """Note references that a store of this scope, in this namespace, cannot make."""
        raise NotImplementedError

    def only_v1(self) -> list[str]:
        """The arguments in use that ``external-secrets.io/v1beta1`` does not have."""
        return []

    def spec(self, namespace: str | None) -> dict[str, Any]:
        """``spec.provider``; references into that namespace (of the store) name none."""
        raise NotImplementedError


@value_object
class RetrySettings(Part):
    """How often a failing provider is asked again, and after which time."""

    max_retries: NonNegative | None = None
    retry_interval: Duration | None = None


@value_object
class Condition:
    """Namespaces that may use a ClusterSecretStore: by name, by regular expression, or by label."""

    namespaces: Items[DnsLabel] | None = None
    namespace_regexes: Items[Text] | None = None
    namespace_labels: Pairs[LabelKey, LabelValue] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a condition that says nothing, and patterns that are none."""
        if not vars(self):
            problems.add("", "expected namespaces, namespace_regexes or namespace_labels")
        for index, pattern in enumerate(self.namespace_regexes or ()):
            try:
                re.compile(pattern)
            except re.error as error:
                problems.add(f"namespace_regexes[{index}]", f"{pattern!r} is no regular expression: {error}")

    def allows(self, namespace: str) -> bool | None:
        """Whether the namespace is meant; None where only the cluster can tell."""
        if namespace in (self.namespaces or ()):
            return True
        if any(re.search(pattern, namespace) for pattern in self.namespace_regexes or ()):
            return True
        return None if self.namespace_labels is not None else False

    def fields(self) -> dict[str, Any]:
        """One item of ``conditions``."""
        condition: dict[str, Any] = {}
        if self.namespaces is not None:
            condition["namespaces"] = list(self.namespaces)
        if self.namespace_regexes is not None:
            condition["namespaceRegexes"] = list(self.namespace_regexes)
        if self.namespace_labels is not None:
            condition["namespaceSelector"] = {"matchLabels": dict(self.namespace_labels)}
        return condition


class _Store(KubernetesObject):
    """What both kinds of store have in common."""

    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: str,
        namespace: str | None,
        provider: Provider,
        controller: str | None,
        refresh_interval: int | None,
        retry_settings: RetrySettings | None,
        api_version: str,
        labels: Mapping[str, str] | None,
        annotations: Mapping[str, str] | None,
    ) -> None:
        self.provider = provider
        self.controller = controller
        self.refresh_interval = refresh_interval
        self.retry_settings = retry_settings
        self.api_version = api_version
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``spec``: the provider and how it is asked."""
        spec: Manifest = {}
        if self.controller is not None:
            spec["controller"] = self.controller
        spec["provider"] = self.provider.spec(self.namespace)
        if self.refresh_interval is not None:
            spec["refreshInterval"] = self.refresh_interval
        if self.retry_settings is not None:
            spec["retrySettings"] = self.retry_settings.fields()
        return {"spec": spec}


class SecretStore(_Store):
    """A store for the ExternalSecrets of its own namespace.

    ``SecretStore.existing("vault-backend")`` declares one that another party makes; without ``namespace`` it
    is taken to be where the ExternalSecret is. ``refresh_interval`` is in seconds.

    Raises:
        ConstructError: an illegal name, or a provider that refers to another namespace.
    """

    api_version = "external-secrets.io/v1beta1"
    kind = "SecretStore"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        provider: Provider,
        controller: Text | None = None,
        refresh_interval: NonNegative | None = None,
        retry_settings: RetrySettings | None = None,
        api_version: ApiVersion = "external-secrets.io/v1beta1",
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        here = namespace_in(scope, namespace)
        provider.check_in_store(problems, namespace=here, cluster=False)
        check_only_v1(problems, (f"provider.{name}" for name in provider.only_v1()), api_version)
        problems.raise_if_any()
        super().__init__(
            scope,
            id,
            name=name,
            namespace=namespace,
            provider=provider,
            controller=controller,
            refresh_interval=refresh_interval,
            retry_settings=retry_settings,
            api_version=api_version,
            labels=labels,
            annotations=annotations,
        )


class ClusterSecretStore(_Store):
    """A store for ExternalSecrets of every namespace, or of those that one of ``conditions`` allows.

    Raises:
        ConstructError: an illegal name or condition, or a provider that a cluster-scoped store cannot have.
    """

    api_version = "external-secrets.io/v1beta1"
    kind = "ClusterSecretStore"
    namespaced = False
    conditions: tuple[Condition, ...] = ()

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        provider: Provider,
        conditions: Items[Condition] = (),
        controller: Text | None = None,
        refresh_interval: NonNegative | None = None,
        retry_settings: RetrySettings | None = None,
        api_version: ApiVersion = "external-secrets.io/v1beta1",
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        provider.check_in_store(problems, namespace=None, cluster=True)
        check_only_v1(problems, (f"provider.{name}" for name in provider.only_v1()), api_version)
        problems.raise_if_any()
        self.conditions = tuple(conditions)
        super().__init__(
            scope,
            id,
            name=name,
            namespace=None,
            provider=provider,
            controller=controller,
            refresh_interval=refresh_interval,
            retry_settings=retry_settings,
            api_version=api_version,
            labels=labels,
            annotations=annotations,
        )

    def allows(self, namespace: str) -> bool:
        """Whether ExternalSecrets of that namespace may use it, as far as can be told from here."""
        answers = [condition.allows(namespace) for condition in self.conditions]
        return not answers or any(answer is not False for answer in answers)

    def fields(self) -> Manifest:
        """``spec``: the provider, and who may use it."""
        fields = super().fields()
        if self.conditions:
            fields["spec"]["conditions"] = [condition.fields() for condition in self.conditions]
        return fields
