"""What a release intent recorded at some commit: the versions of the environments, and the quarantine.

Unlike commands that act on an intent, history takes what it understands: an old file may be of another form.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from chores_infra.release.history.manifests import Unreadable
from chores_infra.release.intent_as_written import read_as_written
from chores_infra.rendering.reader import read_source

__all__ = ["IntentReader", "Reason", "Recorded"]

_MOST_KNOWN: Final = 64
_QUARANTINE: Final = "\nquarantine:"


class Reason(NamedTuple):
    """Why a version is quarantined, and since when, as the intent says it."""

    reason: str
    since: str


class Recorded(NamedTuple):
    """An intent: versions and tags by environment, and why versions are quarantined."""

    versions: Mapping[str, tuple[str, str]] = {}
    quarantine: Mapping[str, Reason] = {}


class IntentReader:
    """Reads intents; quarantines that were read last are known, since they stand while versions change."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Mapping[str, Reason] | Unreadable] = OrderedDict()

    def read(self, data: bytes) -> Recorded | Unreadable:
        """What an intent records."""
        text = data.decode("utf-8", "replace")
        head, quarantine, rest = text.partition(_QUARANTINE)
        written = read_as_written(f"{head}\n" if quarantine else text)
        if written is None:
            return _read(text)
        reasons = self._reasons(f"quarantine:{rest}") if quarantine else {}
        if isinstance(reasons, Unreadable):
            return reasons
        running = {each.value: (str(run.release), run.tag) for each, run in written.environments.items()}
        return Recorded(running, reasons)

    def _reasons(self, text: str) -> Mapping[str, Reason] | Unreadable:
        if text not in self._known:
            read = _read(text)
            self._known[text] = read if isinstance(read, Unreadable) else read.quarantine
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return self._known[text]


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
