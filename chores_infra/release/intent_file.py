"""The file of a release intent in the infrastructure repository.

People and commands both write it: what is not changed stays as it is, byte for byte.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from chores_infra.errors import IntentError
from chores_infra.release.intent import Intent
from chores_infra.rendering.file_system import DEFAULT
from chores_infra.rendering.open_repo import OpenRepo
from chores_infra.rendering.owned import INTENT_LINE, is_ours
from chores_infra.rendering.places import Places

__all__ = ["IntentFile", "intent_file_in", "read_intent_file"]


class IntentFile(NamedTuple):
    """An intent, and the text that it was read from; None where there is no file yet."""

    intent: Intent
    text: str | None = None

    def changed_to(self, intent: Intent) -> str:
        """The text of the file for another intent, with the comments of all entries that stay.

        For the same intent it is the same text, however it is laid out.
        """
        if self.text is None:
            return INTENT_LINE + intent.text()
        ours = is_ours(self.text[:128].encode())
        if intent == self.intent:
            return self.text if ours else INTENT_LINE + self.text
        body = self.text.partition("\n")[2] if ours else self.text
        if "#" not in body:
            return INTENT_LINE + intent.text()
        from chores_infra.release.intent_comments import carry_comments

        return INTENT_LINE + carry_comments(body, intent.text())


def read_intent_file(repository: Path, app: str) -> IntentFile:
    """The file of an app's release intent; an empty intent where nothing was recorded yet.

    Raises:
        FileError: the file cannot be read, is a link, or no file.
        IntentError: what it holds is no intent, or another app's.
    """
    repo = OpenRepo(repository, DEFAULT)
    try:
        return intent_file_in(repo, Places(app))
    finally:
        repo.close()


def intent_file_in(repo: OpenRepo, places: Places) -> IntentFile:
    """The same in a repository that is open for many apps.

    Raises:
        FileError, IntentError: as `read_intent_file`.
    """
    app, file = places.app, repo.at(places.intent_file)
    data = repo.read(places.intent_file)
    if data is None:
        return IntentFile(Intent(app))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise IntentError(f"{file}: is not UTF-8 at byte {error.start}") from None
    intent = Intent.read(text, file)
    if intent.app != app:
        raise IntentError(
            f"{file}: app: expected {app!r}, found {intent.app!r}; rename the file or correct it"
        )
    return IntentFile(intent, text)
