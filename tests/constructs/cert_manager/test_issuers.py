"""Issuers: who signs, how ACME challenges are solved, and in which namespace Secrets are."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.cert_manager import (
    Acme,
    AcmeDns,
    Akamai,
    Authority,
    AzureDns,
    AzureManagedIdentity,
    CertificateAuthority,
    CloudDns,
    Cloudflare,
    ClusterIssuer,
    DigitalOcean,
    Dns01Webhook,
    ExternalAccountBinding,
    Http01Gateway,
    Http01Ingress,
    Issuer,
    Rfc2136,
    Route53,
    SelfSigned,
    Solver,
    SolverPods,
    Vault,
    VaultAppRole,
    VaultAws,
    VaultClientCertificate,
    VaultKubernetes,
    VaultToken,
    Venafi,
    VenafiCloud,
    VenafiNgts,
    VenafiTpp,
)
from chores_infra.constructs.cluster import PriorityClass, ServiceAccount
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.gateway import Gateway
from chores_infra.constructs.networking import IngressClass
from chores_infra.constructs.resources import Resources
from chores_infra.constructs.scheduling import Affinity, PodAffinity, PodTerm, Toleration
from chores_infra.constructs.security import AppArmorProfile, PodSecurityContext

SECRET = Secret.existing("secret")
KEY = SECRET.key("key")
REFERENCE = {"name": "secret", "key": "key"}
ACCOUNT = ServiceAccount.existing("issuer")
LETSENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
PEM = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg=="


def issuer(shop: Component, authority: Any) -> Issuer:
    return Issuer(shop, "issuer", name="issuer", authority=authority)


def acme(*solvers: Solver, **arguments: Any) -> Acme:
    return Acme(**{"server": LETSENCRYPT, "account_key": "account", "solvers": list(solvers), **arguments})


def solved(shop: Component, valid: Any, solver: Solver) -> Any:
    (written,) = valid(issuer(shop, acme(solver)))["acme"]["solvers"]
    return written


class TestAcme:
    def test_the_example_of_the_documentation(self, tree: Tree, valid: Any) -> None:
        """https://cert-manager.io/docs/configuration/acme/#creating-a-basic-acme-issuer"""
        made = ClusterIssuer(
            tree,
            "staging",
            name="letsencrypt-staging",
            authority=Acme(
                email="user@example.com",
                server="https://acme-staging-v02.api.letsencrypt.org/directory",
                account_key="example-issuer-account-key",
                solvers=[Http01Ingress(ingress_class=IngressClass.existing("nginx"))],
            ),
        )
        assert valid(made) == {
            "acme": {
                "server": "https://acme-staging-v02.api.letsencrypt.org/directory",
                "email": "user@example.com",
                "privateKeySecretRef": {"name": "example-issuer-account-key"},
                "solvers": [{"http01": {"ingress": {"ingressClassName": "nginx"}}}],
            }
        }

    def test_everything_about_the_account(self, shop: Component, valid: Any) -> None:
        authority = acme(
            account_key=None,
            existing_account_key=KEY,
            external_account_binding=ExternalAccountBinding(key_id="id", key=KEY),
            ca_bundle=PEM,
            preferred_chain="ISRG Root X1",
            profile="shortlived",
            enable_duration_feature=True,
        )
        assert valid(issuer(shop, authority))["acme"] == {
            "server": LETSENCRYPT,
            "privateKeySecretRef": REFERENCE,
            "externalAccountBinding": {"keyID": "id", "keySecretRef": REFERENCE},
            "caBundle": PEM,
            "preferredChain": "ISRG Root X1",
            "profile": "shortlived",
            "enableDurationFeature": True,
            "solvers": [],
            "disableAccountKeyGeneration": True,
        }

    def test_which_certificates_a_solver_is_for(self, shop: Component, valid: Any) -> None:
        solver = DigitalOcean(
            token=KEY,
            dns_names=["*.example.com"],
            dns_zones=["example.com"],
            match_labels={"solver": "dns"},
            wait_instead_of_self_check="2m",
            cname_strategy="Follow",
        )
        assert solved(shop, valid, solver) == {
            "selector": {
                "dnsNames": ["*.example.com"],
                "dnsZones": ["example.com"],
                "matchLabels": {"solver": "dns"},
            },
            "waitInsteadOfSelfCheck": "2m",
            "dns01": {"cnameStrategy": "Follow", "digitalocean": {"tokenSecretRef": REFERENCE}},
        }

    @pytest.mark.parametrize(
        ("solver", "written"),
        [
            (
                AcmeDns(host="https://a", account=KEY),
                {"acmeDNS": {"host": "https://a", "accountSecretRef": REFERENCE}},
            ),
            (
                Akamai(service_consumer_domain="a", access_token=KEY, client_secret=KEY, client_token=KEY),
                {
                    "akamai": {
                        "serviceConsumerDomain": "a",
                        "accessTokenSecretRef": REFERENCE,
                        "clientSecretSecretRef": REFERENCE,
                        "clientTokenSecretRef": REFERENCE,
                    }
                },
            ),
            (
                AzureDns(
                    subscription_id="s",
                    resource_group_name="r",
                    hosted_zone_name="example.com",
                    environment="AzurePublicCloud",
                    zone_type="AzurePrivateZone",
                    client_id="c",
                    client_secret=KEY,
                    tenant_id="t",
                ),
                {
                    "azureDNS": {
                        "subscriptionID": "s",
                        "resourceGroupName": "r",
                        "hostedZoneName": "example.com",
                        "environment": "AzurePublicCloud",
                        "zoneType": "AzurePrivateZone",
                        "clientID": "c",
                        "clientSecretSecretRef": REFERENCE,
                        "tenantID": "t",
                    }
                },
            ),
            (
                AzureDns(
                    subscription_id="s",
                    resource_group_name="r",
                    managed_identity=AzureManagedIdentity(resource_id="i", tenant_id="t"),
                ),
                {
                    "azureDNS": {
                        "subscriptionID": "s",
                        "resourceGroupName": "r",
                        "managedIdentity": {"resourceID": "i", "tenantID": "t"},
                    }
                },
            ),
            (
                CloudDns(project="p", hosted_zone_name="z", service_account=KEY),
                {"cloudDNS": {"project": "p", "hostedZoneName": "z", "serviceAccountSecretRef": REFERENCE}},
            ),
            (Cloudflare(api_token=KEY), {"cloudflare": {"apiTokenSecretRef": REFERENCE}}),
            (
                Cloudflare(email="ops@example.com", api_key=KEY),
                {"cloudflare": {"email": "ops@example.com", "apiKeySecretRef": REFERENCE}},
            ),
            (
                Rfc2136(
                    nameserver="[2001:db8::1]:53",
                    protocol="TCP",
                    tsig_key_name="k",
                    tsig_algorithm="HMACSHA512",
                    tsig_secret=KEY,
                ),
                {
                    "rfc2136": {
                        "nameserver": "[2001:db8::1]:53",
                        "protocol": "TCP",
                        "tsigKeyName": "k",
                        "tsigAlgorithm": "HMACSHA512",
                        "tsigSecretSecretRef": REFERENCE,
                    }
                },
            ),
            (
                Route53(
                    region="eu-west-1",
                    hosted_zone_id="Z1",
                    access_key_id="AKIA",
                    secret_access_key=KEY,
                    role="r",
                ),
                {
                    "route53": {
                        "region": "eu-west-1",
                        "role": "r",
                        "hostedZoneID": "Z1",
                        "accessKeyID": "AKIA",
                        "secretAccessKeySecretRef": REFERENCE,
                    }
                },
            ),
            (
                Route53(access_key_id=KEY, secret_access_key=KEY),
                {"route53": {"accessKeyIDSecretRef": REFERENCE, "secretAccessKeySecretRef": REFERENCE}},
            ),
            (
                Route53(
                    role="arn:aws:iam::1:role/dns", service_account=ACCOUNT, audiences=["sts.amazonaws.com"]
                ),
                {
                    "route53": {
                        "role": "arn:aws:iam::1:role/dns",
                        "auth": {
                            "kubernetes": {
                                "serviceAccountRef": {"name": "issuer", "audiences": ["sts.amazonaws.com"]}
                            }
                        },
                    }
                },
            ),
            (
                Dns01Webhook(group_name="acme.example.com", solver_name="dns", config={"zone": {"id": 1}}),
                {
                    "webhook": {
                        "groupName": "acme.example.com",
                        "solverName": "dns",
                        "config": {"zone": {"id": 1}},
                    }
                },
            ),
        ],
    )
    def test_name_servers(self, shop: Component, valid: Any, solver: Solver, written: Any) -> None:
        assert solved(shop, valid, solver) == {"dns01": written}

    def test_everything_about_answers_over_http(self, shop: Component, valid: Any) -> None:
        solver = Http01Ingress(
            class_annotation="azure/application-gateway",
            service_type="ClusterIP",
            ingress_labels={"a": "b"},
            ingress_annotations={"c": "d"},
            pods=SolverPods(
                labels={"a": "b"},
                annotations={"c": "d"},
                node_selector={"kubernetes.io/os": "linux"},
                tolerations=[Toleration(operator="Exists")],
                affinity=Affinity(pod_anti=PodAffinity(required=[PodTerm(topology_key="zone")])),
                priority_class=PriorityClass.existing("high"),
                service_account=ACCOUNT,
                image_pull_secrets=[SECRET],
                security_context=PodSecurityContext(run_as_non_root=True),
                resources=Resources(limits={"memory": "64Mi"}),
            ),
        )
        metadata = {"labels": {"a": "b"}, "annotations": {"c": "d"}}
        own = {"matchLabels": {"acme.cert-manager.io/http01-solver": "true"}}
        required = "requiredDuringSchedulingIgnoredDuringExecution"
        assert solved(shop, valid, solver) == {
            "http01": {
                "ingress": {
                    "class": "azure/application-gateway",
                    "serviceType": "ClusterIP",
                    "ingressTemplate": {"metadata": metadata},
                    "podTemplate": {
                        "metadata": metadata,
                        "spec": {
                            "nodeSelector": {"kubernetes.io/os": "linux"},
                            "tolerations": [{"operator": "Exists"}],
                            "affinity": {
                                "podAntiAffinity": {required: [{"labelSelector": own, "topologyKey": "zone"}]}
                            },
                            "priorityClassName": "high",
                            "serviceAccountName": "issuer",
                            "imagePullSecrets": [{"name": "secret"}],
                            "securityContext": {"runAsNonRoot": True},
                            "resources": {"limits": {"memory": "64Mi"}},
                        },
                    },
                }
            }
        }

    def test_answers_at_a_gateway(self, shop: Component, valid: Any) -> None:
        gateway = Gateway.existing("public", namespace="edge")
        parents: list[Any] = [gateway.listener("http"), Gateway.existing("local"), gateway]
        solver = Http01Gateway(parents=parents, labels={"a": "b"}, service_type="NodePort")
        assert solved(shop, valid, solver) == {
            "http01": {
                "gatewayHTTPRoute": {
                    "serviceType": "NodePort",
                    "parentRefs": [
                        {"name": "public", "namespace": "edge", "sectionName": "http"},
                        {"name": "local"},
                        {"name": "public", "namespace": "edge"},
                    ],
                    "labels": {"a": "b"},
                }
            }
        }

    @pytest.mark.parametrize(
        ("solver", "problems"),
        [
            (
                AzureDns(subscription_id="s", resource_group_name="r", client_id="c"),
                ["client_secret", "tenant_id"],
            ),
            (Cloudflare(), ["api_token"]),
            (Cloudflare(api_token=KEY, api_key=KEY), ["api_token", "email"]),
            (Rfc2136(nameserver="ns", tsig_secret=KEY), ["tsig_key_name"]),
            (Rfc2136(nameserver="https://ns"), ["nameserver"]),
            (Route53(access_key_id="a"), ["access_key_id"]),
            (Route53(service_account=ACCOUNT), ["role"]),
            (Route53(audiences=["a"]), ["audiences"]),
            (DigitalOcean(token=ConfigMap.existing("a").key("b")), ["token"]),
            (Http01Ingress(ingress_class=IngressClass.existing("a"), ingress_name="b"), ["ingress_name"]),
            (Http01Ingress(dns_names=["*.example.com"]), ["dns_names[0]"]),
            (Http01Gateway(parents=[]), ["parents"]),
            (
                Http01Ingress(
                    pods=SolverPods(
                        security_context=PodSecurityContext(
                            app_armor_profile=AppArmorProfile(type="RuntimeDefault")
                        )
                    )
                ),
                ["pods.security_context.app_armor_profile"],
            ),
            (Dns01Webhook(group_name="a", solver_name="b", config={"a": object()}), ["config.a"]),
        ],
    )
    def test_solvers_that_cert_manager_would_refuse(
        self, shop: Component, refused: Any, solver: Solver, problems: list[str]
    ) -> None:
        found = refused(lambda: issuer(shop, acme(solver)))
        assert list(found) == [f"authority.solvers[0].{problem}" for problem in problems]

    @pytest.mark.parametrize(
        ("arguments", "problem"),
        [
            ({"account_key": None}, "account_key"),
            ({"existing_account_key": KEY}, "account_key"),
            ({"ca_bundle": PEM, "skip_tls_verify": True}, "skip_tls_verify"),
            ({"server": "letsencrypt"}, "server"),
            ({"email": "nobody"}, "email"),
        ],
    )
    def test_accounts_that_cert_manager_would_refuse(
        self, shop: Component, refused: Any, arguments: Any, problem: str
    ) -> None:
        assert list(refused(lambda: issuer(shop, acme(**arguments)))) == [f"authority.{problem}"]


VAULT: dict[str, Any] = {"server": "https://vault.example.com:8200", "path": "pki_int/sign/shop"}


class TestOtherAuthorities:
    def test_an_authority_in_a_secret(self, shop: Component, valid: Any) -> None:
        urls = ["http://a.example.com"]
        authority = CertificateAuthority(
            secret=SECRET, crl_distribution_points=urls, ocsp_servers=urls, issuing_certificate_urls=urls
        )
        assert valid(issuer(shop, authority))["ca"] == {
            "secretName": "secret",
            "crlDistributionPoints": urls,
            "ocspServers": urls,
            "issuingCertificateURLs": urls,
        }

    @pytest.mark.parametrize(
        ("auth", "written"),
        [
            (VaultToken(token=KEY), {"tokenSecretRef": REFERENCE}),
            (
                VaultAppRole(role_id="r", secret_id=KEY),
                {"appRole": {"path": "approle", "roleId": "r", "secretRef": REFERENCE}},
            ),
            (
                VaultClientCertificate(mount_path="/v1/auth/cert", secret=SECRET, name="shop"),
                {"clientCertificate": {"mountPath": "/v1/auth/cert", "secretName": "secret", "name": "shop"}},
            ),
            (
                VaultKubernetes(role="shop", service_account=ACCOUNT, audiences=["vault"]),
                {
                    "kubernetes": {
                        "role": "shop",
                        "serviceAccountRef": {"name": "issuer", "audiences": ["vault"]},
                    }
                },
            ),
            (
                VaultKubernetes(role="shop", mount_path="/v1/auth/k8s", token=KEY),
                {"kubernetes": {"role": "shop", "mountPath": "/v1/auth/k8s", "secretRef": REFERENCE}},
            ),
            (
                VaultAws(role="shop", region="eu-west-1", iam_role_arn="arn", service_account=ACCOUNT),
                {
                    "aws": {
                        "role": "shop",
                        "region": "eu-west-1",
                        "iamRoleArn": "arn",
                        "serviceAccountRef": {"name": "issuer"},
                    }
                },
            ),
        ],
    )
    def test_signing_in_to_vault(self, shop: Component, valid: Any, auth: Any, written: Any) -> None:
        assert valid(issuer(shop, Vault(auth=auth, **VAULT)))["vault"] == {**VAULT, "auth": written}

    def test_who_signed_vaults_own_certificate(self, shop: Component, valid: Any) -> None:
        vault = Vault(
            **VAULT,
            server_name="vault",
            namespace="team",
            auth=VaultToken(token=KEY),
            ca_bundle=KEY,
            client_cert=KEY,
            client_key=KEY,
        )
        written = valid(issuer(shop, vault))["vault"]
        assert {key: value for key, value in written.items() if key not in {*VAULT, "auth"}} == {
            "serverName": "vault",
            "namespace": "team",
            "caBundleSecretRef": REFERENCE,
            "clientCertSecretRef": REFERENCE,
            "clientKeySecretRef": REFERENCE,
        }

    @pytest.mark.parametrize(
        ("server", "written"),
        [
            (
                VenafiCloud(url="https://v", api_token=KEY),
                {"cloud": {"url": "https://v", "apiTokenSecretRef": REFERENCE}},
            ),
            (
                VenafiTpp(url="https://v", credentials=SECRET, ca_bundle=PEM),
                {"tpp": {"url": "https://v", "credentialsRef": {"name": "secret"}, "caBundle": PEM}},
            ),
            (
                VenafiNgts(tsg_id="1", credentials=SECRET, token_endpoint="https://t"),
                {"ngts": {"tsgID": "1", "credentialsRef": {"name": "secret"}, "tokenEndpoint": "https://t"}},
            ),
        ],
    )
    def test_venafi(self, shop: Component, valid: Any, server: Any, written: Any) -> None:
        assert valid(issuer(shop, Venafi(zone="shop", server=server)))["venafi"] == {
            "zone": "shop",
            **written,
        }

    @pytest.mark.parametrize(
        ("authority", "problems"),
        [
            (Vault(**VAULT, auth=VaultKubernetes(role="r")), ["auth.service_account"]),
            (Vault(**VAULT, auth=VaultKubernetes(role="r", token=KEY, audiences=["a"])), ["auth.audiences"]),
            (Vault(**VAULT, auth=VaultToken(token=KEY), client_key=KEY), ["client_cert"]),
            (Vault(**VAULT, auth=VaultToken(token=ConfigMap.existing("a").key("b"))), ["auth.token"]),
            (CertificateAuthority(secret=Secret.existing("a", keys=["tls.crt"])), ["secret"]),
            (SelfSigned(crl_distribution_points=[]), ["crl_distribution_points"]),
        ],
    )
    def test_what_cert_manager_would_refuse(
        self, shop: Component, refused: Any, authority: Any, problems: list[str]
    ) -> None:
        found = refused(lambda: issuer(shop, authority))
        assert list(found) == [f"authority.{problem}" for problem in problems]

    def test_the_bare_base_says_nothing(self, shop: Component, refused: Any) -> None:
        assert list(refused(lambda: issuer(shop, Authority()))) == ["authority"]


class TestNamespaces:
    def test_an_issuers_secrets_are_in_its_own(self, shop: Component, refused: Any) -> None:
        elsewhere = Secret.existing("token", namespace="other").key("token")
        assert refused(lambda: issuer(shop, acme(Cloudflare(api_token=elsewhere)))) == {
            "authority.solvers[0].api_token": "Secret 'token' lives in namespace 'other'; only one of "
            "namespace 'shop' can be used here"
        }

    def test_a_cluster_issuers_are_in_cert_managers(self, shop: Component, valid: Any, refused: Any) -> None:
        def made(namespace: str, **arguments: Any) -> ClusterIssuer:
            token = Secret.existing("token", namespace=namespace).key("token")
            authority = acme(Cloudflare(api_token=token))
            return ClusterIssuer(shop, "issuer", name="issuer", authority=authority, **arguments)

        assert list(refused(lambda: made("shop"))) == ["authority.solvers[0].api_token"]
        assert valid(made("cert-manager"))
        assert list(refused(lambda: made("cert-manager", resource_namespace="tls"))) == [
            "authority.solvers[0].api_token",
        ]
