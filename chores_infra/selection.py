"""The apps that a command is about: named ones, those of a fleet, all there are, one shard of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chores_infra.app_loading import find
from chores_infra.configuration import FILE_NAME, Configuration, nearest
from chores_infra.errors import ConfigurationError
from chores_infra.fleets import Entry, load_entry

if TYPE_CHECKING:
    from chores_infra.app import App

__all__ = ["Selected", "Selection", "Shard", "select", "select_one"]

_SHARD: Final = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})", re.ASCII)
_MOST_SHOWN: Final = 20


class Selected(NamedTuple):
    """One app, and the reference that other processes find it by, with its name."""

    app: type[App[Any]]
    reference: str

    @property
    def name(self) -> str:
        """What the app is called."""
        return self.app.app_name


class Selection(NamedTuple):
    """The apps that could be loaded, in the order that was asked for, and what is wrong with the others.

    ``opened`` are the files that modules read when they were imported; None where that is not known.
    """

    apps: list[Selected]
    errors: list[ConfigurationError]
    opened: frozenset[str] | None = None


class Shard(NamedTuple):
    """One of several parts of all apps: every app is in exactly one of them.

    Which one depends on its name alone, so no app moves because another one came or went.

    >>> [Shard(number, 2).has("shop") for number in (1, 2)]
    [False, True]
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read ``3/16``, the third of sixteen.

        Raises:
            ConfigurationError: it is none.
        """
        found = _SHARD.fullmatch(text)
        if found is None or int(found[1]) > int(found[2]):
            raise ConfigurationError(
                f"{text!r:.40} is no shard: expected one of several, such as 3/16 or 16/16"
            )
        return cls(int(found[1]), int(found[2]))

    def has(self, name: str) -> bool:
        """Whether the app of that name is in this part."""
        # Python's own hash differs from process to process.
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
        return number % self.of == self.number - 1


def select(
    configuration: Configuration,
    names: Sequence[str] = (),
    *,
    all_apps: bool = False,
    shard: Shard | None = None,
    watch: bool = False,
) -> Selection:
    """Load the apps that are meant: those named, all, or the only one there is; each once.

    Args:
        configuration: what has them.
        names: apps and fleets of the configuration, apps of its fleets, or references.
        all_apps: every app there is.
        shard: leave out those that are in another part.
        watch: find out which files modules read.

    Raises:
        ConfigurationError: nothing is named where there is a choice, there is no such app, or two apps have
            one name.
    """
    if names and all_apps:
        raise ConfigurationError("name apps, or ask for --all of them, but not both")
    known = sorted(configuration.apps)
    if not names and not known:
        raise ConfigurationError(_without_apps(configuration, "no app is named"))
    if not names and not all_apps and len(known) > 1:
        raise ConfigurationError(
            f"which app? {configuration.file} has {', '.join(known)}; name some, or take --all"
        )
    found = _Loaded(configuration, watch=watch)
    apps = [app for name in dict.fromkeys(names or known) for app in found.named(name)]
    if not names and not all_apps and len(apps) > 1:
        members = _listed([app.name for app in apps])
        raise ConfigurationError(
            f"which app? {configuration.apps[known[0]]} yields {members}; name some, or take --all"
        )
    _refuse_duplicates(found.entries.values())
    unique = {app.name: app for app in apps}.values()
    chosen = [app for app in unique if shard is None or shard.has(app.name)]
    return Selection(chosen, found.errors, found.opened)


def select_one(configuration: Configuration, name: str | None) -> Selected:
    """Load one app: the one that is named, or the only one there is.

    Raises:
        ConfigurationError: it is not there or cannot be loaded, or several are meant.
    """
    selection = select(configuration, () if name is None else (name,))
    if selection.errors:
        raise selection.errors[0]
    if len(selection.apps) != 1:
        names = _listed([app.name for app in selection.apps])
        raise ConfigurationError(f"{name} stands for several apps; name one of them: {names}")
    return selection.apps[0]


class _Loaded:
    """The entries that were loaded so far, each once; ``errors`` are those that could not be."""

    def __init__(self, configuration: Configuration, *, watch: bool) -> None:
        self.configuration = configuration
        self._watch = watch
        self.entries: dict[str, Entry] = {}
        self.errors: list[ConfigurationError] = []

    def named(self, name: str) -> list[Selected]:
        """The apps that a name stands for; none if they cannot be loaded.

        Raises:
            ConfigurationError: it stands for nothing.
        """
        configuration = self.configuration
        if ":" in name:
            return self._load(name)
        reference = configuration.apps.get(name)
        if reference is not None:
            return self._load(reference, name)
        before = len(self.errors)
        for key, other in configuration.apps.items():
            self._load(other, key)
        members = [app for entry in self.entries.values() for app in _selected(entry) if app.name == name]
        if members:
            del self.errors[before:]  # They are about other apps than the one that was asked for.
            return members
        if self.errors[before:]:
            raise ConfigurationError("\n".join(map(str, self.errors)))
        raise ConfigurationError(self._unknown(name))

    def _load(self, reference: str, key: str | None = None) -> list[Selected]:
        entry = self.entries.get(reference)
        try:
            if entry is None:
                self._import(reference)
                entry = load_entry(reference, self.configuration.folder)
            if key is not None:
                self._check_name(key, entry)
        except ConfigurationError as error:
            error.app = key
            if str(error) not in map(str, self.errors):
                self.errors.append(error)
            return []
        self.entries[reference] = entry
        return _selected(entry)

    def _import(self, reference: str) -> None:
        """Import what a reference names, and note what that reads; what a fleet reads does not count."""
        if self._watch:
            from chores_infra.watching import IMPORTS, watched

            with watched(IMPORTS):
                find(reference, self.configuration.folder)

    @property
    def opened(self) -> frozenset[str] | None:
        if not self._watch:
            return None
        from chores_infra.watching import IMPORTS

        return None if IMPORTS.beyond else frozenset(IMPORTS.files)

    def _check_name(self, key: str, entry: Entry) -> None:
        """What the configuration calls an app is its name; what it calls a fleet is no app's."""
        where = f"{self.configuration.file}: apps.{key}"
        names = {app.app_name for app in entry.apps}
        if entry.fleet and key in names:
            raise ConfigurationError(
                f"{where}: {entry.reference} yields an app of that name too; give the fleet another name"
            )
        if not entry.fleet and key not in names:
            name = entry.apps[0].app_name
            raise ConfigurationError(
                f"{where}: {entry.reference} calls itself {name!r}; "
                f"write {name} = {entry.reference!r}, or set app_name = {key!r} in the class"
            )

    def _unknown(self, name: str) -> str:
        configuration = self.configuration
        if not configuration.apps:
            return _without_apps(configuration, f"there is no app {name!r}")
        known = {
            *configuration.apps,
            *(app.app_name for entry in self.entries.values() for app in entry.apps),
        }
        listed = _listed(sorted(known))
        return f"there is no app {name!r}{nearest(name, known)}; {configuration.file} has {listed}"


def _selected(entry: Entry) -> list[Selected]:
    return [Selected(app, entry.reference) for app in entry.apps]


def _refuse_duplicates(entries: Iterable[Entry]) -> None:
    """Refuse two apps of one name; an app that is meant twice is one."""
    taken: dict[str, Selected] = {}
    problems: list[str] = []
    for entry in entries:
        for app in _selected(entry):
            other = taken.setdefault(app.name, app)
            if other.app is not app.app:
                problems.append(
                    f"two apps are called {app.name!r}: one of {other.reference} and one of {app.reference}; "
                    "rename one of them"
                )
    if problems:
        raise ConfigurationError("\n".join(problems))


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return f"{', '.join(names[:_MOST_SHOWN])}{more}"


def _without_apps(configuration: Configuration, problem: str) -> str:
    if configuration.file is not None:
        return f"{problem}: {configuration.file} has none under [apps]; add one, or give it as module:Class"
    return (
        f"{problem}: there is no {FILE_NAME} in {configuration.folder} or a folder around it; "
        "make one with chores-infra init, or give the app as module:Class"
    )
