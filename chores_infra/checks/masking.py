"""What reports must not show: the values of Secrets, and lines on which a credential was found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Final

from chores_infra.checks.credentials import MASK, masked
from chores_infra.checks.repository import Repository
from chores_infra.checks.resources import Resource

__all__ = ["Masking"]

_VALUES: Final = ("data", "stringData")
_KEY: Final = re.compile(r"""\s*(?:-\s+)?["']?[\w./-]+["']?\s*:(?=\s)""")


class Masking:
    """Which lines of a repository hold secret values, and how they are shown."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def line(self, file: str, line: int, secret: Collection[tuple[str, int | None]] = ()) -> str | None:
        """The text of a line as it may be shown; ``secret`` are lines with a credential."""
        text = self._repository.source_line(file, line)
        if text is None:
            return None
        if not self.hides(file, line) and (file, line) not in secret:
            return masked(text)
        key = _KEY.match(text)
        return f"{key[0]} {MASK}" if key else f"{text[: len(text) - len(text.lstrip())]}{MASK}"

    def message(self, message: str, file: str, line: int | None, value: object = None) -> str:
        """A message about a line without secret values; ``value`` is what stands at the field."""
        shown = masked(message)
        if line is None or not self.hides(file, line):
            return shown
        text = self._repository.source_line(file, line) or ""
        key = _KEY.match(text)
        written = text[key.end() :].strip().strip("\"'") if key else ""
        read = "" if value is None or isinstance(value, dict | list) else str(value)
        for secret in sorted({written, read} - {"", "|", ">"}, key=len, reverse=True):
            shown = shown.replace(secret, MASK)
        return shown

    def hides(self, file: str, line: int) -> bool:
        """Whether a line is among the values of a Secret."""
        return any(first <= line <= last for first, last in self._hidden.get(file, ()))

    @cached_property
    def _hidden(self) -> Mapping[str, list[tuple[int, int]]]:
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for secret in self._repository.of_kind("", "Secret"):
            found[secret.file] += self._lines(secret)
        return found

    def _lines(self, secret: Resource) -> Iterable[tuple[int, int]]:
        """The lines from each field with values to the next field, or to the next document."""
        starts = {key: secret.position((key,)).line for key in secret.manifest if isinstance(key, str)}
        ends = [*starts.values(), *self._documents.get(secret.file, ())]
        for key in _VALUES:
            if key in starts:
                first = starts[key]
                # The next item of a list begins with a line of its own, which is hidden with these.
                last = min((end - 1 for end in ends if end > first), default=10**9)
                yield first, max(first, last)

    @cached_property
    def _documents(self) -> Mapping[str, list[int]]:
        return {
            file.shown: [document.position(()).line for document, _ in file.documents]
            for file in self._repository.files
        }
