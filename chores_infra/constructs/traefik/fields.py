"""Types of arguments that only Traefik has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chores_infra.fields import Matching

__all__ = [
    "CookieName",
    "EntryPoint",
    "HeaderName",
    "Priority",
    "RulePath",
    "RuleText",
    "SniName",
    "StatusCodes",
    "WholeDuration",
]

_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_|~-]+"  # noqa: S105  (a token of HTTP, RFC 9110)

EntryPoint = Annotated[
    str, Matching(r"[A-Za-z0-9](?:[-_A-Za-z0-9]*[A-Za-z0-9])?", 63, "the name of an entry point: 'web'")
]
CookieName = Annotated[str, Matching(_TOKEN, 253, "the name of a cookie")]
HeaderName = Annotated[str, Matching(_TOKEN, 253, "the name of a header, such as 'X-Version'")]
Priority = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
# The pattern of the CRDs: unlike Go's durations, no fractions.
WholeDuration = Annotated[
    str, Matching(r"(?:[0-9]+(?:ns|us|µs|ms|s|m|h))+", 64, "a duration in whole numbers such as '100ms'")
]
StatusCodes = Annotated[
    str, Matching(r"[1-5][0-9]{2}(?:-[1-5][0-9]{2})?", 7, "a status such as '503', or a range: '500-599'")
]
RulePath = Annotated[
    str,
    Matching(
        # Braces are patterns to Traefik 2, a back quote would end the text, and no path has '?' or '#'.
        r"/[^\s`{}?#\x00-\x1f\x7f]*",
        2048,
        "a path that starts with '/', without white space, '?', '#', braces and back quotes; for a pattern "
        "use Match",
    ),
]
RuleText = Annotated[str, Matching(r"[^`\x00-\x1f\x7f]+", 2048, "text without back quotes and line breaks")]
SniName = Annotated[
    str,
    Matching(
        r"\*|[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*",
        253,
        "a host name, or '*' for any",
    ),
]
