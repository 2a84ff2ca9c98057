"""What is wrong with a text before anything in it is parsed: separators, markers of a merge, line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chores_infra.rendering.cutting import Part
from chores_infra.rendering.source import Source
from chores_infra.rendering.yaml_problem import Rule, YamlProblem

__all__ = ["conflict_marker", "leading_directive", "problem_at", "text_problems"]

_SEPARATOR_WITH_MORE = re.compile(r"\n---(?:#|[ \t]*[^ \t\r\n#])")
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |\r?$)", re.MULTILINE)
_DIRECTIVE = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)*+(?P<directive>%)")


def problem_at(source: Source, rule: Rule, offset: int, message: str, *, breaks: bool = False) -> YamlProblem:
    """A problem with its line and column; the end of the text is where its last character is."""
    last = max(len(source.text.rstrip()) - 1, 0)
    line, column = source.position(min(offset, last) if offset >= len(source.text) else offset)
    return YamlProblem(rule, source.file, line, column, message, breaks)


def conflict_marker(text: str, part: Part) -> int | None:
    """The offset of the first marker that an unresolved merge left in a part of a text."""
    found = _CONFLICT.search(text, part.body, part.end)
    return None if found is None else found.start()


def leading_directive(text: str, part: Part) -> int | None:
    """The offset of a directive that stands before everything else in a part of a text."""
    found = _DIRECTIVE.match(text, part.body, part.end)
    return None if found is None else found.start("directive")


def text_problems(source: Source) -> Iterator[YamlProblem]:
    """What is wrong with the text of a YAML file, apart from what a parser says."""
    text = source.text
    for found in _SEPARATOR_WITH_MORE.finditer(f"\n{text}") if "---" in text else ():
        message = (
            "Kubernetes ends a document at a line that begins with --- and refuses anything but a comment"
            " behind it; put it into the next line"
        )
        yield problem_at(source, "document-separator", found.end() - 2, message, breaks=True)
    if (found_return := text.find("\r")) >= 0:
        yield problem_at(source, "line-ends", found_return, "lines end with CR; end them with LF alone")
    if text and not text.endswith("\n"):
        yield problem_at(source, "final-newline", len(text), "the last line has no line end; add a newline")
