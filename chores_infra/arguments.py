"""Strict checking of what a construct is given, with errors that name the construct and the argument.

A construct's ``__init__`` is an ordinary typed signature, which editors and type checkers read; ``checked``
makes pydantic hold callers to it at run time. Arguments made of parts (a container, a probe) are value
objects, checked by the construct they are given to. The validator of a class is built when it is first used.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from chores_infra.errors import ArgumentProblem, ConstructError

if TYPE_CHECKING:
    from pydantic.plugin._schema_validator import PluggableSchemaValidator
    from pydantic_core import CoreSchema, ErrorDetails, SchemaValidator

    Validator = SchemaValidator | PluggableSchemaValidator

__all__ = ["InvalidArguments", "OneOf", "Problems", "checked", "problems_of", "shown", "value_object"]

Init = TypeVar("Init", bound=Callable[..., None])
T = TypeVar("T")

#: Longer values are cut in messages: an error must not drown in what it complains about.
SHOWN_CHARACTERS = 60


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

    Everything after ``scope`` and ``id`` must be keyword-only; ``**options: Unpack[Options]`` adds the
    arguments of a TypedDict. The body gets the validated values: lists and dicts are copies that the caller
    cannot change any more. The body may raise InvalidArguments for what a type cannot say; it should call
    ``super().__init__``, which puts the construct into the tree, last.
    """
    validator: Validator | None = None

    @functools.wraps(init)
    def checked_init(self: Any, scope: Any, id: Any, **arguments: Any) -> None:
        nonlocal validator
        if validator is None:
            validator = _build_validator(_argument_types(init))
        try:
            arguments = validator.validate_python(arguments)
        except ValueError as error:
            raise ConstructError(_path(scope, id), problems_of(error)) from None
        try:
            init(self, scope, id, **arguments)
        except InvalidArguments as error:
            raise ConstructError(_path(scope, id), error.problems) from None

    return checked_init  # type: ignore[return-value]  # same signature, by construction


@overload
def value_object(cls: type[T]) -> type[T]: ...


@overload
def value_object(*, kw_only: bool) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(dataclasses.field,))
def value_object(
    cls: type[T] | None = None, *, kw_only: bool = True
) -> type[T] | Callable[[type[T]], type[T]]:
    """Make a frozen dataclass, keyword-only by default, that is checked by the construct it is given to.

    The values are not checked on their own, because only the construct can say where they stand:
    ``chores-tracker/web: containers[0].readiness.path: ...``. A method ``check(self, problems)`` may note
    what the types cannot say; it runs when every field has its type, and names fields of its own.

    Raises:
        ConstructError: an unknown or missing field, when the object is made.
    """
    if cls is None:
        return functools.partial(_make_value_object, kw_only=kw_only)
    return _make_value_object(cls, kw_only=kw_only)


def _make_value_object(cls: type[T], *, kw_only: bool) -> type[T]:
    # Nothing but its list of fields is wanted of dataclasses: the methods that it would write and compile
    # for each class cost half a millisecond a class, and programs import dozens.
    made: Any = dataclasses.dataclass(kw_only=kw_only, init=False, repr=False, eq=False)(cls)
    for method, function in _METHODS.items():
        if method not in cls.__dict__:
            setattr(made, method, function)
    fields = dataclasses.fields(made)
    names = [field.name for field in fields]
    missing = dataclasses.MISSING
    factories = {f.name: f.default_factory for f in fields if f.default_factory is not missing}
    required = {f.name for f in fields if f.default is missing and f.name not in factories}
    known = frozenset(names)

    def __init__(self: Any, *values: Any, **given: Any) -> None:  # noqa: N807  (becomes the method)
        if values:
            if kw_only or len(values) > len(names):
                raise ConstructError.of(cls.__name__, "", f"takes its arguments by name: {', '.join(names)}")
            given = dict(zip(names, values, strict=False)) | given
        if not (given.keys() <= known and given.keys() >= required):
            raise ConstructError(cls.__name__, _misnamed(given, names, required))
        for name, factory in factories.items():
            given.setdefault(name, factory())
        # What is not given stays out of the instance: the default is an attribute of the class.
        self.__dict__.update(given)

    made.__init__ = __init__
    made.__revalidate__ = _Revalidation(made)
    made.__get_pydantic_core_schema__ = classmethod(_schema_of_value_object)
    return made  # type: ignore[no-any-return]  # the class itself


def _values(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _equal(self: Any, other: object) -> bool:
    return type(other) is type(self) and _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash((type(self), *_values(self)))


def _repr(self: Any) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
    return f"{type(self).__qualname__}({given})"


def _refuse_assignment(self: Any, name: str, *_: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name}: value objects do not change")


_METHODS: dict[str, Callable[..., Any]] = {
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _refuse_assignment,
    "__delattr__": _refuse_assignment,
}


class _Revalidation:
    """Checks an instance of one class of value objects and makes a copy that nobody else can change.

    Each class has a validator of its own, built when the first instance arrives: what an application does
    not use costs it nothing, and what several constructs share is built once.
    """

    def __init__(self, cls: type[Any]) -> None:
        self.cls = cls
        self.validator: Validator | None = None
        self.check: Callable[[Any, Problems], None] | None = getattr(cls, "check", None)

    def __call__(self, value: Any) -> Any:
        cls = self.cls
        if type(value) is not cls:
            if isinstance(value, cls) and type(value).__revalidate__ is not self:
                return type(value).__revalidate__(value)
            raise _wrong_type(article(cls.__name__))
        if self.validator is None:
            self.validator = _build_validator(_field_types(cls))
        validated = object.__new__(cls)
        validated.__dict__.update(self.validator.validate_python(value.__dict__))
        if self.check is not None:
            problems = Problems()
            self.check(validated, problems)
            if problems.found:
                raise _validation_error(cls.__name__, problems.found)
        return validated


def _schema_of_value_object(cls: Any, _source: Any, _handler: Any) -> CoreSchema:
    from pydantic_core import core_schema

    return core_schema.no_info_plain_validator_function(cls.__revalidate__)


class OneOf:
    """Marks a union in which the type of a value tells what was meant, so that one error is reported.

    A wrong path in an ``HttpProbe`` is one problem, at that path, and not also a complaint that it is no
    ``TcpProbe``. Unions of different classes are marked already; write ``Annotated[A | B, OneOf("...")]``
    to say in your own words what is expected.
    """

    def __init__(self, expected: str | None = None) -> None:
        self.expected = expected

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Build a union that looks at the type first."""
        from pydantic_core import core_schema

        members = {cls: member for member in get_args(source) if (cls := _runtime_type(member))}
        choices = {_branch(cls): handler.generate_schema(member) for cls, member in members.items()}
        by_type = {cls: _branch(cls) for cls in members}

        def branch_of(value: Any) -> str | None:
            found = by_type.get(type(value))
            if found is None and not isinstance(value, bool):
                found = next((name for cls, name in by_type.items() if isinstance(value, cls)), None)
            return found

        expected = self.expected or _either(article(_SPOKEN.get(c.__name__, c.__name__)) for c in members)
        return core_schema.tagged_union_schema(
            choices,
            branch_of,
            custom_error_type=_WRONG_TYPE,
            custom_error_message=f"expected {expected}",
            strict=True,
        )


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
            expected = _either(dict.fromkeys(_expected(d) for d in details))
            problems.append(
                ArgumentProblem(field, f"expected {expected}, found {shown(details[0]['input'])}")
            )
    return list(dict.fromkeys(problems))


def article(noun: str) -> str:
    """The noun with its indefinite article; ``text`` has none."""
    if noun == "text":
        return noun
    return f"{'an' if noun[0] in 'AEIOUaeio' else 'a'} {noun}"


def shown(value: object) -> str:
    """A value as an error message shows it: cut when long, and by its type when it is no plain value."""
    if value is None or isinstance(value, str | int | float | bool):
        try:
            text = repr(value)
        except ValueError:  # an integer of thousands of digits
            return "a very large number"
        return (
            text
            if len(text) <= SHOWN_CHARACTERS
            else f"{text[:SHOWN_CHARACTERS]}... ({len(text)} characters)"
        )
    return article(type(value).__name__)


def _path(scope: Any, id: Any) -> str:
    from chores_infra.construct import child_path

    return child_path(scope, str(id))


def _build_validator(fields: dict[str, Any]) -> Validator:
    """The strict validator of a dict with these keys and types; keys in ``NotRequired`` may be absent."""
    from pydantic import ConfigDict, TypeAdapter
    from typing_extensions import TypedDict

    marked = {name: _with_marked_unions(hint) for name, hint in fields.items()}
    arguments: Any = TypedDict("arguments", marked)  # type: ignore[misc]  # a TypedDict made at run time
    settings = ConfigDict(strict=True, extra="forbid", arbitrary_types_allowed=True)
    setattr(arguments, "__pydantic_config__", settings)  # noqa: B010  (no type checker knows it)
    return TypeAdapter(arguments).validator


def _argument_types(init: Any) -> dict[str, Any]:
    """The types of the keyword arguments of a constructor, those of ``**options: Unpack[...]`` included."""
    parameters = inspect.signature(init).parameters.values()
    named = {p.name: p.default is not p.empty for p in parameters if p.kind is p.KEYWORD_ONLY}
    rest = [p.name for p in parameters if p.kind is p.VAR_KEYWORD]

    # Only these annotations are evaluated: `scope` may have types that are imported for type checkers alone.
    def stand_in() -> None: ...

    stand_in.__annotations__ = {name: init.__annotations__[name] for name in [*named, *rest]}
    hints = get_type_hints(stand_in, globalns=init.__globals__, include_extras=True)
    fields = {name: NotRequired[hints[name]] if optional else hints[name] for name, optional in named.items()}
    for name in rest:
        (options,) = get_args(hints[name])
        for key, hint in get_type_hints(options, include_extras=True).items():
            bare = get_args(hint)[0] if get_origin(hint) in {Required, NotRequired} else hint
            fields[key] = bare if key in options.__required_keys__ else NotRequired[bare]
    return fields


def _field_types(cls: type[Any]) -> dict[str, Any]:
    """The types of the fields of a value object."""
    hints = get_type_hints(cls, include_extras=True)
    required = {f.name for f in dataclasses.fields(cls) if f.default is dataclasses.MISSING}
    names = [field.name for field in dataclasses.fields(cls)]
    return {name: hints[name] if name in required else NotRequired[hints[name]] for name in names}


def _with_marked_unions(hint: Any) -> Any:
    """Put :class:`OneOf` on every union of different classes inside a type."""
    origin, members = get_origin(hint), get_args(hint)
    if origin is Annotated:
        marked = any(isinstance(item, OneOf) for item in members[1:])
        return hint if marked else _annotated(_with_marked_unions(members[0]), members[1:])
    if origin in {NotRequired, list, dict}:
        inside = tuple(map(_with_marked_unions, members))
        return origin[inside if len(inside) > 1 else inside[0]]
    if origin not in {Union, types.UnionType}:
        return hint
    others = tuple(_with_marked_unions(member) for member in members if member is not types.NoneType)
    classes = [_runtime_type(member) for member in others]
    union: Any = Union.__getitem__(others)
    if len(others) > 1 and None not in classes and len(set(classes)) == len(others):
        union = _annotated(union, [OneOf()])
    return union | None if len(others) < len(members) else union


def _annotated(hint: Any, metadata: Iterable[Any]) -> Any:
    for item in metadata:
        hint = Annotated[hint, item]
    return hint


def _runtime_type(member: Any) -> type[Any] | None:
    """The class of a member of a union: ``int`` for ``Annotated[int, ...]``, ``dict`` for ``dict[str, str]``.

    None for what is not told by its class.
    """
    while not isinstance(member, type) or isinstance(member, types.GenericAlias):
        if get_origin(member) is Literal:
            return type(get_args(member)[0])
        member = getattr(member, "__origin__", None)
        if member is None:
            return None
    return member


#: What types are called in messages.
_SPOKEN = {
    "str": "text",
    "int": "whole number",
    "bool": "boolean",
    "float": "number",
    "dict": "mapping",
    "NoneType": "None",
}
_WRONG_TYPE = "chores_infra.type"
_PROBLEM = "chores_infra.problem"


def _branch(cls: type[Any]) -> str:
    """The name of a branch of a :class:`OneOf`, in a form that no argument has."""
    return f"<{cls.__name__}>"


def _either(expected: Iterable[str]) -> str:
    *most, last = expected
    return f"{', '.join(most)} or {last}" if most else last


def _wrong_type(expected: str) -> ValueError:
    from pydantic_core import PydanticCustomError

    return PydanticCustomError(_WRONG_TYPE, "expected {expected}", {"expected": expected})


def _validation_error(title: str, problems: list[ArgumentProblem]) -> ValueError:
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

    return ValidationError.from_exception_data(
        title,
        [
            InitErrorDetails(
                type=PydanticCustomError(_PROBLEM, "{message}", {"message": problem.message}),
                loc=(problem.argument,) if problem.argument else (),
                input=None,
            )
            for problem in problems
        ],
    )


def _misnamed(given: Mapping[str, Any], names: list[str], required: Iterable[str]) -> list[ArgumentProblem]:
    unknown = [ArgumentProblem(name, no_such_argument(name, names)) for name in given if name not in names]
    absent = [name for name in names if name in required and name not in given]
    return unknown + [ArgumentProblem(name, "this argument is required") for name in absent]


def no_such_argument(name: str, known: Iterable[str]) -> str:
    """What to say of an argument that does not exist; the nearest one is offered."""
    near = difflib.get_close_matches(name, known, n=1)
    return "there is no such argument" + (f"; did you mean {near[0]!r}?" if near else "")


def _field(location: tuple[int | str, ...]) -> str:
    """``("containers", 0, "env", "A")`` as ``containers[0].env.A``.

    What pydantic adds to tell the branches of a union apart is left out: it is no part of the argument.
    """
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part == "[key]" or not part.startswith(_BRANCH_PREFIXES):
            text += f".{part}" if text else part
    return text


_BRANCH_PREFIXES = (
    "<",
    "constrained-",
    "custom-error",
    "dict[",
    "function-",
    "is-instance[",
    "list[",
    "literal[",
)


def _is_type_mismatch(detail: ErrorDetails) -> bool:
    kind = detail["type"]
    if kind == "chores_infra.text":
        return not isinstance(detail["input"], str)
    return kind.endswith("_type") or kind in {"is_instance_of", "dataclass_exact_type", _WRONG_TYPE}


#: Pydantic's error types in the words of a sentence that begins with "expected".
_PHRASES: dict[str, str] = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "True or False",
    "list_type": "a list",
    "dict_type": "a mapping",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} of them",
    "too_long": "at most {max_length} of them",
}


def _expected(detail: ErrorDetails) -> str:
    """What would have been right, as a noun phrase."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _PHRASES:
        return _PHRASES[kind].format(**context)
    if kind == "is_instance_of":
        return article(str(context["class"]))
    if kind == "string_too_short":
        return "text that is not empty"
    return detail["msg"].removeprefix("Input should be ").removeprefix("expected ")


def _message(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind == _PROBLEM:
        return detail["msg"]
    if kind == "missing":
        return "this argument is required"
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return "there is no such argument"
    if kind in {"too_short", "too_long"}:
        return f"expected {_expected(detail)}, found {detail['ctx']['actual_length']}"
    return f"expected {_expected(detail)}, found {shown(detail['input'])}"
