"""Files of policies: what is read, and which rules they declare.

As for conftest: a rule is a ``deny``, ``violation`` or ``warn`` of any package, also with words behind it
(``deny_floating_tags``); ``*_test.rego`` are tests of policies, and not run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from chores_infra.checks.finding import Severity
from chores_infra.errors import FileError
from chores_infra.gitops.walking import walk

__all__ = ["COMBINED", "STARTER", "Declared", "PolicyFile", "declared_in", "read_policies"]

STARTER: Final = "starter"
"""The name of the policies that come with the package."""

COMBINED: Final = "combined"
"""The package, or the last part of one, whose rules get all documents at once."""

_MAX_BYTES: Final = 1 << 20
_MOST_FILES: Final = 500
_PACKAGE: Final = re.compile(r"^[ \t]*package[ \t]+([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)", re.MULTILINE)
_RULE: Final = re.compile(r"^(?:default[ \t]+)?((deny|violation|warn)(?:_\w+)?)\b(?![ \t]*\()", re.MULTILINE)


class PolicyFile(NamedTuple):
    """A policy: ``name`` is the path as a user would write it."""

    name: str
    text: str


class Declared(NamedTuple):
    """A rule that a policy declares. ``line`` counts from 1; ``title`` is that of its metadata, if any."""

    package: str
    name: str
    file: str
    line: int
    title: str

    @property
    def id(self) -> str:
        """What suppressions and settings call it."""
        return f"policy/{self.package}.{self.name}"

    @property
    def entry(self) -> str:
        """What the engine calls it."""
        return f"{self.package}.{self.name}".replace(".", "/")

    @property
    def severity(self) -> Severity:
        """What it makes of a message."""
        return Severity.WARNING if self.name.startswith("warn") else Severity.ERROR

    @property
    def is_combined(self) -> bool:
        """Whether it gets all documents at once."""
        return self.package.rpartition(".")[2] == COMBINED


def read_policies(given: Sequence[str]) -> list[PolicyFile]:
    """Read policies: folders, single files, or ``starter`` for those of this package.

    Nothing is followed out of a folder.

    Raises:
        FileError: something cannot be read, is too large, or is no text; or there is no policy at all.
    """
    found: dict[str, PolicyFile] = {}
    for each in given:
        root = Path(__file__).parent / STARTER if each == STARTER else Path(each)
        before = len(found)
        for file in walk(root, wanted=_is_policy):
            if file.problem is not None:
                raise FileError(root / file.path, file.problem.message)
            if file.data is None:
                continue
            name = (root if root.is_file() else root / file.path).as_posix()
            shown = f"{STARTER}/{file.path}" if each == STARTER else name
            found[shown] = PolicyFile(shown, _text(shown, file.data))
        if len(found) == before:
            raise FileError(root, "holds no policy; expected files called *.rego")
    if len(found) > _MOST_FILES:
        raise FileError(given[0], f"more than {_MOST_FILES} policies; give the folders that are meant")
    return [found[name] for name in sorted(found)]


def declared_in(files: Sequence[PolicyFile]) -> list[Declared]:
    r"""The rules that policies declare, each once; the first place of a rule in several files counts.

    >>> file = PolicyFile("a.rego", "package main\n\nwarn_old contains msg if { msg := input.old }")
    >>> [rule.id for rule in declared_in([file])]
    ['policy/main.warn_old']
    """
    found: dict[str, Declared] = {}
    for file in files:
        package = _PACKAGE.search(file.text)
        if package is None:
            continue
        for rule in _RULE.finditer(file.text):
            line = file.text.count("\n", 0, rule.start()) + 1
            declared = Declared(package[1], rule[1], file.name, line, _title(file.text, rule.start()))
            found.setdefault(declared.id, declared)
    return [found[id_] for id_ in sorted(found)]


def _is_policy(name: str) -> bool:
    return name.endswith(".rego") and not name.endswith("_test.rego")


def _text(name: str, data: bytes) -> str:
    if len(data) > _MAX_BYTES:
        raise FileError(name, f"larger than {_MAX_BYTES >> 20} MiB, so it is not read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(name, f"is not UTF-8 at byte {error.start}") from None
    if "\0" in text:
        raise FileError(name, "has a null character; expected text")
    return text


def _title(text: str, at: int) -> str:
    """The title in the comments right above a rule.

    https://www.openpolicyagent.org/docs/policy-language#metadata
    """
    above: list[str] = []
    for line in reversed(text[:at].splitlines()):
        if not line.startswith("#"):
            break
        above.insert(0, line.lstrip("#").strip())
    titles = [line.removeprefix("title:").strip() for line in above if line.startswith("title:")]
    return titles[0] if "METADATA" in above and titles else ""
