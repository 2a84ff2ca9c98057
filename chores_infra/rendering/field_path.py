"""The path of a field in a manifest, as a tuple of keys and indices and as text.

Text is what people read in errors and findings: ``spec.containers[0].image``. A key that holds a dot, a
bracket or anything else that would be misread is quoted: ``metadata.annotations["example.com/team"]``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from chores_infra.errors import YamlError

__all__ = ["FieldPath", "format_path", "parse_path"]

FieldPath = tuple[str | int, ...]
"""Keys of mappings and indices of sequences from the root of a document; the root is ``()``."""

_SIMPLE_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$/-]*\Z")
_STEP = re.compile(
    r'\[(?P<index>\d+)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]|\.?(?P<key>[A-Za-z_$][A-Za-z0-9_$/-]*)'
)


def format_path(path: Iterable[str | int]) -> str:
    """The path as text.

    >>> format_path(("metadata", "annotations", "example.com/team"))
    'metadata.annotations["example.com/team"]'
    >>> format_path(("spec", "containers", 0, "image"))
    'spec.containers[0].image'
    """
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _SIMPLE_KEY.match(step):
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f"[{json.dumps(step)}]")
    return "".join(parts)


def parse_path(text: str) -> FieldPath:
    """The path that a text stands for; the inverse of `format_path`.

    Raises:
        YamlError: `text` is no path.

    >>> parse_path('spec.containers[0].image')
    ('spec', 'containers', 0, 'image')
    """
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None or (step["key"] is not None and (text[position] == ".") != bool(steps)):
            raise YamlError(
                f"{text!r} is no field path; write it like spec.containers[0].image"
                ' or metadata.annotations["example.com/team"]'
            )
        if step["index"] is not None:
            steps.append(int(step["index"]))
        elif step["quoted"] is not None:
            steps.append(json.loads(step["quoted"]))
        else:
            steps.append(step["key"])
        position = step.end()
    return tuple(steps)
