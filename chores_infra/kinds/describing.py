"""A field of a kind with all that is around it: its own fields, and the API versions that have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, NamedTuple

from chores_infra.errors import UnknownFieldError
from chores_infra.kinds.catalog import Catalog
from chores_infra.kinds.fields import Field, parse_path
from chores_infra.kinds.kind import Kind
from chores_infra.kinds.problem import Path
from chores_infra.kinds.targets import find_target

__all__ = ["Described", "as_data", "as_text", "describe"]

_LONGEST = 72
"""Characters of one line about a field below."""

_ARTICLES = {
    "any": "any value",
    "boolean": "a boolean",
    "integer": "an integer",
    "list": "a list",
    "map": "an object with any fields",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


class Described(NamedTuple):
    """A field: what it is in ``words``, and the fields ``below`` it, each with its name and its words.

    ``below_what`` says of what they are fields: ``"items"`` of a list, ``"values"`` of an object with free
    keys, or empty for its own. ``versions`` maps the API versions of the kind to whether they have the field.
    """

    kind: Kind
    field: Field
    words: str
    below_what: str
    below: dict[str, tuple[Field, str]]
    versions: dict[str, bool]


def describe(catalog: Catalog, target: str) -> Described:
    """Describe what a target names: ``Deployment.spec.strategy``, ``apps/v1/Deployment``.

    Raises UnknownKindError or UnknownFieldError, with what was probably meant.
    """
    kind, text = find_target(catalog, target)
    path = parse_path(text)
    field = kind.field(path)
    inner, owner = path, ""
    while (item := _item(kind, inner)) is not None:
        owner = "items" if isinstance(item[-1], int) else "values"
        inner = item
    below = {}
    for name in kind.field(inner).children:
        child = (*inner, name)
        below[name] = (kind.field(child), _words(kind, child))
    return Described(kind, field, _words(kind, path), owner, below, dict(_versions(catalog, kind, path)))


def _item(kind: Kind, path: Path) -> Path | None:
    """Return the path of what a list or an object with free keys holds, where it says something of that."""
    types = kind.field(path).types
    for type_, part in (("list", 0), ("map", "*")):
        if type_ in types:
            below = (*path, part)
            try:
                kind.field(below)
            except UnknownFieldError:
                return None
            return below
    return None


def _words(kind: Kind, path: Path) -> str:
    field = kind.field(path)
    item = _item(kind, path)
    if item is not None and len(field.types) == 1:
        inside = _words(kind, item)
        return (
            f"a list, each item {inside}" if field.types[0] == "list" else f"an object, each value {inside}"
        )
    if field.values:
        return " or ".join(_ARTICLES[type_] for type_ in field.types)
    if field.types == ("map",):
        return _ARTICLES["map"]
    return _ARTICLES["string"] if field.says == f"text like {field.pattern}" else field.says


def _versions(catalog: Catalog, kind: Kind, path: Path) -> Iterator[tuple[str, bool]]:
    for api_version in catalog.versions(kind.kind):
        other = catalog.find(api_version, kind.kind)
        if other is not None and other.group == kind.group:
            try:
                other.field(path)
            except UnknownFieldError:
                yield api_version, False
            else:
                yield api_version, True


def as_text(this: Described) -> str:
    """Write it for a person."""
    kind, field = this.kind, this.field
    name = f"{kind.kind}.{field.path}" if field.path else kind.kind
    lines = [f"{kind.api_version} {name}  ({kind.source})", ""]
    if not field.path:
        lines += [f"  scope      {kind.scope}", f"  plural     {kind.plural}"]
    lines += (f"  {label:9}  {text}" for label, text in _about(this))
    lines += (f"  unchecked  {rule}" for rule in (() if field.path else kind.unchecked))
    if this.below:
        lines += ["", f"fields of its {this.below_what}" if this.below_what else "fields"]
        width = max(map(len, this.below))
        lines += (f"  {name:{width}}  {_line(*child)}" for name, child in this.below.items())
    return "\n".join(lines)


def _about(this: Described) -> Iterator[tuple[str, str]]:
    field = this.field
    yield "type", this.words
    if field.values:
        yield "values", ", ".join(_value(value) for value in field.values)
    if field.pattern:
        yield "pattern", field.pattern
    if bounds := _range(field.minimum, field.maximum):
        yield "value", bounds
    if bounds := _range(field.min_length, field.max_length):
        yield "length", bounds
    for default in field.defaults:
        yield "default", str(default)
    if field.path:
        yield "required", "yes" if field.required else "no"
    if field.immutable:
        yield "immutable", "yes: the API server refuses to change it"
    if field.list_kind is not None:
        keys = f" by {', '.join(field.list_keys)}" if field.list_keys else ""
        yield "list", f"{field.list_kind}{keys}"
    if field.patch_strategy:
        yield "patch", f"{field.patch_strategy}{f' by {field.patch_key}' if field.patch_key else ''}"
    missing = [version for version, has in this.versions.items() if not has]
    without = f"; not in {', '.join(missing)}" if missing else ""
    yield "versions", ", ".join(version for version, has in this.versions.items() if has) + without


def _value(value: object) -> str:
    return value if isinstance(value, str) and value else str(value).lower() if value != "" else '""'


def _range(low: object, high: object) -> str:
    if low is None or high is None:
        return f"at least {low}" if low is not None else f"at most {high}" if high is not None else ""
    return f"from {low} to {high}"


def _line(field: Field, words: str) -> str:
    if field.values:
        words = "one of " * (len(field.values) > 1) + ", ".join(map(_value, field.values))
    words = words.partition(" (")[0] if field.format else words
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST].rpartition(' ')[0]} ..."
    marks = ["required"] * field.required + ["immutable"] * field.immutable
    marks += [f"default {field.defaults[0]}"] if len(field.defaults) == 1 else []
    marks += ["default depends"] if len(field.defaults) > 1 else []
    return "; ".join([words, *marks])


def as_data(this: Described) -> dict[str, Any]:
    """Return it as JSON: the field with its names in ``Field``, and what is around it."""
    kind = this.kind
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "scope": kind.scope,
        "plural": kind.plural,
        "source": kind.source,
        **asdict(this.field),
        "words": this.words,
        "versions": this.versions,
        "fields": [
            {"name": name, **asdict(field), "words": words} for name, (field, words) in this.below.items()
        ],
    }
