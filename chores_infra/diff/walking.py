"""What differs between two values of one object, field by field, as its API server sees them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chores_infra.diff.lists import ListRule, keys_of, rule_of
from chores_infra.diff.measures import same_scalar
from chores_infra.diff.model import ABSENT, Item, Path, What

if TYPE_CHECKING:
    from chores_infra.kinds.shape import Shape

__all__ = ["Difference", "differences", "pointer"]

Steps = tuple[str | int, ...]
_MISSING: Final = object()
_SECRET: Final = ("", "Secret")
_SECRET_FIELDS: Final = ("data", "stringData")


class Difference(NamedTuple):
    """One field that differs, with its real values; ``secret`` whether they are those of a Secret.

    ``left``, ``right`` lead to it in either manifest. ``ordered`` says of a reordered list that its order
    means something.
    """

    path: Path
    what: What
    before: Any
    after: Any
    left: Steps | None
    right: Steps | None
    default: Any = ABSENT
    ordered: bool = False
    secret: bool = False
    immutable: bool = False


class _Place(NamedTuple):
    """Where the walk is: the way there on both sides, and what is known of it."""

    path: Path
    fields: tuple[str, ...]
    left: Steps
    right: Steps
    shape: Shape | None
    immutable: bool = False
    #: Which side does not say it, and has it from the API server.
    implied: str = ""

    def down(self, key: str) -> _Place:
        shape = self.shape.field(key) if self.shape is not None else None
        return _Place(
            (*self.path, key),
            (*self.fields, key),
            (*self.left, key),
            (*self.right, key),
            shape,
            self.immutable or (shape is not None and shape.immutable),
            self.implied,
        )

    def item(self, step: Item, left: int, right: int) -> _Place:
        shape = self.shape.items() if self.shape is not None else None
        return _Place(
            (*self.path, step),
            self.fields,
            (*self.left, left),
            (*self.right, right),
            shape,
            self.immutable,
            self.implied,
        )


def differences(
    kind: tuple[str, str], before: Mapping[str, Any], after: Mapping[str, Any], shape: Shape | None
) -> list[Difference]:
    """Every field that means something else, in the order of the manifests; what is new comes after.

    Args:
        kind: group and kind of the object.
        before: the manifest before.
        after: the manifest after.
        shape: what is known of its kind.
    """
    walk = _Walk(kind)
    return list(walk.root(before, after, _Place((), (), (), (), shape)))


def pointer(steps: Steps | None) -> str | None:
    """A JSON Pointer (RFC 6901).

    >>> pointer(("metadata", "annotations", "example.com/a~b", 0))
    '/metadata/annotations/example.com~1a~0b/0'
    """
    if steps is None:
        return None
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


class _Keyed(NamedTuple):
    """The items of a list with the keys of each; None for one that has none."""

    items: list[Any]
    keys: list[Any]

    @property
    def tell_apart(self) -> bool:
        """Whether every item has keys, and no two the same."""
        return None not in self.keys and len(self.places) == len(self.keys)

    @property
    def places(self) -> dict[Any, int]:
        """Where the item of some keys is; 1 and true are not the same key."""
        return {
            tuple((name, type(value).__name__, value) for name, value in keys): place
            for place, keys in enumerate(self.keys)
        }


class _Walk:
    """A walk over two values of one kind of object."""

    def __init__(self, kind: tuple[str, str]) -> None:
        self.kind = kind

    def root(
        self, before: Mapping[str, Any], after: Mapping[str, Any], place: _Place
    ) -> Iterator[Difference]:
        one, other = dict(before), dict(after)
        if self.kind == _SECRET:
            yield from _of_secret(one, other)
            for field in _SECRET_FIELDS:
                one.pop(field, None)
                other.pop(field, None)
        yield from self.mappings(one, other, place)

    def values(self, before: Any, after: Any, place: _Place) -> Iterator[Difference]:
        if isinstance(before, dict) and isinstance(after, dict):
            yield from self.mappings(before, after, place)
        elif isinstance(before, list) and isinstance(after, list):
            yield from self.lists(before, after, place)
        elif (
            isinstance(before, dict | list)
            or isinstance(after, dict | list)
            or not same_scalar(before, after, place.shape.measure if place.shape is not None else None)
        ):
            yield _changed(before, after, place)

    def mappings(self, before: dict[str, Any], after: dict[str, Any], place: _Place) -> Iterator[Difference]:
        complete: tuple[dict[str, Any], dict[str, Any]] | None = None
        keys = (
            before
            if before.keys() == after.keys()
            else [*before, *(key for key in after if key not in before)]
        )
        for key in keys:
            one, other = before.get(key), after.get(key)
            if one is None and other is None:
                continue
            if one is not None and other is not None:
                if not _identical(one, other):
                    yield from self.values(one, other, place.down(key))
                continue
            if complete is None:
                shape = place.shape
                complete = (
                    (before, after) if shape is None else (shape.complete(before), shape.complete(after))
                )
            yield from self.one_sided(one, other, complete[0].get(key), complete[1].get(key), place.down(key))

    def one_sided(
        self, before: Any, after: Any, implied_before: Any, implied_after: Any, place: _Place
    ) -> Iterator[Difference]:
        """A field that one side alone has; the other may have it from the API server."""
        implied = implied_before if before is None else implied_after
        value = after if before is None else before
        if implied is None or isinstance(implied, dict) != isinstance(value, dict):
            yield _lone(before, after, place, ABSENT if implied is None else implied)
            return
        side = "before" if before is None else "after"
        one, other = (implied, value) if before is None else (value, implied)
        if isinstance(value, dict):
            yield from self.mappings(one, other, place._replace(implied=side))
        elif any(True for _ in self.values(one, other, place)):
            yield _lone(before, after, place, implied)

    def lists(self, before: list[Any], after: list[Any], place: _Place) -> Iterator[Difference]:
        rule = rule_of(self.kind, place.fields, place.shape)
        items = place.shape.items() if place.shape is not None else None
        if rule is not None and rule.is_set and all(map(_is_scalar, (*before, *after))):
            left, right = _Keyed(before, [*map(_own, before)]), _Keyed(after, [*map(_own, after)])
            yield from self.keyed(left, right, place, rule)
            return
        for keys, ordered in _candidates(rule):
            left = _Keyed(before, [keys_of(item, keys, items) for item in before])
            right = _Keyed(after, [keys_of(item, keys, items) for item in after])
            if left.tell_apart and right.tell_apart:
                yield from self.keyed(left, right, place, ListRule(keys, ordered=ordered))
                return
        yield from self.by_content(before, after, place, rule or ListRule(ordered=True))

    def keyed(self, before: _Keyed, after: _Keyed, place: _Place, rule: ListRule) -> Iterator[Difference]:
        """Items that say which they are."""
        left, right = before.places, after.places
        renamed = _renamed(before, after, rule.keys)
        for key, i in left.items():
            j = right.get(key, renamed.get(i))
            step = Item(before.keys[i], i if j is None else j)
            if j is None:
                yield _lone(before.items[i], None, place.item(step, i, i))
            elif not _identical(before.items[i], after.items[j]):
                yield from self.values(before.items[i], after.items[j], place.item(step, i, j))
        for key, j in right.items():
            if key not in left and j not in renamed.values():
                yield _lone(None, after.items[j], place.item(Item(after.keys[j], j), j, j))
        if [key for key in left if key in right] != [key for key in right if key in left]:
            yield _reordered([*map(_name, before.keys)], [*map(_name, after.keys)], place, rule)

    def by_content(
        self, before: list[Any], after: list[Any], place: _Place, rule: ListRule
    ) -> Iterator[Difference]:
        """Items that are known by nothing but what they hold."""
        left = [json.dumps(item, sort_keys=True) for item in before]
        right = [json.dumps(item, sort_keys=True) for item in after]
        if sorted(left) == sorted(right):
            yield _reordered(before, after, place, rule)
            return
        pairs = _in_order(left, right) if rule.ordered else _anywhere(left, right)
        for i, j in pairs:
            if i is None and j is not None:
                yield _lone(None, after[j], place.item(Item((), j), j, j))
            elif j is None and i is not None:
                yield _lone(before[i], None, place.item(Item((), i), i, i))
            elif i is not None and j is not None and left[i] != right[j]:
                yield from self.values(before[i], after[j], place.item(Item((), j), i, j))


def _identical(one: Any, other: Any) -> bool:
    """Whether two values are the same to the letter: most are, and are left at once."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other) or one != other:
        return False
    # 1 is equal to true and to 1.0, so what is equal is looked through once more.
    if kind is dict:
        return all(_identical(value, other[key]) for key, value in one.items())
    return kind is not list or all(map(_identical, one, other))


def _candidates(rule: ListRule | None) -> Iterator[tuple[tuple[str, ...], bool]]:
    if rule is not None and rule.keys:
        yield rule.keys, rule.ordered
    if rule is None:
        # Of a list of which nothing is known the order may mean something.
        yield ("name",), True


def _renamed(before: _Keyed, after: _Keyed, keys: tuple[str, ...]) -> dict[int, int]:
    """Which item is which, of those whose keys alone are others: the first of each content is the first."""
    left, right = before.places, after.places
    fields = {key.partition(".")[0] for key in keys}
    waiting: dict[str, list[int]] = {}
    for key, j in right.items():
        if key not in left and (content := _without(after.items[j], fields)):
            waiting.setdefault(content, []).append(j)
    found = {}
    for key, i in left.items():
        others = waiting.get(_without(before.items[i], fields)) if key not in right else None
        if others:
            found[i] = others.pop(0)
    return found


def _without(item: Any, fields: set[str]) -> str:
    """What an item holds beside its keys, as text; empty where that is nothing."""
    rest = {key: value for key, value in item.items() if key not in fields} if isinstance(item, dict) else {}
    return json.dumps(rest, sort_keys=True) if rest else ""


def _own(item: Any) -> tuple[tuple[str, Any], ...]:
    return (("", item),)


def _name(keys: Any) -> Any:
    return keys[0][1] if len(keys) == 1 else dict(keys)


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _in_order(left: list[str], right: list[str]) -> Iterator[tuple[int | None, int | None]]:
    from difflib import SequenceMatcher

    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _side_by_side(list(range(i1, i2)), list(range(j1, j2)))


def _anywhere(left: list[str], right: list[str]) -> Iterator[tuple[int | None, int | None]]:
    rest: dict[str, list[int]] = {}
    for j, item in enumerate(right):
        rest.setdefault(item, []).append(j)
    lone = [i for i, item in enumerate(left) if not (rest.get(item) and rest[item].pop(0) is not None)]
    yield from _side_by_side(lone, sorted(j for found in rest.values() for j in found))


def _side_by_side(left: list[int], right: list[int]) -> Iterator[tuple[int | None, int | None]]:
    for number in range(max(len(left), len(right))):
        yield (
            left[number] if number < len(left) else None,
            right[number] if number < len(right) else None,
        )


def _changed(before: Any, after: Any, place: _Place) -> Difference:
    if place.implied:
        if place.implied == "before":
            return _lone(None, after, place, before)
        return _lone(before, None, place, after)
    return Difference(
        place.path, What.CHANGED, before, after, place.left, place.right, immutable=place.immutable
    )


def _lone(before: Any, after: Any, place: _Place, default: Any = ABSENT) -> Difference:
    """A field that one side alone has; the side that has it from the API server has no pointer to it."""
    if before is None:
        right = None if place.implied == "after" else place.right
        return Difference(
            place.path, What.ADDED, ABSENT, after, None, right, default, immutable=place.immutable
        )
    left = None if place.implied == "before" else place.left
    return Difference(
        place.path, What.REMOVED, before, ABSENT, left, None, default, immutable=place.immutable
    )


def _reordered(before: list[Any], after: list[Any], place: _Place, rule: ListRule) -> Difference:
    return Difference(
        place.path,
        What.REORDERED,
        before,
        after,
        place.left,
        place.right,
        ordered=rule.ordered,
        immutable=place.immutable,
    )


def _of_secret(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """The keys of a Secret: ``stringData`` is merged into ``data`` when it is written, and wins there."""
    left, right = _held(before), _held(after)
    for key in [*left, *(key for key in right if key not in left)]:
        one, other = left.get(key), right.get(key)
        if one is not None and other is not None and one[0] == other[0]:
            continue
        what = What.ADDED if one is None else What.REMOVED if other is None else What.CHANGED
        yield Difference(
            ("data", key),
            what,
            ABSENT if one is None else one[1],
            ABSENT if other is None else other[1],
            None if one is None else (one[2], key),
            None if other is None else (other[2], key),
            secret=True,
            immutable=before.get("immutable") is True,
        )


def _held(secret: Mapping[str, Any]) -> dict[str, tuple[Any, Any, str]]:
    """What a Secret holds: by key the decoded value, the value as it is written, and in which field."""
    found: dict[str, tuple[Any, Any, str]] = {}
    for field in _SECRET_FIELDS:
        values = secret.get(field)
        for key, value in (values if isinstance(values, dict) else {}).items():
            if value is not None:
                found[key] = (_decoded(value) if field == "data" else str(value).encode(), value, field)
    return found


def _decoded(value: Any) -> Any:
    try:
        return base64.b64decode(str(value), validate=False)
    except (ValueError, binascii.Error):
        return (value,)
