"""ObjectMeta as the document root has it: with the name rule of its kind."""

from __future__ import annotations

from dataclasses import replace

from chores_infra.kindgen.model import Api, Field, Listing, OpenObject, Ref, Scalar, Struct
from chores_infra.kindgen.naming import camel

__all__ = ["OBJECT_META", "nested_fields", "open_managed_fields", "root_fields", "root_metadata"]

OBJECT_META = Ref("meta_v1", "ObjectMeta")


def root_metadata(api: Api, name_format: str) -> Ref:
    """Return the ObjectMeta whose ``name`` follows a format; the server wants ``name`` or ``generateName``.

    A pod template's metadata is the plain ObjectMeta: the server ignores its name.
    """
    ref = Ref("meta_v1", f"ObjectMeta{camel(name_format)}")
    if ref not in api.structs:
        plain = api.structs[OBJECT_META]
        fields = tuple(
            replace(item, type=Scalar("string", format=name_format)) if item.name == "name" else item
            for item in plain.fields
        )
        check = ("any-of", "name", "generateName")
        api.structs[ref] = Struct(fields, checks=(*plain.checks, check))
    return ref


def root_fields(api_version: str, kind: str, metadata: Ref, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields of a document: its identity is required here and only here, its status is open."""
    rest = tuple(
        Field("status", OpenObject()) if item.name == "status" else item
        for item in fields
        if item.name not in {"apiVersion", "kind", "metadata"}
    )
    return (
        Field("apiVersion", Scalar("string", enum=(api_version,)), required=True),
        Field("kind", Scalar("string", enum=(kind,)), required=True),
        Field("metadata", metadata, required=True),
        *rest,
    )


def nested_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields of a kind inside another one: its identity is known from where it stands."""
    return tuple(
        Field("status", OpenObject())
        if item.name == "status"
        else replace(item, required=False)
        if item.name in {"apiVersion", "kind", "metadata"}
        else item
        for item in fields
    )


def open_managed_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """``managedFields`` is the server's own bookkeeping: anything goes."""
    return tuple(
        replace(item, type=Listing(OpenObject())) if item.name == "managedFields" else item for item in fields
    )
