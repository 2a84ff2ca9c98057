"""Finds kinds by API version and name, in the folders that the generator wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from chores_infra.kinds.checked import Checked
from chores_infra.kinds.kind import Kind, Mode, Scope
from chores_infra.kinds.problem import Problem, show, type_name

if TYPE_CHECKING:
    from chores_infra.kinds.loading import Schemas, Source

__all__ = ["CATALOG", "Catalog", "current", "extended"]


class Catalog:
    """The kinds of some sources of schemas, and of a ``base``; where two know a kind, the first counts.

    A source is a folder that the generator wrote, or the texts of its files by name.
    """

    def __init__(self, *sources: Source, base: Catalog | None = None) -> None:
        self._sources = sources
        self._base = base
        self._found: dict[tuple[str, str], Kind] = {}
        self._not_found: dict[tuple[str, str], Problem] = {}

    def find(self, api_version: str, kind: str) -> Kind | None:
        """Return what is known of a kind, or None."""
        known = self._found.get((api_version, kind))
        if known is not None:
            return known
        for schemas in self._schemas:
            record = schemas.kinds(api_version).get(kind)
            if record is not None:
                module, plural, scope = record
                found = Kind(
                    api_version,
                    kind,
                    plural=plural,
                    scope=cast("Scope", scope),
                    schemas=schemas,
                    type_name=f"{module}.{kind}",
                )
                self._found[api_version, kind] = found
                return found
        return self._base.find(api_version, kind) if self._base is not None else None

    def validate(self, manifest: Mapping[str, object], mode: Mode = "authored") -> list[Problem]:
        """Return every problem of a manifest; see ``chores_infra.kinds.validate``."""
        return [*self.check(manifest, mode).problems]

    def check(self, manifest: Mapping[str, object], mode: Mode = "authored") -> Checked:
        """Return problems and what was not checked; see ``chores_infra.kinds.check``."""
        known = self._known(manifest)
        return known.check(manifest, mode) if isinstance(known, Kind) else Checked(tuple(known))

    def _known(self, manifest: Mapping[str, object]) -> Kind | list[Problem]:
        if not isinstance(manifest, dict):
            return [
                Problem(
                    (), f"expected an object with apiVersion, kind and metadata, found {type_name(manifest)}"
                )
            ]
        api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
        if isinstance(api_version, str) and isinstance(kind, str):
            found = self.find(api_version, kind)
            if found is not None:
                return found
            if (api_version, kind) not in self._not_found:  # a repository has many of the same
                self._not_found[api_version, kind] = self._unknown(api_version, kind)
            return [self._not_found[api_version, kind]]
        return [
            _identity(manifest, name)
            for name in ("apiVersion", "kind")
            if not isinstance(manifest.get(name), str)
        ]

    def versions(self, kind: str) -> list[str]:
        """Return the API versions under which a kind is known, stable ones first."""
        return sorted(
            {name for index in self._indexes for name, kinds in index.items() if kind in kinds},
            key=_stability,
        )

    def of_group(self, group: str) -> Sequence[str]:
        """Return the names of the kinds of a group, in any version.

        >>> CATALOG.of_group("networking.k8s.io")[:2]
        ('IPAddress', 'Ingress')
        """
        return self._groups.get(group, ())

    def kinds(self) -> Iterator[Kind]:
        """Yield every known kind, by API version and name."""
        names = {(name, kind) for index in self._indexes for name, kinds in index.items() for kind in kinds}
        for api_version, kind in sorted(names):
            found = self.find(api_version, kind)
            if found is not None:
                yield found

    @cached_property
    def _groups(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for index in self._indexes:
            for api_version, kinds in index.items():
                found.setdefault(api_version.rpartition("/")[0], set()).update(kinds)
        return {group: tuple(sorted(kinds)) for group, kinds in found.items()}

    @cached_property
    def _schemas(self) -> list[Schemas]:
        from chores_infra.kinds.loading import Schemas

        return [Schemas(source) for source in self._sources]

    @cached_property
    def _indexes(self) -> list[dict[str, dict[str, list[str]]]]:
        own = [schemas.index() for schemas in self._schemas]
        return own + self._base._indexes if self._base is not None else own

    def _unknown(self, api_version: str, kind: str) -> Problem:
        import difflib

        elsewhere = self.versions(kind)
        if elsewhere:
            known = ", ".join(elsewhere)
            return Problem(
                ("apiVersion",), f"{show(kind)} is not known in {show(api_version)}, but in {known}"
            )
        here = {name for index in self._indexes for name in index.get(api_version, ())}
        everywhere = {name for index in self._indexes for kinds in index.values() for name in kinds}
        near = difflib.get_close_matches(kind[:100], sorted(here), 3) or [
            f"{name} ({self.versions(name)[0]})"
            for name in difflib.get_close_matches(kind[:100], sorted(everywhere), 3)
        ]
        hint = (
            f"; did you mean {' or '.join(near)}?"
            if near
            else f"; nothing is known of {show(api_version)}" * (not here)
        )
        return Problem(("kind",), f"unknown kind {show(kind)} in {show(api_version)}{hint}")


def _identity(manifest: dict[str, object], name: str) -> Problem:
    if manifest.get(name) is None:
        return Problem((name,), "required field is missing")
    return Problem((name,), f"expected a string, found {type_name(manifest[name])}")


def _stability(api_version: str) -> tuple[int, int, int, str]:
    """Order versions as ``kubectl`` prefers them: v2, v1, v1beta1, v1alpha1."""
    match = re.fullmatch(r"v(\d+)(?:(alpha|beta)(\d+))?", api_version.rpartition("/")[2], re.ASCII)
    if not match:
        return (3, 0, 0, api_version)
    major, level, minor = match.groups()
    return ({None: 0, "beta": 1, "alpha": 2}[level], -int(major), -int(minor or 0), api_version)


CATALOG = Catalog(Path(__file__).parent / "schemas")

_CURRENT: ContextVar[Catalog] = ContextVar("catalog", default=CATALOG)


def current() -> Catalog:
    """Return the catalog that holds here: what the package ships, with what ``extended`` adds."""
    return _CURRENT.get()


@contextmanager
def extended(*sources: Source) -> Iterator[Catalog]:
    """Let further kinds be known to everything inside the ``with``, and to nothing after it.

    Constructs are made deep in the code of users, who pass no catalog on: so it goes with the context, which
    each thread has of its own.
    """
    if not sources:
        yield current()
        return
    # Folders are read at once: apps whose code reads files while they are built are never taken from a cache.
    texts = [_texts(source) if isinstance(source, Path) else source for source in sources]
    token = _CURRENT.set(Catalog(*texts, base=current()))
    try:
        yield current()
    finally:
        _CURRENT.reset(token)


def _texts(folder: Path) -> Mapping[str, str]:
    return {file.name: file.read_text("utf-8") for file in folder.glob("*.json")}
