"""Kinds without a schema: one object that is spelled otherwise than all others of its kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from chores_infra.checks.context import Context
from chores_infra.checks.fields import mapping
from chores_infra.checks.finding import Severity
from chores_infra.checks.resources import Resource
from chores_infra.checks.rule import Hit, Rule
from chores_infra.rendering.field_path import FieldPath, format_path

__all__ = ["UnlikeOthers"]

_ENOUGH: Final = 2
"""So many others have to agree before the odd one is likely the mistake."""


class UnlikeOthers(Rule):
    """A custom resource whose kind or fields are a slip away from those of all others of its kind.

    A kind without a schema cannot be held against a definition. Where the repository has several objects of
    it, though, the one that alone says `replcas` where the others say `replicas` is most likely wrong.
    """

    id = "unlike-others"
    title = "A custom resource is spelled otherwise than the others of its kind"
    severity = Severity.WARNING
    help = "correct the spelling or the place, or give the CustomResourceDefinition with --crds"
    bad = """\
apiVersion: example.com/v1
kind: Widget
metadata: {name: one, namespace: shop}
spec: {size: 1, colour: red}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: two, namespace: shop}
spec: {size: 2, colour: blue}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: three, namespace: shop}
spec: {size: 3, color: green}
"""
    good = bad.replace("color:", "colour:")

    def check(self, context: Context) -> Iterator[Hit]:
        """One finding for each word that only one object uses."""
        unknown = [each for each in _once(context.repository.resources) if each.known is None]
        kinds: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in unknown:
            kinds[resource.api_version, resource.kind].append(resource)
        counts = {kind: len(found) for kind, found in kinds.items()}
        for (version, kind), found in kinds.items():
            if len(found) == 1:
                yield from _odd_kind(found[0], version, kind, counts)
            elif len(found) > _ENOUGH:
                yield from _odd_fields(found)


_Plain: TypeAlias = tuple[str, ...]
"""A path without the indices of lists."""


class _Shape(NamedTuple):
    """What one object says: the type at each path, and where that stands first."""

    resource: Resource
    types: Mapping[_Plain, str]
    places: Mapping[_Plain, FieldPath]

    def beside(self, path: _Plain) -> Mapping[str, Any]:
        """The fields of the object in which a field stands."""
        return mapping(self.resource.at(*self.places[path][:-1]))


def _once(resources: Sequence[Resource]) -> Iterator[Resource]:
    """Every manifest once, whoever applies it."""
    seen = set()
    for resource in resources:
        place = (id(resource.document), resource.prefix)
        if place not in seen:
            seen.add(place)
            yield resource


def _odd_kind(
    resource: Resource, version: str, kind: str, counts: Mapping[tuple[str, str], int]
) -> Iterator[Hit]:
    for (other_version, other_kind), count in counts.items():
        if count < _ENOUGH:
            continue
        if other_version == version and _is_slip(kind, other_kind):
            yield Hit(resource, f"{count} others of {version} are a {other_kind}", ("kind",))
        elif other_kind == kind and _is_slip(version, other_version):
            yield Hit(resource, f"{count} others of this kind are of {other_version}", ("apiVersion",))


def _odd_fields(found: Sequence[Resource]) -> Iterator[Hit]:
    shapes = [_shape(resource) for resource in found]
    users: dict[_Plain, list[_Shape]] = defaultdict(list)
    for shape in shapes:
        for path in shape.types:
            users[path].append(shape)
    near: dict[_Plain | str, list[_Plain]] = defaultdict(list)
    for path, having in users.items():
        if len(having) >= _ENOUGH:
            near[path[:-1]].append(path)
            near[path[-1]].append(path)
    for shape in shapes:
        for path, own in shape.types.items():
            others = {each.types[path] for each in users[path] if each is not shape}
            if not others:
                beside = [each for each in near[path[:-1]] if each[-1] not in shape.beside(path)]
                away = [each for each in near[path[-1]] if each not in shape.types]
                for meant in _meant(path, [*beside, *away])[:1]:
                    usual = f"{len(users[meant])} have {format_path(meant)}"
                    message = f"no other {shape.resource.kind} has it; {usual}"
                    yield Hit(shape.resource, message, shape.places[path])
            elif len(users[path]) > _ENOUGH + 1 and len(others) == 1 and own not in others:
                message = f"this is {own}, where {len(users[path]) - 1} others have {', '.join(others)}"
                yield Hit(shape.resource, message, shape.places[path])


def _meant(path: _Plain, near: Sequence[_Plain]) -> list[_Plain]:
    """The fields that may be meant: spelled a little otherwise, or one level away."""
    return [
        other
        for other in near
        if (other[:-1] == path[:-1] and _is_slip(other[-1], path[-1]))
        or (other[-1] == path[-1] and path[:-1] in {other[:-2], (*other[:-1], *path[-2:-1])})
    ]


def _shape(resource: Resource) -> _Shape:
    types: dict[_Plain, str] = {}
    places: dict[_Plain, FieldPath] = {}

    def walk(value: Any, path: FieldPath, plain: _Plain) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                below = (*plain, key)
                types.setdefault(below, _type(inner))
                places.setdefault(below, (*path, key))
                walk(inner, (*path, key), below)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                walk(item, (*path, number), plain)

    walk({"spec": resource.manifest.get("spec")}, (), ())
    return _Shape(resource, types, places)


def _type(value: Any) -> str:
    return "an object" if isinstance(value, dict) else "a list" if isinstance(value, list) else "a value"


def _is_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, added, another, or two are swapped; numbers count things and are none.

    >>> _is_slip("replcas", "replicas"), _is_slip("node1", "node2"), _is_slip("red", "blue")
    (True, False, False)
    """
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    swapped = len(left) == len(right) == 2 and left == right[::-1]
    digits = any(each.isdigit() for each in left + right)
    return one != other and not digits and (swapped or max(len(left), len(right)) == 1)
