"""Strict checking of what a construct is given, with errors that name the construct and the argument.

- ``checked`` makes a constructor hold its callers to its own signature.
- ``value_object`` makes a part of an argument: a container, a probe.
- ``Problems`` collects what the types cannot say; everything is reported at once.
- ``OneOf`` says what is expected where several types will do; ``Later`` loads a type when it is needed.

The schemas are written straight in the terms of pydantic-core: pydantic's own generator would take longer
to read the signatures than it takes to render an app.
"""

from __future__ import annotations

from chores_infra.arguments.checking import ArgumentChecker, checked
from chores_infra.arguments.messages import no_such_argument, problems_of
from chores_infra.arguments.problems import InvalidArguments, Problems
from chores_infra.arguments.schemas import Later, OneOf
from chores_infra.arguments.signatures import argument_types
from chores_infra.arguments.values import value_object

__all__ = [
    "ArgumentChecker",
    "InvalidArguments",
    "Later",
    "OneOf",
    "Problems",
    "argument_types",
    "checked",
    "no_such_argument",
    "problems_of",
    "value_object",
]
