"""Who makes what: the manifests themselves, and the objects that operators and controllers make of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from chores_infra.checks.applications import ARGOCD
from chores_infra.checks.fields import at, items, mapping, text
from chores_infra.checks.references.annotations import CLUSTER_ISSUER, ISSUER
from chores_infra.checks.repository import Identity, Repository
from chores_infra.checks.resources import Resource
from chores_infra.rendering.field_path import FieldPath

__all__ = ["Provider", "providers_in", "providers_of"]

_TLS_KEYS: Final = frozenset({"tls.crt", "tls.key", "ca.crt"})
_EXTERNAL_SECRETS: Final = "external-secrets.io"
_CNPG: Final = "postgresql.cnpg.io"
_EXTERNAL_NAME: Final = "crossplane.io/external-name"
"""https://docs.crossplane.io/latest/managed-resources/managed-resources/#naming-external-resources"""


class Provider(NamedTuple):
    """Something that makes an object.

    ``by`` is the manifest, of the object itself or of what an operator makes it from. ``keys`` and ``ports``
    are what a ConfigMap or Secret, or a Service, has; None where that is not known.
    """

    by: Resource
    kind: str
    group: str
    namespace: str | None
    name: str
    keys: frozenset[str] | None = None
    ports: frozenset[int | str] | None = None

    @property
    def is_made(self) -> bool:
        """Whether an operator makes the object, so that it is in no file."""
        return self.by.kind != self.kind or self.by.name != self.name

    @property
    def identity(self) -> Identity:
        """The object that is made."""
        return Identity(self.by.cluster, self.group, self.kind, self.namespace, self.name)


def providers_in(repository: Repository) -> Mapping[Identity, Sequence[Provider]]:
    """Everything that is made from the manifests of a repository."""
    found: dict[Identity, list[Provider]] = defaultdict(list)
    for resource in repository.resources:
        for provider in providers_of(resource):
            found[provider.identity].append(provider)
    return found


def providers_of(resource: Resource) -> Iterator[Provider]:
    """The object of a manifest, and those that others make from it."""
    if resource.name:
        yield Provider(
            resource,
            resource.kind,
            resource.group,
            resource.namespace,
            resource.name,
            keys=_own_keys(resource),
            ports=_own_ports(resource),
        )
    if outside := text(resource.annotations.get(_EXTERNAL_NAME)):
        yield Provider(resource, resource.kind, resource.group, resource.namespace, outside)
    makers = _MAKERS.get((resource.group, resource.kind), ())
    for maker in makers:
        yield from maker(resource)
    for _, found in _connection_secrets(resource):
        if name := text(at(found, "name")):
            namespace = text(at(found, "namespace")) or resource.namespace
            yield Provider(resource, "Secret", "", namespace, name)


def _own_keys(resource: Resource) -> frozenset[str] | None:
    """The keys of a ConfigMap or Secret that is written out."""
    if resource.is_a("", "ConfigMap"):
        return frozenset({**mapping(resource.at("data")), **mapping(resource.at("binaryData"))})
    if resource.is_a("", "Secret"):
        # The data of a token is filled in by its controller.
        if text(resource.at("type")) == "kubernetes.io/service-account-token":
            return None
        return frozenset({**mapping(resource.at("data")), **mapping(resource.at("stringData"))})
    return None


def _own_ports(resource: Resource) -> frozenset[int | str] | None:
    """The ports of a Service by number and name; a headless Service may be asked for any port of its pods."""
    if not resource.is_a("", "Service") or text(resource.at("spec", "type")) == "ExternalName":
        return None
    ports: set[int | str] = set()
    for port in items(resource.at("spec", "ports")):
        number, name = at(port, "port"), at(port, "name")
        ports |= {value for value in (number, name) if isinstance(value, int | str)}
    return frozenset(ports)


def _secret(resource: Resource, name: str, keys: frozenset[str] | None = None) -> Iterator[Provider]:
    if name:
        yield Provider(resource, "Secret", "", resource.namespace, name, keys=keys)


def _external_secret(resource: Resource) -> Iterator[Provider]:
    """The Secret of an ExternalSecret.

    https://external-secrets.io/latest/api/externalsecret/
    """
    if text(resource.at("spec", "target", "creationPolicy")) == "None":
        return
    name = text(resource.at("spec", "target", "name")) or resource.name
    yield from _secret(resource, name, external_keys(mapping(resource.at("spec"))))


def external_keys(spec: Mapping[str, Any]) -> frozenset[str] | None:
    """The keys of the Secret that an ExternalSecret makes; None where the store decides."""
    template = mapping(at(spec, "target", "template"))
    templated = frozenset(mapping(template.get("data")))
    own = frozenset(text(at(each, "secretKey")) for each in items(spec.get("data")))
    if template.get("templateFrom"):
        return None
    if templated and text(template.get("mergePolicy")) != "Merge":
        return templated
    if spec.get("dataFrom") or text(at(spec, "target", "creationPolicy")) == "Merge":
        return None
    return own | templated


def _cluster_external_secret(resource: Resource) -> Iterator[Provider]:
    spec = mapping(resource.at("spec", "externalSecretSpec"))
    name = (
        text(at(spec, "target", "name")) or text(resource.at("spec", "externalSecretName")) or resource.name
    )
    for namespace in items(resource.at("spec", "namespaces")):
        yield Provider(resource, "Secret", "", text(namespace), name, keys=external_keys(spec))


def _sealed_secret(resource: Resource) -> Iterator[Provider]:
    """The Secret of a SealedSecret.

    https://github.com/bitnami-labs/sealed-secrets#overview
    """
    name = text(resource.at("spec", "template", "metadata", "name")) or resource.name
    templated = mapping(resource.at("spec", "template", "data"))
    yield from _secret(
        resource, name, frozenset({**mapping(resource.at("spec", "encryptedData")), **templated})
    )


def _sops_secret(resource: Resource) -> Iterator[Provider]:
    """The Secrets of a SopsSecret.

    https://github.com/isindir/sops-secrets-operator
    """
    for template in items(resource.at("spec", "secretTemplates")):
        keys = {**mapping(at(template, "data")), **mapping(at(template, "stringData"))}
        yield from _secret(resource, text(at(template, "name")), frozenset(keys))


def _certificate(resource: Resource) -> Iterator[Provider]:
    """The Secret of a Certificate.

    https://cert-manager.io/docs/usage/certificate/#target-secret
    """
    extra: set[str] = set()
    for store, suffixes in (("jks", (".jks",)), ("pkcs12", (".p12",))):
        if at(resource.at("spec", "keystores"), store, "create") is True:
            extra |= {f"{name}{suffix}" for name in ("keystore", "truststore") for suffix in suffixes}
    for output in items(resource.at("spec", "additionalOutputFormats")):
        extra |= {
            {"CombinedPEM": "tls-combined.pem", "DER": "key.der"}.get(text(at(output, "type")), "tls.crt")
        }
    yield from _secret(resource, text(resource.at("spec", "secretName")), _TLS_KEYS | extra)


def _ingress_certificates(resource: Resource) -> Iterator[Provider]:
    """The Secrets that cert-manager makes for annotated Ingresses and Gateways.

    https://cert-manager.io/docs/usage/ingress/
    """
    if not ({ISSUER, CLUSTER_ISSUER, "kubernetes.io/tls-acme"} & set(resource.annotations)):
        return
    for pattern in ("spec.tls[].secretName", "spec.listeners[].tls.certificateRefs[].name"):
        for _, name in resource.each(pattern):
            yield from _secret(resource, text(name), _TLS_KEYS)


def _issuer_account(resource: Resource) -> Iterator[Provider]:
    namespace = resource.namespace or "cert-manager"
    if name := text(resource.at("spec", "acme", "privateKeySecretRef", "name")):
        yield Provider(resource, "Secret", "", namespace, name, keys=frozenset({"tls.key"}))


def _claims(resource: Resource) -> Iterator[Provider]:
    """The claims of a StatefulSet are ``<template>-<set>-<ordinal>``."""
    replicas = resource.at("spec", "replicas")
    count = replicas if isinstance(replicas, int) and 0 < replicas <= 100 else 1
    for template in items(resource.at("spec", "volumeClaimTemplates")):
        for ordinal in range(count):
            name = f"{text(at(template, 'metadata', 'name'))}-{resource.name}-{ordinal}"
            yield Provider(resource, "PersistentVolumeClaim", "", resource.namespace, name)


def _cnpg_cluster(resource: Resource) -> Iterator[Provider]:
    """The Services and Secrets of a database cluster.

    https://cloudnative-pg.io/documentation/current/applications/
    """
    name = resource.name
    for suffix in ("rw", "ro", "r"):
        ports: frozenset[int | str] = frozenset({5432, "postgres"})
        yield Provider(resource, "Service", "", resource.namespace, f"{name}-{suffix}", ports=ports)
    for suffix in ("app", "superuser", "ca", "server", "replication"):
        yield from _secret(resource, f"{name}-{suffix}")


def _cnpg_pooler(resource: Resource) -> Iterator[Provider]:
    yield Provider(resource, "Service", "", resource.namespace, resource.name, ports=frozenset({5432}))


def _istio_gateway(resource: Resource) -> Iterator[Provider]:
    """What a controller makes for a Gateway.

    https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/
    """
    class_name = text(resource.at("spec", "gatewayClassName"))
    for name in {resource.name, f"{resource.name}-{class_name}"}:
        yield Provider(resource, "Service", "", resource.namespace, name)
        yield Provider(resource, "ServiceAccount", "", resource.namespace, name)
        yield Provider(resource, "Deployment", "apps", resource.namespace, name)


def _application_namespace(resource: Resource) -> Iterator[Provider]:
    options = items(resource.at("spec", "syncPolicy", "syncOptions"))
    namespace = text(resource.at("spec", "destination", "namespace"))
    if "CreateNamespace=true" in options and namespace:
        yield Provider(resource, "Namespace", "", None, namespace)


_MAKERS: Final[Mapping[tuple[str, str], tuple[Callable[[Resource], Iterator[Provider]], ...]]] = {
    (_EXTERNAL_SECRETS, "ExternalSecret"): (_external_secret,),
    (_EXTERNAL_SECRETS, "ClusterExternalSecret"): (_cluster_external_secret,),
    ("bitnami.com", "SealedSecret"): (_sealed_secret,),
    ("isindir.github.com", "SopsSecret"): (_sops_secret,),
    ("cert-manager.io", "Certificate"): (_certificate,),
    ("cert-manager.io", "Issuer"): (_issuer_account,),
    ("cert-manager.io", "ClusterIssuer"): (_issuer_account,),
    ("networking.k8s.io", "Ingress"): (_ingress_certificates,),
    ("gateway.networking.k8s.io", "Gateway"): (_ingress_certificates, _istio_gateway),
    ("apps", "StatefulSet"): (_claims,),
    (_CNPG, "Cluster"): (_cnpg_cluster,),
    (_CNPG, "Pooler"): (_cnpg_pooler,),
    (ARGOCD, "Application"): (_application_namespace,),
}


def _connection_secrets(resource: Resource) -> Iterator[tuple[FieldPath, Any]]:
    """Where a managed resource writes how to connect to it.

    https://docs.crossplane.io/latest/managed-resources/managed-resources/#writeconnectionsecrettoref
    """
    yield from resource.each("spec.writeConnectionSecretToRef")
    yield from resource.each("spec.publishConnectionDetailsTo")
