"""The functions that Kubernetes adds to CEL for addresses and URLs, as far as CRDs at hand use them.

A rule with another function is not compiled, and so reported as not checked.
https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

__all__ = ["declarations"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):", re.ASCII)
_NO_URL = re.compile(r"[\x00-\x20\x7f]|%(?![0-9A-Fa-f]{2})")


def declarations(cel: Any) -> list[Any]:
    """Return the declarations for an environment of the library ``cel``."""
    text, boolean = cel.Type.STRING, cel.Type.BOOL
    functions: dict[str, tuple[Callable[[str], object], Any]] = {
        "isIP": (_is_ip, boolean),
        "isCIDR": (_is_cidr, boolean),
        "isURL": (_is_url, boolean),
        # A URL is its text here: what is asked of it is found by the members below.
        "url": (_url, text),
    }
    found = [
        cel.FunctionDecl(
            name, [cel.Overload(f"string_{name}", return_type=returns, parameters=[text], impl=impl)]
        )
        for name, (impl, returns) in functions.items()
    ]
    scheme = cel.Overload(
        "url_getScheme", return_type=text, parameters=[text], is_member=True, impl=_get_scheme
    )
    return [*found, cel.FunctionDecl("getScheme", [scheme])]


def _is_ip(text: str) -> bool:
    """Whether text is an address as the server accepts it: no zone, no IPv4 address written as IPv6."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text and getattr(address, "ipv4_mapped", None) is None


def _is_cidr(text: str) -> bool:
    address, slash, prefix = text.partition("/")
    bits = 32 if "." in address and ":" not in address else 128
    if not slash or not _is_ip(address) or not re.fullmatch(r"0|[1-9][0-9]{0,2}", prefix):
        return False
    return int(prefix) <= bits


def _is_url(text: str) -> bool:
    """Whether text is an absolute URI or an absolute path (``url.ParseRequestURI`` of Go)."""
    if _NO_URL.search(text):
        return False
    return text.startswith("/") or _SCHEME.match(text) is not None


def _url(text: str) -> str:
    if not _is_url(text):
        raise ValueError(f"cannot convert {text!r} to a URL")
    return text


def _get_scheme(text: str) -> str:
    match = _SCHEME.match(text)
    return match[1].lower() if match else ""
