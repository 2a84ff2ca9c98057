"""Middlewares that change or check headers: cross-origin requests, security headers, any others.

Source: https://doc.traefik.io/traefik/middlewares/http/headers/
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.constructs.traefik.fields import HeaderName
from chores_infra.constructs.traefik.middleware import MiddlewareSpec
from chores_infra.fields import Items, Pairs, Text

__all__ = ["ContentType", "GrpcWeb", "Headers"]

Methods = Items[Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "*"]]
Seconds = Annotated[int, Field(ge=0, le=2**63 - 1)]


@value_object
class Headers(MiddlewareSpec):
    """Set headers of requests and responses (an empty value removes one), and the usual security headers.

    ``access_control_...`` answer the browser's questions about cross-origin requests, ``sts_...`` make it
    stay with HTTPS. Ages are in seconds.
    """

    field: ClassVar[str] = "headers"
    only_new: ClassVar[frozenset[str]] = frozenset({"content_security_policy_report_only"})
    spelling = {  # noqa: RUF012  (a constant)
        "force_sts_header": "forceSTSHeader",
        "custom_browser_xss_value": "customBrowserXSSValue",
    }
    custom_request_headers: Pairs[HeaderName, str] | None = None
    custom_response_headers: Pairs[HeaderName, str] | None = None
    access_control_allow_credentials: bool | None = None
    access_control_allow_headers: Items[Text] | None = None
    access_control_allow_methods: Methods | None = None
    access_control_allow_origin_list: Items[Text] | None = None
    access_control_allow_origin_list_regex: Items[Text] | None = None
    access_control_expose_headers: Items[Text] | None = None
    access_control_max_age: Seconds | None = None
    add_vary_header: bool | None = None
    allowed_hosts: Items[Text] | None = None
    hosts_proxy_headers: Items[HeaderName] | None = None
    ssl_proxy_headers: Pairs[HeaderName, str] | None = None
    sts_seconds: Seconds | None = None
    sts_include_subdomains: bool | None = None
    sts_preload: bool | None = None
    force_sts_header: bool | None = None
    frame_deny: bool | None = None
    custom_frame_options_value: Text | None = None
    content_type_nosniff: bool | None = None
    browser_xss_filter: bool | None = None
    custom_browser_xss_value: Text | None = None
    content_security_policy: Text | None = None
    content_security_policy_report_only: Text | None = None
    referrer_policy: Text | None = None
    permissions_policy: Text | None = None
    public_key: Text | None = None
    is_development: bool | None = None

    def check(self, problems: Problems) -> None:
        """Refuse nothing at all, and what browsers refuse."""
        if not vars(self):
            problems.add("", "it does nothing; give at least one header")
        origins = self.access_control_allow_origin_list or ()
        if self.access_control_allow_credentials and "*" in origins:
            problems.add(
                "access_control_allow_origin_list",
                "browsers refuse credentials from any origin; name the origins instead of '*'",
            )


@value_object
class ContentType(MiddlewareSpec):
    """Guess the type of responses that have none (Traefik 2: unless ``auto_detect`` is False)."""

    field: ClassVar[str] = "contentType"
    auto_detect: bool | None = None


@value_object
class GrpcWeb(MiddlewareSpec):
    """Translate gRPC-Web to gRPC for browsers; ``"*"`` allows any origin."""

    field: ClassVar[str] = "grpcWeb"
    group = "traefik.io/v1alpha1"
    allow_origins: Annotated[Items[Text], Field(min_length=1)]
