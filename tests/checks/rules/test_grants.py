"""Which references of the Gateway API a ReferenceGrant allows.

Source: https://gateway-api.sigs.k8s.io/api-types/referencegrant/
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: edge}
spec: {rules: [{backendRefs: [{name: shop, namespace: shop, port: 80}]}]}
"""
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: main, namespace: edge}
spec: {listeners: [{tls: {certificateRefs: [{name: shop, namespace: shop}]}}]}
"""
GRANT = """\
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: edge, namespace: shop}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge}]
  to: [{group: "", kind: Service, name: shop}]
"""
CERTIFICATE_GRANT = GRANT.replace("HTTPRoute", "Gateway").replace("kind: Service", "kind: Secret")


@pytest.mark.parametrize(
    "text",
    [
        ROUTE + GRANT,
        ROUTE + GRANT.replace(", name: shop}]", "}]"),
        GATEWAY + CERTIFICATE_GRANT,
        ROUTE.replace("namespace: shop, port", "namespace: edge, port"),
        ROUTE.replace(", namespace: shop, port", ", port"),
    ],
)
def test_an_allowed_reference(found: Callable[..., dict[str, str]], text: str) -> None:
    assert not found("grant-missing", text)


@pytest.mark.parametrize(
    "grant",
    [
        "",
        GRANT.replace("namespace: shop}", "namespace: blog}"),
        GRANT.replace("namespace: edge}", "namespace: other}"),
        GRANT.replace("HTTPRoute", "GRPCRoute"),
        GRANT.replace("name: shop}]", "name: blog}]"),
        GRANT.replace("kind: Service", "kind: Secret"),
    ],
)
def test_a_reference_that_is_not_allowed(found: Callable[..., dict[str, str]], grant: str) -> None:
    findings = found("grant-missing", ROUTE + grant)

    # Without Applications it is not known that the manifests are all there is.
    assert list(findings) == ["spec.rules[0].backendRefs[0].namespace"]
    assert next(iter(findings.values())).startswith("warning: no ReferenceGrant in namespace shop")


def test_a_certificate(found: Callable[..., dict[str, str]]) -> None:
    assert list(found("grant-missing", GATEWAY + GRANT)) == [
        "spec.listeners[0].tls.certificateRefs[0].namespace"
    ]
