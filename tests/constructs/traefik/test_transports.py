"""How Traefik connects to pods."""

from __future__ import annotations

from typing import Any

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.config import ConfigMap, Secret
from chores_infra.constructs.traefik import (
    ForwardingTimeouts,
    ServersTransport,
    ServersTransportTCP,
    Spiffe,
    TransportTLS,
)

OLD: Any = "traefik.containo.us/v1alpha1"
NEW: Any = "traefik.io/v1alpha1"
AUTHORITY = Secret.existing("authority")
BUNDLE = ConfigMap.existing("bundle")
CLIENT = Secret.existing("client")


def test_everything_of_the_newer_group(shop: Component, valid: Any) -> None:
    made = ServersTransport(
        shop,
        "transport",
        name="mtls",
        tls=TransportTLS(
            server_name="shop.example.com",
            root_cas=[AUTHORITY, BUNDLE],
            certificates=[CLIENT],
            peer_cert_uri="spiffe://example.com/shop",
            spiffe=Spiffe(trust_domain="example.com"),
        ),
        min_version="VersionTLS12",
        max_version="VersionTLS13",
        cipher_suites=["TLS_AES_128_GCM_SHA256"],
        max_idle_conns_per_host=-1,
        forwarding_timeouts=ForwardingTimeouts(dial_timeout="5s", ping_timeout="15s"),
        disable_http2=True,
        api_version=NEW,
    )
    assert valid(made) == {
        "serverName": "shop.example.com",
        "rootCAs": [{"secret": "authority"}, {"configMap": "bundle"}],
        "certificatesSecrets": ["client"],
        "peerCertURI": "spiffe://example.com/shop",
        "spiffe": {"trustDomain": "example.com"},
        "minVersion": "VersionTLS12",
        "maxVersion": "VersionTLS13",
        "cipherSuites": ["TLS_AES_128_GCM_SHA256"],
        "maxIdleConnsPerHost": -1,
        "forwardingTimeouts": {"dialTimeout": "5s", "pingTimeout": "15s"},
        "disableHTTP2": True,
    }


def test_the_older_group_spells_authorities_in_its_own_way(shop: Component, valid: Any) -> None:
    tls = TransportTLS(root_cas=[AUTHORITY])
    made = ServersTransport(shop, "transport", name="mtls", tls=tls, api_version=OLD)
    assert valid(made) == {"rootCAsSecrets": ["authority"]}


def test_what_only_the_newer_group_has(shop: Component, refused: Any) -> None:
    problems = refused(
        lambda: ServersTransport(
            shop,
            "transport",
            name="mtls",
            tls=TransportTLS(root_cas=[AUTHORITY, BUNDLE], spiffe=Spiffe(ids=["spiffe://example.com/a"])),
            min_version="VersionTLS12",
            cipher_suites=[],
            api_version=OLD,
        )
    )
    assert list(problems) == ["min_version", "cipher_suites", "tls.root_cas[1]", "tls.spiffe"]
    assert all("use api_version='traefik.io/v1alpha1'" in message for message in problems.values())


@pytest.mark.parametrize(
    ("arguments", "argument", "message"),
    [
        (
            {"min_version": "VersionTLS13", "max_version": "VersionTLS12"},
            "max_version",
            "'VersionTLS13' or a later version",
        ),
        (
            {"tls": TransportTLS(root_cas=[Secret.existing("ca", namespace="web")])},
            "tls.root_cas[0]",
            "lives in namespace 'web'",
        ),
        (
            {"tls": TransportTLS(certificates=[Secret.existing("client", namespace="web")])},
            "tls.certificates[0]",
            "lives in namespace 'web'",
        ),
        (
            {"tls": TransportTLS(insecure_skip_verify=True, root_cas=[AUTHORITY])},
            "tls.insecure_skip_verify",
            "nobody looks at root_cas",
        ),
        (
            {"tls": TransportTLS(spiffe=Spiffe(ids=["a"], trust_domain="b"))},
            "tls.spiffe.trust_domain",
            "not both",
        ),
        (
            {"forwarding_timeouts": ForwardingTimeouts(dial_timeout="1.5s")},
            "forwarding_timeouts.dial_timeout",
            "whole",
        ),
        ({"max_idle_conns_per_host": -2}, "max_idle_conns_per_host", "at least -1"),
    ],
)
def test_what_cannot_be(
    shop: Component, refused: Any, arguments: dict[str, Any], argument: str, message: str
) -> None:
    problems = refused(lambda: ServersTransport(shop, "t", name="t", api_version=NEW, **arguments))
    assert list(problems) == [argument]
    assert message in problems[argument]


def test_connections_of_tcp(shop: Component, valid: Any, refused: Any) -> None:
    made = ServersTransportTCP(
        shop,
        "transport",
        name="proxied",
        tls=TransportTLS(server_name="db.example.com", root_cas=[BUNDLE]),
        dial_timeout="5s",
        dial_keep_alive="30s",
        termination_delay="100ms",
        proxy_protocol=2,
    )
    assert valid(made) == {
        "dialTimeout": "5s",
        "dialKeepAlive": "30s",
        "terminationDelay": "100ms",
        "proxyProtocol": {"version": 2},
        "tls": {"serverName": "db.example.com", "rootCAs": [{"configMap": "bundle"}]},
    }
    elsewhere = TransportTLS(root_cas=[ConfigMap.existing("ca", namespace="web")])
    assert "tls.root_cas[0]" in refused(lambda: ServersTransportTCP(shop, "t", name="t", tls=elsewhere))
