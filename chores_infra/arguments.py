"""Strict checking of what a construct is given, with errors that name the construct and the argument.

A construct's ``__init__`` is an ordinary typed signature, which editors and type checkers read; ``checked``
makes pydantic hold callers to it at run time. The validator of a class is built when it is first used.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NotRequired, TypeVar, dataclass_transform, get_type_hints

from chores_infra.errors import ArgumentProblem, ConstructError

if TYPE_CHECKING:
    from pydantic.plugin._schema_validator import PluggableSchemaValidator
    from pydantic_core import ErrorDetails, SchemaValidator

__all__ = ["InvalidArguments", "Problems", "checked", "problems_of", "value_object"]

Init = TypeVar("Init", bound=Callable[..., None])
T = TypeVar("T")

#: Longer values are cut in messages: an error must not drown in what it complains about.
SHOWN_CHARACTERS = 60


#: Names of the value objects, which pydantic adds to the location of an error in a union.
_VALUE_OBJECTS: set[str] = set()


class InvalidArguments(Exception):  # noqa: N818  (caught by `checked`, which makes a ConstructError of it)
    """Problems found inside a constructor, which does not know its path yet."""

    def __init__(self, problems: list[ArgumentProblem]) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


class Problems:
    """Collects what is wrong with the arguments of one construct, to report it all at once."""

    def __init__(self) -> None:
        self.found: list[ArgumentProblem] = []

    def add(self, argument: str, message: str) -> None:
        """Note that an argument (``containers[0].readiness.port``) is wrong, and what would be right."""
        self.found.append(ArgumentProblem(argument, message))

    def raise_if_any(self) -> None:
        """Raise InvalidArguments when anything was noted."""
        if self.found:
            raise InvalidArguments(self.found)


def checked(init: Init) -> Init:
    """Validate the keyword arguments of a construct's ``__init__`` against its own annotations, strictly.

    Everything after ``scope`` and ``id`` must be keyword-only. The body gets the validated values: lists
    and dicts are copies that the caller cannot change any more. The body may raise InvalidArguments for
    what a type cannot say; it should call ``super().__init__``, which puts the construct into the tree,
    last.
    """
    names = [name for name, p in inspect.signature(init).parameters.items() if p.kind is p.KEYWORD_ONLY]
    validator: SchemaValidator | PluggableSchemaValidator | None = None

    @functools.wraps(init)
    def checked_init(self: Any, scope: Any, id: Any, **arguments: Any) -> None:
        nonlocal validator
        if validator is None:
            validator = _build_validator(init, names)
        try:
            arguments = validator.validate_python(arguments)
        except ValueError as error:
            raise ConstructError(_path(scope, id), problems_of(error)) from None
        try:
            init(self, scope, id, **arguments)
        except InvalidArguments as error:
            raise ConstructError(_path(scope, id), error.problems) from None

    return checked_init  # type: ignore[return-value]  # same signature, by construction


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value_object(cls: type[T]) -> type[T]:
    """Make a frozen, keyword-only dataclass whose fields are checked by the construct it is given to.

    It is not checked on its own, because only the construct can say where it stands:
    ``chores-tracker/web: containers[0].readiness.path: ...``.
    """
    made = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
    settings = {"strict": True, "extra": "forbid", "revalidate_instances": "always"}
    setattr(made, "__pydantic_config__", settings)  # noqa: B010  (no type checker knows this attribute)
    _VALUE_OBJECTS.add(made.__name__)
    return made


def problems_of(error: ValueError) -> list[ArgumentProblem]:
    """Say a pydantic ``ValidationError`` in the words of our errors.

    An argument that may be one of several types fails once per type. What the user meant is the type that
    was found, so the others are left out; when none was found, they are named together.
    """
    from pydantic_core import ValidationError

    if not isinstance(error, ValidationError):
        return [ArgumentProblem("", str(error))]
    by_field: dict[str, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        by_field.setdefault(_field(detail["loc"]), []).append(detail)
    problems = []
    for field, details in by_field.items():
        precise = [d for d in details if not _is_type_mismatch(d)]
        inside = any(other.startswith((f"{field}.", f"{field}[")) for other in by_field)
        if precise:
            problems += [ArgumentProblem(field, _message(d)) for d in precise]
        elif len(details) == 1:
            problems.append(ArgumentProblem(field, _message(details[0])))
        elif not inside:
            expected = " or ".join(dict.fromkeys(_expected(d) for d in details))
            problems.append(
                ArgumentProblem(field, f"expected {expected}, found {shown(details[0]['input'])}")
            )
    return list(dict.fromkeys(problems))


def _path(scope: Any, id: Any) -> str:
    from chores_infra.construct import child_path

    return child_path(scope, str(id))


def _build_validator(init: Any, names: list[str]) -> SchemaValidator | PluggableSchemaValidator:
    from pydantic import ConfigDict, TypeAdapter
    from typing_extensions import TypedDict

    hints = get_type_hints(_only(init, names), globalns=init.__globals__, include_extras=True)
    parameters = inspect.signature(init).parameters
    fields = {
        name: hints[name] if parameters[name].default is inspect.Parameter.empty else NotRequired[hints[name]]
        for name in names
    }
    arguments: Any = TypedDict("arguments", fields)  # type: ignore[misc]  # a TypedDict made at run time
    settings = ConfigDict(strict=True, extra="forbid", arbitrary_types_allowed=True)
    setattr(arguments, "__pydantic_config__", settings)  # noqa: B010  (no type checker knows it)
    return TypeAdapter(arguments).validator


def _only(init: Any, names: list[str]) -> Any:
    """A stand-in that carries the annotations of those parameters alone.

    ``scope`` may be annotated with types that are imported for type checkers only.
    """

    def stand_in() -> None: ...

    stand_in.__annotations__ = {name: init.__annotations__[name] for name in names}
    return stand_in


def _field(location: tuple[int | str, ...]) -> str:
    """``("containers", 0, "env", "A")`` as ``containers[0].env.A``.

    What pydantic adds to tell the branches of a union apart is left out: it is no part of the argument.
    """
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part == "[key]" or not _is_branch(part):
            text += f".{part}" if text else part
    return text


def _is_branch(part: str) -> bool:
    """Whether a location names a branch of a union (``is-instance[ConfigMap]``, ``HttpProbe``, ``int``)."""
    return part in _VALUE_OBJECTS or part in _PLAIN_TYPES or part.startswith(_BRANCH_PREFIXES)


_PLAIN_TYPES = {"bool", "float", "int", "str"}
_BRANCH_PREFIXES = (
    "constrained-",
    "custom-error",
    "dict[",
    "enum",
    "function-",
    "is-instance[",
    "list[",
    "literal[",
)


def _is_type_mismatch(detail: ErrorDetails) -> bool:
    kind = detail["type"]
    if kind == "chores_infra.text":
        return not isinstance(detail["input"], str)
    return kind.endswith("_type") or kind in {"is_instance_of", "dataclass_exact_type"}


def _expected(detail: ErrorDetails) -> str:
    return detail["msg"].removeprefix("Input should be ").removeprefix("expected ")


def _message(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind == "missing":
        return "this argument is required"
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return "there is no such argument"
    return f"expected {_expected(detail)}, found {shown(detail['input'])}"


def shown(value: object) -> str:
    """A value as an error message shows it: cut when long, and by its type when it is no plain value."""
    if value is None or isinstance(value, str | int | float | bool):
        text = repr(value)
        return (
            text
            if len(text) <= SHOWN_CHARACTERS
            else f"{text[:SHOWN_CHARACTERS]}... ({len(text)} characters)"
        )
    return f"a {type(value).__name__}"
