"""Where workloads live, as whom they run, and which of them give way.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/,
https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/service-account-v1/ and
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/priority-class-v1/
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, checked
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.config import SecretSource
from chores_infra.constructs.parts import present
from chores_infra.constructs.references import check_same_namespace, secret_of
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Items, Labels
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["Namespace", "PriorityClass", "ServiceAccount"]


class Namespace(KubernetesObject):
    """A namespace of the cluster.

    >>> from chores_infra.construct import Tree
    >>> Namespace(Tree(), "namespace", name="shop").manifest
    {'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': 'shop'}}

    Raises:
        ConstructError: a name or label that the API server would refuse.
    """

    api_version = "v1"
    kind = "Namespace"
    namespaced = False

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsLabel,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        super().__init__(scope, id, name=name, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """Nothing follows the metadata."""
        return {}


class ServiceAccount(KubernetesObject):
    """Who the pods of a workload are to the API server, and to clouds that know service accounts.

    Raises:
        ConstructError: a name that the API server would refuse, or a Secret of another namespace.
    """

    api_version = "v1"
    kind = "ServiceAccount"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        image_pull_secrets: Items[SecretSource] | None = None,
        automount_service_account_token: bool | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        own = namespace_in(scope, namespace)
        entries = list(enumerate(image_pull_secrets or ()))
        problems.add_repeats((f"image_pull_secrets[{i}]", secret_of(source).name) for i, source in entries)
        for index, source in entries:
            check_same_namespace(problems, f"image_pull_secrets[{index}]", source, own)
        problems.raise_if_any()
        self.image_pull_secrets = image_pull_secrets or []
        self.automount_service_account_token = automount_service_account_token
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``imagePullSecrets`` and ``automountServiceAccountToken``."""
        fields: Manifest = {}
        if self.image_pull_secrets:
            fields["imagePullSecrets"] = [{"name": secret_of(s).name} for s in self.image_pull_secrets]
        if self.automount_service_account_token is not None:
            fields["automountServiceAccountToken"] = self.automount_service_account_token
        return fields


class PriorityClass(KubernetesObject):
    """How important pods are: those of a higher ``value`` are scheduled first, and may end others.

    Raises:
        ConstructError: a name that is illegal or kept for Kubernetes itself, or a value out of range.
    """

    api_version = "scheduling.k8s.io/v1"
    kind = "PriorityClass"
    namespaced = False

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        value: Annotated[int, Field(ge=-(2**31), le=10**9)],
        global_default: bool | None = None,
        preemption_policy: Literal["PreemptLowerPriority", "Never"] | None = None,
        description: str | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        if name.startswith("system-"):
            problems.add(
                "name", f"expected a name without 'system-', which is Kubernetes' own, found {name!r}"
            )
        problems.raise_if_any()
        self.value = value
        self.global_default = global_default
        self.preemption_policy = preemption_policy
        self.description = description
        super().__init__(scope, id, name=name, labels=labels, annotations=annotations)

    def fields(self) -> Manifest:
        """``value`` and what was said besides."""
        fields = {
            "value": self.value,
            "globalDefault": self.global_default,
            "preemptionPolicy": self.preemption_policy,
            "description": self.description,
        }
        return present(fields)
