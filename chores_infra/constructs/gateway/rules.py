"""Rules of HTTPRoutes: which requests, what happens to them, and where they go.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from chores_infra.arguments import OneOf, Problems, value_object
from chores_infra.construct import Manifest
from chores_infra.constructs.durations import seconds
from chores_infra.constructs.gateway.backends import RouteRule
from chores_infra.constructs.gateway.filters import HeaderName
from chores_infra.fields import Items, Matching, Pairs

__all__ = ["HttpMatch", "HttpRule", "Matches", "Regex", "RouteDuration", "name_matches"]

#: What the CRD keeps out of paths that are compared letter by letter.
_NOT_IN_PATHS = ("//", "/./", "/../", "%2f", "%2F", "#")
_PATH = re.compile(r"(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+")

Method: TypeAlias = Literal["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]
# GEP-2257: whole numbers, at most five digits of each unit.
RouteDuration = Annotated[
    str, Matching(r"(?:[0-9]{1,5}(?:h|m|s|ms)){1,4}", 28, "a duration such as '10s' or '1m30s'")
]


@value_object(kw_only=False)
class Regex:
    """Values that match a regular expression, of the kind that the controller knows: ``Regex("v[12]")``."""

    pattern: Annotated[str, Field(min_length=1, max_length=1024)]

    def check(self, problems: Problems) -> None:
        """Refuse what is no regular expression in any dialect."""
        try:
            re.compile(self.pattern)
        except re.error as error:
            problems.add("pattern", f"{self.pattern!r} is no regular expression: {error}")


ExactText = Annotated[str, Field(min_length=1, max_length=4096)]
Matches: TypeAlias = Annotated[
    Pairs[HeaderName, Annotated[ExactText | Regex, OneOf("text, or Regex(...)")]],
    Field(min_length=1, max_length=16),
]


def name_matches(matches: Mapping[str, str | Regex]) -> list[Manifest]:
    """``headers`` and ``queryParams``: a name and its value, or a pattern for it."""
    return [
        {"type": "RegularExpression", "name": name, "value": value.pattern}
        if isinstance(value, Regex)
        else {"name": name, "value": value}
        for name, value in matches.items()
    ]


@value_object
class HttpMatch:
    """Requests of which all of this is true: their path, method, headers, and parameters of the query.

    ``PathPrefix`` compares whole parts of the path: ``/api`` takes ``/api/users`` and not ``/apis``.
    """

    path: Annotated[str, Field(min_length=1, max_length=1024)] | None = None
    path_type: Literal["PathPrefix", "Exact", "RegularExpression"] = "PathPrefix"
    method: Method | None = None
    headers: Matches | None = None
    query_params: Matches | None = None

    def check(self, problems: Problems) -> None:
        """What the CRD refuses in paths, and a match that asks for nothing."""
        if self.path is None:
            if not (self.method or self.headers or self.query_params):
                problems.add("path", "say which requests are meant; without matches a rule takes all")
            return
        if self.path_type == "RegularExpression":
            return
        wrong = [part for part in _NOT_IN_PATHS if part in self.path]
        wrong += [f"{end} at the end" for end in ("/..", "/.") if self.path.endswith(end)]
        if not self.path.startswith("/"):
            problems.add("path", f"expected a path that starts with '/', found {self.path!r}")
        elif wrong:
            problems.add("path", f"expected a path without {wrong[0]}, found {self.path!r}")
        elif not _PATH.fullmatch(self.path):
            problems.add("path", f"expected the characters of a URL, others as %20, found {self.path!r}")

    def fields(self) -> Manifest:
        """One item of ``matches``."""
        fields: Manifest = {}
        if self.path is not None:
            fields["path"] = {"type": self.path_type, "value": self.path}
        if self.headers is not None:
            fields["headers"] = name_matches(self.headers)
        if self.query_params is not None:
            fields["queryParams"] = name_matches(self.query_params)
        if self.method is not None:
            fields["method"] = self.method
        return fields


@value_object
class HttpRule(RouteRule):
    """Requests that one of ``matches`` takes (all without any), what happens to them, and where they go.

    ``backends`` are Services, or ``HttpBackend`` with weights; a ``Redirect`` needs none. ``timeout`` is for
    the whole request, ``backend_timeout`` for one try at a Service; ``"0s"`` is none at all.
    """

    matches: Annotated[Items[HttpMatch], Field(max_length=64)] = ()
    timeout: RouteDuration | None = None
    backend_timeout: RouteDuration | None = None

    def check(self, problems: Problems) -> None:
        """What the CRD refuses, and a rule that leads nowhere."""
        super().check(problems)
        self._check_prefixes(problems)
        if self.timeout is not None and self.backend_timeout is not None:
            whole = seconds(self.timeout)
            if whole and seconds(self.backend_timeout) > whole:
                problems.add(
                    "backend_timeout",
                    f"expected at most the timeout of {self.timeout}, found {self.backend_timeout!r}",
                )

    def _check_prefixes(self, problems: Problems) -> None:
        """A new prefix stands for the one that was matched, so there must be exactly one."""
        match = self.matches[0] if len(self.matches) == 1 else None
        for place, done in self.all_filters():
            if done.replaces_prefix and (match is None or not match.path or match.path_type != "PathPrefix"):
                problems.add(
                    f"{place}.prefix",
                    "which prefix? give the rule exactly one match, with a path of PathPrefix",
                )

    def fields(self, namespace: str | None) -> Manifest:
        """One item of ``rules``, of a route in that namespace."""
        timeouts = {"request": self.timeout, "backendRequest": self.backend_timeout}
        given = {name: value for name, value in timeouts.items() if value is not None}
        return {**super().fields(namespace), **({"timeouts": given} if given else {})}
