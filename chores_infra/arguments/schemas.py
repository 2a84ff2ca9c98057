"""Schemas of pydantic-core from the annotations of arguments, without the detour over pydantic's generator.

What arguments are made of is a small language: plain types, ``Literal``, lists and dicts, unions, classes,
and the vocabulary of :mod:`chores_infra.fields`. Whatever else is annotated is left to pydantic.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
)

from chores_infra.arguments.messages import BRANCH, WRONG_TYPE, either
from chores_infra.wording import article

if TYPE_CHECKING:
    from pydantic_core import CoreSchema, SchemaValidator

__all__ = ["Later", "OneOf", "dict_validator", "schema_of"]

_CONSTRAINTS = ("ge", "gt", "le", "lt", "min_length", "max_length")
#: Characters; more fits into no object of the cluster (etcd takes 1.5 MiB for all of it).
_LONGEST_TEXT = 2**20
#: What classes are called in messages, where that is not their name.
_SPOKEN = {"str": "text", "int": "whole number", "bool": "boolean", "float": "number", "dict": "mapping"}


class OneOf:
    """Marks a union in which the type of a value tells what was meant, so that one error is reported.

    A wrong path in an ``HttpProbe`` is one problem, at that path, and not also a complaint that it is no
    ``TcpProbe``. Unions of different classes are treated so anyhow; write ``Annotated[A | B, OneOf("...")]``
    to say in your own words what is expected.
    """

    def __init__(self, expected: str | None = None) -> None:
        self.expected = expected

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Build the schema, for pydantic's models too."""
        schema = _union_by_class(get_args(source), self.expected)
        return handler(source) if schema is None else schema


class Later:
    """Marks a type whose module is loaded when a value of it may arrive: a program pays for what it uses.

    ``Spiffe = Annotated[Any, Later("chores_infra.constructs.traefik.transports", "Spiffe")]`` stands in for
    the class, beside an import for type checkers alone.
    """

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Build the schema of the class itself."""
        return schema_of(getattr(import_module(self.module), self.name))


def dict_validator(hints: Mapping[str, Any]) -> SchemaValidator:
    """The strict validator of a dict with these keys and no others; ``NotRequired`` ones may be absent."""
    from pydantic_core import SchemaValidator, core_schema

    fields = {
        name: core_schema.typed_dict_field(schema_of(hint), required=get_origin(hint) is not NotRequired)
        for name, hint in hints.items()
    }
    config = core_schema.CoreConfig(strict=True, extra_fields_behavior="forbid")
    return SchemaValidator(core_schema.typed_dict_schema(fields, config=config), config)


def schema_of(hint: Any) -> CoreSchema:  # noqa: PLR0911  (one per form of an annotation)
    """The strict schema of one annotation."""
    from pydantic_core import core_schema

    if hint in (Any, object):
        return core_schema.any_schema()
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
        return _schema_of_class(hint)
    origin, members = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(members[0], members[1:])
    if origin in {Required, NotRequired}:
        return schema_of(members[0])
    if origin is Literal:
        return core_schema.literal_schema(list(members))
    if origin in {Union, types.UnionType}:
        return _union(members)
    if origin is list:
        return core_schema.list_schema(schema_of(members[0]), strict=True)
    if origin is dict:
        return core_schema.dict_schema(*map(schema_of, members), strict=True)
    return _by_pydantic(hint)


def _schema_of_class(cls: type[Any]) -> CoreSchema:  # noqa: PLR0911  (one per class)
    from pydantic_core import core_schema

    if cls is str:
        return core_schema.str_schema(strict=True, max_length=_LONGEST_TEXT)
    if cls is int:
        return core_schema.int_schema(strict=True)
    if cls is types.NoneType:
        return core_schema.none_schema()
    if cls is bool:
        return core_schema.bool_schema(strict=True)
    if hasattr(cls, "__revalidate__"):
        return core_schema.no_info_plain_validator_function(cls.__revalidate__)
    if cls in {float, list, dict} or _brings_a_schema(cls):
        return _by_pydantic(cls)
    return core_schema.is_instance_schema(cls)


def _annotated(hint: Any, metadata: Sequence[Any]) -> CoreSchema:
    """Constraints go into the schema of the type itself, whatever stands around it."""
    limits: dict[str, Any] = {}
    wrappers = []
    for item in metadata:
        if hasattr(item, "__get_pydantic_core_schema__"):
            wrappers.append(item)
        for constraint in getattr(item, "metadata", (item,)):
            limits |= {name: getattr(constraint, name) for name in _CONSTRAINTS if hasattr(constraint, name)}

    def bare(_source: Any) -> CoreSchema:
        schema: Any = schema_of(hint)
        schema.update(limits)
        return schema  # type: ignore[no-any-return]  # the same dict

    handler = bare
    for wrapper in wrappers:
        handler = _wrapped(wrapper, handler)
    return handler(hint)


def _wrapped(wrapper: Any, inner: Any) -> Any:
    return lambda source: wrapper.__get_pydantic_core_schema__(source, inner)


def _union(members: tuple[Any, ...]) -> CoreSchema:
    from pydantic_core import core_schema

    others = tuple(member for member in members if member is not types.NoneType)
    schema = schema_of(others[0]) if len(others) == 1 else _union_by_class(others, None)
    if schema is None:
        schema = core_schema.union_schema([(schema_of(m), f"{BRANCH}{i}") for i, m in enumerate(others)])
    return core_schema.nullable_schema(schema) if len(others) < len(members) else schema


def _union_by_class(members: Sequence[Any], expected: str | None) -> CoreSchema | None:
    """A union that looks at the class of a value first, or None where the class does not tell."""
    from pydantic_core import core_schema

    by_class = {_class_of(member): member for member in members}
    if None in by_class or len(by_class) < len(members):
        return None
    classes: dict[Any, str] = {cls: f"{BRANCH}{cls.__name__}" for cls in by_class if cls is not None}

    def branch_of(value: Any) -> str | None:
        branch = classes.get(type(value))
        if branch is None and not isinstance(value, bool):
            branch = next((branch for cls, branch in classes.items() if isinstance(value, cls)), None)
        return branch

    nouns = (article(_SPOKEN.get(cls.__name__, cls.__name__)) for cls in classes)
    return core_schema.tagged_union_schema(
        {branch: schema_of(by_class[cls]) for cls, branch in classes.items()},
        branch_of,
        custom_error_type=WRONG_TYPE,
        custom_error_message=f"expected {expected or either(nouns)}",
        strict=True,
    )


def _class_of(member: Any) -> type[Any] | None:
    """The class of a member of a union: ``int`` for ``Annotated[int, ...]``, or None where it is not one."""
    while not isinstance(member, type) or isinstance(member, types.GenericAlias):
        if get_origin(member) is Literal:
            classes = {type(value) for value in get_args(member)}
            return classes.pop() if len(classes) == 1 else None
        member = getattr(member, "__origin__", None)
        if member is None:
            return None
    return member


def _brings_a_schema(cls: Any) -> bool:
    """Whether pydantic knows what is inside: its own models, and TypedDicts."""
    return hasattr(cls, "__get_pydantic_core_schema__") or hasattr(cls, "__total__")


def _by_pydantic(hint: Any) -> CoreSchema:
    from pydantic import ConfigDict, TypeAdapter
    from pydantic_core import core_schema

    config = None if _brings_a_schema(hint) else ConfigDict(arbitrary_types_allowed=True)
    validate = functools.partial(TypeAdapter(hint, config=config).validate_python, strict=True)
    return core_schema.no_info_plain_validator_function(validate)
