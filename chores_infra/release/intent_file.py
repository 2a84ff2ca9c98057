"""The file of a release intent in the infrastructure repository."""

from __future__ import annotations

from pathlib import Path

from chores_infra.errors import IntentError
from chores_infra.release.intent import Intent
from chores_infra.rendering.places import Places

__all__ = ["read_intent_file"]


def read_intent_file(repository: Path, app: str) -> Intent:
    """The release intent of an app; an empty one where nothing was recorded yet.

    Raises:
        IntentError: the file cannot be read, or is another app's.
    """
    file = repository / Places(app).intent_file
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Intent(app)
    except UnicodeDecodeError as error:
        raise IntentError(f"{file}: is not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise IntentError(f"{file}: cannot be read: {error.strerror}") from None
    intent = Intent.read(text, file)
    if intent.app != app:
        raise IntentError(
            f"{file}: app: expected {app!r}, found {intent.app!r}; rename the file or correct it"
        )
    return intent
