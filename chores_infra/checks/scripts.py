"""Objects that scripts make: jobs that run ``kubectl create secret`` are a common way to sync credentials.

What a shell does is not known here, but what it says is: the name behind ``create secret``, and the words of
the script, among which the namespaces are that it fills.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from chores_infra.checks.fields import items, mapping
from chores_infra.checks.pods import pods_of
from chores_infra.checks.references import Reference
from chores_infra.checks.resources import Resource

__all__ = ["ScriptMade", "made_by_scripts"]

_CREATE: Final = re.compile(
    r"\bcreate\s+(?:--?\S+\s+)*"
    r"(?:(?P<secret>secret)\s+(?:generic|docker-registry|tls)"
    r"|(?P<config>configmap|cm)|(?P<account>serviceaccount|sa))"
    r"\s+(?:--?\S+\s+)*[\"']?(?P<name>[a-z0-9][-a-z0-9.]*)"
)
_KINDS: Final = {"secret": "Secret", "config": "ConfigMap", "account": "ServiceAccount"}
_WORD: Final = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_LONGEST: Final = 200_000
"""Characters of a script that are looked at."""


class ScriptMade(NamedTuple):
    """An object that a script makes, as its text says."""

    by: Resource
    kind: str
    name: str
    words: frozenset[str]

    def fits(self, reference: Reference) -> bool:
        """Whether this kind and name are meant, in whatever namespace."""
        return (self.kind, self.name) == (reference.target.kind, reference.name)

    def names(self, namespace: str | None) -> bool:
        """Whether the script may make it in a namespace: it runs there, or says its name."""
        return namespace is not None and (namespace == self.by.namespace or namespace in self.words)


def made_by_scripts(resource: Resource) -> Iterator[ScriptMade]:
    """What the scripts of a resource make."""
    for script in _scripts(resource):
        created = list(_CREATE.finditer(script[:_LONGEST]))
        if not created:
            continue
        words = frozenset(_WORD.findall(script[:_LONGEST]))
        for found in created:
            yield ScriptMade(resource, _kind(found), found["name"], words)


def _kind(found: re.Match[str]) -> str:
    return next(kind for group, kind in _KINDS.items() if found[group])


def _scripts(resource: Resource) -> Iterator[str]:
    """The texts of a resource that may be scripts."""
    for pod in pods_of(resource):
        for _, container in pod.containers():
            yield "\n".join(_texts(container.get("command"), container.get("args")))
    if resource.is_a("", "ConfigMap"):
        yield from _texts(list(mapping(resource.at("data")).values()))


def _texts(*lists: Any) -> Iterator[str]:
    return (text for several in lists for text in items(several) if isinstance(text, str))
