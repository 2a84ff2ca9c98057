"""YAML and JSON text to documents, read as Kubernetes and Argo CD read them.

A file is cut where Kubernetes cuts it, and each part is parsed alone: a syntax error in one document hides no
other. `read` is for files that must be right and raises for the first mistake; `read_source` is for any file
and answers what is wrong as data.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from chores_infra.errors import YamlError
from chores_infra.rendering.composer import MAX_DEPTH, MAX_NODES, Composed, Composer, offset_of
from chores_infra.rendering.cutting import MAX_DOCUMENTS, Part, cut
from chores_infra.rendering.document import Comment, Document, Duplicate, Position
from chores_infra.rendering.json_events import JsonEvents
from chores_infra.rendering.source import Source
from chores_infra.rendering.text_problems import (
    conflict_marker,
    leading_directive,
    problem_at,
    text_problems,
)
from chores_infra.rendering.yaml_events import Broken, YamlEvents
from chores_infra.rendering.yaml_problem import Rule, YamlProblem

__all__ = [
    "MAX_DEPTH",
    "MAX_DOCUMENTS",
    "MAX_NODES",
    "Comment",
    "Document",
    "Duplicate",
    "Position",
    "Reading",
    "read",
    "read_source",
]

# Blank lines and comments; what is not plain ASCII is left to the parser.
_NOTHING = re.compile(r"(?:---(?=[ \r\n]|\Z))?(?:[ \r\n]+|#[ -~]*(?=[\r\n]|\Z))*+\Z")
_UTF16: Final = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_OF_A_MERGE: Final = ("syntax", "value", "tab")
_BOM: Final = "the file begins with a byte order mark; save it without"
_CONFLICT: Final = "a merge left its conflict here; keep one of the versions and remove the markers"
_DIRECTIVE: Final = "Kubernetes cuts the file before ---, so no directive can stand there; remove it"
_UNREAD: Final = "Kubernetes reads only what stands before this; begin it with --- in a line of its own"


class Reading(NamedTuple):
    """A file that was read: its text, its documents, and everything that is wrong with it."""

    source: Source
    documents: tuple[Document, ...]
    problems: tuple[YamlProblem, ...]


def read(text: str, file: str = "") -> list[Document]:
    r"""The documents of a file that must be right.

    Args:
        text: the file's content.
        file: its name, for errors and findings.

    Raises:
        YamlError: the text is no YAML, or nothing that JSON can hold (a list as a key, NaN), or too deep, or
            its aliases repeat too much; with line and column.

    >>> document, = read("spec:\n  replicas: 010  # octal\n")
    >>> document.value, document.position(("spec", "replicas"))
    ({'spec': {'replicas': 8}}, Position(line=2, column=3))
    """
    source = _source(text.removeprefix("\ufeff"), file)
    documents: list[Document] = []
    for found in _documents(source):
        if isinstance(found, YamlProblem):
            raise YamlError(found.message, path=file, line=found.line, column=found.column)
        documents.append(found)
    return documents


def read_source(data: bytes | str, file: str = "") -> Reading:
    r"""The documents of any file, and what is wrong with it.

    Args:
        data: the file's content; UTF-8, or UTF-16 with a byte order mark.
        file: its name; one that ends in ``.json`` is read as JSON.

    >>> reading = read_source(b"a: 1\n---\nb: {\n---\nc: 3\n", "x.yaml")
    >>> [document.value for document in reading.documents]
    [{'a': 1}, {'c': 3}]
    >>> reading.problems[0].line, reading.problems[0].rule
    (3, 'syntax')
    """
    text, encoding = _decoded(data)
    source = _source(text, file)
    problems: list[YamlProblem] = []
    documents: list[Document] = []
    if encoding is not None:
        problems.append(YamlProblem(encoding[0], file, 1, 1, encoding[1]))
    for found in _documents(source):
        if isinstance(found, Document):
            documents.append(found)
        else:
            problems.append(found)
    if not _is_json(file):
        problems += text_problems(source)
    return Reading(source, tuple(documents), tuple(problems))


def _is_json(file: str) -> bool:
    return file.endswith(".json")


def _source(text: str, file: str) -> Source:
    return Source(file, text, () if _is_json(file) else cut(text))


def _documents(source: Source) -> Iterator[Document | YamlProblem]:
    """Every document, or what is wrong in its place."""
    text = source.text
    if _is_json(source.file):
        composer = Composer(text, slashes=True)
        yield from _explained(
            source, Part(0, 0, len(text)), 0, lambda: composer.compose(JsonEvents(text).next, 0)
        )
        return
    composer = Composer(text)
    head = 0
    for number, part in enumerate(source.parts):
        if number >= MAX_DOCUMENTS:
            message = f"more than {MAX_DOCUMENTS:,} documents; what follows is not read"
            yield problem_at(source, "limit", part.start, message, breaks=True)
            return
        if _NOTHING.match(text, part.body, part.end):
            found: Iterable[Document | YamlProblem] = ()
            if text.startswith("---", part.start):
                found = [Document(source, Composed(None, part.start, (), ()), part.start, part.end, head)]
        else:
            found = _explained(source, part, head, partial(_composed, composer, part))
        for one in found:
            yield one
            # What stands before the first document is its head.
            head = part.end


def _composed(composer: Composer, part: Part) -> Iterator[Composed]:
    """What stands in one part of a YAML file."""
    import yaml

    text = composer.text
    if (directive := leading_directive(text, part)) is not None:
        raise Broken(_DIRECTIVE, directive, "directive")
    events = YamlEvents(text, part.body, part.end)
    try:
        yield from composer.compose(events.next, part.body)
    except yaml.YAMLError as error:
        raise events.broken(error) from None


def _explained(
    source: Source, part: Part, head: int, compose: Callable[[], Iterator[Composed]]
) -> Iterator[Document | YamlProblem]:
    """The document of one part; what else stands in it is told, because Kubernetes does not read it."""
    document: Document | None = None
    try:
        for composed in compose():
            if document is None:
                document = Document(source, composed, part.start, part.end, head)
                yield document
            elif composed.value is not None:
                yield problem_at(source, "unread-document", offset_of(composed.place), _UNREAD, breaks=True)
    except Broken as broken:
        if document is not None:
            yield problem_at(source, "unread-document", broken.offset, _UNREAD, breaks=True)
        elif broken.rule in _OF_A_MERGE and (marker := conflict_marker(source.text, part)) is not None:
            yield problem_at(source, "conflict-marker", marker, _CONFLICT, breaks=True)
        else:
            yield _broken(source, broken, part)


def _broken(source: Source, broken: Broken, part: Part) -> YamlProblem:
    message = broken.message
    if broken.opened is not None:
        message = f"{message} (it begins in line {source.position(broken.opened).line})"
    # What is missing at the end of a document is missed at its last character.
    last = part.body + len(source.text[part.body : part.end].rstrip()) - 1
    return problem_at(source, broken.rule, min(broken.offset, max(last, part.start)), message, breaks=True)


def _decoded(data: bytes | str) -> tuple[str, tuple[Rule, str] | None]:
    """The text without its byte order mark, and what is to be said about its encoding."""
    if isinstance(data, str):
        return (data[1:], ("byte-order-mark", _BOM)) if data.startswith("\ufeff") else (data, None)
    for mark, encoding in _UTF16:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return text, (
                "encoding",
                f"the file is {encoding.upper()}, which few tools read; save it as UTF-8",
            )
    return _decoded(data.decode("utf-8", "surrogateescape"))
