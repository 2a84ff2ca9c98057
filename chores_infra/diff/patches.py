"""The difference as JSON Patches (RFC 6902): what makes the one manifest of the other, to the letter.

A patch holds real values. So whatever would hold a secret one is left out, and named; see
:class:`ResourcePatch`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from chores_infra.diff.masking import shown
from chores_infra.diff.matching import identity_of, paired
from chores_infra.diff.model import Identity, Item, Located, Path
from chores_infra.diff.walking import Steps, pointer

__all__ = ["Operation", "ResourcePatch", "patch_of", "patches"]

Operation = dict[str, Any]
_SECRET: Final = ("", "Secret")
_SECRET_FIELDS: Final = ("data", "stringData")
_LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"


class ResourcePatch(NamedTuple):
    """What makes an object of one side that of the other.

    ``before`` is None for an object that is new, and ``after`` for one that is gone: neither has a patch, and
    ``manifest`` is the new one. ``left_out`` are the pointers of what would hold the value of a secret; with
    any of them the patch is not the whole difference, and a manifest has ``***`` there.
    """

    before: Identity | None
    after: Identity | None
    file: str | None
    operations: tuple[Operation, ...] = ()
    manifest: Mapping[str, Any] | None = None
    left_out: tuple[str, ...] = ()


def patch_of(before: Any, after: Any) -> list[Operation]:
    """The operations that make one JSON value of another, with real values.

    >>> patch_of({"a": 1, "b": [1, 2]}, {"b": [1, 3, 2]})
    [{'op': 'remove', 'path': '/a'}, {'op': 'add', 'path': '/b/1', 'value': 3}]
    """
    return [operation for operation, _ in _patch(before, after, (), ())]


def patches(before: Iterable[Located], after: Iterable[Located]) -> list[ResourcePatch]:
    """A patch for each object that is not the same to the letter, whether it means the same or not."""
    found = []
    for pair in paired(before, after):
        one, other = pair.before, pair.after
        if one is None and other is not None:
            manifest, left_out = _without_secrets(other)
            found.append(ResourcePatch(None, identity_of(other), other.file, (), manifest, left_out))
        elif other is None and one is not None:
            found.append(ResourcePatch(identity_of(one), None, one.file))
        elif one is not None and other is not None:
            operations, left_out = _may_be_shown(one, other)
            if operations or left_out:
                identities = identity_of(one), identity_of(other)
                found.append(ResourcePatch(*identities, other.file, operations, None, left_out))
    return found


def _may_be_shown(one: Located, other: Located) -> tuple[tuple[Operation, ...], tuple[str, ...]]:
    kind = identity_of(other)[:2]
    operations, left_out = [], []
    for operation, path in _patch(dict(one.manifest), dict(other.manifest), (), ()):
        secret = kind == _SECRET and _is_secret(path)
        if "value" in operation and shown(operation["value"], path, secret=secret)[1]:
            left_out.append(str(operation["path"]))
        else:
            operations.append(operation)
    return tuple(operations), tuple(left_out)


def _is_secret(path: Path) -> bool:
    return path[0] in _SECRET_FIELDS or _LAST_APPLIED in path


def _without_secrets(located: Located) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    secret = identity_of(located)[:2] == _SECRET
    found, left_out = {}, []
    for key, value in located.manifest.items():
        found[key], hides = shown(value, (key,), secret=secret and key in _SECRET_FIELDS)
        if hides:
            left_out.append(f"/{key}")
    return found, tuple(left_out)


def _patch(before: Any, after: Any, steps: Steps, path: Path) -> Iterator[tuple[Operation, Path]]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in before:
            if key not in after:
                yield _operation("remove", (*steps, key)), (*path, key)
        for key, value in after.items():
            if key in before:
                yield from _patch(before[key], value, (*steps, key), (*path, key))
            else:
                yield _operation("add", (*steps, key), value), (*path, key)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, steps, path)
    elif json.dumps(before) != json.dumps(after):
        yield _operation("replace", steps, after), path


def _of_lists(
    before: list[Any], after: list[Any], steps: Steps, path: Path
) -> Iterator[tuple[Operation, Path]]:
    """Operations one after the other: each is about the list as those before it have left it."""
    left, right = ([json.dumps(item, sort_keys=True) for item in items] for items in (before, after))
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    moved = 0
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        common = min(i2 - i1, j2 - j1)
        for offset in range(common):
            at = i1 + moved + offset
            one, other = before[i1 + offset], after[j1 + offset]
            yield from _patch(one, other, (*steps, at), (*path, _item(other, at)))
        for _ in range(i2 - i1 - common):
            yield _operation("remove", (*steps, i1 + moved + common)), (*path, Item((), i1))
        for offset in range(common, j2 - j1):
            at = i1 + moved + offset
            other = after[j1 + offset]
            yield _operation("add", (*steps, at), other), (*path, _item(other, at))
        moved += (j2 - j1) - (i2 - i1)


def _item(value: Any, at: int) -> Item:
    """The step to an item; its name tells what its value is for."""
    name = value.get("name") if isinstance(value, Mapping) else None
    return Item((("name", name),) if isinstance(name, str) else (), at)


def _operation(op: str, steps: Steps, *value: Any) -> Operation:
    return {"op": op, "path": pointer(steps), **dict(zip(("value",), value, strict=False))}
