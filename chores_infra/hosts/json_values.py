"""What survives the way through JavaScript, and what would arrive there as something else.

Our own writer takes manifests from Python and needs none of this. It is for ``app.synth()`` of a cdk8s app,
where cdk8s writes what we hand to it.
"""

from __future__ import annotations

import math
from typing import Any

from chores_infra.errors import HostError

__all__ = ["for_javascript"]

#: Number.MAX_SAFE_INTEGER: above it, integers are rounded to the next double.
_LARGEST_INTEGER = 2**53 - 1
#: jsii recurses several frames per level on the Python side.
_DEEPEST = 100


def for_javascript(manifest: dict[str, Any], place: str) -> dict[str, Any]:
    """A copy of a manifest made of plain JSON values that JavaScript does not change.

    ``place`` is the path of its construct, for the error. The order of keys may change: it says nothing.

    Raises:
        HostError: a value that would be lost, rounded or refused on the way; nothing is changed silently.
    """
    copy: dict[str, Any] = _copied(manifest, "", place, 0)
    return copy


def _copied(value: Any, field: str, place: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _refused(place, field, f"it is nested more than {_DEEPEST} levels deep, or contains itself")
    if isinstance(value, dict):
        return {
            _key(key, field, place): _copied(item, f"{field}.{key}" if field else str(key), place, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_copied(item, f"{field}[{index}]", place, depth + 1) for index, item in enumerate(value)]
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, field, place)
    if isinstance(value, int):
        if not -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER:
            raise _refused(place, field, f"JavaScript rounds {value}: it has no integers beyond 2^53")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _refused(place, field, f"{value} is no number that JSON can carry")
        return float(value)
    if value is None:
        raise _refused(place, field, "it is null, and cdk8s drops nulls; leave the field out")
    raise _refused(place, field, f"a {type(value).__name__} is no JSON value")


def _key(key: Any, field: str, place: str) -> str:
    if not isinstance(key, str):
        raise _refused(place, field, f"its key {key!r} is no text")
    if key == "__proto__" or key.startswith("$jsii."):
        raise _refused(place, field, f"its key {key!r} means something else to JavaScript and jsii")
    return _text(key, field, place)


def _text(text: str, field: str, place: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise _refused(place, field, "it contains half of a surrogate pair, which is no text") from None
    return str.__str__(text)


def _refused(place: str, field: str, reason: str) -> HostError:
    return HostError(
        f"{place}: {field or 'the manifest'} cannot go through cdk8s's own synth: {reason}. "
        "`chores-infra synth` and `collect` take it from Python"
    )
