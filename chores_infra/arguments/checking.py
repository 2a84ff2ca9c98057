"""Functions and constructors that hold their callers to types."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chores_infra.arguments.messages import no_such_argument, problems_of
from chores_infra.arguments.problems import InvalidArguments
from chores_infra.arguments.signatures import argument_types
from chores_infra.arguments.validating import ArgumentValidator
from chores_infra.errors import ArgumentProblem, ConstructError

__all__ = ["ArgumentChecker", "checked"]

Init = TypeVar("Init", bound=Callable[..., None])


class ArgumentChecker:
    """Holds named arguments to types. What that takes is built when it is first used.

    ``types`` answers the type of each argument; ``NotRequired[...]`` marks those that may be left out.
    """

    def __init__(self, types: Callable[[], Mapping[str, Any]]) -> None:
        self._validator = ArgumentValidator(types)

    def check(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as they may be used: lists and dicts are copies.

        Raises:
            InvalidArguments: every argument that is missing, unknown or of another type.
        """
        try:
            return self._validator.validate(arguments)
        except ValueError as error:
            known = self._validator.types
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


def _with_nearest(
    problem: ArgumentProblem, given: Mapping[str, Any], known: Mapping[str, Any]
) -> ArgumentProblem:
    """Offer the nearest argument where there is none of that name."""
    if problem.argument in given and problem.argument not in known:
        return ArgumentProblem(problem.argument, no_such_argument(problem.argument, known))
    return problem
