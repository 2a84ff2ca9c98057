"""Constructors that hold their callers to their own signatures."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NotRequired, TypeVar, get_args, get_type_hints

from chores_infra.arguments.messages import no_such_argument, problems_of
from chores_infra.arguments.problems import InvalidArguments
from chores_infra.arguments.schemas import dict_validator, is_required
from chores_infra.errors import ArgumentProblem, ConstructError

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

__all__ = ["checked"]

Init = TypeVar("Init", bound=Callable[..., None])


def checked(init: Init) -> Init:
    """Validate the keyword arguments of a construct's ``__init__`` against its own annotations, strictly.

    Everything after ``scope`` and ``id`` must be keyword-only; ``**options: Unpack[Options]`` adds the
    arguments of a TypedDict. The body gets the validated values: lists and dicts are copies that the caller
    cannot change any more. The body may raise InvalidArguments for what a type cannot say; it should call
    ``super().__init__``, which puts the construct into the tree, last.
    """
    types: dict[str, Any] = {}
    validator: SchemaValidator | None = None

    @functools.wraps(init)
    def checked_init(self: Any, scope: Any, id: Any, **arguments: Any) -> None:
        nonlocal validator
        if validator is None:
            types.update(argument_types(init))
            validator = dict_validator(types)
        try:
            arguments = validator.validate_python(arguments)
        except ValueError as error:
            problems = [_with_nearest(problem, arguments, types) for problem in problems_of(error)]
            raise ConstructError(self.path_in(scope, str(id)), problems) from None
        try:
            init(self, scope, id, **arguments)
        except InvalidArguments as error:
            raise ConstructError(self.path_in(scope, str(id)), error.problems) from None

    return checked_init  # type: ignore[return-value]  # same signature, by construction


def argument_types(init: Any) -> dict[str, Any]:
    """The types of the keyword arguments of a constructor, those of ``**options: Unpack[...]`` included."""
    parameters = inspect.signature(init).parameters.values()
    named = {p.name: p.default is not p.empty for p in parameters if p.kind is p.KEYWORD_ONLY}
    rest = [p.name for p in parameters if p.kind is p.VAR_KEYWORD]

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


def _with_nearest(problem: ArgumentProblem, given: dict[str, Any], known: dict[str, Any]) -> ArgumentProblem:
    """Offer the nearest argument where there is none of that name."""
    if problem.argument in given and problem.argument not in known:
        return ArgumentProblem(problem.argument, no_such_argument(problem.argument, known))
    return problem
