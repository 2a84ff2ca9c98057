"""What the API server fills in for fields that are absent, and manifests with all of it filled in."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from chores_infra.kinds.problem import show

if TYPE_CHECKING:
    from chores_infra.kinds.loading import Schemas

__all__ = ["Condition", "Default", "Defaults", "fill_object"]

Json = dict[str, Any]
Fill = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a field beside the one that has the default.

    ``test`` is ``"is"`` (one of ``values``) or ``"like"`` (the pattern ``values[0]``), about the field with
    its own default; or ``"given"`` or ``"absent"``, about what was written. An empty list, object or text
    counts as absent, as it does for the API server.
    """

    field: str
    test: Literal["is", "given", "absent", "like"]
    values: tuple[Any, ...] = ()

    def holds(self, written: Json, complete: Json) -> bool:
        """Return whether it holds in an object, as it was written and with the defaults that always hold.

        >>> Condition("type", "is", ("NodePort", "LoadBalancer")).holds({}, {"type": "NodePort"})
        True
        """
        value = complete.get(self.field)
        match self.test:
            case "is":
                return value in self.values
            case "like":
                return isinstance(value, str) and re.search(self.values[0], value, re.ASCII) is not None
            case "given":
                return _is_given(written.get(self.field))
        return not _is_given(written.get(self.field))

    def __str__(self) -> str:
        match self.test:
            case "is":
                return f"{self.field} is {' or '.join(map(show, self.values))}"
            case "like":
                return f"{self.field} is like {self.values[0]}"
        return f"{self.field} is {self.test}"


@dataclass(frozen=True, slots=True)
class Default:
    """What the API server fills in ``when`` all hold: ``value``, or what the field ``copy_of`` beside it has.

    >>> str(Default(value=10800, when=(Condition("sessionAffinity", "is", ("ClientIP",)),)))
    '10800 if sessionAffinity is "ClientIP"'
    """

    value: Any = None
    copy_of: str | None = None
    when: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        text = f"what {self.copy_of} is" if self.copy_of else json.dumps(self.value)
        return f"{text} if {' and '.join(map(str, self.when))}" if self.when else text

    @classmethod
    def read(cls, record: Json) -> Default:
        """Make one of what the generator wrote (``chores_infra.kindgen.fact_writer``)."""
        conditions = (
            Condition(field, test, tuple(values[0]) if test == "is" else tuple(values))
            for field, test, *values in record.get("when", ())
        )
        return cls(record.get("value"), record.get("copy"), tuple(conditions))


class Defaults:
    """Fills in the defaults of one kind's types, as ``Schemas`` has them."""

    def __init__(self, schemas: Schemas, type_name: str) -> None:
        self._schemas = schemas
        self._definitions = schemas.definitions(type_name)
        self._objects: dict[str, Fill] = {}
        self._fill = self._object(type_name)

    def filled(self, manifest: Json) -> Json:
        """Return a copy of a manifest with every default filled in; what is of a wrong type stays."""
        filled: Json = self._fill(manifest)
        return filled

    def _object(self, type_name: str) -> Fill:
        known = self._objects.get(type_name)
        if known is not None:
            return known
        facts = self._schemas.facts(type_name)
        defaults = {
            name: [Default.read(record) for record in fact["defaults"]]
            for name, fact in facts.items()
            if "defaults" in fact
        }
        # A type may contain itself: it is known before its fields are looked at.
        fields: dict[str, Fill] = {}

        def fill(value: Any) -> Any:
            if not isinstance(value, dict):
                return copy.deepcopy(value)
            complete = fill_object(value, defaults)
            return {name: fields.get(name, copy.deepcopy)(item) for name, item in complete.items()}

        self._objects[type_name] = fill
        for name, field in self._definitions[type_name]["fields"].items():
            fields[name] = self._value(field["schema"])
        return fill

    def _value(self, schema: Json) -> Fill:
        match schema["type"]:
            case "definition-ref" if self._definitions[schema["schema_ref"]]["type"] == "typed-dict":
                return self._object(schema["schema_ref"])
            case "list" if "items_schema" in schema:
                return _each(self._value(schema["items_schema"]))
            case "dict" if "values_schema" in schema:
                return _values(self._value(schema["values_schema"]))
            case "union":
                # Of what a default can stand in, a union has one option; the others are scalars.
                fills = [self._value(option) for option in schema["choices"]]
                return next((fill for fill in fills if fill is not copy.deepcopy), copy.deepcopy)
        return copy.deepcopy


def fill_object(value: Json, defaults: dict[str, list[Default]]) -> Json:
    """Fill in one object: first what always holds, then what depends on it.

    ``given`` and ``absent`` are about what was written, ``is`` and ``like`` about the complete object.
    """
    absent = {name: options for name, options in defaults.items() if value.get(name) is None}
    complete = dict(value)
    for name, options in absent.items():
        if not options[0].when and options[0].copy_of is None:
            complete[name] = options[0].value
    for name, options in absent.items():
        if complete.get(name) is None:
            for option in options:
                if all(condition.holds(value, complete) for condition in option.when):
                    found = complete.get(option.copy_of) if option.copy_of else option.value
                    if found is not None:
                        complete[name] = found
                    break
    return complete


def _each(fill: Fill) -> Fill:
    return lambda value: [fill(item) for item in value] if isinstance(value, list) else copy.deepcopy(value)


def _values(fill: Fill) -> Fill:
    return lambda value: (
        {key: fill(item) for key, item in value.items()} if isinstance(value, dict) else copy.deepcopy(value)
    )


def _is_given(value: object) -> bool:
    return value is not None and value not in ("", [], {})
