"""What the API server checks and the published definitions do not say: ``overlay.toml``."""

from __future__ import annotations

import copy
import json
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from chores_infra.errors import ConfigurationError
from chores_infra.kindgen.model import Check, Default, Field, Listing, Mapping_, Scalar, Struct, Type

__all__ = ["Format", "KindRules", "Overlay"]

Json = dict[str, Any]

_OBJECT_RULES = (
    "exactly_one",
    "at_most_one",
    "at_most_one_filled",
    "any_of",
    "required_with",
    "forbidden_with",
)
"""Keys of a type's table that hold lists of arguments for a rule of ``chores_infra.kinds.rules``."""


_ABOUT_ITS_FIELD = frozenset({"never", "never-with", "not-both-true", "only-beside", "only-with", "path"})
"""Rules that hold wherever the field that is their first argument is absent."""


@dataclass(frozen=True, slots=True)
class Format:
    """A named kind of value: a string with a pattern, an integer with bounds, or a choice of other formats.

    ``says`` ends the sentence "expected ..."; ``source`` is where the rule is published.
    """

    name: str
    says: str
    source: str
    type: Literal["string", "integer", "number", "choice"] = "string"
    pattern: str = ""
    min_length: int | None = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindRules:
    """What is known of a built-in kind besides its fields."""

    plural: str
    scope: Literal["Namespaced", "Cluster"]
    name_format: str


class Overlay:
    """The parsed file. Every entry must be used: one that names nothing is an error.

    What it says about fields of pinned CRDs is for those alone: without ``crds`` it is left out.
    """

    def __init__(self, file: Path, *, crds: bool = True) -> None:
        tables = tomllib.loads(file.read_text("utf-8"))
        self._file = file
        self.formats = {name: Format(name, **_frozen(table)) for name, table in tables["formats"].items()}
        self._kinds: Json = tables["kinds"]
        self._types: dict[str, Json] = {}
        for part in sorted(file.with_suffix("").glob("*.toml")):
            for names, table in tomllib.loads(part.read_text("utf-8")).items():
                for name in names.split(", "):
                    self._types[name] = table
        self._crds: dict[str, Json] = tables.get("crds", {}) if crds else {}
        self._unused = set(self._types) | {
            f"{name} {path}" for name, table in self._crds.items() for path in table
        }

    def kind(self, kind: str) -> KindRules:
        """Return plural, scope and name rule of a built-in kind."""
        scope = "Cluster" if kind in self._kinds["cluster-scoped"] else "Namespaced"
        plural = self._kinds["plurals"].get(kind) or _plural(kind.lower())
        return KindRules(plural, cast('Literal["Namespaced", "Cluster"]', scope), self.name_format("", kind))

    def name_format(self, api_version: str, kind: str) -> str:
        """Return the format of ``metadata.name``; custom resources have DNS subdomains."""
        names: dict[str, str] = self._kinds["names"]
        return names["default"] if "." in api_version.partition("/")[0] else names.get(kind, names["default"])

    def apply(self, name: str, struct: Struct) -> Struct:
        """Return a built-in struct with the rules of its table."""
        table = self._types.get(name)
        if table is None:
            return struct
        self._unused.discard(name)
        rules = {key: value for key, value in table.items() if isinstance(value, dict)}
        missing = set(rules) - {field.name for field in struct.fields}
        if missing:
            raise ConfigurationError(f"{self._file}: {name} has no field {', '.join(sorted(missing))}")
        names = [field.name for field in struct.fields]
        fields = tuple(self._field(field, rules.get(field.name, {}), names) for field in struct.fields)
        checks, triggered = _object_checks(table, struct)
        triggered += [
            (name, tuple(check)) for name, rule in rules.items() for check in rule.get("checks", ())
        ]
        return replace(struct, fields=fields, checks=(*struct.checks, *checks), triggered=tuple(triggered))

    def apply_to_crd(self, api_version: str, kind: str, schema: Json) -> Json:
        """Return a CRD schema with the rules of its table; ``[]`` in a path goes into a list's items."""
        name = f"{api_version} {kind}"
        table = self._crds.get(name)
        if table is None:
            return schema
        schema = copy.deepcopy(schema)
        for path, rule in table.items():
            if path == "source":
                self._unused.discard(f"{name} {path}")
                continue
            target = schema
            for part in path.replace("[]", ".[]").split("."):
                target = target["items"] if part == "[]" else target["properties"][part]
            if "format" in rule:
                target["x-chores-infra-format"] = rule["format"]
            if "enum" in rule:
                target["enum"] = rule["enum"]
            self._unused.discard(f"{name} {path}")
        return schema

    def finish(self, *, crds: bool = True) -> None:
        """Raise ConfigurationError if an entry was for nothing that exists."""
        unused = {name for name in self._unused if crds or name in self._types}
        if unused:
            raise ConfigurationError(f"{self._file}: nothing is called {', '.join(sorted(unused))}")

    def _field(self, field: Field, rule: Json, names: list[str]) -> Field:
        if not rule:
            return field
        defaults = _defaults(rule)
        if "default_without_other_than" in rule:
            others = (name for name in names if name not in (*rule["default_without_other_than"], field.name))
            defaults = (replace(defaults[0], when=tuple((name, "absent") for name in others)),)
        always = any(not default.when for default in defaults)
        return replace(
            field,
            type=self._type(field.type, rule),
            required=bool(rule.get("required", field.required)) and not always,
            defaults=defaults or field.defaults,
            immutable=rule.get("immutable", field.immutable),
        )

    def _type(self, type_: Type, rule: Json) -> Type:
        if isinstance(type_, Listing):
            items = self._type(type_.items, rule["items"]) if "items" in rule else type_.items
            checks = type_.checks
            if "unique_by" in rule:
                defaults = tuple(sorted(rule.get("key_defaults", {}).items()))
                checks = (("unique-by", tuple(rule["unique_by"]), defaults),) if rule["unique_by"] else ()
            if "named_if_several" in rule:
                checks = (*checks, ("named-if-several", rule["named_if_several"]))
            return replace(
                type_,
                items=items,
                min_items=rule.get("min_items", type_.min_items),
                max_items=rule.get("max_items", type_.max_items),
                checks=checks,
            )
        if isinstance(type_, Mapping_):
            keys = Scalar("string", format=rule["keys"]) if "keys" in rule else type_.keys
            values = self._type(type_.values, rule["values"]) if "values" in rule else type_.values
            return replace(type_, keys=keys, values=values)
        if isinstance(type_, Scalar):
            return self._scalar(type_, rule)
        return type_

    def _scalar(self, scalar: Scalar, rule: Json) -> Scalar:
        if "format" in rule:
            if rule["format"] not in self.formats:
                raise ConfigurationError(f"{self._file}: no format {rule['format']}")
            return Scalar(scalar.json_type, format=rule["format"])
        return replace(
            scalar,
            enum=tuple(rule.get("enum", scalar.enum)),
            pattern=rule.get("pattern", scalar.pattern),
            min_length=rule.get("min_length", scalar.min_length),
            max_length=rule.get("max_length", scalar.max_length),
            ge=rule.get("min", scalar.ge),
            le=rule.get("max", scalar.le),
        )


def _object_checks(table: Json, struct: Struct) -> tuple[list[Check], list[tuple[str, Check]]]:
    """Return the rules about an object, and those that only matter where a field stands, by that field."""
    checks: list[Check] = []
    for key in _OBJECT_RULES:
        checks.extend((key.replace("_", "-"), *names) for names in table.get(key, ()))
    if "at_most_one_but" in table:
        names = (field.name for field in struct.fields if field.name not in table["at_most_one_but"])
        checks.append(("at-most-one", *names))
    if "exactly_one_but" in table:
        names = (field.name for field in struct.fields if field.name not in table["exactly_one_but"])
        checks.append(("exactly-one", *names))
    checks.extend(tuple(check) for check in table.get("checks", ()))
    triggered = [(str(check[1]), check) for check in checks if check[0] in _ABOUT_ITS_FIELD]
    return [check for check in checks if check[0] not in _ABOUT_ITS_FIELD], triggered


def _defaults(rule: Json) -> tuple[Default, ...]:
    """Read ``default``, a value, or ``defaults``: a ``value`` or ``copy`` each, ``when`` conditions hold."""
    if "default" in rule:
        return (Default(json.dumps(rule["default"])),)
    return tuple(
        Default(
            json.dumps(option["value"]) if "value" in option else "",
            option.get("copy", ""),
            tuple(map(_condition, option.get("when", ()))),
        )
        for option in rule.get("defaults", ())
    )


def _condition(words: list[Any]) -> tuple[Any, ...]:
    return tuple(tuple(word) if isinstance(word, list) else word for word in words)


def _frozen(table: Json) -> Json:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _plural(word: str) -> str:
    """Make the resource name of a kind: its lower case, in the plural.

    >>> _plural("ingress"), _plural("networkpolicy"), _plural("gateway")
    ('ingresses', 'networkpolicies', 'gateways')
    """
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"
