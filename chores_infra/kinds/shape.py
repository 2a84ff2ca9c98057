"""The schema of a kind as a way to walk: what a field is to whoever compares two values of it.

:class:`Kind.field <chores_infra.kinds.Kind>` describes one field to a person. A walk over thousands of
manifests asks at every step, and only for this: the fields below, how lists merge, what cannot be changed,
what is measured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from chores_infra.kinds.defaults import Default, fill_object

if TYPE_CHECKING:
    from chores_infra.kinds.loading import Schemas

__all__ = ["Measure", "Shape"]

Json = dict[str, Any]
Measure = Literal["quantity", "duration", "base64"]

_FORMATS: Final[Mapping[str, Measure]] = {
    "quantity": "quantity",
    "quantity-text": "quantity",
    "resource-amount": "quantity",
    "amount-text": "quantity",
    "go-duration": "duration",
    "byte": "base64",
}
#: Parts of the patterns by which CRDs tell quantities and durations (those of Go, Prometheus, Gateway API).
_QUANTITY: Final = "([KMGTPE]i)|[numkMGTPE]"
_DURATION: Final = re.compile(r"\(ns\|us\|.*\|m\|h\)|\(h\|m\|s\|ms\)|\(\[0-9\]\+\)h\)\?\(\(\[0-9\]\+\)m\)")
_UNCHANGEABLE: Final = ("self == oldSelf", "oldSelf == self")


class Shape:
    """What stands at one place of a kind.

    - ``list_kind``, ``list_keys``: how a list is merged: ``"map"`` by its keys, as a ``"set"``, or None for
      one that is replaced as a whole (``atomic``) or of which nothing is said.
    - ``immutable``: the API server refuses to change it: by its own rules, or by ``self == oldSelf`` in CEL.
    - ``measure``: the value is a ``"quantity"``, a ``"duration"`` as Go has it, or ``"base64"``.
    """

    __slots__ = ("_facts", "_fields", "_items", "_parsed", "_types", "immutable", "list_keys", "list_kind")

    def __init__(self, types: _Types, schema: Json, fact: Json, *, immutable: bool = False) -> None:
        self._types = types
        kind, *keys = fact.get("list", ("atomic",))
        self.list_kind: Literal["map", "set"] | None = kind if kind != "atomic" else None
        self.list_keys: tuple[str, ...] = tuple(keys)
        self._parsed = types.opened(schema)
        self.immutable = immutable or fact.get("immutable", False) or self._parsed.unchangeable
        self._fields: dict[str, Shape | None] = {}
        self._items: Shape | None = None
        self._facts: Json | None = None

    @classmethod
    def of_type(cls, schemas: Schemas, type_name: str) -> Shape:
        """The shape of a type, as ``Schemas`` has it."""
        types = _Types(schemas, schemas.definitions(type_name))
        return cls(types, {"type": "definition-ref", "schema_ref": type_name}, {})

    @property
    def measure(self) -> Measure | None:
        """What the value measures, if it does."""
        return self._parsed.measure

    def field(self, name: str) -> Shape | None:
        """The shape of a field, or of a value under a free key; None where nothing is known of it."""
        if name not in self._fields:
            self._fields[name] = self._field(name)
        return self._fields[name]

    def items(self) -> Shape | None:
        """The shape of the items of a list; None where nothing is known of them."""
        if self._items is None and self._parsed.items is not None:
            self._items = Shape(self._types, self._parsed.items, {})
        return self._items

    def complete(self, value: Json) -> Json:
        """An object with the fields that the API server fills in, at this level alone.

        >>> from chores_infra import kinds
        >>> shape = kinds.find("v1", "Service").shape.field("spec").field("ports").items()
        >>> shape.complete({"port": 80})
        {'port': 80, 'protocol': 'TCP', 'targetPort': 80}
        """
        defaults = self._known().get("defaults")
        return fill_object(value, defaults) if defaults else value

    def default(self, name: str) -> Any:
        """What is filled in for a field whatever stands beside it, or None."""
        options = self._known().get("defaults", {}).get(name)
        first: Default | None = options[0] if options else None
        return first.value if first and not first.when and first.copy_of is None else None

    def _known(self) -> Json:
        if self._facts is None:
            name = self._parsed.type_name
            found = self._types.schemas.facts(name) if name is not None else {}
            defaults = {
                field: [Default.read(record) for record in fact["defaults"]]
                for field, fact in found.items()
                if "defaults" in fact
            }
            self._facts = {"facts": found, "defaults": defaults}
        return self._facts

    def _field(self, name: str) -> Shape | None:
        schema = self._parsed.fields.get(name)
        if schema is None:
            values = self._parsed.values
            return None if values is None else Shape(self._types, values, {})
        fact = self._known()["facts"].get(name, {})
        return Shape(self._types, schema["schema"], fact, immutable=name in self._parsed.unchangeable_fields)


class _Parsed:
    """What the options of one schema are together."""

    __slots__ = ("fields", "items", "measure", "type_name", "unchangeable", "unchangeable_fields", "values")

    def __init__(self) -> None:
        self.type_name: str | None = None
        self.fields: Json = {}
        self.values: Json | None = None
        self.items: Json | None = None
        self.measure: Measure | None = None
        self.unchangeable = False
        self.unchangeable_fields: frozenset[str] = frozenset()


class _Types:
    """The definitions that a kind reaches, each opened once."""

    def __init__(self, schemas: Schemas, definitions: Json) -> None:
        self.schemas = schemas
        self._definitions = definitions
        self._opened: dict[str, _Parsed] = {}

    def opened(self, schema: Json) -> _Parsed:
        name = schema.get("schema_ref")
        if name is None:
            return self._open(schema)
        if name not in self._opened:
            self._opened[name] = self._open(schema)
        return self._opened[name]

    def _open(self, schema: Json) -> _Parsed:
        found = _Parsed()
        self._add(found, schema)
        return found

    def _add(self, found: _Parsed, schema: Json) -> None:
        match schema["type"]:
            case "definition-ref":
                name = schema["schema_ref"]
                if name.startswith("formats."):
                    found.measure = found.measure or _FORMATS.get(name.removeprefix("formats."))
                self._add(found, self._definitions[name])
            case "union":
                for option in schema["choices"]:
                    self._add(found, option)
            case "custom-error":
                self._add(found, schema["schema"])
            case "typed-dict":
                found.type_name = schema["ref"]
                found.fields = schema["fields"]
                rules = schema.get("metadata", {}).get("cel", {})
                found.unchangeable = any(map(_is_unchangeable, rules.get("checks", ())))
                found.unchangeable_fields = frozenset(
                    name
                    for name, step in rules.get("walk", {}).items()
                    if step[0] == "check" and _is_unchangeable(step[1:])
                )
            case "dict":
                found.values = schema.get("values_schema")
            case "list":
                found.items = schema.get("items_schema")
            case "str" if "pattern" in schema:
                found.measure = found.measure or _measured(schema["pattern"])


def _measured(pattern: str) -> Measure | None:
    if _QUANTITY in pattern:
        return "quantity"
    return "duration" if _DURATION.search(pattern) else None


def _is_unchangeable(check: list[Any]) -> bool:
    return check[0] == "transition" and check[1] in _UNCHANGEABLE
