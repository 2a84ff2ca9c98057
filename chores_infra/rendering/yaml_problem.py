"""What is wrong with the text of a file, as data: a check makes findings of it, a strict reader an error."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Rule", "YamlProblem"]

Rule = Literal[
    # What cannot be read.
    "unreadable",
    "encoding",
    "limit",
    "conflict-marker",
    "tab",
    "syntax",
    "value",
    # What Kubernetes and Argo CD read otherwise than a person would.
    "document-separator",
    "unread-document",
    "directive",
    # What other tools or people stumble over.
    "byte-order-mark",
    "line-ends",
    "final-newline",
]
"""What a problem is about; keys given twice and surprising values are found at the documents.

``value`` is well-formed YAML that JSON, and so Kubernetes, cannot hold.
"""


class YamlProblem(NamedTuple):
    """One thing that is wrong with a file.

    ``line`` and ``column`` count from 1; both are 1 where the whole file is meant. ``breaks`` says that
    something of the file could not be read, or is not read by Kubernetes.
    """

    rule: Rule
    file: str
    line: int
    column: int
    message: str
    breaks: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"
