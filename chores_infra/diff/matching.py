"""Which object of one side is which of the other: by identity, and renamed ones by what they hold.

The rule of a rename: of the objects that are on one side only, two of the same group and kind are one that
was renamed if at least 3/4 of what they hold is the same. What an object holds are its scalar values with
the fields they stand in (places in lists do not count), but for API version, kind, name and namespace; its
own name inside of a text counts as the same. The share is twice what both have, by what each has. The best
pair is taken first; of equally good ones that which comes first by names. Among more than 20,000 possible
pairs of one kind only those of the very same content count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from chores_infra import kinds
from chores_infra.diff.model import Identity, Located

__all__ = ["Pair", "identity_of", "paired"]

_SIMILAR: Final = (3, 4)
_MOST_PAIRS: Final = 20_000
_OWN_NAME: Final = "\0"
_SHORTEST_NAME: Final = 3
"""A shorter name is part of too many words."""

Leaves = Counter[tuple[Any, ...]]


class Pair(NamedTuple):
    """One object on both sides; None on the side where it is not."""

    before: Located | None
    after: Located | None
    renamed: bool = False


def identity_of(located: Located) -> Identity:
    """What makes an object this one.

    >>> manifest = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}
    >>> print(identity_of(Located(manifest, namespace="shop")))
    Deployment/shop/web
    """
    if located.document:
        return Identity("", "", "", located.document)
    manifest = located.manifest
    metadata = manifest.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    api_version, kind = str(manifest.get("apiVersion", "")), str(manifest.get("kind", ""))
    known = kinds.find(api_version, kind)
    namespace = ""
    # The server takes no notice of the namespace of what lives in none.
    if known is None or known.namespaced:
        namespace = str(metadata.get("namespace") or located.namespace)
    name = metadata.get("name") or metadata.get("generateName") or ""
    return Identity(api_version.rpartition("/")[0], kind, namespace, str(name))


def paired(before: Iterable[Located], after: Iterable[Located]) -> list[Pair]:
    """Every object of both sides once, with its other side."""
    left, right = _by_identity(before), _by_identity(after)
    pairs: list[Pair] = []
    removed: list[tuple[Identity, Located]] = []
    added: list[tuple[Identity, Located]] = []
    for identity, olds in left.items():
        news = right.pop(identity, [])
        for old, new in _twins(olds, news):
            if new is None and old is not None:
                removed.append((identity, old))
            elif old is None and new is not None:
                added.append((identity, new))
            else:
                pairs.append(Pair(old, new))
    added += [(identity, new) for identity, news in right.items() for new in news]
    pairs += _without_namespace(removed, added)
    pairs += _renames(removed, added)
    pairs += [Pair(old, None) for _, old in removed]
    return pairs + [Pair(None, new) for _, new in added]


def _by_identity(objects: Iterable[Located]) -> dict[Identity, list[Located]]:
    found: dict[Identity, list[Located]] = defaultdict(list)
    for each in objects:
        found[identity_of(each)].append(each)
    return dict(found)


def _twins(olds: list[Located], news: list[Located]) -> Iterator[tuple[Located | None, Located | None]]:
    """The objects of one identity: one each, unless a repository has it twice.

    Of several those in the same file belong together, then those of the same content, then in their order.
    """
    if len(olds) == len(news) == 1:
        yield olds[0], news[0]
        return
    rest = list(news)
    waiting = olds
    tests = (
        lambda old, new: old.file == new.file and old.manifest == new.manifest,
        lambda old, new: old.file == new.file,
        lambda old, new: old.manifest == new.manifest,
        lambda _old, _new: True,
    )
    for test in tests:
        alone = []
        for old in waiting:
            new = next((each for each in rest if test(old, each)), None)
            if new is None:
                alone.append(old)
            else:
                rest = [each for each in rest if each is not new]
                yield old, new
        waiting = alone
    for old in waiting:
        yield old, None
    for new in rest:
        yield None, new


def _without_namespace(
    removed: list[tuple[Identity, Located]], added: list[tuple[Identity, Located]]
) -> Iterator[Pair]:
    """Objects that have a namespace on one side only: Argo CD gives what has none that of the Application."""
    lone = {_anywhere(each): each for each in _unique(removed)}
    for new in _unique(added):
        old = lone.get(_anywhere(new))
        if old is not None and bool(old[0].namespace) != bool(new[0].namespace):
            removed.remove(old)
            added.remove(new)
            yield Pair(old[1], new[1])


def _anywhere(each: tuple[Identity, Located]) -> Identity:
    return each[0]._replace(namespace="")


def _unique(objects: Iterable[tuple[Identity, Located]]) -> list[tuple[Identity, Located]]:
    counts: Counter[Identity] = Counter()
    objects = list(objects)
    counts.update(map(_anywhere, objects))
    return [each for each in objects if each[0].kind and counts[_anywhere(each)] == 1]


def _renames(
    removed: list[tuple[Identity, Located]], added: list[tuple[Identity, Located]]
) -> Iterator[Pair]:
    """Take out of both lists what was renamed."""
    kinds_removed, kinds_added = _by_kind(removed), _by_kind(added)
    for kind, olds in kinds_removed.items():
        news = kinds_added.get(kind, [])
        for old, new in _best(olds, news):
            removed.remove(old)
            added.remove(new)
            yield Pair(old[1], new[1], renamed=True)


def _by_kind(
    objects: Iterable[tuple[Identity, Located]],
) -> dict[tuple[str, str], list[tuple[Identity, Located]]]:
    found: dict[tuple[str, str], list[tuple[Identity, Located]]] = defaultdict(list)
    for identity, located in objects:
        if identity.kind:
            found[identity.group, identity.kind].append((identity, located))
    return found


def _best(
    olds: Sequence[tuple[Identity, Located]], news: Sequence[tuple[Identity, Located]]
) -> Iterator[tuple[tuple[Identity, Located], tuple[Identity, Located]]]:
    left = [_leaves(located.manifest) for _, located in olds]
    right = [_leaves(located.manifest) for _, located in news]
    exact_only = len(olds) * len(news) > _MOST_PAIRS
    scored = []
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            if exact_only and one != other:
                continue
            total = one.total() + other.total()
            common = _common(one, other, olds[i][0].name, news[j][0].name)
            if common and 2 * common * _SIMILAR[1] >= total * _SIMILAR[0]:
                scored.append((-2 * common / total, olds[i][0], news[j][0], i, j))
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    for _, _, _, i, j in sorted(scored):
        if i not in taken_left and j not in taken_right:
            taken_left.add(i)
            taken_right.add(j)
            yield olds[i], news[j]


def _common(one: Leaves, other: Leaves, name: str, other_name: str) -> int:
    """How much of what two objects hold is the same, as it is written or but for their own names in it."""
    same = one & other
    unnamed = _without_name(one - same, name) & _without_name(other - same, other_name)
    return same.total() + unnamed.total()


def _without_name(leaves: Leaves, name: str) -> Leaves:
    if len(name) < _SHORTEST_NAME:
        return leaves
    found: Leaves = Counter()
    for (path, kind, value), count in leaves.items():
        found[path, kind, value.replace(name, _OWN_NAME) if isinstance(value, str) else value] += count
    return found


def _leaves(manifest: Mapping[str, Any]) -> Leaves:
    """What an object holds; see the module's docstring."""
    found: Leaves = Counter()

    def add(path: tuple[str, ...], value: Any) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                add((*path, key), inner)
        elif isinstance(value, list):
            for inner in value:
                add((*path, "[]"), inner)
        elif value is not None:
            found[path, type(value).__name__, value] += 1

    for key, value in manifest.items():
        if key == "metadata" and isinstance(value, Mapping):
            rest = {inner: each for inner, each in value.items() if inner not in ("name", "namespace")}
            add((key,), rest)
        elif key not in ("apiVersion", "kind"):
            add((key,), value)
    return found
