"""The infrastructure repository that a command is to read: a folder of this machine, or a clone of a URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from chores_infra.errors import GitError, IntentError
from chores_infra.git import Repository, is_url
from chores_infra.git.masking import masked
from chores_infra.git.remotes import cloned
from chores_infra.release.intent import Intent
from chores_infra.release.intent_file import read_intent_file
from chores_infra.rendering.places import Places

__all__ = ["Infrastructure", "open_infrastructure"]


class Infrastructure(NamedTuple):
    """What an infrastructure repository says of one app.

    Args:
        name: what messages call the repository.
        intent: of the app, as the folder has it, or the newest commit of a clone.
        git: the git repository that it is in, or None.
        folder: where it is in there.
    """

    name: str
    intent: Intent
    git: Repository | None
    folder: PurePosixPath

    @property
    def intent_file(self) -> PurePosixPath:
        """The file of the intent, from the root of the git repository."""
        return self.folder / Places(self.intent.app).intent_file


@contextmanager
def open_infrastructure(where: str | Path, app: str, *, whole: bool = False) -> Iterator[Infrastructure]:
    """Open an infrastructure repository for reading.

    Args:
        where: a folder, which may be a part of a git repository, or the URL of one.
        app: whose intent to read.
        whole: clone all of the history of a URL, not only the newest commit.

    Raises:
        FileError, IntentError: the intent cannot be read.
        GitError: the URL cannot be cloned.
    """
    if isinstance(where, str) and is_url(where):
        with cloned(where, whole=whole) as repository:
            text = repository.read(repository.head(), Places(app).intent_file)
            intent = Intent(app) if text is None else _read(text, app, masked(where))
            yield Infrastructure(masked(where), intent, repository, PurePosixPath())
        return
    folder = Path(where)
    intent = read_intent_file(folder, app).intent
    try:
        git = Repository(folder)
    except GitError:
        git = None
    yield Infrastructure(str(where), intent, git, git.prefix if git else PurePosixPath())


def _read(text: bytes, app: str, where: str) -> Intent:
    file = f"{where}: {Places(app).intent_file}"
    try:
        return Intent.read(text.decode("utf-8"), file)
    except UnicodeDecodeError as error:
        raise IntentError(f"{file}: is not UTF-8 at byte {error.start}") from None
