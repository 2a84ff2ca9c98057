"""What is said of a wrong argument."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from chores_infra.errors import ArgumentProblem
from chores_infra.wording import article, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["BRANCH", "PROBLEM", "WRONG_TYPE", "either", "no_such_argument", "problems_of"]

#: The error types that are ours; the others are pydantic's.
WRONG_TYPE = "chores_infra.type"
WRONG_TEXT = "chores_infra.text"
PROBLEM = "chores_infra.problem"

#: Pydantic's error types in the words of a sentence that begins with "expected".
_PHRASES: dict[str, str] = {
    "string_type": "text",
    "string_unicode": "text that UTF-8 can write (there is half of a surrogate pair in it)",
    "int_type": "a whole number",
    "bool_type": "True or False",
    "none_required": "nothing here (leave it out)",
    "list_type": "a list",
    "dict_type": "a mapping",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least one",
    "too_long": "at most {max_length} of them",
}

#: Before the names of branches of unions, which pydantic puts into the locations of errors: no argument, and
#: no key that anybody means, begins with it.
BRANCH = "\x00"


def problems_of(error: ValueError) -> list[ArgumentProblem]:
    """Say a pydantic ``ValidationError`` in the words of our errors.

    Where one argument has several problems of its own, those of its type are left out: an argument that may
    be one of several types fails once per type, and what the user meant is the type that was found.
    """
    from pydantic_core import ValidationError

    if not isinstance(error, ValidationError):
        return [ArgumentProblem("", str(error))]
    by_field: dict[str, list[ErrorDetails]] = {}
    problems = []
    for detail in error.errors(include_url=False):
        *place, last = detail["loc"] or ("",)
        if last == "[key]":
            problems.append(ArgumentProblem(_field(place[:-1]), _message(detail, "the key ")))
        else:
            by_field.setdefault(_field(detail["loc"]), []).append(detail)
    for field, details in by_field.items():
        precise = [d for d in details if not _is_type_mismatch(d)]
        inside = any(other.startswith((f"{field}.", f"{field}[")) for other in by_field)
        if precise:
            problems += [ArgumentProblem(field, _message(d)) for d in precise]
        elif len(details) == 1:
            problems.append(ArgumentProblem(field, _message(details[0])))
        elif not inside:
            expected = either(dict.fromkeys(_expected(d) for d in details))
            problems.append(
                ArgumentProblem(field, f"expected {expected}, found {shown(details[0]['input'])}")
            )
    return list(dict.fromkeys(problems))


def either(expected: Iterable[str]) -> str:
    """The last two joined by "or", the others by commas."""
    *most, last = expected
    return f"{', '.join(most)} or {last}" if most else last


def no_such_argument(name: str, known: Iterable[str]) -> str:
    """What to say of an argument that does not exist; the nearest one is offered."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return "there is no such argument" + (f"; did you mean {near[0]!r}?" if near else "")


def _field(location: Sequence[int | str]) -> str:
    """``("containers", 0, "env", "A")`` as ``containers[0].env.A``."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif not part.startswith(BRANCH):
            text += f".{part}" if text else part
    return text


def _is_type_mismatch(detail: ErrorDetails) -> bool:
    kind = detail["type"]
    if kind == WRONG_TEXT:
        return not isinstance(detail["input"], str)
    return kind.endswith("_type") or kind in {"is_instance_of", WRONG_TYPE}


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


def _message(detail: ErrorDetails, found: str = "") -> str:
    kind = detail["type"]
    if kind == PROBLEM:
        return detail["msg"]
    if kind == "missing":
        return "this argument is required"
    if kind == "extra_forbidden":
        return "there is no such argument"
    if kind in {"too_short", "too_long"}:
        return f"expected {_expected(detail)}, found {detail['ctx']['actual_length'] or 'none'}"
    return f"expected {_expected(detail)}, found {found}{shown(detail['input'])}"
