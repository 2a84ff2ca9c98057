"""A rule: a small plug-in that looks at a repository and says what is wrong with it.

A rule is a class. Its docstring says why the mistake matters, and becomes the rule's page together with its
examples: ``bad`` shows the mistake, ``good`` the same mended, and the tests run both. A rule looks at the
whole repository, so it can compare resources; it never reads a file, the network or the clock.

Other packages add rules by the entry point group ``chores_infra.rules``, each naming a subclass of Rule::

    [project.entry-points."chores_infra.rules"]
    team-label = "our_rules:TeamLabel"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from chores_infra.checks.finding import Severity
from chores_infra.rendering.field_path import FieldPath

if TYPE_CHECKING:
    from chores_infra.checks.context import Context
    from chores_infra.checks.resources import Resource

__all__ = ["Hit", "Place", "Rule", "example_files"]

_FILE: Final = re.compile(r"^# file: (?P<name>\S+)\n", re.MULTILINE)


class Place(NamedTuple):
    """A place in a file that is no field: where text is wrong before it is YAML.

    ``file`` is a file, or a folder where the whole folder is meant; ``line`` and ``column`` count from 1.
    """

    file: str
    line: int | None = None
    column: int | None = None


class Hit(NamedTuple):
    """What a rule found: where, and what about it. Line and column are looked up later, for findings only.

    Args:
        where: a resource, whose field is at ``path``, or a place in a file.
        message: what was found and what was expected; never the value of a secret.
        path: the field; of one that is missing, the path that it would have.
        at: the field whose line is to blame, where that is another.
        secret: whether that line has the value of a secret, which no report may show.
        severity: where it is not the rule's.
        help: where the way out is not the rule's.
    """

    where: Resource | Place
    message: str
    path: FieldPath = ()
    severity: Severity | None = None
    help: str | None = None
    at: FieldPath | None = None
    secret: bool = False


class Rule:
    """The base of every rule.

    ``id`` is stable: people write it into suppressions. ``title`` is the mistake in a few words, ``help`` the
    way out in one sentence. An example is the text of one file, or of several, each below a line
    ``# file: apps/shop.yaml`` with its path.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity]
    help: ClassVar[str]
    bad: ClassVar[str]
    good: ClassVar[str]

    def check(self, context: Context) -> Iterator[Hit]:
        """Yield everything that is wrong, in any order; each thing once, for each of those that claim it."""
        raise NotImplementedError


def example_files(example: str) -> dict[str, str]:
    r"""The files of an example by their paths.

    >>> example_files("# file: a.yaml\nkind: A\n# file: b.yaml\nkind: B\n")
    {'a.yaml': 'kind: A\n', 'b.yaml': 'kind: B\n'}
    """
    parts = _FILE.split(example)
    if len(parts) == 1:
        return {"example.yaml": example}
    return dict(zip(parts[1::2], parts[2::2], strict=True))
