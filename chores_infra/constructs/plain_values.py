"""Free-form values (of a Helm chart, of a plugin): whether YAML can carry them, and copies of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from chores_infra.arguments import Problems
from chores_infra.wording import shown

__all__ = ["check_plain", "copied"]

#: Deeper values are refused: nobody reads them, and a value that contains itself never ends.
DEEPEST = 64


def check_plain(problems: Problems, argument: str, value: Any) -> None:
    """Note what is no text, finite number, boolean, None, list or mapping with text as keys."""
    for path, message in _wrong(value, argument, 0):
        problems.add(path, message)


def copied(value: Any) -> Any:
    """A copy that shares nothing with the value."""
    if isinstance(value, Mapping):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list | tuple) else value


def _wrong(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        yield path, f"it is more than {DEEPEST} levels deep, or contains itself"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not _is_unicode(key):
                yield path, f"expected text as keys, found {shown(key)}"
            else:
                yield from _wrong(item, f"{path}.{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _wrong(item, f"{path}[{index}]", depth + 1)
    elif not _is_scalar(value):
        yield path, f"expected text, a number, a boolean, None, a list or a mapping, found {shown(value)}"


def _is_scalar(value: Any) -> bool:
    if isinstance(value, str):
        return _is_unicode(value)
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or (isinstance(value, float) and math.isfinite(value))


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
