"""Read a release intent strictly: every field is checked, and everything that is wrong is said at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypeVar

from chores_infra.environments import Environment
from chores_infra.errors import IntentError, VersionError, YamlError
from chores_infra.release.intent import Intent, Quarantine, Running
from chores_infra.release.intent_fields import (
    as_app_name,
    as_digest,
    as_fingerprint,
    as_moment,
    as_reason,
    as_tag,
)
from chores_infra.rendering.document import Document
from chores_infra.rendering.field_path import FieldPath, format_path
from chores_infra.rendering.reader import read
from chores_infra.versions import Version, parse_release
from chores_infra.wording import written

__all__ = ["read_intent"]

T = TypeVar("T")


def read_intent(text: str, file: PurePath | str) -> Intent:
    """Read the text of an intent file.

    Raises:
        IntentError: everything that is wrong with it, one line each.
    """
    try:
        documents = read(text, str(file))
    except YamlError as error:
        raise IntentError(str(error)) from None
    if len(documents) != 1:
        found = "nothing" if not documents else f"{len(documents)} documents"
        raise IntentError(f"{file}: expected one YAML document with app and environments, found {found}")
    return _Reading(documents[0], str(file)).intent()


class _Reading:
    """One document, and what is found to be wrong with it."""

    def __init__(self, document: Document, file: str) -> None:
        self.document = document
        self.file = file
        self.problems: list[tuple[int, str]] = []

    def intent(self) -> Intent:
        """The intent, when nothing is wrong."""
        for duplicate in self.document.duplicates:
            self.problem(
                duplicate.path, f"is given twice, first in line {duplicate.first.line}", duplicate.at.line
            )
        root = self.mapping(
            self.document.value, (), required=("app", "environments"), optional=("quarantine",)
        )
        app = self.text(root, (), "app", as_app_name)
        environments = self.environments(root.get("environments", {}))
        quarantine = self.quarantine(root.get("quarantine", []))
        if self.problems:
            lines = [f"{self.file}:{line}: {message}" for line, message in sorted(self.problems)]
            raise IntentError("\n".join(dict.fromkeys(lines)))
        return Intent(app, environments, quarantine)

    def environments(self, value: object) -> dict[Environment, Running]:
        known = [environment.value for environment in Environment]
        entries = self.mapping(value, ("environments",), optional=known)
        return {
            Environment(name): self.running(entry, Environment(name))
            for name, entry in entries.items()
            if name in known
        }

    def running(self, value: object, environment: Environment) -> Running:
        path = ("environments", environment.value)
        optional = ("rendered", "digest", "pinned")
        entry = self.mapping(value, path, required=("version", "tag"), optional=optional)
        pinned = entry.get("pinned", False)
        if not isinstance(pinned, bool):
            self.problem((*path, "pinned"), f"expected true or false, found {written(pinned)}")
        elif pinned and "digest" not in entry:
            self.problem((*path, "pinned"), "there is no digest to pin; add it, or remove this")
        return Running(
            release=self.text(entry, path, "version", lambda text: parse_release(text, environment)),
            tag=self.text(entry, path, "tag", as_tag),
            rendered=self.text(entry, path, "rendered", as_fingerprint) if "rendered" in entry else None,
            digest=self.text(entry, path, "digest", as_digest) if "digest" in entry else None,
            pinned=pinned is True,
        )

    def quarantine(self, value: object) -> tuple[Quarantine, ...]:
        if not isinstance(value, list):
            self.problem(("quarantine",), f"expected a list of versions with reasons, found {written(value)}")
            return ()
        entries: list[Quarantine] = []
        seen: set[Version] = set()
        for index, item in enumerate(value):
            path = ("quarantine", index)
            entry = self.mapping(item, path, required=("version", "reason", "since"))
            version = self.text(entry, path, "version", Version.parse)
            if version in seen:
                self.problem(
                    (*path, "version"), f"{version} stands in the quarantine already; keep one entry"
                )
            seen.add(version)
            reason = self.text(entry, path, "reason", as_reason)
            entries.append(Quarantine(version, reason, self.text(entry, path, "since", as_moment)))
        return tuple(entries)

    def mapping(
        self,
        value: object,
        path: FieldPath,
        *,
        required: Sequence[str] = (),
        optional: Sequence[str] = (),
    ) -> Mapping[str, Any]:
        """The value, which must be a mapping with these keys and no others."""
        known = [*required, *optional]
        if not isinstance(value, dict):
            self.problem(path, f"expected a mapping with {', '.join(known)}, found {written(value)}")
            return {}
        for key in value:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"expected {', '.join(known)}"
                self.problem((*path, key), f"there is no such field; {hint}")
        for key in required:
            if key not in value:
                self.problem((*path, key), "this field is required")
        return value

    def text(self, entry: Mapping[str, Any], path: FieldPath, key: str, parse: Callable[[str], T]) -> T:
        """A field that must be text which ``parse`` accepts; the problem is noted when it is not."""
        value = entry.get(key)
        if not isinstance(value, str):
            if key in entry:
                self.problem((*path, key), f"expected text, found {written(value)}; put it in quotes")
        else:
            try:
                return parse(value)
            except (ValueError, VersionError) as error:
                self.problem((*path, key), str(error))
        return None  # type: ignore[return-value]  # a problem was noted, so no intent will be made of it

    def problem(self, path: FieldPath, message: str, line: int | None = None) -> None:
        place = format_path(path)
        at = self.document.position(path).line if line is None else line
        self.problems.append((at, f"{place}: {message}" if place else message))
