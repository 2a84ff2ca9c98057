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
from chores_infra.release.checkout import is_bare, split_url
from chores_infra.release.intent import Intent
from chores_infra.release.intent_file import read_intent_file
from chores_infra.rendering.places import Places

__all__ = ["Infrastructure", "open_infrastructure"]


class Infrastructure(NamedTuple):
    """What an infrastructure repository says of one app.

    Args:
        name: what messages call the repository.
        intent: of the app, as the folder has it, or the newest commit of a clone.
        text: of its file; empty where there is none.
        git: the git repository that it is in, or None.
        folder: where it is in there.
    """

    name: str
    intent: Intent
    text: str
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
        where: a folder, which may be a part of a git repository; a bare repository; or the URL of one, with
            ``//folder`` behind it where it is in a folder of that.
        app: whose intent to read.
        whole: clone all of the history of a URL, not only the newest commit.

    Raises:
        FileError, IntentError: the intent cannot be read.
        GitError: the URL cannot be cloned.
    """
    if isinstance(where, str) and is_url(where):
        url, below = split_url(where)
        with cloned(url, whole=whole) as repository:
            yield _at_its_head(repository, below, app, masked(where))
        return
    folder = Path(where)
    if folder.is_dir() and is_bare(folder):
        yield _at_its_head(Repository(folder), PurePosixPath(), app, str(where))
        return
    file = read_intent_file(folder, app)
    try:
        git = Repository(folder)
    except GitError:
        git = None
    prefix = git.prefix if git else PurePosixPath()
    yield Infrastructure(str(where), file.intent, file.text or "", git, prefix)


def _at_its_head(repository: Repository, folder: PurePosixPath, app: str, name: str) -> Infrastructure:
    """What the newest commit has."""
    path = folder / Places(app).intent_file
    data = repository.read(repository.head(), path)
    text = "" if data is None else _decoded(data, f"{name}: {path}")
    intent = Intent.read(text, f"{name}: {path}") if text else Intent(app)
    return Infrastructure(name, intent, text, repository, folder)


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise IntentError(f"{file}: is not UTF-8 at byte {error.start}") from None
