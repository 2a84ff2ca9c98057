"""What a scalar means to Kubernetes: sigs.k8s.io/yaml, that is go-yaml v2, and then JSON.

YAML 1.1 on paper, but neither its specification nor PyYAML: ``y`` is true, ``0o17`` is 15, ``1e3`` is a
number, ``1:30`` and ``2001-01-01`` are strings. The rules are those of go.yaml.in/yaml/v2 (``resolve.go``)
and sigs.k8s.io/yaml (``convertToJSONableObject``); the tests ask both.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from typing import Final

__all__ = ["Scalar", "key_text", "resolve"]

Scalar = str | int | float | bool | None

_WORDS: Final[dict[str, Scalar]] = (
    dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True)
    | dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False)
    | dict.fromkeys(("", "~", "null", "Null", "NULL"), None)
    | dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan)
    | dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf)
    | dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf)
)
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)"
    r"|(?P<dec>0|[1-9][0-9]*))\Z"
)
_SIGN_INSIDE = re.compile(r"0b([-+][01]+)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_UNDERSCORE = re.compile(r"(?<=[0-9])_(?=[0-9])")
_BASES: Final = (("dec", 10), ("hex", 16), ("oct", 8), ("bin", 2))
_INT64, _UINT64 = range(-(2**63), 2**63), range(2**64)

_TAG: Final = "tag:yaml.org,2002:"
_TYPES: Final[dict[str, type]] = {"int": int, "float": float, "bool": bool, "null": type(None)}


def resolve(text: str, tag: str | None) -> Scalar:
    """The value of a scalar that is plain (`tag` is None) or tagged; a quoted one is its text.

    Raises:
        ValueError: the text is not what its tag says.

    >>> [resolve(text, None) for text in ("y", "0o17", "1e3", "1:30", "~", "v3.1.0")]
    [True, 15, 1000.0, '1:30', None, 'v3.1.0']
    """
    if tag is None:
        value = _implicit(text)
    else:
        name = tag.removeprefix(_TAG)
        if name == "binary":
            return _binary(text)
        if name not in _TYPES:
            return text
        value = _implicit(text)
        if name == "float" and type(value) is int and value in _INT64:
            value = float(value)
        if type(value) is not _TYPES[name]:
            raise ValueError(f"{text!r:.60} cannot be read as !!{name}")
    return value


def key_text(key: Scalar) -> str:
    """The text that a key of this value becomes: JSON knows no other keys.

    Raises:
        ValueError: no key can have this value.

    >>> [key_text(key) for key in (True, 8080, 1.5, 1e6)]
    ['true', '8080', '1.5', '1e+06']
    """
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int) and key in _INT64:
        return str(key)
    if isinstance(key, float):
        return _float32_text(key)
    raise ValueError(f"{key!r} cannot be a key; quote it")


def _implicit(text: str) -> Scalar:
    """What a plain scalar is taken for."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first == ".":
        # Here, and only here, underscores are those of a literal in Go: between two digits.
        value = _float(_UNDERSCORE.sub("", text))
        return text if value is None else value
    if first not in "+-0123456789":
        return text
    digits = text.replace("_", "")
    integer = _INTEGER.match(digits)
    if integer is not None:
        number = next(int(integer["sign"] + integer[name], base) for name, base in _BASES if integer[name])
        if number in _INT64 or (number in _UINT64 and not integer["sign"]):
            return number
    value = _float(digits)
    if value is not None:
        return value
    # The parser goes on to try what follows 0b as a signed number.
    signed = _SIGN_INSIDE.match(digits)
    return int(signed[1], 2) if signed is not None and int(signed[1], 2) in _INT64 else text


def _float(text: str) -> float | None:
    """A number, or None where the text is none or too large a one."""
    if not _FLOAT.match(text):
        return None
    value = float(text)
    return None if math.isinf(value) else value


def _binary(text: str) -> str:
    try:
        # Go's decoder ignores line ends and nothing else.
        return base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError("!!binary does not hold base64 of UTF-8 text, and JSON knows no other") from None


def _float32_text(value: float) -> str:
    """The shortest decimal for the nearest 32-bit float, as Go's strconv writes it with 'g'."""
    single = struct.unpack("f", struct.pack("f", value))[0]
    if not math.isfinite(single):
        return ".nan" if math.isnan(single) else ".inf" if single > 0 else "-.inf"
    mantissa, _, exponent = next(
        text
        for text in (f"{single:.{digits}e}" for digits in range(17))
        if struct.pack("f", float(text)) == struct.pack("f", single)
    ).partition("e")
    if not -4 <= int(exponent) < 6:
        return f"{mantissa}e{int(exponent):+03d}"
    decimals = max(len(mantissa.lstrip("-").replace(".", "")) - 1 - int(exponent), 0)
    return f"{single:.{decimals}f}"
