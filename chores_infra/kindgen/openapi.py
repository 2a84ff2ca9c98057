"""The built-in kinds: OpenAPI definitions to intermediate types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from chores_infra.errors import ConfigurationError
from chores_infra.kindgen.metadata import nested_fields, open_managed_fields, root_fields, root_metadata
from chores_infra.kindgen.model import (
    Anything,
    Api,
    Check,
    Choice,
    Field,
    KindDef,
    Listing,
    Mapping_,
    OpenObject,
    Patch,
    Ref,
    Scalar,
    Struct,
    Type,
)
from chores_infra.kindgen.naming import module_name
from chores_infra.kindgen.overlay import Overlay

__all__ = ["INT32", "INT64", "list_checks", "list_kind", "read_openapi", "short_name"]

Json = dict[str, Any]

INT32 = (-(2**31), 2**31 - 1)
INT64 = (-(2**63), 2**63 - 1)

_APIEXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1"
_META = "io.k8s.apimachinery.pkg.apis.meta.v1"
_SCHEMA_PROPS = f"{_APIEXTENSIONS}.JSONSchemaProps"


def short_name(definition: str) -> str:
    """Shorten a definition's name to what the overlay calls it.

    >>> short_name("io.k8s.api.core.v1.Container")
    'core.v1.Container'
    """
    for prefix in ("io.k8s.api.", "io.k8s.apimachinery.pkg.apis.", "io.k8s.kube-aggregator.pkg.apis."):
        definition = definition.removeprefix(prefix)
    return definition.removeprefix("io.k8s.apiextensions-apiserver.pkg.apis.")


def read_openapi(definitions: dict[str, Json], overlay: Overlay, api: Api, source: str = "") -> None:
    """Add every kind of the definitions that can be stored in a manifest, and the types they use.

    List kinds, and the kinds of the meta group (Status, DeleteOptions, ...), are answers of the server and
    not manifests. ``source`` says where the definitions were read from.
    """
    groups = _groups(definitions)
    reader = _Reader(definitions, groups, overlay, api)
    for name in sorted(definitions):
        reader.struct(name)
    for name, definition in sorted(definitions.items()):
        if _is_kind(name, definition):
            reader.kind(name, source, **definition["x-kubernetes-group-version-kind"][0])


def _is_kind(name: str, definition: Json) -> bool:
    identity = definition.get("x-kubernetes-group-version-kind", [])
    return len(identity) == 1 and not name.startswith(_META) and not identity[0]["kind"].endswith("List")


def _groups(definitions: dict[str, Json]) -> dict[str, str]:
    """Map each package (``io.k8s.api.rbac.v1``) to its module; the group is what its kinds say."""
    groups = {_META: module_name("meta", "v1")}
    for name, definition in definitions.items():
        for identity in definition.get("x-kubernetes-group-version-kind", [])[:1]:
            package = name.rpartition(".")[0]
            groups.setdefault(package, module_name(identity["group"], identity["version"]))
    return groups


class _Reader:
    def __init__(
        self, definitions: dict[str, Json], groups: dict[str, str], overlay: Overlay, api: Api
    ) -> None:
        self._definitions = definitions
        self._groups = groups
        self._overlay = overlay
        self._api = api
        self._kinds = {name for name, definition in definitions.items() if _is_kind(name, definition)}
        self._special: dict[str, Type] = {
            "io.k8s.apimachinery.pkg.api.resource.Quantity": Scalar("string", format="quantity"),
            "io.k8s.apimachinery.pkg.util.intstr.IntOrString": Scalar("string", format="int-or-string"),
            "io.k8s.apimachinery.pkg.runtime.RawExtension": OpenObject(),
            f"{_META}.FieldsV1": OpenObject(),
            f"{_META}.Time": Scalar("string", format="date-time"),
            f"{_META}.MicroTime": Scalar("string", format="date-time"),
            f"{_APIEXTENSIONS}.JSON": Anything(),
        }
        # A structural schema, the only kind that v1 accepts, has no lists of schemas under `items`.
        props = self._ref(_SCHEMA_PROPS)
        self._special |= {
            f"{_SCHEMA_PROPS}OrArray": props,
            f"{_SCHEMA_PROPS}OrBool": Choice((props, Scalar("boolean"))),
            f"{_SCHEMA_PROPS}OrStringArray": Choice((props, Listing(Scalar("string")))),
        }

    def struct(self, name: str) -> None:
        """Convert one definition that is an object with fields (or with none)."""
        if name in self._special or name.rpartition(".")[0] not in self._groups:
            return
        definition = self._definitions[name]
        required = set(definition.get("required", ()))
        fields = tuple(
            Field(field, self.type(schema), field in required, patch=patch(schema))
            for field, schema in definition.get("properties", {}).items()
        )
        ref = self._ref(name)
        struct = Struct(open_managed_fields(fields))
        self._api.structs[ref] = self._overlay.apply(short_name(name), struct)
        self._api.public.add(ref)

    def kind(self, definition: str, source: str, group: str, version: str, kind: str) -> None:
        """Make a document of a definition that has a group, version and kind."""
        ref = self._ref(definition)
        if ref.name != kind:
            raise ConfigurationError(f"{definition} is kind {kind}; the generator expects one name for both")
        struct = self._api.structs[ref]
        self._api.structs[self._nested(definition)] = replace(struct, fields=nested_fields(struct.fields))
        self._api.public.add(self._nested(definition))
        api_version = f"{group}/{version}" if group else version
        rules = self._overlay.kind(kind)
        metadata = root_metadata(self._api, rules.name_format)
        self._api.structs[ref] = replace(
            struct, fields=root_fields(api_version, kind, metadata, struct.fields)
        )
        self._api.kinds.append(KindDef(group, version, kind, rules.plural, rules.scope, ref, source))

    def type(self, schema: Json) -> Type:
        """Convert the schema of a field."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            special = self._special.get(name)
            if special is not None:
                return special
            return self._nested(name) if name in self._kinds else self._ref(name)
        declared = schema.get("type", [])
        types = [declared] if isinstance(declared, str) else [item for item in declared if item != "null"]
        if types == ["array"]:
            kind, keys = list_kind(schema)
            return Listing(self.type(schema["items"]), checks=list_checks(schema), kind=kind, keys=keys)
        if types == ["object"]:
            values = schema.get("additionalProperties")
            return Mapping_(self.type(values)) if isinstance(values, dict) and values else OpenObject()
        if len(types) == 1:
            return scalar(types[0], schema.get("format", ""))
        return Anything()

    def _nested(self, name: str) -> Ref:
        """Return the type of a kind inside another one: a claim in a StatefulSet needs no apiVersion."""
        ref = self._ref(name)
        return Ref(ref.module, f"Nested{ref.name}")

    def _ref(self, name: str) -> Ref:
        package, _, type_name = name.rpartition(".")
        return Ref(self._groups.get(package, "unknown"), type_name)


def scalar(json_type: str, format_: str) -> Scalar:
    """Convert a scalar type with its OpenAPI format."""
    if json_type == "integer":
        low, high = INT32 if format_ == "int32" else INT64
        return Scalar("integer", ge=low, le=high)
    if json_type == "number":
        return Scalar("number")
    if json_type == "boolean":
        return Scalar("boolean")
    return Scalar("string", format=format_ if format_ in {"byte", "date-time"} else "")


def list_checks(schema: Json) -> tuple[Check, ...]:
    """Return what makes the items of a list unique: its keys, or the items themselves for a set."""
    if schema.get("x-kubernetes-list-type") == "map":
        properties = schema.get("items", {}).get("properties", {})
        defaults = tuple(
            (key, properties[key]["default"])
            for key in schema["x-kubernetes-list-map-keys"]
            if "default" in properties.get(key, {})
        )
        return (("unique-by", tuple(schema["x-kubernetes-list-map-keys"]), defaults),)
    if schema.get("x-kubernetes-list-type") == "set" or schema.get("uniqueItems"):
        return (("unique",),)
    return ()


def list_kind(schema: Json) -> tuple[Literal["atomic", "set", "map"], tuple[str, ...]]:
    """Return how server-side apply merges a list, and the keys of a map; one that does not say is atomic."""
    kind = schema.get("x-kubernetes-list-type", "atomic")
    return kind, tuple(schema.get("x-kubernetes-list-map-keys", ()))


def patch(schema: Json) -> Patch | None:
    """Return how a strategic merge patch treats a field, where it is said."""
    if "x-kubernetes-patch-strategy" not in schema:
        return None
    return Patch(schema["x-kubernetes-patch-strategy"], schema.get("x-kubernetes-patch-merge-key", ""))
