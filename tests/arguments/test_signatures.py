"""The types of arguments are those that typing finds, whichever is asked for."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any, NotRequired, get_type_hints

import pytest

from chores_infra import constructs
from chores_infra.arguments.signatures import argument_types, field_types
from chores_infra.construct import Construct


def classes() -> Iterator[type[Any]]:
    for module in pkgutil.walk_packages(constructs.__path__, f"{constructs.__name__}."):
        for found in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(found) and found.__module__ == module.name:
                yield found


CONSTRUCTS = [cls for cls in classes() if issubclass(cls, Construct) and "__init__" in vars(cls)]
VALUES = [cls for cls in classes() if hasattr(cls, "__revalidate__")]


def written(hint: object) -> str:
    """A type without the addresses of the objects in it, which are made anew by each evaluation."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(hint))


@pytest.mark.parametrize("cls", CONSTRUCTS, ids=lambda cls: cls.__name__)
def test_arguments_of_constructs_have_the_types_of_their_annotations(cls: Any) -> None:
    init = inspect.unwrap(cls.__init__)
    types = argument_types(init)
    names = [p.name for p in inspect.signature(init).parameters.values() if p.kind is p.KEYWORD_ONLY]
    assert list(types)[: len(names)] == names
    for name in names:
        scope = {"Scope": Any, "KubernetesObject": Any}  # imported for type checkers alone
        hint = get_type_hints(init, {**scope, **init.__globals__}, include_extras=True)[name]
        required = inspect.signature(init).parameters[name].default is inspect.Parameter.empty
        assert written(types[name]) == written(hint if required else NotRequired[hint])
        assert (name in types.required) == required


@pytest.mark.parametrize("cls", VALUES, ids=lambda cls: cls.__name__)
def test_fields_of_value_objects_have_the_types_of_their_annotations(cls: Any) -> None:
    names = cls.__revalidate__.names
    hints = get_type_hints(cls, include_extras=True)
    types = field_types(cls, frozenset(names))
    assert {name: written(types[name]) for name in types} == {name: written(hints[name]) for name in names}
