"""What is known of one field of a kind: its type, its values, its default, and how the server merges it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from chores_infra.errors import UnknownFieldError
from chores_infra.kinds.defaults import Default
from chores_infra.kinds.navigation import Navigator
from chores_infra.kinds.problem import Path, field_path
from chores_infra.kinds.suggestions import unknown_field

if TYPE_CHECKING:
    from chores_infra.kinds.loading import Schemas

__all__ = ["Field", "FieldType", "ListKind", "field_at", "parse_path"]

FieldType = Literal["string", "integer", "number", "boolean", "object", "map", "list", "any"]
ListKind = Literal["atomic", "set", "map"]

_TYPES: dict[str, FieldType] = {
    "any": "any",
    "bool": "boolean",
    "dict": "map",
    "float": "number",
    "int": "integer",
    "list": "list",
    "str": "string",
    "typed-dict": "object",
}
_LITERALS: dict[type, FieldType] = {bool: "boolean", int: "integer", str: "string"}
_PART = re.compile(r'\.?(?P<name>[^.\[\]"]+)|\[(?P<index>\d*)\]|\["(?P<key>[^"]+)"\]')


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind. ``path`` addresses it, with ``[]`` for the items of a list and ``.*`` for keys.

    - ``types``: what JSON it may be; ``"map"`` is an object with free keys, several mean that any will do.
    - ``says``: the same with its bounds, in words.
    - ``format``: the named format of the overlay that it follows, or None.
    - ``values``: the only values it may have; empty when they are not listed.
    - ``pattern``, ``minimum``, ``maximum``, ``min_length``, ``max_length``: its bounds, None where there is
      none. Lengths are characters of text, items of a list, keys of a map.
    - ``required``: whether an object without it is refused.
    - ``immutable``: whether the API server refuses to change it later.
    - ``defaults``: what is filled in when it is absent: the first whose conditions hold.
    - ``children``: the names of its own fields.
    - ``list_kind``, ``list_keys``: how server-side apply merges a list: as a whole (``atomic``), as a
      ``set``, or as a ``map`` of items by their keys; None for what is no list.
    - ``patch_strategy``, ``patch_key``: how a strategic merge patch treats it; empty where nothing is said.
    """

    path: str
    types: tuple[FieldType, ...]
    says: str
    format: str | None = None
    values: tuple[str | int | bool, ...] = ()
    pattern: str | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    min_length: int | None = None
    max_length: int | None = None
    required: bool = False
    immutable: bool = False
    defaults: tuple[Default, ...] = ()
    children: tuple[str, ...] = ()
    list_kind: ListKind | None = None
    list_keys: tuple[str, ...] = ()
    patch_strategy: str = ""
    patch_key: str = ""

    @property
    def default(self) -> Any:
        """The value that is filled in whatever stands beside the field, or None."""
        first = self.defaults[0] if self.defaults else None
        return first.value if first and not first.when and first.copy_of is None else None


def parse_path(text: str) -> Path:
    """Read a path as people write it; ``[]`` and ``[3]`` are items of a list, ``.*`` any key of a map.

    Raises UnknownFieldError for text that is no path.

    >>> parse_path('spec.containers[].env[0]'), parse_path('metadata.labels["app.kubernetes.io/name"]')
    (('spec', 'containers', 0, 'env', 0), ('metadata', 'labels', 'app.kubernetes.io/name'))
    """
    path: list[str | int] = []
    end = 0
    for match in _PART.finditer(text):
        if match.start() != end:
            break
        end = match.end()
        index = match["index"]
        path.append(int(index or 0) if index is not None else match["name"] or match["key"])
    if end != len(text):
        raise UnknownFieldError(
            text, "is no path of a field; write it like spec.template.spec.containers[].image"
        )
    return tuple(path)


def field_at(schemas: Schemas, type_name: str, path: str | Path) -> Field:
    """Return the field at a path of a type. Raises UnknownFieldError, with what was probably meant."""
    parts = parse_path(path) if isinstance(path, str) else path
    navigator = _navigator(schemas, type_name)
    options = navigator.plain(parts)
    if not options:
        raise _unknown(navigator, parts)
    named = [option["ref"] for option in navigator.at(parts) if option["type"] == "custom-error"]
    required, facts = _in_parent(schemas, navigator, parts)
    list_kind, *list_keys = facts.get("list", ["atomic"])
    patch_strategy, patch_key = facts.get("patch", ("", ""))
    is_list = any(option["type"] == "list" for option in options)
    return Field(
        path=_written(parts),
        types=tuple(dict.fromkeys(kind for option in options for kind in _types(option))),
        says=navigator.expected(parts),
        format=named[0].removeprefix("formats.") if named else None,
        values=tuple(value for option in options for value in option.get("expected", ())),
        pattern=_first(options, "pattern"),
        minimum=_first(options, "ge"),
        maximum=_first(options, "le"),
        min_length=_first(options, "min_length") or None,
        max_length=_first(options, "max_length"),
        required=required,
        immutable=facts.get("immutable", False),
        defaults=tuple(map(Default.read, facts.get("defaults", ()))),
        children=tuple(name for option in options for name in option.get("fields", ())),
        list_kind=list_kind if is_list else None,
        list_keys=tuple(list_keys) if is_list else (),
        patch_strategy=patch_strategy,
        patch_key=patch_key,
    )


@cache
def _navigator(schemas: Schemas, type_name: str) -> Navigator:
    """Parse a kind once: whoever asks for one field asks for more of them."""
    return Navigator(schemas.definitions(type_name), type_name)


def _in_parent(schemas: Schemas, navigator: Navigator, path: Path) -> tuple[bool, dict[str, Any]]:
    """Return whether the object around requires the field, and what else is known of it there."""
    for parent in navigator.at(path[:-1]) if path else ():
        field = parent.get("fields", {}).get(path[-1])
        if field is not None:
            return field.get("required", False), schemas.facts(parent["ref"]).get(str(path[-1]), {})
    return False, {}


def _types(option: dict[str, Any]) -> list[FieldType]:
    if option["type"] == "literal":
        return [_LITERALS[type(value)] for value in option["expected"]]
    return [_TYPES[option["type"]]]


def _first(options: list[dict[str, Any]], bound: str) -> Any:
    return next((option[bound] for option in options if bound in option), None)


def _unknown(navigator: Navigator, path: Path) -> UnknownFieldError:
    wrong = next(path[:length] for length in range(1, len(path) + 1) if not navigator.at(path[:length]))
    return UnknownFieldError(_written(wrong), unknown_field(navigator, wrong))


def _written(path: Path) -> str:
    return re.sub(r"\[\d+\]", "[]", field_path(path)).replace('["*"]', ".*")
