"""The rules of Traefik's routers, read as the alternatives that they are.

Source: https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Final

from chores_infra.checks.requests import Alternative, Condition

__all__ = ["alternatives_of"]

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>`[^`]*`|\"[^\"]*\"|'[^']*')|(?P<name>\w+)|(?P<mark>&&|\|\||[!(),]))"
)
_MOST: Final = 64
"""Alternatives; a rule with more is not compared."""
_DEEPEST: Final = 50


class _NotUnderstoodError(Exception):
    """The rule is none that Traefik takes, or larger than is worth comparing."""


def alternatives_of(rule: str) -> list[Alternative] | None:
    """The alternatives of a rule; None for one that is not understood.

    >>> either = alternatives_of("Host(`a`) && (Path(`/`) || Path(`/b`))")
    >>> [sorted(value for _, _, value in alternative) for alternative in either]
    [['/', 'a'], ['/b', 'a']]
    >>> alternatives_of("Host(`a`") is None
    True
    """
    try:
        return _Parser(rule).parsed()
    except _NotUnderstoodError:
        return None


class _Parser:
    def __init__(self, rule: str) -> None:
        self._tokens: list[str] = []
        self._next = 0
        self._depth = 0
        at, rule = 0, rule.strip()
        while at < len(rule):
            found = _TOKEN.match(rule, at)
            if found is None:
                raise _NotUnderstoodError
            self._tokens.append(found[0].strip())
            at = found.end()

    def parsed(self) -> list[Alternative]:
        found = self._either()
        if self._peek():
            raise _NotUnderstoodError
        return found

    def _either(self) -> list[Alternative]:
        return self._joined("||", self._all, lambda one, other: one + other)

    def _all(self) -> list[Alternative]:
        return self._joined(
            "&&", self._single, lambda one, other: [left | right for left, right in product(one, other)]
        )

    def _joined(
        self,
        mark: str,
        part: Callable[[], list[Alternative]],
        join: Callable[[list[Alternative], list[Alternative]], list[Alternative]],
    ) -> list[Alternative]:
        found = part()
        while self._peek() == mark:
            self._take()
            other = part()
            if len(found) * len(other) > _MOST:
                raise _NotUnderstoodError
            found = join(found, other)
        return found

    def _single(self) -> list[Alternative]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotUnderstoodError
        first, start = self._take(), self._next
        if first == "!":
            self._single()
            found = [frozenset({Condition("not", "other", " ".join(self._tokens[start : self._next]))})]
        elif first == "(":
            found = self._either()
            self._take(")")
        else:
            found = _matched(first, self._arguments())
        self._depth -= 1
        return found

    def _arguments(self) -> list[str]:
        self._take("(")
        found: list[str] = []
        while self._peek() != ")":
            argument = self._take()
            if argument[:1] not in ("`", '"', "'"):
                raise _NotUnderstoodError
            found.append(argument[1:-1])
            if self._peek() == ",":
                self._take()
        self._take(")")
        return found

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self, wanted: str = "") -> str:
        token = self._peek()
        if not token or (wanted and token != wanted):
            raise _NotUnderstoodError
        self._next += 1
        return token


def _matched(matcher: str, arguments: list[str]) -> list[Alternative]:
    if not re.fullmatch(r"[A-Za-z]\w*", matcher) or not arguments or len(arguments) > _MOST:
        raise _NotUnderstoodError
    if matcher == "Host":  # several hosts are how version 2 writes it
        return [frozenset({Condition("host", "exact", host.lower())}) for host in arguments]
    if matcher in {"Path", "PathPrefix"} and not any("{" in path for path in arguments):
        how: Final = "exact" if matcher == "Path" else "prefix"
        # Every path begins with a slash.
        return [
            frozenset() if (how, path) == ("prefix", "/") else frozenset({Condition("path", how, path)})
            for path in arguments
        ]
    return [frozenset({Condition(matcher, "other", "\n".join(arguments))})]
