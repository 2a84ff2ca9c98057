"""The types of arguments, each read from its annotation when it is first needed."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple, NotRequired, get_args, get_origin, get_type_hints

__all__ = ["ArgumentTypes", "argument_types", "field_names", "field_types"]


class _Written(NamedTuple):
    """An annotation as it stands in the source, and where its names are looked up."""

    annotation: Any
    globals: dict[str, Any]
    locals: Mapping[str, Any] | None
    required: bool


class ArgumentTypes(Mapping[str, Any]):
    """The types of arguments by name; ``NotRequired[...]`` marks those that may be left out.

    A type is evaluated when it is asked for: a Deployment has forty arguments, and an app uses a few of them.
    """

    def __init__(self, types: Mapping[str, Any]) -> None:
        self._types: dict[str, Any] = dict(types)

    def __getitem__(self, name: str) -> Any:
        found = self._types[name]
        if isinstance(found, _Written):
            hint = _evaluated(found)
            found = self._types[name] = hint if found.required else NotRequired[hint]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)

    @cached_property
    def required(self) -> frozenset[str]:
        """Those that have to be given."""
        return frozenset(name for name, found in self._types.items() if _is_required(found))


def argument_types(init: Any) -> ArgumentTypes:
    """The types of the keyword arguments of a constructor, those of ``**options: Unpack[...]`` included."""
    init = inspect.unwrap(init)
    written: dict[str, Any] = {}
    for parameter in inspect.signature(init).parameters.values():
        name = parameter.name
        if parameter.kind is parameter.KEYWORD_ONLY:
            required = parameter.default is parameter.empty
            written[name] = _Written(init.__annotations__[name], init.__globals__, None, required)
        elif parameter.kind is parameter.VAR_KEYWORD and "Unpack" in str(parameter.annotation):
            unpacked = _Written(parameter.annotation, init.__globals__, None, required=True)
            written |= _options(*get_args(_evaluated(unpacked)))
    return ArgumentTypes(written)


def field_names(cls: type[Any]) -> tuple[str, ...]:
    """Every annotated attribute, those of base classes first; class variables are none."""
    return tuple(_fields(cls))


def field_types(cls: type[Any], required: frozenset[str]) -> ArgumentTypes:
    """The types of the annotated attributes of a class."""
    # The names of the module count before those of the class, as for `get_type_hints`.
    return ArgumentTypes(
        {
            name: _Written(annotation, dict(vars(base)), vars(sys.modules[base.__module__]), name in required)
            for name, (base, annotation) in _fields(cls).items()
        }
    )


def _fields(cls: type[Any]) -> dict[str, tuple[type[Any], Any]]:
    """The class that annotates each field, and how."""
    fields: dict[str, tuple[type[Any], Any]] = {}
    for base in reversed(cls.__mro__):
        for name, annotation in inspect.get_annotations(base).items():
            if not str(annotation).startswith(("ClassVar", "typing.ClassVar")):
                fields[name] = (base, annotation)
    return fields


def _options(options: Any) -> dict[str, _Written]:
    """The keys of a TypedDict, inherited ones included."""
    module = vars(sys.modules[options.__module__])
    return {
        key: _Written(annotation, module, None, _is_needed(options, key, annotation))
        for key, annotation in options.__annotations__.items()
    }


def _is_needed(options: Any, key: str, annotation: Any) -> bool:
    """Whether a TypedDict asks for a key. Where annotations are text, it has not seen ``Required`` itself."""
    text = getattr(annotation, "__forward_arg__", None) or str(annotation)
    if text.startswith(("Required[", "NotRequired[")):
        return not text.startswith("Not")
    return key in options.__required_keys__


def _evaluated(written: _Written) -> Any:
    def stand_in() -> None: ...

    stand_in.__annotations__ = {"it": written.annotation}
    return get_type_hints(stand_in, written.globals, written.locals, include_extras=True)["it"]


def _is_required(found: Any) -> bool:
    return found.required if isinstance(found, _Written) else get_origin(found) is not NotRequired
