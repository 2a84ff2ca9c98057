"""Evaluates the CEL rules of CustomResourceDefinitions (``x-kubernetes-validations``) with Google's library.

``cel-expr-python`` binds cel-cpp, which has the regular expressions (RE2) and string functions of the API
server, and a budget. It is the extra ``cel``, and imported when a value that has a rule is validated. What
cannot be evaluated is ``NotChecked``: never a pass, and never an exception.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

from chores_infra.kinds import cel_functions
from chores_infra.kinds.cel_names import renamed
from chores_infra.kinds.problem import Path, show

__all__ = ["NotChecked", "cel_rule"]

Found = list[tuple[Path, str]]
Check = Callable[[Any], Found | None]

_REFUSALS = ("Key not found", "Index error", "cannot convert", "integer overflow", "divide by zero")
"""Errors of an evaluation that the API server would have as well, and refuse the object for."""


class NotChecked(str):
    """A message that says why a rule was not evaluated."""

    __slots__ = ()


def _rule(text: str, says: str) -> Check:
    def check(value: Any) -> Found | None:
        found = _evaluate(text, value)
        if found is True:
            return None
        return [((), says if found is False else found)]

    return check


def _transition(text: str) -> Check:
    message = NotChecked(f"only the server knows the object before a change: {text}")
    return lambda _: [((), message)]


def cel_rule(name: str) -> Callable[..., Check]:
    """Return the rule that makes a check from its arguments, as ``chores_infra.kinds.rules.rule`` does."""
    return _rule if name == "cel" else _transition


def _evaluate(text: str, value: Any) -> bool | str:
    """Return whether a rule holds, the error that the server would have, or why it was not checked."""
    try:
        program = _program(text)
        if isinstance(program, str):
            return program
        result = program.eval(data={"self": renamed(text, value)})
        found = result.plain_value()
    except Exception as error:
        return NotChecked(f"{_reason(error)}: {text}")
    if isinstance(found, bool):
        return found
    reason = _reason(found)
    if any(refusal in reason for refusal in _REFUSALS):
        return f"the rule {show(text)} cannot be evaluated: {reason}"
    return NotChecked(f"{reason}: {text}")


@cache
def _program(text: str) -> Any:
    environment = _environment()
    if environment is None:
        return NotChecked(f"the library of CEL is not installed (pip install 'chores-infra[cel]'): {text}")
    try:
        return environment.compile(text)
    except Exception as error:
        return NotChecked(f"{_reason(error)}: {text}")


@cache
def _environment() -> Any:
    try:
        cel = importlib.import_module("cel_expr_python.cel")
        strings = importlib.import_module("cel_expr_python.ext.ext_strings")
        optional = importlib.import_module("cel_expr_python.ext.ext_optional")
    except ImportError:
        return None
    return cel.NewEnv(
        variables={"self": cel.Type.DYN},
        extensions=[strings.ExtStrings(), optional.ExtOptional()],
        functions=cel_functions.declarations(cel),
    )


def _reason(error: object) -> str:
    """Shorten an error of the library: its first line, without the code in front and the position."""
    line = str(error).partition("\n")[0]
    code, _, rest = line.partition(": ")
    line = rest if code.replace("_", "").isupper() else line
    return line.rpartition("<input>:")[2].partition(" ")[2] or line if "<input>:" in line else line
