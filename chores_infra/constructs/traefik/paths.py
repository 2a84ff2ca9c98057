"""Middlewares that change where a request goes: its path, or by a redirect its whole URL.

Source: https://doc.traefik.io/traefik/middlewares/http/overview/
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from chores_infra.arguments import value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.traefik.middleware import MiddlewareSpec
from chores_infra.fields import Items, PortNumber, Text, UrlPath

__all__ = [
    "AddPrefix",
    "RedirectRegex",
    "RedirectScheme",
    "ReplacePath",
    "ReplacePathRegex",
    "StripPrefix",
    "StripPrefixRegex",
]


@value_object
class AddPrefix(MiddlewareSpec):
    """Put ``prefix`` before the path."""

    field: ClassVar[str] = "addPrefix"
    prefix: UrlPath


@value_object
class StripPrefix(MiddlewareSpec):
    """Take the first of ``prefixes`` that the path begins with off it."""

    field: ClassVar[str] = "stripPrefix"
    prefixes: Annotated[Items[UrlPath], Field(min_length=1)]
    force_slash: bool | None = None


@value_object
class StripPrefixRegex(MiddlewareSpec):
    """Take off the path what matches one of the regular expressions (Go's) at its start."""

    field: ClassVar[str] = "stripPrefixRegex"
    regex: Annotated[Items[Text], Field(min_length=1)]


@value_object
class ReplacePath(MiddlewareSpec):
    """Put ``path`` in the place of the path; the old one goes into ``X-Replaced-Path``."""

    field: ClassVar[str] = "replacePath"
    path: UrlPath


@value_object
class ReplacePathRegex(MiddlewareSpec):
    """Replace what matches the regular expression (Go's) in the path: ``$1`` is its first group."""

    field: ClassVar[str] = "replacePathRegex"
    regex: Text
    replacement: str


@value_object
class RedirectScheme(MiddlewareSpec):
    """Send the client to the same URL with another scheme: ``RedirectScheme(scheme="https")``."""

    field: ClassVar[str] = "redirectScheme"
    scheme: Literal["http", "https"]
    port: PortNumber | None = None
    permanent: bool | None = None

    def fields(self) -> Manifest:
        """The scheme; Traefik wants the port as text."""
        fields = super().fields()
        if self.port is not None:
            fields["port"] = str(self.port)
        return fields


@value_object
class RedirectRegex(MiddlewareSpec):
    """Send the client to another URL: what matches the regular expression (Go's) in it is replaced."""

    field: ClassVar[str] = "redirectRegex"
    regex: Text
    replacement: Text
    permanent: bool | None = None
