"""The solvers that answer over HTTP, at the name itself: no wildcards, and port 80 must be open.

Source: https://cert-manager.io/docs/configuration/acme/http01/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.cert_manager.acme import Solver
from chores_infra.constructs.cluster import PriorityClass, ServiceAccount
from chores_infra.constructs.config import SecretSource
from chores_infra.constructs.gateway.gateways import Gateway, GatewayListener
from chores_infra.constructs.gateway.parents import parent_reference
from chores_infra.constructs.networking.ingress_class import IngressClass
from chores_infra.constructs.parts import Part, rendered
from chores_infra.constructs.references import secret_of
from chores_infra.constructs.resources import Resources
from chores_infra.constructs.scheduling import Affinity, LabelSelector, Toleration
from chores_infra.constructs.security import PodSecurityContext
from chores_infra.fields import Annotations, DnsSubdomain, Items, Labels, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["Http01Gateway", "Http01Ingress", "SolverPods"]

GatewayParent = Annotated[
    Gateway | GatewayListener, OneOf("a Gateway, or a listener of one: gateway.listener(...); not a name")
]

#: The label of every pod that answers a challenge: what affinity means by "its own pods".
_SOLVER = LabelSelector(match_labels={"acme.cert-manager.io/http01-solver": "true"})


@value_object
class SolverPods(Part):
    """What the pods that answer challenges are given besides what cert-manager says."""

    labels: Labels | None = None
    annotations: Annotations | None = None
    node_selector: Labels | None = None
    tolerations: Items[Toleration] | None = None
    affinity: Affinity | None = None
    priority_class: PriorityClass | None = None
    service_account: ServiceAccount | None = None
    image_pull_secrets: Items[SecretSource] | None = None
    security_context: PodSecurityContext | None = None
    resources: Resources | None = None

    def check(self, problems: Problems) -> None:
        """Refuse what cert-manager's version of a pod does not have."""
        for name in ("app_armor_profile", "supplemental_groups_policy"):
            if self.security_context is not None and getattr(self.security_context, name) is not None:
                problems.add(f"security_context.{name}", "the pods of solvers do not have it")

    def fields(self) -> Manifest:
        """``podTemplate``."""
        metadata: Manifest = {"labels": self.labels, "annotations": self.annotations}
        spec: Manifest = {
            "nodeSelector": self.node_selector,
            "tolerations": self.tolerations,
            "affinity": None if self.affinity is None else self.affinity.fields_for(_SOLVER),
            "priorityClassName": None if self.priority_class is None else self.priority_class.name,
            "serviceAccountName": None if self.service_account is None else self.service_account.name,
            "imagePullSecrets": None
            if self.image_pull_secrets is None
            else [{"name": secret_of(source).name} for source in self.image_pull_secrets],
            "securityContext": self.security_context,
            "resources": self.resources,
        }
        template = {"metadata": _given(metadata), "spec": _given(spec)}
        return {section: fields for section, fields in template.items() if fields}


@value_object
class _Http01(Solver):
    """What both have: the type of the Service, and the pods that answer."""

    service_type: Literal["ClusterIP", "NodePort"] | None = None
    pods: SolverPods | None = None

    def check(self, problems: Problems) -> None:
        """Only DNS can prove a wildcard."""
        super().check(problems)
        for index, name in enumerate(self.dns_names or ()):
            if name.startswith("*."):
                problems.add(f"dns_names[{index}]", "HTTP-01 cannot prove a wildcard; use a solver of DNS-01")


@value_object
class Http01Ingress(_Http01):
    """Through an Ingress that cert-manager makes for the challenge, of this class.

    ``class_annotation`` is for controllers that read only the old annotation; ``ingress_name`` puts the
    challenge into an Ingress that there is already, for load balancers that have one address each.
    """

    ingress_class: IngressClass | None = None
    class_annotation: Text | None = None
    ingress_name: DnsSubdomain | None = None
    ingress_labels: Labels | None = None
    ingress_annotations: Annotations | None = None

    spelling = {  # noqa: RUF012  (a constant of the class)
        "ingress_class": "ingressClassName",
        "class_annotation": "class",
        "ingress_name": "name",
        "pods": "podTemplate",
    }

    def check(self, problems: Problems) -> None:
        """One way to say which Ingress is meant."""
        super().check(problems)
        ways = ("ingress_class", "class_annotation", "ingress_name")
        for name in [name for name in ways if getattr(self, name) is not None][1:]:
            problems.add(name, "give one of ingress_class, class_annotation and ingress_name")

    def challenge(self, settings: Manifest) -> Manifest:
        """``http01``."""
        metadata = {
            name: settings.pop(field)
            for name, field in (("labels", "ingressLabels"), ("annotations", "ingressAnnotations"))
            if field in settings
        }
        if metadata:
            settings["ingressTemplate"] = {"metadata": metadata}
        return {"http01": {"ingress": settings}}


@value_object
class Http01Gateway(_Http01):
    """Through an HTTPRoute that cert-manager attaches to Gateways for the challenge; it gets ``labels``."""

    parents: Annotated[Items[GatewayParent], Field(min_length=1)]
    labels: Labels | None = None

    spelling = {"parents": "parentRefs", "pods": "podTemplate"}  # noqa: RUF012  (a constant of the class)

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """No Gateways among them: those may live in any namespace."""
        return ((name, target) for name, target in super().references() if not isinstance(target, Gateway))

    def challenge(self, settings: Manifest) -> Manifest:
        """``http01``. The route may be in any namespace, so each Gateway is named with its own."""
        settings["parentRefs"] = [parent_reference(parent, None) for parent in self.parents]
        return {"http01": {"gatewayHTTPRoute": settings}}


def _given(fields: Manifest) -> Manifest:
    return {name: rendered(value) for name, value in fields.items() if value is not None}
