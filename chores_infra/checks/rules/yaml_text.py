"""Files whose text is not what it seems: not YAML, not all of it read, or read as something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from chores_infra.checks.context import Context
from chores_infra.checks.finding import Severity
from chores_infra.checks.repository import File
from chores_infra.checks.rule import Hit, Place, Rule
from chores_infra.rendering.yaml_problem import YamlProblem

__all__ = ["ConflictMarker", "DuplicateKey", "FinalNewline", "NotRead", "Unreadable", "UnusualText"]


class _TextRule(Rule):
    """A rule about some of the problems that reading a file finds."""

    problems: ClassVar[frozenset[str]]

    def check(self, context: Context) -> Iterator[Hit]:
        """Each problem where it stands."""
        for file in context.repository.files:
            for problem in file.content.problems:
                if problem.rule in self.problems and self.concerns(file, problem):
                    place = Place(file.shown, problem.line, problem.column)
                    yield Hit(place, problem.message, severity=self.severity_of(problem))

    def concerns(self, file: File, problem: YamlProblem) -> bool:  # noqa: ARG002
        """Whether a problem matters in a file."""
        return True

    def severity_of(self, problem: YamlProblem) -> Severity | None:  # noqa: ARG002
        """How bad a problem is, where that is not the rule's."""
        return None


class Unreadable(_TextRule):
    """A file that is no YAML, or YAML that Kubernetes cannot hold.

    Argo CD stops at such a file, and with it the whole application stops being synced: what is in the cluster
    stays as it was, and nobody notices until something else should change.
    """

    id = "yaml-unreadable"
    title = "A file cannot be read"
    severity = Severity.ERROR
    help = "mend the text at this place; an editor with YAML support shows where a bracket or quote is open"
    problems = frozenset({"unreadable", "encoding", "limit", "tab", "syntax", "value"})
    bad = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop
data:
  LEVEL: info
"""
    good = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
  LEVEL: info
"""


class ConflictMarker(_TextRule):
    """What a merge left behind.

    Somebody committed a file in the middle of a merge. It is no YAML, and what it was meant to say only its
    author knows.
    """

    id = "conflict-marker"
    title = "A file has the markers of an unresolved merge"
    severity = Severity.ERROR
    help = "decide for one side, or join the two, and remove the lines with <<<<<<<, ======= and >>>>>>>"
    problems = frozenset({"conflict-marker"})
    bad = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
<<<<<<< HEAD
  LEVEL: info
=======
  LEVEL: debug
>>>>>>> feature
"""
    good = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
  LEVEL: info
"""


class NotRead(_TextRule):
    """Text that Kubernetes does not read.

    Kubernetes cuts a file at each line that begins with `---` before it looks for YAML, and takes one
    document from each part. What stands behind the dashes, or as a second document after `...`, is refused or
    lost.
    """

    id = "yaml-not-read"
    title = "Part of a file is not read"
    severity = Severity.ERROR
    help = "put each document below a line of its own that is --- and nothing else"
    problems = frozenset({"document-separator", "unread-document", "directive"})
    bad = """\
--- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}}
"""
    good = """\
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}}
"""


class FinalNewline(_TextRule):
    """A last line without an end.

    Every tool that writes the file again changes this line too, linters refuse it, and where files are joined
    its text runs into the next file's first line.
    """

    id = "final-newline"
    title = "The last line of a file has no end"
    severity = Severity.WARNING
    help = "end the file with a newline; most editors do it when they are told to"
    problems = frozenset({"final-newline"})
    bad = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}"
    good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\n"


class UnusualText(_TextRule):
    """Line ends of Windows, or a byte order mark.

    Kubernetes reads both, but text in a block keeps its carriage returns: a script in a ConfigMap then fails
    with `/bin/sh^M: not found`, and each editor that mends it makes a difference of every line.
    """

    id = "unusual-text"
    title = "A file is not plain UTF-8 with line feeds"
    severity = Severity.WARNING
    help = (
        "save it as UTF-8 without byte order mark and with LF; a .gitattributes with `* text=auto` keeps it"
    )
    problems = frozenset({"byte-order-mark", "line-ends"})
    bad = "apiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: settings, namespace: shop}\r\n"
    good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\n"


class DuplicateKey(Rule):
    """A key that one mapping gives twice.

    Kubernetes takes the last and says nothing, so what the first said is lost: half of the labels, the
    limits, or a whole container's environment.
    """

    id = "duplicate-key"
    title = "A key is given twice"
    severity = Severity.ERROR
    help = "join the two, or remove one of them"
    bad = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
  LEVEL: info
data:
  COLOR: blue
"""
    good = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
  LEVEL: info
  COLOR: blue
"""

    def check(self, context: Context) -> Iterator[Hit]:
        """At the second of the two."""
        for file in context.repository.files:
            for document, _ in file.documents:
                for again in document.duplicates:
                    place = Place(file.shown, again.at.line, again.at.column)
                    message = (
                        f"{again.path[-1]!r} is given in line {again.first.line} already, and this one counts"
                    )
                    yield Hit(place, message, again.path)
