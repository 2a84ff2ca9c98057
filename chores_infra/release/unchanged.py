"""Whether an app stands as it was deployed: unedited, and as its Python still renders it.

A move to another version changes the version and nothing else; what else would come along is refused, or
accepted by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from chores_infra.errors import ConfigurationChangedError
from chores_infra.release.hand_edits import byte_diff, refuse_edits, refuse_unknown
from chores_infra.rendering.owned import differing, fingerprint
from chores_infra.rendering.places import Places
from chores_infra.rendering.writer import Writer

__all__ = ["refuse_changed"]


def refuse_changed(
    writer: Writer,
    places: Places,
    again: Mapping[PurePosixPath, str],
    recorded: str | None,
    *,
    include_config: bool = False,
    discard_edits: bool = False,
) -> None:
    """Refuse files that are not what the recorded version is when it is rendered today.

    Args:
        writer: of the repository.
        places: of the app.
        again: its files, rendered from the recorded intent with today's Python.
        recorded: the fingerprint of the files as they were written, where it is known.
        include_config: accept that the Python has changed.
        discard_edits: accept that edits by hand are lost.

    Raises:
        HandEditsError: they were edited by hand.
        ConfigurationChangedError: the Python has changed.
    """
    present = writer.read_owned(places)
    rendered = {path: text.encode() for path, text in again.items()}
    changed = differing(present, rendered)
    if not changed:
        return
    edited = fingerprint(present) != recorded
    if edited and not discard_edits:
        plan = writer.plan(places, again)
        if recorded is None:
            refuse_unknown(plan, present, again)
        else:
            refuse_edits(plan, present, again, recorded)
    if include_config or (edited and fingerprint(rendered) == recorded):
        return
    files = "1 file" if len(changed) == 1 else f"{len(changed)} files"
    raise ConfigurationChangedError(
        f"{files} of {places.app} ({places.environment}) would change with the same version: the Python "
        "has changed since it was deployed; look at it, then accept it with --include-config",
        "".join(byte_diff(path, present.get(path), rendered.get(path)) for path in changed),
    )
