"""Rules of GRPCRoutes: which calls, what happens to them, and where they go.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#grpcrouterule
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from chores_infra.arguments import Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.gateway.backends import RouteRule
from chores_infra.constructs.gateway.rules import Matches, name_matches
from chores_infra.fields import Items

__all__ = ["GrpcMatch", "GrpcRule"]

_SERVICE = re.compile(r"\.?[A-Za-z_][A-Za-z_0-9]*(\.[A-Za-z_][A-Za-z_0-9]*)*")
_METHOD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
CallName = Annotated[str, Field(min_length=1, max_length=1024)]


@value_object
class GrpcMatch:
    """Calls of which all of this is true: the service (``shop.Orders``), the method, and headers."""

    service: CallName | None = None
    method: CallName | None = None
    type: Literal["Exact", "RegularExpression"] = "Exact"
    headers: Matches | None = None

    def check(self, problems: Problems) -> None:
        """What the CRD refuses in names, and a match that asks for nothing."""
        if not (self.service or self.method or self.headers):
            problems.add("service", "say which calls are meant; without matches a rule takes all")
        if self.type == "Exact":
            for name, pattern in (("service", _SERVICE), ("method", _METHOD)):
                value = getattr(self, name)
                if value is not None and not pattern.fullmatch(value):
                    problems.add(name, f"expected a name as in a .proto file, found {value!r}")

    def fields(self) -> Manifest:
        """One item of ``matches``."""
        method = {"service": self.service, "method": self.method}
        called = {name: value for name, value in method.items() if value is not None}
        fields: Manifest = {"method": {"type": self.type, **called}} if called else {}
        return fields if self.headers is None else {**fields, "headers": name_matches(self.headers)}


@value_object
class GrpcRule(RouteRule):
    """Calls that one of ``matches`` takes (all without any), what happens to them, and where they go.

    ``backends`` are Services, or ``HttpBackend`` with weights. Of the filters there are those for headers,
    ``Mirror`` and ``Extension``.
    """

    matches: Annotated[Items[GrpcMatch], Field(max_length=64)] = ()

    def check(self, problems: Problems) -> None:
        """Besides what all rules are held to: filters that only HTTPRoutes have."""
        super().check(problems)
        for place, done in self.all_filters():
            if not done.for_grpc:
                problems.add(place, f"a GRPCRoute has no {type(done).__name__}")
