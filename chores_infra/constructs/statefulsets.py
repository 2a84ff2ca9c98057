"""StatefulSets: pods with a number, a name of their own in DNS, and storage that stays with the number.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/
"""

from __future__ import annotations

from typing import Annotated, Literal, Unpack

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.parts import Part, present, rendered
from chores_infra.constructs.pods import PodOptions
from chores_infra.constructs.references import check_same_namespace
from chores_infra.constructs.services import Service, ServicePort
from chores_infra.constructs.storage import ClaimTemplate
from chores_infra.constructs.templates import PodTemplate
from chores_infra.constructs.workloads import CountOrPercentage, OnDelete, Rolling, Workload
from chores_infra.fields import (
    Annotations,
    DnsLabel,
    Items,
    Labels,
    Matching,
    NonNegative,
    Rfc1035Label,
)

__all__ = ["ClaimRetention", "ClaimTemplate", "GoverningService", "StatefulSet", "StatefulSetUpdate"]

# The pods carry the label controller-revision-hash: the name, '-' and up to 10 characters, in a label's 63.
StatefulSetName = Annotated[
    str,
    Matching(
        r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?",
        52,
        "a DNS label: lower-case letters, digits and '-', a letter or digit at both ends",
    ),
]


@value_object
class StatefulSetUpdate(Rolling):
    """Replaces the pods of a StatefulSet from the highest number down.

    Pods with a number below ``partition`` stay as they are. ``max_unavailable`` pods, or a percentage of the
    replicas, are replaced at once: 1, unless the cluster has MaxUnavailableStatefulSet and another is given.
    """

    partition: NonNegative | None = None
    max_unavailable: CountOrPercentage | None = None

    def check(self, problems: Problems) -> None:
        """No pod may ever be replaced when none may be missing."""
        if self.max_unavailable in {0, "0%"}:
            problems.add("max_unavailable", "with 0 no pod could ever be replaced")


@value_object
class ClaimRetention(Part):
    """Whether claims are kept or deleted with the StatefulSet, and when it is scaled below their number.

    What is not given is kept.
    """

    when_deleted: Literal["Retain", "Delete"] | None = None
    when_scaled: Literal["Retain", "Delete"] | None = None


@value_object
class GoverningService:
    """The headless Service that gives each pod its name in DNS, made with the StatefulSet.

    Without ``ports`` it has every port that the pods declare; of several, each needs a name.
    """

    name: Rfc1035Label
    ports: Annotated[Items[ServicePort], Field(min_length=1)] | None = None
    publish_not_ready_addresses: bool | None = None
    labels: Labels | None = None
    annotations: Annotations | None = None


class StatefulSet(Workload):
    """Runs pods that are not equal: each has a number, a name in DNS, and storage that stays with the number.

    ``service`` is the headless Service that governs their names: a :class:`GoverningService` that is made
    along with it and then stands in ``.service``, or one that another party makes. ``claims`` are storage
    of each pod's own. ``selector``, ``service`` and ``claims`` can never change once they are live.
    Everything in :class:`~chores_infra.constructs.pods.PodOptions` is an argument too.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.containers import Container
    >>> from chores_infra.constructs.images import Image
    >>> db = StatefulSet(
    ...     Tree(namespace="shop"),
    ...     "db",
    ...     name="db",
    ...     selector={"app": "db"},
    ...     service=GoverningService(name="db"),
    ...     containers=[Container(name="db", image=Image(repository="mysql", tag="8.4.3"), ports=[3306])],
    ... )
    >>> db.manifest["spec"]["serviceName"], db.service.manifest["spec"]["clusterIP"]
    ('db', 'None')

    Raises:
        ConstructError: whatever the API server would refuse, and what would never work, all at once.
    """

    api_version = "apps/v1"
    kind = "StatefulSet"
    scalable = True

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: StatefulSetName,
        selector: Annotated[Labels, Field(min_length=1)],
        service: Annotated[
            Service | GoverningService,
            OneOf("a GoverningService, or a Service of another party; not its name"),
        ],
        replicas: NonNegative | None = None,
        claims: Items[ClaimTemplate] | None = None,
        claim_retention: ClaimRetention | None = None,
        strategy: StatefulSetUpdate | OnDelete | None = None,
        pod_management_policy: Literal["OrderedReady", "Parallel"] | None = None,
        start_ordinal: NonNegative | None = None,
        min_ready_seconds: NonNegative | None = None,
        revision_history_limit: NonNegative | None = None,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
        **pods: Unpack[PodOptions],
    ) -> None:
        problems = Problems()
        own = namespace_in(scope, namespace)
        self.claims = claims or []
        self._make_pods(PodTemplate(selector, pods, claims=self.claims), problems, own)
        if isinstance(service, Service):
            check_same_namespace(problems, "service", service, own)
            _check_governing(service, self, problems)
        elif not (service.ports or self.ports):
            problems.add("service", "no container declares a port; add ports=[...] to one")
        problems.raise_if_any()
        self.replicas = replicas
        self.claim_retention = claim_retention
        self.strategy = strategy
        self.pod_management_policy = pod_management_policy
        self.start_ordinal = start_ordinal
        self.min_ready_seconds = min_ready_seconds
        self.revision_history_limit = revision_history_limit
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)
        self.service = service if isinstance(service, Service) else self._govern(service)

    def fields(self) -> Manifest:
        """``spec``."""
        ordinals = None if self.start_ordinal is None else {"start": self.start_ordinal}
        spec = {
            "replicas": self.replicas,
            "selector": {"matchLabels": dict(self.selector)},
            "serviceName": self.service.name,
            "podManagementPolicy": self.pod_management_policy,
            "updateStrategy": rendered(self.strategy),
            "minReadySeconds": self.min_ready_seconds,
            "revisionHistoryLimit": self.revision_history_limit,
            "ordinals": ordinals,
            "persistentVolumeClaimRetentionPolicy": rendered(self.claim_retention),
            "template": self.template.fields(),
            "volumeClaimTemplates": rendered(self.claims) or None,
        }
        return {"spec": present(spec)}

    def _govern(self, service: GoverningService) -> Service:
        ports = service.ports or [
            ServicePort(name=port.name, number=port.number, protocol=port.protocol) for port in self.ports
        ]
        return Service(
            self,
            "service",
            name=service.name,
            selects=self,
            headless=True,
            ports=ports,
            publish_not_ready_addresses=service.publish_not_ready_addresses,
            namespace=self.namespace,
            labels=service.labels,
            annotations=service.annotations,
        )


def _check_governing(service: Service, pods: Workload, problems: Problems) -> None:
    """Note a Service of ours that could not give these pods their names."""
    if service.is_external:
        return
    if not service.headless:
        problems.add("service", f"{service.place} has an address of its own; expected one with headless=True")
    if any(pods.pod_labels.get(key) != value for key, value in service.selector.items()):
        problems.add("service", f"{service.place} selects other pods; expected one that selects these")
