"""Value objects: parts of arguments, made by the user and checked by the construct they are given to."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    NoReturn,
    TypeVar,
    dataclass_transform,
    overload,
)

from chores_infra.arguments.messages import PROBLEM, WRONG_TYPE, no_such_argument
from chores_infra.arguments.problems import Problems
from chores_infra.arguments.signatures import field_names, field_types
from chores_infra.arguments.validating import ArgumentValidator
from chores_infra.errors import ArgumentProblem, ConstructError
from chores_infra.wording import article

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

__all__ = ["value_object"]

T = TypeVar("T")


@overload
def value_object(cls: type[T]) -> type[T]: ...


@overload
def value_object(*, kw_only: bool) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value_object(
    cls: type[T] | None = None, *, kw_only: bool = True
) -> type[T] | Callable[[type[T]], type[T]]:
    """Make an immutable class from annotated fields, as a frozen dataclass is; keyword-only by default.

    The values are not checked on their own, because only the construct can say where they stand:
    ``chores-tracker/web: containers[0].readiness.path: ...``. A method ``check(self, problems)`` may note
    what the types cannot say; it runs when every field has its type, and names fields of its own.

    ``vars(value)`` holds the fields that were given, in the order of the class once a construct has checked
    them. (The standard library's dataclasses take half a millisecond per class, at each start.)

    Raises:
        ConstructError: an unknown or missing field, when the object is made.
    """
    if cls is None:
        return functools.partial(_make, kw_only=kw_only)
    return _make(cls, kw_only=kw_only)


def _make(cls: type[T], *, kw_only: bool) -> type[T]:
    names = field_names(cls)
    required = frozenset(name for name in names if not hasattr(cls, name))
    known = frozenset(names)

    def __init__(self: Any, *values: Any, **given: Any) -> None:  # noqa: N807  (becomes the method)
        if values:
            given = _by_name(cls, values, given, () if kw_only else names)
        if not (given.keys() <= known and given.keys() >= required):
            raise ConstructError(cls.__name__, _misnamed(given, names, required))
        # What is not given stays out of the instance: the default is an attribute of the class.
        self.__dict__.update(given)

    attributes: dict[str, Any] = {
        "__init__": __init__,
        "__match_args__": () if kw_only else names,
        "__revalidate__": _Revalidation(cls, names, required),
        "__get_pydantic_core_schema__": classmethod(_schema_for_pydantic),
        **{name: method for name, method in _METHODS.items() if getattr(cls, name) is getattr(object, name)},
    }
    for name, attribute in attributes.items():
        setattr(cls, name, attribute)
    return cls


class _Revalidation:
    """Checks an instance of one class of value objects and makes a copy that nobody else can change.

    Each class has a validator of its own, built when the first instance arrives: what an application does
    not use costs it nothing, and what several constructs share is built once.
    """

    def __init__(self, cls: Any, names: tuple[str, ...], required: frozenset[str]) -> None:
        self.cls = cls
        self.names = names
        self.validator = ArgumentValidator(lambda: field_types(cls, required))
        self.check: Callable[[Any, Problems], None] | None = getattr(cls, "check", None)

    def __call__(self, value: Any) -> Any:
        cls = self.cls
        if type(value) is not cls:
            if isinstance(value, cls) and type(value).__revalidate__ is not self:
                return type(value).__revalidate__(value)
            raise _wrong_type(article(cls.__name__))
        validated = object.__new__(cls)
        validated.__dict__.update(self.validator.validate(value.__dict__))
        if self.check is not None:
            problems = Problems()
            self.check(validated, problems)
            if problems.found:
                raise _as_validation_error(cls.__name__, problems.found)
        return validated


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in self.__revalidate__.names)


def _eq(self: Any, other: object) -> bool:
    return type(other) is type(self) and _values(other) == _values(self)


def _hash(self: Any) -> int:
    return hash((type(self), _values(self)))


def _repr(self: Any) -> str:
    return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


def _frozen(self: Any, name: str, *_value: Any) -> NoReturn:
    raise AttributeError(f"{type(self).__name__} cannot be changed; make another with another {name!r}")


_METHODS: dict[str, Any] = {
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _frozen,
    "__delattr__": _frozen,
}


def _schema_for_pydantic(cls: Any, _source: Any, _handler: Any) -> CoreSchema:
    from pydantic_core import core_schema

    return core_schema.no_info_plain_validator_function(cls.__revalidate__)


def _by_name(
    cls: type[Any], values: tuple[Any, ...], given: dict[str, Any], names: tuple[str, ...]
) -> dict[str, Any]:
    """Positional arguments, where the class takes them, as named ones."""
    if not names:
        raise ConstructError.of(cls.__name__, "", "takes its arguments by name, such as name=...")
    if len(values) > len(names):
        raise ConstructError.of(
            cls.__name__, "", f"takes at most {len(names)} without a name, found {len(values)}"
        )
    if twice := given.keys() & set(names[: len(values)]):
        raise ConstructError.of(cls.__name__, min(twice), "this argument is given twice")
    return dict(zip(names, values, strict=False)) | given


def _misnamed(
    given: Mapping[str, Any], names: tuple[str, ...], required: frozenset[str]
) -> list[ArgumentProblem]:
    unknown = [ArgumentProblem(name, no_such_argument(name, names)) for name in given if name not in names]
    absent = [name for name in names if name in required and name not in given]
    return unknown + [ArgumentProblem(name, "this argument is required") for name in absent]


def _wrong_type(expected: str) -> ValueError:
    from pydantic_core import PydanticCustomError

    return PydanticCustomError(WRONG_TYPE, "expected {expected}", {"expected": expected})


def _as_validation_error(title: str, problems: list[ArgumentProblem]) -> ValueError:
    """The problems as pydantic-core's error, which it collects with all others and gives their place."""
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

    return ValidationError.from_exception_data(
        title,
        [
            InitErrorDetails(
                type=PydanticCustomError(PROBLEM, "{message}", {"message": problem.message}),
                loc=(problem.argument,) if problem.argument else (),
                input=None,
            )
            for problem in problems
        ],
    )
