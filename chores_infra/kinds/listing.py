"""The kinds that are known, as a list that can be searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chores_infra.errors import UnknownKindError
from chores_infra.kinds.catalog import Catalog
from chores_infra.kinds.kind import Kind
from chores_infra.kinds.suggestions import nearest

if TYPE_CHECKING:
    from chores_infra.kinds.operators import Support

__all__ = ["Listed", "listed"]


class Listed(NamedTuple):
    """A kind, and how a release of Kubernetes treats it; None for what is not built in, or was not asked."""

    kind: Kind
    support: Support | None = None


def listed(catalog: Catalog, word: str = "", release: str | None = None) -> list[Listed]:
    """Return the kinds that have a word in their API version, name, scope, plural or source, in any case.

    ``release`` is one of Kubernetes, such as ``"1.33"``. Raises ConfigurationError for text that is no
    release, UnknownKindError where nothing has the word.

    >>> from chores_infra.kinds import CATALOG
    >>> [f"{kind.api_version} {kind.kind}" for kind, _ in listed(CATALOG, "replicaset")]
    ['apps/v1 ReplicaSet']
    """
    kinds = [kind for kind in catalog.kinds() if _has(kind, word.lower())]
    if not kinds:
        near = nearest(word, sorted({kind.kind for kind in catalog.kinds()}))
        raise UnknownKindError(word, "no kind has this" + (f"; did you mean {near}?" if near else ""))
    if release is None:
        return [Listed(kind) for kind in kinds]
    from chores_infra.kinds.kubernetes_versions import served

    return [Listed(kind, served(kind.api_version, kind.kind, release)) for kind in kinds]


def _has(kind: Kind, word: str) -> bool:
    return any(
        word in text.lower() for text in (kind.api_version, kind.kind, kind.scope, kind.plural, kind.source)
    )
