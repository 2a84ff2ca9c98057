"""Functions and constructors that hold their callers to types."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NotRequired, TypeVar, get_args, get_type_hints

from chores_infra.arguments.messages import no_such_argument, problems_of
from chores_infra.arguments.problems import InvalidArguments
from chores_infra.arguments.schemas import dict_validator, is_required
from chores_infra.errors import ArgumentProblem, ConstructError

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

__all__ = ["ArgumentChecker", "argument_types", "checked"]

Init = TypeVar("Init", bound=Callable[..., None])


class ArgumentChecker:
    """Holds named arguments to types. The validator is built when it is first used.

    ``types`` answers the type of each argument; ``NotRequired[...]`` marks those that may be left out.
    """

    def __init__(self, types: Callable[[], Mapping[str, Any]]) -> None:
        self._types = types
        self._validator: SchemaValidator | None = None

    def check(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as they may be used: lists and dicts are copies.

        Raises:
            InvalidArguments: every argument that is missing, unknown or of another type.
        """
        if self._validator is None:
            self._validator = dict_validator(self._types())
        try:
            return self._validator.validate_python(arguments)  # type: ignore[no-any-return]  # a dict's schema
        except ValueError as error:
            known = self._types()
            raise InvalidArguments([_with_nearest(p, arguments, known) for p in problems_of(error)]) from None


def checked(init: Init) -> Init:
    """Validate the keyword arguments of a construct's ``__init__`` against its own annotations, strictly.

    Everything after ``scope`` and ``id`` must be keyword-only; ``**options: Unpack[Options]`` adds the
    arguments of a TypedDict. The body gets the validated values: lists and dicts are copies that the caller
    cannot change any more. The body may raise InvalidArguments for what a type cannot say; it should call
    ``super().__init__``, which puts the construct into the tree, last.
    """
    checker = ArgumentChecker(lambda: argument_types(init))

    @functools.wraps(init)
    def checked_init(self: Any, scope: Any, id: Any, *values: Any, **arguments: Any) -> None:
        if values:
            message = f"takes its arguments by name: {', '.join(argument_types(init))}"
            raise ConstructError.of(self.path_in(scope, str(id)), "", message)
        try:
            init(self, scope, id, **checker.check(arguments))
        except InvalidArguments as error:
            raise ConstructError(self.path_in(scope, str(id)), error.problems) from None

    return checked_init  # type: ignore[return-value]  # same signature, by construction


def argument_types(init: Any) -> dict[str, Any]:
    """The types of the keyword arguments of a constructor, those of ``**options: Unpack[...]`` included."""
    init = inspect.unwrap(init)
    parameters = inspect.signature(init).parameters.values()
    named = {p.name: p.default is not p.empty for p in parameters if p.kind is p.KEYWORD_ONLY}
    rest = [p.name for p in parameters if p.kind is p.VAR_KEYWORD and "Unpack" in str(p.annotation)]

    # Only these annotations are evaluated: `scope` may have types that are imported for type checkers alone.
    def stand_in() -> None: ...

    stand_in.__annotations__ = {name: init.__annotations__[name] for name in [*named, *rest]}
    hints = get_type_hints(stand_in, globalns=init.__globals__, include_extras=True)
    types = {name: NotRequired[hints[name]] if optional else hints[name] for name, optional in named.items()}
    for name in rest:
        (options,) = get_args(hints[name])
        for key, hint in get_type_hints(options, include_extras=True).items():
            types[key] = hint if is_required(options, key) else NotRequired[hint]
    return types


def _with_nearest(
    problem: ArgumentProblem, given: Mapping[str, Any], known: Mapping[str, Any]
) -> ArgumentProblem:
    """Offer the nearest argument where there is none of that name."""
    if problem.argument in given and problem.argument not in known:
        return ArgumentProblem(problem.argument, no_such_argument(problem.argument, known))
    return problem
