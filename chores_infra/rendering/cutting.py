"""Where Kubernetes cuts a file into documents: at lines that begin with ``---``, before anything is parsed.

The rule is that of ``YAMLReader`` in k8s.io/apimachinery (``pkg/util/yaml/decoder.go``), which Argo CD and
kubectl use. It drops the line of a separator, unless nothing stands between it and the one before: then the
line is the first of its document, which makes a difference for ``---#text`` and for a ``...`` below.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["MAX_DOCUMENTS", "Part", "cut"]

MAX_DOCUMENTS: Final = 20_000
"""How many documents a file may have."""

# Searched for behind a line end, and not with ^, because that is ten times as fast.
_SEPARATOR = re.compile(r"\n---(?:[ \t\r]*(?:#[^\n]*)?(?P<alone>(?=\n|\Z))|[ \t])")


class Part(NamedTuple):
    """What is parsed at once: from ``body`` to ``end``; its separator, if it has one, begins at ``start``."""

    start: int
    body: int
    end: int


def cut(text: str) -> tuple[Part, ...]:
    r"""The parts of a file; no more than one above the limit.

    >>> text = "a: 1\n---\nb: 2\n"
    >>> [text[part.body : part.end] for part in cut(text)]
    ['a: 1\n', 'b: 2\n']
    """
    if "---" not in text:
        return (Part(0, 0, len(text)),)
    parts: list[Part] = []
    start = body = 0
    for separator in _SEPARATOR.finditer(f"\n{text}"):
        at = separator.start()
        if len(parts) > MAX_DOCUMENTS:
            return tuple(parts)
        if at > start:
            parts.append(Part(start, body, at))
        # What stands behind --- is the document's to YAML, and refused by Kubernetes.
        dropped = at > body and separator["alone"] is not None
        start, body = at, min(separator.end(), len(text)) if dropped else at
    parts.append(Part(start, body, len(text)))
    return tuple(parts)
