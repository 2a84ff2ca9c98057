"""The parameters of an ApplicationSet's template: ``{{.name}}`` in a text stands for what a generator gives.

Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/GoTemplate/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

__all__ = ["WithParameters", "has_parameters", "texts", "used_parameters"]

#: One line of at most 1,024 characters that UTF-8 can write.
_WITH_PARAMETERS = re.compile(r"(?=[^\x00-\x1f\ud800-\udfff]{1,1024}\Z).*\{\{.*\}\}.*")
_EXPRESSION = re.compile(r"\{\{-?(.*?)-?\}\}", re.DOTALL)
#: An expression that is one parameter, maybe handed to functions: ``.path.basename | lower``.
_PARAMETER = re.compile(r"\s*\.([A-Za-z_]\w*)(?:\.\w+)*\s*(?:\|.*)?", re.DOTALL)
#: The same in the older way of writing, which Go's templates take for a function.
_WITHOUT_DOT = re.compile(r"\s*([A-Za-z_]\w*)(?:\.\w+)*\s*")
#: Expressions after which a dot is something else than the parameters.
_MOVES_THE_DOT = re.compile(r"\b(?:range|with|define|template|block)\b")


class WithParameters:
    """Marks a text that may have parameters instead of what it must be otherwise.

    ``Annotated[DnsLabel, WithParameters()]`` is a DNS label, or a text such as ``{{.env}}-shop``.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Build the schema, around that of the type."""
        from pydantic_core import core_schema

        return core_schema.no_info_wrap_validator_function(_unless_filled_in, handler(source))


def _unless_filled_in(value: Any, checked: Callable[[Any], Any]) -> Any:
    return value if isinstance(value, str) and _WITH_PARAMETERS.fullmatch(value) else checked(value)


def has_parameters(text: str) -> bool:
    """Whether a text is only known when a generator has filled it in.

    >>> has_parameters("shop-{{.env}}"), has_parameters("shop")
    (True, False)
    """
    return "{{" in text


def used_parameters(text: str) -> tuple[set[str], set[str]]:
    """The parameters that a text takes, and names that would be one if they had a dot before them.

    >>> used_parameters("{{.path.basename}}-{{ name }}")
    ({'path'}, {'name'})
    """
    expressions = _EXPRESSION.findall(text)
    if any(_MOVES_THE_DOT.search(expression) for expression in expressions):
        return set(), set()
    matches = [(_PARAMETER.fullmatch(text), _WITHOUT_DOT.fullmatch(text)) for text in expressions]
    return {used[1] for used, _ in matches if used}, {bare[1] for _, bare in matches if bare}


def texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text in a manifest or a part of one, with its place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}[{index}]")
