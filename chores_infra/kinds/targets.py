"""What people call a kind or a field of it: ``Deployment.spec.strategy``, ``apps/v1/Deployment``."""

from __future__ import annotations

import re
from typing import NamedTuple

from chores_infra.errors import UnknownKindError
from chores_infra.kinds.catalog import Catalog
from chores_infra.kinds.kind import Kind
from chores_infra.kinds.suggestions import nearest

__all__ = ["Target", "completions", "find_target"]

_TARGET = re.compile(r'(?:(?P<group>[^\["]+)/)?(?P<name>[^./\["]+)\.?(?P<path>.*)', re.DOTALL)


class Target(NamedTuple):
    """A kind, and the path of a field of it as it was written; empty for the kind itself."""

    kind: Kind
    path: str


def find_target(catalog: Catalog, text: str) -> Target:
    """Find the kind that is meant: ``[API VERSION or GROUP/]KIND[.field...]``.

    The kind may be written in any case, or as its plural. Of several versions in one group the stable one is
    meant.

    Raises UnknownKindError for a name of no kind, with what was probably meant, or of kinds in several
    groups, with all of them.

    >>> from chores_infra.kinds import CATALOG
    >>> find_target(CATALOG, "deployments.spec.strategy")
    Target(kind=Kind(apps/v1, Deployment, deployments, Namespaced), path='spec.strategy')
    """
    match = _TARGET.fullmatch(text)
    if match is None:
        raise UnknownKindError(text, "names no kind; write it like Deployment.spec.strategy")
    group, name, path = match["group"], match["name"], match["path"]
    named = [kind for kind in catalog.kinds() if name.lower() in {kind.kind.lower(), kind.plural}]
    if not named:
        raise UnknownKindError(name, f"no kind is called that{_hint(name, catalog)}")
    found = [kind for kind in named if group in {None, kind.api_version, kind.group or "core"}]
    if not found:
        known = ", ".join(dict.fromkeys(kind.api_version for kind in named))
        raise UnknownKindError(text, f"{named[0].kind} is not known in {group}, but in {known}")
    if len({kind.group for kind in found}) > 1:
        preferred = (_preferred(catalog, kind, found) for kind in found)
        choice = ", ".join(dict.fromkeys(f"{kind.api_version}/{kind.kind}" for kind in preferred))
        raise UnknownKindError(name, f"several kinds are called that; which one: {choice}?")
    return Target(_preferred(catalog, found[0], found), path)


def completions(catalog: Catalog, incomplete: str) -> list[str]:
    """Return what may follow: names of kinds, and behind a dot the fields of the object before it."""
    before, dot, last = incomplete.rpartition(".")
    # The dots of a group are no paths: what is before the kind ends with a slash.
    if not dot or "/" in last:
        names = {kind.kind for kind in catalog.kinds()}
        names |= (
            {f"{kind.api_version}/{kind.kind}" for kind in catalog.kinds()} if "/" in incomplete else set()
        )
        return sorted(name for name in names if name.startswith(incomplete))
    kind, path = find_target(catalog, before)
    children = kind.field(path).children
    return [f"{before}.{name}" for name in children if name.startswith(last)]


def _preferred(catalog: Catalog, kind: Kind, among: list[Kind]) -> Kind:
    """Return the version of a kind that is stable, or nearest to it."""
    versions = catalog.versions(kind.kind)
    return min(
        (other for other in among if (other.group, other.kind) == (kind.group, kind.kind)),
        key=lambda other: versions.index(other.api_version),
    )


def _hint(name: str, catalog: Catalog) -> str:
    near = nearest(name, sorted({kind.kind for kind in catalog.kinds()}))
    return f"; did you mean {near}?" if near else "; chores-infra kinds list has all that are known"
