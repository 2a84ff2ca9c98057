"""Issuers: the authorities that Certificates are signed by, for one namespace or for the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from chores_infra.arguments import OneOf, Problems, checked, value_object
from chores_infra.construct import Manifest, Scope, namespace_in
from chores_infra.constructs.cert_manager.authorities import Authority
from chores_infra.constructs.references import check_same_namespace
from chores_infra.fields import Annotations, DnsLabel, DnsSubdomain, Labels, Text
from chores_infra.kubernetes_object import KubernetesObject

__all__ = ["AnyIssuer", "ClusterIssuer", "ExternalIssuer", "Issuer", "with_issuer"]


class _Issuer(KubernetesObject):
    """What Certificates ask of their issuer: who signs. None: another party's, of which that is not known."""

    api_version = "cert-manager.io/v1"
    authority: Authority | None = None

    def fields(self) -> Manifest:
        """``spec``: who signs."""
        assert self.authority is not None  # noqa: S101  (only those of other parties have none)
        return {"spec": {self.authority.field: self.authority.fields()}}


class Issuer(_Issuer):
    """Signs the Certificates of its own namespace. Its Secrets are in that namespace too.

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.cert_manager import SelfSigned
    >>> Issuer(Tree(namespace="shop"), "root", name="root", authority=SelfSigned()).manifest["spec"]
    {'selfSigned': {}}

    Raises:
        ConstructError: what cert-manager would refuse in the authority, or a Secret of another namespace.
    """

    kind = "Issuer"

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        authority: Authority,
        namespace: DnsLabel | None = None,
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        _check_references(problems, authority, namespace_in(scope, namespace))
        problems.raise_if_any()
        self.authority = authority
        super().__init__(scope, id, name=name, namespace=namespace, labels=labels, annotations=annotations)


class ClusterIssuer(_Issuer):
    """Signs the Certificates of every namespace.

    Its Secrets are in ``resource_namespace``, which cert-manager is told when it is installed
    (``--cluster-resource-namespace``; its own namespace by default).

    >>> from chores_infra.construct import Tree
    >>> from chores_infra.constructs.cert_manager import Acme, Http01Ingress
    >>> letsencrypt = Acme(
    ...     server="https://acme-v02.api.letsencrypt.org/directory",
    ...     account_key="letsencrypt",
    ...     solvers=[Http01Ingress()],
    ... )
    >>> issuer = ClusterIssuer(Tree(), "letsencrypt", name="letsencrypt", authority=letsencrypt)
    >>> issuer.manifest["spec"]["acme"]["solvers"]
    [{'http01': {'ingress': {}}}]

    Raises:
        ConstructError: what cert-manager would refuse in the authority, or a Secret of another namespace.
    """

    kind = "ClusterIssuer"
    namespaced = False

    @checked
    def __init__(
        self,
        scope: Scope,
        id: str,
        *,
        name: DnsSubdomain,
        authority: Authority,
        resource_namespace: DnsLabel = "cert-manager",
        labels: Labels | None = None,
        annotations: Annotations | None = None,
    ) -> None:
        problems = Problems()
        _check_references(problems, authority, resource_namespace)
        problems.raise_if_any()
        self.authority = authority
        self.resource_namespace = resource_namespace
        super().__init__(scope, id, name=name, labels=labels, annotations=annotations)


@value_object
class ExternalIssuer:
    """An issuer of another system, by its API group, kind and name, such as a private one of a cloud."""

    group: DnsSubdomain
    kind: Text
    name: DnsSubdomain


AnyIssuer = Annotated[
    Issuer | ClusterIssuer | ExternalIssuer,
    OneOf("an Issuer, a ClusterIssuer or an ExternalIssuer; not a name"),
]


def with_issuer(
    problems: Problems,
    annotations: Mapping[str, str] | None,
    issuer: AnyIssuer | None,
    namespace: str | None,
) -> dict[str, str]:
    """The annotations of an Ingress or a Gateway of which cert-manager makes Certificates.

    Source: https://cert-manager.io/docs/usage/ingress/#supported-annotations
    """
    annotations = dict(annotations or {})
    if isinstance(issuer, Issuer):
        check_same_namespace(problems, "issuer", issuer, namespace)
    for key, value in _annotations(issuer).items():
        if key in annotations:
            problems.add(f"annotations.{key}", "leave it to issuer=..., which sets it")
        annotations[key] = value
    return annotations


def _annotations(issuer: AnyIssuer | None) -> dict[str, str]:
    if issuer is None:
        return {}
    if isinstance(issuer, ClusterIssuer):
        return {"cert-manager.io/cluster-issuer": issuer.name}
    annotations = {"cert-manager.io/issuer": issuer.name}
    if isinstance(issuer, ExternalIssuer):
        annotations["cert-manager.io/issuer-kind"] = issuer.kind
        annotations["cert-manager.io/issuer-group"] = issuer.group
    return annotations


def _check_references(problems: Problems, authority: Authority, namespace: str | None) -> None:
    for argument, target in authority.references():
        if target.namespaced:
            check_same_namespace(problems, f"authority.{argument}", target, namespace)
