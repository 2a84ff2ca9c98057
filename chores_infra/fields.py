"""The vocabulary of argument types: names, ports, quantities, durations, hosts, as Kubernetes defines them.

Annotate a construct's argument with one of these and :func:`chores_infra.arguments.checked` holds callers
to it. To a type checker they are ``str``, ``int``, ``Sequence`` and ``Mapping``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from chores_infra.arguments import OneOf

__all__ = [
    "AbsolutePath",
    "AnnotationKey",
    "Annotations",
    "Base64",
    "Cidr",
    "ControllerName",
    "DataKey",
    "DnsLabel",
    "DnsSubdomain",
    "Duration",
    "Email",
    "EnvName",
    "Hostname",
    "IpAddress",
    "Items",
    "LabelKey",
    "LabelValue",
    "Labels",
    "NonNegative",
    "Pairs",
    "PathSegment",
    "Port",
    "PortName",
    "PortNumber",
    "Positive",
    "Quantity",
    "Rfc1035Label",
    "Text",
    "Unordered",
    "UrlPath",
    "WildcardHostname",
]


class Matching:
    """Text that fully matches a pattern and is no longer than so many characters.

    The whole check, its message included, runs inside pydantic-core: names are checked by the hundred
    thousand when a fleet is rendered. Patterns that look ahead need Python's engine (``lookahead=True``).
    """

    def __init__(self, pattern: str, longest: int, expected: str, *, lookahead: bool = False) -> None:
        self.pattern = rf"\A(?:{pattern})\Z" if lookahead else f"^(?:{pattern})$"
        self.longest = longest
        self.expected = expected
        self.engine: Literal["python-re", "rust-regex"] = "python-re" if lookahead else "rust-regex"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Build the schema; see https://docs.pydantic.dev/latest/concepts/types/#custom-types."""
        text = core_schema.str_schema(
            pattern=self.pattern, max_length=self.longest, strict=True, regex_engine=self.engine
        )
        limit = f" (at most {self.longest} characters)" if self.longest <= 253 else ""
        message = f"expected {self.expected}{limit}"
        return core_schema.custom_error_schema(text, "chores_infra.text", custom_error_message=message)


_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_DNS_NAME = rf"{_LABEL}(?:\.{_LABEL})*"
_QUALIFIED = r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?"

# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
DnsLabel = Annotated[
    str,
    Matching(_LABEL, 63, "a DNS label: lower-case letters, digits and '-', a letter or digit at both ends"),
]
DnsSubdomain = Annotated[
    str,
    Matching(
        _DNS_NAME,
        253,
        "a DNS name: lower-case letters, digits, '-' and '.', a letter or digit at both ends of each part",
    ),
]
Rfc1035Label = Annotated[
    str,
    Matching(
        r"[a-z](?:[-a-z0-9]*[a-z0-9])?",
        63,
        "a Service name: lower-case letters, digits and '-', a letter first, a letter or digit last",
    ),
]
PathSegment = Annotated[
    str,
    Matching(r"(?!\.{1,2}\Z)[^/%]+", 253, "a name without '/' and '%', and not '.' or '..'", lookahead=True),
]

# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
LabelKey = Annotated[
    str,
    Matching(
        rf"(?=(?:[^/]{{1,253}}/)?[^/]{{1,63}}\Z)(?:{_DNS_NAME}/)?{_QUALIFIED}",
        317,
        "a label key: after an optional DNS name and '/', up to 63 letters, digits, '-', '_' and '.', "
        "a letter or digit at both ends",
        lookahead=True,
    ),
]
LabelValue = Annotated[
    str,
    Matching(
        rf"(?:{_QUALIFIED})?",
        63,
        "a label value: letters, digits, '-', '_' and '.', a letter or digit at both ends",
    ),
]
# The API server lower-cases the whole key before it checks it, so the prefix may have capitals here.
AnnotationKey = Annotated[
    str,
    Matching(
        rf"(?=(?:[^/]{{1,253}}/)?[^/]{{1,63}}\Z)(?:(?i:{_DNS_NAME})/)?{_QUALIFIED}",
        317,
        "an annotation key: after an optional DNS name and '/', up to 63 letters, digits, '-', '_' and '.', "
        "a letter or digit at both ends",
        lookahead=True,
    ),
]

# EnvVar.name: IsEnvVarName of k8s.io/apimachinery, with the rule of API servers up to 1.33 that no digit
# comes first; shells keep to it ever after.
EnvName = Annotated[
    str,
    Matching(
        r"(?:[-_a-zA-Z]|\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*",
        4096,
        "the name of an environment variable, such as LOG_LEVEL",
    ),
]
# ConfigMap.data and Secret.data keys: IsConfigMapKey of k8s.io/apimachinery.
DataKey = Annotated[
    str,
    Matching(
        r"(?!\.\.)(?!\.\Z)[-._a-zA-Z0-9]+",
        253,
        "a key: letters, digits, '-', '_' and '.', not '.' and not with '..' at the start",
        lookahead=True,
    ),
]

PortNumber = Annotated[int, Field(ge=1, le=65535)]
# IANA_SVC_NAME of ContainerPort.name
PortName = Annotated[
    str,
    Matching(
        r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?",
        15,
        "a port name: lower-case letters, digits and single '-', at least one letter",
        lookahead=True,
    ),
]
Port = Annotated[PortNumber | PortName, OneOf("a port number, or the name of a port")]
Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]
NonNegative = Annotated[int, Field(ge=0, le=2**31 - 1)]

# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
Quantity = Annotated[
    str,
    Matching(
        r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?",
        64,
        "a quantity such as '250m', '128Mi' or '1.5'",
    ),
]
# time.ParseDuration of Go, without a sign: what External Secrets, Argo CD and Prometheus read.
Duration = Annotated[
    str,
    Matching(
        r"0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+",
        64,
        "a duration such as '30s', '5m' or '1h30m'",
    ),
]
# RFC 1123, section 2.1: unlike names of objects, each label of a host has at most 63 characters.
_HOST_LABEL = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
Hostname = Annotated[
    str,
    Matching(
        rf"{_HOST_LABEL}(?:\.{_HOST_LABEL})*",
        253,
        "a host name such as 'chores.example.com': no scheme, port, path or upper-case letters",
    ),
]
WildcardHostname = Annotated[
    str,
    Matching(
        rf"(?:\*\.)?{_HOST_LABEL}(?:\.{_HOST_LABEL})*",
        253,
        "a host name, or '*.' and a host name for all below",
    ),
]
Email = Annotated[str, Matching(r"[^\s@<>]+@[^\s@<>]+", 254, "an address such as 'ops@example.com'")]
Base64 = Annotated[
    str, Matching(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", 2**20, "base64 text")
]
# IngressClass and GatewayClass: who serves the class, as a host name and a path.
ControllerName = Annotated[
    str,
    Matching(
        rf"{_DNS_NAME}/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+",
        250,
        "a controller such as 'traefik.io/ingress-controller'",
    ),
]
UrlPath = Annotated[
    str,
    Matching(r"/[^\s\x00-\x1f\x7f]*", 2048, "the path of a URL: it starts with '/' and has no white space"),
]
AbsolutePath = Annotated[str, Matching(r"/[^:\x00-\x1f\x7f]*", 4096, "an absolute path without ':'")]


def _ip_address(text: str) -> str:
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise PydanticCustomError("chores_infra.text", "expected an IP address such as '192.0.2.1'") from None
    return text


def _cidr(text: str) -> str:
    import ipaddress

    try:
        ipaddress.ip_network(text)
    except ValueError:
        message = "expected a range of IP addresses such as '192.0.2.0/24'"
        raise PydanticCustomError("chores_infra.text", message) from None
    return text


IpAddress = Annotated[str, AfterValidator(_ip_address)]
Cidr = Annotated[str, AfterValidator(_cidr)]
#: Text that is not empty.
Text = Annotated[str, Field(min_length=1)]


def _as_list(value: Any) -> Any:
    """Let a tuple stand for a list. Sets are refused: they have no order to render."""
    return list(value) if isinstance(value, tuple) else value


def _any_as_list(value: Any) -> Any:
    return list(value) if isinstance(value, set | frozenset | tuple) else value


def _as_dict(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) and not isinstance(value, dict) else value


if TYPE_CHECKING:
    Items = Sequence
    Pairs = Mapping
    Unordered = Collection
else:

    class Items:
        """``Items[T]``: a list or tuple; the construct gets a list of its own."""

        def __class_getitem__(cls, item: Any) -> Any:
            """Annotate ``list[item]``."""
            return Annotated[list[item], BeforeValidator(_as_list)]

    class Pairs:
        """``Pairs[K, V]``: any mapping; the construct gets a dict of its own."""

        def __class_getitem__(cls, items: tuple[Any, Any]) -> Any:
            """Annotate ``dict[key, value]``."""
            key, value = items
            return Annotated[dict[key, value], BeforeValidator(_as_dict)]

    class Unordered:
        """``Unordered[T]``: a list, tuple or set, for what has no order; the construct gets a list."""

        def __class_getitem__(cls, item: Any) -> Any:
            """Annotate ``list[item]``."""
            return Annotated[list[item], BeforeValidator(_any_as_list)]


Labels = Pairs[LabelKey, LabelValue]
Annotations = Pairs[AnnotationKey, str]
