"""Certificates: names, times, keys, and the Secret that others take them from."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component, Tree
from chores_infra.constructs.cert_manager import (
    Acme,
    Certificate,
    CertificateAuthority,
    ClusterIssuer,
    ExternalIssuer,
    Issuer,
    JksKeystore,
    NameConstraints,
    Names,
    OtherName,
    Pkcs12Keystore,
    PrivateKey,
    Renewal,
    RenewalWindow,
    SelfSigned,
    Subject,
)
from chores_infra.constructs.config import Secret
from chores_infra.constructs.containers import Container
from chores_infra.constructs.external_secrets import ExternalSecret
from chores_infra.constructs.images import Image
from chores_infra.constructs.services import Service
from chores_infra.constructs.traefik import TLS, IngressRoute
from chores_infra.constructs.volumes import SecretVolume
from chores_infra.constructs.workloads import Deployment
from chores_infra.errors import ConstructError

ISSUER = ClusterIssuer.existing("letsencrypt")
PASSWORD = Secret.existing("keystore", keys=["password"]).key("password")
HOSTS = ["shop.example.com"]


def certificate(scope: Any, id: str = "tls", **arguments: Any) -> Certificate:
    return Certificate(scope, id, **{"name": "shop-tls", "issuer": ISSUER, "dns_names": HOSTS, **arguments})


def test_the_example_of_the_documentation(tree: Tree, valid: Any) -> None:
    """https://cert-manager.io/docs/usage/certificate/ (with 90 days, renewed 15 days before)"""
    made = certificate(
        tree,
        name="example-com",
        namespace="sandbox",
        secret_name="example-com-tls",
        secret_annotations={"my-secret-annotation-1": "foo"},
        secret_labels={"my-secret-label": "foo"},
        private_key=PrivateKey(algorithm="RSA", encoding="PKCS1", size=2048),
        duration="2160h",
        renew_before="360h",
        is_ca=False,
        usages=["server auth", "client auth"],
        subject=Subject(organizations=["jetstack"]),
        common_name="example.com",
        dns_names=["example.com", "www.example.com"],
        uris=["spiffe://cluster.local/ns/sandbox/sa/example"],
        ip_addresses=["192.168.0.5"],
        email_addresses=["john.doe@example.com"],
        issuer=Issuer.existing("ca-issuer"),
    )
    assert valid(made) == {
        "secretName": "example-com-tls",
        "secretTemplate": {
            "annotations": {"my-secret-annotation-1": "foo"},
            "labels": {"my-secret-label": "foo"},
        },
        "privateKey": {"algorithm": "RSA", "encoding": "PKCS1", "size": 2048},
        "duration": "2160h",
        "renewBefore": "360h",
        "isCA": False,
        "usages": ["server auth", "client auth"],
        "subject": {"organizations": ["jetstack"]},
        "commonName": "example.com",
        "dnsNames": ["example.com", "www.example.com"],
        "uris": ["spiffe://cluster.local/ns/sandbox/sa/example"],
        "ipAddresses": ["192.168.0.5"],
        "emailAddresses": ["john.doe@example.com"],
        "issuerRef": {"kind": "Issuer", "name": "ca-issuer"},
    }


def test_everything_else(shop: Component, valid: Any) -> None:
    made = certificate(
        shop,
        issuer=ExternalIssuer(group="awspca.cert-manager.io", kind="AWSPCAClusterIssuer", name="pca"),
        dns_names=["*.example.com"],
        other_names=[OtherName(oid="1.3.6.1.4.1.311.20.2.3", utf8_value="ops@example.com")],
        literal_subject="CN=shop,O=Example",
        renew_before_percentage=25,
        renewal=Renewal(
            policy="RenewBefore",
            windows=[RenewalWindow(cron="0 2 * * 6", duration="4h", timezone="Europe/Amsterdam")],
        ),
        private_key=PrivateKey(algorithm="ECDSA", size=384, rotation_policy="Always"),
        signature_algorithm="ECDSAWithSHA384",
        encode_usages_in_request=False,
        is_ca=True,
        name_constraints=NameConstraints(
            critical=True,
            permitted=Names(dns_domains=["example.com"], ip_ranges=["10.0.0.0/8"]),
            excluded=Names(email_addresses=["example.org"], uri_domains=["example.org"]),
        ),
        jks=JksKeystore(password=PASSWORD, alias="shop"),
        pkcs12=Pkcs12Keystore(password=PASSWORD, profile="Modern2023"),
        additional_output_formats=["CombinedPEM", "DER"],
        revision_history_limit=1,
    )
    password = {"passwordSecretRef": {"name": "keystore", "key": "password"}}
    assert valid(made) == {
        "secretName": "shop-tls",
        "issuerRef": {"group": "awspca.cert-manager.io", "kind": "AWSPCAClusterIssuer", "name": "pca"},
        "dnsNames": ["*.example.com"],
        "otherNames": [{"oid": "1.3.6.1.4.1.311.20.2.3", "utf8Value": "ops@example.com"}],
        "literalSubject": "CN=shop,O=Example",
        "renewBeforePercentage": 25,
        "renewal": {
            "policy": "RenewBefore",
            "windows": [{"cron": "0 2 * * 6", "windowDuration": "4h", "timezone": "Europe/Amsterdam"}],
        },
        "privateKey": {"algorithm": "ECDSA", "size": 384, "rotationPolicy": "Always"},
        "signatureAlgorithm": "ECDSAWithSHA384",
        "encodeUsagesInRequest": False,
        "isCA": True,
        "nameConstraints": {
            "critical": True,
            "permitted": {"dnsDomains": ["example.com"], "ipRanges": ["10.0.0.0/8"]},
            "excluded": {"emailAddresses": ["example.org"], "uriDomains": ["example.org"]},
        },
        "keystores": {
            "jks": {"create": True, **password, "alias": "shop"},
            "pkcs12": {"create": True, **password, "profile": "Modern2023"},
        },
        "additionalOutputFormats": [{"type": "CombinedPEM"}, {"type": "DER"}],
        "revisionHistoryLimit": 1,
    }
    assert set(made.secret.keys or ()) == {
        *("tls.crt", "tls.key", "ca.crt", "tls-combined.pem", "key.der"),
        *("keystore.jks", "truststore.jks", "keystore.p12", "truststore.p12"),
    }


class TestSecret:
    def test_pods_read_its_keys(self, shop: Component) -> None:
        tls = certificate(shop)
        program = Container(
            name="web", image=Image(repository="shop", tag="1.4.2"), env={"CERTIFICATE": tls.key("tls.crt")}
        )
        volume = SecretVolume(name="tls", source=tls, items={"tls.key": "key.pem"})
        made = Deployment(
            shop, "web", name="web", selector={"app": "web"}, containers=[program], volumes=[volume]
        )
        pod = made.manifest["spec"]["template"]["spec"]
        key = {"name": "shop-tls", "key": "tls.crt"}
        assert pod["containers"][0]["env"] == [{"name": "CERTIFICATE", "valueFrom": {"secretKeyRef": key}}]
        assert pod["volumes"][0]["secret"]["secretName"] == "shop-tls"

    def test_another_key_is_refused(self, shop: Component) -> None:
        with pytest.raises(ConstructError) as caught:
            certificate(shop).key("tls.pem")
        wrong = "Secret 'shop-tls' has no key 'tls.pem'; it has ca.crt, tls.crt, tls.key"
        assert str(caught.value) == f"shop/tls: key: {wrong}"

    def test_acme_authorities_give_no_certificate_of_their_own(self, shop: Component) -> None:
        acme = Acme(server="https://acme.example.com/directory", account_key="acme", solvers=[])
        issuer = Issuer(shop, "acme", name="acme", authority=acme)
        assert certificate(shop, issuer=issuer).secret.keys == frozenset({"tls.crt", "tls.key"})

    def test_traefik_takes_a_certificate(self, shop: Component, valid: Any) -> None:
        tls = TLS(secret=certificate(shop))
        route = IngressRoute(
            shop, "route", name="web", routes={HOSTS[0]: Service.existing("web", ports=[80])}, tls=tls
        )
        assert valid(route)["tls"] == {"secretName": "shop-tls"}

    def test_traefik_refuses_one_for_other_hosts(self, shop: Component, refused: Any) -> None:
        made = certificate(shop)
        routes = {"shop.example.org": Service.existing("web", ports=[80])}
        found = refused(lambda: IngressRoute(shop, "r", name="web", routes=routes, tls=TLS(secret=made)))
        assert found == {"tls.secret": "Certificate 'shop-tls' is for none of the hosts: shop.example.org"}

    def test_another_partys_secret_may_be_called_otherwise(self, tree: Tree) -> None:
        found = Certificate.existing("shop", namespace="shop", secret_name="shop-tls", keys=["tls.crt"])
        assert (found.secret.name, found.secret.namespace) == ("shop-tls", "shop")
        assert found.covers("anything.example.com")
        assert Certificate.existing("shop").secret.name == "shop"

    def test_an_authority_takes_it(self, shop: Component, valid: Any) -> None:
        root = certificate(shop, is_ca=True)
        issuer = Issuer(shop, "ca", name="ca", authority=CertificateAuthority(secret=root))
        assert valid(issuer) == {"ca": {"secretName": "shop-tls"}}


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("shop.example.com", True),
        ("a.wild.example.com", True),
        ("*.wild.example.com", True),
        ("wild.example.com", False),
        ("a.b.wild.example.com", False),
        ("other.example.com", False),
    ],
)
def test_which_hosts_it_is_for(shop: Component, host: str, covered: bool) -> None:
    assert certificate(shop, dns_names=[*HOSTS, "*.wild.example.com"]).covers(host) is covered


@pytest.mark.parametrize(
    ("arguments", "problems"),
    [
        ({"dns_names": None}, {"dns_names": "expected at least one name that the certificate is for"}),
        ({"duration": "59m"}, {"duration": "expected at least 1h, found '59m'"}),
        ({"renew_before": "4m59s"}, {"renew_before": "expected at least 5m, found '4m59s'"}),
        (
            {"duration": "24h", "renew_before": "1440m"},
            {"renew_before": "expected less than the duration of 24h, found '1440m'"},
        ),
        (
            {"renew_before": "2160h"},
            {"renew_before": "expected less than 90 days, the default, found '2160h'"},
        ),
        (
            {"duration": "1h", "renew_before_percentage": 8},
            {"renew_before_percentage": "8 per cent of the duration of 1h is less than 5 minutes"},
        ),
        (
            {"renew_before": "1h", "renew_before_percentage": 10},
            {"renew_before_percentage": "give renew_before or renew_before_percentage, not both"},
        ),
        (
            {"private_key": PrivateKey(size=1024)},
            {"private_key.size": "expected 2048 to 8192 for RSA, found 1024"},
        ),
        (
            {"private_key": PrivateKey(algorithm="ECDSA", size=512)},
            {"private_key.size": "expected 256, 384 or 521 for ECDSA, found 512"},
        ),
        (
            {"private_key": PrivateKey(algorithm="Ed25519", size=256)},
            {"private_key.size": "keys of Ed25519 have one size; leave it out"},
        ),
        (
            {"signature_algorithm": "ECDSAWithSHA256"},
            {"signature_algorithm": "ECDSAWithSHA256 cannot be made with a key of RSA"},
        ),
        (
            {"name_constraints": NameConstraints()},
            {"name_constraints.permitted": "give permitted, excluded or both"},
        ),
        (
            {"name_constraints": NameConstraints(permitted=Names())},
            {"name_constraints": "only an authority has them: is_ca=True"},
        ),
        (
            {"literal_subject": "CN=a", "common_name": "a", "subject": Subject()},
            {
                "common_name": "literal_subject says it all; give one of them",
                "subject": "literal_subject says it all; give one of them",
            },
        ),
        (
            {"secret_annotations": {"cert-manager.io/issuer-name": "a"}},
            {"secret_annotations.cert-manager.io/issuer-name": "cert-manager sets its annotations itself"},
        ),
        (
            {"additional_output_formats": ["DER", "DER"]},
            {"additional_output_formats[1]": "'DER' is there already, as additional_output_formats[0]"},
        ),
        (
            {
                "issuer": Issuer.existing("ca", namespace="other"),
                "jks": JksKeystore(password=Secret.existing("p", namespace="other").key("p")),
            },
            {
                "issuer": "Issuer 'ca' lives in namespace 'other'; only one of namespace 'shop' can be "
                "used here",
                "jks.password": "Secret 'p' lives in namespace 'other'; only one of namespace 'shop' can be "
                "used here",
            },
        ),
        (
            {"issuer": "letsencrypt"},
            {
                "issuer": "expected an Issuer, a ClusterIssuer or an ExternalIssuer; not a name, "
                "found 'letsencrypt'"
            },
        ),
    ],
)
def test_what_cert_manager_would_refuse(shop: Component, refused: Any, arguments: Any, problems: Any) -> None:
    assert refused(lambda: certificate(shop, **arguments)) == problems


def test_an_external_secret_is_no_certificate(shop: Component, refused: Any) -> None:
    source = ExternalSecret.existing("ca", keys=["ca.crt"])
    authority = CertificateAuthority(secret=source)
    assert refused(lambda: Issuer(shop, "ca", name="ca", authority=authority)) == {
        "authority.secret": "Secret 'ca' has no key 'tls.key'; it has ca.crt"
    }


def test_a_root_signs_itself(shop: Component, valid: Any) -> None:
    root = Issuer(shop, "root", name="root", authority=SelfSigned(crl_distribution_points=["http://crl"]))
    assert valid(root) == {"selfSigned": {"crlDistributionPoints": ["http://crl"]}}
