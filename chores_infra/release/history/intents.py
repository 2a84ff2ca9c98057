"""What a release intent recorded at some commit: the versions of the environments, and the quarantine.

Unlike commands that act on an intent, history takes what it understands: an old file may be of another form.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from chores_infra.release.history.manifests import Unreadable
from chores_infra.release.history.values import MARK, line_pattern, put_in, take_out
from chores_infra.rendering.reader import read_source

__all__ = ["IntentReader", "Reason", "Recorded"]

_MOST_KNOWN: Final = 64
_LINES: Final = line_pattern("version", "tag", "rendered", "digest", "since")


class Reason(NamedTuple):
    """Why a version is quarantined, and since when, as the intent says it."""

    reason: str
    since: str


class Recorded(NamedTuple):
    """An intent: versions and tags by environment, and why versions are quarantined."""

    versions: Mapping[str, tuple[str, str]] = {}
    quarantine: Mapping[str, Reason] = {}


class IntentReader:
    """Reads intents; those that differ in versions only are read once."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Recorded | Unreadable] = OrderedDict()
        self._quarantine: Mapping[str, Reason] = {}

    def read(self, data: bytes) -> Recorded | Unreadable:
        """What an intent records."""
        text = data.decode("utf-8", "replace")
        if MARK in text:
            return _read(text)
        bare, values = take_out(text, _LINES)
        found = self._known.get(bare)
        if found is None:
            found = self._known[bare] = _read(bare)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        if isinstance(found, Unreadable):
            return found
        recorded = _whole(found, values)
        if recorded.quarantine != self._quarantine:
            self._quarantine = recorded.quarantine
        # Thousands of commits have the same: it is kept once.
        return Recorded(recorded.versions, self._quarantine)


def _whole(recorded: Recorded, values: list[str]) -> Recorded:
    """What an intent records, with the values in it."""
    versions = {
        environment: (put_in(version, values), put_in(tag, values))
        for environment, (version, tag) in recorded.versions.items()
    }
    quarantine = {
        put_in(version, values): Reason(put_in(reason, values), put_in(since, values))
        for version, (reason, since) in recorded.quarantine.items()
    }
    return Recorded(versions, quarantine)


def _read(text: str) -> Recorded | Unreadable:
    reading = read_source(text)
    broken = next((problem for problem in reading.problems if problem.breaks), None)
    if broken is not None:
        return Unreadable(f"line {broken.line}: {broken.message}")
    value = reading.documents[0].value if reading.documents else None
    if not isinstance(value, dict):
        return Unreadable("it is no mapping")
    environments = value.get("environments")
    versions = {
        name: (str(entry["version"]), str(entry.get("tag", entry["version"])))
        for name, entry in (environments.items() if isinstance(environments, dict) else ())
        if isinstance(entry, dict) and "version" in entry
    }
    return Recorded(versions, dict(_quarantined(value.get("quarantine"))))


def _quarantined(value: Any) -> Iterator[tuple[str, Reason]]:
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, dict) and "version" in entry:
            yield str(entry["version"]), Reason(str(entry.get("reason", "")), str(entry.get("since", "")))
