"""What of a value may be shown: not what a Secret holds, and not what has the name or form of a credential.

What a credential is, ``checks/credentials.py`` says for every report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chores_infra.checks.credentials import MASK, masked, names_a_credential, settings_in
from chores_infra.diff.model import ABSENT, Item, Path

__all__ = ["MASK", "shown", "shown_path"]

_VALUE_FIELDS: Final = ("value", "default", "forceString")
_NAMING: Final = "name"


def shown(value: Any, path: Path, *, secret: bool = False) -> tuple[Any, bool]:
    r"""A value as it may be shown, and whether something of it is hidden.

    Args:
        value: the value of a field, with all that is in it.
        path: the way to it; a name in it tells what a value is for.
        secret: hide every scalar, and keep the keys.

    >>> shown("hunter2", ("spec", Item((("name", "DB_PASSWORD"),)), "value"))
    ('***', True)
    >>> shown("host: db\npassword: hunter2\n", ("data", "settings.yaml"))
    ('host: db\npassword: ***\n', True)
    """
    if value is ABSENT or value is None or isinstance(value, bool):
        return value, False
    if isinstance(value, Mapping):
        found = {}
        hidden = False
        own_name = value.get(_NAMING)
        for key, inner in value.items():
            named = (Item(((_NAMING, own_name),)),) if isinstance(own_name, str) else ()
            found[key], hides = shown(inner, (*path, *named, key), secret=secret)
            hidden |= hides
        return found, hidden
    if isinstance(value, list):
        items = [shown(inner, (*path, Item((), index)), secret=secret) for index, inner in enumerate(value)]
        return [item for item, _ in items], any(hides for _, hides in items)
    if secret:
        return MASK, True
    return _text(value, path) if isinstance(value, str) else _number(value, path)


def shown_path(path: Path) -> Path:
    """A path as it may be shown: an item may be known by the URL of a repository, with a password in it.

    >>> shown_path(("sourceRepos", Item((("", "https://ci:hunter2@git.example.com/a"),))))[1].keys
    (('', '***git.example.com/a'),)
    """
    return tuple(
        step._replace(keys=tuple((name, _text_of(value)) for name, value in step.keys))
        if isinstance(step, Item)
        else step
        for step in path
    )


def _text_of(value: Any) -> Any:
    return masked(value) if isinstance(value, str) else value


def _number(value: Any, path: Path) -> tuple[Any, bool]:
    hides = names_a_credential(_name(path), str(value))
    return (MASK, True) if hides else (value, False)


def _text(value: str, path: Path) -> tuple[str, bool]:
    if names_a_credential(_name(path), value):
        return MASK, True
    text = "\n".join(map(_line, value.split("\n")))
    text = masked(text)
    return text, text != value


def _line(line: str) -> str:
    """A line of a configuration file, or an argument of a program, without the credential that it sets."""
    bare = line.lstrip(" \t-")
    for name, value in settings_in(bare):
        if names_a_credential(name, value):
            end = line.rindex(value)
            return f"{line[:end]}{MASK}{line[end + len(value) :]}"
    return line


def _name(path: Path) -> str:
    """What a value is for: the name of its field, or of the setting whose value it is."""
    last = path[-1] if path else ""
    if last in _VALUE_FIELDS and len(path) > 1 and isinstance(path[-2], Item):
        return str(dict(path[-2].keys).get(_NAMING, ""))
    return last if isinstance(last, str) else ""
