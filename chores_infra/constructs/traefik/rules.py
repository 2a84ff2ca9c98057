"""Which requests a route takes, as typed values: hosts, paths, methods, headers, and their combinations.

``Host("chores.example.com") & PathPrefix("/api")`` is written in Traefik's language of rules. That language
differs between Traefik 2 and 3 for headers and queries; the API group says which is meant. ``Match("...")``
takes a rule as Traefik has it.

Source: https://doc.traefik.io/traefik/v2.11/routing/routers/#rule and
https://doc.traefik.io/traefik/v3.0/routing/routers/#rule
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Annotated, ClassVar, Literal, TypeAlias

from chores_infra.arguments import Problems, value_object
from chores_infra.constructs.families import Family
from chores_infra.constructs.traefik.fields import HeaderName, RulePath, RuleText, SniName
from chores_infra.fields import Cidr, Hostname, IpAddress, Matching

__all__ = [
    "ALPN",
    "ClientIP",
    "Header",
    "Host",
    "HostSNI",
    "Match",
    "Method",
    "Path",
    "PathPrefix",
    "Protocol",
    "Query",
    "Rule",
    "RuleSyntax",
    "check_rule",
]

RuleSyntax: TypeAlias = Literal["v2", "v3"]
Protocol: TypeAlias = Literal["HTTP", "TCP"]

Alternatives: TypeAlias = frozenset[frozenset[str]]
"""What a rule comes down to: sets of conditions, of which one has to hold altogether."""


@value_object
class Rule(Family):
    """The base of all rules; combine them with ``&``, ``|`` and ``~``."""

    #: The protocols whose routes have it.
    protocols: ClassVar[frozenset[Protocol]] = frozenset({"HTTP"})

    def text(self, syntax: RuleSyntax) -> str:
        """The rule in Traefik's language."""
        raise NotImplementedError

    def alternatives(self) -> Alternatives:
        """What the rule comes down to, to find two routes that take the same requests."""
        return frozenset({frozenset({self.text("v3")})})

    def conditions(self) -> Iterator[Rule]:
        """The single conditions that it is made of."""
        yield self

    def __and__(self, other: Rule) -> Rule:
        return All(self, other)

    def __or__(self, other: Rule) -> Rule:
        return AnyOf(self, other)

    def __invert__(self) -> Rule:
        return Not(self)


@value_object
class _OneValue(Rule):
    """A rule about one value, which both versions of Traefik write alike and call as we do."""

    def text(self, syntax: RuleSyntax) -> str:  # noqa: ARG002  (the same in both)
        """The function and its argument."""
        (value,) = vars(self).values()
        return f"{type(self).__name__}(`{value}`)"


@value_object(kw_only=False)
class Host(_OneValue):
    """Requests for a host name: ``Host("chores.example.com")``."""

    name: Hostname


@value_object(kw_only=False)
class PathPrefix(_OneValue):
    """Requests whose path begins like this: ``PathPrefix("/api")`` takes ``/api/users`` and ``/apis``."""

    path: RulePath


@value_object(kw_only=False)
class Path(_OneValue):
    """Requests for exactly this path."""

    path: RulePath


@value_object(kw_only=False)
class Method(_OneValue):
    """Requests with this method."""

    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"]


@value_object(kw_only=False)
class ClientIP(_OneValue):
    """Requests from an address or a network: ``ClientIP("10.0.0.0/8")``."""

    protocols: ClassVar[frozenset[Protocol]] = frozenset({"HTTP", "TCP"})

    address: IpAddress | Cidr


@value_object(kw_only=False)
class HostSNI(_OneValue):
    """Connections of TCP for a host name, as TLS says it; ``HostSNI("*")`` takes those without TLS, too."""

    protocols: ClassVar[frozenset[Protocol]] = frozenset({"TCP"})
    name: SniName


@value_object(kw_only=False)
class ALPN(_OneValue):
    """Connections of TCP whose client asks for this protocol in TLS: ``ALPN("h2")``."""

    protocols: ClassVar[frozenset[Protocol]] = frozenset({"TCP"})
    protocol: RuleText


@value_object(kw_only=False)
class Match(Rule):
    """A rule in Traefik's own words, as it stands: ``Match("HeaderRegexp(`Accept`, `json`)")``."""

    protocols: ClassVar[frozenset[Protocol]] = frozenset({"HTTP", "TCP"})

    expression: Annotated[str, Matching(r"[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*", 8192, "a rule in a line")]

    def text(self, syntax: RuleSyntax) -> str:  # noqa: ARG002  (its author knows which it is)
        """The rule as it was given."""
        return self.expression


@value_object(kw_only=False)
class Header(Rule):
    """Requests with this header: ``Header("X-Canary", "always")``."""

    name: HeaderName
    value: RuleText

    def text(self, syntax: RuleSyntax) -> str:
        """``Header(...)`` of Traefik 3, ``Headers(...)`` of Traefik 2."""
        return f"{'Headers' if syntax == 'v2' else 'Header'}(`{self.name}`, `{self.value}`)"


@value_object(kw_only=False)
class Query(Rule):
    """Requests with this parameter in the query: ``Query("version", "2")``."""

    name: RuleText
    value: RuleText

    def text(self, syntax: RuleSyntax) -> str:
        """``Query(...)``: one argument for Traefik 2, two for Traefik 3."""
        return (
            f"Query(`{self.name}={self.value}`)"
            if syntax == "v2"
            else f"Query(`{self.name}`, `{self.value}`)"
        )


@value_object(kw_only=False)
class _Both(Rule):
    """What the two ways to join rules have in common."""

    left: Rule
    right: Rule

    def conditions(self) -> Iterator[Rule]:
        """Those of both sides."""
        yield from self.left.conditions()
        yield from self.right.conditions()


@value_object(kw_only=False)
class All(_Both):
    """Both rules hold; made by ``&``."""

    def text(self, syntax: RuleSyntax) -> str:
        """The rules joined by ``&&``."""
        return f"{_inside(self.left, syntax)} && {_inside(self.right, syntax)}"

    def alternatives(self) -> Alternatives:
        """Every alternative of one with every alternative of the other."""
        pairs = product(self.left.alternatives(), self.right.alternatives())
        return frozenset(left | right for left, right in pairs)


@value_object(kw_only=False)
class AnyOf(_Both):
    """One of the rules holds; made by ``|``."""

    def text(self, syntax: RuleSyntax) -> str:
        """The rules joined by ``||``."""
        return f"{self.left.text(syntax)} || {self.right.text(syntax)}"

    def alternatives(self) -> Alternatives:
        """The alternatives of both."""
        return self.left.alternatives() | self.right.alternatives()


@value_object(kw_only=False)
class Not(Rule):
    """The rule does not hold; made by ``~``."""

    rule: Rule

    def text(self, syntax: RuleSyntax) -> str:
        """The rule after ``!``."""
        inner = self.rule.text(syntax)
        return f"!({inner})" if isinstance(self.rule, _Both | Match) else f"!{inner}"

    def conditions(self) -> Iterator[Rule]:
        """Those of the rule."""
        return self.rule.conditions()


def check_rule(problems: Problems, place: str, rule: Rule, protocol: Protocol) -> None:
    """Note conditions that routes of the protocol do not have."""
    for condition in rule.conditions():
        if protocol not in condition.protocols:
            problems.add(place, f"{type(condition).__name__} is no rule for routes of {protocol}")


def _inside(rule: Rule, syntax: RuleSyntax) -> str:
    # `||` binds less than `&&`, and what a raw rule holds is not known.
    text = rule.text(syntax)
    return f"({text})" if isinstance(rule, AnyOf | Match) else text
