"""What happens to requests and answers on the way: headers, redirects, rewrites, mirrors, CORS.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.families import Family
from chores_infra.constructs.gateway.grants import group_of
from chores_infra.constructs.references import namespace_to_name
from chores_infra.constructs.services import ExternalNameService, Service
from chores_infra.fields import Hostname, Items, Matching, Pairs, Port, PortNumber
from chores_infra.kubernetes_object import KubernetesObject

__all__ = [
    "Cors",
    "Extension",
    "HeaderName",
    "HttpFilter",
    "Mirror",
    "Redirect",
    "RequestHeaders",
    "ResponseHeaders",
    "Rewrite",
    "backend_reference",
    "check_filters",
]

HeaderName = Annotated[
    str, Matching(r"[A-Za-z0-9!#$%&'*+\-.^_`|~]+", 256, "the name of a header, such as 'X-Version'")
]
HeaderText = Annotated[str, Field(min_length=1, max_length=4096)]
SetHeaders = Annotated[Pairs[HeaderName, HeaderText], Field(min_length=1, max_length=16)]
NewPath = Annotated[str, Field(max_length=1024)]
Origin = Annotated[
    str,
    Matching(
        r"\*|https?://(?:(?:\*\.)?(?:[a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(?::[0-9]{1,5})?",
        253,
        "an origin such as 'https://example.com', or '*'",
    ),
]
CorsMethod = Literal["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*"]
Routable = Annotated[Service | ExternalNameService, OneOf("a Service; not a name")]


@value_object
class HttpFilter(Family):
    """The base of what can be done on the way: ``Redirect``, ``Rewrite``, ``RequestHeaders`` and others."""

    #: The name of the type, and the field that it is written to.
    type: ClassVar[str]
    field: ClassVar[str]
    #: Whether one rule may have several of them.
    repeats: ClassVar[bool] = False
    #: Whether a GRPCRoute has it too.
    for_grpc: ClassVar[bool] = False

    def settings(self, namespace: str | None) -> Manifest:
        """What stands in the field, of a route in that namespace."""
        raise NotImplementedError

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """The objects that it names and that may live elsewhere, by argument."""
        yield from ()

    @property
    def replaces_prefix(self) -> bool:
        """Whether it needs to know which prefix of the path was matched."""
        return False

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``filters``."""
        return {"type": self.type, self.field: self.settings(namespace)}


@value_object
class _Headers(HttpFilter):
    for_grpc: ClassVar[bool] = True

    set: SetHeaders | None = None
    add: SetHeaders | None = None
    remove: Annotated[Items[HeaderName], Field(min_length=1, max_length=16)] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse no change, and a header that is changed twice: names have no case."""
        super().check(problems)
        names = [
            (f"{action}.{name}" if action != "remove" else f"remove[{index}]", name.lower())
            for action in ("set", "add", "remove")
            for index, name in enumerate(getattr(self, action) or ())
        ]
        if not names:
            problems.add("", "it changes no header; give set, add or remove")
        problems.add_repeats(names)

    def settings(self, namespace: str | None) -> Manifest:  # noqa: ARG002  (as the family has it)
        """The headers, by what is done with them."""
        changed: Manifest = {
            action: [{"name": name, "value": value} for name, value in headers.items()]
            for action, headers in (("set", self.set), ("add", self.add))
            if headers is not None
        }
        return changed if self.remove is None else {**changed, "remove": list(self.remove)}


@value_object
class RequestHeaders(_Headers):
    """Change the headers of requests: ``RequestHeaders(set={"X-Shop": "1"}, remove=["X-Debug"])``."""

    type: ClassVar[str] = "RequestHeaderModifier"
    field: ClassVar[str] = "requestHeaderModifier"


@value_object
class ResponseHeaders(_Headers):
    """Change the headers of answers."""

    type: ClassVar[str] = "ResponseHeaderModifier"
    field: ClassVar[str] = "responseHeaderModifier"


@value_object
class _NewPath(HttpFilter):
    """A new path, ``path``, or a new beginning for the prefix that was matched, ``prefix``."""

    path: NewPath | None = None
    prefix: NewPath | None = None

    def check(self, problems: Problems) -> None:
        """Refuse two new paths, and no change at all."""
        super().check(problems)
        if self.path is not None and self.prefix is not None:
            problems.add("prefix", "give the whole path or a prefix, not both")
        if all(value is None for value in vars(self).values()):
            problems.add("", "it changes nothing; say the new host, path or other part of the URL")

    @property
    def replaces_prefix(self) -> bool:
        """Whether the matched prefix is replaced."""
        return self.prefix is not None

    def _path(self) -> Manifest:
        if self.path is not None:
            return {"path": {"type": "ReplaceFullPath", "replaceFullPath": self.path}}
        if self.prefix is not None:
            return {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": self.prefix}}
        return {}


@value_object
class Redirect(_NewPath):
    """Send the client to another URL: ``Redirect(scheme="https", status_code=301)``.

    ``path`` is a whole new path, ``prefix`` replaces the prefix that was matched.
    """

    type: ClassVar[str] = "RequestRedirect"
    field: ClassVar[str] = "requestRedirect"
    scheme: Literal["http", "https"] | None = None
    hostname: Hostname | None = None
    port: PortNumber | None = None
    status_code: Literal[301, 302, 303, 307, 308] | None = None

    def settings(self, namespace: str | None) -> Manifest:  # noqa: ARG002  (as the family has it)
        """The parts of the URL that change."""
        first = {"scheme": self.scheme, "hostname": self.hostname}
        last = {"port": self.port, "statusCode": self.status_code}
        return {**_given(first), **self._path(), **_given(last)}


@value_object
class Rewrite(_NewPath):
    """Ask the Service for another URL: a new host, a whole new ``path``, or a new ``prefix``."""

    type: ClassVar[str] = "URLRewrite"
    field: ClassVar[str] = "urlRewrite"
    hostname: Hostname | None = None

    def settings(self, namespace: str | None) -> Manifest:  # noqa: ARG002  (as the family has it)
        """The parts of the URL that change."""
        return {**_given({"hostname": self.hostname}), **self._path()}


@value_object
class Mirror(HttpFilter):
    """Send a copy of requests to another Service, whose answers are dropped: all, or a part of them.

    ``fraction=(1, 1000)`` is one in a thousand.
    """

    type: ClassVar[str] = "RequestMirror"
    field: ClassVar[str] = "requestMirror"
    repeats: ClassVar[bool] = True
    for_grpc: ClassVar[bool] = True
    service: Routable
    port: Port | None = None
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    fraction: Annotated[Items[int], Field(min_length=2, max_length=2)] | None = None

    def check(self, problems: Problems) -> None:
        """Refuse a port that the Service does not have, and parts that are none."""
        super().check(problems)
        wrong = reference_problem(self.service, self.port)
        if wrong is not None:
            problems.add("port", wrong)
        if self.fraction is not None:
            part, whole = self.fraction
            if self.percent is not None:
                problems.add("fraction", "give percent or fraction, not both")
            if not 0 <= part <= whole <= 2**31 - 1 or whole < 1:
                problems.add("fraction", f"expected two numbers such as (1, 1000), found ({part}, {whole})")

    def references(self) -> Iterator[tuple[str, KubernetesObject]]:
        """The Service."""
        yield "service", self.service

    def settings(self, namespace: str | None) -> Manifest:
        """The Service, and which part."""
        fields: Manifest = {"backendRef": backend_reference(self.service, self.port, namespace)}
        if self.percent is not None:
            fields["percent"] = self.percent
        if self.fraction is not None:
            part, whole = self.fraction
            fields["fraction"] = {"numerator": part, "denominator": whole}
        return fields


@value_object
class Cors(HttpFilter):
    """Which pages of other origins may read answers; ``max_age`` is in seconds, 5 by default."""

    type: ClassVar[str] = "CORS"
    field: ClassVar[str] = "cors"
    allow_origins: Annotated[Items[Origin], Field(max_length=64)] | None = None
    allow_credentials: bool | None = None
    allow_methods: Annotated[Items[CorsMethod], Field(max_length=9)] | None = None
    allow_headers: Annotated[Items[HeaderName], Field(max_length=64)] | None = None
    expose_headers: Annotated[Items[HeaderName], Field(max_length=64)] | None = None
    max_age: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None

    def check(self, problems: Problems) -> None:
        """The star stands for all, so it stands alone; each of the lists is a set."""
        super().check(problems)
        for name in ("allow_origins", "allow_methods", "allow_headers", "expose_headers"):
            values = getattr(self, name) or ()
            problems.add_repeats((f"{name}[{index}]", value) for index, value in enumerate(values))
            if "*" in values and len(values) > 1 and name != "expose_headers":
                problems.add(name, "'*' stands for all of them; leave the others out")

    def settings(self, namespace: str | None) -> Manifest:  # noqa: ARG002  (as the family has it)
        """What is allowed."""
        return _given(
            {
                "allowOrigins": self.allow_origins,
                "allowCredentials": self.allow_credentials,
                "allowMethods": self.allow_methods,
                "allowHeaders": self.allow_headers,
                "exposeHeaders": self.expose_headers,
                "maxAge": self.max_age,
            }
        )


@value_object
class Extension(HttpFilter):
    """What an object of the controller's own says, in the route's namespace."""

    type: ClassVar[str] = "ExtensionRef"
    field: ClassVar[str] = "extensionRef"
    repeats: ClassVar[bool] = True
    for_grpc: ClassVar[bool] = True
    target: KubernetesObject

    def settings(self, namespace: str | None) -> Manifest:  # noqa: ARG002  (as the family has it)
        """The object."""
        return {"group": group_of(self.target), "kind": self.target.kind, "name": self.target.name}


def check_filters(problems: Problems, place: str, filters: Sequence[HttpFilter]) -> None:
    """Note filters that the API server refuses together."""
    kinds = [(f"{place}[{index}]", done) for index, done in enumerate(filters)]
    problems.add_repeats((where, type(done).__name__) for where, done in kinds if not done.repeats)
    if {"Redirect", "Rewrite"} <= {type(done).__name__ for done in filters}:
        problems.add(place, "a request is redirected or rewritten, not both")


def reference_problem(service: Service | ExternalNameService, port: int | str | None) -> str | None:
    """Why this port of a Service cannot be named here, or None: the Gateway API has numbers only."""
    wrong = service.port_problem(port)
    if wrong is None and isinstance(port, str) and service.ports is None:
        return (
            f"the Gateway API takes numbers; which one {port!r} is, is not known of Service {service.name!r}"
        )
    return wrong


def backend_reference(
    service: Service | ExternalNameService, port: int | str | None, namespace: str | None
) -> Manifest:
    """A Service and the number of its port, as a route in that namespace names them."""
    chosen = service.port_of(port)
    number = next((own.number for own in service.ports or () if own.name == chosen), chosen)
    named = namespace_to_name(service, namespace)
    reference: Manifest = {"name": service.name}
    return {**reference, **({} if named is None else {"namespace": named}), "port": number}


def _given(fields: dict[str, Any]) -> Manifest:
    return {
        name: list(value) if isinstance(value, list) else value
        for name, value in fields.items()
        if value is not None
    }
