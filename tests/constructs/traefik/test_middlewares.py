"""Middlewares: each thing that they can do, in both API groups."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from chores_infra.construct import Component
from chores_infra.constructs.config import Secret
from chores_infra.constructs.services import Service
from chores_infra.constructs.traefik import (
    AddPrefix,
    Backend,
    BasicAuth,
    Buffering,
    Chain,
    CircuitBreaker,
    Compress,
    ContentType,
    DigestAuth,
    Errors,
    ForwardAuth,
    ForwardAuthTLS,
    GrpcWeb,
    Headers,
    InFlightReq,
    IpAllowList,
    IpStrategy,
    IpWhiteList,
    Middleware,
    MiddlewareSpec,
    Plugin,
    RateLimit,
    RedirectRegex,
    RedirectScheme,
    ReplacePath,
    ReplacePathRegex,
    Retry,
    SourceCriterion,
    StickyCookie,
    StripPrefix,
    StripPrefixRegex,
)

OLD: Literal["traefik.containo.us/v1alpha1"] = "traefik.containo.us/v1alpha1"
NEW: Literal["traefik.io/v1alpha1"] = "traefik.io/v1alpha1"
USERS = Secret.existing("users")

BOTH: list[tuple[MiddlewareSpec, dict[str, Any]]] = [
    (AddPrefix(prefix="/api"), {"addPrefix": {"prefix": "/api"}}),
    (
        StripPrefix(prefixes=["/api", "/v1"], force_slash=False),
        {"stripPrefix": {"prefixes": ["/api", "/v1"], "forceSlash": False}},
    ),
    (StripPrefixRegex(regex=["/[a-z]+/"]), {"stripPrefixRegex": {"regex": ["/[a-z]+/"]}}),
    (ReplacePath(path="/index.html"), {"replacePath": {"path": "/index.html"}}),
    (
        ReplacePathRegex(regex="^/old/(.*)", replacement="/new/$1"),
        {"replacePathRegex": {"regex": "^/old/(.*)", "replacement": "/new/$1"}},
    ),
    (
        RedirectScheme(scheme="https", port=8443, permanent=True),
        {"redirectScheme": {"scheme": "https", "port": "8443", "permanent": True}},
    ),
    (
        RedirectRegex(regex="^http://a/(.*)", replacement="https://b/${1}", permanent=False),
        {
            "redirectRegex": {
                "regex": "^http://a/(.*)",
                "replacement": "https://b/${1}",
                "permanent": False,
            }
        },
    ),
    (
        BasicAuth(secret=USERS, realm="shop", header_field="X-User", remove_header=True),
        {
            "basicAuth": {
                "secret": "users",
                "realm": "shop",
                "headerField": "X-User",
                "removeHeader": True,
            }
        },
    ),
    (DigestAuth(secret=USERS), {"digestAuth": {"secret": "users"}}),
    (
        ForwardAuth(
            address="https://auth.example.com/verify?rd=1",
            trust_forward_header=True,
            auth_request_headers=["Accept"],
            auth_response_headers=["X-User"],
            auth_response_headers_regex="^X-",
            tls=ForwardAuthTLS(
                ca_secret=Secret.existing("ca"), cert_secret=USERS, insecure_skip_verify=False
            ),
        ),
        {
            "forwardAuth": {
                "address": "https://auth.example.com/verify?rd=1",
                "trustForwardHeader": True,
                "authRequestHeaders": ["Accept"],
                "authResponseHeaders": ["X-User"],
                "authResponseHeadersRegex": "^X-",
                "tls": {"caSecret": "ca", "certSecret": "users", "insecureSkipVerify": False},
            }
        },
    ),
    (
        IpAllowList(source_range=["10.0.0.0/8", "2001:db8::1"], ip_strategy=IpStrategy(depth=1)),
        {"ipAllowList": {"sourceRange": ["10.0.0.0/8", "2001:db8::1"], "ipStrategy": {"depth": 1}}},
    ),
    (
        Headers(
            custom_request_headers={"X-Script": "test", "X-Remove": ""},
            custom_response_headers={"X-Shop": "1"},
            access_control_allow_credentials=True,
            access_control_allow_headers=["*"],
            access_control_allow_methods=["GET", "PUT"],
            access_control_allow_origin_list=["https://shop.example.com"],
            access_control_allow_origin_list_regex=["^https://.*"],
            access_control_expose_headers=["X-Shop"],
            access_control_max_age=600,
            add_vary_header=True,
            allowed_hosts=["shop.example.com"],
            hosts_proxy_headers=["X-Forwarded-Host"],
            ssl_proxy_headers={"X-Forwarded-Proto": "https"},
            sts_seconds=31536000,
            sts_include_subdomains=True,
            sts_preload=True,
            force_sts_header=True,
            frame_deny=True,
            custom_frame_options_value="SAMEORIGIN",
            content_type_nosniff=True,
            browser_xss_filter=True,
            custom_browser_xss_value="1",
            content_security_policy="default-src 'self'",
            referrer_policy="same-origin",
            permissions_policy="camera=()",
            public_key="pin",
            is_development=False,
        ),
        {
            "headers": {
                "customRequestHeaders": {"X-Script": "test", "X-Remove": ""},
                "customResponseHeaders": {"X-Shop": "1"},
                "accessControlAllowCredentials": True,
                "accessControlAllowHeaders": ["*"],
                "accessControlAllowMethods": ["GET", "PUT"],
                "accessControlAllowOriginList": ["https://shop.example.com"],
                "accessControlAllowOriginListRegex": ["^https://.*"],
                "accessControlExposeHeaders": ["X-Shop"],
                "accessControlMaxAge": 600,
                "addVaryHeader": True,
                "allowedHosts": ["shop.example.com"],
                "hostsProxyHeaders": ["X-Forwarded-Host"],
                "sslProxyHeaders": {"X-Forwarded-Proto": "https"},
                "stsSeconds": 31536000,
                "stsIncludeSubdomains": True,
                "stsPreload": True,
                "forceSTSHeader": True,
                "frameDeny": True,
                "customFrameOptionsValue": "SAMEORIGIN",
                "contentTypeNosniff": True,
                "browserXssFilter": True,
                "customBrowserXSSValue": "1",
                "contentSecurityPolicy": "default-src 'self'",
                "referrerPolicy": "same-origin",
                "permissionsPolicy": "camera=()",
                "publicKey": "pin",
                "isDevelopment": False,
            }
        },
    ),
    (ContentType(auto_detect=False), {"contentType": {"autoDetect": False}}),
    (
        RateLimit(
            average=100,
            burst=50,
            period="1m",
            source_criterion=SourceCriterion(ip_strategy=IpStrategy(excluded_ips=["10.0.0.1"])),
        ),
        {
            "rateLimit": {
                "sourceCriterion": {"ipStrategy": {"excludedIPs": ["10.0.0.1"]}},
                "average": 100,
                "burst": 50,
                "period": "1m",
            }
        },
    ),
    (
        InFlightReq(amount=10, source_criterion=SourceCriterion(request_host=True)),
        {"inFlightReq": {"sourceCriterion": {"requestHost": True}, "amount": 10}},
    ),
    (Retry(attempts=4, initial_interval="100ms"), {"retry": {"attempts": 4, "initialInterval": "100ms"}}),
    (
        CircuitBreaker(
            expression="NetworkErrorRatio() > 0.30",
            check_period="100ms",
            fallback_duration="10s",
            recovery_duration="10s",
        ),
        {
            "circuitBreaker": {
                "expression": "NetworkErrorRatio() > 0.30",
                "checkPeriod": "100ms",
                "fallbackDuration": "10s",
                "recoveryDuration": "10s",
            }
        },
    ),
    (
        Buffering(
            max_request_body_bytes=2000000,
            mem_request_body_bytes=1048576,
            max_response_body_bytes=0,
            mem_response_body_bytes=1048576,
            retry_expression="IsNetworkError() && Attempts() < 2",
        ),
        {
            "buffering": {
                "maxRequestBodyBytes": 2000000,
                "memRequestBodyBytes": 1048576,
                "maxResponseBodyBytes": 0,
                "memResponseBodyBytes": 1048576,
                "retryExpression": "IsNetworkError() && Attempts() < 2",
            }
        },
    ),
    (Compress(), {"compress": {}}),
    (
        Compress(excluded_content_types=["text/event-stream"], min_response_body_bytes=1200),
        {"compress": {"excludedContentTypes": ["text/event-stream"], "minResponseBodyBytes": 1200}},
    ),
    (
        Errors(
            status=["404", "500-599"],
            query="/{status}.html",
            service=Backend(service=Service.existing("pages", namespace="web"), port=80),
        ),
        {
            "errors": {
                "status": ["404", "500-599"],
                "query": "/{status}.html",
                "service": {"name": "pages", "namespace": "web", "port": 80},
            }
        },
    ),
    (
        Chain(chained=[Middleware.existing("a"), Middleware.existing("b", namespace="traefik")]),
        {"chain": {"middlewares": [{"name": "a"}, {"name": "b", "namespace": "traefik"}]}},
    ),
    (
        Plugin(name="sablier", settings={"group": "shop", "dynamic": {"theme": "x"}}),
        {"plugin": {"sablier": {"group": "shop", "dynamic": {"theme": "x"}}}},
    ),
]
ONLY_OLD: list[tuple[MiddlewareSpec, dict[str, Any]]] = [
    (IpWhiteList(source_range=["10.0.0.0/8"]), {"ipWhiteList": {"sourceRange": ["10.0.0.0/8"]}})
]
ONLY_NEW: list[tuple[MiddlewareSpec, dict[str, Any], list[str]]] = [
    (GrpcWeb(allow_origins=["*"]), {"grpcWeb": {"allowOrigins": ["*"]}}, ["spec"]),
    (
        ForwardAuth(
            address="http://auth",
            add_auth_cookies_to_response=["session"],
            forward_body=True,
            header_field="X-User",
            max_body_size=1000,
            preserve_location_header=True,
            preserve_request_method=True,
        ),
        {
            "forwardAuth": {
                "address": "http://auth",
                "addAuthCookiesToResponse": ["session"],
                "forwardBody": True,
                "headerField": "X-User",
                "maxBodySize": 1000,
                "preserveLocationHeader": True,
                "preserveRequestMethod": True,
            }
        },
        [
            "spec.add_auth_cookies_to_response",
            "spec.forward_body",
            "spec.header_field",
            "spec.max_body_size",
            "spec.preserve_location_header",
            "spec.preserve_request_method",
        ],
    ),
    (
        IpAllowList(
            source_range=["2001:db8::/32"], reject_status_code=404, ip_strategy=IpStrategy(ipv6_subnet=64)
        ),
        {
            "ipAllowList": {
                "sourceRange": ["2001:db8::/32"],
                "ipStrategy": {"ipv6Subnet": 64},
                "rejectStatusCode": 404,
            }
        },
        ["spec.reject_status_code", "spec.ip_strategy.ipv6_subnet"],
    ),
    (
        RateLimit(average=1, source_criterion=SourceCriterion(ip_strategy=IpStrategy(ipv6_subnet=64))),
        {"rateLimit": {"sourceCriterion": {"ipStrategy": {"ipv6Subnet": 64}}, "average": 1}},
        ["spec.source_criterion.ip_strategy.ipv6_subnet"],
    ),
    (
        CircuitBreaker(expression="NetworkErrorRatio() > 0.30", response_code=503),
        {"circuitBreaker": {"expression": "NetworkErrorRatio() > 0.30", "responseCode": 503}},
        ["spec.response_code"],
    ),
    (
        Compress(included_content_types=["text/html"], default_encoding="gzip", encodings=["zstd", "br"]),
        {
            "compress": {
                "includedContentTypes": ["text/html"],
                "defaultEncoding": "gzip",
                "encodings": ["zstd", "br"],
            }
        },
        ["spec.included_content_types", "spec.default_encoding", "spec.encodings"],
    ),
    (
        Headers(content_security_policy_report_only="default-src 'self'"),
        {"headers": {"contentSecurityPolicyReportOnly": "default-src 'self'"}},
        ["spec.content_security_policy_report_only"],
    ),
    (
        Errors(
            status=["500"],
            service=Backend(service=Service.existing("pages"), port=80, sticky=StickyCookie(max_age=1)),
        ),
        {
            "errors": {
                "status": ["500"],
                "service": {"name": "pages", "port": 80, "sticky": {"cookie": {"maxAge": 1}}},
            }
        },
        ["spec.service.sticky.max_age"],
    ),
]


@pytest.mark.parametrize(
    ("api_version", "spec", "rendered"),
    [(OLD, *case) for case in BOTH + ONLY_OLD] + [(NEW, *case) for case in BOTH + [c[:2] for c in ONLY_NEW]],
)
def test_what_a_middleware_does(
    shop: Component, valid: Any, api_version: Any, spec: MiddlewareSpec, rendered: Any
) -> None:
    made = Middleware(shop, "middleware", name="middleware", spec=spec, api_version=api_version)
    assert valid(made) == rendered
    assert made.manifest["apiVersion"] == api_version


@pytest.mark.parametrize(("spec", "arguments"), [(spec, arguments) for spec, _, arguments in ONLY_NEW])
def test_what_the_older_group_does_not_have(
    shop: Component, refused: Any, spec: MiddlewareSpec, arguments: list[str]
) -> None:
    problems = refused(lambda: Middleware(shop, "middleware", name="middleware", spec=spec))
    assert sorted(problems) == sorted(arguments)
    assert all("api_version='traefik.io/v1alpha1'" in message for message in problems.values())


def test_what_the_newer_group_dropped(shop: Component, refused: Any) -> None:
    spec = IpWhiteList(source_range=["10.0.0.0/8"])
    problems = refused(lambda: Middleware(shop, "m", name="m", spec=spec, api_version=NEW))
    assert "traefik.containo.us/v1alpha1" in problems["spec"]


@pytest.mark.parametrize(
    ("spec", "argument", "message"),
    [
        (StripPrefix(prefixes=[]), "spec.prefixes", "at least one"),
        (StripPrefix(prefixes=["api"]), "spec.prefixes[0]", "starts with '/'"),
        (AddPrefix(prefix="api"), "spec.prefix", "starts with '/'"),
        (RedirectScheme(scheme="https", port=0), "spec.port", "1"),
        (BasicAuth(secret=Secret.existing("u", namespace="x")), "spec.secret", "lives in namespace 'x'"),
        (
            ForwardAuth(
                address="http://auth", tls=ForwardAuthTLS(ca_secret=Secret.existing("c", namespace="x"))
            ),
            "spec.tls.ca_secret",
            "lives in namespace 'x'",
        ),
        (ForwardAuth(address="auth.example.com"), "spec.address", "the URL of a service"),
        (ForwardAuth(address="https://user:pw@auth"), "spec.address", "the URL of a service"),
        (IpAllowList(source_range=[]), "spec.source_range", "at least one"),
        (IpAllowList(source_range=["10.0.0.0/33"]), "spec.source_range[0]", "10.0.0.0/33"),
        (
            IpAllowList(source_range=["::1"], ip_strategy=IpStrategy(depth=1, excluded_ips=["::1"])),
            "spec.ip_strategy.excluded_ips",
            "not both",
        ),
        (Headers(), "spec", "at least one header"),
        (
            Headers(access_control_allow_credentials=True, access_control_allow_origin_list=["*"]),
            "spec.access_control_allow_origin_list",
            "browsers refuse",
        ),
        (Headers(custom_request_headers={"X Y": "a"}), "spec.custom_request_headers", "header"),
        (RateLimit(average=-1), "spec.average", "0"),
        (RateLimit(average=1, period="1.5s"), "spec.period", "whole numbers"),
        (RateLimit(average=1, source_criterion=SourceCriterion()), "spec.source_criterion", "exactly one"),
        (
            InFlightReq(
                amount=1, source_criterion=SourceCriterion(request_host=True, request_header_name="X")
            ),
            "spec.source_criterion",
            "exactly one",
        ),
        (
            Compress(excluded_content_types=["a"], included_content_types=["b"]),
            "spec.included_content_types",
            "not both",
        ),
        (
            Errors(status=["5xx"], service=Backend(service=Service.existing("p"), port=80)),
            "spec.status[0]",
            "a status",
        ),
        (
            Errors(status=["500"], service=Backend(service=Service.existing("p", ports=[80]), port=81)),
            "spec.service.port",
            "it has 80",
        ),
        (Chain(chained=[]), "spec.chained", "at least one"),
    ],
)
def test_middlewares_that_cannot_be(
    shop: Component, refused: Any, spec: MiddlewareSpec, argument: str, message: str
) -> None:
    problems = refused(lambda: Middleware(shop, "m", name="m", spec=spec))
    assert argument in problems
    assert message in problems[argument]


def test_one_thing_per_object(shop: Component, refused: Any) -> None:
    several: Any = [StripPrefix(prefixes=["/a"]), Compress()]
    assert list(refused(lambda: Middleware(shop, "m", name="m", spec=several))) == ["spec"]
    nothing = refused(lambda: Middleware(shop, "m", name="m", spec=MiddlewareSpec()))
    assert "says nothing by itself; give one of its kinds, such as AddPrefix, BasicAuth" in nothing["spec"]


def test_a_chain_is_of_one_group(shop: Component, refused: Any, valid: Any) -> None:
    newer = Middleware(shop, "newer", name="newer", spec=Compress(), api_version=NEW)
    chain = Chain(chained=[newer])
    problems = refused(lambda: Middleware(shop, "chain", name="chain", spec=chain))
    assert "use one group" in problems["spec.chained[0]"]
    assert valid(Middleware(shop, "chain", name="chain", spec=chain, api_version=NEW))
