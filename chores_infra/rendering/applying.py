"""Carry out a plan: write everything beside its place, rename, remove what is pruned.

Until the first rename everything can be taken back and is; from then on each file is either old or new, even
if the process is killed, because a rename replaces a file in one step. Nothing is synced to the disk: a
repository is restored from git, and waiting for the disk costs twenty times the writing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from chores_infra.errors import FileError
from chores_infra.rendering.file_system import Folder
from chores_infra.rendering.open_repo import OpenRepo
from chores_infra.rendering.places import MANIFESTS
from chores_infra.rendering.plan import Plan

__all__ = ["Transaction"]


_DEPTH_OF_MANIFESTS: Final = 3  # base-apps/<place>/<file>


class Transaction:
    """One plan on its way into the repository."""

    def __init__(self, repo: OpenRepo, plan: Plan) -> None:
        self.repo = repo
        self.fs = repo.fs
        self.plan = plan
        self._doing = "written"
        self._done = 0
        self._folder: Folder | None = None
        self._at: PurePosixPath = MANIFESTS
        self._made: list[PurePosixPath | Path] = []
        self._temporaries: list[tuple[Folder, str]] = []
        self._renames: list[tuple[Folder, str, PurePosixPath]] = []

    def run(self) -> None:
        """Carry it out.

        Raises:
            FileError: an operation failed. Before the first rename nothing has changed; after it the message
                says how far it got, and running again completes it.
        """
        plan = self.plan
        if not (plan.changes or plan.leftovers):
            return
        try:
            try:
                self._prepare()
                self._rename()
                self._prune()
            except BaseException:
                self._drop_temporaries()
                if not self._done:
                    self.repo.unmake(self._made)
                raise
        except OSError as error:
            reason = error.strerror or str(error)
            raise FileError(
                self.repo.at(self._at), f"cannot be {self._doing}: {reason}; {self._left()}"
            ) from None
        finally:
            if self._folder is not None:
                with suppress(OSError):
                    self.fs.close(self._folder)

    def _prepare(self) -> None:
        """Write every file beside its place; whoever reads the repository sees nothing of it."""
        plan = self.plan
        for path in plan.leftovers:
            self._doing, self._at = "removed", path
            self._remove_leftover(path)
        inside = {path: data for path, data in plan.written.items() if _within_app(path)}
        if inside:
            self._write_folder(inside)
        for path, data in plan.written.items():
            if path not in inside:
                self._doing, self._at = "written", path
                self._made += self.repo.make_shared(path.parent)
                self._write(self._shared(path.parent), path, data)

    def _write_folder(self, files: Mapping[PurePosixPath, bytes]) -> None:
        """The app's folder: as a whole where there is none, so that one rename puts it in its place."""
        folder = self.plan.places.folder
        self._doing, self._at = "written", folder
        self._made += self.repo.make_shared(MANIFESTS)
        shared = self._shared(MANIFESTS)
        if not self.plan.fresh:
            self._folder = self.fs.open_folder(shared, folder.name)
            for path, data in files.items():
                self._write(self._folder, path, data)
            return
        temporary = self.repo.temporary(folder.name)
        self._temporaries.append((shared, temporary))
        self.fs.make_folder(shared, temporary)
        self._folder = self.fs.open_folder(shared, temporary)
        for path, data in files.items():
            self._at = path
            self.fs.create(self._folder, path.name, data)
        self._renames.append((shared, temporary, folder))

    def _write(self, folder: Folder, path: PurePosixPath, data: bytes) -> None:
        self._at = path
        temporary = self.repo.temporary(path.name)
        self._temporaries.append((folder, temporary))
        self.fs.create(folder, temporary, data)
        self._renames.append((folder, temporary, path))

    def _rename(self) -> None:
        """Put everything in its place: manifests, then the Application that reads them, then the intent."""
        self._doing = "put in its place"
        for folder, temporary, path in self._renames:
            self._at = path
            self.fs.rename(folder, temporary, path.name)
            self._done += 1
            self.repo.note(path)

    def _prune(self) -> None:
        """Remove what the app no longer produces; its Application first, which would read half a folder."""
        places = self.plan.places
        self._doing = "removed"
        emptied = False
        for path in self.plan.pruned:
            self._at = path
            if _within_app(path):
                if self._folder is None:
                    self._folder = self.fs.open_folder(self._shared(MANIFESTS), places.name)
                self.fs.remove(self._folder, path.name)
                emptied = True
            else:
                self.fs.remove(self._shared(path.parent), path.name)
                self.repo.forget(path)
            self._done += 1
        if emptied:
            # Not empty: others have files there, or the app has.
            with suppress(OSError):
                self.fs.remove_folder(self._shared(MANIFESTS), places.name)
                self.repo.forget(places.folder)

    def _remove_leftover(self, path: PurePosixPath) -> None:
        """A file of a killed run, in a shared folder or the app's, or a whole folder of it."""
        places = self.plan.places
        if not _within_app(path):
            self._remove_temporary(self._shared(path.parent), path.name)
            return
        with self.repo.opened(self._shared(MANIFESTS), places.name) as folder:
            self._remove_temporary(folder, path.name)

    def _remove_temporary(self, folder: Folder, name: str) -> None:
        """Remove a temporary file, or a temporary folder with the files in it."""
        try:
            inner = self.fs.open_folder(folder, name)
        except FileNotFoundError:
            return
        except OSError:
            self.fs.remove(folder, name)
            return
        try:
            for entry in self.fs.entries(inner):
                self.fs.remove(inner, entry)
        finally:
            self.fs.close(inner)
        self.fs.remove_folder(folder, name)

    def _drop_temporaries(self) -> None:
        """Take back what was written; what cannot be removed is found by the next run."""
        for folder, name in self._temporaries:
            with suppress(OSError):
                self._remove_temporary(folder, name)

    def _shared(self, path: PurePosixPath) -> Folder:
        folder = self.repo.shared(path)
        if folder is None:
            raise FileNotFoundError(2, "No such folder")
        return folder

    def _left(self) -> str:
        """How the repository was left, for the message."""
        if not self._done:
            return f"nothing of {self.plan.places.name} was changed"
        total = len(self._renames) + len(self.plan.pruned)
        return f"{self._done} of {total} changes are made and no file is half written, run it again"


def _within_app(path: PurePosixPath) -> bool:
    """Whether a path of a plan is in the app's folder, not in one that all apps share."""
    return len(path.parts) == _DEPTH_OF_MANIFESTS
