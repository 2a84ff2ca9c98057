"""Apps that need not be rendered: they were, from exactly this, and their files are as they were written.

What is trusted: that the constructs of an app follow from its configuration, its parameters, its modules
and what those import and read when they are imported. An app whose code reads a file, lists a folder,
starts a program or uses the network while it is built is rendered every time, and so is one whose class
is made by a function. The environment variables, the clock and changed globals are not seen.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chores_infra.app import App, Target
from chores_infra.release.cache_file import CacheFile, Entry, entry_of, read_cache, write_cache
from chores_infra.release.outcome import File, Outcome
from chores_infra.release.plan import Status, Synthesis
from chores_infra.release.rendering import AppFiles
from chores_infra.release.sources import Sources
from chores_infra.release.synth import Request, Synthesizer
from chores_infra.rendering.places import MANIFESTS, RELEASES
from chores_infra.rendering.untouched import SETTLED

if TYPE_CHECKING:
    from chores_infra.checks.verdict import Checks

__all__ = ["Known"]

#: What pydantic shows in the place of a secret. Two of them look the same, so nothing is known by them.
_MASKED: Final = b"**********"


class Known:
    """What is known of the apps of one repository, and what is learned about them in this run.

    Args:
        folder: of the cache.
        synthesizer: what plans the apps.
        sources: what they are made from.
        operators: as for rendering.
        schemas: folders of schemas of further kinds.
        checks: how apps are checked; what was found before is only counted.
    """

    def __init__(
        self,
        folder: Path,
        synthesizer: Synthesizer,
        sources: Sources,
        operators: Mapping[str, str],
        schemas: Sequence[Path] = (),
        *,
        checks: Checks | None = None,
    ) -> None:
        self._folder = folder
        self._synthesizer = synthesizer
        self._sources = sources
        self._operators = json.dumps(dict(operators), sort_keys=True).encode()
        self._checks = repr(checks and (checks.repository, checks.settings)).encode()
        self._detailed = checks is not None and checks.detailed
        self._schemas = [_digest(folder) for folder in schemas]
        self._entries: CacheFile = read_cache(folder, synthesizer.repository)
        self._learned: CacheFile = {}
        self._written: dict[str, int] = {}

    def outcome(self, request: Request) -> Outcome | None:
        """The outcome of an app for which there is nothing to do; None where that is not certain."""
        entry = entry_of(self._entries, request.places.name)
        recorded = request.recorded
        if entry is None or recorded is None or entry.rendered != recorded.rendered:
            return None
        if self._detailed and entry.found:
            return None  # its warnings are to be listed, and only their number was kept
        if not self._synthesizer.is_settled(request) or entry.key != self.key(request.app, request.target):
            return None
        stamp = self._synthesizer.writer.stamp(request.places, entry.names)
        if stamp is None or stamp != entry.stamp:
            if not self._synthesizer.writer.has_content(request.places, entry.names, entry.rendered):
                return None
            if stamp is not None:
                self._learned[request.places.name] = entry._replace(stamp=stamp)
        return self._unchanged(request, entry)

    def learn(self, request: Request, rendered: AppFiles, plan: Synthesis) -> None:
        """Remember an app whose files are now as they were rendered."""
        places = request.places
        key = self.key(request.app, request.target) if rendered.repeatable else None
        fingerprint = plan.running.rendered
        if key is None or fingerprint is None or plan.plan.foreign:
            return
        names = [path.name for path in rendered.files if path != places.application_file]
        application = places.application_file in rendered.files
        stamp = self._synthesizer.writer.stamp(places, names, just_written=True)
        found = 0 if rendered.verdict is None else rendered.verdict.warnings
        self._learned[places.name] = Entry(
            key, fingerprint, names, application, list(rendered.warnings), found, stamp
        )
        self._written[places.name] = time.time_ns()

    def save(self) -> str | None:
        """Write down what was learned, beside what others learned meanwhile; answers why it could not be."""
        if not self._learned:
            return None
        settled = time.time_ns() - SETTLED
        for place, written in self._written.items():
            if written >= settled:
                self._learned[place] = self._learned[place]._replace(stamp=None)
        try:
            entries = read_cache(self._folder, self._synthesizer.repository) | self._learned
            write_cache(self._folder, self._synthesizer.repository, entries)
        except OSError as error:
            return f"{self._folder}: the cache cannot be written: {error.strerror}"
        return None

    def key(self, app: type[App[Any]], target: Target) -> str | None:
        """What an app is rendered from, as one value; None where that cannot be said."""
        from pydantic_core import to_json

        base = app
        while "_parameters" in vars(base):  # It was made by `named`.
            base = base.__bases__[0]
        sources = self._sources.digest(base)
        if sources is None:
            return None
        try:
            configuration = app.configure(target)
            # The text has what the JSON leaves out: fields that are excluded from it.
            parts = (
                to_json(app._parameters),
                configuration.model_dump_json().encode(),
                repr(configuration).encode(),
            )
        except (Exception, SystemExit):  # Whatever is wrong with it is said when it is rendered.
            return None
        if any(_MASKED in part for part in parts):
            return None
        digest = sha256(sources)
        common = (self._operators, self._checks, *self._schemas)
        for part in (app.app_name.encode(), repr(target).encode(), *common, *parts):
            digest.update(b"%d:%b" % (len(part), part))
        return digest.hexdigest()

    def _unchanged(self, request: Request, entry: Entry) -> Outcome:
        places, running = request.places, request.running
        # Texts, because making a path takes longer than all else that is done here.
        paths = [f"{MANIFESTS}/{places.name}/{name}" for name in entry.names]
        paths += [f"{MANIFESTS}/{places.name}.yaml"] if entry.application else []
        paths.append(f"{RELEASES}/{places.app}.yaml")
        files = (File(path, Status.UNCHANGED) for path in sorted(paths))
        return Outcome(
            places.app,
            request.target.environment,
            str(running.release),
            running.tag,
            tuple(files),
            tuple(entry.warnings),
            (),
            self._synthesizer.command_line(request),
            entry.found,
        )


def _digest(folder: Path) -> bytes:
    """One value for the content of all files of schemas."""
    digest = sha256()
    for file in sorted(folder.glob("*.json")):
        digest.update(sha256(file.read_bytes()).digest())
    return digest.digest()
