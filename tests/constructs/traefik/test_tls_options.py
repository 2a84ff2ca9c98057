"""What Traefik says of TLS for many routes."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.config import Secret
from chores_infra.constructs.traefik import ClientAuth, Domain, TLSOption, TLSStore

OLD: Any = "traefik.containo.us/v1alpha1"
NEW: Any = "traefik.io/v1alpha1"
CERTIFICATE = Secret.existing("certificate")
AUTHORITY = Secret.existing("authority")
ELSEWHERE = Secret.existing("authority", namespace="web")


@pytest.mark.parametrize("api_version", [OLD, NEW])
def test_versions_ciphers_and_clients(shop: Component, valid: Any, api_version: Any) -> None:
    made = TLSOption(
        shop,
        "modern",
        name="modern",
        min_version="VersionTLS12",
        max_version="VersionTLS13",
        cipher_suites=["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
        curve_preferences=["CurveP521"],
        client_auth=ClientAuth(type="RequireAndVerifyClientCert", secrets=[AUTHORITY]),
        sni_strict=True,
        alpn_protocols=["h2", "http/1.1"],
        prefer_server_cipher_suites=True,
        api_version=api_version,
    )
    assert valid(made) == {
        "minVersion": "VersionTLS12",
        "maxVersion": "VersionTLS13",
        "cipherSuites": ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
        "curvePreferences": ["CurveP521"],
        "sniStrict": True,
        "alpnProtocols": ["h2", "http/1.1"],
        "preferServerCipherSuites": True,
        "clientAuth": {"secretNames": ["authority"], "clientAuthType": "RequireAndVerifyClientCert"},
    }


def test_session_tickets_are_switched_off_in_the_newer_group(
    shop: Component, valid: Any, refused: Any
) -> None:
    made = TLSOption(shop, "new", name="modern", disable_session_tickets=True, api_version=NEW)
    assert valid(made) == {"disableSessionTickets": True}
    problems = refused(lambda: TLSOption(shop, "old", name="old", disable_session_tickets=True))
    assert list(problems) == ["disable_session_tickets"]


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"min_version": "VersionTLS13", "max_version": "VersionTLS10"}, "max_version", "later version"),
        ({"min_version": "TLS13"}, "min_version", "'VersionTLS13'"),
        (
            {"client_auth": ClientAuth(type="VerifyClientCertIfGiven")},
            "client_auth.secrets",
            "needs the authorities",
        ),
        (
            {"client_auth": ClientAuth(type="RequestClientCert", secrets=[ELSEWHERE])},
            "client_auth.secrets[0]",
            "lives in namespace 'web'",
        ),
    ],
)
def test_options_that_cannot_be(
    shop: Component, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    problems = refused(lambda: TLSOption(shop, "o", name="o", **arguments))
    assert list(problems) == [argument]
    assert message in problems[argument]


@pytest.mark.parametrize("api_version", [OLD, NEW])
def test_a_store_of_certificates(shop: Component, valid: Any, api_version: Any) -> None:
    made = TLSStore(
        shop,
        "store",
        default_certificate=CERTIFICATE,
        certificates=[Secret.existing("other")],
        api_version=api_version,
    )
    assert made.manifest["metadata"]["name"] == "default"
    assert valid(made) == {
        "defaultCertificate": {"secretName": "certificate"},
        "certificates": [{"secretName": "other"}],
    }


def test_a_resolver_gets_the_default_certificate(shop: Component, valid: Any) -> None:
    domain = Domain(main="example.com", sans=["*.example.com"])
    made = TLSStore(shop, "store", default_resolver="letsencrypt", default_domain=domain)
    assert valid(made) == {
        "defaultGeneratedCert": {
            "resolver": "letsencrypt",
            "domain": {"main": "example.com", "sans": ["*.example.com"]},
        }
    }


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        ({"name": "mine"}, "name", "'default'"),
        ({"default_resolver": "a"}, "default_domain", "go together"),
        (
            {
                "default_certificate": CERTIFICATE,
                "default_resolver": "a",
                "default_domain": Domain(main="example.com"),
            },
            "default_resolver",
            "give one of them",
        ),
        ({"default_certificate": ELSEWHERE}, "default_certificate", "lives in namespace 'web'"),
        ({"certificates": [CERTIFICATE, ELSEWHERE]}, "certificates[1]", "lives in namespace 'web'"),
    ],
)
def test_stores_that_cannot_be(
    shop: Component, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    problems = refused(lambda: TLSStore(shop, "store", **arguments))
    assert list(problems) == [argument]
    assert message in problems[argument]
