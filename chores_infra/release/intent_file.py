"""The file of a release intent in the infrastructure repository."""

from __future__ import annotations

from pathlib import Path

from chores_infra.errors import IntentError
from chores_infra.release.intent import Intent
from chores_infra.rendering.file_system import DEFAULT
from chores_infra.rendering.open_repo import OpenRepo
from chores_infra.rendering.places import Places

__all__ = ["read_intent_file"]


def read_intent_file(repository: Path, app: str) -> Intent:
    """The release intent of an app; an empty one where nothing was recorded yet.

    Raises:
        FileError: the file cannot be read, is a link, or no file.
        IntentError: what it holds is no intent, or another app's.
    """
    path = Places(app).intent_file
    file = repository / path
    repo = OpenRepo(repository, DEFAULT)
    try:
        data = repo.read(path)
    finally:
        repo.close()
    if data is None:
        return Intent(app)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise IntentError(f"{file}: is not UTF-8 at byte {error.start}") from None
    intent = Intent.read(text, file)
    if intent.app != app:
        raise IntentError(
            f"{file}: app: expected {app!r}, found {intent.app!r}; rename the file or correct it"
        )
    return intent
