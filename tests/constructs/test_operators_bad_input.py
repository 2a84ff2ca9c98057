"""Every argument of the operators' constructs, and of their parts, given what it is not.

Either our error comes, short and with the construct's path, or a manifest that the API server accepts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chores_infra import kinds
from chores_infra.arguments import argument_types
from chores_infra.construct import Component, Tree
from chores_infra.constructs import (
    argocd,
    cert_manager,
    crossplane,
    external_secrets,
    gateway,
    networking,
    traefik,
)
from chores_infra.constructs.cluster import ServiceAccount
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.scheduling import LabelSelector, Requirement
from chores_infra.constructs.services import ExternalNameService, Service
from chores_infra.constructs.workloads import Deployment
from chores_infra.errors import ConstructError
from chores_infra.kubernetes_object import KubernetesObject

SERVICE = Service.existing("web", ports=[80])
OUTSIDE = ExternalNameService.existing("outside")
WEB = Deployment.existing("web", selector={"app": "web"}, ports=[8000])
ISSUER = cert_manager.ClusterIssuer.existing("letsencrypt")
CLASS = gateway.GatewayClass.existing("example")
GATEWAY = gateway.Gateway.existing("public")
PROVIDER = crossplane.ProviderConfig.existing("mysql")
SECRET = Secret.existing("secret", namespace="shop")
KEY = SECRET.key("key")
STORE = external_secrets.SecretStore.existing("vault")
VALUE = external_secrets.VaultKey(key="shop")
AUTH = external_secrets.KubernetesAuth(role="shop", service_account=ServiceAccount.existing("default"))
VAULT = external_secrets.Vault(server="http://vault:8200", auth=AUTH)
URL = "https://github.com/example/infrastructure"
SOURCE = argocd.GitDirectory(repo_url=URL, path="shop")
SET: dict[str, Any] = {
    "generators": [argocd.ListGenerator(elements=[{"a": "b"}])],
    "template": argocd.ApplicationTemplate(
        name="shop", source=SOURCE, destination=argocd.Destination(namespace="shop")
    ),
}
DRY = argocd.GitDirectory(repo_url=URL, path="shop", target_revision="main")
NEWEST = {"api_version": "traefik.io/v1alpha1"}
BACKEND = traefik.Backend(service=SERVICE)
SHARES = traefik.Weighted(services=[BACKEND])
TCP_BACKEND = traefik.TCPBackend(service=SERVICE)
TCP_ROUTE = traefik.TCPRoute(match=traefik.HostSNI("*"), services=[TCP_BACKEND])

CYCLE: dict[str, Any] = {}
CYCLE["again"] = CYCLE
DEEP: list[Any] = []
for _ in range(2000):
    DEEP = [DEEP]
JUNK: list[Any] = [
    *(None, True, 0, -1, 2**70, 1.5, float("nan")),
    *("", "a b", "A", "a\nb", "é", "-", "a" * 300, "x" * 1_000_000, "\ud800"),
    *([], [None], [[]], [""], ["a"], ["a", "a"], ["\ud800"], DEEP),
    *({}, {"a": None}, {1: 2}, {"": ""}, {"a": "b"}, {"a": "\ud800"}, {"a": float("nan")}, CYCLE),
    *(object(), {1, 2}, b"x", ("a",)),
    *(SERVICE, SECRET, PROVIDER, KEY, VALUE, VAULT, traefik.Host("a.example.com"), argocd.Destination()),
]

OBJECTS: list[tuple[type[KubernetesObject], dict[str, Any]]] = [
    (traefik.IngressRoute, {"routes": {"shop.example.com": SERVICE}}),
    (traefik.Middleware, {"spec": traefik.Compress()}),
    (traefik.TraefikService, {"spec": SHARES}),
    (traefik.ServersTransport, NEWEST),
    (traefik.ServersTransportTCP, {}),
    (traefik.TLSOption, NEWEST),
    (traefik.TLSStore, {"name": "default"}),
    (traefik.IngressRouteTCP, {"routes": [TCP_ROUTE]}),
    (traefik.IngressRouteUDP, {"services": [traefik.UDPBackend(service=SERVICE)]}),
    (traefik.MiddlewareTCP, {"spec": traefik.InFlightConn(amount=1)}),
    (external_secrets.ExternalSecret, {"store": STORE, "keys": {"A": VALUE}}),
    (external_secrets.SecretStore, {"provider": VAULT}),
    (external_secrets.ClusterSecretStore, {"provider": VAULT}),
    (crossplane.ProviderConfig, {"connection_secret": SECRET}),
    (crossplane.Database, {"provider_config": PROVIDER}),
    (crossplane.User, {"provider_config": PROVIDER, "password": KEY}),
    (
        crossplane.Grant,
        {"provider_config": PROVIDER, "user": crossplane.User.existing("u"), "privileges": ["ALL"]},
    ),
    (cert_manager.Certificate, {"issuer": ISSUER, "dns_names": ["shop.example.com"]}),
    (cert_manager.Issuer, {"authority": cert_manager.SelfSigned()}),
    (cert_manager.ClusterIssuer, {"authority": cert_manager.SelfSigned()}),
    (networking.IngressClass, {"controller": "example.com/controller"}),
    (gateway.GatewayClass, {"controller": "example.com/controller"}),
    (gateway.Gateway, {"gateway_class": CLASS, "listeners": [gateway.Listener(name="a", port=80)]}),
    (gateway.HTTPRoute, {"parents": [GATEWAY], "rules": [gateway.HttpRule(backends=[SERVICE])]}),
    (gateway.GRPCRoute, {"parents": [GATEWAY], "rules": [gateway.GrpcRule(backends=[SERVICE])]}),
    (
        gateway.ReferenceGrant,
        {"allow_from": [gateway.GrantFrom(kind="HTTPRoute", namespace="a")], "to": [SERVICE]},
    ),
    (networking.Ingress, {"routes": {"shop.example.com": SERVICE}}),
    (networking.NetworkPolicy, {"selects": WEB, "allow_from": [WEB]}),
    (argocd.Application, {"source": SOURCE, "destination": argocd.Destination(namespace="shop")}),
    (argocd.ApplicationSet, SET),
    (
        argocd.AppProject,
        {
            "source_repos": ["*"],
            "destinations": [argocd.ProjectDestination(server="*", namespace="*")],
        },
    ),
]

Use = Callable[[Any], Any]
Part = tuple[type[Any], dict[str, Any], type[KubernetesObject], Use]


def value(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    given = {"store": STORE, "api_version": "external-secrets.io/v1"}
    return part, fields, external_secrets.ExternalSecret, lambda made: {**given, **use(made)}


def store(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    return part, fields, external_secrets.ClusterSecretStore, lambda made: {"provider": VAULT, **use(made)}


def signed_in(auth: Any) -> Any:
    vault = external_secrets.Vault(server="http://vault", auth=auth)
    return {"provider": vault, "api_version": "external-secrets.io/v1"}


def route(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    return part, fields, traefik.IngressRoute, lambda made: {**NEWEST, **use(made)}


def middleware(part: type[Any], fields: dict[str, Any], use: Use = lambda made: made) -> Part:
    return part, fields, traefik.Middleware, lambda made: {"spec": use(made), **NEWEST}


def shared(part: type[Any], fields: dict[str, Any], use: Use = lambda made: made) -> Part:
    return part, fields, traefik.TraefikService, lambda made: {"spec": use(made), **NEWEST}


def outside(**options: Any) -> Any:
    return traefik.Weighted(services=[traefik.Backend(service=OUTSIDE, port=80, **options)])


def tcp(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    given = {"routes": [TCP_ROUTE], **NEWEST}
    return part, fields, traefik.IngressRouteTCP, lambda made: {**given, **use(made)}


def tcp_rule(part: type[Any], fields: dict[str, Any]) -> Part:
    return tcp(
        part,
        fields,
        lambda made: {
            "routes": [traefik.TCPRoute(match=made | ~made, services=[TCP_BACKEND])],
            "tls": traefik.TCPTLS(),
        },
    )


def rule(part: type[Any], fields: dict[str, Any]) -> Part:
    host = traefik.Host("shop.example.com")
    return route(
        part, fields, lambda made: {"routes": [traefik.Route(match=~(made & host | made), service=SERVICE)]}
    )


def application(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    given = {"source": SOURCE, "destination": argocd.Destination(namespace="shop")}
    return part, fields, argocd.Application, lambda made: {**given, **use(made)}


def project(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    given = {"source_repos": ["*"], "destinations": [argocd.ProjectDestination(server="*", namespace="*")]}
    return part, fields, argocd.AppProject, lambda made: {**given, **use(made)}


def application_set(part: type[Any], fields: dict[str, Any], use: Use = lambda made: made) -> Part:
    return part, fields, argocd.ApplicationSet, lambda made: {**SET, "generators": [use(made)]}


def repository(part: type[Any], fields: dict[str, Any], use: Use = lambda made: made) -> Part:
    return application_set(part, fields, lambda made: argocd.PullRequestGenerator(repository=use(made)))


def user(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    return part, fields, crossplane.User, lambda made: {"provider_config": PROVIDER, **use(made)}


def mysql_grant(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    given = {
        "provider_config": PROVIDER,
        "user": crossplane.User.existing("u"),
        "database": crossplane.Database.existing("d"),
        "privileges": ["ALL"],
    }
    return part, fields, crossplane.Grant, lambda made: {**given, **use(made)}


def provider(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    return part, fields, crossplane.ProviderConfig, lambda made: {"connection_secret": SECRET, **use(made)}


def policy(part: type[Any], fields: dict[str, Any], use: Use = lambda made: made) -> Part:
    return part, fields, networking.NetworkPolicy, lambda made: {"selects": WEB, "allow_to": [use(made)]}


def certificate(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    given = {"issuer": ISSUER, "dns_names": ["shop.example.com"]}
    return part, fields, cert_manager.Certificate, lambda made: {**given, **use(made)}


def issuer(part: type[Any], fields: dict[str, Any], use: Use = lambda made: made) -> Part:
    return part, fields, cert_manager.Issuer, lambda made: {"authority": use(made)}


def solver(part: type[Any], fields: dict[str, Any], use: Use = lambda made: made) -> Part:
    return issuer(
        part,
        fields,
        lambda made: cert_manager.Acme(server="https://acme", account_key="a", solvers=[use(made)]),
    )


def vault(part: type[Any], fields: dict[str, Any]) -> Part:
    return issuer(part, fields, lambda made: cert_manager.Vault(server="https://v", path="pki", auth=made))


def ingress(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    given = {"routes": {"shop.example.com": SERVICE}}
    return part, fields, networking.Ingress, lambda made: {**given, **use(made)}


def at_gateway(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    given = {"gateway_class": CLASS, "listeners": [gateway.Listener(name="a", port=80)]}
    return part, fields, gateway.Gateway, lambda made: {**given, **use(made)}


def http_route(part: type[Any], fields: dict[str, Any], use: Use = lambda made: made) -> Part:
    return part, fields, gateway.HTTPRoute, lambda made: {"parents": [GATEWAY], "rules": [use(made)]}


def grant(part: type[Any], fields: dict[str, Any], use: Use) -> Part:
    given = {"allow_from": [gateway.GrantFrom(kind="HTTPRoute", namespace="a")], "to": [SERVICE]}
    return part, fields, gateway.ReferenceGrant, lambda made: {**given, **use(made)}


PARTS: list[Part] = [
    value(external_secrets.VaultKey, {"key": "a"}, lambda made: {"keys": {"A": made}}),
    value(external_secrets.Extract, {"key": "a"}, lambda made: {"data_from": [made]}),
    value(external_secrets.Find, {"path": "a"}, lambda made: {"data_from": [made]}),
    value(external_secrets.Generator, {"kind": "UUID", "name": "u"}, lambda made: {"data_from": [made]}),
    value(
        external_secrets.RewriteRegexp,
        {"source": "a", "target": "b"},
        lambda made: {"data_from": [external_secrets.Extract(key="a", rewrite=[made])]},
    ),
    value(
        external_secrets.RewriteTransform,
        {"template": "a"},
        lambda made: {"data_from": [external_secrets.Extract(key="a", rewrite=[made])]},
    ),
    value(external_secrets.Template, {}, lambda made: {"keys": {"A": VALUE}, "template": made}),
    value(
        external_secrets.TemplateFrom,
        {"source": ConfigMap.existing("templates"), "keys": ["a"]},
        lambda made: {"keys": {"A": VALUE}, "template": external_secrets.Template(template_from=[made])},
    ),
    store(external_secrets.Condition, {"namespaces": ["a"]}, lambda made: {"conditions": [made]}),
    store(external_secrets.RetrySettings, {}, lambda made: {"retry_settings": made}),
    store(external_secrets.Vault, {"server": "http://vault", "auth": AUTH}, lambda made: {"provider": made}),
    *(
        store(part, fields, signed_in)
        for part, fields in (
            (external_secrets.KubernetesAuth, {"role": "a"}),
            (external_secrets.AppRoleAuth, {"role_id": "a", "secret_id": KEY}),
            (external_secrets.TokenAuth, {"token": KEY}),
            (external_secrets.JwtAuth, {"token": KEY}),
            (external_secrets.LdapAuth, {"username": "a", "password": KEY}),
            (external_secrets.UserPassAuth, {"username": "a", "password": KEY}),
            (external_secrets.CertAuth, {"client_cert": KEY, "client_key": KEY}),
            (external_secrets.IamAuth, {"role": "a"}),
            (external_secrets.GcpAuth, {"role": "a"}),
        )
    ),
    store(
        external_secrets.GcpWorkloadIdentity,
        {"service_account": ServiceAccount.existing("default")},
        lambda made: signed_in(external_secrets.GcpAuth(role="a", workload_identity=made)),
    ),
    route(
        traefik.Route,
        {"match": traefik.Host("shop.example.com"), "service": SERVICE},
        lambda made: {"routes": [made]},
    ),
    route(traefik.Backend, {"service": SERVICE}, lambda made: {"routes": {"shop.example.com": made}}),
    route(
        traefik.StickyCookie,
        {},
        lambda made: {"routes": {"shop.example.com": traefik.Backend(service=SERVICE, sticky=made)}},
    ),
    route(traefik.TLS, {}, lambda made: {"routes": {"shop.example.com": SERVICE}, "tls": made}),
    route(
        traefik.Domain,
        {"main": "example.com"},
        lambda made: {"routes": {"shop.example.com": SERVICE}, "tls": traefik.TLS(domains=[made])},
    ),
    rule(traefik.Host, {"name": "shop.example.com"}),
    tcp_rule(traefik.HostSNI, {"name": "shop.example.com"}),
    tcp_rule(traefik.ALPN, {"protocol": "h2"}),
    shared(traefik.Weighted, {"services": [BACKEND]}),
    shared(traefik.HighestRandomWeight, {"services": [BACKEND]}),
    shared(
        traefik.Mirror,
        {"to": SERVICE, "percent": 1},
        lambda made: traefik.Mirroring(to=SERVICE, mirrors=[made]),
    ),
    shared(traefik.Mirroring, {"to": SERVICE, "mirrors": [traefik.Mirror(to=SERVICE, percent=1)]}),
    shared(traefik.Failover, {"to": SERVICE, "fallback": BACKEND, "status": ["500"]}),
    shared(traefik.HealthCheck, {"path": "/"}, lambda made: outside(health_check=made)),
    shared(traefik.PassiveHealthCheck, {}, lambda made: outside(passive_health_check=made)),
    (traefik.TransportTLS, {}, traefik.ServersTransport, lambda made: {"tls": made, **NEWEST}),
    (
        traefik.Spiffe,
        {},
        traefik.ServersTransportTCP,
        lambda made: {"tls": traefik.TransportTLS(spiffe=made)},
    ),
    (
        traefik.ForwardingTimeouts,
        {},
        traefik.ServersTransport,
        lambda made: {"forwarding_timeouts": made},
    ),
    (
        traefik.ClientAuth,
        {"type": "NoClientCert"},
        traefik.TLSOption,
        lambda made: {"client_auth": made},
    ),
    tcp(traefik.TCPTLS, {}, lambda made: {"tls": made}),
    tcp(
        traefik.TCPRoute,
        {"match": traefik.HostSNI("*"), "services": [TCP_BACKEND]},
        lambda made: {"routes": [made]},
    ),
    tcp(
        traefik.TCPBackend,
        {"service": SERVICE},
        lambda made: {"routes": [traefik.TCPRoute(match=traefik.HostSNI("*"), services=[made])]},
    ),
    (
        traefik.UDPBackend,
        {"service": SERVICE},
        traefik.IngressRouteUDP,
        lambda made: {"services": [made], **NEWEST},
    ),
    (traefik.InFlightConn, {"amount": 1}, traefik.MiddlewareTCP, lambda made: {"spec": made}),
    (traefik.TCPIpAllowList, {"source_range": ["::1"]}, traefik.MiddlewareTCP, lambda made: {"spec": made}),
    (traefik.TCPIpWhiteList, {"source_range": ["::1"]}, traefik.MiddlewareTCP, lambda made: {"spec": made}),
    rule(traefik.PathPrefix, {"path": "/a"}),
    rule(traefik.Path, {"path": "/a"}),
    rule(traefik.Method, {"method": "GET"}),
    rule(traefik.ClientIP, {"address": "10.0.0.1"}),
    rule(traefik.Match, {"expression": "Host(`a`)"}),
    rule(traefik.Header, {"name": "a", "value": "b"}),
    rule(traefik.Query, {"name": "a", "value": "b"}),
    middleware(traefik.AddPrefix, {"prefix": "/a"}),
    middleware(traefik.StripPrefix, {"prefixes": ["/a"]}),
    middleware(traefik.StripPrefixRegex, {"regex": ["a"]}),
    middleware(traefik.ReplacePath, {"path": "/a"}),
    middleware(traefik.ReplacePathRegex, {"regex": "a", "replacement": "b"}),
    middleware(traefik.RedirectScheme, {"scheme": "https"}),
    middleware(traefik.RedirectRegex, {"regex": "a", "replacement": "b"}),
    middleware(traefik.BasicAuth, {"secret": SECRET}),
    middleware(traefik.DigestAuth, {"secret": SECRET}),
    middleware(traefik.ForwardAuth, {"address": "http://auth"}),
    middleware(traefik.ForwardAuthTLS, {}, lambda made: traefik.ForwardAuth(address="http://auth", tls=made)),
    middleware(traefik.IpAllowList, {"source_range": ["::1"]}),
    middleware(
        traefik.IpStrategy, {}, lambda made: traefik.IpAllowList(source_range=["::1"], ip_strategy=made)
    ),
    (
        traefik.IpWhiteList,
        {"source_range": ["::1"]},
        traefik.Middleware,
        lambda made: {"spec": made},
    ),
    middleware(traefik.Headers, {"frame_deny": True}),
    middleware(traefik.ContentType, {}),
    middleware(traefik.GrpcWeb, {"allow_origins": ["*"]}),
    middleware(traefik.RateLimit, {"average": 1}),
    middleware(
        traefik.SourceCriterion,
        {"request_host": True},
        lambda made: traefik.RateLimit(average=1, source_criterion=made),
    ),
    middleware(traefik.InFlightReq, {"amount": 1}),
    middleware(traefik.Retry, {"attempts": 1}),
    middleware(traefik.CircuitBreaker, {"expression": "a"}),
    middleware(traefik.Buffering, {}),
    middleware(traefik.Compress, {}),
    middleware(traefik.Errors, {"status": ["500"], "service": traefik.Backend(service=SERVICE)}),
    middleware(traefik.Chain, {"chained": [traefik.Middleware.existing("a")]}),
    middleware(traefik.Plugin, {"name": "a"}),
    application(argocd.GitDirectory, {"repo_url": URL, "path": "a"}, lambda made: {"source": made}),
    application(
        argocd.Jsonnet,
        {},
        lambda made: {"source": argocd.GitDirectory(repo_url=URL, path="a", jsonnet=made)},
    ),
    application(
        argocd.JsonnetVariable,
        {"name": "a", "value": "b"},
        lambda made: {
            "source": argocd.GitDirectory(
                repo_url=URL, path="a", jsonnet=argocd.Jsonnet(external_variables=[made])
            )
        },
    ),
    application(
        argocd.GitReference, {"repo_url": URL, "ref": "a"}, lambda made: {"source": None, "sources": [made]}
    ),
    application(
        argocd.HelmChart,
        {"repo_url": "https://charts.example.com", "chart": "a", "target_revision": "1"},
        lambda made: {"source": made},
    ),
    application(
        argocd.HelmParameter,
        {"name": "a", "value": "b"},
        lambda made: {"source": argocd.HelmDirectory(repo_url=URL, path="a", parameters=[made])},
    ),
    application(
        argocd.FileParameter,
        {"name": "a", "path": "b"},
        lambda made: {"source": argocd.HelmDirectory(repo_url=URL, path="a", file_parameters=[made])},
    ),
    application(argocd.HelmDirectory, {"repo_url": URL, "path": "a"}, lambda made: {"source": made}),
    application_set(argocd.ListGenerator, {"elements": [{"a": "b"}]}),
    application_set(argocd.GitDirectories, {"repo_url": URL, "revision": "a", "paths": ["b"]}),
    application_set(argocd.GitFiles, {"repo_url": URL, "revision": "a", "paths": ["b"]}),
    application_set(
        argocd.GitPath,
        {"path": "a"},
        lambda made: argocd.GitFiles(repo_url=URL, revision="a", paths=[made]),
    ),
    application_set(argocd.ClusterGenerator, {}),
    application_set(argocd.MatrixGenerator, {"generators": SET["generators"] * 2}),
    application_set(argocd.MergeGenerator, {"generators": SET["generators"] * 2, "merge_keys": ["a"]}),
    application_set(
        argocd.OtherGenerator, {"name": "scmProvider", "settings": {"github": {"organization": "a"}}}
    ),
    application_set(
        argocd.PullRequestGenerator, {"repository": argocd.GithubRepository(owner="a", repo="b")}
    ),
    application_set(
        argocd.PullRequestFilter,
        {"title_match": "a"},
        lambda made: argocd.PullRequestGenerator(
            repository=argocd.GithubRepository(owner="a", repo="b"), filters=[made]
        ),
    ),
    repository(argocd.GithubRepository, {"owner": "a", "repo": "b"}),
    repository(argocd.GitlabProject, {"project": "a"}),
    repository(argocd.GiteaRepository, {"owner": "a", "repo": "b", "api": "https://c"}),
    repository(argocd.BitbucketRepository, {"owner": "a", "repo": "b"}),
    repository(argocd.BitbucketServerRepository, {"project": "a", "repo": "b", "api": "https://c"}),
    repository(argocd.AzureDevOpsRepository, {"organization": "a", "project": "b", "repo": "c"}),
    repository(
        argocd.BasicAuth,
        {"username": "a", "password": KEY},
        lambda made: argocd.BitbucketRepository(owner="a", repo="b", basic_auth=made),
    ),
    (
        argocd.ApplicationTemplate,
        {"name": "shop", "source": SOURCE, "destination": argocd.Destination(namespace="shop")},
        argocd.ApplicationSet,
        lambda made: {**SET, "template": made},
    ),
    (
        argocd.RollingStep,
        {"match_expressions": [Requirement(key="a", operator="In", values=["b"])]},
        argocd.ApplicationSet,
        lambda made: {**SET, "rolling_steps": [made]},
    ),
    (
        argocd.IgnoredField,
        {"json_pointers": ["/a"]},
        argocd.ApplicationSet,
        lambda made: {**SET, "ignore_application_differences": [made]},
    ),
    application(argocd.PluginDirectory, {"repo_url": URL, "path": "a"}, lambda made: {"source": made}),
    application(
        argocd.PluginParameter,
        {"name": "a", "string": "b"},
        lambda made: {"source": argocd.PluginDirectory(repo_url=URL, path="a", parameters=[made])},
    ),
    application(
        argocd.SourceHydrator,
        {"dry": DRY, "branch": "a", "path": "b"},
        lambda made: {"source": None, "source_hydrator": made},
    ),
    project(
        argocd.DestinationServiceAccount,
        {"server": "*", "default_service_account": "a"},
        lambda made: {"destination_service_accounts": [made]},
    ),
    project(argocd.GitPolicy, {"repos": ["*"], "mode": "none"}, lambda made: {"source_integrity": [made]}),
    project(
        argocd.JwtToken,
        {"iat": 1},
        lambda made: {"roles": [argocd.Role(name="a", jwt_tokens=[made])]},
    ),
    application(argocd.Kustomize, {"repo_url": URL, "path": "a"}, lambda made: {"source": made}),
    application(
        argocd.Patch,
        {"path": "a"},
        lambda made: {"source": argocd.Kustomize(repo_url=URL, path="a", patches=[made])},
    ),
    application(
        argocd.PatchTarget,
        {},
        lambda made: {
            "source": argocd.Kustomize(repo_url=URL, path="a", patches=[argocd.Patch(path="a", target=made)])
        },
    ),
    application(
        argocd.NamespaceMetadata,
        {},
        lambda made: {
            "sync_policy": argocd.SyncPolicy(create_namespace=True, managed_namespace_metadata=made)
        },
    ),
    application(argocd.Destination, {}, lambda made: {"destination": made}),
    application(argocd.SyncPolicy, {}, lambda made: {"sync_policy": made}),
    application(argocd.Automated, {}, lambda made: {"sync_policy": argocd.SyncPolicy(automated=made)}),
    application(argocd.Retry, {}, lambda made: {"sync_policy": argocd.SyncPolicy(retry=made)}),
    application(
        argocd.Backoff, {}, lambda made: {"sync_policy": argocd.SyncPolicy(retry=argocd.Retry(backoff=made))}
    ),
    application(
        argocd.IgnoreDifference,
        {"kind": "Secret", "json_pointers": ["/data"]},
        lambda made: {"ignore_differences": [made]},
    ),
    application(argocd.Info, {"name": "a", "value": "b"}, lambda made: {"info": [made]}),
    project(
        argocd.ProjectDestination, {"server": "*", "namespace": "*"}, lambda made: {"destinations": [made]}
    ),
    project(
        argocd.GroupKind, {"group": "", "kind": "a"}, lambda made: {"cluster_resource_whitelist": [made]}
    ),
    project(argocd.Role, {"name": "a"}, lambda made: {"roles": [made]}),
    project(
        argocd.SyncWindow,
        {"kind": "allow", "schedule": "@daily", "duration": "1h", "clusters": ["*"]},
        lambda made: {"sync_windows": [made]},
    ),
    project(
        argocd.OrphanedResource,
        {},
        lambda made: {"orphaned_resources": argocd.OrphanedResources(ignore=[made])},
    ),
    project(argocd.OrphanedResources, {}, lambda made: {"orphaned_resources": made}),
    user(
        crossplane.ConnectionSecret,
        {"name": "a", "namespace": "b"},
        lambda made: {"write_connection_secret_to": made},
    ),
    mysql_grant(crossplane.Reference, {"to": crossplane.User.existing("u")}, lambda made: {"user": made}),
    mysql_grant(crossplane.Selector, {"match_labels": {"a": "b"}}, lambda made: {"database": made}),
    user(crossplane.ResolutionPolicy, {}, lambda made: {"provider_config_policy": made}),
    user(crossplane.ResourceOptions, {}, lambda made: {"resource_options": made}),
    user(crossplane.AuthenticationPlugin, {"name": "a"}, lambda made: {"authentication_plugin": made}),
    provider(crossplane.SecretKeyMapping, {}, lambda made: {"secret_key_mapping": made}),
    certificate(
        cert_manager.ExternalIssuer,
        {"group": "example.com", "kind": "PrivateIssuer", "name": "a"},
        lambda made: {"issuer": made},
    ),
    certificate(cert_manager.PrivateKey, {}, lambda made: {"private_key": made}),
    certificate(cert_manager.Subject, {}, lambda made: {"subject": made}),
    certificate(
        cert_manager.OtherName, {"oid": "1.2.3", "utf8_value": "a"}, lambda made: {"other_names": [made]}
    ),
    certificate(cert_manager.JksKeystore, {"password": KEY}, lambda made: {"jks": made}),
    certificate(cert_manager.Pkcs12Keystore, {"password": KEY}, lambda made: {"pkcs12": made}),
    certificate(
        cert_manager.NameConstraints,
        {"permitted": cert_manager.Names()},
        lambda made: {"is_ca": True, "name_constraints": made},
    ),
    certificate(
        cert_manager.Names,
        {},
        lambda made: {"is_ca": True, "name_constraints": cert_manager.NameConstraints(permitted=made)},
    ),
    certificate(cert_manager.Renewal, {}, lambda made: {"renewal": made}),
    certificate(
        cert_manager.RenewalWindow,
        {"cron": "0 2 * * 6", "duration": "4h"},
        lambda made: {"renewal": cert_manager.Renewal(windows=[made])},
    ),
    issuer(cert_manager.SelfSigned, {}),
    issuer(cert_manager.CertificateAuthority, {"secret": SECRET}),
    issuer(cert_manager.Acme, {"server": "https://acme", "account_key": "a", "solvers": []}),
    issuer(
        cert_manager.ExternalAccountBinding,
        {"key_id": "a", "key": KEY},
        lambda made: cert_manager.Acme(
            server="https://acme", account_key="a", solvers=[], external_account_binding=made
        ),
    ),
    solver(cert_manager.Http01Ingress, {}),
    solver(cert_manager.Http01Gateway, {"parents": [GATEWAY]}),
    solver(cert_manager.SolverPods, {}, lambda made: cert_manager.Http01Ingress(pods=made)),
    solver(cert_manager.AcmeDns, {"host": "a", "account": KEY}),
    solver(
        cert_manager.Akamai,
        {"service_consumer_domain": "a", "access_token": KEY, "client_secret": KEY, "client_token": KEY},
    ),
    solver(cert_manager.AzureDns, {"subscription_id": "a", "resource_group_name": "b"}),
    solver(
        cert_manager.AzureManagedIdentity,
        {},
        lambda made: cert_manager.AzureDns(
            subscription_id="a", resource_group_name="b", managed_identity=made
        ),
    ),
    solver(cert_manager.CloudDns, {"project": "a"}),
    solver(cert_manager.Cloudflare, {"api_token": KEY}),
    solver(cert_manager.DigitalOcean, {"token": KEY}),
    solver(cert_manager.Dns01Webhook, {"group_name": "a", "solver_name": "b"}),
    solver(cert_manager.Rfc2136, {"nameserver": "192.0.2.1"}),
    solver(cert_manager.Route53, {}),
    issuer(
        cert_manager.Vault,
        {"server": "https://v", "path": "pki", "auth": cert_manager.VaultToken(token=KEY)},
    ),
    vault(cert_manager.VaultToken, {"token": KEY}),
    vault(cert_manager.VaultAppRole, {"role_id": "a", "secret_id": KEY}),
    vault(cert_manager.VaultAws, {"role": "a"}),
    vault(cert_manager.VaultClientCertificate, {}),
    vault(cert_manager.VaultKubernetes, {"role": "a", "token": KEY}),
    issuer(cert_manager.Venafi, {"zone": "a", "server": cert_manager.VenafiCloud(api_token=KEY)}),
    *(
        issuer(part, fields, lambda made: cert_manager.Venafi(zone="a", server=made))
        for part, fields in (
            (cert_manager.VenafiCloud, {"api_token": KEY}),
            (cert_manager.VenafiNgts, {"tsg_id": "a", "credentials": SECRET}),
            (cert_manager.VenafiTpp, {"url": "https://v", "credentials": SECRET}),
        )
    ),
    ingress(
        networking.IngressPath, {"service": SERVICE}, lambda made: {"routes": {"shop.example.com": [made]}}
    ),
    ingress(networking.IngressBackend, {"service": SERVICE}, lambda made: {"default_backend": made}),
    ingress(networking.IngressTLS, {}, lambda made: {"tls": [made]}),
    at_gateway(gateway.Listener, {"name": "a", "port": 80}, lambda made: {"listeners": [made]}),
    at_gateway(gateway.GatewayAddress, {}, lambda made: {"addresses": [made]}),
    at_gateway(
        gateway.RouteKind,
        {"kind": "HTTPRoute"},
        lambda made: {"listeners": [gateway.Listener(name="a", port=80, route_kinds=[made])]},
    ),
    at_gateway(
        gateway.ClientValidation, {"ca_certificates": [SECRET]}, lambda made: {"client_validation": made}
    ),
    grant(gateway.GrantFrom, {"kind": "HTTPRoute", "namespace": "a"}, lambda made: {"allow_from": [made]}),
    grant(gateway.GrantTo, {"kind": "Service"}, lambda made: {"to": [made]}),
    http_route(gateway.HttpRule, {"backends": [SERVICE]}),
    http_route(
        gateway.HttpMatch, {"path": "/a"}, lambda made: gateway.HttpRule(matches=[made], backends=[SERVICE])
    ),
    http_route(gateway.HttpBackend, {"service": SERVICE}, lambda made: gateway.HttpRule(backends=[made])),
    http_route(
        gateway.Regex,
        {"pattern": "a"},
        lambda made: gateway.HttpRule(matches=[gateway.HttpMatch(headers={"a": made})], backends=[SERVICE]),
    ),
    http_route(gateway.Redirect, {"scheme": "https"}, lambda made: gateway.HttpRule(filters=[made])),
    *(
        http_route(
            part,
            fields,
            lambda made: gateway.HttpRule(
                matches=[gateway.HttpMatch(path="/a")], filters=[made], backends=[SERVICE]
            ),
        )
        for part, fields in (
            (gateway.Rewrite, {"path": "/b"}),
            (gateway.RequestHeaders, {"remove": ["a"]}),
            (gateway.ResponseHeaders, {"remove": ["a"]}),
            (gateway.Mirror, {"service": SERVICE}),
            (gateway.Cors, {}),
            (gateway.Extension, {"target": KEY.source}),
        )
    ),
    (
        gateway.GatewayListener,
        {"gateway": GATEWAY, "name": "a"},
        gateway.HTTPRoute,
        lambda made: {"parents": [made], "rules": [gateway.HttpRule(backends=[SERVICE])]},
    ),
    *(
        (part, fields, gateway.GRPCRoute, use)
        for part, fields, use in (
            (
                gateway.GrpcRule,
                {"backends": [SERVICE]},
                lambda made: {"parents": [GATEWAY], "rules": [made]},
            ),
            (
                gateway.GrpcMatch,
                {"service": "a"},
                lambda made: {
                    "parents": [GATEWAY],
                    "rules": [gateway.GrpcRule(matches=[made], backends=[SERVICE])],
                },
            ),
        )
    ),
    policy(networking.Pods, {"namespaces": LabelSelector()}),
    policy(networking.Dns, {}),
    policy(networking.IpBlock, {"cidr": "10.0.0.0/8"}),
    policy(networking.Anywhere, {}),
    policy(networking.Allow, {"peer": WEB}),
    policy(
        networking.PolicyPort,
        {"port": 80},
        lambda made: networking.Allow(networking.Anywhere(), ports=[made]),
    ),
    provider(crossplane.TLSConfig, {}, lambda made: {"tls": "custom", "tls_config": made}),
]


def named(value: Any) -> str:
    return getattr(value, "__name__", "").replace("<lambda>", "")


def check(make: Callable[[Component], KubernetesObject], what: str) -> None:
    shop = Component(Tree(), "shop", namespace="shop")
    try:
        made = make(shop)
    except ConstructError as error:
        message = str(error)
    else:
        assert [str(problem) for problem in kinds.validate(made.manifest)] == [], what
        return
    assert len(message) < 2000, f"{what}: the message is too long"
    assert not shop.node.children, f"{what}: it is in the tree"


@pytest.mark.parametrize(("construct", "given"), OBJECTS, ids=named)
def test_arguments_of_constructs(construct: Any, given: dict[str, Any]) -> None:
    valid = {"name": "name", **given}
    check(lambda scope: construct(scope, "made", **valid), construct.__name__)
    for argument in argument_types(construct.__dict__["__init__"].__wrapped__.__wrapped__):
        for number, junk in enumerate(JUNK):
            arguments = {**valid, argument: junk}
            what = f"{construct.__name__}.{argument} = JUNK[{number}]"
            check(partial(construct, id="made", **arguments), what)


@pytest.mark.parametrize(("part", "fields", "construct", "use"), PARTS, ids=named)
def test_fields_of_parts(part: Any, fields: dict[str, Any], construct: Any, use: Use) -> None:
    def make(scope: Component, fields: dict[str, Any]) -> KubernetesObject:
        made: KubernetesObject = construct(scope, "made", name="name", **use(part(**fields)))
        return made

    check(lambda scope: make(scope, fields), part.__name__)
    for field in part.__revalidate__.names:
        for number, junk in enumerate(JUNK):
            given = {**fields, field: junk}
            what = f"{part.__name__}.{field} = JUNK[{number}]"
            check(partial(make, fields=given), what)


def test_every_part_is_among_them() -> None:
    tried = {part for part, _, _, _ in PARTS}
    for package in (argocd, cert_manager, crossplane, external_secrets, gateway, networking, traefik):
        for name in package.__all__:
            exported = getattr(package, name)
            if hasattr(exported, "__revalidate__") and not exported.__subclasses__():
                assert exported in tried, f"{name} is not tried"
