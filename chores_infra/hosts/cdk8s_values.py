"""What survives the way through JavaScript and cdk8s's YAML writer, and what would arrive as something else.

Our own writer takes manifests from Python and needs none of this. It is for ``app.synth()`` of a cdk8s app,
where cdk8s writes what we hand to it: a value that it would change is refused, none is changed silently.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from chores_infra.errors import HostError

__all__ = ["for_cdk8s"]

#: Number.MAX_SAFE_INTEGER: above it, integers are rounded to the next double.
_LARGEST_INTEGER = 2**53 - 1
#: From here on JavaScript writes a float with an exponent.
_FIRST_EXPONENT = 1e21
#: As in our own writer; jsii needs several frames per level on the Python side.
_DEEPEST = 100

# Texts that the package `yaml` of cdk8s leaves plain, or writes as a block, so that Go, and with it
# Kubernetes, reads something else. Found by comparing 500,000 texts with what Go made of them.
_NUMBER_TO_GO = re.compile(
    r"""[-+]? (?: 0[xX][0-9a-fA-F]+ | 0[oO][0-7]+ | 0[bB][01]+
              | (?: \.[0-9]+ | [0-9]+ (?: \.[0-9]* )? ) (?: [eE][-+]?[0-9]+ )? )""",
    re.VERBOSE,
)  # without its underscores
_NUMBER_TO_CDK8S = re.compile(
    r"""[-+]? (?: [0-9][0-9_]* | 0b[01_]+ | 0x[0-9a-fA-F_]+
              | (?: [0-9][0-9_]* )? \.[0-9_]*
              | (?: [0-9][0-9_]* )? (?: \.[0-9_]* )? [eE][-+]?[0-9]+ )""",
    re.VERBOSE,
)
_BLOCK_TO_CDK8S_ONLY = re.compile(r"(?=.*\n)(?!\n*\Z)(?:[ \n]*\t|[ \n]+\Z)", re.DOTALL)
_UNESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def for_cdk8s(manifest: Mapping[str, Any], place: str) -> dict[str, Any]:
    """A copy of a manifest, of plain JSON values that JavaScript and cdk8s do not change.

    ``place`` is the path of its construct, for the error. The order of keys may change: it says nothing.

    Raises:
        HostError: a value that would be lost, rounded or read as another.
    """
    copy: dict[str, Any] = _Copy(place).of(manifest, "", 0)
    return copy


class _Copy:
    def __init__(self, place: str) -> None:
        self.place = place

    def of(self, value: Any, field: str, depth: int) -> Any:
        """A copy of any value, of exact JSON types."""
        if depth > _DEEPEST:
            raise self.refused(field, f"it is nested more than {_DEEPEST} levels deep, or contains itself")
        match value:
            case str():
                return self.text(value, field)
            case bool():
                return value
            case int():
                if abs(value) > _LARGEST_INTEGER:
                    raise self.refused(field, f"JavaScript has no integers beyond 2^53 and rounds {value}")
                return int.__int__(value)
            case float():
                if not math.isfinite(value):
                    raise self.refused(field, f"{value} is no number that JSON knows")
                if _LARGEST_INTEGER < abs(value) < _FIRST_EXPONENT:
                    raise self.refused(field, f"cdk8s writes {value} as an integer, which is another number")
                return float.__float__(value)
            case Mapping():
                dotted = f"{field}." if field else ""
                return {
                    self.key(key, field): self.of(item, f"{dotted}{key}", depth + 1)
                    for key, item in value.items()
                }
            case list() | tuple():
                return [self.of(item, f"{field}[{index}]", depth + 1) for index, item in enumerate(value)]
            case None:
                raise self.refused(field, "it is null, and cdk8s drops nulls; leave the field out")
        raise self.refused(field, f"a {type(value).__name__} is no JSON value")

    def key(self, key: Any, field: str) -> str:
        """A key of a mapping, which also must not mean something to JavaScript, jsii or YAML."""
        if not isinstance(key, str):
            raise self.refused(field, f"its key {key!r} is no text")
        if key in {"__proto__", "<<"} or key.startswith("$jsii."):
            raise self.refused(field, f"its key {key!r} means something else on the way through cdk8s")
        return self.text(key, f"{field}.{key}" if field else key)

    def text(self, text: str, field: str) -> str:
        """A text that Go reads back as it was."""
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise self.refused(field, "it contains half of a surrogate pair, which is no text") from None
        digits = text.replace("_", "")
        if (
            (text[:1] != "_" and _NUMBER_TO_GO.fullmatch(digits) and not _NUMBER_TO_CDK8S.fullmatch(text))
            or _UNESCAPED.search(text)
            or _BLOCK_TO_CDK8S_ONLY.match(text)
        ):
            raise self.refused(field, f"Kubernetes would not read back {text!r:.80} from what cdk8s writes")
        return str.__str__(text)

    def refused(self, field: str, reason: str) -> HostError:
        """The error for one value; the address of a deep one is cut."""
        return HostError(
            f"{self.place}: {field:.80} cannot be written by cdk8s: {reason}. "
            "Render it with `chores-infra synth`, or take it with chores_infra.hosts.cdk8s.collect"
        )
