"""Find out what writing an app would do: read its places, change nothing, report every obstacle at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from chores_infra.errors import FileError, NotOurFileError
from chores_infra.rendering.file_system import EntryKind, Folder
from chores_infra.rendering.open_repo import OpenRepo, differs_in_case, temporary_owner
from chores_infra.rendering.owned import is_ours
from chores_infra.rendering.places import MANIFESTS, RELEASES, Places, check_file_name
from chores_infra.rendering.plan import Plan

__all__ = ["Planner"]

_HEAD = 128  # bytes that hold the beginning of our first line

_Wanted = dict[str, tuple[PurePosixPath, bytes]]
"""The files that one folder is to have, by name."""


class Planner:
    """The findings about the places of one app, as they are collected."""

    def __init__(self, repo: OpenRepo, places: Places, *, adopt: bool = False) -> None:
        self.repo = repo
        self.places = places
        self.adopt = adopt
        self.written: dict[PurePosixPath, bytes] = {}
        self.unchanged: list[PurePosixPath] = []
        self.pruned: list[PurePosixPath] = []
        self.adopted: list[PurePosixPath] = []
        self.foreign: list[PurePosixPath] = []
        self.leftovers: list[PurePosixPath] = []
        self.problems: list[FileError] = []

    def plan(self, files: Mapping[PurePosixPath, str], *, drop_intent: bool = False) -> Plan:
        """What becomes of every file in the app's places if these are to be there.

        Raises:
            FileError: with every obstacle in its message.
            NotOurFileError: the same, where all obstacles are files that are not ours.
        """
        application, manifests, intent = self._checked(files)
        self._raise_problems()
        fresh = self._look_at_manifests(application, manifests)
        if intent or drop_intent:
            self._look_at_intent(intent)
        self._raise_problems()
        return Plan(
            root=self.repo.root,
            places=self.places,
            written=self.written,
            unchanged=tuple(self.unchanged),
            pruned=tuple(self.pruned),
            adopted=tuple(self.adopted),
            foreign=tuple(self.foreign),
            fresh=fresh,
            leftovers=tuple(self.leftovers),
        )

    def owned(self) -> dict[PurePosixPath, bytes]:
        """The files of ours that are in the app's places now, whole."""
        self._look_at_manifests({}, {})
        self._raise_problems()
        present = {path: self.repo.read(path) for path in self.pruned}
        return {path: data for path, data in present.items() if data is not None and is_ours(data)}

    def _checked(self, files: Mapping[PurePosixPath, str]) -> tuple[_Wanted, _Wanted, _Wanted]:
        """The Application's file, the folder's files and the intent, after everything was checked by name."""
        places = self.places
        application_file, intent_file = str(places.application_file), str(places.intent_file)
        folder = f"{places.folder}/"
        application, manifests, intent = _Wanted(), _Wanted(), _Wanted()
        for path, text in files.items():
            address = str(path)
            name = address.rpartition("/")[2]
            if address == application_file:
                wanted = application
            elif address == f"{folder}{name}":
                wanted = manifests
            elif address == intent_file:
                wanted = intent
            else:
                self._problem(path, f"is not among the places of {places.name}: {application_file}, {folder}")
                continue
            try:
                check_file_name(path)
                data = text.encode()
            except FileError as error:
                self.problems.append(error)
                continue
            except UnicodeEncodeError:
                self._problem(path, "would hold a lone surrogate, which is no character; mend the text")
                continue
            if not is_ours(data):
                self._problem(path, "has no generated-by line, and could never be written again; add it")
            wanted[name] = (path, data)
        self._refuse_twins(manifests, manifests)
        return application, manifests, intent

    def _look_at_manifests(self, application: _Wanted, manifests: _Wanted) -> bool:
        """Compare the Application's file and the folder; answers whether the folder is not there yet."""
        repo, places = self.repo, self.places
        entries = repo.entries(MANIFESTS)
        file, folder = places.application_file, places.folder
        for owner in (places.name, file.name):
            self.leftovers += [MANIFESTS / name for name in repo.leftovers(MANIFESTS, owner)]
        shared = repo.shared(MANIFESTS)
        if shared is None:
            self.written |= dict((application | manifests).values())
            return True
        self._refuse_neighbours([*([file] if application else []), *([folder] if manifests else [])])
        self._compare(shared, entries, application)
        if not application and file.name in entries:
            self._sort_out(shared, entries, [(file.name, file)])
        kind = entries.get(places.name)
        if kind is None:
            self.written |= dict(manifests.values())
            return True
        if kind is not EntryKind.FOLDER:
            self._problem(folder, f"is {kind.value} where the app's folder belongs; move it away")
            return False
        try:
            with repo.opened(shared, places.name) as opened:
                self._look_into(opened, manifests)
        except OSError as error:
            self._problem(folder, f"cannot be opened as a folder: {error.strerror}")
        return False

    def _look_into(self, opened: Folder, manifests: _Wanted) -> None:
        """Compare the app's folder, which is there."""
        folder = self.places.folder
        try:
            entries = self.repo.fs.entries(opened)
        except OSError as error:
            self._problem(folder, f"cannot be listed: {error.strerror}")
            return
        self._refuse_twins(manifests, entries)
        self._compare(opened, entries, manifests)
        others = [name for name in entries if name not in manifests]
        self.leftovers += [folder / name for name in others if temporary_owner(name) is not None]
        self._sort_out(opened, entries, [(n, folder / n) for n in others if temporary_owner(n) is None])

    def _look_at_intent(self, intent: _Wanted) -> None:
        """Compare the intent, or find it for removal."""
        path = self.places.intent_file
        entries = self.repo.entries(RELEASES)
        of_its_own = RELEASES / f"{self.places.name}.yaml"
        if of_its_own.name in entries and of_its_own != path:
            self._problem(
                self.places.folder,
                f"is the place of app {self.places.name}, as {of_its_own} says; move that app away, or remove"
                " its files and that one",
            )
        self.leftovers += [RELEASES / name for name in self.repo.leftovers(RELEASES, path.name)]
        shared = self.repo.shared(RELEASES)
        if shared is None:
            self.written |= dict(intent.values())
            return
        self._refuse_neighbours([path] if intent else [])
        self._compare(shared, entries, intent)
        if not intent and path.name in entries:
            self._sort_out(shared, entries, [(path.name, path)])

    def _compare(self, folder: Folder, entries: Mapping[str, EntryKind], wanted: _Wanted) -> None:
        """Sort the wanted files of one folder into new, changed, unchanged and not ours."""
        read = self.repo.fs.read
        for name, (path, data) in wanted.items():
            kind = entries.get(name)
            if kind is None:
                self.written[path] = data
                continue
            if kind is not EntryKind.FILE:
                self._problem(path, f"is {kind.value} where a file belongs; move it away")
                continue
            try:
                present = read(folder, name, max(len(data) + 1, _HEAD))
            except OSError as error:
                self._problem(path, f"cannot be read: {error.strerror}")
                continue
            if present == data:
                self.unchanged.append(path)
                continue
            self.written[path] = data
            if not is_ours(present):
                if self.adopt:
                    self.adopted.append(path)
                else:
                    self.problems.append(self._not_ours(path))

    def _sort_out(
        self, folder: Folder, entries: Mapping[str, EntryKind], others: Iterable[tuple[str, PurePosixPath]]
    ) -> None:
        """Files that are not wanted: ours are pruned, and what others put there stays."""
        for name, path in others:
            if entries[name] is not EntryKind.FILE:
                self.foreign.append(path)
                continue
            try:
                ours = is_ours(self.repo.fs.read(folder, name, _HEAD))
            except OSError as error:
                self._problem(path, f"cannot be read: {error.strerror}")
                continue
            (self.pruned if ours else self.foreign).append(path)

    def _refuse_twins(self, wanted: _Wanted, names: Iterable[str]) -> None:
        """Refuse names that are one file where case does not count."""
        spelled = {name.lower(): name for name in names}
        for name, (path, _) in wanted.items():
            twin = spelled.get(name.lower(), name)
            if twin != name:
                self._problem(path, differs_in_case(twin))

    def _refuse_neighbours(self, paths: Iterable[PurePosixPath]) -> None:
        """Refuse places in shared folders where a name beside them is the same if case does not count."""
        for path in paths:
            twin = self.repo.twin(path)
            if twin is not None:
                self._problem(path, differs_in_case(twin))

    def _problem(self, path: PurePosixPath, message: str) -> None:
        self.problems.append(FileError(self.repo.at(path), message))

    def _not_ours(self, path: PurePosixPath) -> NotOurFileError:
        return NotOurFileError(
            self.repo.at(path),
            "was not generated by chores_infra and stays as it is;"
            " move it away, or take it over with --adopt",
        )

    def _raise_problems(self) -> None:
        if not self.problems:
            return
        first, *others = self.problems
        if not others:
            raise first
        kind = (
            NotOurFileError if all(type(found) is NotOurFileError for found in self.problems) else FileError
        )
        message = str(first).removeprefix(f"{first.file}: ")
        raise kind(first.file, "\n".join([message, *map(str, others)]))
