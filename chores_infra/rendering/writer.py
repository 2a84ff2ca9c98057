"""Write the files of apps into the infrastructure repo: only our own files, and each of them whole.

::

    plan (reads only, every obstacle at once) -> apply (beside their places, then renamed)

Every file begins with the line of `generated_by`; one without it is never overwritten (unless adopted) and
never removed. Files with it that the app no longer produces are pruned, in the app's own places and nowhere
else. A file that has its bytes already is not touched. No link below the root is followed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath

from chores_infra.errors import FileError
from chores_infra.rendering.applying import Transaction
from chores_infra.rendering.file_system import DEFAULT, FileSystem
from chores_infra.rendering.open_repo import OpenRepo
from chores_infra.rendering.owned import fingerprint, generated_by
from chores_infra.rendering.places import Places, check_places
from chores_infra.rendering.plan import Plan
from chores_infra.rendering.planning import Planner

__all__ = ["Plan", "Writer", "fingerprint", "generated_by"]


class Writer:
    """Writes many apps into one repo, whose shared folders it opens once; a context manager.

    Args:
        root: the infrastructure repo; created by the first `apply` if it does not exist.
        places: of all apps that will be written, so that names are checked before anything is.
        adopt: take over files that are not ours.
        file_system: how files are reached.

    Raises:
        FileError: two apps have the same places.

    Example::

        with Writer(root, [rendered.places for rendered in everything]) as writer:
            for rendered in everything:
                writer.apply(writer.plan(rendered.places, rendered.files))
    """

    def __init__(
        self,
        root: Path,
        places: Iterable[Places] = (),
        *,
        adopt: bool = False,
        file_system: FileSystem = DEFAULT,
    ) -> None:
        check_places(places)
        self._adopt = adopt
        self._repo = OpenRepo(root, file_system)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._repo.close()

    def plan(self, places: Places, files: Mapping[PurePosixPath, str]) -> Plan:
        """What writing these files would do; reads, and changes nothing.

        Args:
            places: of the app.
            files: the text of all its files by path, each beginning with the generated-by line. The release
                intent may be among them; it is written last, and never pruned.

        Raises:
            FileError: with every obstacle: a link or folder in the way, a path outside the places, no
                permission, no file at all (that would be a removal, which has its own function).
            NotOurFileError: only files that are not ours are in the way.
        """
        if not any(places.owns(path) for path in files):
            raise FileError(
                self._repo.at(places.folder), "the app has no files; if it is to go, remove it explicitly"
            )
        return Planner(self._repo, places, adopt=self._adopt).plan(files)

    def plan_removal(
        self, places: Places, files: Mapping[PurePosixPath, str] | None = None, *, drop_intent: bool = False
    ) -> Plan:
        """What removing an app from its places would do: every file of ours goes, other people's stay.

        Args:
            places: of the app.
            files: the release intent as it is to be afterwards, where other environments stay.
            drop_intent: remove the release intent too.

        Raises:
            FileError: as `plan`.
        """
        intent = files or {}
        if any(places.owns(path) for path in intent):
            raise FileError(self._repo.at(places.folder), "is to be removed and cannot be written too")
        return Planner(self._repo, places, adopt=self._adopt).plan(intent, drop_intent=drop_intent)

    def apply(self, plan: Plan) -> None:
        """Carry out a plan.

        Raises:
            FileError: an operation failed. Either nothing has changed, or (the message says so) some files
                are new and the others old, none half written.
        """
        Transaction(self._repo, plan).run()

    def read(self, path: PurePosixPath) -> bytes | None:
        """A whole file in one of the places, or None if there is no such file.

        Raises:
            FileError: it cannot be read, is a link, or no file.
        """
        return self._repo.read(path)

    def stamp(self, places: Places, names: Collection[str], *, just_written: bool = False) -> str | None:
        """One value for the status of an app's files; see :func:`chores_infra.rendering.untouched.stamp`."""
        from chores_infra.rendering.untouched import stamp

        return stamp(self._repo, places, names, just_written=just_written)

    def has_content(self, places: Places, names: Collection[str], rendered: str) -> bool:
        """Whether the app's places hold these files, no others, with this fingerprint."""
        from chores_infra.rendering.untouched import has_content

        return has_content(self._repo, places, names, rendered)

    def read_owned(self, places: Places) -> dict[PurePosixPath, bytes]:
        """The files of ours that are in the app's places, for `fingerprint` and `differing`.

        Raises:
            FileError: a link or folder is in the way, or a file cannot be read.
        """
        return Planner(self._repo, places).owned()
