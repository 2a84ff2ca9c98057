"""One thing that is wrong with a manifest, addressed and explained in Kubernetes' own words."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Path", "Problem", "show", "type_name"]

Path = tuple[str | int, ...]

_LONGEST = 60
"""Characters of a value that a message repeats; a value can be a megabyte long."""


class Problem(NamedTuple):
    """One field that the API server would refuse, drop or read differently than it was meant.

    ``path`` addresses the field from the root of the manifest; it is empty when the whole manifest is meant.
    ``message`` says what was found, what was expected and the way out.

    >>> problem = Problem(("spec", "ports", 0, "port"), "expected a port from 1 to 65535, found 99999")
    >>> problem.field
    'spec.ports[0].port'
    >>> str(problem)
    'spec.ports[0].port: expected a port from 1 to 65535, found 99999'
    """

    path: Path
    message: str

    @property
    def field(self) -> str:
        """The path as people write it: ``spec.template.spec.containers[0].imagePullPolicy``.

        >>> Problem(("metadata", "labels", "app.kubernetes.io/name"), "").field
        'metadata.labels["app.kubernetes.io/name"]'
        """
        return field_path(self.path)

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.path else self.message


def field_path(path: Path) -> str:
    """Write a path down; a key that is no plain name is quoted, a long one is cut."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.replace("-", "").replace("$", "").isalnum() and len(part) <= _LONGEST:
            text += f".{part}" if text else part
        else:
            text += f"[{show(part)}]"
    return text


def show(value: object) -> str:  # noqa: PLR0911
    """Write a value for a message: as JSON would, on one line, cut after 60 characters.

    >>> show(True), show(None), show("a" * 100)[-20:]
    ('true', 'null', 'a… (100 characters)"')
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        text = "".join(map(_escaped, value[:_LONGEST]))
        return f'"{text}"' if len(value) <= _LONGEST else f'"{text}… ({len(value)} characters)"'
    if isinstance(value, int):
        # str() of an int refuses more than 4,300 digits.
        return str(value) if value.bit_length() <= 128 else f"an integer of {value.bit_length()} bits"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return f"an object of {len(value)} fields" if value else "{}"
    if isinstance(value, list):
        return f"a list of {len(value)} items" if value else "[]"
    return f"a Python {type(value).__name__}"


def _escaped(char: str) -> str:
    if char in {'"', "\\"}:
        return f"\\{char}"
    return char if char.isprintable() else ascii(char)[1:-1]


def type_name(value: object) -> str:
    """Name the JSON type of a value, as the API reference does.

    >>> type_name(1.5), type_name({}), type_name(())
    ('number', 'object', 'Python tuple')
    """
    if value is None:
        return "null"
    for kind, name in (
        (bool, "boolean"),
        (str, "string"),
        (int, "integer"),
        (float, "number"),
        (dict, "object"),
        (list, "list"),
    ):
        if isinstance(value, kind):
            return name
    return f"Python {type(value).__name__}"
