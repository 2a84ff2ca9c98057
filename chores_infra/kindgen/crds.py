"""CustomResourceDefinitions to intermediate types.

Nested objects have no names in a CRD: equal ones are merged, and each gets the name of its shortest path.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chores_infra.kindgen.crd_rules import cel_checks, described, junctor_checks, object_rules
from chores_infra.kindgen.crd_scalars import int_or_string, scalar
from chores_infra.kindgen.metadata import OBJECT_META, root_fields, root_metadata
from chores_infra.kindgen.model import (
    Anything,
    Api,
    Choice,
    Default,
    Field,
    KindDef,
    Listing,
    Mapping_,
    OpenObject,
    Ref,
    Scalar,
    Struct,
    Type,
)
from chores_infra.kindgen.naming import camel, module_name
from chores_infra.kindgen.openapi import list_checks, list_kind
from chores_infra.kindgen.overlay import Overlay

__all__ = ["CrdReader"]

Json = dict[str, Any]

_NO_SCHEMA: Json = {"x-kubernetes-preserve-unknown-fields": True}


class CrdReader:
    """Collects documents, then adds them to an api: names can be given only when all are known."""

    def __init__(self, overlay: Overlay, api: Api) -> None:
        self._overlay = overlay
        self._api = api
        self._modules: dict[str, _Module] = {}
        self._roots: dict[str, list[tuple[KindDef, Struct]]] = {}
        self._seen: set[tuple[str, str]] = set()

    def add(
        self, crd: Json, *, source: str = "", only: Iterable[str] = (), leave_out: Iterable[str] = ()
    ) -> None:
        """Add the versions of one CustomResourceDefinition; a version that is known already is left alone.

        ``source`` says where it was read from.
        """
        spec = crd["spec"]
        kind = spec["names"]["kind"]
        for version in spec["versions"]:
            api_version = f"{spec['group']}/{version['name']}"
            if (
                (only and api_version not in only)
                or api_version in leave_out
                or (api_version, kind) in self._seen
            ):
                continue
            self._seen.add((api_version, kind))
            schema = version.get("schema", {}).get("openAPIV3Schema", _NO_SCHEMA)
            module = module_name(spec["group"], version["name"])
            nested = self._modules.setdefault(module, _Module())
            root = nested.document(self._overlay.apply_to_crd(api_version, kind, schema), kind)
            definition = KindDef(
                spec["group"],
                version["name"],
                kind,
                spec["names"]["plural"],
                spec["scope"],
                Ref(module, kind),
                source,
            )
            self._roots.setdefault(module, []).append((definition, root))

    def finish(self) -> None:
        """Name the nested types and write everything into the api."""
        for module, roots in sorted(self._roots.items()):
            nested = self._modules[module]
            names = [Ref(module, name) for name in nested.names({definition.kind for definition, _ in roots})]
            for struct, ref in zip(nested.structs, names, strict=True):
                self._api.structs[ref] = _named(struct, names)
            for definition, root in roots:
                metadata = root_metadata(
                    self._api, self._overlay.name_format(definition.api_version, definition.kind)
                )
                struct = _named(root, names)
                fields = root_fields(definition.api_version, definition.kind, metadata, struct.fields)
                self._api.structs[definition.ref] = replace(struct, fields=fields)
                self._api.public.add(definition.ref)
                self._api.kinds.append(definition)


class _Module:
    """The nested types of one group and version, while their names are still numbers."""

    def __init__(self) -> None:
        self.structs: list[Struct] = []
        self._numbers: dict[Struct, int] = {}
        self._paths: list[tuple[str, ...]] = []

    def document(self, schema: Json, kind: str) -> Struct:
        """Convert the schema of a whole document; its fields are known or it has no schema at all."""
        struct = self._struct(schema, (kind,))
        fields = tuple(
            replace(item, required=item.required and item.name != "status") for item in struct.fields
        )
        return replace(struct, fields=fields, open="properties" not in schema)

    def names(self, taken: set[str]) -> list[str]:
        """Return a name for each struct: its shortest path, private by its underscore."""
        used = set(taken)
        names: dict[int, str] = {}
        for number in sorted(range(len(self.structs)), key=lambda i: (len(self._paths[i]), self._paths[i])):
            base = name = f"_{camel(*self._paths[number])}"
            suffix = 2
            while name in used:
                name, suffix = f"{base}{suffix}", suffix + 1
            used.add(name)
            names[number] = name
        return [names[number] for number in range(len(self.structs))]

    def _intern(self, struct: Struct, path: tuple[str, ...]) -> Ref:
        number = self._numbers.setdefault(struct, len(self.structs))
        if number == len(self.structs):
            self.structs.append(struct)
            self._paths.append(path)
        self._paths[number] = min(self._paths[number], path, key=lambda known: (len(known), known))
        return Ref(_NUMBERED, str(number))

    def _struct(self, schema: Json, path: tuple[str, ...]) -> Struct:
        properties: Json = schema.get("properties", {})
        notes: list[str] = []
        fields = []
        for name, inner in properties.items():
            below: list[str] = []
            type_ = self._type(inner, (*path, name), below)
            required = (
                name in schema.get("required", ()) and "default" not in inner and not inner.get("nullable")
            )
            fields.append(Field(name, type_, required, _defaults(inner)))
            notes.extend(f"{name}: {note}" for note in below)
        is_open = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
        if schema.get("x-kubernetes-embedded-resource"):
            known = {item.name for item in fields}
            string = Scalar("string")
            embedded = (Field("apiVersion", string, required=True), Field("kind", string, required=True))
            identity = (*embedded, Field("metadata", OBJECT_META))
            fields = [*(item for item in identity if item.name not in known), *fields]
            fields = [Field("metadata", OBJECT_META) if item.name == "metadata" else item for item in fields]
            is_open = True
        checks, unchecked = object_rules(schema)
        return Struct(tuple(fields), is_open, checks, (*unchecked, *notes))

    def _type(self, schema: Json, path: tuple[str, ...], notes: list[str]) -> Type:
        """Convert the schema of a field. ``notes`` collects rules of it that nothing here evaluates."""
        if schema.get("x-kubernetes-int-or-string"):
            notes.extend(described(check) for check in cel_checks(schema))
            return int_or_string(schema)
        declared = schema.get("type")
        if declared == "object":
            if "properties" in schema or schema.get("x-kubernetes-embedded-resource"):
                return self._intern(self._struct(schema, path), path)
            return self._free_object(schema, path, notes)
        checks, unchecked = junctor_checks(schema)
        if declared == "array":
            notes.extend(unchecked)
            return Listing(
                self._items(schema["items"], path, notes),
                schema.get("minItems"),
                schema.get("maxItems"),
                (*list_checks(schema), *checks, *cel_checks(schema)),
                *list_kind(schema),
            )
        notes.extend((*(described(check) for check in checks), *unchecked))
        if declared is None:
            notes.extend(described(check) for check in cel_checks(schema))
            return Anything()
        return replace(scalar(schema, notes), checks=cel_checks(schema))

    def _items(self, schema: Json, path: tuple[str, ...], notes: list[str]) -> Type:
        below: list[str] = []
        type_ = self._type(schema, path, below)
        notes.extend(f"[]: {note}" for note in below)
        return type_

    def _free_object(self, schema: Json, path: tuple[str, ...], notes: list[str]) -> Type:
        values = schema.get("additionalProperties")
        checks, unchecked = object_rules(schema)
        if values or (values is None and schema.get("x-kubernetes-preserve-unknown-fields")):
            limits = schema.get("minProperties"), schema.get("maxProperties")
            notes.extend(unchecked)
            if isinstance(values, dict) and not _is_free(values):
                return Mapping_(self._items(values, path, notes), Scalar("string"), *limits, checks)
            if checks or any(limit is not None for limit in limits):
                return Mapping_(Anything(), Scalar("string"), *limits, checks)
            return OpenObject()
        # No fields are declared, so the server would drop every one.
        return self._intern(Struct((), checks=checks, unchecked=unchecked), path)


_NUMBERED = "#"
"""The module of a nested type that has no name yet."""


def _defaults(schema: Json) -> tuple[Default, ...]:
    return (Default(json.dumps(schema["default"], sort_keys=True)),) if "default" in schema else ()


def _named(struct: Struct, names: list[Ref]) -> Struct:
    fields = tuple(replace(item, type=_named_type(item.type, names)) for item in struct.fields)
    return replace(struct, fields=fields)


def _named_type(type_: Type, names: list[Ref]) -> Type:
    if isinstance(type_, Ref) and type_.module == _NUMBERED:
        return names[int(type_.name)]
    if isinstance(type_, Listing):
        return replace(type_, items=_named_type(type_.items, names))
    if isinstance(type_, Mapping_):
        return replace(type_, values=_named_type(type_.values, names))
    if isinstance(type_, Choice):
        return Choice(tuple(_named_type(option, names) for option in type_.options))
    return type_


def _is_free(schema: Json) -> bool:
    return not schema or set(schema) <= {"x-kubernetes-preserve-unknown-fields", "description", "nullable"}
