"""Entities of the Backstage catalog, and the references between them.

Sources: https://backstage.io/docs/features/software-catalog/references/ and
https://backstage.io/docs/features/software-catalog/descriptor-format/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from chores_infra.checks.fields import text
from chores_infra.checks.repository import Repository
from chores_infra.checks.resources import Resource
from chores_infra.gitops.roles import Role
from chores_infra.rendering.field_path import FieldPath

__all__ = ["EntityReference", "Key", "entities_in", "entity_references", "key_of"]

_REFERENCE: Final = re.compile(r"(?:(?P<kind>[^:/\s]+):)?(?:(?P<namespace>[^:/\s]+)/)?(?P<name>[^:/\s]+)")
_DEFAULT: Final = "default"

_OWNED: Final = (("spec.owner", "Group"),)
_IN_SYSTEM: Final = (*_OWNED, ("spec.system", "System"))
_DEPENDS: Final = (("spec.dependsOn[]", ""), ("spec.dependencyOf[]", ""))
_FIELDS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "API": _IN_SYSTEM,
    "Component": (
        *_IN_SYSTEM,
        *_DEPENDS,
        ("spec.subcomponentOf", "Component"),
        ("spec.providesApis[]", "API"),
        ("spec.consumesApis[]", "API"),
    ),
    "Domain": (*_OWNED, ("spec.subdomainOf", "Domain")),
    "Group": (("spec.parent", "Group"), ("spec.children[]", "Group"), ("spec.members[]", "User")),
    "Resource": (*_IN_SYSTEM, *_DEPENDS),
    "System": (*_OWNED, ("spec.domain", "Domain")),
    "Template": _OWNED,
    "User": (("spec.memberOf[]", "Group"),),
}
"""The fields that refer, and the kind that is meant where the reference says none; empty where it has to."""

Key = tuple[str, str, str]


class EntityReference(NamedTuple):
    """A reference to an entity. ``key`` is None for text that is no reference, ``problem`` says why."""

    path: FieldPath
    written: str
    key: Key | None
    problem: str = ""


def entities_in(repository: Repository) -> Iterator[Resource]:
    """The entities of a repository, whoever registers them."""
    for file in repository.files:
        for document, what in file.documents:
            if what.role is Role.BACKSTAGE and isinstance(document.value, dict):
                yield Resource(file.shown, document, document.value)


def key_of(entity: Resource) -> Key:
    """What makes an entity this one: kind, namespace and name, whatever their case."""
    return _key(entity.kind, entity.declared_namespace or _DEFAULT, entity.name)


def entity_references(entity: Resource) -> Iterator[EntityReference]:
    """Every reference that an entity makes."""
    for pattern, kind in _FIELDS.get(entity.kind, ()):
        for path, value in entity.each(pattern):
            if written := text(value).strip():
                yield _read(path, written, kind, entity.declared_namespace or _DEFAULT)


def _read(path: FieldPath, written: str, kind: str, namespace: str) -> EntityReference:
    found = _REFERENCE.fullmatch(written)
    if found is None:
        return EntityReference(path, written, None, "is no reference; expected [kind:][namespace/]name")
    meant = found["kind"] or kind
    if not meant:
        return EntityReference(path, written, None, "names no kind; expected such as component:name")
    return EntityReference(path, written, _key(meant, found["namespace"] or namespace, found["name"]))


def _key(kind: str, namespace: str, name: str) -> Key:
    return kind.lower(), namespace.lower(), name.lower()
