"""Validators of arguments, for those that are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chores_infra.arguments.schemas import dict_validator
from chores_infra.arguments.signatures import ArgumentTypes

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

__all__ = ["ArgumentValidator"]

#: Sets of arguments with a validator of their own; programs that call in more ways share one for the rest.
_MOST = 32


class ArgumentValidator:
    """Holds named arguments to their types, strictly.

    A validator is built for each set of arguments when it first occurs, with the types of those that are
    given or required and no others: the thirty other arguments of a Deployment need not be read, built or
    looked for. It says what one for all of them would say, because none of the others is there.
    """

    def __init__(self, types: Callable[[], Mapping[str, Any]]) -> None:
        self._read = types
        self._validators: dict[tuple[str, ...], SchemaValidator] = {}

    @cached_property
    def types(self) -> ArgumentTypes:
        """The type of each argument."""
        types = self._read()
        return types if isinstance(types, ArgumentTypes) else ArgumentTypes(types)

    def validate(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as they may be used, in the order of their types: lists and dicts are copies.

        Raises:
            ValueError: pydantic's ``ValidationError``, or another that a validator raised.
        """
        given = tuple(arguments)
        validator = self._validators.get(given) or self._build(given)
        return validator.validate_python(arguments)  # type: ignore[no-any-return]  # a dict's schema

    def _build(self, given: tuple[str, ...]) -> SchemaValidator:
        if len(self._validators) >= _MOST:
            given = tuple(self.types)
            if given in self._validators:
                return self._validators[given]
        wanted = self.types.required.union(given)
        types = {name: self.types[name] for name in self.types if name in wanted}
        validator = self._validators[given] = dict_validator(types)
        return validator
